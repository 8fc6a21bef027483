"""The same inputs give the same bytes, in any process, and a kept bundle gives the same conclusions offline."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.validity.judged import judge, sample
from vn_edoc.cli.verify import _compare, command
from vn_edoc.errors import Unreadable
from vn_edoc.signature import Evidence
from vn_edoc.validity import Verifier

NAMES = ["good", "ocsp", "long-term", "tampered-pdf", "agency-revoked", "sao-y", "sent-late"]


@pytest.mark.parametrize("name", ["good", "tampered-pdf", "agency-not-bound"])
def test_same_bytes(name: str) -> None:
    one, two = judge(name), judge(name)
    assert one.to_json() == two.to_json()
    assert one.to_text() == two.to_text()
    assert one.to_html() == two.to_html()


def test_same_bytes_in_any_process(tmp_path: Path) -> None:
    sample().write(tmp_path)
    command = [
        *(sys.executable, "-m", "vn_edoc.cli", "verify", str(tmp_path / "packet.edxml"), "--json"),
        *("--trust", str(tmp_path / "trust"), "--evidence", str(tmp_path / "evidence")),
        *("--bindings", str(tmp_path / "bindings.csv"), "--context", str(tmp_path / "context.json")),
        *("--at", sample().judged_at.isoformat()),
    ]
    digests = set()
    root = Path(__file__).parents[2]
    for seed, zone, lang in (("1", "UTC", "C"), ("2", "America/New_York", "vi_VN.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": lang, "PYTHONPATH": str(root)}
        place = tmp_path / seed
        place.mkdir()
        forms = [f"--{form}={form}" for form in ("html", "pdf", "sarif", "junit", "etsi", "save-evidence")]
        done = subprocess.run([*command, *forms], capture_output=True, env=environment, cwd=place, check=True)
        written = sorted(place.iterdir())
        assert len(written) == len(forms)
        digests.add(tuple(hashlib.sha256(data).hexdigest() for data in (done.stdout, *map(Path.read_bytes, written))))
    assert len(digests) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_bundle_gives_the_same_conclusions(name: str, tmp_path: Path) -> None:
    first = judge(name)
    assert first.evidence is not None
    first.evidence.save(tmp_path / "kept.zip")
    one = sample(name)
    again = Verifier(
        trust=one.trust_object(), evidence=Evidence.load(tmp_path / "kept.zip"), bindings=one.bindings_object()
    ).verify(one.packet, at=one.judged_at, context=one.context_object())
    assert (again.document, again.exchange) == (first.document, first.exchange)
    assert again.findings == first.findings
    assert again.checks == first.checks
    assert again.to_json() == first.to_json()


@pytest.mark.parametrize("name", ["good", "long-term", "tampered-pdf"])
def test_the_kept_bundle_outlives_the_certificates(name: str, tmp_path: Path) -> None:
    """Years later all certificates have expired; time stamps and what was kept still tell what was signed when."""
    first = judge(name)
    assert first.evidence is not None
    first.evidence.save(tmp_path / "kept.zip")
    one = sample(name)
    later = one.judged_at.replace(year=2055)
    assert all(s.signer is not None and s.signer.valid_to < later for s in first.signatures)
    again = Verifier(
        trust=one.trust_object(), evidence=Evidence.load(tmp_path / "kept.zip"), bindings=one.bindings_object()
    ).verify(one.packet, at=later, context=one.context_object())
    assert again.document is not None and first.document is not None
    assert again.document.value == first.document.value


def test_without_evidence_the_question_stays_open() -> None:
    """The bundle is what decides: the same package without it is undetermined."""
    assert judge(evidence=Evidence()).document.value == "undetermined"  # type: ignore[union-attr]


def test_the_bundle_keeps_the_result(tmp_path: Path) -> None:
    first = judge("good")
    assert first.save_evidence(tmp_path / "kept.zip")
    kept = Evidence.load(tmp_path / "kept.zip")
    assert kept.result_json == first.to_json()
    assert kept.crls and kept.certificates and kept.tokens
    assert not judge("secret").save_evidence(tmp_path / "secret.zip")
    assert not (tmp_path / "secret.zip").exists()


def test_a_bundle_that_keeps_nothing_can_be_loaded(tmp_path: Path) -> None:
    Evidence().save(tmp_path / "empty.zip")
    assert Evidence.load(tmp_path / "empty.zip") == Evidence()
    status = judge("status-02")
    assert status.evidence is not None
    status.evidence.save(tmp_path / "status.zip")
    assert not Evidence.load(tmp_path / "status.zip")


def test_the_command_says_whether_the_kept_result_is_this_one(tmp_path: Path) -> None:
    one = sample()
    one.write(tmp_path)
    kept = tmp_path / "kept.zip"
    common = [str(tmp_path / "packet.edxml"), "--trust", str(tmp_path / "trust"), "--bindings"]
    common += [str(tmp_path / "bindings.csv"), "--context", str(tmp_path / "context.json")]

    def run(at: str, *more: str) -> Result:
        return CliRunner().invoke(command, [*common, "--at", at, *more], standalone_mode=False)

    at = one.judged_at.isoformat()
    run(at, "--evidence", str(tmp_path / "evidence"), "--save-evidence", str(kept))
    assert "byte for byte" in run(at, "--evidence", str(kept)).stderr
    assert "kept result: original" in run("2026-10-17T09:00:00+07:00", "--evidence", str(kept)).stderr


def test_a_kept_result_is_told_from_others(capsys: pytest.CaptureFixture[str]) -> None:
    report = judge()
    kept = report.to_json()
    then = json.loads(kept)
    changed = kept.replace("original", "copy", 1)
    for other, said in (
        (kept, "byte for byte"),
        (changed, "NOT the result"),
        (changed, "(copy, replaces_paper; lần này original, replaces_paper)"),
        (kept.replace(report.input.sha256, "0" * 64), "another file"),
        (json.dumps({**then, "library_version": "0.1"}), "made by version 0.1; the conclusions are the same"),
        (json.dumps({**then, "library_version": "0.1", "document": None}), "the conclusions are NOT the same"),
        *(
            (damaged, "damaged")
            for damaged in ("{", "[]", "null", "{}", json.dumps({**then, "document": {"value": 1}}))
        ),
    ):
        _compare(other, report)
        assert said in capsys.readouterr().err
    _compare(json.dumps({**then, "checked_at": "", "document": {"value": "\x1b]0;original\x07"}}), report)
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["crls/", "certificates/", "tokens/"])
def test_a_changed_entry_is_refused_and_a_missing_one_leaves_a_question(kind: str, tmp_path: Path) -> None:
    first = judge("good")
    first.save_evidence(tmp_path / "kept.zip")
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    named = next(name for name in entries if name.startswith(kind))
    other = entries[named][:-1] + bytes([entries[named][-1] ^ 1])
    for path, content in ((tmp_path / "changed.zip", other), (tmp_path / "less.zip", None)):
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in entries.items():
                if name != named or content is not None:
                    archive.writestr(name, content if name == named and content is not None else data)
    with pytest.raises(Unreadable):
        Evidence.load(tmp_path / "changed.zip")
    again = judge("good", evidence=Evidence.load(tmp_path / "less.zip"))
    if kind == "crls/":
        assert again.document is not None and again.document.value == "undetermined"


def _repacked(path: Path, entries: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_entries_that_are_doubled_strange_or_too_many_are_refused(tmp_path: Path) -> None:
    judge("good").save_evidence(tmp_path / "kept.zip")
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    for number, wrong in enumerate(
        (
            [*entries, ("result.json", b"{}")],
            [*entries, entries[0]],
            [(name.replace("crls/", "CRLs/"), data) for name, data in entries],
            [*entries, ("../../outside.cer", b"")],
            [*entries, ("crls/", b"no folder")],
        )
    ):
        with pytest.raises(Unreadable):
            Evidence.load(_repacked(tmp_path / f"{number}.zip", wrong))
    # What ordinary tools add when they pack a folder.
    assert Evidence.load(_repacked(tmp_path / "folders.zip", [("crls/", b""), *entries])).crls
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"crls/{number:060}"), b"")
    whole = many.read_bytes()
    # Neither the mark of the end inside of it nor ZIP64 hides how long the list of entries is.
    rest, end = whole[:-22], whole[-22:]
    hidden = end[:4] + b"PK\x05\x06" + end[8:]
    longer = b"PK\x06\x07" + bytes(16) + end[:12] + bytes(4) + end[16:]
    for form in (whole, rest + hidden, rest + longer):
        many.write_bytes(form)
        with pytest.raises(Unreadable):
            Evidence.load(many)
