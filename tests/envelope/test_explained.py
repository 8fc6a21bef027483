"""Findings tell a person what is wrong and where: files that are no packets, damaged XML, text and content."""

from __future__ import annotations

import base64
import csv
import gzip
import unicodedata
from pathlib import Path

import pytest

import vn_edoc
from tests.conftest import ROOT
from tests.envelope.packets import HEADER, TRACE, attachment, packet, reference, status
from vn_edoc.envelope.lettering import doubt
from vn_edoc.errors import Unreadable
from vn_edoc.findings import Finding, Severity
from vn_edoc.law import rule_texts

ESB = "http://www.e-doc.vn/Schema/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PDF = b"%PDF-1.4\n%%EOF\n"
ANSWER = """<edXML:From><edXML:OrganId>G12</edXML:OrganId><edXML:OrganName>Bộ B</edXML:OrganName></edXML:From>
<edXML:ResponseFor><edXML:OrganId>H29.12</edXML:OrganId><edXML:Code>12/SA-VP</edXML:Code>
<edXML:DocumentId>H29.12,2025/03/05,12/SA-VP</edXML:DocumentId></edXML:ResponseFor>
<edXML:StatusCode>03</edXML:StatusCode><edXML:Timestamp>2025/03/06 08:00:00</edXML:Timestamp>"""


def told(data: bytes) -> dict[str, Finding]:
    with vn_edoc.read(data) as read:
        return {f.rule: f for f in read.findings}


def soap(body: str) -> bytes:
    return f'<S:Envelope xmlns:S="{SOAP}"><S:Body>{body}</S:Body></S:Envelope>'.encode()


@pytest.mark.parametrize(
    ("data", "rule", "words"),
    [
        (b"", "envelope.not_a_packet", "tệp rỗng"),
        (b"\xef\xbb\xbf \r\n", "envelope.not_a_packet", "tệp rỗng"),
        (PDF, "envelope.not_a_packet", "PDF"),
        (gzip.compress(packet()), "envelope.not_a_packet", "gzip"),
        (b"Rar!\x1a\x07\x00xx", "envelope.not_a_packet", "RAR"),
        (b"<html><body>502 Bad Gateway</body></html>", "envelope.not_a_packet", "HTML"),
        (b'{"status":"OK","data":"PD94bWw="}', "envelope.not_a_packet", "JSON"),
        (base64.encodebytes(packet()), "envelope.not_a_packet", "base64"),
        (b"Xin chao", "xml.no_markup", "thẻ XML"),
        (b"From: a\r\nContent-Type: text/xml\r\n\r\n" + b"PD94", "envelope.not_a_packet", "thư điện tử"),
        (b"<eDoc xmlns='http://www.go.vn/eDoc'/>", "envelope.root", "'eDoc'"),
        (soap("<Send><data>&lt;edXML/&gt;</data></Send>"), "envelope.root", "'Send'"),
        (soap("<S:Fault><faultstring>hết phiên</faultstring></S:Fault>"), "envelope.root", "'Fault': hết phiên"),
        (soap("<Report xmlns='http://edxml.gov.vn/schema'><a/></Report>"), "envelope.root", "'Report'"),
    ],
)
def test_what_is_no_packet_is_named(data: bytes, rule: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        vn_edoc.read(data)
    finding = refused.value.findings[-1]
    assert finding.rule == rule and words in finding.message_vi and finding.severity is Severity.ERROR
    assert words.split("'")[-1].strip(": ") in refused.value.message_vi


WHOLE = packet(attachment("12.pdf", PDF), references=reference("12.pdf"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (WHOLE[:900], "cắt cụt, thiếu thẻ đóng </edXML>"),
        (WHOLE[:-4], "cắt cụt"),
        (WHOLE + b"\0\0", "nội dung thừa sau thẻ đóng"),
        (WHOLE + b"\r\n--=_1--", "nội dung thừa sau thẻ đóng"),
        (WHOLE + WHOLE, "khai báo XML nằm giữa tệp"),
        (WHOLE.replace("Về việc thử".encode(), b"A & B"), "&amp;"),
        (WHOLE.replace("Về việc thử".encode(), b"A < B"), "&lt;"),
        (WHOLE.replace("Về việc thử".encode(), b"A &nbsp; B"), "thực thể"),
        (WHOLE.replace("Về việc thử".encode(), b"A\x0bB"), "ký tự điều khiển"),
        (WHOLE.replace("ề".encode(), b"\xd2"), "không phải UTF-8"),
        (WHOLE.replace(b"</edXML:Subject>", b"</edXML:Content>"), "không khớp"),
    ],
)
def test_why_xml_is_not_well_formed_is_said_in_both_languages(data: bytes, words: str) -> None:
    finding = told(data)["xml.not_well_formed"]
    assert words in finding.message_vi and "dòng" in finding.message_vi and "cột" in finding.message_vi
    assert "line" in finding.message_en and "xmlParse" not in finding.message_en


def test_the_prefix_that_is_not_declared_is_named() -> None:
    data = WHOLE.replace(b"<edXML:Reference>", b'<edXML:Reference xlink:href="cid:1">')
    finding = told(data)["xml.undeclared_prefix"]
    assert "(xlink)" in finding.message_vi and "(xlink)" in finding.message_en


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V/v triÓn khai kÕt nèi", "tcvn3"),
        ("Bé Tµi chÝnh", "tcvn3"),
        ("V/v trieån khai keát noái", "vni"),
        ("Uyû ban nhaân daân tænh Ñoàng Nai", "vni"),
        ("V/v triển khai kết nối".encode().decode("latin-1"), "mojibake"),
        ("Sở Nội vụ".encode().decode("cp1252"), "mojibake"),
        ("Phòng A &amp; B", "escaped"),
        ("V/v tri&#7875;n khai", "escaped"),
        ("V/v tri\ufffdn khai", "lost"),
        ("Café Citroën, Zürich", None),
        ("AT&T; R&D", None),
        ("HỘI ĐỒNG NHÂN DÂN TỈNH ĐỒNG NAI, hoá đơn, thuý", None),
        # Signs that the old encodings have for letters, in lawful texts.
        ("Thông báo «ABC»", None),
        ("Về việc triển khai «Một cửa» và «Đề án 06»", None),
        ("phần mềm Windows® và Office®, © Bộ A, © Bộ B", None),
        ("quan trắc bụi (µg/m³), kích thước 2 µm – 10µm, độ dẫn µS", None),
        ("Dự án “Làng·trẻ·em SOS”, Nguyễn·Văn·A", None),
        ("Lễ Noël, đón Noël", None),
        ("LÊ\u00a0HOA", None),
        ("UBND XÃ\u00a0AN LAO", None),
        ("Hà Nam".encode().decode("latin-1"), "mojibake"),
        ("«ng Bé tr­ëng, b»ng kho¸n", "tcvn3"),
        ("®­êng µo µo th«n", "tcvn3"),
        ("Quyết định triÓn khai kÕt nèi", "tcvn3"),
        ("Quyết định trieån khai keát noái", "vni"),
    ],
)
def test_old_and_mistaken_encodings_are_recognised(text: str, expected: str | None) -> None:
    assert doubt(text) == expected


def test_no_text_of_the_law_is_doubted() -> None:
    texts = [t for rule in rule_texts().rules.values() for t in (str(rule),)]
    for path in (ROOT / "vn_edoc").rglob("data/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [cell for row in csv.reader(file) for cell in row]
    assert len(texts) > 5000
    for text in texts:
        for form in (text, text.upper(), text.lower()):
            assert doubt(form) in (None, "escaped"), form


def test_texts_of_another_encoding_are_told_with_their_place() -> None:
    finding = told(packet(header=HEADER.replace("Về việc thử", "VÒ viÖc triÓn khai")))["envelope.lettering"]
    assert finding.where.path == "MessageHeader/Subject" and "TCVN3" in finding.message_vi
    assert finding.severity is Severity.WARNING and finding.basis


@pytest.mark.parametrize("label", ["Văn bản điện tử mới", "THU HỒI VĂN BẢN", "Cập nhật"])
def test_11_a_business_label_is_no_type_name(label: str) -> None:
    finding = told(packet(header=HEADER.replace("Công văn", label)))["envelope.type_name"]
    assert finding.where.path == "MessageHeader/DocumentType/TypeName" and label in finding.message_vi


def test_13_an_attachment_that_an_empty_manifest_does_not_name() -> None:
    assert "envelope.not_in_manifest" in told(packet(attachment("a.pdf", PDF)))


def test_18_a_line_break_in_the_document_id() -> None:
    broken = HEADER.replace("H29.12,2025/03/05,12/SA-VP", "H29.12,2025/03/05,\n  12/SA-VP")
    finding = told(packet(header=broken))["R49"]
    assert "khoảng trắng" in finding.message_vi


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("data:application/pdf;base64," + base64.b64encode(PDF).decode(), "data URI"),
        (base64.urlsafe_b64encode(bytes(range(256))).decode(), "base64url"),
        (base64.b64encode(PDF).decode()[:8] + "\\n" + base64.b64encode(PDF).decode()[8:], "'\\\\', ký tự thứ 9"),
        ('"' + base64.b64encode(PDF).decode() + '"', "'\"', ký tự thứ 1"),
        ("ế" + base64.b64encode(PDF).decode(), "'ế', ký tự thứ 1"),
    ],
)
def test_what_does_not_belong_into_base64_is_shown(content: str, words: str) -> None:
    finding = told(packet(attachment("12.pdf", content), references=reference("12.pdf")))["R44"]
    assert words in finding.message_vi


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("12.pdf", b"\x1f\x8b\x08\0\0\0", "envelope.content_type"),
        ("12.pdf", b"Rar!\x1a\x07\x00", "envelope.content_type"),
        ("12.png", PDF, "envelope.content_type"),
        ("12.pdf", base64.b64encode(PDF), "envelope.base64_twice"),
        ("12.pdf", PDF, None),
        ("12.doc", PDF, None),
        ("12.pdf", b"text", None),
    ],
)
def test_content_of_another_type_than_the_name(name: str, content: bytes, rule: str | None) -> None:
    found = told(packet(attachment(name, content), references=reference(name)))
    assert [r for r in found if r in ("envelope.content_type", "envelope.base64_twice")] == ([rule] if rule else [])


def test_a_value_that_does_not_fit_is_told_once() -> None:
    found = told(packet(header=HEADER.replace("<edXML:Priority>0", "<edXML:Priority>5")))
    assert "R47" not in found and "'5'" in found["envelope.value"].message_vi
    found = told(status(ANSWER.replace(">03<", ">0<")))
    assert "envelope.code_form" not in found and "'0'" in found["R47"].message_vi
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    found = told(packet(header=HEADER.replace("Về việc thử", include)))
    assert "<include>" in found["envelope.value"].message_vi


def test_what_a_status_packet_does_not_have() -> None:
    assert told(status(ANSWER)) == {}
    whole = packet(attachment("a.pdf", PDF), header=ANSWER, references=reference("a.pdf"))
    assert "lưu vết" in told(whole)["envelope.status_parts"].message_vi


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (packet(header=HEADER + TRACE, trace=""), "MessageHeader/TraceHeaderList"),
        (
            packet(
                header=HEADER + "<edXML:Bussiness><edXML:BussinessDocType>1</edXML:BussinessDocType></edXML:Bussiness>"
            ),
            "MessageHeader/Bussiness",
        ),
        (
            WHOLE.replace(b"</edXML:edXMLEnvelope><AttachmentEncoded>", b"<AttachmentEncoded>").replace(
                b"</AttachmentEncoded>", b"</AttachmentEncoded></edXML:edXMLEnvelope>"
            ),
            "edXMLEnvelope/AttachmentEncoded",
        ),
    ],
)
def test_what_stands_in_another_place_is_told(data: bytes, path: str) -> None:
    with vn_edoc.read(data) as read:
        assert [f.where.path for f in read.findings if f.rule == "envelope.misplaced"] == [path]


def test_a_login_is_no_signature() -> None:
    login = "<edXML:Signature><edXML:KeyInfo><edXML:Token>x</edXML:Token></edXML:KeyInfo></edXML:Signature>"
    assert "đăng nhập" in told(packet(extra=login))["R64"].message_vi


def test_the_receipt_of_2014_is_named() -> None:
    code = "<e:Code><e:CodeNumber>312</e:CodeNumber><e:CodeNotation>SK-VP</e:CodeNotation></e:Code>"
    data = f'<S:Envelope xmlns:S="{SOAP}" xmlns:e="{ESB}"><S:Header><e:MessageHeader>{code}</e:MessageHeader>'
    assert "envelope.receipt" in told(f"{data}</S:Header><S:Body/></S:Envelope>".encode())


def test_every_sample_is_explained(shared: Path) -> None:
    """No message is empty, ends without a stop, or leaves a placeholder open."""
    for path in sorted((shared / "samples" / "edxml").rglob("*.*")):
        if path.suffix in (".xml", ".txt"):
            with vn_edoc.read(path) as read:
                for finding in read.findings:
                    for text in (finding.message_vi, finding.message_en):
                        assert text and "{" not in text and text == text.strip(), finding


def test_a_dotnet_packet_without_attachments_is_recognised() -> None:
    data = packet(
        trace=TRACE.replace("<edXML:TraceHeaderList>", '<edXML:TraceHeaderList id="1a2b3c4d" mustUnderstand="1">'),
        extra="<edXML:DigitalSignature/>",
    )
    with vn_edoc.read(data) as read:
        assert read.producer == "dotnet-sdk"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../../a.pdf", "đường dẫn"),
        ("C:\\a.pdf", "đường dẫn"),
        ("gnp\u202efdp.exe", "đổi hướng chữ"),
        ("a\u200bb.pdf", "ẩn"),
        ("CON.pdf", "Windows"),
        ("a?.pdf", "hệ thống tệp"),
        ("-rf", "tùy chọn"),
        ("a" * 300 + ".pdf", "quá dài"),
        ("a.pdf.", "dấu chấm"),
        (unicodedata.normalize("NFD", "Tờ trình.pdf"), "NFC"),
        ("12.pdf", "trùng"),
    ],
)
def test_why_a_name_is_not_used(name: str, words: str) -> None:
    files = (attachment("12.pdf", PDF), attachment(name, PDF, content_id="2"))
    with vn_edoc.read(packet(*files, references=reference("12.pdf") + reference(name, "2"))) as read:
        (finding,) = [f for f in read.findings if f.rule == "envelope.name"]
        assert words in finding.message_vi and read.attachments[1].safe_name != name
