"""``vn-edoc verify FOLDER``: every packet and signed file of a folder, on all cores, one table."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vn_edoc._files import os_reason
from vn_edoc.cli.output import safe, say, write_text
from vn_edoc.errors import SourceError

if TYPE_CHECKING:
    from vn_edoc.validity import Context, Judged, Report, Verifier

__all__ = ["Folder", "run"]

_SUFFIXES = frozenset({".edxml", ".xml", ".pdf", ".p7m", ".p7s", ".edoc"})
_GRAVITY = (0, 2, 1, 3)
"""Exit codes, the gravest last."""
_RATIOS = (6, 5, 5, 2, 2, 9)
"""Widths of the columns on a terminal."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One run over a folder."""

    root: Path
    """The folder."""
    make: Callable[[], Verifier]
    """Makes the verifier, once a process."""
    at: datetime | None
    """Moment of judging."""
    context: Context
    """What the host knows of all of them."""
    html: Path | None
    """Folder for HTML reports."""
    evidence: Path | None
    """Folder for evidence bundles."""
    sarif: Path | None
    """SARIF file of the whole run."""
    junit: Path | None
    """JUnit file of the whole run."""
    workers: int | None
    """Processes."""
    lang: str
    """Language of the output."""
    as_json: bool
    """One line of JSON for each file."""


def run(folder: Folder, exit_of: Callable[[bool, str | None, str | None, int, bool], int]) -> int:
    """Judge all, print, and answer with the gravest exit code."""
    from vn_edoc.validity import Judged, verify_many

    paths, passed_over, closed = _files(folder.root)
    if closed and not paths:
        raise SourceError(f"{closed[0]}", f"không đọc được thư mục: {closed[0]}", field="source")
    if not paths:
        raise SourceError(
            f"{folder.root} holds no packet or signed file ({', '.join(sorted(_SUFFIXES))})",
            f"{folder.root} không có gói tin hay tệp ký số nào ({', '.join(sorted(_SUFFIXES))})",
            field="source",
        )
    for place in (folder.html, folder.evidence):
        if place is not None:
            _make(place)
    then = partial(_keep, folder.root, folder.html, folder.evidence, folder.lang)
    results = verify_many(folder.make, paths, at=folder.at, context=folder.context, workers=folder.workers, then=then)
    rows: list[tuple[str, int, Judged]] = []
    for one in _watched(results, len(paths), folder.lang):
        name = one.path.relative_to(folder.root).as_posix()
        rows.append((name, exit_of(one.readable, one.document, one.exchange, one.errors, one.enclosed), one))
        if folder.as_json:
            click.echo(_line(name, rows[-1][1], one))
    for error in closed:
        said = str(error.filename or error)
        en, vi = os_reason(error)
        one = Judged(
            Path(said), None, reason_vi=f"không đọc được thư mục: {vi}", reason_en=f"cannot read the folder: {en}"
        )
        rows.append((os.path.relpath(said, folder.root), exit_of(False, None, None, 0, False), one))
        if folder.as_json:
            click.echo(_line(*rows[-1]))
    _for_pipelines(folder, rows)
    if not folder.as_json:
        _table(rows, passed_over, folder.lang)
    return max((code for _, code, _ in rows), key=_GRAVITY.index)


def _files(root: Path) -> tuple[list[Path], int, list[OSError]]:
    """Packets and signed files below the folder, sorted; how many others; folders that could not be read. Hidden ones
    and links to folders are not followed."""
    found: list[Path] = []
    closed: list[OSError] = []
    others = 0
    for place, folders, names in os.walk(root, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith("."):
                continue
            if Path(name).suffix.lower() in _SUFFIXES:
                found.append(Path(place, name))
            else:
                others += 1
    return sorted(found), others, closed


def _make(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{place}: {error}", f"không tạo được thư mục {place}: {error}", field=str(place)) from error


def _keep(root: Path, html: Path | None, evidence: Path | None, lang: str, path: Path, report: Report) -> None:
    """Write what is asked for each file, in the process that judged it: in folders like those of the files."""
    place = path.relative_to(root)
    if html is not None:
        _make((html / place).parent)
        write_text(html / f"{place}.html", report.to_html(lang))
    if evidence is not None:
        _make((evidence / place).parent)
        report.save_evidence(evidence / f"{place}.evidence.zip")


def _watched(results: Iterable[Judged], total: int, lang: str) -> Iterator[Judged]:
    """The results, with a progress bar where a person watches, and silently elsewhere."""
    if not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import track

    what = "Verifying" if lang == "en" else "Đang kiểm tra"
    yield from track(results, description=what, total=total, console=Console(stderr=True), transient=True)


def _for_pipelines(folder: Folder, rows: list[tuple[str, int, Judged]]) -> None:
    if folder.sarif is None and folder.junit is None:
        return
    from vn_edoc.validity.render.pipeline import junit, sarif

    reports = [(name, one.report) for name, _, one in rows if one.report is not None]
    for file, form in ((folder.sarif, sarif), (folder.junit, junit)):
        if file is not None:
            write_text(file, form(reports, folder.lang))


def _line(name: str, code: int, one: Judged) -> str:
    from vn_edoc.validity.report import printable

    about: dict[str, object] = {"schema": "vn-edoc/verified/1", "file": name, "exit": code}
    if one.report is not None:
        about["report"] = one.report
    else:
        about["error"] = {"message_vi": one.reason_vi, "message_en": one.reason_en}
    return printable(json.dumps(about, ensure_ascii=False))


def _table(rows: list[tuple[str, int, Judged]], passed_over: int, lang: str) -> None:
    from vn_edoc.validity import DocumentValue, ExchangeValue

    english = lang == "en"
    heads = (
        ("File", "Document", "Exchange", "Errors", "Warnings", "Reason")
        if english
        else ("Tệp", "Văn bản", "Gửi, nhận", "Vi phạm", "Cảnh báo", "Lý do")
    )
    unreadable = "UNREADABLE" if english else "KHÔNG ĐỌC ĐƯỢC"
    lines = []
    for name, _, one in rows:
        document = unreadable if not one.readable else "-"
        if one.readable and one.document is not None:
            document = DocumentValue(one.document).label(lang)
        elif one.readable:
            document = "STATUS" if english else "TRẠNG THÁI"
        exchange = "-" if one.exchange is None else ExchangeValue(one.exchange).label(lang)
        reason = one.reason_en if english else one.reason_vi
        lines.append((safe(name), document, exchange, str(one.errors), str(one.warnings), safe(reason)))
    if sys.stdout.isatty():
        _rich_table(heads, lines)
    else:
        for line in (heads, *lines):
            say("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line))
    say()
    counts: dict[str, int] = {}
    for line in lines:
        counts[line[1]] = counts.get(line[1], 0) + 1
    say(f"{len(lines)} {'files' if english else 'tệp'}: " + "; ".join(f"{n} {what}" for what, n in counts.items()))
    if passed_over:
        say(f"{passed_over} other files passed over" if english else f"Bỏ qua {passed_over} tệp loại khác")


def _rich_table(heads: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    # Names and conclusions are never cut; a long reason is, the whole stands in the report.
    table = Table(*(Column(head, overflow="fold", ratio=ratio) for head, ratio in zip(heads, _RATIOS, strict=True)))
    for *cells, reason in lines:
        # Text, not markup: a file name is never obeyed.
        table.add_row(*(Text(cell) for cell in (*cells, textwrap.shorten(reason, 120, placeholder="…"))))
    Console().print(table)
