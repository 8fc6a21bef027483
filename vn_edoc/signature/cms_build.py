"""Building CMS SignedData with the attributes of CAdES and PAdES baseline (EN 319 122-1, EN 319 142-1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from vn_edoc.errors import SigningError
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.der import tlv
from vn_edoc.signature.keys import Signer, default_scheme, hash_algorithm
from vn_edoc.signature.primitives import UnsupportedScheme, scheme_of, verify
from vn_edoc.signature.signed_data import FOREIGN
from vn_edoc.signature.timestamps import TimeStamper

__all__ = ["add_unsigned", "asn1_digest", "build", "size_of", "stamp_signature"]

_TOKEN_BYTES = 12_288
"""Room for one time-stamp token with its chain; tokens seen are 2 to 4 KB."""
_DATA = "1.2.840.113549.1.7.1"


def asn1_digest(digest: str) -> str:
    """asn1crypto's name of a digest: ``sha3-256`` is ``sha3_256`` there."""
    hash_algorithm(digest)
    return digest.replace("-", "_")


_SEQUENCE, _SET, _INTEGER, _OCTETS = 0x30, 0x31, 0x02, 0x04


@lru_cache(maxsize=64)
def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


@lru_cache(maxsize=32)
def _digest_algorithm(name: str) -> bytes:
    return bytes(algos.DigestAlgorithm({"algorithm": name}).dump())


@lru_cache(maxsize=32)
def signature_algorithm(scheme: str, digest: str) -> Any:
    """AlgorithmIdentifier of a scheme and digest; ``SigningError`` where no identifier exists for both."""
    name = asn1_digest(digest)
    if scheme == "pss":
        size = hash_algorithm(digest).digest_size
        return algos.SignedDigestAlgorithm(
            {
                "algorithm": "rsassa_pss",
                "parameters": algos.RSASSAPSSParams(
                    {
                        "hash_algorithm": algos.DigestAlgorithm({"algorithm": name}),
                        "mask_gen_algorithm": algos.MaskGenAlgorithm(
                            {"algorithm": "mgf1", "parameters": algos.DigestAlgorithm({"algorithm": name})}
                        ),
                        "salt_length": size,
                        "trailer_field": 1,
                    }
                ),
            }
        )
    suffix = "rsa" if scheme == "pkcs1v15" else "ecdsa"
    try:
        return algos.SignedDigestAlgorithm({"algorithm": f"{name}_{suffix}"})
    except FOREIGN as error:
        raise SigningError(
            f"there is no identifier for {scheme} with {digest}: use PSS or another digest",
            f"không có mã nhận diện cho {scheme} với {digest}: dùng PSS hoặc hàm băm khác",
            field="digest",
            value=digest,
        ) from error


def _attribute(oid: str, value: bytes) -> bytes:
    return tlv(_SEQUENCE, _oid(oid), tlv(_SET, value))


@lru_cache(maxsize=64)
def _signing_certificate(der: bytes, name: str) -> bytes:
    """ESS signing-certificate-v2 (RFC 5035)."""
    certificate = parse_certificate(der)
    identifier: dict[str, Any] = {
        "cert_hash": hashlib.new(name, der).digest(),
        "issuer_serial": {
            "issuer": [x509.GeneralName({"directory_name": certificate.issuer})],
            "serial_number": certificate.serial_number,
        },
    }
    if name != "sha256":
        identifier["hash_algorithm"] = algos.DigestAlgorithm({"algorithm": name})
    return bytes(tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identifier)]}).dump())


def _protection(name: str, algorithm: bytes) -> bytes:
    """CMSAlgorithmProtection (RFC 6211): SEQUENCE { digest, [1] signature algorithm }."""
    return tlv(_SEQUENCE, _digest_algorithm(name), b"\xa1" + algorithm[1:])


def build(
    content_digest: bytes,
    signer: Signer,
    *,
    digest: str = "sha256",
    scheme: str | None = None,
    signing_time: datetime | None = None,
    content: bytes | None = None,
    chain: Iterable[bytes] = (),
) -> Any:
    """A SignedData ContentInfo (asn1crypto). ``content`` makes it attached; ``signing_time`` is for CAdES, PAdES leaves
    it out (EN 319 142-1, 6.3). The value is verified before it is returned: a token that signs with another key than
    its certificate's is found here and not by the receiver."""
    chosen = default_scheme(signer, scheme)
    name = asn1_digest(digest)
    algorithm = signature_algorithm(chosen, digest)
    algorithm_der = bytes(algorithm.dump())
    attributes = [
        _attribute("1.2.840.113549.1.9.3", _oid(_DATA)),
        _attribute("1.2.840.113549.1.9.4", tlv(_OCTETS, content_digest)),
        _attribute("1.2.840.113549.1.9.16.2.47", _signing_certificate(signer.certificate_der, name)),
        _attribute("1.2.840.113549.1.9.52", _protection(name, algorithm_der)),
    ]
    if signing_time is not None:
        moment = signing_time.astimezone(UTC).replace(microsecond=0)
        kind = "utc_time" if 1950 <= moment.year < 2050 else "general_time"
        attributes.append(_attribute("1.2.840.113549.1.9.5", bytes(cms.Time({kind: moment}).dump())))
    octets = tlv(_SET, *sorted(attributes))
    value = signer.sign(octets, digest=digest, scheme=chosen)
    certificate = parse_certificate(signer.certificate_der)
    try:
        good = verify(certificate.public_key.dump(), value, octets, scheme_of(algorithm, name))
    except UnsupportedScheme as error:
        raise SigningError(
            f"the signature cannot be checked: {error}", f"không kiểm tra được chữ ký: {error}"
        ) from error
    if not good:
        raise SigningError(
            "the signature does not verify with the certificate's key",
            "chữ ký vừa tạo không khớp với khóa trong chứng thư số",
            field="signer",
            rule="TT 15/2025/TT-BKHCN, Điều 6",
        )
    certificates = sorted(dict.fromkeys((signer.certificate_der, *signer.chain, *chain)))
    tbs = certificate["tbs_certificate"]
    info = tlv(
        _SEQUENCE,
        tlv(_INTEGER, b"\x01"),
        tlv(_SEQUENCE, bytes(tbs["issuer"].dump()), bytes(tbs["serial_number"].dump())),
        _digest_algorithm(name),
        b"\xa0" + octets[1:],
        algorithm_der,
        tlv(_OCTETS, value),
    )
    inside = () if content is None else (tlv(0xA0, tlv(_OCTETS, content)),)
    data = tlv(
        _SEQUENCE,
        tlv(_INTEGER, b"\x01"),
        tlv(_SET, _digest_algorithm(name)),
        tlv(_SEQUENCE, _oid(_DATA), *inside),
        tlv(0xA0, *certificates),
        tlv(_SET, info),
    )
    return cms.ContentInfo.load(tlv(_SEQUENCE, _oid("1.2.840.113549.1.7.2"), tlv(0xA0, data)))


def stamp_signature(info: Any, timestamper: TimeStamper, digest: str = "sha256") -> bytes:
    """Add a time-stamp over the signature value (level T) and return the token."""
    value = info["content"]["signer_infos"][0]["signature"].native
    token = timestamper.stamp(hashlib.new(asn1_digest(digest), value).digest(), asn1_digest(digest))
    try:
        parsed = cms.ContentInfo.load(token, strict=True)
        parsed["content"]["encap_content_info"]["content_type"].native  # noqa: B018
    except FOREIGN as error:
        raise SigningError(
            f"the time-stamper gave no token: {error}", f"không nhận được dấu thời gian: {error}", field="timestamper"
        ) from error
    add_unsigned(info, "signature_time_stamp_token", parsed)
    return token


def add_unsigned(info: Any, kind: str, value: Any) -> None:
    """Add an unsigned attribute to the one signer."""
    signer = info["content"]["signer_infos"][0]
    present = list(signer["unsigned_attrs"] or ()) if signer["unsigned_attrs"].native is not None else []
    signer["unsigned_attrs"] = cms.CMSAttributes([*present, cms.CMSAttribute({"type": kind, "values": [value]})])


def add_validation_data(
    info: Any, certificates: Iterable[bytes], crls: Iterable[bytes], ocsps: Iterable[bytes]
) -> None:
    """Level LT: certificates into SignedData.certificates, CRLs and OCSP responses into SignedData.crls (RFC 5652,
    RFC 5940), as EN 319 122-1 clause 5.5.3 prescribes."""
    data = info["content"]
    present = [c.chosen.dump() for c in data["certificates"]]
    data["certificates"] = [parse_certificate(d) for d in dict.fromkeys((*present, *certificates))]
    choices: list[Any] = []
    from asn1crypto import crl as asn1_crl
    from asn1crypto import ocsp as asn1_ocsp

    choices += [cms.RevocationInfoChoice({"crl": asn1_crl.CertificateList.load(d)}) for d in crls]
    for der in ocsps:
        other = cms.OtherRevocationInfoFormat(
            {
                "other_rev_info_format": "ocsp_response",
                "other_rev_info": asn1_ocsp.OCSPResponse.load(der),
            }
        )
        choices.append(cms.RevocationInfoChoice({"other": other}))
    if choices:
        data["crls"] = cms.RevocationInfoChoices(choices)
        data["version"] = "v5" if list(ocsps) else data["version"].native


def size_of(signer: Signer, chain: Iterable[bytes], *, stamped: bool) -> int:
    """Upper estimate of the DER size of the CMS, for the place reserved in a PDF."""
    certificates = sum(len(d) for d in dict.fromkeys((signer.certificate_der, *signer.chain, *chain)))
    return 2_048 + certificates + (_TOKEN_BYTES if stamped else 0)
