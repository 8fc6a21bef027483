"""The one table of legal rules, and that the rooms below the report cite it."""

from __future__ import annotations

import pytest

from vn_edoc.errors import UsageError
from vn_edoc.findings import Severity
from vn_edoc.law import rule_texts
from vn_edoc.signature.rules import finding


def test_all_rules_are_there_with_texts_in_both_languages() -> None:
    texts = rule_texts()
    assert list(texts.rules) == [f"R{n:02}" for n in range(1, 83)]
    for text in texts.rules.values():
        assert text.title_vi and text.title_en and text.title_vi != text.title_en
        assert bool(text.how_vi) != bool(text.undecided_vi), text.id


def test_rules_of_authenticity_and_integrity_are_locked() -> None:
    for rule in (
        "R04",
        "R05",
        "R06",
        "R08",
        "R09",
        "R10",
        "R11",
        "R12",
        "R14",
        "R17",
        "R18",
        "R24",
        "R63",
        "R71",
        "R81",
    ):
        assert rule_texts()[rule].locked, rule
        assert rule_texts()[rule].severity is Severity.FATAL, rule


def test_a_rule_that_is_not_there() -> None:
    with pytest.raises(UsageError):
        rule_texts()["R99"]


def test_verifiers_cite_the_table() -> None:
    made = finding("R14", "thử", "test")
    assert (made.severity, made.basis) == (rule_texts()["R14"].severity, rule_texts()["R14"].basis)
    assert finding("R14", "thử", "test", severity=Severity.INFO).severity is Severity.INFO
