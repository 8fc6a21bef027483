"""What a deadline computation answers, and how a later event stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from vn_edoc.calendar.days import YearStatus
from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.moments import as_instant, show, show_day, show_moment, start_of_day
from vn_edoc.calendar.rules import rule
from vn_edoc.calendar.steps import Step
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError
from vn_edoc.findings import Basis, jsonable

__all__ = ["Assumption", "Deadline", "Policies", "Standing", "Timeliness", "timeliness"]


class Timeliness(StrEnum):
    """How a result stands against its due date or instant (NĐ 61/2018 Điều 20.3-20.4; NĐ 118/2025)."""

    EARLY = "truoc_han"
    """Before the due day."""
    ON_TIME = "dung_han"
    """On the due day (not after the due instant, where an hour was given)."""
    OVERDUE = "qua_han"
    """After it."""

    def label(self, lang: str = "vi") -> str:
        """``trước hạn``, ``đúng hạn``, ``quá hạn`` or the English words."""
        return _TIMELINESS[self][lang == "en"]


_TIMELINESS = {
    Timeliness.EARLY: ("trước hạn", "early"),
    Timeliness.ON_TIME: ("đúng hạn", "on time"),
    Timeliness.OVERDUE: ("quá hạn", "overdue"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a result stands, and how late it is in working time."""

    timeliness: Timeliness
    """Early, on time or overdue."""
    working_days: int
    """Working days late: those after the due day up to the day of the result; 0 when not overdue, and for a result on
    days off right after the due day."""
    working_hours: timedelta | None
    """Working time late, where the result is an instant; ``None`` for a plain date."""

    def text(self, lang: str = "vi") -> str:
        """``quá hạn 2 ngày làm việc (12 giờ làm việc)``."""
        told = self.timeliness.label(lang)
        if self.timeliness is not Timeliness.OVERDUE:
            return told
        hours = None if self.working_hours is None else f"{self.working_hours / timedelta(hours=1):.4g}"
        if lang == "en":
            told += f" by {self.working_days} working day{'' if self.working_days == 1 else 's'}"
            return told if hours is None else f"{told} ({hours} working hour{'' if hours == '1' else 's'})"
        told += f" {self.working_days} ngày làm việc"
        return told if hours is None else f"{told} ({hours.replace('.', ',')} giờ làm việc)"


def timeliness(
    due: date | datetime,
    returned: date | datetime,
    calendar: WorkCalendar | None = None,
    hours: OfficeHours | None = None,
) -> Standing:
    """How ``returned`` stands against ``due``, each a date or an aware datetime.

    Days are compared first: the day before is early, the due day is on time, the day after overdue. Where both carry
    an hour, a result on the due day but after the due instant is overdue.
    """
    calendar = calendar or WorkCalendar.official()
    office = hours or OfficeHours()
    due_at = as_instant(due, "due") if isinstance(due, datetime) else None
    came_at = as_instant(returned, "returned") if isinstance(returned, datetime) else None
    for value, field in ((due, "due"), (returned, "returned")):
        if not isinstance(value, date):
            raise UsageError(
                f"{field} must be a date or an aware datetime, not {value!r}",
                f"{field} phải là ngày hoặc thời điểm có múi giờ, không phải {value!r}",
                field=field,
                value=value,
            )
    due_day = due_at.date() if due_at else due
    came_day = came_at.date() if came_at else returned
    late = came_day > due_day or (due_at is not None and came_at is not None and came_at > due_at)
    if not late:
        on_time = came_day == due_day
        return Standing(
            Timeliness.ON_TIME if on_time else Timeliness.EARLY, 0, None if came_at is None else timedelta()
        )
    since = due_at or start_of_day(due_day) + timedelta(days=1)
    worked = None if came_at is None else office.count(since, came_at, calendar)
    return Standing(Timeliness.OVERDUE, calendar.count_working_days(due_day, came_day), worked)


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that a result rests on and that the law does not settle, or that may surprise."""

    id: str
    """Stable id: ``hours.default``, ``receipt.next_session``, ``swaps.agency``, ``year.projected`` …"""
    text_vi: str
    """In Vietnamese."""
    text_en: str
    """In English."""

    def text(self, lang: str = "vi") -> str:
        """The text in ``"vi"`` or ``"en"``."""
        return self.text_en if lang == "en" else self.text_vi

    def __str__(self) -> str:
        return self.text_vi


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy that was applied."""

    swaps: str
    """``agency`` or ``statutory_only``."""
    week: int
    """5 or 6 days."""
    receipt: str
    """``next_session`` or ``system_time``."""
    supplement: str | None
    """``restart`` or ``pause``; ``None`` where nothing was supplemented."""
    known_at: date | None
    """The day as of which the calendar answered, ``None`` for all that is known."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when, and why."""

    rule: str
    """The rule's id."""
    title_vi: str
    """What is due, in Vietnamese."""
    title_en: str
    """What is due, in English."""
    start: date | datetime
    """The event that it was computed from: a date, or an instant in Vietnam time."""
    day: date
    """The due day."""
    at: datetime | None
    """The due instant (+07:00) where the law or the hours give one; ``None``: the end of ``day``."""
    steps: tuple[Step, ...]
    """Each counted and skipped day, and why."""
    basis: tuple[Basis, ...]
    """Provisions, the deciding one first."""
    assumptions: tuple[Assumption, ...]
    """What it rests on beside the law's plain text, and which policy mattered."""
    policies: Policies
    """Every policy that was applied."""
    certainty: str
    """How well the limit's text is known: ``official``, ``excerpt``, ``secondary``, ``unverified``."""
    in_force: bool
    """Whether the rule had a limit in force on the starting day; if not, the nearest in time was used."""
    year_status: YearStatus
    """The least certain status among the years that the computation touched."""
    known_at_uncertain: bool
    """Whether, with ``known_at``, it leans on a decision whose day of publication is not known exactly."""
    calendar: WorkCalendar
    """The calendar that it was computed with."""
    office: OfficeHours
    """The clock that it was computed with."""

    @property
    def ends(self) -> datetime:
        """The instant at which it ends: ``at``, or 24:00 of ``day`` (Điều 148.6 Bộ luật Dân sự)."""
        return self.at or start_of_day(self.day) + timedelta(days=1)

    def standing(self, returned: date | datetime) -> Standing:
        """How a result that came then stands: early, on time or overdue, and how late in working time."""
        return timeliness(self.at or self.day, returned, self.calendar, self.office)

    def explain(self, lang: str = "vi") -> str:
        """The whole answer as text, one step a line."""
        en = lang == "en"
        about = rule(self.rule)
        title, event, word = (
            (self.title_en, about.start_en, "From") if en else (self.title_vi, about.start_vi, "Mốc tính")
        )
        lines = [f"{title} ({self.rule})", f"{word}: {show(self.start, lang)} – {event}"]
        lines += [f"  {step.text(lang)}" for step in self.steps]
        lines.append(("Basis: " if en else "Căn cứ: ") + "; ".join(b.cite(lang) for b in self.basis))
        lines += [f"{'Note' if en else 'Lưu ý'}: {a.text(lang)}" for a in self.assumptions]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able form; the keys are the field names."""
        plain = {
            name: jsonable(getattr(self, name))
            for name in self.__dataclass_fields__
            if name not in ("calendar", "office", "year_status", "at")
        }
        plain["at"] = jsonable(self.at)
        plain["year_status"] = self.year_status.value
        return plain

    def __str__(self) -> str:
        return show_moment(self.at) if self.at else show_day(self.day)
