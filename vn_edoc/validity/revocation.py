"""Which CRLs and OCSP responses the statuses of a report rest on, read from its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vn_edoc.findings import VIETNAM

if TYPE_CHECKING:
    from vn_edoc.signature import Evidence
    from vn_edoc.signature.result import SignatureResult

__all__ = ["RevocationSource", "revocation_sources"]


@dataclass(frozen=True, slots=True)
class RevocationSource:
    """One CRL or OCSP response that told the status of certificates (TT 15/2025/TT-BKHCN Phụ lục II 1.2)."""

    kind: str
    """``crl`` or ``ocsp``."""
    sha256: str
    """SHA-256 of the DER, lower-case hex: its name in the evidence bundle."""
    issued_at: datetime | None
    """thisUpdate (CRL) or producedAt (OCSP), +07:00."""
    next_update: datetime | None
    """nextUpdate, +07:00; ``None`` where it states none."""
    certificates: tuple[str, ...]
    """SHA-256 of the certificates whose status it tells."""


def revocation_sources(
    evidence: Evidence | None, signatures: Iterable[SignatureResult]
) -> tuple[RevocationSource, ...]:
    """The sources among the evidence, each with the certificates of the chains that it speaks of."""
    if evidence is None or not (evidence.crls or evidence.ocsps):
        return ()
    from vn_edoc.signature.certificates import parse_certificate

    wanted = {
        link.sha256
        for signature in signatures
        for chain in (signature.chain, *(stamp.chain for stamp in signature.timestamps))
        for link in chain
        if link.revocation != "anchor"
    }
    chained: dict[str, Any] = {}
    for der in evidence.certificates:
        sha256 = hashlib.sha256(der).hexdigest()
        if sha256 in wanted:
            chained[sha256] = parse_certificate(der)
    found = (*(_crl(d, chained) for d in evidence.crls), *(_ocsp(d, chained) for d in evidence.ocsps))
    return tuple(source for source in found if source.certificates)


def _crl(der: bytes, chained: Mapping[str, Any]) -> RevocationSource:
    from asn1crypto import crl

    try:
        listed = crl.CertificateList.load(der)["tbs_cert_list"]
        issuer = listed["issuer"].hashable
        about = tuple(sorted(s for s, c in chained.items() if c.issuer.hashable == issuer))
        return _source("crl", der, listed["this_update"].native, listed["next_update"].native, about)
    except (ValueError, TypeError, KeyError):
        return _source("crl", der, None, None, ())


def _ocsp(der: bytes, chained: Mapping[str, Any]) -> RevocationSource:
    from asn1crypto import ocsp

    try:
        data = ocsp.OCSPResponse.load(der).response_data
        singles = list(data["responses"])
        serials = {single["cert_id"]["serial_number"].native for single in singles}
        about = tuple(sorted(s for s, c in chained.items() if c.serial_number in serials))
        ends = [end for single in singles if (end := single["next_update"].native) is not None]
        return _source("ocsp", der, data["produced_at"].native, min(ends, default=None), about)
    except (ValueError, TypeError, KeyError):
        return _source("ocsp", der, None, None, ())


def _source(
    kind: str, der: bytes, issued: datetime | None, ends: datetime | None, certificates: tuple[str, ...]
) -> RevocationSource:
    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(VIETNAM)

    return RevocationSource(kind, hashlib.sha256(der).hexdigest(), local(issued), local(ends), certificates)
