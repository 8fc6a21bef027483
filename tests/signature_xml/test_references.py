"""Many references to one thing: it is canonicalised and digested once, and each is judged."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pytest

from tests.signature.cast import signer
from tests.signature_xml.test_countersign import with_seal
from tests.signature_xml.test_packet import NAMES, PDF, SEALED, message
from vn_edoc.envelope.attachments import Attachment
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_packet, verify_xml
from vn_edoc.signature.packet.seal import uri_of
from vn_edoc.signature.packet.values import render, values_of
from vn_edoc.signature.xml.build import DataObject, DataReference, SigningOptions, begin
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.names import DS
from vn_edoc.signature.xml.sign import prepare
from vn_edoc.xml.source import open_source

MANY = Limits().references - 1
SMALL = b'<a Id="x"><b>' + b"y" * 1000 + b"</b></a>"
LARGE = b'<a Id="x">' + b"<b>y</b>" * 40_000 + b"</a>"
WITH_CONTENT = b'<a Id="x"><b>' + b"QUJD" * 100_000 + b"</b></a>"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[object]:
    """How often each node set was canonicalised."""
    made: Counter[object] = Counter()
    skeletal = Document.skeletal

    def counting(self: Document, *arguments: Any, **named: Any) -> Any:
        made[arguments] += 1
        return skeletal(self, *arguments, **named)

    monkeypatch.setattr(Document, "skeletal", counting)
    return made


def signed_often(data: bytes) -> bytes:
    prepared = prepare(open_source(data))
    prepared.references *= MANY
    return prepared.write(prepared.sign(signer("agency")))


@pytest.mark.parametrize("data", [SMALL, LARGE, WITH_CONTENT], ids=["small", "large", "content"])
def test_one_document_is_digested_once(data: bytes, counted: Counter[object]) -> None:
    octets = signed_often(data)
    counted.clear()
    (one,) = verify_xml(octets).signatures
    assert one.intact is True
    assert len(one.references) == MANY + 1
    assert {r.sha256 for r in one.references[:MANY]} == {one.references[0].sha256}
    # The document, and the properties.
    assert sorted(counted.values()) == [1, 1]


@pytest.mark.parametrize("data", [SMALL, WITH_CONTENT], ids=["small", "content"])
def test_one_that_does_not_match_is_looked_into_once(data: bytes, counted: Counter[object]) -> None:
    octets = signed_often(data).replace(b"<b>", b"<b>QUJD", 1)
    counted.clear()
    (one,) = verify_xml(octets).signatures
    assert one.intact is False
    assert [r.matches for r in one.references] == [False] * MANY + [True]
    assert max(counted.values()) == 1
    # The document as declared and as careless software may have meant it, and the properties.
    assert len(counted) == 3


def test_other_transforms_are_another_thing() -> None:
    """What is kept is never taken for what a reference with another method, or another digest, asks for."""
    octets = signed_often(b'<a xmlns:n="urn:n" Id="x"><b/></a>')
    exclusive = b'<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms>'
    inclusive = exclusive.replace(b"http://www.w3.org/2001/10/xml-exc-c14n#", b"http://www.w3.org/2006/12/xml-c14n11")
    first = octets.index(exclusive)
    changed = octets[: first + 1] + octets[first + 1 :].replace(exclusive, inclusive, 1)
    (one,) = verify_xml(changed).signatures
    assert [r.matches for r in one.references[:3]] == [True, False, True]
    sha512 = changed.replace(b"xmlenc#sha256", b"xmlenc#sha512", 1)
    (one,) = verify_xml(sha512).signatures
    assert [r.matches for r in one.references[:3]] == [False, False, True]


def sealed_often() -> bytes:
    """A seal that refers to one file a thousand times, by SHA-512, and to no other."""
    written = f'<ds:Object xmlns:ds="{DS}" Id="S-o">{render("document", values_of(message(), NAMES))}</ds:Object>'
    octets = written.encode()
    values = DataReference("#S-o", hashlib.sha512(octets).digest(), "application/xml", lambda: (octets,))
    file = DataReference(uri_of(NAMES[0]), hashlib.sha512(PDF).digest(), "application/pdf", lambda: (PDF,))
    options = SigningOptions(digest="sha512")
    objects = (DataObject(written, octets),)
    draft = begin([values] + [file] * 1000, signer("agency"), options, identifier="S", objects=objects)
    return with_seal(SEALED, draft.to_bytes())


def test_a_file_that_a_seal_names_often_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: Counter[int] = Counter()
    opener = Attachment.open

    def counting(self: Attachment) -> Any:
        opened[self.index] += 1
        return opener(self)

    monkeypatch.setattr(Attachment, "open", counting)
    (one,) = verify_packet(sealed_often()).signatures
    assert [r.matches for r in one.references[1:1001]] == [True] * 1000
    # The seal itself, and the file for SHA-512.
    assert max(opened.values()) <= 2
