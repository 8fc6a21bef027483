"""From the periods of a code to the agency as of any day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.records import Agency, AgencyName, AgencyStatus, Period

if TYPE_CHECKING:
    from vn_edoc.identifiers.lists import Lists

__all__ = ["of_block", "of_periods"]

_ONE_DAY = timedelta(days=1)
_BLOCKS: dict[str, AgencyStatus] = {"reserved": "reserved", "unassigned": "unassigned"}


def of_block(code: AgencyCode, block: Period) -> list[tuple[date, Agency]]:
    """A level-1 code that the central list names only within a block."""
    status = _BLOCKS.get(block.kind, "unlisted")
    return [(date.max, _agency(code, block, status, names=(), valid_from=None, valid_to=None))]


def of_periods(registry: Lists, code: AgencyCode, periods: tuple[Period, ...]) -> list[tuple[date, Agency]]:
    """The states of a code, oldest first, each with its last day; they cover all days."""
    first, last = periods[0], periods[-1]
    if last.kind in _BLOCKS:
        return [(date.max, _agency(code, last, _BLOCKS[last.kind], names=(), valid_from=None, valid_to=None))]
    text = str(code)
    parent_text = registry._parent_text(text, last.parent)
    parent = AgencyCode.parse(parent_text) if parent_text is not None else None
    valid_to = last.valid_to
    closed_above = False
    above = registry._versions(parent_text) if parent_text is not None and parent_text != text else None
    if above is not None:
        over = above[-1][1]
        if over.status == "closed" and over.valid_to is not None and (valid_to is None or over.valid_to < valid_to):
            valid_to, closed_above = over.valid_to, True
    common: dict[str, Any] = {
        "names": tuple(AgencyName(p.name, p.valid_from, p.valid_to) for p in periods if p.name),
        "valid_from": first.valid_from,
        "valid_to": valid_to,
        "parent": parent,
        "act_to": "" if closed_above else last.act_to,
        "successors": () if closed_above else _codes(last.successors),
        "successor_certainty": "" if closed_above else last.successor_certainty,
    }
    before = [
        *((one, first.valid_from or date.min) for one in first.predecessors),
        *registry._predecessors(text),
    ]
    before.sort(key=lambda pair: (pair[1], pair[0]))
    states: list[tuple[date, Agency]] = []
    if first.valid_from is not None:
        states.append((first.valid_from - _ONE_DAY, _agency(code, first, "unrecorded", **common)))
    marks = sorted({day - _ONE_DAY for _one, day in before if day > date.min})
    for period in periods:
        if valid_to is not None and period.valid_from is not None and period.valid_from > valid_to:
            break
        end = min(period.valid_to or date.max, valid_to or date.max)
        inner = [day for day in marks if (period.valid_from or date.min) <= day < end]
        for until in (*inner, end):
            came = _codes(one for one, day in before if day <= until)
            states.append((until, _agency(code, period, "active", predecessors=came, **common)))
    if valid_to is not None and valid_to < date.max:
        came = _codes(one for one, _day in before)
        held = next((p for p in reversed(periods) if p.valid_from is None or p.valid_from <= valid_to), last)
        states.append((date.max, _agency(code, held, "closed", predecessors=came, **common)))
    return states


def _agency(code: AgencyCode, period: Period, status: AgencyStatus, **parts: Any) -> Agency:
    values: dict[str, Any] = {
        "name": "" if status in ("reserved", "unassigned", "unlisted") else period.name,
        "kind": period.kind,
        "parent": code.parent,
        "successors": (),
        "predecessors": (),
        "act_to": "",
        "successor_certainty": "",
        "note": period.note,
        **parts,
    }
    other = period.other_code
    return Agency(
        code=code,
        status=status,
        act_from=period.act_from,
        other_code=AgencyCode.parse(other) if other and AgencyCode.is_valid(other) else None,
        layer=period.layer,
        certainty=period.certainty,
        source=period.source,
        match="exact",
        extra=period.extra,
        **values,
    )


def _codes(texts: Any) -> tuple[AgencyCode, ...]:
    return tuple(AgencyCode.parse(text) for text in dict.fromkeys(texts) if AgencyCode.is_valid(text))
