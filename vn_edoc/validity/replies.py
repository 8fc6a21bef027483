"""Answers that follow from a report: the refusal (status 02) and the acknowledgement (status 01)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vn_edoc.envelope import DocumentMessage, Organization, StatusMessage
from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.findings import VIETNAM, Finding, Severity, reckonable
from vn_edoc.identifiers import AgencyRegistry
from vn_edoc.law import rule_texts
from vn_edoc.validity.codes import same_agency

if TYPE_CHECKING:
    from vn_edoc.validity.report import Report

__all__ = ["acknowledgement", "grounds", "refusal"]

_GROUNDS = 20
"""Grounds that a refusal states; one would do, and a Description is no place for hundreds."""


def grounds(report: Report) -> tuple[Finding, ...]:
    """Findings on which the receiver may refuse (QĐ 28/2018/QĐ-TTg Điều 5.4, 9.1; NĐ 30/2020/NĐ-CP Điều 21.2b).

    Every fatal finding, and the errors of rules that are grounds: incomplete, wrong addressee, a code of no scheme.
    """
    texts = rule_texts().rules
    return tuple(
        f
        for f in report.findings
        if f.severity is Severity.FATAL or (f.severity is Severity.ERROR and f.rule in texts and texts[f.rule].refusal)
    )


def refusal(
    report: Report, sender: Organization | str | None = None, at: datetime | None = None
) -> StatusMessage | None:
    """The status 02 that refuses the document, each ground with its article; ``None`` where there is no ground.

    The receiver answers for its refusal (QĐ 28/2018/QĐ-TTg Điều 5.4): look at the grounds before sending it.
    """
    found = grounds(report)
    if not found:
        return None
    # What several signatures share is said once.
    said = list(dict.fromkeys((f.message_vi, f.basis[0].cite("vi") if f.basis else "") for f in found))
    lines = [f"{number}. {_cited(*one)}" for number, one in enumerate(said[:_GROUNDS], 1)]
    if len(said) > _GROUNDS:
        lines.append(f"Và {len(said) - _GROUNDS} căn cứ khác.")
    reason = "Từ chối tiếp nhận theo khoản 4 Điều 5, khoản 1 Điều 9 Quyết định số 28/2018/QĐ-TTg. " + " ".join(lines)
    return _reply(report, "02", sender, at, reason)


def _cited(message: str, provision: str) -> str:
    """The ground with its article before the full stop."""
    return f"{message.rstrip('.')} ({provision})." if provision else message


def acknowledgement(
    report: Report, sender: Organization | str | None = None, at: datetime | None = None
) -> StatusMessage:
    """The status 01 that tells the sender that the document has come (NĐ 30/2020/NĐ-CP Điều 21.2c)."""
    return _reply(report, "01", sender, at, "Đã đến: hệ thống đã nhận văn bản, văn thư chưa xử lý.")


def _reply(
    report: Report, code: str, sender: Organization | str | None, at: datetime | None, description: str
) -> StatusMessage:
    message = report.message
    if not isinstance(message, DocumentMessage):
        raise UsageError(
            "only a document packet is answered by a status",
            "chỉ phản hồi trạng thái cho gói tin văn bản",
            field="report",
        )
    if at is None:
        at = datetime.now(VIETNAM)
    if at.tzinfo is None or not reckonable(at):
        raise UsageError(
            "at must be an aware datetime of a usable year",
            "at phải có múi giờ và năm dùng được",
            field="at",
            value=at,
        )
    if sender is not None and not isinstance(sender, Organization | str):
        raise UsageError(
            "sender must be an Organization or an agency code",
            "sender phải là Organization hoặc mã định danh cơ quan",
            field="sender",
            value=sender,
        )
    speaker = _speaker(message, sender or report.receiver, at)
    return StatusMessage.reply(to=message, code=code, sender=speaker, description=description, at=at)


def _speaker(message: DocumentMessage, given: Organization | str | None, at: datetime) -> Organization | None:
    """Who answers: the addressee that the code means, in either scheme; else, as where a document went to the wrong
    agency, the agency of that code. ``None`` where nobody is named."""
    if given is None or isinstance(given, Organization):
        return given
    for receiver in message.receivers:
        if receiver.organ_id is not None and same_agency(receiver.organ_id, given):
            return receiver
    try:
        known = AgencyRegistry.bundled().get(given, on=at.astimezone(VIETNAM).date())
    except InvalidCode as error:
        raise UsageError(error.message_en, error.message_vi, field="sender", value=given) from error
    return Organization(organ_id=given, organ_name=known.name if known is not None and known.name else None)
