"""What a registry of agencies holds: periods of a code's life, the agency as of a day, and dated changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from vn_edoc.identifiers.agency import AgencyCode

__all__ = ["COLUMNS", "Agency", "AgencyName", "AgencyStatus", "Change", "ChangeKind", "Match", "Period"]

AgencyStatus = Literal["active", "closed", "reserved", "unassigned", "unlisted", "unrecorded"]
"""``active``; ``closed``; ``reserved``: kept free by the central list; ``unassigned``: an allowed letter without a
group of bodies; ``unlisted``: in a block given to a group of bodies whose codes no list names; ``unrecorded``: the code
is known, but not for that day (before its first record)."""

ChangeKind = Literal["open", "rename", "merge", "split", "close"]

Match = Literal["exact", "alias", "candidate"]
"""How an asked code led to an entry."""

COLUMNS = (
    "code", "name", "kind", "parent", "valid_from", "valid_to", "successors", "predecessors", "begun_by", "ended_by",
    "act_from", "act_to", "other_code", "certainty", "successor_certainty", "source", "note", "layer",
)  # fmt: skip
"""Columns of a list, one row per period of a code. Codes in one cell are separated by spaces, dates ISO 8601."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One row of a list: a code under one name, from a day to a day."""

    code: str
    """The code as written, or a block ``H64-H99``."""
    name: str = ""
    """Name of the agency in these days; empty if the source does not show it."""
    kind: str = "unit"
    """What it is: ``ministry``, ``province_peoples_committee``, ``unit`` …"""
    parent: str = ""
    """Code of the body above, where the code itself does not tell."""
    valid_from: date | None = None
    """First day; ``None``: not known."""
    valid_to: date | None = None
    """Last day; ``None``: still."""
    successors: tuple[str, ...] = ()
    """Codes that took over at the end."""
    predecessors: tuple[str, ...] = ()
    """Codes that it came from, where their rows do not tell (the old body lives on after a split)."""
    begun_by: str = ""
    """Kind of change at the beginning: ``open``, ``rename``, ``merge``, ``split``."""
    ended_by: str = ""
    """Kind of change at the end: ``rename``, ``merge``, ``split``, ``close``."""
    act_from: str = ""
    """Number of the act that began it."""
    act_to: str = ""
    """Number of the act that ended it."""
    other_code: str = ""
    """The same agency's code in the other scheme, as the list gives it."""
    certainty: str = "own"
    """``own``: a body's own list; ``official``; ``derived`` by a rule of an act; ``secondary``; ``unverified``."""
    successor_certainty: str = ""
    """How well the successors are known."""
    source: str = ""
    """Where the row was taken from."""
    note: str = ""
    """Remark."""
    layer: str = ""
    """List it belongs to: ``level1``, ``samples``, or the name given to an own list."""
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Columns that the registry does not know (address, telephone …), kept as they are."""

    def active(self, on: date) -> bool:
        """Whether the day falls into the period."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def row(self) -> dict[str, str]:
        """The row as text, as a list file has it."""
        values: dict[str, str] = {}
        for name in COLUMNS:
            value = getattr(self, name)
            if value is None:
                values[name] = ""
            elif isinstance(value, tuple):
                values[name] = " ".join(value)
            else:
                values[name] = str(value)
        return {**values, **self.extra}


@dataclass(frozen=True, slots=True)
class AgencyName:
    """A name and the days it was borne."""

    text: str
    """The name."""
    valid_from: date | None
    """First day; ``None``: not known."""
    valid_to: date | None
    """Last day; ``None``: still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A code of the registry as of a day. ``str()`` is the code."""

    code: AgencyCode
    """The code as the list has it."""
    name: str
    """Name on that day (after the end the last one); empty if not known or none."""
    status: AgencyStatus
    """What it is on that day."""
    kind: str
    """What kind of body it is."""
    parent: AgencyCode | None
    """The body above; ``None`` at level 1."""
    names: tuple[AgencyName, ...]
    """All names, oldest first."""
    valid_from: date | None
    """First day of the code; ``None``: not known."""
    valid_to: date | None
    """Last day of the code (also when a body above was closed); ``None``: still."""
    successors: tuple[AgencyCode, ...]
    """Codes that took over at its end, directly; see :meth:`AgencyRegistry.successors` for the chain."""
    predecessors: tuple[AgencyCode, ...]
    """Codes that were merged into it, or that it was split from, up to that day."""
    act_from: str
    """Act that began the period of that day; empty if not known."""
    act_to: str
    """Act that ended the code; empty while it lives or if not known."""
    other_code: AgencyCode | None
    """The same agency's code in the other scheme, where a list gives it."""
    layer: str
    """List the entry comes from."""
    certainty: str
    """How well it is known: ``own``, ``official``, ``derived``, ``secondary``, ``unverified``."""
    successor_certainty: str
    """How well the successors are known; empty without successors."""
    source: str
    """Where the entry was taken from."""
    note: str
    """Remark."""
    match: Match
    """How the asked code led here: the same, the same agency's other code, or only the mechanical candidate."""
    extra: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Columns of an own list that the registry does not know."""

    def __str__(self) -> str:
        return str(self.code)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able form; keys are the field names."""
        return {
            name: (
                str(value)
                if name in ("code", "parent", "other_code") and value is not None
                else [str(code) for code in value]
                if name in ("successors", "predecessors")
                else [
                    {
                        "text": n.text,
                        "valid_from": n.valid_from and n.valid_from.isoformat(),
                        "valid_to": n.valid_to and n.valid_to.isoformat(),
                    }
                    for n in value
                ]
                if name == "names"
                else value.isoformat()
                if isinstance(value, date)
                else dict(value)
                if name == "extra"
                else value
            )
            for name in self.__dataclass_fields__
            for value in [getattr(self, name)]
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A dated act on the list, as the verbs of :class:`AgencyRegistry` make it and its ``record`` takes it."""

    kind: ChangeKind
    """What was done."""
    on: date
    """First day of the new state."""
    act: str
    """Number of the act: ``3470/QĐ-UBND``."""
    codes: tuple[str, ...]
    """The codes it is about: the new one (open), the renamed, the merged, the split, the closed."""
    into: tuple[str, ...] = ()
    """Codes that take over (merge, split)."""
    names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """New names by code: of opened codes, of a renamed one."""
    kinds: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Kinds of opened codes; without one, the kind of the code they come from, or ``unit``."""
    parents: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Bodies above opened codes, where the code does not tell."""
    other_codes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Codes of opened ones in the other scheme."""
    with_units: bool = False
    """Close all units below the closed codes by the same act."""
    source: str = ""
    """Where the record comes from."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able form; :meth:`from_dict` reads it back."""
        return {
            "kind": self.kind,
            "on": self.on.isoformat(),
            "act": self.act,
            "codes": list(self.codes),
            "into": list(self.into),
            "names": dict(self.names),
            "kinds": dict(self.kinds),
            "parents": dict(self.parents),
            "other_codes": dict(self.other_codes),
            "with_units": self.with_units,
            "source": self.source,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Change:
        """The change that :meth:`to_dict` wrote; :class:`~vn_edoc.errors.UsageError` for anything else."""
        from vn_edoc.identifiers.recording import change_from

        return change_from(data)
