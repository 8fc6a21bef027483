"""The one seam through which PDF, CMS and XML are signed: :class:`Signer`.

Keys are loaded and checked once, when the signer is made (checking an RSA key costs tens of milliseconds, signing with
it a third of one). Tokens and remote services live in modules of their own behind the same seam.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from vn_edoc._files import read_file
from vn_edoc.errors import SigningError, SourceError, UsageError

__all__ = ["DIGESTS", "PemSigner", "Pkcs12Signer", "Signer", "SoftwareSigner", "default_scheme"]

DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3-256": hashes.SHA3_256,
    "sha3-384": hashes.SHA3_384,
    "sha3-512": hashes.SHA3_512,
}
"""Digests that may be used for new signatures (TT 15/2025/TT-BKHCN, Phụ lục I)."""


@runtime_checkable
class Signer(Protocol):
    """Something that holds a private key and signs octets with it. Implementations are thread-safe."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate, parsed."""
        ...

    @property
    def certificate_der(self) -> bytes:
        """The signer's certificate, DER."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Further certificates of the path as far as known, DER, the issuer first."""
        ...

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Schemes that :meth:`sign` takes, the default first: of ``pkcs1v15``, ``pss``, ``ecdsa``."""
        ...

    def sign(self, data: bytes, *, digest: str = "sha256", scheme: str | None = None) -> bytes:
        """Sign octets (not their digest): RSA as a big-endian integer, ECDSA as DER ``Ecdsa-Sig-Value``.

        PSS uses MGF1 with the same digest and a salt as long as the digest. ``scheme=None`` takes the first of
        ``algorithms``. Raises :class:`~vn_edoc.errors.SigningError` when the key or token refuses,
        :class:`~vn_edoc.errors.UsageError` for an unknown digest or scheme.
        """
        ...


def default_scheme(signer: Signer, scheme: str | None) -> str:
    """``scheme`` or the signer's first; ``UsageError`` if the signer cannot do it."""
    chosen = scheme or signer.algorithms[0]
    if chosen not in signer.algorithms:
        raise UsageError(
            f"this key signs with {', '.join(signer.algorithms)}, not with {chosen!r}",
            f"khóa này ký bằng {', '.join(signer.algorithms)}, không ký bằng {chosen!r}",
            field="scheme",
            value=chosen,
        )
    return chosen


def hash_algorithm(digest: str) -> hashes.HashAlgorithm:
    """The hash object of a digest name; ``UsageError`` for one that may not be used for new signatures."""
    factory = DIGESTS.get(digest)
    if factory is None:
        raise UsageError(
            f"digest {digest!r} may not be used for new signatures; use one of {', '.join(DIGESTS)}",
            f"hàm băm {digest!r} không được dùng cho chữ ký mới; dùng một trong {', '.join(DIGESTS)}",
            field="digest",
            value=digest,
            rule="TT 15/2025/TT-BKHCN, Phụ lục I",
        )
    return factory()


class CertifiedKey:
    """What every signer of this library has: certificate, chain and schemes. Signing is left to where the key is."""

    _certificate: x509.Certificate
    _der: bytes
    _chain: tuple[bytes, ...]
    _algorithms: tuple[str, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        return self._certificate

    @property
    def certificate_der(self) -> bytes:
        """The signer's certificate, DER."""
        return self._der

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Further certificates, DER."""
        return self._chain

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Schemes of this key, the default first."""
        return self._algorithms


class SoftwareSigner(CertifiedKey):
    """A key in memory with its certificate. Use :class:`PemSigner` or :class:`Pkcs12Signer` to load one."""

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Iterable[x509.Certificate] = (),
    ) -> None:
        """``SigningError`` if key and certificate do not belong together or the key is of another kind."""
        if isinstance(key, rsa.RSAPrivateKey):
            self._algorithms = ("pkcs1v15", "pss")
        elif isinstance(key, ec.EllipticCurvePrivateKey):
            self._algorithms = ("ecdsa",)
        else:
            raise SigningError(
                f"keys of type {type(key).__name__} are not used for these signatures: RSA or EC is needed",
                f"loại khóa {type(key).__name__} không dùng được cho chữ ký này: cần khóa RSA hoặc EC",
                field="key",
            )
        spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        try:
            same = certificate.public_key().public_bytes(*spki) == key.public_key().public_bytes(*spki)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise SigningError(
                f"the certificate's public key cannot be read: {error}",
                f"không đọc được khóa công khai trong chứng thư số: {error}",
                field="certificate",
            ) from error
        if not same:
            raise SigningError(
                "the private key does not belong to the certificate",
                "khóa bí mật không tương ứng với chứng thư số",
                field="certificate",
                rule="TT 15/2025/TT-BKHCN, Điều 6",
            )
        self._key = key
        self._certificate = certificate
        self._der = certificate.public_bytes(serialization.Encoding.DER)
        self._chain = tuple(
            der for der in (c.public_bytes(serialization.Encoding.DER) for c in chain) if der != self._der
        )

    def sign(self, data: bytes, *, digest: str = "sha256", scheme: str | None = None) -> bytes:
        """See :meth:`Signer.sign`."""
        algorithm = hash_algorithm(digest)
        chosen = default_scheme(self, scheme)
        try:
            if isinstance(self._key, ec.EllipticCurvePrivateKey):
                return self._key.sign(data, ec.ECDSA(algorithm))
            if chosen == "pss":
                return self._key.sign(data, padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm)
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise SigningError(f"the key refused to sign: {error}", f"khóa không ký được: {error}") from error

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._certificate.subject.rfc4514_string()}>"


_FILE_BYTES = 4 * 1024 * 1024
"""Far more than a key with its certificates takes."""


def _octets(source: bytes | str | Path, field: str) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return read_file(source, _FILE_BYTES)
    except OSError as error:
        raise SourceError(
            f"the {field} file cannot be read: {error}", f"không đọc được tệp {field}: {error}", field=field
        ) from error


class PemSigner(SoftwareSigner):
    """A private key in PEM or DER (PKCS#8, traditional) and its certificate."""

    def __init__(
        self,
        key: bytes | str | Path,
        certificate: bytes | str | Path,
        *,
        password: str | bytes | None = None,
        chain: bytes | str | Path | None = None,
    ) -> None:
        """``key``, ``certificate`` and ``chain`` are octets or paths. Certificates after the first in ``certificate``
        join the chain. ``SigningError`` for a wrong password or damaged file, ``SourceError`` for an unreadable one."""
        raw = _octets(key, "key")
        secret = password.encode() if isinstance(password, str) else password
        load = serialization.load_pem_private_key if b"-----BEGIN" in raw else serialization.load_der_private_key
        try:
            loaded = load(raw, secret)
        except (TypeError, ValueError, UnsupportedAlgorithm) as error:
            raise SigningError(
                f"the private key cannot be loaded (wrong password, or a damaged file): {error}",
                f"không nạp được khóa bí mật (sai mật khẩu hoặc tệp hỏng): {error}",
                field="key",
            ) from error
        certificates = load_certificates(_octets(certificate, "certificate"))
        extra = load_certificates(_octets(chain, "chain")) if chain is not None else ()
        super().__init__(loaded, certificates[0], (*certificates[1:], *extra))  # type: ignore[arg-type]


class Pkcs12Signer(SoftwareSigner):
    """A PKCS#12 file (``.p12``, ``.pfx``) with a key, its certificate and perhaps the chain."""

    def __init__(self, source: bytes | str | Path, password: str | bytes | None = None) -> None:
        """``SigningError`` for a wrong password, a damaged file or one without key, ``SourceError`` if unreadable."""
        secret = password.encode() if isinstance(password, str) else password
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(_octets(source, "source"), secret)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SigningError(
                f"the PKCS#12 file cannot be opened (wrong password, or a damaged file): {error}",
                f"không mở được tệp PKCS#12 (sai mật khẩu hoặc tệp hỏng): {error}",
                field="password",
            ) from error
        if key is None or certificate is None:
            raise SigningError(
                "the PKCS#12 file holds no private key with its certificate",
                "tệp PKCS#12 không có khóa bí mật kèm chứng thư số",
                field="source",
            )
        super().__init__(key, certificate, chain)  # type: ignore[arg-type]


def load_certificates(raw: bytes) -> tuple[x509.Certificate, ...]:
    """Certificates of a PEM bundle, or the one of a DER file; ``SigningError`` if there is none."""
    try:
        if b"-----BEGIN" in raw:
            return tuple(x509.load_pem_x509_certificates(raw))
        return (x509.load_der_x509_certificate(raw),)
    except ValueError as error:
        raise SigningError(
            f"the certificate cannot be read: {error}", f"không đọc được chứng thư số: {error}", field="certificate"
        ) from error
