"""The header form: XML Signature in place, one reference by ``Id`` for everything a reader uses.

Signed are every child of ``MessageHeader`` (each ``To`` by itself), ``Bussiness``, the sender's ``TraceHeader``, the
manifest and each ``Attachment``; the signature stands last in ``edXMLHeader``. Trace entries that the axis appends and
a receiver that it marks stay outside, and leave it valid. A packet that is parsed and rebuilt loses it: use the seal.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from vn_edoc.envelope.hashing import AsideDigest
from vn_edoc.envelope.structure import Structure, locate
from vn_edoc.errors import NotConforming, SigningError, UsageError
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.packet.beside import FIELDS, STRUCTURE, Additions, real_signatures
from vn_edoc.signature.packet.spelling import odd_wrappers
from vn_edoc.signature.result import Changes
from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.build import IDENTIFIER, DataReference, begin
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.document import Document, Target
from vn_edoc.signature.xml.extend import SigningRequest, raise_level
from vn_edoc.signature.xml.opened import tree_document
from vn_edoc.signature.xml.place import path_of, split_texts, unknown_content
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.xml.c14n import Canonicalization, Piece
from vn_edoc.xml.parse import local_name, parse
from vn_edoc.xml.ranges import Skeleton

__all__ = ["place_in_header", "sign_skeleton", "signable"]


def signable(found: Structure) -> list[etree._Element]:
    """The elements that the header form signs: all that a reader uses, except trace entries after the sender's."""
    out: list[etree._Element] = []
    known = {found.message, found.trace, found.manifest, found.body, *found.signatures}
    for holder in (found.header, found.body):
        out.extend(item for item in _elements(holder) if item not in known)
    out.extend(_elements(found.message))
    later = Additions(found, ()).traces
    out.extend(item for item in _elements(found.trace) if item not in later)
    if found.manifest is not None:
        out.append(found.manifest)
    out.extend(found.attachments)
    return out


def _elements(holder: etree._Element | None) -> list[etree._Element]:
    return [] if holder is None else [item for item in holder if isinstance(item.tag, str)]


def sign_skeleton(
    skeleton: Skeleton, request: SigningRequest, signer_data: Evidence, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """The signature element over a packet whose signed elements carry their ``Id``."""
    parsed = parse(skeleton.data, limits)
    found = locate(parsed.root) if parsed.root is not None and parsed.exact else None
    if parsed.root is None or found is None:
        raise NotConforming(
            "the packet cannot be signed as it stands", "không ký được gói tin ở dạng này", findings=parsed.findings
        )
    outside = _Outside()
    additions = Additions(found, real_signatures(found))
    signed = set(signable(found))
    _uncovered(found, signed, additions, outside)
    outside.added.extend(path_of(element) for element in odd_wrappers(found, signed))
    outside.added.extend(path_of(element) for element in additions.hidden())
    if outside.added:
        raise NotConforming(
            f"the packet cannot be signed in its header: {outside.added[0]} would stay outside",
            f"không ký được trong phần đầu gói tin: {outside.added[0]} sẽ nằm ngoài chữ ký",
        )
    try:
        document = tree_document(parsed.root, skeleton, limits)
        references = [_reference(document, element, request.options.digest) for element in signable(found)]
    except Refusal as refusal:
        raise SigningError(refusal.finding.message_en, refusal.finding.message_vi, field="packet") from None
    identifier = "S-" + secrets.token_hex(8)
    draft = begin(references, request.signer, request.options, identifier=identifier)
    raise_level(draft, request, signer_data)
    return draft.to_bytes()


def _reference(document: Document, element: etree._Element, digest: str) -> DataReference:
    name = element.get("Id")
    if name is None:
        raise UsageError(
            f"{path_of(element)} has no Id",
            f"{path_of(element)} không có thuộc tính Id",
            field="Id",
            value=path_of(element),
        )
    if not IDENTIFIER.fullmatch(str(name)):
        raise NotConforming(
            f"{path_of(element)} has the Id {str(name)[:80]!r}, which no reference can name",
            f"{path_of(element)} có Id {str(name)[:80]!r} mà không tham chiếu nào nêu được",
        )
    target = Target(element, False, False)

    def octets() -> Iterable[Piece]:
        return document.pieces(target, Canonicalization.EXCLUSIVE)

    with AsideDigest(new_digest(digest)) as running:
        for piece in octets():
            running.feed(bytes(piece))
        return DataReference(f"#{name}", running.octets(), "application/xml", octets)


@dataclass(slots=True)
class _Outside:
    """What a header signature leaves outside."""

    traces: int = 0
    receivers: int = 0
    added: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def place_in_header(
    found: Structure, core: CoreSignature, properties: Properties | None, judged: Iterable[etree._Element]
) -> tuple[Changes, bool, list[Finding]]:
    """Judge a signature in the header of a packet: everything a reader uses is covered, and where it is read.

    ``judged``: all signatures of the header that are judged, each by itself.
    """
    signature = core.parts.element
    covered: set[etree._Element] = set()
    whole = False
    for checked in core.references:
        if checked.ok and checked.target is not None:
            whole = whole or checked.target.document
            covered.add(checked.target.element)
    if properties is not None:
        covered.discard(properties.signed)
    out = _Outside()
    if not whole and found.root not in covered:
        _expected_places(found, signature, covered, out)
        out.odd.extend(path_of(element) for element in odd_wrappers(found, covered))
        additions = Additions(found, judged)
        _uncovered(found, covered, additions, out)
        out.added.extend(path_of(element) for element in additions.hidden())
    out.added.extend(islice(unknown_content(core, properties), _SHOWN))
    findings = [finding("packet.added", Location(path=name), name=name) for name in out.added]
    findings.extend(finding("xmldsig.wrapped", Location(path=name), path=name) for name in out.moved)
    findings.extend(finding("packet.ambiguous", Location(path=name), name=name) for name in out.odd)
    if signature.getparent() is not found.header:
        path = path_of(signature)
        findings.append(finding("packet.signature_place", Location(path=path), path=path))
        out.moved.append(path)
    if not covered:
        findings.append(finding("xmldsig.nothing_signed"))
        return Changes.FORBIDDEN, False, findings
    if out.traces:
        findings.append(finding("packet.trace_added", count=out.traces))
    if out.receivers:
        findings.append(finding("packet.receiver_added", count=out.receivers))
    split = list(islice((path for element in covered for path in split_texts(element, signature)), _SHOWN))
    findings.extend(finding("xmldsig.comment", Location(path=path), path=path) for path in split)
    if out.added or out.moved or out.odd:
        return Changes.FORBIDDEN, not (out.moved or out.odd), findings
    if split:
        return Changes.SUSPICIOUS, True, findings
    return (Changes.ALLOWED if out.traces or out.receivers else Changes.NONE), True, findings


_SHOWN = 20
"""Paths told of a kind."""
_PLAIN = frozenset({"id", "Id", "version", "mustUnderstand", "actor", "schemaLocation"})
"""Attributes of wrappers that no reader interprets."""


def _expected_places(found: Structure, signature: etree._Element, covered: set[etree._Element], out: _Outside) -> None:
    """What was signed must stand where it is read: an element that was moved aside counts for nothing."""
    expected = set(signable(found))
    for element in covered:
        chain = (element, *element.iterancestors())
        inside = any(e in expected for e in chain) and signature not in chain
        around = any(e is element for e in (found.message, found.trace, found.header, found.body))
        if _strayed(found, element) or not (inside or around):
            out.moved.extend([path_of(element)] if len(out.moved) < _SHOWN else ())


def _strayed(found: Structure, element: etree._Element) -> bool:
    """Whether an element carries the name of one that is read elsewhere."""
    name, parent = local_name(element.tag).lower(), element.getparent()
    if parent is found.message:
        return name in STRUCTURE
    if parent is found.trace:
        return name in FIELDS
    if parent is found.header or parent is found.body:
        own = element is found.manifest or element is found.trace or (name == "content" and parent is found.body)
        return not own and name in FIELDS | STRUCTURE
    return False


def _uncovered(found: Structure, covered: set[etree._Element], additions: Additions, out: _Outside) -> None:
    """Walk down from the root; wrappers of the packet's own structure may be bare, nothing else."""
    known = [found.header, found.message, found.trace, found.body, *(a.getparent() for a in found.attachments)]
    wrappers = {found.root}
    for element in known:
        if element is not None:
            wrappers.update((element, *element.iterancestors()))
    stack = [found.root]
    signatures = set(found.signatures)
    while stack:
        element = stack.pop()
        if element in covered or element in signatures or not isinstance(element.tag, str):
            continue
        if element not in wrappers:
            _one_outside(element, additions, out)
            continue
        texts = [element.text, *(item.tail for item in element)]
        if any((text or "").strip() for text in texts):
            out.added.append(path_of(element) + "/text()")
        out.added.extend(
            f"{path_of(element)}/@{local_name(name)}" for name in element.attrib if local_name(name) not in _PLAIN
        )
        stack.extend(reversed(list(element)))


def _one_outside(element: etree._Element, additions: Additions, out: _Outside) -> None:
    if element in additions.traces:
        out.traces += 1
    elif element in additions.receivers:
        out.receivers += 1
    elif len(out.added) < _SHOWN:
        out.added.append(path_of(element))
