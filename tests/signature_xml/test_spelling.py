"""An element that a tolerant reader still takes and a strict one does not find any more breaks what was signed."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from lxml import etree

import vn_edoc
from tests.signature.cast import signer
from tests.signature_xml.test_packet import HEADED, PLAIN, SEALED, accepted, rebuilt, signed
from vn_edoc.envelope.structure import locate
from vn_edoc.errors import NotConforming
from vn_edoc.signature import sign_packet, verify_packet
from vn_edoc.signature.packet.spelling import odd_names
from vn_edoc.xml.parse import local_name

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


def elements(data: bytes) -> list[str]:
    """Paths of all elements of a packet but those of signatures."""
    root = etree.fromstring(data)
    return [
        root.getroottree().getpath(e)
        for e in root.iter(f"{{{QCVN}}}*")
        if not any(local_name(a.tag) == "Signature" for a in e.iterancestors())
    ]


def moved(data: bytes, path: str, how: str) -> bytes:
    """The packet with one element, and none below it, under another name or in another namespace."""
    tree = etree.fromstring(data).getroottree()
    namespaces = {"edXML": QCVN}
    (element,) = tree.xpath(path, namespaces=namespaces)
    name = local_name(element.tag)
    space = {"case": QCVN, "none": "urn:none", "both": "urn:none", "other": "urn:x"}[how]
    element.tag = f"{{{space}}}{name.swapcase() if how in ('case', 'both') else name}"
    octets = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    declared = re.search(rb'xmlns:(ns\d+)="urn:none"', octets)
    if declared is None:
        return octets
    # lxml does not take a default namespace back.
    return octets.replace(declared[0], b'xmlns=""').replace(declared[1] + b":", b"")


def values(data: bytes) -> object:
    """What this library's reader takes from a packet."""
    with vn_edoc.read(data) as packet:
        message = None if packet.message is None else packet.message.to_dict()
        return message, [(a.name, a.sha256) for a in packet.attachments], [m.name for m in packet.manifest]


@pytest.mark.parametrize("how", ["case", "none", "both", "other"])
@pytest.mark.parametrize("path", [p for p in elements(SEALED) if "Attachment[" not in p or "Attachment[1]" in p])
def test_no_moved_element_is_taken_for_sealed(path: str, how: str) -> None:
    assert verify_packet(moved(SEALED, path, how)).state != "verifies"


def test_what_the_reader_takes_all_the_same_is_told_as_such() -> None:
    path = next(p for p in elements(SEALED) if p.endswith("Subject"))
    for how in ("case", "none", "both"):
        data = moved(SEALED, path, how)
        assert values(data) == values(SEALED)
        (seal,) = verify_packet(data).signatures
        assert (seal.intact, seal.changes) == (False, "forbidden")
        assert "packet.ambiguous" in {f.rule for f in seal.findings}


@pytest.mark.parametrize("how", ["case", "none", "both", "other"])
@pytest.mark.parametrize(
    "name",
    ["edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader", "TraceHeaderList", "edXMLBody", "AttachmentEncoded"],
)
def test_no_wrapper_of_what_is_signed_in_the_header_is_moved(name: str, how: str) -> None:
    root = etree.fromstring(HEADED)
    path = root.getroottree().getpath(next(root.iter(f"{{{QCVN}}}{name}")))
    assert not accepted(moved(HEADED, path, how))


@pytest.mark.parametrize("form", ["seal", "header"])
def test_an_appended_trace_may_be_written_as_it_likes(form: str) -> None:
    data = SEALED if form == "seal" else HEADED
    trace = re.search(rb"<edXML:TraceHeader[ >].*?</edXML:TraceHeader>", data, re.DOTALL)
    assert trace is not None
    odd = re.sub(rb' Id="[^"]*"', b"", trace[0]).replace(b"edXML:OrganId", b"edXML:organid")
    assert b"organid" in odd
    assert accepted(data.replace(trace[0], trace[0] + odd))


def test_what_was_odd_when_it_was_sealed_may_be_set_right() -> None:
    odd = PLAIN.replace(b"edXML:Subject", b"edXML:subject")
    with vn_edoc.read(odd) as packet:
        found = locate(packet.parts.root)
        assert found is not None
        assert list(odd_names(found, ())) == [f"MessageHeader {{{QCVN}}}subject"]
    sealed = signed("seal", odd)
    assert accepted(sealed)
    assert accepted(sealed.replace(b"edXML:subject", b"edXML:Subject"))
    assert accepted(rebuilt(sealed))
    assert not accepted(sealed.replace(b"edXML:subject", b"edXML:SUBJECT"))
    assert not accepted(sealed.replace(b"edXML:SignerInfo>", b"edXML:signerinfo>"))


def test_a_header_that_strict_readers_do_not_find_is_not_signed() -> None:
    odd = PLAIN.replace(b"edXML:TraceHeaderList", b"edXML:traceheaderlist")
    with pytest.raises(NotConforming):
        sign_packet(odd, io.BytesIO(), signer("agency"), form="header")


def test_samples_of_every_writer_are_written_right(shared: Path) -> None:
    seen = 0
    for file in sorted((shared / "samples" / "edxml").glob("*.xml")):
        with vn_edoc.read(file) as packet:
            found = locate(packet.parts.root)
            if found is not None and packet.kind in ("document", "status") and not packet.dialect.startswith("soap"):
                seen += 1
                assert list(odd_names(found, ())) == [], file.name
    assert seen >= 8
