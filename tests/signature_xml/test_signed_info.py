"""The quick reading of ``SignedInfo`` says what the general one says, or nothing."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.xml.algorithms import DIGESTS, ENVELOPED, SIGNATURES
from vn_edoc.signature.xml.names import DS, EC
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.signed_info import read_parsed, read_plain
from vn_edoc.xml.c14n import Canonicalization, canonical

_blank = st.sampled_from(["", "", "\n", "  ", "\t\n ", "\r\n", "x", "<!--c-->"])
_values = st.text(alphabet=st.sampled_from("aZ09 #&<>\"'é✓\t\n;:/"), max_size=12)
_uris = st.sampled_from([*SIGNATURES, *DIGESTS, *Canonicalization, ENVELOPED, "urn:x", "http://a&b"])
_digests = st.one_of(
    st.binary(max_size=32).map(lambda b: base64.b64encode(b).decode()),
    st.sampled_from(["", "=", "AA", "AB==", "AA==\n", "A A=\n=", "AAé=", "A<!--x-->A==", "AAAA AAAA"]),
)


@st.composite
def _documents(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(["ds:", "", "a.b-c:", "é:"]))
    blank = lambda: draw(_blank)  # noqa: E731

    def value(text: str) -> str:
        for char, entity in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;")):
            text = text.replace(char, entity)
        return text

    def method(name: str, uri: str, inner: str = "") -> str:
        extra = draw(st.sampled_from(["", "", "", ' x="1"']))
        return f'<{prefix}{name} Algorithm="{value(uri)}"{extra}>{inner}</{prefix}{name}>'

    def attribute(name: str) -> str:
        return f' {name}="{value(draw(_values))}"' if draw(st.booleans()) else ""

    def transforms() -> str:
        inner = ""
        for _ in range(draw(st.integers(0, 3))):
            listed = draw(st.sampled_from(["", "", f'<i:InclusiveNamespaces xmlns:i="{EC}" PrefixList="a b"/>']))
            inner += method("Transform", draw(_uris), listed) + blank()
        return f"<{prefix}Transforms>{blank()}{inner}</{prefix}Transforms>"

    def reference() -> str:
        attributes = draw(st.permutations([attribute("Id"), attribute("URI"), attribute("Type")]))
        steps = transforms() if draw(st.booleans()) else ""
        return (
            f"<{prefix}Reference{''.join(attributes)}>{blank()}{steps}{blank()}{method('DigestMethod', draw(_uris))}"
            f"{blank()}<{prefix}DigestValue>{draw(_digests)}</{prefix}DigestValue>{blank()}</{prefix}Reference>"
        )

    inner = blank() + method("CanonicalizationMethod", draw(_uris)) + blank() + method("SignatureMethod", draw(_uris))
    for _ in range(draw(st.integers(0, 3))):
        inner += blank() + reference()
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    around = draw(st.sampled_from(["", ' xmlns:z="urn:z"', ' xml:lang="vi"']))
    return f'<{prefix}SignedInfo {name}="{DS}"{attribute("Id")}{around}>{inner}{blank()}</{prefix}SignedInfo>'


@given(_documents(), st.sampled_from(list(Canonicalization)), st.integers(1, 4))
def test_the_quick_reading_agrees_with_the_parser(text: str, method: Canonicalization, most: int) -> None:
    octets = canonical(etree.fromstring(text.encode()), method)
    limits = Limits(references=most)
    quick = read_plain(octets, limits)
    if quick is None:
        return
    assert quick == read_parsed(octets, limits)


@given(st.data())
def test_mutated_octets_are_never_read_otherwise(data: st.DataObject) -> None:
    octets = bytearray(_PLAIN)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(octets) - 1))
        change = data.draw(st.sampled_from(["set", "cut", "double"]))
        if change == "set":
            octets[at] = data.draw(st.sampled_from(b'<>&"= /aA0:\x00\xc3\n\r'))
        elif change == "cut":
            del octets[at : at + data.draw(st.integers(1, 40))]
        else:
            octets[at:at] = octets[at : at + data.draw(st.integers(1, 200))]
    try:
        # Only what libxml2 gives as canonical octets reaches the reader.
        made = canonical(etree.fromstring(bytes(octets)), Canonicalization.EXCLUSIVE)
    except (etree.LxmlError, ValueError):
        return
    quick = read_plain(made, DEFAULT_LIMITS)
    if quick is not None:
        assert quick == read_parsed(made, DEFAULT_LIMITS)


def test_the_plain_form_is_recognised() -> None:
    quick = read_plain(_PLAIN, DEFAULT_LIMITS)
    assert quick is not None
    assert quick == read_parsed(_PLAIN, DEFAULT_LIMITS)
    assert [r.uri for r in quick[2]] == ["", "#p"]
    unprefixed = _PLAIN.replace(b"ds:", b"").replace(b"xmlns:ds", b"xmlns")
    assert read_plain(unprefixed, DEFAULT_LIMITS) == quick


def test_more_references_than_allowed_are_left_to_the_general_reading() -> None:
    assert read_plain(_PLAIN, Limits(references=1)) is None
    with pytest.raises(Refusal) as refused:
        read_parsed(_PLAIN, Limits(references=1))
    assert refused.value.finding.rule == "xmldsig.limit"


PSS = "http://www.w3.org/2007/05/xmldsig-more#"
SHA256, SHA512 = (f"http://www.w3.org/2001/04/xmlenc#sha{bits}" for bits in (256, 512))


def with_parameters(inner: str | None) -> bytes:
    """The plain form with RSA-PSS parameters."""
    parameters = "" if inner is None else f'<p:RSAPSSParams xmlns:p="{PSS}" xmlns:ds="{DS}">{inner}</p:RSAPSSParams>'
    old = b'"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
    made = _PLAIN.replace(old, f'"{PSS}rsa-pss">{parameters}'.encode())
    assert made != _PLAIN
    return canonical(etree.fromstring(made), Canonicalization.EXCLUSIVE)


def digest(uri: str) -> str:
    return f'<ds:DigestMethod Algorithm="{uri}"/>'


MGF = f'<p:MaskGenerationFunction Algorithm="{PSS}MGF1">'


@pytest.mark.parametrize(
    ("inner", "meant"),
    [
        (None, "sha256"),
        ("", "sha256"),
        (digest(SHA512), "sha512"),
        (digest(SHA512) + "<p:SaltLength>64</p:SaltLength><p:TrailerField>1</p:TrailerField>", "sha512"),
        (f"{digest(SHA256)}{MGF}{digest(SHA256)}</p:MaskGenerationFunction>", "sha256"),
        (f"{digest(SHA512)}{MGF}</p:MaskGenerationFunction><p:SaltLength> 64 </p:SaltLength>", "sha512"),
    ],
)
def test_pss_parameters_that_say_what_the_plain_methods_say(inner: str | None, meant: str) -> None:
    made = with_parameters(inner)
    assert read_plain(made, DEFAULT_LIMITS) is None
    assert read_parsed(made, DEFAULT_LIMITS)[1] == f"{PSS}{meant}-rsa-MGF1"


@pytest.mark.parametrize(
    "inner",
    [
        "<p:SaltLength>0</p:SaltLength>",
        "<p:SaltLength>20</p:SaltLength>",
        "<p:SaltLength>032</p:SaltLength>",
        "<p:SaltLength></p:SaltLength>",
        "<p:SaltLength><p:SaltLength>32</p:SaltLength></p:SaltLength>",
        "<p:TrailerField>2</p:TrailerField>",
        digest("http://www.w3.org/2001/04/xmldsig-more#md5"),
        f"{digest(SHA256)}{MGF}{digest(SHA512)}</p:MaskGenerationFunction>",
        f'{digest(SHA256)}<p:MaskGenerationFunction Algorithm="urn:other"></p:MaskGenerationFunction>',
        digest(SHA256) + digest(SHA256),
        "<p:Other>1</p:Other>",
        f'</p:RSAPSSParams><p:RSAPSSParams xmlns:p="{PSS}" xmlns:ds="{DS}">{digest(SHA256)}',
        '<p:SaltLength x="1">32</p:SaltLength>',
        "32",
    ],
)
def test_other_pss_parameters_are_refused(inner: str) -> None:
    made = with_parameters(inner)
    assert read_plain(made, DEFAULT_LIMITS) is None
    with pytest.raises(Refusal):
        read_parsed(made, DEFAULT_LIMITS)


_PLAIN = (
    f'<ds:SignedInfo xmlns:ds="{DS}" Id="s"><ds:CanonicalizationMethod Algorithm="{Canonicalization.EXCLUSIVE}">'
    '</ds:CanonicalizationMethod>\n<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
    '</ds:SignatureMethod><ds:Reference Id="r" URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
    f'<ds:Transform Algorithm="{Canonicalization.EXCLUSIVE}"></ds:Transform></ds:Transforms>'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
    "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue></ds:Reference>"
    '<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#p">'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
    "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue></ds:Reference></ds:SignedInfo>"
).encode()
