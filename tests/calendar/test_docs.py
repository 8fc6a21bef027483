"""The documentation's code runs, and its recipe for the next decree works as written."""

from __future__ import annotations

import doctest
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import vn_edoc.calendar
from tests.conftest import ROOT
from vn_edoc.calendar import DayKind, Tables, WorkCalendar, YearStatus

DOC = (ROOT / "docs" / "calendar.md").read_text(encoding="utf-8")


def test_every_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("numpy")
    blocks = re.findall(r"^```python\n(.*?)^```", DOC, re.M | re.S)
    assert len(blocks) >= 8
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/calendar.md", "exec"), names)
    assert "Hạn: 11:30 thứ Hai 23/02/2026" in capsys.readouterr().out


def test_the_package_docstring_holds() -> None:
    assert doctest.testmod(vn_edoc.calendar).failed == 0


def test_the_next_decree_is_three_rows(tmp_path: Path) -> None:
    rows = re.findall(r"^   (2028,.*)$", DOC, re.M)
    assert len(rows) == 3
    bundled = (files("vn_edoc.calendar") / "data" / "decisions.csv").read_text(encoding="utf-8")
    (tmp_path / "decisions.csv").write_text(bundled + "\n".join(rows) + "\n", encoding="utf-8")
    calendar = WorkCalendar.official(tables=Tables.load(tmp_path))
    assert calendar.year_status(2028) is YearStatus.OFFICIAL
    assert calendar.day(date(2028, 5, 3)).kind is DayKind.SWAPPED_OFF
    assert calendar.is_working_day(date(2028, 5, 6))
    assert calendar.day(date(2028, 1, 25)).source.startswith("Công văn 1234/VPCP-KGVX")
    before = WorkCalendar.official(tables=Tables.load(tmp_path), known_at=date(2027, 10, 4))
    assert before.year_status(2028) is YearStatus.PROJECTED
