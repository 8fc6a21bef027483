"""Raising a signature that is being made, and the parts of raising any: time-stamps and validation data.

Everything that a time-stamp covers is at hand in its canonical form, so no document has to be parsed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.findings import VIETNAM, Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.before_signing import check_signer
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Settings, make_settings
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.result import Level
from vn_edoc.signature.signed_data import digest_with
from vn_edoc.signature.timestamps import Stamped, TimeStamper, judge_token
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.build import Draft, ProductionPlace, SigningOptions, escape
from vn_edoc.signature.xml.names import DS, XADES, XADES141
from vn_edoc.signature.xml.structure import encode
from vn_edoc.xml.c14n import Canonicalization, Piece

__all__ = [
    "SigningRequest",
    "authority_data",
    "make_request",
    "missing_timestamper",
    "missing_trust",
    "raise_level",
    "stamp",
    "timestamp_data",
    "value_parts",
    "wanted_level",
]

_DIGEST = "sha256"
_LEVELS = {level.value: level for level in Level}
_METHOD = (
    f'<ds:CanonicalizationMethod xmlns:ds="{DS}" Algorithm="{Canonicalization.EXCLUSIVE}"></ds:CanonicalizationMethod>'
)


class SigningRequest(NamedTuple):
    """Everything a signing needs besides the data, checked."""

    signer: Signer
    """Key and certificate."""
    options: SigningOptions
    """What goes into the signature."""
    level: Level
    """Level asked for."""
    timestamper: TimeStamper | None
    """Source of time-stamps, from B-T on."""
    settings: Settings
    """Trust, evidence and services for the checks."""

    def check(self) -> tuple[Evidence, tuple[Finding, ...]]:
        """Whether the certificate may sign now (TT 15/2025/TT-BKHCN Điều 5.1a); its validation data and findings.

        Raises :class:`~vn_edoc.errors.SigningError` when it may not.
        """
        return check_signer(
            self.signer,
            trust=self.settings.trust,
            evidence=self.settings.evidence,
            fetcher=self.settings.fetcher,
            at=self.settings.at,
            limits=self.settings.limits,
            require_revocation=self.level in (Level.LT, Level.LTA),
        )


def make_request(
    signer: Signer,
    level: str,
    *,
    digest: str,
    scheme: str | None,
    signed_at: datetime | None,
    roles: Sequence[str],
    place: ProductionPlace | None,
    commitments: Sequence[str],
    timestamper: TimeStamper | None,
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    limits: Limits | None,
) -> SigningRequest:
    """Check the arguments that all XML signing functions take; :class:`UsageError` names the wrong one."""
    wanted = wanted_level(level)
    if wanted is not Level.B:
        if timestamper is None:
            raise missing_timestamper(wanted)
        if wanted is not Level.T and not trust:
            raise missing_trust(wanted)
    settings = make_settings(trust, evidence, fetcher, None, None, limits)
    moment = settings.at.astimezone(VIETNAM) if signed_at is None else signed_at
    options = SigningOptions(digest, scheme, moment, tuple(roles), place, tuple(commitments))
    return SigningRequest(signer, options, wanted, timestamper, settings)


def wanted_level(level: str) -> Level:
    """The level of that name; :class:`UsageError` for another."""
    try:
        return _LEVELS[level]
    except (KeyError, TypeError):
        raise UsageError(
            f"level is one of {', '.join(Level)}, not {level!r}",
            f"level là một trong {', '.join(Level)}, không phải {level!r}",
            field="level",
            value=level,
        ) from None


def missing_timestamper(level: Level) -> UsageError:
    """What to say when a level needs a time-stamp and nobody gives one."""
    return UsageError(
        f"level {level.value} needs a time-stamper",
        f"mức {level.value} cần nguồn cấp dấu thời gian",
        field="timestamper",
    )


def missing_trust(level: Level) -> UsageError:
    """What to say when a level needs anchors and there are none."""
    return UsageError(
        f"level {level.value} needs trust anchors to know which validation data belong to the signature",
        f"mức {level.value} cần chứng thư gốc tin cậy để thu thập dữ liệu kiểm tra",
        field="trust",
    )


def raise_level(draft: Draft, request: SigningRequest, signer_data: Evidence) -> None:
    """Add to ``draft`` what the level asks for. ``signer_data`` are the signer's validation data.

    Raises :class:`~vn_edoc.errors.SigningError` when a token does not hold, or when the path or the revocation status
    of the authority cannot be established now.
    """
    if request.level is Level.B:
        return
    stamped = _stamp_draft(draft, "SignatureTimeStamp", [draft.signature_value.encode()], request)
    if request.level is Level.T:
        return
    draft.unsigned.append(timestamp_data(authority_data(stamped)))
    draft.unsigned.extend(value_parts(signer_data))
    if request.level is Level.LTA:
        _stamp_draft(draft, "ArchiveTimeStamp", _archived(draft), request)


def _stamp_draft(draft: Draft, name: str, pieces: Iterable[Piece], request: SigningRequest) -> Stamped:
    assert request.timestamper is not None
    number = sum(1 for done in draft.unsigned if "TimeStamp" in done[:40])
    markup, stamped = stamp(name, f"{draft.id}-t{number}", pieces, request.timestamper, request.settings)
    draft.unsigned.append(markup)
    return stamped


def stamp(
    name: str, identifier: str, pieces: Iterable[Piece], timestamper: TimeStamper, settings: Settings
) -> tuple[str, Stamped]:
    """A time-stamp property over ``pieces`` in its canonical form, and its token judged.

    ``name``: ``SignatureTimeStamp`` or ``ArchiveTimeStamp``. Raises :class:`~vn_edoc.errors.SigningError` when the
    token does not hold, and what ``timestamper`` raises.
    """
    running = digest_with(_DIGEST)
    assert running is not None
    for piece in pieces:
        running.update(piece)
    imprint = bytes(running.digest())
    token = timestamper.stamp(imprint, _DIGEST)
    if not isinstance(token, bytes):
        raise SigningError(
            f"the time-stamper gives {type(token).__name__}, not the octets of a token",
            f"nguồn cấp dấu thời gian trả về {type(token).__name__}, không phải dữ liệu dấu thời gian",
            field="timestamper",
        )
    stamped = judge_token(
        token,
        lambda algorithm: imprint if algorithm == _DIGEST else None,
        kind="archive" if name == "ArchiveTimeStamp" else "signature",
        name=name,
        trust=settings.trust,
        evidence=settings.evidence,
        fetcher=settings.fetcher,
        policy=settings.policy,
        others=(),
        limits=settings.limits,
        where=Location(),
    )
    if stamped.result.intact is not True or stamped.result.trusted is False:
        why = stamped.result.findings[0] if stamped.result.findings else None
        raise SigningError(
            f"the time-stamp cannot be used: {why.message_en if why else 'it does not verify'}",
            f"không dùng được dấu thời gian: {why.message_vi if why else 'không kiểm tra được'}",
            field="timestamper",
        )
    prefix, namespace = ("xades", XADES) if name == "SignatureTimeStamp" else ("xadesv141", XADES141)
    inner = (
        f'<xades:EncapsulatedTimeStamp xmlns:xades="{XADES}">' if prefix != "xades" else "<xades:EncapsulatedTimeStamp>"
    )
    markup = (
        f'<{prefix}:{name} xmlns:{prefix}="{namespace}" Id="{escape(identifier, attribute=True)}">{_METHOD}'
        f"{inner}{encode(token)}</xades:EncapsulatedTimeStamp></{prefix}:{name}>"
    )
    return markup, stamped


def _archived(draft: Draft) -> Iterator[Piece]:
    """What an archive time-stamp covers, ETSI EN 319 132-1 clause 5.5.2.2."""
    for reference in draft.references:
        yield from reference.octets()
    yield draft.signed_properties.encode()
    for part in (draft.signed_info, draft.signature_value, draft.key_info, *draft.unsigned):
        yield part.encode()
    for item in draft.objects:
        yield item.canonical


def authority_data(stamped: Stamped) -> Evidence:
    """Certificates and revocation data of a time-stamp's authority; :class:`SigningError` if they are incomplete."""
    if stamped.result.trusted is not True or not stamped.revocation_known:
        raise SigningError(
            "the path or revocation status of the time-stamping authority cannot be established",
            "chưa xác lập được đường dẫn chứng thực hoặc tình trạng thu hồi của máy chủ cấp dấu thời gian",
            field="timestamper",
        )
    return stamped.evidence


def timestamp_data(data: Evidence) -> str:
    """``TimeStampValidationData`` in its canonical form; empty without data."""
    inner = "".join(value_parts(data))
    return (
        f'<xadesv141:TimeStampValidationData xmlns:xadesv141="{XADES141}">{inner}</xadesv141:TimeStampValidationData>'
        if inner
        else ""
    )


def value_parts(data: Evidence) -> list[str]:
    """``CertificateValues`` and ``RevocationValues`` in their canonical form, as far as there are data."""
    parts: list[str] = []
    if data.certificates:
        inner = "".join(
            f"<xades:EncapsulatedX509Certificate>{encode(der)}</xades:EncapsulatedX509Certificate>"
            for der in data.certificates
        )
        parts.append(f'<xades:CertificateValues xmlns:xades="{XADES}">{inner}</xades:CertificateValues>')
    crls = "".join(f"<xades:EncapsulatedCRLValue>{encode(der)}</xades:EncapsulatedCRLValue>" for der in data.crls)
    ocsps = "".join(f"<xades:EncapsulatedOCSPValue>{encode(der)}</xades:EncapsulatedOCSPValue>" for der in data.ocsps)
    if crls or ocsps:
        crls = f"<xades:CRLValues>{crls}</xades:CRLValues>" if crls else ""
        ocsps = f"<xades:OCSPValues>{ocsps}</xades:OCSPValues>" if ocsps else ""
        parts.append(f'<xades:RevocationValues xmlns:xades="{XADES}">{crls}{ocsps}</xades:RevocationValues>')
    return parts
