"""``Verifier`` and ``verify``: one source in, one report out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import LimitExceeded, Unreadable, UsageError, VnEdocError
from vn_edoc.findings import VIETNAM, Basis, Check, Finding, Location, Outcome, Severity, jsonable, reckonable
from vn_edoc.law import RuleText, governed_on
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.validity.conclusions import (
    ENCLOSED,
    DocumentConclusion,
    DocumentValue,
    ExchangeConclusion,
    ExchangeValue,
    conclude,
)
from vn_edoc.validity.context import Context
from vn_edoc.validity.facts import Facts, Input
from vn_edoc.validity.gather import gather
from vn_edoc.validity.pack import RulePack
from vn_edoc.validity.report import PackUsed, Report
from vn_edoc.validity.revocation import revocation_sources
from vn_edoc.validity.source import Source, SourceLike
from vn_edoc.validity.timeline import timeline

if TYPE_CHECKING:
    from vn_edoc.calendar import OfficeHours, WorkCalendar
    from vn_edoc.identifiers import AgencyRegistry, Bindings
    from vn_edoc.signature import AlgorithmPolicy, Evidence, Fetcher, TrustStore

__all__ = ["Verifier", "verify"]

_QD43_FROM = date(2026, 11, 1)
_QD43_VI = (
    "Có nguồn chưa xác minh nói rằng từ ngày 01/11/2026 việc gửi, nhận văn bản qua Trục liên thông theo Quyết định số "
    "43/2026/QĐ-TTg. Báo cáo này áp dụng Quyết định số 28/2018/QĐ-TTg; cần đối chiếu văn bản chính thức."
)
_QD43_EN = (
    "An unverified source says that from 01/11/2026 documents sent over the national axis follow Decision "
    "No. 43/2026/QĐ-TTg. This report applies Decision No. 28/2018/QĐ-TTg; check the official text."
)
_ENCLOSED_VI = (
    "Gói tin nằm trong một tệp bao (MIME, ZIP): tệp này không phải gói tin đã gửi, nên nội dung chỉ được đọc để xem, "
    "không có kết luận. Hãy kiểm tra gói tin bên trong."
)
_ENCLOSED_EN = (
    "The packet stands in a container (MIME, ZIP): this file is not the packet that was sent, so it is shown and "
    "nothing is concluded. Check the packet inside."
)


class Verifier:
    """Judges packets and signed files. Build it once: it is immutable, thread-safe and reusable.

    ``trust``: anchors; without them no path is judged and ``trusted`` is ``None``. ``evidence``: certificates, CRLs,
    OCSP responses and tokens to use. ``fetcher``: how to fetch what is missing; without it there is no network.
    ``policy``: dated algorithm policy. ``bindings``: dated rows agency code ↔ certificate subject. ``calendar`` and
    ``hours``: working days and the sender's office hours. ``pack``: an agency's own rule pack
    (:meth:`RulePack.load`); the bundled one without it. The library never reads the home folder.
    """

    def __init__(
        self,
        trust: TrustStore | None = None,
        evidence: Evidence | None = None,
        fetcher: Fetcher | None = None,
        policy: AlgorithmPolicy | None = None,
        bindings: Bindings | None = None,
        limits: Limits | None = None,
        *,
        calendar: WorkCalendar | None = None,
        hours: OfficeHours | None = None,
        registry: AgencyRegistry | None = None,
        pack: RulePack | None = None,
    ) -> None:
        if hours is not None and pack is not None and pack.hours is not None:
            raise UsageError(
                "office hours are given twice: as hours and by the rule pack",
                "giờ làm việc được cho hai lần: tham số hours và bộ quy tắc",
                field="hours",
            )
        self.trust = trust
        self.evidence = evidence
        self.fetcher = fetcher
        self.policy = policy
        self.bindings = bindings
        self.limits = limits if limits is not None else DEFAULT_LIMITS
        self.calendar = calendar
        self.hours = hours
        self.registry = registry
        self.pack = pack if pack is not None else RulePack.bundled()

    def verify(
        self,
        source: SourceLike,
        at: datetime | None = None,
        known_at: datetime | date | None = None,
        context: Context | None = None,
        content: SourceLike | None = None,
    ) -> Report:
        """Judge a packet, PDF, CMS or signed XML as of ``at`` (aware; default now).

        ``known_at``: what was officially known of working days then. ``content``: the file that a detached CMS
        signature (``.p7s``) signs. Never raises for content; ``SourceError`` when
        the source cannot be opened, ``UsageError`` for wrong arguments.
        """
        moment = datetime.now(VIETNAM) if at is None else at
        if moment.tzinfo is None:
            raise UsageError(
                "at must be an aware datetime, such as datetime.fromisoformat('2026-10-15T09:00:00+07:00')",
                "at phải có múi giờ, ví dụ datetime.fromisoformat('2026-10-15T09:00:00+07:00')",
                field="at",
                value=at,
            )
        if not reckonable(moment):
            raise UsageError("at is in no usable year", "năm của at không dùng được", field="at", value=at)
        moment = moment.astimezone(VIETNAM)
        try:
            opened = Source.of(source, self.limits)
            signed = None if content is None else Source.of(content, self.limits)
        except LimitExceeded as error:
            return self._unreadable(Input("source", 0, ""), moment, (_of_error(error),))
        try:
            facts = gather(self, opened, moment, known_at, context if context is not None else Context(), signed)
            return self._judge(opened.input, facts, known_at)
        except Unreadable as error:
            return self._unreadable(opened.input, moment, error.findings or (_of_error(error),))
        except VnEdocError as error:
            if isinstance(error, UsageError) and error.field == "content":
                raise
            return self._unreadable(opened.input, moment, (_of_error(error),))
        except Exception as error:
            return self._unreadable(opened.input, moment, (_internal(error),))

    def _judge(self, source: Input, facts: Facts, known_at: datetime | date | None) -> Report:
        checks, made = self._evaluate(facts)
        stopped = _stopped(checks)
        rules = self.pack.rules
        raw = facts.heard if not stopped else ()
        raw = tuple(rules[f.rule].dressed(f) if f.rule in rules else f for f in raw)
        found = tuple(self._dated(f, facts.law_date) for f in (*raw, *made))
        findings = _sorted(found, self.limits.findings)
        checks = tuple(self._check_of_its_day(c, facts.law_date) for c in checks)
        document: DocumentConclusion | None
        exchange: ExchangeConclusion | None
        # From all findings: what is not listed for its length must not be lost for the conclusion.
        document, exchange = conclude(found, checks, self.pack)
        document = replace(document, reasons=_sorted(document.reasons, self.limits.findings))
        exchange = replace(exchange, reasons=_sorted(exchange.reasons, self.limits.findings))
        if not facts.is_document:
            document = exchange = None
        elif facts.packet is None:
            exchange = None
        notices = _notices(facts, self.pack)
        return Report(
            kind=facts.kind,
            input=source,
            checked_at=facts.at,
            document=document,
            exchange=exchange,
            findings=findings,
            checks=checks,
            signatures=() if stopped else facts.all_signatures,
            signature_files=() if stopped else tuple(f.name if f is not None else None for f, _ in facts.signed_files),
            packet=facts.packet,
            files=tuple(replace(f, content=None) for f in facts.files) if stopped else facts.files,
            main=facts.main.name if facts.main is not None else None,
            signed_at=facts.signed_at,
            timeline=() if stopped else timeline(facts),
            pack_version=self.pack.version,
            pack=PackUsed.of(self.pack),
            law_date=facts.law_date.isoformat(),
            known_at=known_at.isoformat() if known_at is not None else None,
            trust=self._trust_used(),
            context=facts.context,
            limits=self.limits,
            notices=notices,
            enclosed=_enclosed(facts),
            message=facts.message,
            evidence=None if stopped else facts.evidence,
            revocation=() if stopped else revocation_sources(facts.evidence, facts.all_signatures),
            receiver=facts.context.receiver_code,
        )

    def _dated(self, finding: Finding, on: date) -> Finding:
        """The finding with the provisions of that day. A duty of which no provision was in force, and whose earlier
        rules are not on record, cannot be said to be breached: it becomes a doubt."""
        if finding.severity is Severity.ERROR and self._unwritten(finding.rule, finding.basis, on):
            finding = replace(finding, severity=Severity.WARNING, data={**finding.data, "law_then": "unknown"})
        return replace(finding, basis=_governing(finding.basis, on))

    def _check_of_its_day(self, check: Check, on: date) -> Check:
        """The check with the provisions of that day; of a duty that no provision then laid down, nobody can say that
        it was not met."""
        if check.outcome is Outcome.FAIL and self._unwritten(check.rule, check.basis, on):
            check = replace(
                check,
                outcome=Outcome.NOT_EVALUATED,
                reason_vi=f"quy định tại ngày {on:%d/%m/%Y} chưa có trong bộ quy tắc",
                reason_en=f"the rules of {on.isoformat()} are not in the pack",
            )
        return replace(check, basis=_governing(check.basis, on))

    def _unwritten(self, rule_id: str, provisions: tuple[Basis, ...], on: date) -> bool:
        """Whether a duty (no rule of authenticity, integrity or scope) rests on acts that were not yet in force, and
        nothing older is on record."""
        rule = self.pack.rules.get(rule_id)
        duty = rule is not None and not rule.text.locked and bool(provisions)
        return duty and all(governed_on(b, on) is None for b in provisions)

    def _evaluate(self, facts: Facts) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
        """Every rule in the order of the pack; R01 comes first and stops the rest when it fails."""
        checks: list[Check] = []
        made: list[Finding] = []
        for rule in self.pack.rules.values():
            if _stopped(checks):
                checks.append(_unasked(rule.text))
                continue
            check, found = rule.evaluate(facts)
            checks.append(check)
            made.extend(found)
        return tuple(checks), tuple(made)

    def _trust_used(self) -> MappingProxyType[str, Any]:
        anchors = () if self.trust is None else self.trust.anchors
        used: dict[str, Any] = {"anchors": tuple(hashlib.sha256(a).hexdigest() for a in anchors)}
        if self.bindings is not None:
            rows = json.dumps(jsonable(self.bindings.rows), ensure_ascii=False, sort_keys=True)
            used["bindings"] = hashlib.sha256(rows.encode()).hexdigest()
        return MappingProxyType(used)

    def _unreadable(self, source: Input, at: datetime, findings: Iterable[Finding]) -> Report:
        found = _sorted(findings, self.limits.findings)
        fatal = any(f.severity is Severity.FATAL for f in found)
        value = DocumentValue.INSUFFICIENT if fatal else DocumentValue.UNDETERMINED
        return Report(
            kind="unreadable",
            input=source,
            checked_at=at,
            document=DocumentConclusion(value, found[:5]),
            exchange=ExchangeConclusion(ExchangeValue.UNDETERMINED, False, found[:5]),
            findings=found,
            checks=(),
            signatures=(),
            pack_version=self.pack.version,
            pack=PackUsed.of(self.pack),
            trust=self._trust_used(),
        )


def verify(
    source: SourceLike,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    bindings: Bindings | None = None,
    limits: Limits | None = None,
    at: datetime | None = None,
    known_at: datetime | date | None = None,
    context: Context | None = None,
    pack: RulePack | None = None,
    content: SourceLike | None = None,
) -> Report:
    """Judge one source: :class:`Verifier` and :meth:`Verifier.verify` in one call."""
    verifier = Verifier(trust, evidence, fetcher, policy, bindings, limits, pack=pack)
    return verifier.verify(source, at, known_at, context, content)


def _unasked(text: RuleText) -> Check:
    return Check(
        text.id, Outcome.NOT_EVALUATED, text.title_vi, text.title_en, "dừng vì R01", "stopped by R01", text.basis
    )


def _governing(provisions: tuple[Basis, ...], on: date) -> tuple[Basis, ...]:
    """The provisions of that day; today's where nothing older is on record (a notice says so)."""
    then = tuple(dict.fromkeys(b for p in provisions if (b := governed_on(p, on)) is not None))
    return then or provisions


def _notices(facts: Facts, pack: RulePack) -> tuple[tuple[str, str], ...]:
    if not facts.is_document:
        return ((_ENCLOSED_VI, _ENCLOSED_EN),) if _enclosed(facts) else ()
    notices = []
    if (facts.promulgated or facts.law_date) >= _QD43_FROM:
        notices.append((_QD43_VI, _QD43_EN))
    missing = {
        b.act
        for r in pack.rules.values()
        if r.text.decides
        for b in r.text.basis
        if governed_on(b, facts.law_date) is None
    }
    if missing:
        acts = ", ".join(sorted(missing))
        day = f"{facts.law_date:%d/%m/%Y}"
        vi = (
            f"Văn bản ký ngày {day}, trước khi các văn bản sau có hiệu lực: {acts}. Quy định khi đó chưa có trong "
            "bộ quy tắc, nên căn cứ nêu theo văn bản hiện hành để tham khảo."
        )
        en = (
            f"The document was signed on {day}, before these acts were in force: {acts}. The earlier rules are not "
            "in the pack, so the present provisions are cited for reference."
        )
        notices.append((vi, en))
    return tuple(notices)


def _enclosed(facts: Facts) -> bool:
    return any(f.rule in ENCLOSED for f in facts.envelope)


def _stopped(checks: Iterable[Check]) -> bool:
    return any(c.rule == "R01" and c.outcome is Outcome.FAIL for c in checks)


def _sorted(findings: Iterable[Finding], limit: int) -> tuple[Finding, ...]:
    ordered = sorted(findings, key=lambda f: -f.severity.rank)
    if len(ordered) <= limit:
        return tuple(ordered)
    more = len(ordered) - limit
    last = Finding(
        "limits.findings",
        Severity.WARNING,
        Location(),
        f"Còn {more} phát hiện khác không liệt kê (giới hạn {limit}).",
        f"{more} further findings are not listed (limit {limit}).",
        data={"more": more},
    )
    return (*ordered[:limit], last)


def _of_error(error: VnEdocError) -> Finding:
    return Finding(
        "source.unreadable",
        Severity.FATAL,
        Location(),
        f"Không đọc được: {error.message_vi}",
        f"Cannot be read: {error.message_en}",
        data={"error": type(error).__name__},
    )


def _internal(error: Exception) -> Finding:
    # The type alone: messages of foreign exceptions may carry content of the document.
    digest = hashlib.sha256(repr(error).encode("utf-8", "backslashreplace")).hexdigest()[:12]
    return Finding(
        "verify.internal",
        Severity.ERROR,
        Location(),
        f"Việc kiểm tra dừng giữa chừng vì lỗi bên trong ({type(error).__name__}); không có kết luận.",
        f"Checking stopped because of an internal error ({type(error).__name__}); there is no conclusion.",
        data={"error": type(error).__name__, "digest": digest},
    )
