"""Throwaway private keys: random by default, or derived from a seed so that a whole sample set can be made again.

A seeded key is no secret: whoever knows the seed has the key. Nothing here may ever be trusted outside a test.
"""

from __future__ import annotations

import hashlib
import math
import threading
from typing import Literal, get_args

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from vn_edoc.errors import UsageError

__all__ = ["KeyKind", "PrivateKey", "rsa_sha1_signature", "throwaway_key"]

KeyKind = Literal["rsa1024", "rsa2048", "rsa3072", "rsa4096", "ec256", "ec384", "ec521"]
"""RSA by bits of the modulus, EC by the NIST curve."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
"""What a throwaway key is."""

_CURVES: dict[str, ec.EllipticCurve] = {"ec256": ec.SECP256R1(), "ec384": ec.SECP384R1(), "ec521": ec.SECP521R1()}
_CURVE_ORDERS = {
    # FIPS 186-4, D.1.2.3-5
    "ec256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ec384": int("F" * 48 + "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16),
    "ec521": int("1" + "F" * 65 + "A51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409", 16),
}
_EXPONENT = 65537
_SMALL_PRIMES = math.prod(n for n in range(3, 4000, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))
_MILLER_RABIN_ROUNDS = 12
_SHA1_DIGEST_INFO = bytes.fromhex("3021300906052b0e03021a05000414")  # RFC 8017 9.2, note 1

_cache: dict[tuple[bytes | None, str, str], PrivateKey] = {}
_lock = threading.Lock()


def throwaway_key(label: str, kind: KeyKind = "rsa2048", *, seed: bytes | None = None) -> PrivateKey:
    """The key of this process for ``label`` and ``kind``; with ``seed`` the same key in every process.

    Keys are made on first use and kept, since making them is slow. Raises ``UsageError`` for an unknown ``kind``.
    """
    if kind not in get_args(KeyKind):
        raise UsageError(f"unknown kind of key {kind!r}", f"loại khóa không rõ: {kind!r}", field="kind", value=kind)
    slot = (seed, label, kind)
    with _lock:
        key = _cache.get(slot)
        if key is None:
            key = _random_key(kind) if seed is None else _seeded_key(label, kind, seed)
            _cache[slot] = key
        return key


def rsa_sha1_signature(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-1 (RFC 8017 8.2.1), as old certificates carry it.

    ``cryptography`` no longer signs with SHA-1, and tests need such signatures to see them refused.
    """
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    length = (modulus.bit_length() + 7) // 8
    digest_info = _SHA1_DIGEST_INFO + hashlib.sha1(message, usedforsecurity=False).digest()
    padded = b"\x00\x01" + b"\xff" * (length - len(digest_info) - 3) + b"\x00" + digest_info
    return pow(int.from_bytes(padded, "big"), numbers.d, modulus).to_bytes(length, "big")


def _random_key(kind: KeyKind) -> PrivateKey:
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(_EXPONENT, int(kind[3:]))


def _seeded_key(label: str, kind: KeyKind, seed: bytes) -> PrivateKey:
    root = hashlib.sha256(seed + b"\x00" + label.encode() + b"\x00" + kind.encode()).digest()
    if kind in _CURVES:
        order = _CURVE_ORDERS[kind]
        wide = int.from_bytes(hashlib.shake_256(root).digest(96), "big")
        return ec.derive_private_key(wide % (order - 1) + 1, _CURVES[kind])
    half = int(kind[3:]) // 2
    p, q = _seeded_prime(root + b"p", half), _seeded_prime(root + b"q", half)
    d = pow(_EXPONENT, -1, math.lcm(p - 1, q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    ).private_key()


def _seeded_prime(seed: bytes, bits: int) -> int:
    """The first prime at or after a number drawn from ``seed`` with its two highest bits set."""
    start = int.from_bytes(hashlib.shake_256(seed).digest(bits // 8), "big")
    candidate = start | (0b11 << (bits - 2)) | 1
    while math.gcd(candidate, _SMALL_PRIMES) > 1 or not _probably_prime(candidate, seed):
        candidate += 2
    return candidate


def _probably_prime(n: int, seed: bytes) -> bool:
    """Miller-Rabin with bases drawn from ``seed``; also keeps n - 1 free of the public exponent."""
    if n % _EXPONENT == 1:
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for round_number in range(_MILLER_RABIN_ROUNDS):
        drawn = hashlib.shake_256(seed + bytes([round_number])).digest(16)
        x = pow(int.from_bytes(drawn, "big") | 2, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True
