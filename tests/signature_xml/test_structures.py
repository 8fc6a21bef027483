"""Elements of signed packets moved, copied, renamed, put in and taken away at random: what verifies still is read as it
was signed."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import vn_edoc
from tests.fuzz.duration import turns
from tests.signature_xml.test_every_field import AXIS, HEADED, SEALED
from tests.signature_xml.test_packet import HEADED as SMALL_HEADED
from tests.signature_xml.test_packet import SEALED as SMALL_SEALED
from vn_edoc.signature import verify_packet
from vn_edoc.signature.packet.seal import is_seal_name

NAMES = (
    "Subject", "Bussiness", "business", "To", "From", "TraceHeader", "TraceHeaderList", "MessageHeader", "Attachment",
    "AttachmentName", "Name", "Reference", "DocumentId", "Paper", "OrganId", "Signature", "Content", "BodyContent",
    "edXMLManifest", "unknown",
)  # fmt: skip
NAMESPACES = ("http://www.mic.gov.vn/TBT/QCVN_102_2016", "", "urn:other", "http://www.e-doc.vn/Schema/")
ATTRIBUTES = ("Id", "id", "x", "{http://www.w3.org/2001/XMLSchema-instance}nil")


def normal(value: Any) -> Any:
    """Without order, and without what no reader knows."""
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items() if key != "extensions"}
    return sorted(map(normal, value), key=repr) if isinstance(value, list) else value


def taken(data: bytes) -> Any:
    """What a reader takes from a packet, without what the axis may add."""
    with vn_edoc.read(data) as packet:
        files = sorted((str(a.name), a.sha256) for a in packet.attachments if not is_seal_name(a.name))
        found = packet.message.to_dict() if packet.message is not None else {}
    trace = found.get("TraceHeaderList", {})
    found["TraceHeaderList"] = {k: v for k, v in trace.items() if k not in AXIS | {"TraceHeader"}}
    found["TraceHeader"] = trace.get("TraceHeader", [])[:1]
    found["To"] = [one for one in found.get("To", []) if "TLTVBQG" not in repr(one)]
    return normal(found), files


def moved(data: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
        elements = [e for e in root.iterdescendants(etree.Element) if not str(e.tag).startswith("{http://www.w3.org/2")]
        one, other = chance.choice(elements), chance.choice(elements)
        name = f"{{{chance.choice(NAMESPACES)}}}{chance.choice(NAMES)}"
        action = chance.randrange(7)
        if action == 0 and other not in set(one.iter()):
            other.insert(chance.randrange(len(other) + 1), one)
        elif action == 1:
            one.addnext(copy.deepcopy(one))
        elif action == 2:
            one.getparent().remove(one)
        elif action == 3:
            one.tag = name
        elif action == 4 and one not in set(other.iter()):
            one.addprevious(other)
        elif action == 5:
            one.set(chance.choice(ATTRIBUTES), chance.choice(("true", "1", "q")))
        elif action == 6:
            etree.SubElement(other, name).text = chance.choice(("1", "x", None))
    return bytes(etree.tostring(root, encoding="UTF-8"))


SIGNED = {data: taken(data) for data in (SMALL_SEALED, SMALL_HEADED, SEALED, HEADED)}


def check(chance: random.Random) -> None:
    data = chance.choice(list(SIGNED))
    made = moved(data, chance)
    if verify_packet(made).state == "verifies":
        assert taken(made) == SIGNED[data]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_what_verifies_is_read_as_it_was_signed(chance: random.Random) -> None:
    check(chance)


@pytest.mark.fuzz
def test_much_that_verifies_is_read_as_it_was_signed() -> None:
    for number in turns(random_start=True):
        check(random.Random(number))
