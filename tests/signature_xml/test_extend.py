"""Raising finished signatures: every step, renewal, what stays as it was, what is refused, other people's judges."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

import vn_edoc
from tests.signature.cast import EVIDENCE, PKI, TRUST, Stamper, signer
from tests.signature_xml.judges import java, qualifying_properties_schema, xmlsec1
from tests.signature_xml.test_packet import PLAIN, attachments, message, rebuilt
from tests.signature_xml.test_xml import DOCUMENT, WRAPPER, resigned
from tests.signature_xml.test_xml import signed as signed_xml
from vn_edoc.errors import NotConforming, SigningError, SourceError, TransportError, UsageError, VnEdocError
from vn_edoc.limits import Limits
from vn_edoc.signature import (
    Evidence,
    TrustStore,
    aextend_xml,
    extend_packet,
    extend_xml,
    sign_packet,
    verify_packet,
    verify_xml,
)

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
SERVICES = {"trust": TRUST, "evidence": EVIDENCE}


class Counting(Stamper):
    """A time-stamper that counts what it is asked for."""

    asked = 0

    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        self.asked += 1
        return super().stamp(imprint, digest)


def raised(data: bytes, level: str, *, packet: bool = False, stamper: object = None, **options: object) -> bytes:
    out = io.BytesIO()
    extend = extend_packet if packet else extend_xml
    done = extend(data, out, level, **{"timestamper": stamper or Stamper(), **SERVICES, **options})
    assert done.size == len(out.getvalue())
    assert done.level == level
    return out.getvalue()


def results(data: bytes, *, packet: bool = False):
    verify = verify_packet if packet else verify_xml
    return verify(data, **SERVICES).signatures


def signed_packet(level: str = "B-B", form: str = "seal", who: str = "agency", data: bytes = PLAIN) -> bytes:
    out = io.BytesIO()
    extra = {"timestamper": Stamper(), **SERVICES} if level != "B-B" else {}
    sign_packet(data, out, signer(who), level, form=form, **extra)
    return out.getvalue()


XML_FORMS: dict[str, Callable[[str], bytes]] = {
    "enveloped": lambda level: signed_xml(level=level),
    "enveloped, EC": lambda level: signed_xml(level=level, who="agency-ec"),
    "enveloping": lambda level: signed_xml(level=level, form="enveloping"),
    "detached": lambda level: signed_xml(WRAPPER, level=level, form="detached", ids=["data"]),
}
STEPS = [(low, high) for n, low in enumerate(LEVELS) for high in LEVELS[n + 1 :]] + [("B-LTA", "B-LTA")]


@pytest.mark.parametrize("form", XML_FORMS)
@pytest.mark.parametrize(("low", "high"), STEPS)
def test_every_step_of_every_form(form: str, low: str, high: str) -> None:
    before = XML_FORMS[form](low)
    after = raised(before, high)
    (one,) = results(after)
    assert (one.intact, one.level, one.indication) == (True, high, "TOTAL-PASSED")
    assert one.changes == ("allowed" if form == "detached" else "none")
    # The stamps of before are the first ones, untouched, and hold.
    (old,) = results(before)
    kept = {(t.kind, t.name, t.serial) for t in old.timestamps}
    assert kept <= {(t.kind, t.name, t.serial) for t in one.timestamps if t.intact and t.trusted}
    assert len(one.timestamps) > len(old.timestamps) or (low, high) == ("B-T", "B-LT")


@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize(("low", "high"), STEPS)
def test_every_step_of_packets(form: str, low: str, high: str) -> None:
    before = signed_packet(low, form)
    after = raised(before, high, packet=True)
    (one,) = results(after, packet=True)
    assert (one.intact, one.level, one.changes, one.indication) == (True, high, "none", "TOTAL-PASSED")
    assert verify_packet(after, **SERVICES).state == "verifies"
    with vn_edoc.read(before) as old, vn_edoc.read(after) as new:
        assert new.message == old.message
        assert [(a.name, a.content_id) for a in new.attachments] == [(a.name, a.content_id) for a in old.attachments]
        assert [a.sha256 for a in new.attachments][:2] == [a.sha256 for a in old.attachments][:2]


def without(data: bytes, added: bytes) -> bytes:
    assert data.count(added) == 1
    return data.replace(added, b"")


def test_properties_are_put_in_and_nothing_else_is_touched() -> None:
    low = signed_xml(level="B-T")
    high = raised(low, "B-LTA")
    head = next(n for n in range(len(low)) if low[n] != high[n])
    tail = next(n for n in range(1, len(low)) if low[-n] != high[-n]) - 1
    assert head + tail >= len(low)
    at = low.index(b"</xades:UnsignedSignatureProperties>")
    assert high[:at] == low[:at] and high.endswith(low[at:])


@pytest.mark.parametrize("form", ["seal", "header"])
def test_the_rest_of_a_packet_stays_byte_for_byte(form: str) -> None:
    before = signed_packet("B-B", form)
    after = raised(before, "B-LTA", packet=True)
    if form == "header":
        at = before.index(b"</xades:QualifyingProperties>")
        assert after[:at] == before[:at] and after.endswith(before[at:])
        return
    content = rb"(vn-edoc-seal\.xml</[\w:]*AttachmentName>(?:(?!Transfer).)*ContentTransferEncoded>)[^<]+"
    assert re.sub(content, rb"\1", after, flags=re.S) == re.sub(content, rb"\1", before, flags=re.S)


def test_a_packet_of_another_writer_and_a_bare_seal() -> None:
    """A hub has rebuilt the packet; the seal may then stand without a ZIP wrapper."""
    for style in ("java", "dotnet"):
        after = raised(rebuilt(signed_packet(), style), "B-LTA", packet=True)
        (one,) = results(after, packet=True)
        assert (one.intact, one.level, one.changes) == (True, "B-LTA", "none")
        assert results(rebuilt(after, style), packet=True)[0].level == "B-LTA"


def test_renewal_covers_what_was_there_and_can_be_repeated() -> None:
    data = signed_xml(level="B-LTA")
    for count in (2, 3, 4):
        data = raised(data, "B-LTA")
        (one,) = results(data)
        assert [t.kind for t in one.timestamps] == ["signature"] + ["archive"] * count
        assert all(t.intact and t.trusted for t in one.timestamps)
        assert one.level == "B-LTA"
    # Each covers the one before it.
    stamps = list(re.finditer(rb"<xadesv141:ArchiveTimeStamp.*?</xadesv141:ArchiveTimeStamp>", data, re.S))
    changed = data.replace(stamps[0][0], stamps[0][0].replace(b'">MII', b'">MIJ'))
    (one,) = results(changed)
    assert [t.intact for t in one.timestamps if t.kind == "archive"] == [False] * 4


def test_another_authority_can_renew() -> None:
    """What the first authority's token needs is put in, and an authority under another root stamps over it."""
    low = signed_xml(level="B-LTA")
    stamper = Stamper(tsa="public-tsa")
    (one,) = results(raised(low, "B-LTA", stamper=stamper, trust=both(), evidence=both_evidence()))
    assert (one.level, [t.kind for t in one.timestamps]) == ("B-LTA", ["signature", "archive", "archive"])
    assert one.timestamps[1].trusted is True and one.timestamps[2].trusted is False
    with pytest.raises(SigningError):
        raised(low, "B-LTA", stamper=stamper)


def both() -> TrustStore:
    return TrustStore([PKI["root"].der, PKI["national-root"].der])


def both_evidence() -> Evidence:
    return EVIDENCE | Evidence(crls=(PKI.crl("national-root"),))


def test_stamps_are_asked_for_only_where_they_are_missing() -> None:
    for low, high, count in (("B-B", "B-T", 1), ("B-T", "B-LT", 0), ("B-B", "B-LTA", 2), ("B-LT", "B-LTA", 1)):
        stamper = Counting()
        raised(signed_xml(level=low), high, stamper=stamper)
        assert stamper.asked == count, (low, high)
    out = io.BytesIO()
    extend_xml(signed_xml(level="B-T"), out, "B-LT", **SERVICES)
    assert results(out.getvalue())[0].level == "B-LT"


def test_trust_is_not_needed_for_a_time_stamp() -> None:
    out = io.BytesIO()
    extend_xml(signed_xml(), out, "B-T", timestamper=Stamper())
    assert results(out.getvalue())[0].level == "B-T"


def test_validation_data_are_not_repeated() -> None:
    data = signed_xml(level="B-LT")
    low = re.findall(rb"<xades:Encapsulated(?:X509Certificate|CRLValue|OCSPValue)>([^<]+)<", data)
    data = raised(data, "B-LTA")
    for made in (data, raised(data, "B-LTA")):
        values = re.findall(rb"<xades:Encapsulated(?:X509Certificate|CRLValue|OCSPValue)>([^<]+)<", made)
        assert len(values) == len(low)
        root = etree.fromstring(made)
        own = root.findall(".//{*}UnsignedSignatureProperties/{http://uri.etsi.org/01903/v1.3.2#}CertificateValues")
        assert len(own) == 1


def test_another_prefix_and_a_default_namespace() -> None:
    text = signed_xml().decode()
    other = text.replace("xmlns:xades=", "xmlns:q=").replace("<xades:", "<q:").replace("</xades:", "</q:")
    # Prefixes are in the digest of the properties, so the signature is made anew by hand.
    digest = re.compile(r'(<ds:Reference Type="[^"]*SignedProperties".*?<ds:DigestValue>)[^<]*', re.S)
    import base64
    import hashlib

    properties = re.search(r"<q:SignedProperties.*</q:SignedProperties>", other, re.S)[0]
    value = base64.b64encode(hashlib.sha256(properties.encode()).digest()).decode()
    data = resigned(digest.sub(lambda m: m[1] + value, other).encode())
    assert results(data)[0].intact is True
    (one,) = results(raised(data, "B-LTA"))
    assert (one.intact, one.level, one.indication) == (True, "B-LTA", "TOTAL-PASSED")


def test_one_of_several_signatures(tmp_path: Path) -> None:
    first = signed_xml(WRAPPER, form="detached", ids=["data"])
    both_signed = signed_xml(first, form="detached", ids=["data"], who="person")
    names = [s.name for s in results(both_signed)]
    with pytest.raises(UsageError) as told:
        raised(both_signed, "B-T")
    assert told.value.field == "signature" and names[1] in str(told.value)
    levels = [s.level for s in results(raised(both_signed, "B-LT", signature=names[1]))]
    assert levels == ["B-B", "B-LT"]
    packet = signed_packet(data=signed_packet(), who="other-agency")
    with pytest.raises(UsageError):
        raised(packet, "B-T", packet=True)
    after = raised(packet, "B-LTA", packet=True, signature="vn-edoc-seal-2.xml")
    assert [s.level for s in results(after, packet=True)] == ["B-B", "B-LTA"]
    mixed = signed_packet(form="header", data=signed_packet())
    name = results(mixed, packet=True)[1].name
    # The header signature covers the seal's attachment.
    with pytest.raises(NotConforming):
        raised(mixed, "B-T", packet=True, signature="vn-edoc-seal.xml")
    assert [s.level for s in results(raised(mixed, "B-LTA", packet=True, signature=name), packet=True)] == [
        "B-B",
        "B-LTA",
    ]


def test_a_signature_that_a_later_one_covers_stays() -> None:
    twice = signed_xml(signed_xml(WRAPPER, form="detached", ids=["data"]), who="person")
    first, second = (s.name for s in results(twice))
    with pytest.raises(NotConforming, match="covers"):
        raised(twice, "B-T", signature=first)
    assert [s.level for s in results(raised(twice, "B-LTA", signature=second))] == ["B-B", "B-LTA"]


def test_a_header_signature_that_another_covers_stays() -> None:
    """One over the whole packet would not hold any more, whatever is put in."""
    first = signed_packet(form="header")
    whole = signed_xml(first, who="person")
    at, end = whole.rindex(b"<ds:Signature "), whole.rindex(b"</edXML>")
    place = b"</edXML:edXMLHeader>"
    both_ways = (whole[:at] + whole[end:]).replace(place, whole[at:end] + place)
    found = verify_packet(both_ways, trust=TRUST, evidence=EVIDENCE)
    assert [s.intact for s in found.signatures] == [True, True] and found.state == "verifies"
    inner, outer = (s.name for s in found.signatures)
    with pytest.raises(NotConforming):
        raised(both_ways, "B-T", packet=True, signature=inner)
    again = raised(both_ways, "B-T", packet=True, signature=outer)
    assert [s.level for s in results(again, packet=True)] == ["B-B", "B-T"]


@pytest.mark.parametrize("empty", ["", "<xades:UnsignedSignatureProperties/>"])
def test_empty_groups_of_properties_are_filled(empty: str) -> None:
    """Some software writes them, and the schema of XAdES allows it."""
    end = b"</xades:QualifyingProperties>"
    made = signed_xml().replace(end, f"<xades:UnsignedProperties>{empty}</xades:UnsignedProperties>".encode() + end)
    assert results(made)[0].intact is True
    (one,) = results(raised(made, "B-LTA"))
    assert (one.level, one.changes) == ("B-LTA", "none")


def test_any_identifier_can_be_raised() -> None:
    made = signed_xml()
    old = re.search(rb'<ds:Signature [^>]*Id="([^"]*)"', made)[1]
    # Neither the Id of the signature nor the target of its properties is signed.
    strange = made.replace(b'Id="' + old + b'"', b'Id="a&amp;&quot;&lt;b"', 1)
    strange = strange.replace(b'Target="#' + old + b'"', b'Target="#a&amp;&quot;&lt;b"')
    (one,) = results(raised(strange, "B-LTA"))
    assert one.level == "B-LTA"


def test_a_raised_document_that_passes_a_bound_is_not_written(tmp_path: Path) -> None:
    made = signed_xml()
    for limits in (Limits(xml_elements=made.count(b"<") - made.count(b"</") + 2), Limits(packet_bytes=len(made) + 500)):
        target = tmp_path / "out.xml"
        with pytest.raises(NotConforming):
            extend_xml(made, target, "B-LTA", timestamper=Stamper(), trust=TRUST, evidence=EVIDENCE, limits=limits)
        assert not target.exists()


def test_a_counter_signature_stays_and_is_covered() -> None:
    countersigned = signed_xml(signed_xml(level="B-T"), who="person", form="countersignature")
    main, counter = results(raised(countersigned, "B-LTA"))
    assert (main.level, main.indication, counter.intact) == ("B-LTA", "TOTAL-PASSED", True)
    with pytest.raises(UsageError):
        raised(countersigned, "B-T", signature=results(countersigned)[1].name)


class Dead:
    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        raise TransportError("no answer", "không trả lời", field="timestamper")


class Lying:
    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        return PKI.timestamp(b"\0" * 32, None, algorithm=digest)


class Garbage:
    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        return b"\x30\x03junk"


class Nothing:
    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        return None  # type: ignore[return-value]


def plain_signature() -> bytes:
    """XML Signature without XAdES."""
    plain = re.sub(rb"<ds:Object>.*</ds:Object>", b"", signed_xml(), flags=re.S)
    return resigned(re.sub(rb'<ds:Reference Type="http://uri.etsi.org.*?</ds:Reference>', b"", plain, flags=re.S))


REFUSALS: dict[str, tuple[Callable[[], bytes], str, dict[str, object], type[VnEdocError]]] = {
    "no XML": (lambda: b"\x00", "B-T", {}, NotConforming),
    "no signature": (lambda: DOCUMENT, "B-T", {}, NotConforming),
    "no XAdES": (plain_signature, "B-T", {}, NotConforming),
    "broken": (lambda: signed_xml().replace("giá trị".encode(), "giá trỉ".encode()), "B-T", {}, NotConforming),
    "already there": (lambda: signed_xml(level="B-LT"), "B-LT", {}, UsageError),
    "already higher": (lambda: signed_xml(level="B-LTA"), "B-T", {}, UsageError),
    "down to B-B": (signed_xml, "B-B", {}, UsageError),
    "no such level": (signed_xml, "B-X", {}, UsageError),
    "no time-stamper": (signed_xml, "B-T", {"timestamper": None}, UsageError),
    "no time-stamper for LT": (signed_xml, "B-LT", {"timestamper": None}, UsageError),
    "no trust": (signed_xml, "B-LT", {"trust": None}, UsageError),
    "no revocation data": (signed_xml, "B-LT", {"evidence": None}, SigningError),
    "no revocation data of the authority": (
        signed_xml, "B-LT", {"evidence": Evidence(crls=(PKI.crl("state-ca"),))}, SigningError,
    ),
    "an untrusted signer": (lambda: signed_xml(who="rogue-agency"), "B-T", {}, SigningError),
    "an authority without right": (signed_xml, "B-T", {"timestamper": Stamper(tsa="tsa-wrong-purpose")}, SigningError),
    "an unknown authority": (signed_xml, "B-T", {"timestamper": Stamper(tsa="rogue-tsa")}, SigningError),
    "a dead authority": (signed_xml, "B-LTA", {"timestamper": Dead()}, TransportError),
    "a lying authority": (signed_xml, "B-LTA", {"timestamper": Lying()}, SigningError),
    "an authority that sends junk": (signed_xml, "B-LTA", {"timestamper": Garbage()}, SigningError),
    "an authority that gives nothing": (signed_xml, "B-T", {"timestamper": Nothing()}, SigningError),
    "no signature of that name": (signed_xml, "B-T", {"signature": "none"}, UsageError),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_refused_leaves_nothing(case: str, tmp_path: Path) -> None:
    make, level, options, error = REFUSALS[case]
    target = tmp_path / "out.xml"
    with pytest.raises(error) as told:
        extend_xml(make(), target, level, **{"timestamper": Stamper(), **SERVICES, **options})
    assert told.value.message_vi and told.value.message_vi != told.value.message_en
    assert not list(tmp_path.iterdir())


def test_a_packet_that_was_changed_or_carries_none(tmp_path: Path) -> None:
    target = tmp_path / "out.edxml"
    for data in (PLAIN, b"<r/>", signed_packet().replace("V/v kiểm".encode(), "V/v khác".encode())):
        with pytest.raises(VnEdocError):
            extend_packet(data, target, "B-T", timestamper=Stamper())
    to = b"<edXML:To><edXML:OrganId>000.00.99.H29</edXML:OrganId></edXML:To>"
    for form in ("seal", "header"):
        added = signed_packet(form=form).replace(b"</edXML:To>", b"</edXML:To>" + to, 1)
        with pytest.raises(NotConforming):
            extend_packet(added, target, "B-T", timestamper=Stamper())
    with pytest.raises(TransportError):
        extend_packet(signed_packet(), target, "B-LTA", timestamper=Dead(), **SERVICES)
    assert not list(tmp_path.iterdir())


def test_targets(tmp_path: Path) -> None:
    target = tmp_path / "out.xml"
    asyncio.run(aextend_xml(signed_xml(), target, "B-T", timestamper=Stamper()))
    assert results(target.read_bytes())[0].level == "B-T"
    with pytest.raises(SourceError):
        extend_xml(signed_xml(), tmp_path / "none" / "out.xml", "B-T", timestamper=Stamper())
    with pytest.raises(SourceError):
        extend_xml(tmp_path / "none.xml", target, "B-T", timestamper=Stamper())
    source = tmp_path / "in.edxml"
    source.write_bytes(signed_packet())
    extend_packet(source, source, "B-T", timestamper=Stamper())
    assert results(source.read_bytes(), packet=True)[0].level == "B-T"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("raised")
    for number, make in enumerate(XML_FORMS.values()):
        low = make("B-B")
        for level in LEVELS[1:]:
            low = raised(low, level)
            (made / f"{number}-{level}.xml").write_bytes(low)
        (made / f"{number}-renewed.xml").write_bytes(raised(low, "B-LTA"))
    header = raised(signed_packet(form="header"), "B-LTA", packet=True)
    (made / "header.xml").write_bytes(raised(header, "B-LTA", packet=True))
    packet = raised(raised(signed_packet(), "B-LTA", packet=True), "B-LTA", packet=True)
    beside = made / "beside"
    beside.mkdir()
    with vn_edoc.read(packet) as read:
        for attachment in read.attachments:
            (beside / attachment.name).write_bytes(attachment.open().read())
    return made


def test_judges_accept_what_was_raised(folder: Path) -> None:
    files = sorted(folder.glob("*.xml"))
    assert len(files) == 17
    for engine in ("santuario", "jdk"):
        verdicts = java(engine, files)
        assert all(verdicts.values()), verdicts
    seal = folder / "beside" / "vn-edoc-seal.xml"
    assert java("santuario", [seal], beside=True) == {seal.name: True}
    assert xmlsec1(seal)
    assert all(xmlsec1(f, ("d",)) for f in files if f.name != "header.xml")


def test_structure_follows_the_etsi_schema(folder: Path, shared: Path) -> None:
    schema = qualifying_properties_schema(shared)
    files = [*folder.glob("*.xml"), folder / "beside" / "vn-edoc-seal.xml"]
    for file in files:
        for found in etree.parse(str(file)).iter("{http://uri.etsi.org/01903/v1.3.2#}QualifyingProperties"):
            schema.assertValid(etree.fromstring(etree.tostring(found)))
    assert len(files) == 18


def test_message_and_attachments_are_those_of_the_writer() -> None:
    with vn_edoc.read(raised(signed_packet(), "B-LTA", packet=True)) as packet:
        assert packet.message == message() or packet.message.subject == message().subject
        assert len(packet.attachments) == len(attachments()) + 1
