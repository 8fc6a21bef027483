"""Public-key verification over ``cryptography``, with every oddity turned into "does not verify"."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

__all__ = [
    "HASHES",
    "ContradictoryScheme",
    "SignatureScheme",
    "UnsupportedScheme",
    "scheme_of",
    "signature_verifies",
    "verify",
]

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha512_224": hashes.SHA512_224,
    "sha512_256": hashes.SHA512_256,
    "sha3_224": hashes.SHA3_224,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
"""Digests that can be computed for verification, by the names asn1crypto gives them."""


class UnsupportedScheme(Exception):
    """A signature algorithm, key or parameter that is not supported: nothing is known of the signature. Never leaves
    this package."""


class ContradictoryScheme(UnsupportedScheme):
    """A signature algorithm that cannot be read, or that contradicts the digest named beside it."""


class SignatureScheme:
    """A signature algorithm with its parameters: family, digest and (PSS) salt length."""

    __slots__ = ("digest", "family", "salt")

    def __init__(self, family: str, digest: str | None, salt: int = 0) -> None:
        self.family = family
        self.digest = digest
        self.salt = salt

    @property
    def label(self) -> str:
        """``rsa-pkcs1v15``, ``rsa-pss``, ``ecdsa`` …"""
        return {"rsassa_pkcs1v15": "rsa-pkcs1v15", "rsassa_pss": "rsa-pss"}.get(self.family, self.family)


def scheme_of(algorithm: Any, digest: str | None = None) -> SignatureScheme:
    """Read an AlgorithmIdentifier of a signature (asn1crypto). ``digest`` is used where the identifier names none.

    Raises :class:`UnsupportedScheme`, :class:`ContradictoryScheme` where identifier and ``digest`` contradict each
    other or the identifier cannot be read.
    """
    try:
        name = algorithm["algorithm"].native
        if name == "rsassa_pss":
            parameters = algorithm["parameters"]
            used = parameters["hash_algorithm"]["algorithm"].native
            mask = parameters["mask_gen_algorithm"]
            if mask["algorithm"].native != "mgf1" or mask["parameters"]["algorithm"].native != used:
                raise UnsupportedScheme("PSS with a mask generation function of another digest")
            if parameters["trailer_field"].native not in ("trailer_field_bc", 1):
                raise UnsupportedScheme("PSS with an unknown trailer")
            scheme = SignatureScheme("rsassa_pss", used, int(parameters["salt_length"].native))
        elif name == "rsassa_pkcs1v15":
            scheme = SignatureScheme("rsassa_pkcs1v15", digest)
        elif name in ("ed25519", "ed448"):
            return SignatureScheme(name, None)
        else:
            family = algorithm.signature_algo
            try:
                used = algorithm.hash_algo
            except ValueError:
                used = digest
            scheme = SignatureScheme(family, used)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ContradictoryScheme(f"unreadable signature algorithm: {error}") from error
    if scheme.family not in ("rsassa_pkcs1v15", "rsassa_pss", "ecdsa"):
        raise UnsupportedScheme(f"signature algorithm {scheme.family} is not supported")
    if scheme.digest not in HASHES:
        raise UnsupportedScheme(f"digest {scheme.digest} is not supported")
    if digest is not None and scheme.digest != digest:
        raise ContradictoryScheme(f"the signature uses {scheme.digest}, the content digest is {digest}")
    return scheme


@lru_cache(maxsize=256)
def _load_key(spki: bytes) -> Any:
    from asn1crypto import keys

    info = keys.PublicKeyInfo.load(spki)
    if info.algorithm == "rsassa_pss":
        info = info.copy()
        info["algorithm"] = {"algorithm": "rsa"}
        spki = info.dump()
    key = serialization.load_der_public_key(spki)
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and _verifies_anything(key):
        raise ValueError("a point of small order, under which any message verifies, or one with two spellings")
    return key


def _verifies_anything(key: ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) -> bool:
    """Whether an Edwards key is a point of small order or not reduced; RFC 8032 leaves the former to the user."""
    raw = key.public_bytes_raw()
    prime, small = _EDWARDS[len(raw)]
    y = int.from_bytes(raw, "little") & ((1 << (8 * len(raw) - 1)) - 1)
    return y >= prime or y in small


_P25519 = (1 << 255) - 19
_P448 = (1 << 448) - (1 << 224) - 1
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
"""The y of points of order 8 on edwards25519; the other such y is its negative."""
_EDWARDS = {
    32: (_P25519, frozenset({0, 1, _P25519 - 1, _Y8, _P25519 - _Y8})),
    57: (_P448, frozenset({0, 1, _P448 - 1})),
}
"""Length of a key: the field's prime, and the y of all points whose order divides the cofactor (8 and 4)."""


@lru_cache(maxsize=256)
def _bound_to(spki: bytes) -> tuple[str, int] | None:
    """Digest and least salt of a key that is for RSASSA-PSS alone (RFC 4055, 1.2); digest "" where it leaves both open;
    ``None`` for every other key."""
    from asn1crypto import keys

    algorithm = keys.PublicKeyInfo.load(spki)["algorithm"]
    if algorithm["algorithm"].native != "rsassa_pss":
        return None
    parameters = algorithm["parameters"]
    if parameters.native is None:
        return "", 0
    return str(parameters["hash_algorithm"]["algorithm"].native), int(parameters["salt_length"].native)


def verify(spki: bytes, signature: bytes, data: bytes, scheme: SignatureScheme) -> bool:
    """Whether ``signature`` over ``data`` verifies. Raises :class:`UnsupportedScheme` for an unusable key."""
    try:
        key, bound = _load_key(spki), _bound_to(spki)
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm) as error:
        raise UnsupportedScheme(f"the public key cannot be used: {error}") from error
    if bound is not None and (
        scheme.family != "rsassa_pss" or (bound[0] and (scheme.digest != bound[0] or scheme.salt < bound[1]))
    ):
        return False
    try:
        if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            if scheme.family != ("ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "ed448"):
                return False
            key.verify(signature, data)
        elif scheme.family == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(HASHES[str(scheme.digest)]()))
        elif scheme.family == "rsassa_pss" and isinstance(key, rsa.RSAPublicKey):
            digest = HASHES[str(scheme.digest)]()
            key.verify(signature, data, padding.PSS(padding.MGF1(digest), scheme.salt), digest)
        elif scheme.family == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), HASHES[str(scheme.digest)]())
        else:
            return False
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError) as error:
        raise UnsupportedScheme(f"the signature cannot be checked: {error}") from error
    return True


def signature_verifies(spki: bytes, signature: bytes, data: bytes, algorithm: Any) -> bool:
    """:func:`verify` for an asn1crypto AlgorithmIdentifier, "unsupported" counted as "does not verify"."""
    try:
        return verify(spki, signature, data, scheme_of(algorithm))
    except UnsupportedScheme:
        return False
