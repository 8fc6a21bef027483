"""Office hours that provinces announced, as data with a source per row."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache

from vn_edoc.calendar.hours import Schedule, Session
from vn_edoc.calendar.tables import data_rows
from vn_edoc.errors import UsageError

__all__ = ["localities", "preset_schedules", "presets", "schedules_of"]


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


def presets() -> tuple[str, ...]:
    """Names of the presets."""
    return tuple(dict.fromkeys(row["preset"] for row in data_rows("office_presets.csv")))


def preset_schedules(name: str) -> tuple[Schedule, ...]:
    """Schedules of a preset."""
    found = [row for row in data_rows("office_presets.csv") if row["preset"] == name]
    if not found:
        known = ", ".join(presets())
        raise UsageError(
            f"no preset {name!r}; known: {known}",
            f"không có khung giờ {name!r}; hiện có: {known}",
            field="preset",
            value=name,
        )
    return tuple(
        Schedule(
            tuple(Session.parse(text) for text in row["sessions"].split()),
            season=(_month_day(row["season_from"]), _month_day(row["season_to"])) if row["season_from"] else None,
            label=row["name_vi"],
            source=row["source"],
        )
        for row in found
    )


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
