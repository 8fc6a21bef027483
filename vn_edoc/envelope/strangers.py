"""What a file is that holds no packet, in words that tell what to do."""

from __future__ import annotations

import binascii
import re

from lxml import etree

from vn_edoc.envelope.sniff import sniff
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.xml.parse import local_name, lower_name

__all__ = ["HEAD", "strange"]

HEAD = 4096
"""First bytes that are looked at."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{40,}={0,2}\s*")
_MAIL = re.compile(rb"HTTP/1\.\d \d{3}|(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\r\n]{0,998}\r?\n){2,}")
_ARCHIVES = {"application/gzip": "gzip", "application/x-7z-compressed": "7z", "application/vnd.rar": "RAR"}
_KINDS = {
    "application/pdf": ("tệp PDF; gói tin mang PDF ở phần tệp đính kèm", "a PDF; packets carry PDFs as attachments"),
    "application/pkcs7-mime": ("chữ ký số (CMS), không phải gói tin", "a digital signature (CMS), not a packet"),
    "text/html": (
        "trang web (HTML), thường là thông báo lỗi của máy chủ",
        "a web page (HTML), often the error message of a server",
    ),
    "application/x-empty": ("tệp rỗng", "an empty file"),
}


def strange(head: bytes, root: etree._Element | None) -> tuple[Finding, ...]:
    """What the file is whose first bytes these are, and whose root element, if it has one, is of no dialect."""
    words = _words(head)
    if words is not None:
        return (_finding("envelope.not_a_packet", f"Không phải gói tin edXML: {words[0]}.", f"No packet: {words[1]}."),)
    if root is None:
        return ()
    name = local_name(root.tag)[:80]
    vi, en = (
        f"Phần tử gốc {name!r} không thuộc phương ngữ edXML nào.",
        f"The root element {name!r} is of no dialect of edXML.",
    )
    body = next((e for e in root if lower_name(e.tag) == "body"), None)
    inner = next((local_name(e.tag) for e in body if isinstance(e.tag, str)), None) if body is not None else None
    if name == "Envelope" and inner is not None:
        vi = f"Phong bì SOAP không mang gói tin edXML; trong Body là {inner[:80]!r}."
        en = f"The SOAP envelope holds no edXML packet; its body holds {inner[:80]!r}."
        fault = next((e for e in root.iter(etree.Element) if lower_name(e.tag) in ("faultstring", "text")), None)
        if inner == "Fault" and fault is not None and (said := (fault.text or "").strip()[:200]):
            vi, en = f"{vi[:-1]}: {said}.", f"{en[:-1]}: {said}."
    return (_finding("envelope.root", vi, en, 1),)


def _finding(rule: str, vi: str, en: str, line: int | None = None) -> Finding:
    return Finding(rule, Severity.ERROR, Location(line=line), vi, en)


def _words(head: bytes) -> tuple[str, str] | None:
    bare = head.removeprefix(b"\xef\xbb\xbf").strip()
    if not bare:
        return _KINDS["application/x-empty"]
    kind = sniff(head, "")
    if kind in _ARCHIVES:
        name = _ARCHIVES[kind]
        return f"tệp nén {name}; hãy giải nén trước", f"a {name} archive; unpack it first"
    if kind in _KINDS:
        return _KINDS[kind]
    if bare[:1] in (b"{", b"["):
        return (
            "JSON, có thể là câu trả lời của API; gói tin nằm trong một trường của nó, thường mã hóa base64",
            "JSON, perhaps an answer of an API; the packet is in one of its fields, mostly in base64",
        )
    if b"<" not in bare and _MAIL.match(bare):
        return (
            "thư điện tử hoặc bản tin HTTP; gói tin trong đó, nếu có, còn mã hóa",
            "mail or an HTTP message; a packet in it, if there is one, is still encoded",
        )
    if _BASE64.fullmatch(bare):
        compact = b"".join(bare.split())
        try:
            decoded = binascii.a2b_base64(compact[: len(compact) // 4 * 4])
        except binascii.Error:
            return None
        if decoded.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"PK\x03\x04")):
            return "văn bản base64 của gói tin; hãy giải mã base64 trước", "base64 of a packet; decode it first"
    return None
