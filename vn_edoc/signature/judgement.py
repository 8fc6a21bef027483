"""From facts to one result: proof of existence, path at the proven time, algorithms by date, ETSI indication.

The order is that of ETSI EN 319 102-1 clause 5.6, shortened to what is supported: format and cryptography, proof of
existence by time-stamps, path and revocation at the proven time, algorithms at that time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from vn_edoc.errors import UsageError
from vn_edoc.findings import Finding, Location, Severity, reckonable
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import facts_of, identity, parse_certificate
from vn_edoc.signature.conclusion import conclude, level_of
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.path import PathResult, validate_path
from vn_edoc.signature.policy import AlgorithmPolicy, official_policy
from vn_edoc.signature.result import (
    Changes,
    Indication,
    Level,
    SignatureKind,
    SignatureResult,
    SignerIdentity,
    SubIndication,
)
from vn_edoc.signature.rules import finding
from vn_edoc.signature.signed_data import FOREIGN, Examined
from vn_edoc.signature.timestamps import Stamped, digest_of, judge_token
from vn_edoc.signature.trust import TrustStore

__all__ = ["Facts", "Settings", "Verdict", "judge", "make_settings", "signature_stamps"]

_CLOCK = timedelta(minutes=5)
_QUIRK = timedelta(hours=7)


class Settings(NamedTuple):
    """What a verification is given."""

    trust: TrustStore | None
    """Anchors; ``None``: paths are not judged."""
    evidence: Evidence
    """Certificates and revocation data at hand."""
    fetcher: Fetcher | None
    """Asks for what is missing."""
    policy: AlgorithmPolicy
    """Which algorithms may be used when."""
    at: datetime
    """The moment of judging, aware."""
    limits: Limits
    """Bounds."""
    existed_at: datetime | None
    """When the signed file was there, as the host's receipt proves."""


def make_settings(
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    policy: AlgorithmPolicy | None,
    at: datetime | None,
    limits: Limits | None,
    existed_at: datetime | None = None,
) -> Settings:
    """Check and default the arguments shared by all verifying functions."""
    if existed_at is not None and (existed_at.tzinfo is None or not reckonable(existed_at)):
        raise UsageError(
            "the time of the receipt must be an aware datetime of a usable year",
            "thời điểm của biên nhận phải có múi giờ và năm dùng được",
            field="existed_at",
            value=existed_at,
        )
    if at is not None and at.tzinfo is None:
        raise UsageError("the moment needs a time zone", "thời điểm phải có múi giờ", field="at", value=at)
    if at is not None and not reckonable(at):
        raise UsageError("the moment is in no usable year", "năm của thời điểm không dùng được", field="at", value=at)
    return Settings(
        trust,
        evidence or NO_EVIDENCE,
        fetcher,
        policy or official_policy(),
        at or datetime.now(UTC),
        limits or DEFAULT_LIMITS,
        existed_at,
    )


@dataclass(slots=True)
class Facts:
    """What is known of one signature before it is judged; the same for PDF, CMS and XML."""

    intact: bool | None
    sub_indication: SubIndication | None
    changes: Changes
    signed_at: datetime | None
    certificate: bytes | None
    certificates: tuple[bytes, ...]
    digest: str
    scheme: str
    embedded: Evidence
    """Validation data carried in the file."""
    baseline: bool
    """Has the attributes that level B asks for."""
    stamps: tuple[Stamped, ...] = ()
    """Time-stamps over the signature; document time-stamps that cover it included."""
    archived: bool = False
    """A document or archive time-stamp covers the validation data as well."""
    where: Location = field(default_factory=Location)


@dataclass(slots=True)
class Verdict:
    """What the judgement adds."""

    indication: Indication
    sub_indication: SubIndication | None
    trusted: bool | None
    proven_at: datetime | None
    level: Level | None
    signer: SignerIdentity | None
    path: PathResult | None
    evidence: Evidence
    findings: list[Finding]

    def result(
        self,
        kind: SignatureKind,
        facts: Facts,
        said: Iterable[Finding],
        *,
        changes: Changes | None = None,
        **about: Any,
    ) -> SignatureResult:
        """The public result, one way for PDF, CMS and XML: what was known, what the reader ``said``, what was judged;
        ``about`` are the remaining fields."""
        path = self.path
        return SignatureResult(
            kind=kind,
            intact=facts.intact,
            changes=facts.changes if changes is None else changes,
            trusted=self.trusted,
            signed_at=facts.signed_at,
            proven_at=self.proven_at,
            signer=self.signer,
            level=self.level,
            indication=self.indication,
            sub_indication=self.sub_indication,
            findings=(*said, *self.findings),
            timestamps=tuple(s.result for s in facts.stamps),
            chain=path.chain if path is not None else (),
            trust_scheme=path.scheme if path is not None else None,
            judged_at=path.at if path is not None else None,
            **about,
        )


def judge(facts: Facts, settings: Settings) -> Verdict:
    """Judge one signature. Never raises for content."""
    findings: list[Finding] = []
    proofs = [s for s in facts.stamps if s.result.proves]
    proofs.sort(key=lambda s: s.result.time or settings.at)
    stamped = proofs[0].result.time if proofs else None
    _times(facts, stamped, settings.at, findings)
    proven = _proven(facts, stamped, settings)
    if proven != stamped:
        proofs = []  # a receipt proves the time: no certificate of a time-stamping authority is needed
    signer = _identity(facts.certificate)
    path: PathResult | None = None
    evidence = NO_EVIDENCE
    for stamp in facts.stamps:
        evidence = evidence | stamp.evidence
    if facts.certificate is not None:
        path = _path(facts, settings, proven, findings)
        evidence = evidence | path.evidence
        _needed_proof(path, proofs, settings, findings, facts.where)
        _same_key(facts, settings, findings)
    best = proven or facts.signed_at or settings.at
    _algorithms(facts, best, settings.policy, findings)
    level = level_of(facts, path)
    indication, sub = conclude(facts, path, findings, proven, settings)
    return Verdict(
        indication=indication,
        sub_indication=sub,
        trusted=path.trusted if path is not None else None,
        proven_at=proven,
        level=level,
        signer=signer,
        path=path,
        evidence=evidence,
        findings=findings,
    )


def _proven(facts: Facts, stamped: datetime | None, settings: Settings) -> datetime | None:
    """The earliest proof of existence: of a time-stamp, or of the host's receipt (ETSI EN 319 102-1, POE). A receipt
    dated after the moment of judging, or before the signature says it was made, proves nothing of it."""
    receipt = settings.existed_at
    if receipt is None or receipt > settings.at or (facts.signed_at is not None and facts.signed_at > receipt + _CLOCK):
        return stamped
    return receipt if stamped is None else min(stamped, receipt)


def _identity(certificate: bytes | None) -> SignerIdentity | None:
    if certificate is None:
        return None
    try:
        return identity(certificate)
    except ValueError:
        return None


def _times(facts: Facts, proven: datetime | None, at: datetime, findings: list[Finding]) -> None:
    """R34, R35: the claimed time against the moment of judging and the proof."""
    claimed = facts.signed_at
    where = facts.where
    if claimed is None:
        findings.append(
            finding(
                "R35",
                "Chữ ký không ghi thời điểm ký.",
                "The signature does not say when it was made.",
                where=where,
            )
        )
        return
    if claimed > at + _CLOCK and proven is None:
        findings.append(
            finding(
                "R35",
                "Thời điểm ký ghi trong chữ ký ở tương lai.",
                "The claimed signing time lies in the future.",
                where=where,
                signed_at=claimed.isoformat(),
            )
        )
    if proven is None:
        return
    gap = proven - claimed
    if -_CLOCK <= gap <= timedelta(hours=24):
        return
    quirk = abs(gap + _QUIRK) <= _CLOCK
    findings.append(
        finding(
            "R34",
            "Thời điểm ký lệch đúng 7 giờ so với dấu thời gian: giờ Việt Nam bị ghi như giờ UTC."
            if quirk
            else "Thời điểm ký khai báo không khớp với dấu thời gian.",
            "The claimed time is 7 hours off the time-stamp: local time was written as UTC."
            if quirk
            else "The claimed signing time does not agree with the time-stamp.",
            where=where,
            severity=Severity.INFO if quirk else None,
            signed_at=claimed.isoformat(),
            proven_at=proven.isoformat(),
        )
    )


def _path(facts: Facts, settings: Settings, proven: datetime | None, findings: list[Finding]) -> PathResult:
    assert facts.certificate is not None
    claimed = facts.signed_at
    if proven is not None:
        claimed = min(claimed, proven) if claimed is not None else proven

    def at(moment: datetime) -> PathResult:
        return validate_path(
            facts.certificate or b"",
            facts.certificates,
            at=moment,
            trust=settings.trust,
            evidence=settings.evidence | facts.embedded,
            fetcher=settings.fetcher,
            policy=settings.policy,
            claimed=claimed,
            signed=proven or facts.signed_at,
            limits=settings.limits,
            where=facts.where,
        )

    moment = proven or settings.at
    path = at(moment)
    findings += path.findings
    doubtful = (
        SubIndication.OUT_OF_BOUNDS_NO_POE,
        SubIndication.REVOKED_NO_POE,
        SubIndication.REVOKED_CA_NO_POE,
    )
    if path.sub_indication in doubtful and claimed is not None and claimed < moment:
        then = at(claimed)
        good = then.trusted is True
        findings.append(
            finding(
                "path.claimed_time",
                f"Xét tại thời điểm ký khai báo (chưa được chứng minh): đường dẫn chứng thực "
                f"{'hợp lệ' if good else 'không hợp lệ'}.",
                f"Judged at the claimed, unproven signing time the path is {'valid' if good else 'not valid'}.",
                where=facts.where,
                claimed=claimed.isoformat(),
                trusted=then.trusted,
            )
        )
    return path


def _needed_proof(
    path: PathResult, proofs: list[Stamped], settings: Settings, findings: list[Finding], where: Location
) -> None:
    """If only the time-stamp keeps the signature alive, the TSA's own revocation matters as much as the signer's."""
    if not proofs or path.trusted is not True or proofs[0].revocation_known:
        return
    ended = path.revoked_at is not None or any(c.valid_to < settings.at for c in path.chain[:-1])
    if ended:
        findings.append(
            finding(
                "R19",
                "Chưa kiểm tra được tình trạng thu hồi của máy chủ cấp dấu thời gian, trong khi chứng thư của người ký "
                "đã hết hạn hoặc bị thu hồi.",
                "The revocation status of the time-stamping authority could not be checked, while the signer's "
                "certificate has expired or been revoked since.",
                where=where,
            )
        )


def _same_key(facts: Facts, settings: Settings, findings: list[Finding]) -> None:
    """R78: without ESS, another certificate on the same key could be put in this one's place."""
    if facts.baseline or facts.certificate is None:
        return
    try:
        mine = parse_certificate(facts.certificate)
    except ValueError:
        return
    twins: list[str] = list(settings.trust.same_key(mine)) if settings.trust is not None else []
    for der in (*facts.certificates, *settings.evidence.certificates)[: settings.limits.certificates]:
        try:
            other = parse_certificate(der)
            twin = other.sha256 != mine.sha256 and other.public_key.sha256 == mine.public_key.sha256
        except FOREIGN:  # a key that is none has no twin
            continue
        if twin:
            twins.append(other.sha256.hex())
    if twins:
        findings.append(
            finding(
                "R78",
                "Có chứng thư khác dùng chung khóa với chứng thư của người ký, mà chữ ký không gắn chứng thư cụ thể.",
                "Another certificate has the same key as the signer's, and the signature does not bind either.",
                where=facts.where,
                certificates=sorted(set(twins)),
            )
        )


def _algorithms(facts: Facts, best: datetime, policy: AlgorithmPolicy, findings: list[Finding]) -> None:
    if facts.digest:
        findings += policy.judge_digest(facts.digest, best, facts.where)
    if facts.scheme:
        findings += policy.judge_scheme(facts.scheme, best, facts.where)
    if facts.certificate is None:
        return
    try:
        about = facts_of(facts.certificate)
    except ValueError:
        return
    if not any(f.rule == "R21" for f in findings):
        findings += policy.judge_key(about.family, about.bits, best, facts.where, "khóa của người ký")


def signature_stamps(examined: Examined, settings: Settings, embedded: Evidence, name: str) -> list[Stamped]:
    """Judge the time-stamps that a CMS carries over its own signature value."""
    return [
        judge_token(
            raw,
            digest_of(examined.signature),
            kind="signature",
            name=f"{name}#{number}" if name else f"#{number}",
            trust=settings.trust,
            evidence=settings.evidence | embedded | Evidence(crls=examined.crls, ocsps=examined.ocsps),
            fetcher=settings.fetcher,
            policy=settings.policy,
            others=(*embedded.certificates, *examined.certificates),
            limits=settings.limits,
            where=examined.where,
        )
        for number, raw in enumerate(examined.tokens, start=1)
    ]
