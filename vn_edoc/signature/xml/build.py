"""Making a ``ds:Signature``: XAdES baseline properties (ETSI EN 319 132-1) around XML Signature, as octets.

Every part that is digested is written in its canonical form at once, with the namespaces it uses declared on it, so
that what is signed and what is written are the same octets whatever stands around. Exclusive canonicalisation is
always declared by explicit transforms.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.findings import VIETNAM
from vn_edoc.signature.keys import Signer, default_scheme
from vn_edoc.signature.xml.algorithms import (
    DIGEST_URIS,
    ENVELOPED,
    certificate_digest,
    ecdsa_raw,
    new_digest,
    signature_uri,
)
from vn_edoc.signature.xml.names import DS, SIGNED_PROPERTIES_TYPE, XADES
from vn_edoc.signature.xml.structure import encode
from vn_edoc.xml.c14n import Canonicalization, Piece

__all__ = [
    "COMMITMENTS",
    "IDENTIFIER",
    "DataObject",
    "DataReference",
    "Draft",
    "ProductionPlace",
    "SigningOptions",
    "begin",
    "certificate_elements",
    "escape",
    "written_time",
]

IDENTIFIER = re.compile(r"""[^\x00-\x20\x7f-\xa0"#%&'()<>\[\\\]^`{|}\u2000-\u200f\u2028-\u202f\ufeff]+""")
"""Identifiers that a fragment carries as they are (RFC 3987 section 2.2)."""

_XMLNS_DS = f'xmlns:ds="{DS}"'
_XMLNS_XADES = f'xmlns:xades="{XADES}"'
_EXCLUSIVE = f'<ds:Transform Algorithm="{Canonicalization.EXCLUSIVE}"></ds:Transform>'
_TRANSFORMS = f"<ds:Transforms>{_EXCLUSIVE}</ds:Transforms>"
_ENVELOPED_TRANSFORMS = (
    f'<ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>{_EXCLUSIVE}</ds:Transforms>'
)
_METHOD = f'<ds:CanonicalizationMethod Algorithm="{Canonicalization.EXCLUSIVE}"></ds:CanonicalizationMethod>'

COMMITMENTS = {
    "origin": "http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin",
    "receipt": "http://uri.etsi.org/01903/v1.2.2#ProofOfReceipt",
    "delivery": "http://uri.etsi.org/01903/v1.2.2#ProofOfDelivery",
    "sender": "http://uri.etsi.org/01903/v1.2.2#ProofOfSender",
    "approval": "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval",
    "creation": "http://uri.etsi.org/01903/v1.2.2#ProofOfCreation",
}
"""Commitment types of ETSI TS 119 172-1 annex B by a short name."""


@dataclass(frozen=True, slots=True)
class ProductionPlace:
    """Where the signer claims to have signed (``SignatureProductionPlaceV2``)."""

    city: str | None = None
    """Địa danh."""
    street: str | None = None
    """Street address."""
    province: str | None = None
    """Tỉnh, thành phố."""
    postal_code: str | None = None
    """Postal code."""
    country: str | None = None
    """Country name."""


class SigningOptions(NamedTuple):
    """What goes into a signature besides the data."""

    digest: str = "sha256"
    """Digest of data, properties and signature."""
    scheme: str | None = None
    """``pkcs1v15``, ``pss`` or ``ecdsa``; ``None``: the signer's first."""
    signed_at: datetime | None = None
    """Claimed time, aware; ``None``: now."""
    roles: Sequence[str] = ()
    """Claimed roles (``SignerRoleV2``), such as ``Văn thư``."""
    place: ProductionPlace | None = None
    """Place of signing."""
    commitments: Sequence[str] = ()
    """Commitment types: names of :data:`COMMITMENTS` or URIs."""


class DataReference(NamedTuple):
    """One thing that is signed."""

    uri: str
    """``""`` for the document, ``#id`` for an element, a file name for detached octets."""
    digest: bytes
    """Digest of its octets under the signature's digest algorithm."""
    media_type: str
    """Media type for ``DataObjectFormat``."""
    octets: Callable[[], Iterable[Piece]]
    """Gives the digested octets once more, for archive time-stamps."""
    enveloped: bool = False
    """Whether the signature stands inside and is left out."""
    type: str | None = None
    """``Type`` of the reference."""


@dataclass(frozen=True, slots=True)
class DataObject:
    """A ``ds:Object`` with signed data."""

    written: str
    """As it is written."""
    canonical: bytes
    """Its exclusive canonical octets."""


@dataclass(slots=True)
class Draft:
    """A signature on its way: its canonical parts, and the unsigned properties added so far."""

    id: str
    """``Id`` of the signature."""
    references: tuple[DataReference, ...]
    """What is signed, without the properties."""
    signed_info: str
    """Canonical ``SignedInfo``."""
    signature_value: str
    """Canonical ``SignatureValue``."""
    key_info: str
    """Canonical ``KeyInfo``."""
    signed_properties: str
    """Canonical ``SignedProperties``."""
    objects: tuple[DataObject, ...] = ()
    """``Object`` elements with data."""
    unsigned: list[str] = field(default_factory=list)
    """Canonical unsigned signature properties, in order."""

    def markup(self) -> str:
        """The ``ds:Signature`` element."""
        unsigned = ""
        if self.unsigned:
            inner = "".join(self.unsigned)
            unsigned = (
                f"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{inner}"
                "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
            )
        return (
            f'<ds:Signature {_XMLNS_DS} Id="{self.id}">{self.signed_info}{self.signature_value}{self.key_info}'
            f"{''.join(item.written for item in self.objects)}"
            f'<ds:Object><xades:QualifyingProperties {_XMLNS_XADES} Target="#{self.id}">'
            f"{self.signed_properties}{unsigned}</xades:QualifyingProperties></ds:Object></ds:Signature>"
        )

    def to_bytes(self) -> bytes:
        """Its octets."""
        return self.markup().encode()


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


_ITSELF = re.compile("[A-Za-z0-9#/._-]*")
"""What is its own canonical form, as nearly all identifiers are."""


def escape(text: str, *, attribute: bool = False) -> str:
    """Text in its canonical form; :class:`UsageError` for characters that XML 1.0 cannot carry."""
    if _ITSELF.fullmatch(text):
        return text
    wrong = _NOT_XML.search(text)
    if wrong is not None:
        raise UsageError(
            f"the character U+{ord(wrong[0]):04X} cannot stand in XML",
            f"ký tự U+{ord(wrong[0]):04X} không thể có trong XML",
            value=text,
            rule="XML 1.0",
        )
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#xD;")
    if attribute:
        return text.replace('"', "&quot;").replace("\t", "&#x9;").replace("\n", "&#xA;")
    return text.replace(">", "&gt;")


def begin(
    references: Sequence[DataReference],
    signer: Signer,
    options: SigningOptions,
    *,
    identifier: str | None = None,
    objects: Sequence[DataObject] = (),
    countersigns: bool = False,
) -> Draft:
    """Sign: level B-B. ``objects`` are ``ds:Object`` elements that references point into.

    ``countersigns``: the only reference is another signature's value, which takes no ``DataObjectFormat``.
    Raises :class:`~vn_edoc.errors.UsageError` for wrong options, :class:`~vn_edoc.errors.SigningError` when the key
    refuses or answers with something that is no signature.
    """
    name = identifier or "S-" + secrets.token_hex(8)
    scheme = default_scheme(signer, options.scheme)
    method = signature_uri(scheme, options.digest)
    digest_uri = DIGEST_URIS.get(options.digest)
    if method is None or digest_uri is None or options.digest in ("sha1", "sha224", "sha3-224"):
        raise UsageError(
            f"XML signatures cannot be made with {scheme} and {options.digest}",
            f"không ký XML bằng {scheme} với {options.digest}",
            field="digest",
            value=options.digest,
            rule="TT 15/2025/TT-BKHCN, Phụ lục I",
        )
    if not references:
        raise UsageError("there is nothing to sign", "không có nội dung nào để ký", field="references")
    properties = _signed_properties(name, references, signer, options, digest_uri, countersigns=countersigns)
    rows = [_reference(row, f"{name}-r{number}", digest_uri) for number, row in enumerate(references)]
    rows.append(_properties_reference(name, properties, options.digest, digest_uri))
    signed_info = (
        f"<ds:SignedInfo {_XMLNS_DS}>{_METHOD}"
        f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>{"".join(rows)}</ds:SignedInfo>'
    )
    value = signer.sign(signed_info.encode(), digest=options.digest, scheme=scheme)
    if scheme == "ecdsa":
        key = signer.certificate.public_key()
        try:
            value = ecdsa_raw(value, key.key_size)  # type: ignore[union-attr]
        except (ValueError, AttributeError):
            raise SigningError(
                "the signer answered with something that is no ECDSA signature of its key",
                "thiết bị ký trả về dữ liệu không phải chữ ký ECDSA của khóa",
                field="signer",
            ) from None
    return Draft(
        id=name,
        references=tuple(references),
        signed_info=signed_info,
        signature_value=f'<ds:SignatureValue {_XMLNS_DS} Id="{name}-v">{encode(value)}</ds:SignatureValue>',
        key_info=_key_info((signer.certificate_der, *signer.chain)),
        signed_properties=properties,
        objects=tuple(objects),
    )


@lru_cache(maxsize=64)
def certificate_elements(certificates: tuple[bytes, ...]) -> str:
    """The ``X509Certificate`` elements of a signer, kept: who signs does so more than once."""
    return "".join(f"<ds:X509Certificate>{encode(der)}</ds:X509Certificate>" for der in certificates)


def _key_info(certificates: tuple[bytes, ...]) -> str:
    return f"<ds:KeyInfo {_XMLNS_DS}><ds:X509Data>{certificate_elements(certificates)}</ds:X509Data></ds:KeyInfo>"


def _signing_certificate(der: bytes, digest: str, digest_uri: str) -> str:
    """``SigningCertificateV2`` with the digest of the signer's certificate, canonical in its place."""
    return (
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod {_XMLNS_DS} Algorithm="{digest_uri}"></ds:DigestMethod>'
        f"<ds:DigestValue {_XMLNS_DS}>{encode(certificate_digest(digest, der))}</ds:DigestValue>"
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
    )


def _reference(row: DataReference, name: str, digest_uri: str) -> str:
    kind = f' Type="{row.type}"' if row.type else ""
    transforms = ""
    if row.uri == "" or row.uri.startswith("#"):
        transforms = _ENVELOPED_TRANSFORMS if row.enveloped else _TRANSFORMS
    return (
        f'<ds:Reference Id="{name}"{kind} URI="{escape(row.uri, attribute=True)}">{transforms}'
        f'<ds:DigestMethod Algorithm="{digest_uri}"></ds:DigestMethod>'
        f"<ds:DigestValue>{encode(row.digest)}</ds:DigestValue></ds:Reference>"
    )


def _properties_reference(name: str, properties: str, digest: str, digest_uri: str) -> str:
    computed = new_digest(digest)
    computed.update(properties.encode())
    return (
        f'<ds:Reference Type="{SIGNED_PROPERTIES_TYPE}" URI="#{name}-p">{_TRANSFORMS}'
        f'<ds:DigestMethod Algorithm="{digest_uri}"></ds:DigestMethod>'
        f"<ds:DigestValue>{encode(computed.digest())}</ds:DigestValue></ds:Reference>"
    )


def _signed_properties(
    name: str,
    references: Sequence[DataReference],
    signer: Signer,
    options: SigningOptions,
    digest_uri: str,
    *,
    countersigns: bool,
) -> str:
    data = "" if countersigns else "".join(_format(f"{name}-r{n}", row) for n, row in enumerate(references))
    data += "".join(_commitment(name) for name in options.commitments)
    data_properties = f"<xades:SignedDataObjectProperties>{data}</xades:SignedDataObjectProperties>" if data else ""
    return (
        f'<xades:SignedProperties {_XMLNS_XADES} Id="{name}-p"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{written_time(options.signed_at)}</xades:SigningTime>"
        f"{_signing_certificate(signer.certificate_der, options.digest, digest_uri)}"
        f"{_place(options.place)}{_roles(options.roles)}</xades:SignedSignatureProperties>"
        f"{data_properties}</xades:SignedProperties>"
    )


def written_time(moment: datetime | None) -> str:
    """The signing time as it is written, +07:00; :class:`UsageError` without a zone."""
    if moment is None:
        moment = datetime.now(UTC)
    elif moment.tzinfo is None:
        raise UsageError(
            "the signing time needs a time zone", "thời điểm ký phải có múi giờ", field="signed_at", value=moment
        )
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def _place(place: ProductionPlace | None) -> str:
    if place is None:
        return ""
    parts = (
        ("City", place.city),
        ("StreetAddress", place.street),
        ("StateOrProvince", place.province),
        ("PostalCode", place.postal_code),
        ("CountryName", place.country),
    )
    inner = "".join(f"<xades:{tag}>{escape(text)}</xades:{tag}>" for tag, text in parts if text)
    if not inner:
        return ""
    return f"<xades:SignatureProductionPlaceV2>{inner}</xades:SignatureProductionPlaceV2>"


def _roles(roles: Sequence[str]) -> str:
    if not roles:
        return ""
    inner = "".join(f"<xades:ClaimedRole>{escape(role)}</xades:ClaimedRole>" for role in roles)
    return f"<xades:SignerRoleV2><xades:ClaimedRoles>{inner}</xades:ClaimedRoles></xades:SignerRoleV2>"


def _format(name: str, row: DataReference) -> str:
    return (
        f'<xades:DataObjectFormat ObjectReference="#{name}"><xades:MimeType>{escape(row.media_type)}</xades:MimeType>'
        "</xades:DataObjectFormat>"
    )


def _commitment(name: str) -> str:
    uri = COMMITMENTS.get(name, name)
    if ":" not in uri:
        raise UsageError(
            f"unknown commitment {name!r}; use one of {', '.join(COMMITMENTS)} or a URI",
            f"không có loại cam kết {name!r}; dùng một trong {', '.join(COMMITMENTS)} hoặc một URI",
            field="commitments",
            value=name,
        )
    return (
        "<xades:CommitmentTypeIndication><xades:CommitmentTypeId>"
        f"<xades:Identifier>{escape(uri)}</xades:Identifier></xades:CommitmentTypeId>"
        "<xades:AllSignedDataObjects></xades:AllSignedDataObjects></xades:CommitmentTypeIndication>"
    )
