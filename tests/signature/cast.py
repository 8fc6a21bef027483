"""The throwaway PKI and sample document, made once for all tests of signatures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from vn_edoc.signature import Evidence, TrustScheme, TrustStore
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import Drawn, ThrowawayPki, draw_document
from vn_edoc.testing.profiles import CAST

PKI = ThrowawayPki(cast={**CAST, "deputy-ec": replace(CAST["deputy"], name="deputy-ec", key="ec256")})
TRUST = TrustStore([PKI["root"].der], schemes={PKI["root"].sha256: TrustScheme.OFFICIAL})
EVIDENCE = Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca")))


def signer(name: str) -> SoftwareSigner:
    identity = PKI[name]
    return SoftwareSigner(identity.key, identity.certificate, identity.issuers[:-1])


@cache
def document() -> Drawn:
    return draw_document()


class Stamper:
    """Time-stamps of the throwaway PKI, at ``at`` or now."""

    def __init__(self, at=None, tsa: str = "tsa") -> None:
        self.at, self.tsa = at, tsa

    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        return PKI.timestamp(imprint, self.at, algorithm=digest, tsa=self.tsa)


def reopen(pdf: bytes) -> bytes:
    """The same file with another byte somewhere."""
    changed = bytearray(pdf)
    changed[20] ^= 1
    return bytes(changed)
