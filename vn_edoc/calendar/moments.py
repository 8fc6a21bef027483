"""Dates and moments as the calendar takes them: Vietnam's day, aware instants, never a guess."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

__all__ = [
    "MICROSECONDS_PER_HOUR",
    "as_day",
    "as_instant",
    "brief",
    "microseconds",
    "show",
    "show_day",
    "show_moment",
    "start_of_day",
]

MICROSECONDS_PER_HOUR = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)
_MOST_HOURS = 126 * 366 * 24  # 1975-2100
_WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _refuse_naive(value: datetime, field: str) -> UsageError:
    return UsageError(
        f"{field}: {value.isoformat()} has no time zone; write {value.isoformat()}+07:00, or "
        "value.replace(tzinfo=vn_edoc.findings.VIETNAM) if it is Vietnam time",
        f"{field}: {value.isoformat()} không có múi giờ; hãy ghi {value.isoformat()}+07:00, hoặc "
        "value.replace(tzinfo=vn_edoc.findings.VIETNAM) nếu là giờ Việt Nam",
        field=field,
        value=value,
        rule="QĐ 28/2018/QĐ-TTg Điều 14.4",
    )


def as_day(value: object, field: str = "day") -> date:
    """The Vietnamese day of a date or of an aware datetime; ``UsageError`` for a naive datetime or another type."""
    if isinstance(value, datetime):
        return as_instant(value, field).date()
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    raise UsageError(
        f"{field} must be a date or an aware datetime, not {type(value).__name__}",
        f"{field} phải là ngày (date) hoặc thời điểm có múi giờ (datetime), không phải {type(value).__name__}",
        field=field,
        value=value,
    )


def as_instant(value: object, field: str = "start") -> datetime:
    """An aware datetime in Vietnam time; ``UsageError`` for a naive one, a plain date or another type."""
    if isinstance(value, datetime):
        if value.tzinfo is VIETNAM:
            return value
        if value.utcoffset() is None:
            raise _refuse_naive(value, field)
        try:
            return value.astimezone(VIETNAM)
        except OverflowError:
            raise UsageError(
                f"{field}: {value} lies at the edge of time",
                f"{field}: {value} nằm ngoài khoảng tính được",
                field=field,
            ) from None
    raise UsageError(
        f"{field} must be an aware datetime, since the rule counts from a time of day; got {value!r}",
        f"{field} phải là thời điểm có giờ và múi giờ vì quy định tính theo giờ; nhận được {value!r}",
        field=field,
        value=value,
    )


def microseconds(hours: Any, field: str = "hours") -> int:
    """A number of hours (int, float, Fraction, Decimal) or a timedelta, in whole microseconds.

    More hours than the calendar has are refused, as is anything that is not a number.
    """
    if isinstance(hours, timedelta):
        amount = hours // _MICROSECOND
    elif isinstance(hours, bool) or not hasattr(hours, "__round__"):
        raise _not_hours(hours, field)
    else:
        from fractions import Fraction

        try:
            amount = round(Fraction(hours) * MICROSECONDS_PER_HOUR)
        except (TypeError, ValueError, OverflowError):
            raise _not_hours(hours, field) from None
    if abs(amount) > _MOST_HOURS * MICROSECONDS_PER_HOUR:
        raise UsageError(
            f"{field}: {brief(hours)} hours are more than the calendar has",
            f"{field}: {brief(hours)} giờ vượt quá khoảng của lịch",
            field=field,
            value=brief(hours),
        )
    return amount


def brief(value: object) -> str:
    """A value for a message, cut short; Python refuses to write out whole numbers of thousands of digits."""
    try:
        text = str(value)
    except ValueError:
        return "…"
    return text if len(text) <= 40 else f"{text[:40]}…"


def _not_hours(hours: object, field: str) -> UsageError:
    return UsageError(
        f"{field} must be a number of hours or a timedelta, not {hours!r}",
        f"{field} phải là số giờ hoặc timedelta, không phải {hours!r}",
        field=field,
        value=hours,
    )


def start_of_day(day: date) -> datetime:
    """00:00 of the day, +07:00."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def show_day(day: date, lang: str = "vi") -> str:
    """``thứ Sáu 13/02/2026`` or ``Fri 13 Feb 2026``-like text for steps."""
    if lang == "en":
        return f"{_WEEKDAYS_EN[day.weekday()]} {day.isoformat()}"
    return f"{_WEEKDAYS_VI[day.weekday()]} {day.day:02d}/{day.month:02d}/{day.year}"


def show_moment(moment: datetime, lang: str = "vi") -> str:
    """``15:30 thứ Sáu 13/02/2026``; seconds only where they are not zero."""
    clock = moment.strftime("%H:%M:%S" if moment.second or moment.microsecond else "%H:%M")
    return f"{clock} {show_day(moment.date(), lang)}"


def show(moment: date | datetime, lang: str = "vi") -> str:
    """A day or a moment for a reader."""
    return show_moment(moment, lang) if isinstance(moment, datetime) else show_day(moment, lang)
