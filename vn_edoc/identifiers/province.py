"""The 63 provinces until 30/06/2025 and the 34 since, with both codes of each, as data (``data/provinces.csv``).

The two codes follow different rules. A merged province keeps the agency code of the old province with its name (QĐ
09/2025/QĐ-TTg Điều 2.2a); its statistical code may be another predecessor's: An Giang is H01 but 91, Kiên Giang's.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from vn_edoc._data import data_text
from vn_edoc.identifiers.days import as_day

__all__ = ["MERGED", "Province", "provinces", "successor_of"]

MERGED = date(2025, 7, 1)
"""First day of the 34 provinces (NQ 202/2025/QH15), of two levels of local government, and of QĐ 19/2025/QĐ-TTg."""


@dataclass(frozen=True, slots=True)
class Province:
    """A province in one of the two divisions of the country."""

    name: str
    """Name without tỉnh or thành phố: ``An Giang``."""
    agency_code: str
    """Level-1 code of its people's committee: ``H01``."""
    statistical_code: str
    """Two digits: ``91``. The personal identification number has it with a 0 before it, by the old list."""


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = data_text("vn_edoc.identifiers", "provinces.csv")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _table(new: bool) -> Mapping[str, Province]:
    side = "new" if new else "old"
    return {
        row[f"{side}_statistical_code"]: Province(
            row[f"{side}_name"], row[f"{side}_agency_code"], row[f"{side}_statistical_code"]
        )
        for row in _rows()
    }


def provinces(on: date) -> Mapping[str, Province]:
    """The provinces of that day by statistical code: 63 until 30/06/2025, then 34."""
    return _table(as_day(on) >= MERGED)


@cache
def successor_of(old_agency_code: str) -> Province | None:
    """The province since 01/07/2025 that an old province, named by its agency code, is in."""
    new = next((row["new_agency_code"] for row in _rows() if row["old_agency_code"] == old_agency_code), None)
    return next((p for p in _table(True).values() if p.agency_code == new), None)
