"""PDF: sign and verify round trips, and real files."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime

import pytest

from tests.signature.cast import EVIDENCE, TRUST, Stamper, document, reopen, signer
from vn_edoc.errors import SigningError, SourceError, UsageError
from vn_edoc.signature import Evidence, TrustStore, agency_seal, sign_pdf, verify_pdf


def made(source: bytes, name: str, level: str = "B-B", **options) -> bytes:
    out = io.BytesIO()
    if level != "B-B":
        options.setdefault("timestamper", Stamper())
    if level in ("B-LT", "B-LTA"):
        options.setdefault("trust", TRUST)
        options.setdefault("evidence", EVIDENCE)
    sign_pdf(source, out, signer(name), level, **options)
    return out.getvalue()


def rules(result) -> set[str]:
    return {f.rule for f in result.findings}


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize(("name", "scheme"), [("person", None), ("person", "pss"), ("person-ec", None)])
def test_levels_and_schemes(level, name, scheme):
    pdf = made(document().pdf, name, level, scheme=scheme)
    outside = EVIDENCE if level in ("B-B", "B-T") else None
    found = verify_pdf(pdf, trust=TRUST, evidence=outside)
    (sig,) = found.signatures
    assert (sig.intact, sig.trusted, sig.level, sig.indication) == (True, True, level, "TOTAL-PASSED"), sig.findings
    assert sig.changes == ("none" if level in ("B-B", "B-T") else "allowed")
    assert (sig.proven_at is not None) == (level != "B-B")
    assert len(found.timestamps) == (level == "B-LTA")
    assert sig.content is not None and sig.content.read() == pdf[: sig.content.size]
    assert not [f for f in sig.findings if f.severity in ("error", "fatal")]


def test_person_then_agency():
    first = made(document().pdf, "person", "B-T", certify=2)
    both = made(first, "agency", "B-T")
    found = verify_pdf(both, trust=TRUST, evidence=EVIDENCE)
    person, agency = found.signatures
    assert (person.changes, agency.changes) == ("allowed", "none")
    assert (person.signer.kind, agency.signer.kind) == ("person", "organisation")
    assert person.certification == 2 and agency.certification is None
    assert (person.revision, agency.revision) == (2, 3)
    assert person.indication == agency.indication == "TOTAL-PASSED"
    assert both.startswith(first)


def test_without_trust_nothing_is_said_of_the_path():
    (sig,) = verify_pdf(made(document().pdf, "person")).signatures
    assert sig.intact is True and sig.trusted is None and sig.indication == "INDETERMINATE"


def test_tampering_is_seen():
    pdf = bytearray(made(document().pdf, "person"))
    spot = pdf.index(b"/MediaBox")
    digit = next(i for i in range(spot, spot + 60) if pdf[i : i + 1].isdigit() and pdf[i] != ord("9"))
    pdf[digit] += 1
    (sig,) = verify_pdf(bytes(pdf), trust=TRUST, evidence=EVIDENCE).signatures
    assert sig.intact is False and sig.indication == "TOTAL-FAILED" and sig.sub_indication == "HASH_FAILURE"
    assert "R08" in rules(sig)


IN_THE_STORY = datetime(2026, 11, 20, tzinfo=UTC)
"""Days of certificates are fixed: the one from the future is valid from 12/2026."""


def test_signers_that_may_not_sign():
    for name in ("agency-expired", "agency-future", "agency-revoked", "agency-rsa1024", "agency-wrong-usage"):
        out = io.BytesIO()
        with pytest.raises(SigningError) as refused:
            sign_pdf(document().pdf, out, signer(name), trust=TRUST, evidence=EVIDENCE, signed_at=IN_THE_STORY)
        assert refused.value.rule, name
        assert not out.getvalue()
    with pytest.raises(SigningError):
        sign_pdf(document().pdf, io.BytesIO(), signer("rogue-agency"), trust=TRUST, evidence=EVIDENCE)


def test_output_is_whole_or_absent(tmp_path):
    source = tmp_path / "a.pdf"
    source.write_bytes(document().pdf)
    target = tmp_path / "b.pdf"

    class Broken:
        def stamp(self, imprint, digest="sha256"):
            raise SigningError("no answer")

    with pytest.raises(SigningError):
        sign_pdf(source, target, signer("person"), "B-T", timestamper=Broken())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf"]
    assert source.read_bytes() == document().pdf
    with pytest.raises(UsageError):
        sign_pdf(source, source, signer("person"))
    with pytest.raises(SourceError):
        sign_pdf(source, tmp_path / "no" / "b.pdf", signer("person"))
    sign_pdf(source, target, signer("person"))
    assert verify_pdf(target).signatures[0].intact is True


def test_field_is_signed_once():
    pdf = made(document().pdf, "person", field="LanhDao")
    with pytest.raises(SigningError):
        made(pdf, "agency", field="LanhDao")
    with pytest.raises(SigningError):
        made(pdf, "agency", certify=2)


def test_wrong_arguments():
    for options in ({"level": "B-X"}, {"digest": "sha1"}, {"certify": 9}, {"form": "x"}, {"level": "B-T"}):
        with pytest.raises(UsageError):
            sign_pdf(document().pdf, io.BytesIO(), signer("person"), **options)
    with pytest.raises(SigningError):
        sign_pdf(b"not a pdf", io.BytesIO(), signer("person"))
    with pytest.raises(SourceError):
        verify_pdf("/nowhere/x.pdf")


def test_seal_beside_the_signature():
    from vn_edoc.testing import seal_image

    seal = agency_seal(seal_image("UBND TỈNH MẪU"), (200, 200, 330, 260))
    pdf = made(document().pdf, "agency", appearance=seal)
    (sig,) = verify_pdf(pdf, trust=TRUST, evidence=EVIDENCE).signatures
    assert sig.page == 1 and round(sig.box[2] - sig.box[0]) == 102


def test_content_notices_a_changed_file(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(made(document().pdf, "person"))
    (sig,) = verify_pdf(path).signatures
    path.write_bytes(reopen(path.read_bytes()))
    with pytest.raises(SourceError):
        sig.content.read()


def test_real_files_say_that_they_were_rewritten(shared, caplog, capfd):
    store = TrustStore.load(shared / "pki")
    with caplog.at_level(logging.DEBUG):
        for path in sorted((shared / "signed").glob("*.pdf")):
            (sig,) = verify_pdf(path, trust=store).signatures
            assert sig.intact is False and sig.indication == "TOTAL-FAILED"
            assert {"R71", "R13"} <= rules(sig) and "ghi lại sau khi ký" in str(sig.findings)
            assert sig.trusted is True and sig.proven_at is not None and sig.signer.kind == "organisation"
            assert sig.page == 1
    assert not [r for r in caplog.records if r.name.startswith("pyhanko")]
    assert capfd.readouterr() == ("", "")


def test_evidence_repeats_the_verification_offline(tmp_path):
    pdf = made(document().pdf, "person", "B-T")
    found = verify_pdf(pdf, trust=TRUST, evidence=EVIDENCE)
    found.evidence.with_result(found).save(tmp_path / "e.zip")
    again = Evidence.load(tmp_path / "e.zip")
    assert again.result_json and len(again.crls) == 2 and len(again.tokens) == 1
    assert verify_pdf(pdf, trust=TRUST, evidence=again).signatures[0].indication == "TOTAL-PASSED"
