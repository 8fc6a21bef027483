"""Names that keep what is compared are equal where asn1crypto's own are."""

from __future__ import annotations

from asn1crypto import core, crl, x509
from hypothesis import given
from hypothesis import strategies as st

from tests.signature.cast import EVIDENCE, TRUST
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.names import Certificate, CertificateList, Name

_texts = st.sampled_from(
    ["Sở Nội vụ", "sở nội  vụ", " SỞ NỘI VỤ", "So", "a\x1eb", "a\x1fb: c", "", "ß", "SS", "Ạ", "A\u0323"]
)
_types = st.sampled_from(["common_name", "organization_name", "email_address", "user_id"])
_strings = st.sampled_from([x509.UTF8String, x509.BMPString])


@st.composite
def _names(draw: st.DrawFn) -> bytes:
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        values = []
        for kind in draw(st.lists(_types, min_size=1, max_size=2)):
            text = draw(_texts)
            value = (
                x509.EmailAddress(text.encode("ascii", "replace").decode() + "@Example.VN")
                if kind == "email_address"
                else x509.DirectoryString(name="utf8_string", value=x509.UTF8String(text))
                if draw(_strings) is x509.UTF8String
                else x509.DirectoryString(name="bmp_string", value=x509.BMPString(text))
            )
            values.append(x509.NameTypeAndValue({"type": kind, "value": value}))
        parts.append(x509.RelativeDistinguishedName(values))
    return bytes(x509.Name(name="", value=x509.RDNSequence(parts)).dump())


@given(_names(), _names())
def test_equality_is_that_of_asn1crypto(one: bytes, other: bytes) -> None:
    plain = x509.Name.load(one), x509.Name.load(other)
    quick = Name.load(one), Name.load(other)
    assert (quick[0] == quick[1]) == (plain[0] == plain[1])
    assert (quick[0] != quick[1]) == (plain[0] != plain[1])
    assert (quick[0] == plain[1]) == (plain[0] == plain[1])
    assert quick[0] == Name.load(one)
    assert quick[0].hashable == plain[0].hashable
    assert quick[0].dump() == one
    tagged = [x509.GeneralName(name="directory_name", value=name) for name in (plain[1], quick[1])]
    for general in (*tagged, *(x509.GeneralName.load(t.dump()) for t in tagged)):
        assert (quick[0] == general.chosen) == (plain[0] == plain[1])
        assert (general.chosen == quick[0]) == (plain[0] == plain[1])


@given(_names(), _names())
def test_a_changed_copy_is_another_name(one: bytes, other: bytes) -> None:
    quick, plain = Name.load(one), x509.Name.load(one)
    assert quick == plain
    for copy in (longer := quick.copy(), expected := plain.copy()):
        for part in x509.Name.load(other).chosen:
            copy.chosen.append(part)
    assert longer == expected
    assert (longer == quick) == (expected == plain)


def test_certificates_and_lists_are_read_the_same() -> None:
    ders = [*TRUST.anchors, *TRUST.intermediates, *EVIDENCE.certificates]
    for der in ders:
        quick, plain = Certificate.load(der), x509.Certificate.load(der)
        assert isinstance(quick.subject, Name)
        assert isinstance(quick.issuer, Name)
        assert quick.native == plain.native
        assert quick.dump() == der
        assert parse_certificate(der).subject.hashable == plain.subject.hashable
    for der in EVIDENCE.crls:
        assert isinstance(CertificateList.load(der).issuer, Name)
        assert CertificateList.load(der).native == crl.CertificateList.load(der).native
    assert Name.load(x509.Name.build({}).dump()) != core.Null()
