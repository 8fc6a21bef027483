"""The families of trust anchors, apart from everything that parses certificates."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["TrustScheme"]


class TrustScheme(StrEnum):
    """Which family of trust an anchor belongs to."""

    OFFICIAL = "official"
    """Chữ ký số chuyên dùng công vụ (VGCA): NĐ 68/2024/NĐ-CP."""
    NATIONAL = "national"
    """Root of the national electronic authentication centre (NEAC): NĐ 23/2025/NĐ-CP."""
    FOREIGN = "foreign"
    """A foreign certificate recognised in Vietnam."""
    UNSPECIFIED = "unspecified"
    """Trusted by the administrator's own decision."""
