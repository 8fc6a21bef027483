"""Office hours: sessions, seasons, provinces, and arithmetic against a walk minute by minute."""

from __future__ import annotations

import csv
import pickle
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vn_edoc.calendar import OfficeHours, Schedule, Session, WorkCalendar
from vn_edoc.calendar.localities import localities, presets
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

CALENDAR = WorkCalendar.official()
DEFAULT = OfficeHours()
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-06T16:00", 2, "2026-03-09T08:30"),
        ("2026-02-13T15:30", 8, "2026-02-23T15:30"),  # Tết lies between
        ("2026-08-21T16:00", 4, "2026-08-22T10:30"),  # a made-up Saturday
        ("2026-03-06T12:00", 2, "2026-03-06T15:00"),  # received at lunch
        ("2026-03-06T15:00", 2, "2026-03-06T17:00"),  # ends with the session, not the next morning
        ("2026-03-06T09:30", 2, "2026-03-06T11:30"),
        ("2026-03-06T18:30", 8, "2026-03-09T17:00"),  # after hours on a Friday
        ("2026-03-07T10:00", 1, "2026-03-09T08:30"),  # on a Saturday
        ("2026-03-06T05:00", 1, "2026-03-06T08:30"),
        ("2026-03-09T08:30", -2, "2026-03-06T16:00"),
        ("2026-03-09T13:30", -0.5, "2026-03-09T13:00"),
        ("2026-03-09T12:00", -4, "2026-03-09T07:30"),
        ("2026-02-23T15:30", -8, "2026-02-13T15:30"),
        ("2026-03-06T12:00", 0, "2026-03-06T13:00"),
        ("2026-03-06T17:00", 0, "2026-03-09T07:30"),
    ],
)
def test_working_hours_by_hand(start: str, hours: float, expected: str) -> None:
    assert DEFAULT.add(at(start), hours, CALENDAR) == at(expected)


def walk(office: OfficeHours, start: datetime, minutes: int) -> datetime:
    """Minute by minute, over the public questions only."""
    now, step = start, (MINUTE if minutes > 0 else -MINUTE)
    left = abs(minutes)
    while left:
        worked = office.is_open(now if minutes > 0 else now - MINUTE, CALENDAR)
        now += step
        left -= worked
    return now


CLOCKS = [
    DEFAULT,
    OfficeHours("08:00-11:30", "13:00-17:30"),
    OfficeHours("07:00-15:00"),
    OfficeHours.preset("two-seasons"),
    OfficeHours.province("Nghệ An"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CLOCKS),
    st.datetimes(datetime(2022, 10, 1), datetime(2026, 11, 1)),
    st.integers(-1500, 1500).filter(bool),
)
def test_arithmetic_equals_a_walk(office: OfficeHours, moment: datetime, minutes: int) -> None:
    start = moment.replace(second=0, microsecond=0, tzinfo=VIETNAM)
    found = office.add(start, timedelta(minutes=minutes), CALENDAR)
    assert found == walk(office, start, minutes)
    assert office.count(start, found, CALENDAR) == timedelta(minutes=minutes)


@given(
    st.sampled_from(CLOCKS),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.timedeltas(timedelta(days=-300), timedelta(days=300)),
)
def test_count_returns_what_was_added(office: OfficeHours, moment: datetime, amount: timedelta) -> None:
    start = moment.replace(tzinfo=VIETNAM)
    found = office.add(start, amount, CALENDAR)
    assert office.count(start, found, CALENDAR) == amount
    assert CALENDAR.is_working_day(found.date())
    assert office.count(found, start, CALENDAR) == -amount


def test_amounts_of_every_kind() -> None:
    start = at("2026-03-06T08:00")
    for amount in (1.5, Fraction(3, 2), Decimal("1.5"), timedelta(minutes=90)):
        assert DEFAULT.add(start, amount, CALENDAR) == at("2026-03-06T09:30")  # type: ignore[arg-type]
    for wrong in ("2", None, True, float("nan"), float("inf")):
        with pytest.raises(UsageError):
            DEFAULT.add(start, wrong, CALENDAR)  # type: ignore[arg-type]


def test_moments_are_read_in_vietnam() -> None:
    assert DEFAULT.add(datetime(2026, 3, 6, 9, tzinfo=UTC), 2, CALENDAR) == at("2026-03-09T08:30")
    assert DEFAULT.is_open(datetime(2026, 3, 6, 9, tzinfo=UTC), CALENDAR)
    for wrong in (datetime(2026, 3, 6, 9), date(2026, 3, 6), "2026-03-06"):
        with pytest.raises(UsageError):
            DEFAULT.add(wrong, 2, CALENDAR)  # type: ignore[arg-type]


def test_the_range_ends_with_an_error_of_ours() -> None:
    with pytest.raises(UsageError):
        DEFAULT.add(at("2026-03-06T08:00"), 10**7, CALENDAR)
    with pytest.raises(UsageError):
        DEFAULT.add(at("2026-03-06T08:00"), 10**6000, CALENDAR)
    with pytest.raises(UsageError):
        DEFAULT.add(at("2026-03-06T08:00"), -(10**7), CALENDAR)
    with pytest.raises(UsageError):
        OfficeHours.province("Nghệ An").add(at("2026-03-06T08:00"), 10**7, CALENDAR)


@pytest.mark.parametrize(
    ("office", "end"),
    [
        (DEFAULT, time(11, 30)),
        (OfficeHours("07:30-12:00", "13:30-17:00"), time(12)),
        (OfficeHours("07:00-15:00"), time(12)),
        (OfficeHours("07:00-09:00", "09:15-11:45", "13:00-17:00"), time(11, 45)),
        (OfficeHours("13:00-17:00"), time(12)),
    ],
)
def test_the_morning_ends_with_its_session(office: OfficeHours, end: time) -> None:
    assert office.morning_end(date(2026, 3, 6)) == datetime.combine(date(2026, 3, 6), end, VIETNAM)


@pytest.mark.parametrize("wrong", ["11:30-07:30", "07:30", "7h30-11h30", "", "07:30-07:30", "07:30-11:30-12:00"])
def test_wrong_sessions_are_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        Session.parse(wrong)
    with pytest.raises(UsageError):
        OfficeHours("07:30-11:30", "11:00-17:00")
    with pytest.raises(UsageError):
        OfficeHours(schedules=[Schedule(())])


def test_the_default_is_an_assumption_and_a_given_clock_is_not() -> None:
    day = date(2026, 3, 6)
    assert DEFAULT.schedule_on(day).assumed
    assert [str(s) for s in DEFAULT.sessions_on(day)] == ["07:30-11:30", "13:00-17:00"]
    given_clock = OfficeHours("07:30-11:30", "13:00-17:00")
    assert not given_clock.schedule_on(day).assumed
    assert given_clock != DEFAULT
    assert pickle.loads(pickle.dumps(CLOCKS)) == CLOCKS
    assert len({*CLOCKS, OfficeHours()}) == len(CLOCKS)


def test_seasons_change_the_clock() -> None:
    office = OfficeHours.preset("two-seasons")
    assert [office.opening(date(2026, 4, d)).time() for d in (15, 16)] == [time(7, 30), time(7)]
    assert [office.opening(date(2026, 10, d)).time() for d in (15, 16)] == [time(7), time(7, 30)]
    # 15 April, 16:00: one hour by the winter clock, then from 07:00 by the summer clock.
    assert office.add(at("2026-04-15T16:00"), 2, CALENDAR) == at("2026-04-16T08:00")


def test_provinces_as_announced(shared: Path) -> None:
    text = (shared / "data" / "working_hours_examples.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {(r["locality"], r["scope"]) for r in rows} == set(localities())
    for row in rows:
        office = OfficeHours.province(row["locality"], row["scope"])
        day = date.fromisoformat(row["valid_from"])
        schedule = office.schedule_on(day)
        assert [str(s) for s in schedule.sessions] == [row["morning"], row["afternoon"]]
        assert not schedule.assumed
        assert office.count(at("2026-03-06T00:00"), at("2026-03-07T00:00"), CALENDAR) == timedelta(
            hours=float(row["hours_per_day"])
        )


def test_another_years_season_is_flagged() -> None:
    office = OfficeHours.province("nghệ an")
    assert not office.schedule_on(date(2023, 7, 3)).assumed
    assert office.schedule_on(date(2026, 7, 3)).assumed
    assert office.sessions_on(date(2026, 7, 3)) == office.sessions_on(date(2023, 7, 3))
    assert office.sessions_on(date(2026, 12, 1))[0].end == time(12)
    assert OfficeHours.province("Hải Dương").schedule_on(date(2026, 12, 1)).label == "giờ mặc định"
    one_stop = OfficeHours.province("Thừa Thiên Huế", "một cửa")
    assert one_stop.sessions_on(date(2026, 3, 6)) == DEFAULT.sessions_on(date(2026, 3, 6))
    for wrong in (("Atlantis",), ("Nghệ An", "không có")):
        with pytest.raises(UsageError):
            OfficeHours.province(*wrong)


def test_presets() -> None:
    assert "default" in presets()
    for name in presets():
        office = OfficeHours.preset(name)
        for day in (date(2026, 1, 15), date(2026, 7, 15)):
            assert not office.schedule_on(day).assumed
            assert office.count(at(f"{day}T00:00"), at(f"{day}T23:59"), CALENDAR) == timedelta(hours=8)
    with pytest.raises(UsageError):
        OfficeHours.preset("siesta")


def test_a_season_may_end_on_leap_day_or_run_over_new_year() -> None:
    short = (Session(time(8), time(10)),)
    leap = OfficeHours(schedules=[Schedule(short, season=((2, 1), (2, 29)))])
    winter = OfficeHours(schedules=[Schedule(short, season=((12, 15), (1, 15)))])
    for office, start in ((leap, "2024-02-28T09:00"), (leap, "2025-02-28T09:00"), (winter, "2025-12-12T16:00")):
        for minutes in (30, 200, 900, 3000):
            found = office.add(at(start), timedelta(minutes=minutes), CALENDAR)
            assert found == walk(office, at(start), minutes)
    for wrong in ({"season": ((2, 30), (3, 1))}, {"season": ((13, 1), (1, 1))}):
        with pytest.raises(UsageError):
            Schedule(short, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        Schedule(short, date(2026, 2, 1), date(2026, 1, 1))


@given(st.text(max_size=12))
def test_any_text_is_a_session_or_our_own_error(text: str) -> None:
    try:
        session = Session.parse(text)
    except UsageError:
        return
    assert session.start < session.end
