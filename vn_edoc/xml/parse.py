"""Bounded XML parsing: no DTD, no entity, no network, no XInclude, whatever the document says.

The text limit of libxml2 is lifted, because the bounds of :class:`~vn_edoc.limits.Limits` are checked here: size and
the number of tags before a tree exists, depth, attributes and text length on the tree. A document that is not
well-formed can be shown in a repaired form, which is then marked as not exact: it is never digested or verified.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.xml.prolog import markup_of
from vn_edoc.xml.reasons import reason

__all__ = ["Parsed", "count_bytes", "local_name", "lower_name", "namespace_of", "parse"]

_UNDEFINED_NAMESPACE = 201
_KNOWN_REFERENCE = re.compile(rb"&(?:#|amp;|lt;|gt;|quot;|apos;)")
_PREFIX = re.compile(r"Namespace prefix ([^\s]{1,60}) ")


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
    body = markup_of(data, findings)
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
    return etree.XMLParser(
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


class _Parsers(threading.local):
    """One pair for each thread: they are used again, and cannot be used by two at once."""

    def __init__(self) -> None:
        self.strict = _parser(recover=False)
        self.recovering = _parser(recover=True)


_parsers = _Parsers()


def _tree(body: bytes, findings: list[Finding], *, repair: bool) -> etree._Element | None:
    try:
        return etree.fromstring(body, _parsers.strict)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        if not repair:
            findings.append(_not_well_formed(error, (), body))
            return None
        first = error
    parser = _parsers.recovering
    try:
        root: etree._Element | None = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    findings.append(_not_well_formed(first, tuple(parser.error_log), body))
    return root


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
