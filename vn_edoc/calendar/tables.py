"""The data files, read once: statutory holidays, Labour Codes, weekly rest, yearly decisions, the lunar table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vn_edoc._data import data_text
from vn_edoc.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Decision", "Holiday", "LabourCode", "LunarYear", "Source", "Tables", "WeeklyRest", "data_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A document, when it was published and how well that is known."""

    document: str
    """Number and date as the official list cites it."""
    url: str
    """Where it, or a report of it, was seen."""
    published_from: date
    """First day on which it can have been published."""
    published_by: date
    """Day by which it was published; equal to ``published_from`` where the day is known exactly."""
    certainty: str
    """``certain``, ``high`` or ``medium``."""

    @property
    def exact(self) -> bool:
        """Whether the day of publication is known."""
        return self.published_from == self.published_by


@dataclass(frozen=True, slots=True, eq=False)
class Holiday:
    """A paid holiday of the law, from the day its law applies."""

    id: str
    """``new_year``, ``tet``, ``hung_kings`` …"""
    rule: str
    """``solar`` (month and day), ``tet``, ``hung_kings`` or ``national_day``."""
    month: int
    """Solar month, 0 for a lunar rule."""
    day: int
    """Day of that month."""
    name_vi: str
    """Vietnamese name as the law spells it."""
    name_en: str
    """English name."""
    valid_from: date
    """First day it applies."""
    source: Source
    """Its own law; an empty document means the Labour Code of the day."""


@dataclass(frozen=True, slots=True, eq=False)
class LabourCode:
    """What a Labour Code grants, from the day it applies."""

    valid_from: date
    """First day it applies."""
    tet_days: int
    """Days of Tết."""
    national_days: int
    """Days of the National Day."""
    source: Source
    """The code."""


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyRest:
    """The days of weekly rest of state agencies, from the day they apply."""

    valid_from: date
    """First day they apply."""
    rest_days: frozenset[int]
    """ISO weekdays: 6 is Saturday, 7 is Sunday."""
    source: Source
    """The decision."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One thing that was decided for one year."""

    year: int
    """The year it was decided for; a swap may lie in its neighbour."""
    item: str
    """``tet``, ``national_day`` or ``swap``."""
    value: str
    """``2+3`` (days before + days from mùng 1), ``before``/``after``, or ``off>worked`` as ISO dates."""
    occasion_vi: str
    """For a swap: the occasion, in Vietnamese."""
    occasion_en: str
    """For a swap: the occasion, in English."""
    source: Source
    """The document."""


@dataclass(frozen=True, slots=True, eq=False)
class LunarYear:
    """The lunar dates of one year, by astronomy at UTC+7."""

    year: int
    """Lunar year; mùng 1 lies in the solar year of the same number."""
    tet: date
    """Mùng 1 tháng Giêng."""
    hung_kings: date
    """10/3 âm lịch."""
    leap_month: int | None
    """The month that is doubled, if any."""
    last_day_of_chap: int
    """29 or 30: the last day of the twelfth month that ends on the eve of Tết."""


def data_rows(name: str, folder: Path | None = None) -> Iterator[dict[str, str]]:
    """Rows of a data file of this package, or of ``folder`` where it has a file of that name."""
    import csv

    own = folder / name if folder is not None else None
    if own is not None and own.is_file():
        text = own.read_text(encoding="utf-8")
    else:
        text = data_text("vn_edoc.calendar", name)
    yield from csv.DictReader(text.splitlines())


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """All that a calendar is computed from."""

    holidays: tuple[Holiday, ...]
    """Paid holidays of the law."""
    codes: tuple[LabourCode, ...]
    """Labour Codes in order of their dates."""
    weekly_rest: tuple[WeeklyRest, ...]
    """Weekly rest in order of its dates."""
    decisions: tuple[Decision, ...]
    """What was decided year by year."""
    lunar: Mapping[int, LunarYear]
    """Lunar dates by year."""

    @classmethod
    def load(cls, folder: Path | None = None) -> Tables:
        """The bundled tables; a file of the same name in ``folder`` replaces the bundled one.

        Raises :class:`~vn_edoc.errors.UsageError` naming file and row where a row does not read.
        """
        return cls(
            holidays=tuple(_read("holidays.csv", folder, _holiday)),
            codes=tuple(_read("labour_codes.csv", folder, _code)),
            weekly_rest=tuple(_read("weekly_rest.csv", folder, _rest)),
            decisions=tuple(_read("decisions.csv", folder, _decision)),
            lunar={row.year: row for row in _read("lunar.csv", folder, _lunar)},
        )

    @staticmethod
    def bundled() -> Tables:
        """The tables of this package, read once."""
        return _bundled()


@cache
def _bundled() -> Tables:
    return Tables.load()


def _read(name: str, folder: Path | None, make: Any) -> Iterator[Any]:
    for number, row in enumerate(data_rows(name, folder), start=2):
        try:
            yield make(row)
        except (KeyError, ValueError, TypeError, AttributeError) as wrong:
            raise UsageError(
                f"{name}, line {number}: {wrong}", f"{name}, dòng {number}: {wrong}", field=name, value=str(row)
            ) from None


def _source(row: Mapping[str, str]) -> Source:
    published = row.get("published") or ""
    return Source(
        row["document"],
        row["url"],
        date.fromisoformat(row.get("published_from") or published),
        date.fromisoformat(row.get("published_by") or published),
        row["certainty"],
    )


def _holiday(row: Mapping[str, str]) -> Holiday:
    return Holiday(
        row["id"],
        row["rule"],
        int(row["month"] or 0),
        int(row["day"] or 0),
        row["name_vi"],
        row["name_en"],
        date.fromisoformat(row["valid_from"]),
        _source(row),
    )


def _code(row: Mapping[str, str]) -> LabourCode:
    return LabourCode(
        date.fromisoformat(row["valid_from"]), int(row["tet_days"]), int(row["national_days"]), _source(row)
    )


def _rest(row: Mapping[str, str]) -> WeeklyRest:
    days = frozenset(int(d) for d in row["rest_days"].split())
    return WeeklyRest(date.fromisoformat(row["valid_from"]), days, _source(row))


def _decision(row: Mapping[str, str]) -> Decision:
    year, item, value = int(row["year"]), row["item"], row["value"]
    if item == "tet":
        before, after = value.split("+")
        int(before), int(after)
    elif item == "swap":
        off, worked = value.split(">")
        date.fromisoformat(off), date.fromisoformat(worked)
    elif item != "national_day" or value not in ("before", "after"):
        raise ValueError(f"item {item!r} with value {value!r}")
    return Decision(year, item, value, row["occasion_vi"], row["occasion_en"], _source(row))


def _lunar(row: Mapping[str, str]) -> LunarYear:
    return LunarYear(
        int(row["lunar_year"]),
        date.fromisoformat(row["tet"]),
        date.fromisoformat(row["hung_kings"]),
        int(row["leap_month"]) if row["leap_month"] else None,
        int(row["last_day_of_chap"]),
    )
