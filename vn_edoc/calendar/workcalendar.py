"""The working calendar of state agencies: constant-time questions over a table of days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, compress
from typing import Any, Literal

from vn_edoc.calendar.days import FIRST_DAY, LAST_DAY, Day, DayKind, Override, YearStatus
from vn_edoc.calendar.layers import Layers, Swaps, build
from vn_edoc.calendar.moments import as_day, brief
from vn_edoc.calendar.tables import Tables
from vn_edoc.errors import UsageError

__all__ = ["WorkCalendar"]

_FIRST = FIRST_DAY.toordinal()
_TOTAL = LAST_DAY.toordinal() - _FIRST + 1
_OFTEN = 64
"""Questions after which all working days are listed: up to then each is sought by itself."""


class WorkCalendar:
    """Working days of Vietnamese state agencies, 1975-2100, each with its source.

    Build one with :meth:`official`; it is immutable, shared between threads and may be pickled. Days are dates; an
    aware datetime stands for its day in Vietnam (UTC+7), a naive one is refused with
    :class:`~vn_edoc.errors.UsageError`, as is a day outside the range.
    """

    __slots__ = ("__weakref__", "_asked", "_code", "_first", "_layers", "_parameters", "_special", "_work", "_worked")

    def __init__(
        self,
        tables: Tables,
        *,
        known_at: date | None = None,
        swaps: Swaps = "agency",
        week: Literal[5, 6] = 5,
        strict: bool = False,
        overrides: tuple[Override, ...] = (),
    ) -> None:
        self._parameters: dict[str, Any] = {
            "tables": tables,
            "known_at": known_at,
            "swaps": swaps,
            "week": week,
            "strict": strict,
            "overrides": overrides,
        }
        self._layers: Layers = build(tables, known_at, swaps, week, overrides)
        self._special: list[date] = list(self._layers.special)
        self._first, self._worked = self._worked_flags(strict)
        # One number a day: twice the count of working days up to and with it, plus 1 if it is worked itself. The days
        # of a year are put in when the first of them is asked about: all at once would take longer than the rest.
        self._code: dict[date, int] = {}
        # All working days in order, made when the calendar has been asked often enough to be worth it.
        self._work: list[date] = []
        self._asked = 0

    @classmethod
    def official(
        cls,
        known_at: object = None,
        *,
        swaps: Swaps | None = None,
        week: Literal[5, 6] = 5,
        strict: bool = False,
        overrides: Iterable[Override] = (),
        tables: Tables | None = None,
    ) -> WorkCalendar:
        """The official calendar.

        :param known_at: answer as an officer would have on that day (a date or an aware datetime): what was published
            later is left out. ``None``: all that this version knows.
        :param swaps: ``"agency"`` follows the Prime Minister's swaps of working days (default), ``"statutory_only"``
            does not, as private parties may argue under Điều 148.5 Bộ luật Dân sự. The swaps bind only agencies that
            rest on Saturday and Sunday, so with ``week=6`` the default is ``"statutory_only"`` and ``"agency"`` is
            refused.
        :param week: 5 (Saturday and Sunday rest, QĐ 188/1999/QĐ-TTg) or 6 (Sunday rests).
        :param strict: refuse every question that touches a year which is not official.
        :param overrides: days that the agency decides for itself.
        :param tables: other tables than the bundled ones (:meth:`Tables.load`).
        """
        if swaps is None:
            swaps = "agency" if week == 5 else "statutory_only"
        if week not in (5, 6):
            raise _wrong("week", week, "5 or 6 days", "5 hoặc 6 ngày")
        if swaps not in ("agency", "statutory_only"):
            raise _wrong("swaps", swaps, "'agency' or 'statutory_only'", "'agency' hoặc 'statutory_only'")
        if week == 6 and swaps == "agency":
            raise UsageError(
                "swaps bind only agencies that rest on Saturday and Sunday; give a 6-day unit its own overrides",
                "hoán đổi chỉ áp dụng cho cơ quan nghỉ thứ Bảy và Chủ nhật; đơn vị làm 6 ngày hãy dùng overrides",
                field="swaps",
                value=swaps,
                rule="QĐ 188/1999/QĐ-TTg",
            )
        known = None if known_at is None else as_day(known_at, "known_at")
        if known is not None and known < FIRST_DAY:
            raise _outside(known, "known_at")
        own = tuple(overrides)
        for override in own:
            if not isinstance(override, Override):
                raise _wrong("overrides", override, "Override objects", "các đối tượng Override")
        if (tables, known, swaps, week, strict, own) == (None, None, "agency", 5, False, ()):
            return _ordinary()
        return _shared(tables or Tables.bundled(), known, swaps, week, bool(strict), own)

    def variant(self, **changes: Any) -> WorkCalendar:
        """The same calendar with other arguments of :meth:`official`; another ``week`` brings its own ``swaps``."""
        kept = self._given()
        if "week" in changes:
            kept["swaps"] = None
        return type(self).official(**{**kept, **changes})

    def _given(self) -> dict[str, Any]:
        tables = self._parameters["tables"]
        return {**self._parameters, "tables": None if tables is Tables.bundled() else tables}

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._given(),)

    def __repr__(self) -> str:
        told = [f"{k}={v!r}" for k, v in self._parameters.items() if k != "tables" and v not in (None, ())]
        return f"WorkCalendar({', '.join(told)})"

    @property
    def known_at(self) -> date | None:
        """The day as of which it answers, or ``None``."""
        known: date | None = self._parameters["known_at"]
        return known

    @property
    def swaps(self) -> Swaps:
        """Whether swaps are followed."""
        swaps: Swaps = self._parameters["swaps"]
        return swaps

    @property
    def week(self) -> int:
        """Days in the working week, 5 or 6."""
        week: int = self._parameters["week"]
        return week

    @property
    def strict(self) -> bool:
        """Whether years that are not official are refused."""
        strict: bool = self._parameters["strict"]
        return strict

    @property
    def first_day(self) -> date:
        """First day that it answers for."""
        return date.fromordinal(self._first)

    @property
    def last_day(self) -> date:
        """Last day that it answers for."""
        return date.fromordinal(self._first + len(self._worked) - 1)

    # --- the four questions -------------------------------------------------------------------------------------

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked: made-up Saturdays and Sundays are, swapped weekdays are not."""
        try:
            return self._code[day] & 1 == 1
        except (KeyError, TypeError):
            return self._code[self._resolve(day)] & 1 == 1

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``; before it for ``n < 0``; for 0 the day itself or the next one worked.

        Constant time in ``n``. Raises :class:`~vn_edoc.errors.UsageError` where the answer leaves the range.
        """
        try:
            code = self._code[day]
            if n > 0:
                return self._work[(code >> 1) + n - 1]
            index = (code >> 1) - (code & 1) + n
            if index >= 0:
                return self._work[index]
        except (KeyError, TypeError, IndexError):
            pass
        return self._add(self._resolve(day), n)

    def _add(self, day: date, n: Any) -> date:
        """The same for a resolved day, with every check."""
        if not hasattr(n, "__index__"):
            raise _wrong("n", n, "a whole number of days", "một số nguyên ngày")
        code, amount = self._code[day], int(n.__index__())
        found = self._nth((code >> 1) + amount - (1 if amount > 0 else code & 1))
        if found is None:
            raise self._runs_out(day, amount)
        return found

    def _nth(self, index: int) -> date | None:
        """The working day of an index; ``None`` outside the range."""
        if index < 0:
            return None
        if not self._work:
            self._asked += 1
            if self._asked < _OFTEN:
                return self._sought(index)
            self._work = self._between(0, len(self._worked))
        return self._work[index] if index < len(self._work) else None

    def _sought(self, index: int) -> date | None:
        low, high = 0, len(self._worked)
        while low < high:
            middle = (low + high) // 2
            if self._worked.count(1, 0, middle + 1) > index:
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(self._first + low) if low < len(self._worked) else None

    def _between(self, begin: int, end: int) -> list[date]:
        """The working days of a stretch, counted in days from the first of the range."""
        days = range(self._first + begin, self._first + end)
        return list(map(date.fromordinal, compress(days, self._worked[begin:end])))

    def count_working_days(self, start: date, end: date) -> int:
        """Working days ``d`` with ``start < d <= end``; with ``end`` before ``start`` minus those the other way round.

        So ``count_working_days(a, add_working_days(a, n)) == n`` for ``n > 0``, and counts add up over any three days.
        """
        try:
            return (self._code[end] >> 1) - (self._code[start] >> 1)
        except (KeyError, TypeError):
            first, last = self._resolve(start, "start"), self._resolve(end, "end")
            return (self._code[last] >> 1) - (self._code[first] >> 1)

    def day(self, day: date) -> Day:
        """What the day is: kind, Vietnamese and English name, source document, certainty."""
        day = self._resolve(day)
        layers = self._layers
        found = layers.special.get(day)
        if found is not None:
            return found
        rest = layers.rest_days(day)
        resting = day.isoweekday() in rest.rest_days
        return Day(
            date=day,
            kind=DayKind.WEEKEND if resting else DayKind.WORKING,
            name="Nghỉ hằng tuần" if resting else "Ngày làm việc",
            name_en="Weekly rest" if resting else "Working day",
            source=rest.source.document,
            url=rest.source.url,
            certainty=layers.year_certainty[day.year],
            year_status=layers.status[day.year],
            known_at_uncertain=day.year in layers.uncertain_years,
        )

    def rest_days(self, day: date) -> frozenset[int]:
        """ISO weekdays (6 is Saturday, 7 is Sunday) of weekly rest in the week of ``day``."""
        return self._layers.rest_days(self._resolve(day)).rest_days

    # --- years and lists ----------------------------------------------------------------------------------------

    def year_status(self, year: int) -> YearStatus:
        """How much of the year has been decided (as of ``known_at``)."""
        status = self._layers.status.get(year)
        if status is None:
            raise _wrong("year", year, "1975 to 2100", "từ 1975 đến 2100")
        return status

    def special_days(self, first: date, last: date) -> tuple[Day, ...]:
        """Holidays, days in lieu, swapped, made-up and overridden days from ``first`` to ``last``, in order."""
        first, last = self._resolve(first, "first"), self._resolve(last, "last")
        inside = self._special[bisect_left(self._special, first) : bisect_right(self._special, last)]
        return tuple(map(self._layers.special.__getitem__, inside))

    def working_days(self, first: date, last: date) -> Sequence[date]:
        """All working days from ``first`` to ``last``, both included."""
        begin, end = self._resolve(first, "first"), self._resolve(last, "last")
        return self._between(begin.toordinal() - self._first, end.toordinal() - self._first + 1)

    def days(self, first: date, last: date) -> Iterator[Day]:
        """Every day from ``first`` to ``last``, explained."""
        begin, end = self._resolve(first, "first"), self._resolve(last, "last")
        for number in range(begin.toordinal(), end.toordinal() + 1):
            yield self.day(date.fromordinal(number))

    @property
    def worked(self) -> bytes:
        """One byte a day from ``first_day`` to ``last_day``: 1 for a working day."""
        return bytes(self._worked)

    def position(self, day: date) -> tuple[bool, int]:
        """Whether the day is worked, and the index in :meth:`at` of the first working day on or after it."""
        try:
            code = self._code[day]
        except (KeyError, TypeError):
            code = self._code[self._resolve(day)]
        return code & 1 == 1, (code >> 1) - (code & 1)

    def at(self, index: int) -> date:
        """The working day of that index, counted from the first working day of the range."""
        if index >= 0:
            try:
                return self._work[index]
            except IndexError:
                found = self._nth(index)
                if found is not None:
                    return found
        raise self._runs_out(self.last_day if index > 0 else self.first_day, index)

    # --- inside -------------------------------------------------------------------------------------------------

    def _worked_flags(self, strict: bool) -> tuple[int, bytearray]:
        flags = bytearray()
        rest = self._layers.rest
        for row, following in zip(rest, [*rest[1:], None], strict=True):
            begin = max(row.valid_from.toordinal(), _FIRST)
            end = following.valid_from.toordinal() if following else _FIRST + _TOTAL
            week = bytes((begin + i) % 7 + 1 for i in range(7))  # ordinal 1 was a Monday: % 7 == 1
            pattern = bytes(0 if ((w - 1) or 7) in row.rest_days else 1 for w in week)
            flags += (pattern * ((end - begin) // 7 + 1))[: end - begin]
        for day, fact in self._layers.special.items():
            flags[day.toordinal() - _FIRST] = fact.kind.is_working
        if not strict:
            return _FIRST, flags
        official = [y for y, s in self._layers.status.items() if s is YearStatus.OFFICIAL]
        if not official:
            raise UsageError(
                "no year was official at that time, so a strict calendar has nothing to answer",
                "khi đó chưa có năm nào có thông báo chính thức nên lịch strict không trả lời được",
                field="known_at",
                value=self._parameters["known_at"],
            )
        begin, end = official[0], official[0]
        while end + 1 in official:
            end += 1
        first = date(begin, 1, 1).toordinal()
        return first, flags[first - _FIRST : date(end, 12, 31).toordinal() - _FIRST + 1]

    def _fill(self, year: int) -> None:
        """Put the days of a year of the range into the table of numbers."""
        begin = max(date(year, 1, 1).toordinal() - self._first, 0)
        flags = self._worked[begin : date(year, 12, 31).toordinal() - self._first + 1]
        before = self._worked.count(1, 0, begin)
        days = map(date.fromordinal, range(self._first + begin, self._first + begin + len(flags)))
        self._code.update(
            (day, 2 * (before + rank) + worked)
            for day, rank, worked in zip(days, accumulate(flags), flags, strict=True)
        )

    def _resolve(self, day: object, field: str = "day") -> date:
        resolved = as_day(day, field)
        if resolved in self._code:
            return resolved
        if self.first_day <= resolved <= self.last_day:
            self._fill(resolved.year)
            return resolved
        status = self._layers.status.get(resolved.year)
        if status is None:
            raise _outside(resolved, field)
        raise UsageError(
            f"{field}: {resolved.isoformat()} lies in a year that is {status.value}, and the calendar is strict",
            f"{field}: {resolved:%d/%m/%Y} thuộc năm {status.label()}; lịch này chỉ nhận năm chính thức (strict)",
            field=field,
            value=resolved,
            rule="strict",
        )

    def _runs_out(self, day: date, n: int) -> UsageError:
        return UsageError(
            f"{brief(n)} working days from {day} leave the range {self.first_day} to {self.last_day} of this calendar",
            f"{brief(n)} ngày làm việc kể từ {day:%d/%m/%Y} vượt ra ngoài khoảng {self.first_day:%d/%m/%Y} - "
            f"{self.last_day:%d/%m/%Y} của lịch",
            field="n",
            value=n,
        )


@cache
def _ordinary() -> WorkCalendar:
    """The calendar of every call without arguments: never given up for another."""
    return WorkCalendar(Tables.bundled())


@lru_cache(maxsize=8)
def _shared(
    tables: Tables, known_at: date | None, swaps: Swaps, week: Literal[5, 6], strict: bool, own: tuple[Override, ...]
) -> WorkCalendar:
    return WorkCalendar(tables, known_at=known_at, swaps=swaps, week=week, strict=strict, overrides=own)


def _restore(parameters: dict[str, Any]) -> WorkCalendar:
    return WorkCalendar.official(**parameters)


def _outside(day: date, field: str) -> UsageError:
    return UsageError(
        f"{field}: {day.isoformat()} lies outside {FIRST_DAY.year}-{LAST_DAY.year}, for which alone the lunar table "
        "and the law are known",
        f"{field}: {day:%d/%m/%Y} nằm ngoài {FIRST_DAY.year}-{LAST_DAY.year}; ngoài khoảng đó không có bảng âm lịch "
        "và căn cứ pháp luật",
        field=field,
        value=day,
        rule="1975-2100",
    )


def _wrong(field: str, value: object, expected_en: str, expected_vi: str) -> UsageError:
    return UsageError(
        f"{field} must be {expected_en}, not {value!r}",
        f"{field} phải là {expected_vi}, không phải {value!r}",
        field=field,
        value=value,
    )
