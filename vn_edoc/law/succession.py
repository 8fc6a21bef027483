"""Which provision governed on a day, where the current one was not yet in force (``data/succession.csv``).

A document is judged by the law of its signing date, so an old document cites the old acts.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from vn_edoc._data import data_text
from vn_edoc.findings import Basis
from vn_edoc.law.acts import acts, basis

__all__ = ["governed_on"]


@dataclass(frozen=True, slots=True)
class _Predecessor:
    current: Basis
    first: date
    last: date
    earlier: Basis

    def answers(self, asked: Basis, on: date) -> bool:
        """A row for a whole act answers for all its articles, a row for an article for all its clauses."""
        if asked.act != self.current.act or not self.first <= on <= self.last:
            return False
        return self.current.article in {None, asked.article}


@cache
def _predecessors() -> tuple[_Predecessor, ...]:
    text = data_text("vn_edoc.law", "succession.csv")
    rows = [
        _Predecessor(
            basis(row["current"]), date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), basis(row["earlier"])
        )
        for row in csv.DictReader(text.splitlines())
    ]
    # The row for an article comes before the row for the whole act.
    return tuple(sorted(rows, key=lambda row: row.current.article is None))


@cache
def _by_number() -> dict[str, str]:
    return {a.number: key for key, a in acts().items()}


def governed_on(provision: Basis, on: date) -> Basis | None:
    """The provision itself if its act governed on that day (or its dates are not known), else its predecessor.

    ``None`` where no predecessor is on record. Standards (RFC, ETSI) always stand for themselves.
    """
    key = _by_number().get(provision.act)
    if key is None or acts()[key].in_force(on) is not False:
        return provision
    for row in _predecessors():
        if row.answers(provision, on):
            return row.earlier
    return None
