"""A year as an iCalendar file (RFC 5545): days off and made-up days as all-day events.

Written here rather than through a package: the file has five properties an event and no recurrences.
"""

from __future__ import annotations

from datetime import date, timedelta

from vn_edoc.calendar.days import Day
from vn_edoc.calendar.workcalendar import WorkCalendar

__all__ = ["to_ics"]

_NAMES = {"vi": "Lịch làm việc của cơ quan nhà nước", "en": "Working calendar of Vietnamese state agencies"}


def to_ics(calendar: WorkCalendar, first: date, last: date, lang: str = "vi") -> str:
    """The special days from ``first`` to ``last`` as iCalendar text (CRLF line ends, lines of at most 75 octets).

    The same calendar gives the same text: ``DTSTAMP`` is the day by which the decision was published, or the day
    itself. Made-up days are busy (``OPAQUE``), days off are free (``TRANSPARENT``). Days of a year that is not
    official are ``TENTATIVE``.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//vn_edoc//calendar//{lang.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(_NAMES['en' if lang == 'en' else 'vi'])}",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
    ]
    for day in calendar.special_days(first, last):
        lines += _event(day, lang)
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _event(day: Day, lang: str) -> list[str]:
    stamp = min(day.known_from or day.date, day.date)
    status = "CONFIRMED" if day.year_status.value == "official" else "TENTATIVE"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{day.date:%Y%m%d}-{day.kind.value}@calendar.vn-edoc",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day.date:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.date + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escape(day.name_en if lang == 'en' else day.name)}",
        f"DESCRIPTION:{_escape(f'{day.kind.label(lang)}. {day.source}')}",
        f"CATEGORIES:{day.kind.value.upper()}",
        f"STATUS:{status}",
        f"TRANSP:{'OPAQUE' if day.is_working else 'TRANSPARENT'}",
    ]
    if day.url.startswith(("http://", "https://")):
        lines.append(f"URL:{day.url}")
    return [*lines, "END:VEVENT"]


def _escape(text: str) -> str:
    """RFC 5545 3.3.11; other control characters have no place in a text value and are dropped."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return "".join(char for char in text if char >= " ")


def _fold(line: str) -> str:
    """RFC 5545 3.1: lines of at most 75 octets, never cutting a UTF-8 character."""
    folded, width = [], 0
    for char in line:
        size = len(char.encode())
        if width + size > 75:
            folded.append("\r\n ")
            width = 1
        folded.append(char)
        width += size
    return "".join(folded)
