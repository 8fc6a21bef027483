"""The canonical values of a packet: what a seal signs of the header.

Version 1, schema ``data/packet-seal-1.xsd``. Values are those of the message model, so that what is signed is what a
reader uses, however the packet is spelled: NFC text, whole numbers in decimal, dates and times in ISO 8601, ``true``
and ``false``. Order has no meaning; entries are sorted. Left out is what the axis adds on the way: trace entries after
the sender's own, and the attributes that SOAP has left on the trace list.

An element in another namespace, or under a name of another case, is one that a strict reader does not find: what was so
when the packet was sealed is an entry, and may be set right later; what becomes so later breaks the seal.

The name of a field stands for the field alone. What edXML does not know, and a field that stands where no reader looks
for it, has a name that no field can have: ``:Name`` in the packet's own namespace, ``{namespace}Name`` in another,
``TraceHeaderList.`` before it on the trace list. Else a recall, moved to where nobody reads it, would still be sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml import etree

from vn_edoc._unicode import composed
from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage
from vn_edoc.signature.xml.build import escape
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.structure import elements, text_of

__all__ = ["MARKER", "NAMESPACE", "VERSION", "Differences", "Entry", "compare", "parse", "render", "values_of"]

NAMESPACE = "urn:vn-edoc:packet-seal:1"
VERSION = "1"
MARKER = "TLTVBQG_CDMDD_QD20"
"""What the axis writes into ``OrganizationInCharge`` of a receiver that it adds under an old code."""

Entry: TypeAlias = tuple[str, "str | tuple[Entry, ...]"]
"""A name with its text, or with sorted entries below it."""

_ODD = "#name"
"""Name of the entries on elements that a strict reader does not find: no field has it."""
_AXIS = frozenset({"id", "version", "mustUnderstand", "actor"})


def values_of(
    message: DocumentMessage | StatusMessage | ErrorReport | None, manifest: Iterable[str], odd: Iterable[str] = ()
) -> tuple[Entry, ...]:
    """The entries of a message, of the names in its manifest, and of what only tolerant readers find, sorted."""
    if message is None:
        return ()
    found: list[Entry] = []
    for name, value in message.to_dict().items():
        if name == "TraceHeaderList":
            found.extend(_trace(value))
        else:
            found.extend(_entries(name, value))
    found.extend(("Manifest", (("AttachmentName", _text(name)),)) for name in manifest)
    found.extend((_ODD, _text(name)) for name in odd)
    return tuple(sorted(found, key=_order))


def _trace(value: Mapping[str, Any]) -> Iterator[Entry]:
    for name, inner in value.items():
        if name in _AXIS:
            continue
        if name == "TraceHeader":
            yield from _entries(name, list(inner)[:1])
        elif name == "Paper":
            yield from _entries("TraceHeaderList.Paper", inner)
        elif name == "extensions":
            for item in inner:
                known, below = _extension(item)
                yield "TraceHeaderList." + known, below
        else:
            yield from _entries(name, inner)


def _entries(name: str, value: Any) -> Iterator[Entry]:
    if value is None:
        return
    if name == "extensions":
        for item in value:
            yield _extension(item)
    elif isinstance(value, Mapping):
        below = [entry for key, inner in value.items() for entry in _entries(key, inner)]
        yield name, tuple(sorted(below, key=_order))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _entries(name, item)
    else:
        yield name, _text(value)


def _extension(item: Mapping[str, Any]) -> Entry:
    namespace, name = item.get("namespace"), str(item["name"])
    if namespace is not None:
        name = f"{{{namespace}}}{name}"
    elif not name.startswith("@"):
        name = ":" + name
    below: list[Entry] = [("@" + str(key), _text(value)) for key, value in item.get("attributes", ())]
    below.extend(_extension(child) for child in item.get("children", ()))
    text = item.get("text")
    if not below:
        return name, _text(text or "")
    if text:
        below.append(("", _text(text)))
    return name, tuple(sorted(below, key=_order))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return composed(str(value))


def _order(entry: Entry) -> tuple[str, int, Any]:
    name, value = entry
    if isinstance(value, str):
        return name, 0, value
    return name, 1, tuple(_order(inner) for inner in value)


def render(kind: str, entries: Iterable[Entry]) -> str:
    """The ``seal:Packet`` element in its canonical form."""
    inner = "".join(_rendered(entry) for entry in entries)
    head = f'<seal:Packet xmlns:seal="{NAMESPACE}" kind="{escape(kind, attribute=True)}" version="{VERSION}">'
    return f"{head}{inner}</seal:Packet>"


def _rendered(entry: Entry) -> str:
    name, value = entry
    shown = escape(name, attribute=True)
    if isinstance(value, str):
        return f'<seal:Value name="{shown}">{escape(value)}</seal:Value>'
    return f'<seal:Group name="{shown}">{"".join(_rendered(inner) for inner in value)}</seal:Group>'


def parse(element: etree._Element) -> tuple[str, tuple[Entry, ...]]:
    """Kind and entries of a ``seal:Packet`` element; :class:`Refusal` when it is not version 1 of the schema."""
    if element.tag != f"{{{NAMESPACE}}}Packet" or element.get("version") != VERSION:
        raise Refusal("packet.seal_version", version=f"{element.tag} {element.get('version')}")
    return str(element.get("kind") or ""), _parsed(element)


def _parsed(parent: etree._Element) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for child in elements(parent):
        name = child.get("name")
        if name is None:
            raise Refusal("xmldsig.structure", element="Value", expected="@name")
        if child.tag == f"{{{NAMESPACE}}}Value":
            found.append((str(name), text_of(child)))
        elif child.tag == f"{{{NAMESPACE}}}Group":
            found.append((str(name), _parsed(child)))
        else:
            raise Refusal("xmldsig.structure", element="Packet", expected="(Value|Group)*")
    return tuple(sorted(found, key=_order))


@dataclass(slots=True)
class Differences:
    """How a packet differs from what was sealed."""

    changed: list[str] = field(default_factory=list)
    """Names whose value is another one."""
    removed: list[str] = field(default_factory=list)
    """Names that are missing."""
    added: list[str] = field(default_factory=list)
    """Names that were not sealed."""
    moved: list[str] = field(default_factory=list)
    """Elements that a strict reader does not find any more."""
    marked: int = 0
    """Receivers that carry the axis' own marker."""


def compare(sealed: Iterable[Entry], found: Iterable[Entry]) -> Differences:
    """Compare entry by entry, without order. A receiver added with the axis' marker is told apart."""
    before, after = Counter(sealed), Counter(found)
    missing = [entry for entry in (before - after).elements() if entry[0] != _ODD]
    extra = list((after - before).elements())
    out = Differences(moved=[str(value) for name, value in extra if name == _ODD])
    extra = [entry for entry in extra if entry[0] != _ODD]
    for entry in [e for e in extra if _is_marked(e)]:
        extra.remove(entry)
        out.marked += 1
    lost = Counter(name for name, _ in missing)
    new = Counter(name for name, _ in extra)
    for name in sorted(lost | new):
        both = min(lost[name], new[name])
        out.changed.extend([name] * both)
        out.removed.extend([name] * (lost[name] - both))
        out.added.extend([name] * (new[name] - both))
    return out


def _is_marked(entry: Entry) -> bool:
    name, value = entry
    if name != "To" or isinstance(value, str):
        return False
    return any(key == "OrganizationInCharge" and isinstance(text, str) and MARKER in text for key, text in value)
