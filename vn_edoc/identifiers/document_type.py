"""Types of documents and their abbreviations, as data (``data/document_types.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vn_edoc._data import data_text
from vn_edoc.identifiers.text import tone_key

__all__ = ["DocumentType", "TypeKind", "by_abbreviation", "by_name", "document_types"]

TypeKind = Literal["administrative", "normative", "party", "consolidated", "copy", "archive_only"]


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of document (tên loại văn bản)."""

    abbreviation: str
    """As it stands in the symbol: ``QĐ``; empty for công văn and thư công, which have none."""
    name: str
    """Vietnamese name: ``Quyết định``; without the remark "(cá biệt)"."""
    kind: TypeKind
    """``administrative``: the 29 types of NĐ 30/2020 Điều 7; ``copy``: SY, TrS, SL; ``normative``; ``party``;
    ``consolidated``: VBHN; ``archive_only``."""
    order: int | None
    """Place in NĐ 30/2020 Điều 7, 1-29."""
    archive_code: str | None
    """Two digits 01-32 of TT 05/2025/TT-BNV; their order is another."""
    source: str
    """Where the row was taken from."""


@cache
def document_types() -> tuple[DocumentType, ...]:
    """The whole table, in the order of the act."""
    text = data_text("vn_edoc.identifiers", "document_types.csv")
    return tuple(
        DocumentType(
            abbreviation=row["abbreviation"],
            name=row["name"].removesuffix(" (cá biệt)"),
            kind=row["kind"],  # type: ignore[arg-type]
            order=int(row["order"]) if row["order"] else None,
            archive_code=row["archive_code"] or None,
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def by_abbreviation(*kinds: TypeKind) -> Mapping[str, DocumentType]:
    """Types of these kinds by abbreviation in small letters."""
    return {t.abbreviation.lower(): t for t in document_types() if t.abbreviation and t.kind in kinds}


@cache
def by_name() -> Mapping[str, tuple[DocumentType, ...]]:
    """Types by the comparison key of their name (see :func:`vn_edoc.identifiers.text.tone_key`)."""
    table: dict[str, tuple[DocumentType, ...]] = {}
    for one in document_types():
        key = tone_key(one.name)
        table[key] = (*table.get(key, ()), one)
    return table
