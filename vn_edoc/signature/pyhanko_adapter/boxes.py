"""Rectangles of pages and annotations, and what pages inherit."""

from __future__ import annotations

from typing import Any, TypeAlias

from pyhanko.pdf_utils import misc

__all__ = ["Box", "area", "box_of", "common", "inherited", "shown_box"]

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_LETTER = (0.0, 0.0, 612.0, 792.0)
"""What readers take where a page has no size."""
_PARENTS = 64


def box_of(value: Any) -> Box | None:
    """A rectangle; ``None`` where the value is none. Some readers do not mind a fifth number."""
    try:
        a, b, c, d = (float(value[i]) for i in range(4))
    except (misc.PdfError, ValueError, TypeError, LookupError, OverflowError, AttributeError):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def area(box: Box) -> float:
    """Square points."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def common(a: Box, b: Box) -> Box:
    """What two rectangles have in common; of no area where that is nothing."""
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def inherited(node: Any, key: str) -> Any:
    """An entry of a page, a field or one above it."""
    for _ in range(_PARENTS):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def shown_box(page: Any) -> Box:
    """The part of a page that viewers show: its crop box within its media box."""
    media = box_of(inherited(page, "/MediaBox"))
    if media is None or area(media) <= 0:
        media = _LETTER
    crop = box_of(inherited(page, "/CropBox"))
    shown = media if crop is None else common(media, crop)
    return shown if area(shown) > 0 else media
