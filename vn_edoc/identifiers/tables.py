"""Tables that people keep: CSV, JSON and Excel files as rows of text, bounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from vn_edoc._files import read_file
from vn_edoc._json import StandsTwice, without_doubles
from vn_edoc.errors import LimitExceeded, SourceError, UsageError
from vn_edoc.identifiers.value import shown
from vn_edoc.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["bounded", "escaped", "read_table", "read_text", "unescaped", "write_table"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_text(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    """A text file in UTF-8, with or without a byte order mark; :class:`~vn_edoc.errors.SourceError` otherwise."""
    try:
        bounded(path, "table_bytes", path.stat().st_size, limits)
        return read_file(path, limits.table_bytes).decode("utf-8-sig")
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be read: {error.strerror}",
            f"không đọc được {path.name}",
            field="path",
            value=path.name,
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path.name} is not UTF-8 (byte {error.start})",
            f"{path.name} không phải UTF-8 (byte {error.start})",
            field="path",
            value=path.name,
        ) from error


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and control characters."""
    return f"'{cell}" if cell.lstrip("'")[:1] in _FORMULA else cell


def unescaped(cell: str) -> str:
    """The cell before :func:`escaped`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'")[:1] in _FORMULA else cell


def read_table(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[dict[str, Any]]:
    """The rows of a ``.csv``, ``.json`` or ``.xlsx`` file (first sheet) by column heading."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _rows_in(path, _json(path, limits), limits)
    if suffix in (".xlsx", ".xlsm"):
        return list(_excel(path, limits))
    if suffix in (".csv", ".tsv", ".txt", ""):
        text = read_text(path, limits)
        try:
            reader = csv.DictReader(
                io.StringIO(text, newline=""), delimiter="\t" if suffix == ".tsv" else ",", strict=True
            )
            _no_doubles(path, reader.fieldnames or ())
            return _rows_in(path, [_whole(path, number, row) for number, row in enumerate(reader, 2)], limits)
        except csv.Error as error:
            raise UsageError(
                f"{path.name} is not CSV: {error}", f"{path.name} không phải CSV", field="path", value=path.name
            ) from error
    raise UsageError(
        f"{path.name}: tables are .csv, .json or .xlsx",
        f"{path.name}: bảng phải là .csv, .json hoặc .xlsx",
        field="path",
        value=path.name,
    )


def bounded(path: Path, bound: str, met: int, limits: Limits) -> None:
    """Refuse a file that exceeds a bound of ``limits``: :class:`~vn_edoc.errors.LimitExceeded`."""
    most = getattr(limits, bound)
    if met > most:
        raise LimitExceeded(
            f"{path.name}: {bound} is {most}, met {met}",
            f"{path.name}: vượt giới hạn {bound} = {most}",
            field=bound,
            value=met,
        )


def _rows_in(path: Path, rows: list[dict[str, Any]], limits: Limits) -> list[dict[str, Any]]:
    bounded(path, "table_rows", len(rows), limits)
    return rows


def _no_doubles(path: Path, heading: Iterable[str]) -> None:
    """Of two columns of one name the last would count, and nobody would know."""
    seen: set[str] = set()
    for name in heading:
        if name and name in seen:
            raise UsageError(
                f"{path.name}: the column {shown(name)} stands twice",
                f"{path.name}: cột {shown(name)} xuất hiện hai lần",
                field=name,
                value=path.name,
            )
        seen.add(name)


def _whole(path: Path, number: int, row: dict[str, Any]) -> dict[str, Any]:
    if None in row or None in row.values():
        raise UsageError(
            f"{path.name}: row {number} has another number of cells than the heading",
            f"{path.name}: dòng {number} có số ô khác dòng tiêu đề",
            field="row",
            value=number,
        )
    return {name: unescaped(cell) for name, cell in row.items()}


def _json(path: Path, limits: Limits) -> list[dict[str, Any]]:
    import json

    try:
        data = json.loads(read_text(path, limits), object_pairs_hook=without_doubles)
    except StandsTwice as error:
        raise UsageError(
            f"{path.name}: {error.en}", f"{path.name}: {error.vi}", field="path", value=path.name
        ) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path.name} is not JSON: {error}", f"{path.name} không phải JSON", field="path", value=path.name
        ) from None
    if isinstance(data, Mapping):
        data = next((data[key] for key in ("rows", "units", "data") if isinstance(data.get(key), list)), None)
    if not isinstance(data, list) or not all(isinstance(row, Mapping) for row in data):
        raise UsageError(
            f"{path.name}: expected a list of objects", f"{path.name}: cần danh sách đối tượng", field="path",
            value=path.name,
        )  # fmt: skip
    return [dict(row) for row in data]


def _excel(path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
    try:
        import openpyxl
    except ImportError:
        raise UsageError(
            "reading Excel needs the extra: pip install vn-edoc[excel]",
            "đọc tệp Excel cần gói bổ sung: pip install vn-edoc[excel]",
            field="path",
            value=path.name,
        ) from None
    import zipfile

    try:
        packed = io.BytesIO(read_file(path, limits.table_bytes))
        with zipfile.ZipFile(packed) as archive:
            bounded(path, "table_bytes", sum(entry.file_size for entry in archive.infolist()), limits)
        book = openpyxl.load_workbook(packed, read_only=True, data_only=True)
        try:
            lines = book.worksheets[0].iter_rows(values_only=True)
            heading = [str(cell).strip() if cell is not None else "" for cell in next(lines, ())]
            _no_doubles(path, heading)
            for number, line in enumerate(lines):
                bounded(path, "table_rows", number + 1, limits)
                if any(cell is not None for cell in line):
                    yield {k: _cell(v) for k, v in zip(heading, line, strict=False) if k}
        finally:
            book.close()
    except (LimitExceeded, UsageError):
        raise
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be read: {error.strerror or error}", f"không đọc được {path.name}", field="path",
            value=path.name,
        ) from error  # fmt: skip
    except Exception as error:  # openpyxl, zipfile and its XML reader raise many kinds on damaged files
        raise UsageError(
            f"{path.name} is not an Excel workbook: {shown(str(error))}",
            f"{path.name} không phải tệp Excel",
            field="path",
            value=path.name,
        ) from error


def _cell(value: object) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else value if isinstance(value, str | date) else str(value)


def write_table(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows to ``.csv``, ``.json`` or ``.xlsx``; the file appears whole or not at all.

    In CSV a cell that a spreadsheet would take for a formula gets an apostrophe, which :func:`read_table` takes off.
    """
    heading = list(columns)
    suffix = path.suffix.lower()
    temporary = path.with_name(f".{path.name}.part")
    try:
        if suffix == ".xlsx":
            _write_excel(temporary, heading, rows)
        elif suffix == ".json":
            import json

            text = json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
        elif suffix == ".csv":
            with temporary.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, heading, lineterminator="\n")
                writer.writeheader()
                writer.writerows({name: escaped(cell) for name, cell in row.items()} for row in rows)
        else:
            raise UsageError(
                f"{path.name}: tables are .csv, .json or .xlsx",
                f"{path.name}: bảng phải là .csv, .json hoặc .xlsx",
                field="path",
                value=path.name,
            )
        temporary.replace(path)
    except OSError as error:
        raise SourceError(
            f"{path.name} cannot be written: {error.strerror}", f"không ghi được {path.name}", field="path",
            value=path.name,
        ) from error  # fmt: skip
    finally:
        temporary.unlink(missing_ok=True)


def _write_excel(path: Path, heading: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    try:
        import openpyxl
    except ImportError:
        raise UsageError(
            "writing Excel needs the extra: pip install vn-edoc[excel]",
            "ghi tệp Excel cần gói bổ sung: pip install vn-edoc[excel]",
            field="path",
            value=path.name,
        ) from None
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("units")
    sheet.append(heading)
    for row in rows:
        cells = []
        for name in heading:
            cell = WriteOnlyCell(sheet, value=row.get(name, ""))
            cell.data_type = "s"  # text, never a formula
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
