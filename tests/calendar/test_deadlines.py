"""Every rule by hand, its articles and dates in force, and the promise of the boundary."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.duration import turns
from vn_edoc.calendar import (
    OfficeHours,
    Override,
    Timeliness,
    WorkCalendar,
    YearStatus,
    deadline,
    deadline_rules,
    timeliness,
)
from vn_edoc.errors import UsageError, VnEdocError
from vn_edoc.findings import VIETNAM


def when(text: str) -> date:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM) if "T" in text else date.fromisoformat(text)


CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    # rule, start, arguments, expected, the act that decides
    ("civil.days", "2026-04-24", {"days": 6}, "2026-05-04", "91/2015/QH13"),
    ("civil.days", "2014-04-24", {"days": 6}, "2014-05-05", "33/2005/QH11"),  # 2 May 2014 was swapped off
    ("civil.days", "2026-03-12", {"days": -10}, "2026-03-02", "91/2015/QH13"),
    ("civil.days", "2026-03-12", {"days": -11}, "2026-02-27", "91/2015/QH13"),
    ("civil.weeks", "2026-02-03", {"weeks": 2}, "2026-02-23", "91/2015/QH13"),
    ("civil.months", "2025-08-31", {"months": 6}, "2026-03-02", "91/2015/QH13"),
    ("civil.months", "2026-10-24", {"months": 1}, "2026-11-25", "91/2015/QH13"),
    ("civil.months", "2025-10-24", {"months": 1}, "2025-11-24", "91/2015/QH13"),
    ("civil.years", "2025-02-17", {"years": 1}, "2026-02-23", "91/2015/QH13"),
    ("civil.hours", "2026-02-16T10:00", {"hours": 24}, "2026-02-17T10:00", "91/2015/QH13"),
    ("working.days", "2011-01-28", {"days": 2}, "2011-01-30", "Bộ luật Lao động năm 1994 (35-L/CTN)"),
    ("working.days", "2014-01-24", {"days": 1}, "2014-01-25", "10/2012/QH13"),
    ("working.days", "2026-11-23", {"days": 1}, "2026-11-25", "45/2019/QH14"),
    ("working.days", "2027-02-03", {"days": 3}, "2027-02-15", "45/2019/QH14"),
    ("working.days", "2026-02-14", {"days": 0}, "2026-02-23", "45/2019/QH14"),
    ("working.days", "2026-02-23", {"days": -3}, "2026-02-11", "45/2019/QH14"),
    ("working.days_before", "2026-09-03", {"days": 2}, "2026-08-27", "45/2019/QH14"),
    ("working.hours", "2026-03-06T12:15", {"hours": 2}, "2026-03-06T15:00", "188/1999/QĐ-TTg"),
    ("working.hours", "2026-03-09T08:30", {"hours": -2}, "2026-03-06T16:00", "188/1999/QĐ-TTg"),
    ("qd28.send", "2026-03-06T16:45", {}, "2026-03-09T11:30", "28/2018/QĐ-TTg"),
    ("qd28.send", "2026-03-07T09:00", {}, "2026-03-09T11:30", "28/2018/QĐ-TTg"),
    ("qd28.send", "2026-03-05", {}, "2026-03-06T11:30", "28/2018/QĐ-TTg"),
    ("qd28.send", "2026-02-13T16:00", {"urgent": True}, "2026-02-13T16:00", "28/2018/QĐ-TTg"),
    ("nd30.issue", "2026-02-13T16:00", {}, "2026-02-23", "30/2020/NĐ-CP"),
    ("nd30.issue", "2026-02-14", {"urgent": True}, "2026-02-14", "30/2020/NĐ-CP"),
    ("nd30.submit", "2026-02-14", {}, "2026-02-23", "30/2020/NĐ-CP"),
    ("nd30.acknowledge", "2026-03-06T18:30", {}, "2026-03-06", "30/2020/NĐ-CP"),
    ("nd30.acknowledge", "2026-03-06T18:30", {"receipt": "next_session"}, "2026-03-09", "30/2020/NĐ-CP"),
    ("nd30.acknowledge", "2026-03-07T09:00", {}, "2026-03-09", "30/2020/NĐ-CP"),
    ("onestop.transfer", "2026-03-05T15:00", {}, "2026-03-05", "118/2025/NĐ-CP"),
    ("onestop.transfer", "2025-03-05T15:01", {}, "2025-03-06T07:30", "61/2018/NĐ-CP"),
    ("onestop.transfer", "2026-09-07T15:30", {}, "2026-09-08T07:30", "118/2025/NĐ-CP"),
    ("onestop.transfer", "2026-03-07T09:00", {}, "2026-03-09T07:30", "118/2025/NĐ-CP"),
    ("onestop.return_incomplete", "2026-03-06T17:30", {}, "2026-03-12", "118/2025/NĐ-CP"),
    ("onestop.return_incomplete", "2026-03-06T17:30", {"receipt": "system_time"}, "2026-03-11", "118/2025/NĐ-CP"),
    ("onestop.process", "2026-03-06T12:00", {"days": 3}, "2026-03-11", "118/2025/NĐ-CP"),  # at lunch: the same day
    ("onestop.process", "2026-03-06T18:00", {"days": 3, "receipt": "system_time"}, "2026-03-11", "118/2025/NĐ-CP"),
    ("onestop.process", "2026-03-07", {"days": 1}, "2026-03-10", "118/2025/NĐ-CP"),
    (
        "onestop.process",
        "2026-03-02",
        {"days": 5, "supplemented_at": date(2026, 3, 10)},
        "2026-03-17",
        "118/2025/NĐ-CP",
    ),
    (
        "onestop.process",
        "2026-03-02",
        {"days": 10, "paused_at": date(2026, 3, 5), "supplemented_at": date(2026, 3, 16)},
        "2026-03-25",
        "118/2025/NĐ-CP",
    ),
    (
        "onestop.process",
        "2026-03-02",
        {"days": 3, "used": 3, "supplemented_at": date(2026, 3, 14)},
        "2026-03-16",
        "118/2025/NĐ-CP",
    ),
    ("onestop.process", "2026-02-02", {"calendar_days": 15}, "2026-02-23", "118/2025/NĐ-CP"),
    ("onestop.process", "2026-03-06T16:00", {"hours": 4}, "2026-03-09T10:30", "118/2025/NĐ-CP"),
    (
        "onestop.process",
        "2026-03-06T08:00",
        {"hours": 8, "used": 2, "supplemented_at": datetime(2026, 3, 9, 8, tzinfo=VIETNAM)},
        "2026-03-09T15:30",
        "118/2025/NĐ-CP",
    ),
    (
        "onestop.process",
        "2026-03-06T08:00",
        {
            "hours": 8,
            "paused_at": datetime(2026, 3, 6, 10, tzinfo=VIETNAM),
            "supplemented_at": datetime(2026, 3, 9, 8, tzinfo=VIETNAM),
        },
        "2026-03-09T15:30",
        "118/2025/NĐ-CP",
    ),
    ("onestop.apology", "2026-03-12", {}, "2026-03-11", "118/2025/NĐ-CP"),
    ("onestop.apology", "2025-05-05", {}, "2025-04-29", "61/2018/NĐ-CP"),
    ("onestop.notify_online", "2026-03-06T23:00", {}, "2026-03-07T01:00", "118/2025/NĐ-CP"),
    ("onestop.answer_online", "2026-03-06T18:30", {}, "2026-03-09T17:00", "118/2025/NĐ-CP"),
    ("onestop.answer_online", "2026-03-06T09:00", {"hours": 4}, "2026-03-06T14:30", "118/2025/NĐ-CP"),
    ("onestop.close_incomplete", "2026-03-06", {}, "2026-03-23", "118/2025/NĐ-CP"),
    ("onestop.forward", "2026-03-06T10:00", {}, "2026-03-09", "118/2025/NĐ-CP"),
    ("onestop.forward", "2026-03-06T10:00", {"electronic": True}, "2026-03-06T10:00", "118/2025/NĐ-CP"),
    ("certification.same_day", "2026-03-07T09:00", {}, "2026-03-09", "23/2015/NĐ-CP"),
    ("civil_status.same_day", "2027-03-01T10:00", {}, "2027-03-01", "03/2026/QH16"),
    ("secured_transaction", "2026-08-28T09:00", {"extended": True}, "2026-09-07", "99/2022/NĐ-CP"),
    ("complaint.accept", "2026-06-30", {}, "2026-07-10", "02/2011/QH13"),
    ("complaint.accept", "2026-07-01", {}, "2026-07-10", "124/2020/NĐ-CP"),
    ("complaint.first", "2026-03-12", {"complex": True}, "2026-04-28", "02/2011/QH13"),
    ("complaint.first", "2026-03-12", {"complex": True, "remote": True}, "2026-05-11", "02/2011/QH13"),
    ("complaint.second", "2026-03-12", {"complex": True, "remote": True}, "2026-05-21", "02/2011/QH13"),
    ("complaint.first", "2026-08-03", {"used": 10, "supplemented_at": date(2026, 9, 7)}, "2026-09-28", "02/2011/QH13"),
    ("complaint.limitation", "2026-01-05", {}, "2026-04-06", "02/2011/QH13"),
    ("complaint.limitation", "2026-01-05", {"second": True}, "2026-02-04", "02/2011/QH13"),
    ("complaint.limitation", "2026-01-05", {"second": True, "remote": True}, "2026-02-23", "02/2011/QH13"),
    ("complaint.send_decision", "2026-04-24", {"second": True}, "2026-05-04", "02/2011/QH13"),
    ("denunciation.resolve", "2026-03-12", {"complex": True}, "2026-05-11", "25/2018/QH14"),
    ("denunciation.resolve", "2026-03-12", {"complex": "especially"}, "2026-06-10", "25/2018/QH14"),
    ("info_access.electronic", "2026-08-31", {}, "2026-09-07", "104/2016/QH13"),
    ("info_access.electronic", "2026-03-02", {"complex": True}, "2026-03-17", "104/2016/QH13"),
    ("info_access.electronic", "2026-09-07", {"complex": True}, "2026-09-21", "01/2026/QH16"),
    ("info_access.electronic", "2026-09-07", {"complex": True, "extended": True}, "2026-10-01", "01/2026/QH16"),
    ("archive.submit", "2025-11-24", {}, "2026-11-25", "30/2020/NĐ-CP"),
    ("archive.submit", "2024-02-29", {"extended": True}, "2027-03-01", "30/2020/NĐ-CP"),
    ("archive.submit_construction", "2025-11-30", {}, "2026-03-02", "30/2020/NĐ-CP"),
    ("law.effective_central", "2026-03-18", {}, "2026-05-02", "64/2025/QH15"),  # a Saturday: never moved
    ("law.effective_local", "2024-04-20", {}, "2024-04-30", "80/2015/QH13"),
    ("tax.due", "2026-08-31", {}, "2026-09-03", "252/2026/NĐ-CP"),
    ("tax.due", "2026-03-20", {}, "2026-03-20", "80/2021/TT-BTC"),
]


@pytest.mark.parametrize(
    ("rule", "start", "more", "expected", "act"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_by_hand(rule: str, start: str, more: dict[str, Any], expected: str, act: str) -> None:
    due = deadline(rule, when(start), **more)
    assert (due.at or due.day) == when(expected)
    assert due.at is None or due.at.date() == due.day
    assert due.basis[0].act == act
    assert due.in_force
    assert due.steps[-1].day == due.day or due.rule.startswith("law.")
    for step in due.steps:
        assert step.text("vi") and step.text("en")
    for assumption in due.assumptions:
        assert assumption.text("vi") and assumption.text("en")


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(deadline_rules())


def ids(rule: str, start: str, **more: Any) -> set[str]:
    return {a.id for a in deadline(rule, when(start), **more).assumptions}


def test_steps_list_each_counted_and_skipped_day() -> None:
    due = deadline("working.days", date(2026, 8, 20), days=7)
    counted = [s.day for s in due.steps if s.action == "counted"]
    assert [s.number for s in due.steps if s.action == "counted"] == [1, 2, 3, 4, 5, 6, 7]
    assert counted == [date(2026, 8, d) for d in (21, 22, 24, 25, 26, 27, 28)]
    skipped = [s for s in due.steps if s.action == "skipped"]
    assert [s.day for s in skipped] == [date(2026, 8, 23)]
    made_up = next(s for s in due.steps if s.day == date(2026, 8, 22))
    assert "Làm bù dịp Quốc khánh 2026" in made_up.text_vi
    assert "9859/VPCP-KGVX" in made_up.text_en
    rolled = deadline("civil.days", date(2026, 2, 2), days=15)
    assert [s.day.day for s in rolled.steps if s.action == "counted"] == list(range(3, 18))
    assert [s.day.day for s in rolled.steps if s.action == "moved"] == [17, 18, 19, 20, 21, 22]
    assert rolled.steps[0].action == "start"
    assert "khoản 5 Điều 148" in rolled.explain()
    assert "clause 5, Article 148" in rolled.explain("en")


def test_policies_are_printed_and_told_where_they_matter() -> None:
    due = deadline("onestop.process", when("2026-03-06T18:00"), days=3)
    assert due.policies.receipt == "next_session"
    assert {"receipt.next_session", "hours.default"} <= {a.id for a in due.assumptions}
    assert any("11/03/2026" in a.text_vi for a in due.assumptions)
    assert "receipt.next_session" not in ids("onestop.process", "2026-03-06T16:00", days=3)
    assert "swaps.agency" in ids("civil.days", "2026-08-12", days=10)
    assert "swaps.agency" not in ids("civil.days", "2026-03-02", days=10)
    statutory = WorkCalendar.official(swaps="statutory_only")
    other = deadline("civil.days", date(2026, 8, 12), days=10, calendar=statutory)
    assert other.day == date(2026, 8, 24)
    assert "swaps.statutory_only" in {a.id for a in other.assumptions}
    assert "supplement.restart" in ids("onestop.process", "2026-03-02", days=5, supplemented_at=date(2026, 3, 10))


def test_the_morning_is_the_senders_and_named_as_an_assumption() -> None:
    start = when("2026-03-06T16:45")
    told = {a.id for a in deadline("qd28.send", start).assumptions}
    assert {"morning.session_end", "hours.default"} <= told
    own = deadline("qd28.send", start, hours=OfficeHours("08:00-12:00", "13:30-17:30"))
    assert own.at == when("2026-03-09T12:00")
    assert "hours.default" not in {a.id for a in own.assumptions}
    assert "hours.assumed" in ids("qd28.send", "2026-07-06T16:45", hours=OfficeHours.province("Nghệ An"))
    noted = deadline("qd28.send", when("2026-11-02T09:00"))
    assert any("43/2026/QĐ-TTg" in a.text_vi for a in noted.assumptions)
    assert not any("43/2026" in a.text_vi for a in deadline("qd28.send", when("2026-10-30T09:00")).assumptions)


def test_law_out_of_force_and_law_not_compared_are_said() -> None:
    early = deadline("qd28.send", date(2017, 5, 3))
    assert not early.in_force
    assert "law.not_in_force" in {a.id for a in early.assumptions}
    assert "law.certainty" in ids("complaint.first", "2026-08-03")
    assert "law.certainty" not in ids("complaint.first", "2026-03-12")
    assert "law.note" in ids("complaint.accept", "2026-03-02")
    assert "law.note" in ids("onestop.notify_online", "2025-03-03T09:00")
    assert "limit.given" in ids("onestop.return_incomplete", "2026-03-02", days=2)
    assert "limit.given" not in ids("onestop.return_incomplete", "2026-03-02", days=3)


def test_years_that_are_not_official_are_said_or_refused() -> None:
    due = deadline("working.days", date(2027, 12, 20), days=15)
    assert due.year_status is YearStatus.PROJECTED
    assert any(a.id == "year.projected" and "2028" in a.text_vi for a in due.assumptions)
    with pytest.raises(UsageError, match="projected"):
        deadline("working.days", date(2027, 12, 20), days=15, strict=True)
    with pytest.raises(UsageError, match="projected"):
        deadline("civil.months", date(2027, 12, 20), months=1, calendar=WorkCalendar.official(strict=True))
    assert deadline("working.days", date(2026, 3, 2), days=15, strict=True).year_status is YearStatus.OFFICIAL
    # What never asks which days are worked does not depend on the year.
    assert deadline("law.effective_central", date(2027, 12, 20), strict=True).day == date(2028, 2, 3)


def test_known_at_recomputes_an_old_receipt() -> None:
    start = date(2025, 12, 31)
    then = WorkCalendar.official(known_at=date(2025, 12, 24))
    assert deadline("working.days", start, days=2, calendar=then).day == date(2026, 1, 5)
    assert deadline("working.days", start, days=2).day == date(2026, 1, 6)
    unsure = WorkCalendar.official(known_at=date(2016, 12, 1))
    due = deadline("working.days", date(2017, 1, 20), days=8, calendar=unsure)
    assert due.known_at_uncertain
    assert "known_at.uncertain" in {a.id for a in due.assumptions}
    assert not deadline("working.days", start, days=2, calendar=then).known_at_uncertain


def test_an_agencys_own_day_off_moves_its_deadlines() -> None:
    storm = Override(date(2026, 9, 10), False, "Nghỉ tránh bão", "Storm closure", "Công điện (ví dụ)")
    own = WorkCalendar.official(overrides=[storm])
    due = deadline("working.days", date(2026, 9, 9), days=1, calendar=own)
    assert due.day == date(2026, 9, 11)
    assert any("Nghỉ tránh bão (Công điện (ví dụ))" in s.text_vi for s in due.steps)


def test_times_are_vietnamese_and_aware() -> None:
    due = deadline("civil.hours", datetime(2026, 3, 6, 9, tzinfo=UTC), hours=48)
    assert due.at is not None
    assert due.at.isoformat() == "2026-03-08T16:00:00+07:00"
    assert deadline("civil.days", datetime(2026, 3, 1, 18, tzinfo=UTC), days=10).day == date(2026, 3, 12)
    with pytest.raises(UsageError, match=r"\+07:00"):
        deadline("civil.days", datetime(2026, 3, 2, 9), days=10)
    with pytest.raises(UsageError, match="time of day"):
        deadline("onestop.transfer", date(2026, 3, 2))


@pytest.mark.parametrize(
    ("rule", "start", "more", "field"),
    [
        ("civil.day", "2026-03-02", {}, "rule_id"),
        ("civil.days", "2026-03-02", {}, "amount"),
        ("civil.days", "2026-03-02", {"days": 0}, "days"),
        ("civil.days", "2026-03-02", {"days": 1.5}, "days"),
        ("civil.days", "2026-03-02", {"days": True}, "days"),
        ("civil.days", "2026-03-02", {"days": 40_000}, "amount"),
        ("civil.days", "2026-03-02", {"days": 10**6}, "days"),
        ("civil.days", "2026-03-02", {"days": 10**6000}, "days"),
        ("working.hours", "2026-03-02T09:00", {"hours": 10**6000}, "hours"),
        ("working.days", "2026-03-02", {"days": 40_000}, "n"),
        ("complaint.first", "2026-03-02", {"complex": "very"}, "complex"),
        ("qd28.send", "2026-03-02", {"office": "07:30-11:30"}, "office"),
        ("civil.years", "2026-03-02", {"years": 100}, "amount"),
        ("civil.hours", "2026-03-02T09:00", {"hours": 10**12}, "hours"),
        ("civil.hours", "2026-03-02T09:00", {"hours": 10**6}, "amount"),
        ("working.hours", "2026-03-02T09:00", {"hours": 24e9}, "hours"),
        ("working.hours", "2026-03-02T09:00", {"hours": 10**6}, "n"),
        ("civil.days", "2026-03-02", {"months": 1}, "months"),
        ("civil.days", "2026-03-02", {"days": 1, "remote": True}, "remote"),
        ("civil.days", "2026-03-02", {"days": 1, "supplemented_at": date(2026, 3, 3)}, "supplemented_at"),
        ("onestop.process", "2026-03-02", {"days": 1, "calendar_days": 1}, "days, calendar_days"),
        ("onestop.process", "2026-03-02", {"days": 5, "used": 3}, "supplemented_at"),
        ("onestop.process", "2026-03-02", {"days": 5, "used": 6, "supplemented_at": date(2026, 3, 9)}, "used"),
        ("onestop.process", "2026-03-09", {"days": 5, "supplemented_at": date(2026, 3, 2)}, "supplemented_at"),
        (
            "onestop.process",
            "2026-03-02",
            {"days": 5, "paused_at": date(2026, 3, 20), "supplemented_at": date(2026, 3, 25)},
            "paused_at",
        ),
        ("onestop.process", "2026-03-02", {"days": 5, "receipt": "never"}, "receipt"),
        ("onestop.return_incomplete", "2026-03-02", {"days": -3}, "days"),
        ("working.days_before", "2026-03-02", {"days": -3}, "days"),
        ("complaint.limitation", "2026-03-02", {"remote": True}, "case"),
        ("tax.due", "2026-03-02", {"days": 3}, "days"),
        ("tax.due", "2026-03-02", {"calendar": "official"}, "calendar"),
        ("tax.due", "1960-03-02", {}, "day"),
        ("qd28.send", "2026-03-02", {"hours": OfficeHours(), "office": OfficeHours()}, "office"),
    ],
)
def test_misuse_names_the_argument(rule: str, start: str, more: dict[str, Any], field: str) -> None:
    with pytest.raises(UsageError) as caught:
        deadline(rule, when(start), **more)
    assert caught.value.field == field
    assert caught.value.message("vi") != caught.value.message("en")


def test_a_mistyped_rule_is_told_its_neighbours() -> None:
    with pytest.raises(UsageError, match=r"qd28\.send"):
        deadline("qd28.sent", date(2026, 3, 2))
    for wrong in (None, 28, ["qd28.send"]):
        with pytest.raises(UsageError):
            deadline(wrong, date(2026, 3, 2))  # type: ignore[arg-type]


amounts = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.integers(-40, 400), st.floats(), st.booleans())
moments = st.one_of(
    st.dates(),
    st.dates(date(2009, 1, 1), date(2029, 12, 31)),
    st.datetimes(timezones=st.just(VIETNAM)),
    st.datetimes(datetime(2009, 1, 1), datetime(2029, 12, 31), timezones=st.just(VIETNAM)),
    st.datetimes(),
)
flags = st.booleans()
requests = (
    st.sampled_from(sorted(deadline_rules())),
    moments,
    st.fixed_dictionaries(
        {},
        optional={
            "days": amounts,
            "hours": amounts,
            "months": amounts,
            "years": amounts,
            "used": amounts,
            "complex": flags,
            "remote": flags,
            "urgent": flags,
            "receipt": st.sampled_from(["next_session", "system_time", "x"]),
            "supplemented_at": moments,
            "paused_at": moments,
            "strict": flags,
        },
    ),
)


def answer_or_our_own_error(rule: str, start: date, more: dict[str, Any]) -> None:
    with suppress(VnEdocError):
        due = deadline(rule, start, **more)
        assert due.explain("vi") and due.explain("en")
        assert due.to_dict()["rule"] == rule


@settings(max_examples=300, deadline=None)
@given(*requests)
def test_any_arguments_give_an_answer_or_our_own_error(rule: str, start: date, more: dict[str, Any]) -> None:
    answer_or_our_own_error(rule, start, more)


@pytest.mark.fuzz
def test_many_arguments_give_an_answer_or_our_own_error() -> None:
    for _ in turns():
        test_any_arguments_give_an_answer_or_our_own_error()


@given(st.dates(date(2012, 1, 1), date(2026, 12, 1)), st.integers(1, 120))
def test_a_civil_period_ends_on_the_first_working_day_not_before_its_last(start: date, n: int) -> None:
    calendar = WorkCalendar.official()
    due = deadline("civil.days", start, days=n)
    last = start + timedelta(days=n)
    assert due.day == calendar.add_working_days(last, 0)
    assert deadline("working.days", start, days=n).day == calendar.add_working_days(start, n)


@pytest.mark.parametrize(
    ("due", "came", "expected", "days", "hours"),
    [
        ("2026-03-12", "2026-03-11", Timeliness.EARLY, 0, None),
        ("2026-03-12", "2026-03-12", Timeliness.ON_TIME, 0, None),
        ("2026-03-12", "2026-03-13", Timeliness.OVERDUE, 1, None),
        ("2026-03-12", "2026-03-12T23:59", Timeliness.ON_TIME, 0, 0.0),
        ("2026-03-12T16:00", "2026-03-12T09:00", Timeliness.ON_TIME, 0, 0.0),
        ("2026-03-12T16:00", "2026-03-12T16:00", Timeliness.ON_TIME, 0, 0.0),
        ("2026-03-12T16:00", "2026-03-12T16:30", Timeliness.OVERDUE, 0, 0.5),
        ("2026-03-12T16:00", "2026-03-11T16:30", Timeliness.EARLY, 0, 0.0),
        ("2026-03-12T16:00", "2026-03-12", Timeliness.ON_TIME, 0, None),
        ("2026-03-13", "2026-03-16T08:30", Timeliness.OVERDUE, 1, 1.0),
        ("2026-03-13", "2026-03-15", Timeliness.OVERDUE, 0, None),
        ("2026-02-13", "2026-02-24T09:00", Timeliness.OVERDUE, 2, 9.5),
    ],
)
def test_standing(due: str, came: str, expected: Timeliness, days: int, hours: float | None) -> None:
    standing = timeliness(when(due), when(came))
    assert standing.timeliness is expected
    assert standing.working_days == days
    assert standing.working_hours == (None if hours is None else timedelta(hours=hours))


def test_standing_in_words() -> None:
    due = deadline("qd28.send", when("2026-02-13T16:00"))
    assert due.standing(when("2026-02-24T09:00")).text() == "quá hạn 1 ngày làm việc (5,5 giờ làm việc)"
    assert due.standing(when("2026-02-24T09:00")).text("en") == "overdue by 1 working day (5.5 working hours)"
    assert due.standing(when("2026-02-23T11:30")).text() == "đúng hạn"
    assert due.standing(date(2026, 2, 13)).text() == "trước hạn"
    assert due.ends == when("2026-02-23T11:30")
    assert deadline("nd30.issue", date(2026, 3, 5)).ends == when("2026-03-07T00:00")
    for wrong in (datetime(2026, 3, 12), "2026-03-12"):
        with pytest.raises(UsageError):
            due.standing(wrong)  # type: ignore[arg-type]


def test_a_six_day_unit_has_no_swaps_to_tell() -> None:
    six = WorkCalendar.official(week=6)
    due = deadline("working.days", date(2026, 8, 28), days=2, calendar=six)
    assert due.day == date(2026, 8, 31)
    assert not any(a.id.startswith("swaps.") for a in due.assumptions)
    assert due.policies.week == 6


def test_a_policy_without_an_answer_is_not_compared() -> None:
    # In the last week of the range the other receipt policy runs out of days; the answer itself stands.
    last = deadline("nd30.submit", datetime(2100, 12, 30, 18, tzinfo=VIETNAM))
    assert last.day == date(2100, 12, 31)
    assert not any(a.id.startswith("receipt.") for a in last.assumptions)


def test_a_calendar_period_may_stop_too() -> None:
    stopped = deadline(
        "complaint.first", date(2026, 3, 2), paused_at=date(2026, 3, 12), supplemented_at=date(2026, 4, 1)
    )
    assert stopped.day == date(2026, 4, 21)
    assert any("Đã dùng 10, tạm dừng, còn lại 20" in s.text_vi for s in stopped.steps)


@pytest.mark.parametrize("start", [datetime.max, datetime.min])
def test_the_edges_of_time(start: datetime) -> None:
    for zone in (timezone(timedelta(hours=-12)), timezone(timedelta(hours=14)), VIETNAM):
        for rule, more in (("civil.hours", {"hours": 1}), ("civil.days", {"days": 1}), ("qd28.send", {})):
            with pytest.raises(UsageError):
                deadline(rule, start.replace(tzinfo=zone), **more)  # type: ignore[arg-type]
