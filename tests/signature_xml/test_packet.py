"""Seals and header signatures: made, judged by others, rebuilt by hubs, attacked."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files as package_files
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import vn_edoc
from tests.signature.cast import EVIDENCE, TRUST, Stamper, signer
from tests.signature_xml.judges import java, qualifying_properties_schema, xmlsec1
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Organization
from vn_edoc.errors import NotConforming, SigningError, SourceError, UsageError, VnEdocError
from vn_edoc.findings import VIETNAM
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature import Changes, PacketSealer, sign_packet, verify_packet
from vn_edoc.signature.packet.seal import is_seal_name, name_of, uri_of

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
NAMES = ("Quyết định số 12.pdf", "phụ lục & bảng.xlsx")


def message() -> DocumentMessage:
    return DocumentMessage.new(
        sender=Organization(organ_id="000.00.12.H29", organ_name="Sở Nội vụ", email="snv@example.vn"),
        receivers=[
            Organization(organ_id="000.00.13.H29", organ_name="Sở Tài chính"),
            Organization(organ_id="000.00.14.H29", organ_name="Sở Y tế"),
        ],
        number=12,
        notation="QĐ-SNV",
        date=date(2026, 5, 4),
        place="Tây Ninh",
        type_name="Quyết định",
        subject="V/v kiểm thử chữ ký số gói tin",
        signer="Nguyễn Văn Thử",
    )


def attachments() -> tuple[AttachmentSource, ...]:
    return (AttachmentSource(PDF, name=NAMES[0]), AttachmentSource(b"bang tinh" * 3000, name=NAMES[1]))


def written(sealer: object = None, **options: object) -> bytes:
    out = io.BytesIO()
    vn_edoc.write(message(), out, attachments=attachments(), sealer=sealer, **options)
    return out.getvalue()


def signed(form: str, data: bytes | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    sign_packet(data if data is not None else written(), out, signer("agency"), form=form, **options)
    return out.getvalue()


PLAIN = written()
SEALED = signed("seal", PLAIN)
HEADED = signed("header", PLAIN)


def accepted(data: bytes) -> bool:
    """What a careful caller would take for signed."""
    result = verify_packet(data, trust=TRUST, evidence=EVIDENCE)
    return result.state == "verifies"


def rebuilt(data: bytes, style: str = "dotnet") -> bytes:
    """What a hub does: parse, rebuild from values, other prefixes, order, wrappers and white space."""
    with vn_edoc.read(data) as packet:
        out = io.BytesIO()
        files = [AttachmentSource(a.open().read(), name=a.name) for a in packet.attachments]
        vn_edoc.write(packet.message, out, attachments=files, style=style)
        return out.getvalue()


@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("key", ["agency", "agency-ec"])
def test_every_level(form: str, level: str, key: str) -> None:
    out = io.BytesIO()
    options = {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE}
    made = sign_packet(written(), out, signer(key), level, form=form, **options)
    assert made.size == len(out.getvalue())
    result = verify_packet(out.getvalue(), trust=TRUST, evidence=EVIDENCE)
    (one,) = result.signatures
    assert result.state == "verifies"
    assert (one.kind, one.intact, one.changes, one.level) == ("packet", True, "none", level)
    assert one.indication == "TOTAL-PASSED"
    assert (one.proven_at is not None) == (level != "B-B")
    assert all(r.matches for r in one.references)


@pytest.mark.parametrize("form", ["seal", "header"])
def test_a_receipt_proves_that_the_signature_existed(form: str) -> None:
    data = signed(form, PLAIN, signed_at=datetime(2026, 10, 15, 9, tzinfo=VIETNAM))
    for receipt, proven in (
        (datetime(2026, 10, 15, 10, tzinfo=VIETNAM), True),
        (datetime(2026, 10, 15, 8, tzinfo=VIETNAM), False),
    ):
        (one,) = verify_packet(data, trust=TRUST, evidence=EVIDENCE, existed_at=receipt).signatures
        assert (one.proven_at == receipt, one.stamped) == (proven, False)


@pytest.mark.parametrize("style", ["java", "dotnet"])
@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_sealed_while_it_is_written(form: str, style: str, level: str) -> None:
    options = {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE} if level != "B-B" else {}
    data = written(PacketSealer(signer("agency"), level, form=form, **options), style=style)
    result = verify_packet(data, trust=TRUST, evidence=EVIDENCE)
    assert result.state == "verifies"
    (one,) = result.signatures
    assert (one.changes, one.level, one.indication) == ("none", level, "TOTAL-PASSED")


def test_a_file_that_changes_while_it_is_sealed(tmp_path: Path) -> None:
    """The archive time-stamp reads the contents once more: what has changed since the digests is not signed."""
    file = tmp_path / "a.pdf"
    file.write_bytes(PDF)

    class Late(Stamper):
        def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
            file.write_bytes(PDF + b"x")
            return super().stamp(imprint, digest)

    sealer = PacketSealer(signer("agency"), "B-LTA", timestamper=Late(), trust=TRUST, evidence=EVIDENCE)
    with pytest.raises(SourceError):
        vn_edoc.write(message(), tmp_path / "out.edxml", attachments=(file,), sealer=sealer)
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize("length", [10, 20_000, 1_000_000])
def test_a_file_that_changes_while_it_is_signed_is_told(form: str, length: int) -> None:
    opened: list[int] = []

    def content() -> io.BytesIO:
        opened.append(1)
        return io.BytesIO(PDF + bytes(length) + (b"b" if len(opened) > 2 else b"a"))

    with pytest.raises(SourceError, match="changed"):
        vn_edoc.write(
            message(),
            io.BytesIO(),
            attachments=[AttachmentSource(content, name="a.pdf")],
            sealer=PacketSealer(signer("agency"), form=form),
        )


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512", "sha3-256"])
@pytest.mark.parametrize("scheme", ["pkcs1v15", "pss"])
def test_digests_and_schemes(digest: str, scheme: str) -> None:
    if digest.startswith("sha3-") and scheme == "pkcs1v15":
        with pytest.raises(UsageError):
            signed("seal", digest=digest, scheme=scheme)
        return
    assert accepted(signed("seal", digest=digest, scheme=scheme))
    assert accepted(signed("header", digest=digest, scheme=scheme))


def test_everything_else_stays_byte_for_byte() -> None:
    seal = re.sub(
        rb"<edXML:Reference>(?:(?!</edXML:Reference>).)*vn-edoc-seal.*?</edXML:Reference>", b"", SEALED, flags=re.S
    )
    seal = re.sub(rb"<Attachment>(?:(?!</Attachment>).)*vn-edoc-seal.*?</Attachment>", b"", seal, flags=re.S)
    assert seal == PLAIN
    head = re.sub(rb' Id="e[0-9a-f]{8}-\d+"', b"", HEADED)
    assert re.sub(rb"<ds:Signature .*</ds:Signature>", b"", head, flags=re.S) == PLAIN


def test_a_rebuilt_packet_keeps_its_seal() -> None:
    for style in ("java", "dotnet"):
        result = verify_packet(rebuilt(SEALED, style), trust=TRUST, evidence=EVIDENCE)
        assert result.state == "verifies", [f.message_en for s in result.signatures for f in s.findings]
        assert result.signatures[0].changes == "none"


def test_prefixes_order_and_white_space_do_not_matter() -> None:
    root = etree.fromstring(SEALED)
    for element in root.iter("{*}MessageHeader", "{*}From", "{*}TraceHeaderList"):
        element[:] = reversed(list(element))
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    text = text.replace("edXML:", "x:").replace("xmlns:edXML=", "xmlns:x=")
    result = verify_packet(text.encode(), trust=TRUST, evidence=EVIDENCE)
    assert result.state == "verifies", [f.message_en for s in result.signatures for f in s.findings]


def test_nfd_text_is_the_same_text() -> None:
    text = SEALED.decode()
    assert accepted(unicodedata.normalize("NFD", text).encode())


TRACE = (
    "<edXML:TraceHeader><edXML:OrganId>02.29.W00</edXML:OrganId><edXML:Timestamp>2026/05/04 09:00:00"
    "</edXML:Timestamp></edXML:TraceHeader>"
)
MARKED = (
    "<edXML:To><edXML:OrganId>000.01.13.H29</edXML:OrganId><edXML:OrganizationInCharge>TLTVBQG_CDMDD_QD20"
    "</edXML:OrganizationInCharge><edXML:OrganName>Sở Tài chính</edXML:OrganName></edXML:To>"
)


@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_what_the_axis_adds_is_allowed(data: bytes) -> None:
    changed = data.replace(b"</edXML:TraceHeader>", b"</edXML:TraceHeader>" + TRACE.encode(), 1)
    changed = changed.replace(b"</edXML:To>", b"</edXML:To>" + MARKED.encode(), 1)
    result = verify_packet(changed, trust=TRUST, evidence=EVIDENCE)
    (one,) = result.signatures
    assert (one.intact, one.changes) == (True, "allowed")
    assert {"packet.trace_added", "packet.receiver_added"} <= {f.rule for f in one.findings}


def put(after: str, markup: str, count: int = 1):
    """Markup right behind the first ``after``."""
    return lambda t: t.replace(after, after + markup, count)


def one_attachment(change):
    """The first attachment element, without its ``Id`` in the copy, as ``change`` makes it."""
    pattern = re.compile(r"<Attachment[ >](?:(?!</Attachment>).)*số 12\.pdf.*?</Attachment>", re.S)
    return lambda t: pattern.sub(lambda m: change(m[0], re.sub(r' Id="[^"]*"', "", m[0])), t, count=1)


def flip(match: re.Match[str]) -> str:
    return match[1] + ("B" if match[2] == "A" else "A")


FALSE = "<edXML:Subject>khác</edXML:Subject>"
HEAD = f"<edXML:MessageHeader>{FALSE}</edXML:MessageHeader>"
TO = "<edXML:To><edXML:OrganId>000.00.99.H29</edXML:OrganId></edXML:To>"
ATTACKS = {
    "a receiver is added": put("</edXML:To>", TO),
    "a receiver is removed": lambda t: re.sub(r"<edXML:To[ >].*?</edXML:To>", "", t, count=1, flags=re.S),
    "new becomes recall": lambda t: re.sub(r"(<edXML:BussinessDocType[^>]*>)0<", r"\g<1>1<", t),
    "the business is dropped": lambda t: re.sub(r"<edXML:Bussiness[ >].*</edXML:Bussiness>", "", t, flags=re.S),
    "another subject": lambda t: t.replace("V/v kiểm thử", "V/v bãi bỏ", 1),
    "a second subject": put("</edXML:Subject>", FALSE),
    "a second subject in front": lambda t: t.replace("<edXML:Subject", FALSE + "<edXML:Subject", 1),
    "a steering type is added": put("</edXML:Subject>", "<edXML:SteeringType>1</edXML:SteeringType>"),
    "an unknown element is added": put("</edXML:Subject>", "<edXML:Moi>1</edXML:Moi>"),
    "a trace entry in front": lambda t: re.sub(r"<edXML:TraceHeader(?=[ >])", TRACE + r"\g<0>", t, count=1),
    "an attachment is renamed": lambda t: t.replace(NAMES[0], "Quyết định số 13.pdf"),
    "an attachment is added": one_attachment(lambda old, twin: old + twin.replace("số 12.pdf", "số 99.pdf")),
    "an attachment twice": one_attachment(lambda old, twin: old + twin),
    "an attachment is removed": one_attachment(lambda old, twin: ""),
    "two contents in one attachment": lambda t: re.sub(
        r"(<([\w:]*ContentTransferEncoded)[^>]*>)(?=JVBER)",
        lambda m: f"<{m[2]} xmlns:edXML='http://www.mic.gov.vn/TBT/QCVN_102_2016'>SGVsbG8=</{m[2]}>{m[1]}",
        t,
        count=1,
    ),
    "two contents, the false one last": lambda t: re.sub(
        r"(JVBER[^<]*</([\w:]*ContentTransferEncoded)>)",
        lambda m: f"{m[1]}<{m[2]} xmlns:edXML='http://www.mic.gov.vn/TBT/QCVN_102_2016'>SGVsbG8=</{m[2]}>",
        t,
        count=1,
    ),
    "two names of one attachment": one_attachment(
        lambda old, twin: old.replace("</AttachmentName>", "</AttachmentName><AttachmentName>k.pdf</AttachmentName>", 1)
    ),
    "a content is changed": lambda t: re.sub(r"(ContentTransferEncoded[^>]*>\s*.{200})(.)", flip, t, count=1),
    "a manifest entry is added": lambda t: re.sub(
        r"(<edXML:Reference.*?</edXML:Reference>)",
        lambda m: m[1] + m[1].replace("số 12.pdf", "số 77.pdf"),
        t,
        count=1,
        flags=re.S,
    ),
    "a second header": lambda t: t.replace(
        "<edXML:edXMLHeader>", f"<edXML:edXMLHeader>{HEAD}</edXML:edXMLHeader><edXML:edXMLHeader>", 1
    ),
    "a second message header": lambda t: t.replace("<edXML:MessageHeader>", HEAD + "<edXML:MessageHeader>", 1),
    "a DOCTYPE": lambda t: re.sub(r"^<\?xml.*?\?>", r'\g<0><!DOCTYPE edXML [<!ENTITY a "b">]>', t, count=1),
}


@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_on_what_a_reader_uses(form: str, attack: str) -> None:
    before = (SEALED if form == "seal" else HEADED).decode()
    after = ATTACKS[attack](before)
    assert after != before
    result = verify_packet(after.encode(), trust=TRUST, evidence=EVIDENCE)
    assert result.state != "verifies"
    for one in result.signatures:
        assert one.indication != "TOTAL-PASSED"
        assert one.intact is not True or one.changes == "forbidden"


def moved(change: object) -> bytes:
    root = etree.fromstring(HEADED)
    ns = {"e": root.nsmap[None] if None in root.nsmap else next(iter(root.nsmap.values()))}
    change(root, lambda path: root.find(path, ns))
    return etree.tostring(root)


def _clone(element: etree._Element, text: str) -> etree._Element:
    twin = etree.fromstring(etree.tostring(element))
    twin.attrib.pop("Id", None)
    for item in twin.iter():
        if item.text and item.text.strip():
            item.text = text
    twin.tail = None
    return twin


def _aside(holder: str, path: str):
    """The signed element is moved into ``holder``, a false one takes its place."""

    def change(root, find):
        element = find(path)
        element.getparent().replace(element, _clone(element, "999"))
        target = root if holder == "." else find(holder)
        target.append(element)

    return change


def _into_signature(path: str):
    def change(root, find):
        element = find(path)
        element.getparent().replace(element, _clone(element, "999"))
        signature = next(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
        holder.append(element)

    return change


def _strayed_business(root, find):
    find(".//e:MessageHeader").append(find(".//e:Bussiness"))


def _same_id(root, find):
    element = find(".//e:Subject")
    twin = _clone(element, "khác")
    twin.set("Id", element.get("Id"))
    element.addprevious(twin)


def _signature_elsewhere(root, find):
    find(".//e:edXMLBody").append(next(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")))


HEADER_WRAPPING = {
    "aside into the root": _aside(".", ".//e:Subject"),
    "aside into the body": _aside(".//e:edXMLBody", ".//e:From"),
    "aside into the trace list": _aside(".//e:TraceHeaderList", ".//e:Code"),
    "business as a header field": _strayed_business,
    "business aside into the body": _aside(".//e:edXMLBody", ".//e:Bussiness"),
    "into an object of the signature": _into_signature(".//e:Subject"),
    "two elements with one id": _same_id,
    "the signature in the body": _signature_elsewhere,
}


@pytest.mark.parametrize("attack", HEADER_WRAPPING)
def test_wrapping_in_the_header(attack: str) -> None:
    result = verify_packet(moved(HEADER_WRAPPING[attack]), trust=TRUST, evidence=EVIDENCE)
    for one in result.signatures:
        assert one.intact is False, [f.message_en for f in one.findings]
    assert result.state != "verifies"


def leaves(data: bytes) -> list[etree._Element]:
    root = etree.fromstring(data)
    out = []
    for element in root.iter():
        if not isinstance(element.tag, str) or len(element) or not (element.text or "").strip():
            continue
        names = {etree.QName(a).localname for a in (element, *element.iterancestors()) if isinstance(a.tag, str)}
        if names & {"Signature", "Attachment", "edXMLManifest"}:
            continue
        out.append(element)
    return out


@pytest.mark.parametrize("data", [SEALED, HEADED], ids=["seal", "header"])
def test_every_value_of_the_header_is_covered(data: bytes) -> None:
    count = len(leaves(data))
    assert count > 15
    for number in range(count):
        element = leaves(data)[number]
        name = etree.QName(element).localname
        old = element.text
        element.text = {"2026/05/04": "2026/05/05", "0": "1", "false": "true"}.get(
            old, old[:-1] + ("8" if old[-1] != "8" else "7")
        )
        changed = etree.tostring(element.getroottree())
        assert not accepted(changed), f"{name}: {old} -> {element.text}"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_flipped_bit_is_detected_or_without_effect(data: st.DataObject) -> None:
    """What still verifies after a flipped bit reads as the same message with the same contents."""
    form = data.draw(st.sampled_from([SEALED, HEADED]))
    changed = bytearray(form)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    result = verify_packet(bytes(changed), trust=TRUST, evidence=EVIDENCE)
    if result.state != "verifies":
        return
    with vn_edoc.read(form) as before, vn_edoc.read(bytes(changed)) as after:
        assert after.message.sender == before.message.sender
        assert after.message.receivers == before.message.receivers
        assert after.message.subject == before.message.subject
        assert after.message.business == before.message.business
        assert [a.sha256 for a in after.attachments][:2] == [a.sha256 for a in before.attachments][:2]
        assert [a.name for a in after.attachments][:2] == [a.name for a in before.attachments][:2]


def test_several_agencies_seal_one_packet() -> None:
    out = io.BytesIO()
    made = sign_packet(SEALED, out, signer("other-agency"))
    assert made.name == "vn-edoc-seal-2.xml"
    result = verify_packet(out.getvalue(), trust=TRUST, evidence=EVIDENCE)
    assert [s.signer.name for s in result.signatures] == [
        verify_packet(SEALED).signatures[0].signer.name,
        signer("other-agency").certificate.subject.rfc4514_string().split("CN=")[1].split(",")[0],
    ]
    assert result.state == "verifies"


def test_judges_verify_a_seal_with_the_files_beside_it(tmp_path: Path) -> None:
    with vn_edoc.read(SEALED) as packet:
        for attachment in packet.attachments:
            (tmp_path / attachment.name).write_bytes(attachment.open().read())
    seal = tmp_path / "vn-edoc-seal.xml"
    assert xmlsec1(seal)
    assert java("santuario", [seal], beside=True) == {seal.name: True}
    (tmp_path / NAMES[0]).write_bytes(PDF + b"x")
    assert not xmlsec1(seal)
    assert java("santuario", [seal], beside=True) == {seal.name: False}


KEYS = {"rsa": {}, "pss": {"scheme": "pss"}, "p256": {"who": "person-ec"}, "p384": {"who": "agency-ec"}}


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seal with its files beside it, and a packet with a header signature, of every level and kind of key."""
    folder = tmp_path_factory.mktemp("packets")
    services = {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE}
    for level, (key, about), form in product(("B-B", "B-T", "B-LT", "B-LTA"), KEYS.items(), ("seal", "header")):
        options = dict(about)
        out = io.BytesIO()
        sign_packet(PLAIN, out, signer(options.pop("who", "agency")), level, form=form, **options, **services)
        target = folder / f"{form}-{level}-{key}.xml"
        if form == "header":
            target.write_bytes(out.getvalue())
            continue
        with vn_edoc.read(out.getvalue()) as packet:
            for attachment in packet.attachments:
                name = target.name if is_seal_name(attachment.name) else attachment.name
                (folder / name).write_bytes(attachment.open().read())
    return folder


def test_judges_accept_packets_of_every_level_and_key(matrix: Path) -> None:
    seals, headers = sorted(matrix.glob("seal-*.xml")), sorted(matrix.glob("header-*.xml"))
    assert len(seals) == len(headers) == 16
    for verdicts in (java("santuario", seals, beside=True), java("santuario", headers), java("jdk", headers)):
        assert all(verdicts.values()), verdicts
    namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
    tags = {etree.QName(e).localname for e in etree.fromstring(HEADED).iter() if isinstance(e.tag, str) and e.get("Id")}
    for file in (*seals, *headers):
        if "pss" not in file.name:  # xmlsec1 1.2 knows no RSA-PSS
            assert xmlsec1(file, tuple(f"{namespace}:{tag}" for tag in tags)), file.name


def test_properties_follow_the_etsi_schema_in_packets(matrix: Path, shared: Path) -> None:
    schema = qualifying_properties_schema(shared)
    files = sorted(matrix.glob("*-B-*.xml"))
    assert len(files) == 32
    for file in files:
        (found,) = etree.parse(str(file)).iter("{http://uri.etsi.org/01903/v1.3.2#}QualifyingProperties")
        schema.assertValid(etree.fromstring(etree.tostring(found)))


@pytest.mark.parametrize(
    "sample",
    [
        "01_java_sdk_new",
        "02_java_sdk_update",
        "10_dotnet_sdk_new",
        "11_received_from_hub_2025",
        "13_handmade_gateway_inline_attachments",
        "14_spec_order_xmldsig_ns",
    ],
)
@pytest.mark.parametrize("form", ["seal", "header"])
def test_samples_of_every_writer(shared: Path, sample: str, form: str) -> None:
    data = (shared / "samples/edxml" / f"{sample}.xml").read_bytes()
    out = io.BytesIO()
    sign_packet(data, out, signer("agency"), form=form)
    assert accepted(out.getvalue())
    with vn_edoc.read(data) as before, vn_edoc.read(out.getvalue()) as after:
        assert after.message == before.message
        assert after.kind == before.kind and after.dialect == before.dialect


STATES = {
    "01_java_sdk_new": "placeholder",
    "10_dotnet_sdk_new": "empty",
    "11_received_from_hub_2025": "absent",
    "14_spec_order_xmldsig_ns": "placeholder",
    "15_soap_2803_2014": "absent",
}


@pytest.mark.parametrize("sample", STATES)
def test_states_of_what_is_found(shared: Path, sample: str) -> None:
    result = verify_packet(shared / "samples/edxml" / f"{sample}.xml")
    assert result.state == STATES[sample]
    assert result.signatures == ()


def test_an_edxml_namespace_signature_is_told_and_never_accepted() -> None:
    text = HEADED.decode()
    foreign = text.replace(
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', 'xmlns:ds="http://www.mic.gov.vn/TBT/QCVN_102_2016"'
    )
    foreign = foreign.replace("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/xml-exc-c14n#")
    result = verify_packet(foreign.encode())
    assert result.state == "malformed" and not result.signatures
    assert {"xmldsig.foreign_namespace", "xmldsig.wrong_exclusive_uri"} <= {f.rule for f in result.findings}
    wrong = text.replace("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/xml-exc-c14n#")
    (one,) = verify_packet(wrong.encode()).signatures
    assert one.intact is None
    assert any(f.rule == "xmldsig.wrong_exclusive_uri" for f in one.findings)


def test_what_cannot_be_signed(shared: Path, tmp_path: Path) -> None:
    samples = shared / "samples/edxml"
    with pytest.raises(NotConforming):
        sign_packet(samples / "05_status_01_java_builder.xml", tmp_path / "x", signer("agency"))
    with pytest.raises(NotConforming):
        sign_packet(samples / "not_wellformed/n1_bytes_before_prolog.edxml.txt", tmp_path / "x", signer("agency"))
    with pytest.raises(UsageError):
        sign_packet(written(), tmp_path / "x", signer("agency"), "B-T")
    with pytest.raises(UsageError):
        sign_packet(written(), tmp_path / "x", signer("agency"), form="beside")
    with pytest.raises(SigningError):
        sign_packet(written(), tmp_path / "x", signer("agency-expired"), trust=TRUST, evidence=EVIDENCE)
    assert not list(tmp_path.iterdir())
    assert accepted(signed("header", (samples / "05_status_01_java_builder.xml").read_bytes()))


def test_names() -> None:
    assert uri_of("phụ lục 1/2.pdf") == "phụ%20lục%201%2F2.pdf"
    assert name_of(uri_of("a%20b.pdf")) == "a%20b.pdf"
    assert is_seal_name("VN-edoc-seal.XML") and is_seal_name("vn-edoc-seal-12.xml")
    assert not any(is_seal_name(n) for n in ("vn-edoc-seal.pdf", "vn-edoc-seal-x.xml", "vn-edoc-sealed.xml", None))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: f"<edXML><edXMLEnvelope>{t}".encode()))
def test_never_raises(data: bytes) -> None:
    assert verify_packet(data).state != "verifies"


def test_foreign_errors_stay_inside() -> None:
    with pytest.raises(VnEdocError):
        sign_packet(b"<x", io.BytesIO(), signer("agency"))


def test_the_sealed_values_follow_their_schema() -> None:
    schema = etree.XMLSchema(etree.parse(str(package_files("vn_edoc.signature") / "data" / "packet-seal-1.xsd")))
    with vn_edoc.read(SEALED) as packet:
        seal = next(a for a in packet.attachments if is_seal_name(a.name))
        root = etree.fromstring(seal.open().read())
    values = root.find(".//{urn:vn-edoc:packet-seal:1}Packet")
    schema.assertValid(values)
    names = {e.get("name") for e in values}
    assert {"From", "To", "Code", "Subject", "DocumentId", "Bussiness", "TraceHeader", "Manifest"} <= names
    assert [r.get("URI") for r in root.iter("{*}Reference")][1:3] == [uri_of(n) for n in NAMES]


def test_many_infos_make_no_packet_ambiguous_and_hide_nothing() -> None:
    """Each wrapped file of another declared type is told: a hundred files are judged as ten are."""
    limits = replace(DEFAULT_LIMITS, findings=50)
    for count in (10, 49, 50, 51, 100):
        files = [AttachmentSource(b"a,b", name=f"{number}.csv") for number in range(count)]
        out, told = io.BytesIO(), io.BytesIO()
        vn_edoc.write(message(), out, files)
        sign_packet(out.getvalue().replace(b">application/zip<", b">text/csv<"), told, signer("agency"))
        verified = verify_packet(told.getvalue(), limits=limits)
        assert (verified.state, verified.signatures[0].changes) == ("verifies", Changes.NONE), count
        broken = told.getvalue().replace(b"<edXML:Subject>", b"<edXML:Subject>Other</edXML:Subject><edXML:Subject>")
        rules = [f.rule for f in vn_edoc.read(broken, limits=limits).findings]
        assert rules[0] == "envelope.duplicate_element" and rules.count("envelope.media_type") <= 50
        assert verify_packet(broken, limits=limits).state == "fails"
