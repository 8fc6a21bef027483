"""Vietnamese text as systems emit it: Unicode forms, look-alike letters, tone marks, search without accents."""

from __future__ import annotations

import re
import unicodedata

from vn_edoc._unicode import composed, decomposed

__all__ = ["LOOKALIKES", "MISSING", "fold", "invisible", "tone_key"]

LOOKALIKES = str.maketrans(
    # Letters of other alphabets that look like the Latin or Vietnamese ones meant.
    {
        "Ð": "Đ",
        "Ɖ": "Đ",
        "ð": "đ",
        "ɖ": "đ",
        **dict(zip("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX", strict=True)),  # Cyrillic
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),  # Greek
        **dict(zip("асеорху", "aceopxy", strict=True)),  # Cyrillic small
    }
)
"""Translation from look-alike letters to the letters meant: Eth (U+00D0) and African D (U+0189) to Đ, and others."""

MISSING = frozenset({"", "null", "none", "nil", "undefined", "nan", "n/a", "(null)"})
"""What software writes where it has no value, in small letters."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SPACES = re.compile(r"\s+")


def invisible(char: str) -> bool:
    """Whether a character shows nothing: format controls, joiners, marks of byte order, control characters."""
    return unicodedata.category(char) in {"Cf", "Cc"} or char == "\u034f"


def fold(text: str) -> str:
    """Text for a search without accents: small letters, no marks, đ as d, one space between words."""
    if not text.isascii():
        text = text.translate(LOOKALIKES).replace("Đ", "D").replace("đ", "d")
        text = "".join(c for c in decomposed(text, "NFKD") if not unicodedata.combining(c))
    return _SPACES.sub(" ", text.lower()).strip()


def tone_key(text: str) -> str:
    """Text for comparing names: NFC and small letters, the tone of each syllable moved to its end.

    ``ủy`` and ``uỷ``, ``hòa`` and ``hoà`` are the same word written by two rules of spelling; here they become equal,
    while ``hoa`` and ``hòa`` stay different.
    """
    words = []
    for word in decomposed(text.translate(LOOKALIKES)).lower().split():
        letters = "".join(c for c in word if c not in _TONES and not invisible(c))
        tones = "".join(c for c in word if c in _TONES)
        words.append(composed(letters) + tones)
    return " ".join(words)
