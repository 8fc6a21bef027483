"""What a rule's function answers: passed, failed with issues, not evaluated, or not applicable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vn_edoc.findings import Basis, Location, Outcome, Severity

__all__ = ["PASSED", "Issue", "Verdict", "fail", "not_applicable", "not_evaluated", "passed"]

_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Issue:
    """One deviation that a rule met; it becomes a finding with the rule's id, severity and basis."""

    message_vi: str
    """Vietnamese message."""
    message_en: str
    """English message."""
    where: Location = _NOWHERE
    """Where it stands."""
    severity: Severity | None = None
    """Gravity, where it is not the rule's own."""
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Facts for programs."""
    basis: tuple[Basis, ...] | None = None
    """Provisions, where they are not the rule's own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one rule."""

    outcome: Outcome
    """What became of it."""
    issues: tuple[Issue, ...] = ()
    """What it says, also when it passed (a note)."""
    reason_vi: str = ""
    """Why it was not evaluated or does not apply."""
    reason_en: str = ""
    """The same in English."""


PASSED = Verdict(Outcome.PASS)


def passed(*notes: Issue) -> Verdict:
    """The rule is met; ``notes`` are worth knowing."""
    return Verdict(Outcome.PASS, notes)


def fail(*issues: Issue) -> Verdict:
    """The rule is broken; without issues: as a reader's or verifier's findings under the rule's id already say."""
    return Verdict(Outcome.FAIL, issues)


def not_evaluated(reason_vi: str, reason_en: str, *issues: Issue) -> Verdict:
    """A fact is missing, so nobody can tell."""
    return Verdict(Outcome.NOT_EVALUATED, issues, reason_vi=reason_vi, reason_en=reason_en)


def not_applicable(reason_vi: str, reason_en: str) -> Verdict:
    """The rule does not concern this document."""
    return Verdict(Outcome.NOT_APPLICABLE, reason_vi=reason_vi, reason_en=reason_en)
