"""Statuses about a document count only from those who may send them: anybody can write a status packet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.adversarial.judging import report_on
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.recipe import GOOD
from vn_edoc.validity import Report

SENDER, RECEIVER, STRANGER = "H53.09", "H53.14", "H29.12"
AT = "2026-10-15T14:00:00+07:00"


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    return SampleBuilder()


def report(builder: SampleBuilder, *history: dict[str, Any], own: str | None = RECEIVER) -> Report:
    recipe = replace(GOOD, annex=None)
    context = {**recipe.context, "status_history": list(history), "receiver_code": own}
    return report_on(builder.from_recipe(replace(recipe, context=context)))


def event(code: str, who: str | None, **more: str) -> dict[str, Any]:
    return {"code": code, "at": AT, "organ_id": who, **more}


def outcome(found: Report, rule: str) -> str:
    return next(c.outcome.value for c in found.checks if c.rule == rule)


def told(found: Report, rule: str) -> list[str]:
    return [str(f.data["reason"]) for f in found.findings if f.rule == rule and "reason" in f.data]


@pytest.mark.parametrize("own", [RECEIVER, None])
def test_a_stranger_s_recall_is_told_and_binds_nobody(builder: SampleBuilder, own: str | None) -> None:
    for who, expected in ((SENDER, "fail"), ("000.00.09.H53", "fail"), (None, "fail"), (STRANGER, "not_applicable")):
        found = report(builder, event("13", who), own=own)
        assert outcome(found, "R43") == expected, who
        assert told(found, "R43") == (["status_of_a_stranger"] if who == STRANGER else []), who
    # A receiver recalls nothing either.
    assert outcome(report(builder, event("13", RECEIVER), own=own), "R43") == "not_applicable"


@pytest.mark.parametrize("own", [RECEIVER, None])
def test_a_stranger_s_refusal_is_told_and_is_none(builder: SampleBuilder, own: str | None) -> None:
    for who, expected in ((RECEIVER, "fail"), (f"{RECEIVER}.01", "fail"), (None, "fail"), (STRANGER, "not_applicable")):
        found = report(builder, event("02", who), own=own)
        assert outcome(found, "R41") == expected, who
        assert told(found, "R41") == (["status_of_a_stranger"] if who == STRANGER else []), who


def test_a_stranger_s_acknowledgement_is_none(builder: SampleBuilder) -> None:
    late = {"at": "2026-10-16T08:30:00+07:00"}
    assert outcome(report(builder, {**event("01", RECEIVER), **late}, event("01", STRANGER)), "R40") == "fail"
    assert outcome(report(builder, event("01", RECEIVER), {**event("01", STRANGER), **late}), "R40") == "pass"


def test_a_recall_is_answered_by_the_receiver_alone(builder: SampleBuilder) -> None:
    answer = event("16", STRANGER, description="Khoản 1 Điều 9")
    assert outcome(report(builder, event("13", SENDER), answer), "R43") == "fail"
    # Whatever the order of the history: the last answer counts.
    first = {**event("15", RECEIVER), "at": "2026-10-15T15:00:00+07:00"}
    last = {**event("16", RECEIVER, description="Khoản 1 Điều 9"), "at": "2026-10-15T16:00:00+07:00"}
    for history in ((first, last), (last, first)):
        assert outcome(report(builder, event("13", SENDER), *history), "R43") == "pass"
