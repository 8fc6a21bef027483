"""From the typed message of a packet to the flat facts that rules compare."""

from __future__ import annotations

from datetime import date, datetime

from vn_edoc._unicode import composed
from vn_edoc.envelope import DocumentMessage, Organization, Packet, StatusMessage
from vn_edoc.validity.facts import PacketFacts, Party

__all__ = ["packet_facts"]


def packet_facts(packet: Packet) -> PacketFacts:
    """What the packet says of itself."""
    message = packet.message
    if isinstance(message, DocumentMessage):
        return _document(packet, message)
    if isinstance(message, StatusMessage):
        return PacketFacts(
            kind=packet.kind,
            dialect=packet.dialect,
            producer=packet.producer,
            issuer=_party(message.sender),
            document_id=message.response_for.document_id if message.response_for is not None else None,
            status_code=None if message.status_code is None else message.status_code.value,
            status_reason=message.description,
            answers=message.response_for.code if message.response_for is not None else None,
        )
    return PacketFacts(kind=packet.kind, dialect=packet.dialect, producer=packet.producer)


def _document(packet: Packet, message: DocumentMessage) -> PacketFacts:
    code, info = message.code, message.promulgation_info
    signer, other = message.signer_info, message.other_info
    return PacketFacts(
        kind=packet.kind,
        dialect=packet.dialect,
        producer=packet.producer,
        issuer=_party(message.sender),
        receivers=tuple(p for p in map(_party, message.receivers) if p is not None),
        document_id=message.document_id,
        number=code.code_number if code is not None else None,
        notation=code.code_notation if code is not None else None,
        promulgated=_day(info.promulgation_date if info is not None else None),
        type_name=message.document_type.type_name if message.document_type is not None else None,
        subject=message.subject,
        signer=signer.full_name if signer is not None else None,
        position=signer.position if signer is not None else None,
        competence=signer.competence if signer is not None else None,
        priority=int(other.priority.value) if other is not None and other.priority is not None else None,
        business=message.business_type.name.lower(),
        paper=message.business.paper,
        traced_at=_traced(message),
        secrecy=_secrecy(message),
    )


_SECRECY_FIELDS = frozenset({"secret", "secrecy", "secretlevel", "domat"})


def _secrecy(message: DocumentMessage) -> str | None:
    """The first value of a field for the degree of secrecy that speaks of one; ordinary ones (Thường) do not."""
    other = message.other_info
    for field in (*(other.extensions if other is not None else ()), *message.extensions):
        value = composed(field.text or "").strip()
        if field.name.casefold() in _SECRECY_FIELDS and "mật" in value.casefold().split():
            return value
    return None


def _party(organization: Organization | None) -> Party | None:
    if organization is None or not organization.organ_id:
        return None
    return Party(organization.organ_id, organization.organ_name)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _traced(message: DocumentMessage) -> datetime | None:
    """Timestamp of the sender's own entry: the first whose node is the issuer."""
    own = message.sender.organ_id if message.sender is not None else None
    for header in message.trace_headers:
        if own and header.organ_id == own and isinstance(header.timestamp, datetime):
            return header.timestamp
    return None
