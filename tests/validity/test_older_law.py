"""A document is judged by the law of its day; what that was, where it is not on record, is never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import vn_edoc
from tests.validity.factory import AGENCY, FILE, PERSON, at, good, said
from tests.validity.judged import BUILDER
from vn_edoc.findings import VIETNAM, Outcome, Severity
from vn_edoc.signature import TrustStore
from vn_edoc.testing.cms import CmsForm
from vn_edoc.testing.recipe import GOOD, Recipe
from vn_edoc.testing.variants.exchange import _on
from vn_edoc.validity import Report
from vn_edoc.validity.facts import Facts, Input, Party

DECREE_30 = at("2020-03-05 09:00")


def signed_on(moment: Any, *signatures: Any, **more: Any) -> Facts:
    told = tuple(replace(s, signed_at=moment, proven_at=moment) for s in signatures)
    packet = {"promulgated": moment.date()}
    return good(packet=packet, files=(replace(FILE, signatures=told),), main=replace(FILE, signatures=told), **more)


def on_day(signed: datetime, sent: datetime) -> Recipe:
    """The good recipe on another day."""
    changes = _on(signed, sent)
    context = changes.pop("context")
    return replace(GOOD, **changes).with_context(**context)


def judged(facts: Facts) -> Report:
    return vn_edoc.Verifier()._judge(Input("facts", 1, "00" * 32), facts, None)


@pytest.mark.parametrize("day", ["2005-01-01 09:00", "2012-06-01 09:00", "2019-10-15 10:20"])
def test_before_decree_30_a_missing_signature_is_a_question(day: str) -> None:
    report = judged(signed_on(at(day), AGENCY))
    (check,) = [c for c in report.checks if c.rule == "R05"]
    assert check.outcome is Outcome.NOT_EVALUATED
    assert [f.severity for f in report.findings if f.rule == "R05"] == [Severity.WARNING]
    assert not [f for f in report.findings if f.severity is Severity.FATAL], report.to_text("en")
    assert report.document is not None and report.document.value == "undetermined"
    assert any("30/2020/NĐ-CP" in vi for vi, _ in report.notices)


def test_a_copy_without_the_agency_before_decree_30_is_a_question() -> None:
    facts = signed_on(at("2019-10-15 10:20"), PERSON)
    assert facts.main is not None
    page = replace(facts.main.page, copy_mark="SAO Y")  # type: ignore[type-var]
    report = judged(replace(facts, main=replace(facts.main, page=page), files=(replace(facts.main, page=page),)))
    assert report.document is not None and report.document.value == "undetermined"
    assert not [f for f in report.findings if f.severity is Severity.FATAL]


def test_from_decree_30_on_it_is_fatal() -> None:
    report = judged(signed_on(DECREE_30, AGENCY))
    assert report.document is not None and report.document.value == "insufficient"
    assert not any("30/2020" in vi for vi, _ in report.notices)


def test_duties_of_later_acts_are_not_said_to_be_breached() -> None:
    late = {"sent_at": at("2018-01-20 09:00"), "received_at": at("2018-01-20 09:00")}
    old = judged(signed_on(at("2018-01-10 10:20"), PERSON, AGENCY, context=late))
    found = {f.rule: f for f in old.findings}
    assert found["R38"].severity is Severity.WARNING and found["R38"].data["law_then"] == "unknown"
    assert not old.at_least(Severity.ERROR), old.to_text("en")
    now = {"sent_at": at("2026-10-25 09:00"), "received_at": at("2026-10-25 09:00")}
    assert "R38" in {f.rule for f in judged(good(context=now)).at_least(Severity.ERROR)}


def test_integrity_is_no_matter_of_dates() -> None:
    broken = replace(AGENCY, findings=(said("R08", Severity.FATAL),))
    report = judged(signed_on(at("2010-06-01 09:00"), PERSON, broken))
    assert report.document is not None and report.document.value == "insufficient"


def test_the_real_files_fail_for_what_was_done_to_them(shared: Path) -> None:
    trust = TrustStore.load(shared / "pki")
    for file in sorted((shared / "signed").glob("*.pdf")):
        report = vn_edoc.verify(file, trust=trust, at=at("2026-11-24 09:00"))
        assert report.document is not None and report.document.value == "insufficient"
        first = report.document.reasons[0]
        assert first.rule == "R71" and first.message_vi.startswith("Tệp đã bị ghi lại sau khi ký")
        before = report.signatures[0].proven_at < DECREE_30  # type: ignore[operator]
        assert any("30/2020/NĐ-CP" in vi for vi, _ in report.notices) is before
        assert ("R05" in {f.rule for f in report.document.reasons}) is not before


@pytest.mark.parametrize(("day", "outcome"), [("2018-09-05", Outcome.NOT_EVALUATED), ("2018-09-06", Outcome.FAIL)])
def test_a_duty_begins_with_its_act(day: str, outcome: Outcome) -> None:
    late = {"sent_at": at("2018-09-20 09:00"), "received_at": at("2018-09-20 09:00")}
    report = judged(signed_on(at(f"{day} 10:20"), PERSON, AGENCY, context=late))
    (check,) = [c for c in report.checks if c.rule == "R37"]
    assert check.outcome is outcome
    assert check.reason_vi or outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("day", "rule", "cited"),
    [
        ("2024-06-30 23:59", "R11", "51/2005/QH11"),
        ("2024-07-01 00:00", "R11", "20/2023/QH15"),
        ("2024-08-14 23:59", "R17", "130/2018/NĐ-CP"),
        ("2024-08-15 00:00", "R17", "68/2024/NĐ-CP"),
        ("2025-04-09 23:59", "R15", "130/2018/NĐ-CP"),
        ("2025-04-10 00:00", "R15", "23/2025/NĐ-CP"),
        ("2025-08-14 23:59", "R09", "22/2020/TT-BTTTT"),
        ("2025-08-15 00:00", "R09", "15/2025/TT-BKHCN"),
        ("2025-08-14 23:59", "R21", "39/2017/TT-BTTTT"),
        ("2025-08-15 00:00", "R21", "15/2025/TT-BKHCN"),
    ],
)
def test_the_act_of_the_signing_day_is_cited(day: str, rule: str, cited: str) -> None:
    report = judged(signed_on(at(day), PERSON, AGENCY, at=at("2026-10-15 11:00")))
    (check,) = [c for c in report.checks if c.rule == rule]
    assert cited in check.basis[0].cite("vi")


@pytest.mark.parametrize(("day", "noticed"), [("2026-10-31 23:59", False), ("2026-11-01 00:00", True)])
def test_the_notice_of_decision_43(day: str, noticed: bool) -> None:
    report = judged(signed_on(at(day), PERSON, AGENCY, at=at("2026-11-20 09:00")))
    assert any("43/2026/QĐ-TTg" in vi and "43/2026/QĐ-TTg" in en for vi, en in report.notices) is noticed


@pytest.mark.parametrize(("day", "asked"), [("2026-05-28 12:00", True), ("2026-05-29 12:00", False)])
def test_paper_to_the_government_ends_with_its_new_working_rules(day: str, asked: bool) -> None:
    facts = signed_on(at(day), PERSON, AGENCY, at=at("2026-10-15 11:00"))
    assert facts.packet is not None
    report = judged(replace(facts, packet=replace(facts.packet, receivers=(Party("G22", "Văn phòng Chính phủ"),))))
    assert report.exchange is not None and report.exchange.paper_also is asked


@pytest.mark.parametrize(
    ("signed", "sent", "late"),
    [
        ("2026-01-09 16:00", "2026-01-10 11:30:00", ()),  # Saturday, worked in exchange for 2 January
        ("2026-01-09 16:00", "2026-01-10 11:30:01", ("R37",)),
        ("2026-01-09 16:00", "2026-01-12 08:00:00", ("R37", "R38")),
        ("2025-12-31 16:00", "2026-01-05 11:30:00", ()),  # 1 January, the swapped 2nd and a weekend
        ("2025-12-31 16:00", "2026-01-05 23:59:59", ("R37",)),
        ("2025-12-31 16:00", "2026-01-06 00:00:00", ("R37", "R38")),
        ("2026-08-28 16:00", "2026-09-03 11:30:00", ()),  # 31 August swapped, National Day
        ("2028-02-28 16:00", "2028-02-29 11:30:00", ()),
        ("2028-02-28 16:00", "2028-03-01 08:00:00", ("R37", "R38")),
    ],
)
def test_days_off_swapped_days_and_leap_days(signed: str, sent: str, late: tuple[str, ...]) -> None:
    context = {"sent_at": at(sent), "received_at": at(sent)}
    report = judged(signed_on(at(signed), PERSON, AGENCY, context=context, at=at(sent)))
    assert tuple(c.rule for c in report.checks if c.rule in {"R37", "R38"} and c.outcome is Outcome.FAIL) == late


@pytest.mark.parametrize(
    ("signed", "gravity"),
    [
        (datetime(2025, 8, 14, 16, 59, 59, tzinfo=UTC), Severity.WARNING),  # 23:59:59 in Vietnam
        (datetime(2025, 8, 14, 17, 0, 0, tzinfo=UTC), Severity.ERROR),  # midnight: TT 15/2025/TT-BKHCN is in force
    ],
)
@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize(
    ("rule", "weak"),
    [
        ("R21", {"by": "agency-rsa1024"}),
        ("R22", {"subfilter": "adbe", "form": CmsForm(digest="sha1")}),
    ],
)
def test_weak_algorithms_by_the_law_of_the_signing_day(
    rule: str, weak: dict[str, Any], proven: bool, signed: datetime, gravity: Severity
) -> None:
    here = signed.astimezone(VIETNAM)
    recipe = on_day(here, here + timedelta(minutes=10))
    person, agency = recipe.signatures
    changed = replace(agency, **weak, stamp_after=timedelta(0) if proven else None)
    one = BUILDER.from_recipe(replace(recipe, signatures=(person, changed)))
    given = vn_edoc.Verifier(one.trust_object(), one.evidence_object(), bindings=one.bindings_object())
    report = given.verify(one.packet, at=one.judged_at, context=one.context_object())
    assert {f.severity for f in report.findings if f.rule == rule} == {gravity}
    assert report.document is not None and report.document.value == "original"
    assert report.law_date == here.date().isoformat()
    acts = {Severity.WARNING: "39/2017/TT-BTTTT", Severity.ERROR: "15/2025/TT-BKHCN"}
    assert all(acts[gravity] in f.basis[0].cite("vi") for f in report.findings if f.rule == rule)
