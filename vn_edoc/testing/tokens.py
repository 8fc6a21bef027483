"""Time-stamp tokens (RFC 3161) and OCSP responses (RFC 6960), signed for any moment by any throwaway key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import cms, core, ocsp, tsp
from asn1crypto import x509 as asn1_x509

from vn_edoc.testing.cms import sign, signed_data
from vn_edoc.testing.keys import PrivateKey

__all__ = ["TSA_POLICY", "ocsp_response", "timestamp_reply", "timestamp_token"]

TSA_POLICY = "2.999.704.1.2"
"""Policy of the test TSA, below the arc of examples (ITU-T X.660)."""


def timestamp_token(
    digest: bytes,
    moment: datetime,
    *,
    key: PrivateKey,
    certificate: bytes,
    algorithm: str = "sha256",
    nonce: int | None = None,
    embed: Sequence[bytes] | None = None,
    policy: str = TSA_POLICY,
) -> bytes:
    """The token (DER of a CMS SignedData) that says ``digest`` existed at ``moment``.

    ``certificate`` is the TSA's (DER), ``embed`` the certificates put into the token: the TSA's own unless given.
    The serial number is drawn from digest, moment and nonce, so that the same request gives the same token.
    """
    drawn = hashlib.sha256(digest + moment.isoformat().encode() + str(nonce).encode()).digest()
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": policy,
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
            "serial_number": int.from_bytes(drawn[:8], "big"),
            "gen_time": moment.astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
        }
    )
    if nonce is not None:
        info["nonce"] = nonce
    return signed_data(
        bytes(info.dump()),
        key=key,
        certificate=certificate,
        embed=[certificate] if embed is None else embed,
        content_type="tst_info",
        detached=False,
    )


def timestamp_reply(token: bytes | None) -> bytes:
    """The TimeStampResp that carries ``token``; without one, a rejection (``badDataFormat``)."""
    if token is None:
        # RFC 3161 2.4.2 makes the token optional; asn1crypto's TimeStampResp does not.
        status = _der(tsp.PKIStatusInfo({"status": "rejection", "fail_info": {"bad_data_format"}}))
        return bytes((0x30, len(status))) + status
    return _der(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}))


def ocsp_response(
    *,
    certificate: bytes,
    issuer: bytes,
    moment: datetime,
    lasts: timedelta,
    key: PrivateKey,
    responder: bytes,
    revoked: tuple[datetime, str] | None = None,
    unknown: bool = False,
    nonce: bytes | None = None,
    algorithm: str = "sha1",
) -> bytes:
    """A successful OCSP response (DER) on ``certificate``: good, revoked (moment and reason) or unknown.

    ``responder`` is the certificate (DER) of the holder of ``key`` and goes into the response.
    """
    subject, authority = _certificate(certificate), _certificate(issuer)
    status: Any
    if unknown:
        status = ocsp.CertStatus("unknown", core.Null())
    elif revoked is not None:
        status = ocsp.CertStatus("revoked", {"revocation_time": revoked[0], "revocation_reason": revoked[1]})
    else:
        status = ocsp.CertStatus("good", core.Null())
    digest = hashlib.new(algorithm, usedforsecurity=False)
    name_hash, key_hash = digest.copy(), digest.copy()
    name_hash.update(authority.subject.dump())
    key_hash.update(bytes(authority.public_key["public_key"]))
    answer = {
        "cert_id": {
            "hash_algorithm": {"algorithm": algorithm},
            "issuer_name_hash": name_hash.digest(),
            "issuer_key_hash": key_hash.digest(),
            "serial_number": subject.serial_number,
        },
        "cert_status": status,
        "this_update": moment,
        "next_update": moment + lasts,
    }
    holder = _certificate(responder)
    key_id = hashlib.sha1(bytes(holder.public_key["public_key"]), usedforsecurity=False).digest()
    data = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId("by_key", core.OctetString(key_id)),
            "produced_at": moment,
            "responses": [answer],
        }
    )
    if nonce is not None:
        data["response_extensions"] = [{"extn_id": "nonce", "extn_value": core.OctetString(nonce)}]
    signature_algorithm, signature = sign(key, data.dump())
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": signature_algorithm,
            "signature": signature,
            "certs": [holder],
        }
    )
    return _der(
        ocsp.OCSPResponse(
            {
                "response_status": "successful",
                "response_bytes": {
                    "response_type": "basic_ocsp_response",
                    "response": core.ParsableOctetString(basic.dump()),
                },
            }
        )
    )


def _certificate(der: bytes) -> Any:
    return asn1_x509.Certificate.load(der)


def _der(value: Any) -> bytes:
    return bytes(value.dump())
