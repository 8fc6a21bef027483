"""Putting markup into a document that stays, byte for byte, what it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from vn_edoc.errors import NotConforming
from vn_edoc.xml.ranges import CutRange, Skeleton

__all__ = ["Insertion", "element_tags", "inserted", "name_end", "replaced", "spliced"]


class Insertion(NamedTuple):
    """Markup that becomes the last child of an element."""

    parent: etree._Element
    """The element."""
    markup: str
    """The markup, well-formed by itself in that place."""


def element_tags(data: bytes, root: etree._Element) -> dict[etree._Element, tuple[int, int]]:
    """Byte offsets of the start and the end tag of every element of ``root``, of which ``data`` is the source (or the
    source with attributes added). Of an empty-element tag the second one is where it ends: what stands there is
    another's. Raises :class:`~vn_edoc.errors.NotConforming` for names that only later editions of XML know."""
    starts: list[int] = []
    ends: dict[int, int] = {}
    open_: list[int] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: object) -> None:
        open_.append(len(starts))
        starts.append(parser.CurrentByteIndex)

    def end(name: str) -> None:
        ends[open_.pop()] = parser.CurrentByteIndex

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        # It knows the names of XML 1.0 fourth edition only.
        raise NotConforming(
            f"nothing can be put into the document: {error}", f"không chèn được vào tài liệu: {error}"
        ) from None
    walked = (element for element in root.iter() if isinstance(element.tag, str))
    return {element: (starts[n], ends[n]) for n, element in enumerate(walked)}


def spliced(skeleton: Skeleton, root: etree._Element, insertions: Iterable[Insertion]) -> Iterator[bytes]:
    """The source's own bytes with markup inserted; nothing else is written anew."""
    tags: dict[etree._Element, tuple[int, int]] = {}
    cuts: list[tuple[int, bytes]] = []
    replaced: list[tuple[int, int]] = []
    for insertion in insertions:
        markup = insertion.markup.encode()
        end = skeleton.data.rfind(b"<")
        if insertion.parent is root and root.getnext() is None and skeleton.data.startswith(b"</", end):
            cuts.append((end, markup))
            continue
        tags = tags or element_tags(skeleton.data, root)
        start, end = tags[insertion.parent]
        slash = _tag_end(skeleton.data, start) - 2
        if not skeleton.data.startswith(b"/>", slash):
            cuts.append((end, markup))
            continue
        name = skeleton.data[start + 1 : name_end(skeleton.data, start)]
        cuts.append((slash, b">" + markup + b"</" + name + b">"))
        replaced.append((slash, slash + 2))
    for piece in _with_cuts(skeleton.data, cuts, replaced):
        if skeleton.ranges:
            yield from _raw(skeleton, piece)
        else:
            yield piece


def replaced(
    skeleton: Skeleton, root: etree._Element, element: etree._Element, content: Iterable[bytes]
) -> Iterator[bytes]:
    """The source's own bytes with ``content`` in the place of all that stands between the tags of ``element``, which is
    no empty-element tag."""
    start, end = element_tags(skeleton.data, root)[element]
    yield from _raw(skeleton, skeleton.data[: _tag_end(skeleton.data, start)])
    yield from content
    yield from _raw(skeleton, skeleton.data[end:])


def _tag_end(data: bytes, start: int) -> int:
    """The offset behind the tag that begins at ``start``; an attribute's value may hold ``>``."""
    quote = 0
    for position in range(start, len(data)):
        byte = data[position]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord(">"):
            return position + 1
    raise ValueError("the tag does not end")


def inserted(data: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """``data`` with octets put in at the given offsets."""
    return b"".join(_with_cuts(data, cuts, []))


def _with_cuts(data: bytes, cuts: list[tuple[int, bytes]], dropped: list[tuple[int, int]]) -> Iterator[bytes]:
    skip = dict(dropped)
    position = 0
    for offset, markup in sorted(cuts, key=lambda cut: cut[0]):
        yield data[position:offset]
        yield markup
        position = skip.get(offset, offset)
    yield data[position:]


def _raw(skeleton: Skeleton, piece: bytes) -> Iterator[bytes]:
    """The bytes of the source: tokens give way to what stood there, exactly as it stood."""
    mark = skeleton.prefix.encode()
    position = 0
    while skeleton.ranges and (at := piece.find(mark, position)) >= 0:
        token = next(t for t in skeleton.ranges if piece.startswith(t.encode(), at))
        held = skeleton.ranges[token]
        yield piece[position:at]
        assert isinstance(held, CutRange)
        yield from held.run.source.chunks(held.run.start, held.run.end)
        position = at + len(token)
    yield piece[position:]


def name_end(data: bytes, start: int) -> int:
    """The offset behind the name of the tag that begins at ``start``."""
    end = start + 1
    while data[end : end + 1] not in (b" ", b"\t", b"\r", b"\n", b"/", b">"):
        end += 1
    return end
