"""What a packet's signature must cover: a value that is moved to where nobody reads it, and what hides in the places
that a signature leaves open."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace
from functools import cache

import pytest

import vn_edoc
from tests.signature.cast import EVIDENCE, TRUST, signer
from tests.signature_xml.test_packet import HEADED, PDF, PLAIN, SEALED, attachments, message
from vn_edoc.envelope import AttachmentSource, DocumentMessage
from vn_edoc.errors import NotConforming, UsageError
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature import PacketSealer, PacketVerification, sign_packet, verify_packet

BUSINESS = "<edXML:Bussiness><edXML:BussinessDocType>1</edXML:BussinessDocType></edXML:Bussiness>"


def judged(text: str) -> PacketVerification:
    return verify_packet(text.encode(), trust=TRUST, evidence=EVIDENCE)


def refused(text: str) -> bool:
    found = judged(text)
    return found.state == "fails" and all(s.indication != "TOTAL-PASSED" for s in found.signatures)


@cache
def recall() -> str:
    made = DocumentMessage.recall(of=message().changed(document_id="000.00.12.H29.2026.1"), reason="Thu hồi")
    plain, sealed = io.BytesIO(), io.BytesIO()
    vn_edoc.write(made, plain, attachments=attachments())
    sign_packet(plain.getvalue(), sealed, signer("agency"))
    text = sealed.getvalue().decode()
    assert judged(text).state == "verifies"
    return text


@pytest.mark.parametrize("holder", ["MessageHeader", "edXMLHeader", "edXMLBody", "edXMLEnvelope"])
@pytest.mark.parametrize("namespace", ["", "urn:other"])
def test_a_sealed_recall_cannot_be_moved_to_where_nobody_reads_it(holder: str, namespace: str) -> None:
    text = recall()
    business = re.search(r"<edXML:Bussiness>.*?</edXML:Bussiness>", text, re.S)[0]
    # As the values are written in the seal: nothing but the place differs.
    stray = business.replace("<edXML:Paper>0<", "<edXML:Paper>false<")
    if namespace:
        stray = stray.replace("<edXML:Bussiness>", f'<edXML:Bussiness xmlns:edXML="{namespace}">')
    moved = text.replace(business, "").replace(f"</edXML:{holder}>", f"{stray}</edXML:{holder}>")
    with vn_edoc.read(moved.encode()) as packet:
        assert packet.message.business_type.name == "NEW"
    assert refused(moved)


def test_a_sealed_trace_entry_and_a_name_of_the_manifest_stay_where_they_are() -> None:
    text = SEALED.decode()
    entry = re.search(r"<edXML:TraceHeader>.*?</edXML:TraceHeader>", text, re.S)[0]
    iso = re.sub(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)", r"\1-\2-\3T\4+07:00", entry)
    assert iso != entry
    assert refused(text.replace(entry, "").replace("</edXML:MessageHeader>", f"{iso}</edXML:MessageHeader>"))
    listed = re.search(r"<edXML:Reference>.*?</edXML:Reference>", text, re.S)[0]
    name = re.search(r"<edXML:AttachmentName>.*?</edXML:AttachmentName>", listed)[0]
    stray = f"<edXML:Manifest>{name}</edXML:Manifest></edXML:MessageHeader>"
    assert refused(text.replace(listed, "").replace("</edXML:MessageHeader>", stray))


MARKED = "<edXML:OrganizationInCharge>TLTVBQG_CDMDD_QD20</edXML:OrganizationInCharge>"
SUBJECT = "<edXML:Subject>V/v khác</edXML:Subject>"
HIDDEN = {
    "a business type in an appended trace entry": (
        "</edXML:TraceHeaderList>",
        f"<edXML:TraceHeader><edXML:Timestamp>2026/11/26 00:00:00</edXML:Timestamp>{BUSINESS}</edXML:TraceHeader>",
    ),
    "a subject in a marked receiver": (
        "</edXML:MessageHeader>",
        f"<edXML:To><edXML:OrganId>H29.12</edXML:OrganId>{MARKED}{SUBJECT}</edXML:To>",
    ),
    "a business type in a signature of the SDK": (
        "</edXML:edXMLHeader>",
        f"<edXML:Signature><edXML:SignedInfo/>{BUSINESS}</edXML:Signature>",
    ),
    "a header in an element that is no signature": (
        "</edXML:edXMLHeader>",
        f"<edXML:DigitalSignature><edXML:MessageHeader>{SUBJECT}</edXML:MessageHeader></edXML:DigitalSignature>",
    ),
    "an attachment inside an attachment": (
        "</Attachment>",
        "<Attachment><AttachmentName>khác.pdf</AttachmentName></Attachment>",
    ),
    "a header in the manifest": ("</edXML:edXMLManifest>", SUBJECT),
}


@pytest.mark.parametrize("case", HIDDEN)
@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_nothing_hides_in_what_may_stand_outside(case: str, data: bytes) -> None:
    place, added = HIDDEN[case]
    text = data.decode()
    assert place in text
    assert refused(text.replace(place, added + place, 1))


@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_what_the_axis_adds_is_allowed_still(data: bytes) -> None:
    entry = "<edXML:TraceHeader><edXML:Timestamp>2026/11/26 00:00:00</edXML:Timestamp></edXML:TraceHeader>"
    receiver = f"<edXML:To><edXML:OrganId>H29.12</edXML:OrganId>{MARKED}</edXML:To>"
    text = data.decode().replace("</edXML:TraceHeaderList>", f"{entry}</edXML:TraceHeaderList>")
    found = judged(text.replace("</edXML:MessageHeader>", f"{receiver}</edXML:MessageHeader>"))
    assert found.state == "verifies"
    assert {str(s.changes) for s in found.signatures} == {"allowed"}


@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_content_ids_cannot_be_exchanged(data: bytes) -> None:
    """A reader that takes names from the manifest and contents by their ids would open the other file."""
    text = data.decode()
    one, other = re.findall(r"<edXML:ContentId>(cid:.*?)</edXML:ContentId>", text)[:2]
    head, mark, tail = text.partition("</edXML:edXMLManifest>")
    tail = tail.replace(one, "@").replace(other, one).replace("@", other)
    assert refused(head + mark + tail)


def test_a_packet_whose_manifest_names_files_otherwise_gets_no_seal() -> None:
    text = PLAIN.decode().replace("<edXML:AttachmentName>Quyết định số 12.pdf<", "<edXML:AttachmentName>khác.pdf<", 1)
    out = io.BytesIO()
    with pytest.raises(NotConforming):
        sign_packet(text.encode(), out, signer("agency"))
    assert not out.getvalue()


def test_two_names_of_one_attachment_are_ambiguous() -> None:
    name = "<AttachmentName>Quyết định số 12.pdf</AttachmentName>"
    text = SEALED.decode().replace(name, f"{name}<Name>khác.pdf</Name>")
    with vn_edoc.read(text.encode()) as packet:
        assert "envelope.duplicate_element" in {f.rule for f in packet.findings}
    assert refused(text)


def test_a_seal_that_is_not_looked_at_does_not_pass() -> None:
    """Everything with the name of a seal is left out of what the others cover, so every one has to be judged."""
    with vn_edoc.read(SEALED) as packet:
        files = [AttachmentSource(a.open().read(), name=a.name) for a in packet.attachments]
        made = packet.message
    seal = files[-1].content
    files += [AttachmentSource(seal, name="vn-edoc-seal-2.xml"), AttachmentSource(b"MZ", name="vn-edoc-seal-3.xml")]
    out = io.BytesIO()
    vn_edoc.write(made, out, attachments=files)
    limits = replace(DEFAULT_LIMITS, signatures=2)
    found = verify_packet(out.getvalue(), trust=TRUST, evidence=EVIDENCE, limits=limits)
    assert found.state == "fails"
    assert found.signatures[-1].findings[0].rule == "xmldsig.limit"


@pytest.mark.parametrize(
    "many",
    [
        "<edXML:TraceHeader><edXML:Timestamp>2026/11/26 00:00:00</edXML:Timestamp></edXML:TraceHeader>",
        "<edXML:Signature><a/></edXML:Signature>",
        "<edXML:DigitalSignature/><edXML:DigitalSignature/>",
    ],
)
@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_many_elements_beside_a_signature_do_not_take_long(data: bytes, many: str) -> None:
    place = "</edXML:TraceHeaderList>" if "Trace" in many else "</edXML:edXMLHeader>"
    found = judged(data.decode().replace(place, many * 8000 + place))
    assert found.state == "verifies"


def packed(*files: tuple[bytes, str]) -> bytes:
    out = io.BytesIO()
    vn_edoc.write(message(), out, attachments=[AttachmentSource(content, name=name) for content, name in files])
    return out.getvalue()


def refuses(data: bytes, form: str = "seal") -> bool:
    out = io.BytesIO()
    with pytest.raises(NotConforming):
        sign_packet(data, out, signer("agency"), form=form)
    return not out.getvalue()


def test_what_has_the_name_of_a_seal_and_is_none_is_not_sealed_around() -> None:
    """It would be judged as a seal, and fail with all the others."""
    false = ((b"%PDF-1.4", "a.pdf"), (b"<x/>", "VN-EDOC-SEAL-7.xml"))
    assert refuses(packed(*false))
    with pytest.raises(UsageError, match="VN-EDOC-SEAL-7"):
        sources = [AttachmentSource(content, name=name) for content, name in false]
        vn_edoc.write(message(), io.BytesIO(), attachments=sources, sealer=PacketSealer(signer("agency")))


def test_an_attachment_without_a_name_is_not_sealed() -> None:
    text = packed((b"%PDF-1.4", "a.pdf"), (b"%PDF-1.5", "b.pdf")).decode()
    assert refuses(re.sub(r"<(edXML:)?AttachmentName>b.pdf</(edXML:)?AttachmentName>", "", text).encode())


def test_a_seal_does_not_break_a_signature_in_the_header() -> None:
    assert refuses(HEADED)
    out = io.BytesIO()
    sign_packet(SEALED, out, signer("other-agency"), form="header")
    assert verify_packet(out.getvalue(), trust=TRUST, evidence=EVIDENCE).state == "verifies"


@pytest.mark.parametrize("name", ["xpointer(/)", "a b", "%41", "a#b"])
def test_an_identifier_that_no_reference_can_name_is_not_signed(name: str) -> None:
    assert refuses(PLAIN.replace(b"<edXML:Subject>", f'<edXML:Subject Id="{name}">'.encode()), "header")


@pytest.mark.parametrize(
    "name",
    [
        "a%41.pdf",
        "http://x/y.pdf",
        "../../a.pdf",
        "#x",
        "?q",
        "a&b\"'<>.pdf",
        "a\u202epdf.exe",
        "a;b+c.pdf",
        "ả%20 b.pdf",
    ],
)
def test_a_seal_knows_attachments_of_any_name(name: str) -> None:
    out = io.BytesIO()
    sign_packet(packed((b"%PDF-1.4", name), (b"%PDF-1.5", "b.pdf")), out, signer("agency"))
    (seal,) = verify_packet(out.getvalue(), trust=TRUST, evidence=EVIDENCE).signatures
    assert (seal.intact, str(seal.changes)) == (True, "none")


@pytest.mark.parametrize("inserted", ["<!-- -->", "<?x y?>"])
@pytest.mark.parametrize(
    "value", ["<edXML:OrganId>000.00.13", "<edXML:Subject>V/v", "<AttachmentName>Quyết", "<edXML:AttachmentName>Quyết"]
)
def test_a_value_that_some_readers_cut_short_is_suspicious(value: str, inserted: str) -> None:
    text = SEALED.decode()
    assert value in text
    found = judged(text.replace(value, value + inserted, 1))
    assert found.state == "fails"
    assert [(s.intact, str(s.changes)) for s in found.signatures] == [(True, "suspicious")]
    # Before the value as well: the first node of the element is no text then.
    tag, gap, rest = value.partition(">")
    assert judged(text.replace(value, tag + gap + inserted + rest, 1)).state == "fails"
    assert refuses(PLAIN.replace(value.encode(), (value + inserted).encode(), 1))


def test_a_comment_before_a_value_of_the_header_form_is_suspicious() -> None:
    text = re.sub(r"(<edXML:Subject [^>]*>)", r"\1<!-- -->", HEADED.decode())
    (one,) = judged(text).signatures
    assert (one.intact, str(one.changes)) == (True, "suspicious")


def test_an_element_that_is_said_to_be_nothing_is_ambiguous() -> None:
    nil = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
    for name in ("Bussiness", "Subject", "To"):
        assert refused(SEALED.decode().replace(f"<edXML:{name}>", f"<edXML:{name}{nil}>", 1)), name


def wrapper(
    extra: bytes = b"", comment: bytes = b"", of_entry: bytes = b"", name: str = "", behind: bytes = b""
) -> bytes:
    """A ZIP around the signed file, with octets around it that another format could use."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name or "0f8fad5b-d9cb-469f-a165-70867728950e.pdf")
        entry.extra, entry.comment = extra, of_entry
        archive.writestr(entry, PDF)
        archive.comment = comment
    return out.getvalue() + behind


WRAPPERS = {
    "behind": wrapper(behind=b"%PDF-1.4 startxref 0 %%EOF"),
    "comment": wrapper(comment=b"x"),
    "comment of the entry": wrapper(of_entry=b"x"),
    "extra field": wrapper(extra=b"\xfe\xca\x08\0%PDF-1.4"),
    "end of a file in the name": wrapper(name="startxref 0 %%EOF.pdf"),
    "markup in the name": wrapper(name="<script>.pdf"),
    "a long name": wrapper(name="x" * 2000 + ".pdf"),
}


@pytest.mark.parametrize("case", WRAPPERS)
def test_a_wrapper_that_is_something_else_as_well(case: str) -> None:
    """A reader that does not take it off opens another file than the one that was signed."""
    text = SEALED.decode()
    place = re.search(r"số 12.pdf</AttachmentName>.*?ContentTransferEncoded[^>]*>([^<]*)", text, re.S)
    assert place is not None
    head, tail = text[: place.start(1)], text[place.end(1) :]
    assert judged(head + base64.b64encode(wrapper()).decode() + tail).state == "verifies"
    assert refused(head + base64.b64encode(WRAPPERS[case]).decode() + tail)


def test_a_content_id_of_two_attachments_is_ambiguous() -> None:
    text = SEALED.decode()
    one, other = re.findall(r"<ContentId>(.*?)</ContentId>", text)[:2]
    assert refused(text.replace(other, one))


@pytest.mark.parametrize("holder", ["edXMLHeader", "TraceHeaderList"])
def test_a_signed_summary_is_not_moved_to_where_nobody_reads_it(holder: str) -> None:
    text = HEADED.decode()
    summary = re.search(r"<edXML:Content Id=.*?</edXML:Content>", text)
    assert summary is not None
    assert refused(text.replace(summary[0], "").replace(f"</edXML:{holder}>", f"{summary[0]}</edXML:{holder}>"))


def test_a_second_element_of_a_name_in_the_header_form_is_ambiguous() -> None:
    """The signed one in front counts for one reader, the signed one behind for another."""
    text = HEADED.decode()
    for name in ("Subject", "Content", "DocumentId"):
        found = re.search(rf"<edXML:{name} Id=[^>]*>.*?</edXML:{name}>", text)
        assert found is not None
        assert refused(text.replace(found[0], found[0] + re.sub(' Id="[^"]*"', "", found[0])))
