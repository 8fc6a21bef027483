"""The sample builder: what it writes, and that each variant differs from the good package in one respect."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import pytest

import vn_edoc
from tests.testing.judges import run
from vn_edoc.envelope import DocumentMessage, read
from vn_edoc.errors import UsageError
from vn_edoc.findings import Severity
from vn_edoc.testing import SampleBuilder, ThrowawayPki, attacks
from vn_edoc.testing.recipe import GOOD, Recipe
from vn_edoc.testing.variants import VARIANTS


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    return SampleBuilder()


def test_good_packet_reads_back_without_a_finding(builder: SampleBuilder) -> None:
    sample = builder.make()
    with read(sample.packet) as packet:
        assert (packet.kind, packet.dialect, packet.producer) == ("document", "vxp", "java-sdk")
        assert packet.findings == ()
        message = packet.message
        assert isinstance(message, DocumentMessage)
        assert message.sender is not None and message.sender.organ_id == "H53.09"
        assert [r.organ_id for r in message.receivers] == ["H53", "H53.14"]
        assert message.document_id == "H53.09,2026/10/15,1286/SNV-VP"
        assert [a.name for a in packet.attachments] == ["1286-SNV-VP.signed.pdf", "Phụ lục.signed.pdf"]
        for attachment in packet.attachments:
            with attachment.open() as stream:
                assert stream.read() == sample.files[attachment.name]


def test_good_document_is_signed_by_person_then_agency(builder: SampleBuilder, tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(builder.make().document)
    said = run("pdfsig", "-no-ocsp", tmp_path / "d.pdf").stdout
    assert said.count("Signature is Valid") == 2
    assert said.index("Common Name: Nguyễn Văn Mẫu") < said.index("Common Name: SỞ NỘI VỤ")
    assert "Oct 15 2026 03:00:00" in said and "Oct 15 2026 03:20:00" in said


def test_library_verifies_the_good_document(builder: SampleBuilder) -> None:
    sample = builder.make()
    for name, pdf in sample.files.items():
        report = vn_edoc.verify_pdf(
            pdf, trust=sample.trust_object(), evidence=sample.evidence_object(), at=sample.judged_at
        )
        assert [s.signer.kind for s in report.signatures if s.signer] == (
            ["organisation"] if "Phụ lục" in name else ["person", "organisation"]
        )
        for signature in report.signatures:
            assert (signature.intact, signature.trusted, signature.level) == (True, True, "B-T")
            assert not [f for f in signature.findings if f.severity is not Severity.INFO]
            assert signature.proven_at is not None


def test_good_package_is_positive_without_any_warning(builder: SampleBuilder) -> None:
    sample = builder.make()
    verifier = vn_edoc.Verifier(
        trust=sample.trust_object(), evidence=sample.evidence_object(), bindings=sample.bindings_object()
    )
    report = verifier.verify(sample.packet, at=sample.judged_at, context=sample.context_object())
    assert report.document is not None and report.document.value == "original"
    assert report.exchange is not None and report.exchange.value == "replaces_paper"
    assert [f.rule for f in report.findings if f.severity is not Severity.INFO] == []


def test_it_writes_everything_a_verifier_may_be_given(builder: SampleBuilder, tmp_path: Path) -> None:
    [packet, late] = builder.write(tmp_path, ["good", "sent-late"])
    folder = packet.parent
    assert packet.name == "packet.edxml" and late.parent.name == "sent-late"
    assert {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} == {
        "packet.edxml", "bindings.csv", "context.json", "expected.json", "trust/root.crt",
        "evidence/state-ca.cer", "evidence/state-ca-1.crl", "evidence/root-2.crl",
    }  # fmt: skip
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert expected["schema"] == "vn-edoc/sample/1"
    assert (expected["document"], expected["exchange"], expected["findings"]) == ("original", "replaces_paper", [])
    assert expected["at"] == "2026-10-16T09:00:00+07:00"
    context = json.loads((late.parent / "context.json").read_text(encoding="utf-8"))
    assert context["sent_at"] == "2026-10-20T09:00:00+07:00"
    [row] = csv.DictReader(io.StringIO((folder / "bindings.csv").read_text(encoding="utf-8")))
    assert row["agency_code"] == "H53.09" and row["mst"] == "9900000016"
    assert vn_edoc.identifiers.Bindings.load(folder / "bindings.csv").rows
    crl = run("openssl", "crl", "-inform", "DER", "-in", folder / "evidence/state-ca-1.crl", "-noout", "-lastupdate")
    assert "Oct 15 05:00:00 2026" in crl.stdout


def test_catalogue_is_large_and_well_described() -> None:
    catalogue = SampleBuilder.catalogue()
    assert catalogue[0].name == "good"
    assert len(catalogue) >= 100
    subjects = Counter(v.subject for v in catalogue)
    assert set(subjects) == {"good", "signatures", "files", "certificates", "packets", "exchange", "form"}
    for entry in catalogue:
        assert entry.about_vi and entry.about_en
        assert entry.name == entry.name.lower() and " " not in entry.name
    for needed in ("tampered-pdf", "agency-signature-missing", "another-agency", "sent-late"):
        assert needed in VARIANTS


def test_each_variant_is_another_recipe() -> None:
    def differences(recipe: Recipe) -> set[str]:
        return {f.name for f in fields(Recipe) if getattr(recipe, f.name) != getattr(GOOD, f.name)}

    seen: dict[object, str] = {}
    for entry in SampleBuilder.catalogue():
        changed = differences(entry.recipe())
        assert bool(changed) is (entry.name != "good"), entry.name
        # A change of one thing may need its circumstances: another moment of judging, its row or its CRL; a copy is a
        # scan with a mark and one signature.
        main = changed - {"judged_at", "bindings", "crls", "trust"}
        assert len(main) <= 4, (entry.name, changed)
        mark = repr(entry.recipe())
        assert mark not in seen, (entry.name, seen.get(mark))
        seen[mark] = entry.name


@pytest.mark.parametrize("subject", sorted({v.subject for v in VARIANTS.values()}))
def test_samples_are_whole_and_differ_from_the_good_one(builder: SampleBuilder, subject: str) -> None:
    """The last of each subject; that every variant is judged as declared is tested with the verifier."""
    name = [v.name for v in VARIANTS.values() if v.subject == subject][-1]
    sample = builder.make(name)
    assert sample.packet.startswith(b"<?xml")
    assert sample.context_object().model_dump(exclude_defaults=True)
    assert len(sample.bindings_object().rows) == len(sample.bindings)
    assert len(sample.trust_object().anchors) == len(sample.trust)
    evidence = sample.evidence_object()
    assert len(evidence.crls) + len(evidence.ocsps) + len(evidence.certificates) == len(sample.evidence)
    if name != "good":
        good = builder.make()
        assert (sample.packet, sample.context, sample.bindings, sample.evidence, sample.trust) != (
            good.packet, good.context, good.bindings, good.evidence, good.trust,
        )  # fmt: skip


def test_seeded_samples_are_the_same_in_every_process() -> None:
    code = (
        "from vn_edoc.testing import SampleBuilder, ThrowawayPki; from vn_edoc.testing.profiles import CAST;"
        "import hashlib, dataclasses;"
        "cast = {n: dataclasses.replace(p, key='ec256') for n, p in CAST.items()};"  # RSA primes take seconds
        "s = SampleBuilder(ThrowawayPki(seed=b'same', cast=cast)).make();"
        "print(hashlib.sha256(s.packet + b''.join(s.evidence.values())).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_sealed_packet_is_verified_and_its_changes_are_found(builder: SampleBuilder) -> None:
    sealed = builder.make("sealed")
    trust, evidence = sealed.trust_object(), sealed.evidence_object()
    report = vn_edoc.verify_packet(sealed.packet, trust=trust, evidence=evidence, at=sealed.judged_at)
    [signature] = report.signatures
    assert (signature.intact, signature.trusted) == (True, True)
    for name in ("seal-value-changed", "seal-annex-swapped", "seal-attachment-added"):
        changed = builder.make(name)
        report = vn_edoc.verify_packet(changed.packet, trust=trust, evidence=evidence, at=changed.judged_at)
        [signature] = report.signatures
        assert signature.intact is False or signature.changes == "forbidden", name


def test_steps_refuse_what_they_do_not_find(builder: SampleBuilder) -> None:
    packet = builder.make().packet
    for step in (attacks.drop_element("NoSuchElement"), attacks.replace_once(b"nowhere", b"")):
        with pytest.raises(UsageError):
            step(packet, builder.pki)
    with pytest.raises(UsageError):
        attacks.tamper(b"%PDF-1.7", builder.pki)


def test_own_recipes_and_wrong_names(builder: SampleBuilder) -> None:
    mine = builder.from_recipe(replace(GOOD, annex=None, more_files=(("Ghi chú.txt", b"xin chao"),)), "mine")
    with read(mine.packet) as packet:
        assert [a.name for a in packet.attachments] == ["1286-SNV-VP.signed.pdf", "Ghi chú.txt"]
    with pytest.raises(UsageError):
        builder.make("no such sample")
    assert builder.pki is SampleBuilder(builder.pki).pki
    assert ThrowawayPki is type(builder.pki)
