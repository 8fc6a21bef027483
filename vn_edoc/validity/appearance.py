"""How the signatures look on the page: colour and place of their images (NĐ 30/2020/NĐ-CP Phụ lục I, II.7d, 8a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vn_edoc.limits import Limits
from vn_edoc.validity.pdfium import ask

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__ = ["Appearance", "read_appearances"]


_MM = 25.4 / 72
"""A point in millimetres."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The visible part of one signature."""

    page: int
    """Page, from 1."""
    box: tuple[float, float, float, float]
    """Rectangle in points: left, bottom, right, top."""
    red: float
    """Share of the coloured dots that is red, 0 to 1."""
    blue: float
    """Share of the coloured dots that is blue."""
    coloured: int
    """Coloured dots at 72 dpi; 0 for a black or empty appearance."""

    @property
    def width_mm(self) -> float:
        """Width in millimetres."""
        return round((self.box[2] - self.box[0]) * _MM, 1)

    @property
    def centre_mm(self) -> tuple[float, float]:
        """Its middle in millimetres from the left and from the bottom."""
        return (self.box[0] + self.box[2]) / 2 * _MM, (self.box[1] + self.box[3]) / 2 * _MM


def read_appearances(
    content: bytes, signatures: Sequence[SignatureResult], limits: Limits
) -> tuple[Appearance | None, ...]:
    """For each signature what is seen of it, ``None`` where it is invisible; empty where pages cannot be drawn.
    Raises :class:`~vn_edoc.validity.pdfium.PageLibraryFailed`."""
    places = [None if s.box is None or s.page is None else (s.page, s.box) for s in signatures]
    if not any(places):
        return (None,) * len(signatures)
    counts = ask("look", content, limits, frozenset(p[0] - 1 for p in places if p is not None), places=places)
    return tuple(
        None if place is None or count is None else _appearance(*place, *count)
        for place, count in zip(places, counts or (), strict=False)
    )


def _appearance(page: int, box: tuple[float, float, float, float], red: int, blue: int, coloured: int) -> Appearance:
    return Appearance(page, box, red / coloured if coloured else 0.0, blue / coloured if coloured else 0.0, coloured)
