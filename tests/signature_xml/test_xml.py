"""Signing XML and verifying it: forms, levels, algorithms, judges, the ETSI schema, and wrapping attacks."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.signature.cast import EVIDENCE, PKI, TRUST, Stamper, signer
from tests.signature_xml.judges import java, node_modules, qualifying_properties_schema, xmlsec1
from vn_edoc.errors import NotConforming, SigningError, SourceError, UsageError
from vn_edoc.findings import VIETNAM, Location
from vn_edoc.limits import Limits
from vn_edoc.signature import Evidence, ProductionPlace, SignatureResult, sign_xml, verify_xml
from vn_edoc.signature.xml.problems import finding
from vn_edoc.signature.xml.texts import RULES

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<e:E xmlns:e="urn:e" xmlns:u="urn:u" xml:lang="vi">'
    '<e:B Id="body" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="u:T">'
    "<e:x>giá trị &amp; &lt;một&gt;\t&#13;</e:x><e:y/></e:B></e:E>\n<!-- sau </e:E> -->"
).encode()
WRAPPER = b'<w><d Id="data"><v>1</v></d></w>'
DS = "http://www.w3.org/2000/09/xmldsig#"


def signed(data: bytes = DOCUMENT, who: str = "agency", level: str = "B-B", **options: object) -> bytes:
    out = io.BytesIO()
    extra = {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE} if level != "B-B" else {}
    sign_xml(data, out, signer(who), level, **extra, **options)
    return out.getvalue()


def only(data: bytes):
    (one,) = verify_xml(data, trust=TRUST, evidence=EVIDENCE).signatures
    return one


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("form", ["enveloped", "enveloping"])
@pytest.mark.parametrize("who", ["agency", "agency-ec"])
def test_forms_and_levels(level: str, form: str, who: str) -> None:
    one = only(signed(who=who, level=level, form=form))
    assert (one.kind, one.intact, one.changes, one.level) == ("xml", True, "none", level)
    assert one.indication == "TOTAL-PASSED"
    assert one.trusted is True
    assert (one.proven_at is not None) == (level != "B-B")


@pytest.mark.parametrize("name", ["xpointer(/)", "a b", "%69d", "a#b", 'a"b', ""])
def test_identifiers_that_no_reference_can_carry(name: str) -> None:
    escaped = name.replace('"', "&quot;")
    data = f'<w><d Id="{escaped}"><v>1</v></d></w>'.encode()
    with pytest.raises(UsageError):
        signed(data, form="detached", ids=[name])
    assert only(
        signed(data.replace(f'Id="{escaped}"'.encode(), 'Id="đ-1.a_b:c"'.encode()), form="detached", ids=["đ-1.a_b:c"])
    ).intact


def test_detached_covers_its_element_only() -> None:
    one = only(signed(WRAPPER, form="detached", ids=["data"]))
    assert (one.intact, one.changes) == (True, "allowed")
    assert one.content.read() == b'<d Id="data"><v>1</v></d>'
    one = only(signed(WRAPPER.replace(b"</w>", b"<other>2</other></w>"), form="detached", ids=["data"]))
    assert one.changes == "forbidden"


def test_the_verified_octets_are_returned() -> None:
    one = only(signed())
    assert one.content.read().startswith(b'<e:E xmlns:e="urn:e" xml:lang="vi"><e:B')
    assert b"Signature" not in one.content.read()
    assert one.references[0].target == ""
    broken = only(signed().replace("giá trị".encode(), "giá trỉ".encode()))
    assert broken.content is None and broken.intact is False


def test_only_the_signature_is_inserted() -> None:
    made = signed()
    start, end = made.index(b"<ds:Signature"), made.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert made[:start] + made[end:] == DOCUMENT
    empty = signed(b"<r/>")
    assert empty.startswith(b"<r><ds:Signature") and empty.endswith(b"</ds:Signature></r>")
    assert only(empty).intact is True or only(empty).changes == "none"


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("scheme", ["pkcs1v15", "pss", "ecdsa"])
def test_algorithms(digest: str, scheme: str) -> None:
    one = only(signed(who="agency-ec" if scheme == "ecdsa" else "agency", digest=digest, scheme=scheme))
    assert one.intact is True
    assert one.algorithms.digest == digest
    assert one.algorithms.signature == {"pkcs1v15": "rsa-pkcs1v15"}.get(scheme, {"pss": "rsa-pss"}.get(scheme, scheme))


def test_properties_of_the_signer() -> None:
    made = signed(roles=["Văn thư"], place=ProductionPlace(city="Hà Nội", country="VN"), commitments=["approval"])
    root = etree.fromstring(made)
    ns = {"x": "http://uri.etsi.org/01903/v1.3.2#"}
    assert root.findtext(".//x:ClaimedRole", namespaces=ns) == "Văn thư"
    assert root.findtext(".//x:City", namespaces=ns) == "Hà Nội"
    assert root.findtext(".//x:CommitmentTypeId/x:Identifier", namespaces=ns).endswith("ProofOfApproval")
    assert root.findtext(".//x:SigningTime", namespaces=ns).endswith("+07:00")
    with pytest.raises(UsageError):
        signed(commitments=["promise"])
    with pytest.raises(UsageError):
        signed(roles=["\x00"])


@pytest.mark.parametrize("form", ["enveloped", "enveloping"])
def test_a_receipt_proves_that_the_signature_existed(form: str) -> None:
    data = signed(form=form, signed_at=datetime(2026, 10, 15, 9, tzinfo=VIETNAM))
    receipt = datetime(2026, 10, 15, 10, tzinfo=VIETNAM)
    (one,) = verify_xml(data, trust=TRUST, evidence=EVIDENCE, existed_at=receipt).signatures
    assert (one.proven_at, one.stamped) == (receipt, False)


def test_several_and_counter_signatures() -> None:
    twice = signed(signed(), who="person")
    results = verify_xml(twice, trust=TRUST, evidence=EVIDENCE).signatures
    # The second one covers the document with the first in it; the first no longer covers all there is.
    assert results[1].intact is True and results[1].changes == "none"
    countersigned = signed(signed(), who="person", form="countersignature")
    first, second = verify_xml(countersigned, trust=TRUST, evidence=EVIDENCE).signatures
    assert (first.intact, first.changes, first.indication) == (True, "none", "TOTAL-PASSED")
    assert (second.intact, second.indication) == (True, "TOTAL-PASSED")
    assert second.signer.name != first.signer.name
    long_term = signed(signed(level="B-LT"), who="person", form="countersignature")
    assert [s.intact for s in verify_xml(long_term, trust=TRUST, evidence=EVIDENCE).signatures] == [True, True]
    moved = countersigned.replace(b'Type="http://uri.etsi.org/01903#CountersignedSignature" URI="#S-', b'URI="#S-x', 1)
    assert verify_xml(moved).signatures[1].intact is False


FORMS = ("enveloped", "enveloping", "detached")
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
KEYS = {
    "rsa": {"scheme": "pkcs1v15"},
    "pss": {"scheme": "pss"},
    "p256": {"who": "person-ec"},
    "p384": {"who": "agency-ec"},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of every form, level and kind of key, and of every digest."""
    folder = tmp_path_factory.mktemp("signed")
    for form, level, (key, about) in product(FORMS, LEVELS, KEYS.items()):
        detached = {"ids": ["data"]} if form == "detached" else {}
        data = WRAPPER if detached else DOCUMENT
        (folder / f"{form}-{level}-{key}.xml").write_bytes(signed(data, form=form, level=level, **about, **detached))
    for digest, (key, about) in product(("sha384", "sha512"), KEYS.items()):
        (folder / f"{digest}-{key}.xml").write_bytes(signed(digest=digest, **about))
    (folder / "counter.xml").write_bytes(signed(signed(), who="person", form="countersignature"))
    return folder


@pytest.mark.parametrize("engine", ["santuario", "jdk"])
def test_judges_accept_all_we_sign(files: Path, engine: str) -> None:
    verdicts = java(engine, sorted(files.glob("*.xml")))
    assert len(verdicts) == 57 and all(verdicts.values()), verdicts


def test_judges_refuse_what_was_changed(files: Path, tmp_path: Path) -> None:
    changed = []
    for file in sorted(files.glob("*-B-*.xml")):
        other = tmp_path / file.name
        data = file.read_bytes()
        other.write_bytes(data.replace("giá trị".encode(), "giá trỉ".encode()).replace(b"<v>1</v>", b"<v>2</v>"))
        assert other.read_bytes() != data
        changed.append(other)
    assert len(changed) == 48 and not any(java("santuario", changed).values())


def test_xmlsec1_accepts_all_it_knows(files: Path) -> None:
    names = [f for f in sorted(files.glob("*.xml")) if "pss" not in f.name and f.name != "counter.xml"]
    assert len(names) == 42
    for file in names:
        assert xmlsec1(file, ("d",)), file.name


def test_xml_crypto_accepts_what_it_knows(files: Path) -> None:
    node_modules()
    script = Path(__file__).parents[1] / "tools" / "xmlcrypto_verify.cjs"
    unknown = re.compile("p256|p384|sha384|counter|sha512-pss")
    known = [f for f in sorted(files.glob("*.xml")) if not unknown.search(f.stem)]
    run = subprocess.run(["node", str(script), *map(str, known)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert len(known) == 25


def test_structure_follows_the_etsi_schema(files: Path, shared: Path) -> None:
    schema = qualifying_properties_schema(shared)
    for file in sorted(files.glob("*.xml")):
        for found in etree.parse(str(file)).iter("{http://uri.etsi.org/01903/v1.3.2#}QualifyingProperties"):
            schema.assertValid(etree.fromstring(etree.tostring(found)))


# What others sign, we accept.


def test_python_xmlsec_signs_for_us() -> None:
    xmlsec = pytest.importorskip("xmlsec")
    for method, transform in (("C14N", "C14N"), ("C14N11", "C14N11"), ("EXCL_C14N", "EXCL_C14N")):
        root = etree.fromstring('<e:E xmlns:e="urn:e" xmlns="urn:d" xml:lang="vi"><B Id="b"><x>1</x></B></e:E>')
        template = xmlsec.template.create(root, getattr(xmlsec.Transform, method), xmlsec.Transform.RSA_SHA256, ns="ds")
        root.append(template)
        reference = xmlsec.template.add_reference(template, xmlsec.Transform.SHA256, uri="#b")
        xmlsec.template.add_transform(reference, getattr(xmlsec.Transform, transform))
        data = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
        xmlsec.template.x509_data_add_certificate(data)
        context = xmlsec.SignatureContext()
        identity = PKI["agency"]
        context.key = xmlsec.Key.from_memory(identity.key_pem(), xmlsec.KeyFormat.PEM)
        context.key.load_cert_from_memory(identity.pem, xmlsec.KeyFormat.PEM)
        context.register_id(root[0], "Id")
        context.sign(template)
        one = only(etree.tostring(root))
        assert one.intact is True and one.level is None, method


def test_signxml_signs_for_us() -> None:
    signxml = pytest.importorskip("signxml")
    root = etree.fromstring(b'<r><a Id="x">1</a></r>')
    made = signxml.XMLSigner(c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0).sign(
        root, key=PKI["agency"].key_pem(), cert=PKI["agency"].pem.decode()
    )
    assert only(etree.tostring(made)).intact is True


# Wrapping: the eight SAML kinds, on a document whose signed element is addressed by Id, and the XAdES-specific ones.

RESPONSE = b'<R Id="r"><A Id="a"><S>yes</S></A></R>'


def _parts(data: bytes) -> tuple[etree._Element, etree._Element]:
    root = etree.fromstring(data)
    return root, root.find(f"{{{DS}}}Signature")


def _evil(element: etree._Element, name: str = "evil") -> etree._Element:
    twin = etree.fromstring(etree.tostring(element))
    twin.set("Id", name)
    for signature in twin.findall(f".//{{{DS}}}Signature"):
        signature.getparent().remove(signature)
    for s in twin.iter("S"):
        s.text = "giả"
    return twin


def _object(signature: etree._Element, child: etree._Element) -> None:
    etree.SubElement(signature, f"{{{DS}}}Object").append(child)


def saml(kind: int) -> bytes:
    """Kinds 1 and 2 sign the response; 3 to 8 sign the assertion inside of it."""
    if kind in (1, 2):
        root, signature = _parts(signed(RESPONSE))
        evil = _evil(root)
        root.remove(signature)
        evil.append(signature)
        if kind == 1:
            _object(signature, root)
        else:
            signature.addprevious(root)
        return etree.tostring(evil)
    root, signature = _parts(signed(RESPONSE, form="detached", ids=["a"]))
    original = root.find("A")
    if kind != 4:
        # The usual place: inside of the assertion it signs, which then no longer is the one that was signed.
        pass
    evil = _evil(original)
    if kind == 3:
        original.addprevious(evil)
    elif kind == 4:
        original.addprevious(evil)
        evil.append(original)
    elif kind == 5:
        root.replace(original, evil)
        root.append(original)
        evil.append(signature)
    elif kind == 6:
        root.replace(original, evil)
        evil.append(signature)
        _object(signature, original)
    elif kind == 7:
        holder = etree.SubElement(root, "Extensions")
        root.insert(0, holder)
        holder.append(evil)
    else:
        root.replace(original, evil)
        _object(signature, original)
    return etree.tostring(root)


@pytest.mark.parametrize("kind", range(1, 9))
def test_saml_wrapping(kind: int) -> None:
    for one in verify_xml(saml(kind), trust=TRUST, evidence=EVIDENCE).signatures:
        assert one.intact is False or one.changes == "forbidden", kind
        assert one.indication == "TOTAL-FAILED"


def xades_attack(kind: str) -> bytes:
    ns = "{http://uri.etsi.org/01903/v1.3.2#}"
    root, signature = _parts(signed())
    qualifying = signature.find(f".//{ns}QualifyingProperties")
    properties = qualifying.find(f"{ns}SignedProperties")
    if kind == "second SignedProperties":
        twin = etree.fromstring(etree.tostring(properties))
        twin.set("Id", "other")
        twin.find(f".//{ns}SigningTime").text = "2020-01-01T00:00:00+07:00"
        properties.addprevious(twin)
    elif kind == "second QualifyingProperties":
        twin = etree.fromstring(etree.tostring(qualifying))
        twin[0].set("Id", "other")
        _object(signature, twin)
    elif kind == "properties moved into another object":
        twin = etree.fromstring(etree.tostring(properties))
        twin.set("Id", "other")
        qualifying.replace(properties, twin)
        _object(signature, properties)
    elif kind == "foreign target":
        qualifying.set("Target", "#other")
    elif kind == "foreign object":
        _object(signature, etree.fromstring("<evil>nội dung</evil>"))
    elif kind == "unknown unsigned property":
        unsigned = etree.SubElement(qualifying, f"{ns}UnsignedProperties")
        group = etree.SubElement(unsigned, f"{ns}UnsignedSignatureProperties")
        etree.SubElement(group, "{urn:x}Evil").text = "nội dung"
    elif kind == "manifest":
        typed = f'<ds:Reference Type="{DS}Manifest" Id="'
        return etree.tostring(root).replace(b'<ds:Reference Id="', typed.encode(), 1)
    elif kind == "certificate exchanged":
        certificate = signature.find(f".//{{{DS}}}X509Certificate")
        certificate.text = base64.b64encode(PKI["agency-renewed"].der).decode()
    return etree.tostring(root)


XADES_ATTACKS = [
    "second SignedProperties",
    "second QualifyingProperties",
    "properties moved into another object",
    "foreign target",
    "foreign object",
    "unknown unsigned property",
    "manifest",
    "certificate exchanged",
]


@pytest.mark.parametrize("kind", XADES_ATTACKS)
def test_xades_attacks(kind: str) -> None:
    for one in verify_xml(xades_attack(kind), trust=TRUST, evidence=EVIDENCE).signatures:
        assert one.intact is not True or one.changes == "forbidden", kind
        assert one.indication != "TOTAL-PASSED"


def edit(old: str, new: str, count: int = 1):
    return lambda data: data.replace(old.encode(), new.encode(), count)


def value(change):
    pattern = re.compile(rb"(<ds:SignatureValue[^>]*>)([^<]*)")
    return lambda data: pattern.sub(lambda m: m[1] + change(m[2]), data, count=1)


def digest(change):
    pattern = re.compile(rb"(<ds:DigestValue>)([^<]*)")
    return lambda data: pattern.sub(lambda m: m[1] + change(m[2]), data, count=1)


RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
STEP = f'<ds:Transform Algorithm="{EXC}"'
INC = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def step(uri: str):
    return edit(STEP, f'<ds:Transform Algorithm="{uri}"')


TAMPERING = {
    "HMAC": (edit(RSA, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), "xmldsig.refused_algorithm", False),
    "an unknown method": (edit(RSA, "urn:none"), "xmldsig.unknown_algorithm", None),
    "no method": (edit(f'<ds:SignatureMethod Algorithm="{RSA}"', "<ds:SignatureMethod"), "xmldsig.structure", False),
    "a lax value": (value(lambda v: v[:-4] + b"!" + v[-4:]), "xmldsig.base64", False),
    "a value without padding": (value(lambda v: v.rstrip(b"=")), "xmldsig.base64", False),
    "loose bits in a value": (value(lambda v: v[:-3] + b"x=="), "xmldsig.base64", False),
    "data after the padding": (value(lambda v: v + b"AAAA"), "xmldsig.base64", False),
    "a comment in the value": (value(lambda v: v[:9] + b"<!---->" + v[9:]), "xmldsig.value_split", False),
    "an instruction in the value": (value(lambda v: v[:9] + b"<?p?>" + v[9:]), "xmldsig.value_split", False),
    "another digest with a comment": (digest(lambda v: v[:5] + b"<!--x-->" + v[5:]), None, True),
    "an instruction in a digest": (digest(lambda v: v[:5] + b"<?x?>" + v[5:]), "xmldsig.value_split", False),
    "another digest": (digest(lambda v: b"A" + v[1:]), "xmldsig.digest", False),
    "two SignedInfo": (
        lambda d: re.sub(rb"<ds:SignedInfo.*?</ds:SignedInfo>", lambda m: m[0] + m[0], d, flags=re.S),
        "xmldsig.duplicate_id",
        None,
    ),
    "two SignatureValue": (
        lambda d: re.sub(rb"<ds:SignatureValue.*?</ds:SignatureValue>", lambda m: m[0] + m[0], d, flags=re.S),
        "xmldsig.duplicate_id",
        None,
    ),
    "XPath": (step("http://www.w3.org/TR/1999/REC-xpath-19991116"), "xmldsig.refused_algorithm", False),
    "XSLT": (step("http://www.w3.org/TR/1999/REC-xslt-19991116"), "xmldsig.refused_algorithm", False),
    "the SDK's URI": (step("http://www.w3.org/TR/xml-exc-c14n#"), "xmldsig.wrong_exclusive_uri", False),
    "another canonicalisation": (step(INC), "xmldsig.undeclared_canonicalization", False),
    "a file": (edit('URI=""', 'URI="file:///etc/passwd"'), "xmldsig.external_reference", False),
    "the network": (edit('URI=""', 'URI="http://127.0.0.1:9/x"'), "xmldsig.external_reference", False),
    "an XPointer": (edit('URI=""', 'URI="#xpointer(//e:x)"'), "xmldsig.refused_algorithm", False),
    "nothing there": (edit('URI=""', 'URI="#none"'), "xmldsig.reference_target", False),
    "no URI": (edit(' URI=""', ""), "xmldsig.external_reference", False),
    "the certificate removed": (
        lambda d: re.sub(rb"<ds:X509Certificate>.*?</ds:X509Certificate>", b"", d), "xmldsig.no_certificate", None,
    ),
    "no KeyInfo": (lambda d: re.sub(rb"<ds:KeyInfo.*?</ds:KeyInfo>", b"", d), "xmldsig.no_certificate", None),
    "a relative namespace": (edit("<e:y/>", '<e:y xmlns:z="relative" z:a="1"/>'), "xmldsig.no_canonical_form", False),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering(kind: str) -> None:
    change, rule, verdict = TAMPERING[kind]
    base = signed()
    changed = change(base)
    assert changed != base
    found = verify_xml(changed, trust=TRUST, evidence=EVIDENCE)
    if kind == "another digest with a comment":
        # SignedInfo is read from its canonical octets, in which there is no comment: nothing was changed.
        assert found.signatures[0].intact is True
        return
    rules = {f.rule for s in found.signatures for f in s.findings} | {f.rule for f in found.findings}
    assert rule in rules, rules
    for one in found.signatures:
        assert one.intact is verdict
        assert one.indication != "TOTAL-PASSED"


def resigned(data: bytes, algorithm: hashes.HashAlgorithm | None = None) -> bytes:
    """The signature value made anew over whatever stands in ``SignedInfo``, as careless software would have made it."""
    signed_info = re.search(rb"<ds:SignedInfo.*</ds:SignedInfo>", data, re.S)[0]
    made = PKI["agency"].key.sign(signed_info, padding.PKCS1v15(), algorithm or hashes.SHA256())
    return value(lambda _: base64.b64encode(made))(data)


def test_the_faults_of_known_software_are_named() -> None:
    wrong = only(resigned(step("http://www.w3.org/TR/xml-exc-c14n#")(signed())))
    assert wrong.intact is None
    assert "xmldsig.wrong_exclusive_uri" in {f.rule for f in wrong.findings}
    undeclared = only(resigned(step(INC)(signed())))
    assert undeclared.intact is False
    assert "xmldsig.undeclared_canonicalization" in {f.rule for f in undeclared.findings}
    foreign = signed().replace(f'{DS}"'.encode(), b'urn:other"')
    assert [f.rule for f in verify_xml(foreign).findings] == ["xmldsig.foreign_namespace"]


def test_sha1_is_computed_and_judged_by_date() -> None:
    old = resigned(edit(RSA, f"{DS}rsa-sha1")(signed()), hashes.SHA1())
    one = only(old)
    assert one.intact is True
    assert one.indication == "INDETERMINATE" and one.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE"
    assert "R22" in {f.rule for f in one.findings}


def test_a_key_beside_the_certificate_must_be_the_same() -> None:
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = numbers.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    xml = (
        '<ds:KeyValue><k:ECKeyValue xmlns:k="http://www.w3.org/2009/xmldsig11#"><k:NamedCurve '
        f'URI="urn:oid:1.2.840.10045.3.1.7"/><k:PublicKey>{base64.b64encode(point).decode()}</k:PublicKey>'
        "</k:ECKeyValue></ds:KeyValue>"
    )
    one = only(signed().replace(b"<ds:X509Data>", xml.encode() + b"<ds:X509Data>", 1))
    assert one.intact is False
    assert "xmldsig.key_value" in {f.rule for f in one.findings}


def test_a_certificate_that_the_verifier_holds() -> None:
    """Without one in KeyInfo: the one the signed properties name, and no other on the same key."""
    bare = re.sub(rb"<ds:KeyInfo.*?</ds:KeyInfo>", b"", signed())

    def held(*names: str) -> SignatureResult:
        known = EVIDENCE | Evidence(certificates=tuple(PKI[name].der for name in ("state-ca", *names)))
        (one,) = verify_xml(bare, trust=TRUST, evidence=known).signatures
        return one

    one = held("agency-renewed", "agency")
    assert (one.intact, one.level, one.indication) == (True, "B-B", "TOTAL-PASSED")
    assert one.signer.certificate_sha256 == PKI["agency"].sha256
    assert "xmldsig.certificate_known" in {f.rule for f in one.findings}
    for others in ((), ("person",), ("agency-renewed",)):
        one = held(*others)
        assert (one.intact, one.signer) == (None, None)
        assert "xmldsig.no_certificate" in {f.rule for f in one.findings}


def test_of_several_certificates_the_maker_is_meant() -> None:
    """KeyInfo may hold certificates that have nothing to do with the signature."""
    plain = re.sub(rb"<ds:Object>.*</ds:Object>", b"", signed(), flags=re.S)
    plain = re.sub(rb'<ds:Reference Type="http://uri.etsi.org.*?</ds:Reference>', b"", plain, flags=re.S)
    other = b"<ds:X509Certificate>" + base64.b64encode(PKI["person"].der) + b"</ds:X509Certificate>"
    one = only(resigned(plain).replace(b"<ds:X509Certificate>", other + b"<ds:X509Certificate>", 1))
    assert one.intact is True
    assert one.signer.certificate_sha256 == PKI["agency"].sha256


@pytest.mark.parametrize("name", ["Id", "ID", "id", "xml:id"])
def test_identifiers_must_be_unique(name: str) -> None:
    made = signed(WRAPPER, form="detached", ids=["data"])
    found = verify_xml(made.replace(b"<v>", f'<v {name}="data">'.encode()))
    assert not found.signatures or found.signatures[0].intact is False
    assert "xmldsig.duplicate_id" in {f.rule for f in found.findings}


def test_net_style_names_are_told_not_trusted() -> None:
    good = 'OID.0.9.2342.19200300.100.1.1=MST:0, CN="{}", S=Hà Nội, C=VN'
    for subject, expected in ((good.format("AI ĐÓ KHÁC"), True),):
        xml = f"<ds:X509SubjectName>{subject}</ds:X509SubjectName>".encode()
        one = only(signed().replace(b"<ds:X509Certificate>", xml + b"<ds:X509Certificate>", 1))
        assert ("xmldsig.subject_name" in {f.rule for f in one.findings}) is expected
        assert one.intact is True


def test_comments_that_split_signed_text_are_suspicious() -> None:
    one = only(signed().replace("giá trị".encode(), "giá<!-- --> trị".encode()))
    assert (one.intact, one.changes) == (True, "suspicious")


def test_doctype_and_limits() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]><r>&a;</r>'
    assert [f.rule for f in verify_xml(bomb).findings] == ["xmldsig.doctype"]
    with pytest.raises(NotConforming):
        signed(bomb)
    deep = b"<a>" * 200 + b"</a>" * 200
    assert [f.rule for f in verify_xml(deep).findings] == ["xmldsig.limit"]
    made = signed()
    assert verify_xml(made, limits=Limits(references=1)).signatures[0].intact is None
    assert [f.rule for f in verify_xml(b"<r/>").findings] == ["xmldsig.no_signature"]
    assert [f.rule for f in verify_xml(b"\x00").findings] == ["xmldsig.unreadable"]


def test_expired_revoked_and_wrong_certificates() -> None:
    with pytest.raises(SigningError):
        signed(who="agency-revoked", level="B-T")
    one = only(signed(who="rogue-agency"))
    assert one.intact is True and one.trusted is False and one.indication != "TOTAL-PASSED"


def test_wrong_arguments() -> None:
    for options in ({"form": "beside"}, {"ids": ["x"]}, {"form": "detached"}, {"form": "detached", "ids": ["none"]}):
        with pytest.raises(UsageError):
            signed(**options)
    for options in ({"digest": "sha1"}, {"digest": "md5"}, {"scheme": "ecdsa"}):
        with pytest.raises(UsageError):
            signed(**options)
    with pytest.raises(UsageError):
        sign_xml(DOCUMENT, io.BytesIO(), signer("agency"), "B-T")
    with pytest.raises(UsageError):
        sign_xml(DOCUMENT, io.BytesIO(), signer("agency"), "B-X")
    with pytest.raises(SourceError):
        sign_xml("/nowhere/none.xml", io.BytesIO(), signer("agency"))
    with pytest.raises(NotConforming):
        signed(b'<r Id="a"><b Id="a"/></r>')


def test_a_path_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    made = sign_xml(DOCUMENT, tmp_path / "out.xml", signer("agency"))
    assert (tmp_path / "out.xml").stat().st_size == made.size
    with pytest.raises(SourceError):
        sign_xml(DOCUMENT, tmp_path / "none" / "out.xml", signer("agency"))
    assert [p.name for p in tmp_path.iterdir()] == ["out.xml"]


def test_large_texts_take_the_short_way() -> None:
    body = base64.b64encode(os.urandom(300_000)).decode()
    lines = "&#13;\n".join(body[i : i + 76] for i in range(0, 60_000, 76))
    for text in (body, lines):
        for form in ("enveloped", "enveloping"):
            made = signed(f"<r><b>{text}</b></r>".encode(), form=form)
            assert only(made).intact is True
            at = made.index(b"<b>") + 50_001
            other = made[:at] + (b"A" if made[at : at + 1] != b"A" else b"B") + made[at + 1 :]
            assert only(other).intact is False


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.integers(0, 7))
def test_every_flipped_bit_is_detected_or_outside(position: int, bit: int) -> None:
    changed = bytearray(FLIPPED)
    changed[position % len(changed)] ^= 1 << bit
    found = verify_xml(bytes(changed), trust=TRUST, evidence=EVIDENCE)
    for one in found.signatures:
        if one.indication == "TOTAL-PASSED":
            # Only white space around, the prolog, comments outside, or spelling that reads the same is left.
            assert one.content.read() == CONTENT
            assert one.signer.certificate_sha256 == PKI["agency"].sha256


FLIPPED = signed()
CONTENT = only(FLIPPED).content.read()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.integers(0, 4000).flatmap(lambda n: st.just(FLIPPED[:n] + FLIPPED[n + 7 :])))
def test_never_raises(data: bytes) -> None:
    for one in verify_xml(data, trust=TRUST).signatures:
        assert one.indication != "TOTAL-PASSED" or one.content is not None


def test_every_rule_speaks_both_languages() -> None:
    for rule, about in RULES.items():
        names = set(re.findall(r"{(\w+)}", about.vi))
        assert names == set(re.findall(r"{(\w+)}", about.en)), rule
        made = finding(rule, Location(), **dict.fromkeys(names, "x"))
        assert made.message_vi and made.message_en and made.message_vi != made.message_en
        assert made.basis, rule


def test_many_uncovered_elements_do_not_take_long() -> None:
    """Telling where each of them stands would be quadratic."""
    made = signed(b'<w><d Id="data"><v>1</v></d>' + b"<u>x</u>" * 45_000 + b"</w>", form="detached", ids=["data"])
    one = only(made)
    assert one.changes == "forbidden"
    assert 0 < len([f for f in one.findings if f.rule == "xmldsig.uncovered"]) <= 20


def test_time_is_bounded() -> None:
    one = verify_xml(signed(), limits=Limits(seconds=0.0)).signatures[0]
    assert one.intact is None
    assert "xmldsig.limit" in {f.rule for f in one.findings}
