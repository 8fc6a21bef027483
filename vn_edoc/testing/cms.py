"""CMS SignedData with one signer, right or wrong on purpose: time-stamp tokens, PDF signatures and ``.p7s`` files.

This is not the library's signer. It signs with any key, at any claimed time, with or without the attributes that the
standards ask for, and gives the same bytes for the same input (but for PSS, whose salt is random).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from vn_edoc.errors import UsageError
from vn_edoc.testing.keys import PrivateKey, rsa_sha1_signature

__all__ = ["CmsForm", "Digest", "Scheme", "signed_data"]

Digest = Literal["sha1", "sha256", "sha384", "sha512"]
"""Names of digests."""
Scheme = Literal["pkcs1v15", "pss"]
"""How an RSA key signs; EC keys sign by ECDSA."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsForm:
    """Of what a SignedData is made. The defaults are those of CAdES baseline B."""

    digest: Digest = "sha256"
    """Digest of content and attributes."""
    scheme: Scheme = "pkcs1v15"
    """How an RSA key signs."""
    signing_time: datetime | None = None
    """The signing-time attribute; ``None``: none, as PAdES wants it."""
    signing_certificate: bool = True
    """Carry signing-certificate-v2 (RFC 5035)."""
    certificate_digest: bytes | None = None
    """The hash in signing-certificate-v2, where it shall be wrong."""
    message_digest: bytes | None = None
    """The message-digest attribute, where it shall be wrong."""
    break_signature: bool = False
    """Flip a bit of the signature value."""
    signers: int = 1
    """SignerInfos, all by the same signer; PDF allows one."""
    odd_attribute: bool = False
    """Carry an unsigned attribute whose value is text and no DER, as older official tools wrote it."""
    indefinite: bool = False
    """Outer levels in BER with indefinite length, as older official tools wrote them."""


def sign(key: PrivateKey, message: bytes, digest: Digest = "sha256", scheme: Scheme = "pkcs1v15") -> tuple[Any, bytes]:
    """The AlgorithmIdentifier and the signature over ``message``; RSA, or deterministic ECDSA."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if digest == "sha1":
            raise UsageError("EC keys sign with SHA-2 here", "khóa EC chỉ ký với SHA-2", field="digest", value=digest)
        algorithm = algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})
        return algorithm, key.sign(message, ec.ECDSA(_HASHES[digest], deterministic_signing=True))
    assert isinstance(key, rsa.RSAPrivateKey)
    if digest == "sha1":
        return algos.SignedDigestAlgorithm({"algorithm": "sha1_rsa"}), rsa_sha1_signature(key, message)
    chosen = _HASHES[digest]
    if scheme == "pkcs1v15":
        algorithm = algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"})
        return algorithm, key.sign(message, padding.PKCS1v15(), chosen)
    parameters = {
        "hash_algorithm": {"algorithm": digest},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": digest}},
        "salt_length": chosen.digest_size,
    }
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    return algorithm, key.sign(message, padding.PSS(padding.MGF1(chosen), chosen.digest_size), chosen)


def signed_data(
    content: bytes,
    *,
    key: PrivateKey,
    certificate: bytes,
    embed: Sequence[bytes],
    form: CmsForm | None = None,
    content_type: str = "data",
    detached: bool = True,
    stamp: Any = None,
) -> bytes:
    """A ContentInfo (DER) with SignedData over ``content`` by the holder of ``certificate`` (DER).

    ``embed`` are the certificates (DER) put into it. ``stamp`` is called with the signature value and gives a
    time-stamp token for it, ``None``: none.
    """
    form = form or CmsForm()
    holder = asn1_x509.Certificate.load(certificate)
    digest = form.message_digest or hashlib.new(form.digest, content, usedforsecurity=False).digest()
    attributes: list[dict[str, Any]] = [
        {"type": "content_type", "values": [content_type]},
        {"type": "message_digest", "values": [digest]},
    ]
    if form.signing_time is not None:
        moment = form.signing_time.astimezone(UTC).replace(microsecond=0)
        attributes.append({"type": "signing_time", "values": [cms.Time("utc_time", core.UTCTime(moment))]})
    if form.signing_certificate:
        identifier = form.certificate_digest or hashlib.sha256(certificate).digest()
        ess = tsp.ESSCertIDv2({"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": identifier})
        value = tsp.SigningCertificateV2({"certs": [ess]})
        attributes.append({"type": "signing_certificate_v2", "values": [value]})
    signed_attributes = cms.CMSAttributes(attributes)
    algorithm, signature = sign(key, signed_attributes.dump(), form.digest, form.scheme)
    if form.break_signature:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": holder.issuer, "serial_number": holder.serial_number}
            ),
            "digest_algorithm": {"algorithm": form.digest},
            "signed_attrs": signed_attributes,
            "signature_algorithm": algorithm,
            "signature": signature,
        }
    )
    unsigned = [_ODD_ATTRIBUTE] if form.odd_attribute else []
    if stamp is not None:
        token = cms.ContentInfo.load(stamp(signature))
        unsigned.append(cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]}).dump())
    signer_der = bytes(signer.dump())
    if unsigned:
        signer_der = _sequence(bytes(core.Sequence.load(signer_der).contents) + _tagged(0xA1, b"".join(unsigned)))
    encapsulated: dict[str, Any] = {"content_type": content_type}
    if not detached:
        octets = core.OctetString if content_type == "data" else core.ParsableOctetString
        encapsulated["content"] = octets(content)
    signed: dict[str, Any] = {
        "version": "v1" if content_type == "data" else "v3",
        "digest_algorithms": [{"algorithm": form.digest}],
        "encap_content_info": encapsulated,
        "signer_infos": [],
    }
    if embed:
        signed["certificates"] = [
            cms.CertificateChoices("certificate", asn1_x509.Certificate.load(der)) for der in embed
        ]
    # What stands after the empty set of signers is put together by hand: an odd attribute fits no ASN.1 library.
    head = bytes(core.Sequence.load(cms.SignedData(signed).dump()).contents)[:-2]
    content_info = bytes(core.ObjectIdentifier("1.2.840.113549.1.7.2").dump())
    body = head + _tagged(0x31, signer_der * form.signers)
    if form.indefinite:
        return b"\x30\x80" + content_info + b"\xa0\x80\x30\x80" + body + bytes(6)
    return _sequence(content_info + _tagged(0xA0, _sequence(body)))


_ODD_VALUE = b"This value is plain text, as if a program had written a note into the attribute"


def _tagged(tag: int, content: bytes) -> bytes:
    """Content with a tag and a definite length."""
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


_ODD_ATTRIBUTE = _sequence(
    bytes(core.ObjectIdentifier("1.2.840.113549.1.9.16.2.10").dump()) + _tagged(0x31, _ODD_VALUE)
)
