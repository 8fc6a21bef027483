"""A small throwaway PKI for the tests of signatures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vn_edoc.signature import Evidence, TrustScheme, TrustStore
from vn_edoc.signature.keys import SoftwareSigner

DER = serialization.Encoding.DER
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
DAY = dt.timedelta(days=1)


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(name: str, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


def dn(cn: str, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if "o" in more:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, more["o"]))
    if "ou" in more:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, more["ou"]))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, cn))
    if "uid" in more:
        parts.append(x509.NameAttribute(NameOID.USER_ID, more["uid"]))
    return x509.Name(parts)


def usage(**on: bool) -> x509.KeyUsage:
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    names += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{n: on.get(n, False) for n in names})


@dataclass
class Authority:
    key: Any
    cert: x509.Certificate
    issuer: Authority | None = None
    revoked: dict[int, dt.datetime] = field(default_factory=dict)

    @property
    def der(self) -> bytes:
        return self.cert.public_bytes(DER)

    def issue(
        self,
        subject: x509.Name,
        key: Any,
        *,
        ca: bool = False,
        start: dt.datetime = NOW - 400 * DAY,
        end: dt.datetime = NOW + 700 * DAY,
        eku: list[Any] | None = None,
        ku: x509.KeyUsage | None = None,
        digest: Any = None,
        serial: int | None = None,
        urls: dict[str, str] | None = None,
        path_length: int | None = None,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.cert.subject)
            .public_key(key.public_key())
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca, path_length), True)
            .add_extension(
                ku
                or (
                    usage(key_cert_sign=True, crl_sign=True)
                    if ca
                    else usage(digital_signature=True, content_commitment=True)
                ),
                True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        )
        if eku:
            builder = builder.add_extension(x509.ExtendedKeyUsage(eku), True)
        if urls and "crl" in urls:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(urls["crl"])], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
        access = [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(urls[name]))
            for name, method in (
                ("ocsp", x509.AuthorityInformationAccessOID.OCSP),
                ("issuer", x509.AuthorityInformationAccessOID.CA_ISSUERS),
            )
            if urls and name in urls
        ]
        if access:
            builder = builder.add_extension(x509.AuthorityInformationAccess(access), False)
        return builder.sign(self.key, digest or hashes.SHA256())

    def crl(self, at: dt.datetime = NOW - dt.timedelta(hours=1), days: int = 30, key: Any = None) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.cert.subject)
            .last_update(at)
            .next_update(at + days * DAY)
            .add_extension(x509.CRLNumber(int(at.timestamp())), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        )
        for serial, when in self.revoked.items():
            if when <= at:
                entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), False)
                builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(key or self.key, hashes.SHA256()).public_bytes(DER)


def root(name: str = "Gốc thử", *, start: dt.datetime = NOW - 4000 * DAY) -> Authority:
    key = rsa_key(f"root {name}")
    subject = dn(name, o="Cơ quan thử")
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(NOW + 4000 * DAY)
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, cert)


class Pki:
    """Root, issuing CA, a leader, an agency, an EC signer and a TSA, with CRLs that cover today."""

    def __init__(self) -> None:
        self.root = root()
        ca_key = rsa_key("ca")
        self.ca = Authority(
            ca_key, self.root.issue(dn("CA thử", o="Cơ quan thử"), ca_key, ca=True, start=NOW - 3000 * DAY), self.root
        )
        self.tsa_key = rsa_key("tsa")
        self.tsa_cert = self.root.issue(
            dn("Máy chủ cấp dấu thời gian thử", o="Cơ quan thử"),
            self.tsa_key,
            eku=[ExtendedKeyUsageOID.TIME_STAMPING],
            ku=usage(digital_signature=True),
            start=NOW - 3000 * DAY,
        )

    def signer(self, cn: str, key: Any = None, **options: Any) -> SoftwareSigner:
        subject = dn(cn, **{k: options.pop(k) for k in ("o", "ou", "uid") if k in options})
        key = key or rsa_key(cn)
        return SoftwareSigner(key, self.ca.issue(subject, key, **options), [self.ca.cert])

    @property
    def leader(self) -> SoftwareSigner:
        return self.signer("Nguyễn Văn An", o="UBND tỉnh Thử", uid="CCCD:001099000001")

    @property
    def agency(self) -> SoftwareSigner:
        return self.signer("SỞ THỬ NGHIỆM", o="UBND tỉnh Thử", uid="MST:0100000001")

    @property
    def trust(self) -> TrustStore:
        return TrustStore(
            [self.root.der], schemes={self.root.cert.fingerprint(hashes.SHA256()).hex(): TrustScheme.OFFICIAL}
        )

    def evidence(self, **options: Any) -> Evidence:
        return Evidence(crls=(self.root.crl(**options), self.ca.crl(**options)))


@cache
def pki() -> Pki:
    return Pki()
