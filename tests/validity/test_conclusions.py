"""The two conclusions follow from findings and checks, and are never merged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.validity.factory import AGENCY, CONTRADICTED, PERSON, UNKNOWN, at, good, said
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.signature.result import Changes
from vn_edoc.validity.conclusions import conclude
from vn_edoc.validity.context import PaperList, Transport
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import RulePack


def concluded(facts: Facts) -> tuple[str, str, bool, list[str]]:
    pack = RulePack.bundled()
    checks, findings = [], list(facts.envelope)
    for signature in facts.signatures:
        findings += signature.findings
    for rule in pack.rules.values():
        check, found = rule.evaluate(facts)
        checks.append(check)
        findings += found
    document, exchange = conclude(findings, checks, pack)
    return document.value.value, exchange.value.value, exchange.paper_also, [f.rule for f in document.reasons]


def changed(**signature: Any) -> Facts:
    return good(file={"signatures": (PERSON, replace(AGENCY, **signature))})


CASES: list[tuple[str, Facts, str, str]] = [
    ("good", good(), "original", "replaces_paper"),
    ("late", good(context={"sent_at": at("2026-10-21 08:00")}), "original", "replaces_paper"),
    ("form faults", good(page={"number": "9", "width_mm": 100.0}), "original", "replaces_paper"),
    ("wrong addressee", good(context={"receiver_code": "H42"}), "original", "replaces_paper"),
    ("by e-mail", good(context={"transport": Transport.EMAIL}), "original", "out_of_scope"),
    ("channel not known", good(context={"transport": None}), "original", "undetermined"),
    ("unsigned", good(file={"signatures": ()}), "insufficient", "reference_only"),
    ("agency missing", good(file={"signatures": (PERSON,)}), "insufficient", "reference_only"),
    ("tampered", changed(intact=False, findings=(said("R08"),)), "insufficient", "reference_only"),
    ("changed after", changed(changes=Changes.FORBIDDEN), "insufficient", "reference_only"),
    ("form filled after", changed(changes=Changes.SUSPICIOUS), "undetermined", "undetermined"),
    ("another agency", good(bindings={1: CONTRADICTED}), "insufficient", "reference_only"),
    ("not bound", good(bindings={1: UNKNOWN}), "undetermined", "undetermined"),
    ("no register", good(bindings={}), "undetermined", "undetermined"),
    ("no anchors", good(trust_given=False), "undetermined", "undetermined"),
    ("revocation unknown", changed(findings=(said("R19", Severity.WARNING),)), "undetermined", "undetermined"),
    (
        "time not proven",
        changed(trusted=None, findings=(said("R82", Severity.WARNING),)),
        "undetermined",
        "undetermined",
    ),
    ("not verified", changed(intact=None), "undetermined", "undetermined"),
    (
        "a copy",
        good(file={"signatures": (AGENCY,)}, page={"copy_mark": "SAO Y"}, bindings={0: UNKNOWN}),
        "undetermined",
        "undetermined",
    ),
    ("secret", good(page={"secrecy": "MẬT"}), "insufficient", "out_of_scope"),
]


@pytest.mark.parametrize(("case", "facts", "document", "exchange"), CASES, ids=[c[0] for c in CASES])
def test_conclusions(case: str, facts: Facts, document: str, exchange: str) -> None:
    value, sent, _, reasons = concluded(facts)
    assert (value, sent) == (document, exchange)
    assert bool(reasons) == (document not in {"original", "copy"}), case


def test_a_bound_copy_is_a_copy() -> None:
    from tests.validity.factory import BOUND

    facts = good(file={"signatures": (AGENCY,)}, page={"copy_mark": "TRÍCH SAO"}, bindings={0: BOUND})
    # file= replaces the page of the factory's file, so the mark is set on the file itself
    assert facts.copy_mark == "TRÍCH SAO"
    assert concluded(facts)[:2] == ("copy", "replaces_paper")


def test_paper_also_is_an_addition_not_a_conclusion() -> None:
    listed = good(context={"paper_lists": (PaperList(issuer="H29", type_names=("Công văn",)),)})
    assert concluded(listed)[:3] == ("original", "replaces_paper", True)
    assert concluded(good())[2] is False


def test_reason_of_an_unbound_signer_is_named() -> None:
    pack = RulePack.bundled()
    _, found = pack.rule("R81").evaluate(good(bindings={1: UNKNOWN}))
    assert [f.data["reason"] for f in found] == ["signer_not_bound"]


def test_one_fatal_finding_outweighs_everything() -> None:
    fatal = Finding("x", Severity.FATAL, Location(), "thử", "test")
    facts = good(envelope=(fatal,))
    assert concluded(facts)[0] == "insufficient"
