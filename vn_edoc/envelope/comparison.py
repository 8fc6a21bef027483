"""What changed between a packet as it was sent and as it was received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vn_edoc.envelope.attachments import Attachment
    from vn_edoc.envelope.packet import Packet

__all__ = ["AXIS_MARKER", "Change", "changes"]

AXIS_MARKER = "TLTVBQG_CDMDD_QD20"
"""What the national axis writes into ``OrganizationInCharge`` of a receiver that it has added under an old code."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    path: str
    """Where: element path, or ``Attachment[name]``."""
    sent: str | None
    """Value as sent; ``None`` where there was none."""
    received: str | None
    """Value as received; ``None`` where there is none."""
    by_axis: bool
    """The national axis is known to do this: it appends trace entries and adds a marked receiver."""


def changes(sent: Packet, received: Packet) -> tuple[Change, ...]:
    """All differences of meaning, in the order of the packet; order, prefixes and ZIP wrappers are none."""
    return (*_header(sent, received), *_attachments(sent, received), *_form(sent, received))


def _header(sent: Packet, received: Packet) -> Iterator[Change]:
    first = {} if sent.values is None else sent.values.to_dict()
    second = {} if received.values is None else received.values.to_dict()
    if sent.kind == received.kind == "document":
        # Receivers are compared by their codes, so that one put in between does not shift all others.
        yield from _receivers(first.pop("To", []), second.pop("To", []))
    before, after = dict(_flat(first, "")), dict(_flat(second, ""))
    known = len(first["TraceHeaderList"].get("TraceHeader", ())) if "TraceHeaderList" in first else 0
    for path in dict.fromkeys((*before, *after)):
        if before.get(path) != after.get(path):
            yield Change(path, before.get(path), after.get(path), path not in before and _appended_trace(path, known))


def _appended_trace(path: str, known: int) -> bool:
    head, _, rest = path.partition("TraceHeader[")
    number = rest.partition("]")[0]
    return head == "TraceHeaderList/" and number.isdigit() and int(number) > known


def _receivers(sent: list[Any], received: list[Any]) -> Iterator[Change]:
    before, after = _by_code(sent), _by_code(received)
    for code in dict.fromkeys((*before, *after)):
        path = f"To[{code}]"
        if code not in after:
            yield Change(path, code, None, False)
        elif code not in before:
            yield Change(path, None, code, after[code].get("OrganizationInCharge") == AXIS_MARKER)
        else:
            old, new = dict(_flat(before[code], path)), dict(_flat(after[code], path))
            for inner in dict.fromkeys((*old, *new)):
                if old.get(inner) != new.get(inner):
                    yield Change(inner, old.get(inner), new.get(inner), False)


def _by_code(receivers: list[Any]) -> dict[str, Any]:
    """Receivers by their codes; one that is named again has a number behind its code."""
    times: Counter[str] = Counter()
    found = {}
    for receiver in receivers:
        code = str(receiver.get("OrganId"))
        times[code] += 1
        found[code if times[code] == 1 else f"{code}, {times[code]}"] = receiver
    return found


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}[{number}]")
    else:
        yield path, str(value)


def _attachments(sent: Packet, received: Packet) -> Iterator[Change]:
    left = list(received.attachments)
    for attachment in sent.attachments:
        other = _counterpart(attachment, left)
        path = f"Attachment[{attachment.safe_name}]"
        if other is None:
            yield Change(path, attachment.sha256 or attachment.damage, None, False)
            continue
        left.remove(other)
        for what in ("name", "sha256", "damage", "description"):
            before, after = getattr(attachment, what), getattr(other, what)
            if before != after:
                yield Change(f"{path}/{what}", before, after, False)
    for extra in left:
        yield Change(f"Attachment[{extra.safe_name}]", None, extra.sha256 or extra.damage, False)


def _counterpart(attachment: Attachment, others: list[Attachment]) -> Attachment | None:
    for same in ("content_id", "sha256", "name"):
        wanted = getattr(attachment, same)
        if wanted is not None:
            for other in others:
                if getattr(other, same) == wanted:
                    return other
    return None


def _form(sent: Packet, received: Packet) -> Iterator[Change]:
    for what in ("kind", "dialect", "signature_state"):
        before, after = getattr(sent, what), getattr(received, what)
        if before != after:
            yield Change(what, before, after, False)
