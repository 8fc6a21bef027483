"""The rule pack: the texts of :mod:`vn_edoc.law` joined with the functions that check them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from vn_edoc.errors import UsageError
from vn_edoc.findings import Check, Finding, Outcome, Severity
from vn_edoc.law import RuleText, rule_texts
from vn_edoc.validity.context import PaperList
from vn_edoc.validity.facts import URGENT_GRACE
from vn_edoc.validity.verdict import Issue, Verdict

if TYPE_CHECKING:
    import os

    from vn_edoc.calendar import OfficeHours
    from vn_edoc.validity.facts import Facts

__all__ = ["Override", "Rule", "RulePack", "checks"]

Judge = Callable[["Facts"], Verdict]

_REGISTERED: dict[str, Judge] = {}


def checks(rule_id: str) -> Callable[[Judge], Judge]:
    """Register a pure function of the facts as the check of one rule of the pack."""

    def register(judge: Judge) -> Judge:
        if rule_id in _REGISTERED:
            raise UsageError(f"rule {rule_id} is registered twice", f"quy tắc {rule_id} được đăng ký hai lần")
        _REGISTERED[rule_id] = judge
        return judge

    return register


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack: its text and its check."""

    text: RuleText
    """What it asks, its severity and law."""
    judge: Judge | None
    """The check; ``None`` for rules that no facts can decide."""
    severity: Severity | None = None
    """Gravity that an agency's pack has set instead of the law table's; ``None`` where it has not."""

    @property
    def id(self) -> str:
        """Stable id: ``R37``."""
        return self.text.id

    def evaluate(self, facts: Facts) -> tuple[Check, tuple[Finding, ...]]:
        """Run the check and dress its issues as findings."""
        text = self.text
        if self.judge is None:
            verdict = Verdict(Outcome.NOT_APPLICABLE, reason_vi=text.undecided_vi, reason_en=text.undecided_en)
        else:
            verdict = self.judge(facts)
        found = tuple(self._finding(issue) for issue in verdict.issues)
        check = Check(
            text.id,
            verdict.outcome,
            text.title_vi,
            text.title_en,
            verdict.reason_vi,
            verdict.reason_en,
            text.basis,
        )
        return check, found

    def dressed(self, finding: Finding) -> Finding:
        """A finding under this rule with the gravity that an agency's pack has set.

        Notes (info) of a rule that is graver stay notes, and nothing fatal becomes less.
        """
        kept = finding.severity is Severity.FATAL or (
            finding.severity is Severity.INFO and self.text.severity is not Severity.INFO
        )
        return finding if self.severity is None or kept else replace(finding, severity=self.severity)

    def _finding(self, issue: Issue) -> Finding:
        return self.dressed(
            Finding(
                self.text.id,
                issue.severity or self.text.severity,
                issue.where,
                _brief(issue.message_vi),
                _brief(issue.message_en),
                self.text.basis if issue.basis is None else issue.basis,
                issue.data,
            )
        )


_LONGEST = 1000
"""Characters of a message: it may quote a value of the packet, which may be a million long."""


def _brief(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


@dataclass(frozen=True, slots=True)
class Override:
    """One thing that an agency's pack does otherwise than the bundled one. Every report prints it."""

    what: str
    """``severity``, ``urgent_grace``, ``refusal_within``, ``office_hours`` or ``paper_also``."""
    rules: tuple[str, ...]
    """Rules it acts on."""
    standard: str
    """What the bundled pack has."""
    changed: str
    """What the agency has."""


@dataclass(frozen=True, slots=True)
class RulePack:
    """A versioned set of rules. Every report names the pack that judged it."""

    version: str
    """Version of the pack: year and month of the law it follows."""
    published: date
    """When it was made."""
    rules: Mapping[str, Rule]
    """Rules by id, in the order of their ids."""
    name: str = ""
    """Name of the agency's pack; empty for the bundled one."""
    source: str = ""
    """The agency's act that set it."""
    sha256: str = ""
    """SHA-256 of the agency's file."""
    overrides: tuple[Override, ...] = ()
    """What the agency does otherwise."""
    urgent_grace: timedelta = URGENT_GRACE
    """What "at once" means for an urgent document: sent after signing (R39), submitted after receipt (R42)."""
    refusal_within: timedelta | None = None
    """What "kịp thời" means for a refusal, from receipt (R41); ``None``: not judged, the law gives no number."""
    hours: OfficeHours | None = None
    """The agency's office hours, which end its morning (R37); ``None``: the default ones."""
    paper_lists: tuple[PaperList, ...] = ()
    """Lists of kinds that are also sent on paper (QĐ 28/2018/QĐ-TTg Điều 7.2, R59)."""

    @staticmethod
    @cache
    def bundled() -> RulePack:
        """The pack that the library ships."""
        import vn_edoc.validity.rules as package

        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        texts = rule_texts()
        strangers = _REGISTERED.keys() - texts.rules.keys()
        if strangers:
            raise UsageError(
                f"checks without a rule text: {sorted(strangers)}",
                f"hàm kiểm tra không có quy tắc: {sorted(strangers)}",
            )
        rules = {key: Rule(text, _REGISTERED.get(key)) for key, text in texts.rules.items()}
        return RulePack(texts.version, texts.published, MappingProxyType(rules))

    @staticmethod
    def load(path: str | os.PathLike[str]) -> RulePack:
        """An agency's pack: a TOML file that extends the bundled one.

        ``UsageError`` names what is inconsistent: an unknown rule or key, a locked rule, another version than the
        bundled one, hours that make no day. ``SourceError`` when the file cannot be read.
        """
        from vn_edoc.validity.agency import load

        return load(path, RulePack.bundled())

    def rule(self, rule_id: str) -> Rule:
        """The rule with that id; ``UsageError`` when the pack has none."""
        return self.rules[rule_texts()[rule_id].id]
