"""Elements that only tolerant readers find: in another namespace, or under a name of another case or hand.

This library's reader takes ``bussiness`` without a namespace for ``Bussiness``; one bound to the schema sees nothing
there, and a recall becomes a new document for it. Whoever moves an element so has changed the packet, though no value
of this reader changes. A seal signs what it found of the kind; a hub that sets it right changes nothing for anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

from vn_edoc.envelope.collecting import LEAF_NAMES
from vn_edoc.envelope.dialects.base import COMMON_ALIASES, ESB, QCVN, SOAP
from vn_edoc.envelope.elements import Element, elements_of, group_named
from vn_edoc.envelope.structure import Structure, children
from vn_edoc.xml.parse import local_name, lower_name, namespace_of

__all__ = ["odd_names", "odd_wrappers"]

_STRUCTURE = frozenset(
    (
        *("edXML", "edXMLEnvelope", "edXMLHeader", "edXMLBody", "MessageHeader", "Status", "TraceHeaderList"),
        *("edXMLManifest", "Manifest", "Reference", "AttachmentEncoded", "edXMLAttachments", "Attachments"),
        *("Attachment", "edXMLAttachment", "edXMLDocument", "Envelope", "Header", "Body", "document", "allDocument"),
    )
)
"""Structural elements by their right names, in any dialect."""
_APART = frozenset({"TraceHeaderList", "BodyContent"})
"""Fields of a message whose elements stand beside ``MessageHeader``."""
_LEAVES = frozenset(name.lower() for name in LEAF_NAMES)


def odd_names(found: Structure, later: Collection[etree._Element]) -> Iterator[str]:
    """Place and name of each element that a tolerant reader uses and a strict one does not find, in the document's
    order. ``later``: elements that no signature has to cover."""
    space = namespace_of(found.message.tag) if found.message is not None else namespace_of(found.root.tag)
    if space not in (QCVN, ESB):
        yield f"/ {{{space}}}"
    walk = _Walk(space, later)
    yield from walk.structure(found)
    if found.message is not None:
        model = group_named("StatusMessage" if found.kind == "status" else "DocumentMessage")
        yield from walk.group(found.message, model, "MessageHeader")
    if found.trace is not None:
        yield from walk.group(found.trace, group_named("TraceHeaderList"), "TraceHeaderList")
    for entry in () if found.manifest is None else children(found.manifest, "reference"):
        yield from walk.leaves(entry, "Reference")
    for attachment in found.attachments:
        yield from walk.leaves(attachment, "Attachment")


def odd_wrappers(found: Structure, covered: Collection[etree._Element]) -> list[etree._Element]:
    """Elements around the covered ones that a strict reader does not find."""
    spaces = {namespace_of(element.tag) for element in covered}
    inner = [found.message, found.trace, found.body, *(element.getparent() for element in found.attachments)]
    around = [e for holder in inner if holder is not None for e in (holder, *holder.iterancestors())]
    return [e for e in dict.fromkeys(around) if e not in covered and not _is_right(e, spaces)]


def _is_right(element: etree._Element, spaces: Collection[str]) -> bool:
    """Whether a structural element has its name, in one of the namespaces."""
    name, space = local_name(element.tag), namespace_of(element.tag)
    return name in _STRUCTURE and (space in spaces or (space == SOAP and name in ("Envelope", "Header", "Body")))


class _Walk:
    """Goes through a packet whose elements have the namespace ``space``."""

    def __init__(self, space: str, later: Collection[etree._Element]) -> None:
        self._space = space
        self._later = later

    def structure(self, found: Structure) -> Iterator[str]:
        """Structural elements."""
        named = [found.root, found.envelope, found.header, found.body, found.message, found.trace, found.manifest]
        named += () if found.manifest is None else children(found.manifest, "reference")
        for attachment in found.attachments:
            named += (attachment, attachment.getparent())
        for element in dict.fromkeys(e for e in named if e is not None):
            if not _is_right(element, {self._space}):
                yield f"/ {element.tag!s}"

    def group(self, holder: etree._Element, model: type[Any], path: str) -> Iterator[str]:
        """The elements of a group of fields."""
        exact = {e.name: e for e in elements_of(model).values() if not e.attribute and e.name not in _APART}
        lenient = _lenient(exact, path.rpartition("/")[2])
        for child in holder:
            if not isinstance(child.tag, str) or child in self._later:
                continue
            name = local_name(child.tag)
            spec = exact.get(name) or lenient.get(name.lower())
            if spec is None:
                continue
            if name != spec.name or self._foreign(child):
                yield f"{path} {child.tag!s}"
            yield from self._inside(child, spec, f"{path}/{spec.name}")

    def _inside(self, element: etree._Element, spec: Element, path: str) -> Iterator[str]:
        if spec.item is None:
            if spec.part is not None:
                yield from self.group(element, spec.part, path)
            return
        for item in element:
            if lower_name(item.tag) != spec.item.lower():
                continue
            if local_name(item.tag) != spec.item or self._foreign(item):
                yield f"{path} {item.tag!s}"
            if spec.part is not None:
                yield from self.group(item, spec.part, f"{path}/{spec.item}")

    def leaves(self, holder: etree._Element, path: str) -> Iterator[str]:
        """The elements of an attachment, or of an entry of the manifest."""
        for child in holder:
            name = local_name(child.tag)
            if name.lower() in _LEAVES and (name not in LEAF_NAMES or self._foreign(child)):
                yield f"{path} {child.tag!s}"

    def _foreign(self, element: etree._Element) -> bool:
        return namespace_of(element.tag) != self._space


def _lenient(exact: dict[str, Element], group: str) -> dict[str, Element]:
    """The elements by their names in lower case, those of other hands included."""
    table = {name.lower(): element for name, element in exact.items()}
    for aliases in (COMMON_ALIASES["*"], COMMON_ALIASES.get(group, {})):
        for alias, name in aliases.items():
            if name in exact:
                table.setdefault(alias, exact[name])
    return table
