"""The deadline rules and their limits by date, read from ``data/deadline_rules.csv`` and ``deadline_limits.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from vn_edoc.calendar.tables import data_rows
from vn_edoc.errors import UsageError

__all__ = ["FLAGS", "Limit", "Rule", "deadline_rules", "rule"]

FLAGS = ("complex", "especially", "remote", "urgent", "extended", "second", "electronic")
"""Circumstances that choose another limit of the same rule."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a rule: from when to when, how much, in which unit, by which article."""

    case: frozenset[str]
    """The circumstances it is for; empty for the ordinary case."""
    valid_from: date
    """First starting day that it governs."""
    valid_to: date | None
    """Last starting day, ``None`` while in force."""
    unit: str
    """How it counts: ``calendar_days``, ``working_days``, ``next_working_morning`` …"""
    amount: int | None
    """How much; ``None`` where the caller says (or the unit needs none)."""
    keyword: str
    """The argument of :func:`vn_edoc.calendar.deadline` that gives or replaces the amount; empty: it is fixed."""
    basis: tuple[str, ...]
    """Provisions in the notation of :func:`vn_edoc.law.basis`, the deciding one first."""
    certainty: str
    """``official``, ``excerpt``, ``secondary`` or ``unverified``: how well the text is known."""
    note_vi: str
    """What the reader should know, in Vietnamese; often empty."""
    note_en: str
    """The same in English."""

    def governs(self, day: date) -> bool:
        """Whether it governs a period that starts on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline rule."""

    id: str
    """``qd28.send``, ``complaint.first`` …"""
    title_vi: str
    """What is due, in Vietnamese."""
    title_en: str
    """What is due, in English."""
    start_vi: str
    """The event that ``start`` means, in Vietnamese."""
    start_en: str
    """The event that ``start`` means, in English."""
    receipt: str
    """The receipt policy used where none is given; empty for an event that is not a receipt."""
    limits: tuple[Limit, ...]
    """Its limits."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Amounts that it takes."""
        return tuple(dict.fromkeys(limit.keyword for limit in self.limits if limit.keyword))

    @property
    def flags(self) -> frozenset[str]:
        """Circumstances that it knows."""
        return frozenset().union(*(limit.case for limit in self.limits))

    def limit(self, day: date, case: frozenset[str], keyword: str | None) -> tuple[Limit, bool]:
        """The limit for a start on ``day``, and whether one was in force then (else the nearest in time).

        Raises :class:`~vn_edoc.errors.UsageError` where the rule has no such case.
        """
        fitting = [x for x in self.limits if x.case == case and (keyword is None or x.keyword == keyword)]
        if not fitting:
            known = "; ".join(sorted({"+".join(sorted(x.case)) or "(-)" for x in self.limits}))
            asked = "+".join(sorted(case)) or "(-)"
            raise UsageError(
                f"{self.id} has no limit for {asked}; it has: {known}",
                f"{self.id} không có thời hạn cho trường hợp {asked}; hiện có: {known}",
                field="case",
                value=asked,
                rule=self.id,
            )
        for limit in fitting:
            if limit.governs(day):
                return limit, True
        return min(fitting, key=lambda x: abs(((x.valid_to or x.valid_from) - day).days)), False


@cache
def deadline_rules() -> dict[str, Rule]:
    """Every rule by id."""
    limits: dict[str, list[Limit]] = {}
    for row in data_rows("deadline_limits.csv"):
        limits.setdefault(row["rule"], []).append(
            Limit(
                case=frozenset(filter(None, row["case"].split("+"))),
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                unit=row["unit"],
                amount=int(row["amount"]) if row["amount"] else None,
                keyword=row["keyword"],
                basis=tuple(row["basis"].split("; ")),
                certainty=row["certainty"],
                note_vi=row["note_vi"],
                note_en=row["note_en"],
            )
        )
    return {
        row["rule"]: Rule(
            row["rule"],
            row["title_vi"],
            row["title_en"],
            row["start_vi"],
            row["start_en"],
            row["receipt"],
            tuple(limits[row["rule"]]),
        )
        for row in data_rows("deadline_rules.csv")
    }


def rule(rule_id: str) -> Rule:
    """The rule with that id; :class:`~vn_edoc.errors.UsageError` naming the near ones if there is none."""
    found = deadline_rules().get(rule_id) if isinstance(rule_id, str) else None
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(str(rule_id), deadline_rules(), 3, 0.4)
        raise UsageError(
            f"no deadline rule {rule_id!r}" + (f"; did you mean {', '.join(near)}?" if near else ""),
            f"không có quy tắc thời hạn {rule_id!r}" + (f"; có phải {', '.join(near)}?" if near else ""),
            field="rule_id",
            value=rule_id,
        )
    return found
