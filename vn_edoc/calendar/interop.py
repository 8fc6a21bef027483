"""numpy and pandas calendars, with a warning where they cannot say what the official calendar says.

Both know a week mask and a list of days off. A worked Saturday or Sunday (làm bù) cannot be expressed, so a calendar
with one in its span is inexact there: it counts one working day too few. For exact answers use
:mod:`vn_edoc.calendar.bulk`.
"""

from __future__ import annotations

import warnings
from datetime import date
from typing import Any

from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["InexactCalendarWarning", "to_numpy", "to_pandas_days", "to_pandas_hours"]


class InexactCalendarWarning(UserWarning):
    """The target cannot express some working days; ``days`` lists them."""

    def __init__(self, message: str, days: tuple[date, ...]) -> None:
        super().__init__(message)
        self.days = days


def to_numpy(calendar: WorkCalendar, first: date, last: date) -> Any:
    """A ``numpy.busdaycalendar`` of the days from ``first`` to ``last``.

    Warns with :class:`InexactCalendarWarning` naming the worked days of weekly rest that it has to leave out.
    """
    numpy = _needs("numpy")
    mask, off = _mask_and_days_off(calendar, first, last, "numpy.busdaycalendar")
    return numpy.busdaycalendar(weekmask=mask, holidays=off)


def to_pandas_days(calendar: WorkCalendar, first: date, last: date) -> Any:
    """A ``pandas.offsets.CustomBusinessDay``; warns as :func:`to_numpy` does."""
    pandas = _needs("pandas")
    mask, off = _mask_and_days_off(calendar, first, last, "pandas CustomBusinessDay")
    return pandas.offsets.CustomBusinessDay(calendar=_needs("numpy").busdaycalendar(weekmask=mask, holidays=off))


def to_pandas_hours(calendar: WorkCalendar, first: date, last: date, hours: OfficeHours | None = None) -> Any:
    """A ``pandas.offsets.CustomBusinessHour`` with the sessions that hold on ``first``; warns as :func:`to_numpy` does.

    It cannot change its sessions by season: a clock with schedules that change in the span is refused.
    """
    pandas = _needs("pandas")
    office = hours or OfficeHours()
    sessions = office.sessions_on(first)
    if any(office.sessions_on(day) != sessions for day in calendar.working_days(first, last)):
        raise UsageError(
            "pandas CustomBusinessHour has one clock, and these office hours change in the span",
            "pandas CustomBusinessHour chỉ có một khung giờ, mà giờ làm việc này thay đổi trong khoảng đã chọn",
            field="hours",
            value=hours,
        )
    mask, off = _mask_and_days_off(calendar, first, last, "pandas CustomBusinessHour")
    return pandas.offsets.CustomBusinessHour(
        start=[s.start for s in sessions],
        end=[s.end for s in sessions],
        calendar=_needs("numpy").busdaycalendar(weekmask=mask, holidays=off),
    )


def _mask_and_days_off(calendar: WorkCalendar, first: date, last: date, target: str) -> tuple[str, list[date]]:
    # The week as it stands on the last day; days off that the mask does not already tell are listed.
    rest = calendar.rest_days(last)
    mask = "".join("0" if weekday in rest else "1" for weekday in range(1, 8))
    off, lost = [], []
    for day in calendar.days(first, last):
        resting = day.date.isoweekday() in rest
        if not day.is_working and not resting:
            off.append(day.date)
        elif day.is_working and resting:
            lost.append(day.date)
    if lost:
        listed = ", ".join(day.isoformat() for day in lost)
        warnings.warn(
            InexactCalendarWarning(f"{target} cannot express these worked days of rest: {listed}", tuple(lost)),
            stacklevel=3,
        )
    return mask, off


def _needs(module: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise UsageError(
            f"this needs {module}: pip install {module}",
            f"chức năng này cần {module}: pip install {module}",
            field=module,
        ) from None
