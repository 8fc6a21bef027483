"""A throwaway PKI in the shape of the Vietnamese ones, with every service that a signature needs.

Certificates come from the cast in :mod:`vn_edoc.testing.profiles`; CRLs, OCSP responses and time-stamp tokens are made
for any moment, so that documents of past years can be made today. Keys, certificates and answers are made on first use.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from vn_edoc.errors import UsageError
from vn_edoc.testing.keys import PrivateKey, rsa_sha1_signature, throwaway_key
from vn_edoc.testing.profiles import CAST, EPOCH, Profile
from vn_edoc.testing.tokens import ocsp_response, timestamp_token

__all__ = ["Identity", "ThrowawayPki"]

_ATTRIBUTES = {
    "C": NameOID.COUNTRY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "L": NameOID.LOCALITY_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
    "T": NameOID.TITLE,
    "E": NameOID.EMAIL_ADDRESS,
    "UID": NameOID.USER_ID,
}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_RESPONDERS = {"state-ca": "ocsp", "public-ca": "public-ocsp"}
"""The OCSP responder of each issuing CA. Roots publish CRLs only."""
_POLICY = x509.ObjectIdentifier("2.999.704.1.1")
"""A policy below the arc of examples (ITU-T X.660)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, its private key and the issuers above it."""

    name: str
    """Name in the cast."""
    key: PrivateKey
    """The private key."""
    certificate: x509.Certificate
    """The certificate."""
    issuers: tuple[x509.Certificate, ...]
    """The issuers' certificates, nearest first, the root last; empty for a self-signed one."""

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def issuers_der(self) -> tuple[bytes, ...]:
        """The issuers' certificates as DER, nearest first."""
        return tuple(c.public_bytes(serialization.Encoding.DER) for c in self.issuers)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def chain_pem(self) -> bytes:
        """The issuers' certificates as PEM, one after the other."""
        return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in self.issuers)

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate, lower-case hex."""
        return hashlib.sha256(self.der).hexdigest()

    def key_pem(self, password: bytes | None = None) -> bytes:
        """The private key as PKCS#8 PEM, encrypted when a ``password`` is given."""
        encryption: serialization.KeySerializationEncryption = (
            serialization.NoEncryption() if password is None else serialization.BestAvailableEncryption(password)
        )
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    def pkcs12(self, password: bytes) -> bytes:
        """Key, certificate and issuers as PKCS#12; the bytes differ at each call (salt)."""
        return pkcs12.serialize_key_and_certificates(
            self.name.encode(),
            self.key,
            self.certificate,
            self.issuers,
            serialization.BestAvailableEncryption(password),
        )


class ThrowawayPki:
    """The throwaway PKI; ``pki["agency"]`` gives an :class:`Identity` of the cast.

    ``base_url`` is written into the certificates as address of CRL, OCSP and issuer certificates; :class:`PkiServer
    <vn_edoc.testing.server.PkiServer>` sets it to its own. With ``seed`` all keys and serial numbers are derived, and
    everything but the salted PKCS#12 is the same in every run; without it they are random. ``epoch`` moves all
    dates. ``now`` is the clock of the services where no moment is given. Thread-safe.
    """

    def __init__(
        self,
        *,
        seed: bytes | None = None,
        epoch: datetime = EPOCH,
        base_url: str = "http://pki.example.vn",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        cast: Mapping[str, Profile] = CAST,
    ) -> None:
        if epoch.tzinfo is None:
            raise UsageError("epoch needs a time zone", "epoch phải có múi giờ", field="epoch", value=epoch)
        self.seed = seed
        self.epoch = epoch.astimezone(UTC)
        self.base_url = base_url.rstrip("/")
        self.now = now
        self._cast = dict(cast)
        self._salt = secrets.token_bytes(16) if seed is None else seed
        self._identities: dict[str, Identity] = {}
        self._lock = threading.RLock()

    def __getitem__(self, name: str) -> Identity:
        """The identity of that name; ``UsageError`` when the cast has none."""
        with self._lock:
            if name not in self._identities:
                self._identities[name] = self._issue(self.profile(name))
            return self._identities[name]

    def names(self) -> tuple[str, ...]:
        """The names of the cast."""
        return tuple(self._cast)

    def profile(self, name: str) -> Profile:
        """The profile of that name; ``UsageError`` when the cast has none."""
        try:
            return self._cast[name]
        except KeyError:
            raise UsageError(
                f"the cast has no {name!r}", f"không có chứng thư thử nghiệm {name!r}", field="name", value=name
            ) from None

    def add(self, profile: Profile) -> Identity:
        """Add a profile of your own (``dataclasses.replace(CAST["agency"], name=…)``) and return its identity.

        ``UsageError`` when the name is taken by another profile.
        """
        with self._lock:
            if self._cast.setdefault(profile.name, profile) != profile:
                raise UsageError(
                    f"the cast has another {profile.name!r}",
                    f"đã có chứng thư thử nghiệm khác tên {profile.name!r}",
                    field="profile.name",
                    value=profile.name,
                )
            return self[profile.name]

    def holder(self, serial: int) -> str | None:
        """The name in the cast that has this serial number, ``None`` when nobody has."""
        return next((name for name in self._cast if self._serial(name) == serial), None)

    # --- what services publish ------------------------------------------------------------------------------

    def crl(
        self,
        issuer: str = "state-ca",
        at: datetime | None = None,
        *,
        lasts: timedelta = timedelta(days=7),
        revoked: Mapping[str, datetime] | None = None,
        signed_by: str | None = None,
    ) -> bytes:
        """The CRL (DER) that ``issuer`` publishes at ``at``, due to be replaced after ``lasts``.

        It lists the certificates of the cast that were revoked by then, and those of ``revoked`` (name and moment).
        ``signed_by`` names a false signer. A stale CRL is one whose ``at`` lies ``lasts`` or more in the past.
        """
        moment = self._moment(at)
        entries = {
            profile.name: (self.epoch + profile.revoked, profile.reason)
            for profile in self._cast.values()
            if profile.issuer == issuer and profile.revoked is not None
        }
        entries |= {name: (when, "key_compromise") for name, when in (revoked or {}).items()}
        authority, signer = self[issuer], self[signed_by or issuer]
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(authority.certificate.subject)
            .last_update(moment)
            .next_update(moment + lasts)
            .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
            .add_extension(_key_identifier(signer), critical=False)
        )
        for name, (when, reason) in sorted(entries.items()):
            if when <= moment:
                entry = x509.RevokedCertificateBuilder().serial_number(self._serial(name)).revocation_date(when)
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False)
                builder = builder.add_revoked_certificate(entry.build())
        crl = builder.sign(signer.key, hashes.SHA256(), ecdsa_deterministic=_deterministic(signer.key))
        return crl.public_bytes(serialization.Encoding.DER)

    def ocsp(
        self,
        name: str,
        at: datetime | None = None,
        *,
        lasts: timedelta = timedelta(days=1),
        status: str | None = None,
        responder: str | None = None,
        nonce: bytes | None = None,
        algorithm: str = "sha1",
    ) -> bytes:
        """An OCSP response (DER) on the certificate ``name``, produced at ``at``.

        ``status`` (``good``, ``revoked``, ``unknown``) is what the cast says unless given; ``responder`` is the
        issuer's own unless given, so that a false one can answer; ``algorithm`` is the digest of the CertID.
        """
        moment, identity, profile = self._moment(at), self[name], self.profile(name)
        if profile.issuer is None:
            raise UsageError("a self-signed certificate has no OCSP", "chứng thư tự ký không có OCSP", field="name")
        revoked_at = None if profile.revoked is None else self.epoch + profile.revoked
        if status is None:
            status = "revoked" if revoked_at is not None and revoked_at <= moment else "good"
        signer = self[responder or _RESPONDERS.get(profile.issuer, profile.issuer)]
        return ocsp_response(
            certificate=identity.der,
            issuer=self[profile.issuer].der,
            moment=moment,
            lasts=lasts,
            key=signer.key,
            responder=signer.der,
            revoked=(revoked_at or moment, profile.reason) if status == "revoked" else None,
            unknown=status == "unknown",
            nonce=nonce,
            algorithm=algorithm,
        )

    def timestamp(
        self,
        digest: bytes,
        at: datetime | None = None,
        *,
        algorithm: str = "sha256",
        tsa: str = "tsa",
        nonce: int | None = None,
        certificates: bool = True,
    ) -> bytes:
        """An RFC 3161 time-stamp token (DER of the CMS) of ``digest`` with ``at`` as genTime."""
        identity = self[tsa]
        return timestamp_token(
            digest,
            self._moment(at),
            key=identity.key,
            certificate=identity.der,
            algorithm=algorithm,
            nonce=nonce,
            embed=None if certificates else (),
        )

    # --- files ----------------------------------------------------------------------------------------------

    def write(self, folder: Path, names: Iterable[str] | None = None, *, password: bytes = b"test") -> None:
        """Write certificates (``.crt`` PEM, ``.cer`` DER), keys, PKCS#12 and CRLs of today into ``folder``.

        ``names`` are those of the cast to write, all when ``None``; ``chain.pem`` and ``root.crt`` are always there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name in {"root", "state-ca", *(self.names() if names is None else names)}:
            identity = self[name]
            (folder / f"{name}.crt").write_bytes(identity.pem)
            (folder / f"{name}.cer").write_bytes(identity.der)
            (folder / f"{name}.key").write_bytes(identity.key_pem())
            (folder / f"{name}.p12").write_bytes(identity.pkcs12(password))
            if self.profile(name).ca:
                (folder / f"{name}.crl").write_bytes(self.crl(name))
        (folder / "chain.pem").write_bytes(self["state-ca"].pem + self["root"].pem)

    # --- making ---------------------------------------------------------------------------------------------

    def _moment(self, at: datetime | None) -> datetime:
        moment = self.now() if at is None else at
        if moment.tzinfo is None:
            raise UsageError("the moment needs a time zone", "thời điểm phải có múi giờ", field="at", value=at)
        return moment.astimezone(UTC).replace(microsecond=0)

    def _serial(self, name: str) -> int:
        drawn = hashlib.sha256(self._salt + b"\x00serial\x00" + name.encode()).digest()[:16]
        return int.from_bytes(drawn, "big") >> 1 | 1 << 120

    def _issue(self, profile: Profile) -> Identity:
        shared = self.profile(profile.key_of) if profile.key_of else profile
        key = throwaway_key(shared.name, shared.key, seed=self.seed)
        issuer = None if profile.issuer is None else self[profile.issuer]
        subject = x509.Name([x509.NameAttribute(_ATTRIBUTES[kind], value) for kind, value in profile.subject])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if issuer is None else issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(self._serial(profile.name))
            .not_valid_before(self.epoch + profile.starts)
            .not_valid_after(self.epoch + profile.ends)
        )
        for extension, critical in self._extensions(profile, key, issuer):
            builder = builder.add_extension(extension, critical=critical)
        signing_key = key if issuer is None else issuer.key
        digest = hashes.SHA256() if profile.digest == "sha1" else _HASHES[profile.digest]
        certificate = builder.sign(signing_key, digest, ecdsa_deterministic=_deterministic(signing_key))  # type: ignore[arg-type]
        if profile.digest == "sha1":
            certificate = _signed_with_sha1(certificate, signing_key)
        issuers = () if issuer is None else (issuer.certificate, *issuer.issuers)
        return Identity(profile.name, key, certificate, issuers)

    def _extensions(
        self, profile: Profile, key: PrivateKey, issuer: Identity | None
    ) -> Iterable[tuple[x509.ExtensionType, bool]]:
        yield x509.BasicConstraints(profile.ca, profile.path_length), True
        yield x509.KeyUsage(**{usage: usage in profile.usage for usage in _USAGES}), True
        yield x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
        if issuer is not None:
            yield _key_identifier(issuer), False
            yield x509.CertificatePolicies([x509.PolicyInformation(_POLICY, None)]), False
        if profile.purposes:
            purposes = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in profile.purposes])
            yield purposes, profile.purposes_critical
        if profile.email:
            yield x509.SubjectAlternativeName([x509.RFC822Name(profile.email)]), False
        if profile.ocsp_no_check:
            yield x509.OCSPNoCheck(), False
        if profile.services and profile.issuer is not None:
            where = x509.UniformResourceIdentifier(f"{self.base_url}/crl/{profile.issuer}.crl")
            yield x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)]), False
            services = [(AuthorityInformationAccessOID.CA_ISSUERS, f"{self.base_url}/crt/{profile.issuer}.cer")]
            if profile.issuer in _RESPONDERS:
                services.insert(0, (AuthorityInformationAccessOID.OCSP, f"{self.base_url}/ocsp"))
            access = [x509.AccessDescription(oid, x509.UniformResourceIdentifier(url)) for oid, url in services]
            yield x509.AuthorityInformationAccess(access), False


def _key_identifier(identity: Identity) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(identity.key.public_key())


def _deterministic(key: PrivateKey) -> bool | None:
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _signed_with_sha1(certificate: x509.Certificate, key: PrivateKey) -> x509.Certificate:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UsageError("SHA-1 certificates need an RSA issuer", "chứng thư SHA-1 cần khóa RSA", field="digest")
    outer = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    tbs = outer["tbs_certificate"].copy()
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha1_rsa"})
    tbs["signature"] = algorithm
    signature = rsa_sha1_signature(key, tbs.dump(force=True))
    made = asn1_x509.Certificate(
        {"tbs_certificate": tbs, "signature_algorithm": algorithm, "signature_value": signature}
    )
    return x509.load_der_x509_certificate(made.dump())
