"""Working days, office hours, periods and deadlines of Vietnamese state agencies.

>>> from datetime import date
>>> from vn_edoc.calendar import WorkCalendar, deadline
>>> cal = WorkCalendar.official()
>>> cal.is_working_day(date(2026, 8, 22)), cal.day(date(2026, 8, 22)).name
(True, 'Làm bù dịp Quốc khánh 2026 (nghỉ 31/08/2026)')
>>> deadline("working.days", date(2026, 2, 11), days=5).day
datetime.date(2026, 2, 25)
"""

from vn_edoc.calendar.days import Day, DayKind, Override, YearStatus
from vn_edoc.calendar.deadlines import deadline
from vn_edoc.calendar.hours import OfficeHours, Schedule, Session
from vn_edoc.calendar.periods import Step
from vn_edoc.calendar.result import Assumption, Deadline, Standing, Timeliness, timeliness
from vn_edoc.calendar.workcalendar import WorkCalendar

__all__ = [
    "Assumption",
    "Day",
    "DayKind",
    "Deadline",
    "OfficeHours",
    "Override",
    "Schedule",
    "Session",
    "Standing",
    "Step",
    "Timeliness",
    "WorkCalendar",
    "YearStatus",
    "deadline",
    "timeliness",
]
