"""What is said of one certificate path: usage, dates, algorithms, revocations, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from vn_edoc.findings import VIETNAM, Finding, Location, Severity, reckonable
from vn_edoc.signature.certificates import CertificateFacts, parse_certificate
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.policy import AlgorithmPolicy
from vn_edoc.signature.result import CertificateSummary, SubIndication, TrustScheme
from vn_edoc.signature.rules import finding
from vn_edoc.signature.trust import TrustStore

__all__ = ["PathJudge", "PathResult"]

_FIVE_YEARS = 5 * 366
_SIGNING = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True, slots=True)
class PathResult:
    """What a path is worth at a moment."""

    trusted: bool | None
    """Ends in an anchor, in its dates, none known to be revoked. ``None``: no anchors, or expired/revoked by then."""
    at: datetime
    """The moment it was judged for."""
    sub_indication: SubIndication | None = None
    """Why it is not valid."""
    chain: tuple[CertificateSummary, ...] = ()
    """Leaf first, as far as it could be built."""
    scheme: TrustScheme | None = None
    """Family of the anchor."""
    revoked_at: datetime | None = None
    """When a certificate of the path was revoked, also if that was after ``at``."""
    revocation_known: bool = False
    """The status of every certificate but the anchor is known for ``at``."""
    evidence: Evidence = NO_EVIDENCE
    """Certificates, CRLs and OCSP responses that were used."""
    findings: tuple[Finding, ...] = ()
    """What deviates."""


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00")


_COMMON_NAME = re.compile(r"(?:^|, )CN=(.+?)(?=, [A-Za-z0-9.]+=|$)")


def _called(name: str) -> str:
    """The common name of a distinguished one, which is what people know a certificate by."""
    found = _COMMON_NAME.search(name)
    return name if found is None else found[1]


class PathJudge:
    """Gathers findings about one path."""

    def __init__(
        self,
        at: datetime,
        claimed: datetime | None,
        signed: datetime,
        policy: AlgorithmPolicy,
        where: Location,
        purpose: str,
    ) -> None:
        # In one zone they are compared ten times faster.
        self.at = at.astimezone(UTC)
        self.claimed = claimed.astimezone(UTC) if reckonable(claimed) else claimed
        self.signed = signed
        self.policy = policy
        self.where = where
        self.purpose = purpose
        self.findings: list[Finding] = []
        self.chain: tuple[CertificateSummary, ...] = ()
        self.certificates: tuple[bytes, ...] = ()
        self.scheme: TrustScheme | None = None
        self.revoked_at: datetime | None = None
        self.revocation_known = False
        self.used: tuple[bytes, ...] = ()

    def say(self, rule: str, vi: str, en: str, *, severity: Severity | None = None, **data: Any) -> None:
        self.findings.append(finding(rule, vi, en, where=self.where, severity=severity, **data))

    def leaf_usage(self, leaf: CertificateFacts) -> None:
        """R25: the key may be used for signing. R36: lifetime of the certificate."""
        usage = leaf.usage
        if self.purpose == "sign" and usage is not None and not usage & _SIGNING:
            self.say(
                "R25",
                "Chứng thư số không cho phép dùng khóa để ký (thiếu digitalSignature và nonRepudiation).",
                "The certificate does not allow its key to sign (neither digitalSignature nor nonRepudiation).",
                key_usage=sorted(usage),
            )
        days = leaf.days
        if self.purpose == "sign" and days > _FIVE_YEARS:
            self.say(
                "R36",
                f"Chứng thư số có thời hạn {days} ngày, dài hơn 5 năm.",
                f"The certificate is valid for {days} days, longer than 5 years.",
                days=days,
            )

    def dates(self, chain: Sequence[CertificateFacts]) -> SubIndication | None:
        """R17, R73: every certificate in its dates at the moment; the claimed time decides what is certain."""
        outcome: SubIndication | None = None
        for certificate in chain:
            start, end = certificate.summary.valid_from, certificate.summary.valid_to
            name = certificate.summary.subject
            claimed = self.claimed
            if claimed is not None and claimed < start:
                self.say(
                    "R17",
                    f"Thời điểm ký khai báo {_day(claimed)} trước ngày hiệu lực {_day(start)} của chứng thư «{name}».",
                    f"The claimed signing time {_day(claimed)} is before the validity of “{name}” ({_day(start)}).",
                    valid_from=start.isoformat(),
                )
                return SubIndication.NOT_YET_VALID
            if claimed is not None and claimed > end:
                self.say(
                    "R17",
                    f"Thời điểm ký khai báo {_day(claimed)} sau ngày hết hạn {_day(end)} của chứng thư «{name}».",
                    f"The claimed signing time {_day(claimed)} is after the expiry of “{name}” ({_day(end)}).",
                    valid_to=end.isoformat(),
                )
                return SubIndication.EXPIRED
            if self.at < start:
                self.say(
                    "R17",
                    f"Chứng thư «{name}» chưa có hiệu lực vào {_day(self.at)} (hiệu lực từ {_day(start)}).",
                    f"“{name}” was not yet valid at {_day(self.at)} (valid from {_day(start)}).",
                    valid_from=start.isoformat(),
                )
                return SubIndication.NOT_YET_VALID
            if self.at > end and outcome is None:
                self.say(
                    "R82",
                    f"Chứng thư «{name}» đã hết hạn ngày {_day(end)}; chưa có bằng chứng chữ ký đã tồn tại trước đó.",
                    f"“{name}” expired at {_day(end)}, and nothing proves that the signature existed before that.",
                    valid_to=end.isoformat(),
                )
                outcome = SubIndication.OUT_OF_BOUNDS_NO_POE
        return outcome

    def algorithms(self, chain: Sequence[CertificateFacts]) -> None:
        """R21, R22 for the certificates of the path, keys by the law of the signing day, digests by that
        of the day they were issued; the anchor is trusted as it is."""
        for certificate in chain[:-1]:
            name, digest = certificate.summary.subject, certificate.digest
            self.findings += self.policy.judge_key(certificate.family, certificate.bits, self.signed, self.where, name)
            if digest is None:
                continue
            for found in self.policy.judge_digest(digest, certificate.summary.valid_from, self.where):
                self.say(
                    found.rule,
                    f"Chứng thư «{name}» được cấp bằng chữ ký dùng {digest.upper()}.",
                    f"The certificate “{name}” was issued with a signature that uses {digest.upper()}.",
                    severity=found.severity,
                    algorithm=digest,
                    key=certificate.summary.key,
                )

    def revocations(
        self,
        trust: TrustStore,
        path: Any,
        chain: Sequence[CertificateFacts],
        extra: list[bytes],
        at_hand: Evidence,
        fetcher: Fetcher | None,
    ) -> SubIndication | None:
        """R18, R19, R20, R72 for every certificate but the anchor."""
        outcome: SubIndication | None = None
        summaries: list[CertificateSummary] = []
        unknown: list[str] = []
        for index, certificate in enumerate(chain[:-1]):
            status = trust.engine.revocation(path, index, extra, self.at, at_hand.crls, at_hand.ocsps)
            if status.status == "unknown" and fetcher is not None:
                own, issuer = (parse_certificate(der) for der in path.certificates[index : index + 2])
                at_hand = at_hand | fetcher.revocation(own, issuer, at=self.at)
                status = trust.engine.revocation(path, index, extra, self.at, at_hand.crls, at_hand.ocsps)
            self.used += status.used
            name = certificate.summary.subject
            if status.status == "revoked" and status.revoked_at is not None:
                outcome = outcome or self._revoked(name, status.revoked_at, status.reason, leaf=index == 0)
            elif status.revoked_at is not None:
                self.revoked_at = self.revoked_at or status.revoked_at
                self.say(
                    "R72",
                    f"Chứng thư «{name}» bị thu hồi ngày {_day(status.revoked_at)}, sau thời điểm được xét.",
                    f"“{name}” was revoked at {_day(status.revoked_at)}, after the moment judged.",
                    revoked_at=status.revoked_at.isoformat(),
                    reason=status.reason,
                )
            elif status.status == "unknown":
                unknown.append(name)
                if status.stale:
                    self.say(
                        "R20",
                        f"Danh sách thu hồi/phản hồi OCSP cho «{name}» đã quá hạn tại thời điểm được xét.",
                        f"The CRL or OCSP response for “{name}” was out of date at the moment judged.",
                    )
                elif status.details:
                    self.say(
                        "R20",
                        f"Không dùng được thông tin thu hồi đã có cho «{name}»: {status.details[0]}",
                        f"The revocation data at hand for “{name}” cannot be used: {status.details[0]}",
                        details=list(status.details[:4]),
                    )
            summaries.append(replace(certificate.summary, revocation=status.status, revoked_at=status.revoked_at))
        self.chain = (*summaries, replace(chain[-1].summary, revocation="anchor"))
        self.revocation_known = not unknown
        if unknown:
            called = "; ".join(map(_called, unknown))
            self.say(
                "R19",
                f"Chưa kiểm tra được tình trạng thu hồi của chứng thư: {called}.",
                f"The revocation status could not be checked for the certificates: {called}.",
                certificates=unknown,
            )
        return outcome

    def _revoked(self, name: str, moment: datetime, reason: str | None, *, leaf: bool) -> SubIndication:
        self.revoked_at = moment
        if self.claimed is not None and self.claimed >= moment:
            self.say(
                "R18",
                f"Chứng thư «{name}» đã bị thu hồi ngày {_day(moment)}, trước thời điểm ký ({reason}).",
                f"“{name}” had been revoked at {_day(moment)}, before the signing time ({reason}).",
                revoked_at=moment.isoformat(),
                reason=reason,
            )
            return SubIndication.REVOKED
        self.say(
            "R82",
            f"Chứng thư «{name}» bị thu hồi ngày {_day(moment)}; chưa có bằng chứng chữ ký đã tồn tại trước đó.",
            f"“{name}” was revoked at {_day(moment)}, and nothing proves that the signature existed before that.",
            revoked_at=moment.isoformat(),
            reason=reason,
        )
        return SubIndication.REVOKED_NO_POE if leaf else SubIndication.REVOKED_CA_NO_POE

    def conclude(self, dates: SubIndication | None, revoked: SubIndication | None) -> PathResult:
        for certain in (SubIndication.REVOKED, SubIndication.NOT_YET_VALID, SubIndication.EXPIRED):
            if certain in (dates, revoked):
                return self.result(False, certain)
        doubt = revoked or dates
        if doubt is not None:
            return self.result(None, doubt)
        return self.result(True, None if self.revocation_known else SubIndication.TRY_LATER)

    def result(self, trusted: bool | None, sub_indication: SubIndication | None) -> PathResult:
        crls, ocsps = _split(self.used)
        return PathResult(
            trusted=trusted,
            at=self.at,
            sub_indication=sub_indication,
            chain=self.chain,
            scheme=self.scheme,
            revoked_at=self.revoked_at,
            revocation_known=self.revocation_known,
            evidence=Evidence(self.certificates, crls, ocsps) if self.certificates or self.used else NO_EVIDENCE,
            findings=tuple(self.findings),
        )


def _split(used: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """CRLs and OCSP responses apart: an OCSPResponse begins with an ENUMERATED, a CRL with a SEQUENCE."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    for der in dict.fromkeys(used):
        offset = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
        (ocsps if der[offset : offset + 1] == b"\x0a" else crls).append(der)
    return tuple(crls), tuple(ocsps)
