"""Keys and signature values that are not what they should be: never passed, never a crash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import algos, cms, core, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519

from vn_edoc.signature import TrustStore, verify_cms
from vn_edoc.signature.result import SignatureResult
from vn_edoc.testing import ThrowawayPki
from vn_edoc.testing.cms import signed_data

_CONTENT = b"noi dung"
Sign = Callable[[bytes], bytes]
Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | x25519.X25519PrivateKey


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


def _verified(pki: ThrowawayPki, spki: bytes, algorithm: object, sign: Sign) -> SignatureResult:
    """The agency's signature, its certificate rewritten to another key."""
    agency = pki["agency"]
    certificate = x509.Certificate.load(agency.der).copy()
    certificate["tbs_certificate"]["subject_public_key_info"] = keys.PublicKeyInfo.load(spki)
    der = certificate.dump(force=True)
    made = cms.ContentInfo.load(signed_data(_CONTENT, key=agency.key, certificate=agency.der, embed=[agency.der]))
    data = made["content"]
    data["certificates"] = [cms.CertificateChoices("certificate", x509.Certificate.load(der))]
    signer = data["signer_infos"][0]
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            attribute["values"][0]["certs"][0]["cert_hash"] = hashlib.sha256(der).digest()
    signer["signature_algorithm"] = algorithm
    signer["signature"] = sign(b"\x31" + bytes(signer["signed_attrs"].dump())[1:])
    verification = verify_cms(made.dump(force=True), content=_CONTENT, trust=TrustStore([pki["root"].pem]))
    (signature,) = verification.signatures
    return signature


def _rsa(modulus: int, exponent: int) -> bytes:
    number = keys.RSAPublicKey({"modulus": modulus, "public_exponent": exponent})
    info = {"algorithm": {"algorithm": "rsa", "parameters": core.Null()}, "public_key": number}
    return bytes(keys.PublicKeyInfo(info).dump())


def _spki(key: Private) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def _padded(signed: bytes) -> bytes:
    """What a signature by an RSA key with the exponent 1 is."""
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed).digest()
    return b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info


@pytest.mark.parametrize("exponent", [-1, 0, 1, 2])
def test_rsa_exponents_that_anyone_can_undo(pki: ThrowawayPki, exponent: int) -> None:
    assert _verified(pki, _rsa((1 << 2047) | 1, exponent), {"algorithm": "sha256_rsa"}, _padded).intact is not True


@pytest.mark.parametrize("modulus", [-5, 0, 1, 1 << 2047, (1 << 16_383) | 1, (1 << 4_000_000) | 1], ids=int.bit_length)
def test_rsa_moduli_that_are_none(pki: ThrowawayPki, modulus: int) -> None:
    found = _verified(pki, _rsa(modulus, 65_537), {"algorithm": "sha256_rsa"}, lambda _: b"\x01" * 256)
    assert found.intact is not True


def test_padding_that_hides_a_cube(pki: ThrowawayPki) -> None:
    """Rubbish after a short padding, with a key of exponent 3 (Bleichenbacher, 2006)."""
    key = rsa.generate_private_key(3, 2048)

    def forge(signed: bytes) -> bytes:
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed).digest()
        head = b"\x00\x01\xff\x00" + info
        wanted = int.from_bytes(head + b"\xff" * (256 - len(head)), "big")
        low, high = 0, 1 << 700
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle**3 <= wanted else (low, middle - 1)
        return low.to_bytes(256, "big")

    assert _verified(pki, _spki(key), {"algorithm": "sha256_rsa"}, forge).intact is False


@pytest.mark.parametrize(("r", "s"), [(0, 0), (1, 0), (-1, -1), (1 << 70_000, 1)], ids=int.bit_length)
def test_ecdsa_values_out_of_range(pki: ThrowawayPki, r: int, s: int) -> None:
    value = algos.DSASignature({"r": r, "s": s}).dump()
    key = ec.generate_private_key(ec.SECP256R1())
    assert _verified(pki, _spki(key), {"algorithm": "sha256_ecdsa"}, lambda _: value).intact is False


def test_edwards_keys_are_verified_and_told(pki: ThrowawayPki) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    found = _verified(pki, _spki(key), {"algorithm": "ed25519"}, key.sign)
    assert found.intact is True
    assert "R21" in {f.rule for f in found.findings}
    assert _verified(pki, _spki(key), {"algorithm": "ed25519"}, lambda d: key.sign(d + b".")).intact is False


def test_a_key_that_cannot_sign(pki: ThrowawayPki) -> None:
    key = x25519.X25519PrivateKey.generate()
    assert _verified(pki, _spki(key), {"algorithm": "ed25519"}, lambda _: bytes(64)).intact is not True


@pytest.mark.parametrize(
    ("digest", "mask", "salt", "trailer"),
    [("sha256", "sha256", 20, 1), ("sha256", "sha256", -1, 1), ("sha256", "sha256", 1 << 80, 1),
     ("sha256", "sha512", 32, 1), ("sha512", "sha512", 32, 1), ("sha256", "sha256", 32, 7)],
)  # fmt: skip
def test_pss_parameters_that_contradict(pki: ThrowawayPki, digest: str, mask: str, salt: int, trailer: int) -> None:
    known = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}
    key = rsa.generate_private_key(65_537, 2048)
    parameters = {
        "hash_algorithm": {"algorithm": digest},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": mask}},
        "salt_length": salt,
        "trailer_field": trailer,
    }
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})

    def sign(signed: bytes) -> bytes:
        return key.sign(signed, padding.PSS(padding.MGF1(known[mask]), 32), known[digest])

    assert _verified(pki, _spki(key), algorithm, sign).intact is not True
