"""The rule pack: the texts of :mod:`vn_edoc.law` joined with the functions that check them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from vn_edoc.errors import UsageError
from vn_edoc.findings import Check, Finding, Outcome
from vn_edoc.law import RuleText, rule_texts
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
    """One rule of a pack: its text and its check."""

    text: RuleText
    """What it asks, its severity and law."""
    judge: Judge | None
    """The check; ``None`` for rules that no facts can decide."""

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

    def _finding(self, issue: Issue) -> Finding:
        return Finding(
            self.text.id,
            issue.severity or self.text.severity,
            issue.where,
            issue.message_vi,
            issue.message_en,
            self.text.basis if issue.basis is None else issue.basis,
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
        texts = rule_texts()
        strangers = _REGISTERED.keys() - texts.rules.keys()
        if strangers:
            raise UsageError(
                f"checks without a rule text: {sorted(strangers)}",
                f"hàm kiểm tra không có quy tắc: {sorted(strangers)}",
            )
        rules = {key: Rule(text, _REGISTERED.get(key)) for key, text in texts.rules.items()}
        return RulePack(texts.version, texts.published, MappingProxyType(rules))

    def rule(self, rule_id: str) -> Rule:
        """The rule with that id; ``UsageError`` when the pack has none."""
        return self.rules[rule_texts()[rule_id].id]
