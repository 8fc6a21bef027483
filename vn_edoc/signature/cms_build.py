"""Building CMS SignedData with the attributes of CAdES and PAdES baseline (EN 319 122-1, EN 319 142-1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from vn_edoc.errors import SigningError
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.keys import Signer, default_scheme, hash_algorithm
from vn_edoc.signature.primitives import UnsupportedScheme, scheme_of, verify
from vn_edoc.signature.signed_data import FOREIGN
from vn_edoc.signature.timestamps import TimeStamper

__all__ = ["add_unsigned", "asn1_digest", "build", "size_of", "stamp_signature"]

_TOKEN_BYTES = 12_288
"""Room for one time-stamp token with its chain; tokens seen are 2 to 4 KB."""
_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
_CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"


def asn1_digest(digest: str) -> str:
    """asn1crypto's name of a digest: ``sha3-256`` is ``sha3_256`` there."""
    hash_algorithm(digest)
    return digest.replace("-", "_")


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


def _attribute(kind: str, value: Any) -> Any:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _signing_certificate(der: bytes, digest: str) -> Any:
    certificate = parse_certificate(der)
    name = asn1_digest(digest)
    identifier: dict[str, Any] = {
        "cert_hash": hashlib.new(name, der).digest(),
        "issuer_serial": {
            "issuer": [x509.GeneralName({"directory_name": certificate.issuer})],
            "serial_number": certificate.serial_number,
        },
    }
    if name != "sha256":
        identifier["hash_algorithm"] = algos.DigestAlgorithm({"algorithm": name})
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(identifier)]})


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
    attributes = [
        _attribute("content_type", "data"),
        _attribute("message_digest", content_digest),
        _attribute("signing_certificate_v2", _signing_certificate(signer.certificate_der, digest)),
        _attribute(
            "cms_algorithm_protection",
            cms.CMSAlgorithmProtection(
                {
                    "digest_algorithm": algos.DigestAlgorithm({"algorithm": name}),
                    "signature_algorithm": algorithm,
                }
            ),
        ),
    ]
    if signing_time is not None:
        moment = signing_time.astimezone(UTC).replace(microsecond=0)
        kind = "utc_time" if 1950 <= moment.year < 2050 else "general_time"
        attributes.append(_attribute("signing_time", cms.Time({kind: moment})))
    signed = cms.CMSAttributes(attributes)
    octets = signed.dump()
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
    certificates = dict.fromkeys((signer.certificate_der, *signer.chain, *chain))
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": name}),
            "signed_attrs": signed,
            "signature_algorithm": algorithm,
            "signature": value,
        }
    )
    inside: dict[str, Any] = {"content_type": "data"}
    if content is not None:
        inside["content"] = core.OctetString(content)
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": name})],
            "encap_content_info": inside,
            "certificates": [parse_certificate(der) for der in certificates],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


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
    signer["unsigned_attrs"] = cms.CMSAttributes([*present, _attribute(kind, value)])


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
