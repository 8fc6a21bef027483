"""The words of a verification's result, apart from the result itself: rules compare them, and need no more.

Terms follow ETSI EN 319 102-1 (indications) and ETSI EN 319 142-1, 319 122-1, 319 132-1 (levels).
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Changes", "Indication", "Level", "SignatureKind", "SignerKind", "SubIndication"]


class SignatureKind(StrEnum):
    """Form of a signature."""

    PDF = "pdf"
    CMS = "cms"
    XML = "xml"
    PACKET = "packet"


class SignerKind(StrEnum):
    """Kind of certificate: NĐ 68/2024/NĐ-CP Điều 10 (cá nhân, cơ quan/tổ chức, thiết bị/dịch vụ/phần mềm)."""

    PERSON = "person"
    ORGANISATION = "organisation"
    DEVICE = "device"
    UNKNOWN = "unknown"


class Changes(StrEnum):
    """What stands outside a signature or came after it."""

    NONE = "none"
    """All that a reader interprets is covered."""
    ALLOWED = "allowed"
    """Only additions on the fixed list: a later signature, a timestamp, validation data."""
    SUSPICIOUS = "suspicious"
    """Form fields filled, a large late signature image and the like: a person has to look."""
    FORBIDDEN = "forbidden"
    """Content that a reader would use was changed or is not covered."""
    UNKNOWN = "unknown"
    """It could not be analysed."""


class Level(StrEnum):
    """Baseline level of AdES."""

    B = "B-B"
    """Basic: the signer's certificate is bound by a signed attribute."""
    T = "B-T"
    """With a valid time-stamp over the signature."""
    LT = "B-LT"
    """With the certificates and revocation data needed to validate it."""
    LTA = "B-LTA"
    """With an archive or document time-stamp over all of that."""


class Indication(StrEnum):
    """Main result of ETSI EN 319 102-1 clause 5.1.3."""

    TOTAL_PASSED = "TOTAL-PASSED"
    TOTAL_FAILED = "TOTAL-FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """Reason for a result that is not TOTAL-PASSED, ETSI EN 319 102-1 clause 5.1.3."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    CUSTOM = "CUSTOM"
