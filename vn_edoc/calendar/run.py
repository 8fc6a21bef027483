"""One computation of a request, repeatable with another policy to see whether the policy matters."""

from __future__ import annotations

from datetime import date, datetime

from vn_edoc.calendar.moments import MICROSECONDS_PER_HOUR, as_day, as_instant, microseconds, show
from vn_edoc.calendar.periods import Count
from vn_edoc.calendar.request import HOUR_UNITS, Receipt, Request, misuse
from vn_edoc.calendar.steps import Step
from vn_edoc.calendar.workcalendar import WorkCalendar

__all__ = ["run"]


def run(
    request: Request, calendar: WorkCalendar, receipt: Receipt, told: bool = False
) -> tuple[Count, date, datetime | None]:
    """Count the period: the count with its steps (where ``told``), the due day and the due instant."""
    steps: list[Step] = []
    start = _received(request, request.start, calendar, receipt, steps)
    unit, amount = request.limit.unit, request.amount
    if request.resumed is not None:
        resumed = _received(request, request.resumed, calendar, receipt, steps)
        if request.supplement == "pause":
            amount = _remaining(request, start, calendar, steps)
            if amount == 0:
                unit = "roll"
        else:
            steps.append(_note(resumed, "Hồ sơ đầy đủ: tính lại từ đầu", "The full dossier: counted again from zero"))
        start = resumed
    count = Count(start, calendar, request.office, told)
    count.steps.extend(steps if told else ())
    day, at = count.run(unit, amount)
    return count, day, at


def _received(
    request: Request, moment: date | datetime, calendar: WorkCalendar, receipt: Receipt, steps: list[Step]
) -> date | datetime:
    if receipt == "system_time":
        return moment
    counted = (
        request.office.next_open(moment, calendar)
        if isinstance(moment, datetime)
        else calendar.add_working_days(moment, 0)
    )
    if counted != moment:
        steps.append(
            _note(
                moment,
                f"Nhận {show(moment)}, ngoài giờ làm việc: coi là tiếp nhận {show(counted)}",
                f"Received {show(moment, 'en')}, outside office hours: counts as received {show(counted, 'en')}",
            )
        )
    return counted


def _remaining(request: Request, start: date | datetime, calendar: WorkCalendar, steps: list[Step]) -> int:
    used = request.used
    if used is None:
        used = _used_by(request, start, calendar)
        if not 0 <= used <= request.amount:
            raise misuse(
                "paused_at",
                request.paused,
                "the period had not begun, or had run out by then",
                "khi đó thời hạn chưa bắt đầu hoặc đã hết",
                request.rule.id,
            )
    hours = request.limit.unit in HOUR_UNITS
    gone, left = (f"{v / MICROSECONDS_PER_HOUR:g} h" if hours else str(v) for v in (used, request.amount - used))
    steps.append(_note(start, f"Đã dùng {gone}, tạm dừng, còn lại {left}", f"{gone} used, stopped, {left} left"))
    return request.amount - used


def _used_by(request: Request, start: date | datetime, calendar: WorkCalendar) -> int:
    if request.limit.unit == "working_hours":
        worked = request.office.count(as_instant(start), as_instant(request.paused, "paused_at"), calendar)
        return microseconds(worked)
    first, last = as_day(start), as_day(request.paused, "paused_at")
    if request.limit.unit == "working_days":
        return calendar.count_working_days(first, last)
    return (last - first).days


def _note(moment: date | datetime, vi: str, en: str) -> Step:
    return Step(as_day(moment), "note", vi, en)
