"""Counter-signatures, in XML documents and in a packet's own signatures: judged by themselves, counted for nobody."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from tests.signature.cast import EVIDENCE, TRUST, signer
from tests.signature_xml.test_packet import HEADED, SEALED
from vn_edoc.envelope import AttachmentSource
from vn_edoc.envelope.outgoing import Outgoing
from vn_edoc.envelope.reader import read
from vn_edoc.envelope.sealing import SEAL_NAME
from vn_edoc.envelope.structure import children, locate
from vn_edoc.limits import Limits
from vn_edoc.signature import sign_xml, verify_packet, verify_xml
from vn_edoc.signature.packet.sign import attachment_names
from vn_edoc.validity import Verifier
from vn_edoc.xml.splice import replaced

DOCUMENT = b"<don><ten>A</ten></don>"
COUNTER = re.compile(rb"<xades:CounterSignature\b.*?</xades:CounterSignature>", re.DOTALL)


def signed(data: bytes, who: str = "agency", **options: Any) -> bytes:
    out = io.BytesIO()
    sign_xml(data, out, signer(who), **options)
    return out.getvalue()


def countersigned(data: bytes, who: str = "person", ids: tuple[str, ...] = ()) -> bytes:
    return signed(data, who, form="countersignature", ids=ids)


def seal_of(packet: bytes) -> bytes:
    with read(packet) as held:
        return next(a for a in held.attachments if a.name == SEAL_NAME).open().read()


def with_seal(packet: bytes, seal: bytes) -> bytes:
    """The packet with another content of its seal; the rest byte for byte."""
    with read(packet) as held:
        found = locate(held.parts.root)
        assert found is not None
        content = next(children(found.attachments[-1], "contenttransferencoded"))
        outgoing = Outgoing(AttachmentSource(seal, name=SEAL_NAME), attachment_names(wraps=True))
        return b"".join(replaced(held.parts.skeleton, found.root, content, outgoing.base64()))


def own_id(data: bytes) -> str:
    (name,) = [s.name for s in verify_packet(data).signatures if s.countersigns is None]
    return name


def packets() -> dict[str, bytes]:
    return {
        "seal": with_seal(SEALED, countersigned(seal_of(SEALED))),
        "header": countersigned(HEADED, ids=(own_id(HEADED),)),
    }


PACKETS = packets()


def judged(data: bytes, **options: Any) -> Any:
    return verify_packet(data, trust=TRUST, evidence=EVIDENCE, **options)


@pytest.mark.parametrize("form", ["seal", "header"])
def test_a_packets_counter_signature_is_judged_by_itself(form: str) -> None:
    found = judged(PACKETS[form])
    outer, counter = found.signatures
    assert (outer.countersigns, counter.countersigns) == (None, outer.name)
    assert (outer.intact, outer.changes, outer.indication) == (True, "none", "TOTAL-PASSED")
    assert (counter.kind, counter.intact, counter.changes, counter.indication) == (
        "packet",
        True,
        "none",
        "TOTAL-PASSED",
    )
    assert outer.signer != counter.signer
    assert found.state == "verifies"
    assert found.findings == ()


def _broken(octets: bytes) -> bytes:
    """With another signing time in the counter-signature."""
    return COUNTER.sub(lambda m: re.sub(rb"(<xades:SigningTime>)\d{4}", rb"\g<1>2020", m[0]), octets)


@pytest.mark.parametrize("form", ["seal", "header"])
def test_one_that_does_not_hold_is_told_and_breaks_nothing_else(form: str) -> None:
    data = PACKETS[form]
    broken = with_seal(data, _broken(seal_of(data))) if form == "seal" else _broken(data)
    found = judged(broken)
    outer, counter = found.signatures
    assert (outer.intact, outer.indication, counter.intact) == (True, "TOTAL-PASSED", False)
    assert found.state == "verifies"
    assert [f.rule for f in found.findings] == ["xades.counter_signature"]
    assert found.findings[0].where.signature == counter.name


@pytest.mark.parametrize("form", ["seal", "header"])
def test_a_good_one_does_not_help_what_it_signs(form: str) -> None:
    forged = PACKETS[form].replace("V/v kiểm thử".encode(), "V/v bãi bỏ".encode())
    found = judged(forged)
    outer, counter = found.signatures
    assert (outer.intact, counter.intact) == (False, True)
    assert found.state == "fails"


@pytest.mark.parametrize("form", ["seal", "header"])
def test_one_of_another_signature_does_not_hold(form: str) -> None:
    data = PACKETS[form]
    stranger = COUNTER.search(countersigned(signed(DOCUMENT)))
    assert stranger is not None
    swap = lambda octets: COUNTER.sub(lambda _: stranger[0], octets)  # noqa: E731
    found = judged(with_seal(data, swap(seal_of(data))) if form == "seal" else swap(data))
    outer, counter = found.signatures
    assert outer.intact is True
    assert counter.intact is not True
    assert counter.indication == "TOTAL-FAILED"
    assert [f.rule for f in found.findings] == ["xades.counter_signature"]


def test_one_beside_what_it_signs_is_told_by_its_type() -> None:
    found = COUNTER.search(PACKETS["header"])
    assert found is not None
    inner = found[0][found[0].index(b"<ds:Signature ") : found[0].rindex(b"</ds:Signature>") + 15]
    beside = HEADED.replace(b"</ds:Signature>", b"</ds:Signature>" + inner, 1)
    whole = judged(beside)
    outer, counter = whole.signatures
    assert (outer.intact, counter.intact, counter.changes) == (True, True, "none")
    assert (counter.countersigns, whole.state) == (outer.name, "verifies")
    # One that does not say so signs none of the packet.
    other = inner.replace(b' Type="http://uri.etsi.org/01903#CountersignedSignature"', b"")
    assert judged(HEADED.replace(b"</ds:Signature>", b"</ds:Signature>" + other, 1)).state == "fails"
    # In a document that has lost what it countersigns there is nothing that it could be for.
    start, end = HEADED.index(b"<ds:Signature "), HEADED.index(b"</ds:Signature>") + 15
    alone = judged(HEADED[:start] + inner + HEADED[end:])
    assert alone.state == "fails"
    assert [one.intact for one in alone.signatures] == [False]


def test_one_of_a_counter_signature_is_judged_too() -> None:
    once = countersigned(signed(DOCUMENT))
    outer, inner = verify_xml(once).signatures
    twice = countersigned(once, "agency", (inner.name,))
    found = verify_xml(twice, trust=TRUST, evidence=EVIDENCE)
    assert [one.countersigns for one in found.signatures] == [None, outer.name, inner.name]
    assert [one.intact for one in found.signatures] == [True] * 3
    assert found.findings == ()


def test_many_are_bounded_and_told() -> None:
    data = signed(DOCUMENT)
    for _ in range(3):
        data = countersigned(data, ids=(verify_xml(data).signatures[0].name,))
    found = verify_xml(data, limits=Limits(signatures=2))
    assert len(found.signatures) == 3
    assert [f.rule for f in found.findings] == ["xmldsig.limit"]
    assert len(verify_xml(data).signatures) == 4


def test_a_document_has_room_for_as_many_as_signatures() -> None:
    data = b'<don><a Id="a">1</a><b Id="b">2</b></don>'
    for name in ("a", "b"):
        data = signed(data, form="detached", ids=(name,))
    own = [s.name for s in verify_xml(data).signatures]
    for name in own * 2:
        data = countersigned(data, ids=(name,))
    assert [s.countersigns for s in verify_xml(data).signatures] == [None, own[0], own[0], None, own[1], own[1]]
    found = verify_xml(data, limits=Limits(signatures=2))
    assert [s.countersigns for s in found.signatures] == [None, own[0], own[0], None]
    assert [f.rule for f in found.findings] == ["xmldsig.limit"]


def test_they_sign_nothing_for_the_law() -> None:
    verifier = Verifier(trust=TRUST, evidence=EVIDENCE)
    alone = signed(DOCUMENT, "person")
    before, after = verifier.verify(alone), verifier.verify(countersigned(alone, "agency"))
    assert len(after.signatures) == 2
    outcomes = [{c.rule: c.outcome for c in report.checks} for report in (before, after)]
    assert outcomes[0] == outcomes[1]
    for form, plain in (("seal", SEALED), ("header", HEADED)):
        before, after = verifier.verify(plain), verifier.verify(PACKETS[form])
        assert before.document is not None
        assert after.document is not None
        assert before.document.value == after.document.value
        assert [f.rule for f in before.findings] == [f.rule for f in after.findings]
        assert "chữ ký đối chứng" in after.to_html()
