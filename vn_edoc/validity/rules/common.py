"""What several rules share: reading what the verifiers said, and naming signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vn_edoc._unicode import composed
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.law import rule_texts
from vn_edoc.validity.codes import same_agency, within
from vn_edoc.validity.context import StatusEvent
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__ = [
    "CLOCK",
    "NOT_A_DOCUMENT",
    "NO_PACKET",
    "NO_SIGNATURE",
    "WHICH_FILE",
    "ahead",
    "at_signature",
    "grave",
    "letters",
    "name_of",
    "not_yet",
    "numeral",
    "of_receiver",
    "of_sender",
    "reported",
    "unborn",
    "uncounted",
    "unseen",
    "verifier_rule",
    "when",
]

CLOCK = timedelta(minutes=5)
"""Two systems' clocks may differ by so much."""
NO_SIGNATURE = not_applicable("không có chữ ký số nào", "there is no digital signature")
NO_PACKET = not_applicable("tệp không đi kèm gói tin", "the file came without a packet")
WHICH_FILE = not_evaluated(
    "gói tin có nhiều tệp có thể là văn bản chính và không phải tệp nào cũng có chữ ký số",
    "several files could be the document itself, and not all of them are signed",
)
NOT_A_DOCUMENT = not_applicable("không phải gói tin văn bản", "not a document packet")


def unseen(mark: str) -> Verdict:
    """A text layer may say what nobody sees; of a recognised scan it may also be right."""
    return not_evaluated(
        f"hình thức sao {mark} chỉ có trong lớp chữ ẩn của trang đầu, không nhìn thấy như chữ trên trang",
        f"the mark {mark} is only in the hidden text layer of page 1, and is not seen as text on the page",
    )


def when(moment: datetime) -> str:
    """A moment for a message, Vietnamese time."""
    return moment.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")


def grave(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error or worse."""
    return any(f.severity.rank >= Severity.ERROR.rank for f in findings)


def name_of(signature: SignatureResult) -> str:
    """The signer's name for a message, or the signature's own name where there is no certificate."""
    if signature.signer is not None and signature.signer.name:
        return signature.signer.name
    return signature.name


def at_signature(signature: SignatureResult) -> Location:
    """The place of a signature."""
    return Location(signature=signature.name)


def reported(facts: Facts, rule_id: str) -> bool:
    """Whether a reader or verifier already told of a breach under the rule's id: a finding graver than info, or any
    where the rule is one to be told of and no more."""
    text = rule_texts().rules.get(rule_id)
    told = text is not None and text.severity is Severity.INFO
    return any(f.rule == rule_id and (told or f.severity is not Severity.INFO) for f in facts.heard)


def verifier_rule(rule_id: str, *, needs_intact: bool = False, needs_path: bool = False) -> Callable[[Facts], Verdict]:
    """A rule whose breach the verifiers report themselves, under its own id."""

    def judge(facts: Facts) -> Verdict:
        if not facts.all_signatures:
            return NO_SIGNATURE
        if reported(facts, rule_id):
            return fail()
        if needs_intact and any(s.intact is None for s in facts.all_signatures):
            return not_evaluated(
                "có chữ ký không kiểm tra được đến cùng", "a signature could not be verified to the end"
            )
        if needs_path and any(s.trusted is None for s in facts.signatures):
            return not_evaluated(
                "đường dẫn chứng thư chưa đánh giá được", "the certificate path could not be evaluated"
            )
        return PASSED

    return judge


def letters(text: str) -> str:
    """Letters and digits only: line breaks, hyphens and "V/v" spacing differ between packet and page."""
    return "".join(c for c in composed(text).casefold() if c.isalnum())


def numeral(text: str | None) -> str:
    """A number without the zeros that pad it."""
    return (text or "").strip().lstrip("0").casefold()


def of_receiver(facts: Facts, codes: frozenset[int]) -> tuple[StatusEvent, ...]:
    """Statuses with those codes that the receiver sent: the host's own agency, else any addressee. Anybody can send a
    status about any document; one that names no agency is the host's own word."""
    own = facts.context.receiver_code
    known = facts.packet.receivers if facts.packet is not None else ()
    bodies = (own,) if own is not None else tuple(party.code for party in known)
    return tuple(
        e
        for e in _sent(facts)
        if int(e.code) in codes and (not bodies or not e.organ_id or any(within(e.organ_id, b) for b in bodies))
    )


def of_sender(facts: Facts, codes: frozenset[int]) -> tuple[StatusEvent, ...]:
    """Statuses with those codes that the issuing agency sent."""
    issuer = facts.issuer
    return tuple(
        e
        for e in _sent(facts)
        if int(e.code) in codes and (issuer is None or not e.organ_id or same_agency(e.organ_id, issuer.code))
    )


def _sent(facts: Facts) -> tuple[StatusEvent, ...]:
    """The statuses up to the moment of judging; a host's clock or an export may hold later ones."""
    return tuple(e for e in facts.context.status_history if not ahead(facts, e.at))


def ahead(facts: Facts, moment: datetime) -> bool:
    """Whether a moment is after that of judging, by more than clocks differ: nothing can have happened then."""
    return moment > facts.at + CLOCK


def not_yet(moment: datetime) -> Verdict:
    """What rests on a moment that is after that of judging cannot be said."""
    return not_evaluated(
        f"thời điểm {when(moment)} ở sau thời điểm kiểm tra",
        f"the time {when(moment)} is after the moment of judging",
    )


def unborn(facts: Facts, codes: frozenset[int]) -> tuple[Issue, ...]:
    """A warning for each status with those codes that is dated after the moment of judging."""
    return tuple(
        Issue(
            f"Trạng thái {e.code} ghi thời điểm {when(e.at)}, sau thời điểm kiểm tra, nên không được tính.",
            f"The status {e.code} is dated {when(e.at)}, after the moment of judging, and does not count.",
            severity=Severity.WARNING,
            data={"reason": "status_of_the_future", "organ_id": e.organ_id, "at": e.at},
        )
        for e in facts.context.status_history
        if int(e.code) in codes and ahead(facts, e.at)
    )


def uncounted(facts: Facts, codes: frozenset[int], counted: tuple[StatusEvent, ...]) -> tuple[Issue, ...]:
    """A warning for each status with those codes that was not counted, with the reason."""
    strangers = tuple(
        Issue(
            f"Trạng thái {e.code} do {e.organ_id} gửi không được tính: cơ quan này không có quyền gửi trạng thái đó "
            "về văn bản.",
            f"The status {e.code} sent by {e.organ_id} does not count: that agency cannot send it about the document.",
            severity=Severity.WARNING,
            data={"reason": "status_of_a_stranger", "organ_id": e.organ_id, "at": e.at},
        )
        for e in _sent(facts)
        if int(e.code) in codes and e not in counted
    )
    return (*strangers, *unborn(facts, codes))
