"""The table of acts and the short notation for their provisions."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from vn_edoc._data import data_text
from vn_edoc.errors import UsageError
from vn_edoc.findings import Basis

__all__ = ["Act", "Certainty", "act", "acts", "basis", "ended", "in_force"]


class Certainty(StrEnum):
    """How well a fact is known. Only ``OFFICIAL`` and ``EXCERPT`` may carry a hard failure."""

    OFFICIAL = "official"
    """The official text was read."""
    EXCERPT = "excerpt"
    """Read as an excerpt on a legal portal or government site."""
    SECONDARY = "secondary"
    """Seen in third-party copies or measured."""
    UNVERIFIED = "unverified"
    """Inferred or mentioned once."""


@dataclass(frozen=True, slots=True)
class Act:
    """A legal act, with the dates between which it governs."""

    key: str
    """Short key used in rules and data: ``nd30``."""
    number: str
    """Number as the law spells it: ``30/2020/NĐ-CP``."""
    title_vi: str
    """Vietnamese title (trích yếu)."""
    title_en: str
    """English rendering of the title."""
    signed: date | None
    """Date of issue; ``None`` if not known."""
    in_force_from: date | None
    """First day in force; ``None`` if not known."""
    in_force_to: date | None
    """Last day in force; ``None`` while in force (or unknown)."""
    replaced_by: tuple[str, ...]
    """Keys or numbers of the acts that replaced it."""
    certainty: Certainty
    """How well number and dates are known."""
    source: str
    """Where the row was taken from."""

    def in_force(self, on: date) -> bool | None:
        """Whether it governs on that day; ``None`` when the first day is not known."""
        if self.in_force_from is None:
            return None
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


@cache
def acts() -> Mapping[str, Act]:
    """All acts of the table by key."""

    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    table: dict[str, Act] = {}
    text = data_text("vn_edoc.law", "acts.csv")
    for row in csv.DictReader(text.splitlines()):
        table[row["key"]] = Act(
            key=row["key"],
            number=row["number"],
            title_vi=row["title_vi"],
            title_en=row["title_en"],
            signed=day(row["signed"]),
            in_force_from=day(row["in_force_from"]),
            in_force_to=day(row["in_force_to"]),
            replaced_by=tuple(row["replaced_by"].split()),
            certainty=Certainty(row["certainty"]),
            source=row["source"],
        )
    return table


def act(key_or_number: str) -> Act:
    """The act with that key (``nd30``) or number (``30/2020/NĐ-CP``); ``UsageError`` if the table has none."""
    table = acts()
    found = table.get(key_or_number)
    if found is None:
        found = next((a for a in table.values() if a.number == key_or_number), None)
    if found is None:
        raise UsageError(
            f"no act {key_or_number!r} in the table of acts",
            f"không có văn bản {key_or_number!r} trong bảng văn bản pháp luật",
            field="act",
            value=key_or_number,
        )
    return found


def in_force(key_or_number: str, on: date) -> bool | None:
    """Whether the act governs on that day; ``None`` when it is not known."""
    return act(key_or_number).in_force(on)


def ended(provision: Basis, lang: str = "vi") -> str:
    """The last day of the provision's act for a reader, with a blank before it; empty while it is in force."""
    last = next((a.in_force_to for a in acts().values() if a.number == provision.act), None)
    if last is None:
        return ""
    return f" (until {last.isoformat()})" if lang == "en" else f" (đến hết ngày {last:%d/%m/%Y})"


_PROVISION = re.compile(r"(?P<article>\d+[a-zđ]?)(?:\.(?P<clause>\d+)?(?P<point>[a-zđ])?)?")


@cache
def basis(reference: str) -> Basis:
    """A provision in short notation: ``key:article.clausepoint``.

    ``nd30:5.1`` is khoản 1 Điều 5, ``nd30:32.2d`` is điểm d khoản 2 Điều 32, ``nd30:Phụ lục I`` an annex, ``nd30``
    the whole act. Raises :class:`~vn_edoc.errors.UsageError` for an unknown key or another form.
    """
    key, _, provision = reference.partition(":")
    number = act(key).number
    if not provision:
        return Basis(number)
    if not provision[0].isdigit():
        return Basis(number, provision)
    match = _PROVISION.fullmatch(provision)
    if match is None:
        raise UsageError(
            f"{reference!r} is not in the form key:article.clausepoint",
            f"{reference!r} không đúng dạng khóa:điều.khoảnđiểm",
            field="reference",
            value=reference,
        )
    return Basis(number, match["article"], match["clause"], match["point"])
