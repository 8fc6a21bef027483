"""Forms of PDF and CMS signatures that others make, and CMS objects put into a PDF by hand."""

from __future__ import annotations

import hashlib
import io
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, core, crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from tests.signature.cast import EVIDENCE, PKI, TRUST, Stamper, document, signer
from tests.signature.hand import OTHER, body_of, page_file, stream, update
from tests.signature.test_attacks import assert_not_positive, byte_range, judged
from tests.signature.test_cms import DATA, resign
from tests.signature.test_cms import judged as judged_cms
from tests.signature.test_cms import made as made_cms
from tests.signature.test_pdf import made
from tests.signature.tools import need
from vn_edoc.limits import Limits
from vn_edoc.signature import Evidence, verify_cms, verify_pdf
from vn_edoc.signature.cms_build import add_unsigned, build


def resealed(make, subfilter: bytes | None = None) -> bytes:
    """A PDF whose signature is what ``make`` gives for the octets of its byte range."""
    pdf = made(page_file(), "person", form="adbe", reserve=200_000)
    if subfilter is not None:
        pdf = pdf.replace(b"/adbe.pkcs7.detached", (b"/" + subfilter).ljust(20))
    _, _, (_, first, second, _) = byte_range(pdf)
    value = make(pdf[:first] + pdf[second:])
    return pdf[:first] + b"<" + value.hex().encode().ljust(second - first - 2, b"0") + b">" + pdf[second:]


def info_for(data: bytes, name: str = "person", **options):
    options.setdefault("signing_time", datetime.now(UTC))
    return build(hashlib.sha256(data).digest(), signer(name), **options)


def rules(result) -> set[str]:
    return {f.rule for f in result.findings}


# --- SubFilters -----------------------------------------------------------------------------------------------------


def sha1_form(data: bytes, inside: bytes | None = None) -> bytes:
    value = hashlib.sha1(data).digest() if inside is None else inside
    info = build(hashlib.sha256(value).digest(), signer("person"), content=value, signing_time=datetime.now(UTC))
    return info.dump()


def test_adbe_pkcs7_sha1():
    (sig,) = judged(resealed(sha1_form, b"adbe.pkcs7.sha1")).signatures
    assert sig.intact is True and sig.changes == "none" and sig.level is None
    assert "R22" in rules(sig) and sig.indication != "TOTAL-PASSED", sig.findings


def test_adbe_pkcs7_sha1_over_something_else():
    for inside in (b"\x00" * 20, b"", hashlib.sha256(b"x").digest()):
        (sig,) = assert_not_positive(
            resealed(lambda d, inside=inside: sha1_form(d, inside), b"adbe.pkcs7.sha1")
        ).signatures
        assert sig.intact is False and sig.sub_indication == "HASH_FAILURE"
    (sig,) = assert_not_positive(resealed(lambda d: info_for(d).dump(), b"adbe.pkcs7.sha1")).signatures
    assert sig.intact is not True


def test_adbe_x509_rsa_sha1_is_told_and_not_verified():
    def make(data):
        return core.OctetString(b"\x01" * 256).dump()

    (sig,) = assert_not_positive(resealed(make, b"adbe.x509.rsa_sha1")).signatures
    assert sig.intact is None and "pdf.subfilter" in rules(sig)


def test_cades_and_adbe_differ_in_level_only():
    pades = judged(made(page_file(), "person")).signatures[0]
    adbe = judged(made(page_file(), "person", form="adbe")).signatures[0]
    assert (pades.level, adbe.level) == ("B-B", None)
    assert pades.indication == adbe.indication == "TOTAL-PASSED"


# --- CMS in a PDF ---------------------------------------------------------------------------------------------------


def test_a_resealed_file_is_good():
    (sig,) = judged(resealed(lambda d: info_for(d).dump())).signatures
    assert sig.indication == "TOTAL-PASSED"


def _two_signers(data):
    info = info_for(data)
    infos = info["content"]["signer_infos"]
    infos.append(info_for(data, "agency")["content"]["signer_infos"][0])
    return info.dump(force=True)


def _no_signer(data):
    info = info_for(data)
    info["content"]["signer_infos"] = cms.SignerInfos([])
    return info.dump(force=True)


def _enveloping(data):
    return build(hashlib.sha256(data).digest(), signer("person"), content=data).dump()


def _enveloping_empty(data):
    return build(hashlib.sha256(b"").digest(), signer("person"), content=b"").dump()


def _without(kind):
    def make(data):
        info = info_for(data)
        resign(info, [a for a in info["content"]["signer_infos"][0]["signed_attrs"] if a["type"].native != kind])
        return info.dump(force=True)

    return make


def _no_attributes(data):
    info = info_for(data)
    si = info["content"]["signer_infos"][0]
    si["signed_attrs"] = None
    si["signature"] = signer("person").sign(data)
    return info.dump(force=True)


def _two_digests(data):
    info = info_for(data)
    si = info["content"]["signer_infos"][0]
    wrong = cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(b"x").digest()]})
    resign(info, [*si["signed_attrs"], wrong])
    return info.dump(force=True)


def _other_type(data):
    info = info_for(data)
    info["content"]["encap_content_info"]["content_type"] = "enveloped_data"
    return info.dump(force=True)


def _signed_twice(data):
    inner = info_for(data)
    return cms.ContentInfo({"content_type": "data", "content": core.OctetString(inner.dump())}).dump()


@pytest.mark.parametrize(
    "make",
    [_two_signers, _no_signer, _enveloping, _enveloping_empty, _without("message_digest"), _without("content_type"),
     _no_attributes, _two_digests, _other_type, _signed_twice],
)  # fmt: skip
def test_cms_profile_in_a_pdf(make):
    (sig,) = assert_not_positive(resealed(make)).signatures
    assert sig.intact is False and sig.indication == "TOTAL-FAILED", sig.findings


def _length(size: int) -> bytes:
    if size < 128:
        return bytes((size,))
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def indefinite(der: bytes, depth: int = 4) -> bytes:
    """BER: constructed values down to ``depth`` with indefinite lengths, but what is signed or hashed as it was."""
    if depth == 0 or not der[0] & 0x20 or (der[0] == 0xA0 and depth < 3):
        return der
    head = 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
    out, spot = b"", head
    while spot < len(der):
        size = der[spot + 1]
        start = spot + 2
        if size >= 0x80:
            start += size & 0x7F
            size = int.from_bytes(der[spot + 2 : start], "big")
        out += indefinite(der[spot : start + size], depth - 1)
        spot = start + size
    return der[:1] + b"\x80" + out + b"\x00\x00"


def test_indefinite_lengths():
    for depth in (1, 2, 3):
        (sig,) = judged(resealed(lambda d, depth=depth: indefinite(info_for(d).dump(), depth))).signatures
        assert sig.intact is True and sig.indication == "TOTAL-PASSED", (depth, sig.findings)
        raw = indefinite(made_cms(), depth)
        assert judged_cms(raw).indication == "TOTAL-PASSED"
        assert judged_cms(raw, DATA + b"x").intact is False


def test_missing_ess_and_local_time_in_a_pdf():
    def no_ess(data):
        info = info_for(data)
        resign(info, [a for a in info["content"]["signer_infos"][0]["signed_attrs"]
                      if a["type"].native != "signing_certificate_v2"])  # fmt: skip
        return info.dump(force=True)

    (sig,) = judged(resealed(no_ess)).signatures
    assert sig.intact is True and "R30" in rules(sig) and sig.indication == "TOTAL-PASSED"
    seven = datetime.now(UTC) + timedelta(hours=7)

    def stamped(data):
        from vn_edoc.signature.cms_build import stamp_signature

        info = info_for(data, signing_time=seven)
        stamp_signature(info, Stamper())
        return info.dump()

    (sig,) = judged(resealed(stamped)).signatures
    told = [f for f in sig.findings if f.rule == "R34"]
    assert told and told[0].severity == "info" and sig.indication == "TOTAL-PASSED", sig.findings


def test_malformed_unsigned_attribute_in_a_pdf():
    def make(data):
        info = info_for(data)
        filler = cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.10", "values": [core.OctetString(b"A" * 72)]})
        info["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([filler])
        der = info.dump(force=True)
        spoiled = der.replace(b"\x04\x48" + b"A" * 72, b"A" * 74)
        assert spoiled != der
        return spoiled

    (sig,) = judged(resealed(make)).signatures
    assert sig.intact is True and "R31" in rules(sig) and sig.indication == "TOTAL-PASSED", sig.findings


# --- archive time-stamps of CAdES -----------------------------------------------------------------------------------


@pytest.mark.parametrize("oid", ["0.4.0.1733.2.4", "1.2.840.113549.1.9.16.2.48", "1.2.840.113549.1.9.16.2.27"])
def test_archive_time_stamp_is_told_and_proves_nothing(oid):
    info = cms.ContentInfo.load(made_cms())
    token = cms.ContentInfo.load(PKI.timestamp(b"\x00" * 32))
    add_unsigned(info, oid, token)
    sig = judged_cms(info.dump(force=True))
    assert sig.intact is True and sig.level == "B-B" and sig.proven_at is None
    assert "timestamp.archive" in rules(sig) and sig.indication == "TOTAL-PASSED"
    broken = cms.ContentInfo.load(made_cms())
    add_unsigned(broken, oid, core.OctetString(b"x"))
    sig = judged_cms(broken.dump(force=True))
    assert sig.intact is True and "timestamp.archive" in rules(sig)


# --- encrypted files ------------------------------------------------------------------------------------------------


def encrypted(tmp_path, password: str, bits: int = 256) -> bytes:
    source, target = tmp_path / "plain.pdf", tmp_path / f"locked-{bits}.pdf"
    source.write_bytes(page_file())
    command = [need("qpdf"), "--encrypt", password, "owner", str(bits)]
    command += ["--use-aes=y"] if bits == 128 else []
    subprocess.run([*command, "--", str(source), str(target)], check=True)
    return target.read_bytes()


def signed_by_another(pdf: bytes, password: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    writer.encrypt(password)
    peer = signers.SimpleSigner.load_pkcs12_data(PKI["agency"].pkcs12(b"x"), other_certs=[], passphrase=b"x")
    number = pdf.count(b"/ByteRange") + 1
    meta = signers.PdfSignatureMetadata(field_name=f"S{number}", subfilter=fields.SigSeedSubFilter.PADES)
    return signers.sign_pdf(writer, meta, signer=peer).getvalue()


@pytest.mark.parametrize("bits", [128, 256])
def test_encrypted_with_an_empty_password(tmp_path, bits):
    once = signed_by_another(encrypted(tmp_path, "", bits), "")
    found = judged(once)
    (sig,) = found.signatures
    assert sig.intact is True and sig.changes == "none" and sig.indication == "TOTAL-PASSED", sig.findings
    assert "pdf.encrypted" in rules(found)
    first, second = judged(signed_by_another(once, "")).signatures
    assert first.changes == "allowed" and second.changes == "none", first.findings
    spoiled = bytearray(once)
    spoiled[once.index(b"/MediaBox") + 12] ^= 1
    assert judged(bytes(spoiled)).signatures[0].intact is False


def test_encrypted_with_a_password_that_is_not_known(tmp_path):
    pdf = signed_by_another(encrypted(tmp_path, "bimat"), "bimat")
    found = judged(pdf)
    assert all(s.indication != "TOTAL-PASSED" for s in found.signatures)
    assert {"pdf.encrypted", "pdf.unreadable"} & rules(found)
    said = " ".join(f.message_vi for f in found.findings)
    assert "mật khẩu" in said, found.findings


def test_edited_after_signing_although_encrypted(tmp_path):
    once = signed_by_another(encrypted(tmp_path, ""), "")
    writer = IncrementalPdfFileWriter(io.BytesIO(once), strict=False)
    writer.encrypt("")
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    from pyhanko.pdf_utils import generic

    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=OTHER))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    (sig,) = assert_not_positive(out.getvalue()).signatures
    assert sig.changes == "forbidden"


def test_encryption_claimed_by_an_update():
    pdf = made(page_file(), "person")
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >>" % (b"x" * 32, b"y" * 32)
    found = assert_not_positive(update(pdf, {4: stream(OTHER)}, trailer=locked + b" /ID [(a) (b)]"))
    assert all(s.changes in ("forbidden", "unknown") for s in found.signatures)
    assert_not_positive(update(pdf, {80: b"(x)"}, trailer=locked + b" /ID [(a) (b)]"))
    assert body_of(pdf, 1)


# --- very many of something -----------------------------------------------------------------------------------------


def assembled(certificates: bytes | None = None, signers_: bytes | None = None) -> bytes:
    """A CMS put together by hand: the object model would take minutes."""
    info = info_for(DATA)
    data = info["content"]
    parts = [data["version"].dump(), data["digest_algorithms"].dump(), data["encap_content_info"].dump()]
    listed = data["certificates"].dump()
    parts.append(listed if certificates is None else b"\xa0" + _length(len(certificates)) + certificates)
    parts.append(data["signer_infos"].dump() if signers_ is None else b"\x31" + _length(len(signers_)) + signers_)
    body = b"".join(parts)
    signed = b"\x30" + _length(len(body)) + body
    whole = info["content_type"].dump() + b"\xa0" + _length(len(signed)) + signed
    return b"\x30" + _length(len(whole)) + whole


def test_ten_thousand_signers():
    one = info_for(DATA)["content"]["signer_infos"][0].dump()
    raw = assembled(signers_=one * 10_000)
    started = time.monotonic()
    sig = judged_cms(raw)
    assert sig.intact is False and "cms.structure" in rules(sig)
    assert time.monotonic() - started < 60


def test_ten_thousand_certificates():
    mine = b"".join(c.chosen.dump() for c in info_for(DATA)["content"]["certificates"])
    started = time.monotonic()
    sig = judged_cms(assembled(certificates=mine + PKI["state-ca"].der * 10_000))
    assert sig.intact is True and sig.indication == "TOTAL-PASSED", sig.findings
    assert judged_cms(assembled(certificates=PKI["state-ca"].der * 10_000)).intact is not True
    assert time.monotonic() - started < 60


def long_list(count: int, last: int) -> bytes:
    """A CRL of the state CA with very many entries, the last of them the number given."""
    entry = b"\x30\x12\x02\x01\x01\x17\x0d260101000000Z"
    one = crl.RevokedCertificate.load(entry)
    assert one["user_certificate"].native == 1
    entries = b"".join(
        b"\x30\x16\x02\x05" + (0x0100000000 + n).to_bytes(5, "big") + b"\x17\x0d260101000000Z" for n in range(count)
    )
    serial = last.to_bytes((last.bit_length() + 8) // 8, "big")
    body = b"\x02" + _length(len(serial)) + serial + b"\x17\x0d260101000000Z"
    entries += b"\x30" + _length(len(body)) + body
    real = crl.CertificateList.load(PKI.crl("state-ca"))
    tbs = real["tbs_cert_list"]
    parts = [tbs[name].dump() for name in ("version", "signature", "issuer", "this_update", "next_update")]
    parts.append(b"\x30" + _length(len(entries)) + entries)
    parts.append(tbs["crl_extensions"].dump())
    inner = b"".join(parts)
    listed = b"\x30" + _length(len(inner)) + inner
    from cryptography.hazmat.primitives.asymmetric import padding

    value = PKI["state-ca"].key.sign(listed, padding.PKCS1v15(), hashes.SHA256())
    whole = listed + real["signature_algorithm"].dump() + b"\x03" + _length(len(value) + 1) + b"\x00" + value
    return b"\x30" + _length(len(whole)) + whole


def test_a_hundred_thousand_revoked():
    person = x509.load_der_x509_certificate(PKI["person"].der)
    assert person.public_bytes(serialization.Encoding.DER) == PKI["person"].der
    good = Evidence(crls=(PKI.crl("root"), long_list(100_000, 77)))
    bad = Evidence(crls=(PKI.crl("root"), long_list(100_000, person.serial_number)))
    started = time.monotonic()
    raw = made_cms()
    assert judged_cms(raw, evidence=good).indication == "TOTAL-PASSED"
    sig = judged_cms(raw, evidence=bad)
    assert sig.indication != "TOTAL-PASSED" and "R18" in rules(sig), sig.findings
    assert time.monotonic() - started < 60


def test_limits_are_told_not_raised():
    raw = made_cms()
    (sig,) = verify_cms(raw, DATA, limits=Limits(pdf_bytes=100)).signatures
    assert sig.intact is None and "pdf.limit" in rules(sig)
    found = verify_pdf(page_file(), limits=Limits(pdf_bytes=100))
    assert "pdf.limit" in rules(found)


def test_evidence_and_trust_are_those_of_the_cast():
    assert TRUST.anchors and EVIDENCE.crls and document().pdf


def test_a_certificate_whose_key_is_none():
    """Found by fuzzing: a certificate beside the signer's with a key that is no key; without ESS, twins are sought."""
    info = info_for(DATA)
    signer_info = info["content"]["signer_infos"][0]
    resign(info, [a for a in signer_info["signed_attrs"] if a["type"].native != "signing_certificate_v2"])
    spoiled = PKI["agency"].der.replace(b"\x03\x82\x01\x0f\x00\x30\x82", b"\x03\x82\x01\x0f\x00\x31\x82", 1)
    assert spoiled != PKI["agency"].der
    listed = b"".join(c.chosen.dump() for c in info["content"]["certificates"])
    sig = judged_cms(assembled(certificates=listed + spoiled, signers_=signer_info.dump(force=True)))
    assert sig.intact is True and "cms.unreadable" not in rules(sig), sig.findings
