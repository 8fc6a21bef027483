"""The two conclusions, computed from findings and checks alone. They are never merged.

1. The value of the document itself (NĐ 30/2020/NĐ-CP Điều 5, 25, 26).
2. The value of sending it (QĐ 28/2018/QĐ-TTg Điều 4).

Neither lateness nor a fault of form voids a document: no article says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vn_edoc.findings import Check, Finding, Location, Outcome, Severity
from vn_edoc.validity.pack import RulePack

__all__ = ["ENCLOSED", "DocumentConclusion", "DocumentValue", "ExchangeConclusion", "ExchangeValue", "conclude"]


class DocumentValue(StrEnum):
    """Giá trị của bản thân văn bản."""

    ORIGINAL = "original"
    """Có giá trị như bản gốc văn bản giấy (NĐ 30/2020/NĐ-CP Điều 5.1)."""
    COPY = "copy"
    """Có giá trị như bản chính (NĐ 30/2020/NĐ-CP Điều 25, 26)."""
    INSUFFICIENT = "insufficient"
    """Không đủ điều kiện."""
    UNDETERMINED = "undetermined"
    """Chưa đủ căn cứ."""

    def label(self, lang: str = "vi") -> str:
        """The conclusion in words."""
        return _DOCUMENT_LABELS[self][lang == "en"]


_DOCUMENT_LABELS = {
    DocumentValue.ORIGINAL: ("CÓ GIÁ TRỊ NHƯ BẢN GỐC", "HAS THE VALUE OF AN ORIGINAL"),
    DocumentValue.COPY: ("CÓ GIÁ TRỊ NHƯ BẢN CHÍNH", "HAS THE VALUE OF A TRUE COPY"),
    DocumentValue.INSUFFICIENT: ("KHÔNG ĐỦ ĐIỀU KIỆN", "DOES NOT MEET THE CONDITIONS"),
    DocumentValue.UNDETERMINED: ("CHƯA ĐỦ CĂN CỨ", "UNDETERMINED"),
}


class ExchangeValue(StrEnum):
    """Giá trị của việc gửi, nhận."""

    REPLACES_PAPER = "replaces_paper"
    """Thay cho văn bản giấy (Điều 4.1)."""
    REFERENCE_ONLY = "reference_only"
    """Để biết, tham khảo (Điều 4.2)."""
    OUT_OF_SCOPE = "out_of_scope"
    """Ngoài phạm vi QĐ 28/2018/QĐ-TTg (Điều 1)."""
    UNDETERMINED = "undetermined"
    """Chưa đủ căn cứ."""

    def label(self, lang: str = "vi") -> str:
        """The conclusion in words."""
        return _EXCHANGE_LABELS[self][lang == "en"]


_EXCHANGE_LABELS = {
    ExchangeValue.REPLACES_PAPER: ("THAY CHO VĂN BẢN GIẤY", "REPLACES PAPER"),
    ExchangeValue.REFERENCE_ONLY: ("ĐỂ BIẾT, THAM KHẢO", "FOR REFERENCE ONLY"),
    ExchangeValue.OUT_OF_SCOPE: ("NGOÀI PHẠM VI QĐ 28/2018/QĐ-TTg", "OUTSIDE DECISION 28/2018/QĐ-TTg"),
    ExchangeValue.UNDETERMINED: ("CHƯA ĐỦ CĂN CỨ", "UNDETERMINED"),
}


ENCLOSED = frozenset({"envelope.multipart", "envelope.zip"})
"""What the reader says of a packet that stands in a container: the file is not the packet that was sent."""
_HOSTILE = ENCLOSED | frozenset(
    {
        "xml.doctype",
        "xml.not_well_formed",
        "envelope.duplicate_element",
        "envelope.duplicate_content_id",
        "envelope.split_value",
        "envelope.findings_limit",
        "envelope.zip_ambiguous",
        "envelope.multipart_ambiguous",
        "pdf.drawing_failed",
        "pdf.limit",
    }
)
"""What no honest packet carries: another reader may see another packet, or something was not looked at to its end, so
nothing is concluded from this one."""


@dataclass(frozen=True, slots=True)
class DocumentConclusion:
    """The value of the document itself."""

    value: DocumentValue
    """The conclusion."""
    reasons: tuple[Finding, ...]
    """Findings that led to it; for a positive one, none."""


@dataclass(frozen=True, slots=True)
class ExchangeConclusion:
    """The value of sending it."""

    value: ExchangeValue
    """The conclusion."""
    paper_also: bool
    """Paper has to be sent as well (Điều 7.2)."""
    reasons: tuple[Finding, ...]
    """Findings that led to it."""


def conclude(
    findings: Iterable[Finding], checks: Iterable[Check], pack: RulePack
) -> tuple[DocumentConclusion, ExchangeConclusion]:
    """Both conclusions of a document packet."""
    findings = tuple(findings)
    by_rule = {check.rule: check for check in checks}
    document = _document(findings, by_rule, pack)
    return document, _exchange(findings, by_rule, document, pack)


def _document(findings: tuple[Finding, ...], checks: Mapping[str, Check], pack: RulePack) -> DocumentConclusion:
    fatal = tuple(f for f in findings if f.severity is Severity.FATAL)
    if fatal:
        return DocumentConclusion(DocumentValue.INSUFFICIENT, fatal)
    open_questions: list[Finding] = [f for f in findings if f.rule in _HOSTILE]
    for rule in pack.rules.values():
        check = checks.get(rule.id)
        if check is None:
            continue
        missing = rule.text.decides and check.outcome is Outcome.NOT_EVALUATED
        doubtful = rule.text.undecides and check.outcome in {Outcome.FAIL, Outcome.NOT_EVALUATED}
        if missing or doubtful:
            open_questions.extend(_about(rule.id, findings) or (_unanswered(check),))
    if open_questions:
        return DocumentConclusion(DocumentValue.UNDETERMINED, tuple(open_questions))
    if _passed(checks, "R06"):
        return DocumentConclusion(DocumentValue.COPY, ())
    # Every deciding rule was evaluated and held; without both signatures seen it is still no original.
    if _passed(checks, "R05") and _passed(checks, "R81"):
        return DocumentConclusion(DocumentValue.ORIGINAL, ())
    nothing = Finding(
        "conclusion",
        Severity.WARNING,
        Location(),
        "Không có đủ dữ kiện để kết luận văn bản là bản gốc hay bản sao.",
        "The facts do not suffice to call the document an original or a copy.",
    )
    return DocumentConclusion(DocumentValue.UNDETERMINED, (nothing,))


def _exchange(
    findings: tuple[Finding, ...], checks: Mapping[str, Check], document: DocumentConclusion, pack: RulePack
) -> ExchangeConclusion:
    paper_also = checks["R59"].outcome is Outcome.FAIL if "R59" in checks else False
    secret = _about("R01", findings)
    transport = checks.get("R03")
    if secret:
        return ExchangeConclusion(ExchangeValue.OUT_OF_SCOPE, False, secret)
    if transport is None or transport.outcome is Outcome.NOT_EVALUATED:
        about = (_unanswered(transport),) if transport is not None else ()
        return ExchangeConclusion(ExchangeValue.UNDETERMINED, paper_also, about)
    if transport.outcome is Outcome.FAIL:
        return ExchangeConclusion(ExchangeValue.OUT_OF_SCOPE, paper_also, _about("R03", findings))
    if document.value in {DocumentValue.ORIGINAL, DocumentValue.COPY}:
        return ExchangeConclusion(ExchangeValue.REPLACES_PAPER, paper_also, ())
    if document.value is DocumentValue.INSUFFICIENT:
        return ExchangeConclusion(ExchangeValue.REFERENCE_ONLY, paper_also, document.reasons)
    return ExchangeConclusion(ExchangeValue.UNDETERMINED, paper_also, document.reasons)


def _passed(checks: Mapping[str, Check], rule_id: str) -> bool:
    return rule_id in checks and checks[rule_id].outcome is Outcome.PASS


def _about(rule_id: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.rule == rule_id and f.severity is not Severity.INFO) or tuple(
        f for f in findings if f.rule == rule_id
    )


def _unanswered(check: Check) -> Finding:
    """A rule that could not be evaluated, as the reason of an open conclusion."""
    return Finding(
        check.rule,
        Severity.WARNING,
        Location(),
        f"Chưa đánh giá được «{check.title_vi}»: {check.reason_vi}.",
        f"“{check.title_en}” could not be evaluated: {check.reason_en}.",
        check.basis,
        {"reason": "not_evaluated"},
    )
