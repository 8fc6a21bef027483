"""Signed XML: the quick ways say what the general ones say, or nothing; our canonical form is that of others."""

from __future__ import annotations

from functools import cache

from lxml import etree

from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target
from tests.fuzz.targets.xml import TARGET as SIGNED
from tests.signature_xml.reference_c14n import reference
from tests.signature_xml.test_plain import OTHER, agree
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.signed_info import read_parsed, read_plain
from vn_edoc.xml.c14n import Canonicalization, canonical
from vn_edoc.xml.parse import parse

_PLAIN = (Canonicalization.INCLUSIVE, Canonicalization.INCLUSIVE_COMMENTS)
_EXCLUSIVE = (Canonicalization.EXCLUSIVE, Canonicalization.EXCLUSIVE_COMMENTS)
_PREFIXES: tuple[tuple[str, ...], ...] = ((), ("ds",), ("#default", "xades"))


@cache
def _seeds() -> tuple[bytes, ...]:
    shapes = (
        b'<r xmlns="urn:r" xmlns:p="urn:p" xml:lang="vi"><p:a q="1" xmlns:q="urn:q" q:z="&#9;"/><b xmlns="">x</b></r>',
        b"<?p q?><a xml:base='x/'><b xml:base='../y' xml:id='i'>\r\n<!--c--><![CDATA[<&>]]>&#13;</b></a><!--d-->",
    )
    return (*SIGNED.seeds(), OTHER, *shapes)


def _one(data: bytes) -> None:
    agree(data)
    parsed = parse(data)
    if parsed.root is None or not parsed.exact:
        return
    elements = [e for e in parsed.root.iter() if isinstance(e.tag, str)]
    for info in parsed.root.iter("{http://www.w3.org/2000/09/xmldsig#}SignedInfo"):
        try:
            octets = canonical(info, Canonicalization.EXCLUSIVE)
        except ValueError:
            continue
        quick = read_plain(octets, DEFAULT_LIMITS)
        try:
            assert quick is None or quick == read_parsed(octets, DEFAULT_LIMITS)
        except Refusal:
            raise AssertionError("read quickly and refused by the general way") from None
    # Which subtree and method follow from the octets, so that a find is found again.
    node = elements[len(data) % len(elements)]
    method = (*_PLAIN, *_EXCLUSIVE)[data.count(b"a") % 4]
    prefixes = _PREFIXES[data.count(b"b") % 3] if method.exclusive else ()
    inner = [e for e in node.iter() if isinstance(e.tag, str) and e is not node][:40]
    without = ([None, *inner])[data.count(b"e") % (len(inner) + 1)]
    if len(elements) > 60:
        return
    before = etree.tostring(parsed.root)
    try:
        mine = canonical(node, method, prefixes=prefixes, without=without)
    except ValueError:
        return
    assert mine == reference(node, method, prefixes, without), "two canonical forms"
    assert etree.tostring(parsed.root) == before


TARGET = Target(_one, _seeds, xml_mutated, longest=30_000)
