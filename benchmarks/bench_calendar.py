"""Working days, working hours and their imports against holidays, numpy, pandas and businesstimedelta."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable

import businesstimedelta
import holidays
import numpy as np

from benchmarks.harness import Row, compare
from vn_edoc.calendar import Day, OfficeHours, WorkCalendar, add_many, deadline
from vn_edoc.findings import VIETNAM

AREA = "calendar"
DAY = dt.date(2026, 1, 15)
FRIDAY = dt.datetime(2026, 3, 6, 16, tzinfo=VIETNAM)
YEARS = range(2009, 2029)


def run() -> list[Row]:
    """All rows; each peer is given the same official days as far as it can express them."""
    return [*_days(), *_vectors(), *_hours(), _import()]


def _days() -> list[Row]:
    calendar = WorkCalendar.official()
    add, working, count = calendar.add_working_days, calendar.is_working_day, calendar.count_working_days
    off = [d.date for y in range(2010, 2028) for d in _special(calendar, y) if not d.is_working]
    busday = np.busdaycalendar(holidays=off)
    theirs = holidays.country_holidays("VN", years=YEARS)
    later = add(DAY, 250)
    first, last = np.datetime64(DAY), np.datetime64(later)

    def loop() -> int:
        day, n = DAY, 0
        while day < later:
            day += dt.timedelta(days=1)
            n += theirs.is_working_day(day)
        return n

    rows = []
    for n, floor in ((10, 40.0), (250, 1000.0)):
        rows.append(
            compare(
                AREA,
                f"add {n} working days to a date",
                lambda n=n: add(DAY, n),
                "numpy.busday_offset",
                lambda n=n: np.busday_offset(DAY, n, busdaycal=busday),
                5.0,
            )
        )
        rows.append(
            compare(
                AREA,
                f"add {n} working days to a date",
                lambda n=n: add(DAY, n),
                "holidays.get_nth_working_day",
                lambda n=n: theirs.get_nth_working_day(DAY, n),
                floor,
            )
        )
    rows.append(
        compare(
            AREA,
            "add 250 against add 10 (constant in n)",
            lambda: add(DAY, 250),
            "ourselves, 10",
            lambda: add(DAY, 10),
            0.5,
        )
    )
    rows.append(
        compare(
            AREA,
            "is_working_day of a date",
            lambda: working(DAY),
            "numpy.is_busday",
            lambda: np.is_busday(DAY, busdaycal=busday),
            5.0,
        )
    )
    rows.append(
        compare(
            AREA,
            "is_working_day of a date",
            lambda: working(DAY),
            "holidays.is_working_day",
            lambda: theirs.is_working_day(DAY),
            1.0,
        )
    )
    rows.append(
        compare(
            AREA,
            "count working days over 250",
            lambda: count(DAY, later),
            "numpy.busday_count",
            lambda: np.busday_count(first, last, busdaycal=busday),
            5.0,
        )
    )
    rows.append(
        compare(
            AREA,
            "count working days over 250",
            lambda: count(DAY, later),
            "holidays.is_working_day, day loop",
            loop,
            10.0,
        )
    )
    rows.append(
        compare(
            AREA,
            "deadline('working.days', days=5), explained",
            lambda: deadline("working.days", DAY, days=5),
            "holidays.get_nth_working_day, bare",
            lambda: theirs.get_nth_working_day(DAY, 5),
            0.01,
        )
    )
    return rows


def _special(calendar: WorkCalendar, year: int) -> tuple[Day, ...]:
    return calendar.special_days(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _vectors() -> list[Row]:
    calendar = WorkCalendar.official()
    base = np.datetime64("1975-01-01")
    days = np.datetime64("2010-01-01") + np.random.default_rng(7).integers(0, 6000, 1_000_000)
    worked = np.frombuffer(calendar.worked, dtype=np.bool_)
    rank = np.cumsum(worked)
    work = (base + np.arange(len(worked)))[worked]

    def prefix() -> object:
        return work[rank[(days - base).view(np.int64)] + 9]

    assert (prefix() == add_many(calendar, days, 10)).all()
    off = [d.date for y in range(2010, 2028) for d in _special(calendar, y) if not d.is_working]
    busday = np.busdaycalendar(holidays=off)
    return [
        compare(
            AREA,
            "add 10 to 1e6 dates (array)",
            lambda: add_many(calendar, days, 10),
            "numpy prefix counts, unchecked",
            prefix,
            1 / 3,
        ),
        compare(
            AREA,
            "add 10 to 1e6 dates (array)",
            lambda: add_many(calendar, days, 10),
            "numpy.busday_offset",
            lambda: np.busday_offset(days, 10, roll="backward", busdaycal=busday),
            2.0,
        ),
    ]


def _hours() -> list[Row]:
    calendar, office = WorkCalendar.official(), OfficeHours()
    theirs = holidays.country_holidays("VN", years=YEARS)
    workday = businesstimedelta.WorkDayRule(
        start_time=dt.time(7, 30), end_time=dt.time(17), working_days=[0, 1, 2, 3, 4]
    )
    lunch = businesstimedelta.LunchTimeRule(
        start_time=dt.time(11, 30), end_time=dt.time(13), working_days=[0, 1, 2, 3, 4]
    )
    rules = businesstimedelta.Rules([workday, lunch, businesstimedelta.HolidayRule(theirs)])
    naive = FRIDAY.replace(tzinfo=None)
    rows = []
    for hours in (2, 80):
        amount = businesstimedelta.BusinessTimeDelta(rules, hours=hours)
        rows.append(
            compare(
                AREA,
                f"Friday 16:00 plus {hours} working hours",
                lambda hours=hours: office.add(FRIDAY, hours, calendar),
                "businesstimedelta",
                lambda amount=amount: naive + amount,
                100.0,
                rounds=5,
            )
        )
    return rows


def _import() -> Row:
    def start(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    def best(call: Callable[[], object]) -> float:
        times = []
        for _ in range(9):
            begin = time.perf_counter()
            call()
            times.append(time.perf_counter() - begin)
        return min(times)

    bare = best(start("pass"))
    ours = best(start("import vn_edoc.calendar")) - bare
    return Row(AREA, "import over bare Python (peer: the budget)", "25 ms", max(ours, 1e-4), 0.025, 1.0)
