"""Canonical XML 1.0, 1.1 and exclusive, of documents and of subtrees.

libxml2 serialises whole documents, and exclusive subtrees without a prefix list. The rest is serialised here: what lxml
hands to libxml2 for inclusive subtrees loses an inherited default namespace and the ``xml:*`` attributes of the
ancestors that are left out (Canonical XML 1.0 section 2.4; Canonical XML 1.1 section 2.4: not ``xml:id``, and
``xml:base`` joined), and from a prefix list it drops ``#default``.

A part of the tree can be left out (``without``), as the enveloped-signature transform asks. Nothing is ever moved in
the tree for that: lxml rewrites namespace declarations of moved nodes.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, TypeAlias

from lxml import etree

__all__ = ["Canonicalization", "Piece", "canonical", "canonical_pieces", "join_base"]

_XML = "{http://www.w3.org/XML/1998/namespace}"

Piece: TypeAlias = bytes | memoryview
"""A run of canonical octets."""


class Canonicalization(StrEnum):
    """The methods by their URIs. No other exists for this library."""

    INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    INCLUSIVE_COMMENTS = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11"
    INCLUSIVE_11_COMMENTS = "http://www.w3.org/2006/12/xml-c14n11#WithComments"
    EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
    EXCLUSIVE_COMMENTS = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"

    exclusive: bool
    """Whether only visibly used namespaces are kept (Exclusive XML Canonicalization 1.0)."""
    version_11: bool
    """Whether the rules of Canonical XML 1.1 govern inherited ``xml:*`` attributes."""
    comments: bool
    """Whether comments of the node set are kept."""

    def __init__(self, uri: str) -> None:
        self.exclusive = uri.startswith("http://www.w3.org/2001/10/xml-exc-c14n#")
        self.version_11 = uri.startswith("http://www.w3.org/2006/12/xml-c14n11")
        self.comments = uri.endswith("#WithComments")


def canonical(
    node: etree._Element,
    method: Canonicalization,
    *,
    prefixes: Sequence[str] = (),
    document: bool = False,
    comments: bool | None = None,
    without: etree._Element | None = None,
) -> bytes:
    """The canonical octets in one piece; the arguments are those of :func:`canonical_pieces`."""
    if document and comments is None and without is None and not prefixes:
        return _by_libxml2(node.getroottree(), method, method.comments)
    return b"".join(
        canonical_pieces(node, method, prefixes=prefixes, document=document, comments=comments, without=without)
    )


def canonical_pieces(
    node: etree._Element,
    method: Canonicalization,
    *,
    prefixes: Sequence[str] = (),
    document: bool = False,
    comments: bool | None = None,
    without: etree._Element | None = None,
) -> Iterator[Piece]:
    """The canonical octets of ``node`` and what is below it.

    ``document``: of the whole document of ``node``, with the processing instructions (and comments) around the root.
    ``prefixes``: the InclusiveNamespaces PrefixList of exclusive methods, ``#default`` for the default namespace.
    ``comments``: whether comments are in the node set; default as ``method`` says. A reference without an XPointer
    leaves them out whatever the method (XML Signature section 4.4.3.3).
    ``without``: an element strictly below ``node`` that does not count, with all it holds.

    The tree is as before when the last piece has been taken. :class:`ValueError` where there is no canonical form: a
    namespace name that is a relative reference (Canonical XML section 1.3).
    """
    keep = method.comments if comments is None else comments and method.comments
    if without is not None and not _below(without, node.getroottree().getroot() if document else node):
        raise ValueError("what is left out must be below what is canonicalised")
    if method.exclusive:
        by_hand = bool(prefixes)
    else:
        by_hand = not document and not (
            node.getparent() is None and node.getprevious() is None and node.getnext() is None
        )
    if by_hand:
        root = node.getroottree().getroot() if document else node
        yield _serialised(root, method, keep, prefixes, without, document=document)
        return
    target: etree._Element | etree._ElementTree = node.getroottree() if document else node
    if without is None:
        yield _by_libxml2(target, method, keep)
        return
    octets, mark = _with_marks(target, method, keep, without)
    start = octets.index(mark)
    end = octets.rindex(mark)
    view = memoryview(octets)
    yield view[:start]
    yield view[end + len(mark) :]


def _by_libxml2(target: etree._Element | etree._ElementTree, method: Canonicalization, comments: bool) -> bytes:
    try:
        return etree.tostring(target, method="c14n", exclusive=method.exclusive, with_comments=comments)
    except etree.LxmlError as error:
        raise ValueError(f"no canonical form: {error}") from None


def _below(element: etree._Element, top: etree._Element) -> bool:
    above = element.getparent()
    while above is not None and above is not top:
        above = above.getparent()
    return above is top


def _with_marks(
    target: etree._Element | etree._ElementTree, method: Canonicalization, comments: bool, element: etree._Element
) -> tuple[bytes, bytes]:
    """The canonical octets with a random mark as text right before and right behind ``element``, and the mark.

    It is cut out of the octets together with what stands between, so it never reaches a digest; 128 random bits cannot
    be in the document beforehand.
    """
    mark = "m" + secrets.token_hex(16)
    parent = element.getparent()
    assert parent is not None
    before = element.getprevious()
    old_before = parent.text if before is None else before.tail
    old_behind = element.tail
    try:
        if before is None:
            parent.text = (old_before or "") + mark
        else:
            before.tail = (old_before or "") + mark
        element.tail = mark + (old_behind or "")
        return _by_libxml2(target, method, comments), mark.encode()
    finally:
        if before is None:
            parent.text = old_before
        else:
            before.tail = old_before
        element.tail = old_behind


def _serialised(
    node: etree._Element,
    method: Canonicalization,
    comments: bool,
    prefixes: Sequence[str],
    without: etree._Element | None,
    *,
    document: bool,
) -> bytes:
    out: list[str] = []
    if document:
        for sibling in reversed(list(node.itersiblings(preceding=True))):
            _other(out, sibling, comments, before="", behind="\n")
    writer = _StartTags(out, None if not method.exclusive else [None if p == "#default" else p for p in prefixes])
    attributes = {str(name): str(value) for name, value in node.attrib.items()}
    if not method.exclusive:
        for name, inherited in _inherited_attributes(node, method.version_11).items():
            if inherited is None:
                attributes.pop(name, None)
            else:
                attributes[name] = inherited
    skipped = False
    for event, item in _events(node):
        if skipped:
            if without is not None and item is without and event == "end":
                skipped = False
                out.append(_text(without.tail))
            continue
        if event == "start":
            if item is without:
                skipped = True
                continue
            own = attributes if item is node else {str(k): str(v) for k, v in item.attrib.items()}
            writer.start(item, own)
            out.append(_text(item.text))
            continue
        if event == "end":
            writer.end()
            out.append(f"</{_name(item)}>")
        else:
            _other(out, item, comments)
        if item is not node:
            out.append(_text(item.tail))
    if document:
        for sibling in node.itersiblings():
            _other(out, sibling, comments, before="\n", behind="")
    return "".join(out).encode()


def _events(node: etree._Element) -> Iterator[tuple[str, Any]]:
    walk: Iterator[tuple[str, Any]] = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    return walk


def _other(out: list[str], item: Any, comments: bool, before: str = "", behind: str = "") -> None:
    """A processing instruction, or a comment where comments count."""
    if isinstance(item, etree._ProcessingInstruction):
        data = item.text or ""
        shown = f"<?{item.target!s} {_returns(data)}?>" if data else f"<?{item.target!s}?>"
    elif isinstance(item, etree._Comment) and comments:
        shown = f"<!--{_returns(item.text or '')}-->"
    else:
        return
    out.extend((before, shown, behind))


class _StartTags:
    """Writes start tags with the namespaces that have to be declared: all, or those visibly used and listed."""

    def __init__(self, out: list[str], listed: list[str | None] | None) -> None:
        self._out = out
        self._listed = listed
        self._rendered: list[dict[str | None, str]] = [{}]

    def start(self, element: etree._Element, attributes: dict[str, str]) -> None:
        rows: list[tuple[str, str, str | None, str]] = []
        for name, value in attributes.items():
            uri, brace, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
            rows.append((uri, local, _attribute_prefix(element, uri, local) if brace else None, value))
        rows.sort(key=lambda row: row[:2])
        scope = element.nsmap
        rendered = self._rendered[-1]
        relevant: set[str | None]
        if self._listed is None:
            relevant = {None, *scope}
        else:
            relevant = {element.prefix, *self._listed, *(row[2] for row in rows if row[2])}
        new: dict[str | None, str] = {}
        for prefix in relevant:
            uri = scope.get(prefix, "")
            if prefix != "xml" and rendered.get(prefix, "") != uri and (uri or prefix is None):
                if uri and not _SCHEME.match(uri):
                    raise ValueError(f"no canonical form: relative namespace {uri!r}")
                new[prefix] = uri
        self._rendered.append({**rendered, **new} if new else rendered)
        self._out.append("<" + _name(element))
        for prefix in sorted(new, key=lambda p: p or ""):
            value = _value(new[prefix])
            self._out.append(f' xmlns:{prefix}="{value}"' if prefix else f' xmlns="{value}"')
        for _uri, local, prefix, value in rows:
            self._out.append(f' {prefix}:{local}="{_value(value)}"' if prefix else f' {local}="{_value(value)}"')
        self._out.append(">")

    def end(self) -> None:
        self._rendered.pop()


def _name(element: etree._Element) -> str:
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local


def _attribute_prefix(element: etree._Element, uri: str, local: str) -> str:
    if uri == _XML[1:-1]:
        return "xml"
    prefixes = [prefix for prefix, bound in element.nsmap.items() if prefix and bound == uri]
    if len(prefixes) == 1:
        return prefixes[0]
    # Several prefixes for one namespace: only XPath still tells which one was written.
    named = element.xpath("name(@*[local-name()=$local and namespace-uri()=$uri])", local=local, uri=uri)
    return str(named).partition(":")[0]


def _text(text: str | None) -> str:
    if not text:
        return ""
    return _returns(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _value(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return _returns(text.replace("\t", "&#x9;").replace("\n", "&#xA;"))


def _returns(text: str) -> str:
    return text.replace("\r", "&#xD;")


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def _inherited_attributes(node: etree._Element, version_11: bool) -> dict[str, str | None]:
    own = node.attrib
    added: dict[str, str | None] = {}
    bases: list[str] = []
    for ancestor in node.iterancestors():
        for raw, value in ancestor.attrib.items():
            name = str(raw)
            if not name.startswith(_XML):
                continue
            if version_11 and name == _XML + "id":
                continue
            if version_11 and name == _XML + "base":
                bases.append(str(value))
            elif name not in own and name not in added:
                added[name] = str(value)
    if bases:
        joined = bases.pop()
        while bases:
            joined = join_base(joined, bases.pop())
        mine = own.get(_XML + "base")
        if mine is not None:
            joined = join_base(joined, str(mine))
        if joined:
            added[_XML + "base"] = joined
        elif mine is not None:
            added[_XML + "base"] = None
    return added


def join_base(base: str, reference: str) -> str:
    """Join two ``xml:base`` values as Canonical XML 1.1 section 2.4 asks: RFC 3986 section 5.2 with its changes.

    The base may be a relative reference; dot segments at its start are kept; a last segment ``..`` counts as ``../``.
    """
    scheme, authority, path, query = _split(reference)
    base_scheme, base_authority, base_path, base_query = _split(base)
    if scheme is not None:
        return _compose(scheme, authority, _without_dots(path), query)
    if authority is not None:
        return _compose(base_scheme, authority, _without_dots(path), query)
    if path == "":
        return _compose(base_scheme, base_authority, _without_dots(base_path), base_query if query is None else query)
    if path.startswith("/"):
        merged = path
    elif base_authority is not None and base_path == "":
        merged = "/" + path
    else:
        if base_path.rpartition("/")[2] == "..":
            base_path += "/"
        merged = base_path[: base_path.rfind("/") + 1] + path
    return _compose(base_scheme, base_authority, _without_dots(merged), query)


def _split(uri: str) -> tuple[str | None, str | None, str, str | None]:
    rest = uri.partition("#")[0]
    rest, mark, query = rest.partition("?")
    scheme: str | None = None
    head, colon, tail = rest.partition(":")
    if colon and head[:1].isalpha() and head.isascii() and all(c.isalnum() or c in "+-." for c in head):
        scheme, rest = head, tail
    authority: str | None = None
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
    return scheme, authority, rest, query if mark else None


def _compose(scheme: str | None, authority: str | None, path: str, query: str | None) -> str:
    out = "" if scheme is None else scheme + ":"
    if authority is not None:
        out += "//" + authority
    out += path
    return out if query is None else f"{out}?{query}"


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986 section 5.2.4 as changed by Canonical XML 1.1, appendix A)."""
    absolute = path.startswith("/")
    segments = path.split("/")
    directory = segments[-1] in ("", ".", "..")
    out: list[str] = []
    for segment in segments:
        if segment in ("", "."):
            continue
        if segment != "..":
            out.append(segment)
        elif out and out[-1] != "..":
            out.pop()
        elif not absolute:
            out.append("..")
    body = "/".join(out)
    if absolute:
        body = "/" + body
    if directory and out:
        body += "/"
    return body
