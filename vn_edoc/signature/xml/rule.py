"""What a rule on XML signatures is."""

from __future__ import annotations

from dataclasses import dataclass

from vn_edoc.findings import Severity

__all__ = ["Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule on XML signatures."""

    severity: Severity
    """How grave a breach is."""
    verdict: bool | None
    """What a breach makes of ``intact`` when it ends the check: ``False`` refused, ``None`` cannot be told."""
    vi: str
    """Vietnamese text with the names of its facts in braces."""
    en: str
    """English text."""
    basis: tuple[str, ...] = ("qd28:6.1", "tt15-2025:Phụ lục II mục 2.4")
    """Provisions, in the notation of :func:`vn_edoc.law.basis`, or names of standards."""
