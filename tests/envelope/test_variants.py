"""Variants of the deviations that are in no sample: what a reader meets in the wild next to them."""

from __future__ import annotations

import base64
import re
from datetime import date
from pathlib import Path

import pytest

import vn_edoc
from tests.envelope.packets import HEADER, QCVN, TRACE, attachment, packet, reference, zipped
from vn_edoc.envelope import BusinessType, DocumentMessage, ErrorReport, Extension, Organization
from vn_edoc.errors import Unreadable
from vn_edoc.findings import Severity
from vn_edoc.limits import DEFAULT_LIMITS

PDF = b"%PDF-1.4 noi dung"
UUID = "9a7c2d44-5c3b-4e0a-8c61-0b7d5e3f2a18"


def read(data: bytes, second: bytes | None = None) -> tuple[vn_edoc.Packet, dict[str, list[vn_edoc.Finding]]]:
    found = vn_edoc.read(data, attachments=second)
    rules: dict[str, list[vn_edoc.Finding]] = {}
    for finding in found.findings:
        rules.setdefault(finding.rule, []).append(finding)
    return found, rules


def one(name: str, content: bytes | str, **options: str) -> bytes:
    return packet(attachment(name, content, **options), references=reference(name))


@pytest.mark.parametrize("space", [QCVN.replace("http", "https"), QCVN + "/", "urn:khac"])
def test_a_whole_packet_in_a_wrong_namespace_is_read_and_told(space: str) -> None:
    found, rules = read(packet().replace(QCVN.encode(), space.encode()))
    plain, _ = read(packet())
    assert found.message == plain.message and found.dialect == "vxp"
    assert set(rules) == {"envelope.namespace"} and rules["envelope.namespace"][0].data["found"] == space


def test_single_elements_of_a_foreign_namespace_are_no_values() -> None:
    found, rules = read(packet(header=HEADER + '<x:DueDate xmlns:x="urn:x">2025/03/09</x:DueDate>'))
    assert isinstance(found.message, DocumentMessage) and found.message.due_date is None
    assert found.message.extensions[0].namespace == "urn:x" and "envelope.unknown_element" in rules


def test_soap_in_a_wrong_namespace(shared: Path) -> None:
    text = (shared / "samples" / "edxml" / "15_soap_2803_2014.xml").read_bytes()
    plain, _ = read(text)
    found, rules = read(text.replace(b"e-doc.vn/Schema/", b"e-doc.vn/Schema"))
    assert found.message == plain.message and "envelope.namespace" in rules
    soap12 = text.replace(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope")
    found, rules = read(soap12)
    assert found.message == plain.message and rules["envelope.namespace"][0].where.path == "Envelope"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_without_mark_and_declaration(encoding: str) -> None:
    text = packet().decode().partition("?>")[2].lstrip()
    found, rules = read(text.encode(encoding))
    assert isinstance(found.message, DocumentMessage) and found.message.subject == "Về việc thử"
    assert "xml.encoding" in rules and not found.exact


def test_declared_windows_1258() -> None:
    text = packet(header=HEADER.replace("Về việc thử", "Vê\u0300 viê\u0323c")).decode()
    for letter in ["ở", "ộ", "ế", "ễ", "ử"]:
        text = text.replace(letter, "o")
    found, rules = read(text.replace("UTF-8", "windows-1258").encode("cp1258"))
    assert isinstance(found.message, DocumentMessage) and found.message.subject == "Vê\u0300 viê\u0323c"
    assert rules["xml.encoding"][0].data["read_as"] == "windows-1258" and "envelope.not_nfc" in rules


@pytest.mark.parametrize("name", ["punycode", "unicode_escape", "idna", "undefined", "rot13", "hex", "utf-9"])
def test_what_is_no_encoding_of_text_is_not_decoded_by(name: str) -> None:
    """Some of these codecs take time by the square of the length, or warn."""
    data = packet().replace(b"UTF-8", name.encode()) + b"\xff\\q-" + b"a" * 400_000
    found, rules = read(data)
    assert isinstance(found.message, DocumentMessage) and found.message.subject == "Về việc thử"
    assert rules["xml.encoding"][0].data["read_as"] == "utf-8"


def test_ascii_declared_over_other_letters_is_told() -> None:
    _, rules = read(packet().replace(b"UTF-8", b"us-ascii"))
    assert "xml.encoding" in rules


def test_another_version_of_xml_is_told_and_never_exact() -> None:
    found, rules = read(packet().replace(b'version="1.0" e', b'version="1.1" e'))
    assert rules["xml.version"][0].severity is Severity.ERROR and not found.exact


@pytest.mark.parametrize("junk", [b"abc <1 ", b"x<y ", b"<html><body>"])
def test_stray_bytes_that_hold_angle_brackets(junk: bytes) -> None:
    found, rules = read(junk + packet())
    assert isinstance(found.message, DocumentMessage) and found.message.subject == "Về việc thử"
    assert rules["xml.leading_bytes"][0].where.byte_range == (0, len(junk)) and not found.exact


def test_structural_names_of_another_case_are_told() -> None:
    text = packet(attachment("a.pdf", PDF), references=reference("a.pdf")).decode()

    def lower(match: re.Match[str]) -> str:
        prefix, colon, name = match[2].rpartition(":")
        return match[1] + prefix + colon + name.lower()

    found, rules = read(re.sub(r"(</?)([A-Za-z:]+)", lower, text).encode())
    assert isinstance(found.message, DocumentMessage) and found.message.subject == "Về việc thử"
    assert found.attachments[0].read() == PDF
    places = set(rules["envelope.element_name"][0].data["places"])
    assert {"edxml", "edxmlheader", "messageheader", "attachmentencoded", "Attachment[1]/contentid"} <= places


def test_a_header_without_its_element_is_told() -> None:
    data = packet().replace(b"<edXML:edXMLHeader>", b"").replace(b"</edXML:edXMLHeader>", b"")
    found, rules = read(data)
    assert isinstance(found.message, DocumentMessage) and found.message.subject
    assert rules["envelope.left_out"][0].where.path == "edXMLHeader"


def test_what_belongs_into_the_header_counts_only_there() -> None:
    recall = TRACE.replace("DocType>0<", "DocType>1<")
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'
    data = packet(header=HEADER + recall).decode().replace("</edXML>", f"{signature}{recall}</edXML>")
    data = data.replace("<edXML xmlns", f'<edXML xmlns:edXML="{QCVN}" xmlns')
    found, rules = read(data.encode())
    assert isinstance(found.message, DocumentMessage)
    assert found.message.business_type is BusinessType.NEW
    assert {e.name for e in found.message.extensions} == {"TraceHeaderList", "Signature"}
    assert set(rules["envelope.unknown_element"][0].data["places"]) == {
        "MessageHeader/TraceHeaderList",
        "edXML/TraceHeaderList",
        "edXML/Signature",
    }
    found, _ = read(packet(header=HEADER + "<edXML:BodyContent>x</edXML:BodyContent>"))
    assert isinstance(found.message, DocumentMessage) and found.message.body_content is None


def test_unknown_elements_beside_attachments_and_in_the_body_are_kept() -> None:
    data = one("a.pdf", PDF).decode().replace("<AttachmentEncoded>", "<AttachmentEncoded><Dư>1</Dư>")
    data = data.replace("</edXML:edXMLBody>", "<edXML:Thêm>2</edXML:Thêm></edXML:edXMLBody>")
    found, _ = read(data.encode())
    assert isinstance(found.message, DocumentMessage)
    assert {e.text for e in found.message.extensions} == {"1", "2"}


def test_unknown_elements_of_attachments_are_kept_and_told_where_they_are_lost() -> None:
    from vn_edoc.envelope.conversion import losses

    found, rules = read(
        one("a.pdf", PDF).replace(b"<ContentType>", b"<Hash>x</Hash><FieldName>y</FieldName><ContentType>")
    )
    assert rules["envelope.unknown_element"][0].where.path == "Attachment[1]/Hash"
    assert [(e.name, e.text) for e in found.attachments[0].extensions] == [("Hash", "x"), ("FieldName", "y")]
    assert found.attachments[0].media_type == "application/pdf"
    lost = [f for f in losses(found) if f.where.path == "edXML/AttachmentEncoded/Attachment/Hash"]
    assert lost and lost[0].data["count"] == 2


def test_unknown_elements_of_manifest_entries_are_kept() -> None:
    data = one("a.pdf", PDF).replace(
        b"</edXML:Reference>", '<Khác ý="1"><Trong>2</Trong></Khác></edXML:Reference>'.encode()
    )
    found, _ = read(data)
    reference = found.attachments[0].reference
    assert reference is not None
    (kept,) = reference.extensions
    assert (kept.name, kept.attributes, kept.children[0].text) == ("Khác", (("ý", "1"),), "2")


@pytest.mark.parametrize("word", ["NULL", "Null", "null"])
def test_null_in_any_case_is_no_value(word: str) -> None:
    found, rules = read(packet(header=HEADER.replace("Huế", word)))
    assert isinstance(found.message, DocumentMessage) and found.message.promulgation_info is not None
    assert found.message.promulgation_info.place is None and "envelope.filler" in rules


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-03-04T17:00:00Z", date(2025, 3, 5)),
        ("2025-03-05T00:00:00.000+07:00", date(2025, 3, 5)),
        ("2025-03-05+07:00", date(2025, 3, 5)),
        ("2025/03/05Z", date(2025, 3, 5)),
        ("20250305", date(2025, 3, 5)),
        ("5/3/2025", date(2025, 3, 5)),
        ("2025/3/5", date(2025, 3, 5)),
        ("3/25/2025 12:00:00 AM", date(2025, 3, 25)),
        ("3/25/2025 12:00:00\u202fAM", date(2025, 3, 25)),
        ("2025/03/05\u00a010:00:00", date(2025, 3, 5)),
        ("5.3.2025", date(2025, 3, 5)),
        ("\uff12\uff10\uff12\uff15/03/05", None),
        ("20251305", None),
        ("2025-13-05Z", None),
    ],
)
def test_days_in_other_forms(text: str, day: date | None) -> None:
    found, rules = read(packet(header=HEADER.replace("2025/03/05</edXML:Prom", f"{text}</edXML:Prom")))
    assert isinstance(found.message, DocumentMessage) and found.message.promulgation_info is not None
    assert found.message.promulgation_info.promulgation_date == day
    forms = rules.get("envelope.date_form", []) + rules.get("envelope.date_ambiguous", [])
    assert bool(forms) == (day is not None)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2025/03/05 09:00:00", 9),
        ("3/25/2025 9:00:00\u202fPM", 21),
        ("25/03/2025 9:00:00\u00a0CH", 21),
        ("2025/03/05\u00a009:00:00", 9),
    ],
)
def test_times_with_blanks_that_do_not_break(text: str, hour: int) -> None:
    """As newer versions of Java and .NET write them before AM and PM."""
    found, rules = read(packet(trace=TRACE.replace("2025/03/05 09:00:00", text)))
    assert isinstance(found.message, DocumentMessage)
    moment = found.message.trace_headers[0].timestamp
    assert moment is not None and moment.hour == hour
    assert bool(rules.get("envelope.date_form")) is not text.isascii()


def test_content_ids_matched_in_another_way_are_told() -> None:
    two = packet(
        attachment("a.pdf", PDF, content_id="A"),
        attachment("b.pdf", PDF, content_id=None),
        references=reference("a.pdf", "a") + reference("b.pdf", "B"),
    )
    _, rules = read(two)
    told = rules["envelope.content_id"][0]
    assert told.data["places"] == ["Attachment[1]/ContentId", "Attachment[2]/ContentId"]
    found, rules = read(one("a.pdf", PDF).replace(b"<ContentId>cid:", b"<ContentId>"))
    assert rules["envelope.content_id"][0].severity is Severity.INFO and found.attachments[0].reference is not None
    href = '<edXML:Reference href="cid:2"><edXML:ContentId>cid:1</edXML:ContentId></edXML:Reference>'
    _, rules = read(packet(attachment("a.pdf", PDF), references=href))
    assert rules["envelope.duplicate_element"][0].where.path == "Manifest/Reference[1]/@href"


def test_wrappers_under_another_type_and_blanks_in_base64_are_told() -> None:
    _, rules = read(one("a.pdf", zipped({f"{UUID}.pdf": PDF}), kind="text/plain"))
    assert rules["envelope.media_type"][0].data["declared"] == "text/plain"
    _, rules = read(one("a.txt", zipped({f"{UUID}.txt": PDF}), kind="application/zip"))
    assert "envelope.media_type" not in rules
    _, rules = read(one("a.pdf", "JVBE\nRi0x"))
    assert rules["envelope.base64_form"][0].severity is Severity.INFO
    _, rules = read(one(" a.pdf", PDF))
    assert "Attachment[1]/AttachmentName" in rules["envelope.blanks"][0].data["places"]


@pytest.mark.parametrize("suffix", ["potx", "ots", "bdoc", "pages", "xltm", "docm"])
def test_formats_that_are_archives_stay_whole(suffix: str) -> None:
    content = zipped({"a.xml": b"<a/>"})
    found, _ = read(one(f"a.{suffix}", content))
    assert found.attachments[0].read() == content


def test_the_attachment_file_inside_the_soap_body(shared: Path) -> None:
    folder = shared / "samples" / "edxml"
    first = (folder / "15_soap_2803_2014.xml").read_text("utf-8")
    second = (folder / "16_soap_2803_2014_attachments.xml").read_text("utf-8").partition("?>")[2]
    found, _ = read(first.replace("</SOAP-ENV:Body>", f"{second}</SOAP-ENV:Body>").encode())
    apart, _ = read(first.encode(), second.encode())
    assert [a.sha256 for a in found.attachments] == [a.sha256 for a in apart.attachments] != []
    assert found.missing == ()


def test_errors_beside_a_message_are_kept(shared: Path) -> None:
    text = (shared / "samples" / "edxml" / "17_soap_512_header.xml").read_text("utf-8")
    mark = 'edXML:version="1.0" soap-env:mustUnderstand="1"/>'
    error = "<edXML:Error><edXML:Code>7</edXML:Code></edXML:Error></edXML:ErrorList>"
    found, _ = read(text.replace(mark, mark[:-2] + ">" + error).encode())
    assert isinstance(found.message, DocumentMessage)
    assert found.message.extensions[-1].name == "ErrorList" and found.message.extensions[-1].children[0].name == "Error"


def test_a_report_without_namespace_is_measured_by_its_own() -> None:
    found, rules = read(b"<Report><IsSuccess>false</IsSuccess></Report>")
    assert isinstance(found.message, ErrorReport)
    assert rules["envelope.namespace"][0].data["expected"] == "http://www.e-doc.vn/Schema/"


def test_a_weak_signature_algorithm_is_told() -> None:
    signature = (
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><SignatureMethod '
        'Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/></SignedInfo></Signature>'
    )
    _, rules = read(packet(extra=signature))
    assert rules["envelope.signature_algorithm"][0].severity is Severity.INFO


def test_a_huge_base64_text_in_a_value_is_left_out() -> None:
    text = "QUJD" * 700_000
    for name in ("Subject", "ToPlaces", "Lạ"):
        found, rules = read(packet(header=HEADER + f"<edXML:{name}>{text}</edXML:{name}>"))
        assert rules["xml.limit"][0].data["bound"] == "xml_text_chars"
        assert found.message is not None and len(found.message.to_json()) < 10_000
    found, _ = read(one("a.pdf", text + "<![CDATA[QUJD]]>"))
    assert found.attachments[0].damage == "split"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("<edXML:Code><edXML:CodeNumber>", "<edXML:Code>12/SA-VP<edXML:CodeNumber>", "MessageHeader/Code"),
        ("<edXML:Subject>", "<edXML:ToPlaces>Như trên</edXML:ToPlaces><edXML:Subject>", "MessageHeader/ToPlaces"),
        ("<edXML:Subject>", "<edXML:DueDate><x/>a</edXML:DueDate><edXML:Subject>", "MessageHeader/DueDate"),
    ],
)
def test_text_where_elements_are_expected_is_kept(old: str, new: str, path: str) -> None:
    found, rules = read(packet(header=HEADER.replace(old, new)))
    plain, _ = read(packet())
    assert isinstance(found.message, DocumentMessage) and rules["envelope.value"][0].where.path == path
    assert found.message.changed(extensions=()) == plain.message and len(found.message.extensions) == 1


def test_a_document_type_without_end_stays_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(b"<!DOCTYPE x [ " + packet())


def test_blank_texts_given_to_a_model_are_absent() -> None:
    assert Organization(organ_id="H29", fax="", website=" ", email="null") == Organization(organ_id="H29")
    message = DocumentMessage.from_dict({"ToPlaces": ["", "a"], "DueDate": "", "OtherInfo": {"Priority": ""}})
    assert message == DocumentMessage(to_places=("a",))
    assert Extension(name="x", text="null").text == "null" and Extension(name="x", text=" ").text is None


@pytest.mark.parametrize("filler", ["<!---->", "<?a?>", "&x;"])
def test_comments_instructions_and_references_are_counted(filler: str) -> None:
    """Each is a node of the tree: a small file of them must not become a big tree."""
    with pytest.raises(Unreadable) as told:
        read(packet(header=HEADER + f"<edXML:Content>{filler * (DEFAULT_LIMITS.xml_elements + 1)}</edXML:Content>"))
    assert next(f for f in told.value.findings if f.rule == "xml.limit").data["bound"] == "xml_elements"


def test_all_long_texts_together_are_bounded() -> None:
    many = "".join(f"<edXML:E{n}>{'QUJD' * 200_000}</edXML:E{n}>" for n in range(30))
    found, rules = read(packet(header=HEADER + many))
    assert isinstance(found.message, DocumentMessage)
    assert 10 < sum(e.text is not None for e in found.message.extensions) < 25
    assert len(rules["xml.limit"]) == 30 - sum(e.text is not None for e in found.message.extensions)


@pytest.mark.parametrize("size", [20_000, 900_000, 6_000_000])
@pytest.mark.parametrize("around", ["<![CDATA[{}]]>", "\n<![CDATA[{}]]>\n", "<![CDATA[\n{}\n]]>"])
def test_contents_in_cdata_of_any_size(size: int, around: str, tmp_path: Path) -> None:
    """libxml2's bound on texts must not show here either; a path is read in pieces, so sections cross their edges."""
    content = b"%PDF-1.4" + bytes(range(256)) * (size // 256)
    path = tmp_path / "p.edxml"
    path.write_bytes(one("a.pdf", around.format(base64.b64encode(content).decode())))
    with vn_edoc.read(path) as found:
        assert found.attachments[0].read() == content and found.exact
        assert len(found.parts.skeleton.data) < 10_000


def test_a_section_that_is_cut_or_continued_is_damaged() -> None:
    text = base64.b64encode(bytes(30_000)).decode()
    found, _ = read(one("a.pdf", f"<![CDATA[{text}]]>").partition(b"]]>")[0])
    assert found.attachments == () or found.attachments[0].damaged
    for wrong in (f"<![CDATA[{text}]]", f"<![CDATA[{text}>]]>", f"<![CDATA[{text}]]>*", f"<![CDATA[*{text}]]>"):
        try:
            found, _ = read(one("a.pdf", wrong))
        except Unreadable:
            continue
        assert found.attachments[0].damaged
    found, _ = read(one("a.pdf", f"<![CDATA[{text}]]><![CDATA[{text}]]>"))
    assert found.attachments[0].read() == base64.b64decode(text) * 2
    found, _ = read(one("a.pdf", f"<![CDATA[{text}&#13;]]>"))
    assert not found.exact
