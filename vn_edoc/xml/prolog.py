"""What stands before the root of a document: stray bytes, marks and declarations of an encoding, a DOCTYPE.

The parser sees none of it: it gets UTF-8 from the first tag on, and what had to be cut or decoded is told.
"""

from __future__ import annotations

import codecs
import re

from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.xml.charsets import charset_of

__all__ = ["markup_of"]

_ENCODING = re.compile(
    rb"""^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["'][^>]{0,100}?\?>"""
)
_UTF16_START = re.compile(rb"<\0[?!A-Za-z]\0|\0<\0[?!A-Za-z]")
"""A tag of two bytes a letter, without a byte order mark."""
_VERSION = re.compile(rb"""^<\?xml\s+version\s*=\s*["'](?!1\.0["'])([^"'<>]{0,20})["']""")
_DECLARATION = re.compile(rb"^<\?xml\s[^>]{0,400}?\?>")
_AT_ROOT = re.compile(rb"<[A-Za-z_]")
"""The document begins with its root: no declaration, no DOCTYPE."""
_WEB_HEADER = re.compile(rb"(?:--[^\r\n]{1,200}\r?\n)?(?:HTTP/1\.|[A-Za-z][A-Za-z-]{1,40}:)")
_TRANSCODED = 16 * 1024 * 1024


def markup_of(data: bytes, findings: list[Finding]) -> bytes | None:
    """The bytes for the parser: UTF-8 from the first tag on, without declaration of another encoding and DOCTYPE."""
    if _AT_ROOT.match(data):
        return data
    if not data.startswith(b"<") or data[1:2] == b"\0":
        if (wide := _wide(data)) is not None:
            return _transcode(data, wide, findings)
        tagged = _from_first_tag(data, findings)
        if tagged is None:
            return None
        data = tagged
    version = _VERSION.match(data)
    if version is not None:
        shown = version[1].decode("ascii", "replace")
        findings.append(
            _error(
                "xml.version",
                f"Khai báo XML {shown}; gói tin phải là XML 1.0 và đã được đọc như vậy.",
                f"XML {shown} is declared; a packet must be XML 1.0 and was read as such.",
                Location(line=1),
                declared=shown,
            )
        )
    declared = _ENCODING.match(data)
    if (
        declared is not None
        and declared[1].lower() not in (b"utf-8", b"utf8")
        and not (declared[1].lower() in (b"us-ascii", b"ascii") and data.isascii())
    ):
        data = _redeclare(data, declared[1].decode("ascii"), findings)
    return _without_doctype(data, findings)


def _wide(data: bytes) -> str | None:
    """The encoding of a document in wide characters."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    found = _UTF16_START.match(data)
    return None if found is None else "utf-16-le" if data[0] else "utf-16-be"


def _from_first_tag(data: bytes, findings: list[Finding]) -> bytes | None:
    """What remains without bytes before the first tag; ``None`` where there is none."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    # Mail and web headers may hold angle brackets themselves.
    first = data.find(b"<?xml ") if _WEB_HEADER.match(data) else -1
    first = data.find(b"<") if first < 0 else first
    if first < 0:
        findings.append(
            _error(
                "xml.no_markup", "Tệp không có thẻ XML nào.", "The file holds no XML tag.", Location(byte_range=(0, 0))
            )
        )
        return None
    if first > 0:
        if data[:first].strip(b" \t\r\n"):
            findings.append(
                _error(
                    "xml.leading_bytes",
                    f"Có {first} byte lạ trước thẻ XML đầu tiên; đã bỏ qua để đọc.",
                    f"{first} stray bytes stand before the first XML tag; they were cut for reading.",
                    Location(byte_range=(0, first)),
                )
            )
        elif data.startswith(b"<?xml", first):
            findings.append(
                _error(
                    "xml.leading_bytes",
                    "Có khoảng trắng trước khai báo XML; đã bỏ qua để đọc.",
                    "White space stands before the XML declaration; it was cut for reading.",
                    Location(byte_range=(0, first)),
                )
            )
    return data[first:]


def _redeclare(data: bytes, encoding: str, findings: list[Finding]) -> bytes:
    """A document whose declaration names another encoding: .NET writes utf-16 over UTF-8 bytes."""
    try:
        data.decode("utf-8")
        decoded = data
        used = "utf-8"
    except UnicodeDecodeError:
        charset = charset_of(encoding)
        used = encoding if charset else "utf-8"
        decoded = data.decode(charset, "replace").encode("utf-8", "replace") if charset else data
    findings.append(
        _error(
            "xml.encoding",
            f"Khai báo bảng mã {encoding}; gói tin phải dùng UTF-8. Đã đọc theo {used}.",
            f"The declared encoding is {encoding}; a packet must be UTF-8. It was read as {used}.",
            Location(line=1),
            declared=encoding,
            read_as=used,
        )
    )
    return _DECLARATION.sub(b"", decoded, count=1).lstrip()


def _transcode(data: bytes, encoding: str, findings: list[Finding]) -> bytes | None:
    findings.append(
        _error(
            "xml.encoding",
            f"Tệp dùng bảng mã {encoding.upper()}; gói tin phải dùng UTF-8.",
            f"The file is in {encoding.upper()}; a packet must be UTF-8.",
            Location(line=1),
            read_as=encoding,
        )
    )
    if len(data) > _TRANSCODED:
        return None
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    octets = text.encode("utf-8", "replace")
    return _without_doctype(_DECLARATION.sub(b"", octets, count=1).lstrip(), findings)


def _without_doctype(data: bytes, findings: list[Finding]) -> bytes | None:
    """Look through the prolog; a document type declaration is cut out, so no parser ever sees one."""
    position = 0
    while True:
        position = data.find(b"<", position)
        if position < 0:
            return data
        if data.startswith(b"<?", position):
            end = data.find(b"?>", position)
            position = end + 2 if end >= 0 else len(data)
        elif data.startswith(b"<!--", position):
            end = data.find(b"-->", position + 4)
            position = end + 3 if end >= 0 else len(data)
        elif data.startswith(b"<!", position):
            after = _doctype_end(data, position)
            findings.append(
                _error(
                    "xml.doctype",
                    "Có khai báo DOCTYPE: gói tin không được mang DTD hay thực thể; đã bỏ qua, không xử lý.",
                    "There is a DOCTYPE: a packet must not carry a DTD or entities; nothing of it was used.",
                    Location(line=data.count(b"\n", 0, position) + 1),
                )
            )
            if after is None:
                return None
            data = data[:position] + data[after:]
        else:
            return data


_DOCTYPE_MARK = re.compile(rb"""["'\[\]>]|<!--|<\?""")


def _doctype_end(data: bytes, position: int) -> int | None:
    """The byte after a document type declaration; ``None`` when it does not end."""
    inside = False
    while True:
        found = _DOCTYPE_MARK.search(data, position)
        if found is None:
            return None
        mark = found[0]
        position = found.end()
        closing = {b'"': b'"', b"'": b"'", b"<!--": b"-->", b"<?": b"?>"}.get(mark)
        if closing is not None:
            end = data.find(closing, position)
            if end < 0:
                return None
            position = end + len(closing)
        elif mark == b"[":
            inside = True
        elif mark == b"]":
            inside = False
        elif not inside:
            return position


def _error(rule: str, vi: str, en: str, where: Location, **data: object) -> Finding:
    return Finding(rule, Severity.ERROR, where, vi, en, data=data)
