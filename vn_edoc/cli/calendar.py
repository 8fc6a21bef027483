"""``vn-edoc calendar``: a year's months, days off and made-up days, on a terminal, as JSON or as iCalendar."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from vn_edoc._files import os_reason
from vn_edoc.calendar import Day, DayKind, WorkCalendar, to_ics
from vn_edoc.cli.moments import parse_day
from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, safe
from vn_edoc.errors import SourceError
from vn_edoc.findings import VIETNAM

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

_STYLES: dict[DayKind, dict[str, Any]] = {
    DayKind.WORKING: {},
    DayKind.WEEKEND: {"dim": True},
    DayKind.STATUTORY: {"fg": "red", "bold": True},
    DayKind.COMPENSATORY: {"fg": "red"},
    DayKind.SWAPPED_OFF: {"fg": "magenta"},
    DayKind.SWAPPED_WORK: {"fg": "green", "bold": True},
    DayKind.AGENCY_OFF: {"fg": "yellow"},
    DayKind.AGENCY_WORK: {"fg": "green", "bold": True},
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
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH_WIDTH = 21
_GAP = "  "
_USUAL_WIDTH = 80


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
@click.option("-o", "--output", type=FILE, help="Ghi iCalendar vào tệp. / Write it to a file.")
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
            en, vi = os_reason(wrong)
            said = f"cannot write {output}: {en}", f"không ghi được {output}: {vi}"
            raise SourceError(*said, field="output") from None
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
    english = lang == "en"
    status = calendar.year_status(year).label(lang)
    worked = len(calendar.working_days(first, last))
    count = f"{worked} working days" if english else f"{worked} ngày làm việc"
    known = ""
    if calendar.known_at is not None:
        known = f", known at {calendar.known_at}" if english else f", như đã biết ngày {calendar.known_at:%d/%m/%Y}"
    _say(click.style(f"{'Year' if english else 'Năm'} {year}", bold=True) + f" ({status}): {count}{known}")
    width = _terminal_width()
    across = max(1, (width + len(_GAP)) // (_MONTH_WIDTH + len(_GAP)))
    months = [_month(calendar, year, month, lang) for month in range(1, 13)]
    for row in range(0, 12, across):
        for line in zip(*months[row : row + across], strict=True):
            _say(_GAP.join(line))
    _say(
        "* public holiday   b in lieu   h swapped off   + made-up day"
        if english
        else "* lễ, tết   b nghỉ bù   h nghỉ hoán đổi   + làm bù"
    )
    days = calendar.special_days(first, last)
    names = [safe(_name(day, lang)) for day in days]
    longest = max(map(len, names), default=0)
    for day, name in zip(days, names, strict=True):
        shown = day.date.isoformat() if english else f"{day.date:%d/%m/%Y}"
        heading = f"{_WEEKDAYS[lang][day.date.weekday()]} {shown}  "
        source = safe(day.source).replace("\n", " ")
        if len(heading) + longest + 2 + len(source) <= width:
            _say(f"{heading}{click.style(name, **_STYLES[day.kind])}{' ' * (longest - len(name))}  {source}")
        else:
            _say(heading + click.style(name, **_STYLES[day.kind]))
            _say(" " * len(heading) + source)


def _say(text: str) -> None:
    """A line with its colours, on a terminal that wants them (https://no-color.org)."""
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)


def _terminal_width() -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError, AttributeError):
        return _USUAL_WIDTH


def _name(day: Day, lang: str) -> str:
    return day.name_en if lang == "en" else day.name


def _month(calendar: WorkCalendar, year: int, month: int, lang: str) -> list[str]:
    """The lines of a month, each as wide as the others: its name, the weekdays, six weeks and an empty line."""
    title = _MONTHS_EN[month - 1] if lang == "en" else f"Tháng {month}"
    begin = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    cells = ["   "] * begin.weekday()
    for day in calendar.days(begin, end):
        text = f"{day.date.day:>2}{_MARKS.get(day.kind, ' ')}"
        cells.append(click.style(text, **_STYLES[day.kind]) if _STYLES[day.kind] else text)
    cells += ["   "] * (49 - len(cells))
    weeks = ["".join(cells[week : week + 7]) for week in range(0, 49, 7)]
    return [f"{title:<{_MONTH_WIDTH}}", "".join(f"{weekday} " for weekday in _WEEKDAYS[lang]), *weeks]
