"""Opening an XML document for its signatures: bounded, exact, long base64 texts left in the source."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import cast

from lxml import etree

from vn_edoc.errors import LimitExceeded
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.names import DS, XADES, XADES141
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.c14n import Piece
from vn_edoc.xml.parse import parse
from vn_edoc.xml.ranges import Skeleton, cut
from vn_edoc.xml.source import ByteSource

__all__ = ["SMALL", "open_document", "tree_document"]

SMALL = 256 * 1024
"""Documents up to that many octets are parsed whole."""


def open_document(source: ByteSource, limits: Limits) -> Document:
    """Parse a document and index its identifiers; :class:`Refusal` when it is not exactly readable."""
    try:
        # What is small is parsed whole: nothing has to be put back then.
        small = source.size <= min(SMALL, limits.xml_text_chars)
        skeleton = Skeleton(source.at(0, source.size), "\0") if small else cut(source, limits)
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
    return tree_document(parsed.root, skeleton, limits, source=skeleton.data)


def tree_document(
    root: etree._Element,
    skeleton: Skeleton,
    limits: Limits,
    ahead: Callable[[str, bytes], bytes | None] | None = None,
    source: bytes | None = None,
) -> Document:
    """The document of a parsed skeleton; :class:`Refusal` when a text that was taken out cannot be put back exactly.

    ``ahead`` gives digests that were made ahead, see :attr:`Document.ahead`; ``source`` is that of
    :meth:`Document.index`.
    """
    deadline = time.monotonic() + limits.seconds
    if not skeleton.ranges or not _put_back(root, skeleton):
        document = Document(root, deadline=deadline)
    else:

        def expand(piece: Piece) -> Iterator[Piece]:
            return skeleton.pieces(bytes(piece))

        document = Document(root, expand, retains=False, deadline=deadline, ahead=ahead)
    document.index(source)
    return document


def _put_back(root: etree._Element, skeleton: Skeleton) -> int:
    """Check that every token stands alone in a text node: not in a comment, an attribute or amid other text.

    What belongs to a signature itself (a long CRL, a large token) is put back, for it is read here. Returns how many
    texts stay out.
    """
    texts = cast("list[etree._ElementUnicodeResult]", _TOKENS(root, prefix=skeleton.prefix))
    found = 0
    kept = 0
    for text in texts:
        token = str(text).strip(" \t\r\n")
        held = skeleton.ranges.get(token)
        if held is None:
            continue
        found += 1
        element = text.getparent()
        if text.is_text and element is not None and etree.QName(element).namespace in _OWN:
            element.text = str(text).replace(token, held.text())
        else:
            kept += 1
    if found != len(skeleton.ranges) or not skeleton.exact:
        raise Refusal("xmldsig.unreadable", reason="text")
    return kept


_OWN = (DS, XADES, XADES141)
_TOKENS = etree.XPath("//text()[contains(., $prefix)]")
