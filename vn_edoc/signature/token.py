"""Keys on PKCS#11 tokens: USB tokens, HSMs, SoftHSM. Needs the extra ``pkcs11``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.signature.keys import CertifiedKey, default_scheme, hash_algorithm, load_certificates

__all__ = ["Pkcs11Signer"]

# DigestInfo prefixes of RFC 8017, 9.2, for tokens that only have the raw mechanism.
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


def _same(a: str, b: str) -> bool:
    """Labels are compared as people read them: Vietnamese marks composed or not."""
    return unicodedata.normalize("NFC", a).strip() == unicodedata.normalize("NFC", b).strip()


class Pkcs11Signer(CertifiedKey):
    """A key on a token. The session is opened once; calls are serialised, as most tokens need it. A context manager."""

    def __init__(
        self,
        module: str | Path,
        pin: str,
        *,
        token: str | None = None,
        label: str | None = None,
        key_id: bytes | None = None,
        certificate: bytes | None = None,
        chain: Iterable[bytes] = (),
    ) -> None:
        """``module``: the vendor's library. ``token``: label of the token (the only one if ``None``). ``label`` or
        ``key_id`` choose the key. ``certificate`` is read from the token unless given. The PIN is not kept. A login
        holds for the whole process: of several keys on one token the one opened first is closed last.

        ``SigningError`` for a missing module or token, a wrong or locked PIN, a key or certificate that is not there.
        """
        try:
            import pkcs11
            from pkcs11 import exceptions
        except ImportError:
            raise SigningError(
                "PKCS#11 tokens need the extra vn-edoc[pkcs11]", "dùng thiết bị PKCS#11 cần cài thêm vn-edoc[pkcs11]"
            ) from None
        self._pkcs11 = pkcs11
        self._lock = Lock()
        try:
            library = pkcs11.lib(str(module))
            found = _token(pkcs11, library, token)
            try:
                self._session = found.open(user_pin=pin)
            except exceptions.UserAlreadyLoggedIn:
                # A login holds for the whole process: another key of this token is in use.
                self._session = found.open()
        except exceptions.PinLocked as error:
            raise SigningError("the PIN is locked", "mã PIN đã bị khóa", field="pin") from error
        except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
            raise SigningError("wrong PIN", "sai mã PIN", field="pin") from error
        except (exceptions.PKCS11Error, RuntimeError, OSError) as error:
            raise SigningError(
                f"the token cannot be opened: {type(error).__name__} {error}".rstrip(),
                "không mở được thiết bị chứa khóa",
                field="module",
                value=str(module),
            ) from error
        try:
            self._key = self._find_key(label, key_id)
            self._certificate = self._find_certificate(certificate, label)
        except exceptions.PKCS11Error as error:
            self.close()
            raise SigningError(
                f"the token cannot be read: {type(error).__name__} {error}", "không đọc được thiết bị", field="token"
            ) from error
        except SigningError:
            self.close()
            raise
        self._der = self._certificate.public_bytes(serialization.Encoding.DER)
        self._chain = tuple(chain)
        kind = self._key[pkcs11.Attribute.KEY_TYPE]
        self._algorithms: tuple[str, ...] = ("ecdsa",) if kind == pkcs11.KeyType.EC else ("pkcs1v15", "pss")

    def _find_key(self, label: str | None, key_id: bytes | None) -> Any:
        keys = list(self._session.get_objects({self._pkcs11.Attribute.CLASS: self._pkcs11.ObjectClass.PRIVATE_KEY}))
        if key_id is not None:
            keys = [k for k in keys if bytes(k[self._pkcs11.Attribute.ID]) == key_id]
        if label is not None:
            keys = [k for k in keys if _same(str(k[self._pkcs11.Attribute.LABEL]), label)]
        if len(keys) != 1:
            raise SigningError(
                f"{len(keys)} private keys on the token match; exactly one is needed",
                f"có {len(keys)} khóa bí mật phù hợp trên thiết bị; cần đúng một khóa",
                field="label",
                value=label,
            )
        return keys[0]

    def _find_certificate(self, given: bytes | None, label: str | None) -> x509.Certificate:
        if given is not None:
            return load_certificates(given)[0]
        attribute = self._pkcs11.Attribute
        stored = list(self._session.get_objects({attribute.CLASS: self._pkcs11.ObjectClass.CERTIFICATE}))
        key_id = bytes(self._key[attribute.ID] or b"")
        matching = [c for c in stored if key_id and bytes(c[attribute.ID] or b"") == key_id]
        if not matching and label is not None:
            matching = [c for c in stored if _same(str(c[attribute.LABEL]), label)]
        if not matching:
            raise SigningError(
                "the key's certificate is not on the token: give it",
                "thiết bị không có chứng thư số của khóa: cần cung cấp tệp chứng thư",
                field="certificate",
            )
        return load_certificates(bytes(matching[0][attribute.VALUE]))[0]

    def sign(self, data: bytes, *, digest: str = "sha256", scheme: str | None = None) -> bytes:
        """See :meth:`~vn_edoc.signature.keys.Signer.sign`. The digest is made here, the token signs it."""
        chosen = default_scheme(self, scheme)
        algorithm = hash_algorithm(digest)
        if digest not in _DIGEST_INFO:
            raise UsageError(
                f"tokens sign SHA-2 digests here, not {digest}", f"thiết bị ở đây chỉ ký SHA-2, không ký {digest}",
                field="digest", value=digest,
            )  # fmt: skip
        hasher = hashes.Hash(algorithm)
        hasher.update(data)
        value = hasher.finalize()
        mechanism = self._pkcs11.Mechanism
        try:
            with self._lock:
                if chosen == "ecdsa":
                    raw = bytes(self._key.sign(value, mechanism=mechanism.ECDSA))
                    half = len(raw) // 2
                    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
                if chosen == "pss":
                    hash_mechanism = getattr(mechanism, digest.upper())
                    mask = getattr(self._pkcs11.MGF, digest.upper())
                    parameters = (hash_mechanism, mask, algorithm.digest_size)
                    return bytes(self._key.sign(value, mechanism=mechanism.RSA_PKCS_PSS, mechanism_param=parameters))
                return bytes(self._key.sign(_DIGEST_INFO[digest] + value, mechanism=mechanism.RSA_PKCS))
        except self._pkcs11.exceptions.PKCS11Error as error:
            raise SigningError(
                f"the token refused to sign: {type(error).__name__} {error}".rstrip(),
                "thiết bị từ chối ký",
                field="token",
            ) from error

    def close(self) -> None:
        """Log out and close the session."""
        try:
            self._session.close()
        except self._pkcs11.exceptions.PKCS11Error:
            return

    def __enter__(self) -> Pkcs11Signer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _token(pkcs11: Any, library: Any, label: str | None) -> Any:
    tokens = [slot.get_token() for slot in library.get_slots(token_present=True)]
    tokens = [t for t in tokens if t.label and (label is None or _same(str(t.label), label))]
    if len(tokens) != 1:
        raise SigningError(
            f"{len(tokens)} tokens match; exactly one is needed",
            f"có {len(tokens)} thiết bị phù hợp; cần đúng một thiết bị",
            field="token",
            value=label,
        )
    return tokens[0]
