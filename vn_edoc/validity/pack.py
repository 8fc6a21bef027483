"""The rule pack: texts, severities and provisions from ``data/rules.toml``, joined with the functions that check."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import Basis, Check, Finding, Outcome, Severity
from vn_edoc.law import basis
from vn_edoc.validity.verdict import Issue, Verdict

if TYPE_CHECKING:
    from vn_edoc.validity.facts import Facts

__all__ = ["Rule", "RulePack", "checks"]

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
    """One rule of a pack."""

    id: str
    """Stable id: ``R37``."""
    subject: str
    """Module of :mod:`vn_edoc.validity.rules` it belongs to."""
    severity: Severity
    """Gravity of a breach, unless the check says otherwise."""
    title_vi: str
    """What it asks, in Vietnamese."""
    title_en: str
    """What it asks, in English."""
    basis: tuple[Basis, ...]
    """Provisions, the deciding one first."""
    decides: bool
    """While it cannot be evaluated the document's value stays undetermined."""
    undecides: bool
    """A breach leaves the document's value undetermined."""
    locked: bool
    """Authenticity or integrity: an agency's own pack cannot change it."""
    refusal: bool
    """A ground on which the receiver may refuse the document."""
    how_vi: str
    """How to satisfy it, in Vietnamese."""
    how_en: str
    """How to satisfy it, in English."""
    undecided_vi: str
    """Why no facts can decide it; empty for rules that are checked."""
    undecided_en: str
    """The same in English."""
    judge: Judge | None
    """The check; ``None`` for rules that no facts can decide."""

    def evaluate(self, facts: Facts) -> tuple[Check, tuple[Finding, ...]]:
        """Run the check and dress its issues as findings."""
        if self.judge is None:
            verdict = Verdict(Outcome.NOT_APPLICABLE, reason_vi=self.undecided_vi, reason_en=self.undecided_en)
        else:
            verdict = self.judge(facts)
        found = tuple(self._finding(issue) for issue in verdict.issues)
        check = Check(
            self.id,
            verdict.outcome,
            self.title_vi,
            self.title_en,
            verdict.reason_vi,
            verdict.reason_en,
            self.basis,
        )
        return check, found

    def _finding(self, issue: Issue) -> Finding:
        return Finding(
            self.id,
            issue.severity or self.severity,
            issue.where,
            issue.message_vi,
            issue.message_en,
            self.basis if issue.basis is None else issue.basis,
            issue.data,
        )


@dataclass(frozen=True, slots=True)
class RulePack:
    """A versioned set of rules. Every report names the pack that judged it."""

    version: str
    """Version of the pack: year and month of the law it follows."""
    published: date
    """When it was made."""
    rules: Mapping[str, Rule]
    """Rules by id, in the order of their ids."""

    @staticmethod
    @cache
    def bundled() -> RulePack:
        """The pack that the library ships."""
        import vn_edoc.validity.rules as package

        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        text = (files("vn_edoc.validity") / "data" / "rules.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)
        rules = {key: _rule(key, row) for key, row in table.items() if isinstance(row, dict)}
        strangers = _REGISTERED.keys() - rules.keys()
        if strangers:
            raise UsageError(
                f"checks without a rule text: {sorted(strangers)}",
                f"hàm kiểm tra không có quy tắc: {sorted(strangers)}",
            )
        return RulePack(str(table["version"]), table["published"], MappingProxyType(rules))

    def rule(self, rule_id: str) -> Rule:
        """The rule with that id; ``UsageError`` when the pack has none."""
        try:
            return self.rules[rule_id]
        except KeyError:
            raise UsageError(
                f"the rule pack {self.version} has no rule {rule_id!r}",
                f"bộ quy tắc {self.version} không có quy tắc {rule_id!r}",
                field="rule",
                value=rule_id,
            ) from None


def _rule(key: str, row: dict[str, Any]) -> Rule:
    undecided_vi, _, undecided_en = str(row.get("undecided", "")).partition(" / ")
    return Rule(
        id=key,
        subject=row["subject"],
        severity=Severity(row["severity"]),
        title_vi=row["title_vi"],
        title_en=row["title_en"],
        basis=tuple(basis(reference) for reference in row["basis"]),
        decides=bool(row.get("decides", False)),
        undecides=bool(row.get("undecides", False)),
        locked=bool(row.get("locked", False)),
        refusal=bool(row.get("refusal", False)),
        how_vi=row.get("how_vi", ""),
        how_en=row.get("how_en", ""),
        undecided_vi=undecided_vi,
        undecided_en=undecided_en,
        judge=_REGISTERED.get(key),
    )
