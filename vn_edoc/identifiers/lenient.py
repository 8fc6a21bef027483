"""What a lenient reading gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["Lenient"]

T = TypeVar("T")


class Lenient(NamedTuple, Generic[T]):
    """What a lenient reading gives: the value, or ``None`` where nothing certain can be read, and why."""

    code: T | None
    """The identifier read, after the repairs that ``findings`` name; ``None`` if no repair is certain."""
    findings: tuple[Finding, ...]
    """What was repaired (warnings) or could not be (errors)."""
