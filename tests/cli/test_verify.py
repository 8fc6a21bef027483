"""``vn-edoc verify`` and ``demo`` as a program calls them: exit codes, JSON, failures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.envelope.test_containers import multipart, zipped
from vn_edoc.cli import main
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.variants import VARIANTS

BUILDER = SampleBuilder()


def options(folder: Path) -> list[str]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [
        str(folder / "packet.edxml"),
        "--trust",
        str(folder / "trust"),
        "--evidence",
        str(folder / "evidence"),
        "--bindings",
        str(folder / "bindings.csv"),
        "--context",
        str(folder / "context.json"),
        "--at",
        expected["at"],
    ]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("name", "code", "required"),
    [
        ("good", 0, 0),
        ("sent-late", 0, 0),
        ("tampered-pdf", 1, 1),
        ("agency-signature-missing", 1, 1),
        ("another-agency", 1, 1),
        ("agency-not-bound", 2, 2),
        ("sent-by-email", 0, 1),
        ("channel-unknown", 0, 2),
    ],
)
def test_exit_codes(name: str, code: int, required: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    BUILDER.make(name).write(tmp_path)
    got, out, err = run(capsys, "verify", *options(tmp_path), "--json")
    report = json.loads(out)
    assert got == code
    assert err == ""
    assert report["schema"] == "vn-edoc/report/1"
    expected = VARIANTS[name].expected
    assert (report["document"]["value"], report["exchange"]["value"]) == (expected.document, expected.exchange)
    assert set(expected.findings) <= {f["rule"] for f in report["findings"]}
    assert run(capsys, "verify", *options(tmp_path), "--require", "replaces_paper")[0] == required


def test_a_context_that_contradicts_itself_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    BUILDER.make("good").write(tmp_path)
    (tmp_path / "context.json").write_text('{"transport": "email", "transport": "axis"}', encoding="utf-8")
    code, _, err = run(capsys, "verify", *options(tmp_path))
    assert code == 3 and "'transport' xuất hiện hai lần" in err and "'transport' stands twice" in err


@pytest.mark.parametrize("form", ["alone", "multipart", "zip"])
def test_a_status_in_a_container_is_undetermined(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a document in one is: the file is not the packet that was sent, whatever the dialect."""
    told = (
        '<e:MessageHeader xmlns:e="http://www.e-doc.vn/Schema/"><e:ResponseFor><e:OrganId>H29.12</e:OrganId>'
        "<e:Code>12/SA-VP</e:Code><e:DocumentId>x</e:DocumentId></e:ResponseFor><e:From><e:OrganId>G12</e:OrganId></e:From>"
        "<e:TimeStamp>05/03/2025 10:00:00</e:TimeStamp><e:StatusCode>03</e:StatusCode></e:MessageHeader>"
    )
    soap = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{told}</s:Body></s:Envelope>'.encode()
    )
    held = {
        "alone": soap,
        "multipart": multipart([("Content-Type: text/xml", soap)]),
        "zip": zipped(("status.xml", soap)),
    }[form]
    (tmp_path / "status.xml").write_bytes(held)
    code, out, _ = run(capsys, "verify", str(tmp_path / "status.xml"), "--json")
    report = json.loads(out)
    assert report["document"] is None and report["packet"]["kind"] == "status"
    errors = [f for f in report["findings"] if f["severity"] in ("error", "fatal")]
    assert code == (1 if errors else 0 if form == "alone" else 2)
    assert not errors or form == "zip"
    assert bool(report["notices"]) == (form != "alone")
    assert run(capsys, "verify", str(tmp_path))[0] == code


def test_options_override_the_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    BUILDER.make("good").write(tmp_path)
    code, out, _ = run(capsys, "verify", *options(tmp_path), "--via", "email", "--json")
    assert (code, json.loads(out)["exchange"]["value"]) == (0, "out_of_scope")
    later = ("--sent", "2026-10-20T08:00", "--received", "2026-10-20T08:00", "--at", "2026-10-21T08:00")
    _, out, _ = run(capsys, "verify", *options(tmp_path), *later, "--json")
    rules = {f["rule"] for f in json.loads(out)["findings"]}
    assert {"R37", "R38"} <= rules
    _, out, _ = run(capsys, "verify", *options(tmp_path), "--own-code", "H01", "--json")
    assert "R76" in {f["rule"] for f in json.loads(out)["findings"]}


def test_a_status_packet_has_no_conclusion(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packet = shared / "samples" / "edxml" / "05_status_01_java_builder.xml"
    code, out, _ = run(capsys, "verify", str(packet), "--json")
    report = json.loads(out)
    assert (code, report["document"], report["exchange"]) == (0, None, None)


@pytest.mark.parametrize("as_json", [True, False])
def test_unreadable_and_misuse_are_three(tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    more = ["--json"] if as_json else []
    junk = tmp_path / "junk.bin"
    junk.write_bytes(b"\x00\x01\x02")
    code, out, _ = run(capsys, "verify", str(junk), *more)
    assert code == 3
    if as_json:
        assert json.loads(out)["kind"] == "unreadable"
    for wrong in (
        [str(tmp_path / "missing")],
        [str(junk), "--at", "yesterday"],
        [str(junk), "--via", "pigeon"],
        [str(junk), "--context", str(junk)],
        [str(junk), "--trust", str(tmp_path / "missing.pem")],
        [str(junk), "--bindings", str(junk)],
        [],
    ):
        code, out, err = run(capsys, "verify", *wrong, *more)
        assert code == 3, wrong
        if as_json:
            error = json.loads(out)
            assert error["schema"] == "vn-edoc/error/1"
            assert error["error"]["message_vi"]
        else:
            assert "Traceback" not in err
            assert err


def test_the_html_report_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    BUILDER.make("good").write(tmp_path)
    page = tmp_path / "out" / "report.html"
    assert run(capsys, "verify", *options(tmp_path), "--html", str(page))[0] == 3
    page.parent.mkdir()
    assert run(capsys, "verify", *options(tmp_path), "--html", str(page))[0] == 0
    html = page.read_text(encoding="utf-8")
    assert "CÓ GIÁ TRỊ NHƯ BẢN GỐC" in html
    assert [p.name for p in page.parent.iterdir()] == ["report.html"]
    assert not re.search(r"<script|src=[\"']http|href=[\"']http", html)


def test_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", str(tmp_path))
    assert code == 0
    last = Path(out.strip().splitlines()[-1])
    assert last.name == "report.html"
    assert last.exists()
    assert len(list(tmp_path.glob("*/report.html"))) == 5
    code, out, _ = run(capsys, "demo", str(tmp_path), "--json")
    assert json.loads(out)["as_expected"] is True
