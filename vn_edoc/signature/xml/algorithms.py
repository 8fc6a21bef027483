"""The closed lists of XML Signature algorithms: what is computed, what is refused, and why.

A URI that stands in none of the tables is unknown: it is never guessed and never skipped. URIs: XML Signature 1.1
section 6, RFC 9231.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

__all__ = [
    "DIGESTS",
    "DIGEST_URIS",
    "ENVELOPED",
    "MORE07",
    "REFUSED",
    "RSA_PSS",
    "SIGNATURES",
    "WRONG_EXCLUSIVE",
    "SignatureAlgorithm",
    "certificate_digest",
    "ecdsa_der",
    "ecdsa_raw",
    "new_digest",
    "signature_uri",
    "verify_value",
]

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_DSIG11 = "http://www.w3.org/2009/xmldsig11#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
MORE07 = "http://www.w3.org/2007/05/xmldsig-more#"
"""Namespace of RFC 6931 and RFC 9231."""
_MORE21 = "http://www.w3.org/2021/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"

RSA_PSS = MORE07 + "rsa-pss"
"""RSA-PSS with parameters (RFC 9231 section 2.3.9): read as the method without, where they say the same."""

ENVELOPED = _DSIG + "enveloped-signature"
"""The transform that leaves the signature out of what it signs."""

WRONG_EXCLUSIVE = "http://www.w3.org/TR/xml-exc-c14n#"
"""What the deployed Java SDK writes instead of the URI of exclusive canonicalisation. It names no algorithm."""

DIGESTS = MappingProxyType(
    {
        _DSIG + "sha1": "sha1",
        _MORE + "sha224": "sha224",
        _ENC + "sha256": "sha256",
        _MORE + "sha384": "sha384",
        _ENC + "sha512": "sha512",
        MORE07 + "sha3-224": "sha3-224",
        MORE07 + "sha3-256": "sha3-256",
        MORE07 + "sha3-384": "sha3-384",
        MORE07 + "sha3-512": "sha3-512",
    }
)
"""Digest method to the name of the digest. SHA-1 is computed; the dated policy judges it."""

DIGEST_URIS = MappingProxyType({name: uri for uri, name in DIGESTS.items()})
"""The reverse of :data:`DIGESTS`."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3-224": hashes.SHA3_224(),
    "sha3-256": hashes.SHA3_256(),
    "sha3-384": hashes.SHA3_384(),
    "sha3-512": hashes.SHA3_512(),
}


def new_digest(name: str) -> hashlib._Hash:
    """A running digest by its name in :data:`DIGESTS`."""
    # The constructor by name looks the digest up anew each time.
    return hashlib.sha256() if name == "sha256" else hashlib.new(name.replace("-", "_"))


@lru_cache(maxsize=256)
def certificate_digest(name: str, der: bytes) -> bytes:
    """The digest of a certificate, kept: one signer signs many documents."""
    running = new_digest(name)
    running.update(der)
    return running.digest()


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """A signature method: a scheme and a digest."""

    scheme: str
    """``pkcs1v15``, ``pss`` or ``ecdsa``, as in :mod:`vn_edoc.signature.keys`."""
    digest: str
    """Name of the digest, as in :data:`DIGESTS`."""


def _table() -> dict[str, SignatureAlgorithm]:
    table = {_DSIG + "rsa-sha1": SignatureAlgorithm("pkcs1v15", "sha1")}
    for bits in ("224", "256", "384", "512"):
        table[_MORE + "rsa-sha" + bits] = SignatureAlgorithm("pkcs1v15", "sha" + bits)
    for bits in ("1", "224", "256", "384", "512"):
        table[f"{_MORE}ecdsa-sha{bits}"] = SignatureAlgorithm("ecdsa", "sha" + bits)
        table[f"{MORE07}sha{bits}-rsa-MGF1"] = SignatureAlgorithm("pss", "sha" + bits)
    for bits in ("224", "256", "384", "512"):
        table[f"{_MORE21}ecdsa-sha3-{bits}"] = SignatureAlgorithm("ecdsa", "sha3-" + bits)
        table[f"{MORE07}sha3-{bits}-rsa-MGF1"] = SignatureAlgorithm("pss", "sha3-" + bits)
    return table


SIGNATURES = MappingProxyType(_table())
"""Signature method to scheme and digest. PSS here is the parameterless form: MGF1 and salt of the same digest."""

REFUSED = MappingProxyType(
    {
        _DSIG + "hmac-sha1": "hmac",
        **{_MORE + "hmac-" + name: "hmac" for name in ("md5", "sha224", "sha256", "sha384", "sha512", "ripemd160")},
        _DSIG + "dsa-sha1": "dsa",
        _DSIG11 + "dsa-sha256": "dsa",
        **{_MORE21 + "eddsa-" + name: "eddsa" for name in ("ed25519", "ed25519ph", "ed448", "ed448ph")},
        RSA_PSS: "rsa-pss-parameters",
        _MORE + "rsa-md5": "broken-digest",
        _MORE + "rsa-ripemd160": "broken-digest",
        MORE07 + "ecdsa-ripemd160": "broken-digest",
        MORE07 + "ripemd160-rsa-MGF1": "broken-digest",
        _MORE + "md5": "broken-digest",
        _ENC + "ripemd160": "broken-digest",
        _DSIG + "base64": "base64",
        "http://www.w3.org/TR/1999/REC-xpath-19991116": "xpath",
        "http://www.w3.org/2002/06/xmldsig-filter2": "xpath",
        "http://www.w3.org/2001/04/xmldsig-more/xptr": "xpath",
        "http://www.w3.org/TR/1999/REC-xslt-19991116": "xslt",
        "http://www.w3.org/2000/07/decrypt#XML": "decrypt",
        "http://www.w3.org/2002/07/decrypt#XML": "decrypt",
        "http://www.w3.org/2002/07/decrypt#Binary": "decrypt",
    }
)
"""Known algorithms that this library refuses on purpose, with the family that names the reason."""


_SIGNATURE_URIS = {(found.scheme, found.digest): uri for uri, found in SIGNATURES.items()}


def signature_uri(scheme: str, digest: str) -> str | None:
    """The URI for a scheme and digest, ``None`` if there is none."""
    return _SIGNATURE_URIS.get((scheme, digest))


def ecdsa_der(raw: bytes, key_bits: int) -> bytes | None:
    """The DER form of an XML ``r || s`` value, ``None`` unless both halves have exactly the length of the order."""
    width = (key_bits + 7) // 8
    if len(raw) != 2 * width:
        return None
    return utils.encode_dss_signature(int.from_bytes(raw[:width], "big"), int.from_bytes(raw[width:], "big"))


def ecdsa_raw(der: bytes, key_bits: int) -> bytes:
    """The XML ``r || s`` form of a DER value. ``ValueError`` if it is no ECDSA signature of that size."""
    r, s = utils.decode_dss_signature(der)
    width = (key_bits + 7) // 8
    try:
        return r.to_bytes(width, "big") + s.to_bytes(width, "big")
    except OverflowError:
        raise ValueError("the signature is larger than the key") from None


_PKCS1V15 = padding.PKCS1v15()


def verify_value(public_key: object, algorithm: SignatureAlgorithm, value: bytes, data: bytes) -> bool:
    """Whether ``value`` is the signature of ``data`` under the key. A key of another kind verifies nothing."""
    digest = _HASHES[algorithm.digest]
    try:
        if algorithm.scheme == "ecdsa":
            if not isinstance(public_key, ec.EllipticCurvePublicKey):
                return False
            der = ecdsa_der(value, public_key.curve.key_size)
            if der is None:
                return False
            public_key.verify(der, data, ec.ECDSA(digest))
            return True
        if not isinstance(public_key, rsa.RSAPublicKey):
            return False
        if algorithm.scheme == "pss":
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            public_key.verify(value, data, pss, digest)
        else:
            public_key.verify(value, data, _PKCS1V15, digest)
        return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
