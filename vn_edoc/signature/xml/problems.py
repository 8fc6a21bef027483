"""What can be said about an XML signature: findings from the table of rules, and the refusal that ends a check."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Any

from vn_edoc.findings import Basis, Finding, Location
from vn_edoc.law import basis
from vn_edoc.signature.xml.algorithms import REFUSED, WRONG_EXCLUSIVE
from vn_edoc.signature.xml.texts import RULES

__all__ = ["Refusal", "finding"]


@cache
def _bases(references: tuple[str, ...]) -> tuple[Basis, ...]:
    return tuple(Basis(r) if " " in r.partition(":")[0] else basis(r) for r in references)


def finding(rule: str, where: Location | None = None, **facts: Any) -> Finding:
    """The finding of a rule of :data:`RULES`."""
    about = RULES[rule]
    shown = {name: _short(value) for name, value in facts.items()}
    return Finding(
        rule,
        about.severity,
        where or Location(),
        about.vi.format(**shown),
        about.en.format(**shown),
        _bases(about.basis),
        MappingProxyType(facts),
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"


class Refusal(Exception):
    """Ends the check of a signature or reference, inside this package only; ``finding`` says why."""

    def __init__(self, rule: str, **facts: Any) -> None:
        super().__init__(rule)
        self.finding = finding(rule, **facts)
        self.verdict = RULES[rule].verdict

    @classmethod
    def of_algorithm(cls, uri: str, place: str) -> Refusal:
        """The refusal of an algorithm that stands in none of the tables of what is computed."""
        if uri == WRONG_EXCLUSIVE:
            return cls("xmldsig.wrong_exclusive_uri", uri=uri)
        family = REFUSED.get(uri)
        if family is not None:
            return cls("xmldsig.refused_algorithm", uri=uri, family=family, place=place)
        return cls("xmldsig.unknown_algorithm", uri=uri, place=place)
