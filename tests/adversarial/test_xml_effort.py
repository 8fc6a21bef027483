"""What XML signatures carry that costs time without end unless it is bounded, and times that other readers refuse."""

from __future__ import annotations

import base64
import re

import pytest

from tests.signature.cast import EVIDENCE, PKI, TRUST
from tests.signature_xml.test_xml import signed
from vn_edoc.signature import SignatureResult, verify_xml
from vn_edoc.signature.xml.properties import parse_time


def judged(data: bytes) -> SignatureResult:
    (one,) = verify_xml(data, trust=TRUST, evidence=EVIDENCE).signatures
    return one


def with_unsigned(properties: str) -> bytes:
    group = f"<xades:UnsignedSignatureProperties>{properties}</xades:UnsignedSignatureProperties>"
    end = b"</xades:QualifyingProperties>"
    return signed().replace(end, f"<xades:UnsignedProperties>{group}</xades:UnsignedProperties>".encode() + end)


def test_validation_data_are_bounded_over_all_properties() -> None:
    """Each of many small properties would be compared with all before it."""
    many = "".join(
        "<xades:CertificateValues><xades:EncapsulatedX509Certificate>"
        f"{base64.b64encode(b'0%c' % (i & 127) + i.to_bytes(4, 'big')).decode()}"
        "</xades:EncapsulatedX509Certificate></xades:CertificateValues>"
        for i in range(15_000)
    )
    one = judged(with_unsigned(many))
    assert one.intact is True
    assert [f.rule for f in one.findings].count("xmldsig.limit") == 1


@pytest.mark.parametrize(
    "item",
    [
        "<ds:X509Data><ds:X509SubjectName>CN={}</ds:X509SubjectName></ds:X509Data>",
        "<ds:KeyValue><ds:DSAKeyValue/></ds:KeyValue>",
    ],
)
def test_what_is_compared_with_each_certificate_is_bounded(item: str) -> None:
    many = "".join(item.format(n) for n in range(15_000))
    der = bytearray(PKI["person"].der)
    others = ""
    for n in range(150):
        der[-1] = n
        others += f"<ds:X509Certificate>{base64.b64encode(der).decode()}</ds:X509Certificate>"
    data = re.sub(rb"(<ds:X509Data>)", (many + f"<ds:X509Data>{others}").encode(), signed(), count=1)
    one = judged(data)
    assert one.intact is not True
    assert "xmldsig.limit" in {f.rule for f in one.findings}


@pytest.mark.parametrize(
    "text",
    [
        "2026-W19-1T10:00:00+07:00",
        "20260504T100000+0700",
        "2026-05-04T10+07:00",
        "2026-05-04T10:00+07:00",
        "2026-05-04T10:00:00+23:59",
        "2026-05-04T10:00:00+07:00:30",
        "2026-05-04T10:00:00,5+07:00",
        "2026-05-04t10:00:00z",
        "2026-05-04T10:00:00",
        "2026-05-04T1\uff10:00:00Z",
    ],
)
def test_times_that_xml_schema_does_not_know(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    "text", ["2026-05-04T10:00:00Z", "2026-05-04T10:00:00.1234567+07:00", "2026-05-04T00:00:00-14:00"]
)
def test_times_that_it_knows(text: str) -> None:
    assert parse_time(text) is not None
