"""How each unit counts, with the steps that show it.

One :class:`Count` runs one period. Civil Code: the first day is not counted (Điều 147.2), a month without the
corresponding date ends on its last day (148.3), a last day on weekly rest or a holiday moves to the next working day
(148.5); hours run at once and through (147.1).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from vn_edoc.calendar.days import FIRST_DAY, LAST_DAY, DayKind
from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.moments import as_instant, show_day, show_moment
from vn_edoc.calendar.steps import Step
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["UNITS", "UNITS_WITHOUT_CALENDAR", "Count"]

_DAY = timedelta(days=1)
_CUT_OFF = time(15)
_ON = ("hạn dời sang ngày làm việc sau", "the end moves on to the next working day")
_BACK = ("hạn chuyển về ngày làm việc trước", "the end moves back to the working day before")

UNITS_WITHOUT_CALENDAR = frozenset({"clock_hours", "effect_days", "at_once"})
"""Units that never ask which days are worked."""


class Count:
    """A period that runs: where it began, by which calendar and clock, and the steps so far."""

    __slots__ = ("calendar", "day", "moved", "office", "start", "steps", "told", "used_clock")

    def __init__(self, start: date | datetime, calendar: WorkCalendar, office: OfficeHours, told: bool = True) -> None:
        self.start = start
        self.day = start.date() if isinstance(start, datetime) else start
        self.calendar = calendar
        self.office = office
        self.told = told
        self.steps: list[Step] = []
        self.moved = False
        self.used_clock = False

    @property
    def instant(self) -> datetime:
        """The start as an instant; ``UsageError`` where only its day was given."""
        return as_instant(self.start)

    def run(self, unit: str, amount: int) -> tuple[date, datetime | None]:
        """The due day, and the due instant where the unit gives one. ``amount`` is in the unit (µs for hours)."""
        return UNITS[unit](self, amount)

    def tell(self, day: date, action: str, vi: str, en: str, number: int | None = None) -> None:
        """Add a step."""
        if self.told:
            self.steps.append(Step(day, action, vi, en, number))

    # --- shared pieces ------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.tell(
            self.day,
            "start",
            f"{show_day(self.day)}: ngày làm mốc, không tính",
            f"{show_day(self.day, 'en')}: the starting day, not counted",
        )

    def _why(self, day: date) -> tuple[str, str]:
        fact = self.calendar.day(day)
        if fact.kind in (DayKind.WORKING, DayKind.WEEKEND):
            return fact.name, fact.name_en
        return f"{fact.name} ({fact.source})", f"{fact.name_en} ({fact.source})"

    def _counted(self, day: date, number: int, unit: tuple[str, str] = ("ngày", "day")) -> None:
        vi, en = f"{show_day(day)}: {unit[0]} thứ {number}", f"{show_day(day, 'en')}: {unit[1]} {number}"
        fact = self.calendar.day(day)
        if fact.kind is not DayKind.WORKING:
            why = self._why(day)
            vi, en = f"{vi} – {why[0]}", f"{en} – {why[1]}"
        self.tell(day, "counted", vi, en, number)

    def _skipped(
        self, day: date, action: str = "skipped", word: tuple[str, str] = ("không tính", "not counted")
    ) -> None:
        why = self._why(day)
        self.tell(day, action, f"{show_day(day)}: {word[0]} – {why[0]}", f"{show_day(day, 'en')}: {word[1]} – {why[1]}")

    def _due(self, day: date, at: datetime | None = None) -> tuple[date, datetime | None]:
        if at is None:
            self.tell(day, "due", f"Hạn: hết {show_day(day)}", f"Due: end of {show_day(day, 'en')}")
        else:
            self.tell(day, "due", f"Hạn: {show_moment(at)}", f"Due: {show_moment(at, 'en')}")
        return day, at

    def _settle(self, day: date, step: timedelta) -> date:
        """Move a last day that is not worked to the next (or, going back, the previous) working day."""
        while not self.calendar.is_working_day(day):
            self.moved = True
            self._skipped(day, "moved", _ON if step > timedelta(0) else _BACK)
            day += step
        return day

    def _walk(self, n: int) -> date:
        """The n-th working day after (before, for n < 0) the start, telling every day on the way."""
        due = self.calendar.add_working_days(self.day, n)
        if self.told:
            step, number, day = (_DAY if n >= 0 else -_DAY), 0, self.day
            if n == 0 and due != day:
                self._skipped(day)
            while day != due:
                day += step
                if self.calendar.is_working_day(day):
                    number += 1
                    self._counted(day, number, ("ngày làm việc", "working day"))
                else:
                    self._skipped(day)
        return due

    # --- units --------------------------------------------------------------------------------------------------

    def calendar_days(self, n: int) -> tuple[date, datetime | None]:
        """Days of the calendar, the last one moved off days off (Điều 147.2, 148.1, 148.5 BLDS)."""
        self._begin()
        step = _DAY if n > 0 else -_DAY
        end = shift(self.day, days=n)
        day = self.day
        for number in range(1, abs(n) + 1) if self.told else ():
            day += step
            self._counted(day, number)
        return self._due(self._settle(end, step))

    def _corresponding(self, end: date, vi: str, en: str) -> tuple[date, datetime | None]:
        self._begin()
        self.tell(end, "counted", f"{show_day(end)}: {vi}", f"{show_day(end, 'en')}: {en}")
        return self._due(self._settle(end, _DAY if end >= self.day else -_DAY))

    def weeks(self, n: int) -> tuple[date, datetime | None]:
        """Weeks, to the corresponding weekday (148.2), moved off days off."""
        return self._corresponding(
            shift(self.day, days=7 * n), "ngày tương ứng của tuần cuối cùng", "the corresponding day of the last week"
        )

    def months(self, n: int) -> tuple[date, datetime | None]:
        """Months, to the corresponding date or the last day of the month (148.3), moved off days off."""
        end = shift(self.day, months=n)
        if end.day != self.day.day:
            return self._corresponding(
                end,
                "tháng cuối không có ngày tương ứng, kết thúc vào ngày cuối tháng",
                "the last month has no corresponding date and ends on its last day",
            )
        return self._corresponding(
            end, "ngày tương ứng của tháng cuối cùng", "the corresponding date of the last month"
        )

    def years(self, n: int) -> tuple[date, datetime | None]:
        """Years, to the corresponding date (148.4; 29 February as 148.3), moved off days off."""
        end = shift(self.day, months=12 * n)
        if end.day != self.day.day:
            return self._corresponding(
                end,
                "năm cuối không có ngày 29/02, kết thúc vào ngày cuối tháng 02",
                "the last year has no 29 February and ends on the last day of February",
            )
        return self._corresponding(
            end, "ngày, tháng tương ứng của năm cuối cùng", "the corresponding day and month of the last year"
        )

    def clock_hours(self, amount: int) -> tuple[date, datetime | None]:
        """Hours of the clock, running at once and through days off (147.1); never moved."""
        try:
            at = self.instant + timedelta(microseconds=amount)
        except OverflowError:
            raise _too_far(self.day, amount) from None
        if not FIRST_DAY <= at.date() <= LAST_DAY:
            raise _too_far(self.day, amount)
        self.tell(
            self.day,
            "start",
            f"{show_moment(self.instant)}: bắt đầu ngay, tính liên tục cả ngày nghỉ",
            f"{show_moment(self.instant, 'en')}: runs at once, through days off",
        )
        return self._due(at.date(), at)

    def effect_days(self, n: int) -> tuple[date, datetime | None]:
        """Days of the calendar to an effective date, which never moves."""
        self._begin()
        end = shift(self.day, days=n)
        self.tell(
            end,
            "note",
            f"{show_day(end)}: ngày thứ {n}; ngày có hiệu lực không dời theo ngày nghỉ",
            f"{show_day(end, 'en')}: day {n}; an effective date never moves over days off",
        )
        return end, None

    def working_days(self, n: int) -> tuple[date, datetime | None]:
        """Working days after the starting day."""
        self._begin()
        return self._due(self._walk(n))

    def working_days_before(self, n: int) -> tuple[date, datetime | None]:
        """Working days before the starting day."""
        self._begin()
        return self._due(self._walk(-n))

    def calendar_days_before(self, n: int) -> tuple[date, datetime | None]:
        """Days of the calendar before the starting day; a day off moves it further back."""
        return self.calendar_days(-n)

    def working_hours(self, amount: int) -> tuple[date, datetime | None]:
        """Working hours over the agency's sessions."""
        self.used_clock = True
        at = self.office.add(self.instant, timedelta(microseconds=amount), self.calendar)
        if self.told:
            self._tell_hours(amount, at)
        return self._due(at.date(), at)

    def _tell_hours(self, amount: int, at: datetime) -> None:
        begin = self.office.next_open(self.instant, self.calendar) if amount > 0 else self.instant
        if begin != self.start:
            self.tell(
                self.day,
                "start",
                f"{show_moment(self.instant)}: ngoài giờ làm việc, tính từ {show_moment(begin)}",
                f"{show_moment(self.instant, 'en')}: outside office hours, runs from {show_moment(begin, 'en')}",
            )
        else:
            self.tell(
                self.day, "start", f"{show_moment(begin)}: bắt đầu", f"{show_moment(begin, 'en')}: the period starts"
            )
        low, high = sorted((begin, at))
        for number in range(low.date().toordinal(), high.date().toordinal() + 1):
            day = date.fromordinal(number)
            if not self.calendar.is_working_day(day):
                self._skipped(day)
                continue
            first = max(low, self.office.opening(day))
            last = min(high, self.office.closing(day))
            hours = self.office.count(first, last, self.calendar) if last > first else timedelta(0)
            shown = f"{hours / timedelta(hours=1):.6g}"
            clock = ", ".join(map(str, self.office.sessions_on(day)))
            self.tell(
                day,
                "counted",
                f"{show_day(day)}: {shown.replace('.', ',')} giờ làm việc (các buổi {clock})",
                f"{show_day(day, 'en')}: {shown} working hours (sessions {clock})",
            )

    def next_working_morning(self, _: int) -> tuple[date, datetime | None]:
        """The end of the morning session of the next working day (QĐ 28/2018/QĐ-TTg Điều 6.2)."""
        self.used_clock = True
        day = self._at_the_latest()
        return self._due(day, self.office.morning_end(day))

    def next_working_day(self, _: int) -> tuple[date, datetime | None]:
        """The starting day, at the latest the next working day (NĐ 30/2020/NĐ-CP Điều 4.2c)."""
        return self._due(self._at_the_latest())

    def _at_the_latest(self) -> date:
        self.tell(
            self.day,
            "start",
            f"{show_day(self.day)}: phải làm ngay trong ngày, chậm nhất ngày làm việc tiếp theo",
            f"{show_day(self.day, 'en')}: to be done on the day, at the latest on the next working day",
        )
        return self._walk(1)

    def same_day(self, _: int) -> tuple[date, datetime | None]:
        """The starting day itself, moved if it is a day off."""
        self.tell(self.day, "start", f"{show_day(self.day)}: trong ngày", f"{show_day(self.day, 'en')}: within the day")
        return self._due(self._settle(self.day, _DAY))

    def cutoff_day(self, _: int) -> tuple[date, datetime | None]:
        """The starting day, or the next working day when received after 15:00 or on a day off."""
        return self._due(self._cut()[0])

    def cutoff_start(self, _: int) -> tuple[date, datetime | None]:
        """The starting day, or the beginning of the next working day when received after 15:00 or on a day off."""
        day, late = self._cut()
        if not late:
            return self._due(day)
        self.used_clock = True
        return self._due(day, self.office.opening(day))

    def _cut(self) -> tuple[date, bool]:
        """The same working day, or the next one when received after 15:00 (or on a day off)."""
        now = self.instant
        if not self.calendar.is_working_day(self.day):
            self._skipped(self.day)
            return self._walk_quietly(), True
        if now.time() <= _CUT_OFF:
            self.tell(
                self.day,
                "start",
                f"{show_moment(now)}: tiếp nhận không sau 15:00, trong ngày",
                f"{show_moment(now, 'en')}: received not after 15:00, the same day",
            )
            return self.day, False
        self.tell(
            self.day,
            "start",
            f"{show_moment(now)}: tiếp nhận sau 15:00, sang ngày làm việc tiếp theo",
            f"{show_moment(now, 'en')}: received after 15:00, the next working day",
        )
        return self._walk_quietly(), True

    def _walk_quietly(self) -> date:
        due = self.calendar.add_working_days(self.day, 1)
        day = self.day + _DAY
        while day < due:
            self._skipped(day)
            day += _DAY
        return due

    def roll(self, _: int) -> tuple[date, datetime | None]:
        """The starting day itself as a nominal due day, moved off days off."""
        return self._due(self._settle(self.day, _DAY))

    def at_once(self, _: int) -> tuple[date, datetime | None]:
        """At once, whatever the day."""
        vi, en = "làm ngay, không chờ ngày làm việc", "at once, whatever the day"
        self.tell(self.day, "start", f"{show_day(self.day)}: {vi}", f"{show_day(self.day, 'en')}: {en}")
        return self._due(self.day, self.start if isinstance(self.start, datetime) else None)


UNITS: dict[str, Callable[[Count, int], tuple[date, datetime | None]]] = {
    "at_once": Count.at_once,
    "calendar_days": Count.calendar_days,
    "calendar_days_before": Count.calendar_days_before,
    "clock_hours": Count.clock_hours,
    "cutoff_day": Count.cutoff_day,
    "cutoff_start": Count.cutoff_start,
    "effect_days": Count.effect_days,
    "months": Count.months,
    "next_working_day": Count.next_working_day,
    "next_working_morning": Count.next_working_morning,
    "roll": Count.roll,
    "same_day": Count.same_day,
    "weeks": Count.weeks,
    "working_days": Count.working_days,
    "working_days_before": Count.working_days_before,
    "working_hours": Count.working_hours,
    "years": Count.years,
}
"""Every unit by the name that the table of limits uses."""


def shift(day: date, *, days: int = 0, months: int = 0) -> date:
    """A day so many days or months on; ``UsageError`` where that leaves the range of the calendar."""
    try:
        if months:
            from dateutil.relativedelta import relativedelta

            end = day + relativedelta(months=months)
        else:
            end = day + timedelta(days=days)
    except (OverflowError, ValueError):
        raise _too_far(day, days or months) from None
    if not FIRST_DAY <= end <= LAST_DAY:
        raise _too_far(day, days or months)
    return end


def _too_far(day: date, amount: int) -> UsageError:
    return UsageError(
        f"the period from {day.isoformat()} leaves {FIRST_DAY.year}-{LAST_DAY.year}",
        f"thời hạn kể từ {day:%d/%m/%Y} vượt ra ngoài {FIRST_DAY.year}-{LAST_DAY.year}",
        field="amount",
        value=amount,
        rule="1975-2100",
    )
