"""The calendar against the official list, the checksums and the lunar table."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from vn_edoc.calendar import DayKind, WorkCalendar, YearStatus
from vn_edoc.calendar.tables import Tables

CALENDAR = WorkCalendar.official()


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_no_wrong_day_against_the_official_list(shared: Path) -> None:
    official = {date.fromisoformat(r["date"]): r for r in rows(shared / "data" / "vn_holidays_official.csv")}
    assert len(official) == 280
    for day in every_day(date(2010, 1, 1), date(2027, 12, 31)):
        fact = CALENDAR.day(day)
        row = official.get(day)
        if row is None:
            assert fact.kind is (DayKind.WEEKEND if day.weekday() > 4 else DayKind.WORKING), day
        else:
            told = (fact.kind.value, fact.name, fact.source, fact.url, fact.certainty)
            assert told == (row["kind"], row["name"], row["source_document"], row["source_url"], row["certainty"]), day
        assert CALENDAR.is_working_day(day) is fact.is_working
        assert fact.year_status is YearStatus.OFFICIAL


def test_where_the_best_package_is_wrong_we_are_right(shared: Path) -> None:
    differences = rows(shared / "data" / "package_diffs_2010_2027.csv")
    assert len(differences) == 17
    for row in differences:
        worked = row["difference"] == "package_off_official_work"
        assert CALENDAR.is_working_day(date.fromisoformat(row["date"])) is worked


def test_working_days_per_year_match_the_checksums(shared: Path) -> None:
    for row in rows(shared / "data" / "vn_working_days_per_year.csv"):
        year = int(row["year"])
        first, last = date(year, 1, 1), date(year, 12, 31)
        assert len(CALENDAR.working_days(first, last)) == int(row["working_days_state_agency"])
        special = CALENDAR.special_days(first, last)
        assert sum(not d.is_working and d.date.weekday() < 5 for d in special) == int(row["weekday_days_off"])
        assert sum(d.is_working for d in special) == int(row["worked_weekend_days"])


def test_all_lunar_rows(shared: Path) -> None:
    table = Tables.bundled().lunar
    theirs = rows(shared / "data" / "tet_hungking_1975_2100.csv")
    assert len(theirs) == len(table) == 126
    for row in theirs:
        year = int(row["lunar_year"])
        ours = table[year]
        assert (ours.tet.isoformat(), ours.hung_kings.isoformat()) == (row["tet_mung1"], row["gio_to_10_3"])
        assert (str(ours.leap_month or ""), str(ours.last_day_of_chap)) == (row["leap_month"], row["last_day_of_chap"])
        assert CALENDAR.day(ours.tet).name == "Tết Âm lịch (mùng 1)"
        assert not CALENDAR.is_working_day(ours.tet)
        eve = CALENDAR.day(ours.tet - timedelta(days=1))
        assert eve.name == f"Tết Âm lịch ({ours.last_day_of_chap} tháng Chạp)"
        assert CALENDAR.day(ours.hung_kings).name.startswith("Giỗ Tổ") is (year >= 2007)


def test_a_worked_sunday_and_a_year_of_working_days() -> None:
    assert CALENDAR.is_working_day(date(2011, 1, 30))
    assert CALENDAR.add_working_days(date(2026, 1, 15), 250) == date(2027, 1, 18)


@pytest.mark.parametrize(
    ("day", "working"), [(date(2025, 11, 24), True), (date(2026, 11, 24), False), (date(2026, 11, 23), True)]
)
def test_the_culture_day_begins_in_2026(day: date, working: bool) -> None:
    assert CALENDAR.is_working_day(day) is working
