"""JSON in which no name stands twice in one object: of two the reader would keep the last, and say nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # see vn_edoc._data
if TYPE_CHECKING:
    from typing import Any

__all__ = ["without_doubles"]


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An ``object_pairs_hook`` of :mod:`json`; ``ValueError`` names what stands twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} stands twice / xuất hiện hai lần")
        found[name] = value
    return found
