"""What a signature writes is canonical as it stands: libxml2 makes the same octets of it wherever it is put."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.signature.cast import signer
from vn_edoc.errors import UsageError
from vn_edoc.signature.xml.build import (
    COMMITMENTS,
    DataReference,
    Draft,
    ProductionPlace,
    SigningOptions,
    begin,
    escape,
)
from vn_edoc.signature.xml.names import ds, xades
from vn_edoc.xml.c14n import Canonicalization, canonical

_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=("Cs", "Cc")), max_size=20
)
_ODD = st.text(st.sampled_from("a &<>\"'\t\n\r]]>#%é✓"), max_size=12)
_WORDS = _TEXTS | _ODD
_MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
_COMMITMENTS = st.sampled_from(sorted(COMMITMENTS)) | _WORDS.map(lambda t: "urn:" + t)
_PLACES = st.builds(ProductionPlace, *[st.none() | _WORDS] * 5)

_AROUND = (
    b"%s",
    b'<a xmlns="urn:a" xmlns:ds="urn:other" xmlns:xades="urn:x" xml:lang="vi"><b xmlns:ds="urn:third">%s</b></a>',
    b'<p:a xmlns:p="http://www.w3.org/2000/09/xmldsig#" xmlns:q="http://uri.etsi.org/01903/v1.3.2#">%s</p:a>',
)


def _references(uris: list[str], media: list[str]) -> list[DataReference]:
    return [
        DataReference(uri, bytes(32), kind, tuple, enveloped=uri == "") for uri, kind in zip(uris, media, strict=True)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_parts_are_their_canonical_form(data: st.DataObject) -> None:
    uris = data.draw(st.lists(st.just("") | _WORDS.map(lambda t: "#" + t) | _WORDS, min_size=1, max_size=3))
    options = SigningOptions(
        digest=data.draw(st.sampled_from(["sha256", "sha512"])),
        signed_at=data.draw(_MOMENTS),
        roles=data.draw(st.lists(_WORDS, max_size=2)),
        place=data.draw(st.none() | _PLACES),
        commitments=data.draw(
            st.lists(st.sampled_from(sorted(COMMITMENTS)) | _WORDS.map(lambda t: "urn:" + t), max_size=2)
        ),
    )
    media = data.draw(st.lists(_WORDS, min_size=len(uris), max_size=len(uris)))
    draft = begin(_references(uris, media), signer("agency-ec"), options)
    for around in _AROUND:
        _check(draft, around.replace(b"%s", draft.to_bytes()))


def _check(draft: Draft, document: bytes) -> None:
    root = etree.fromstring(document)
    signature = next(root.iter(ds("Signature")))
    for name, written in (
        (ds("SignedInfo"), draft.signed_info),
        (ds("SignatureValue"), draft.signature_value),
        (ds("KeyInfo"), draft.key_info),
        (xades("SignedProperties"), draft.signed_properties),
    ):
        element = next(signature.iter(name))
        assert canonical(element, Canonicalization.EXCLUSIVE) == written.encode(), name


@given(st.text(max_size=30))
def test_only_what_xml_can_carry_is_escaped(text: str) -> None:
    wrong = [c for c in text if (c < " " and c not in "\t\n\r") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"]
    if wrong:
        with pytest.raises(UsageError):
            escape(text)
        return
    element = etree.fromstring(f'<a b="{escape(text, attribute=True)}">{escape(text)}</a>'.encode())
    assert (element.text or "") == text
    assert element.get("b") == text


@pytest.mark.parametrize("char", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_xml_cannot_carry(char: str) -> None:
    with pytest.raises(UsageError):
        escape("a" + char)
