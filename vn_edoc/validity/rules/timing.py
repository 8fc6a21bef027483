"""Rules on time: sending, issuing, acknowledging, submitting. Lateness never voids a document: no article says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from vn_edoc.findings import VIETNAM, Location, Severity
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import (
    CLOCK,
    NO_PACKET,
    NOT_A_DOCUMENT,
    ahead,
    not_yet,
    of_receiver,
    unborn,
    when,
)
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated, passed

if TYPE_CHECKING:
    from vn_edoc.calendar import Deadline

__all__: list[str] = []

_CONTEXT = Location(path="Context/sent_at")
_TRACE = Location(path="TraceHeaderList/TraceHeader[1]/Timestamp")


def _times(facts: Facts) -> tuple[datetime, datetime] | Verdict:
    """Signing time and sending time, or why one is missing."""
    if facts.packet is None:
        return NO_PACKET
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    if facts.signed_at is None:
        return not_evaluated("không biết thời điểm ký số", "the signing time is not known")
    if facts.sent_at is None:
        return not_evaluated("không biết thời điểm gửi", "the sending time is not known")
    signed, sent, received = facts.signed_at, facts.sent_at, facts.context.received_at
    if sent < signed - CLOCK:
        return not_evaluated(
            f"thời điểm gửi ({when(sent)}) trước thời điểm ký ({when(signed)}): hai thời gian mâu thuẫn",
            f"the sending time ({when(sent)}) is before the signing time ({when(signed)}): they contradict",
        )
    if ahead(facts, sent):
        return not_yet(sent)
    if received is not None and sent > received + CLOCK:
        return _received_before_sent(received, sent)
    return signed, sent


def _received_before_sent(received: datetime, sent: datetime) -> Verdict:
    return not_evaluated(
        f"thời điểm nhận ({when(received)}) trước thời điểm gửi ({when(sent)}): hai thời gian mâu thuẫn",
        f"it was received ({when(received)}) before it was sent ({when(sent)}): they contradict",
    )


def _contradiction(facts: Facts) -> Verdict | None:
    """Whether the host's time of receipt cannot be: then no duty is counted from it."""
    sent, received = facts.context.sent_at, facts.context.received_at
    if sent is not None and received is not None and received < sent - CLOCK:
        return _received_before_sent(received, sent)
    if received is not None and ahead(facts, received):
        return not_yet(received)
    return None


def _due(rule: str, start: datetime, facts: Facts) -> Deadline:
    from vn_edoc.calendar import OfficeHours, WorkCalendar, deadline

    calendar = facts.calendar if facts.calendar is not None else WorkCalendar.official(known_at=facts.known_at)
    return deadline(rule, start, calendar=calendar, hours=facts.hours or OfficeHours())


def _late(rule: str, facts: Facts, duty_vi: str, duty_en: str) -> Verdict:
    times = _times(facts)
    if isinstance(times, Verdict):
        return times
    signed, sent = times
    due = _due(rule, signed, facts)
    limit = due.at
    on_time = sent <= limit if limit is not None else sent.astimezone(VIETNAM).date() <= due.day
    claimed = "" if facts.context.sent_at is not None else " (theo lưu vết của bên gửi)"
    claimed_en = "" if facts.context.sent_at is not None else " (as the sender's trace claims)"
    data = {
        "signed_at": signed,
        "sent_at": sent,
        "due_day": due.day,
        "due_at": due.at,
        "assumptions": [str(a) for a in due.assumptions],
    }
    if on_time:
        return passed(*_by_the_leader(rule, sent, facts))
    until = when(limit) if limit is not None else f"hết ngày {due.day:%d/%m/%Y}"
    until_en = when(limit) if limit is not None else f"the end of {due.day:%d/%m/%Y}"
    return fail(
        Issue(
            f"{duty_vi} muộn: ký lúc {when(signed)}, chậm nhất {until}, gửi lúc {when(sent)}{claimed}.",
            f"{duty_en} late: signed {when(signed)}, due by {until_en}, sent {when(sent)}{claimed_en}.",
            _TRACE if facts.context.sent_at is None else _CONTEXT,
            data=data,
        )
    )


def _by_the_leader(rule: str, sent: datetime, facts: Facts) -> tuple[Issue, ...]:
    """What counting from the leader's signature would say. "Ngày ký ban hành" may be read either way; the document is
    complete only with the agency's signature, so that one counts."""
    persons = [m for s in facts.required if s.signer is not None and s.signer.kind == "person" and (m := s.made_at)]
    if not persons:
        return ()
    leader = max(persons)
    due = _due(rule, leader, facts)
    if sent <= due.at if due.at is not None else sent.astimezone(VIETNAM).date() <= due.day:
        return ()
    until = when(due.at) if due.at is not None else f"{due.day:%d/%m/%Y}"
    return (
        Issue(
            f"Nếu tính từ chữ ký của người có thẩm quyền ({when(leader)}) thì thời hạn là {until}, đã quá hạn; "
            "ở đây tính từ chữ ký bắt buộc cuối cùng.",
            f"Counted from the competent person's signature ({when(leader)}) it was due by {until}, and is late; "
            "here it is counted from the last required signature.",
            severity=Severity.INFO,
            data={"leader_signed_at": leader, "due_day": due.day, "due_at": due.at},
        ),
    )


@checks("R37")
def sent_by_next_morning(facts: Facts) -> Verdict:
    return _late("qd28.send", facts, "Gửi", "Sent")


@checks("R38")
def issued_by_next_day(facts: Facts) -> Verdict:
    return _late("nd30.issue", facts, "Phát hành", "Issued")


@checks("R39")
def urgent_sent_at_once(facts: Facts) -> Verdict:
    times = _times(facts)
    if isinstance(times, Verdict):
        return times
    if not facts.urgent:
        return not_applicable("văn bản không có độ khẩn", "the document is not urgent")
    signed, sent = times
    grace = facts.urgent_grace
    if sent - signed <= grace:
        return PASSED
    minutes = int(grace.total_seconds() // 60)
    return fail(
        Issue(
            f"Văn bản khẩn ký lúc {when(signed)} nhưng gửi lúc {when(sent)}, sau hơn {minutes} phút "
            '(luật quy định "ngay", không nêu số giờ).',
            f"The urgent document was signed at {when(signed)} but sent at {when(sent)}, more than {minutes} "
            'minutes later (the law says "at once" without a number).',
            data={"signed_at": signed, "sent_at": sent},
        )
    )


def _acknowledged(facts: Facts) -> datetime | None:
    """First status by which the receiver told that the document had come."""
    return min((e.at for e in of_receiver(facts, _TOLD)), default=None)


_TOLD = frozenset({1, 2, 3, 4, 5, 6})
"""Statuses that say that the document has come."""


@checks("R40")
def acknowledged_same_day(facts: Facts) -> Verdict:
    verdict = _acknowledged_in_time(facts)
    # Other addressees' statuses are theirs, and no matter here.
    return replace(verdict, issues=(*verdict.issues, *unborn(facts, _TOLD)))


def _acknowledged_in_time(facts: Facts) -> Verdict:
    received = facts.context.received_at
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    if received is None:
        return not_evaluated("không biết thời điểm nhận", "the time of receipt is not known")
    contradiction = _contradiction(facts)
    if contradiction is not None:
        return contradiction
    due = _due("nd30.acknowledge", received, facts)
    told = _acknowledged(facts)
    if told is not None and told < received - CLOCK:
        return not_evaluated(
            f"thời điểm thông báo ({when(told)}) trước thời điểm nhận ({when(received)}): hai thời gian mâu thuẫn",
            f"it was acknowledged ({when(told)}) before it was received ({when(received)}): they contradict",
        )
    if told is None:
        if facts.at.astimezone(VIETNAM).date() <= due.day:
            return passed()
        return not_evaluated(
            "không có lịch sử trạng thái để biết bên nhận đã thông báo hay chưa",
            "no status history tells whether the receiver has acknowledged",
        )
    if told.astimezone(VIETNAM).date() <= due.day:
        return PASSED
    return fail(
        Issue(
            f"Bên nhận thông báo đã nhận lúc {when(told)}, chậm nhất trong ngày {due.day:%d/%m/%Y}.",
            f"The receiver acknowledged at {when(told)}; it was due on {due.day:%d/%m/%Y}.",
            data={"received_at": received, "acknowledged_at": told, "due_day": due.day},
        )
    )


@checks("R42")
def submitted_by_next_day(facts: Facts) -> Verdict:
    context = facts.context
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    if context.received_at is None or context.submitted_at is None:
        return not_evaluated(
            "không biết thời điểm nhận hoặc thời điểm trình", "the time of receipt or of submission is not known"
        )
    contradiction = _contradiction(facts)
    if contradiction is not None:
        return contradiction
    if ahead(facts, context.submitted_at):
        return not_yet(context.submitted_at)
    if context.submitted_at < context.received_at - CLOCK:
        return not_evaluated(
            f"thời điểm trình ({when(context.submitted_at)}) trước thời điểm nhận ({when(context.received_at)}): "
            "hai thời gian mâu thuẫn",
            f"it was submitted ({when(context.submitted_at)}) before it was received "
            f"({when(context.received_at)}): they contradict",
        )
    grace = facts.urgent_grace
    if facts.urgent and context.submitted_at - context.received_at > grace:
        minutes = int(grace.total_seconds() // 60)
        return fail(
            Issue(
                f"Văn bản khẩn nhận lúc {when(context.received_at)} nhưng trình, chuyển giao lúc "
                f'{when(context.submitted_at)}, sau hơn {minutes} phút (luật quy định "ngay", không nêu số giờ).',
                f"The urgent document was received at {when(context.received_at)} but submitted at "
                f'{when(context.submitted_at)}, more than {minutes} minutes later (the law says "at once" without a '
                "number).",
                severity=Severity.ERROR,
                data={"received_at": context.received_at, "submitted_at": context.submitted_at},
            )
        )
    due = _due("nd30.submit", context.received_at, facts)
    if context.submitted_at.astimezone(VIETNAM).date() <= due.day:
        return PASSED
    return fail(
        Issue(
            f"Trình, chuyển giao lúc {when(context.submitted_at)}, chậm nhất ngày {due.day:%d/%m/%Y}.",
            f"Submitted at {when(context.submitted_at)}; due by {due.day:%d/%m/%Y}.",
            data={"received_at": context.received_at, "submitted_at": context.submitted_at, "due_day": due.day},
        )
    )
