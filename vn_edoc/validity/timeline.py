"""The time line of a document: signed, time-stamped, sent, received, answered, judged; each with who says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from vn_edoc.findings import VIETNAM

if TYPE_CHECKING:
    from vn_edoc.validity.facts import Facts

__all__ = ["Event", "EventKind", "timeline"]


class EventKind(StrEnum):
    """What happened."""

    SIGNED = "signed"
    """A signature was made, as the signer claims."""
    STAMPED = "time_stamped"
    """A time-stamp was set over a signature."""
    SENT = "sent"
    """It left the sender's system."""
    RECEIVED = "received"
    """It came to the receiver's system."""
    PROVEN = "receipt_evidence"
    """A receipt proves that the signed file existed."""
    SUBMITTED = "submitted"
    """The clerk submitted it."""
    STATUS = "status"
    """A status was sent about it."""
    RECALL = "recall_requested"
    """The sender asked to recall it."""
    CANCELLED = "cancelled"
    """The receiver cancelled it after a recall."""
    JUDGED = "judged"
    """It was checked: this report."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the time line."""

    at: datetime
    """When, +07:00."""
    kind: EventKind
    """What happened."""
    who: str | None
    """Signer, time-stamping authority or agency code."""
    file: str | None
    """Attachment it concerns."""
    source: str
    """Who says so: ``signer`` (a claim), ``authority`` (a valid time-stamp), ``stamp`` (one that could not be
    verified), ``trace`` (the sender's entry in the packet, a claim), ``host`` (the context) or ``verifier``."""
    detail: str | None = None
    """Status code and description."""


def timeline(facts: Facts) -> tuple[Event, ...]:
    """All events known of the document, the earliest first."""
    return tuple(sorted(_events(facts), key=lambda e: (e.at, list(EventKind).index(e.kind))))


def _events(facts: Facts) -> Iterator[Event]:
    for file, signature in facts.signed_files:
        name = file.name if file is not None else None
        who = (signature.signer.name if signature.signer is not None else None) or signature.name
        if signature.signed_at is not None:
            yield Event(signature.signed_at.astimezone(VIETNAM), EventKind.SIGNED, who, name, "signer")
        for stamp in signature.timestamps:
            if stamp.time is not None:
                authority = stamp.authority.name if stamp.authority is not None else None
                source = "authority" if stamp.proves else "stamp"
                yield Event(stamp.time.astimezone(VIETNAM), EventKind.STAMPED, authority, name, source, who)
    context = facts.context
    issuer = facts.issuer.code if facts.issuer is not None else None
    if context.sent_at is None and facts.packet is not None and facts.packet.traced_at is not None:
        yield Event(facts.packet.traced_at.astimezone(VIETNAM), EventKind.SENT, issuer, None, "trace")
    own = context.receiver_code
    for moment, kind, agency in (
        (context.sent_at, EventKind.SENT, issuer),
        (context.received_at, EventKind.RECEIVED, own),
        (context.receipt_evidence_at, EventKind.PROVEN, own),
        (context.submitted_at, EventKind.SUBMITTED, own),
        (context.recall_requested_at, EventKind.RECALL, issuer),
        (context.cancelled_at, EventKind.CANCELLED, own),
    ):
        if moment is not None:
            yield Event(moment.astimezone(VIETNAM), kind, agency, None, "host")
    for status in context.status_history:
        detail = " ".join(part for part in (status.code, status.description) if part)
        yield Event(status.at.astimezone(VIETNAM), EventKind.STATUS, status.organ_id, None, "host", detail)
    yield Event(facts.at.astimezone(VIETNAM), EventKind.JUDGED, own, None, "verifier")
