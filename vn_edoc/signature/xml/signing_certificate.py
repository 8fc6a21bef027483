"""``SigningCertificate`` and ``SigningCertificateV2``: the certificate that the signed properties name.

ETSI EN 319 102-1 clause 5.2.3: what counts is the digest. Where a property names none of the certificates at hand, or
the two properties name different ones, the signer cannot be told; an issuer and serial number that are not those of the
certificate so found are worth a warning.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from asn1crypto import tsp
from lxml import etree

from vn_edoc._unicode import composed
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.xml.algorithms import DIGESTS, certificate_digest
from vn_edoc.signature.xml.keyinfo import issuer_fits
from vn_edoc.signature.xml.names import ds, xades
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.structure import decode_base64, elements, text_of

__all__ = ["CertificateDigest", "contradict", "named_by_all", "read_certificates", "wrong_issuers"]

_LONGEST = 4096
"""Octets of an ``IssuerSerialV2``, many times those of any in use: names cost time that grows faster than they do."""


class IssuerSerial(NamedTuple):
    """Issuer and serial number beside a digest."""

    issuer: str = ""
    """Issuer name as written (first version)."""
    serial: str = ""
    """Serial number, decimal (first version)."""
    der: bytes | None = None
    """The whole as RFC 5035 has it (second version)."""

    def fits(self, der: bytes) -> bool:
        """Whether it is that of the certificate."""
        if self.der is None:
            return issuer_fits(self.issuer, self.serial, der)
        return _fits(self.der, der)

    def __str__(self) -> str:
        return f"{self.issuer} {self.serial}" if self.der is None else self.der.hex()


@lru_cache(maxsize=256)
def _fits(issuer_serial: bytes, der: bytes) -> bool:
    if len(issuer_serial) > _LONGEST:
        return False
    try:
        certificate = parse_certificate(der)
        read = tsp.IssuerSerial.load(issuer_serial, strict=True)
        names = [name.chosen.hashable for name in read["issuer"] if name.name == "directory_name"]
        same = read["serial_number"].native == certificate.serial_number
        return bool(same and (not names or certificate.issuer.hashable in names))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, IndexError):
        return False


class CertificateDigest(NamedTuple):
    """One entry of ``SigningCertificateV2`` (or of the older ``SigningCertificate``)."""

    algorithm: str
    """Name of the digest, as in :data:`~vn_edoc.signature.xml.algorithms.DIGESTS`."""
    value: bytes
    """Digest of the DER certificate."""
    property: str = "SigningCertificateV2"
    """The property that it stands in."""
    issuer_serial: IssuerSerial | None = None
    """Issuer and serial number, where they are given too."""

    def matches(self, der: bytes) -> bool:
        """Whether it is the digest of that certificate."""
        return hmac.compare_digest(certificate_digest(self.algorithm, der), self.value)


def named_by_all(certificates: Iterable[bytes], entries: Sequence[CertificateDigest]) -> list[bytes]:
    """Those of the certificates that every property names."""
    properties = {entry.property for entry in entries}
    return [der for der in certificates if properties == {e.property for e in entries if e.matches(der)}]


def contradict(certificates: Iterable[bytes], entries: Sequence[CertificateDigest]) -> bool:
    """Whether a property names one of the certificates, and another property none or another one."""
    held = tuple(certificates)
    return not named_by_all(held, entries) and any(entry.matches(der) for entry in entries for der in held)


def wrong_issuers(der: bytes, entries: Sequence[CertificateDigest]) -> Iterator[tuple[str, str]]:
    """Property and content of each issuer and serial number that is not the certificate's, though the digest is."""
    for entry in entries:
        if entry.issuer_serial is not None and entry.matches(der) and not entry.issuer_serial.fits(der):
            yield entry.property, composed(str(entry.issuer_serial))


def read_certificates(name: str, listed: etree._Element | None) -> Iterator[CertificateDigest]:
    """The entries of a property of that name; :class:`Refusal` when one is not as it must be."""
    if listed is None:
        return
    if next(elements(listed), None) is None:
        raise Refusal("xades.structure", element=name)
    for entry in elements(listed):
        digest = _only(entry, xades("CertDigest"), name)
        method = None if digest is None else digest.find(ds("DigestMethod"))
        value = None if digest is None else digest.find(ds("DigestValue"))
        if entry.tag != xades("Cert") or method is None or value is None:
            raise Refusal("xades.structure", element=name)
        uri = str(method.get("Algorithm"))
        algorithm = DIGESTS.get(uri)
        if algorithm is None:
            raise Refusal.of_algorithm(uri, name)
        yield CertificateDigest(algorithm, decode_base64(value), name, _issuer_serial(entry, name))


def _only(parent: etree._Element, tag: str, name: str) -> etree._Element | None:
    found = list(parent.iterchildren(tag))
    if len(found) > 1:
        raise Refusal("xades.structure", element=name)
    return found[0] if found else None


def _issuer_serial(entry: etree._Element, name: str) -> IssuerSerial | None:
    first = _only(entry, xades("IssuerSerial"), name)
    second = _only(entry, xades("IssuerSerialV2"), name)
    if second is not None:
        return IssuerSerial(der=decode_base64(second))
    if first is None:
        return None
    issuer, serial = first.find(ds("X509IssuerName")), first.find(ds("X509SerialNumber"))
    if issuer is None or serial is None:
        raise Refusal("xades.structure", element=name)
    return IssuerSerial(text_of(issuer).strip(), text_of(serial).strip())
