"""CRLs with whatever in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from vn_edoc.findings import VIETNAM
from vn_edoc.testing import ThrowawayPki
from vn_edoc.testing.recipe import CRL_DAY

__all__ = ["REVOKED", "crl", "reason"]

REVOKED = datetime(2026, 10, 1, tzinfo=VIETNAM)


def reason(name: str) -> x509.CRLReason:
    """An entry's reason."""
    return x509.CRLReason(x509.ReasonFlags[name])


def crl(
    pki: ThrowawayPki,
    entries: Iterable[tuple[int, x509.CRLReason | None]] = (),
    *,
    issuer: str = "state-ca",
    at: datetime = CRL_DAY,
    signed_by: str | None = None,
    extensions: Iterable[x509.ExtensionType] = (),
    entry: tuple[x509.ExtensionType, bool] | None = None,
) -> bytes:
    """A CRL (DER) for a week whose entries are serial numbers with reasons, all of :data:`REVOKED`.
    The first has another extension ``entry``, critical or not."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(pki[issuer].certificate.subject)
        .last_update(at.astimezone(UTC))
        .next_update((at + timedelta(days=7)).astimezone(UTC))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    for serial, why in entries:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(REVOKED.astimezone(UTC))
        if why is not None:
            revoked = revoked.add_extension(why, critical=False)
        if entry is not None:
            revoked, entry = revoked.add_extension(entry[0], critical=entry[1]), None
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(pki[signed_by or issuer].key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
