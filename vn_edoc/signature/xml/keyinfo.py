"""``ds:KeyInfo``: the certificates it carries, and what else it claims about the key.

Only a certificate names a signer. A bare key is compared with the certificate, never used in its place; nothing is
fetched and no reference is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from lxml import etree

from vn_edoc._unicode import composed
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.names import DS11, ds
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.structure import decode_base64, elements, text_of

__all__ = ["KeyInfo", "issuer_fits", "leaves_of", "names_fit", "public_key_of", "read_key_info", "same_key"]

_UNREADABLE = (ValueError, Warning, x509.InvalidVersion)
"""What a certificate that cannot be read raises."""
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "urn:oid:1.2.840.10045.3.1.7": ec.SECP256R1,
    "urn:oid:1.3.132.0.34": ec.SECP384R1,
    "urn:oid:1.3.132.0.35": ec.SECP521R1,
}
_SILENT = {ds("X509CRL"), f"{{{DS11}}}X509Digest", ds("KeyName")}


@dataclass(slots=True)
class KeyInfo:
    """What a ``ds:KeyInfo`` says."""

    certificates: list[bytes] = field(default_factory=list)
    """DER certificates, in order, each once."""
    keys: list[object] = field(default_factory=list)
    """Bare public keys."""
    subject_names: list[str] = field(default_factory=list)
    """``X509SubjectName`` texts."""
    issuers: list[tuple[str, str]] = field(default_factory=list)
    """Names and decimal serial numbers of ``X509IssuerSerial``."""
    key_ids: list[bytes] = field(default_factory=list)
    """``X509SKI`` values."""
    findings: list[Finding] = field(default_factory=list)
    """What was passed over."""

    def may_mean(self, der: bytes) -> bool:
        """Whether a certificate that the verifier holds agrees with what is said of the signer's."""
        if self.issuers and not any(issuer_fits("", serial, der) for _, serial in self.issuers):
            return False
        return not self.key_ids or _key_id(der) in self.key_ids

    def strangers(self, certificates: Iterable[bytes], where: Location) -> Iterator[Finding]:
        """What is said of the signer's certificate and fits none of these."""
        held = tuple(certificates)
        for name in self.subject_names:
            if not any(names_fit(name, der) for der in held):
                yield finding("xmldsig.subject_name", where, name=name)
        for issuer, serial in self.issuers:
            if not any(issuer_fits(issuer, serial, der) for der in held):
                yield finding("xmldsig.issuer_serial", where, issuer=issuer, serial=serial)
        for key_id in self.key_ids:
            if not any(_key_id(der) in (None, key_id) for der in held):
                yield finding("xmldsig.key_id", where, value=key_id.hex())


def read_key_info(element: etree._Element | None, limits: Limits) -> KeyInfo:
    """Read ``ds:KeyInfo``; :class:`Refusal` when a value in it is damaged."""
    out = KeyInfo()
    if element is None:
        return out
    for child in elements(element):
        if child.tag == ds("X509Data"):
            for item in elements(child):
                _x509(item, out, limits)
        elif child.tag == ds("KeyValue"):
            for value in elements(child):
                _bounded(out.keys, limits)
                out.keys.append(_key(value))
        elif child.tag == f"{{{DS11}}}DEREncodedKeyValue":
            _bounded(out.keys, limits)
            out.keys.append(_der_key(child))
        elif child.tag not in _SILENT:
            out.findings.append(finding("xmldsig.key_info", element=etree.QName(child).localname))
    return out


def _bounded(held: Sized, limits: Limits) -> None:
    """Certificates, and what is compared with each of them, are bounded alike."""
    if len(held) >= limits.certificates:
        raise Refusal("xmldsig.limit", bound="certificates", met=len(held) + 1)


def _x509(item: etree._Element, out: KeyInfo, limits: Limits) -> None:
    if item.tag == ds("X509Certificate"):
        der = decode_base64(item)
        if der not in out.certificates:
            _bounded(out.certificates, limits)
            out.certificates.append(der)
    elif item.tag == ds("X509SubjectName"):
        name = text_of(item).strip()
        if name and name not in out.subject_names:
            _bounded(out.subject_names, limits)
            out.subject_names.append(name)
    elif item.tag == ds("X509IssuerSerial"):
        issuer, serial = item.find(ds("X509IssuerName")), item.find(ds("X509SerialNumber"))
        if serial is not None:
            _bounded(out.issuers, limits)
            out.issuers.append(("" if issuer is None else text_of(issuer).strip(), text_of(serial).strip()))
    elif item.tag == ds("X509SKI"):
        _bounded(out.key_ids, limits)
        out.key_ids.append(decode_base64(item))
    elif item.tag not in _SILENT:
        out.findings.append(finding("xmldsig.key_info", element=etree.QName(item).localname))


def _key(value: etree._Element) -> object:
    parts = {child.tag: child for child in elements(value)}
    try:
        if value.tag == ds("RSAKeyValue"):
            modulus = int.from_bytes(decode_base64(parts[ds("Modulus")]), "big")
            exponent = int.from_bytes(decode_base64(parts[ds("Exponent")]), "big")
            return rsa.RSAPublicNumbers(exponent, modulus).public_key()
        if value.tag == f"{{{DS11}}}ECKeyValue":
            curve = _CURVES[str(parts[f"{{{DS11}}}NamedCurve"].get("URI"))]
            point = decode_base64(parts[f"{{{DS11}}}PublicKey"])
            return ec.EllipticCurvePublicKey.from_encoded_point(curve(), point)
    except (KeyError, ValueError, UnsupportedAlgorithm):
        raise Refusal("xmldsig.structure", element="KeyValue", expected="RSAKeyValue|ECKeyValue") from None
    # A key of a kind that no accepted signature method uses; it can equal no key of a certificate that counts.
    return None


def _der_key(element: etree._Element) -> object:
    try:
        return load_der_public_key(decode_base64(element))
    except (ValueError, UnsupportedAlgorithm):
        raise Refusal("xmldsig.structure", element="DEREncodedKeyValue", expected="SubjectPublicKeyInfo") from None


def public_key_of(der: bytes) -> object:
    """The public key of a DER certificate; :class:`Refusal` if it cannot be read."""
    try:
        return _public_key(der)
    except (*_UNREADABLE, UnsupportedAlgorithm, TypeError):
        raise Refusal("xmldsig.certificate") from None


@lru_cache(maxsize=256)
def _public_key(der: bytes) -> object:
    return x509.load_der_x509_certificate(der).public_key()


def leaves_of(certificates: Iterable[bytes]) -> list[bytes]:
    """Those of the certificates that issued none of the others."""
    parsed: list[tuple[bytes, x509.Certificate]] = []
    for der in certificates:
        try:
            parsed.append((der, x509.load_der_x509_certificate(der)))
        except _UNREADABLE:
            continue
    return [
        der for der, mine in parsed if not any(other.issuer == mine.subject for _, other in parsed if other is not mine)
    ]


def same_key(one: object, other: object) -> bool:
    """Whether two public keys are the same RSA or EC key."""
    if isinstance(one, rsa.RSAPublicKey) and isinstance(other, rsa.RSAPublicKey):
        return one.public_numbers() == other.public_numbers()
    if isinstance(one, ec.EllipticCurvePublicKey) and isinstance(other, ec.EllipticCurvePublicKey):
        return one.public_numbers() == other.public_numbers()
    return False


def names_fit(name: str, der: bytes) -> bool:
    """Whether an ``X509SubjectName`` can mean that certificate.

    Writers spell names in many ways (RFC 4514, RFC 2253, .NET with ``S=`` and ``OID.0.9...=``, either direction), so
    only the values are compared: every value of the text must be one of the certificate's, as far as it is text.
    """
    return _values_fit(name, _about(der).subject)


def issuer_fits(issuer: str, serial: str, der: bytes) -> bool:
    """Whether an issuer's name, compared as :func:`names_fit` does, and a decimal serial number can mean that
    certificate."""
    about = _about(der)
    return about.serial is not None and serial.lstrip("0") == about.serial and _values_fit(issuer, about.issuer)


def _values_fit(name: str, known: frozenset[str]) -> bool:
    parts = re.split(r"(?<!\\)[,+;]\s*(?=[A-Za-z0-9.]+\s*=)", name)
    values = {_folded(re.sub(r"\\(.)", r"\1", part.partition("=")[2])) for part in parts}
    return all(value in known or value.startswith("#") for value in values if value)


class _About(NamedTuple):
    """What ``KeyInfo`` may say of a certificate."""

    subject: frozenset[str] = frozenset()
    """Values of its subject."""
    issuer: frozenset[str] = frozenset()
    """Values of its issuer's name."""
    serial: str | None = None
    """Its serial number, decimal."""
    key_id: bytes | None = None
    """Its subject key identifier."""


def _key_id(der: bytes) -> bytes | None:
    return _about(der).key_id


@lru_cache(maxsize=256)
def _about(der: bytes) -> _About:
    """What a certificate says; nothing where it cannot be read."""
    try:
        read = x509.load_der_x509_certificate(der)
        subject, issuer = (frozenset(_folded(str(a.value)) for a in name) for name in (read.subject, read.issuer))
        serial = str(read.serial_number)
    except _UNREADABLE:
        return _About()
    try:
        key_id = read.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (*_UNREADABLE, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        # One extension that cannot be read spoils all of them.
        key_id = None
    return _About(subject, issuer, serial, key_id)


def _folded(text: str) -> str:
    return " ".join(composed(text).strip().strip('"').split()).casefold()
