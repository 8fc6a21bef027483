"""Verification of a packet's own signatures: seals and header signatures, against what a reader takes from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from lxml import etree

from vn_edoc._unicode import composed
from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.reader import read_watched
from vn_edoc.envelope.structure import Structure, locate
from vn_edoc.errors import Unreadable
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Settings, make_settings
from vn_edoc.signature.packet.ahead import Ahead
from vn_edoc.signature.packet.beside import doubtful, real_signatures, split_values
from vn_edoc.signature.packet.header import place_in_header
from vn_edoc.signature.packet.seal import SEAL_BYTES, is_seal_name, name_of
from vn_edoc.signature.packet.sealed import compare_with_seal
from vn_edoc.signature.policy import AlgorithmPolicy
from vn_edoc.signature.result import Changes, Indication, SignatureKind, SignatureResult, SubIndication
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.core import CoreSignature, Detached
from vn_edoc.signature.xml.countersign import CounterSignatures, Room, Standing, counter_signatures
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.judging import Judged, judge_signature
from vn_edoc.signature.xml.names import DS, ds
from vn_edoc.signature.xml.opened import open_document, tree_document
from vn_edoc.signature.xml.place import path_of
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.xml.source import Source, open_source

__all__ = ["Own", "PacketState", "PacketVerification", "own_signatures", "verify_packet"]

PacketState: TypeAlias = Literal["absent", "empty", "placeholder", "malformed", "verifies", "fails"]
"""What the packet's own signature amounts to."""

_PIECE = 1 << 20
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PacketVerification:
    """All signatures of a packet itself, judged. Signatures inside its attachments are not among them."""

    state: PacketState
    """``absent``, ``empty``, ``placeholder`` (the SDK's sample), ``malformed``, ``verifies`` or ``fails``: of seals and
    header signatures together; one that fails makes it fail. Counter-signatures do not count."""
    signatures: tuple[SignatureResult, ...] = ()
    """Seals in the order of the attachments, then header signatures; counter-signatures, which have ``countersigns``,
    follow what they sign."""
    findings: tuple[Finding, ...] = ()
    """What concerns the packet as a whole."""
    evidence: Evidence = field(default_factory=Evidence)
    """Certificates, CRLs, OCSP responses and tokens that the judgement rests on."""


def verify_packet(
    source: Source | Packet,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    existed_at: datetime | None = None,
) -> PacketVerification:
    """Verify the seals and header signatures of a packet. Never raises for content.

    ``source`` is a packet as :func:`vn_edoc.read` returned it (the same tree and bytes are then verified that its
    message was built from), or a path, octets or binary file. The other arguments are those of
    :func:`~vn_edoc.signature.pdf.verify_pdf`. Raises :class:`~vn_edoc.errors.SourceError` if the source cannot be
    opened and :class:`~vn_edoc.errors.UsageError` for a wrong argument.
    """
    settings = make_settings(trust, evidence, fetcher, policy, at, limits, existed_at)
    if isinstance(source, Packet):
        return _verify(source, settings)
    with Ahead(settings.limits) as ahead:
        try:
            packet = read_watched(source, limits=settings.limits, watch=ahead.watch)
        except Unreadable as error:
            return PacketVerification("absent", findings=error.findings)
        with packet:
            return _verify(packet, settings, ahead)


@dataclass(frozen=True, slots=True)
class Own:
    """A signature of the packet itself, judged, with where it stands."""

    judged: Judged
    """The judgement."""
    name: str
    """Name of the seal's attachment, or ``Id`` of the header signature."""
    document: Document | None = None
    """The document that holds it; ``None`` where it could not be read."""
    seal: Attachment | None = None
    """The seal's attachment; ``None`` for a header signature."""
    detached: Detached | None = None
    """Gives the attachments that a seal refers to."""
    counter: CounterSignatures = field(default_factory=CounterSignatures)
    """The counter-signatures inside of it."""


def own_signatures(packet: Packet, settings: Settings) -> Iterator[Own]:
    """The packet's seals and header signatures, judged. :class:`Refusal` for a packet that cannot be read exactly."""
    room = Room(settings.limits)
    yield from _seals(packet, settings, room)
    yield from _header_signatures(packet, settings, room, [], None)


def _verify(packet: Packet, settings: Settings, ahead: Ahead | None = None) -> PacketVerification:
    findings: list[Finding] = []
    results: list[SignatureResult] = []
    evidence = Evidence()
    room = Room(settings.limits)
    try:
        own = [*_seals(packet, settings, room), *_header_signatures(packet, settings, room, findings, ahead)]
    except Refusal as refusal:
        findings.append(refusal.finding)
        own = []
    except Exception as error:  # the outer boundary of foreign code: what escaped all nets becomes a finding
        findings.append(finding("xmldsig.internal", reason=type(error).__name__))
        own = []
    for one in own:
        findings.extend(one.counter.findings)
        for judged in (one.judged, *one.counter.judged):
            results.append(judged.result)
            evidence = evidence | judged.evidence
    return PacketVerification(_state(packet, results, findings), tuple(results), tuple(findings), evidence)


def _state(packet: Packet, results: list[SignatureResult], findings: list[Finding]) -> PacketState:
    if results:
        counted = [r for r in results if r.countersigns is None]
        good = counted and all(r.intact is True and r.changes in (Changes.NONE, Changes.ALLOWED) for r in counted)
        return "verifies" if good else "fails"
    found = packet.signature_state
    if found == "empty":
        findings.append(finding("packet.empty_signature"))
    elif found == "placeholder":
        findings.append(finding("packet.placeholder"))
    elif found == "malformed":
        findings.append(finding("packet.malformed"))
    return "malformed" if found == "present" else found


# Seals


class _Content:
    """An attachment's unwrapped content. The reader has hashed it to its end; reading it again compares."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self._digests: dict[str, bytes] = {}

    def digest(self, name: str) -> bytes:
        if name == "sha256" and self._attachment.sha256 is not None:
            return bytes.fromhex(self._attachment.sha256)
        if name not in self._digests:
            running = new_digest(name)
            for piece in self.pieces():
                running.update(piece)
            self._digests[name] = running.digest()
        return self._digests[name]

    def pieces(self) -> Iterator[bytes]:
        with self._attachment.open() as stream:
            while piece := stream.read(_PIECE):
                yield piece


def _nfc(text: str | None) -> str:
    return composed(text or "")


def _seals(packet: Packet, settings: Settings, room: Room) -> Iterator[Own]:
    seals = [a for a in packet.attachments if is_seal_name(a.name)]
    most = settings.limits.signatures
    for seal in seals[:most]:
        yield _seal(packet, seal, seals, settings, room)
    if len(seals) > most:
        seal = seals[most]
        refusal = Refusal("xmldsig.limit", bound="signatures", met=len(seals))
        yield Own(_unread(refusal, Location(attachment=seal.safe_name)), seal.name or seal.safe_name, seal=seal)


def _seal(packet: Packet, seal: Attachment, seals: list[Attachment], settings: Settings, room: Room) -> Own:
    where = Location(attachment=seal.safe_name)
    try:
        if not packet.exact:
            # What had to be repaired may read differently elsewhere.
            raise Refusal("packet.inexact")
        if seal.damaged or (seal.size or 0) > SEAL_BYTES:
            raise Refusal("xmldsig.unreadable", reason=seal.damage or "size")
        with seal.open() as stream:
            octets = stream.read()
        document = open_document(open_source(octets, settings.limits), settings.limits)
        if document.root.tag != ds("Signature"):
            raise Refusal("packet.signature_place", path=path_of(document.root))
    except Refusal as refusal:
        return Own(_unread(refusal, where), seal.name or seal.safe_name, seal=seal)
    files: dict[str, list[Attachment]] = {}
    for attachment in packet.attachments:
        if attachment not in seals:
            files.setdefault(_nfc(attachment.name), []).append(attachment)

    contents = {name: _Content(named[0]) for name, named in files.items() if len(named) == 1 and not named[0].damaged}

    def detached(uri: str) -> _Content | None:
        return contents.get(name_of(uri))

    def placing(core: CoreSignature, properties: Properties | None) -> tuple[Changes, bool, list[Finding]]:
        return compare_with_seal(packet, core, properties, files, seals, seal, settings.limits)

    judged = judge_signature(
        document, document.root, settings, placing, detached=detached, kind=SignatureKind.PACKET, where=where
    )
    counter = counter_signatures(document, document.root, settings, judged.result, where, room)
    return Own(judged, seal.name or seal.safe_name, document, seal, detached, counter)


def _unread(refusal: Refusal, where: Location) -> Judged:
    return Judged(
        SignatureResult(
            kind=SignatureKind.PACKET,
            intact=refusal.verdict,
            changes=Changes.UNKNOWN,
            trusted=None,
            signed_at=None,
            proven_at=None,
            signer=None,
            level=None,
            indication=Indication.TOTAL_FAILED if refusal.verdict is False else Indication.INDETERMINATE,
            sub_indication=SubIndication.FORMAT_FAILURE,
            findings=(refusal.finding,),
            name=where.attachment or "",
        )
    )


# Header signatures


def _header_signatures(
    packet: Packet, settings: Settings, room: Room, findings: list[Finding], ahead: Ahead | None
) -> Iterator[Own]:
    found = locate(packet.parts.root)
    if found is None or not found.signatures:
        return
    own = [e for e in found.signatures if e.tag == ds("Signature") and len(e)]
    signatures = real_signatures(found)
    for element in found.signatures[: settings.limits.signatures]:
        namespace = etree.QName(element).namespace or ""
        if namespace != DS and packet.signature_state in ("present", "malformed"):
            findings.append(finding("xmldsig.foreign_namespace", Location(path=path_of(element)), namespace=namespace))
            findings.extend(_diagnosed(element))
    # A placeholder or an element without a value is told as such; it is no signature.
    if signatures and len(signatures) < len(own):
        findings.append(finding("packet.placeholder"))
    if not signatures:
        return
    if not packet.exact:
        findings.append(finding("packet.inexact"))
        for element in signatures:
            yield _unread_in_header(Refusal("packet.inexact"), element)
        return
    try:
        made = None if ahead is None else ahead.digest
        document = tree_document(packet.parts.root, packet.parts.skeleton, settings.limits, made)
    except Refusal as refusal:
        for element in signatures[: settings.limits.signatures]:
            yield _unread_in_header(refusal, element)
        return
    for element in signatures[: settings.limits.signatures]:
        placing = _Placing(packet, found, signatures)
        judged = judge_signature(document, element, settings, placing, kind=SignatureKind.PACKET)
        judged = placing.standing.told(judged)
        counter = counter_signatures(document, element, settings, judged.result, Location(), room)
        yield Own(judged, str(element.get("Id") or path_of(element)), document, counter=counter)
    if len(signatures) > settings.limits.signatures:
        too_many = Refusal("xmldsig.limit", bound="signatures", met=len(signatures))
        yield _unread_in_header(too_many, signatures[settings.limits.signatures])


def _unread_in_header(refusal: Refusal, element: etree._Element) -> Own:
    name = str(element.get("Id") or path_of(element))
    return Own(_unread(refusal, Location(signature=name)), name)


def _diagnosed(element: etree._Element) -> Iterator[Finding]:
    """What the SDK is known to write: a transform whose URI names no algorithm."""
    for transform in element.iter("{*}Transform"):
        uri = str(transform.get("Algorithm"))
        refusal = Refusal.of_algorithm(uri, "Transform")
        if refusal.finding.rule == "xmldsig.wrong_exclusive_uri":
            yield refusal.finding


class _Placing:
    """Judges the place of a signature in the header."""

    def __init__(self, packet: Packet, found: Structure, signatures: list[etree._Element]) -> None:
        self.packet = packet
        self.found = found
        self.signatures = signatures
        self.standing = Standing(signatures)

    def __call__(self, core: CoreSignature, properties: Properties | None) -> tuple[Changes, bool, list[Finding]]:
        if core.parts.element.getparent() is self.found.header:
            countersigns = self.standing.place(core, properties)
            if countersigns is not None:
                return countersigns
        changes, holds, findings = place_in_header(self.found, core, properties, self.signatures)
        ambiguous = doubtful(self.packet)[:_SHOWN]
        if ambiguous:
            told = [finding("packet.ambiguous", where, name=str(where)) for where in ambiguous]
            return Changes.FORBIDDEN, False, [*findings, *told]
        split = split_values(self.packet) if changes in (Changes.NONE, Changes.ALLOWED) else []
        return (Changes.SUSPICIOUS if split else changes), holds, [*findings, *split]
