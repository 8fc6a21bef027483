"""Reading certificates: names, identifiers, kind of holder, keys.

Subjects in Vietnam carry identifiers as UID (0.9.2342.19200300.100.1.1) with a prefix: ``MST:`` tax code, ``MNS:``
budget-unit code, ``CMND:`` / ``CCCD:`` / ``HC:`` identity numbers. Those numbers are personal data and are masked in
everything that is shown.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import keys, pem

import vn_edoc.signature.asn1  # noqa: F401
from vn_edoc._data import data_text
from vn_edoc._unicode import composed
from vn_edoc.signature.names import Certificate
from vn_edoc.signature.result import CertificateSummary, PrivateIdentifiers, SignerIdentity, SignerKind, mask

__all__ = [
    "CertificateFacts",
    "describe_key",
    "display_name",
    "facts_of",
    "identity",
    "is_ca",
    "is_self_signed",
    "key_bits",
    "parse_certificate",
    "split_certificates",
]

_PERSONAL = {"CMND", "CCCD", "HC", "HOCHIEU", "DDCN", "BHXH"}
_CORPORATE = {"MST", "MNS", "MDD"}
_DEVICE_USAGE = {"server_auth", "time_stamping", "ocsp_signing", "code_signing"}


_LONGEST = 128 * 1024
"""Octets of a certificate, many times those of any that is in use. Names are prepared for comparison in time that grows
with the square of their length (RFC 4518 asks for the order of marks)."""


def parse_certificate(der: bytes) -> Any:
    """The parsed certificate (an asn1crypto object, complete); ``ValueError`` if it is not one, or is too long."""
    if len(der) > _LONGEST:
        raise ValueError(f"a certificate of {len(der)} octets")
    return _parse(bytes(der))


@lru_cache(maxsize=1024)
def _parse(der: bytes) -> Any:
    try:
        certificate = Certificate.load(der, strict=True)
        # The lazy parser would raise much later, in the middle of something else.
        tbs = certificate["tbs_certificate"]
        if tbs["signature"].dump() != certificate["signature_algorithm"].dump():
            # Only one of the two is signed (RFC 5280, 4.1.1.2): whoever alters the other has another file that holds.
            raise ValueError("it names two signature algorithms")
        certificate.issuer.hashable, certificate.subject.hashable, certificate.serial_number  # noqa: B018
        _moment(certificate.not_valid_before), _moment(certificate.not_valid_after)
        certificate.public_key.algorithm, certificate.public_key.unwrap  # noqa: B018
        certificate["signature_value"].native  # noqa: B018
        for extension in tbs["extensions"]:
            extension["extn_id"].native  # noqa: B018
            extension["extn_value"].parsed  # noqa: B018
        certificate.critical_extensions  # noqa: B018
        # Threads share what is kept, and a value that is still being put together looks like a shorter one.
        for value in (
            certificate.basic_constraints_value,
            certificate.key_usage_value,
            certificate.extended_key_usage_value,
            certificate.name_constraints_value,
        ):
            if value is not None:
                value.native  # noqa: B018
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, IndexError) as error:
        raise ValueError(f"not a readable X.509 certificate: {error}") from error
    return certificate


_LAST_DAY = datetime(9998, 12, 31, tzinfo=UTC)


def _moment(value: Any) -> datetime:
    """A bound of validity. The year 9999 means "without end" (RFC 5280, 4.1.2.5), and has no end in other zones."""
    if not isinstance(value, datetime):
        raise ValueError("a bound of validity is in no year that is one")
    return min(value.astimezone(UTC), _LAST_DAY)


def split_certificates(raw: bytes) -> list[bytes]:
    """DER certificates of a PEM bundle, a DER certificate or a PKCS#7 bundle (``.p7b``); ``ValueError`` if none."""
    if b"-----BEGIN" in raw:
        blocks = [der for kind, _, der in pem.unarmor(raw, multiple=True) if kind in ("CERTIFICATE", "PKCS7", "CMS")]
    else:
        blocks = [raw]
    found: list[bytes] = []
    for block in blocks:
        try:
            parse_certificate(block)
            found.append(block)
        except ValueError:
            found.extend(_pkcs7_certificates(block))
    if not found:
        raise ValueError("no certificate found")
    return found


def _pkcs7_certificates(der: bytes) -> list[bytes]:
    from asn1crypto import cms

    try:
        content = cms.ContentInfo.load(der)
        if content["content_type"].native != "signed_data":
            raise ValueError("neither a certificate nor a PKCS#7 bundle")
        choices = content["content"]["certificates"]
        return [c.chosen.dump() for c in choices if c.name == "certificate"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"neither a certificate nor a PKCS#7 bundle: {error}") from error


def is_ca(certificate: Any) -> bool:
    """Whether basicConstraints say CA."""
    constraints = certificate.basic_constraints_value
    return constraints is not None and bool(constraints["ca"].native)


def is_self_signed(certificate: Any) -> bool:
    """Whether subject and issuer are the same and the signature verifies with its own key."""
    if certificate.issuer.hashable != certificate.subject.hashable:
        return False
    from vn_edoc.signature.primitives import signature_verifies

    return signature_verifies(
        certificate.public_key.dump(),
        certificate["signature_value"].native,
        certificate["tbs_certificate"].dump(),
        certificate["signature_algorithm"],
    )


def _text(value: Any) -> str:
    return composed(str(value)).strip()


def _pairs(name: Any) -> list[tuple[str, str]]:
    """Attributes of a DN in order: asn1crypto's names of the types (or dotted OIDs) and NFC values."""
    pairs: list[tuple[str, str]] = []
    for rdn in name.chosen:
        for attribute in rdn:
            try:
                pairs.append((attribute["type"].native, _text(attribute["value"].native)))
            except (ValueError, TypeError, KeyError):
                pairs.append((str(attribute["type"].dotted), "?"))
    return pairs


_SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "country_name": "C",
    "locality_name": "L",
    "state_or_province_name": "ST",
    "title": "T",
    "email_address": "E",
    "user_id": "UID",
    "serial_number": "SERIALNUMBER",
    "given_name": "GN",
    "surname": "SN",
    "organization_identifier": "OID",
}
_PRIVATE_TYPES = {"user_id", "serial_number", "email_address", "0.9.2342.19200300.100.1.1", "organization_identifier"}


def display_name(name: Any) -> str:
    """A DN for people, most specific part first, without identifiers."""
    parts = [f"{_SHORT.get(kind, kind)}={_told(value)}" for kind, value in _pairs(name) if kind not in _PRIVATE_TYPES]
    return ", ".join(reversed(parts))


_NUMBER = re.compile(r"(?<![\w*])\d{9,13}(?:-\d{3})?(?!\w)")
"""A run of digits as long as an identity, tax or telephone number: some certificates carry it in a name."""


def _told(value: str) -> str:
    """A name without the numbers of persons in it."""
    return _NUMBER.sub(lambda found: mask(found[0]), value)


def _identifiers(pairs: list[tuple[str, str]]) -> PrivateIdentifiers:
    found: list[tuple[str, str]] = []
    for kind, value in pairs:
        if kind in ("user_id", "0.9.2342.19200300.100.1.1", "serial_number", "organization_identifier"):
            prefix, colon, number = value.partition(":")
            name = prefix.strip().upper().replace(" ", "") if colon else "UID"
            found.append((name, (number if colon else value).strip()))
    return PrivateIdentifiers(tuple(found))


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, SignerKind], ...]:
    text = data_text("vn_edoc.signature", "signer_words.csv")
    return tuple((row["word"].rstrip("\n"), SignerKind(row["kind"])) for row in csv.DictReader(text.splitlines()))


def _kind(certificate: Any, pairs: list[tuple[str, str]], ids: PrivateIdentifiers) -> SignerKind:
    usage = certificate.extended_key_usage_value
    if usage is not None and _DEVICE_USAGE & set(usage.native):
        return SignerKind.DEVICE
    types = {kind for kind, _ in pairs}
    if any(ids.values(p) for p in _PERSONAL) or types & {"given_name", "surname"}:
        return SignerKind.PERSON
    common = [value for kind, value in pairs if kind == "common_name"]
    named = _kind_of_name(common)
    corporate = any(ids.values(p) for p in _CORPORATE) or "organization_identifier" in types
    if "title" in types or named is SignerKind.PERSON:
        # Certificates of employees may carry the tax code of the body that they work for: nobody's seal.
        return SignerKind.UNKNOWN if corporate else SignerKind.PERSON
    if corporate:
        return SignerKind.ORGANISATION
    if named is not None:
        return named
    others = {v.casefold() for k, v in pairs if k in ("organization_name", "organizational_unit_name")}
    if common and common[0].casefold() in others:
        return SignerKind.ORGANISATION
    return SignerKind.UNKNOWN


_NAME_WORDS = 6
"""A person's name has no more; a word of bodies inside a longer name counts ("Nguyễn Văn Trường" is no school)."""


def _kind_of_name(common: list[str]) -> SignerKind | None:
    """What the words of a common name tell, ``None`` if nothing."""
    folded = [" ".join(value.casefold().split()) + " " for value in common]
    for word, kind in _words():
        for name in folded:
            short = name.count(" ") <= _NAME_WORDS
            starts = name.startswith(word) and (short or kind is not SignerKind.PERSON)
            inside = f" {word}" in name and (kind is SignerKind.DEVICE or (not short and kind is not SignerKind.PERSON))
            if starts or inside:
                return kind
    return None


def identity(der: bytes) -> SignerIdentity:
    """Who the certificate names; ``ValueError`` if it cannot be read."""
    return _identity(bytes(der))


@lru_cache(maxsize=512)
def _identity(der: bytes) -> SignerIdentity:
    certificate = parse_certificate(der)
    pairs = _pairs(certificate.subject)
    ids = _identifiers(pairs)

    def all_of(kind: str) -> tuple[str, ...]:
        return tuple(_told(value) for k, value in pairs if k == kind)

    def first(kind: str) -> str | None:
        return next(iter(all_of(kind)), None)

    return SignerIdentity(
        name=first("common_name"),
        organisation=first("organization_name"),
        kind=_kind(certificate, pairs, ids),
        serial=format(certificate.serial_number, "x"),
        issuer=display_name(certificate.issuer),
        certificate_sha256=certificate.sha256.hex(),
        ids=ids.masked(),
        subject=display_name(certificate.subject),
        common_names=all_of("common_name"),
        organisations=all_of("organization_name"),
        units=all_of("organizational_unit_name"),
        title=first("title"),
        locality=first("locality_name"),
        valid_from=_moment(certificate.not_valid_before),
        valid_to=_moment(certificate.not_valid_after),
        private=ids,
    )


def key_bits(public_key: Any) -> int:
    """Size of a public key (asn1crypto ``PublicKeyInfo``): modulus or field bits; 0 if unknown."""
    try:
        if public_key.algorithm in ("rsa", "rsassa_pss"):
            return int(public_key["public_key"].parsed["modulus"].native.bit_length())
        # Of other families (ed25519, x25519) asn1crypto knows no size.
        return int(public_key.bit_size) if public_key.algorithm in ("ec", "dsa") else 0
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0


def describe_key(public_key: Any) -> str:
    """``rsa2048``, ``ec256`` …"""
    assert isinstance(public_key, keys.PublicKeyInfo)
    bits = key_bits(public_key)
    return f"{_family(public_key)}{bits}" if bits else _family(public_key)


def _family(public_key: Any) -> str:
    algorithm = str(public_key.algorithm)
    return "rsa" if algorithm == "rsassa_pss" else algorithm


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What paths and policies ask of a certificate, read once: a pure function of its octets."""

    summary: CertificateSummary
    """Its entry in a chain, revocation unchecked."""
    family: str
    """Family of its key: ``rsa``, ``ec`` …"""
    bits: int
    """Size of its key; 0 if unknown."""
    usage: frozenset[str] | None
    """Key usage, by asn1crypto's names; ``None`` without the extension."""
    digest: str | None
    """Digest that its issuer's signature uses; ``None`` if it names none that is known."""

    @property
    def days(self) -> int:
        """Whole days of its validity."""
        return (self.summary.valid_to - self.summary.valid_from).days


def facts_of(der: bytes) -> CertificateFacts:
    """The facts of a DER certificate; ``ValueError`` if it cannot be read."""
    return _facts(bytes(der))


@lru_cache(maxsize=1024)
def _facts(der: bytes) -> CertificateFacts:
    certificate = parse_certificate(der)
    key = certificate.public_key
    try:
        usage = None if certificate.key_usage_value is None else frozenset(certificate.key_usage_value.native)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ValueError(f"not a readable key usage: {error}") from error
    try:
        digest: str | None = certificate.hash_algo
    except ValueError:
        digest = None
    return CertificateFacts(
        summary=CertificateSummary(
            subject=display_name(certificate.subject),
            issuer=display_name(certificate.issuer),
            serial=format(certificate.serial_number, "x"),
            sha256=certificate.sha256.hex(),
            valid_from=_moment(certificate.not_valid_before),
            valid_to=_moment(certificate.not_valid_after),
            key=describe_key(key),
        ),
        family=_family(key),
        bits=key_bits(key),
        usage=usage,
        digest=digest,
    )
