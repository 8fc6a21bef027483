"""Unicode text in its composed form, within bounds."""

from __future__ import annotations

from unicodedata import combining, is_normalized, normalize

__all__ = ["composed"]

_SHORT = 256
"""Characters of a text that is composed without a look at it."""
_MARKS = 30
"""Marks that one letter may carry (UAX #15, Stream-Safe Text Format)."""


def composed(text: str) -> str:
    """``text`` in NFC. A text in which more marks follow one letter than any writing has is given back as it is:
    putting marks in order takes time that grows with the square of their number."""
    if text.isascii():
        return text
    if len(text) > _SHORT:
        if is_normalized("NFC", text):
            return text
        run = 0
        for char in text:
            run = run + 1 if combining(char) else 0
            if run > _MARKS:
                return text
    return normalize("NFC", text)
