"""The commands ``calendar`` and ``deadline``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vn_edoc.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_calendar_draws_the_year(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out, _ = run(capsys, "calendar", "2026")
    assert code == 0
    assert "Năm 2026 (chính thức): 249 ngày làm việc" in out
    assert [f"Tháng {m}" in out for m in range(1, 13)] == [True] * 12
    for mark in ("22+", "31h", "27b", "24*"):
        assert mark in out
    assert "Làm bù dịp Quốc khánh 2026 (nghỉ 31/08/2026)" in out
    assert "Công văn 12729/VPCP-KGVX ngày 25/12/2025" in out
    code, out, _ = run(capsys, "calendar", "2028", "--lang", "en")
    assert code == 0
    assert "Year 2028 (projected)" in out
    assert "January" in out


def test_calendar_policies(capsys: pytest.CaptureFixture[str]) -> None:
    _, then = as_json(capsys, "calendar", "2026", "--known-at", "2025-12-24")
    _, now = as_json(capsys, "calendar", "2026")
    assert then["schema"] == now["schema"] == "vn-edoc/calendar/1"
    assert then["known_at"] == "2025-12-24"
    assert (now["working_days"], now["status"], now["swaps"], now["week"]) == (249, "official", "agency", 5)
    dates = {d["date"]: d for d in now["days"]}
    assert set(dates) - {d["date"] for d in then["days"]} == {"2026-01-02", "2026-01-10", "2026-11-24"}
    assert dates["2026-01-10"]["kind"] == "swapped_work"
    assert dates["2026-01-10"]["counterpart"] == "2026-01-02"
    _, plain = as_json(capsys, "calendar", "2026", "--no-swaps")
    assert "2026-01-02" not in {d["date"] for d in plain["days"]}
    _, six = as_json(capsys, "calendar", "2026", "--week", "6")
    assert six["working_days"] > 290


def test_calendar_as_icalendar(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "calendar", "2026", "--ics")
    assert code == 0
    assert out.startswith("BEGIN:VCALENDAR")
    assert out.count("BEGIN:VEVENT") == 17
    target = tmp_path / "2026.ics"
    code, _, _ = run(capsys, "calendar", "2026", "-o", str(target))
    assert code == 0
    assert target.read_bytes().replace(b"\r\n", b"\n").decode() == out.replace("\r\n", "\n")
    code, _, err = run(capsys, "calendar", "2026", "-o", str(tmp_path / "none" / "2026.ics"))
    assert code == 3
    assert "Lỗi:" in err and "Error:" in err


@pytest.mark.parametrize("wrong", [["1974"], ["2101"], ["2026", "--known-at", "yesterday"], ["2026", "--week", "4"]])
def test_calendar_misuse(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    code, told = as_json(capsys, "calendar", *wrong)
    assert code == 3
    assert told["error"]["type"] == "UsageError"


def test_deadline_prints_due_steps_and_basis(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "deadline", "qd28.send", "2026-02-13T16:00+07:00")
    assert code == 0
    assert "Hạn: 11:30 thứ Hai 23/02/2026" in out
    assert "Tết Âm lịch (mùng 1)" in out
    assert "khoản 2 Điều 6 Quyết định số 28/2018/QĐ-TTg" in out
    code, out, _ = run(capsys, "deadline", "qd28.send", "2026-02-13T16:00+07:00", "--lang", "en")
    assert "Due: 11:30 Mon 2026-02-23" in out


def test_deadline_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = as_json(
        capsys,
        "deadline",
        "onestop.process",
        "2026-03-02",
        "--days",
        "10",
        "--used",
        "3",
        "--supplemented-at",
        "2026-03-16",
    )
    assert code == 0
    assert told["schema"] == "vn-edoc/deadline/1"
    due = told["deadline"]
    assert (due["day"], due["at"], due["policies"]["supplement"]) == ("2026-03-25", None, "pause")
    assert due["basis"][0] == {"act": "118/2025/NĐ-CP", "article": "17", "clause": "3"}
    assert {"day", "action", "text_vi", "text_en"} <= set(due["steps"][0])
    code, told = as_json(
        capsys,
        "deadline",
        "working.hours",
        "2026-03-06T16:00+07:00",
        "--hours",
        "2",
        "--office",
        "08:00-12:00,13:00-17:00",
    )
    assert told["deadline"]["at"] == "2026-03-09T09:00:00+07:00"


def test_deadline_compares_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "deadline", "working.days", "2026-03-02", "--days", "3", "--returned", "2026-03-05")
    assert code == 0
    assert "đúng hạn" in out
    code, told = as_json(
        capsys, "deadline", "working.days", "2026-03-02", "--days", "3", "--returned", "2026-03-06T08:30+07:00"
    )
    assert code == 1
    assert told["standing"] == {"timeliness": "qua_han", "working_days": 1, "working_hours": 1.0}


def test_deadline_lists_its_rules(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "deadline", "--rules")
    assert code == 0
    assert "onestop.apology" in out
    code, told = as_json(capsys, "deadline", "--rules")
    assert len(told["rules"]) == 35
    assert told["rules"][0]["amounts"] == ["days"]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["qd28.send"],
        ["qd28.sent", "2026-03-02"],
        ["qd28.send", "2026-03-02T09:00"],
        ["qd28.send", "soon"],
        ["qd28.send", "2026-03-02", "--province", "Atlantis"],
        ["qd28.send", "2026-03-02", "--province", "Nghệ An", "--office", "08:00-12:00"],
        ["working.days", "2027-12-20", "--days", "15", "--strict"],
    ],
)
def test_deadline_misuse(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    code, told = as_json(capsys, "deadline", *wrong)
    assert code == 3
    assert told["error"]["message_vi"]


def test_deadline_options_reach_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, day in (
        (["complaint.first", "2026-03-12", "--complex", "--remote"], "2026-05-11"),
        (["denunciation.resolve", "2026-03-12", "--especially-complex"], "2026-06-10"),
        (["civil.months", "2026-01-31", "--months", "1"], "2026-03-02"),
        (["onestop.process", "2026-02-02", "--calendar-days", "15"], "2026-02-23"),
        (["onestop.process", "2026-03-06T18:00+07:00", "--days", "3", "--receipt", "system_time"], "2026-03-11"),
        (["working.days", "2025-12-31", "--days", "2", "--known-at", "2025-12-24"], "2026-01-05"),
        (["civil.days", "2026-08-12", "--days", "10", "--no-swaps"], "2026-08-24"),
        (["qd28.send", "2026-07-06T16:45+07:00", "--province", "Nghệ An"], "2026-07-07"),
    ):
        code, told = as_json(capsys, "deadline", *arguments)
        assert code == 0
        assert told["deadline"]["day"] == day
