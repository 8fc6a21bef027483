"""What a reader has to know beside the answer: policies that mattered, years not official, law not compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vn_edoc.calendar.days import DayKind, YearStatus
from vn_edoc.calendar.layers import Swaps
from vn_edoc.calendar.moments import as_day, show
from vn_edoc.calendar.periods import UNITS_WITHOUT_CALENDAR, Count
from vn_edoc.calendar.request import Receipt, Request
from vn_edoc.calendar.result import Assumption
from vn_edoc.calendar.run import run
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["Notes"]

_RECEIPT_WORDS = {
    "next_session": ("buổi làm việc kế tiếp", "next session"),
    "system_time": ("giờ hệ thống", "system time"),
}
_NEAR = timedelta(days=10)


class Notes:
    """The assumptions of one answer."""

    def __init__(self, request: Request, count: Count, day: date, at: datetime | None) -> None:
        self._request, self._count, self._day, self._at = request, count, day, at
        begin = as_day(request.start)
        self._first, self._last = min(begin, day), max(begin, day)
        self._said: list[Assumption] = []
        self.year_status = YearStatus.OFFICIAL
        """The least certain status among the years touched."""
        self.known_at_uncertain = False
        """Whether a decision of uncertain publication was leaned on."""
        if request.limit.unit not in UNITS_WITHOUT_CALENDAR:
            self._years()
            self._publication()
            self._swaps()
            self._receipt()
        self._clock()
        self._law()
        self._supplement()

    @property
    def said(self) -> tuple[Assumption, ...]:
        """All of them, in order."""
        return tuple(self._said)

    def _say(self, id: str, vi: str, en: str) -> None:
        self._said.append(Assumption(id, vi, en))

    def _years(self) -> None:
        open_years = []
        for year in range(self._first.year, self._last.year + 1):
            status = self._request.calendar.year_status(year)
            if status is not YearStatus.OFFICIAL:
                open_years.append(str(year))
                self.year_status = max(self.year_status, status, key=lambda s: s.rank)
        if open_years:
            listed = ", ".join(open_years) if len(open_years) < 5 else f"{open_years[0]}-{open_years[-1]}"
            self._say(
                f"year.{self.year_status.value}",
                f"Năm {listed} {self.year_status.label()}: ngày nghỉ theo luật và bảng âm lịch, có thể thay đổi",
                f"{listed}: {self.year_status.value}, days off by the statute and the lunar table, may change",
            )

    def _publication(self) -> None:
        calendar = self._request.calendar
        if calendar.known_at is None:
            return
        first, last = self._clip(timedelta(0))
        ends = any(calendar.day(d).known_at_uncertain for d in (first, last))
        self.known_at_uncertain = ends or any(d.known_at_uncertain for d in calendar.special_days(first, last))
        if self.known_at_uncertain:
            self._say(
                "known_at.uncertain",
                "Có quyết định không rõ chính xác ngày công bố nên câu trả lời tại thời điểm đó chưa chắc chắn",
                "A decision's day of publication is not known exactly, so the answer as of that day is uncertain",
            )

    def _clip(self, margin: timedelta) -> tuple[date, date]:
        calendar = self._request.calendar
        return max(self._first - margin, calendar.first_day), min(self._last + margin, calendar.last_day)

    def _other(self, calendar: WorkCalendar, receipt: Receipt) -> date | datetime | None:
        """The answer under another policy, if it differs."""
        try:
            _, day, at = run(self._request, calendar, receipt)
        except UsageError:
            return None  # the other policy has no answer (strict, or the range ends): nothing to compare
        if (day, at) == (self._day, self._at):
            return None
        return at or day

    def _swaps(self) -> None:
        calendar = self._request.calendar
        if calendar.week != 5:
            return
        followed = calendar.swaps == "agency"
        if followed:
            near = calendar.special_days(*self._clip(_NEAR))
            if not any(d.kind in (DayKind.SWAPPED_OFF, DayKind.SWAPPED_WORK) for d in near):
                return
        other: Swaps = "statutory_only" if followed else "agency"
        found = self._other(calendar.variant(swaps=other), self._request.receipt)
        if found:
            vi, en = ("Có", "followed") if followed else ("Không", "left out")
            self._say(
                f"swaps.{calendar.swaps}",
                f"{vi} tính hoán đổi ngày nghỉ, làm bù; theo cách kia hạn là {show(found)}",
                f"Swapped days were {en}; the other way it is due {show(found, 'en')}",
            )

    def _receipt(self) -> None:
        request = self._request
        if not request.receipt_matters:
            return
        found = self._other(request.calendar, "system_time" if request.receipt == "next_session" else "next_session")
        if found:
            vi, en = _RECEIPT_WORDS[request.receipt]
            self._say(
                f"receipt.{request.receipt}",
                f"Nhận ngoài giờ tính theo {vi}; theo cách kia hạn là {show(found)}",
                f"Receipt outside hours counts by the {en}; the other way it is due {show(found, 'en')}",
            )

    def _clock(self) -> None:
        if self._request.limit.unit == "next_working_morning":
            self._say(
                "morning.session_end",
                "Luật không định nghĩa “buổi sáng”: lấy lúc hết buổi làm việc sáng của bên gửi",
                "No text defines “morning”: the end of the sender's morning session is taken",
            )
        if not self._count.used_clock and not any(a.id.startswith("receipt.") for a in self._said):
            return
        office = self._request.office
        schedule = office.schedule_on(self._day)
        clock = ", ".join(map(str, schedule.sessions))
        if schedule.assumed and schedule is office.base:
            self._say("hours.default", f"Giờ làm việc mặc định: {clock}", f"Default office hours: {clock}")
        elif schedule.assumed:
            self._say(
                "hours.assumed",
                f"Giờ làm việc {clock} suy từ thông báo của thời gian khác: {schedule.label}",
                f"Office hours {clock} carried over from a notice for another time: {schedule.label}",
            )

    def _law(self) -> None:
        request = self._request
        if not request.in_force:
            self._say(
                "law.not_in_force",
                "Vào ngày làm mốc quy định chưa (hoặc không còn) có hiệu lực; đã dùng quy định gần nhất",
                "The rule was not in force on the starting day; the nearest one in time was used",
            )
        if request.overridden:
            self._say(
                "limit.given",
                "Độ dài do người dùng khai báo thay cho con số của văn bản",
                "The amount was given by the caller in place of the act's",
            )
        if request.limit.note_vi:
            self._say("law.note", request.limit.note_vi, request.limit.note_en)
        if request.limit.certainty in ("secondary", "unverified"):
            self._say(
                "law.certainty",
                "Điều khoản chưa đối chiếu được với văn bản chính thức",
                "The provision could not be compared with the official text",
            )
        if request.limit.unit == "calendar_days_before" or request.amount < 0:
            self._say(
                "moved.back",
                "Đếm ngược rơi vào ngày nghỉ thì lấy ngày làm việc liền trước, cho chắc chắn",
                "Counting back onto a day off, the working day before it is taken, the safe side",
            )

    def _supplement(self) -> None:
        if self._request.supplement == "restart":
            self._say(
                "supplement.restart",
                "Thời hạn tính lại từ đầu khi hồ sơ đầy đủ",
                "The period starts again from zero with the full dossier",
            )
        elif self._request.supplement == "pause":
            self._say(
                "supplement.pause",
                "Thời gian chờ bổ sung (tạm dừng) không tính vào thời hạn, theo luật chuyên ngành",
                "The time of waiting does not count, by the law of the sector",
            )
