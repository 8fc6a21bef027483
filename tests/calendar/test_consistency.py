"""What keeps the data true when a year is added: every check of the data files against themselves and the law."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from vn_edoc.calendar import DayKind, Tables, WorkCalendar, YearStatus, deadline_rules
from vn_edoc.calendar.layers import usual_neighbour, usual_tet
from vn_edoc.calendar.periods import UNITS
from vn_edoc.calendar.tables import data_rows
from vn_edoc.law import basis

CALENDAR = WorkCalendar.official()
TABLES = Tables.bundled()
DATA = files("vn_edoc.calendar") / "data"
OFFICIAL = [y for y in range(1975, 2101) if CALENDAR.year_status(y) is YearStatus.OFFICIAL]


def special(year: int):  # type: ignore[no-untyped-def]
    return CALENDAR.special_days(date(year, 1, 1), date(year, 12, 31))


def test_every_official_year_has_its_checksum_and_meets_it() -> None:
    rows = {int(r["year"]): r for r in data_rows("working_days_per_year.csv")}
    assert sorted(rows) == OFFICIAL, "add the year's row to working_days_per_year.csv"
    for year, row in rows.items():
        first, last = date(year, 1, 1), date(year, 12, 31)
        assert (last - first).days + 1 == int(row["calendar_days"])
        assert len(CALENDAR.working_days(first, last)) == int(row["working_days"]), year
        off = sum(not d.is_working and d.date.weekday() < 5 for d in special(year))
        assert (off, sum(d.is_working for d in special(year))) == (
            int(row["weekdays_off"]),
            int(row["weekend_days_worked"]),
        ), year
        weekdays = sum((first + timedelta(days=n)).weekday() < 5 for n in range(int(row["calendar_days"])))
        assert weekdays - int(row["weekdays_off"]) + int(row["weekend_days_worked"]) == int(row["working_days"])


def test_every_row_has_a_source_and_reads_as_nfc() -> None:
    names = [f.name for f in DATA.iterdir() if f.name.endswith(".csv")]
    assert len(names) >= 9
    for name in names:
        text = (DATA / name).read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), name
        for row in csv.DictReader(text.splitlines()):
            if name != "deadline_rules.csv":  # titles; the limits carry the articles
                assert row.get("source") or row.get("document") or row.get("basis"), (name, row)
    for row in TABLES.decisions:
        assert row.source.document
        assert row.source.url.startswith("http")
        assert row.source.certainty in {"certain", "high", "medium"}
        assert row.source.published_from <= row.source.published_by
        # A decision reaches officers before the first day that it changes.
        if row.item == "swap":
            assert row.source.published_by < min(map(date.fromisoformat, row.value.split(">"))), row


def test_each_compensation_follows_the_law() -> None:
    """BLLĐ 2019 Điều 111.3, written out anew: in order of date, the next day neither rest nor off nor taken."""
    for year in OFFICIAL:
        holidays = [d.date for d in special(year) if d.kind is DayKind.STATUTORY]
        taken = set(holidays)
        expected = []
        for day in holidays:
            if day.weekday() > 4:
                free = day
                while free.weekday() > 4 or free in taken:
                    free += timedelta(days=1)
                taken.add(free)
                expected.append((free, day))
        found = [(d.date, d.counterpart) for d in special(year) if d.kind is DayKind.COMPENSATORY]
        assert found == sorted(expected), year


def test_each_swap_balances() -> None:
    swapped = [d for y in OFFICIAL for d in special(y) if d.kind in (DayKind.SWAPPED_OFF, DayKind.SWAPPED_WORK)]
    assert len(swapped) == 2 * sum(row.item == "swap" for row in TABLES.decisions)
    for day in swapped:
        assert day.counterpart is not None
        other = CALENDAR.day(day.counterpart)
        assert other.counterpart == day.date
        assert {day.kind, other.kind} == {DayKind.SWAPPED_OFF, DayKind.SWAPPED_WORK}
        assert (day.date.weekday() > 4) is (day.kind is DayKind.SWAPPED_WORK)
        assert day.source == other.source
        assert abs((day.date - other.date).days) <= 31
    plain = WorkCalendar.official(swaps="statutory_only")
    first, last = date(OFFICIAL[0], 1, 1), date(OFFICIAL[-1], 12, 31)
    assert plain.count_working_days(first, last) == CALENDAR.count_working_days(first, last)


def test_decided_years_have_all_their_decisions_once() -> None:
    keys = [(d.year, d.item, d.value if d.item == "swap" else "") for d in TABLES.decisions]
    assert len(keys) == len(set(keys))
    assert list(range(OFFICIAL[0], OFFICIAL[-1] + 1)) == OFFICIAL
    for year in OFFICIAL:
        tet = [d for d in special(year) if d.kind is DayKind.STATUTORY and d.name.startswith("Tết Âm")]
        assert len(tet) == (4 if year < 2014 else 5)
        national = [d for d in special(year) if d.kind is DayKind.STATUTORY and d.name.startswith("Quốc khánh")]
        assert len(national) == (1 if year < 2021 else 2)


def test_projections_repeat_what_was_always_decided() -> None:
    for row in TABLES.decisions:
        if row.item == "tet" and row.year >= 2015:
            before, after = usual_tet(TABLES.lunar[row.year].tet, 5)
            assert row.value == f"{before}+{after}", row.year
        elif row.item == "national_day":
            assert row.value == usual_neighbour(date(row.year, 9, 2)), row.year


def test_the_lunar_table_is_a_calendar() -> None:
    years = [TABLES.lunar[y] for y in range(1975, 2101)]
    for one, following in pairwise(years):
        length = (following.tet - one.tet).days
        assert length in ((354, 355) if one.leap_month is None else (383, 384, 385)), one.year
    for year in years:
        assert date(year.year, 1, 20) <= year.tet <= date(year.year, 2, 21)
        months = 2 + (year.leap_month in (1, 2))
        assert 29 * months + 9 <= (year.hung_kings - year.tet).days <= 30 * months + 9
        assert year.last_day_of_chap in (29, 30)
    assert [y.year for y in years if y.tet.year != y.year] == []


@pytest.mark.parametrize("rule", deadline_rules().values(), ids=lambda r: r.id)
def test_every_rule_is_whole(rule) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"[a-z_0-9]+(\.[a-z_0-9]+)?", rule.id)
    for text in (rule.title_vi, rule.title_en, rule.start_vi, rule.start_en):
        assert text
    assert rule.receipt in ("", "next_session", "system_time")
    for limit in rule.limits:
        assert limit.unit in UNITS
        assert limit.certainty in ("official", "excerpt", "secondary", "unverified")
        assert bool(limit.note_vi) is bool(limit.note_en)
        for reference in limit.basis:
            assert basis(reference).act
        assert limit.valid_to is None or limit.valid_from <= limit.valid_to
    for case in {(limit.case, limit.keyword) for limit in rule.limits}:
        spans = sorted((x for x in rule.limits if (x.case, x.keyword) == case), key=lambda x: x.valid_from)
        for one, following in pairwise(spans):
            assert one.valid_to is not None
            assert one.valid_to + timedelta(days=1) == following.valid_from, (rule.id, case)


def test_every_rule_of_the_design_is_there() -> None:
    design = """civil.days civil.weeks civil.months civil.years civil.hours working.days working.hours
    working.days_before qd28.send nd30.issue nd30.submit nd30.acknowledge onestop.transfer onestop.return_incomplete
    onestop.process onestop.apology onestop.notify_online onestop.answer_online onestop.close_incomplete onestop.forward
    certification.same_day civil_status.same_day secured_transaction complaint.accept complaint.first complaint.second
    complaint.limitation complaint.send_decision denunciation.resolve info_access.electronic archive.submit
    archive.submit_construction law.effective_central law.effective_local tax.due"""
    assert set(deadline_rules()) == set(design.split())
