"""Packets that stand in a MIME multipart message or in a ZIP: both are read, within the same bounds, and told."""

from __future__ import annotations

import base64
import io
import quopri
import tempfile
import tracemalloc
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.envelope.packets import attachment, packet, reference
from vn_edoc.envelope import Packet
from vn_edoc.errors import NotConforming, SourceError, Unreadable, VnEdocError
from vn_edoc.findings import Severity
from vn_edoc.limits import Limits
from vn_edoc.xml.source import Spool

ESB = "http://www.e-doc.vn/Schema/"
PDF = b"%PDF-1.4\r\n1 0 obj\n--not a delimiter\r\n%%EOF\r\n"
SOAP = f"""<?xml version="1.0"?>
<S:Envelope xmlns:edXML="{ESB}" xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header><edXML:MessageHeader>
<edXML:From><edXML:OrganId>000.00.07.H19</edXML:OrganId><edXML:OrganName>Sở K</edXML:OrganName></edXML:From>
<edXML:To><edXML:OrganId>000.00.08.H19</edXML:OrganId><edXML:OrganName>Sở L</edXML:OrganName></edXML:To>
<edXML:Code><edXML:CodeNumber>312</edXML:CodeNumber><edXML:CodeNotation>SK-VP</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:PromulgationDate>05/03/2015</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:Subject>V/v phối hợp</edXML:Subject></edXML:MessageHeader></S:Header><S:Body><edXML:Manifest>
<edXML:Reference href="cid:4711%40sk.vn"><edXML:AttachmentName>312.pdf</edXML:AttachmentName></edXML:Reference>
</edXML:Manifest></S:Body></S:Envelope>""".encode()
FILE = f"""<edXMLDocument xmlns:edXML="{ESB}"><Attach><edXMLAttachment><ContentID>4711@sk.vn</ContentID>
<ContentTransferEncoding>base64</ContentTransferEncoding><ContentType>pdf</ContentType>
<Value>{base64.b64encode(PDF).decode()}</Value></edXMLAttachment></Attach></edXMLDocument>""".encode()
TOP = b'Content-Type: multipart/related; type="text/xml";\r\n start="<root>"; boundary="=_1"\r\n\r\n'
ROOT = ("Content-Type: text/xml; charset=UTF-8\nContent-Transfer-Encoding: 8bit\nContent-ID: <root>", SOAP)
BINARY = "Content-Type: application/pdf\nContent-Transfer-Encoding: binary\nContent-ID: <4711@sk.vn>"

Parts = Sequence[tuple[str, bytes]]


def multipart(parts: Parts, top: bytes = TOP, end: bytes = b"--=_1--\r\n") -> bytes:
    body = b"".join(b"--=_1\r\n" + h.replace("\n", "\r\n").encode() + b"\r\n\r\n" + c + b"\r\n" for h, c in parts)
    return top + body + end


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def rules(read: Packet) -> dict[str, Severity]:
    return {f.rule: f.severity for f in read.findings}


STRANGERS = (
    b"<report><row/></report>",
    b"<Report xmlns='urn:x'/>",
    b"<Document><Page/></Document>",
    b"<AllDocument/>",
    b"<Envelope><Sum/></Envelope>",
    b'<?xml version="1.0"?>\n<!-- <edXML> -->\n<svg/>',
    b"<?note <edXMLEnvelope> ?><a/>",
)


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("first", [True, False])
def test_an_attached_xml_file_may_have_any_root(stranger: bytes, first: bool) -> None:
    """The names by which packets are found are common ones; so is what stands in a comment."""
    header = "Content-Type: text/xml\nContent-ID: <2@x>\nContent-Disposition: attachment; filename=c.xml"
    parts = [(header, stranger), ROOT] if first else [ROOT, (header, stranger)]
    files = [("c.xml", stranger), ("a.xml", SOAP)] if first else [("a.xml", SOAP), ("c.xml", stranger)]
    for top in (TOP, TOP.replace(b' start="<root>";', b"")):
        mail = vn_edoc.read(multipart([*parts, (BINARY, PDF)], top))
        assert {a.name: a.read() for a in mail.attachments} == {"c.xml": stranger, "312.pdf": PDF}
    archive = vn_edoc.read(zipped(*files, ("b.xml", FILE)))
    assert {a.name: a.read() for a in archive.attachments} == {"c.xml": stranger, "312.pdf": PDF}
    assert mail.message == archive.message == vn_edoc.read(SOAP, attachments=FILE).message


def test_two_packets_in_a_zip_are_still_two() -> None:
    for other in (SOAP, b"<edXML/>", b"<Report><ErrorList/></Report>"):
        with pytest.raises(Unreadable, match="2 packets"):
            vn_edoc.read(zipped(("a.xml", SOAP), ("b.xml", other)))


def test_a_part_without_a_content_is_there_and_empty() -> None:
    """Headers, and at once the delimiter: there need be no blank line."""
    data = multipart([ROOT, (BINARY, b"")]).replace(b"@sk.vn>\r\n\r\n\r\n", b"@sk.vn>\r\n")
    read = vn_edoc.read(data)
    assert [(a.name, a.damage) for a in read.attachments] == [("312.pdf", "missing")]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("last", [b"\r", b"\n", b"\r\n", b"-", b"\n--=_", b"\0"])
def test_the_last_octets_of_a_binary_part_are_its_own(line_end: bytes, last: bytes) -> None:
    content = PDF + last
    data = TOP.replace(b"\r\n", line_end)
    for header, octets in (ROOT, (BINARY, content)):
        data += b"--=_1" + line_end + header.encode().replace(b"\n", line_end) + line_end * 2 + octets + line_end
    for end in (b"--=_1--" + line_end, b"--=_1--"):
        assert vn_edoc.read(data + end).attachments[0].read() == content


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("binary", PDF),
        ("8bit", PDF),
        ("", PDF),
        ("base64", base64.encodebytes(PDF).replace(b"\n", b"\r\n")),
        ("BASE64", base64.b64encode(PDF)),
        ("quoted-printable", quopri.encodestring(PDF, quotetabs=True)),
    ],
)
def test_soap_with_attachments_in_every_transfer_encoding(encoding: str, content: bytes) -> None:
    expected = PDF.replace(b"\r\n", b"\n") if encoding == "quoted-printable" else PDF
    headers = BINARY.replace("binary", encoding) if encoding else BINARY.replace("Content-Transfer-Encoding", "X-No")
    with vn_edoc.read(multipart([ROOT, (headers, content)])) as read:
        assert (read.kind, read.dialect, read.exact) == ("document", "soap-2803", False)
        (file,) = read.attachments
        assert (file.name, file.content_id, file.media_type) == ("312.pdf", "4711@sk.vn", "application/pdf")
        assert file.reference is not None
        assert file.read().replace(b"\r\n", b"\n") == expected.replace(b"\r\n", b"\n")
        assert file.raw().read() == file.read() and not read.missing
        told = rules(read)
        assert told["envelope.multipart"] is Severity.INFO and Severity.ERROR not in told.values()
        assert "envelope.base64_form" not in told, "lines are broken by rule in mail"


@pytest.mark.parametrize(
    "top",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nServer: x\r\n" + TOP,
        b"MIME-Version: 1.0\r\n" + TOP + b"This is a multi-part message.\r\n",
        TOP.replace(b'start="<root>"; ', b""),
        TOP.replace(b'start="<root>"', b'start="<elsewhere>"'),
    ],
)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_headers_may_be_there_or_not(top: bytes, ends: bytes) -> None:
    data = multipart([(BINARY, b"%PDF-1"), ROOT], top).replace(b"\r\n", ends)
    with vn_edoc.read(data) as read:
        assert [a.read() for a in read.attachments] == [b"%PDF-1"]
        assert "envelope.multipart" in rules(read)


def test_python_mail_with_header_file_and_attachment_file_is_read() -> None:
    mail = MIMEMultipart()
    mail["Subject"] = "312/SK-VP"
    mail.attach(MIMEText("Kính gửi anh chị <đính kèm>", "plain", "utf-8"))
    for name, content in (("4711_header.xml", SOAP), ("4711_Attachment.xml", FILE)):
        part = MIMEApplication(content)
        part.add_header("Content-Disposition", "attachment", filename=name)
        mail.attach(part)
    with vn_edoc.read(mail.as_bytes()) as read:
        assert read.dialect == "soap-2803" and [a.read() for a in read.attachments] == [PDF]
        assert read.attachment_source is not None


def test_python_mail_with_a_vxp_packet_is_read_and_does_not_conform() -> None:
    mail = EmailMessage()
    mail.set_content("xin gửi")
    mail.add_attachment(packet(), "application", "octet-stream", filename="vb.edxml")
    mail.add_attachment(PDF, "application", "pdf", filename="Tờ trình.pdf")
    with vn_edoc.read(mail.as_bytes()) as read:
        assert read.dialect == "vxp" and rules(read)["envelope.multipart"] is Severity.ERROR
        assert [(a.name, a.read()) for a in read.attachments] == [("Tờ trình.pdf", PDF)]
    with pytest.raises(NotConforming):
        vn_edoc.read(mail.as_bytes(), mode="strict")


@pytest.mark.parametrize(
    "disposition",
    [
        "filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh.pdf",
        'filename="=?UTF-8?B?VOG7nSB0csOsbmgucGRm?="',
        'filename="Tờ trình.pdf"',
    ],
)
def test_names_in_every_form(disposition: str) -> None:
    headers = f"Content-Type: application/pdf\nContent-Disposition: attachment; {disposition}"
    with vn_edoc.read(multipart([ROOT, (headers, PDF)])) as read:
        assert read.attachments[0].name == "Tờ trình.pdf"


def test_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    headers = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="../../x.pdf"'
    for data in (multipart([ROOT, (headers, PDF)]), zipped(("a.xml", SOAP), ("../../x.pdf", PDF))):
        with vn_edoc.read(data) as read:
            saved = read.attachments[0].save(tmp_path)
            assert saved.parent == tmp_path and saved.read_bytes() == PDF


def mtom(href: str) -> bytes:
    include = f'<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="{href}"/>'
    return packet(attachment("12.pdf", include), references=reference("12.pdf"))


XOP = 'Content-Type: application/xop+xml; type="text/xml"\nContent-ID: <root>'
SEEDS = (
    multipart([ROOT, (BINARY, PDF), (BINARY.replace("binary", "base64"), base64.b64encode(PDF))]),
    multipart([ROOT, (BINARY.replace("binary", "quoted-printable"), quopri.encodestring(PDF))], b""),
    multipart([(XOP, mtom("cid:a%40x")), ("Content-ID: <a@x>", PDF)]),
    zipped(("a.xml", SOAP), ("b.xml", FILE), ("c.pdf", PDF)),
    zipped(("a.edxml", packet()), ("QQ", b"x"), method=zipfile.ZIP_STORED).replace(b"QQ", b"\0Q"),
)
"""Where fuzzing begins."""


def test_xop_contents_are_those_of_the_parts() -> None:
    part = ("Content-Type: application/pdf\nContent-Transfer-Encoding: binary\nContent-ID: <a@x>", PDF)
    with vn_edoc.read(multipart([(XOP, mtom("cid:a%40x")), part])) as read:
        assert [(a.name, a.content_id, a.read()) for a in read.attachments] == [("12.pdf", "1", PDF)]
        assert not read.missing
    with vn_edoc.read(multipart([(XOP, mtom("cid:other")), part])) as read:
        assert [a.damage for a in read.attachments] == ["part_missing", None]
        assert "R44" in rules(read)
    with vn_edoc.read(mtom("cid:a%40x")) as read:
        assert read.attachments[0].damage == "split"


def test_a_multipart_message_inside_another() -> None:
    mail = MIMEMultipart()
    mail.attach(MIMEText("xin gửi", "plain", "utf-8"))
    related = MIMEMultipart("related", start="<root>")
    root, file = MIMEText(SOAP.decode(), "xml", "utf-8"), MIMEApplication(PDF, "pdf")
    root["Content-ID"], file["Content-ID"] = "<root>", "<4711@sk.vn>"
    related.attach(file)
    related.attach(root)
    mail.attach(related)
    with vn_edoc.read(mail.as_bytes()) as read:
        assert [(a.name, a.read()) for a in read.attachments] == [("312.pdf", PDF)] and not read.missing
    deep: MIMEMultipart = related
    for _ in range(40):
        outer = MIMEMultipart()
        outer.attach(deep)
        deep = outer
    with pytest.raises(Unreadable):
        vn_edoc.read(deep.as_bytes())


def test_what_is_damaged_is_told_and_the_header_kept() -> None:
    whole = multipart([ROOT, (BINARY, PDF)])
    cut = whole[: whole.index(b"%PDF") + 8]
    for data, damage in (
        (cut, "part"),
        (multipart([ROOT, (BINARY, PDF)], end=b""), "part"),
        (multipart([ROOT, (BINARY.replace("binary", "base64"), b"###")]), "junk"),
        (multipart([ROOT, (BINARY.replace("binary", "x-uuencode"), b"begin 644 x")]), "encoding"),
    ):
        with vn_edoc.read(data) as read:
            assert read.message is not None and read.attachments[0].damage == damage
            assert "R44" in rules(read) and ("envelope.multipart_cut" in rules(read)) == (damage == "part")
    with vn_edoc.read(multipart([ROOT])) as read:
        assert len(read.missing) == 1


def test_a_longer_boundary_is_no_delimiter_and_pieces_may_end_anywhere() -> None:
    inner = b"a\r\n--=_12\r\nb\r\n--=_1x"
    parts = [("Content-ID: <4711@sk.vn>", inner)]
    parts += [(f"Content-ID: <{n}>", b"z" * (262144 - 40 + n)) for n in range(40)]
    with vn_edoc.read(multipart([ROOT, *parts])) as read:
        assert [a.read() for a in read.attachments] == [c for _, c in parts]


def test_more_parts_than_the_bound_are_left_out() -> None:
    parts = [(f"Content-ID: <{n}>", b"x") for n in range(40)]
    with vn_edoc.read(multipart([ROOT, *parts]), limits=replace(Limits(), attachments=10)) as read:
        assert len(read.attachments) == 10 and "xml.limit" in rules(read)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_zip_of_header_file_and_attachment_file(method: int) -> None:
    data = zipped(("1/4711_header.xml", SOAP), ("1/4711_Attachment.xml", FILE), method=method)
    with vn_edoc.read(data) as read:
        assert (read.dialect, read.exact) == ("soap-2803", False)
        assert [a.read() for a in read.attachments] == [PDF]
        assert rules(read)["envelope.zip"] is Severity.INFO
        assert read.sha256 == vn_edoc.read(data).sha256


def test_the_sample_of_2010_in_its_zip(shared: Path) -> None:
    folder = shared / "samples" / "edxml"
    names = ("17_soap_512_header.xml", "18_soap_512_attachment.xml")
    apart = vn_edoc.read(folder / names[0], attachments=folder / names[1])
    with apart, vn_edoc.read(zipped(*((n, (folder / n).read_bytes()) for n in names))) as read:
        assert read.dialect == "soap-512" and read.message == apart.message
        assert [a.sha256 for a in read.attachments] == [a.sha256 for a in apart.attachments]


def test_a_packet_and_files_in_a_zip() -> None:
    alone = packet(references=reference("12.pdf"))
    with vn_edoc.read(zipped(("12.pdf", PDF), ("a.edxml", alone), method=zipfile.ZIP_STORED)) as read:
        assert [(a.name, a.read()) for a in read.attachments] == [("12.pdf", PDF)]
        assert rules(read)["envelope.zip"] is Severity.ERROR and not read.missing


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(("a.txt", b"x")), "không có gói tin"),
        (zipped(("a.edxml", packet()), ("b.edxml", packet())), "2 gói tin"),
        (zipped(), "không có tệp nào"),
        (zipped(("a.edxml", packet()))[:-30], "mục lục"),
        (zipped(("a.edxml", b"<edXML>" + b" " * 30_000_000)), "tỷ lệ nén"),
        (zipped(*((f"{n}.txt", b"x") for n in range(1001))), "quá nhiều mục"),
        (zipped(("word/document.xml", b"<w:document xmlns:w='x'/>"), ("word/a.xml", b"<a/>")), "không có gói tin"),
    ],
)
def test_other_zips_are_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        vn_edoc.read(data)
    assert words in refused.value.findings[-1].message_vi and refused.value.findings[-1].message_en


def test_a_bomb_beside_the_packet_is_told() -> None:
    with vn_edoc.read(zipped(("a.edxml", packet()), ("b.bin", bytes(50_000_000)))) as read:
        assert read.attachments[0].damage == "ratio"
    small = replace(Limits(), packet_bytes=1 << 20)
    with vn_edoc.read(
        zipped(("a.edxml", packet()), *((f"{n}.bin", bytes(400_000)) for n in range(4))), limits=small
    ) as r:
        assert [a.damage for a in r.attachments] == [None, None, "size", "size"]


def test_closing_gives_back_what_was_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tempfile.SpooledTemporaryFile[bytes]] = []
    spooled = tempfile.SpooledTemporaryFile

    def remember(max_size: int) -> tempfile.SpooledTemporaryFile[bytes]:
        made.append(spooled(max_size=max_size))
        return made[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", remember)
    vn_edoc.read(zipped(("a.xml", SOAP), ("b.pdf", PDF))).close()
    vn_edoc.read(multipart([ROOT, (BINARY.replace("binary", "quoted-printable"), b"=41")])).close()
    with pytest.raises(Unreadable):
        vn_edoc.read(zipped(("a.txt", b"x")))
    assert len(made) == 3 and all(f.closed for f in made)


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "big.mime"
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    with path.open("wb") as out:
        out.write(multipart([ROOT, (BINARY.replace("binary", "base64"), b"")], end=b"")[:-2])
        for _ in range(600):
            out.write(line * 1000)
        out.write(b"--=_1\r\nContent-ID: <plain>\r\n\r\n")
        for _ in range(40):
            out.write(bytes(range(1, 256)) * 4000)
        out.write(b"\r\n--=_1--\r\n")

    def look() -> None:
        with vn_edoc.read(path) as read:
            assert [a.size for a in read.attachments] == [57 * 600_000, 255 * 160_000]
            assert [a.damage for a in read.attachments] == [None, None]

    look()
    tracemalloc.start()
    try:
        look()
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


def test_an_entry_without_a_name() -> None:
    nameless = zipped(("QQ", b"x")).replace(b"QQ", b"\0Q")
    with pytest.raises(Unreadable):
        vn_edoc.read(nameless)
    with vn_edoc.read(packet(attachment("a.txt", nameless), references=reference("a.txt"))) as read:
        assert read.attachments[0].read() == b"x"
    with vn_edoc.read(SEEDS[-1]) as read:
        assert [(a.name, a.safe_name, a.read()) for a in read.attachments] == [(None, "attachment-1", b"x")]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutation_breaks_the_promise(data: st.DataObject) -> None:
    octets = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(octets) - 1))
        piece = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([b"\r\n--=_1", b"\r\n\r\n", b"PK\x01\x02"])))
        octets[at : at + data.draw(st.integers(0, 8))] = piece
    try:
        read = vn_edoc.read(bytes(octets))
    except VnEdocError:
        return
    with read:
        for file in read.attachments:
            if not file.damaged:
                assert len(file.read()) == file.size


@pytest.mark.parametrize(
    "headers",
    [
        "Content-ID: =?utf-8?b?A?=",
        "Content-Disposition: attachment; filename*0*=utf-9''a%ff",
        "Content-Disposition: attachment; filename*=unicode_escape''%5Cq.pdf",
        "Content-Disposition: attachment; filename*=punycode''a-" + "a" * 9000,
        "Content-Description: =?unicode_escape?q?=5Cq?=\nContent-ID: <x>",
        "Content-Type: a/b; " + '"\\' * 4000 + ";" * 7000 + "\nContent-ID: <x>",
        "Content-Disposition: attachment" + ";" * 15000 + "\nContent-ID: <x>",
    ],
)
def test_odd_headers_lose_no_part(headers: str) -> None:
    with vn_edoc.read(multipart([ROOT, (headers, PDF)])) as read:
        assert [a.read() for a in read.attachments] == [PDF]


def test_a_part_whose_headers_have_no_end_is_told() -> None:
    with vn_edoc.read(multipart([ROOT, ("Content-ID: <4711@sk.vn>\nX-A: " + "y" * 20000, PDF)])) as read:
        assert [a.damage for a in read.attachments] == ["headers"]
        assert rules(read)["R44"] is Severity.ERROR


def test_time_bounds_what_is_split() -> None:
    with pytest.raises(Unreadable) as told:
        vn_edoc.read(multipart([ROOT, (BINARY, PDF)]), limits=Limits(seconds=-1.0))
    assert [f.data["bound"] for f in told.value.findings] == ["seconds"]


def test_parts_of_messages_inside_count_together() -> None:
    inner = b"".join(b"--in\r\nContent-ID: <%d>\r\n\r\nx\r\n" % n for n in range(5)) + b"--in--"
    nested = ("Content-Type: multipart/mixed; boundary=in", inner)
    with vn_edoc.read(multipart([ROOT, nested, nested, nested]), limits=Limits(attachments=6)) as read:
        assert len(read.attachments) == 6
        assert "xml.limit" in rules(read)


def test_packets_of_which_none_is_the_root_are_told() -> None:
    first = packet(attachment("a.pdf", PDF), references=reference("a.pdf"))
    top = b'Content-Type: multipart/mixed; boundary="=_1"\r\n\r\n'
    one, other = ("Content-ID: <root>", first), ("Content-ID: <other>", first.replace(b"Vn", b"VN"))
    for parts, head, told in (
        ([one, other], top, True),
        ([one, other], TOP, False),
        ([one, ("Content-ID: <root>", first)], TOP, True),
        ([one], top, False),
    ):
        with vn_edoc.read(multipart(parts, head)) as read:
            assert ("envelope.multipart_ambiguous" in rules(read)) == told


def test_a_header_that_stands_twice_is_told() -> None:
    twice = "Content-Transfer-Encoding: binary\nContent-Transfer-Encoding: base64\nContent-ID: <4711@sk.vn>"
    with vn_edoc.read(multipart([ROOT, (twice, base64.b64encode(PDF))])) as read:
        assert rules(read)["envelope.multipart_ambiguous"] is Severity.ERROR


def test_damage_of_the_part_of_the_packet_is_told() -> None:
    headers = "Content-Type: text/xml\nContent-Transfer-Encoding: base64"
    long = base64.b64encode(SOAP + b" " * 500_000)
    for content, damage in ((long + b"=AAA", "padding"), (long + b"****", "junk")):
        with vn_edoc.read(multipart([(headers, content)])) as read:
            assert [f.data["damage"] for f in read.findings if f.rule == "envelope.multipart_damaged"] == [damage]
    with pytest.raises(Unreadable, match="part of the packet is damaged"):
        vn_edoc.read(multipart([(headers, base64.b64encode(SOAP) + b"*")]))


def test_a_given_second_file_beside_that_of_the_container_is_told() -> None:
    other = FILE.replace(b"4711@", b"4712@")
    with vn_edoc.read(multipart([ROOT, ("Content-Type: text/xml", FILE)]), attachments=other) as read:
        assert rules(read)["envelope.second_file"] is Severity.ERROR


def test_entries_of_one_name_are_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", packet())
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.xml", b"<note/>")
    with vn_edoc.read(out.getvalue()) as read:
        assert "envelope.zip_ambiguous" in rules(read)


def test_what_was_decoded_is_given_back_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Spool] = []

    class Watched(Spool):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr("vn_edoc.envelope.multipart.Spool", Watched)
    quoted = ("Content-Transfer-Encoding: quoted-printable\nContent-ID: <q>", b"a=41")
    data = multipart([("Content-Type: text/xml", packet()), quoted])
    with pytest.raises(NotConforming):
        vn_edoc.read(data, mode="strict")
    with pytest.raises(Unreadable):
        vn_edoc.read(data, limits=Limits(xml_skeleton_bytes=1))
    assert len(made) == 2
    for spool in made:
        with pytest.raises(SourceError):
            spool.at(0, 1)
