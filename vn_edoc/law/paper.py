"""Kinds of documents that the Government Office lists as sent without paper (``data/no_paper_kinds.csv``).

QĐ 28/2018/QĐ-TTg Điều 7.2b lets each body keep a list of kinds that are sent on paper as well; what was published are
the opposite lists. A body with a list of its own was asked to check it against this one, so a report says where the two
meet. No conclusion rests on it.
"""

from __future__ import annotations

import csv
from functools import cache

from vn_edoc._data import data_text

__all__ = ["no_paper_kinds"]


@cache
def no_paper_kinds() -> frozenset[str]:
    """The kinds, case-folded."""
    text = data_text("vn_edoc.law", "no_paper_kinds.csv")
    return frozenset(row["kind"].casefold() for row in csv.DictReader(text.splitlines()))
