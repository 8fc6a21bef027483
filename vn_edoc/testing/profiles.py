"""The cast of the throwaway PKI: who has which certificate, good ones and each kind of bad one.

Names have the form of the real trees (subjects with ``UID=MST:``, ``UID=CCCD:``, issuing CAs under two roots) and say
everywhere that they are a test. Tax code, budget code and personal number are impossible on purpose: no tax code
begins with 99, no personal number with 000.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from vn_edoc.testing.keys import KeyKind

__all__ = ["CAST", "EPOCH", "Profile"]

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""Default first day of the subscribers' certificates."""

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)
_SIGN = frozenset({"digital_signature", "content_commitment"})
_CA_USAGE = frozenset({"key_cert_sign", "crl_sign"})

EKU_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
EKU_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
EKU_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
EKU_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
EKU_EMAIL = "1.3.6.1.5.5.7.3.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is written into one certificate, and what becomes of it. Times count from the epoch of the PKI."""

    name: str
    """Short name, the key of :data:`CAST`."""
    subject: tuple[tuple[str, str], ...]
    """Attribute and value in order of encoding; attributes ``C ST L O OU CN T E UID``."""
    issuer: str | None
    """Name of the issuer; ``None``: self-signed."""
    key: KeyKind = "rsa2048"
    """Kind of key."""
    key_of: str | None = None
    """Name of the profile whose key this one shares."""
    starts: timedelta = timedelta(0)
    """First moment of validity."""
    ends: timedelta = 5 * _YEAR
    """Last moment of validity. NĐ 68/2024/NĐ-CP Điều 9: a subscriber's new certificate lasts five years at most."""
    ca: bool = False
    """Basic constraints say CA."""
    path_length: int | None = None
    """Path length of a CA."""
    usage: frozenset[str] = _SIGN
    """Key usages by the names that ``cryptography`` gives them."""
    purposes: tuple[str, ...] = ()
    """Extended key usages, dotted."""
    purposes_critical: bool = False
    """The extended key usage extension is critical, as RFC 3161 2.3 asks of a TSA."""
    digest: Literal["sha1", "sha256", "sha384", "sha512"] = "sha256"
    """Digest of the issuer's signature."""
    services: bool = True
    """Carry the addresses of CRL, issuer certificate and OCSP."""
    email: str | None = None
    """Address in the subject alternative name."""
    ocsp_no_check: bool = False
    """Carry id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1)."""
    revoked: timedelta | None = None
    """Moment of revocation, ``None``: never."""
    reason: str = "key_compromise"
    """Reason of revocation, by the name that ``cryptography`` gives it."""


def _since(year: int, month: int, day: int, hour: int = 0) -> timedelta:
    return datetime(year, month, day, hour, tzinfo=UTC) - EPOCH


_PROVINCE = "ỦY BAN NHÂN DÂN TỈNH TÂY NINH"
_GOVERNMENT = (("C", "VN"), ("O", "Ban Cơ yếu (thử nghiệm)"))
_NATIONAL = (
    ("C", "VN"),
    ("O", "Ministry (test only)"),
    ("OU", "National Electronic Authentication Centre (test only)"),
)

_AGENCY = Profile(
    name="agency",
    subject=(
        ("C", "VN"),
        ("L", "Tây Ninh"),
        ("O", _PROVINCE),
        ("CN", "SỞ NỘI VỤ"),
        ("UID", "MNS:9900001"),
        ("UID", "MST:9900000016"),
    ),
    issuer="state-ca",
    email="vanthu.sonoivu@example.vn",
)
_PERSON = Profile(
    name="person",
    subject=(
        ("C", "VN"),
        ("L", "Tây Ninh"),
        ("O", _PROVINCE),
        ("OU", "Sở Nội vụ"),
        ("T", "Giám đốc"),
        ("CN", "Nguyễn Văn Mẫu"),
        ("UID", "CCCD:000099000017"),
    ),
    issuer="state-ca",
    email="nguyenvanmau@example.vn",
)
_TSA = Profile(
    name="tsa",
    subject=(*_GOVERNMENT, ("CN", "Máy chủ cấp dấu thời gian (thử nghiệm)")),
    issuer="root",
    usage=frozenset({"digital_signature"}),
    purposes=(EKU_TIME_STAMPING,),
    purposes_critical=True,
)


def _root(name: str, subject: tuple[tuple[str, str], ...], issuer: str | None = None) -> Profile:
    return Profile(
        name=name,
        subject=subject,
        issuer=issuer,
        starts=-6 * _YEAR,
        ends=(24 if issuer is None else 14) * _YEAR,
        ca=True,
        path_length=None if issuer is None else 0,
        usage=_CA_USAGE,
    )


def _ocsp(name: str, issuer: str, organisation: tuple[tuple[str, str], ...]) -> Profile:
    return Profile(
        name=name,
        subject=(*organisation, ("CN", "OCSP Responder (test only)")),
        issuer=issuer,
        usage=frozenset({"digital_signature"}),
        purposes=(EKU_OCSP_SIGNING,),
        ocsp_no_check=True,
        services=False,
    )


def _agency(name: str, **changes: object) -> Profile:
    return replace(_AGENCY, name=name, **changes)  # type: ignore[arg-type]


def _person(name: str, **changes: object) -> Profile:
    return replace(_PERSON, name=name, **changes)  # type: ignore[arg-type]


_ROOT_SUBJECT = (*_GOVERNMENT, ("CN", "RootCA chuyên dùng (thử nghiệm, không có giá trị)"))
_STATE_CA_SUBJECT = (*_GOVERNMENT, ("CN", "CA phục vụ các cơ quan Nhà nước (thử nghiệm)"))

_GOOD = (
    _root("root", _ROOT_SUBJECT),
    _root("state-ca", _STATE_CA_SUBJECT, "root"),
    _TSA,
    _ocsp("ocsp", "state-ca", _GOVERNMENT),
    _PERSON,
    _person(
        "deputy",
        subject=(
            *_PERSON.subject[:4],
            ("T", "Phó Giám đốc"),
            ("CN", "Trần Thị Thử Nghiệm"),
            ("UID", "CCCD:000199000025"),
        ),
        email="tranthithunghiem@example.vn",
    ),
    _person("person-ec", key="ec256"),
    _AGENCY,
    _agency("agency-ec", key="ec384"),
    _agency("agency-renewed", key_of="agency", starts=2 * _YEAR, ends=5 * _YEAR),
    _agency("agency-2014", usage=frozenset({"content_commitment"}), purposes=()),
    _agency(
        "agency-2019",
        usage=_SIGN | {"key_encipherment", "data_encipherment"},
        purposes=(EKU_CLIENT_AUTH, EKU_EMAIL),
    ),
    Profile(
        name="other-agency",
        subject=(
            ("C", "VN"),
            ("L", "An Giang"),
            ("O", "ỦY BAN NHÂN DÂN TỈNH AN GIANG"),
            ("CN", "SỞ XÂY DỰNG"),
            ("UID", "MNS:9900002"),
            ("UID", "MST:9900000023"),
        ),
        issuer="state-ca",
    ),
    Profile(
        name="receiver",
        subject=(
            ("C", "VN"),
            ("L", "Tây Ninh"),
            ("O", _PROVINCE),
            ("CN", "SỞ TƯ PHÁP"),
            ("UID", "MNS:9900003"),
            ("UID", "MST:9900000030"),
        ),
        issuer="state-ca",
    ),
    Profile(
        name="device",
        subject=(("C", "VN"), ("L", "Tây Ninh"), ("O", _PROVINCE), ("CN", "qlvb.example.vn")),
        issuer="state-ca",
        usage=frozenset({"digital_signature", "key_encipherment"}),
        purposes=(EKU_SERVER_AUTH, EKU_CLIENT_AUTH),
    ),
    _root("national-root", (*_NATIONAL, ("CN", "Vietnam National Root CA (test only)"))),
    _root(
        "public-ca",
        (("C", "VN"), ("O", "CÔNG TY CHỮ KÝ SỐ MẪU (thử nghiệm)"), ("CN", "MAU-CA SHA2 (test only)")),
        "national-root",
    ),
    _ocsp("public-ocsp", "public-ca", (("C", "VN"), ("O", "CÔNG TY CHỮ KÝ SỐ MẪU (thử nghiệm)"))),
    replace(
        _TSA,
        name="public-tsa",
        subject=(*_NATIONAL, ("CN", "Vietnam National Root CA - TSA (test only)")),
        issuer="national-root",
    ),
    _agency("public-agency", subject=_AGENCY.subject[:4] + _AGENCY.subject[5:], issuer="public-ca", email=None),
    _person("public-person", subject=(("C", "VN"), *_PERSON.subject[5:]), issuer="public-ca", email=None),
)

_BAD = (
    _agency("agency-expired", starts=-3 * _YEAR, ends=_YEAR),
    _agency("agency-future", starts=_since(2026, 12, 1), ends=_since(2029, 12, 1)),
    _agency("agency-revoked", revoked=_since(2026, 10, 1)),
    _agency("agency-suspended", revoked=_since(2026, 10, 1), reason="certificate_hold"),
    _agency("agency-revoked-later", revoked=_since(2026, 11, 10), reason="superseded"),
    # Revoked in the very second of the good recipe's agency signature.
    _agency("agency-revoked-then", revoked=_since(2026, 10, 15, 3) + timedelta(minutes=20)),
    _agency("agency-long", ends=10 * _YEAR),
    _agency("agency-rsa1024", key="rsa1024"),
    _agency("agency-sha1", digest="sha1"),
    _agency("agency-wrong-usage", usage=frozenset({"key_encipherment", "data_encipherment"})),
    _agency("agency-no-services", services=False),
    _agency("agency-issued-by-person", issuer="person"),
    _agency("agency-self-signed", issuer=None, services=False),
    _person("person-expired", starts=-3 * _YEAR, ends=_YEAR),
    _person("person-future", starts=_since(2026, 12, 1), ends=_since(2029, 12, 1)),
    _person("person-revoked", revoked=_since(2026, 10, 1)),
    _person("person-revoked-later", revoked=_since(2026, 11, 10), reason="superseded"),
    _person("person-wrong-usage", usage=frozenset({"key_encipherment"})),
    _person("person-rsa1024", key="rsa1024"),
    replace(_TSA, name="tsa-wrong-purpose", purposes=(EKU_EMAIL,)),
    replace(_TSA, name="tsa-expired", starts=-5 * _YEAR, ends=timedelta(0)),
    replace(_TSA, name="tsa-revoked", revoked=_since(2026, 10, 1)),
    # The same names as the real tree, other keys: only the key tells them apart.
    _root("rogue-root", _ROOT_SUBJECT),
    _root("rogue-ca", _STATE_CA_SUBJECT, "rogue-root"),
    _agency("rogue-agency", issuer="rogue-ca"),
    _person("rogue-person", issuer="rogue-ca"),
    replace(_TSA, name="rogue-tsa", issuer="rogue-root"),
    replace(
        _root("revoked-ca", (*_GOVERNMENT, ("CN", "CA đã bị thu hồi (thử nghiệm)")), "root"),
        revoked=_since(2026, 9, 1),
        reason="ca_compromise",
    ),
    _agency("agency-of-revoked-ca", issuer="revoked-ca"),
)

CAST: MappingProxyType[str, Profile] = MappingProxyType({profile.name: profile for profile in (*_GOOD, *_BAD)})
"""Every identity by name: the good ones (``root``, ``state-ca``, ``tsa``, ``person``, ``agency`` …) and the bad ones
(``agency-expired``, ``agency-revoked``, ``rogue-agency`` …)."""
