"""The same inputs give the same bytes, in any process, and a kept bundle gives the same conclusions offline."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.validity.judged import judge, sample
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
