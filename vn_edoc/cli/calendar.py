"""``vn-edoc calendar``: a year's months, days off and made-up days, on a terminal, as JSON or as iCalendar."""

from __future__ import annotations

from calendar import month_name
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vn_edoc.calendar import Day, DayKind, WorkCalendar, to_ics
from vn_edoc.cli.moments import parse_day
from vn_edoc.cli.output import json_option, lang_option, print_json, safe
from vn_edoc.errors import SourceError
from vn_edoc.findings import VIETNAM

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["command"]

_STYLES = {
    DayKind.WORKING: "",
    DayKind.WEEKEND: "dim",
    DayKind.STATUTORY: "bold red",
    DayKind.COMPENSATORY: "red",
    DayKind.SWAPPED_OFF: "magenta",
    DayKind.SWAPPED_WORK: "bold green",
    DayKind.AGENCY_OFF: "yellow",
    DayKind.AGENCY_WORK: "bold green",
}
_MARKS = {
    DayKind.STATUTORY: "*",
    DayKind.COMPENSATORY: "b",
    DayKind.SWAPPED_OFF: "h",
    DayKind.SWAPPED_WORK: "+",
    DayKind.AGENCY_OFF: "*",
    DayKind.AGENCY_WORK: "+",
}
_WEEKDAYS = {"vi": ["T2", "T3", "T4", "T5", "T6", "T7", "CN"], "en": ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]}


@click.command(
    "calendar",
)
@click.argument("year", type=click.IntRange(1975, 2100), required=False)
@click.option("--known-at", metavar="YYYY-MM-DD", help="Trả lời như vào ngày đó. / Answer as of that day.")
@click.option("--no-swaps", is_flag=True, help="Không tính hoán đổi, làm bù. / Leave swapped days out.")
@click.option(
    "--week",
    type=click.Choice(["5", "6"]),
    default="5",
    show_default=True,
    help="Ngày làm việc một tuần. / Days a week.",
)
@click.option("--ics", is_flag=True, help="In dạng iCalendar. / Print iCalendar.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Ghi iCalendar vào tệp. / Write it to a file.")
@json_option
@lang_option
def command(
    year: int | None,
    known_at: str | None,
    no_swaps: bool,
    week: str,
    ics: bool,
    output: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Vẽ các tháng của năm với ngày nghỉ và ngày làm bù, kèm văn bản làm căn cứ.

    Draw the months of a year with days off and made-up days, and the document behind each.
    """
    year = year or datetime.now(VIETNAM).year
    calendar = WorkCalendar.official(
        known_at=None if known_at is None else parse_day(known_at, "--known-at"),
        swaps="statutory_only" if no_swaps else None,
        week=6 if week == "6" else 5,
    )
    first, last = date(year, 1, 1), date(year, 12, 31)
    if as_json:
        print_json(_document(calendar, year, first, last), "vn-edoc/calendar/1")
    elif output is not None:
        try:
            output.write_bytes(to_ics(calendar, first, last, lang).encode())
        except OSError as wrong:
            reason = f"{output}: {wrong.strerror}"
            raise SourceError(f"cannot write {reason}", f"không ghi được {reason}", field="output") from None
        click.echo(safe(output))
    elif ics:
        click.echo(to_ics(calendar, first, last, lang), nl=False)
    else:
        _draw(calendar, year, first, last, lang)


def _document(calendar: WorkCalendar, year: int, first: date, last: date) -> dict[str, object]:
    return {
        "year": year,
        "status": calendar.year_status(year),
        "swaps": calendar.swaps,
        "week": calendar.week,
        "known_at": calendar.known_at,
        "working_days": len(calendar.working_days(first, last)),
        "days": calendar.special_days(first, last),
    }


def _draw(calendar: WorkCalendar, year: int, first: date, last: date, lang: str) -> None:
    from rich.columns import Columns
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    english = lang == "en"
    status = calendar.year_status(year).label(lang)
    worked = len(calendar.working_days(first, last))
    count = f"{worked} working days" if english else f"{worked} ngày làm việc"
    known = f", known at {calendar.known_at}" if calendar.known_at else ""
    console.print(f"[bold]{'Year' if english else 'Năm'} {year}[/] ({status}): {count}{known}")
    console.print(Columns([_month(calendar, year, month, lang) for month in range(1, 13)], padding=(0, 2)))
    console.print(
        "* public holiday   b in lieu   h swapped off   + made-up day"
        if english
        else "* lễ, tết   b nghỉ bù   h nghỉ hoán đổi   + làm bù"
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    for day in calendar.special_days(first, last):
        shown = day.date.isoformat() if english else f"{day.date:%d/%m/%Y}"
        weekday = _WEEKDAYS[lang][day.date.weekday()]
        table.add_row(
            f"{weekday} {shown}", f"[{_STYLES[day.kind]}]{escape(safe(_name(day, lang)))}[/]", escape(safe(day.source))
        )
    console.print(table)


def _name(day: Day, lang: str) -> str:
    return day.name_en if lang == "en" else day.name


def _month(calendar: WorkCalendar, year: int, month: int, lang: str) -> Table:
    from rich.table import Table

    title = month_name[month] if lang == "en" else f"Tháng {month}"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 0), pad_edge=False)
    for weekday in _WEEKDAYS[lang]:
        table.add_column(f"{weekday} ", justify="left", no_wrap=True, min_width=3)
    begin = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    cells = [""] * begin.weekday()
    for day in calendar.days(begin, end):
        text = f"{day.date.day:>2}{_MARKS.get(day.kind, ' ')}"
        cells.append(f"[{_STYLES[day.kind]}]{text}[/]" if _STYLES[day.kind] else text)
    for week in range(0, 43, 7):  # six weeks and an empty line, so that the months stand level
        table.add_row(*cells[week : week + 7])
    return table
