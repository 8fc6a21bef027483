"""Faults that signatures in circulation have: each is told by its name, none crashes, none is taken for valid."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from datetime import datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from tests.signature.cast import EVIDENCE, PKI, TRUST
from tests.signature_xml.test_packet import PLAIN
from vn_edoc.findings import VIETNAM
from vn_edoc.signature import Evidence, SignatureResult, verify_packet, verify_xml
from vn_edoc.testing.keys import rsa_sha1_signature
from vn_edoc.xml.c14n import Canonicalization, canonical

DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
INC, EXC = Canonicalization.INCLUSIVE, Canonicalization.EXCLUSIVE
WRONG = "http://www.w3.org/TR/xml-exc-c14n#"
MOMENT = datetime(2026, 6, 1, 9, tzinfo=VIETNAM)
SUBJECT = "CN=SỞ NỘI VỤ, UID=MST:9900000016, UID=MNS:9900001, O=ỦY BAN NHÂN DÂN TỈNH TÂY NINH, L=Tây Ninh, C=VN"


def step(uri: str) -> str:
    return f'<Transform Algorithm="{uri}"/>'


def invoice(
    *,
    identifier: str = "Id",
    transform: str = step(EXC),
    made_with: Canonicalization = EXC,
    object_transform: str = "",
    object_made_with: Canonicalization = INC,
    signed_info: Canonicalization = INC,
    sha1: bool = False,
    subject: str = SUBJECT,
    time: str = "2026-06-01T09:00:00+07:00",
    namespace: str = DS,
    target: str = "#S",
) -> bytes:
    """Made as invoicing software makes it: the payload by its identifier, the signing time in an object, plain XML
    Signature without a prefix. The digests are made as ``made_with`` says, whatever is declared."""
    hashed, name = (hashlib.sha1, DS + "sha1") if sha1 else (hashlib.sha256, "http://www.w3.org/2001/04/xmlenc#sha256")
    method = DS + "rsa-sha1" if sha1 else "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    digest = f'<DigestMethod Algorithm="{name}"/><DigestValue/>'
    document = etree.fromstring(
        f'<HDon xmlns:xsi="{XSI}"><DLHDon {identifier}="data"><NBan>Công ty &amp; một</NBan></DLHDon><DSCKS><NBan>'
        f'<Signature xmlns="{namespace}" Id="S"><SignedInfo><CanonicalizationMethod Algorithm="{signed_info}"/>'
        f'<SignatureMethod Algorithm="{method}"/>'
        f'<Reference URI="#data">{transforms(transform)}{digest}</Reference>'
        f'<Reference URI="#T">{transforms(object_transform)}{digest}</Reference>'
        f"</SignedInfo><SignatureValue/><KeyInfo><X509Data><X509SubjectName>{subject}</X509SubjectName>"
        f"<X509Certificate>{base64.b64encode(PKI['agency'].der).decode()}</X509Certificate></X509Data></KeyInfo>"
        f'<Object Id="T"><SignatureProperties><SignatureProperty Id="P" Target="{target}"><SigningTime>{time}'
        "</SigningTime></SignatureProperty></SignatureProperties></Object></Signature></NBan></DSCKS></HDon>"
    )
    first, second = document.iter("{*}DigestValue")
    for value, element, how in (
        (first, document[0], made_with),
        (second, next(document.iter("{*}Object")), object_made_with),
    ):
        value.text = base64.b64encode(hashed(canonical(element, how)).digest()).decode()
    octets = canonical(next(document.iter("{*}SignedInfo")), signed_info)
    key = PKI["agency"].key
    made = rsa_sha1_signature(key, octets) if sha1 else key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    next(document.iter("{*}SignatureValue")).text = base64.b64encode(made).decode()
    return etree.tostring(document, encoding="UTF-8")


def transforms(inner: str) -> str:
    return f"<Transforms>{inner}</Transforms>" if inner else ""


def judged(data: bytes, at: datetime | None = None) -> SignatureResult:
    evidence = EVIDENCE | Evidence(certificates=(PKI["state-ca"].der,))
    if at is not None:
        evidence = Evidence(
            certificates=evidence.certificates, crls=tuple(PKI.crl(name, at) for name in ("root", "state-ca"))
        )
    (one,) = verify_xml(data, trust=TRUST, evidence=evidence, at=at).signatures
    return one


def rules(one: SignatureResult) -> set[str]:
    return {f.rule for f in one.findings}


def test_a_well_made_one_passes() -> None:
    one = judged(invoice())
    assert (one.intact, one.changes, one.indication) == (True, "allowed", "TOTAL-PASSED")
    assert one.level is None
    assert "xmldsig.subject_name" not in rules(one)


def test_its_signing_time_is_read_where_it_is_signed() -> None:
    assert judged(invoice()).signed_at == MOMENT
    assert judged(invoice(target="")).signed_at is None
    assert judged(invoice(target="#other")).signed_at is None
    local = judged(invoice(time="2026-06-01T09:00:00"))
    assert local.signed_at is None and "xades.signing_time" in rules(local)
    for time in ("hôm nay", "", "2026-06-01T09:00:00+07:00</SigningTime><SigningTime>2020-01-01T00:00:00Z"):
        assert judged(invoice(time=time)).signed_at is None
    # Not signed, not read: a time in an object that no reference covers.
    outside = invoice().replace(b'<Reference URI="#T">', b'<Reference URI="#data">')
    assert judged(outside).signed_at is None and judged(outside).intact is False


@pytest.mark.parametrize("name", ["Id", "ID", "id", "xml:id"])
def test_identifiers_of_any_spelling(name: str) -> None:
    one = judged(invoice(identifier=name))
    assert (one.intact, one.indication) == (True, "TOTAL-PASSED")


STYLES = {
    "RFC 4514": SUBJECT,
    "the other way round": ", ".join(reversed(SUBJECT.split(", "))),
    "without blanks": SUBJECT.replace(", ", ","),
    "with other blanks": SUBJECT.replace(", ", " ,\n  ").replace("=", " = "),
    ".NET": SUBJECT.replace("UID=", "OID.0.9.2342.19200300.100.1.1="),
    ".NET, S for the province": SUBJECT.replace("L=Tây Ninh", "S=Tây Ninh"),
    ".NET, in quotes": SUBJECT.replace("O=ỦY BAN NHÂN DÂN TỈNH TÂY NINH", 'O="ỦY BAN NHÂN DÂN TỈNH TÂY NINH"'),
    "dotted": SUBJECT.replace("UID=", "0.9.2342.19200300.100.1.1="),
    "decomposed letters": unicodedata.normalize("NFD", SUBJECT),
    "joined by +": SUBJECT.replace(", UID=MNS", "+UID=MNS"),
}


@pytest.mark.parametrize("style", STYLES)
def test_names_in_the_ways_of_many_writers(style: str) -> None:
    one = judged(invoice(subject=STYLES[style]))
    assert one.intact is True
    assert "xmldsig.subject_name" not in rules(one)


@pytest.mark.parametrize(
    "subject", ["CN=AI ĐÓ KHÁC, C=VN", SUBJECT.replace("MST:99", "MST:01"), "S=Hà Nội, CN=SỞ NỘI VỤ"]
)
def test_a_name_of_somebody_else_is_told(subject: str) -> None:
    one = judged(invoice(subject=subject))
    assert one.intact is True  # the name is not signed, and no certificate is chosen by it
    assert "xmldsig.subject_name" in rules(one)
    assert one.signer.certificate_sha256 == PKI["agency"].sha256


UNDECLARED = {
    "the object exclusive, nothing declared": {"object_made_with": EXC},
    "the payload exclusive, nothing declared": {"transform": "", "made_with": EXC},
    "the payload exclusive, inclusive declared": {"transform": step(INC), "made_with": EXC},
    "the payload inclusive, exclusive declared": {"transform": step(EXC), "made_with": INC},
    "both exclusive, nothing declared": {"transform": "", "made_with": EXC, "object_made_with": EXC},
}


@pytest.mark.parametrize("case", UNDECLARED)
def test_a_canonicalisation_that_is_not_declared(case: str) -> None:
    """A namespace that only inclusive canonicalisation keeps stands on the root, so the octets differ."""
    one = judged(invoice(**UNDECLARED[case]))
    assert one.intact is False and one.indication == "TOTAL-FAILED"
    assert {"xmldsig.undeclared_canonicalization", "xmldsig.digest"} <= rules(one)


@pytest.mark.parametrize("options", [{"transform": step(WRONG)}, {"object_transform": step(WRONG)}])
def test_the_wrong_uri_of_exclusive_canonicalisation(options: dict[str, str]) -> None:
    one = judged(invoice(**options))
    assert one.intact is None and "xmldsig.wrong_exclusive_uri" in rules(one)
    assert one.indication == "INDETERMINATE"


@pytest.mark.parametrize("namespace", ["http://www.mic.gov.vn/TBT/QCVN_102_2016", "", "urn:x"])
def test_a_signature_in_another_namespace(namespace: str) -> None:
    found = verify_xml(invoice(namespace=namespace), trust=TRUST)
    assert not found.signatures
    assert [f.rule for f in found.findings] == ["xmldsig.foreign_namespace"]


def test_sha1_by_date() -> None:
    """A warning until 15/8/2025, an error from then on; a time that is only claimed proves nothing."""
    data = invoice(sha1=True, time="2025-03-01T09:00:00+07:00")
    then = judged(data, datetime(2025, 3, 2, tzinfo=VIETNAM))
    assert then.intact is True and then.signed_at is not None
    (told,) = (f for f in then.findings if f.rule == "R22")
    assert told.severity == "warning" and then.indication == "TOTAL-PASSED"
    now = judged(data)
    assert (now.intact, now.indication) == (True, "INDETERMINATE")
    assert now.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    late = judged(invoice(sha1=True, time="2026-03-01T09:00:00+07:00"))
    assert late.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE"
    assert next(f for f in late.findings if f.rule == "R22").severity == "error"


def test_a_packet_as_the_development_kit_writes_it() -> None:
    """The element in the packet's namespace, the wrong URI, a sample certificate: told, and no signature."""
    text = invoice(namespace="http://www.mic.gov.vn/TBT/QCVN_102_2016", transform=step(WRONG)).decode()
    signature = text[text.index("<Signature") : text.index("</Signature>") + len("</Signature>")]
    packet = PLAIN.decode().replace("</edXML:edXMLHeader>", signature + "</edXML:edXMLHeader>")
    result = verify_packet(packet.encode(), trust=TRUST, evidence=EVIDENCE)
    assert result.state == "malformed" and not result.signatures
    assert {"xmldsig.foreign_namespace", "xmldsig.wrong_exclusive_uri"} <= {f.rule for f in result.findings}
