"""The day that is asked about: a date, or an aware time, which stands for its day in Vietnam."""

from __future__ import annotations

from datetime import date, datetime

from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

__all__ = ["as_day", "today"]


def today() -> date:
    """Today in Vietnam."""
    return datetime.now(VIETNAM).date()


def as_day(on: date | None) -> date:
    """A date as it is, an aware time as its day in Vietnam, ``None`` as today.

    Raises :class:`~vn_edoc.errors.UsageError` for a naive time or anything else.
    """
    if on is None:
        return today()
    if isinstance(on, datetime):
        if on.tzinfo is None:
            raise UsageError("a time needs its zone", "thời điểm phải kèm múi giờ", field="on", value=on)
        return on.astimezone(VIETNAM).date()
    if not isinstance(on, date):
        raise UsageError("on must be a date", "on phải là ngày", field="on", value=on)
    return on
