"""Small pictures of pages with the places of their signatures, for a report that people read.

Drawn on demand through PDFium (extra ``report``) from the bytes that were verified, bounded in number and size.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import SourceError
from vn_edoc.limits import Limits
from vn_edoc.validity.pdfium import flattened, with_document

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult
    from vn_edoc.validity.facts import FileFacts

__all__ = ["Mark", "Thumbnail", "thumbnails"]

_WIDTH = 420
_HEIGHT = 640


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of one signature on a picture, in hundredths of its width and height from the upper left."""

    number: int
    """Number of the signature in the report, from 1."""
    left: float
    """Left edge, 0 to 100."""
    top: float
    """Upper edge."""
    width: float
    """Width."""
    height: float
    """Height."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture of one page."""

    file: str
    """Name of the file."""
    page: int
    """Page, from 1."""
    pages: int
    """Number of pages of the file."""
    png: bytes
    """The picture, PNG."""
    width: int
    """Pixels across."""
    height: int
    """Pixels down."""
    marks: tuple[Mark, ...]
    """Places of signatures."""

    @property
    def uri(self) -> str:
        """The picture as a ``data:`` URI."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def thumbnails(
    files: Iterable[FileFacts], signed: Sequence[tuple[str | None, SignatureResult]], limits: Limits
) -> tuple[Thumbnail, ...]:
    """Page 1 of every PDF and the pages with visible signatures, until a bound of ``limits`` is met."""
    made: list[Thumbnail] = []
    size = 0
    for file in files:
        if file.content is None or file.media_type != "application/pdf" or len(made) >= limits.thumbnails:
            continue
        numbered = [(n, s) for n, (name, s) in enumerate(signed, 1) if name == file.name]
        wanted = sorted({1, *(s.page for _, s in numbered if s.page is not None and s.box is not None)})
        for picture in _of_file(file, wanted[: limits.thumbnails - len(made)], numbered, limits):
            size += len(picture.png)
            if size > limits.thumbnail_bytes:
                return tuple(made)
            made.append(picture)
    return tuple(made)


def _of_file(
    file: FileFacts, wanted: Sequence[int], numbered: Sequence[tuple[int, SignatureResult]], limits: Limits
) -> tuple[Thumbnail, ...]:
    assert file.content is not None
    try:
        content = file.content.read()
    except SourceError:
        return ()

    def draw(document: Any) -> tuple[Thumbnail, ...]:
        return tuple(_pictures(document, file.name, wanted, numbered))

    return with_document(content, limits, draw) or ()


def _pictures(
    document: Any, name: str, wanted: Iterable[int], numbered: Sequence[tuple[int, SignatureResult]]
) -> Iterator[Thumbnail]:
    pages = len(document)
    for number in wanted:
        if not 1 <= number <= pages:
            continue
        page = flattened(document, number - 1)
        across, down = page.get_size()
        if across < 1 or down < 1:
            continue
        bitmap = page.render(scale=min(_WIDTH / across, _HEIGHT / down), rev_byteorder=True)
        width, height = bitmap.width, bitmap.height
        png = _png(bytes(bitmap.buffer), width, height, bitmap.stride, bitmap.n_channels)
        marks = tuple(
            mark
            for n, s in numbered
            if s.page == number and s.box is not None and (mark := _mark(page, n, s.box, width, height)) is not None
        )
        bitmap.close()
        page.close()
        yield Thumbnail(name, number, pages, png, width, height, marks)


def _mark(page: Any, number: int, box: tuple[float, float, float, float], width: int, height: int) -> Mark | None:
    import ctypes

    import pypdfium2.raw as raw

    # PDFium turns page points into dots of the picture: rotation and crop box are its business.
    corners: list[tuple[int, int]] = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        right, below = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(right), ctypes.byref(below))
        corners.append((right.value, below.value))
    left, right_edge = sorted(min(max(x, 0), width) for x, _ in corners)
    top, bottom = sorted(min(max(y, 0), height) for _, y in corners)
    if right_edge - left < 1 or bottom - top < 1:
        return None

    def share(dots: int, whole: int) -> float:
        return round(100 * dots / whole, 2)

    return Mark(
        number, share(left, width), share(top, height), share(right_edge - left, width), share(bottom - top, height)
    )


def _png(data: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """An 8-bit RGB (or grey) PNG; alpha is dropped, since PDFium has drawn on white."""
    rows = bytearray()
    for row in range(height):
        line = data[row * stride : row * stride + width * channels]
        if channels == 4:
            rgb = bytearray(width * 3)
            for plane in range(3):
                rgb[plane::3] = line[plane::4]
            line = bytes(rgb)
        rows += b"\x00" + line
    colour = 0 if channels == 1 else 2

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + chunk(b"IEND", b"")
    )
