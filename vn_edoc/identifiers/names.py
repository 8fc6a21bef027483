"""Names of organisations compared as one reads them: Unicode form, case, rules of spelling and known short forms."""

from __future__ import annotations

import re
from functools import lru_cache

from vn_edoc._unicode import composed
from vn_edoc.identifiers.text import fold, tone_key

__all__ = ["LONGEST", "expanded", "name_key", "same_name", "same_without_accents"]

_SHORT_FORMS = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "hđnđ": "hội đồng nhân dân",
    "ubmttqvn": "ủy ban mặt trận tổ quốc việt nam",
    "vpubnd": "văn phòng ủy ban nhân dân",
    "vpcp": "văn phòng chính phủ",
    "vp": "văn phòng",
    "tphcm": "thành phố hồ chí minh",
    "tp.hcm": "thành phố hồ chí minh",
    "tp. hcm": "thành phố hồ chí minh",
    "tp hcm": "thành phố hồ chí minh",
    "tp.": "thành phố ",
    "tp": "thành phố",
    "tx.": "thị xã ",
    "tx": "thị xã",
    "tw": "trung ương",
    "&": "và",
}
# "hđnđ" is a frequent slip for HĐND. Longer forms stand first, so that the whole of "tp. hcm" is taken.
_SHORT = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(form) for form in sorted(_SHORT_FORMS, key=len, reverse=True)) + r")(?!\w)"
    r"|(?<!\w)t[px]\.(?=\w)"
)
_PUNCTUATION = re.compile(r"[^\S\n]*[,.;:()\-–—/\"'“”‘’][\s,.;:()\-–—/\"'“”‘’]*")
LONGEST = 1000
"""Characters of a name that are compared."""


def expanded(text: str) -> str:
    """Small letters in NFC, short forms written out, punctuation as spaces. Lines stay lines."""
    text = _SHORT.sub(lambda m: _SHORT_FORMS[m[0]], composed(text).lower())
    return _PUNCTUATION.sub(lambda m: "\n" if "\n" in m[0] else " ", text)


def name_key(name: str) -> str:
    """The key by which two spellings of one name are equal.

    Case, Unicode form, old and new tone placement (``uỷ``/``ủy``), punctuation, and the short forms UBND, HĐND, VP, TP,
    TX, TW are evened out; accents are not: ``Sở Y tế`` and ``So Y te`` stay different. Names beyond 1,000 characters
    are cut there.
    """
    return _key(name[:LONGEST])


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return tone_key(expanded(name))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same after :func:`name_key`; empty names are never the same."""
    key = name_key(one)
    return bool(key) and key == name_key(other)


def same_without_accents(one: str, other: str) -> bool:
    """Whether two names agree when accents are left out: a hint, not a match."""
    keys = [fold(expanded(name[:LONGEST])) for name in (one, other)]
    return bool(keys[0]) and keys[0] == keys[1]
