"""Packets with a seal or a header signature: what verifies is read as it was signed."""

from __future__ import annotations

from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, TRUST
from tests.signature_xml.test_structures import SIGNED, taken
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_packet

_BOUNDS = Limits(seconds=10, packet_bytes=4 << 20, xml_elements=5_000)
_READINGS = list(SIGNED.values())


def _one(data: bytes) -> None:
    found = verify_packet(data, trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)
    for told in (*found.findings, *(f for s in found.signatures for f in s.findings)):
        assert told.to_dict() and told.rule != "verify.internal"
    if found.state == "verifies":
        assert taken(data) in _READINGS, "what nobody signed verifies"


TARGET = Target(_one, lambda: list(SIGNED), xml_mutated, longest=80_000, words=(b"edXML:", b"<To>", b"Id="))
