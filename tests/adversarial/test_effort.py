"""Small inputs that kept a builder of paths or a pattern busy for hours. Each of these takes milliseconds now."""

from __future__ import annotations

import base64
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vn_edoc.identifiers.text import fold, tone_key
from vn_edoc.signature import TrustStore, sign_xml, verify_xml
from vn_edoc.signature.certificates import facts_of
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.signature.path import validate_path
from vn_edoc.signature.pyhanko_adapter.hidden import _PAINT
from vn_edoc.signature.pyhanko_adapter.paths import _discreet
from vn_edoc.testing import ThrowawayPki
from vn_edoc.testing.recipe import AGENCY_SIGNED
from vn_edoc.validity.page import parse_page


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, serial: int
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2028, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(True, None), True)
    )
    return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _namesakes() -> list[bytes]:
    """All of one name, signed by each other."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(6)]
    return [_certificate("X", "X", keys[n % 6], keys[(n + 1) % 6], n + 1) for n in range(100)]


def _lattice() -> list[bytes]:
    """Ten of each name below ten of the next: ten to the power of eighteen ways up, every signature good."""
    key = ec.generate_private_key(ec.SECP256R1())
    return [_certificate(f"L{n}", f"L{n + 1}", key, key, 100 * n + i + 1) for n in range(18) for i in range(10)]


@pytest.mark.parametrize(("others", "issuer"), [(_namesakes, "X"), (_lattice, "L0")], ids=["namesakes", "lattice"])
def test_ways_that_lead_to_no_anchor_are_not_walked(others: object, issuer: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = _certificate("leaf", issuer, key, key, 7)
    trust = TrustStore([ThrowawayPki()["root"].pem])
    path = validate_path(leaf, others(), at=AGENCY_SIGNED, trust=trust)  # type: ignore[operator]
    assert (path.trusted, [f.rule for f in path.findings]) == (False, ["R14"])


@pytest.mark.parametrize("text", [" ", "\n", "ngày ", "Số ", "Số: ", "1/1/", "SAO ", "\u00a0"])
@pytest.mark.parametrize("head", ["", "ngày", "Số", "Số: 12 /"])
def test_text_of_a_page_is_read_in_time_of_its_length(head: str, text: str) -> None:
    page = parse_page(head + text * 30_000 + "\nSố:   125  /  STN-VP\nHà Nội, ngày   15 tháng  10   năm 2026")
    assert page.issued is not None
    assert page.has_text


def test_blank_lines_are_no_text() -> None:
    assert not parse_page(" \n\t \r\n\u00a0").has_text


def test_painting_operators_are_found_in_time_of_the_length() -> None:
    found = _PAINT.search(b"1" * 100_000 + b" " * 100_000 + b"595.2 0 0 -842 0 .5 cm /Im1 Do")
    assert found is not None
    assert [float(found[i]) for i in range(1, 7)] == [595.2, 0, 0, -842, 0, 0.5]


def test_numbers_and_mail_names_are_masked_in_time_of_the_length() -> None:
    assert _discreet("x" * 100_000) == "x" * 100_000
    assert _discreet("van.a1234567@example.vn, MST 0101234567") == "************@example.vn, MST ********67"


def test_marks_without_end_on_a_page_and_in_names() -> None:
    """Putting marks in order takes time that grows with the square of their number: half a minute for these."""
    marks = "a" + "\u0301\u0323" * 80_000
    assert parse_page(f"CÔNG VĂN\n{marks}\n").has_text
    assert fold(marks) == "a"
    assert tone_key(marks).startswith("a")


def test_a_name_without_end_is_no_certificate() -> None:
    """asn1crypto orders the marks of names: minutes for a certificate of two megabytes."""
    name = x509.Name([x509.NameAttribute(x509.ObjectIdentifier("2.5.4.13"), "b" + "\u0301\u0323" * 500_000)])
    key, begin = ec.generate_private_key(ec.SECP256R1()), datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=9))
    der = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    with pytest.raises(ValueError, match="octets"):
        facts_of(der)
    out = io.BytesIO()
    agency = ThrowawayPki()["agency"]
    sign_xml(b"<a/>", out, SoftwareSigner(agency.key, agency.certificate))
    other = re.sub(
        b"<ds:X509Certificate>[^<]+", b"<ds:X509Certificate>" + base64.b64encode(der), out.getvalue(), count=1
    )
    (one,) = verify_xml(other).signatures
    assert one.intact is not True
