"""The catalogue of sample packages. Importing it declares them all, the good one first."""

from __future__ import annotations

from vn_edoc.testing.variants.catalogue import VARIANTS, Variant, declare, positive, variant

declare(
    "good",
    "good",
    "Gói tin đúng quy định: giám đốc ký số, cơ quan ký số, gửi qua trục liên thông trong buổi sáng",
    "The good package: signed by the director, then by the agency, sent over the axis the same morning",
    positive(),
)

from vn_edoc.testing.variants import certificates, exchange, files, form, packets, replies, signatures  # noqa: E402, F401

__all__ = ["VARIANTS", "Variant", "variant"]
