"""What the signed properties and KeyInfo say of the signer's certificate is compared, and a contradiction is never
passed over (ETSI EN 319 102-1 clause 5.2.3)."""

from __future__ import annotations

import base64
import hashlib
import io

import pytest
from asn1crypto import tsp, x509

from tests.signature.cast import EVIDENCE, PKI, TRUST, signer
from vn_edoc.signature import SignatureResult, sign_xml, verify_xml
from vn_edoc.signature.xml import build

DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
AGENCY, PERSON, CA = (PKI[name].der for name in ("agency", "person", "state-ca"))


def entry(der: bytes, more: str = "") -> str:
    digest = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return (
        f'<xades:Cert><xades:CertDigest><ds:DigestMethod {DS} Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue {DS}>{digest}</ds:DigestValue></xades:CertDigest>{more}</xades:Cert>"
    )


def first(*entries: str) -> str:
    return f"<xades:SigningCertificate>{''.join(entries)}</xades:SigningCertificate>"


def second(*entries: str) -> str:
    return f"<xades:SigningCertificateV2>{''.join(entries)}</xades:SigningCertificateV2>"


def issuer_serial(der: bytes, serial: int | None = None, issuer: str | None = None) -> str:
    """In the first form."""
    read = PKI_BY_DER[der]
    issuer = issuer if issuer is not None else read.issuer.rfc4514_string()
    return (
        f"<xades:IssuerSerial><ds:X509IssuerName {DS}>{issuer}</ds:X509IssuerName><ds:X509SerialNumber {DS}>"
        f"{read.serial_number if serial is None else serial}</ds:X509SerialNumber></xades:IssuerSerial>"
    )


def issuer_serial_v2(der: bytes, serial: int | None = None, octets: bytes | None = None) -> str:
    read = x509.Certificate.load(der)
    names = [x509.GeneralName(name="directory_name", value=read.issuer)]
    made = tsp.IssuerSerial({"issuer": names, "serial_number": read.serial_number if serial is None else serial})
    text = base64.b64encode(made.dump() if octets is None else octets).decode()
    return f"<xades:IssuerSerialV2>{text}</xades:IssuerSerialV2>"


PKI_BY_DER = {PKI[name].der: PKI[name].certificate for name in ("agency", "person", "state-ca")}


def signed(properties: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A signature of the agency whose signed properties say that of its certificate."""
    monkeypatch.setattr(build, "_signing_certificate", lambda *_: properties)
    out = io.BytesIO()
    sign_xml(b"<a/>", out, signer("agency"), roles=("Văn thư",))
    return out.getvalue()


def judged(data: bytes) -> SignatureResult:
    (one,) = verify_xml(data, trust=TRUST, evidence=EVIDENCE).signatures
    return one


def rules(one: SignatureResult) -> set[str]:
    return {f.rule for f in one.findings if f.rule.startswith(("xades.", "xmldsig."))}


@pytest.mark.parametrize(
    "properties",
    [
        second(entry(AGENCY)),
        first(entry(AGENCY, issuer_serial(AGENCY))),
        second(entry(AGENCY, issuer_serial_v2(AGENCY))),
        second(entry(AGENCY)) + first(entry(AGENCY, issuer_serial(AGENCY))),
        second(entry(AGENCY), entry(CA, issuer_serial_v2(CA))),
        # Not one of ours: another writer's spelling of the issuer.
        first(entry(AGENCY, issuer_serial(AGENCY, issuer=""))),
    ],
)
def test_what_agrees_passes(properties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = judged(signed(properties, monkeypatch))
    assert (one.intact, one.indication, one.level) == (True, "TOTAL-PASSED", "B-B")
    assert rules(one) == set()


@pytest.mark.parametrize(
    "properties",
    [
        second(entry(AGENCY)) + first(entry(PERSON)),
        second(entry(PERSON)) + first(entry(AGENCY)),
        second(entry(AGENCY)) + first(entry(CA)),
        second(entry(CA)) + first(entry(AGENCY)),
    ],
)
def test_properties_that_name_different_certificates_name_none(
    properties: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = judged(signed(properties, monkeypatch))
    assert (one.intact, one.indication, one.sub_indication) == (
        None,
        "INDETERMINATE",
        "NO_SIGNING_CERTIFICATE_FOUND",
    )
    assert rules(one) == {"xades.certificate_contradiction"}
    assert one.level is None


@pytest.mark.parametrize("properties", [second(), first(), second(entry(AGENCY)) + first()])
def test_a_property_without_a_certificate_is_none(properties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = judged(signed(properties, monkeypatch))
    assert (one.intact, rules(one)) == (False, {"xades.structure"})


def test_a_contradiction_saves_no_changed_content(monkeypatch: pytest.MonkeyPatch) -> None:
    data = signed(second(entry(AGENCY)) + first(entry(PERSON)), monkeypatch).replace(b"<a>", b"<a>x")
    one = judged(data)
    assert (one.intact, one.indication, one.sub_indication) == (False, "TOTAL-FAILED", "HASH_FAILURE")


def test_a_certificate_that_is_not_there_is_refused_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    one = judged(signed(second(entry(PERSON)) + first(entry(PERSON)), monkeypatch))
    assert (one.intact, rules(one)) == (False, {"xades.signing_certificate"})


@pytest.mark.parametrize(
    "properties",
    [
        first(entry(AGENCY, issuer_serial(AGENCY, serial=1))),
        first(entry(AGENCY, issuer_serial(PERSON))),
        first(entry(AGENCY, issuer_serial(AGENCY, issuer="CN=Nhà khác"))),
        second(entry(AGENCY, issuer_serial_v2(AGENCY, serial=1))),
        second(entry(AGENCY, issuer_serial_v2(CA))),
        second(entry(AGENCY, issuer_serial_v2(AGENCY, octets=b"\x30\x00"))),
        second(entry(AGENCY, issuer_serial_v2(AGENCY, octets=b"nothing"))),
        second(entry(AGENCY, issuer_serial_v2(AGENCY, octets=b"\x30" * 100_000))),
        second(entry(AGENCY)) + first(entry(AGENCY, issuer_serial(AGENCY, serial=1))),
    ],
)
def test_another_issuer_or_serial_number_is_told(properties: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = judged(signed(properties, monkeypatch))
    assert (one.intact, one.indication) == (True, "TOTAL-PASSED")
    assert rules(one) == {"xades.issuer_serial"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<ds:X509IssuerSerial>{issuer}{serial}</ds:X509IssuerSerial>", set()),
        ("<ds:X509IssuerSerial>{issuer}{other}</ds:X509IssuerSerial>", {"xmldsig.issuer_serial"}),
        ("<ds:X509IssuerSerial>{name}{serial}</ds:X509IssuerSerial>", {"xmldsig.issuer_serial"}),
        ("<ds:X509SKI>{ski}</ds:X509SKI>", set()),
        ("<ds:X509SKI>AAAA</ds:X509SKI>", {"xmldsig.key_id"}),
        ("<ds:X509SubjectName>CN=Ai khác</ds:X509SubjectName>", {"xmldsig.subject_name"}),
    ],
)
def test_what_key_info_says_of_another_certificate_is_told(said: str, told: set[str]) -> None:
    certificate = PKI["agency"].certificate
    ski = x509.Certificate.load(AGENCY).key_identifier
    assert ski is not None
    out = io.BytesIO()
    sign_xml(b"<a/>", out, signer("agency"))
    text = said.format(
        issuer=f"<ds:X509IssuerName>{certificate.issuer.rfc4514_string()}</ds:X509IssuerName>",
        name="<ds:X509IssuerName>CN=Nhà khác</ds:X509IssuerName>",
        serial=f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber>",
        other=f"<ds:X509SerialNumber>{certificate.serial_number + 1}</ds:X509SerialNumber>",
        ski=base64.b64encode(ski).decode(),
    )
    one = judged(out.getvalue().replace(b"<ds:X509Data>", b"<ds:X509Data>" + text.encode()))
    assert (one.intact, one.indication) == (True, "TOTAL-PASSED")
    assert rules(one) == told


def strange(how: str) -> bytes:
    """A certificate that one library reads and the other does not."""
    version = bytes.fromhex("a003020102")
    assert PERSON.count(version) == 1
    if how == "version":
        return PERSON.replace(version, version[:-1] + b"\x07")
    read = x509.Certificate.load(PERSON)
    extensions = read["tbs_certificate"]["extensions"]
    extensions.append(extensions[0].copy())
    return read.dump(force=True)


@pytest.mark.parametrize("how", ["version", "extension"])
@pytest.mark.parametrize(
    "said", ["", "<ds:X509SKI>AAAA</ds:X509SKI>", "<ds:X509SubjectName>CN=Ai</ds:X509SubjectName>"]
)
def test_a_strange_certificate_beside_the_signers_breaks_nothing(how: str, said: str) -> None:
    out = io.BytesIO()
    sign_xml(b"<a/>", out, signer("agency"))
    more = f"{said}<ds:X509Certificate>{base64.b64encode(strange(how)).decode()}</ds:X509Certificate>"
    one = judged(out.getvalue().replace(b"</ds:X509Data>", more.encode() + b"</ds:X509Data>"))
    assert (one.intact, one.indication) == (True, "TOTAL-PASSED")
    assert "xmldsig.internal" not in rules(one)
