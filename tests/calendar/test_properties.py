"""What must hold for every day and amount."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from vn_edoc.calendar import WorkCalendar

CALENDARS = [
    WorkCalendar.official(),
    WorkCalendar.official(swaps="statutory_only"),
    WorkCalendar.official(week=6),
    WorkCalendar.official(known_at=date(2025, 12, 24)),
]
calendars = st.sampled_from(CALENDARS)
days = st.dates(date(1980, 1, 1), date(2095, 12, 31))
amounts = st.integers(1, 1200)


@given(calendars, days, amounts)
def test_add_then_count_and_add_back(calendar: WorkCalendar, day: date, n: int) -> None:
    later = calendar.add_working_days(day, n)
    assert later > day
    assert calendar.is_working_day(later)
    assert calendar.count_working_days(day, later) == n
    back = calendar.add_working_days(later, -n)
    assert back == (day if calendar.is_working_day(day) else calendar.add_working_days(day, -1))


@given(calendars, days, days, amounts)
def test_adding_is_monotone(calendar: WorkCalendar, one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))
    assert calendar.add_working_days(first, n) <= calendar.add_working_days(second, n)
    assert calendar.add_working_days(first, n) < calendar.add_working_days(first, n + 1)
    assert calendar.add_working_days(first, -n) > calendar.add_working_days(first, -n - 1)


@given(calendars, days, days, days)
def test_counts_add_up(calendar: WorkCalendar, a: date, b: date, c: date) -> None:
    count = calendar.count_working_days
    assert count(a, b) + count(b, c) == count(a, c)
    assert count(a, a) == 0


@given(calendars, days, st.integers(-1200, 1200))
def test_never_lands_on_a_day_off(calendar: WorkCalendar, day: date, n: int) -> None:
    landed = calendar.add_working_days(day, n)
    assert calendar.is_working_day(landed)
    assert calendar.day(landed).is_working
    if n == 0:
        assert landed >= day
        assert not any(calendar.is_working_day(d.date) for d in calendar.days(day, landed) if d.date != landed)


@given(calendars, days, days)
def test_the_list_agrees_with_the_count(calendar: WorkCalendar, one: date, other: date) -> None:
    first, last = sorted((one, other))
    listed = calendar.working_days(first, last)
    assert len(listed) == calendar.count_working_days(first, last) + calendar.is_working_day(first)
