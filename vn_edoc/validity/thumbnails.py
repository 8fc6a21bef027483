"""Small pictures of pages with the places of their signatures, for a report that people read.

Drawn on demand through PDFium (extra ``report``) from the bytes that were verified, bounded in number and size.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vn_edoc.errors import SourceError
from vn_edoc.limits import Limits
from vn_edoc.validity.pdfium import PageLibraryFailed, ask

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult
    from vn_edoc.validity.facts import FileFacts

__all__ = ["Mark", "Thumbnail", "thumbnails"]


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
    marks = [(n, s.page, s.box) for n, s in numbered if s.page is not None and s.box is not None]
    pages = frozenset(page - 1 for page in wanted)
    try:
        drawn = ask("pictures", file.content.read(), limits, pages, wanted=list(wanted), marks=marks)
    except (SourceError, PageLibraryFailed):
        return ()
    return tuple(
        Thumbnail(
            file.name,
            one["page"],
            one["pages"],
            base64.b64decode(one["png"]),
            one["width"],
            one["height"],
            tuple(Mark(*mark) for mark in one["marks"]),
        )
        for one in drawn or ()
    )
