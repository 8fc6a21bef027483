"""What is known of one CMS SignedData, shared by the modules that read it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import tsp

from vn_edoc.findings import Finding, Location, Severity, reckonable
from vn_edoc.signature.certificates import facts_of
from vn_edoc.signature.primitives import HASHES
from vn_edoc.signature.result import AlgorithmInfo, SubIndication
from vn_edoc.signature.rules import finding, standard

__all__ = ["FOREIGN", "Examined", "digest_with", "token_info"]

FOREIGN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError,
           NotImplementedError, UnicodeError, NameError)  # fmt: skip
"""What asn1crypto may raise on hostile input."""


@dataclass(slots=True)
class Examined:
    """Facts of one SignedData. Internal to the room."""

    intact: bool | None = None
    sub_indication: SubIndication | None = None
    digest: str = ""
    scheme: str = ""
    signature: bytes = b""
    signed_at: datetime | None = None
    has_ess: bool = False
    certificate: bytes | None = None
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    tokens: tuple[bytes, ...] = ()
    content: bytes | None = None
    content_type: str = ""
    digest_matches: bool | None = None
    findings: list[Finding] = field(default_factory=list)
    where: Location = field(default_factory=Location)

    @property
    def algorithms(self) -> AlgorithmInfo | None:
        """The public form."""
        if self.certificate is None or not self.digest:
            return None
        return AlgorithmInfo(self.digest, self.scheme, facts_of(self.certificate).summary.key)

    def say(self, rule: str, vi: str, en: str, *, severity: Severity | None = None, **data: Any) -> None:
        """Add a finding here."""
        self.findings.append(finding(rule, vi, en, where=self.where, severity=severity, **data))

    def fail(self, sub: SubIndication, rule: str, vi: str, en: str, **data: Any) -> None:
        """The signature does not hold."""
        self.intact = False
        self.sub_indication = self.sub_indication or sub
        self.findings.append(finding(rule, vi, en, where=self.where, also=(standard("RFC 5652"),), **data))


def digest_with(name: str) -> Any | None:
    """A hashlib object for asn1crypto's digest name; ``None`` if it is not supported."""
    if name not in HASHES:
        return None
    return hashlib.new(name)


def token_info(facts: Examined) -> Any:
    """The TSTInfo of an examined time-stamp token (asn1crypto); ``ValueError`` if it cannot be read."""
    try:
        info = tsp.TSTInfo.load(facts.content or b"", strict=True)
        if not reckonable(info["gen_time"].native):
            raise ValueError("genTime is in no year that is one")
        info["message_imprint"]["hashed_message"].native, info["policy"].dotted
        info["serial_number"].native  # noqa: B018
    except FOREIGN as error:
        raise ValueError(f"TSTInfo cannot be read: {error}") from error
    return info
