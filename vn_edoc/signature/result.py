"""What a verification says of one signature: one frozen type for PDF, CMS, XML and packet signatures.

Terms follow ETSI EN 319 102-1 (indications) and ETSI EN 319 142-1, 319 122-1, 319 132-1 (levels). All times are aware;
JSON shows them with +07:00.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from vn_edoc.errors import SourceError
from vn_edoc.findings import Finding
from vn_edoc.signature.scheme import TrustScheme
from vn_edoc.signature.terms import Changes, Indication, Level, SignatureKind, SignerKind, SubIndication

__all__ = [
    "AlgorithmInfo",
    "CertificateSummary",
    "Changes",
    "Indication",
    "Level",
    "PrivateIdentifiers",
    "Reference",
    "SignatureKind",
    "SignatureResult",
    "SignedContent",
    "SignerIdentity",
    "SignerKind",
    "SubIndication",
    "TimestampResult",
    "TrustScheme",
]


class PrivateIdentifiers:
    """Unmasked identifiers of a certificate subject, for matching only: printing and JSON show the masked form."""

    __slots__ = ("_pairs",)

    def __init__(self, pairs: tuple[tuple[str, str], ...] = ()) -> None:
        self._pairs = pairs

    def values(self, prefix: str) -> tuple[str, ...]:
        """Identifiers with that prefix (``MST``, ``MNS``, ``CCCD``, ``CMND`` …), unmasked."""
        return tuple(value for name, value in self._pairs if name == prefix)

    def masked(self) -> tuple[str, ...]:
        """``PREFIX:01******89`` for every identifier."""
        return tuple(f"{name}:{mask(value)}" for name, value in self._pairs)

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateIdentifiers) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return f"<identifiers {', '.join(self.masked())}>"

    __str__ = __repr__


def mask(value: str) -> str:
    """A number of which no more than its ends is told: ``01******89``."""
    keep = 2 if len(value) > 5 else 0
    return value[:keep] + "*" * (len(value) - 2 * keep) + value[len(value) - keep :]


@dataclass(frozen=True, slots=True)
class SignerIdentity:
    """Who a certificate says signed. Names are NFC; identity numbers are masked (Luật Bảo vệ dữ liệu cá nhân)."""

    name: str | None
    """Common name (CN)."""
    organisation: str | None
    """Organisation (O), the first one."""
    kind: SignerKind
    """Person, organisation or device, as far as the certificate tells."""
    serial: str
    """Serial number, lower-case hex."""
    issuer: str
    """Issuer's distinguished name, most specific part first."""
    certificate_sha256: str
    """SHA-256 of the DER certificate, lower-case hex."""
    ids: tuple[str, ...] = ()
    """Masked identifiers: ``MST:01******77``."""
    subject: str = ""
    """Subject's distinguished name without identity numbers."""
    common_names: tuple[str, ...] = ()
    """All CN values."""
    organisations: tuple[str, ...] = ()
    """All O values."""
    units: tuple[str, ...] = ()
    """All OU values, in the order of the certificate."""
    title: str | None = None
    """Title (T)."""
    locality: str | None = None
    """Locality (L)."""
    valid_from: datetime | None = None
    """Start of validity of the certificate."""
    valid_to: datetime | None = None
    """End of validity of the certificate."""
    private: PrivateIdentifiers = field(default_factory=PrivateIdentifiers, repr=False)
    """Unmasked identifiers, for the binding to an agency; never printed."""


@dataclass(frozen=True, slots=True)
class CertificateSummary:
    """A certificate of a chain."""

    subject: str
    """Subject's distinguished name without identity numbers."""
    issuer: str
    """Issuer's distinguished name."""
    serial: str
    """Serial number, lower-case hex."""
    sha256: str
    """SHA-256 of the DER, lower-case hex."""
    valid_from: datetime
    """Start of validity."""
    valid_to: datetime
    """End of validity."""
    key: str
    """Key: ``rsa2048``, ``ec256`` …"""
    revocation: str = "unchecked"
    """``good``, ``revoked``, ``unknown``, ``anchor`` or ``unchecked`` at the time the path was judged for."""
    revoked_at: datetime | None = None
    """When it was revoked, also if that was after the judged time."""


@dataclass(frozen=True, slots=True)
class AlgorithmInfo:
    """Algorithms of a signature."""

    digest: str
    """Digest of the content: ``sha256``."""
    signature: str
    """Scheme: ``rsa-pkcs1v15``, ``rsa-pss``, ``ecdsa`` …"""
    key: str
    """Signer's key: ``rsa2048``, ``ec256`` …"""


class SignedContent:
    """The octets a signature vouches for, read again on demand and checked again against the digest taken then."""

    __slots__ = ("_opener", "sha256", "size")

    def __init__(self, opener: Callable[[], BinaryIO], size: int, sha256: str | None) -> None:
        self._opener = opener
        self.size = size
        self.sha256 = sha256

    def read(self) -> bytes:
        """All octets. Raises :class:`~vn_edoc.errors.SourceError` if the source has changed since it was verified."""
        try:
            with self._opener() as stream:
                data = stream.read(self.size)
        except OSError as error:
            raise SourceError(
                f"the verified file can no longer be read: {error}", f"không đọc lại được tệp đã kiểm tra: {error}"
            ) from error
        if len(data) != self.size or (self.sha256 and hashlib.sha256(data).hexdigest() != self.sha256):
            raise SourceError(
                "the file has changed since it was verified", "tệp đã thay đổi sau khi được kiểm tra", field="source"
            )
        return data

    def __repr__(self) -> str:
        return f"<signed content, {self.size} bytes, sha256 {self.sha256}>"


@dataclass(frozen=True, slots=True)
class Reference:
    """One piece of signed data and whether its digest matches."""

    target: str
    """What is signed: ``bytes 0-1200,9000-9400`` of a PDF, the URI of an XML reference, ``content`` of a CMS."""
    digest_algorithm: str
    """``sha256`` …"""
    matches: bool | None
    """Whether the digest matches; ``None`` where the data are not at hand."""
    ranges: tuple[tuple[int, int], ...] = ()
    """Covered byte ranges of the file, each (first byte, byte after the last)."""
    sha256: str | None = None
    """SHA-256 of the signed octets, lower-case hex, where it was computed."""
    content: SignedContent | None = None
    """The verified octets, where they are kept (XML: the canonical octets of what the reference points at)."""


@dataclass(frozen=True, slots=True)
class TimestampResult:
    """One RFC 3161 time-stamp token."""

    kind: str
    """``signature`` (over a signature value), ``document`` (PDF DocTimeStamp), ``archive`` or ``content``."""
    name: str
    """Field name or other handle."""
    time: datetime | None
    """genTime."""
    intact: bool | None
    """Whether the token's signature verifies and its imprint is that of the stamped data."""
    trusted: bool | None
    """Whether the TSA's path is valid at genTime; ``None`` without trust anchors."""
    authority: SignerIdentity | None
    """The TSA."""
    policy: str | None = None
    """Policy OID of the token."""
    imprint_algorithm: str | None = None
    """Digest of the imprint: ``sha256``."""
    accuracy_seconds: float | None = None
    """Accuracy that the TSA claims."""
    serial: str | None = None
    """Serial number of the token, lower-case hex."""
    covers: int | None = None
    """PDF document time-stamps: end of the covered revision in bytes."""
    changes: Changes | None = None
    """PDF document time-stamps: what came after it."""
    chain: tuple[CertificateSummary, ...] = ()
    """TSA's chain, leaf first."""
    findings: tuple[Finding, ...] = ()
    """What deviates."""

    @property
    def proves(self) -> bool:
        """Whether the token is proof that its data existed at ``time``: intact, and its TSA trusted at that time."""
        return self.intact is True and self.trusted is True and self.time is not None


@dataclass(frozen=True, slots=True)
class SignatureResult:
    """One signature, judged. Nothing here is a legal conclusion: that is drawn in ``vn_edoc.validity``."""

    kind: SignatureKind
    """``pdf``, ``cms``, ``xml`` or ``packet``."""
    intact: bool | None
    """Signature value, every reference and the structure profile hold. ``None``: could not be determined."""
    changes: Changes
    """What stands outside or came after."""
    trusted: bool | None
    """The path ends in a trust anchor, every certificate was in its dates and none is known to be revoked, at
    ``proven_at`` (else at the time of judging). A revocation that could not be checked is finding R19 and makes the
    indication INDETERMINATE. ``None``: no anchors given, or expired/revoked without proof of the signing time."""
    signed_at: datetime | None
    """The signing time that the signer claims."""
    proven_at: datetime | None
    """Earliest proof that the signature existed (a valid time-stamp, or a receipt of the host), or ``None``."""
    signer: SignerIdentity | None
    """Who signed; ``None`` where the certificate cannot be read."""
    level: Level | None
    """AdES baseline level reached; ``None`` for older forms."""
    indication: Indication
    """ETSI EN 319 102-1 indication."""
    sub_indication: SubIndication | None = None
    """Its reason when it is not TOTAL-PASSED."""
    references: tuple[Reference, ...] = ()
    """What is signed."""
    findings: tuple[Finding, ...] = ()
    """What deviates or is worth knowing."""
    name: str = ""
    """Field name (PDF), Id (XML) or another handle of the signature in its file."""
    certification: int | None = None
    """PDF certification signature: its DocMDP permission 1-3; ``None`` for an approval signature."""
    revision: int | None = None
    """PDF: revision it closes, counted from 1."""
    timestamps: tuple[TimestampResult, ...] = ()
    """Time-stamps over this signature, document time-stamps that cover it included."""
    chain: tuple[CertificateSummary, ...] = ()
    """Certificate chain, leaf first; as far as it could be built."""
    trust_scheme: TrustScheme | None = None
    """Family of the trust anchor; ``None`` if no anchor was reached."""
    algorithms: AlgorithmInfo | None = None
    """Algorithms used."""
    judged_at: datetime | None = None
    """The moment that path and revocation were judged for."""
    page: int | None = None
    """PDF: page of the visible signature, from 1; ``None`` if invisible."""
    box: tuple[float, float, float, float] | None = None
    """PDF: rectangle of the visible signature in points: left, bottom, right, top."""
    reason: str | None = None
    """Reason that the signer states (PDF ``/Reason``)."""
    content: SignedContent | None = None
    """The signed octets: for a PDF the whole signed revision."""
    countersigns: str | None = None
    """:attr:`name` of the signature whose value this one signs (XML counter-signature): it has seen that signature, and
    says nothing of the content. ``None`` for every other."""

    @property
    def stamped(self) -> bool:
        """Whether a valid time-stamp proves :attr:`proven_at`; where none does, the host's receipt is the proof."""
        return any(stamp.proves and stamp.time == self.proven_at for stamp in self.timestamps)

    @property
    def made_at(self) -> datetime | None:
        """The best signing time known: of the time-stamp, else as claimed. A receipt proves that the signature existed,
        which may be long after it was made."""
        return self.proven_at if self.stamped or self.signed_at is None else self.signed_at
