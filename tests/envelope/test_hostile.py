"""Hostile XML: entities, depth, width, encodings, tricks around the ranges."""

from __future__ import annotations

import base64
import time

import pytest

import vn_edoc
from tests.envelope.packets import HEADER, attachment, packet, reference, zipped
from vn_edoc.envelope import DocumentMessage
from vn_edoc.errors import SourceError, Unreadable, UsageError

_BOMB = (
    b'<!DOCTYPE edXML [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def rules(read: vn_edoc.Packet) -> set[str]:
    return {f.rule for f in read.findings}


@pytest.mark.parametrize(
    "doctype",
    [
        _BOMB,
        b'<!DOCTYPE edXML SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE edXML [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE edXML [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>',
        b"<!DOCTYPE edXML [<!-- ]> --><!ATTLIST edXML a CDATA 'x'>]>",
    ],
)
def test_a_doctype_is_cut_and_told(doctype: bytes) -> None:
    data = packet(header=HEADER.replace("Về việc thử", "x&j;y")).replace(b"\n<edXML ", doctype + b"\n<edXML ", 1)
    started = time.monotonic()
    with vn_edoc.read(data) as read:
        assert "xml.doctype" in rules(read) and not read.exact
        assert isinstance(read.message, DocumentMessage) and "root:" not in (read.message.subject or "")
        assert len(read.message.subject or "") < 10
    assert time.monotonic() - started < 20


def test_a_doctype_without_end_is_unreadable() -> None:
    with pytest.raises(Unreadable) as told:
        vn_edoc.read(b"<!DOCTYPE x [" + packet())
    assert "xml.doctype" in {f.rule for f in told.value.findings}


@pytest.mark.parametrize(
    ("inner", "bound"),
    [
        ("<d>" * 100 + "</d>" * 100, "xml_depth"),
        ("<e/>" * 300_000, "xml_elements"),
        ("<e " + " ".join(f'a{n}="1"' for n in range(80)) + "/>", "xml_attributes"),
        ("<edXML:Subject>" + "ă" * 1_100_000 + "</edXML:Subject>", "xml_text_chars"),
        ("<" + "n" * 300 + "/>" + " " * 70_000, "xml_name_bytes"),
        ("<e>" + "ă " * 9_000_000 + "</e>", "xml_skeleton_bytes"),
    ],
)
def test_bounds(inner: str, bound: str) -> None:
    with pytest.raises(Unreadable) as told:
        vn_edoc.read(packet(header=HEADER + inner))
    limit = next(f for f in told.value.findings if f.rule == "xml.limit")
    assert limit.data["bound"] == bound


def test_too_many_attachments() -> None:
    data = packet(*(attachment(f"{n}.pdf", b"%PDF", content_id=str(n)) for n in range(30)))
    with vn_edoc.read(data, limits=vn_edoc.Limits(attachments=10)) as read:
        assert len(read.attachments) == 10 and "xml.limit" in rules(read)


def test_packet_over_its_bound() -> None:
    with pytest.raises(Unreadable):
        vn_edoc.read(packet(), limits=vn_edoc.Limits(packet_bytes=100))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_shown_not_trusted(encoding: str) -> None:
    data = packet().decode().replace("UTF-8", "UTF-16").encode(encoding)
    with vn_edoc.read(data) as read:
        assert isinstance(read.message, DocumentMessage) and read.message.subject == "Về việc thử"
        assert "xml.encoding" in rules(read) and not read.exact


def test_declared_utf_16_over_utf_8_bytes() -> None:
    with vn_edoc.read(packet().replace(b"UTF-8", b"utf-16")) as read:
        assert isinstance(read.message, DocumentMessage) and read.message.subject == "Về việc thử"
        assert "xml.encoding" in rules(read)


def test_invalid_utf_8_is_told() -> None:
    data = packet().replace("Về".encode(), b"V\xff\xfe")
    with vn_edoc.read(data) as read:
        assert "xml.not_well_formed" in rules(read) and not read.exact


_LONG = base64.b64encode(bytes(range(256)) * 60).decode()


@pytest.mark.parametrize(
    "trick",
    [
        f"<!-- <x>{_LONG}</x> -->",
        f"<![CDATA[<x>{_LONG}</x>]]>",
        f"<?pi <x>{_LONG}</x>?>",
        f'<edXML:X a="1>{_LONG}"/>',
        f"<edXML:X>a<edXML:Y/>{_LONG}</edXML:X>",
        f"<edXML:Content>{_LONG}</edXML:Content>",
    ],
)
def test_long_base64_in_strange_places_stays_where_it_is(trick: str) -> None:
    """What is taken out of the skeleton comes back as the very text wherever it stood."""
    data = packet(attachment("a.pdf", b"%PDF" * 5000), header=HEADER + trick, references=reference("a.pdf"))
    with vn_edoc.read(data) as read:
        assert read.attachments[0].read() == b"%PDF" * 5000
        assert read.message is not None
        told = read.message.to_json()
        assert read.parts.skeleton.prefix not in told
        if "CDATA" not in trick and "Content" in trick:
            assert isinstance(read.message, DocumentMessage) and read.message.content == _LONG


def test_one_root_of_no_dialect_is_unreadable() -> None:
    for data in (b"", b"abc", b"<html/>", b"<edoc xmlns='http://www.go.vn/eDoc'/>", b"<a>" * 10):
        with pytest.raises(Unreadable) as told:
            vn_edoc.read(data)
        assert told.value.findings


def test_foreign_edxml_is_unreadable_or_unknown() -> None:
    """A05's malware reports use the name edXML for something else."""
    soap = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:e="http://edxml.gov.vn/schema"><s:Header/><s:Body><e:Report/></s:Body></s:Envelope>'
    with pytest.raises(Unreadable):
        vn_edoc.read(soap.replace(b"e:Report", b"e:Other"))
    with vn_edoc.read(b"<edXML><x/></edXML>") as read:
        assert read.dialect == "unknown" and "envelope.structure" in rules(read)


def test_what_cannot_be_digested_exactly_is_not_exact() -> None:
    junk = "A" * 1_000_000 + "*" + "A" * 1_000_003
    with vn_edoc.read(packet(attachment("a.pdf", junk), references=reference("a.pdf"))) as read:
        assert read.attachments[0].damage == "junk" and not read.exact
        assert isinstance(read.message, DocumentMessage) and read.message.subject == "Về việc thử"


_EBXML = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
    b'<e:MessageHeader xmlns:e="http://www.oasis-open.org/ebxml-msg"/></s:Header><s:Body/></s:Envelope>'
)


@pytest.mark.parametrize(
    "foreign",
    [
        b"<document><p>x</p></document>",
        b"<Report><Row/></Report>",
        _EBXML,
    ],
)
def test_other_formats_with_like_names_are_not_taken_for_ours(foreign: bytes) -> None:
    with pytest.raises(Unreadable):
        vn_edoc.read(foreign)


def test_time_is_bounded() -> None:
    data = packet(attachment("a.txt", zipped({"x": b"12345678" * 100_000})))
    with vn_edoc.read(data, limits=vn_edoc.Limits(seconds=-1.0)) as read:
        assert read.attachments[0].damage == "time"


def test_wrong_arguments_and_sources() -> None:
    with pytest.raises(SourceError):
        vn_edoc.read("/no/such/file.edxml")
    with pytest.raises(SourceError):
        vn_edoc.read("/")
    with pytest.raises(UsageError):
        vn_edoc.read(3)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        vn_edoc.read(packet(), mode="lenient")


def test_every_finding_speaks_both_languages() -> None:
    with vn_edoc.read(b"12" + packet(header="<edXML:From/>", trace="")) as read:
        assert read.findings
        for finding in read.findings:
            assert finding.message_vi != finding.message_en
