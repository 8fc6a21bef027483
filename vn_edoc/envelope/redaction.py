"""A packet fit for a support ticket: its structure as it stands, without what it says.

Order, names, prefixes, namespaces, empty elements and agency codes stay, because faults lie there. Names, addresses,
subjects and other free texts keep their length and shape only; contents become a line that tells type and size.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from functools import cache

import pybase64
from lxml import etree

from vn_edoc._unicode import composed
from vn_edoc.envelope.names import extension
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.structure import children, locate
from vn_edoc.identifiers import document_types
from vn_edoc.xml.parse import lower_name

__all__ = ["redact"]

_KEPT = frozenset(
    {"organid", "documentid", "code", "codenumber", "codenotation", "promulgationdate", "duedate", "date", "timestamp"}
    | {"type", "typedetail", "typename", "priority", "promulgationamount", "pageamount", "direction", "steeringtype"}
    | {"applicationtype", "taskcode", "bussinessdoctype", "businessdoctype", "documentinfo", "documentreceiver"}
    | {"receivertype", "paper", "statuscode", "contentid", "contenttype", "attachmenttype", "attachmentsize"}
    | {"contenttransferencoding", "issuccess", "digestvalue"}
)
"""Elements whose texts stay where they look like what belongs there: codes, dates, numbers."""
_KEPT_ATTRIBUTES = frozenset(
    {"id", "version", "mustunderstand", "actor", "href", "role", "type", "lang", "schemalocation", "encodingstyle"}
    | {"content-type", "content-transfer-encoding", "highestseverity", "algorithm", "uri", "target"}
    | {"originalbodyrequested", "immediateresponserequired", "nil", "encoding"}
)
"""Attributes whose values stay: ids and what the dialects and XML itself fix."""
_CONTENTS = frozenset({"contenttransferencoded", "attachmentdata"})
_NAMES = frozenset({"attachmentname", "name"})


def redact(packet: Packet) -> tuple[bytes, bytes | None]:
    """The packet (and its second file, where there is one) with what it says taken out.

    A packet that was repaired when it was read comes out repaired.
    """
    first = _redacted(packet.parts.root, packet)
    second = None if packet.attachment_parts is None else _redacted(packet.attachment_parts.root, packet)
    return first, second


def _redacted(original: etree._Element, packet: Packet) -> bytes:
    root = copy.deepcopy(original)
    contents = _content_elements(root)
    described = iter([_described(a.media_type or a.damage, a.size) for a in packet.attachments])
    for element in root.iter():
        name = lower_name(element.tag)
        if name:
            _mask_attributes(element)
        if element.tail and element.tail.strip():
            element.tail = masked(element.tail)
        if not name:
            # References to entities that do not exist stay: they are part of what is wrong.
            if element.tag is not etree.Entity:
                element.text = masked(element.text or "")
        elif element in contents:
            del element[:]
            element.text = next(described, _described(None, None))
        elif name in _NAMES:
            element.text = _masked_name(element.text or "") if element.text else element.text
        elif element.text and element.text.strip() and not (name in _KEPT and _is_code(element.text)):
            element.text = masked(element.text)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


_HALVES = frozenset({"AM", "PM", "SA", "CH"})
_EXTENSION = re.compile(r"(?=.*[a-z])[a-z0-9]{1,5}", re.ASCII)
_LONGEST = 120


def _is_code(text: str) -> bool:
    """Whether a text is a code, a number, a date, a URI or the name of a type of documents: anything else that stands
    in such a place may be about somebody."""
    words = text.split()
    if len(text) > _LONGEST:
        return False
    if len(words) == 1 or all(w in _HALVES or any(c.isdigit() for c in w) for w in words):
        return True
    return composed(" ".join(words)).casefold() in _type_names()


@cache
def _type_names() -> frozenset[str]:
    return frozenset(t.name.removesuffix(" (cá biệt)").casefold() for t in document_types())


def _mask_attributes(element: etree._Element) -> None:
    for key, value in element.attrib.items():
        if lower_name(key) in _KEPT_ATTRIBUTES and _is_code(str(value)):
            continue
        try:
            element.set(key, masked(str(value)))
        except ValueError:
            # A repaired tree may hold a name that cannot be set: the attribute goes as a whole.
            del element.attrib[key]


def _content_elements(root: etree._Element) -> set[etree._Element]:
    found = locate(root)
    if found is None:
        return set()
    return {c for a in found.attachments for c in children(a, *_CONTENTS, "value")}


def _described(kind: str | None, size: int | None) -> str:
    return pybase64.b64encode(f"[redacted: {kind}, {size} bytes]".encode()).decode()


def masked(text: str) -> str:
    """``text`` masked: length, case, spaces and punctuation stay; what XML cannot carry goes."""
    return "".join(_mask(c) for c in text)


def _mask(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Lu":
        return "X"
    if category.startswith("L"):
        return "x"
    if category in ("Cc", "Cs", "Cn") and char not in "\t\n\r":  # a repaired tree may hold it
        return "\ufffd"
    return "0" if category.startswith("N") else char


def _masked_name(name: str) -> str:
    suffix = extension(name)
    # Behind a dot there may be anything: what is kept is an extension that somebody uses.
    known = _EXTENSION.fullmatch(suffix) is not None and name.lower().endswith(f".{suffix}")
    stem = name[: -len(suffix) - 1] if known else name
    return masked(stem) + name[len(stem) :]
