"""Signature wrapping made from our own documents and packets: core validation still holds, and nothing is accepted.

The eight kinds known from SAML, the kinds that aim at XAdES, seals and signatures carried to other packets.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile

import pytest
from asn1crypto import cms
from lxml import etree

import vn_edoc
from tests.signature.cast import EVIDENCE, PKI, TRUST, signer
from tests.signature_xml.test_packet import HEADED, PLAIN, SEALED
from tests.signature_xml.test_xml import DS
from tests.signature_xml.test_xml import signed as signed_xml
from vn_edoc.envelope import AttachmentSource
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature import sign_cms, sign_packet, verify_cms, verify_packet, verify_xml
from vn_edoc.signature.packet.seal import is_seal_name
from vn_edoc.signature.xml.core import open_signature
from vn_edoc.signature.xml.keyinfo import public_key_of
from vn_edoc.signature.xml.opened import open_document
from vn_edoc.xml.source import open_source

XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
SIGNATURE = f"{{{DS}}}Signature"


def core_holds(data: bytes) -> bool:
    """What a verifier says that looks at digests and the value only: the attack is a real one."""
    document = open_document(open_source(data), DEFAULT_LIMITS)
    core = open_signature(document, next(document.root.iter(SIGNATURE)), DEFAULT_LIMITS)
    return core.references_verify is True and core.value_verifies(public_key_of(PKI["agency"].der))


# The eight kinds, on a signed response and on a signed assertion


def split(signed: bytes) -> tuple[str, str]:
    """What was signed, and the signature in it."""
    text = signed.decode()
    signature = re.search(r"<ds:Signature .*</ds:Signature>", text, re.S)[0]
    return text.replace(signature, ""), signature


def holding(signature: str, content: str) -> str:
    return signature.replace("</ds:Signature>", f"<ds:Object>{content}</ds:Object></ds:Signature>")


RESPONSE, OF_RESPONSE = split(signed_xml(b'<R Id="r"><A Id="a"><S>yes</S></A></R>', form="detached", ids=["r"]))
ASSERTION, OF_ASSERTION = split(signed_xml(b'<A Id="a"><S>yes</S></A>', form="detached", ids=["a"]))
GOOD = ASSERTION.replace("</A>", f"{OF_ASSERTION}</A>")
BESIDE, OF_BESIDE = split(signed_xml(b'<R><A Id="a"><S>yes</S></A></R>', form="detached", ids=["a"]))
EVIL = '<A Id="evil"><S>no</S></A>'


def evil_with(inner: str) -> str:
    return f'<A Id="evil"><S>no</S>{inner}</A>'


SAML = {
    "1: the response in an object, another around": f'<R Id="e">{EVIL}{holding(OF_RESPONSE, RESPONSE)}</R>',
    "2: the response beside the signature": f'<R Id="e">{EVIL}{RESPONSE}{OF_RESPONSE}</R>',
    "3: another assertion in front": f"<R>{EVIL}{GOOD}</R>",
    "3: another assertion behind": f"<R>{GOOD}{EVIL}</R>",
    "4: another assertion around": f"<R>{evil_with(GOOD)}</R>",
    "5: the signature in another assertion": f"<R>{evil_with(OF_ASSERTION)}{ASSERTION}</R>",
    "6: both in another assertion": f"<R>{evil_with(holding(OF_ASSERTION, ASSERTION))}</R>",
    "7: another assertion in an extension": f"<R><Extensions>{EVIL}</Extensions>{GOOD}</R>",
    "7: the signed assertion in an extension": f"<R>{EVIL}<Extensions>{GOOD}</Extensions></R>",
    "8: another assertion in an object": f"<R>{ASSERTION.replace('</A>', holding(OF_ASSERTION, EVIL) + '</A>')}</R>",
    "8: the signed assertion in an object, the signature beside": f"<R>{EVIL}{holding(OF_ASSERTION, ASSERTION)}</R>",
    "3, detached": BESIDE.replace("<A", f"{EVIL}<A").replace("</R>", f"{OF_BESIDE}</R>"),
    "4, detached": f"<R>{evil_with(ASSERTION)}{OF_BESIDE}</R>",
    "5, detached": f"<R>{EVIL}{OF_BESIDE}{ASSERTION}</R>",
    "6, detached": f"<R>{EVIL}{holding(OF_BESIDE, ASSERTION)}</R>",
    "7, detached": f"<R><Extensions>{ASSERTION}</Extensions>{EVIL}{OF_BESIDE}</R>",
    "8, detached": f"<R>{ASSERTION}{holding(OF_BESIDE, EVIL)}</R>",
    "an attribute beside": BESIDE.replace("<R>", '<R role="admin">').replace("</R>", f"{OF_BESIDE}</R>"),
    "a text beside": BESIDE.replace("</R>", f"no{OF_BESIDE}</R>"),
}


@pytest.mark.parametrize("kind", SAML)
def test_the_eight_kinds_of_saml(kind: str) -> None:
    data = SAML[kind].encode()
    # The enveloped transform of a signature that stands outside is refused already; others take it for nothing.
    assert core_holds(data) is not kind.startswith(("1", "2", "5:", "6:", "8: the signed"))
    (one,) = verify_xml(data, trust=TRUST, evidence=EVIDENCE).signatures
    assert one.intact is False or one.changes == "forbidden"
    assert one.indication == "TOTAL-FAILED"
    assert one.content is None or b"no" not in one.content.read()


@pytest.mark.parametrize("kind", [kind for kind in SAML if "<A Id=" in SAML[kind] and "evil" in SAML[kind]])
@pytest.mark.parametrize("name", ["Id", "ID", "id", "xml:id"])
def test_the_same_with_one_identifier_twice(kind: str, name: str) -> None:
    signed = "r" if kind[0] in "12" else "a"
    data = SAML[kind].replace('Id="evil"', f'{name}="{signed}"')
    found = verify_xml(data.encode(), trust=TRUST, evidence=EVIDENCE)
    assert "xmldsig.duplicate_id" in {f.rule for f in found.findings} or kind[0] in "12"
    assert not any(one.indication == "TOTAL-PASSED" for one in found.signatures)


def test_the_documents_before_the_attacks_are_good() -> None:
    for text in (RESPONSE.replace("</R>", f"{OF_RESPONSE}</R>"), GOOD, BESIDE.replace("</R>", f"{OF_BESIDE}</R>")):
        (one,) = verify_xml(text.encode(), trust=TRUST, evidence=EVIDENCE).signatures
        assert one.indication == "TOTAL-PASSED"


# The same on every signed element of a packet's header form


def parts() -> list[str]:
    """Identifiers of the signed elements."""
    return [str(e.get("Id")) for e in etree.fromstring(HEADED).iter() if str(e.get("Id") or "").startswith("e")]


def evil_of(markup: str) -> str:
    markup = re.sub(r' Id="[^"]*"', "", markup)
    return re.sub(r">([^<>]+)<", lambda m: ">2<" if m[1].strip() else m[0], markup)


def object_in(signature: etree._Element, child: etree._Element) -> None:
    etree.SubElement(signature, f"{{{DS}}}Object").append(child)


def attack(kind: int, name: str) -> bytes:
    """Markup is moved as it stands: other prefixes would break the digest, and the attack."""
    text = HEADED.decode()
    element = re.search(rf'<([\w:]+) Id="{name}"[^>]*>.*?</\1>', text, re.S)[0]
    signature = re.search(r"<ds:Signature .*</ds:Signature>", text, re.S)[0]
    evil = evil_of(element)
    if kind == 1:
        return text.replace(element, evil).replace(signature, holding(signature, element)).encode()
    if kind == 2:
        return text.replace(element, evil).replace(signature, element + signature).encode()
    if kind == 3:
        return text.replace(element, evil + element).encode()
    if kind == 4:
        return text.replace(element, re.sub(r"</[\w:]+>$", lambda m: element + m[0], evil)).encode()
    if kind == 5:
        end = "</edXML:edXMLEnvelope>"
        return text.replace(element, evil).replace(end, element + end).encode()
    if kind == 6:
        around = re.sub(r"</[\w:]+>$", lambda m: holding(signature, element) + m[0], evil)
        return text.replace(signature, "").replace(element, around).encode()
    if kind == 7:
        extension = f'<x:Extensions xmlns:x="urn:x">{element}</x:Extensions></edXML:MessageHeader>'
        return text.replace(element, evil).replace("</edXML:MessageHeader>", extension).encode()
    return text.replace(signature, holding(signature, evil)).encode()


@pytest.mark.parametrize("kind", range(1, 9))
def test_every_kind_on_every_signed_element(kind: int) -> None:
    names = parts()
    assert len(names) > 12
    for name in names:
        data = attack(kind, name)
        assert core_holds(data), name
        result = verify_packet(data, trust=TRUST, evidence=EVIDENCE)
        assert result.state == ("absent" if kind == 6 else "fails"), name
        for one in result.signatures:
            assert one.intact is False or one.changes == "forbidden", name
            assert one.indication == "TOTAL-FAILED", name


# What aims at XAdES: on a document, on a detached signature, on the header form, on a seal


def xades(kind: str, data: bytes) -> bytes:
    root = etree.fromstring(data)
    signature = root if root.tag == SIGNATURE else next(root.iter(SIGNATURE))
    qualifying = next(signature.iter(f"{XADES}QualifyingProperties"))
    properties = qualifying.find(f"{XADES}SignedProperties")
    holder = qualifying.getparent()
    twin = copy.deepcopy(properties)
    twin.set("Id", "other")
    twin.find(f".//{XADES}SigningTime").text = "2020-01-01T00:00:00+07:00"
    around = etree.fromstring(etree.tostring(qualifying))
    around[0].set("Id", "other")
    if kind == "false properties in front":
        properties.addprevious(twin)
    elif kind == "false properties in place":
        qualifying.replace(properties, twin)
        object_in(signature, properties)
    elif kind == "false properties around":
        qualifying.replace(properties, twin)
        twin.append(properties)
    elif kind == "second QualifyingProperties":
        object_in(signature, around)
    elif kind == "second QualifyingProperties in front":
        holder.addprevious(etree.Element(f"{{{DS}}}Object"))
        holder.getprevious().append(around)
    elif kind == "second QualifyingProperties beside":
        holder.append(around)
    elif kind == "false object":
        object_in(signature, etree.fromstring("<evil>no</evil>"))
    elif kind == "false object with the name of data":
        etree.SubElement(signature, f"{{{DS}}}Object", MimeType="application/pdf").text = "bm8="
    elif kind == "false manifest":
        object_in(signature, etree.fromstring(f'<ds:Manifest xmlns:ds="{DS}" Id="m"/>'))
    elif kind == "foreign target":
        qualifying.set("Target", "#other")
    elif kind == "no target":
        del qualifying.attrib["Target"]
    elif kind == "unknown unsigned property":
        group = etree.SubElement(
            etree.SubElement(qualifying, f"{XADES}UnsignedProperties"), f"{XADES}UnsignedSignatureProperties"
        )
        etree.SubElement(group, "{urn:x}Evil").text = "no"
    elif kind == "unsigned data object property":
        group = etree.SubElement(
            etree.SubElement(qualifying, f"{XADES}UnsignedProperties"), f"{XADES}UnsignedDataObjectProperties"
        )
        etree.SubElement(group, f"{XADES}UnsignedDataObjectProperty").text = "no"
    return etree.tostring(root, encoding="UTF-8")


KINDS = (
    "false properties in front", "false properties in place", "false properties around", "second QualifyingProperties",
    "second QualifyingProperties in front", "second QualifyingProperties beside", "false object",
    "false object with the name of data", "false manifest", "foreign target", "no target", "unknown unsigned property",
    "unsigned data object property",
)  # fmt: skip
CARRIERS = {
    "enveloped": signed_xml(),
    "detached": signed_xml(b'<w><d Id="data"><v>1</v></d></w>', form="detached", ids=["data"]),
    "enveloping": signed_xml(form="enveloping"),
    "header": HEADED,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_what_aims_at_xades(kind: str, carrier: str) -> None:
    data = xades(kind, CARRIERS[carrier])
    assert core_holds(data)
    verify = verify_packet if carrier == "header" else verify_xml
    (one,) = verify(data, trust=TRUST, evidence=EVIDENCE).signatures
    assert one.intact is False or one.changes == "forbidden"
    assert one.indication == "TOTAL-FAILED"


HIDDEN = b'<evil xmlns="">no</evil>'


@pytest.mark.parametrize(
    ("place", "added", "broken"),
    [
        (b"</ds:Signature></xades:CounterSignature>", b"<ds:Object>" + HIDDEN + b"</ds:Object>", 1),
        (b"</xades:CounterSignature>", HIDDEN, 0),
        (b"</xades:CounterSignature>", b"<ds:Signature/>", 0),
    ],
)
def test_nothing_hides_in_a_counter_signature(place: bytes, added: bytes, broken: int) -> None:
    whole = signed_xml(signed_xml(), who="person", form="countersignature")
    assert whole.count(place) == 1
    found = verify_xml(whole, trust=TRUST, evidence=EVIDENCE).signatures
    assert [str(s.changes) for s in found] == ["none", "none"]
    found = verify_xml(whole.replace(place, added + place), trust=TRUST, evidence=EVIDENCE).signatures
    assert found[broken].intact and found[broken].changes == "forbidden"
    assert found[broken].indication == "TOTAL-FAILED"


# Seals


def files(data: bytes) -> dict[str, bytes]:
    with vn_edoc.read(data) as packet:
        return {str(a.name): a.open().read() for a in packet.attachments}


def packed(given: dict[str, bytes], subject: str | None = None) -> bytes:
    out = io.BytesIO()
    with vn_edoc.read(PLAIN) as packet:
        about = packet.message.changed(subject=subject) if subject is not None else packet.message
    sources = [AttachmentSource(content, name=name) for name, content in given.items()]
    vn_edoc.write(about, out, attachments=sources)
    return out.getvalue()


FILES = files(SEALED)
SEAL = FILES.pop("vn-edoc-seal.xml")


def state(data: bytes) -> str:
    return verify_packet(data, trust=TRUST, evidence=EVIDENCE).state


@pytest.mark.parametrize("kind", KINDS)
def test_what_aims_at_the_seal(kind: str) -> None:
    data = packed({**FILES, "vn-edoc-seal.xml": xades(kind, SEAL)})
    (one,) = verify_packet(data, trust=TRUST, evidence=EVIDENCE).signatures
    assert one.intact is False or one.changes == "forbidden"


def test_seals_carried_elsewhere() -> None:
    assert state(packed({**FILES, "vn-edoc-seal.xml": SEAL})) == "verifies"
    # To another packet, alone and beside that one's own seal.
    other = packed(FILES, subject="V/v bãi bỏ")
    assert state(packed({**FILES, "vn-edoc-seal.xml": SEAL}, subject="V/v bãi bỏ")) == "fails"
    out = io.BytesIO()
    sign_packet(other, out, signer("other-agency"))
    own = files(out.getvalue())["vn-edoc-seal.xml"]
    mixed = packed({**FILES, "vn-edoc-seal.xml": own, "vn-edoc-seal-2.xml": SEAL}, subject="V/v bãi bỏ")
    first, second = verify_packet(mixed, trust=TRUST, evidence=EVIDENCE).signatures
    assert state(mixed) == "fails"
    assert (first.intact, second.intact) == (True, False)


@pytest.mark.parametrize("name", ["vn-edoc-seal.xml", "VN-EDOC-SEAL.XML", "vn-edoc-seal-7.xml"])
def test_a_seal_is_known_by_its_name(name: str) -> None:
    assert is_seal_name(name)
    assert state(packed({**FILES, name: SEAL})) == "verifies"


@pytest.mark.parametrize(
    "name", ["niêm phong.xml", "vn-edoc-seal.xml.txt", "vn-edoc-seal (1).xml", "vn-edoc-seal-x.xml"]
)
def test_under_another_name_it_is_an_attachment(name: str) -> None:
    """A renamed seal seals nothing, and beside a true one it is an attachment that nobody signed."""
    assert state(packed({**FILES, name: SEAL})) == "absent"
    assert state(packed({**FILES, "vn-edoc-seal.xml": SEAL, name: SEAL})) == "fails"


def test_a_seal_inside_a_zip_seals_nothing() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("vn-edoc-seal.xml", SEAL)
        archive.writestr("khác.txt", b"x")
    assert state(packed({**FILES, "hồ sơ.zip": buffer.getvalue()})) == "absent"
    assert state(packed({**FILES, "vn-edoc-seal.xml": SEAL, "hồ sơ.zip": buffer.getvalue()})) == "fails"


def test_two_seals_of_one_name() -> None:
    text = packed({**FILES, "vn-edoc-seal.xml": SEAL}).decode()
    twin = re.search(r"<Attachment>(?:(?!</Attachment>).)*vn-edoc-seal.*?</Attachment>", text, re.S)[0]
    doubled = text.replace(twin, twin + re.sub(r"cid:[0-9a-f-]+", "cid:x", twin))
    assert state(doubled.encode()) == "verifies"  # the same seal twice says the same twice
    false = text.replace(
        twin, twin + re.sub(r"(Encoded[^>]*>)[^<]+<", r"\1PHgvPg==<", re.sub(r"cid:[0-9a-f-]+", "cid:x", twin))
    )
    assert state(false.encode()) == "fails"


def test_a_seal_that_is_no_signature_or_another_kind() -> None:
    for content in (
        b"",
        b"<x/>",
        b"\x00",
        signed_xml(),
        signed_xml(form="enveloping"),
        SEAL.replace(b"ds:Signature", b"ds:Sig"),
    ):
        result = verify_packet(packed({**FILES, "vn-edoc-seal.xml": content}), trust=TRUST, evidence=EVIDENCE)
        assert result.state == "fails", content[:40]
        assert all(one.indication != "TOTAL-PASSED" for one in result.signatures)


def test_the_header_signature_of_another_packet() -> None:
    out = io.BytesIO()
    sign_packet(packed(FILES, subject="V/v bãi bỏ"), out, signer("agency"), form="header")
    theirs = re.search(rb"<ds:Signature .*</ds:Signature>", out.getvalue(), re.S)[0]
    mine = re.search(rb"<ds:Signature .*</ds:Signature>", HEADED, re.S)[0]
    swapped = HEADED.replace(mine, theirs)
    (one,) = verify_packet(swapped, trust=TRUST, evidence=EVIDENCE).signatures
    assert one.intact is False
    # With the identifiers of its own packet put in, the digests tell.
    ids = dict(zip(re.findall(rb'URI="#(e[^"]+)"', theirs), re.findall(rb'URI="#(e[^"]+)"', mine), strict=True))
    for old, new in ids.items():
        swapped = swapped.replace(b' Id="' + new + b'"', b' Id="' + old + b'"')
    (one,) = verify_packet(swapped, trust=TRUST, evidence=EVIDENCE).signatures
    assert one.intact is False
    assert "xmldsig.digest" in {f.rule for f in one.findings}
    both = HEADED.replace(mine, mine + theirs.replace(b"#e", b"#f"))
    assert verify_packet(both, trust=TRUST, evidence=EVIDENCE).state == "fails"


def test_an_attachment_with_several_signers_lends_the_packet_nothing() -> None:
    """A CMS file with the signer's entry twice is refused, and is no signature of the packet."""
    out = io.BytesIO()
    sign_cms(b"x" * 100, out, signer("agency"), attached=True)
    info = cms.ContentInfo.load(out.getvalue())
    infos = info["content"]["signer_infos"]
    infos.append(infos[0].copy())
    doubled = info.dump(force=True)
    assert verify_cms(doubled, trust=TRUST, evidence=EVIDENCE).signatures[0].indication == "TOTAL-FAILED"
    data = packed({**FILES, "văn bản.p7m": doubled})
    assert state(data) == "absent"
    report = vn_edoc.verify(data, trust=TRUST, evidence=EVIDENCE)
    assert report.signatures
    assert not any(s.indication == "TOTAL-PASSED" for s in report.signatures)
    assert report.document.value not in ("original", "copy")
