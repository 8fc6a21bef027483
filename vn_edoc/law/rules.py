"""The texts of the legal rules: what each asks, how grave a breach is, the provisions behind it (``data/rules.toml``).

One table for every room: readers and verifiers that meet a breach cite it from here, and the rule pack of
``vn_edoc.validity`` joins the checks to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from vn_edoc._data import data_text
from vn_edoc.errors import UsageError
from vn_edoc.findings import Basis, Severity
from vn_edoc.law.acts import basis

__all__ = ["RuleText", "RuleTexts", "rule_texts"]


@dataclass(frozen=True, slots=True)
class RuleText:
    """The text of one legal rule."""

    id: str
    """Stable id: ``R37``."""
    subject: str
    """Module of ``vn_edoc.validity.rules`` it belongs to."""
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


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """A versioned table of rule texts."""

    version: str
    """Year and month of the law it follows."""
    published: date
    """When it was made."""
    rules: Mapping[str, RuleText]
    """Texts by id, in the order of their ids."""

    def __getitem__(self, rule_id: str) -> RuleText:
        try:
            return self.rules[rule_id]
        except KeyError:
            raise UsageError(
                f"the rule pack {self.version} has no rule {rule_id!r}",
                f"bộ quy tắc {self.version} không có quy tắc {rule_id!r}",
                field="rule",
                value=rule_id,
            ) from None


@cache
def rule_texts() -> RuleTexts:
    """The table that the library ships."""
    table = tomllib.loads(data_text("vn_edoc.law", "rules.toml"))
    rules = {key: _text(key, row) for key, row in table.items() if isinstance(row, dict)}
    return RuleTexts(str(table["version"]), table["published"], MappingProxyType(rules))


def _text(key: str, row: dict[str, Any]) -> RuleText:
    undecided_vi, _, undecided_en = str(row.get("undecided", "")).partition(" / ")
    return RuleText(
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
    )
