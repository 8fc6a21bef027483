"""More attacks on algorithms, time-stamps, revocation and certificates, of which the code was not written against: none
is ever positive. (Rows 16 and 19 to 22 as in ``test_attacks``.)"""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import algos, cms, core, keys, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from tests.signature.cast import document, signer
from tests.signature.hand import body_of, page_file, stream, update, with_entry
from tests.signature.test_attacks import assert_not_positive, byte_range, judged, minimal
from tests.signature.test_cms import DATA
from tests.signature.test_pdf import made
from vn_edoc.errors import SigningError
from vn_edoc.signature import Evidence, TrustStore, preflight_pdf, sign_pdf, verify_cms
from vn_edoc.signature.cms_build import add_unsigned, build
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import ThrowawayPki
from vn_edoc.testing.cms import CmsForm, signed_data
from vn_edoc.testing.profiles import CAST, EKU_EMAIL, EKU_TIME_STAMPING
from vn_edoc.testing.tokens import ocsp_response, timestamp_token

DAY = timedelta(days=1)
TOKEN = "1.2.840.113549.1.9.16.2.14"
ESS = "signing_certificate_v2"

MORE = (
    replace(CAST["state-ca"], name="weak-ca", subject=(("C", "VN"), ("CN", "CA yếu")), key="rsa1024"),
    replace(CAST["agency"], name="agency-of-weak-ca", issuer="weak-ca"),
    replace(CAST["person"], name="person-heir", key_of="person"),
    replace(CAST["tsa"], name="tsa-lax", purposes_critical=False),
    replace(CAST["tsa"], name="tsa-two", purposes=(EKU_TIME_STAMPING, EKU_EMAIL)),
    replace(CAST["tsa"], name="tsa-of-state-ca", issuer="rogue-ca"),
    replace(CAST["tsa"], name="tsa-twin", key_of="tsa", subject=(("C", "VN"), ("CN", "TSA khác"))),
    replace(CAST["ocsp"], name="ocsp-expired", ends=-300 * DAY, starts=-900 * DAY),
    replace(CAST["ocsp"], name="ocsp-other", issuer="public-ca"),
    replace(CAST["ocsp"], name="ocsp-below", issuer="ocsp"),
    replace(CAST["ocsp"], name="ocsp-rogue", issuer="rogue-ca"),
)
PKI = ThrowawayPki(cast={**CAST, **{profile.name: profile for profile in MORE}})
TRUST = TrustStore([PKI["root"].der])
LISTS = Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca"), PKI.crl("weak-ca")))


def holder(name: str) -> SoftwareSigner:
    identity = PKI[name]
    return SoftwareSigner(identity.key, identity.certificate, identity.issuers[:-1])


def info_for(name: str = "person", **options):
    options.setdefault("signing_time", datetime.now(UTC))
    chain = [c.public_bytes(serialization.Encoding.DER) for c in PKI[name].issuers[:-1]]
    return build(hashlib.sha256(DATA).digest(), holder(name), chain=chain, **options)


def verdict(raw: bytes, evidence: Evidence = LISTS):
    (sig,) = verify_cms(raw, DATA, trust=TRUST, evidence=evidence).signatures
    return sig


def assert_refused(raw: bytes, evidence: Evidence = LISTS):
    sig = verdict(raw, evidence)
    assert sig.indication != "TOTAL-PASSED", sig.findings
    return sig


def rules(result) -> set[str]:
    return {f.rule for f in result.findings}


def test_the_cast_is_good():
    for name in ("person", "person-heir", "agency-ec"):
        assert verdict(info_for(name).dump()).indication == "TOTAL-PASSED"


# --- 16: active content ---------------------------------------------------------------------------------------------

_SCRIPT = b"<< /S /JavaScript /JS (this.getField) >>"
ACTIVE = {
    "bookmark": (
        b"/Outlines 6 0 R",
        b"",
        (
            b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            b"<< /Title (x) /Parent 6 0 R /A 8 0 R >>",
            _SCRIPT,
        ),
    ),
    "bookmark below a bookmark": (
        b"/Outlines 6 0 R",
        b"",
        (
            b"<< /First 7 0 R /Last 7 0 R >>",
            b"<< /Title (x) /Parent 6 0 R /First 8 0 R /Last 8 0 R /Next 7 0 R >>",
            b"<< /Title (y) /Parent 7 0 R /A << /S /Launch /F (x.exe) >> >>",
        ),
    ),
    "field that no page shows": (
        b"/AcroForm << /Fields [6 0 R] >>",
        b"",
        (b"<< /T (a) /Kids [7 0 R] >>", b"<< /T (b) /FT /Tx /Parent 6 0 R /AA << /C 8 0 R >> >>", _SCRIPT),
    ),
    "name in hexadecimal": (b"/OpenAction << /S /Java#53cript /JS (app.alert) >>", b"", ()),
    "action behind a harmless one": (
        b"/OpenAction 6 0 R",
        b"",
        (b"<< /S /GoTo /D [3 0 R /Fit] /Next [ << /S /Named /N /NextPage /Next 7 0 R >> ] >>", _SCRIPT),
    ),
    "layers switched by an action": (
        b"/OpenAction << /S /SetOCGState /State [/Toggle 6 0 R] >>",
        b"",
        (b"<< /Type /OCG /Name (x) >>",),
    ),
    "annotation hidden by an action": (b"", b"/AA << /O << /S /Hide /T (x) /H false >> >>", ()),
}


def active_file(name: str) -> bytes:
    root, page, more = ACTIVE[name]
    return page_file(root, page, *more)


def test_content_of_another_file():
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /R 5 0 R >> >> >>",
        stream(b"/R Do"),
        stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F (other.pdf) /Page 0 >>"),
    )
    assert "R80" in {f.rule for f in preflight_pdf(pdf)}


@pytest.mark.parametrize("name", sorted(ACTIVE))
def test_active_content_is_refused_before_and_told_after_signing(name):
    pdf = active_file(name)
    assert "R80" in {f.rule for f in preflight_pdf(pdf)}
    out = io.BytesIO()
    with pytest.raises(SigningError):
        sign_pdf(pdf, out, signer("person"))
    assert not out.getvalue()
    assert "R80" in {f.rule for f in judged(made(pdf, "person", preflight="off")).findings}


def test_active_content_brought_later():
    signed = made(page_file(), "person")
    links = b"/Annots [80 0 R]"
    for action in (_SCRIPT, b"<< /S /GoToE /T << /R /C /N (x) >> >>", b"<< /S /SetOCGState /State [/ON 81 0 R] >>"):
        page = with_entry(body_of(signed, 3).replace(b"/Annots", b"/Old"), links)
        note = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>" % action
        assert_not_positive(update(signed, {3: page, 80: note}))
    root = with_entry(body_of(signed, 1), b"/Outlines 80 0 R")
    item = b"<< /Title (x) /Parent 80 0 R /A %s >>" % _SCRIPT
    assert_not_positive(update(signed, {1: root, 80: b"<< /First 81 0 R /Last 81 0 R >>", 81: item}))


# --- 19: algorithms -------------------------------------------------------------------------------------------------


def signed_otherwise(digest: str, algorithm, sign, name: str = "person", listed: str | None = None) -> bytes:
    """A CMS that says ``algorithm`` and whose attributes are signed by ``sign``."""
    info = info_for(name)
    si = info["content"]["signer_infos"][0]
    kept = [a for a in si["signed_attrs"] if a["type"].native in ("content_type", ESS)]
    value = hashlib.new(digest, DATA, usedforsecurity=False).digest()
    attributes = cms.CMSAttributes([*kept, cms.CMSAttribute({"type": "message_digest", "values": [value]})])
    si["signed_attrs"] = attributes
    si["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": listed or digest})
    si["signature_algorithm"] = algorithm
    si["signature"] = sign(PKI[name].key, attributes.dump())
    return bytes(info.dump())


def pss(digest: str) -> algos.SignedDigestAlgorithm:
    parameters = {
        "hash_algorithm": {"algorithm": digest},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": digest}},
        "salt_length": 20,
    }
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


_PLAIN, _SHA1 = padding.PKCS1v15(), hashes.SHA1()
_PSS_SHA1 = padding.PSS(padding.MGF1(_SHA1), 20)
WEAK = {
    "md5": lambda: signed_otherwise(
        "md5", algos.SignedDigestAlgorithm({"algorithm": "md5_rsa"}), lambda k, m: k.sign(m, _PLAIN, hashes.MD5())
    ),
    "sha1 below sha256": lambda: signed_otherwise(
        "sha256", algos.SignedDigestAlgorithm({"algorithm": "sha1_rsa"}), lambda k, m: k.sign(m, _PLAIN, _SHA1)
    ),
    "sha1 of the content alone": lambda: signed_otherwise(
        "sha1",
        algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        lambda k, m: k.sign(m, _PLAIN, hashes.SHA256()),
    ),
    "sha1 in plain rsa": lambda: signed_otherwise(
        "sha1", algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}), lambda k, m: k.sign(m, _PLAIN, _SHA1)
    ),
    "pss with sha1 below sha256": lambda: signed_otherwise(
        "sha256", pss("sha1"), lambda k, m: k.sign(m, _PSS_SHA1, _SHA1)
    ),
    "ecdsa with sha1": lambda: signed_otherwise(
        "sha256",
        algos.SignedDigestAlgorithm({"algorithm": "sha1_ecdsa"}),
        lambda k, m: k.sign(m, ec.ECDSA(_SHA1)),
        "person-ec",
    ),
    "a short key above the signer": lambda: info_for("agency-of-weak-ca").dump(),
}


@pytest.mark.parametrize("name", sorted(WEAK))
def test_weak_algorithms(name):
    assert_refused(WEAK[name]())


def issued(public_key: keys.PublicKeyInfo, serial: int) -> asn1_x509.Certificate:
    """The person's certificate with another key and number, truly issued by the state CA."""
    real = asn1_x509.Certificate.load(PKI["person"].der)
    tbs = asn1_x509.TbsCertificate.load(real["tbs_certificate"].dump())
    tbs["subject_public_key_info"], tbs["serial_number"] = public_key, serial
    value = PKI["state-ca"].key.sign(tbs.dump(force=True), _PLAIN, hashes.SHA256())
    fields = {"tbs_certificate": tbs, "signature_algorithm": real["signature_algorithm"], "signature_value": value}
    return asn1_x509.Certificate.load(asn1_x509.Certificate(fields).dump())


def by_certificate(certificate: asn1_x509.Certificate, sign, algorithm: str = "sha256_rsa") -> bytes:
    info = info_for()
    data = info["content"]
    data["certificates"] = cms.CertificateSet([certificate, asn1_x509.Certificate.load(PKI["state-ca"].der)])
    si = data["signer_infos"][0]
    identifier = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    si["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(identifier)})
    ess = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(certificate.dump()).digest()}]})
    kept = [a for a in si["signed_attrs"] if a["type"].native in ("content_type", "message_digest")]
    attributes = cms.CMSAttributes([*kept, cms.CMSAttribute({"type": ESS, "values": [ess]})])
    si["signed_attrs"] = attributes
    si["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": algorithm})
    si["signature"] = sign(attributes.dump())
    return bytes(info.dump())


def test_keys_that_are_no_keys():
    """An exponent of one makes the padded digest its own signature; a curve of 192 bits is below the minimum."""
    modulus = PKI["person"].key.public_key().public_numbers().n
    rsa_key = keys.RSAPublicKey({"modulus": modulus, "public_exponent": 1})
    one = issued(keys.PublicKeyInfo.wrap(rsa_key, "rsa"), 4242)

    def padded(message: bytes) -> bytes:
        told = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
        return b"\x00\x01" + b"\xff" * (256 - 3 - len(told)) + b"\x00" + told

    assert_refused(by_certificate(one, padded))
    small = ec.generate_private_key(ec.SECP192R1())
    spki = small.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    short = issued(keys.PublicKeyInfo.load(spki), 4243)
    raw = by_certificate(short, lambda m: small.sign(m, ec.ECDSA(hashes.SHA256())), "sha256_ecdsa")
    assert_refused(raw)
    good = issued(keys.PublicKeyInfo.load(asn1_x509.Certificate.load(PKI["agency"].der).public_key.dump()), 4244)
    raw = by_certificate(good, lambda m: PKI["agency"].key.sign(m, _PLAIN, hashes.SHA256()))
    assert verdict(raw).indication == "TOTAL-PASSED"


# --- 20: time-stamps ------------------------------------------------------------------------------------------------


def stamped_by(make) -> bytes:
    """A CMS with the token that ``make`` gives for the signature's value."""
    info = info_for()
    value = info["content"]["signer_infos"][0]["signature"].native
    add_unsigned(info, TOKEN, cms.ContentInfo.load(make(value)))
    return bytes(info.dump())


def token(value: bytes, at: datetime | None = None, name: str = "tsa", **options) -> bytes:
    options = {"key": PKI[name].key, "certificate": PKI[name].der} | options
    algorithm = options.get("algorithm", "sha256")
    imprint = hashlib.new(algorithm, value, usedforsecurity=False).digest()
    return timestamp_token(imprint, at or datetime.now(UTC), **options)


def inner(value: bytes) -> bytes:
    """The TSTInfo of a good token."""
    return bytes(cms.ContentInfo.load(token(value))["content"]["encap_content_info"]["content"].parsed.dump())


def by_tsa(value: bytes, **options) -> bytes:
    given = {"key": PKI["tsa"].key, "certificate": PKI["tsa"].der, "embed": [PKI["tsa"].der]}
    given |= {"content_type": "tst_info", "detached": False}
    return signed_data(inner(value), **(given | options))


STAMPS = {
    "another key under the authority's name": lambda v: token(v, key=PKI["rogue-tsa"].key),
    "the key's other certificate": lambda v: by_tsa(v, embed=[PKI["tsa-twin"].der], certificate=PKI["tsa-twin"].der),
    "usage not critical": lambda v: token(v, name="tsa-lax"),
    "usage for more": lambda v: token(v, name="tsa-two"),
    "authority of a stranger": lambda v: token(
        v, name="tsa-of-state-ca", embed=[PKI["tsa-of-state-ca"].der, PKI["rogue-ca"].der, PKI["rogue-root"].der]
    ),
    "the signer stamps for himself": lambda v: token(v, name="person"),
    "tomorrow's": lambda v: token(v, datetime.now(UTC) + 30 * DAY),
    "before the signer's certificate": lambda v: token(v, PKI.epoch + PKI.profile("person").starts - DAY),
    "before there was an authority": lambda v: token(v, PKI.epoch + PKI.profile("tsa").starts - DAY),
    "over the content": lambda v: token(DATA),
    "md5": lambda v: token(v, algorithm="md5"),
    "two signers": lambda v: by_tsa(v, form=CmsForm(signers=2)),
    "no token inside": lambda v: by_tsa(v, detached=True),
    "content of another type": lambda v: by_tsa(v, content_type="data"),
    "bound to another certificate": lambda v: by_tsa(v, form=CmsForm(certificate_digest=b"\x01" * 32)),
    "value broken": lambda v: by_tsa(v, form=CmsForm(break_signature=True)),
    "digest of other information": lambda v: by_tsa(v, form=CmsForm(message_digest=b"\x01" * 32)),
}


UNTRUSTED = ("before the signer's certificate", "before there was an authority", "md5", "authority of a stranger")
"""Tokens that hold together and come from nobody who is trusted for that time, or over a broken digest."""


@pytest.mark.parametrize("name", sorted(STAMPS))
def test_time_stamps(name):
    if name == "the key's other certificate":
        # A certificate of its own authority's: what it proves is judged by its own path.
        assert verdict(stamped_by(STAMPS[name])).timestamps[0].intact is True
        return
    sig = verdict(stamped_by(STAMPS[name]))
    if name == "tomorrow's":
        assert sig.indication != "TOTAL-PASSED"
        return
    # The certificate is valid now, so a token that proves nothing may leave the signature valid: as of now.
    assert sig.proven_at is None, sig.timestamps
    if name in UNTRUSTED:
        assert sig.timestamps[0].trusted is not True or sig.timestamps[0].intact is not True
    else:
        assert sig.indication != "TOTAL-PASSED"


def test_certificates_injected_into_a_token():
    """The answer carries a second certificate of the same name and number, and one of the same key."""
    forged = x509.load_der_x509_certificate(PKI["tsa"].der)
    rogue = (
        x509.CertificateBuilder().subject_name(forged.subject).issuer_name(forged.issuer)
        .public_key(PKI["rogue-tsa"].key.public_key()).serial_number(forged.serial_number)
        .not_valid_before(forged.not_valid_before_utc).not_valid_after(forged.not_valid_after_utc)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(EKU_TIME_STAMPING)]), critical=True)
        .sign(PKI["rogue-root"].key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    )  # fmt: skip
    for listed in ([rogue, PKI["tsa"].der], [PKI["tsa"].der, rogue], [rogue]):
        sig = verdict(stamped_by(lambda v, c=listed: token(v, key=PKI["rogue-tsa"].key, embed=c)))
        assert sig.proven_at is None
        sig = verdict(stamped_by(lambda v, c=listed: token(v, key=PKI["rogue-tsa"].key, certificate=rogue, embed=c)))
        assert sig.proven_at is None
    good = verdict(stamped_by(lambda v: token(v, embed=[rogue, PKI["tsa"].der])))
    assert good.proven_at is None or good.timestamps[0].authority == verdict(stamped_by(token)).timestamps[0].authority


def test_document_time_stamp_of_another_file():
    ours, theirs = made(page_file(), "person", "B-LTA"), made(document().pdf, "person", "B-LTA")
    _, _, (_, b, c, _) = byte_range(ours)
    _, _, (_, b2, c2, _) = byte_range(theirs)
    assert c - b == c2 - b2
    found = judged(ours[:b] + theirs[b2:c2] + ours[c:])
    assert len(found.timestamps) == 1 and not found.timestamps[0].proves
    assert all(s.level != "B-LTA" for s in found.signatures)


# --- 21: revocation -------------------------------------------------------------------------------------------------


def answer(responder: str = "ocsp", about: str = "person", issuer: str = "state-ca", **options) -> bytes:
    options = {"moment": datetime.now(UTC), "lasts": DAY, "key": PKI[responder].key} | options
    return ocsp_response(certificate=PKI[about].der, issuer=PKI[issuer].der, responder=PKI[responder].der, **options)


def retold(raw: bytes, change, responder: str = "ocsp") -> bytes:
    """The answer after ``change`` of its data, signed again."""
    made_ = ocsp.OCSPResponse.load(raw)
    basic = ocsp.BasicOCSPResponse.load(made_["response_bytes"]["response"].parsed.dump())
    change(basic["tbs_response_data"])
    basic["signature"] = PKI[responder].key.sign(basic["tbs_response_data"].dump(force=True), _PLAIN, hashes.SHA256())
    made_["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    return bytes(made_.dump(force=True))


def _critical(data) -> None:
    unknown = {"extn_id": "2.999.1", "critical": True, "extn_value": core.OctetString(b"\x05\x00").dump()}
    data["responses"][0]["single_extensions"] = [unknown]


def _later_first(data) -> None:
    data["responses"][0]["next_update"] = datetime.now(UTC).replace(microsecond=0) - 3 * DAY


def _revoked_too(data) -> None:
    second = data["responses"][0].copy()
    second["cert_status"] = ocsp.CertStatus(
        "revoked", {"revocation_time": datetime.now(UTC).replace(microsecond=0) - 20 * DAY}
    )
    data["responses"].append(second)


ANSWERS = {
    "responder whose time was over": lambda: answer("ocsp-expired"),
    "responder of another authority": lambda: answer("ocsp-other"),
    "responder named by a responder": lambda: answer("ocsp-below"),
    "responder of the same name's authority": lambda: answer("ocsp-rogue"),
    "a colleague": lambda: answer("agency"),
    "a server": lambda: answer("device"),
    "the root": lambda: answer("root"),
    "the responder's name, another key": lambda: answer(key=PKI["ocsp-rogue"].key),
    "of last quarter": lambda: answer(moment=datetime.now(UTC) - 90 * DAY),
    "about the same number elsewhere": lambda: answer(issuer="public-ca"),
    "about another number": lambda: answer(about="deputy"),
    "end before the beginning": lambda: retold(answer(), _later_first),
    "good and revoked": lambda: retold(answer(), _revoked_too),
    "critical and unknown": lambda: retold(answer(), _critical),
    "not successful": lambda: answer().replace(b"\x0a\x01\x00", b"\x0a\x01\x03", 1),
    "value broken": lambda: answer()[:-900] + bytes((answer()[-900] ^ 1,)) + answer()[-899:],
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_answers_that_prove_nothing(name):
    assert_refused(info_for().dump(), Evidence(crls=(PKI.crl("root"),), ocsps=(ANSWERS[name](),)))


def test_the_right_answer():
    evidence = Evidence(crls=(PKI.crl("root"),), ocsps=(answer(),))
    assert verdict(info_for().dump(), evidence).indication == "TOTAL-PASSED"


def test_good_answers_do_not_outweigh_a_revocation():
    """Each kind of good news beside a list that names the certificate."""
    named = PKI.crl("state-ca", revoked={"person": datetime.now(UTC) - 20 * DAY})
    raw = info_for().dump()
    fresh = PKI.crl("state-ca", datetime.now(UTC) - 40 * DAY)
    for evidence in (
        Evidence(crls=(PKI.crl("root"), named), ocsps=(answer(),)),
        Evidence(crls=(PKI.crl("root"), named, PKI.crl("state-ca"))),
        Evidence(crls=(PKI.crl("root"), fresh, named)),
    ):
        assert_refused(raw, evidence)


def test_lists_that_prove_nothing():
    whole = PKI.crl("state-ca")
    for listed in (
        PKI.crl("state-ca", signed_by="ocsp"),
        PKI.crl("state-ca", signed_by="rogue-ca"),
        PKI.crl("public-ca", signed_by="state-ca"),
        whole[:-1] + bytes((whole[-1] ^ 1,)),
        whole[:-40],
    ):
        assert_refused(info_for().dump(), Evidence(crls=(PKI.crl("root"), listed)))


# --- 22: key substitution -------------------------------------------------------------------------------------------


def bound(name: str, value, listed: list[bytes], sid: bytes | None = None) -> bytes:
    """Signed by ``name``, with this signing-certificate-v2 (``None``: none) and these certificates."""
    info = info_for(name)
    data = info["content"]
    data["certificates"] = cms.CertificateSet([asn1_x509.Certificate.load(c) for c in listed])
    si = data["signer_infos"][0]
    if sid is not None:
        meant = asn1_x509.Certificate.load(sid)
        identifier = {"issuer": meant.issuer, "serial_number": meant.serial_number}
        si["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(identifier)})
    kept = [a for a in si["signed_attrs"] if a["type"].native != ESS]
    more = [cms.CMSAttribute({"type": ESS, "values": [v]}) for v in ([] if value is None else value)]
    attributes = cms.CMSAttributes([*kept, *more])
    si["signed_attrs"] = attributes
    si["signature"] = holder(name).sign(attributes.dump())
    return bytes(info.dump())


def ess(*certificates: bytes, serial: int | None = None):
    told = []
    for der in certificates:
        one: dict[str, object] = {"cert_hash": hashlib.sha256(der).digest()}
        if serial is not None:
            issuer = asn1_x509.GeneralName({"directory_name": asn1_x509.Certificate.load(der).issuer})
            one["issuer_serial"] = {"issuer": [issuer], "serial_number": serial}
        told.append(one)
    return tsp.SigningCertificateV2({"certs": told})


def test_certificates_in_place_of_the_signer_s():
    person, heir, ca, rogue = (PKI[n].der for n in ("person", "person-heir", "state-ca", "rogue-person"))
    good = verdict(bound("person", [ess(person)], [person, ca]))
    assert good.indication == "TOTAL-PASSED", good.findings
    cases = {
        "the heir's certificate named, the person's bound": bound("person", [ess(person)], [heir, ca], sid=heir),
        "the person's certificate named, the heir's bound": bound("person", [ess(heir)], [person, heir, ca]),
        "the heir first, the person second": bound("person", [ess(heir, person)], [person, heir, ca]),
        "another number in the binding": bound("person", [ess(person, serial=99)], [person, ca]),
        "nothing bound": bound("person", [ess()], [person, ca]),
        "bound twice": bound("person", [ess(person), ess(heir)], [person, heir, ca]),
        "bound to the authority": bound("person", [ess(ca)], [person, ca]),
        "a stranger's under the person's name": bound("rogue-person", [ess(rogue)], [rogue, ca]),
        "a stranger's key, the person's certificate": bound("rogue-person", [ess(person)], [person, ca], sid=person),
        "a stranger's key, both certificates": bound("rogue-person", [ess(person)], [rogue, person, ca], sid=person),
    }
    for name, raw in cases.items():
        sig = verdict(raw)
        assert sig.indication != "TOTAL-PASSED", (name, sig.findings)


def test_certificates_of_one_name_and_number():
    """A self-made certificate with issuer, number and key identifier of the real one, before and after it."""
    real = PKI["person"].certificate
    key = PKI["rogue-person"].key
    forged = (
        x509.CertificateBuilder().subject_name(real.subject).issuer_name(real.issuer).public_key(key.public_key())
        .serial_number(real.serial_number).not_valid_before(real.not_valid_before_utc)
        .not_valid_after(real.not_valid_after_utc)
        .add_extension(real.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value, critical=False)
        .sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    )  # fmt: skip
    person, ca = PKI["person"].der, PKI["state-ca"].der
    for listed in ([forged, person, ca], [person, forged, ca], [forged, ca]):
        for value in ([ess(forged)], [ess(person)], None):
            assert_refused(bound("rogue-person", value, listed, sid=person))
    sig = verdict(bound("person", [ess(person)], [forged, person, ca]))
    assert sig.indication != "TOTAL-PASSED" or sig.chain[0].sha256 == PKI["person"].sha256
