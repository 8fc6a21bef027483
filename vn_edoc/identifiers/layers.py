"""Layers of a registry: a list read from a file (kept as rows until asked), and the changes recorded since."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from vn_edoc.errors import UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.records import COLUMNS, Period
from vn_edoc.identifiers.tables import unescaped
from vn_edoc.identifiers.value import shown

__all__ = ["Layer", "Recorded", "TableLayer", "day", "parse_csv"]

_RANGE = re.compile(r"[A-Z][0-9]{2}-[A-Z][0-9]{2}")
_ONE_USUAL = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}|[A-Y][0-9]{2}(?:\.[0-9A-Z]{1,4}){0,6}")
_USUAL = re.compile(rf"(?:(?:{_ONE_USUAL.pattern})\n)*+\Z")
_ALIASES = {
    "ma": "code", "mã": "code", "mã định danh": "code", "ma_dinh_danh": "code", "organid": "code",
    "tên": "name", "ten": "name", "tên cơ quan": "name", "tên đơn vị": "name", "ten_don_vi": "name",
    "loại": "kind", "mã cấp trên": "parent", "ma_cap_tren": "parent", "successor": "successors",
    "kế thừa": "successors",
    "hiệu lực từ": "valid_from", "từ ngày": "valid_from", "hiệu lực đến": "valid_to", "đến ngày": "valid_to",
    "văn bản": "act_from", "act": "act_from", "mã cũ": "other_code", "old_code": "other_code", "oldcode": "other_code",
    "code102": "other_code", "nguồn": "source", "ghi chú": "note",
}  # fmt: skip


class Layer(Protocol):
    """One list in a registry."""

    label: str

    def periods(self, code: str) -> tuple[Period, ...] | None:
        """The code's periods, oldest first; ``None`` if the layer does not have the code."""

    def codes(self) -> Iterable[str]:
        """All its codes and blocks."""

    def names(self) -> Iterator[tuple[str, str]]:
        """Code and name of every row."""


class Recorded:
    """The layer of recorded changes: whole periods of every code that a change touched."""

    def __init__(self, label: str, table: Mapping[str, tuple[Period, ...]]) -> None:
        self.label = label
        self.table = dict(table)

    def periods(self, code: str) -> tuple[Period, ...] | None:
        return self.table.get(code)

    def codes(self) -> Iterable[str]:
        return self.table.keys()

    def names(self) -> Iterator[tuple[str, str]]:
        return ((code, period.name) for code, periods in self.table.items() for period in periods)


class TableLayer:
    """A list as rows of text. Codes, dates and overlaps are checked when it is made, the rest is read when asked."""

    def __init__(self, label: str, heading: list[str], rows: list[list[str]]) -> None:
        self.label = label
        columns = [_column(name) for name in heading]
        self._at = {name: index for index, name in enumerate(columns)}
        if len(self._at) < len(columns):
            raise _wrong(0, "heading", ", ".join(heading), "a column stands twice", "cột bị lặp")
        if "code" not in self._at:
            raise _wrong(0, "heading", ", ".join(heading), "no column 'code'", "thiếu cột mã (code)")
        self._extra = [(name, index) for name, index in self._at.items() if name not in COLUMNS]
        width = len(columns)
        if any(len(row) != width for row in rows):
            number = next(i for i, row in enumerate(rows) if len(row) != width)
            raise _wrong(number + 2, "row", len(rows[number]), f"{width} cells expected", f"cần {width} ô")
        at = self._at["code"]
        codes = [row[at] for row in rows]
        self._rows: dict[str, list[str]] = dict(zip(codes, rows, strict=True))
        self._many: dict[str, list[list[str]]] = {}
        self.ranges: list[str] = []
        self._check_codes(codes)
        if len(self._rows) < len(rows):
            for code, row in zip(codes, rows, strict=True):
                self._many.setdefault(code, []).append(row)
            self._many = {code: several for code, several in self._many.items() if len(several) > 1}
        self._days = self._read_days(rows)
        for code in self._many:
            self.periods(code)
        if "valid_to" in self._at and "valid_from" in self._at:
            self._check_order(rows)

    def _check_codes(self, codes: list[str]) -> None:
        if _USUAL.match("\n".join(codes) + "\n"):
            return
        for number, code in enumerate(codes, 2):
            if _ONE_USUAL.fullmatch(code):
                continue
            if AgencyCode.is_valid(code):
                if str(AgencyCode.parse(code)) != code:
                    normal = str(AgencyCode.parse(code))
                    raise _wrong(number, "code", code, f"written as {normal}", f"viết là {normal}")
            elif _RANGE.fullmatch(code):
                self.ranges.append(code)
            elif re.fullmatch(r"Z[0-9]{2}", code):
                continue  # a prefix of a scheme (article 6) may stand in a list, though it is no code by itself
            else:
                try:
                    AgencyCode.parse(code)
                except UsageError as error:
                    raise _wrong(number, "code", code, error.message_en, error.message_vi) from None

    def _read_days(self, rows: list[list[str]]) -> dict[str, date | None]:
        days: dict[str, date | None] = {"": None}
        for column in ("valid_from", "valid_to"):
            at = self._at.get(column)
            if at is None:
                continue
            for text in {row[at] for row in rows} - days.keys():
                try:
                    days[text] = day(text)
                except ValueError:
                    number = next(i for i, row in enumerate(rows, 2) if row[at] == text)
                    raise _wrong(number, column, text, "not a date YYYY-MM-DD", "không phải ngày YYYY-MM-DD") from None
        return days

    def _check_order(self, rows: list[list[str]]) -> None:
        first, last = self._at["valid_from"], self._at["valid_to"]
        for number, row in enumerate(rows, 2):
            if row[last] and row[first]:
                begun, ended = self._days[row[first]], self._days[row[last]]
                if begun is not None and ended is not None and begun > ended:
                    raise _wrong(number, "valid_to", row[last], "before valid_from", "trước valid_from")

    def periods(self, code: str) -> tuple[Period, ...] | None:
        row = self._rows.get(code)
        if row is None:
            return None
        rows = self._many.get(code)
        if rows is None:
            return (self._period(row),)
        return in_order([self._period(one) for one in rows])

    def codes(self) -> Iterable[str]:
        return self._rows.keys()

    def names(self) -> Iterator[tuple[str, str]]:
        code, name = self._at["code"], self._at.get("name")
        if name is None:
            return iter(())
        rows = [row for several in self._many.values() for row in several]
        rows += [row for one, row in self._rows.items() if one not in self._many]
        return ((row[code], row[name]) for row in rows)

    def has(self, column: str) -> bool:
        """Whether the list has the column."""
        return column in self._at

    def successors(self) -> Iterator[tuple[str, str]]:
        """Code and successors' cell of the rows that name any."""
        code, at = self._at["code"], self._at.get("successors")
        if at is None:
            return iter(())
        return ((row[code], row[at]) for row in self._all_rows() if row[at])

    def parents(self) -> Iterator[tuple[str, str]]:
        """Code and parent's cell of the rows that state one."""
        code, at = self._at["code"], self._at.get("parent")
        if at is None:
            return iter(())
        return ((row[code], row[at]) for row in self._all_rows() if row[at])

    def other_codes(self) -> Iterator[tuple[str, str]]:
        """Other-scheme code and code of the rows that give one."""
        code, at = self._at["code"], self._at.get("other_code")
        if at is None:
            return iter(())
        return ((row[at], row[code]) for row in self._all_rows() if row[at])

    def _all_rows(self) -> Iterator[list[str]]:
        for code, row in self._rows.items():
            yield from self._many.get(code, (row,))

    def _period(self, row: list[str]) -> Period:
        at = self._at

        def cell(name: str) -> str:
            index = at.get(name)
            return row[index] if index is not None else ""

        code = cell("code")
        successors = tuple(cell("successors").replace(",", " ").replace(";", " ").split())
        values: dict[str, Any] = {
            name: text
            for name in (
                "name", "kind", "parent", "begun_by", "ended_by", "act_from", "act_to", "other_code", "certainty",
                "successor_certainty", "source", "note",
            )
            if (text := cell(name))
        }  # fmt: skip
        return Period(
            code=code,
            valid_from=self._days[cell("valid_from")],
            valid_to=self._days[cell("valid_to")],
            successors=tuple(one for one in successors if one != code),
            predecessors=tuple(cell("predecessors").replace(",", " ").split()),
            layer=cell("layer") or self.label,
            extra={name: row[index] for name, index in self._extra if row[index]},
            **values,
        )


def in_order(periods: list[Period]) -> tuple[Period, ...]:
    """Periods of one code, oldest first; refuses an overlap, and a gap, which would be a code used again."""
    ordered = sorted(periods, key=lambda p: (p.valid_from or date.min, p.valid_to or date.max))
    for before, after in pairwise(ordered):
        if before.valid_to is None or after.valid_from is None or before.valid_to >= after.valid_from:
            raise UsageError(
                f"{before.code}: two rows hold on the same day",
                f"{before.code}: hai dòng cùng có hiệu lực trong một ngày",
                field="valid_from",
                value=before.code,
                rule="registry.overlap",
            )
        if (after.valid_from - before.valid_to).days > 1:
            raise UsageError(
                f"{before.code}: closed on {before.valid_to} and used again from {after.valid_from}",
                f"{before.code}: đã đóng ngày {before.valid_to} rồi dùng lại từ {after.valid_from}",
                field="valid_from",
                value=before.code,
                rule="registry.reuse",
            )
    return tuple(ordered)


def day(text: str) -> date:
    """A date ``YYYY-MM-DD`` or ``DD/MM/YYYY``; ``ValueError`` otherwise."""
    if re.fullmatch(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", text):
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    raise ValueError(text)


def parse_csv(text: str) -> tuple[list[str], list[list[str]]]:
    """Heading and rows. Text without a quote is cut at commas at once; the rest goes through :mod:`csv`."""
    if '"' not in text and "\r" not in text:
        lines = text.split("\n")
        if lines and not lines[-1]:
            lines.pop()
        rows = [line.split(",") for line in lines]
    else:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise UsageError(
                f"not CSV: {error}", f"không phải CSV: {error}", field="list", rule="registry.row"
            ) from None
    if "'" in text:
        rows = [[unescaped(cell) for cell in row] for row in rows]
    rows = [row for row in rows if row != [""] and row]
    if not rows:
        raise UsageError("the list is empty", "danh sách trống", field="list", rule="registry.row")
    return rows[0], rows[1:]


def _column(name: str) -> str:
    key = name.strip()
    return key if key in COLUMNS else _ALIASES.get(key.lower(), key)


def _wrong(number: int, field: str, value: object, en: str, vi: str) -> UsageError:
    return UsageError(
        f"row {number}: {field} {shown(value)}: {en}",
        f"dòng {number}: {field} {shown(value)}: {vi}",
        field=field,
        value=value,
        rule="registry.row",
    )
