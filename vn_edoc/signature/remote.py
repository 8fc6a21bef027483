"""Keys held by somebody else: a callback that signs a digest, and the CSC API (remote signing services).

SIM and SmartCA-style services sign the digest they are sent, after the signer has approved it on a telephone.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from vn_edoc.errors import LimitExceeded, SigningError, TransportError
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import CertifiedKey, default_scheme, hash_algorithm, load_certificates

__all__ = ["CallbackSigner", "CscSigner"]


class _Remote(CertifiedKey):
    """Certificate, chain and schemes; signing by digest is left to the service."""

    def __init__(self, certificate: bytes, chain: Iterable[bytes], algorithms: tuple[str, ...] | None) -> None:
        loaded = load_certificates(certificate)
        self._certificate = loaded[0]
        self._der = loaded[0].public_bytes(serialization.Encoding.DER)
        extra = [c.public_bytes(serialization.Encoding.DER) for c in loaded[1:]]
        self._chain = tuple(dict.fromkeys([*extra, *chain]))
        key = loaded[0].public_key()
        if isinstance(key, rsa.RSAPublicKey):
            able: tuple[str, ...] = ("pkcs1v15", "pss")
        elif isinstance(key, ec.EllipticCurvePublicKey):
            able = ("ecdsa",)
        else:
            raise SigningError("RSA or EC keys are needed", "cần khóa RSA hoặc EC", field="certificate")
        self._algorithms = tuple(a for a in (algorithms or able) if a in able) or able[:1]

    def sign(self, data: bytes, *, digest: str = "sha256", scheme: str | None = None) -> bytes:
        """See :meth:`~vn_edoc.signature.keys.Signer.sign`: only the digest leaves this machine."""
        chosen = default_scheme(self, scheme)
        hasher = hashes.Hash(hash_algorithm(digest))
        hasher.update(data)
        return self._sign_digest(hasher.finalize(), digest, chosen)

    def _sign_digest(self, value: bytes, digest: str, scheme: str) -> bytes:
        raise NotImplementedError


class CallbackSigner(_Remote):
    """A function signs the digest: ``function(value, digest, scheme) -> bytes``, ECDSA as DER."""

    def __init__(
        self,
        function: Callable[[bytes, str, str], bytes],
        certificate: bytes,
        *,
        chain: Iterable[bytes] = (),
        algorithms: tuple[str, ...] | None = ("pkcs1v15", "ecdsa"),
    ) -> None:
        """``certificate`` is PEM or DER. Exceptions of ``function`` become ``SigningError``."""
        super().__init__(certificate, chain, algorithms)
        self._function = function

    def _sign_digest(self, value: bytes, digest: str, scheme: str) -> bytes:
        try:
            signature = self._function(value, digest, scheme)
        except SigningError:
            raise
        except Exception as error:  # whatever the host's own client raises
            raise SigningError(
                f"the signing service failed: {type(error).__name__}: {error}",
                f"dịch vụ ký số báo lỗi: {error}",
                field="signer",
            ) from error
        if not isinstance(signature, bytes) or not signature:
            raise SigningError("the signing service gave no signature", "dịch vụ ký số không trả về chữ ký")
        return signature


_SIGNATURE_OID = {
    ("pkcs1v15", "sha256"): "1.2.840.113549.1.1.11",
    ("pkcs1v15", "sha384"): "1.2.840.113549.1.1.12",
    ("pkcs1v15", "sha512"): "1.2.840.113549.1.1.13",
    ("ecdsa", "sha256"): "1.2.840.10045.4.3.2",
    ("ecdsa", "sha384"): "1.2.840.10045.4.3.3",
    ("ecdsa", "sha512"): "1.2.840.10045.4.3.4",
}
_DIGEST_OID = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}


class CscSigner(_Remote):
    """A credential of a Cloud Signature Consortium service (API v1.0.4: credentials/info, signatures/signHash).

    How the user logs in and approves is the service's own matter: ``post`` sends JSON with the host's access token, and
    ``authorize`` obtains the signature activation data for one digest.
    """

    def __init__(
        self,
        url: str,
        credential: str,
        *,
        token: str,
        post: Callable[[str, bytes, dict[str, str]], bytes] | Fetcher,
        authorize: Callable[[str, str], str],
    ) -> None:
        """``url``: base such as ``https://service/csc/v1``. ``post(url, body, headers)`` or a fetcher carries the
        calls. ``authorize(credential, base64_digest)`` returns the SAD. ``SigningError`` for an unusable credential."""
        self._url = url.rstrip("/")
        self._credential = credential
        self._token = token
        self._post = post
        self._authorize = authorize
        about = self._call("credentials/info", {"credentialID": credential, "certificates": "chain"})
        try:
            certificates = [base64.b64decode(c, validate=True) for c in about["cert"]["certificates"]]
            enabled = about["key"]["status"] == "enabled"
            oids = set(about["key"].get("algo", ()))
        except (KeyError, TypeError, binascii.Error, AttributeError) as error:
            raise self._bad(f"credentials/info: {error}") from error
        if not certificates or not enabled:
            raise SigningError(
                "the credential is disabled or has no certificate", "tài khoản ký số bị khóa hoặc chưa có chứng thư"
            )
        schemes = tuple(
            s for s in ("pkcs1v15", "ecdsa") if {o for (k, _), o in _SIGNATURE_OID.items() if k == s} & oids
        )
        super().__init__(certificates[0], certificates[1:], schemes or ("pkcs1v15", "ecdsa"))

    def _sign_digest(self, value: bytes, digest: str, scheme: str) -> bytes:
        oid = _SIGNATURE_OID.get((scheme, digest))
        if oid is None:
            raise SigningError(
                f"{scheme} with {digest} is not asked of CSC services here",
                f"không dùng {scheme} với {digest} qua dịch vụ CSC",
                field="scheme",
            )
        encoded = base64.b64encode(value).decode()
        activation = self._authorize(self._credential, encoded)
        answer = self._call(
            "signatures/signHash",
            {
                "credentialID": self._credential,
                "SAD": activation,
                "hash": [encoded],
                "hashAlgo": _DIGEST_OID[digest],
                "signAlgo": oid,
            },
        )
        try:
            (signature,) = answer["signatures"]
            return base64.b64decode(signature, validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise self._bad(f"signatures/signHash: {error}") from error

    def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._url}/{method}"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        octets = json.dumps(body).encode()
        try:
            if callable(self._post):
                raw = self._post(url, octets, headers)
            else:
                raw = self._post.post(url, octets, "application/json")
            answer = json.loads(raw)
        except (TransportError, LimitExceeded) as error:
            raise SigningError(
                f"the signing service cannot be reached: {error}", f"không kết nối được dịch vụ ký số: {error}"
            ) from error
        except ValueError as error:
            raise self._bad(f"{method}: {error}") from error
        if not isinstance(answer, dict) or "error" in answer:
            text = answer.get("error_description") or answer.get("error") if isinstance(answer, dict) else "?"
            raise SigningError(f"the signing service refused: {text}", f"dịch vụ ký số từ chối: {text}", field="signer")
        return answer

    def _bad(self, text: str) -> SigningError:
        return SigningError(
            f"the signing service answered wrongly: {text}", f"dịch vụ ký số trả lời sai: {text}", field="signer"
        )
