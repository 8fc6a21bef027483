"""Office hours that provinces announced, as data with a source per row."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache

from vn_edoc.calendar.hours import Schedule, Session
from vn_edoc.calendar.tables import data_rows
from vn_edoc.errors import UsageError

__all__ = ["localities", "schedules_of"]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(data_rows("office_hours.csv"))


def localities() -> tuple[tuple[str, str], ...]:
    """Every (province, unit) that the table has a clock for."""
    return tuple(dict.fromkeys((row["locality"], row["unit"]) for row in _rows()))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def schedules_of(locality: str, unit: str | None = None) -> tuple[Schedule, ...]:
    """Schedules of a province: as announced first, then the same seasons of other years, flagged as assumed."""
    rows = [row for row in _rows() if _fold(row["locality"]) == _fold(locality)]
    if not rows:
        known = ", ".join(sorted({row["locality"] for row in _rows()}))
        raise UsageError(
            f"no announced office hours for {locality!r}; known: {known}; give the sessions instead",
            f"chưa có giờ làm việc đã công bố của {locality!r}; hiện có: {known}. Hãy khai báo các buổi làm việc",
            field="locality",
            value=locality,
        )
    if unit is not None:
        rows = [row for row in rows if _fold(unit) in _fold(row["unit"])]
        if not rows:
            raise UsageError(
                f"no clock of {locality} for the unit {unit!r}",
                f"không có giờ làm việc của {locality} cho đơn vị {unit!r}",
                field="unit",
                value=unit,
            )
    units = list(dict.fromkeys(row["unit"] for row in rows))
    rows = [row for row in rows if row["unit"] == units[0]]
    announced, carried = [], []
    for row in rows:
        sessions = (Session.parse(row["morning"]), Session.parse(row["afternoon"]))
        begin = date.fromisoformat(row["valid_from"])
        end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
        label = f"{row['locality']}, {row['unit']}, {row['season']}"
        announced.append(Schedule(sessions, begin, end, None, False, label, row["source"]))
        season = None if end is None else ((begin.month, begin.day), (end.month, end.day))
        carried.append(Schedule(sessions, None, None, season, True, label, row["source"]))
    return (*announced, *carried)
