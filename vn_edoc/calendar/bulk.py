"""The same questions over many days at once; with numpy arrays in, numpy arrays come out.

numpy is optional: any other iterable of dates gives a list. Arrays are ``datetime64`` of any unit and stand for days
in Vietnam; ``NaT`` and days outside the calendar are refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["add_many", "count_many", "working_many"]

_EPOCH = date(1970, 1, 1).toordinal()


def add_many(calendar: WorkCalendar, days: Any, n: Any) -> Any:
    """:meth:`WorkCalendar.add_working_days` for each day; ``n`` is one number, or one for each day."""
    table = _table(calendar, days)
    if table is None:
        listed = list(days)
        amounts = [n] * len(listed) if isinstance(n, int) else _same_length(listed, n)
        return [calendar.add_working_days(day, amount) for day, amount in zip(listed, amounts, strict=True)]
    index = table.index(days)
    numpy = table.numpy
    if isinstance(n, int) and not isinstance(n, bool):
        # rank counts the working days up to a day, before those strictly before it.
        where = table.rank[index] + (n - 1) if n > 0 else table.before[index] + n
    else:
        amount = numpy.asarray(n)
        if amount.dtype.kind not in "iu":
            raise UsageError(
                f"n must be whole numbers of days, not {amount.dtype}",
                f"n phải là số nguyên ngày, không phải {amount.dtype}",
                field="n",
            )
        where = numpy.where(amount > 0, table.rank[index] + amount - 1, table.before[index] + amount)
    if where.size and (where.min() < 0 or where.max() >= len(table.work)):
        raise UsageError(
            f"{n if isinstance(n, int) else 'some n'} working days leave the range of the calendar",
            "có kết quả vượt ra ngoài khoảng của lịch",
            field="n",
        )
    return table.work[where]


def count_many(calendar: WorkCalendar, starts: Any, ends: Any) -> Any:
    """:meth:`WorkCalendar.count_working_days` for each pair; either side may be a single day."""
    table = _table(calendar, starts) or _table(calendar, ends)
    if table is None:
        first = None if isinstance(starts, date) else list(starts)
        last = None if isinstance(ends, date) else list(ends)
        length = len(first if first is not None else last or ())
        pairs = zip(
            [starts] * length if first is None else first, [ends] * length if last is None else last, strict=False
        )
        if first is not None and last is not None and len(first) != len(last):
            raise _lengths(len(first), len(last))
        return [calendar.count_working_days(a, b) for a, b in pairs]
    return table.rank[table.index(ends)] - table.rank[table.index(starts)]


def working_many(calendar: WorkCalendar, days: Any) -> Any:
    """:meth:`WorkCalendar.is_working_day` for each day."""
    table = _table(calendar, days)
    if table is None:
        return [calendar.is_working_day(day) for day in days]
    return table.worked[table.index(days)]


def _same_length(days: list[Any], amounts: Iterable[Any]) -> list[Any]:
    listed = list(amounts)
    if len(listed) != len(days):
        raise _lengths(len(days), len(listed))
    return listed


def _lengths(one: int, other: int) -> UsageError:
    return UsageError(
        f"the arrays have {one} and {other} items", f"hai dãy có {one} và {other} phần tử", field="n", value=other
    )


def _table(calendar: WorkCalendar, days: Any) -> _Table | None:
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(days, numpy.ndarray | numpy.datetime64):
        return None
    table = _TABLES.get(calendar)
    if table is None:
        table = _TABLES[calendar] = _Table(calendar, numpy)
    return table


class _Table:
    """Prefix counts of working days as arrays."""

    __slots__ = ("before", "first", "last", "numpy", "rank", "size", "work", "worked")

    def __init__(self, calendar: WorkCalendar, numpy: Any) -> None:
        self.numpy = numpy
        self.first, self.last = calendar.first_day, calendar.last_day
        self.worked = numpy.frombuffer(calendar.worked, dtype=numpy.bool_)
        self.rank = numpy.cumsum(self.worked, dtype=numpy.int64)
        self.before = self.rank - self.worked
        self.size = len(self.worked)
        days = numpy.arange(self.size, dtype=numpy.int64) + (self.first.toordinal() - _EPOCH)
        self.work = days[self.worked].astype("datetime64[D]")

    def index(self, days: Any) -> Any:
        """Position of each day in the table; ``UsageError`` for one outside it."""
        numpy = self.numpy
        if isinstance(days, date):
            days = numpy.datetime64(days, "D")
        array = numpy.asarray(days)
        if array.dtype.kind != "M":
            raise UsageError(
                f"the array must hold datetime64 days, not {array.dtype}",
                f"dãy phải gồm các ngày datetime64, không phải {array.dtype}",
                field="days",
            )
        if array.dtype != "datetime64[D]":
            array = array.astype("datetime64[D]")
        index = array.view(numpy.int64) - (self.first.toordinal() - _EPOCH)
        if index.size and (index.min() < 0 or index.max() >= self.size):
            raise UsageError(
                f"a day of the array lies outside {self.first} to {self.last}, or is NaT",
                f"có ngày nằm ngoài khoảng {self.first:%d/%m/%Y} - {self.last:%d/%m/%Y}, hoặc là NaT",
                field="days",
            )
        return index


_TABLES: WeakKeyDictionary[WorkCalendar, _Table] = WeakKeyDictionary()
