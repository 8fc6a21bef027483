"""Dates, times and coded words as packets carry them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from vn_edoc.envelope.codes import Priority
from vn_edoc.findings import VIETNAM

__all__ = ["NULLS", "one_line", "parse_day", "parse_moment", "parse_priority"]

NULLS = frozenset({"", "null", "NULL", "Null"})
"""Texts that stand for no text."""


def one_line(text: str) -> str:
    """Text with its line breaks, and the blanks around them, made one space: for identifiers."""
    return " ".join(part for line in text.splitlines() if (part := line.strip(" \t"))) if "\n" in text else text


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?", re.DOTALL | re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(.*))?", re.DOTALL | re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})([-/]?)(\d{2})\2(\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
"""Without separators, or with the zone that XML Schema allows a date."""
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(AM|PM|SA|CH)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_CANONICAL_DAY = re.compile(r"\d{4}/\d{2}/\d{2}", re.ASCII)
_CANONICAL_MOMENT = re.compile(r"\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_BLANKS = {0xA0: " ", 0x202F: " "}
"""Blanks that do not break: ICU has put one before AM and PM since its version 72, and so do Java and .NET."""
_ZONE_END = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})\Z", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=512)
def parse_day(text: str, forms: tuple[str, ...] = ("%Y/%m/%d",)) -> tuple[date | None, str | None]:
    """A day and what was irregular about it: ``None``, ``form``, ``time``, ``ambiguous``, ``impossible``.

    Where day and month could be exchanged, the day is taken to come first. A time with a zone is an instant, whose day
    is that of Vietnam.
    """
    if "%Y/%m/%d" in forms and _CANONICAL_DAY.fullmatch(text):
        return _day(int(text[:4]), int(text[5:7]), int(text[8:10]), None)
    text = text.translate(_BLANKS)
    if match := _YEAR_FIRST.fullmatch(text):
        if match[4] and _ZONE_END.search(match[4]):
            moment, _ = parse_moment(text)
            if moment is not None:
                return moment.date(), "time"
        return _day(int(match[1]), int(match[2]), int(match[3]), "time" if match[4] else "form")
    if match := _ISO_DAY.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]), "form")
    if match := _DAY_FIRST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if second > 12 >= first:
            return _day(year, first, second, "form")
        if "%d/%m/%Y" in forms and len(text) == 10 and text[2] == text[5] == "/":
            return _day(year, second, first, None)
        return _day(year, second, first, "ambiguous" if first <= 12 and first != second else "form")
    return None, "impossible"


def _day(year: int, month: int, day: int, note: str | None) -> tuple[date | None, str | None]:
    try:
        return date(year, month, day), note
    except ValueError:
        return None, "impossible"


@lru_cache(maxsize=512)
def parse_moment(text: str, forms: tuple[str, ...] = ("%Y/%m/%d %H:%M:%S",)) -> tuple[datetime | None, str | None]:
    """A time in Vietnam time and what was irregular about it; a time without zone is Vietnam time."""
    try:
        if "%Y/%m/%d %H:%M:%S" in forms and _CANONICAL_MOMENT.fullmatch(text):
            return datetime(
                int(text[:4]),
                int(text[5:7]),
                int(text[8:10]),
                int(text[11:13]),
                int(text[14:16]),
                int(text[17:19]),
                tzinfo=VIETNAM,
            ), None
        return _moment(text, forms)
    except (ValueError, OverflowError):
        return None, "impossible"


def _moment(text: str, forms: tuple[str, ...]) -> tuple[datetime | None, str | None]:
    given, text = text, text.translate(_BLANKS)
    match = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if match is None:
        return None, "impossible"
    day, note = parse_day(text[: match.end(3)], ("%Y/%m/%d", "%d/%m/%Y"))
    if day is None:
        return None, "impossible"
    clock = _CLOCK.fullmatch((match[4] or "").strip())
    if clock is None:
        if match[4]:
            return None, "impossible"
        return datetime(day.year, day.month, day.day, tzinfo=VIETNAM), "time"
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    half = (clock[4] or "").upper()
    if half in ("PM", "CH") and hour < 12:
        hour += 12
    elif half in ("AM", "SA") and hour == 12:
        hour = 0
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(clock[5])).astimezone(VIETNAM)
    for form in forms:
        shown = moment.astimezone(UTC) if form.endswith("Z") else moment
        if shown.strftime(form) == given:
            return moment, None
    return moment, note or "form"


def _zone(text: str | None) -> timezone:
    if not text:
        return VIETNAM
    if text in ("Z", "z"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


_WORDS = {
    "thuong": Priority.NORMAL,
    "binh thuong": Priority.NORMAL,
    "khan": Priority.URGENT,
    "thuong khan": Priority.VERY_URGENT,
    "hoa toc": Priority.EXPRESS,
    "hoa toc hen gio": Priority.EXPRESS_TIMED,
}
_LONGEST_WORDS = 200
"""Characters of a text in which an urgency is looked for."""


def parse_priority(text: str) -> Priority | None:
    """Urgency from a Vietnamese word, with or without its marks; ``None`` for another word."""
    if len(text) > _LONGEST_WORDS:
        return None
    plain = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
    return _WORDS.get(" ".join(plain.split()))
