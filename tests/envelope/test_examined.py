"""Variants that an examiner derives from the reference of the format: kind, dialect, names, what a list must name."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from lxml import etree

import vn_edoc
from tests.envelope.packets import HEADER, TRACE, attachment, packet, reference, status
from vn_edoc.envelope import DocumentMessage, Extension, StatusMessage, convert, schemas
from vn_edoc.envelope.comparison import changes
from vn_edoc.findings import Finding, Severity

PDF = b"%PDF-1.4 noi dung"
SPEAKER = "<edXML:From><edXML:OrganId>G12</edXML:OrganId><edXML:OrganName>Bộ B</edXML:OrganName></edXML:From>"
ANSWERED = (
    "<edXML:ResponseFor><edXML:OrganId>H29.12</edXML:OrganId><edXML:Code>12/SA-VP</edXML:Code>"
    "<edXML:DocumentId>x</edXML:DocumentId></edXML:ResponseFor>"
)
TIME = "<edXML:Timestamp>2025/03/05 10:00:00</edXML:Timestamp>"


def told(data: bytes, second: bytes | None = None) -> tuple[vn_edoc.Packet, list[Finding]]:
    found = vn_edoc.read(data, attachments=second)
    return found, list(found.findings)


def of(findings: list[Finding], rule: str, path: str) -> list[Finding]:
    return [f for f in findings if f.rule == rule and path in (f.where.path or "")]


def samples(shared: Path, *numbers: str) -> list[str]:
    folder = shared / "samples" / "edxml"
    return [next(folder.glob(f"{number}_*")).read_text("utf-8") for number in numbers]


def there(found: vn_edoc.Packet, dialect: str, style: str = "java") -> vn_edoc.Packet:
    first, second = io.BytesIO(), io.BytesIO()
    convert(found, (first, second) if dialect == "soap-2803" else first, dialect, style)
    return vn_edoc.read(first.getvalue(), attachments=second.getvalue() or None)


def test_a_status_code_tells_the_kind_beside_an_empty_header(shared: Path) -> None:
    (text,) = samples(shared, "09")
    found, findings = told(text.replace("<edXML:Status>", "<edXML:MessageHeader/><edXML:Status>").encode())
    assert (found.kind, found.dialect) == ("status", "bkav")
    assert isinstance(found.message, StatusMessage) and found.message.status_code == "03"
    assert of(findings, "envelope.duplicate_element", "edXMLHeader/Status")[0].severity is Severity.ERROR


def test_a_text_in_the_body_without_a_manifest_is_the_inline_form(shared: Path) -> None:
    (text,) = samples(shared, "13")
    start, end = text.index("<edXML:edXMLAttachments>"), text.index("</edXML:edXMLEnvelope>")
    found, _ = told((text[:start] + text[end:]).encode())
    assert (found.kind, found.dialect, len(found.attachments)) == ("document", "inline", 0)
    for dialect in ("vxp", "soap-2803"):
        again = there(found, dialect)
        assert (again.dialect, again.message) == (dialect, found.message)


@pytest.mark.parametrize("dialect", ["vxp", "soap-2803"])
def test_a_packet_of_512_is_of_the_dialect_to_which_it_was_converted(shared: Path, dialect: str) -> None:
    first, second = samples(shared, "17", "18")
    found, _ = told(first.encode(), second.encode())
    again = there(found, dialect)
    assert found.dialect == "soap-512" and again.dialect == dialect
    assert again.message == found.message
    assert [a.read() for a in again.attachments] == [a.read() for a in found.attachments]


def test_the_json_form_keeps_elements_without_a_namespace() -> None:
    kept = Extension(name="Secret", namespace="", text=" ")
    message = DocumentMessage(extensions=(kept,))
    assert DocumentMessage.from_json(message.to_json()) == message
    assert (message.extensions[0].namespace, message.extensions[0].text) == ("", None)


def test_letters_and_marks_apart_count_as_one() -> None:
    name = unicodedata.normalize("NFD", "Ấ" * 50)
    _, findings = told(packet(header=HEADER.replace("Nguyễn Văn A", name)))
    assert not of(findings, "R47", "FullName") and of(findings, "envelope.not_nfc", "FullName")
    _, findings = told(packet(header=HEADER.replace("Nguyễn Văn A", name + "a")))
    assert of(findings, "R47", "FullName")[0].data["length"] == 51


def test_fillers_of_the_sample_are_known_with_letters_and_marks_apart() -> None:
    filler = unicodedata.normalize("NFD", "Liên thông văn bản quốc gia")
    other = f"<edXML:SphereOfPromulgation>{filler}</edXML:SphereOfPromulgation></edXML:OtherInfo>"
    _, findings = told(packet(header=HEADER.replace("</edXML:OtherInfo>", other)))
    assert of(findings, "envelope.filler", "SphereOfPromulgation")


def test_files_that_share_a_content_id_are_converted_and_told() -> None:
    data = packet(
        attachment("a.pdf", PDF), attachment("b.pdf", PDF + b"2"), references=reference("a.pdf") + reference("b.pdf")
    )
    found, _ = told(data)
    out = io.BytesIO()
    result = convert(found, out)
    assert [f.where.path for f in result.findings if f.rule == "envelope.lost"] == ["Attachment/ContentId"]
    again = vn_edoc.read(out.getvalue())
    assert [(a.name, a.read()) for a in again.attachments] == [("a.pdf", PDF), ("b.pdf", PDF + b"2")]
    assert len({a.content_id for a in again.attachments}) == 2


def test_a_receiver_that_is_named_once_more_is_a_change() -> None:
    to = "<edXML:To><edXML:OrganId>G12</edXML:OrganId><edXML:OrganName>Bộ B</edXML:OrganName></edXML:To>"
    sent = vn_edoc.read(packet())
    received = vn_edoc.read(packet(header=HEADER.replace(to, to + to)))
    assert [(c.path, c.sent, c.received, c.by_axis) for c in changes(sent, received)] == [
        ("To[G12, 2]", None, "G12, 2", False)
    ]
    assert [c.path for c in changes(received, sent)] == ["To[G12, 2]"]


def test_a_status_without_its_code_stays_a_status() -> None:
    found, findings = told(status(SPEAKER + ANSWERED + "<edXML:StatusCode/>" + TIME))
    assert found.kind == "status" and of(findings, "R47", "StatusCode")[0].severity is Severity.ERROR
    for dialect, style in (("vxp", "java"), ("vxp", "dotnet"), ("soap-2803", "java")):
        again = there(found, dialect, style)
        assert (again.kind, again.dialect, again.message) == ("status", dialect, found.message)


@pytest.mark.parametrize("missing", ["OrganId", "Code", "DocumentId"])
def test_the_schema_of_a_status_asks_for_what_the_checks_ask_for(missing: str) -> None:
    start, end = ANSWERED.index(f"<edXML:{missing}>"), ANSWERED.index(f"</edXML:{missing}>") + len(missing) + 9
    found, findings = told(
        status(SPEAKER + ANSWERED[:start] + ANSWERED[end:] + "<edXML:StatusCode>03</edXML:StatusCode>" + TIME)
    )
    assert of(findings, "R47", f"ResponseFor/{missing}")
    out = io.BytesIO()
    convert(found, out)
    schema = etree.XMLSchema(etree.parse(str(schemas.path("vxp", "java", "status"))))
    assert not schema.validate(etree.fromstring(out.getvalue()))


def test_a_second_file_that_cannot_be_read_does_not_hide_the_packet(shared: Path) -> None:
    (first,) = samples(shared, "15")
    for second in (b"rubbish", b"", b"<html/>"):
        found, findings = told(first.encode(), second)
        assert isinstance(found.message, DocumentMessage) and found.dialect == "soap-2803"
        assert of(findings, "envelope.second_file", "")[0].severity is Severity.ERROR
        assert [r.name for r in found.missing] == ["312_SK-VP.pdf"] and of(findings, "R44", "Manifest/Reference[1]")


def _mail(root: str, *parts: bytes) -> bytes:
    head = b'Content-Type: multipart/related; type="text/xml"; boundary="b"; start="<r>"\r\n\r\n'
    own = b"--b\r\nContent-Type: text/xml; charset=utf-8\r\nContent-ID: <r>\r\n\r\n" + root.encode() + b"\r\n"
    return head + own + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def test_mail_holds_all_that_belongs_to_its_packet(shared: Path) -> None:
    (first,) = samples(shared, "15")
    found, findings = told(_mail(first))
    assert [r.name for r in found.missing] == ["312_SK-VP.pdf"]
    assert of(findings, "R44", "Manifest/Reference[1]")[0].severity is Severity.ERROR


def test_a_part_is_called_what_the_manifest_calls_it(shared: Path) -> None:
    (first,) = samples(shared, "15")
    part = b'Content-Type: application/pdf; name="1.pdf"\r\nContent-ID: <4711>\r\n\r\n' + PDF
    found, _ = told(_mail(first, part))
    assert [(a.name, a.read()) for a in found.attachments] == [("312_SK-VP.pdf", PDF)] and not found.missing


def test_a_trace_entry_without_its_time_is_told() -> None:
    start, end = TRACE.index("<edXML:Timestamp>"), TRACE.index("</edXML:TraceHeader>")
    _, findings = told(packet(trace=TRACE[:start] + TRACE[end:]))
    assert of(findings, "R68", "TraceHeader[1]/Timestamp")[0].severity is Severity.WARNING


@pytest.mark.parametrize(("given", "missing"), [("Code", "OrganId"), ("OrganId", "Code")])
def test_what_is_answered_is_named_by_agency_and_code(given: str, missing: str) -> None:
    answered = f"<edXML:ResponseFor><edXML:{given}>G12</edXML:{given}></edXML:ResponseFor>"
    _, findings = told(packet(header=HEADER + answered))
    assert of(findings, "R47", f"ResponseFor[1]/{missing}")[0].severity is Severity.WARNING
    assert not of(findings, "R47", f"ResponseFor[1]/{given}")


@pytest.mark.parametrize(
    ("kind", "more", "rule", "path"),
    [
        (
            2,
            "<edXML:BussinessDocumentInfo>{}</edXML:BussinessDocumentInfo>",
            "envelope.update",
            "BussinessDocumentInfo",
        ),
        (2, "{info}<edXML:DocumentReceiver>1</edXML:DocumentReceiver>{end}", "envelope.update", "ReceiverList"),
        (
            2,
            (
                "{info}<edXML:DocumentReceiver>1</edXML:DocumentReceiver><edXML:ReceiverList><edXML:Receiver>"
                "<edXML:OrganId>H29</edXML:OrganId></edXML:Receiver></edXML:ReceiverList>{end}"
            ),
            "envelope.update",
            "Receiver[1]",
        ),
        (
            3,
            (
                "<edXML:ReplacementInfoList><edXML:ReplacementInfo><edXML:DocumentId>H29.12,2025/03/01,9/SA-VP"
                "</edXML:DocumentId></edXML:ReplacementInfo></edXML:ReplacementInfoList>"
            ),
            "envelope.replacement",
            "ReplacementInfo[1]/OrganIdList",
        ),
    ],
)
def test_updates_and_replacements_say_what_they_act_on(kind: int, more: str, rule: str, path: str) -> None:
    flags = "<edXML:DocumentInfo>0</edXML:DocumentInfo><edXML:DocumentReceiver>0</edXML:DocumentReceiver>"
    more = more.replace("{}", flags).replace("{info}", "<edXML:BussinessDocumentInfo>")
    more = more.replace("{end}", "</edXML:BussinessDocumentInfo>")
    trace = TRACE.replace("DocType>0</edXML:BussinessDocType>", f"DocType>{kind}</edXML:BussinessDocType>{more}")
    _, findings = told(packet(trace=trace))
    assert of(findings, rule, path)[0].severity is Severity.WARNING
