"""What is not known is never held to be met, and times that contradict each other decide nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from tests.validity.factory import AGENCY, BOUND, FILE, PAGE, PERSON, SENT, UNKNOWN, at, good, signature
from tests.validity.judged import BUILDER, sample, verifier
from vn_edoc.findings import VIETNAM, Outcome, Severity
from vn_edoc.signature.result import SignerKind, TrustScheme
from vn_edoc.testing.recipe import GOOD, RECEIVED, signed_by
from vn_edoc.validity import Context, Report, Verifier
from vn_edoc.validity.context import PaperList, StatusEvent
from vn_edoc.validity.facts import Facts, FileFacts, Party
from vn_edoc.validity.pack import RulePack

OPEN, PASS, FAIL, NONE = Outcome.NOT_EVALUATED, Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE
UNTEXTED = replace(PAGE, has_text=False, text="")
LISTS = (PaperList(issuer="H29", type_names=("Quyết định",)),)
ANSWERED = StatusEvent(code="15", at=at("2026-10-15 13:05"))
FUTURE = StatusEvent(code="01", at=at("2026-10-20 08:00"))
LONE = replace(good(), kind="pdf", packet=None)


def public(facts: Facts) -> Facts:
    main = replace(FILE, signatures=(PERSON, replace(AGENCY, trust_scheme=TrustScheme.NATIONAL)))
    return replace(facts, main=main, files=(main,))


@pytest.mark.parametrize(
    ("rule", "facts", "outcome", "severities"),
    [
        pytest.param("R01", good(file={"page": UNTEXTED}), OPEN, [], id="a scan may carry a mark that nobody read"),
        pytest.param("R01", good(files=(), main=None), OPEN, [], id="no file to look for a mark on"),
        pytest.param("R01", good(packet={"kind": "status"}, files=(), main=None), PASS, [], id="a status has no page"),
        pytest.param("R16", public(LONE), OPEN, [], id="whether a state body signed is not known"),
        pytest.param("R16", public(good()), FAIL, [Severity.WARNING], id="a state body with a public certificate"),
        pytest.param(
            "R29", good(packet={"competence": "KT. GIÁM ĐỐC", "position": None}), OPEN, [], id="KT. without a position"
        ),
        pytest.param(
            "R29", good(packet={"competence": "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", "position": None}), PASS, [], id="KT. in one"
        ),
        pytest.param("R59", good(packet={"type_name": None}, context={"paper_lists": LISTS}), OPEN, [], id="no type"),
        pytest.param("R59", good(packet={"issuer": None}, context={"paper_lists": LISTS}), OPEN, [], id="no issuer"),
        pytest.param("R59", good(packet={"type_name": None}), PASS, [], id="no type and no list"),
        pytest.param("R75", good(context={"tls_version": None}), OPEN, [], id="TLS version not on record"),
        pytest.param("R75", good(context={"peer_authenticated": None}), OPEN, [], id="peer not on record"),
        pytest.param("R75", good(context={"tls_version": "secure"}), OPEN, [], id="no version"),
        *(
            pytest.param("R75", good(context={"tls_version": version}), outcome, severities, id=version)
            for version, outcome, severities in (
                ("TLSv1.3", PASS, []),
                ("TLS 1.2", PASS, []),
                ("tls1_2", PASS, []),
                ("1.4", PASS, []),
                ("TLSv1", FAIL, [Severity.WARNING]),
                ("TLSv1.1", FAIL, [Severity.WARNING]),
                ("SSLv3", FAIL, [Severity.WARNING]),
            )
        ),
        pytest.param(
            "R40",
            good(context={"status_history": (StatusEvent(code="01", at=at("2026-10-15 09:00")),)}),
            OPEN,
            [],
            id="acknowledged before it came",
        ),
        *(
            pytest.param(
                rule,
                good(context={"received_at": received, "submitted_at": received}, at=at("2026-10-15 11:00")),
                OPEN,
                [],
                id=f"{rule}: {why}",
            )
            for rule in ("R40", "R42")
            for received, why in (
                (at("2026-10-15 10:30"), "received before it was sent"),
                (at("2026-10-15 11:10"), "received after the moment of judging"),
            )
        ),
        *(
            pytest.param(
                rule,
                good(packet={"priority": 1}, context={"sent_at": SENT, "received_at": None}, at=at("2026-10-15 10:30")),
                OPEN,
                [],
                id=f"{rule}: not yet sent",
            )
            for rule in ("R37", "R38", "R39")
        ),
        *(
            pytest.param(
                rule,
                good(packet={"priority": 1}, context=context, at=at("2026-10-16 09:00")),
                OPEN,
                [],
                id=f"{rule}: {why}",
            )
            for rule in ("R37", "R38", "R39")
            for context, why in (
                ({"sent_at": at("2026-12-20 10:00"), "received_at": SENT}, "sent after the moment of judging, late"),
                ({"sent_at": at("2026-10-16 08:50"), "received_at": SENT}, "sent after it was received"),
                ({"sent_at": at("2026-10-15 10:00")}, "sent before it was signed"),
            )
        ),
        pytest.param(
            "R42", good(context={"submitted_at": at("2026-10-15 09:00")}), OPEN, [], id="submitted before it came"
        ),
        pytest.param("R76", good(context={"receiver_code": "sở thử"}), OPEN, [], id="an own code of no scheme"),
        pytest.param(
            "R42",
            good(context={"submitted_at": at("2026-10-15 14:00")}, at=at("2026-10-15 11:00")),
            OPEN,
            [],
            id="submitted after the moment of judging",
        ),
        *(
            pytest.param(
                "R43",
                good(context={"status_history": (ANSWERED,), **context}, at=at("2026-10-15 14:00")),
                OPEN,
                [],
                id=why,
            )
            for context, why in (
                ({"recall_requested_at": at("2026-10-16 08:00")}, "a recall after the moment of judging"),
                (
                    {"recall_requested_at": at("2026-10-15 12:00"), "cancelled_at": at("2026-10-16 08:00")},
                    "cancelled after the moment of judging",
                ),
                (
                    {"recall_requested_at": at("2026-10-15 12:00"), "cancelled_at": at("2026-10-15 11:00")},
                    "cancelled before the recall",
                ),
            )
        ),
        pytest.param(
            "R40",
            good(context={"status_history": (FUTURE,)}, at=at("2026-10-15 11:00")),
            PASS,
            [Severity.WARNING],
            id="acknowledged after the moment of judging, still time",
        ),
        pytest.param(
            "R40",
            good(context={"status_history": (FUTURE,)}, at=at("2026-10-16 08:00")),
            OPEN,
            [Severity.WARNING],
            id="acknowledged after the moment of judging",
        ),
        pytest.param(
            "R41",
            good(context={"status_history": (FUTURE.model_copy(update={"code": "02"}),)}, at=at("2026-10-16 08:00")),
            NONE,
            [Severity.WARNING],
            id="refused after the moment of judging",
        ),
        pytest.param(
            "R43",
            good(
                context={
                    "recall_requested_at": at("2026-10-15 12:00"),
                    "cancelled_at": at("2026-10-15 13:00"),
                    "status_history": (FUTURE.model_copy(update={"code": "15"}),),
                },
                at=at("2026-10-16 08:00"),
            ),
            FAIL,
            [Severity.ERROR],
            id="a recall answered after the moment of judging",
        ),
        pytest.param(
            "R42",
            good(packet={"priority": 1}, context={"submitted_at": SENT + timedelta(hours=1)}),
            PASS,
            [],
            id="urgent, within the hour",
        ),
        pytest.param(
            "R42",
            good(packet={"priority": 1}, context={"submitted_at": SENT + timedelta(hours=1, seconds=1)}),
            FAIL,
            [Severity.ERROR],
            id="urgent, after the hour",
        ),
    ],
)
def test_rule(rule: str, facts: Facts, outcome: Outcome, severities: list[Severity]) -> None:
    check, found = RulePack.bundled().rule(rule).evaluate(facts)
    assert (check.outcome, [f.severity for f in found]) == (outcome, severities), check.reason_en
    if outcome is OPEN:
        assert check.reason_vi and check.reason_en


@pytest.mark.parametrize(
    ("packet", "page", "severities"),
    [
        ({"type_name": "Quyết định"}, {}, [Severity.INFO]),
        ({"type_name": "Quyết định (cá biệt)"}, {"text": PAGE.text + " QUYẾT\nĐỊNH"}, []),
        ({"type_name": "Thư công"}, {}, []),
        ({"priority": 3}, {}, [Severity.INFO]),
        ({"priority": 3}, {"urgency": "HỎA TỐC"}, []),
        ({"priority": 4}, {"urgency": "HỎA TỐC"}, []),
        ({"priority": 0}, {"urgency": "KHẨN"}, [Severity.WARNING]),
        ({"priority": 1}, {"urgency": "THƯỢNG KHẨN"}, [Severity.WARNING]),
        ({"priority": None}, {"urgency": "KHẨN"}, []),
    ],
)
def test_type_and_urgency_of_packet_and_page(
    packet: dict[str, Any], page: dict[str, Any], severities: list[Severity]
) -> None:
    _, found = RulePack.bundled().rule("R52").evaluate(good(packet=packet, page=page))
    assert [f.severity for f in found] == severities, [f.message_en for f in found]


# --- from whose signature time counts ---

STAMP = signature(
    SignerKind.ORGANISATION, "SỞ TƯ PHÁP", signed_at=at("2026-10-19 08:00"), proven_at=at("2026-10-19 08:00")
)


def stamped(**more: Any) -> Facts:
    main = replace(FILE, signatures=(PERSON, AGENCY, STAMP))
    return good(files=(main,), main=main, bindings=MappingProxyType({1: BOUND, 2: UNKNOWN}), **more)


def test_the_receivers_incoming_stamp_does_not_move_the_signing_time() -> None:
    facts = stamped(context={"sent_at": at("2026-10-19 07:30")}, at=at("2026-10-19 09:00"))
    assert facts.signed_at == AGENCY.signed_at
    assert facts.law_date == AGENCY.signed_at.date()  # type: ignore[union-attr]
    check, _ = RulePack.bundled().rule("R38").evaluate(facts)
    assert check.outcome is FAIL, "signed on Thursday, sent on Monday: late, whatever was added later"


def test_a_person_who_signs_last_and_is_named_on_page_1_counts() -> None:
    late = replace(PERSON, signed_at=at("2026-10-15 16:00"), proven_at=None)
    main = replace(FILE, signatures=(AGENCY, late))
    facts = good(files=(main,), main=main, bindings=MappingProxyType({0: BOUND}))
    assert facts.signed_at == late.signed_at


def test_the_leaders_day_is_told_beside_the_agencys() -> None:
    early = replace(PERSON, signed_at=at("2026-10-12 09:00"), proven_at=None)
    main = replace(FILE, signatures=(early, AGENCY))
    for rule in ("R37", "R38"):
        check, found = RulePack.bundled().rule(rule).evaluate(good(files=(main,), main=main))
        assert (check.outcome, [f.severity for f in found]) == (PASS, [Severity.INFO])
        assert "người có thẩm quyền" in found[0].message_vi


# --- a receipt that the host keeps proves that the signed file existed (R82) ---


def judged(name: str, **context: Any) -> Report:
    given = Context.model_validate({**sample(name).context, **context})
    return verifier(name).verify(sample(name).packet, at=sample(name).judged_at, context=given)


def test_a_receipt_settles_the_time_of_signing() -> None:
    bare = judged("expired-since")
    assert bare.document is not None and bare.document.value == "undetermined"
    report = judged("expired-since", receipt_evidence_at=RECEIVED)
    assert report.document is not None and report.document.value == "original", report.to_text("en")
    assert all(s.proven_at == RECEIVED and not s.stamped for s in report.signatures[:2])
    assert report.signed_at == GOOD.signatures[1].at, "the receipt is later than the signature it proves"
    assert "có biên nhận chứng minh đã ký trước 15/10/2026 10:45:20 +07:00" in " ".join(report.to_text("vi").split())


@pytest.mark.parametrize(
    "receipt",
    [
        datetime(2029, 6, 1, tzinfo=VIETNAM),
        datetime(2031, 1, 1, tzinfo=VIETNAM),
        datetime(2026, 10, 15, tzinfo=VIETNAM),
    ],
    ids=["after the certificates ended", "after the judging", "before it was signed"],
)
def test_a_receipt_that_proves_nothing(receipt: datetime) -> None:
    report = judged("expired-since", receipt_evidence_at=receipt)
    assert report.document is not None and report.document.value == "undetermined", report.to_text("en")


def test_a_receipt_after_the_revocation_does_not_help() -> None:
    report = judged("revoked-later-unproven", receipt_evidence_at=datetime(2026, 11, 11, tzinfo=VIETNAM))
    assert report.document is not None and report.document.value != "original"
    early = judged("revoked-later-unproven", receipt_evidence_at=RECEIVED)
    assert early.document is not None and early.document.value == "original", early.to_text("en")


def test_the_receivers_stamp_on_a_real_file() -> None:
    late = datetime(2026, 10, 19, 8, 0, tzinfo=VIETNAM)
    recipe = replace(
        GOOD,
        signatures=(*GOOD.signatures, replace(signed_by("receiver"), at=late)),
        shown=False,
        judged_at=late + timedelta(hours=1),
    )
    one = BUILDER.from_recipe(recipe)
    given = Verifier(one.trust_object(), one.evidence_object(), bindings=one.bindings_object())
    report = given.verify(one.packet, at=one.judged_at, context=one.context_object())
    assert report.signed_at is not None and report.signed_at.date() == GOOD.signatures[1].at.date()
    assert not [f for f in report.findings if f.rule in {"R37", "R38"}]


def test_the_law_of_the_certificates_kind_ends_with_its_circular() -> None:
    """TT 41/2017/TT-BTTTT was repealed from 15/11/2026 by TT 59/2026/TT-BKHCN Điều 1.3."""
    from tests.validity.test_older_law import judged as judged_facts
    from tests.validity.test_older_law import signed_on

    device = signature(SignerKind.DEVICE, "máy chủ")
    for day, cited in (("2026-11-14 23:59", True), ("2026-11-15 00:00", False)):
        report = judged_facts(signed_on(at(day), PERSON, AGENCY, device, at=at("2026-11-20 09:00")))
        (finding,) = [f for f in report.findings if f.rule == "R26"]
        assert ("41/2017/TT-BTTTT" in "; ".join(b.cite("vi") for b in finding.basis)) is cited, day
        assert "68/2024/NĐ-CP" in finding.basis[0].cite("vi")


def test_a_file_of_another_kind_is_no_reader_of_marks() -> None:
    word = FileFacts(
        "van-ban.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 9, "33" * 32
    )
    check, _ = RulePack.bundled().rule("R01").evaluate(good(files=(word,), main=word))
    assert check.outcome is OPEN


def test_a_code_that_nobody_knows_is_a_question() -> None:
    unknown = good(packet={"receivers": (Party("H98", "UBND"),)})
    check, found = RulePack.bundled().rule("R02").evaluate(unknown)
    assert (check.outcome, [f.severity for f in found]) == (OPEN, [Severity.INFO])


@pytest.mark.parametrize("code", ["\u0661", "\uff10\uff11", "", "001", "1a", "-1", 1])
def test_a_status_code_is_one_or_two_ascii_digits(code: object) -> None:
    with pytest.raises(ValidationError):
        StatusEvent.model_validate({"code": code, "at": SENT})


def test_a_blank_in_the_context_says_nothing() -> None:
    blank = {"receiver_code": " ", "issuer_code": "", "tls_version": "", "issuer_name": "\t"}
    assert Context.model_validate(blank) == Context()
    event = StatusEvent.model_validate({"code": "01", "at": SENT, "organ_id": "", "description": " "})
    assert (event.organ_id, event.description) == (None, None)
