"""What a check says: one :class:`Finding` for envelopes, signatures and law alike.

``findings`` of a report hold what deviates or is worth knowing; ``checks`` list every rule with its outcome, also those
that passed or could not be evaluated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any, TypeGuard

from vn_edoc._unicode import composed

__all__ = [
    "VIETNAM",
    "Basis",
    "Check",
    "Finding",
    "Location",
    "Outcome",
    "Severity",
    "jsonable",
    "reckonable",
    "visible",
    "worst",
]

VIETNAM = timezone(timedelta(hours=7), "+07:00")
"""Vietnam standard time. QĐ 28/2018/QĐ-TTg Điều 14.4 asks for it; the country has no daylight saving time."""


def reckonable(moment: object) -> TypeGuard[datetime]:
    """Whether a value is a moment that every time zone has: none of the first or last year that Python knows, and not
    what ASN.1 readers give for the year 0."""
    return isinstance(moment, datetime) and 1 < moment.year < 9999


class Severity(StrEnum):
    """How grave a finding is. Members compare by gravity with :attr:`rank` (0 = info … 3 = fatal)."""

    INFO = "info"
    """Worth knowing."""
    WARNING = "warning"
    """A fault of form, or a doubt."""
    ERROR = "error"
    """A duty that the law sets is breached."""
    FATAL = "fatal"
    """Authenticity, integrity or a required signature fails."""

    @property
    def rank(self) -> int:
        """0 for info up to 3 for fatal."""
        return _RANK[self]

    def label(self, lang: str = "vi") -> str:
        """The word for a reader, in ``"vi"`` or ``"en"``."""
        return self.value if lang == "en" else _LABEL_VI[self]


_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2, Severity.FATAL: 3}
_LABEL_VI = {
    Severity.INFO: "thông tin",
    Severity.WARNING: "cảnh báo",
    Severity.ERROR: "vi phạm",
    Severity.FATAL: "nghiêm trọng",
}


class Outcome(StrEnum):
    """What became of a rule."""

    PASS = "pass"
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"
    NOT_APPLICABLE = "not_applicable"


_ACT_KINDS = (
    # what the act's number has in it, Vietnamese kind, English kind; patterns are compiled by re when first used
    (r"/QH\d+$", "Luật số", "Law No."),
    (r"NQ-", "Nghị quyết số", "Resolution No."),
    (r"/NĐ-CP$", "Nghị định số", "Decree No."),
    (r"/QĐ-|-QĐ/", "Quyết định số", "Decision No."),
    (r"/TTLT-", "Thông tư liên tịch số", "Joint Circular No."),
    (r"/TT-", "Thông tư số", "Circular No."),
)


@dataclass(frozen=True, slots=True, order=True)
class Basis:
    """The provision that a finding rests on.

    ``act`` is the number as the law spells it (``30/2020/NĐ-CP``) or the name of a standard (``RFC 5652``,
    ``ETSI EN 319 102-1``); ``article``, ``clause`` and ``point`` are the Vietnamese điều, khoản, điểm (or the section
    of a standard in ``article``); an annex is written out in ``article`` (``Phụ lục I``).
    """

    act: str
    """Number of the act, or name of the standard."""
    article: str | None = None
    """Điều, or the section of a standard, or ``Phụ lục …``."""
    clause: str | None = None
    """Khoản."""
    point: str | None = None
    """Điểm."""

    def cite(self, lang: str = "vi") -> str:
        """The citation as a lawyer writes it: ``điểm d khoản 2 Điều 32 Nghị định số 30/2020/NĐ-CP``."""
        kind_vi, kind_en = "", ""
        for pattern, vi, en in _ACT_KINDS:
            if re.search(pattern, self.act):
                kind_vi, kind_en = vi + " ", en + " "
                break
        is_act = bool(kind_vi)
        parts: list[str] = []
        if lang == "en":
            if self.point:
                parts.append(f"point {self.point}")
            if self.clause:
                parts.append(f"clause {self.clause}")
            if self.article:
                numeric = self.article[:1].isdigit()
                word = "Article " if is_act and numeric else "§" if numeric else ""
                parts.append(f"{word}{self.article}".replace("Phụ lục", "Annex"))
            head = ", ".join(parts)
            return f"{head}, {kind_en}{self.act}" if head else f"{kind_en}{self.act}"
        if self.point:
            parts.append(f"điểm {self.point}")
        if self.clause:
            parts.append(f"khoản {self.clause}")
        if self.article:
            numeric = self.article[:1].isdigit()
            word = "Điều " if is_act and numeric else "mục " if numeric else ""
            parts.append(f"{word}{self.article}")
        parts.append(f"{kind_vi}{self.act}")
        return " ".join(parts)

    def __str__(self) -> str:
        return self.cite("vi")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding stands. Every field may be ``None``; ``str()`` puts the given ones into one line."""

    path: str | None = None
    """Path in the packet, such as ``MessageHeader/From/OrganId`` or ``Attachment[2]``."""
    attachment: str | None = None
    """Name of the attachment as it is safe to show."""
    signature: str | None = None
    """Field name or id of the signature."""
    page: int | None = None
    """Page, counted from 1."""
    line: int | None = None
    """Line in the source, counted from 1."""
    byte_range: tuple[int, int] | None = None
    """First byte and the byte after the last, counted from 0, in the file the finding is about."""

    def __str__(self) -> str:
        parts = [str(p) for p in (self.attachment, self.path, self.signature) if p]
        if self.page is not None:
            parts.append(f"p. {self.page}")
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.byte_range is not None:
            parts.append(f"bytes {self.byte_range[0]}-{self.byte_range[1]}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that deviates, or is worth knowing."""

    rule: str
    """Stable id of the rule: ``R05``, ``envelope.base64``, ``pdf.byte_range`` …"""
    severity: Severity
    """How grave it is."""
    where: Location
    """Where it stands."""
    message_vi: str
    """Vietnamese message, NFC, one or two sentences."""
    message_en: str
    """English message."""
    basis: tuple[Basis, ...] = ()
    """Provisions it rests on, the deciding one first."""
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Facts for programs: found, expected and the like, JSON-able. Not part of equality of meaning; never secret."""

    def message(self, lang: str = "vi") -> str:
        """The message in ``"vi"`` or ``"en"``."""
        return self.message_en if lang == "en" else self.message_vi

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able form; the keys are the field names."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "where": jsonable(self.where),
            "message_vi": self.message_vi,
            "message_en": self.message_en,
            "basis": [jsonable(b) for b in self.basis],
            "data": jsonable(self.data),
        }


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and what became of it."""

    rule: str
    """Id of the rule."""
    outcome: Outcome
    """What became of it."""
    title_vi: str = ""
    """What the rule asks, in Vietnamese."""
    title_en: str = ""
    """What the rule asks, in English."""
    reason_vi: str = ""
    """Why it was not evaluated or does not apply; empty when it passed."""
    reason_en: str = ""
    """The same in English."""
    basis: tuple[Basis, ...] = ()
    """Provisions the rule rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able form; the keys are the field names."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "title_vi": self.title_vi,
            "title_en": self.title_en,
            "reason_vi": self.reason_vi,
            "reason_en": self.reason_en,
            "basis": [jsonable(b) for b in self.basis],
        }


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among ``findings``, ``None`` when there are none."""
    return max((f.severity for f in findings), key=lambda s: s.rank, default=None)


def jsonable(value: Any) -> Any:
    """Turn facts into JSON-able data: dataclasses to objects without empty fields, times to ISO 8601 with +07:00."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        moment = value.astimezone(VIETNAM) if value.tzinfo is not None else value
        return moment.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(k): jsonable(v) for k, v in value.items()}
    slots = getattr(type(value), "__dataclass_fields__", None)
    if slots is not None:
        items = ((name, getattr(value, name)) for name in slots)
        return {name: jsonable(v) for name, v in items if v is not None}
    if isinstance(value, Iterable):
        return [jsonable(v) for v in value]
    return str(value)


def visible(text: object, keep: str = "") -> str:
    """Text of a hostile file for a person: NFC, with control, format and direction characters shown, not obeyed.

    ``keep`` names characters that may stay, such as ``"\n\t"``.
    """
    out = []
    for char in composed(str(text)):
        if char not in keep and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            out.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
        else:
            out.append(char)
    return "".join(out)
