"""What a calendar says about one day and one year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["FIRST_DAY", "LAST_DAY", "Day", "DayKind", "Override", "YearStatus"]

FIRST_DAY = date(1975, 1, 1)
"""First day that the calendar answers for: before, Vietnam did not use UTC+7 uniformly."""
LAST_DAY = date(2100, 12, 31)
"""Last day that the calendar answers for: the lunar table ends there."""


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working"
    """An ordinary working day."""
    WEEKEND = "weekend"
    """Weekly rest (nghỉ hằng tuần)."""
    STATUTORY = "statutory"
    """A public holiday of the Labour Code or of a special law (nghỉ lễ, tết)."""
    COMPENSATORY = "compensatory"
    """Off because a holiday fell on weekly rest (nghỉ bù)."""
    SWAPPED_OFF = "swapped_off"
    """A weekday given off against a made-up day (nghỉ hoán đổi)."""
    SWAPPED_WORK = "swapped_work"
    """A day of weekly rest that is worked (làm bù)."""
    AGENCY_OFF = "agency_off"
    """Off by the agency's own decision (an override)."""
    AGENCY_WORK = "agency_work"
    """Worked by the agency's own decision (an override)."""

    @property
    def is_working(self) -> bool:
        """Whether a day of this kind is a working day."""
        return self in _WORKED

    def label(self, lang: str = "vi") -> str:
        """The word for a reader, in ``"vi"`` or ``"en"``."""
        return _LABELS[self][lang == "en"]


_WORKED = frozenset({DayKind.WORKING, DayKind.SWAPPED_WORK, DayKind.AGENCY_WORK})
_LABELS = {
    DayKind.WORKING: ("ngày làm việc", "working day"),
    DayKind.WEEKEND: ("nghỉ hằng tuần", "weekly rest"),
    DayKind.STATUTORY: ("nghỉ lễ, tết", "public holiday"),
    DayKind.COMPENSATORY: ("nghỉ bù", "day off in lieu"),
    DayKind.SWAPPED_OFF: ("nghỉ hoán đổi", "swapped day off"),
    DayKind.SWAPPED_WORK: ("làm bù", "made-up working day"),
    DayKind.AGENCY_OFF: ("nghỉ theo quyết định của cơ quan", "off by the agency's decision"),
    DayKind.AGENCY_WORK: ("làm việc theo quyết định của cơ quan", "worked by the agency's decision"),
}


class YearStatus(StrEnum):
    """How much of a year has been decided. Members compare by certainty with :attr:`rank` (0 = official)."""

    OFFICIAL = "official"
    """All that the Prime Minister decides for the year is published."""
    PARTIAL = "partial"
    """A part is published (say Tết, but not the day beside 2 September)."""
    PROJECTED = "projected"
    """Nothing is published: the statute and the lunar table alone, with the usual choices."""

    @property
    def rank(self) -> int:
        """0 for official, 1 for partial, 2 for projected."""
        return list(YearStatus).index(self)

    def label(self, lang: str = "vi") -> str:
        """The word for a reader, in ``"vi"`` or ``"en"``."""
        return self.value if lang == "en" else _STATUS_VI[self]


_STATUS_VI = {
    YearStatus.OFFICIAL: "chính thức",
    YearStatus.PARTIAL: "mới công bố một phần",
    YearStatus.PROJECTED: "dự kiến, chưa có thông báo",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar: what it is, and which document says so."""

    date: dt.date
    """The day."""
    kind: DayKind
    """Why it is worked or not."""
    name: str
    """Vietnamese name: ``Nghỉ bù Giỗ Tổ Hùng Vương (10/3 âm lịch) (26/04/2026)``."""
    name_en: str
    """English name."""
    source: str
    """The document that makes it so, as the official list cites it."""
    url: str
    """Where that document or its report was seen."""
    certainty: str
    """``certain``, ``high``, ``medium``, ``agency`` (an override) or ``projected`` (the year is not official)."""
    year_status: YearStatus
    """How much of its year had been decided."""
    known_from: dt.date | None = None
    """The day by which the document was published; ``None`` where nothing yearly was decided."""
    known_at_uncertain: bool = False
    """Whether the day of publication of the decision behind it is not known exactly. A calendar with ``known_at``
    takes such a decision as known from the end of the span in which it was published, and flags the answer."""
    counterpart: dt.date | None = None
    """The other day: the holiday that it compensates, or the other half of the swap."""

    @property
    def is_working(self) -> bool:
        """Whether it is a working day."""
        return self.kind.is_working


@dataclass(frozen=True, slots=True)
class Override:
    """A day that an agency decides for itself: a storm closure, an extra Saturday."""

    day: date
    """The day."""
    working: bool
    """Worked or off."""
    name_vi: str
    """Why, in Vietnamese."""
    name_en: str
    """Why, in English."""
    source: str
    """The agency's own document. A row without one is refused."""
