"""A folder of packets: both cores, one table, JSON lines, and nothing that stops the run."""

from __future__ import annotations

import functools
import importlib
import json
import os
from pathlib import Path

import jsonschema
import pytest

from tests.validity.judged import sample
from vn_edoc.cli.application import run
from vn_edoc.errors import UsageError
from vn_edoc.identifiers import Bindings
from vn_edoc.signature import Evidence, TrustStore
from vn_edoc.validity import Report, Verifier, many, verify_many


def _verifier(folder: Path) -> Verifier:
    return Verifier(
        trust=TrustStore.load(folder / "trust"),
        evidence=Evidence.load(folder / "evidence"),
        bindings=Bindings.load(folder / "bindings.csv"),
    )


def _deadly(folder: Path) -> Verifier:
    class Deadly(Verifier):
        def verify(self, source, *rest, **more):  # type: ignore[no-untyped-def]
            if Path(source).name == "deadly.edxml":
                os._exit(9)
            return super().verify(source, *rest, **more)

    one = _verifier(folder)
    return Deadly(one.trust, one.evidence, bindings=one.bindings)


def _note(folder: Path, path: Path, report: Report) -> None:
    (folder / f"{path.name}.note").write_text(report.kind)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("given")
    sample().write(folder)
    inbox = folder / "inbox"
    (inbox / "deep").mkdir(parents=True)
    (inbox / "a.edxml").write_bytes(sample().packet)
    (inbox / "b.edxml").write_bytes(sample("tampered-pdf").packet)
    (inbox / "c.pdf").write_bytes(b"%PDF-1.7 cut off")
    (inbox / "deep" / "d\u202e[red]x.edxml").write_bytes(b"\x00" * 100)
    (inbox / "notes.txt").write_text("none of ours")
    (inbox / ".hidden.edxml").write_text("hidden")
    return folder


def command(given: Path, *more: str) -> list[str]:
    return [
        "verify",
        str(given / "inbox"),
        *("--trust", str(given / "trust"), "--evidence", str(given / "evidence")),
        *("--bindings", str(given / "bindings.csv"), "--at", sample().judged_at.isoformat(), "--via", "axis"),
        *more,
    ]


def test_one_process_and_two_agree(given: Path) -> None:
    paths = sorted((given / "inbox").rglob("[a-d]*.*"))
    make = functools.partial(_verifier, given)
    one, two = (list(verify_many(make, paths, at=sample().judged_at, workers=n)) for n in (1, 2))
    assert [j.path for j in one] == paths
    assert one == two
    assert [j.report for j in one] == [j.report for j in two]
    assert [(j.document, j.readable) for j in one] == [
        ("original", True),
        ("insufficient", True),
        (one[2].document, one[2].readable),
        (one[3].document, False),
    ]
    assert one[1].reason_vi and one[1].errors


def test_a_file_that_kills_its_process_is_a_row(given: Path, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.edxml", "deadly.edxml", "gone.edxml", "b.edxml")]
    for path in paths:
        if path.name != "gone.edxml":
            path.write_bytes(sample().packet)
    make = functools.partial(_deadly, given)
    then = functools.partial(_note, tmp_path)
    got = list(verify_many(make, paths, at=sample().judged_at, workers=2, then=then))
    assert [j.path for j in got] == paths
    assert [j.report is None for j in got] == [False, True, True, False]
    assert got[1].reason_vi and got[2].reason_vi
    assert {p.name for p in tmp_path.glob("*.note")} == {"a.edxml.note", "b.edxml.note"}


def test_workers_are_counted_from_one(given: Path) -> None:
    with pytest.raises(UsageError):
        list(verify_many(functools.partial(_verifier, given), [], workers=0))


def test_table_on_a_pipe(given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(command(given, "--html", str(tmp_path / "html"), "--save-evidence", str(tmp_path / "kept")))
    out, err = capsys.readouterr()
    assert code == 3
    assert err == ""
    assert "\x1b" not in out and "\u202e" not in out
    rows = [line.split("\t") for line in out.splitlines() if "\t" in line]
    assert [row[0] for row in rows[1:]] == ["a.edxml", "b.edxml", "c.pdf", "deep/d\\u202e[red]x.edxml"]
    assert rows[1][1:3] == ["CÓ GIÁ TRỊ NHƯ BẢN GỐC", "THAY CHO VĂN BẢN GIẤY"]
    assert rows[2][1:3] == ["KHÔNG ĐỦ ĐIỀU KIỆN", "ĐỂ BIẾT, THAM KHẢO"]
    assert "4 tệp" in out and "Bỏ qua 1 tệp loại khác" in out
    pages = {path.relative_to(tmp_path / "html").as_posix() for path in (tmp_path / "html").rglob("*.html")}
    assert pages == {f"{name}.html" for name in ("a.edxml", "b.edxml", "c.pdf", "deep/d\u202e[red]x.edxml")}
    assert (tmp_path / "kept" / "a.edxml.evidence.zip").is_file()


def test_json_lines(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(command(given, "--json", "--workers", "1"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 3
    assert [(one["file"], one["exit"]) for one in lines][:2] == [("a.edxml", 0), ("b.edxml", 1)]
    schema = jsonschema.Draft202012Validator(Report.json_schema())
    for one in lines:
        assert one["schema"] == "vn-edoc/verified/1"
        schema.validate(one["report"])


def test_an_empty_folder_is_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(tmp_path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "SourceError"


def test_table_on_a_terminal(given: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(command(given, "--workers", "1")) == 3
    out, err = capsys.readouterr()
    assert err == ""
    assert "a.edxml" in out and "[red]" in out and "\u202e" not in out
    assert "4 tệp" in out


def test_what_is_loaded_ahead_exists() -> None:
    """The fork server says nothing of a module that it cannot import; each process would import it by itself."""
    for name in many._PRELOADED:
        importlib.import_module(name)
