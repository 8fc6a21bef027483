"""The eighteen deviations of packets in use: each is read, and each is a finding with its place."""

from __future__ import annotations

from datetime import date, datetime

import pytest

import vn_edoc
from tests.envelope.packets import HEADER, TRACE, attachment, packet, reference, status, zipped
from vn_edoc.envelope import BusinessType, DocumentMessage, Priority, StatusCode, StatusMessage, SteeringType
from vn_edoc.errors import NotConforming, Unreadable
from vn_edoc.findings import VIETNAM, Severity


def document(data: bytes) -> tuple[DocumentMessage, dict[str, list[vn_edoc.Finding]], vn_edoc.Packet]:
    with vn_edoc.read(data) as read:
        assert isinstance(read.message, DocumentMessage)
        rules: dict[str, list[vn_edoc.Finding]] = {}
        for finding in read.findings:
            rules.setdefault(finding.rule, []).append(finding)
        return read.message, rules, read


def test_a_clean_packet_has_no_findings() -> None:
    data = packet(attachment("a.pdf", b"%PDF-1.4"), references=reference("a.pdf"))
    message, rules, _ = document(data)
    assert rules == {}
    assert message.subject == "Về việc thử"
    assert message.trace_headers[0].timestamp == datetime(2025, 3, 5, 9, tzinfo=VIETNAM)
    with vn_edoc.read(data, mode="strict"):
        pass


@pytest.mark.parametrize("junk", [b"1212", b"\xef\xbb\xbf1212", b"\r\n ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_1_bytes_before_the_declaration(junk: bytes) -> None:
    message, rules, read = document(junk + packet())
    assert message.document_id and "xml.leading_bytes" in rules and not read.exact
    with pytest.raises(NotConforming) as refused:
        vn_edoc.read(junk + packet(), mode="strict")
    assert refused.value.findings


def test_1_a_byte_order_mark_alone_is_right() -> None:
    _, rules, read = document(b"\xef\xbb\xbf" + packet())
    assert rules == {} and read.exact


def test_2_undeclared_prefix() -> None:
    data = packet(header=HEADER.replace("<edXML:Subject>", '<edXML:Subject xlink:href="x">'))
    message, rules, read = document(data)
    assert message.subject == "Về việc thử" and rules["xml.undeclared_prefix"][0].where.line and not read.exact


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("edXML:Subject>", "Subject>"),
        ("edXML:Subject>", "edXML:SUBJECT>"),
        ("edXML:CodeNumber>", "edXML:Number>"),
        ("edXML:CodeNotation>", "edXML:Notation>"),
        ("Bussiness>", "Business>"),
        ("BussinessDocType>", "BusinessDocType>"),
        ("edXML:Timestamp>", "edXML:TimeStamp>"),
        ("<edXML xmlns", "<EdXML xmlns"),
    ],
)
def test_3_names_and_prefixes(old: str, new: str) -> None:
    data = packet().decode().replace(old, new)
    if new.startswith("<EdXML"):
        data = data.replace("</edXML>", "</EdXML>")
    message, rules, read = document(data.encode())
    plain, _, _ = document(packet())
    assert message == plain and read.dialect == "vxp"
    assert {"envelope.element_name", "envelope.namespace"} & set(rules)
    if old == "edXML:Subject>":
        told = (rules.get("envelope.namespace") or rules["envelope.element_name"])[0]
        assert told.where.path in {"MessageHeader/Subject", "MessageHeader/SUBJECT"}


def test_3_root_may_be_the_envelope() -> None:
    text = packet().decode()
    inner = text[text.index("<edXML:edXMLEnvelope") : text.index("</edXML>")]
    message, rules, read = document(inner.encode())
    assert message.document_id and (read.kind, read.dialect) == ("document", "vxp")
    assert [f.where.path for f in rules["envelope.left_out"]] == ["edXML"]


_KEY = "<KeyInfo><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></Signature>"
_REAL = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><SignatureValue>AAAA</SignatureValue>'


@pytest.mark.parametrize(
    ("signature", "state"),
    [
        ("", "absent"),
        ("<edXML:DigitalSignature/>", "empty"),
        ("<Signature><X/></Signature>", "malformed"),
        ("<Signature>" + _KEY.format("MIIFqTCCBJG"), "placeholder"),
        (_REAL + _KEY.format("MAMCAQE="), "present"),
    ],
)
def test_4_signature_states(signature: str, state: str) -> None:
    _, rules, read = document(packet(extra=signature))
    assert read.signature_state == state
    assert ("R64" in rules) == (state not in {"absent", "present"})


def test_5_any_order_and_missing_business() -> None:
    lines = HEADER.splitlines()
    message, rules, _ = document(packet(header="\n".join(reversed(lines))))
    plain, _, _ = document(packet())
    assert message == plain and set(rules) == {"envelope.order"}
    assert rules["envelope.order"][0].where.path == "MessageHeader/SignerInfo"
    message, rules, _ = document(
        packet(trace=TRACE[: TRACE.index("<edXML:Bussiness>")] + "<edXML:Paper>1</edXML:Paper></edXML:TraceHeaderList>")
    )
    assert message.business_type is BusinessType.NEW and message.trace is not None and message.trace.paper is True
    assert [f.where.path for f in rules["R47"]] == ["TraceHeaderList/Bussiness"]
    assert rules["envelope.misplaced"][0].where.path == "TraceHeaderList/Paper"


def test_6_empty_and_filler_values() -> None:
    header = HEADER + "<edXML:ResponseFor><edXML:OrganId/></edXML:ResponseFor><edXML:DueDate></edXML:DueDate>"
    header = header.replace("Huế", "N/A").replace("Nguyễn Văn A", "null")
    message, rules, _ = document(packet(header=header))
    assert message.response_for == () and message.due_date is None and message.signer_info is None
    assert rules["envelope.empty_element"][0].data["count"] >= 3
    assert rules["envelope.filler"][0].data["count"] == 2


def test_7_trace_without_node() -> None:
    more = "</edXML:TraceHeader><edXML:TraceHeader><edXML:Timestamp>2025/03/05 09:10:00</edXML:Timestamp>"
    more += "</edXML:TraceHeader>"
    message, rules, read = document(packet(trace=TRACE.replace("</edXML:TraceHeader>", more, 1)))
    assert [t.organ_id for t in message.trace_headers] == ["H29.12", None]
    assert rules["envelope.trace_node"][0].where.path == "TraceHeaderList/TraceHeader[2]" and read.producer == "hub"


@pytest.mark.parametrize(
    ("text", "day", "rule"),
    [
        ("05/03/2025", date(2025, 3, 5), "envelope.date_ambiguous"),
        ("25/03/2025", date(2025, 3, 25), "envelope.date_form"),
        ("03/25/2025", date(2025, 3, 25), "envelope.date_form"),
        ("2025-03-05", date(2025, 3, 5), "envelope.date_form"),
        ("2025/03/05 10:00:00", date(2025, 3, 5), "envelope.date_form"),
        ("2025-03-05T10:00:00+07:00", date(2025, 3, 5), "envelope.date_form"),
        ("2025/02/30", None, "R47"),
        ("tháng ba", None, "R47"),
        ("2025/13/01", None, "R47"),
    ],
)
def test_8_dates(text: str, day: date | None, rule: str) -> None:
    message, rules, _ = document(packet(header=HEADER.replace("2025/03/05</edXML:Prom", f"{text}</edXML:Prom")))
    assert message.promulgation_info is not None and message.promulgation_info.promulgation_date == day
    assert rules[rule][0].where.path == "MessageHeader/PromulgationInfo/PromulgationDate"
    assert rules[rule][0].data["found"] == text
    if day is None:
        assert rules[rule][0].severity is Severity.ERROR and len(rules["R47"]) == 1
        assert message.promulgation_info.extensions[0].text == text


def test_9_document_id_of_any_shape_or_missing() -> None:
    for text in ("GW-20251014073327634-773", "123", "H29.12,2025/02/30,x"):
        message, rules, _ = document(packet(header=HEADER.replace("H29.12,2025/03/05,12/SA-VP", text)))
        assert message.document_id == text and "R49" in rules
    start, end = HEADER.index("<edXML:DocumentId>"), HEADER.index("<edXML:Code>")
    message, rules, _ = document(packet(header=HEADER[:start] + HEADER[end:]))
    assert message.document_id is None and rules["R47"][0].where.path == "MessageHeader/DocumentId"


@pytest.mark.parametrize(
    ("number", "notation", "where"),
    [
        ("BINTEST123", "SA-VP", "MessageHeader/Code/CodeNumber"),
        ("SA-VP", "12", "MessageHeader/Code"),
        ("12", "SA-VP#3", "MessageHeader/Code/CodeNotation"),
        ("57", "57/CV-DN", "MessageHeader/Code/CodeNotation"),
    ],
)
def test_10_numbers_and_notations(number: str, notation: str, where: str) -> None:
    header = HEADER.replace(">12</edXML:CodeNumber>", f">{number}</edXML:CodeNumber>")
    header = header.replace(">SA-VP</edXML:CodeNotation>", f">{notation}</edXML:CodeNotation>")
    message, rules, _ = document(packet(header=header))
    assert message.code is not None and str(message.code) == f"{number}/{notation}"
    assert where in {f.where.path for f in rules["R51"]}


def test_10_long_number() -> None:
    _, rules, _ = document(packet(header=HEADER.replace(">12</edXML:CodeNumber>", ">123456789012</edXML:CodeNumber>")))
    assert rules["R47"][0].data == {"length": 12, "allowed": 11}


def test_11_and_12_types_amounts_priority_words() -> None:
    header = HEADER.replace("<edXML:Type>2<", "<edXML:Type>71<").replace(
        "<edXML:Priority>0<",
        "<edXML:PageAmount>0</edXML:PageAmount><edXML:PromulgationAmount>x</edXML:PromulgationAmount>"
        "<edXML:Priority>Thượng khẩn<",
    )
    message, rules, _ = document(packet(header=header))
    assert message.other_info is not None
    assert (message.other_info.priority, message.other_info.page_amount) == (Priority.VERY_URGENT, 0)
    assert message.other_info.extensions[0].text == "x"
    assert {"envelope.document_type", "envelope.code_form", "envelope.value"} <= set(rules)


def test_13_content_ids_and_manifest() -> None:
    one = attachment("a.pdf", b"%PDF-1", content_id="A").replace(
        "cid:A", "<A>".replace("<", "&lt;").replace(">", "&gt;")
    )
    two = attachment("b.pdf", b"%PDF-2", content_id=None)
    three = attachment(None, b"%PDF-3", content_id=None)
    extra = attachment("d.pdf", b"%PDF-4", content_id="D")
    references = reference("a.pdf", "A") + reference("b.pdf", "B") + reference("c.pdf", "C") + reference("e.pdf", "E")
    _, rules, read = document(packet(one, two, three, extra, references=references))
    assert [a.reference.name if a.reference else None for a in read.attachments] == ["a.pdf", "b.pdf", "c.pdf", None]
    assert [a.name for a in read.attachments] == ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]
    assert [r.name for r in read.missing] == ["e.pdf"]
    assert rules["R44"][0].severity is Severity.ERROR and rules["R44"][0].where.path == "Manifest/Reference[4]"
    assert rules["envelope.not_in_manifest"][0].where.attachment == "d.pdf"


def test_14_wrappers_blanks_and_cuts() -> None:
    inner = b"%PDF-1.4 noi dung"
    wrapped = zipped({"9a7c2d44-5c3b-4e0a-8c61-0b7d5e3f2a18.pdf": inner})
    _, _, read = document(packet(attachment("A.SIGNED.PDF", wrapped, kind="text/plain")))
    only = read.attachments[0]
    assert only.wrapped and only.size == len(inner) and only.media_type == "application/pdf"
    _, _, read = document(packet(attachment("a.pdf", "JVBE\r\n Ri0x&#13;\n\tLjQ=")))
    assert read.attachments[0].size == 8
    for cut in ("JVBERi0xLjQ", "JVBERi0xLj"):
        _, rules, read = document(packet(attachment("a.pdf", cut)))
        assert not read.attachments[0].damaged and "envelope.base64_form" in rules
    for text, damage in (
        ("JVBERi0xL", "cut"),
        ("JVB*RiAx", "junk"),
        ("JVBE=RiAx", "padding"),
        ("", "missing"),
        ("JV<!-- -->BE", "split"),
    ):
        message, rules, read = document(packet(attachment("a.pdf", text)))
        assert read.attachments[0].damage == damage and rules["R44"][0].severity is Severity.ERROR
        assert message.subject and read.attachments[0].sha256 is None
        with pytest.raises(Unreadable):
            read.attachments[0].open()


def test_14_a_file_cut_in_its_content_keeps_its_header() -> None:
    whole = packet(attachment("a.pdf", b"%PDF-1.4" * 40_000), references=reference("a.pdf"))
    cut = whole[: len(whole) // 2]
    message, rules, read = document(cut)
    assert message.subject == "Về việc thử" and "xml.not_well_formed" in rules
    assert read.attachments[0].damage == "cut" and not read.exact


def test_16_status_codes() -> None:
    told = (
        "<edXML:From><edXML:OrganId>G12</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>{}</edXML:OrganId>"
        "<edXML:Code>{}</edXML:Code><edXML:DocumentId>x</edXML:DocumentId></edXML:ResponseFor>"
        "<edXML:StatusCode>{}</edXML:StatusCode>"
    )
    for text, code in (("1", "01"), (" 1 ", "01"), ("14", "15"), ("03", "03")):
        with vn_edoc.read(status(told.format("H29.12", "12/SA-VP", text))) as read:
            assert isinstance(read.message, StatusMessage) and read.message.status_code == StatusCode(code)
    with vn_edoc.read(status(told.format("12/SA-VP", "H29.12", "13"))) as read:
        assert "envelope.exchanged" in {f.rule for f in read.findings}
    with vn_edoc.read(status(told.format("H29.12", "12/SA-VP", "07"))) as read:
        assert isinstance(read.message, StatusMessage) and read.message.status_code is None
        assert [f.severity for f in read.findings if f.where.path == "MessageHeader/StatusCode"] == [Severity.ERROR]


def test_17_and_18_same_ministry_twice_and_blanks() -> None:
    second = (
        "<edXML:To><edXML:OrganId>000.00.00.G12</edXML:OrganId><edXML:OrganName> Bộ B\n</edXML:OrganName></edXML:To>"
    )
    header = HEADER.replace("<edXML:DocumentId>H29.12", second + "<edXML:DocumentId>\n H29.12").replace(
        "12/SA-VP</edXML:DocumentId>", "\n 12/SA-VP</edXML:DocumentId>"
    )
    message, rules, _ = document(packet(header=header))
    assert message.receivers[1].organ_name == "Bộ B"
    assert message.document_id == "H29.12,2025/03/05, 12/SA-VP"
    assert "envelope.same_receiver" in rules and "envelope.duplicate_receiver" not in rules
    assert rules["envelope.blanks"][0].data["count"] >= 2


def test_15_inline_attachments_anywhere() -> None:
    inline = (
        "<edXML:edXMLAttachments><edXML:Attachment><edXML:AttachmentName>a.txt</edXML:AttachmentName>"
        "<edXML:AttachmentType>TXT</edXML:AttachmentType><edXML:AttachmentSize>4</edXML:AttachmentSize>"
        "<edXML:AttachmentData>YWJj</edXML:AttachmentData></edXML:Attachment></edXML:edXMLAttachments>"
    )
    for mark in ("</edXML:edXMLBody>", "</edXML:edXMLEnvelope>"):
        _, rules, read = document(packet().decode().replace(mark, inline + mark).encode())
        assert read.dialect == "inline" and read.attachments[0].read() == b"abc"
        assert rules["envelope.declared_size"][0].data["declared"] == "4"


def test_soap_status_in_header_or_body() -> None:
    told = (
        '<e:MessageHeader xmlns:e="http://www.e-doc.vn/Schema/"><e:ResponseFor><e:OrganId>H29.12</e:OrganId>'
        "<e:Code>12/SA-VP</e:Code><e:DocumentId>x</e:DocumentId></e:ResponseFor><e:From><e:OrganId>G12</e:OrganId></e:From>"
        "<e:TimeStamp>05/03/2025 10:00:00</e:TimeStamp><e:StatusCode>03</e:StatusCode></e:MessageHeader>"
    )
    for form in ("<s:Header>{}</s:Header><s:Body/>", "<s:Header/><s:Body>{}</s:Body>"):
        soap = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{form.format(told)}</s:Envelope>'
        with vn_edoc.read(soap.encode()) as read:
            assert (read.kind, read.dialect) == ("status", "soap-2803")
            assert isinstance(read.message, StatusMessage) and read.message.status_code is StatusCode.ACCEPTED
            assert read.message.timestamp == datetime(2025, 3, 5, 10, tzinfo=VIETNAM)


def test_steering_three_is_read_as_two() -> None:
    message, rules, _ = document(packet(header=HEADER + "<edXML:SteeringType>3</edXML:SteeringType>"))
    assert message.steering_type is SteeringType.REPORT and "envelope.code_form" in rules


def test_a_value_split_by_a_comment_is_an_error() -> None:
    message, rules, _ = document(
        packet(header=HEADER.replace("Về việc thử", "Về<!-- x --> việc<?y?> thử<![CDATA[ & ]]>"))
    )
    assert message.subject == "Về việc thử &"
    assert rules["envelope.split_value"][0].severity is Severity.ERROR


def test_two_values_that_differ_are_an_error_and_both_are_kept() -> None:
    message, rules, _ = document(packet(header=HEADER + "<edXML:Subject>Khác</edXML:Subject>"))
    assert message.subject == "Về việc thử" and message.extensions[0].text == "Khác"
    assert rules["envelope.duplicate_element"][0].severity is Severity.ERROR


def test_unknown_elements_and_attributes_are_kept() -> None:
    more = '<x:Mới xmlns:x="urn:x" x:a="1">v<x:b/></x:Mới>'
    message, rules, _ = document(
        packet(header=HEADER + more).replace(
            b"<edXML:MessageHeader>", b'<edXML:MessageHeader OriginalBodyRequested="false">'
        )
    )
    assert [e.name for e in message.extensions] == ["@OriginalBodyRequested", "Mới"]
    assert message.extensions[1].children[0].name == "b"
    assert "envelope.unknown_element" in rules


def test_r48_agency_codes() -> None:
    _, rules, _ = document(packet(header=HEADER.replace(">H29.12</edXML:OrganId>", ">H29-12!</edXML:OrganId>")))
    assert {f.severity for f in rules["R48"]} == {Severity.ERROR}
    _, rules, _ = document(packet(header=HEADER.replace(">G12</edXML:OrganId>", ">000.00.00.G12</edXML:OrganId>")))
    assert {f.severity for f in rules["R48"]} == {Severity.WARNING}


def test_missing_fields_are_named() -> None:
    _, rules, _ = document(packet(header="", trace=""))
    errors = {f.where.path for f in rules["R47"] if f.severity is Severity.ERROR}
    assert errors == {
        "MessageHeader/From/OrganId",
        "MessageHeader/To",
        "MessageHeader/Code/CodeNumber",
        "MessageHeader/Code/CodeNotation",
        "MessageHeader/PromulgationInfo/PromulgationDate",
        "MessageHeader/Subject",
    }


def test_replacement_names_what_it_replaces() -> None:
    _, rules, _ = document(packet(trace=TRACE.replace("DocType>0<", "DocType>3<")))
    assert rules["envelope.replacement"][0].severity is Severity.ERROR
    message, rules, _ = document(packet(trace=TRACE.replace("DocType>0<", "DocType>9<")))
    assert rules["R47"][0].severity is Severity.ERROR and message.business_type is BusinessType.NEW
