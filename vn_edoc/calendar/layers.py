"""From the tables to the days that differ from an ordinary week.

The layers, each on top of the one before: statutory holidays at their dates of effect; the yearly choice of Tết days
and of the day beside 2 September; compensation of holidays that fall on weekly rest; swaps; the agency's own
decisions. ``known_at`` drops what had not been published by then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from vn_edoc.calendar.days import FIRST_DAY, LAST_DAY, Day, DayKind, Override, YearStatus
from vn_edoc.calendar.tables import Decision, Holiday, LabourCode, Source, Tables, WeeklyRest
from vn_edoc.errors import UsageError

__all__ = ["Layers", "Swaps", "build"]

Swaps = Literal["agency", "statutory_only"]
"""``agency`` follows the Prime Minister's swaps, ``statutory_only`` does not."""

_DAY = timedelta(days=1)
SUNDAY = frozenset({7})


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The outcome: special days, the status of each year, the weekly rest."""

    special: dict[date, Day]
    """Every day that is a holiday, compensated, swapped or overridden, in order of date."""
    status: dict[int, YearStatus]
    """Status of each year of the range."""
    rest: tuple[WeeklyRest, ...]
    """Weekly rest by date, as far as known; the last row with ``valid_from`` on or before a day governs it."""
    year_certainty: dict[int, str]
    """Certainty of an ordinary day of the year."""
    uncertain_years: frozenset[int]
    """Years for which a decision may or may not have been published at ``known_at``."""

    def rest_days(self, day: date) -> WeeklyRest:
        """The weekly rest that governs on a day."""
        found = self.rest[0]
        for row in self.rest:
            if row.valid_from <= day:
                found = row
        return found


def build(tables: Tables, known_at: date | None, swaps: Swaps, week: int, overrides: Iterable[Override] = ()) -> Layers:
    """Compute all special days of the range."""
    return _Builder(tables, known_at, swaps, week).build(overrides)


class _Builder:
    def __init__(self, tables: Tables, known_at: date | None, swaps: Swaps, week: int) -> None:
        self.tables, self.known_at, self.swaps = tables, known_at, swaps
        rest = tuple(r for r in tables.weekly_rest if self._known(r.source))
        if week == 6:
            rest = tuple(replace(r, rest_days=SUNDAY) for r in rest)
        self.rest = rest
        self.codes = tuple(c for c in tables.codes if self._known(c.source))
        self.holidays = tuple(h for h in tables.holidays if self._known(h.source))
        # Both tables are in order of their dates.
        self._rest_starts = [r.valid_from for r in rest]
        self._code_starts = [c.valid_from for c in self.codes]
        self.decided: dict[tuple[int, str], Decision] = {}
        self.swap_rows: list[Decision] = []
        unsure = set()
        for row in tables.decisions:
            if not self._known(row.source):
                if known_at is not None and row.source.published_from <= known_at:
                    unsure.add(row.year)
            elif row.item == "swap":
                self.swap_rows.append(row)
            else:
                self.decided[row.year, row.item] = row
        self.unsure = frozenset(unsure)
        self.special: dict[date, Day] = {}
        self.status: dict[int, YearStatus] = {}

    def _known(self, source: Source) -> bool:
        return self.known_at is None or source.published_by <= self.known_at

    def _code(self, day: date) -> LabourCode:
        return self.codes[max(bisect_right(self._code_starts, day) - 1, 0)]

    def _rests(self, day: date) -> bool:
        return day.isoweekday() in self.rest[max(bisect_right(self._rest_starts, day) - 1, 0)].rest_days

    def build(self, overrides: Iterable[Override]) -> Layers:
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            self._year(year)
        self._compensate()
        if self.swaps == "agency":
            for row in self.swap_rows:
                self._swap(row)
        for override in overrides:
            self._override(override)
        certainty = {}
        for year, status in self.status.items():
            tet = self.decided.get((year, "tet"))
            certainty[year] = tet.source.certainty if tet and status is YearStatus.OFFICIAL else "projected"
        return Layers(dict(sorted(self.special.items())), self.status, self.rest, certainty, self.unsure)

    def _year(self, year: int) -> None:
        needed = ["tet"]
        if self._code(date(year, 9, 2)).national_days > 1:
            needed.append("national_day")
        known = [item for item in needed if (year, item) in self.decided]
        self.status[year] = (
            YearStatus.OFFICIAL if known == needed else YearStatus.PARTIAL if known else YearStatus.PROJECTED
        )
        for holiday in self.holidays:
            if holiday.rule == "tet":
                self._tet(year, holiday)
            elif holiday.rule == "hung_kings":
                self._statutory(self.tables.lunar[year].hung_kings, holiday)
            else:
                self._statutory(date(year, holiday.month, holiday.day), holiday)
                if holiday.rule == "national_day":
                    self._national_neighbour(year, holiday)

    def _statutory(
        self, day: date, holiday: Holiday, name: tuple[str, str] = ("", ""), decision: Decision | None = None
    ) -> None:
        if day < holiday.valid_from:
            return
        source = decision.source if decision else holiday.source if holiday.source.document else self._code(day).source
        projected = decision is None and self.status[day.year] is not YearStatus.OFFICIAL
        self.special[day] = Day(
            date=day,
            kind=DayKind.STATUTORY,
            name=holiday.name_vi + name[0],
            name_en=holiday.name_en + name[1],
            source=source.document,
            url=source.url,
            certainty="projected" if projected else source.certainty,
            year_status=self.status[day.year],
            known_from=decision.source.published_by if decision else None,
            known_at_uncertain=day.year in self.unsure or (decision is not None and not decision.source.exact),
        )

    def _tet(self, year: int, holiday: Holiday) -> None:
        lunar = self.tables.lunar[year]
        decision = self.decided.get((year, "tet"))
        if decision is not None:
            before, after = (int(part) for part in decision.value.split("+"))
        else:
            before, after = usual_tet(lunar.tet, self._code(lunar.tet).tet_days)
        for n in range(-before, after):
            if n < 0:
                chap = lunar.last_day_of_chap + n + 1
                name = (f" ({chap} tháng Chạp)", f" ({chap}th of the 12th lunar month)")
            else:
                name = (f" (mùng {n + 1})", f" (day {n + 1})")
            self._statutory(lunar.tet + n * _DAY, holiday, name, decision)

    def _national_neighbour(self, year: int, holiday: Holiday) -> None:
        day = date(year, holiday.month, holiday.day)
        if self._code(day).national_days < 2:
            return
        decision = self.decided.get((year, "national_day"))
        choice = decision.value if decision else usual_neighbour(day)
        beside = day + (_DAY if choice == "after" else -_DAY)
        self._statutory(beside, holiday, (" (ngày liền kề)", " (adjacent day)"), decision)

    def _compensate(self) -> None:
        # Bộ luật Lao động 2019 Điều 111.3: in order of date, the next day that is neither rest nor already off.
        for day, holiday in sorted(self.special.items()):
            if not self._rests(day):
                continue
            free = day + _DAY
            while self._rests(free) or free in self.special:
                free += _DAY
            if free > LAST_DAY:
                continue
            self.special[free] = Day(
                date=free,
                kind=DayKind.COMPENSATORY,
                name=f"Nghỉ bù {holiday.name} ({day:%d/%m/%Y})",
                name_en=f"In lieu of {holiday.name_en} ({day.isoformat()})",
                source=holiday.source,
                url=holiday.url,
                certainty=holiday.certainty,
                year_status=self.status[free.year],
                known_from=holiday.known_from,
                known_at_uncertain=holiday.known_at_uncertain,
                counterpart=day,
            )

    def _swap(self, row: Decision) -> None:
        off, worked = (date.fromisoformat(part) for part in row.value.split(">"))
        if off in self.special or worked in self.special or self._rests(off) or not self._rests(worked):
            raise UsageError(
                f"decisions.csv: the swap {row.value} does not exchange a working day for a day of weekly rest",
                f"decisions.csv: hoán đổi {row.value} không đổi một ngày làm việc lấy một ngày nghỉ hằng tuần",
                field="decisions.csv",
                value=row.value,
            )
        source = row.source
        for day, kind, vi, en, other in (
            (off, DayKind.SWAPPED_OFF, "Nghỉ hoán đổi dịp {} (làm bù {})", "Swapped off, {} (made up on {})", worked),
            (worked, DayKind.SWAPPED_WORK, "Làm bù dịp {} (nghỉ {})", "Made up, {} (off on {})", off),
        ):
            self.special[day] = Day(
                date=day,
                kind=kind,
                name=vi.format(row.occasion_vi, f"{other:%d/%m/%Y}"),
                name_en=en.format(row.occasion_en, other.isoformat()),
                source=source.document,
                url=source.url,
                certainty=source.certainty,
                year_status=self.status[day.year],
                known_from=source.published_by,
                known_at_uncertain=not source.exact,
                counterpart=other,
            )

    def _override(self, override: Override) -> None:
        day = override.day
        if not override.source or not override.name_vi or not override.name_en:
            raise UsageError(
                f"the override of {day.isoformat()} needs a name in both languages and a source document",
                f"ngày do cơ quan quyết định {day:%d/%m/%Y} phải có tên bằng hai ngôn ngữ và văn bản làm căn cứ",
                field="overrides",
                value=override,
            )
        if not FIRST_DAY <= day <= LAST_DAY:
            raise UsageError(
                f"the override of {day.isoformat()} lies outside {FIRST_DAY.year}-{LAST_DAY.year}",
                f"ngày do cơ quan quyết định {day:%d/%m/%Y} nằm ngoài {FIRST_DAY.year}-{LAST_DAY.year}",
                field="overrides",
                value=override,
            )
        self.special[day] = Day(
            date=day,
            kind=DayKind.AGENCY_WORK if override.working else DayKind.AGENCY_OFF,
            name=override.name_vi,
            name_en=override.name_en,
            source=override.source,
            url="",
            certainty="agency",
            year_status=self.status[day.year],
        )


def usual_tet(tet: date, days: int) -> tuple[int, int]:
    """The Tết days that a year without a decision is projected with: (days before mùng 1, days from mùng 1).

    Four days were the eve and mùng 1-3 by law. With five, every decision of 2015-2027 took two days before, except
    where mùng 1 was a Tuesday: then one, so that the five days fill Monday to Friday.
    """
    before = 1 if days < 5 or tet.isoweekday() == 2 else 2
    return before, days - before


def usual_neighbour(national_day: date) -> Literal["before", "after"]:
    """The day beside 2 September that a year without a decision is projected with.

    Every decision of 2021-2027 took the day after where 2 September was a Monday or Thursday, else the day before.
    """
    return "after" if national_day.isoweekday() in (1, 4) else "before"
