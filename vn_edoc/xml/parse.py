"""Bounded XML parsing: no DTD, no entity, no network, no XInclude, whatever the document says.

The text limit of libxml2 is lifted, because the bounds of :class:`~vn_edoc.limits.Limits` are checked here: size and
the number of tags before a tree exists, depth, attributes and text length on the tree. A document that is not
well-formed can be shown in a repaired form, which is then marked as not exact: it is never digested or verified.
"""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.xml.reasons import reason

__all__ = ["Parsed", "count_bytes", "local_name", "lower_name", "namespace_of", "parse"]

_UNDEFINED_NAMESPACE = 201
_ENCODING = re.compile(
    rb"""^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["'][^>]{0,100}?\?>"""
)
_KNOWN_REFERENCE = re.compile(rb"&(?:#|amp;|lt;|gt;|quot;|apos;)")
_UTF16_START = re.compile(rb"<\0[?!A-Za-z]\0|\0<\0[?!A-Za-z]")
"""A tag of two bytes a letter, without a byte order mark."""
_VERSION = re.compile(rb"""^<\?xml\s+version\s*=\s*["'](?!1\.0["'])([^"'<>]{0,20})["']""")
_DECLARATION = re.compile(rb"^<\?xml\s[^>]{0,400}?\?>")
_PREFIX = re.compile(r"Namespace prefix ([^\s]{1,60}) ")
_AT_ROOT = re.compile(rb"<[A-Za-z_]")
"""The document begins with its root: no declaration, no DOCTYPE."""
_WEB_HEADER = re.compile(rb"(?:--[^\r\n]{1,200}\r?\n)?(?:HTTP/1\.|[A-Za-z][A-Za-z-]{1,40}:)")
_TRANSCODED = 16 * 1024 * 1024

_local = threading.local()


class Parsed(NamedTuple):
    """What the parser made of a document."""

    root: etree._Element | None
    """The root element; ``None`` when there is none within the bounds."""
    exact: bool
    """The tree is the document as it stands: nothing was cut, repaired or decoded differently."""
    findings: tuple[Finding, ...]
    """What was wrong, rule ids ``xml.*``."""


@lru_cache(maxsize=2048)
def local_name(tag: object) -> str:
    """The local part of a tag; of a repaired tree also where an undeclared prefix has stayed in the name."""
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2]


@lru_cache(maxsize=2048)
def lower_name(tag: object) -> str:
    """The local part of a tag in lower case."""
    return local_name(tag).lower()


def namespace_of(tag: object) -> str:
    """The namespace of a tag, empty without one."""
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS, *, repair: bool = False) -> Parsed:
    """Parse a document. Never raises for content; with ``repair`` what is not well-formed is shown as far as it goes.

    Bytes before the first tag are cut, a document type declaration is cut, other encodings than UTF-8 are decoded; each
    is a finding of severity error and makes the result inexact, and without ``repair`` there is no tree at all.
    """
    findings: list[Finding] = []
    body = _body(data, findings)
    if body is None or (findings and not repair):
        return Parsed(None, exact=False, findings=tuple(findings))
    # What looks like a tag in a comment or CDATA may be counted too, but none is left out.
    marks = tags = count_bytes(body, b"<")
    if marks > limits.xml_elements:
        tags -= body.count(b"</") + body.count(b"<!") + body.count(b"<?")
        others = body.count(b"<!--") + body.count(b"<?")
        if others > limits.xml_elements:
            what = "comments and instructions", "chú thích và chỉ thị xử lý"
            findings.append(_limit("xml_elements", others, limits.xml_elements, *what))
            return Parsed(None, exact=False, findings=tuple(findings))
    if tags > limits.xml_elements:
        findings.append(_limit("xml_elements", tags, limits.xml_elements, "elements", "phần tử"))
        return Parsed(None, exact=False, findings=tuple(findings))
    if repair and body.count(b"&") > limits.xml_elements:
        # Each reference to an entity that is not declared becomes a node of its own.
        unknown = body.count(b"&") - len(_KNOWN_REFERENCE.findall(body))
        if unknown > limits.xml_elements:
            what = "references to entities", "tham chiếu thực thể"
            findings.append(_limit("xml_elements", unknown, limits.xml_elements, *what))
            return Parsed(None, exact=False, findings=tuple(findings))
    root = _tree(body, findings, repair=repair)
    if root is None:
        return Parsed(None, exact=False, findings=tuple(findings))
    over = _over(root, body, marks, limits, repaired=bool(findings))
    if over is not None:
        findings.append(over)
        return Parsed(None, exact=False, findings=tuple(findings))
    return Parsed(root, exact=not findings, findings=tuple(findings))


def count_bytes(data: bytes, char: bytes) -> int:
    """``data.count(char)``, ten times faster where it is rare: ``replace`` looks for it by ``memchr``."""
    return len(data) - len(data.replace(char, b""))


def _parser(*, recover: bool) -> etree.XMLParser:
    name = "recovering" if recover else "strict"
    found: etree.XMLParser | None = getattr(_local, name, None)
    if found is None:
        found = etree.XMLParser(
            encoding="utf-8",
            recover=recover,
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            no_network=True,
            huge_tree=True,
            strip_cdata=True,
            remove_comments=False,
            remove_pis=False,
        )
        setattr(_local, name, found)
    return found


def _tree(body: bytes, findings: list[Finding], *, repair: bool) -> etree._Element | None:
    try:
        return etree.fromstring(body, _parser(recover=False))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        if not repair:
            findings.append(_not_well_formed(error, (), body))
            return None
        first = error
    parser = _parser(recover=True)
    try:
        root: etree._Element | None = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    findings.append(_not_well_formed(first, tuple(parser.error_log), body))
    return root


def _body(data: bytes, findings: list[Finding]) -> bytes | None:
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
            _finding(
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
            _finding(
                "xml.no_markup", "Tệp không có thẻ XML nào.", "The file holds no XML tag.", Location(byte_range=(0, 0))
            )
        )
        return None
    if first > 0:
        if data[:first].strip(b" \t\r\n"):
            findings.append(
                _finding(
                    "xml.leading_bytes",
                    f"Có {first} byte lạ trước thẻ XML đầu tiên; đã bỏ qua để đọc.",
                    f"{first} stray bytes stand before the first XML tag; they were cut for reading.",
                    Location(byte_range=(0, first)),
                )
            )
        elif data.startswith(b"<?xml", first):
            findings.append(
                _finding(
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
        used = encoding
        try:
            decoded = data.decode(codecs.lookup(encoding).name, "replace").encode("utf-8", "replace")
        except (LookupError, ValueError, AttributeError):
            decoded = data
    findings.append(
        _finding(
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
        _finding(
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
                _finding(
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


_paths: dict[tuple[str, int], etree.XPath] = {}


def _has(root: etree._Element, kind: str, bound: int) -> bool:
    path = _paths.get((kind, bound))
    if path is None:
        expression = {
            "elements": f"count(//*) > {bound}",
            "depth": "boolean(" + "/*" * (bound + 1) + ")",
            "attributes": f"boolean(//*[count(@*) + count(namespace::*) > {bound}])",
            "text": f"boolean(//text()[string-length() > {bound}] | //@*[string-length() > {bound}])",
            "names": f"boolean(//*[string-length(name()) > {bound}] | //@*[string-length(name()) > {bound}])",
        }[kind]
        path = _paths[kind, bound] = etree.XPath(expression)
    return bool(path(root))


def _over(root: etree._Element, body: bytes, marks: int, limits: Limits, *, repaired: bool) -> Finding | None:
    """The first bound that the tree breaks. What size and the number of ``<`` rule out is not looked for."""
    size = len(body)
    if marks > limits.xml_elements and _has(root, "elements", limits.xml_elements):
        return _limit("xml_elements", limits.xml_elements + 1, limits.xml_elements, "elements", "phần tử")
    # What is well-formed and nested deeper has a start tag for each level, and an end tag for each but the last.
    if (repaired or marks > 2 * limits.xml_depth) and _has(root, "depth", limits.xml_depth):
        return _limit(
            "xml_depth", limits.xml_depth + 1, limits.xml_depth, "levels of elements", "cấp phần tử lồng nhau"
        )
    if count_bytes(body, b"=") > limits.xml_attributes and _has(root, "attributes", limits.xml_attributes):
        return _limit(
            "xml_attributes",
            limits.xml_attributes + 1,
            limits.xml_attributes,
            "attributes of one element",
            "thuộc tính",
        )
    if size > limits.xml_text_chars and _has(root, "text", limits.xml_text_chars):
        return _limit(
            "xml_text_chars",
            limits.xml_text_chars + 1,
            limits.xml_text_chars,
            "characters of one text",
            "ký tự một giá trị",
        )
    if size > 65536 and _has(root, "names", limits.xml_name_bytes):
        return _limit(
            "xml_name_bytes",
            limits.xml_name_bytes + 1,
            limits.xml_name_bytes,
            "characters of a name",
            "ký tự của một tên",
        )
    return None


def _limit(field: str, found: int, bound: int, what_en: str, what_vi: str) -> Finding:
    return _finding(
        "xml.limit",
        f"Vượt giới hạn: từ {found} {what_vi} trở lên, cho phép {bound}.",
        f"A bound is passed: {found} {what_en} or more, {bound} allowed.",
        Location(),
        bound=field,
        allowed=bound,
    )


def _not_well_formed(error: Exception, log: Sequence[etree._LogEntry], body: bytes) -> Finding:
    line, code = getattr(error, "lineno", None), getattr(error, "code", None)
    said = str(getattr(error, "msg", None) or error)[:300]
    if code == _UNDEFINED_NAMESPACE and all(e.type == _UNDEFINED_NAMESPACE for e in log):
        prefixes = list(dict.fromkeys(m[1] for e in log if (m := _PREFIX.match(e.message)) is not None))[:10]
        shown = f" ({', '.join(prefixes)})" if prefixes else ""
        return _finding(
            "xml.undeclared_prefix",
            f"Tiền tố XML{shown} chưa được khai báo (dòng {line}).",
            f"An XML prefix{shown} is not declared (line {line}).",
            Location(line=line),
            parser=said,
        )
    words = reason(code, body)
    column = (getattr(error, "position", None) or (None, None))[1]
    place = (f" (dòng {line}, cột {column})", f" (line {line}, column {column})") if line and column else ("", "")
    return _finding(
        "xml.not_well_formed",
        f"XML sai cú pháp{place[0]}" + (f": {words[0]}." if words else "."),
        f"The XML is not well-formed{place[1]}: {words[1] if words else said}.",
        Location(line=line),
        parser=said,
    )


def _finding(rule: str, vi: str, en: str, where: Location, **data: object) -> Finding:
    return Finding(rule, Severity.ERROR, where, vi, en, data=data)
