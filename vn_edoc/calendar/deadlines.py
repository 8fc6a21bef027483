"""``deadline``: from a rule id and an event to the due day, with steps, provisions and assumptions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from vn_edoc.calendar.days import YearStatus
from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.moments import as_day
from vn_edoc.calendar.notes import Notes
from vn_edoc.calendar.request import Asked, Receipt, Request, Supplement, misuse
from vn_edoc.calendar.result import Deadline, Policies
from vn_edoc.calendar.rules import Limit, rule
from vn_edoc.calendar.run import run
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.findings import Basis

__all__ = ["deadline"]

_CIVIL_UNITS = frozenset({"calendar_days", "calendar_days_before", "weeks", "months", "years"})


def deadline(
    rule_id: str,
    start: date | datetime,
    *,
    calendar: WorkCalendar | None = None,
    hours: OfficeHours | float | timedelta | None = None,
    office: OfficeHours | None = None,
    days: int | None = None,
    calendar_days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
    years: int | None = None,
    complex: bool | Literal["especially"] = False,
    remote: bool = False,
    urgent: bool = False,
    extended: bool = False,
    second: bool = False,
    electronic: bool = False,
    receipt: Receipt | None = None,
    supplement: Supplement | None = None,
    supplemented_at: date | datetime | None = None,
    paused_at: date | datetime | None = None,
    used: float | None = None,
    strict: bool = False,
) -> Deadline:
    """By when the rule's act is due, and why.

    :param rule_id: a rule of ``data/deadline_rules.csv``: ``civil.days``, ``qd28.send``, ``onestop.process`` …
    :param start: the event that the rule names (its ``start_vi``/``start_en``): a date, or an aware datetime. Rules
        that count from a time of day need the datetime. Naive datetimes are refused.
    :param calendar: the calendar; default :meth:`WorkCalendar.official`.
    :param hours: the agency's :class:`OfficeHours`, **or** an amount of hours for the rules that count hours; then the
        clock goes into ``office``.
    :param office: the agency's clock; default 07:30-11:30, 13:00-17:00, named in ``assumptions``.
    :param days: the amount, for a rule that leaves it open, or in place of the limit that it knows (a sector law).
        Likewise ``calendar_days``, ``weeks``, ``months``, ``years``. Negative amounts of the civil and working periods
        count back from ``start``; an end on a day off is then moved back, the safe side.
    :param complex: the matter is complex; ``"especially"`` for an especially complex denunciation.
    :param remote: a remote area with difficult travel. ``urgent``: an urgent document. ``extended``: the extension that
        the law allows was decided. ``second``: the second complaint. ``electronic``: the dossier is electronic.
    :param receipt: what counts as receipt outside office hours; each rule has its default.
    :param supplement: ``"restart"`` (default; NĐ 118/2025 Điều 19.5) or ``"pause"`` (sector laws).
    :param supplemented_at: when the full dossier arrived, or the settlement was resumed.
    :param paused_at: when the period stopped; what was used up by then is counted.
    :param used: what was used up before it stopped, in the unit of the period.
    :param strict: refuse a result that touches a year that is not official.
    :raises UsageError: an unknown rule, a missing or foreign argument, a naive datetime, a day outside 1975-2100.
    """
    if calendar is not None and not isinstance(calendar, WorkCalendar):
        raise misuse("calendar", calendar, "must be a WorkCalendar", "phải là một WorkCalendar")
    if isinstance(hours, OfficeHours):
        if office is not None:
            raise misuse("office", office, "the office hours are given twice", "giờ làm việc được khai báo hai lần")
        office, hours = hours, None
    if office is not None and not isinstance(office, OfficeHours):
        raise misuse("office", office, "must be OfficeHours", "phải là OfficeHours")
    if complex not in (True, False, "especially"):
        raise misuse("complex", complex, "must be True, False or 'especially'", "phải là True, False hoặc 'especially'")
    amounts = {
        "days": days,
        "calendar_days": calendar_days,
        "weeks": weeks,
        "months": months,
        "years": years,
        "hours": hours,
    }
    request = Request.make(
        rule(rule_id),
        start,
        calendar or WorkCalendar.official(),
        office if office is not None else OfficeHours(),
        {name: value for name, value in amounts.items() if value is not None},
        {
            "complex": bool(complex) and complex != "especially",
            "especially": complex == "especially",
            "remote": remote,
            "urgent": urgent,
            "extended": extended,
            "second": second,
            "electronic": electronic,
        },
        Asked(
            receipt=receipt,
            supplement=supplement,
            supplemented_at=supplemented_at,
            paused_at=paused_at,
            used=used,
        ),
    )
    return _answer(request, strict)


def _answer(request: Request, strict: bool) -> Deadline:
    calendar = request.calendar
    count, day, at = run(request, calendar, request.receipt, told=True)
    notes = Notes(request, count, day, at)
    if (strict or calendar.strict) and notes.year_status is not YearStatus.OFFICIAL:
        raise misuse(
            "strict",
            day,
            f"the period to {day.isoformat()} touches a year that is {notes.year_status.value}",
            f"thời hạn đến {day:%d/%m/%Y} chạm vào năm {notes.year_status.label()}",
            request.rule.id,
        )
    return Deadline(
        rule=request.rule.id,
        title_vi=request.rule.title_vi,
        title_en=request.rule.title_en,
        start=request.start,
        day=day,
        at=at,
        steps=tuple(count.steps),
        basis=_basis(request.limit, count.moved, as_day(request.start)),
        assumptions=notes.said,
        policies=Policies(calendar.swaps, calendar.week, request.receipt, request.supplement, calendar.known_at),
        certainty=request.limit.certainty,
        in_force=request.in_force,
        year_status=notes.year_status,
        known_at_uncertain=notes.known_at_uncertain,
        calendar=calendar,
        office=request.office,
    )


def _basis(limit: Limit, moved: bool, on: date) -> tuple[Basis, ...]:
    """Provisions of the limit; calendar periods add the Civil Code's, as Điều 145 has it."""
    from vn_edoc.law import basis

    references = list(limit.basis)
    code = "blds-2015:147.2 blds-2015:148.5" if on >= date(2017, 1, 1) else "blds-2005:152.2 blds-2005:153.5"
    first_day, rolled = code.split()
    if limit.unit in _CIVIL_UNITS:
        references.append(first_day)
    if moved:
        references.append(rolled)
    return tuple(basis(reference) for reference in dict.fromkeys(references))
