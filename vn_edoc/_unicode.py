"""Unicode text in its normal forms, within bounds."""

from __future__ import annotations

from typing import Literal
from unicodedata import combining, is_normalized, normalize

__all__ = ["composed", "decomposed"]

_SHORT = 256
"""Characters of a text that is brought into a form without a look at it."""
_MARKS = 30
"""Marks that one letter may carry (UAX #15, Stream-Safe Text Format)."""


def composed(text: str) -> str:
    """``text`` in NFC. A text in which more marks follow one letter than any writing has is given back as it is:
    putting marks in order takes time that grows with the square of their number."""
    if text.isascii() or (len(text) > _SHORT and (is_normalized("NFC", text) or _endless(text))):
        return text
    return normalize("NFC", text)


def decomposed(text: str, form: Literal["NFD", "NFKD"] = "NFD") -> str:
    """``text`` with its marks apart; as it is where :func:`composed` gives it back as it is."""
    return text if text.isascii() or (len(text) > _SHORT and _endless(text)) else normalize(form, text)


def _endless(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if combining(char) else 0
        if run > _MARKS:
            return True
    return False
