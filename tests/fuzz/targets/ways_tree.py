"""XML with long base64 texts: skeleton and ranges give the texts and canonical octets of lxml's tree of the whole; our
parser takes nothing that lxml refuses, and reads it alike."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target
from tests.fuzz.targets.packet import TARGET as PACKETS
from tests.xml.test_ranges import document
from vn_edoc.xml.c14n import Canonicalization, canonical
from vn_edoc.xml.parse import parse
from vn_edoc.xml.ranges import CutRange, cut
from vn_edoc.xml.source import open_source

_METHODS = (Canonicalization.INCLUSIVE_COMMENTS, Canonicalization.EXCLUSIVE)


def _seeds() -> list[bytes]:
    chance = random.Random(102)
    made = [document(chance) for _ in range(60)]
    return [data for data in made if len(data) < 20_000] + list(PACKETS.seeds())


def _one(data: bytes) -> None:
    parsed = parse(data)
    if parsed.root is not None and parsed.exact:
        whole = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))
        for method in _METHODS:
            try:
                assert canonical(parsed.root, method, document=True) == canonical(whole, method, document=True)
            except ValueError:
                continue
    for threshold in (8, 60, 8192):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("vn_edoc.xml.ranges.THRESHOLD", threshold)
            patch.setattr("vn_edoc.xml.ranges._SAMPLE", 16)
            skeleton = cut(open_source(data))
        rest = parse(skeleton.data)
        if not skeleton.exact:
            continue
        assert rest.exact == parsed.exact, "well-formed with its contents and not without, or the other way round"
        if rest.root is None or parsed.root is None or not rest.exact:
            continue
        for method in _METHODS:
            try:
                mine = b"".join(skeleton.pieces(canonical(rest.root, method)))
                assert mine == canonical(parsed.root, method), "two canonical forms"
            except ValueError:
                continue
        for one, other in zip(rest.root.iter(), parsed.root.iter(), strict=True):
            assert skeleton.expand(one.text or "") == (other.text or "")
            assert skeleton.expand(one.tail or "") == (other.tail or "")
        for held in skeleton.ranges.values():
            if isinstance(held, CutRange):
                assert held.run.check().damage or b"".join(held.run.decoded()) is not None


TARGET = Target(_one, _seeds, xml_mutated, longest=30_000)
