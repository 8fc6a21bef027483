"""XAdES levels T, LT and LTA read back: time-stamps over the signature, validation data, archive time-stamps.

What a time-stamp covers: ETSI EN 319 132-1 clauses 5.3 (``SignatureTimeStamp``) and 5.5.2.2 (``ArchiveTimeStamp``, not
distributed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from vn_edoc.findings import Finding, Location
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.judgement import Settings
from vn_edoc.signature.signed_data import digest_with
from vn_edoc.signature.timestamps import Stamped, judge_token
from vn_edoc.signature.xml.core import CoreSignature, Detached, transform_plan
from vn_edoc.signature.xml.document import Document, Target
from vn_edoc.signature.xml.names import XADES141, ds, xades, xades141
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.signature.xml.signed_info import Transform
from vn_edoc.signature.xml.structure import decode_base64, elements
from vn_edoc.xml.c14n import Canonicalization, Piece

__all__ = ["Levels", "archived_octets", "check_levels", "embedded_evidence"]

_MOST_TOKENS = 32
_OLD = {xades(name) for name in ("ArchiveTimeStamp", "SigAndRefsTimeStamp", "RefsOnlyTimeStamp")} | {
    f"{{{XADES141}}}{name}" for name in ("SigAndRefsTimeStampV2", "RefsOnlyTimeStampV2")
}


@dataclass(slots=True)
class Levels:
    """What the unsigned properties add."""

    stamps: tuple[Stamped, ...] = ()
    """Judged time-stamps, signature time-stamps first."""
    embedded: Evidence = NO_EVIDENCE
    """Certificates and revocation data carried in the signature."""
    archived: bool = False
    """An archive time-stamp that matches covers the validation data."""
    findings: list[Finding] = field(default_factory=list)
    """What is to be said."""

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Certificates carried as validation data."""
        return self.embedded.certificates


def check_levels(
    document: Document,
    core: CoreSignature,
    properties: Properties,
    settings: Settings,
    where: Location,
    detached: Detached | None = None,
) -> Levels:
    """Judge every time-stamp of a signature, and collect its validation data. Never raises for content."""
    out = Levels()
    for element in properties.unsigned:
        _collect(element, out, settings)
    archives: list[Stamped] = []
    signatures: list[Stamped] = []
    with_data = False
    for position, element in enumerate(properties.unsigned[: settings.limits.references]):
        if element.tag in (xades("CertificateValues"), xades("RevocationValues")):
            with_data = True
        name = etree.QName(element).localname
        if element.tag in _OLD:
            out.findings.append(finding("xades.timestamp_unchecked", where, name=name, reason="version 1.3.2"))
        if element.tag not in (xades("SignatureTimeStamp"), xades141("ArchiveTimeStamp")):
            continue
        if len(signatures) + len(archives) >= _MOST_TOKENS:
            out.findings.append(finding("xmldsig.limit", where, bound="timestamps", met=_MOST_TOKENS + 1))
            break
        try:
            method, token = _read(element)
        except Refusal as refusal:
            out.findings.append(finding("xades.timestamp", where, name=name, reason=refusal.finding.message_en))
            continue
        archive = element.tag == xades141("ArchiveTimeStamp")

        def pieces(
            archive: bool = archive, position: int = position, method: Canonicalization = method
        ) -> Iterable[Piece]:
            if not archive:
                return document.pieces(_subtree(core.parts.value_element), method)
            return archived_octets(document, core, properties, properties.unsigned[:position], method, detached)

        stamped = judge_token(
            token,
            _imprint(pieces),
            kind="archive" if archive else "signature",
            name=str(element.get("Id") or name),
            trust=settings.trust,
            evidence=settings.evidence | out.embedded,
            fetcher=settings.fetcher,
            policy=settings.policy,
            others=out.embedded.certificates,
            limits=settings.limits,
            where=where,
        )
        out.findings.extend(stamped.result.findings)
        (archives if archive else signatures).append(stamped)
        if archive and with_data and stamped.result.intact and stamped.result.trusted is not False:
            out.archived = True
    out.stamps = (*signatures, *archives)
    return out


def embedded_evidence(properties: Properties, settings: Settings) -> Evidence:
    """Certificates and revocation data that a signature carries. Never raises for content."""
    out = Levels()
    for element in properties.unsigned:
        _collect(element, out, settings)
    return out.embedded


def _subtree(element: etree._Element) -> Target:
    return Target(element, False, False)


def _imprint(pieces: Callable[[], Iterable[Piece]]) -> Callable[[str], bytes | None]:
    def digest(name: str) -> bytes | None:
        running = digest_with(name)
        if running is None:
            return None
        try:
            for piece in pieces():
                running.update(piece)
        except Refusal:
            return None
        return bytes(running.digest())

    return digest


def archived_octets(
    document: Document,
    core: CoreSignature,
    properties: Properties,
    before: Iterable[etree._Element],
    method: Canonicalization,
    detached: Detached | None,
    added: str = "",
) -> Iterator[Piece]:
    """The octets an archive time-stamp covers, in the order of clause 5.5.2.2. ``before``: the unsigned properties that
    stand before it; ``added``: further ones in their canonical form, which are not in the document yet."""
    signature = core.parts.element
    for checked in core.references:
        reference = checked.reference
        if checked.target is None:
            data = detached(reference.uri or "") if detached is not None else None
            if data is None:
                raise Refusal("xmldsig.reference_target", uri=reference.uri or "")
            yield from data.pieces()
            continue
        enveloped, declared, prefixes = transform_plan(reference)
        if not any(_canonicalises(step) for step in reference.transforms):
            declared = method
        yield from document.pieces(checked.target, declared, prefixes, signature if enveloped else None)
    parts = [core.parts.signed_info, core.parts.value_element]
    if core.parts.key_info is not None:
        parts.append(core.parts.key_info)
    parts.extend(before)
    for part in parts:
        yield from document.pieces(_subtree(part), method)
    yield added.encode()
    for holder in core.parts.objects:
        if holder is not properties.object:
            yield from document.pieces(_subtree(holder), method)


def _canonicalises(step: Transform) -> bool:
    return step.algorithm in list(Canonicalization)


def _read(element: etree._Element) -> tuple[Canonicalization, bytes]:
    """Canonicalisation and token of a time-stamp property."""
    method = Canonicalization.INCLUSIVE
    tokens: list[bytes] = []
    for child in elements(element):
        if child.tag == ds("CanonicalizationMethod"):
            uri = str(child.get("Algorithm"))
            try:
                method = Canonicalization(uri)
            except ValueError:
                raise Refusal.of_algorithm(uri, "CanonicalizationMethod") from None
        elif child.tag == xades("EncapsulatedTimeStamp"):
            tokens.append(decode_base64(child))
        else:
            # Include elements and the XML form of tokens are of the distributed case, which nobody was seen to use.
            raise Refusal("xades.structure", element=etree.QName(child).localname)
    if len(tokens) != 1:
        raise Refusal("xades.structure", element="EncapsulatedTimeStamp")
    return method, tokens[0]


def _collect(element: etree._Element, out: Levels, settings: Settings) -> None:
    if element.tag == xades141("TimeStampValidationData"):
        for child in elements(element):
            _collect(child, out, settings)
        return
    if element.tag not in (xades("CertificateValues"), xades("RevocationValues")):
        return
    held, most = out.embedded, settings.limits.certificates
    room = most - len(held.certificates) - len(held.crls) - len(held.ocsps)
    kinds: dict[str, list[bytes]] = {"certificates": [], "crls": [], "ocsps": []}
    for name, kind in (
        ("EncapsulatedX509Certificate", "certificates"),
        ("EncapsulatedCRLValue", "crls"),
        ("EncapsulatedOCSPValue", "ocsps"),
    ):
        for value in element.iter(xades(name)):
            if sum(map(len, kinds.values())) >= room:
                # Over all properties of a signature together.
                if all(f.rule != "xmldsig.limit" for f in out.findings):
                    out.findings.append(finding("xmldsig.limit", bound="certificates", met=most + 1))
                break
            try:
                kinds[kind].append(decode_base64(value))
            except Refusal as refusal:
                out.findings.append(refusal.finding)
    if any(kinds.values()):
        out.embedded = held | Evidence(
            certificates=tuple(kinds["certificates"]), crls=tuple(kinds["crls"]), ocsps=tuple(kinds["ocsps"])
        )
