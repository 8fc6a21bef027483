"""CMS: detached and attached, other people's signatures, malformed ones."""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import algos, cms, core

from tests.signature.cast import EVIDENCE, PKI, TRUST, Stamper, signer
from tests.signature.tools import need
from vn_edoc.errors import UsageError
from vn_edoc.findings import Location
from vn_edoc.signature import TrustStore, sign_cms, verify_cms
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.cms_build import build
from vn_edoc.signature.signed_data import examine
from vn_edoc.signature.timestamps import digest_of, verify_token

DATA = "Nội dung cần ký\n".encode() * 100


def made(name: str = "person", level: str = "B-B", data: bytes = DATA, **options) -> bytes:
    out = io.BytesIO()
    if level != "B-B":
        options.setdefault("timestamper", Stamper())
    if level == "B-LT":
        options |= {"trust": TRUST, "evidence": EVIDENCE}
    sign_cms(data, out, signer(name), level, **options)
    return out.getvalue()


def judged(raw: bytes, data: bytes | None = DATA, **options):
    options.setdefault("trust", TRUST)
    options.setdefault("evidence", EVIDENCE)
    (sig,) = verify_cms(raw, data, **options).signatures
    return sig


def rules(sig) -> set[str]:
    return {f.rule for f in sig.findings}


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
@pytest.mark.parametrize("attached", [False, True])
@pytest.mark.parametrize(("name", "scheme"), [("person", None), ("person", "pss"), ("person-ec", None)])
def test_round_trip(level, attached, name, scheme):
    raw = made(name, level, attached=attached, scheme=scheme)
    sig = judged(raw, None if attached else DATA, evidence=EVIDENCE if level != "B-LT" else None)
    assert (sig.intact, sig.trusted, sig.level, sig.indication) == (True, True, level, "TOTAL-PASSED"), sig.findings
    assert sig.content.read() == DATA and sig.kind == "cms"


def test_changed_content_and_wrong_file():
    assert judged(made(), DATA + b"x").sub_indication == "HASH_FAILURE"
    assert judged(made(attached=True), DATA + b"x").intact is False
    assert judged(made(), None).intact is None
    assert judged(b"-----BEGIN CMS-----\n" + base64.encodebytes(made()) + b"-----END CMS-----\n").intact is True


def test_signature_of_another_key_does_not_pass():
    raw = bytearray(made())
    raw[-20] ^= 1
    sig = judged(bytes(raw))
    assert sig.intact is False and sig.indication == "TOTAL-FAILED"


def rebuilt(change) -> bytes:
    info = build(hashlib.sha256(DATA).digest(), signer("person"), signing_time=datetime.now(UTC))
    change(info)
    return info.dump(force=True)


def resign(info, attributes) -> None:
    si = info["content"]["signer_infos"][0]
    value = signer("person").sign(cms.CMSAttributes(attributes).dump())
    si["signed_attrs"] = cms.CMSAttributes(attributes)
    si["signature"] = value


def test_two_signers_are_refused():
    def change(info):
        infos = info["content"]["signer_infos"]
        infos.append(infos[0].copy())

    sig = judged(rebuilt(change))
    assert sig.intact is False and sig.sub_indication == "FORMAT_FAILURE" and "cms.structure" in rules(sig)


def test_content_inside_a_detached_signature_is_refused():
    def change(info):
        info["content"]["encap_content_info"]["content"] = core.OctetString(b"other")

    facts = examine(rebuilt(change), lambda name: hashlib.sha256(DATA).digest(), where=Location())
    assert facts.intact is False


@pytest.mark.parametrize("missing", ["message_digest", "content_type"])
def test_missing_mandatory_attribute(missing):
    def change(info):
        si = info["content"]["signer_infos"][0]
        resign(info, [a for a in si["signed_attrs"] if a["type"].native != missing])

    sig = judged(rebuilt(change))
    assert sig.intact is False and "cms.structure" in rules(sig)


def test_attribute_twice():
    def change(info):
        si = info["content"]["signer_infos"][0]
        twice = [a for a in si["signed_attrs"] if a["type"].native == "message_digest"]
        resign(info, [*si["signed_attrs"], *[t.copy() for t in twice]])

    assert judged(rebuilt(change)).intact is False


def test_no_signed_attributes_at_all():
    def change(info):
        si = info["content"]["signer_infos"][0]
        si["signed_attrs"] = None
        si["signature"] = signer("person").sign(DATA)

    assert judged(rebuilt(change)).intact is False


def test_certificate_swapped_for_one_with_the_same_key():
    """agency and agency-renewed share a key: the ESS attribute tells them apart."""
    info = build(hashlib.sha256(DATA).digest(), signer("agency-renewed"), signing_time=datetime.now(UTC))
    twin = parse_certificate(PKI["agency"].der)
    info["content"]["certificates"] = [twin]
    info["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        {
            "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                {"issuer": twin.issuer, "serial_number": twin.serial_number}
            )
        }
    )
    sig = judged(info.dump(force=True))
    assert sig.intact is False and "R30" in rules(sig)


def test_without_ess_a_twin_is_told():
    def change(info):
        si = info["content"]["signer_infos"][0]
        value = [a for a in si["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
        si["signed_attrs"] = cms.CMSAttributes(value)
        si["signature"] = signer("agency-renewed").sign(cms.CMSAttributes(value).dump())

    info = build(hashlib.sha256(DATA).digest(), signer("agency-renewed"), signing_time=datetime.now(UTC))
    change(info)
    trust = TRUST.with_certificates(intermediates=[PKI["agency"].der])
    sig = judged(info.dump(force=True), trust=trust)
    assert sig.intact is True and sig.level is None and {"R30", "R78"} <= rules(sig)


def test_digest_that_contradicts_the_signature_algorithm():
    def change(info):
        info["content"]["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha1"})

    sig = judged(rebuilt(change))
    assert sig.intact is False


def test_stray_octets_and_garbage():
    assert judged(made() + b"\x00" * 500).intact is True
    assert judged(made() + b"evil").intact is False
    for raw in (b"", b"\x30", b"\x30\x80\x00", b"\x00" * 100, made()[:200], b"\x30\x84\xff\xff\xff\xff" * 20):
        assert judged(raw).intact is not True
    deep = b"\x30\x80" * 20_000
    assert judged(deep).intact is not True


def test_filler_attribute_is_a_warning():
    def change(info):
        si = info["content"]["signer_infos"][0]
        attribute = cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.10", "values": [core.OctetString(b"x")]})
        si["unsigned_attrs"] = cms.CMSAttributes([attribute])

    raw = rebuilt(change)
    assert judged(raw).intact is True
    spoiled = raw.replace(b"\x04\x01x", b"AAA")
    assert spoiled != raw
    sig = judged(spoiled)
    assert sig.intact is True and "R31" in rules(sig)


def test_time_stamps_that_prove_nothing():
    other = made("person", "B-T")
    token = cms.ContentInfo.load(other)["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()

    class Fixed:
        def stamp(self, imprint, digest="sha256"):
            return token

    sig = judged(made("agency", "B-T", timestamper=Fixed()))
    assert sig.proven_at is None and sig.timestamps[0].intact is False and "R32" in _stamp_rules(sig)
    assert sig.level == "B-B" and sig.indication == "INDETERMINATE"
    for tsa in ("tsa-wrong-purpose", "tsa-expired", "tsa-revoked", "rogue-tsa"):
        sig = judged(made("person", "B-T", timestamper=Stamper(tsa=tsa)))
        assert sig.proven_at is None and not sig.timestamps[0].proves, tsa
        assert "R32" in _stamp_rules(sig), tsa


def _stamp_rules(sig) -> set[str]:
    return {f.rule for t in sig.timestamps for f in t.findings}


def test_real_signatures_at_their_own_time(shared):
    trust = TrustStore.load(shared / "pki")
    for number, year in ((28, 2018), (30, 2020)):
        raw = (shared / "signed" / f"cms-congbao-{number}.ber").read_bytes()
        (sig,) = verify_cms(raw, trust=trust).signatures
        assert sig.intact is None and sig.sub_indication == "SIGNED_DATA_NOT_FOUND"
        assert sig.trusted is True and sig.proven_at.year == year and sig.judged_at == sig.proven_at
        assert sig.signer.organisation == "Văn phòng Chính phủ"
        assert 3 <= (sig.proven_at - sig.signed_at).total_seconds() <= 5
        facts = examine(raw, lambda name: None, where=Location())
        assert facts.intact is None and "R09" not in {f.rule for f in facts.findings}
        token = (shared / "signed" / f"tst-vgca-{number}.der").read_bytes()
        stamp = verify_token(token, digest_of(facts.signature), trust=trust)
        assert stamp.proves and stamp.policy in ("1.1.2", "2.16.704.1.1.1.2")
        assert not verify_token(token, digest_of(b"other"), trust=trust).proves


def test_openssl_accepts_ours_and_we_accept_openssl(tmp_path):
    openssl = need("openssl")
    root, chain, data = tmp_path / "root.pem", tmp_path / "chain.pem", tmp_path / "data.bin"
    root.write_bytes(PKI["root"].pem)
    chain.write_bytes(PKI["state-ca"].pem)
    data.write_bytes(DATA)
    base = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", root, "-certfile", chain]
    base += ["-purpose", "any", "-cades", "-out", tmp_path / "out"]
    for name, level, scheme in (("person", "B-T", None), ("person", "B-B", "pss"), ("person-ec", "B-LT", None)):
        ours = tmp_path / "ours.p7s"
        ours.write_bytes(made(name, level, scheme=scheme))
        done = subprocess.run([*base, "-content", data, "-in", ours], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        ours.write_bytes(made(name, level, scheme=scheme, attached=True))
        done = subprocess.run([*base, "-in", ours], capture_output=True, check=False)
        assert done.returncode == 0 and (tmp_path / "out").read_bytes() == DATA, done.stderr
    key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
    key.write_bytes(PKI["person"].key_pem())
    certificate.write_bytes(PKI["person"].pem)
    for extra in (["-cades"], ["-keyopt", "rsa_padding_mode:pss"], ["-stream", "-nodetach"], ["-noattr"]):
        theirs = tmp_path / "theirs.p7s"
        command = [openssl, "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-signer", certificate]
        command += ["-inkey", key, "-certfile", chain, "-in", data, "-out", theirs]
        subprocess.run([*command, *extra], check=True, capture_output=True)
        sig = judged(theirs.read_bytes(), None if "-nodetach" in extra else DATA)
        assert sig.intact is ("-noattr" not in extra), (extra, sig.findings)
        assert sig.trusted in (True, None)


def test_local_time_written_as_utc_is_a_quirk():
    now = datetime.now(UTC).replace(microsecond=0)
    sig = judged(made("person", "B-T", signed_at=now + timedelta(hours=7), timestamper=Stamper(now)))
    (said,) = [f for f in sig.findings if f.rule == "R34"]
    assert said.severity == "info" and "7 giờ" in said.message_vi and sig.indication == "TOTAL-PASSED"
    sig = judged(made("person", "B-T", signed_at=now - timedelta(days=9), timestamper=Stamper(now)))
    assert [f.severity for f in sig.findings if f.rule == "R34"] == ["warning"]


def test_arguments():
    with pytest.raises(UsageError):
        made(level="B-LTA")
    with pytest.raises(UsageError):
        sign_cms(DATA, io.BytesIO(), signer("person"), signed_at=datetime(2026, 1, 1))
