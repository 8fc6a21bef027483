"""How the signatures look on the page: colour and place of their images (NĐ 30/2020/NĐ-CP Phụ lục I, II.7d, 8a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vn_edoc.limits import Limits
from vn_edoc.validity.pdfium import flattened, with_document

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__ = ["Appearance", "read_appearances"]

_DPI = 72
_MAX_POINTS = 600.0


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
        return round((self.box[2] - self.box[0]) * 25.4 / 72, 1)


def read_appearances(
    content: bytes, signatures: Sequence[SignatureResult], limits: Limits
) -> tuple[Appearance | None, ...]:
    """For each signature what is seen of it, ``None`` where it is invisible; empty where pages cannot be drawn."""
    if not any(s.box is not None and s.page is not None for s in signatures):
        return (None,) * len(signatures)

    def look(document: Any) -> tuple[Appearance | None, ...]:
        pages = len(document)
        return tuple(
            _look(flattened(document, s.page - 1), s.page, s.box)
            if s.box is not None and s.page is not None and 1 <= s.page <= pages
            else None
            for s in signatures
        )

    seen = frozenset(s.page - 1 for s in signatures if s.box is not None and s.page is not None)
    return with_document(content, limits, look, seen) or ()


def _look(page: Any, number: int, box: tuple[float, float, float, float]) -> Appearance | None:
    width, height = page.get_size()
    left, bottom = max(0.0, box[0]), max(0.0, box[1])
    right, top = min(width, box[2]), min(height, box[3])
    if right - left < 1 or top - bottom < 1 or max(right - left, top - bottom) > _MAX_POINTS:
        return None
    bitmap = page.render(scale=_DPI / 72, crop=(left, bottom, width - right, height - top), rev_byteorder=True)
    counts = _count(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
    bitmap.close()
    page.close()
    red, blue, coloured = counts
    return Appearance(number, box, red / coloured if coloured else 0.0, blue / coloured if coloured else 0.0, coloured)


def _count(data: bytes, width: int, height: int, stride: int, channels: int) -> tuple[int, int, int]:
    """Red, blue and all coloured dots. Black text under the image has no colour and does not count."""
    red = blue = coloured = 0
    for row in range(height):
        line = data[row * stride : row * stride + width * channels]
        for i in range(0, len(line) - 2, channels):
            r, g, b = line[i], line[i + 1], line[i + 2]
            if max(r, g, b) - min(r, g, b) < 40:
                continue
            coloured += 1
            if r > g and r > b and r - max(g, b) >= 30:
                red += 1
            elif b > r and b - r >= 30:
                blue += 1
    return red, blue, coloured
