"""Office hours: the sessions of an agency's day, by season and date, and working-hour arithmetic over them.

No national text fixes the clock; the province or the head of the agency does (QĐ 188/1999/QĐ-TTg fixes 40 hours in
5 days). The default, 07:30-11:30 and 13:00-17:00, is therefore an assumption, and results say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from vn_edoc.calendar.moments import MICROSECONDS_PER_HOUR, as_instant, microseconds
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

__all__ = ["DEFAULT_SESSIONS", "OfficeHours", "Schedule", "Session"]

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_NOON = 12 * 3_600_000_000


def _of_day(moment: time | datetime) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """One session (buổi) of a working day, Vietnam time."""

    start: time
    """When it begins."""
    end: time
    """When it ends, on the same day."""

    def __post_init__(self) -> None:
        if not self.start < self.end or self.start.tzinfo or self.end.tzinfo:
            raise _bad_session(self)

    @classmethod
    def parse(cls, text: str) -> Session:
        """``"07:30-11:30"``; :class:`~vn_edoc.errors.UsageError` for another form."""
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except (ValueError, AttributeError):
            raise _bad_session(text) from None
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _bad_session(value: object) -> UsageError:
    return UsageError(
        f"a session is written HH:MM-HH:MM and begins before it ends; got '{value}'",
        f"buổi làm việc viết dạng HH:MM-HH:MM, giờ bắt đầu trước giờ kết thúc; nhận được '{value}'",
        field="session",
        value=value,
    )


def _sessions(given: Iterable[Session | str]) -> tuple[Session, ...]:
    sessions = tuple(sorted(s if isinstance(s, Session) else Session.parse(s) for s in given))
    if not sessions:
        raise UsageError("office hours need a session", "giờ làm việc phải có ít nhất một buổi", field="sessions")
    for one, following in pairwise(sessions):
        if following.start < one.end:
            raise UsageError(
                f"the sessions {one} and {following} overlap",
                f"hai buổi {one} và {following} chồng lên nhau",
                field="sessions",
                value=sessions,
            )
    return sessions


DEFAULT_SESSIONS = (Session(time(7, 30), time(11, 30)), Session(time(13), time(17)))
"""The assumed clock where none is given."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Sessions that hold between two dates, or in a season of each year."""

    sessions: tuple[Session, ...]
    """The sessions of a working day."""
    valid_from: date | None = None
    """First day; ``None``: no beginning."""
    valid_to: date | None = None
    """Last day; ``None``: no end."""
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    """First and last (month, day) of the season, both included; it may run over New Year. ``None``: all year."""
    assumed: bool = False
    """Whether this is a guess (a season of another year carried over, or the default)."""
    label: str = ""
    """What it is, in Vietnamese: ``Nghệ An, mùa hè``."""
    source: str = ""
    """Where it was announced."""

    def __post_init__(self) -> None:
        wrong = self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from
        for month, day in self.season or ():
            wrong = wrong or _season_day(2000, month, day) is None
        if wrong:
            raise UsageError(
                f"a schedule ends after it begins, and a season is made of days of the year: {self}",
                f"khung giờ phải có ngày kết thúc sau ngày bắt đầu, mùa phải gồm ngày, tháng có thật: {self}",
                field="schedule",
                value=str(self),
            )

    def holds(self, day: date) -> bool:
        """Whether it governs on a day."""
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        if self.season is None:
            return True
        first, last = self.season
        now = (day.month, day.day)
        return first <= now <= last if first <= last else now >= first or now <= last


class OfficeHours:
    """The clock of one agency or unit.

    ``OfficeHours()`` is the assumed default; ``OfficeHours("08:00-11:30", "13:00-17:30")`` a given clock;
    ``schedules`` add seasons and dates, the first that holds on a day governs it. See also :meth:`province`.
    """

    __slots__ = ("_base_plan", "_edges", "_plans", "base", "schedules")

    def __init__(self, *sessions: Session | str, schedules: Iterable[Schedule] = ()) -> None:
        given = _sessions(sessions) if sessions else DEFAULT_SESSIONS
        self.base = Schedule(given, assumed=not sessions, label="" if sessions else "giờ mặc định")
        """The sessions where no schedule holds."""
        self.schedules: tuple[Schedule, ...] = tuple(schedules)
        """Schedules by date and season, the first that holds governs."""
        for schedule in self.schedules:
            _sessions(schedule.sessions)
        self._plans = {id(s): _Plan(s.sessions) for s in (self.base, *self.schedules)}
        self._base_plan = self._plans[id(self.base)]
        self._edges: dict[int, tuple[date, ...]] = {}

    @classmethod
    def province(cls, locality: str, unit: str | None = None) -> OfficeHours:
        """The announced clock of a province, from the bundled table (``data/office_hours.csv``).

        Where it was announced for one season only, other years take the same season, flagged ``assumed``; days that
        no row covers take the default, flagged as well. ``unit`` chooses among several clocks of one province by a
        part of the unit's name. Raises :class:`~vn_edoc.errors.UsageError` for an unknown province.
        """
        from vn_edoc.calendar.localities import schedules_of

        return cls(schedules=schedules_of(locality, unit))

    @classmethod
    def preset(cls, name: str) -> OfficeHours:
        """A clock that is in use somewhere, by name: ``default``, ``late-noon``, ``early``, ``two-seasons`` …

        The table is ``data/office_presets.csv``. Raises :class:`~vn_edoc.errors.UsageError` for another name.
        """
        from vn_edoc.calendar.localities import preset_schedules

        return cls(schedules=preset_schedules(name))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OfficeHours):
            return NotImplemented
        return (self.base, self.schedules) == (other.base, other.schedules)

    def __hash__(self) -> int:
        return hash((self.base, self.schedules))

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.base, self.schedules)

    def __repr__(self) -> str:
        told = ", ".join(repr(str(s)) for s in self.base.sessions)
        return f"OfficeHours({told}{', schedules=…' if self.schedules else ''})"

    def schedule_on(self, day: date) -> Schedule:
        """The schedule that governs on a day, whether or not the day is worked."""
        for schedule in self.schedules:
            if schedule.holds(day):
                return schedule
        return self.base

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """The sessions of that day's schedule."""
        return self.schedule_on(day).sessions

    def opening(self, day: date) -> datetime:
        """When the day's first session begins."""
        return datetime.combine(day, self.sessions_on(day)[0].start, VIETNAM)

    def closing(self, day: date) -> datetime:
        """When the day's last session ends."""
        return datetime.combine(day, self.sessions_on(day)[-1].end, VIETNAM)

    def morning_end(self, day: date) -> datetime:
        """When the day's morning session ends; 12:00 for a session that runs through noon past 13:00, and where the
        office opens in the afternoon only.

        This is where "trong buổi sáng" (QĐ 28/2018/QĐ-TTg Điều 6.2) is taken to end: no text defines it.
        """
        morning = [s.end for s in self.sessions_on(day) if s.start < time(12)]
        end = morning[-1] if morning and morning[-1] <= time(13) else time(12)
        return datetime.combine(day, end, VIETNAM)

    def is_open(self, moment: datetime, calendar: WorkCalendar) -> bool:
        """Whether the moment lies in a session of a working day (begin included, end not)."""
        now = as_instant(moment, "moment")
        return calendar.is_working_day(now.date()) and self._plan(now.date()).inside(_of_day(now))

    def next_open(self, moment: datetime, calendar: WorkCalendar) -> datetime:
        """The moment itself if the office is open, else the beginning of the next session."""
        now = as_instant(moment, "moment")
        day = now.date()
        if calendar.is_working_day(day):
            found = self._plan(day).next_start(_of_day(now))
            if found is not None:
                return _at(day, found)
            day = calendar.add_working_days(day, 1)
        else:
            day = calendar.add_working_days(day, 0)
        return self.opening(day)

    def add(self, moment: datetime, hours: float | timedelta, calendar: WorkCalendar) -> datetime:
        """``moment`` plus working hours (a number or a timedelta; negative goes back).

        A period that is used up at the end of a session ends there; one that goes back ends at a session's beginning.
        """
        exact = type(moment) is datetime and moment.tzinfo is VIETNAM
        now = moment if exact else as_instant(moment, "moment")
        amount = hours * MICROSECONDS_PER_HOUR if type(hours) is int else microseconds(hours)
        if amount == 0:
            return self.next_open(now, calendar)
        if amount < 0:
            return self._backward(now, -amount, calendar)
        if self.schedules:
            return self._forward(now, amount, calendar)
        plan = self._base_plan
        worked, index = calendar.position(now.date())
        days, rest = divmod(amount - 1 + (plan.worked_by(_of_day(now)) if worked else 0), plan.total)
        return _at(calendar.at(index + days), plan.ending(rest + 1))

    def count(self, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
        """Working time from ``start`` to ``end``; negative where ``end`` comes first."""
        first, last = as_instant(start, "start"), as_instant(end, "end")
        if last < first:
            return -self.count(last, first, calendar)
        worked_first, low = calendar.position(first.date())
        worked_last, high = calendar.position(last.date())
        total = self._plan(last.date()).worked_by(_of_day(last)) if worked_last else 0
        if worked_first:
            total -= self._plan(first.date()).worked_by(_of_day(first))
        while low < high:
            begin = calendar.at(low)
            upto = min(high, self._end_of_plan(begin, low, calendar))
            total += (upto - low) * self._plan(begin).total
            low = upto
        return total * _MICROSECOND

    # --- inside -------------------------------------------------------------------------------------------------

    def _plan(self, day: date) -> _Plan:
        return self._plans[id(self.schedule_on(day))]

    def _forward(self, now: datetime, amount: int, calendar: WorkCalendar) -> datetime:
        day = now.date()
        worked, index = calendar.position(day)
        left = amount + (self._plan(day).worked_by(_of_day(now)) if worked else 0)
        while True:
            begin = calendar.at(index)
            plan = self._plan(begin)
            days, rest = divmod(left - 1, plan.total)
            limit = self._end_of_plan(begin, index, calendar)
            if index + days < limit:
                found = calendar.at(index + days)
                return _at(found, plan.ending(rest + 1))
            left -= (limit - index) * plan.total
            index = limit

    def _backward(self, now: datetime, amount: int, calendar: WorkCalendar) -> datetime:
        day = now.date()
        worked, index = calendar.position(day)
        left = amount
        if worked:
            plan = self._plan(day)
            done = plan.worked_by(_of_day(now))
            if left <= done:
                return _at(day, plan.beginning(done - left))
            left -= done
        while True:
            index -= 1
            found = calendar.at(index)
            plan = self._plan(found)
            if left <= plan.total:
                return _at(found, plan.beginning(plan.total - left))
            if not self.schedules:  # one plan for all days: leap
                leap = (left - 1) // plan.total
                left -= leap * plan.total
                index -= leap - 1
            else:
                left -= plan.total

    def _end_of_plan(self, day: date, index: int, calendar: WorkCalendar) -> int:
        """Index of the first working day that may have another schedule than ``day``, which has ``index``."""
        if not self.schedules:
            return calendar.position(calendar.last_day)[1] + 1
        edge = next((e for e in self._edges_from(day.year) if e > day), None)
        if edge is None or edge > calendar.last_day:
            return calendar.position(calendar.last_day)[1] + 1
        return max(calendar.position(edge)[1], index + 1)

    def _edges_from(self, year: int) -> tuple[date, ...]:
        known = self._edges.get(year)
        if known is None:
            edges = {date(year + 2, 1, 1)}
            for schedule in self.schedules:
                edges.update(d for d in (schedule.valid_from,) if d)
                edges.update(d + _DAY for d in (schedule.valid_to,) if d)
                for each in (year, year + 1):
                    if schedule.season:
                        first, last = schedule.season
                        begin, end = _season_day(each, *first), _season_day(each, *last)
                        # 29 February of a common year: the season begins or ends with March.
                        edges.add(begin or date(each, 3, 1))
                        edges.add(end + _DAY if end else date(each, 3, 1))
            known = self._edges[year] = tuple(sorted(e for e in edges if e >= date(year, 1, 1)))
        return known


class _Plan:
    """The sessions of a day in microseconds since midnight."""

    __slots__ = ("spans", "total")

    def __init__(self, sessions: tuple[Session, ...]) -> None:
        self.spans = tuple((_of_day(s.start), _of_day(s.end)) for s in sessions)
        self.total = sum(end - start for start, end in self.spans)

    def worked_by(self, moment: int) -> int:
        """Working time of the day that has passed at a moment."""
        worked = 0
        for start, end in self.spans:
            if moment > start:
                worked += (moment if moment < end else end) - start
        return worked

    def ending(self, worked: int) -> int:
        """The first moment at which that much of the day is worked (``0 < worked <= total``)."""
        for start, end in self.spans:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        raise AssertionError(worked)

    def beginning(self, worked: int) -> int:
        """The last moment at which no more than that much is worked (``0 <= worked < total``)."""
        for start, end in self.spans:
            if worked < end - start:
                return start + worked
            worked -= end - start
        raise AssertionError(worked)

    def inside(self, moment: int) -> bool:
        return any(start <= moment < end for start, end in self.spans)

    def next_start(self, moment: int) -> int | None:
        """The moment if it lies in a session, else the next session's beginning; ``None`` after the last."""
        for start, end in self.spans:
            if moment < end:
                return max(moment, start)
        return None


def _at(day: date, microsecond: int) -> datetime:
    return datetime.combine(day, time.min, VIETNAM) + timedelta(0, 0, microsecond)


def _season_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _rebuild(base: Schedule, schedules: tuple[Schedule, ...]) -> OfficeHours:
    return OfficeHours(*(() if base.assumed else base.sessions), schedules=schedules)
