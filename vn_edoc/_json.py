"""JSON in which no name stands twice in one object: of two the reader would keep the last, and say nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # see vn_edoc._data
if TYPE_CHECKING:
    from typing import Any

__all__ = ["StandsTwice", "without_doubles"]


class StandsTwice(ValueError):
    """A name that stands twice in one object."""

    def __init__(self, name: str) -> None:
        self.en = f"{name!r} stands twice"
        self.vi = f"{name!r} xuất hiện hai lần"
        super().__init__(self.en)


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An ``object_pairs_hook`` of :mod:`json`; :class:`StandsTwice` where there are two of a name."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise StandsTwice(name)
        found[name] = value
    return found
