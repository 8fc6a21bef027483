"""Day facts: kinds, sources, statuses, policies, what was known when."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vn_edoc.calendar import DayKind, Override, Tables, WorkCalendar, YearStatus
from vn_edoc.errors import UsageError

CALENDAR = WorkCalendar.official()
NEW_YEAR_BRIDGE, MADE_UP = date(2026, 1, 2), date(2026, 1, 10)


def test_a_day_tells_kind_names_source_and_certainty() -> None:
    fact = CALENDAR.day(date(2026, 4, 27))
    assert fact.kind is DayKind.COMPENSATORY
    assert fact.name == "Nghỉ bù Giỗ Tổ Hùng Vương (10/3 âm lịch) (26/04/2026)"
    assert fact.name_en.startswith("In lieu of Hung Kings'")
    assert fact.source == "Bộ luật Lao động 45/2019/QH14 Điều 111-112"
    assert (fact.certainty, fact.counterpart) == ("certain", date(2026, 4, 26))
    plain = CALENDAR.day(date(2026, 3, 4))
    assert (plain.kind, plain.name, plain.certainty) == (DayKind.WORKING, "Ngày làm việc", "certain")
    assert plain.source.startswith("Quyết định 188/1999/QĐ-TTg")
    assert CALENDAR.day(date(2026, 3, 7)).kind is DayKind.WEEKEND
    assert CALENDAR.day(date(2027, 3, 3)).certainty == "high"
    for kind in DayKind:
        assert kind.label("vi") != kind.label("en")


def test_both_halves_of_a_swap_name_each_other() -> None:
    off, worked = CALENDAR.day(NEW_YEAR_BRIDGE), CALENDAR.day(MADE_UP)
    assert (off.counterpart, worked.counterpart) == (MADE_UP, NEW_YEAR_BRIDGE)
    assert off.source == worked.source == "Công văn 12729/VPCP-KGVX ngày 25/12/2025"
    assert (off.is_working, worked.is_working) == (False, True)


@pytest.mark.parametrize(("known", "off"), [(date(2025, 12, 24), False), (date(2025, 12, 25), True)])
def test_the_bridge_day_of_2026_was_known_on_christmas_2025(known: date, off: bool) -> None:
    then = WorkCalendar.official(known_at=known)
    assert then.is_working_day(NEW_YEAR_BRIDGE) is not off
    assert then.is_working_day(MADE_UP) is off
    assert then.year_status(2026) is YearStatus.OFFICIAL  # Tết and 2 September had been decided in October
    assert not then.day(NEW_YEAR_BRIDGE).known_at_uncertain


def test_what_was_not_yet_published_is_projected() -> None:
    before = WorkCalendar.official(known_at=date(2025, 10, 12))
    assert before.year_status(2026) is YearStatus.PROJECTED
    assert before.day(date(2026, 2, 16)).certainty == "projected"
    assert before.day(date(2026, 3, 4)).certainty == "projected"
    assert before.is_working_day(date(2026, 8, 31))
    assert before.is_working_day(date(2026, 11, 24))  # the resolution came on 24 April 2026
    assert WorkCalendar.official(known_at=date(2026, 4, 23)).is_working_day(date(2026, 11, 24))
    assert not WorkCalendar.official(known_at=date(2026, 4, 24)).is_working_day(date(2026, 11, 24))
    # Before the 2019 code, 2 September was one day, also for 2021.
    old = WorkCalendar.official(known_at=date(2019, 11, 19))
    assert old.is_working_day(date(2021, 9, 3))
    assert WorkCalendar.official(known_at=date(2019, 11, 20)).day(date(2021, 9, 3)).certainty == "projected"


def test_an_uncertain_day_of_publication_is_flagged() -> None:
    day = date(2017, 1, 27)  # dated 14 November 2016, first reported on the 16th
    inside = WorkCalendar.official(known_at=date(2016, 11, 15))
    assert inside.day(day).known_at_uncertain
    assert inside.day(date(2017, 3, 1)).known_at_uncertain
    assert inside.year_status(2017) is YearStatus.PROJECTED
    after = WorkCalendar.official(known_at=date(2016, 11, 16))
    assert after.day(day).known_at_uncertain
    assert after.year_status(2017) is YearStatus.OFFICIAL
    before = WorkCalendar.official(known_at=date(2016, 10, 31))
    assert not before.day(day).known_at_uncertain


def test_a_moment_stands_for_its_day_in_vietnam() -> None:
    evening = datetime(2026, 8, 21, 18, tzinfo=UTC)  # 01:00 on Saturday 22 August in Vietnam, a made-up day
    assert CALENDAR.is_working_day(evening)
    assert CALENDAR.add_working_days(evening, 1) == date(2026, 8, 24)
    assert CALENDAR.count_working_days(evening, date(2026, 8, 24)) == 1
    assert CALENDAR.day(evening).kind is DayKind.SWAPPED_WORK
    assert WorkCalendar.official(known_at=evening).known_at == date(2026, 8, 22)


@pytest.mark.parametrize("wrong", [datetime(2026, 8, 21, 18), "2026-08-21", None, 20260821, [date(2026, 1, 1)]])
def test_naive_moments_and_other_types_are_refused(wrong: object) -> None:
    for ask in (
        CALENDAR.is_working_day,
        CALENDAR.day,
        lambda d: CALENDAR.add_working_days(d, 1),
        lambda d: CALENDAR.count_working_days(d, date(2026, 1, 1)),
    ):
        with pytest.raises(UsageError) as caught:
            ask(wrong)  # type: ignore[arg-type]
        assert caught.value.field
        assert caught.value.message("vi") != caught.value.message("en")


def test_the_naive_moment_is_told_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"2026-08-21T18:00:00\+07:00"):
        CALENDAR.is_working_day(datetime(2026, 8, 21, 18))


@pytest.mark.parametrize("n", [1.5, "1", None])
def test_an_amount_must_be_whole(n: object) -> None:
    with pytest.raises(UsageError) as caught:
        CALENDAR.add_working_days(date(2026, 1, 15), n)  # type: ignore[arg-type]
    assert caught.value.field == "n"


def test_outside_1975_to_2100_is_a_clear_error() -> None:
    for day in (date(1974, 12, 31), date(2101, 1, 1), date.min, date.max):
        with pytest.raises(UsageError, match="1975-2100"):
            CALENDAR.is_working_day(day)
    for day, n in (
        (date(2100, 12, 20), 10_000),
        (date(1975, 1, 10), -100),
        (date(2100, 12, 31), 1),
        (date(2026, 1, 15), 10**6000),
    ):
        with pytest.raises(UsageError, match="leave the range"):
            CALENDAR.add_working_days(day, n)
    with pytest.raises(UsageError):
        CALENDAR.year_status(2101)
    with pytest.raises(UsageError):
        WorkCalendar.official(known_at=date(1974, 1, 1))


def test_later_years_come_from_the_statute_and_are_marked() -> None:
    assert CALENDAR.year_status(2027) is YearStatus.OFFICIAL
    assert CALENDAR.year_status(2028) is YearStatus.PROJECTED
    tet = CALENDAR.day(date(2028, 1, 26))
    assert (tet.kind, tet.name, tet.certainty) == (DayKind.STATUTORY, "Tết Âm lịch (mùng 1)", "projected")
    assert CALENDAR.day(date(2028, 11, 24)).name == "Ngày Văn hóa Việt Nam"
    assert CALENDAR.day(date(2030, 2, 2)).name == "Tết Âm lịch (mùng 1)"  # 3 February in China
    assert CALENDAR.day(date(2085, 4, 3)).certainty == "projected"


def test_the_week_had_six_days_before_october_1999() -> None:
    assert CALENDAR.is_working_day(date(1999, 9, 25))
    assert not CALENDAR.is_working_day(date(1999, 10, 2))
    assert not CALENDAR.is_working_day(date(1999, 9, 26))


def test_strict_refuses_years_that_are_not_official() -> None:
    strict = WorkCalendar.official(strict=True)
    assert strict.add_working_days(date(2027, 12, 30), 1) == date(2027, 12, 31)
    assert (strict.first_day, strict.last_day) == (date(2010, 1, 1), date(2027, 12, 31))
    with pytest.raises(UsageError, match="projected, and the calendar is strict"):
        strict.is_working_day(date(2028, 1, 5))
    with pytest.raises(UsageError):
        strict.add_working_days(date(2027, 12, 31), 1)
    with pytest.raises(UsageError):
        strict.add_working_days(date(2010, 1, 4), -1)
    with pytest.raises(UsageError):
        WorkCalendar.official(strict=True, known_at=date(2001, 1, 1))


def test_swaps_may_be_left_out() -> None:
    statutory = WorkCalendar.official(swaps="statutory_only")
    assert statutory.is_working_day(NEW_YEAR_BRIDGE)
    assert not statutory.is_working_day(MADE_UP)
    assert not statutory.is_working_day(date(2026, 4, 27))  # compensation is law, not a swap
    assert CALENDAR.variant(swaps="statutory_only") is statutory


def test_a_six_day_week() -> None:
    six = WorkCalendar.official(week=6)
    assert six.swaps == "statutory_only"
    assert CALENDAR.variant(week=6) is six
    assert six.variant(week=5) is CALENDAR
    assert six.is_working_day(date(2026, 3, 7))
    assert not six.is_working_day(date(2026, 3, 8))
    # Saturday 1 May 2027 is no day of rest there, so nothing is compensated; Sunday 26 April 2026 is.
    assert six.is_working_day(date(2027, 5, 3))
    assert six.day(date(2026, 4, 27)).kind is DayKind.COMPENSATORY
    for wrong in ({"week": 6, "swaps": "agency"}, {"week": 7}, {"swaps": "some"}):
        with pytest.raises(UsageError):
            WorkCalendar.official(**wrong)  # type: ignore[arg-type]


def test_an_agency_may_override() -> None:
    storm = Override(date(2026, 9, 10), False, "Nghỉ tránh bão", "Storm closure", "Công điện 01/CĐ-UBND (ví dụ)")
    extra = Override(date(2026, 9, 12), True, "Làm thay", "Worked instead", "Thông báo 02/TB-UBND (ví dụ)")
    own = WorkCalendar.official(overrides=[storm, extra])
    assert not own.is_working_day(storm.day)
    assert own.is_working_day(extra.day)
    assert own.day(storm.day).kind is DayKind.AGENCY_OFF
    assert (own.day(extra.day).certainty, own.day(extra.day).source) == ("agency", extra.source)
    assert CALENDAR.is_working_day(storm.day)
    with pytest.raises(UsageError):
        WorkCalendar.official(overrides=[date(2026, 9, 10)])  # type: ignore[list-item]
    for wrong in (replace(storm, source=""), replace(storm, name_en=""), replace(storm, day=date(2101, 1, 1))):
        with pytest.raises(UsageError):
            WorkCalendar.official(overrides=[wrong])


def test_calendars_are_shared_and_travel() -> None:
    assert WorkCalendar.official() is CALENDAR
    then = WorkCalendar.official(known_at=date(2025, 12, 24))
    assert then is WorkCalendar.official(known_at=date(2025, 12, 24))
    for calendar in (CALENDAR, then):
        assert pickle.loads(pickle.dumps(calendar)) is calendar
    assert "known_at" in repr(WorkCalendar.official(known_at=date(2025, 12, 24)))


def test_a_year_that_is_decided_in_part(tmp_path: Path) -> None:
    text = "year,item,value,occasion_vi,occasion_en,document,url,published_from,published_by,certainty\n"
    row = "2028,tet,1+4,,,Công văn ví dụ,https://example.vn,2027-10-01,2027-10-01,high\n"
    (tmp_path / "decisions.csv").write_text(text + row, encoding="utf-8")
    partial = WorkCalendar.official(tables=Tables.load(tmp_path))
    assert partial.year_status(2028) is YearStatus.PARTIAL
    assert partial.day(date(2028, 1, 25)).certainty == "high"
    assert partial.is_working_day(date(2028, 1, 24))
    assert partial.day(date(2028, 9, 1)).certainty == "projected"
    assert partial.year_status(2027) is YearStatus.PROJECTED
    (tmp_path / "decisions.csv").write_text(text + row.replace("1+4", "one"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"decisions.csv, line 2"):
        Tables.load(tmp_path)
    (tmp_path / "decisions.csv").write_text(
        text + row.replace("tet,1+4", "swap,2028-05-06>2028-05-13"), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="does not exchange"):
        WorkCalendar.official(tables=Tables.load(tmp_path))
