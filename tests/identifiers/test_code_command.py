"""``vn-edoc code``."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_edoc.cli.application import run
from vn_edoc.findings import jsonable
from vn_edoc.identifiers import AgencyRegistry
from vn_edoc.identifiers.explain import explain

NOW = date(2026, 11, 1)


def test_then_and_now_and_the_successor(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["code", "H09", "--on", "2025-06-30"]) == 0
    out = capsys.readouterr().out
    assert "UBND tỉnh Bình Dương [đang hoạt động]" in out and "nay: UBND tỉnh Bình Dương [đã đóng]" in out
    assert "kế thừa: H29 UBND Thành phố Hồ Chí Minh" in out and "202/2025/QH15" in out
    assert run(["code", "H09", "--lang", "en"]) == 0
    assert "successor: H29" in capsys.readouterr().out


def test_level_by_level(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["code", "000.20.31.H53", "--on", "2021-01-01", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["codes"]
    assert [step["code"] for step in one["levels"]] == ["000.00.00.H53", "000.00.31.H53", "000.20.31.H53"]
    assert [step["then"]["status"] for step in one["levels"]] == ["active"] * 3
    assert one["levels"][1]["now"]["status"] == "closed"
    assert one["other_scheme"] == "H53.31.20" and one["agency"]["certainty"] == "secondary"


def test_lists_from_stdin_and_exit_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("H29\n\n 28.22.H17 \nnull\n"))
    assert run(["code", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "vn-edoc/code/1"
    assert [one["kind"] for one in document["codes"]] == ["agency", "agency", "invalid"]
    assert document["codes"][1]["code"] == "000.28.22.H17" and document["codes"][1]["findings"]
    assert run(["code", "H29", "--on", "hôm qua"]) == 3
    assert run(["code", "H29", "--find", "an giang"]) == 3
    assert run(["code", "--list", "/absent.csv", "H29"]) == 3


def test_own_lists_and_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.csv"
    file.write_text("code,name\nH01.151,\x1b[31mUBND xã Định Mỹ\n", encoding="utf-8")
    assert run(["code", "H01.151", "--list", str(file)]) == 0
    out = capsys.readouterr().out
    assert "UBND xã Định Mỹ" in out and "\x1b" not in out
    assert run(["code", "--find", "an giang", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["agencies"]
    assert found[0]["code"] == "H01"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("H29", "agency"), ("0100233488", "agency"), ("020100233488", "agency"), ("Z24abc", "agency"),
        ("H15.50-251203-2035", "dossier"), ("38.98.H29-210519-0013", "dossier"), ("1.013229.01", "procedure"),
        ("000.00.00.G15-KQ004389", "result"), ("15/QĐ-UBND", "document_number"), ("57-NQ/TW", "document_number"),
        ("G06.01_CV_000021_V1", "document_id"), ("000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", "document_id"),
        ("91", "unit"), ("junk", "invalid"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    about = explain(text, NOW, NOW, AgencyRegistry.bundled())
    assert about["kind"] == kind
    json.dumps(jsonable(about))
    for lang in ("vi", "en"):
        assert run(["code", text, "--lang", lang]) == (kind == "invalid")
        assert capsys.readouterr().out.strip()


@given(st.one_of(st.text(), st.text(alphabet="0123456789.-/,HGKQZ_V ")), st.dates())
def test_explaining_never_raises(text: str, on: date) -> None:
    json.dumps(jsonable(explain(text, on, NOW, AgencyRegistry.bundled())))
