"""What may stand outside of a packet's signature, and what must not hide in it.

The axis appends trace entries and marks receivers; a packet may hold signature elements that are none. No reader looks
there for a subject or a business type, but one that searches by name alone would find them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import cast

from lxml import etree

from vn_edoc.envelope.elements import elements_of
from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.reader import signature_state
from vn_edoc.envelope.structure import Structure, child, children
from vn_edoc.findings import Finding, Location
from vn_edoc.signature.packet.spelling import odd_names
from vn_edoc.signature.packet.values import MARKER
from vn_edoc.signature.xml.names import ds
from vn_edoc.signature.xml.problems import finding
from vn_edoc.xml.parse import lower_name

__all__ = [
    "AMBIGUOUS",
    "FIELDS",
    "SPLIT",
    "STRUCTURE",
    "Additions",
    "doubtful",
    "found_by_some",
    "real_signatures",
    "said_to_be_nothing",
    "split_values",
]

FIELDS = frozenset(e.name.lower() for m in (DocumentMessage, StatusMessage) for e in elements_of(m).values())
"""Names of the children of ``MessageHeader``."""
STRUCTURE = frozenset({"traceheader", "bussiness", "business", "edxmlmanifest", "manifest", "attachment"})
"""Names of signed elements that have places of their own, outside of ``MessageHeader``."""
AMBIGUOUS = frozenset(
    {"envelope.duplicate_element", "envelope.duplicate_content_id", "envelope.zip_ambiguous", "xml.limit"}
)
"""Findings of the reader after which another reader may take something else."""
_MOVED = frozenset({"envelope.left_out", "envelope.misplaced"})
"""Findings of the reader on elements that it takes from a place that is not theirs."""
SPLIT = "envelope.split_value"
"""Finding of the reader on a comment or an instruction in a value: readers that take its first text take less."""
_READ = (
    FIELDS | STRUCTURE | {"messageheader", "status", "traceheaderlist", "bussinessdoctype", "businessdoctype", "paper"}
)
"""Names by which a reader finds what it uses."""
_OF_FILES = frozenset({"description"})
_OF_TRACES = frozenset({"timestamp"})
_OF_SIGNATURES = frozenset({"description", "timestamp", "content", "manifest"})
"""Names that these have of themselves."""
_SHOWN = 20


def real_signatures(found: Structure) -> list[etree._Element]:
    """The XML signatures in the header; a placeholder, or an element without a value, is none."""
    own = [e for e in found.signatures if e.tag == ds("Signature") and len(e)]
    return [e for e in own if signature_state(replace(found, signatures=[e])) == "present"]


@dataclass(slots=True, init=False)
class Additions:
    """What a packet holds that no signature has to cover."""

    sender: etree._Element | None
    """The sender's trace entry: the first."""
    traces: set[etree._Element]
    """Trace entries after it."""
    receivers: set[etree._Element]
    """Receivers that carry the axis' own marker."""
    others: list[etree._Element]
    """Elements in the place of a signature that are none."""

    def __init__(self, found: Structure, signatures: Iterable[etree._Element]) -> None:
        """``signatures``: those that are judged by themselves."""
        entries = [] if found.trace is None else list(children(found.trace, "traceheader"))
        self.sender = entries[0] if entries else None
        self.traces = set(entries[1:])
        named = () if found.message is None else children(found.message, "to")
        self.receivers = {element for element in named if _is_marked(element)}
        known = set(signatures)
        self.others = [element for element in found.signatures if element not in known]

    def hidden(self, *more: etree._Element | None) -> list[etree._Element]:
        """Elements in them, and in ``more`` (attachments, the manifest), that carry the name of one that is read
        elsewhere."""
        holders = chain(
            ((e, _OF_FILES) for e in more if e is not None),
            ((e, _OF_TRACES) for e in self.traces),
            ((e, frozenset[str]()) for e in self.receivers),
            ((e, _OF_SIGNATURES) for e in self.others),
        )
        return list(islice(_found(holders), _SHOWN))


def _found(holders: Iterator[tuple[etree._Element, frozenset[str]]]) -> Iterator[etree._Element]:
    for holder, own in holders:
        for element in holder.iterdescendants(etree.Element):
            name = lower_name(element.tag)
            if name in _READ and name not in own:
                yield element


def _is_marked(receiver: etree._Element) -> bool:
    marker = child(receiver, "organizationincharge")
    return marker is not None and MARKER in (marker.text or "")


def doubtful(packet: Packet) -> list[Location]:
    """Where the reader has found what another one may take differently. Nothing of the kind is signed, so it came
    later."""
    return [f.where for f in packet.findings if f.rule in AMBIGUOUS]


def found_by_some(packet: Packet, structure: Structure | None) -> list[str]:
    """What only tolerant readers find of a packet: elements by other names, and in other places. What no signature has
    to cover is left out."""
    if structure is None:
        return []
    later = Additions(structure, ())
    odd = list(odd_names(structure, later.traces | later.receivers))
    return odd + [f"{f.rule} {f.where.path}" for f in packet.findings if f.rule in _MOVED]


def split_values(packet: Packet) -> list[Finding]:
    """Values that a comment or an instruction splits: canonicalisation leaves a comment out, readers may stop at it."""
    where = (f.where for f in packet.findings if f.rule == SPLIT)
    return [finding("xmldsig.comment", place, path=str(place)) for place in islice(where, _SHOWN)]


def said_to_be_nothing(root: etree._Element) -> list[etree._Element]:
    """Elements that readers bound to a schema take for empty, whatever they hold."""
    return _NIL(root)[:_SHOWN]


_NIL = cast(
    "Callable[[etree._Element], list[etree._Element]]",
    etree.XPath("//*[@xsi:nil][node()]", namespaces={"xsi": "http://www.w3.org/2001/XMLSchema-instance"}),
)
