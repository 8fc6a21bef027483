"""What is checked before a key is used (TT 15/2025/TT-BKHCN Điều 5.1a, 5.2; NĐ 68/2024/NĐ-CP Điều 29)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache

from vn_edoc.errors import SigningError
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import CertificateFacts, facts_of, identity
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.path import validate_path
from vn_edoc.signature.policy import official_policy
from vn_edoc.signature.signed_data import examine, token_info
from vn_edoc.signature.timestamps import judge_token
from vn_edoc.signature.trust import TrustStore

__all__ = ["authority_evidence", "check_signer"]

_REFUSED = {"R17", "R18", "R21", "R22", "R24", "R25", "R82"}

_SIGNER = Location(path="signer")


def check_signer(
    signer: Signer,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    at: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
    require_revocation: bool = False,
) -> tuple[Evidence, tuple[Finding, ...]]:
    """Dates, key usage, key size, chain and revocation of the signer's certificate as of ``at`` (now): the validation
    data of its path, and what was found.

    Raises :class:`~vn_edoc.errors.SigningError` naming the first reason that forbids signing. Without ``trust`` the
    chain is not judged; a revocation that cannot be checked is a finding, or a refusal with ``require_revocation``.
    """
    moment = at or datetime.now(UTC)
    der, chain = signer.certificate_der, signer.chain
    if trust is None and not evidence and not require_revocation and len(chain) <= limits.certificates:
        about = _read(der)[1].summary
        if moment.tzinfo is not None and about.valid_from <= moment <= about.valid_to:
            return NO_EVIDENCE, _without_anchors(der, moment.astimezone(VIETNAM).date())
    return _checked(der, chain, trust, evidence, fetcher, moment, limits, require_revocation=require_revocation)


@lru_cache(maxsize=64)
def _read(der: bytes) -> tuple[str, CertificateFacts]:
    """The name in a certificate, and its facts."""
    try:
        return identity(der).name or "?", facts_of(der)
    except ValueError as error:
        raise SigningError(
            f"the signer's certificate cannot be read: {error}",
            f"không đọc được chứng thư số của người ký: {error}",
            field="signer",
        ) from error


@lru_cache(maxsize=64)
def _without_anchors(der: bytes, day: date) -> tuple[Finding, ...]:
    """What is found of a certificate in its dates when there are no anchors: a function of its octets, and of the day
    in Vietnam, by which algorithms are judged."""
    summary = facts_of(der).summary
    moment = min(max(datetime.combine(day, time(), VIETNAM), summary.valid_from), summary.valid_to)
    return _checked(der, (), None, None, None, moment, DEFAULT_LIMITS, require_revocation=False)[1]


def _checked(
    der: bytes,
    chain: tuple[bytes, ...],
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    moment: datetime,
    limits: Limits,
    *,
    require_revocation: bool,
) -> tuple[Evidence, tuple[Finding, ...]]:
    """:func:`check_signer` in any case."""
    name, about = _read(der)
    policy = official_policy()
    path = validate_path(
        der,
        chain,
        at=moment,
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        policy=policy,
        claimed=moment,
        limits=limits,
        where=_SIGNER,
    )
    findings = [*path.findings, *policy.judge_key(about.family, about.bits, moment, _SIGNER, name)]
    for found in findings:
        chain_fault = trust is not None and found.rule in ("R14", "R15", "path.missing_ca")
        refused = found.rule in _REFUSED and (found.severity.rank >= Severity.ERROR.rank or found.rule == "R82")
        unchecked = require_revocation and found.rule == "R19"
        if chain_fault or refused or unchecked:
            raise SigningError(
                f"the certificate of “{name}” may not sign: {found.message_en}",
                f"không được ký bằng chứng thư của «{name}»: {found.message_vi}",
                field="signer",
                value=name,
                rule=found.rule,
            )
    return path.evidence, tuple(findings)


def authority_evidence(
    token: bytes,
    level: str,
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    limits: Limits,
) -> Evidence:
    """Certificates, CRLs and OCSP responses for the authority that made ``token``; ``SigningError`` if incomplete."""
    facts = examine(token, None, where=Location(), expected_type="tst_info", attributes_required=True, limits=limits)

    def own_imprint(_: str) -> bytes | None:
        # Whether it is over the right data was checked when it was asked for; here only its maker is judged.
        try:
            return bytes(token_info(facts)["message_imprint"]["hashed_message"].native)
        except ValueError:
            return None

    judged = judge_token(
        token,
        own_imprint,
        kind="signature",
        name="",
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        policy=None,
        others=(),
        limits=limits,
        where=None,
    )
    if judged.result.trusted is not True or not judged.revocation_known:
        reason = next(iter(judged.result.findings), None)
        raise SigningError(
            f"level {level} needs the revocation status of the time-stamping authority"
            + (f": {reason.message_en}" if reason else ""),
            f"mức {level} cần tình trạng thu hồi của máy chủ cấp dấu thời gian"
            + (f": {reason.message_vi}" if reason else ""),
            field="evidence",
        )
    return judged.evidence
