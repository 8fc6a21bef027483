"""One step of a computation, as a reader follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation."""

    day: date
    """The day it is about."""
    action: str
    """``start`` (not counted), ``counted``, ``skipped``, ``moved`` (the end moves on or back), ``due``, ``note``."""
    text_vi: str
    """Why, in Vietnamese."""
    text_en: str
    """Why, in English."""
    number: int | None = None
    """For a counted day: its number in the period."""

    def text(self, lang: str = "vi") -> str:
        """The text in ``"vi"`` or ``"en"``."""
        return self.text_en if lang == "en" else self.text_vi

    def __str__(self) -> str:
        return self.text_vi
