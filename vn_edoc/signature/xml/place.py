"""Where what was signed stands: what the signature does not cover is found by walking the whole document.

Core validation says that some elements are as they were signed. It does not say that they are the elements a reader
takes: signature wrapping moves the signed element aside and puts another in its place. Here everything that is neither
covered nor part of the signature's own machinery counts as added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from vn_edoc.findings import Finding, Location
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.names import XADES141, ds, xades
from vn_edoc.signature.xml.problems import finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.signature.xml.structure import elements

__all__ = ["Coverage", "cover", "path_of", "split_texts", "unknown_content"]

_SHOWN = 20
"""Paths kept of a kind: enough to show, and a path costs time in a document made to be slow."""


def _note(kept: list[str], element: etree._Element) -> None:
    if len(kept) < _SHOWN:
        kept.append(path_of(element))


@dataclass(slots=True)
class Coverage:
    """What a signature leaves uncovered."""

    uncovered: list[str] = field(default_factory=list)
    """Paths of uncovered elements and texts."""
    wrapped: list[str] = field(default_factory=list)
    """Paths that show wrapping: an uncovered twin of a covered element."""
    around: list[str] = field(default_factory=list)
    """Plain elements around covered ones, which carry no content of their own."""
    instructions: list[str] = field(default_factory=list)
    """Uncovered processing instructions."""
    comments: list[str] = field(default_factory=list)
    """Comments that split signed text."""
    signs_content: bool = False
    """Whether anything but the signature's own parts is covered."""

    def findings(self) -> Iterator[Finding]:
        """What is to be said."""
        for rule, paths in (
            ("xmldsig.wrapped", self.wrapped),
            ("xmldsig.uncovered", self.uncovered),
            ("xmldsig.position_not_covered", self.around),
            ("xmldsig.instruction", self.instructions),
            ("xmldsig.comment", self.comments),
        ):
            for path in paths:
                yield finding(rule, Location(path=path), path=path)
        if not self.signs_content:
            yield finding("xmldsig.nothing_signed")


def path_of(element: etree._Element) -> str:
    """A path of local names, with positions where a name occurs more than once."""
    steps: list[str] = []
    current: etree._Element | None = element
    while current is not None:
        name = etree.QName(current).localname if isinstance(current.tag, str) else "node()"
        parent = current.getparent()
        if parent is not None:
            twins = [child for child in parent if child.tag == current.tag]
            if len(twins) > 1:
                name += f"[{twins.index(current) + 1}]"
        steps.append(name)
        current = parent
    return "/".join(reversed(steps))


def cover(
    document: Document, core: CoreSignature, properties: Properties | None, own: Iterable[etree._Element]
) -> Coverage:
    """Walk the document with the verified references of ``core``. ``own``: all signatures judged by themselves."""
    out = Coverage()
    signature = core.parts.element
    whole = False
    covered: set[etree._Element] = set()
    searched: set[etree._Element] = set()
    for checked in core.references:
        if checked.ok is not True or checked.target is None:
            continue
        element = checked.target.element
        if properties is not None and element is properties.signed:
            continue
        if element is core.parts.key_info:
            continue
        whole = whole or checked.target.document
        covered.add(element)
        out.signs_content = out.signs_content or len(element) > 0 or bool((element.text or "").strip())
        if not checked.target.comments and element not in searched:
            searched.add(element)
            out.comments.extend(islice(split_texts(element, signature), _SHOWN))
    if not whole:
        judged = set(own)
        above = {ancestor for element in (*covered, *judged, signature) for ancestor in element.iterancestors()}
        _walk(document.root, signature, covered, judged, above, out)
        for node in (*document.root.itersiblings(preceding=True), *document.root.itersiblings()):
            if isinstance(node, etree._ProcessingInstruction):
                _instruction(out, node)
    out.uncovered.extend(islice(unknown_content(core, properties, covered), _SHOWN))
    if out.uncovered and not whole:
        out.wrapped.extend(islice(_twins(document, covered), _SHOWN))
    return out


def _instruction(out: Coverage, node: etree._ProcessingInstruction) -> None:
    if len(out.instructions) < _SHOWN:
        out.instructions.append(f"<?{node.target!s}?>")


def _twins(document: Document, covered: set[etree._Element]) -> Iterator[str]:
    """Uncovered elements that carry the name of a covered one."""
    for name in {str(element.tag) for element in covered}:
        for element in document.root.iter(name):
            if element not in covered and not any(ancestor in covered for ancestor in element.iterancestors()):
                yield path_of(element)


def _walk(
    element: etree._Element,
    signature: etree._Element,
    covered: set[etree._Element],
    judged: set[etree._Element],
    above: set[etree._Element],
    out: Coverage,
) -> None:
    stack = [element]
    while stack:
        current = stack.pop()
        if isinstance(current, etree._ProcessingInstruction):
            _instruction(out, current)
            continue
        if not isinstance(current.tag, str) or current in covered or current is signature or current in judged:
            continue
        if current not in above:
            _note(out.uncovered, current)
            continue
        texts = [current.text, *(child.tail for child in current)]
        named = [str(name) for name in current.attrib if str(name) not in ("Id", "ID", "id")]
        if named or any((text or "").strip() for text in texts):
            _note(out.uncovered, current)
        else:
            _note(out.around, current)
        stack.extend(reversed(list(current)))


def unknown_content(
    core: CoreSignature, properties: Properties | None, covered: Iterable[etree._Element] = ()
) -> Iterator[str]:
    """What is inside the signature and neither covered nor its own: all objects are covered, or hold the XAdES
    properties, whose unsigned part is a closed list."""
    known = set(covered)
    for holder in core.parts.objects:
        if holder in known:
            continue
        if properties is not None and holder is properties.object:
            yield from (path_of(p) for p in properties.unsigned if p.tag not in _KNOWN or _hides(p))
            continue
        content = list(elements(holder))
        if (holder.text or "").strip() or (not content and len(holder)):
            yield path_of(holder)
        yield from (path_of(child) for child in content if child not in known)


def _hides(unsigned: etree._Element) -> bool:
    """Whether a counter-signature holds anything but one signature, which is judged by itself."""
    return unsigned.tag == xades("CounterSignature") and [e.tag for e in elements(unsigned)] != [ds("Signature")]


_KNOWN = {
    xades(name)
    for name in (
        "CounterSignature",
        "SignatureTimeStamp",
        "CompleteCertificateRefs",
        "CompleteRevocationRefs",
        "AttributeCertificateRefs",
        "AttributeRevocationRefs",
        "SigAndRefsTimeStamp",
        "RefsOnlyTimeStamp",
        "CertificateValues",
        "RevocationValues",
        "AttrAuthoritiesCertValues",
        "AttributeRevocationValues",
        "ArchiveTimeStamp",
    )
} | {
    f"{{{XADES141}}}{name}"
    for name in (
        "TimeStampValidationData",
        "ArchiveTimeStamp",
        "RenewedDigests",
        "CompleteCertificateRefsV2",
        "AttributeCertificateRefsV2",
        "SigAndRefsTimeStampV2",
        "RefsOnlyTimeStampV2",
    )
}


def split_texts(element: etree._Element, signature: etree._Element) -> Iterator[str]:
    """Comments with text on both sides: readers that take only the first text node read something else."""
    for comment in element.iter(etree.Comment):
        before = comment.getprevious()
        parent = comment.getparent()
        if parent is None or any(a is signature for a in comment.iterancestors()):
            continue
        left = parent.text if before is None else before.tail
        if (left or "").strip() and (comment.tail or "").strip():
            yield path_of(parent)
