"""Whether a packet may be signed is told without a verifier, and never differs from what the verifier says."""

from __future__ import annotations

from pathlib import Path

import pytest

import vn_edoc
from tests.envelope.packets import attachment, packet, reference
from vn_edoc.errors import Unreadable
from vn_edoc.signature import verify_packet
from vn_edoc.signature.packet.presence import may_be_signed

DS = 'xmlns="http://www.w3.org/2000/09/xmldsig#"'
NAMES = (
    "vn-edoc-seal.xml",
    "VN-EDOC-SEAL.XML",
    "vn-edoc-seal-2.xml",
    "vn-edoc-seal-x.xml",
    "a.xml",
    "vn-edoc-seal.pdf",
)
EXTRAS = ("", "<Signature/>", "<Signature>x</Signature>", f"<Signature {DS}><SignedInfo/></Signature>", "<Signatur/>")


def _told(data: bytes | Path) -> bool:
    with vn_edoc.read(data) as read:
        may, found = may_be_signed(read), verify_packet(read)
    assert may or (found.state, found.signatures, found.findings, bool(found.evidence)) == ("absent", (), (), False)
    return may


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_signed(name: str, extra: str) -> None:
    told = _told(packet(attachment(name, b"<x/>"), references=reference(name), extra=extra))
    assert told == (name in NAMES[:3] or extra in EXTRAS[1:4])
    # A signature in another place is none of the packet's own, and the verifier says nothing of it either.
    _told(packet(attachment(name, b"<x/>"), references=reference(name) + extra))


def test_the_samples(shared: Path) -> None:
    for file in sorted((shared / "samples" / "edxml").rglob("*.xml")):
        try:
            _told(file)
        except Unreadable:
            continue
