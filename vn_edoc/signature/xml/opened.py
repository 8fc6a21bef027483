"""Opening an XML document for its signatures: bounded, exact, long base64 texts left in the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from vn_edoc.errors import LimitExceeded
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.c14n import Piece
from vn_edoc.xml.parse import parse
from vn_edoc.xml.ranges import Skeleton, cut
from vn_edoc.xml.source import ByteSource

__all__ = ["open_document", "tree_document"]


def open_document(source: ByteSource, limits: Limits) -> Document:
    """Parse a document and index its identifiers; :class:`Refusal` when it is not exactly readable."""
    try:
        skeleton = cut(source, limits)
    except LimitExceeded as error:
        raise Refusal("xmldsig.limit", bound=error.field, met=error.value) from None
    parsed = parse(skeleton.data, limits)
    if parsed.root is None or not parsed.exact:
        first = parsed.findings[0] if parsed.findings else None
        if first is not None and first.rule == "xml.doctype":
            raise Refusal("xmldsig.doctype")
        if first is not None and first.rule == "xml.limit":
            raise Refusal("xmldsig.limit", bound=first.data.get("bound"), met="")
        raise Refusal("xmldsig.unreadable", reason="" if first is None else first.rule)
    return tree_document(parsed.root, skeleton)


def tree_document(root: etree._Element, skeleton: Skeleton) -> Document:
    """The document of a parsed skeleton; :class:`Refusal` when a text that was taken out cannot be put back exactly."""
    if not skeleton.ranges:
        document = Document(root)
    else:
        _all_in_place(root, skeleton)

        def expand(piece: Piece) -> Iterator[Piece]:
            return skeleton.pieces(bytes(piece))

        document = Document(root, expand, retains=False)
    document.index()
    return document


def _all_in_place(root: etree._Element, skeleton: Skeleton) -> None:
    """Every token stands alone in a text node: not in a comment, an attribute or amid other text."""
    texts = cast("list[str]", _TOKENS(root, prefix=skeleton.prefix))
    found = sum(1 for text in texts if text.strip(" \t\r\n") in skeleton.ranges)
    if found != len(skeleton.ranges) or not skeleton.exact:
        raise Refusal("xmldsig.unreadable", reason="text")


_TOKENS = etree.XPath("//text()[contains(., $prefix)]")
