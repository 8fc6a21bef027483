"""Working days, office hours, periods and deadlines of Vietnamese state agencies.

Names are resolved on first use, so that importing the package costs next to nothing.

>>> from datetime import date
>>> from vn_edoc.calendar import WorkCalendar, deadline
>>> cal = WorkCalendar.official()
>>> cal.is_working_day(date(2026, 8, 22)), cal.day(date(2026, 8, 22)).name
(True, 'Làm bù dịp Quốc khánh 2026 (nghỉ 31/08/2026)')
>>> deadline("working.days", date(2026, 2, 11), days=5).day
datetime.date(2026, 2, 25)
"""

from __future__ import annotations

from vn_edoc._lazy import lazily

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from vn_edoc.calendar.bulk import add_many as add_many
    from vn_edoc.calendar.bulk import count_many as count_many
    from vn_edoc.calendar.bulk import working_many as working_many
    from vn_edoc.calendar.days import Day as Day
    from vn_edoc.calendar.days import DayKind as DayKind
    from vn_edoc.calendar.days import Override as Override
    from vn_edoc.calendar.days import YearStatus as YearStatus
    from vn_edoc.calendar.deadlines import deadline as deadline
    from vn_edoc.calendar.hours import OfficeHours as OfficeHours
    from vn_edoc.calendar.hours import Schedule as Schedule
    from vn_edoc.calendar.hours import Session as Session
    from vn_edoc.calendar.ics import to_ics as to_ics
    from vn_edoc.calendar.interop import InexactCalendarWarning as InexactCalendarWarning
    from vn_edoc.calendar.interop import to_numpy as to_numpy
    from vn_edoc.calendar.interop import to_pandas_days as to_pandas_days
    from vn_edoc.calendar.interop import to_pandas_hours as to_pandas_hours
    from vn_edoc.calendar.result import Assumption as Assumption
    from vn_edoc.calendar.result import Deadline as Deadline
    from vn_edoc.calendar.result import Policies as Policies
    from vn_edoc.calendar.result import Standing as Standing
    from vn_edoc.calendar.result import Timeliness as Timeliness
    from vn_edoc.calendar.result import timeliness as timeliness
    from vn_edoc.calendar.rules import Limit as Limit
    from vn_edoc.calendar.rules import Rule as Rule
    from vn_edoc.calendar.rules import deadline_rules as deadline_rules
    from vn_edoc.calendar.steps import Step as Step
    from vn_edoc.calendar.tables import Tables as Tables
    from vn_edoc.calendar.workcalendar import WorkCalendar as WorkCalendar

_HOME = {
    "Assumption": "result",
    "Day": "days",
    "DayKind": "days",
    "Deadline": "result",
    "InexactCalendarWarning": "interop",
    "Limit": "rules",
    "OfficeHours": "hours",
    "Override": "days",
    "Policies": "result",
    "Rule": "rules",
    "Schedule": "hours",
    "Session": "hours",
    "Standing": "result",
    "Step": "steps",
    "Tables": "tables",
    "Timeliness": "result",
    "WorkCalendar": "workcalendar",
    "YearStatus": "days",
    "add_many": "bulk",
    "count_many": "bulk",
    "deadline": "deadlines",
    "deadline_rules": "rules",
    "timeliness": "result",
    "to_ics": "ics",
    "to_numpy": "interop",
    "to_pandas_days": "interop",
    "to_pandas_hours": "interop",
    "working_many": "bulk",
}

__all__ = [
    "Assumption",
    "Day",
    "DayKind",
    "Deadline",
    "InexactCalendarWarning",
    "Limit",
    "OfficeHours",
    "Override",
    "Policies",
    "Rule",
    "Schedule",
    "Session",
    "Standing",
    "Step",
    "Tables",
    "Timeliness",
    "WorkCalendar",
    "YearStatus",
    "add_many",
    "count_many",
    "deadline",
    "deadline_rules",
    "timeliness",
    "to_ics",
    "to_numpy",
    "to_pandas_days",
    "to_pandas_hours",
    "working_many",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
