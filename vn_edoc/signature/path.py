"""Certificate paths judged at a moment: RFC 5280, dates, revocation (NĐ 68/2024/NĐ-CP Điều 31, 32).

Works on DER certificates, so PDF, CMS, XML signatures and time-stamps use it alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import Location
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.certificates import display_name, facts_of, parse_certificate
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.path_judge import PathJudge, PathResult
from vn_edoc.signature.policy import AlgorithmPolicy, official_policy
from vn_edoc.signature.result import SubIndication
from vn_edoc.signature.trust import TrustStore, pins

__all__ = ["PathResult", "validate_path"]


def validate_path(
    certificate: bytes,
    others: Iterable[bytes] = (),
    *,
    at: datetime,
    trust: TrustStore | None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    claimed: datetime | None = None,
    signed: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
    where: Location | None = None,
    purpose: str = "sign",
    parameters: dict[str, Any] | None = None,
) -> PathResult:
    """Judge the path of ``certificate`` (DER) at ``at``, an aware datetime. Never raises for content.

    ``others`` are further certificates at hand. ``claimed`` is the signer's own time: a signer who claims a time when
    the certificate was not valid fails for good, while for a certificate that has only since expired or been revoked
    the answer is "cannot be told" (ETSI EN 319 102-1, 5.2.6). ``signed`` is the best signing time known, by whose law
    the length of keys is judged (default ``at``). ``purpose`` is ``sign``, ``timestamp`` or ``any`` and
    decides the key usage asked for. ``parameters`` are RFC 5280 initial inputs of certvalidator's
    ``PKIXValidationParams``, for conformance suites.
    """
    if at.tzinfo is None:
        raise UsageError("the moment needs a time zone", "thời điểm phải có múi giờ", field="at", value=at.isoformat())
    judge = PathJudge(at, claimed, signed or at, policy or official_policy(), where or Location(), purpose)
    try:
        leaf = facts_of(certificate)
    except ValueError as error:
        judge.say(
            "cms.no_certificate",
            "Không đọc được chứng thư số của người ký.",
            f"The signer's certificate cannot be read: {error}",
        )
        return judge.result(None, SubIndication.NO_SIGNING_CERTIFICATE_FOUND)
    judge.leaf_usage(leaf)
    at_hand = evidence or NO_EVIDENCE
    extra = list(dict.fromkeys((*at_hand.certificates, *others)))
    if len(extra) > limits.certificates:
        judge.say(
            "path.limit",
            f"Chỉ xét {limits.certificates} chứng thư số đầu tiên trong tệp.",
            f"Only the first {limits.certificates} certificates in the file are considered.",
            limit=limits.certificates,
        )
        del extra[limits.certificates :]
    if not trust:
        judge.say(
            "path.no_anchors",
            "Chưa có chứng thư gốc tin cậy nên không xét đường dẫn chứng thực.",
            "No trust anchors were given: the certificate path was not judged.",
        )
        judge.chain = (leaf.summary,)
        judge.dates([leaf])
        return judge.result(None, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
    candidates = trust.engine.candidates(certificate, extra, at, parameters)
    if not candidates and fetcher is not None:
        extra += fetcher.issuers(parse_certificate(certificate), limit=4)
        candidates = trust.engine.candidates(certificate, extra, at, parameters)
    if not candidates:
        return _no_path(judge, certificate, extra, trust)
    best = next((c for c in candidates if c.problem is None), None)
    best = best or next((c for c in candidates if c.problem in ("expired", "not_yet_valid")), candidates[0])
    chain = [facts_of(der) for der in best.certificates]
    judge.chain = tuple(c.summary for c in chain)
    judge.scheme = trust.scheme(chain[-1].summary.sha256)
    judge.certificates = best.certificates
    if best.problem == "unsigned":
        judge.say(
            "R14",
            "Đường dẫn chứng thực không dẫn tới chứng thư gốc tin cậy: có chứng thư mang tên tổ chức cấp nhưng không "
            "do tổ chức đó ký.",
            "The certificate path does not lead to a trust anchor: a certificate names an issuer that did not sign it.",
            detail=best.detail,
        )
        return judge.result(False, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
    if best.problem == "invalid":
        judge.say(
            "R24",
            f"Đường dẫn chứng thực không hợp lệ theo RFC 5280: {best.detail}",
            f"The certificate path is not valid under RFC 5280: {best.detail}",
            detail=best.detail,
        )
        return judge.result(False, SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE)
    out_of_dates = judge.dates(chain)
    judge.algorithms(chain)
    revoked = judge.revocations(trust, best, chain, extra, at_hand, fetcher)
    return judge.conclude(out_of_dates, revoked)


def _no_path(judge: PathJudge, leaf: bytes, extra: list[bytes], trust: TrustStore) -> PathResult:
    """Tell apart "leads elsewhere" from "a known CA is missing in the trust store"."""
    facts, top = facts_of(leaf), parse_certificate(leaf)
    judge.chain = (facts.summary,)
    judge.dates([facts])
    known: dict[str, Any] = {}
    for der in extra + list(trust.intermediates):
        try:
            certificate = parse_certificate(der)
        except ValueError:
            continue
        known.setdefault(certificate.subject.hashable, certificate)
    for _ in range(8):
        issuer = known.get(top.issuer.hashable)
        if issuer is None or issuer.sha256 == top.sha256:
            break
        top = issuer
    name = display_name(top.issuer)
    pinned = next((p for p in pins().values() if p.subject == name), None)
    anchored = {parse_certificate(a).subject.hashable for a in trust.anchors}
    if pinned is not None and top.issuer.hashable not in anchored:
        judge.say(
            "path.missing_ca",
            f"Thiếu chứng thư của «{name}» trong kho tin cậy nên chưa dựng được đường dẫn chứng thực; "
            "nạp bằng lệnh vn-edoc trust add.",
            f"The certificate of “{name}” is not in the trust store, so no path could be built; "
            "add it with vn-edoc trust add.",
            issuer=name,
            sha256=pinned.sha256,
            url=pinned.url,
        )
        return judge.result(None, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
    judge.say(
        "R14",
        f"Chứng thư số không dẫn tới gốc tin cậy nào (cơ quan cấp: {name}).",
        f"The certificate does not lead to any trust anchor (issuer: {name}).",
        issuer=name,
    )
    return judge.result(False, SubIndication.NO_CERTIFICATE_CHAIN_FOUND)
