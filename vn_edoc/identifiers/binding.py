"""Rows that bind agencies to certificates, what a certificate says about its holder, and the answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.names import LONGEST, expanded, name_key
from vn_edoc.identifiers.text import fold, invisible
from vn_edoc.identifiers.value import shown

__all__ = [
    "Binding",
    "BindingResult",
    "CertificateSubject",
    "Means",
    "Verdict",
    "another_holder",
    "hex_of",
    "honest",
    "identities",
    "number_of",
    "row_of",
]

Verdict = Literal["bound", "contradicted", "unknown"]
"""What is known about a certificate and an agency."""
Means = Literal["certificate", "mst", "mns", "name"]
"""What a row and a certificate agree in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSubject:
    """What a certificate says about its holder, as plain text."""

    common_name: str | None = None
    """CN."""
    organisations: tuple[str, ...] = ()
    """O, each value."""
    units: tuple[str, ...] = ()
    """OU, each value."""
    mst: str | None = None
    """Tax code (UID ``MST:…``), with or without the prefix."""
    mns: str | None = None
    """Budget-unit code (UID ``MNS:…``), with or without the prefix."""
    certificate_sha256: str | None = None
    """SHA-256 of the certificate, hex."""

    @property
    def holder(self) -> str | None:
        """The holder's name: CN, or the only O where there is no CN; ``None`` if it misleads."""
        return None if self.misleads else self._named

    @property
    def misleads(self) -> bool:
        """Whether the holder's name is not what it looks like: see :func:`honest`."""
        return self._named is not None and not honest(self._named)

    @property
    def _named(self) -> str | None:
        return self.common_name or (self.organisations[0] if len(self.organisations) == 1 else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One row: this agency held these identities from ``valid_from`` to ``valid_to``."""

    agency_code: AgencyCode
    """The agency."""
    other_code: AgencyCode | None = None
    """The same agency's code in the other scheme."""
    organisation: str | None = None
    """Name of the organisation as its certificates carry it in CN."""
    parent_organisation: str | None = None
    """Name of the body above, as the certificates carry it in O or OU. Below level 1 a name without it binds nothing:
    every province has a Sở Y tế."""
    mst: str | None = None
    """Tax code."""
    mns: str | None = None
    """Budget-unit code."""
    certificate_sha256: str | None = None
    """SHA-256 of one certificate, 64 small hex digits: the row is about this certificate only."""
    valid_from: date | None = None
    """First day; ``None``: since ever."""
    valid_to: date | None = None
    """Last day; ``None``: still."""
    source: str = ""
    """Where the row comes from: act, list, who recorded it."""

    def valid_on(self, on: date) -> bool:
        """Whether the row holds on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class BindingResult:
    """Whether a certificate is the agency's."""

    verdict: Verdict
    """``bound``: a row or the exact name says so; ``contradicted``: what the certificate carries is another agency's,
    or is not this one's in number and name;
    ``unknown``: neither."""
    by: Means | None
    """What decided."""
    row: Binding | None
    """The row that says so; for a name of the registry a row made from its entry; ``None`` when unknown."""
    reason_vi: str
    """The reason, in Vietnamese."""
    reason_en: str
    """The reason, in English."""


def identities(row: Binding) -> dict[Means, str]:
    """What a row gives to be recognised by, each in the form that is compared."""
    all_of: dict[Means, str | None] = {
        "certificate": hex_of(row.certificate_sha256),
        "mst": number_of(row.mst),
        "mns": number_of(row.mns),
        "name": name_key(row.organisation) if row.organisation else None,
    }
    return {means: value for means, value in all_of.items() if value}


def honest(name: str) -> bool:
    """Whether a certificate's name can be what it looks like: without characters that nobody sees and letters that are
    not Latin, and not longer than what is compared. A CA that gives each name once gives one with a Cyrillic ``о`` too.
    """
    return len(name) <= LONGEST and not any(_misleads(c) for c in name if not c.isascii() or c < " ")


def _misleads(char: str) -> bool:
    category = unicodedata.category(char)
    return invisible(char) or (category[0] == "L" and not unicodedata.name(char, "").startswith("LATIN "))


def number_of(text: str | None) -> str | None:
    """A tax or budget code without its prefix, spaces and hyphens."""
    if not text:
        return None
    bare = text.strip().upper()
    for prefix in ("MST:", "MNS:"):
        bare = bare.removeprefix(prefix)
    return "".join(c for c in bare if c not in " -.") or None


def hex_of(text: str | None) -> str | None:
    """A hash in small hex digits without colons and spaces."""
    return text.replace(":", "").replace(" ", "").lower() if text else None


_CODES = ("agency_code", "other_code")
_DATES = ("valid_from", "valid_to")


def row_of(number: int, row: Mapping[str, Any]) -> Binding:
    """The row that a mapping of text gives; ``number`` names it in the :class:`~vn_edoc.errors.UsageError`."""

    def wrong(field: str, value: object, en: str, vi: str) -> UsageError:
        return UsageError(
            f"row {number}: {field} {shown(value)}: {en}",
            f"dòng {number}: {field} {shown(value)}: {vi}",
            field=field,
            value=value,
            rule="bindings.row",
        )

    names = {f.name for f in fields(Binding)}
    values: dict[str, Any] = {}
    for field, value in row.items():
        if field not in names:
            raise wrong(str(field), value, "no such column", "không có cột này")
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | date):
            raise wrong(field, value, "neither a text nor a date", "không phải chuỗi ký tự hay ngày")
        text = value if isinstance(value, date) else str(value).strip()
        if isinstance(text, str) and any("\ud800" <= c <= "\udfff" for c in text):
            raise wrong(field, text.encode("utf-8", "replace").decode(), "no text", "không phải chuỗi ký tự")
        try:
            if field in _CODES:
                values[field] = AgencyCode.parse(str(text))
            elif field in _DATES:
                values[field] = text if isinstance(text, date) else date.fromisoformat(text)
            else:
                values[field] = str(text)
        except InvalidCode as error:
            raise wrong(field, value, error.message_en, error.message_vi) from None
        except ValueError:
            raise wrong(field, value, "not a date YYYY-MM-DD", "không phải ngày dạng YYYY-MM-DD") from None
    if "agency_code" not in values:
        raise wrong("agency_code", "", "missing", "thiếu")
    digest = hex_of(values.get("certificate_sha256"))
    if digest is not None:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise wrong("certificate_sha256", digest, "not 64 hex digits", "không phải 64 chữ số hệ 16")
        values["certificate_sha256"] = digest
    made = Binding(**values)
    if not identities(made):
        raise wrong("organisation", "", "the row gives no identity", "dòng không nêu thông tin định danh nào")
    if made.valid_from and made.valid_to and made.valid_from > made.valid_to:
        raise wrong("valid_to", made.valid_to, "before valid_from", "trước valid_from")
    return made


def another_holder(rows: Sequence[Binding], subject: CertificateSubject) -> Means | None:
    """Which number says, together with the name, that a certificate is of another holder than the rows of an agency:
    both differ from every row. One of the two alone may be a new name, a second number or a unit of the agency."""
    own = [row.organisation for row in rows if row.organisation]
    named = [name for name in (subject.holder, *subject.organisations, *subject.units) if name]
    if not own or subject.holder is None or any(_akin(a, b) for a in own for b in named):
        return None
    carried: dict[Means, str | None] = {"mst": number_of(subject.mst), "mns": number_of(subject.mns)}
    differs: Means | None = None
    for means, value in carried.items():
        known = [number for row in rows if (number := number_of(getattr(row, means)))]
        # A unit's tax code is that of its body with three more digits.
        if value and any(_body_of(value) == _body_of(number) for number in known):
            return None
        differs = differs or (means if value and known else None)
    return differs


def _akin(one: str, other: str) -> bool:
    """Whether one name has no word that the other lacks, accents and single letters left out: the body with its office
    or a shorter form (``Văn phòng UBND tỉnh …``, ``U.B.N.D. …``). Such a name is not clearly another's."""
    words, others = ({w for w in fold(expanded(name[:LONGEST])).split() if len(w) > 1} for name in (one, other))
    return words <= others or others <= words


def _body_of(number: str) -> str:
    """A number without a unit's digits, and with the zero in front that a spreadsheet takes away."""
    return number.zfill(10)[:10]
