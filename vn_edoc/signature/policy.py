"""Which algorithms may be used, as of a date.

TT 15/2025/TT-BKHCN Phụ lục I lists them for signatures from 15/8/2025: RSA from 2048 bits, EC from 256, SHA-2 and
SHA-3; SHA-1 is absent, and so is RSA PKCS#1 v1.5, though every signature seen in practice uses it. The table is
``data/algorithms.csv``; the first matching row whose dates hold decides.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from vn_edoc._data import data_text
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.signature.rules import finding

__all__ = ["AlgorithmPolicy", "AlgorithmRule", "official_policy"]


@dataclass(frozen=True, slots=True)
class AlgorithmRule:
    """One row: from a day on, something below a bar draws a finding."""

    subject: str
    """``digest``, ``rsa-bits``, ``ec-bits``, ``key``, ``padding`` or ``imprint``."""
    value: str
    """The digest, family of keys or padding meant, or the least number of bits."""
    since: date | None
    """First day of signing it applies to; ``None``: always."""
    rule: str
    """Rule id of the finding."""
    severity: Severity
    """Severity of the finding."""
    source: str
    """Where the row comes from."""


_KEPT = 1024
"""Answers kept by a policy."""


@lru_cache(maxsize=1)
def _official() -> tuple[AlgorithmRule, ...]:
    text = data_text("vn_edoc.signature", "algorithms.csv")
    return tuple(
        AlgorithmRule(
            row["subject"],
            row["value"],
            date.fromisoformat(row["since"]) if row["since"] else None,
            row["rule"],
            Severity(row["severity"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


class AlgorithmPolicy:
    """A dated policy. ``AlgorithmPolicy()`` is the official table; ``strict=True`` warns of PKCS#1 v1.5 as well."""

    def __init__(self, rules: Iterable[AlgorithmRule] | None = None, *, strict: bool = False) -> None:
        self._rules = tuple(rules) if rules is not None else _official()
        self._answers: dict[tuple[str, str, date], AlgorithmRule | None] = {}
        self.strict = strict

    def _rule(self, subject: str, value: str, day: date) -> AlgorithmRule | None:
        """The row that decides, kept for the next signature of that day."""
        asked = (subject, value, day)
        try:
            return self._answers[asked]
        except KeyError:
            found = self._look_up(subject, value, day)
        if len(self._answers) >= _KEPT:
            self._answers.clear()
        self._answers[asked] = found
        return found

    def _look_up(self, subject: str, value: str, day: date) -> AlgorithmRule | None:
        best: AlgorithmRule | None = None
        for row in self._rules:
            if row.subject != subject or (row.since is not None and day < row.since):
                continue
            hit = int(value) < int(row.value) if subject.endswith("-bits") else row.value == value
            if hit and (best is None or (row.since or date.min) >= (best.since or date.min)):
                best = row
        return best

    def judge_digest(self, digest: str, when: datetime, where: Location, *, imprint: bool = False) -> list[Finding]:
        """R22 for a digest that may not be used (R33 for the imprint of a time-stamp)."""
        row = self._rule("imprint" if imprint else "digest", digest, when.astimezone(VIETNAM).date())
        if row is None:
            return []
        what_vi = "dấu thời gian dùng" if imprint else "chữ ký dùng"
        what_en = "the time-stamp uses" if imprint else "the signature uses"
        return [
            finding(
                row.rule,
                f"Hàm băm không đạt: {what_vi} {digest.upper()}, không thuộc danh mục bắt buộc áp dụng.",
                f"Weak digest: {what_en} {digest.upper()}, which is not on the mandatory list.",
                where=where,
                severity=row.severity,
                algorithm=digest,
            )
        ]

    def judge_key(self, family: str, bits: int, when: datetime, where: Location, subject: str = "") -> list[Finding]:
        """R21 for a key that is too short (``rsa``, ``ec``), or of a family that the list does not name."""
        if family not in ("rsa", "ec"):
            return self._judge_family(family, when, where, subject)
        if bits <= 0:
            return []
        row = self._rule(f"{family}-bits", str(bits), when.astimezone(VIETNAM).date())
        if row is None:
            return []
        return [
            finding(
                row.rule,
                f"Khóa {family.upper()} {bits} bit ngắn hơn mức tối thiểu {row.value} bit ({subject}).",
                f"The {family.upper()} key of {bits} bits is shorter than the minimum of {row.value} bits ({subject}).",
                where=where,
                severity=row.severity,
                bits=bits,
                minimum=int(row.value),
            )
        ]

    def _judge_family(self, family: str, when: datetime, where: Location, subject: str) -> list[Finding]:
        row = self._rule("key", family, when.astimezone(VIETNAM).date())
        if row is None:
            return []
        return [
            finding(
                row.rule,
                f"Khóa {family} không thuộc danh mục bắt buộc áp dụng, danh mục chỉ nêu RSA và EC ({subject}).",
                f"The {family} key is not of the mandatory list, which names RSA and EC only ({subject}).",
                where=where,
                severity=row.severity,
                family=family,
            )
        ]

    def judge_scheme(self, label: str, when: datetime, where: Location) -> list[Finding]:
        """R23 for RSA PKCS#1 v1.5: info, a warning under the strict profile."""
        row = self._rule("padding", label, when.astimezone(VIETNAM).date())
        if row is None:
            return []
        return [
            finding(
                row.rule,
                "Chữ ký RSA theo lược đồ PKCS#1 v1.5; danh mục bắt buộc áp dụng nêu RSASSA-PSS.",
                "RSA signature in the PKCS#1 v1.5 scheme; the mandatory list names RSASSA-PSS.",
                where=where,
                severity=Severity.WARNING if self.strict else row.severity,
                scheme=label,
            )
        ]


@lru_cache(maxsize=1)
def official_policy() -> AlgorithmPolicy:
    """The policy of those who give none: one object, so that its answers are kept."""
    return AlgorithmPolicy()
