"""RFC 3161 time-stamps: tokens judged at their own time, and asking an authority for one."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from asn1crypto import algos, tsp

from vn_edoc.errors import LimitExceeded, SigningError, TransportError, UsageError
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import identity, parse_certificate
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.path import validate_path
from vn_edoc.signature.policy import AlgorithmPolicy, official_policy
from vn_edoc.signature.result import SubIndication, TimestampResult
from vn_edoc.signature.rules import finding
from vn_edoc.signature.signed_data import FOREIGN, Examined, examine, token_info
from vn_edoc.signature.trust import TrustStore

__all__ = ["HttpTimeStamper", "TimeStamper", "verify_token"]


class TimeStamper(Protocol):
    """A source of RFC 3161 tokens. Implementations are thread-safe."""

    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        """A token (DER ContentInfo) over a digest; ``SigningError`` or ``TransportError`` if there is none."""
        ...


class HttpTimeStamper:
    """A time-stamping authority over HTTP (RFC 3161, 3.4) through a fetcher, asked again when it does not answer.

    Measured answers of one authority took from 11 ms to over 100 s: give ``Limits.fetch_seconds`` accordingly.
    """

    def __init__(
        self,
        url: str,
        fetcher: Fetcher,
        *,
        attempts: int = 3,
        pause: float = 1.0,
        policy: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``policy``: OID of the policy to ask for. ``pause``: seconds before the second attempt, doubled each time."""
        if attempts < 1:
            raise UsageError("at least one attempt is needed", "cần ít nhất một lần thử", field="attempts")
        self.url = url
        self._fetcher = fetcher
        self._attempts = attempts
        self._pause = pause
        self._policy = policy
        self._sleep = sleep

    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        """See :meth:`TimeStamper.stamp`."""
        nonce = secrets.randbits(63)
        request = token_request(imprint, digest, nonce, self._policy)
        failure: Exception | None = None
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(self._pause * 2 ** (attempt - 1))
            try:
                answer = self._fetcher.post(self.url, request, "application/timestamp-query")
                return token_of_answer(answer, imprint, digest, nonce)
            except (TransportError, LimitExceeded) as error:
                failure = error
        raise SigningError(
            f"the time-stamping authority did not answer after {self._attempts} attempts: {failure}",
            f"máy chủ cấp dấu thời gian không trả lời sau {self._attempts} lần thử: {failure}",
            field="timestamper",
            value=self.url,
        ) from failure


def token_request(imprint: bytes, digest: str, nonce: int, policy: str | None = None) -> bytes:
    """DER TimeStampReq."""
    fields: dict[str, Any] = {
        "version": 1,
        "message_imprint": tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}), "hashed_message": imprint}
        ),
        "nonce": nonce,
        "cert_req": True,
    }
    if policy is not None:
        fields["req_policy"] = policy
    return bytes(tsp.TimeStampReq(fields).dump())


def token_of_answer(answer: bytes, imprint: bytes, digest: str, nonce: int) -> bytes:
    """The token of a TimeStampResp, after checking that it answers this request; ``SigningError`` otherwise."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            text = response["status"]["status_string"].native
            raise SigningError(
                f"the time-stamping authority refused: {status} {text or ''}".strip(),
                f"máy chủ cấp dấu thời gian từ chối: {status} {text or ''}".strip(),
                field="timestamper",
            )
        token = response["time_stamp_token"]
        der = bytes(token.dump())
        info = token["content"]["encap_content_info"]["content"].parsed
        same = (
            info["message_imprint"]["hashed_message"].native == imprint
            and info["message_imprint"]["hash_algorithm"]["algorithm"].native == digest
            and info["nonce"].native == nonce
        )
    except FOREIGN as error:
        raise SigningError(
            f"the time-stamping authority sent something unreadable: {error}",
            f"máy chủ cấp dấu thời gian trả về dữ liệu không đọc được: {error}",
            field="timestamper",
        ) from error
    if not same:
        raise SigningError(
            "the time-stamp does not answer this request (imprint or nonce differ)",
            "dấu thời gian không ứng với yêu cầu (mã băm hoặc nonce khác)",
            field="timestamper",
        )
    return der


class Stamped:
    """A judged token with what the caller needs further."""

    __slots__ = ("evidence", "result", "revocation_known", "revoked_at")

    def __init__(
        self, result: TimestampResult, evidence: Evidence, revocation_known: bool, revoked_at: datetime | None
    ) -> None:
        self.result = result
        self.evidence = evidence
        self.revocation_known = revocation_known
        self.revoked_at = revoked_at


def verify_token(
    raw: bytes,
    imprint_of: Callable[[str], bytes | None],
    *,
    kind: str = "signature",
    name: str = "",
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    others: Iterable[bytes] = (),
    limits: Limits = DEFAULT_LIMITS,
    where: Location | None = None,
) -> TimestampResult:
    """Judge a token (DER ContentInfo) at its own genTime. ``imprint_of`` gives the digest of the stamped data for an
    algorithm's name. Never raises for content."""
    return judge_token(
        raw,
        imprint_of,
        kind=kind,
        name=name,
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        policy=policy,
        others=others,
        limits=limits,
        where=where,
    ).result


def judge_token(
    raw: bytes,
    imprint_of: Callable[[str], bytes | None],
    *,
    kind: str,
    name: str,
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    policy: AlgorithmPolicy | None,
    others: Iterable[bytes],
    limits: Limits,
    where: Location | None,
) -> Stamped:
    """:func:`verify_token` with the evidence used and the revocation facts."""
    place = where or Location(signature=name or None)
    extra = tuple(others)
    rules = policy or official_policy()
    facts = examine(
        raw, None, where=place, others=extra, expected_type="tst_info", attributes_required=True, limits=limits
    )
    findings: list[Finding] = []
    try:
        info = token_info(facts)
    except ValueError as error:
        if not facts.findings:
            findings.append(_invalid(place, "không đọc được", f"cannot be read: {error}"))
        findings += [_as_timestamp(f) for f in facts.findings]
        result = TimestampResult(kind, name, None, False, None, _authority(facts), findings=tuple(findings))
        return Stamped(result, Evidence(), False, None)
    moment: datetime = info["gen_time"].native
    algorithm = info["message_imprint"]["hash_algorithm"]["algorithm"].native
    # Two documents of one MD5 are made at will: such a token fits both.
    stamped = None if algorithm in ("md2", "md5") else imprint_of(algorithm)
    intact = facts.intact
    if stamped is None:
        intact = None if intact else intact
        findings.append(
            _invalid(place, f"dùng hàm băm {algorithm} không hỗ trợ", f"uses the unsupported digest {algorithm}")
        )
    elif stamped != info["message_imprint"]["hashed_message"].native:
        intact = False
        findings.append(_invalid(place, "không ứng với dữ liệu này", "is not over these data (imprint differs)"))
    findings += [_as_timestamp(f) for f in facts.findings if f.rule != "R30" or f.severity is Severity.FATAL]
    findings += rules.judge_digest(algorithm, moment, place, imprint=True)
    trusted: bool | None = None
    used = Evidence()
    known, revoked_at = False, None
    chain: tuple[Any, ...] = ()
    if facts.certificate is not None and intact is not False:
        if not _may_stamp(facts.certificate):
            findings.append(
                _invalid(
                    place,
                    "được ký bằng chứng thư không dành riêng cho cấp dấu thời gian",
                    "is signed with a certificate that is not reserved for time-stamping",
                )
            )
            intact = False
        path = validate_path(
            facts.certificate,
            (*facts.certificates, *extra),
            at=moment,
            trust=trust,
            evidence=(evidence or Evidence()) | Evidence(crls=facts.crls, ocsps=facts.ocsps),
            fetcher=fetcher,
            policy=rules,
            claimed=moment,
            limits=limits,
            where=place,
            purpose="timestamp",
        )
        trusted, used, known, revoked_at = path.trusted, path.evidence, path.revocation_known, path.revoked_at
        chain = path.chain
        findings += _path_findings(path.findings, place)
        if trusted and revoked_at is not None and not _harmless(path, revoked_at):
            # A key that was compromised later could have stamped any earlier time (ETSI EN 319 102-1, 5.2.6).
            trusted = None
        if path.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND and trusted is False:
            findings.append(
                _invalid(place, "không dẫn tới gốc tin cậy", "does not lead to a trust anchor", Severity.WARNING)
            )
    accuracy = info["accuracy"]
    result = TimestampResult(
        kind=kind,
        name=name,
        time=moment.astimezone(UTC),
        intact=intact,
        trusted=trusted,
        authority=_authority(facts),
        policy=info["policy"].dotted,
        imprint_algorithm=algorithm,
        accuracy_seconds=_seconds(accuracy),
        serial=format(info["serial_number"].native, "x"),
        chain=chain,
        findings=tuple(findings),
    )
    evidence_used = used | Evidence(tokens=(bytes(raw),))
    return Stamped(result, evidence_used, known, revoked_at)


def _harmless(path: Any, revoked_at: datetime) -> bool:
    """Only a planned end (superseded, cessation) leaves earlier stamps beyond doubt; reasons are in the findings."""
    reasons = {f.data.get("reason") for f in path.findings if f.rule == "R72"}
    return reasons <= {"superseded", "cessation_of_operation", "affiliation_changed"} and None not in reasons


def _seconds(accuracy: Any) -> float | None:
    if accuracy.native is None:
        return None
    try:
        parts = accuracy.native
        return float((parts["seconds"] or 0) + (parts["millis"] or 0) / 1e3 + (parts["micros"] or 0) / 1e6)
    except FOREIGN:
        return None


def _authority(facts: Examined) -> Any:
    if facts.certificate is None:
        return None
    try:
        return identity(facts.certificate)
    except ValueError:
        return None


def _may_stamp(der: bytes) -> bool:
    """RFC 3161, 2.3: extended key usage exactly timeStamping, and critical."""
    certificate = parse_certificate(der)
    usage = certificate.extended_key_usage_value
    return (
        usage is not None
        and usage.native == ["time_stamping"]
        and "extended_key_usage" in (certificate.critical_extensions)
    )


def _invalid(where: Location, vi: str, en: str, severity: Severity | None = None) -> Finding:
    return finding("R32", f"Dấu thời gian {vi}.", f"The time-stamp {en}.", where=where, severity=severity)


def _as_timestamp(found: Finding) -> Finding:
    """A fault of the token's own CMS, told as a fault of the time-stamp."""
    if found.rule in ("R31", "R22"):
        return found
    return finding(
        "R32",
        f"Dấu thời gian không hợp lệ: {found.message_vi}",
        f"The time-stamp is not valid: {found.message_en}",
        where=found.where,
        cause=found.rule,
    )


def _path_findings(found: Iterable[Finding], where: Location) -> list[Finding]:
    """Path findings of the TSA: failures become R32, an unchecked revocation an info of its own."""
    told: list[Finding] = []
    for item in found:
        if item.rule in ("R14", "R17", "R18", "R24", "R82"):
            told.append(_as_timestamp(item))
        elif item.rule == "R19":
            told.append(
                finding(
                    "timestamp.revocation_unknown",
                    f"Dấu thời gian: {item.message_vi}",
                    f"Time-stamp: {item.message_en}",
                    where=where,
                )
            )
        elif item.rule not in ("path.no_anchors", "R23"):
            told.append(item)
    return told


def digest_of(data: bytes) -> Callable[[str], bytes | None]:
    """``imprint_of`` for octets in memory."""

    def digest(name: str) -> bytes | None:
        from vn_edoc.signature.signed_data import digest_with

        hasher = digest_with(name)
        if hasher is None:
            return None
        hasher.update(data)
        return bytes(hasher.digest())

    return digest


def imprint(data: bytes, digest: str) -> bytes:
    """Digest of octets for a request."""
    return hashlib.new(digest, data).digest()
