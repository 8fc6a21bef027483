"""Rules on the exchange between the two agencies: addressee, duplicates, recall, refusal, paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from vn_edoc.findings import Location, Severity
from vn_edoc.law import basis, no_paper_kinds
from vn_edoc.validity.codes import is_code, same_agency, within
from vn_edoc.validity.context import StatusEvent
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import (
    CLOCK,
    NO_PACKET,
    NOT_A_DOCUMENT,
    ahead,
    not_yet,
    of_receiver,
    of_sender,
    uncounted,
    when,
)
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated, passed

__all__: list[str] = []

_ARTICLE = re.compile(r"\b(?:điều|khoản|phụ lục|article|clause)\s+[0-9IVXLC]", re.IGNORECASE)

_GOVERNMENT_OFFICE = "G22"
"""Văn phòng Chính phủ, single contact point of Government and Prime Minister (QĐ 28/2018/QĐ-TTg Điều 7.1)."""

_WORKING_RULES_2026 = date(2026, 5, 29)
"""NĐ 191/2026/NĐ-CP: dossiers to the Government go as signed e-documents from this day."""

_OPPOSITE = (
    " Loại này cũng có trong danh mục gửi không kèm bản giấy của Văn phòng Chính phủ (2020); nên rà soát lại.",
    " The kind is also on the Government Office's list of kinds sent without paper (2020); review it.",
)
"""VPCP asked bodies with a paper-also list to check it against the kinds that need no paper."""


_REFUSED = frozenset({2, 16})
_RECALLED = frozenset({13})
_ANSWERED = frozenset({15, 16})
_RECALL_NOTICE = Issue(
    "Gói tin là thông báo thu hồi: bên nhận phải hủy văn bản trên hệ thống và thông báo lại (trạng thái 15 hoặc 16).",
    "The packet is a recall: the receiver cancels the document on its system and says so (status 15 or 16).",
    Location(path="TraceHeaderList/Bussiness/BussinessDocType"),
    Severity.INFO,
)


@checks("R41")
def refusal_has_reason(facts: Facts) -> Verdict:
    told = of_receiver(facts, _REFUSED)
    refusals = (*told, *_this_refusal(facts))
    verdict = _reasoned(refusals, _late_refusal(facts, told))
    return replace(verdict, issues=(*verdict.issues, *uncounted(facts, _REFUSED, refusals)))


def _this_refusal(facts: Facts) -> tuple[StatusEvent, ...]:
    """The status packet itself, where it is the refusal."""
    packet = facts.packet
    if packet is None or packet.kind != "status" or packet.status_code not in {"02", "16"}:
        return ()
    who = packet.issuer.code if packet.issuer is not None else None
    return (StatusEvent(code=packet.status_code, at=facts.at, organ_id=who, description=packet.status_reason),)


def _reasoned(refusals: tuple[StatusEvent, ...], late: Issue | None) -> Verdict:
    if not refusals:
        return not_applicable("chưa có trạng thái từ chối", "no refusal was sent")
    bare = [e for e in refusals if not (e.description or "").strip()]
    if not bare and late is not None:
        return fail(late)
    if not bare:
        unfounded = [e for e in refusals if not _ARTICLE.search(e.description or "")]
        return passed(
            *(
                Issue(
                    f"Trạng thái từ chối {e.code} nêu lý do nhưng không nêu điều khoản làm căn cứ.",
                    f"The refusal (status {e.code}) gives a reason, but not the article it rests on.",
                    severity=Severity.INFO,
                    data={"at": e.at},
                )
                for e in unfounded
            )
        )
    return fail(
        Issue(
            f"Trạng thái từ chối {bare[0].code} không nêu lý do.",
            f"The refusal (status {bare[0].code}) states no reason.",
            data={"at": bare[0].at},
        ),
        *((late,) if late is not None else ()),
    )


def _late_refusal(facts: Facts, refusals: tuple[StatusEvent, ...]) -> Issue | None:
    """A refusal (02) that came later than the agency's own pack allows; "kịp thời" has no number in the law."""
    received, within = facts.context.received_at, facts.refusal_within
    first = min((e.at for e in refusals if int(e.code) == 2), default=None)
    if received is None or within is None or first is None or first - received <= within:
        return None
    hours = int(within.total_seconds() // 3600)
    return Issue(
        f"Từ chối sau hơn {hours} giờ kể từ khi nhận (theo bộ quy tắc của cơ quan; luật chỉ nêu “kịp thời”).",
        f"Refused more than {hours} hours after receipt (as the agency's own pack counts; the law says “in time”).",
        severity=Severity.WARNING,
        data={"received_at": received, "refused_at": first},
    )


@checks("R43")
def recall_carried_out(facts: Facts) -> Verdict:
    recalls = of_sender(facts, _RECALLED)
    verdict = _recalled(facts, recalls)
    return replace(verdict, issues=(*verdict.issues, *uncounted(facts, _RECALLED, recalls)))


def _recalled(facts: Facts, recalls: tuple[StatusEvent, ...]) -> Verdict:
    context = facts.context
    requested = context.recall_requested_at or min((e.at for e in recalls), default=None)
    if requested is None and facts.packet is not None and facts.packet.business == "recall":
        requested = context.received_at or facts.sent_at or facts.at
        if context.cancelled_at is None and not context.status_history:
            return not_evaluated(
                "gói tin là thông báo thu hồi; không biết bên nhận đã hủy văn bản, thông báo lại chưa",
                "the packet is a recall; whether the receiver has cancelled and answered is not known",
                _RECALL_NOTICE,
            )
    if requested is None:
        return not_applicable("không có yêu cầu thu hồi", "there is no recall")
    cancelled = context.cancelled_at
    for moment in (requested, cancelled):
        if moment is not None and ahead(facts, moment):
            return not_yet(moment)
    if cancelled is not None and cancelled < requested - CLOCK:
        return not_evaluated(
            f"văn bản được hủy ({when(cancelled)}) trước khi có yêu cầu thu hồi ({when(requested)}): hai thời gian mâu "
            "thuẫn",
            f"the document was cancelled ({when(cancelled)}) before the recall was asked for ({when(requested)}): they "
            "contradict",
        )
    answered = sorted((e for e in of_receiver(facts, _ANSWERED) if e.at >= requested - CLOCK), key=lambda e: e.at)
    if cancelled is not None and answered:
        return PASSED
    missing_vi = "chưa hủy văn bản trên hệ thống" if cancelled is None else "chưa thông báo lại bên gửi"
    missing_en = "not cancelled on the system" if cancelled is None else "the sender was not told"
    if answered and int(answered[-1].code) == 16:
        return PASSED
    return fail(
        Issue(
            f"Bên gửi đã yêu cầu thu hồi nhưng bên nhận {missing_vi}.",
            f"The sender asked for a recall, but the document was {missing_en}."
            if cancelled is None
            else f"The sender asked for a recall, but {missing_en}.",
            data={"requested_at": requested},
        )
    )


@checks("R50")
def not_a_duplicate(facts: Facts) -> Verdict:
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    known = facts.context.already_registered
    if known is None:
        return not_evaluated("không có kết quả tra sổ đăng ký", "the register was not looked up")
    if not known:
        return PASSED
    return fail(
        Issue(
            "Mã văn bản, hoặc bộ số, ký hiệu và cơ quan ban hành, đã có trong sổ đăng ký.",
            "The document id, or number, symbol and issuer, is already in the register.",
            Location(path="MessageHeader/DocumentId"),
        )
    )


@checks("R59")
def paper_also(facts: Facts) -> Verdict:
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    issues = []
    assert facts.packet is not None
    type_name = facts.packet.type_name
    own = [one for one in facts.paper_lists if facts.issuer is not None and within(facts.issuer.code, one.issuer)]
    for paper_list in own:
        if type_name and _listed(type_name, paper_list.type_names):
            by = f" ({paper_list.source})" if paper_list.source else ""
            opposite = type_name.casefold().strip() in no_paper_kinds()
            vi, en = _OPPOSITE if opposite else ("", "")
            issues.append(
                Issue(
                    f"{type_name} thuộc danh mục gửi kèm bản giấy của {paper_list.issuer}{by}.{vi}",
                    f"{type_name} is on the list of {paper_list.issuer} of kinds also sent on paper{by}.{en}",
                    data={"issuer": paper_list.issuer, "source": paper_list.source, "on_no_paper_list": opposite},
                )
            )
    to_government = any(same_agency(p.code, _GOVERNMENT_OFFICE) for p in facts.packet.receivers)
    if to_government and facts.law_date < _WORKING_RULES_2026:
        issues.append(
            Issue(
                "Văn bản gửi Chính phủ, Thủ tướng Chính phủ: gửi kèm bản giấy theo quy chế làm việc khi đó.",
                "A document to the Government or the Prime Minister: paper as well, as the working rules then said.",
                basis=(basis("qd28:7.2a"),),
                data={"reason": "to_government"},
            )
        )
    if issues:
        return fail(*issues)
    if facts.paper_lists and (facts.issuer is None or (own and not type_name)):
        return not_evaluated(
            "gói tin không ghi loại văn bản hoặc cơ quan ban hành để đối chiếu danh mục",
            "the packet states no type or no issuer to look up in the lists",
        )
    return PASSED


def _listed(type_name: str, names: tuple[str, ...]) -> bool:
    wanted = type_name.casefold().strip()
    return any(wanted == name.casefold().strip() for name in names)


@checks("R60")
def no_needless_paper(facts: Facts) -> Verdict:
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    assert facts.packet is not None
    sent = facts.context.paper_sent if facts.context.paper_sent is not None else facts.packet.paper
    if sent is None:
        return not_evaluated("không biết có gửi kèm bản giấy hay không", "it is not known whether paper was sent too")
    if not sent or paper_also(facts).issues:
        return PASSED
    return fail(
        Issue(
            "Có gửi kèm bản giấy ngoài các trường hợp quy định.",
            "Paper was sent as well outside the cases the rules name.",
            Location(path="TraceHeaderList/Bussiness/Paper"),
            Severity.INFO,
        )
    )


@checks("R76")
def receiver_is_addressee(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    own = facts.context.receiver_code
    if own is None:
        return not_evaluated("không biết mã định danh của bên nhận", "the receiver's own code is not known")
    addressees = [p.code for p in facts.packet.receivers]
    if any(same_agency(own, code) for code in addressees):
        return PASSED
    if not is_code(own):
        return not_evaluated(
            f"mã của bên nhận ({own}) không thuộc cấu trúc nào", f"the receiver's own code ({own}) fits no scheme"
        )
    return fail(
        Issue(
            f"Bên nhận {own} không có trong danh sách nơi nhận ({', '.join(addressees) or 'trống'}).",
            f"The receiver {own} is not among the addressees ({', '.join(addressees) or 'none'}).",
            Location(path="MessageHeader/To"),
            data={"own": own, "addressees": addressees},
        )
    )
