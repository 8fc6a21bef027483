"""Lengths and Unicode form of the texts of a message (NĐ 30/2020/NĐ-CP Phụ lục VI)."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, TypeAlias
from unicodedata import is_normalized, normalize

from vn_edoc.envelope.elements import Element, Values, elements_of
from vn_edoc.envelope.notes import Notes
from vn_edoc.findings import Severity

if TYPE_CHECKING:
    from vn_edoc.envelope.fields import Part

__all__ = ["check_texts"]

Held: TypeAlias = "Part | Values"
"""A group: its model, or the values that were read of it."""
_DIGITS = {"promulgation_amount": 3, "page_amount": 3}


def check_texts(message: Held, notes: Notes) -> None:
    """R47 and ``envelope.not_nfc`` for every text of a message."""
    if not _sound(message):
        _walk(message, "MessageHeader", notes)


def _walk(part: Held, path: str, notes: Notes) -> None:
    """Lengths and Unicode form of every text."""
    values = part.__dict__
    for field, spec, kind, limit in _walked(type(part)):
        value = values.get(field)
        if not value:
            continue
        if kind == "plain":
            if len(value) > limit or not (value.isascii() or is_normalized("NFC", value)):
                _text((value,), spec, f"{path}/{spec.name}", notes)
        elif kind == "part":
            here = f"{path}/{spec.name}" if spec.name != "TraceHeaderList" else spec.name
            if type(value) is not tuple:
                _walk(value, here, notes)
                continue
            for number, inner in enumerate(value, 1):
                _walk(inner, f"{here}[{number}]" if len(value) > 1 else here, notes)
        elif kind == "text":
            _text(value, spec, f"{path}/{spec.name}", notes)
        elif value >= 10**limit:
            _too_long(spec, f"{path}/{spec.name}", len(str(value)), limit, notes)


def _sound(part: Held) -> bool:
    """Whether :func:`_walk` has nothing to tell. Most groups are so, and hold few of the fields that they may have."""
    rows = _limits(type(part))
    for field, value in part.__dict__.items():
        row = rows.get(field)
        if row is None or not value:
            continue
        kind, limit = row
        if kind == "plain":
            if len(value) > limit or not (value.isascii() or is_normalized("NFC", value)):
                return False
        elif kind == "part":
            if not (all(map(_sound, value)) if type(value) is tuple else _sound(value)):
                return False
        elif kind == "text" or value >= 10**limit:
            return False
    return True


@cache
def _limits(group: type[Held]) -> dict[str, tuple[str, int]]:
    return {field: (kind, limit) for field, _, kind, limit in _walked(group)}


@cache
def _walked(model: type[Held]) -> tuple[tuple[str, Element, str, int], ...]:
    """What is looked at of a group: field, element, kind (``plain`` is a single text) and length."""
    rows = []
    for field, spec in elements_of(model).items():
        kind = "plain" if spec.kind == "text" and not (spec.many or spec.item) else spec.kind
        limit = _DIGITS.get(field) if kind == "int" else spec.limit
        if kind in ("plain", "text", "part") or (kind == "int" and limit is not None):
            rows.append((field, spec, kind, sys.maxsize if limit is None else limit))
    return tuple(rows)


def _text(texts: tuple[str, ...], spec: Element, path: str, notes: Notes) -> None:
    length = sum(map(len, texts))
    if spec.limit is not None and length > spec.limit:  # letters and their marks apart are one letter
        length = sum(len(normalize("NFC", text)) for text in texts)
    if spec.limit is not None and length > spec.limit:
        _too_long(spec, path, length, spec.limit, notes)
    for text in texts:
        if not text.isascii() and not is_normalized("NFC", text):
            notes.group(
                "envelope.not_nfc",
                Severity.WARNING,
                path,
                "Có {n} giá trị không ở dạng Unicode dựng sẵn (NFC).",
                "Values that are not in the composed Unicode form (NFC): {n}.",
            )


def _too_long(spec: Element, path: str, length: int, limit: int, notes: Notes) -> None:
    notes.add(
        "R47",
        Severity.WARNING,
        path,
        f"{spec.name} ({spec.term}) dài {length} ký tự, quy định nhiều nhất {limit}.",
        f"{spec.name} has {length} characters, {limit} are allowed.",
        basis=("nd30:Phụ lục VI",),
        length=length,
        allowed=limit,
    )
