"""Odd CMS objects in the place of a PDF's signature: contradictions fail, what nobody can verify stays open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import algos, cms, core, keys, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.adversarial.cms_pdfs import agency_cms, judged_pdf, resigned, sealed_pdf, with_key
from vn_edoc.signature.primitives import SignatureScheme, UnsupportedScheme, verify
from vn_edoc.testing import ThrowawayPki

Bend = Callable[[ThrowawayPki, Any, bytes], None]
Sign = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


def _attribute(signer: Any, name: str) -> Any:
    return next(a for a in signer["signed_attrs"] if a["type"].native == name)


def _bent(pki: ThrowawayPki, bend: Bend) -> Any:
    """The agency's signature whose SignerInfo was bent before it was signed."""
    key = pki["agency"].key
    assert isinstance(key, rsa.RSAPrivateKey)

    def seal(covered: bytes) -> bytes:
        made = agency_cms(pki, covered)
        signer = made["content"]["signer_infos"][0]
        bend(pki, signer, covered)
        resigned(signer, lambda octets: key.sign(octets, padding.PKCS1v15(), hashes.SHA256()))
        return bytes(made.dump(force=True))

    return judged_pdf(pki, sealed_pdf(seal))


def _other_content_type(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    _attribute(signer, "content_type")["values"] = ["signed_data"]


def _second_digest(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    signer["signed_attrs"].append(cms.CMSAttribute({"type": "message_digest", "values": [b"x" * 32]}))


def _two_digest_values(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    _attribute(signer, "message_digest")["values"] = [b"x" * 32, hashlib.sha256(covered).digest()]


def _other_certificate(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    named = _attribute(signer, "signing_certificate_v2")["values"][0]["certs"][0]
    named["cert_hash"] = hashlib.sha256(pki["person"].der).digest()


def _first_version(digest: bytes) -> Any:
    value = tsp.SigningCertificate({"certs": [tsp.ESSCertID({"cert_hash": digest})]})
    return cms.CMSAttribute({"type": "signing_certificate", "values": [value]})


def _versions_disagree(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    signer["signed_attrs"].append(_first_version(hashlib.sha1(pki["person"].der).digest()))


def _no_certificate_named(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    _attribute(signer, "signing_certificate_v2")["values"][0]["certs"] = []


def _digests_disagree(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
    signer["digest_algorithm"] = {"algorithm": "sha1"}
    _attribute(signer, "message_digest")["values"] = [hashlib.sha1(covered).digest()]


@pytest.mark.parametrize(
    "bend",
    [_other_content_type, _second_digest, _two_digest_values, _other_certificate, _versions_disagree,
     _no_certificate_named, _digests_disagree],
)  # fmt: skip
def test_a_signer_info_that_contradicts_itself_fails(pki: ThrowawayPki, bend: Bend) -> None:
    found = _bent(pki, bend)
    assert (found.intact, found.indication) == (False, "TOTAL-FAILED")


def test_a_certificate_named_by_sha1_is_bound_and_one_named_by_md5_is_not(pki: ThrowawayPki) -> None:
    def by_sha1(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
        kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
        signer["signed_attrs"] = [*kept, _first_version(hashlib.sha1(pki["agency"].der).digest())]

    def by_md5(pki: ThrowawayPki, signer: Any, covered: bytes) -> None:
        named = _attribute(signer, "signing_certificate_v2")["values"][0]["certs"][0]
        named["hash_algorithm"] = {"algorithm": "md5"}
        named["cert_hash"] = hashlib.md5(pki["agency"].der).digest()

    bound, loose = _bent(pki, by_sha1), _bent(pki, by_md5)
    assert (bound.intact, bound.level) == (True, "B-B")
    assert "R30" not in {f.rule for f in bound.findings}
    assert (loose.intact, loose.level) == (True, None)
    assert "R30" in {f.rule for f in loose.findings}


@pytest.mark.parametrize("listed", [[], ["sha1"], ["sha512", "md5"]])
def test_a_digest_that_the_object_does_not_list_is_told(pki: ThrowawayPki, listed: list[str]) -> None:
    def seal(covered: bytes) -> bytes:
        made = agency_cms(pki, covered)
        made["content"]["digest_algorithms"] = [{"algorithm": name} for name in listed]
        return bytes(made.dump(force=True))

    found = judged_pdf(pki, sealed_pdf(seal))
    assert "cms.digest_unlisted" in {f.rule for f in found.findings}
    usual = judged_pdf(pki, sealed_pdf(lambda covered: bytes(agency_cms(pki, covered).dump())))
    assert usual.indication == "TOTAL-PASSED"
    assert "cms.digest_unlisted" not in {f.rule for f in usual.findings}


def test_content_inside_or_no_attributes_fail(pki: ThrowawayPki) -> None:
    key = pki["agency"].key
    assert isinstance(key, rsa.RSAPrivateKey)

    def bare(covered: bytes) -> bytes:
        made = agency_cms(pki, covered)
        signer = made["content"]["signer_infos"][0]
        signer["signed_attrs"] = None
        signer["signature"] = key.sign(covered, padding.PKCS1v15(), hashes.SHA256())
        return bytes(made.dump(force=True))

    for pdf in (
        sealed_pdf(lambda covered: bytes(agency_cms(pki, covered[:99], detached=False).dump())),
        sealed_pdf(bare),
        sealed_pdf(bare, b"/adbe.pkcs7.detached"),
    ):
        assert judged_pdf(pki, pdf).indication == "TOTAL-FAILED"


def _with(pki: ThrowawayPki, spki: bytes, algorithm: Any, sign: Sign) -> Any:
    """The agency's signature as if a CA had certified another key for it."""
    der = with_key(pki, keys.PublicKeyInfo.load(spki))

    def seal(covered: bytes) -> bytes:
        made = agency_cms(pki, covered)
        made["content"]["certificates"] = [cms.CertificateChoices("certificate", x509.Certificate.load(der))]
        signer = made["content"]["signer_infos"][0]
        named = _attribute(signer, "signing_certificate_v2")["values"][0]["certs"][0]
        named["cert_hash"] = hashlib.sha256(der).digest()
        resigned(signer, sign, algorithm)
        return bytes(made.dump(force=True))

    return judged_pdf(pki, sealed_pdf(seal))


def _spki(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_key().public_bytes(serialization.Encoding.DER, form))


def test_an_algorithm_that_is_not_supported_leaves_the_question_open(pki: ThrowawayPki) -> None:
    """ETSI EN 319 102-1: what was not verified has not failed."""
    key = dsa.generate_private_key(2048)
    found = _with(pki, _spki(key), {"algorithm": "sha256_dsa"}, lambda octets: key.sign(octets, hashes.SHA256()))
    assert (found.intact, found.indication) == (None, "INDETERMINATE")
    assert found.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE"


def _edwards(prefix: str, y: int, size: int) -> bytes:
    return bytes.fromhex(prefix) + y.to_bytes(size, "little")


_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_P = (1 << 255) - 19
_P448 = (1 << 448) - (1 << 224) - 1


@pytest.mark.parametrize(
    ("family", "spki"),
    [("ed25519", _edwards("302a300506032b6570032100", y | sign << 255, 32))
     for y in (0, 1, _P - 1, _P, _P + 1, _Y8, _P - _Y8) for sign in (0, 1)]
    + [("ed448", _edwards("3043300506032b6571033a00", y | sign << 455, 57))
       for y in (0, 1, _P448 - 1, _P448, _P448 + 1) for sign in (0, 1)],
)  # fmt: skip
def test_an_edwards_key_of_small_order_verifies_nothing(family: str, spki: bytes) -> None:
    """With such a key the signature (identity, 0) fits every eighth message, or every one."""
    size = {"ed25519": 32, "ed448": 57}[family]
    forged = (1).to_bytes(size, "little") + bytes(size)
    for number in range(64):
        with pytest.raises(UnsupportedScheme):
            verify(spki, forged, b"%d" % number, SignatureScheme(family, None))


def test_edwards_signatures_that_are_sound_or_not_canonical(pki: ThrowawayPki) -> None:
    key, other = ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()
    order = (1 << 252) + 27742317777372353535851937790883648493

    def again(octets: bytes) -> bytes:
        value = key.sign(octets)
        return value[:32] + (int.from_bytes(value[32:], "little") + order).to_bytes(32, "little")

    assert _with(pki, _spki(key), {"algorithm": "ed25519"}, key.sign).intact is True
    assert _with(pki, _spki(other), {"algorithm": "ed448"}, other.sign).intact is True
    assert _with(pki, _spki(key), {"algorithm": "ed25519"}, again).intact is False


def test_a_curve_with_a_generator_of_the_forgers_own(pki: ThrowawayPki) -> None:
    """The victim's point as generator makes 1 the private key (CVE-2020-0601)."""
    prime = (1 << 256) - (1 << 224) + (1 << 192) + (1 << 96) - 1
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    victim = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    point = b"\x04" + victim.x.to_bytes(32, "big") + victim.y.to_bytes(32, "big")
    domain = keys.SpecifiedECDomain(
        {
            "version": "ecdpVer1",
            "field_id": {"field_type": "prime_field", "parameters": core.Integer(prime)},
            "curve": {"a": (prime - 3).to_bytes(32, "big"), "b": b.to_bytes(32, "big")},
            "base": point,
            "order": order,
            "cofactor": 1,
        }
    )
    parameters = keys.ECDomainParameters("specified", domain)
    algorithm = {"algorithm": "ec", "parameters": parameters}
    info = keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(point)})

    def forge(octets: bytes) -> bytes:
        r = victim.x % order
        return encode_dss_signature(r, (int.from_bytes(hashlib.sha256(octets).digest(), "big") + r) % order)

    assert _with(pki, bytes(info.dump()), {"algorithm": "sha256_ecdsa"}, forge).intact is None


def _pss(salt: int, trailer: int = 1) -> Any:
    parameters = {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": salt,
        "trailer_field": trailer,
    }
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


def test_pss_salts_trailers_and_keys_that_are_for_it_alone(pki: ThrowawayPki) -> None:
    key = pki["agency"].key
    assert isinstance(key, rsa.RSAPrivateKey)

    def signing(salt: int) -> Sign:
        return lambda octets: key.sign(octets, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())

    assert _with(pki, _spki(key), _pss(0), signing(0)).intact is True
    assert _with(pki, _spki(key), _pss(32), signing(0)).intact is False
    assert _with(pki, _spki(key), _pss(32, 2), signing(32)).intact is None
    bare = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss"})
    assert _with(pki, _spki(key), bare, signing(32)).intact is False

    # RFC 4055, 1.2: such a key is for PSS, with that digest and no less salt.
    only = keys.PublicKeyInfo.load(_spki(key)).copy()
    only["algorithm"] = {"algorithm": "rsassa_pss"}
    tied = keys.PublicKeyInfo.load(_spki(key)).copy()
    tied["algorithm"] = {"algorithm": "rsassa_pss", "parameters": _pss(32)["parameters"]}
    for info in (only, tied):
        spki = bytes(info.dump(force=True))

        def plain(octets: bytes) -> bytes:
            return key.sign(octets, padding.PKCS1v15(), hashes.SHA256())

        assert _with(pki, spki, {"algorithm": "sha256_rsa"}, plain).intact is False
        assert _with(pki, spki, _pss(32), signing(32)).intact is True
    assert _with(pki, bytes(tied.dump(force=True)), _pss(16), signing(16)).intact is False
