"""Names of organisations compared as one reads them: Unicode form, case, rules of spelling and known short forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from vn_edoc.identifiers.text import fold, tone_key

__all__ = ["name_key", "same_name", "same_without_accents"]

_SHORT_FORMS = (
    # short form as written in small letters, what it stands for
    (r"ubnd", "ủy ban nhân dân"),
    (r"hđnd", "hội đồng nhân dân"),
    (r"ubmttqvn", "ủy ban mặt trận tổ quốc việt nam"),
    (r"vpubnd", "văn phòng ủy ban nhân dân"),
    (r"vpcp", "văn phòng chính phủ"),
    (r"vp", "văn phòng"),
    (r"t\.?p\.? ?hcm|tphcm", "thành phố hồ chí minh"),
    (r"tp\.?", "thành phố"),
    (r"tx\.?", "thị xã"),
    (r"tt\. ", "thị trấn "),
    (r"tw", "trung ương"),
    (r"&", "và"),
)
_EXPAND = tuple((re.compile(rf"(?<!\w)(?:{short})(?!\w)"), full) for short, full in _SHORT_FORMS)
_PUNCTUATION = re.compile(r"[\s,.;:()\-–—/\"'“”‘’]+")
_LONGEST = 1000


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The key by which two spellings of one name are equal.

    Case, Unicode form, old and new tone placement (``uỷ``/``ủy``), punctuation, and the short forms UBND, HĐND, VP, TP,
    TX, TW are evened out; accents are not: ``Sở Y tế`` and ``So Y te`` stay different. Names beyond 1,000 characters
    are cut there.
    """
    text = unicodedata.normalize("NFC", name[:_LONGEST]).lower()
    for pattern, full in _EXPAND:
        text = pattern.sub(full, text)
    return " ".join(tone_key(_PUNCTUATION.sub(" ", text)).split())


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same after :func:`name_key`; empty names are never the same."""
    key = name_key(one)
    return bool(key) and key == name_key(other)


def same_without_accents(one: str, other: str) -> bool:
    """Whether two names agree when accents are left out: a hint, not a match."""
    keys = [_PUNCTUATION.sub(" ", fold(name_key(name))).strip() for name in (one, other)]
    return bool(keys[0]) and keys[0] == keys[1]
