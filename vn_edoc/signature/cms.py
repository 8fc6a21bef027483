"""CMS signatures beside or around a file: CAdES B, T and LT (EN 319 122-1), ``.p7s`` and ``.p7m``."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from vn_edoc.errors import LimitExceeded, SigningError, UsageError
from vn_edoc.findings import VIETNAM, Finding, Location
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.cms_octets import definite
from vn_edoc.signature.evidence import Evidence, write_whole
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Facts, judge, make_settings, signature_stamps
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.policy import AlgorithmPolicy
from vn_edoc.signature.result import (
    Changes,
    Indication,
    Level,
    Reference,
    SignatureKind,
    SignatureResult,
    SignedContent,
    SubIndication,
)
from vn_edoc.signature.rules import finding
from vn_edoc.signature.signed_data import FOREIGN, digest_with, examine
from vn_edoc.signature.sources import Opened, Source, open_source
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore

__all__ = ["CmsSigning", "CmsVerification", "sign_cms", "verify_cms"]


@dataclass(frozen=True, slots=True)
class CmsVerification:
    """The signature of a CMS object, judged; of the same shape as a PDF's."""

    signatures: tuple[SignatureResult, ...]
    """The one signature."""
    attached: bool = False
    """The content is inside."""
    findings: tuple[Finding, ...] = ()
    """What concerns the whole file."""
    evidence: Evidence = field(default_factory=Evidence)
    """Certificates, CRLs, OCSP responses and tokens that the judgement rests on."""


def verify_cms(
    source: Source,
    content: Source | None = None,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    existed_at: datetime | None = None,
) -> CmsVerification:
    """Verify a CMS signature (DER, BER or PEM). Never raises for what the files hold.

    ``content``: the signed file of a detached signature; without it ``intact`` stays ``None``. Exactly one signer is
    accepted. The other arguments are those of :func:`~vn_edoc.signature.pdf.verify_pdf`.
    """
    settings = make_settings(trust, evidence, fetcher, policy, at, limits, existed_at)
    bounds = replace(settings.limits, cms_bytes=settings.limits.pdf_bytes)
    try:
        with open_source(source, bounds.cms_bytes) as opened:
            raw = _octets(opened.stream.read())
        inside = None if content is None else open_source(content, bounds.attachment_bytes)
    except LimitExceeded as error:
        said = finding("pdf.limit", error.message_vi, error.message_en)
        return CmsVerification((_unread(said),))
    except ValueError as error:
        if isinstance(error, UsageError):
            raise
        said = finding("cms.unreadable", "Tệp chữ ký không đọc được.", f"The signature cannot be read: {error}")
        return CmsVerification((_unread(said),))
    where = Location(signature="cms")
    detached = not _has_content(raw)
    hashed = _Hashed(inside)
    try:
        examined = examine(
            raw,
            hashed.digest if detached else None,
            where=where,
            others=settings.evidence.certificates,
            attributes_required=detached,
            limits=bounds,
        )
        if not detached and inside is not None and examined.content is not None:
            _same_content(examined, hashed)
        embedded = Evidence(crls=examined.crls, ocsps=examined.ocsps)
        stamps = signature_stamps(examined, settings, Evidence(certificates=examined.certificates), "")
        facts = Facts(
            intact=examined.intact,
            sub_indication=examined.sub_indication,
            changes=Changes.NONE,
            signed_at=examined.signed_at,
            certificate=examined.certificate,
            certificates=examined.certificates,
            digest=examined.digest,
            scheme=examined.scheme,
            embedded=embedded,
            baseline=examined.has_ess and examined.signed_at is not None,
            stamps=tuple(stamps),
            where=where,
        )
        verdict = judge(facts, settings)
        reference, vouched = hashed.signed(examined)
        result = verdict.result(
            SignatureKind.CMS,
            facts,
            examined.findings,
            changes=Changes.NONE if examined.intact else Changes.UNKNOWN,
            references=reference,
            algorithms=examined.algorithms,
            content=vouched,
        )
    except Exception as error:  # the outer boundary of foreign code: what escaped all nets becomes a finding
        problem = f"The signature cannot be read: {type(error).__name__}: {str(error)[:200]}"
        return CmsVerification((_unread(finding("cms.unreadable", "Tệp chữ ký không đọc được.", problem)),))
    finally:
        if inside is not None:
            inside.close()
    return CmsVerification((result,), attached=not detached, evidence=verdict.evidence)


def _unread(said: Finding) -> SignatureResult:
    return SignatureResult(
        kind=SignatureKind.CMS,
        intact=False if said.rule == "cms.unreadable" else None,
        changes=Changes.UNKNOWN,
        trusted=None,
        signed_at=None,
        proven_at=None,
        signer=None,
        level=None,
        indication=Indication.TOTAL_FAILED if said.rule == "cms.unreadable" else Indication.INDETERMINATE,
        sub_indication=SubIndication.FORMAT_FAILURE if said.rule == "cms.unreadable" else SubIndication.CUSTOM,
        findings=(said,),
    )


def _octets(raw: bytes) -> bytes:
    """PEM unwrapped; ``ValueError`` for damaged PEM."""
    if not raw.lstrip().startswith(b"-----BEGIN"):
        return raw
    from asn1crypto import pem

    try:
        return bytes(pem.unarmor(raw.lstrip())[2])
    except FOREIGN as error:
        raise ValueError(f"damaged PEM: {error}") from error


def is_detached(source: Source, limits: Limits | None = None) -> bool:
    """Whether a CMS file holds no content of its own; ``True`` where it cannot be read. ``SourceError`` if it cannot be
    opened."""
    try:
        with open_source(source, (limits or DEFAULT_LIMITS).pdf_bytes) as opened:
            return not _has_content(_octets(opened.stream.read()))
    except (LimitExceeded, ValueError):
        return True


def _has_content(raw: bytes) -> bool:
    from asn1crypto import cms

    def inside(octets: bytes) -> bool:
        return cms.ContentInfo.load(octets)["content"]["encap_content_info"]["content"].native is not None

    try:
        return inside(raw)
    except FOREIGN:
        plain = definite(raw)
    try:
        return plain is not None and inside(plain)
    except FOREIGN:
        return False


def _same_content(examined: Any, hashed: _Hashed) -> None:
    """An attached signature was given with a file: they have to be the same."""
    assert examined.content is not None
    if hashed.digest("sha256") != hashlib.sha256(examined.content).digest():
        examined.fail(
            SubIndication.HASH_FAILURE,
            "R08",
            "Tệp kèm theo khác với nội dung nằm trong chữ ký.",
            "The file given is not the content inside the signature.",
        )


class _Hashed:
    """Digests of the detached content, each computed once."""

    def __init__(self, opened: Opened | None) -> None:
        self._opened = opened
        self._known: dict[str, bytes] = {}

    def digest(self, name: str) -> bytes | None:
        if self._opened is None:
            return None
        if name not in self._known:
            hasher = digest_with(name)
            if hasher is None:
                return None
            stream = self._opened.stream
            stream.seek(0)
            while chunk := stream.read(1 << 20):
                hasher.update(chunk)
            self._known[name] = bytes(hasher.digest())
        return self._known[name]

    def signed(self, examined: Any) -> tuple[tuple[Reference, ...], SignedContent | None]:
        """The reference and the octets vouched for."""
        if not examined.digest:
            return (), None
        inside = examined.content
        if inside is not None:
            sha256 = hashlib.sha256(inside).hexdigest()
            content = SignedContent(lambda: io.BytesIO(inside), len(inside), sha256)
        elif self._opened is not None:
            sha256 = (self.digest("sha256") or b"").hex()
            content = SignedContent(self._opened.reopen, self._opened.size, sha256)
        else:
            sha256, content = None, None
        return (Reference("content", examined.digest, examined.digest_matches, sha256=sha256),), content


@dataclass(frozen=True, slots=True)
class CmsSigning:
    """What was written."""

    level: Level
    """Level reached."""
    attached: bool
    """The content is inside."""
    signed_at: datetime
    """Signing time as written, +07:00."""
    size: int
    """Size of the signature file in bytes."""
    sha256: str
    """SHA-256 of the signature file, lower-case hex."""
    findings: tuple[Finding, ...] = ()
    """What was found before signing and did not forbid it."""


def sign_cms(
    source: Source,
    target: str | Path | BinaryIO,
    signer: Signer,
    level: str = "B-B",
    *,
    attached: bool = False,
    digest: str = "sha256",
    scheme: str | None = None,
    timestamper: TimeStamper | None = None,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    signed_at: datetime | None = None,
    limits: Limits | None = None,
) -> CmsSigning:
    """Sign a file as CAdES B-B, B-T or B-LT: detached (``.p7s``), or ``attached`` with the content inside (``.p7m``).

    The arguments are those of :func:`~vn_edoc.signature.pdf_sign.sign_pdf`. Raises ``SigningError``, ``SourceError``
    and ``UsageError`` as it does; ``target`` appears whole or not at all.
    """
    from vn_edoc.signature.before_signing import check_signer
    from vn_edoc.signature.cms_build import asn1_digest, build, stamp_signature

    bounds = limits or DEFAULT_LIMITS
    reached, moment = _checked(level, timestamper, trust, signed_at)
    held, findings = check_signer(
        signer,
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        at=moment,
        limits=bounds,
        require_revocation=reached is Level.LT,
    )
    name = asn1_digest(digest)
    with open_source(source, bounds.pdf_bytes if attached else bounds.attachment_bytes) as opened:
        if attached:
            content: bytes | None = opened.stream.read()
            value = hashlib.new(name, content or b"").digest()
        else:
            content = None
            value = _Hashed(opened).digest(name) or b""
    anchors = set(trust.anchors) if trust else set()
    info = build(
        value,
        signer,
        digest=digest,
        scheme=scheme,
        signing_time=moment,
        content=content,
        chain=[c for c in held.certificates if c not in anchors],
    )
    if reached is not Level.B and timestamper is not None:
        token = stamp_signature(info, timestamper, digest)
        if reached is Level.LT:
            _add_validation_data(info, held, token, trust, evidence, fetcher, bounds)
    der = bytes(info.dump())
    _write(target, der)
    return CmsSigning(
        reached, attached, moment.astimezone(VIETNAM), len(der), hashlib.sha256(der).hexdigest(), findings
    )


def _checked(
    level: str, timestamper: TimeStamper | None, trust: TrustStore | None, signed_at: datetime | None
) -> tuple[Level, datetime]:
    if level not in (Level.B, Level.T, Level.LT):
        raise UsageError(
            f"CMS signatures are made at B-B, B-T or B-LT, not {level!r}",
            f"chữ ký CMS được tạo ở mức B-B, B-T hoặc B-LT, không phải {level!r}",
            field="level",
            value=level,
        )
    if level != Level.B and timestamper is None:
        raise UsageError(
            f"level {level} needs a timestamper", f"mức {level} cần máy chủ cấp dấu thời gian", field="timestamper"
        )
    if level == Level.LT and not trust:
        raise UsageError(f"level {level} needs trust anchors", f"mức {level} cần chứng thư gốc tin cậy", field="trust")
    if signed_at is not None and signed_at.tzinfo is None:
        raise UsageError("signed_at needs a time zone", "signed_at phải có múi giờ", field="signed_at")
    return Level(level), signed_at or datetime.now(UTC)


def _add_validation_data(
    info: Any,
    known: Evidence,
    token: bytes,
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    limits: Limits,
) -> None:
    from vn_edoc.signature.before_signing import authority_evidence
    from vn_edoc.signature.cms_build import add_validation_data

    both = known | authority_evidence(token, "B-LT", trust, evidence, fetcher, limits)
    add_validation_data(info, both.certificates, both.crls, both.ocsps)


def _write(target: str | Path | BinaryIO, der: bytes) -> None:
    if isinstance(target, str | Path):
        write_whole(Path(target), der)
        return
    try:
        target.write(der)
    except (OSError, AttributeError, TypeError) as error:
        raise SigningError(
            f"the signature cannot be written: {error}", f"không ghi được chữ ký: {error}", field="target"
        ) from error
