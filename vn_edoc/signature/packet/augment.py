"""``extend_packet``: a packet's seal or header signature raised, everything else of the packet byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from lxml import etree

from vn_edoc.envelope.collecting import CONTENT_NAMES
from vn_edoc.envelope.outgoing import AttachmentSource, Outgoing
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.reader import read
from vn_edoc.envelope.structure import Structure, children
from vn_edoc.errors import NotConforming, UsageError
from vn_edoc.findings import VIETNAM, Severity
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.packet.sign import PacketSigning, attachment_names, put_packet, signable_structure
from vn_edoc.signature.packet.verify import Own, own_signatures
from vn_edoc.signature.result import Changes
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.api import Target
from vn_edoc.signature.xml.augment import Augmentation, make_augmentation
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.source import Source
from vn_edoc.xml.splice import replaced, spliced

__all__ = ["aextend_packet", "extend_packet"]


def extend_packet(
    source: Source,
    target: Target,
    level: str = "B-LTA",
    *,
    signature: str | None = None,
    timestamper: TimeStamper | None = None,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    limits: Limits | None = None,
) -> PacketSigning:
    """Raise a packet's own signature to ``level``, or renew its archive time-stamp.

    ``signature``: name of the seal's attachment (``vn-edoc-seal.xml``) or ``Id`` of the header signature, where there
    are several. Of a seal only its attachment's content is replaced, of a header signature only properties are put in;
    everything else of the packet stays byte for byte. The other arguments and errors are those of
    :func:`~vn_edoc.signature.xml.augment.extend_xml`; a packet whose signature no longer fits it is refused as well.
    """
    asked = make_augmentation(level, timestamper, trust, evidence, fetcher, limits)
    with read(source, limits=asked.settings.limits) as packet:
        found = signable_structure(packet)
        signatures = list(own_signatures(packet, asked.settings))
        own = _chosen(signatures, signature)
        result = own.judged.result
        if result.changes not in (Changes.NONE, Changes.ALLOWED):
            raise NotConforming(
                "the packet is not the one that was signed, so the signature is not raised",
                "gói tin không còn đúng như khi ký nên không nâng mức chữ ký",
                findings=result.findings,
            )
        _uncovered(_element(found, own), own, signatures)
        try:
            pieces = _sealed(packet, found, own, asked) if own.seal is not None else _headed(packet, found, own, asked)
        except Refusal as refusal:
            raise NotConforming(
                refusal.finding.message_en, refusal.finding.message_vi, findings=(refusal.finding,)
            ) from None
        sha256, size = put_packet(target, pieces)
    assert result.signed_at is not None
    return PacketSigning(
        "header" if own.seal is None else "seal",
        own.name,
        asked.level,
        result.signed_at.astimezone(VIETNAM),
        size,
        sha256,
        tuple(f for f in result.findings if f.severity.rank > Severity.INFO.rank),
    )


async def aextend_packet(source: Source, target: Target, level: str = "B-LTA", **options: Any) -> PacketSigning:
    """:func:`extend_packet` in a thread of its own, for async hosts."""
    return await asyncio.to_thread(extend_packet, source, target, level, **options)


def _chosen(found: list[Own], name: str | None) -> Own:
    if not found:
        raise NotConforming("the packet carries no signature of its own", "gói tin không có chữ ký của chính nó")
    wanted = [one for one in found if name is None or one.name == name]
    if len(wanted) != 1:
        known = ", ".join(one.name for one in found)
        raise UsageError(
            f"signature must name one of the packet's signatures: {known}",
            f"signature phải nêu một chữ ký của gói tin: {known}",
            field="signature",
            value=name,
        )
    return wanted[0]


def _element(found: Structure, own: Own) -> etree._Element:
    """The element that is to be changed: the seal's attachment, or the header signature."""
    if own.seal is not None:
        return found.attachments[own.seal.index - 1]
    assert own.judged.core is not None
    return own.judged.core.parts.element


def _uncovered(element: etree._Element, own: Own, signatures: list[Own]) -> None:
    """A header signature over what is to be raised would be broken by another seal, or more properties, in it."""
    around = {element, *element.iterancestors()}
    for one in signatures:
        core = one.judged.core
        if (
            one is not own
            and one.seal is None
            and core is not None
            and any(c.target and c.target.element in around for c in core.references)
        ):
            raise NotConforming(
                f"the header signature {one.name} covers the one that is to be raised, and would be broken by it",
                f"chữ ký {one.name} trong phần đầu bao trùm chữ ký cần nâng mức và sẽ bị hỏng",
                findings=one.judged.result.findings,
            )


def _headed(packet: Packet, found: Structure, own: Own, asked: Augmentation) -> Iterator[bytes]:
    assert own.document is not None
    insertion = asked.apply(own.document, own.judged)
    return spliced(packet.parts.skeleton, found.root, [insertion])


def _sealed(packet: Packet, found: Structure, own: Own, asked: Augmentation) -> Iterator[bytes]:
    seal = own.seal
    assert seal is not None
    assert own.document is not None
    insertion = asked.apply(own.document, own.judged, own.detached)
    with seal.open() as stream:
        octets = stream.read()
    raised = b"".join(spliced(Skeleton(octets, "\0"), own.document.root, [insertion]))
    outgoing = Outgoing(AttachmentSource(raised, name=seal.name), attachment_names(wraps=seal.wrapped))
    element = found.attachments[seal.index - 1]
    content = next(children(element, *CONTENT_NAMES))
    return replaced(packet.parts.skeleton, found.root, content, outgoing.base64())
