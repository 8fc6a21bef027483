"""Packets: read from memory, from a file, in small pieces and by the long ways, they are the same; so is what is said
of their signatures, whether digests are made while reading or afterwards."""

from __future__ import annotations

import io
import re

import pytest

import vn_edoc
from tests.envelope.test_equal_ways import long_ways, told_of
from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target, scratch
from tests.fuzz.targets.packet import TARGET as PACKETS
from tests.signature.cast import EVIDENCE, TRUST
from tests.signature_xml.test_ahead import AT, said
from tests.signature_xml.test_packet import HEADED, SEALED
from vn_edoc.errors import Unreadable
from vn_edoc.signature import verify_packet
from vn_edoc.signature.packet import ahead

_PATH = scratch() / "packet.edxml"


def _one(data: bytes) -> None:
    short = told_of(data)
    assert told_of(data) == short, "read twice, told differently"
    assert told_of(io.BytesIO(data)) == short
    _PATH.write_bytes(data)
    assert told_of(_PATH) == short
    with pytest.MonkeyPatch.context() as patch:
        long_ways(patch)
        patch.setattr("vn_edoc.xml.ranges.CHUNK", 257)
        assert told_of(_PATH) == short
    if b"Signature" not in data and not re.search(rb"(?i)seal", data):
        return
    given = {"trust": TRUST, "evidence": EVIDENCE, "at": AT}
    found = said(verify_packet(data, **given))
    assert said(verify_packet(_PATH, **given)) == found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead, "_LARGE", 0)
        assert said(verify_packet(data, **given)) == found
    try:
        packet = vn_edoc.read(data)
    except Unreadable:
        return
    with packet:
        assert said(verify_packet(packet, **given)) == found


TARGET = Target(_one, lambda: [*PACKETS.seeds(), SEALED, HEADED], xml_mutated, longest=60_000, timeout=60)
