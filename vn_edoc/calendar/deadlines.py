"""``deadline``: from a rule id and an event to the due day, with steps, provisions and assumptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from vn_edoc.calendar.days import DayKind, YearStatus
from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.moments import as_day, as_instant, microseconds, show_day, show_moment
from vn_edoc.calendar.periods import UNITS_WITHOUT_CALENDAR, Count, Step
from vn_edoc.calendar.result import Assumption, Deadline
from vn_edoc.calendar.rules import FLAGS, Limit, Rule, rule
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["Receipt", "Supplement", "deadline"]

Receipt = Literal["next_session", "system_time"]
"""When something received outside office hours counts as received: at the next session, or at the system's time."""
Supplement = Literal["restart", "pause"]
"""What a supplemented dossier does to the period: it starts again from zero, or goes on where it stopped."""

_HOUR_UNITS = frozenset({"clock_hours", "working_hours"})
_CIVIL_UNITS = frozenset({"calendar_days", "weeks", "months", "years"})
_SIGNED_UNITS = frozenset({"calendar_days", "weeks", "months", "years", "working_days", "working_hours"})
_PAUSING = frozenset({"onestop.process", "complaint.first", "complaint.second"})


def deadline(
    rule_id: str,
    start: date | datetime,
    *,
    calendar: WorkCalendar | None = None,
    hours: OfficeHours | float | timedelta | None = None,
    office: OfficeHours | None = None,
    days: int | None = None,
    calendar_days: int | None = None,
    weeks: int | None = None,
    months: int | None = None,
    years: int | None = None,
    complex: bool | Literal["especially"] = False,
    remote: bool = False,
    urgent: bool = False,
    extended: bool = False,
    second: bool = False,
    electronic: bool = False,
    receipt: Receipt | None = None,
    supplement: Supplement | None = None,
    supplemented_at: date | datetime | None = None,
    paused_at: date | datetime | None = None,
    used: float | None = None,
    strict: bool = False,
) -> Deadline:
    """By when the rule's act is due, and why.

    :param rule_id: a rule of ``data/deadline_rules.csv``: ``civil.days``, ``qd28.send``, ``onestop.process`` …
    :param start: the event that the rule names (its ``start_vi``/``start_en``): a date, or an aware datetime. Rules
        that count from a time of day need the datetime. Naive datetimes are refused.
    :param calendar: the calendar; default :meth:`WorkCalendar.official`.
    :param hours: the agency's :class:`OfficeHours`, **or** an amount of hours for the rules that count hours; then the
        clock goes into ``office``.
    :param office: the agency's clock; default 07:30-11:30, 13:00-17:00, named in ``assumptions``.
    :param days: the amount, for a rule that leaves it open, or in place of the limit that it knows (a sector law).
        Likewise ``calendar_days``, ``weeks``, ``months``, ``years``. Negative amounts of the civil and working periods
        count back from ``start``; an end on a day off is then moved back, the safe side.
    :param complex: the matter is complex; ``"especially"`` for an especially complex denunciation.
    :param remote: a remote area with difficult travel. ``urgent``: an urgent document. ``extended``: the extension that
        the law allows was decided. ``second``: the second complaint. ``electronic``: the dossier is electronic.
    :param receipt: what counts as receipt outside office hours; each rule has its default.
    :param supplement: ``"restart"`` (default; NĐ 118/2025 Điều 19.5) or ``"pause"`` (sector laws).
    :param supplemented_at: when the full dossier arrived, or the settlement was resumed.
    :param paused_at: when the period stopped; what was used up by then is counted.
    :param used: what was used up before it stopped, in the unit of the period.
    :param strict: refuse a result that touches a year that is not official.
    :raises UsageError: an unknown rule, a missing or foreign argument, a naive datetime, a day outside 1975-2100.
    """
    return _Request(
        rule(rule_id),
        as_instant(start) if isinstance(start, datetime) else as_day(start, "start"),
        calendar or WorkCalendar.official(),
        _clock(hours, office),
        given={
            name: value
            for name, value in (
                ("days", days),
                ("calendar_days", calendar_days),
                ("weeks", weeks),
                ("months", months),
                ("years", years),
                ("hours", None if isinstance(hours, OfficeHours) else hours),
            )
            if value is not None
        },
        case=_case(
            rule_id,
            {
                "complex": complex is not False and complex != "especially",
                "especially": complex == "especially",
                "remote": remote,
                "urgent": urgent,
                "extended": extended,
                "second": second,
                "electronic": electronic,
            },
        ),
        receipt=receipt,
        supplement=supplement,
        supplemented_at=supplemented_at,
        paused_at=paused_at,
        used=used,
    ).answer(strict)


def _clock(hours: OfficeHours | float | timedelta | None, office: OfficeHours | None) -> OfficeHours:
    if isinstance(hours, OfficeHours):
        if office is not None:
            raise _misuse("office", office, "the office hours are given twice", "giờ làm việc được khai báo hai lần")
        return hours
    return office if office is not None else OfficeHours()


def _case(rule_id: str, circumstances: dict[str, bool]) -> frozenset[str]:
    case = frozenset(name for name in FLAGS if circumstances[name])
    foreign = case - rule(rule_id).flags
    if foreign:
        name = sorted(foreign)[0]
        raise _misuse(
            name, True, f"{rule_id} has no limit that depends on it", f"{rule_id} không có thời hạn phụ thuộc điều này"
        )
    return case


def _misuse(field: str, value: object, en: str, vi: str, rule_id: str | None = None) -> UsageError:
    return UsageError(f"{field}: {en}", f"{field}: {vi}", field=field, value=value, rule=rule_id)


@dataclass(slots=True)
class _Request:
    rule: Rule
    start: date | datetime
    calendar: WorkCalendar
    office: OfficeHours
    given: dict[str, Any]
    case: frozenset[str]
    receipt: Receipt | None
    supplement: Supplement | None
    supplemented_at: date | datetime | None
    paused_at: date | datetime | None
    used: float | None

    def answer(self, strict: bool) -> Deadline:
        limit, in_force, amount, overridden = self._limit()
        receipt: Receipt = self.receipt or ("next_session" if self.rule.receipt == "next_session" else "system_time")
        if receipt not in ("next_session", "system_time"):
            raise _misuse("receipt", receipt, "'next_session' or 'system_time'", "'next_session' hoặc 'system_time'")
        supplement = self._supplement()
        run = _Run(self, limit, amount, supplement)
        count, day, at = run.count(self.calendar, receipt, told=True)
        notes = _Notes(self, limit, run, day, at)
        status = YearStatus.OFFICIAL
        if limit.unit not in UNITS_WITHOUT_CALENDAR:
            status = notes.years()
            if strict and status is not YearStatus.OFFICIAL:
                raise _misuse(
                    "strict",
                    day,
                    f"the period to {day.isoformat()} touches a year that is {status.value}",
                    f"thời hạn đến {day:%d/%m/%Y} chạm vào năm {status.label()}",
                    self.rule.id,
                )
            notes.swaps(receipt)
            notes.receipt(receipt)
        notes.clock(count)
        notes.law(in_force, overridden, amount)
        notes.supplement(supplement)
        return Deadline(
            rule=self.rule.id,
            title_vi=self.rule.title_vi,
            title_en=self.rule.title_en,
            start=self.start,
            day=day,
            at=at,
            steps=tuple(count.steps),
            basis=_basis(limit, count.moved, as_day(self.start)),
            assumptions=tuple(notes.said),
            policies=MappingProxyType(
                {
                    "swaps": self.calendar.swaps,
                    "week": self.calendar.week,
                    "receipt": receipt,
                    "supplement": supplement,
                    "known_at": self.calendar.known_at,
                }
            ),
            certainty=limit.certainty,
            in_force=in_force,
            year_status=status,
            known_at_uncertain=notes.uncertain,
            calendar=self.calendar,
            office=self.office,
        )

    def _limit(self) -> tuple[Limit, bool, int, bool]:
        keywords = self.rule.keywords
        for name, value in self.given.items():
            if name not in keywords:
                takes = ", ".join(f"{k}=" for k in keywords)
                raise _misuse(
                    name,
                    value,
                    f"{self.rule.id} does not take it" + (f"; it takes {takes}" if takes else ""),
                    f"{self.rule.id} không dùng tham số này" + (f"; dùng {takes}" if takes else ""),
                    self.rule.id,
                )
        if len(self.given) > 1:
            names = ", ".join(self.given)
            raise _misuse(names, self.given, "give one amount only", "chỉ khai báo một độ dài", self.rule.id)
        keyword = next(iter(self.given), None)
        limit, in_force = self.rule.limit(as_day(self.start), self.case, keyword)
        if keyword is None:
            if limit.amount is None and limit.keyword:
                needs = " or ".join(f"{k}=" for k in keywords)
                raise _misuse(
                    limit.keyword,
                    None,
                    f"{self.rule.id} needs an amount: {needs}",
                    f"{self.rule.id} cần độ dài thời hạn: {needs.replace(' or ', ' hoặc ')}",
                    self.rule.id,
                )
            amount = limit.amount or 0
            return limit, in_force, microseconds(amount) if limit.unit in _HOUR_UNITS else amount, False
        value = self.given[keyword]
        if limit.unit in _HOUR_UNITS:
            amount = microseconds(value)
        elif isinstance(value, bool) or not hasattr(value, "__index__"):
            raise _misuse(keyword, value, "must be a whole number", "phải là số nguyên", self.rule.id)
        else:
            amount = value.__index__()
        least = -(10**18) if limit.unit in _SIGNED_UNITS and limit.amount is None else 1
        if amount < least or (amount == 0 and limit.unit != "working_days"):
            raise _misuse(keyword, value, "must be positive", "phải lớn hơn 0", self.rule.id)
        return (
            limit,
            in_force,
            amount,
            limit.amount is not None
            and amount != (microseconds(limit.amount) if limit.unit in _HOUR_UNITS else limit.amount),
        )

    def _supplement(self) -> Supplement | None:
        pausing = self.used is not None or self.paused_at is not None
        if self.supplemented_at is None:
            if pausing or self.supplement:
                raise _misuse(
                    "supplemented_at",
                    None,
                    "say when the full dossier arrived (or the settlement was resumed)",
                    "hãy cho biết khi nào hồ sơ được bổ sung đủ (hoặc tiếp tục giải quyết)",
                    self.rule.id,
                )
            return None
        if self.rule.id not in _PAUSING:
            raise _misuse(
                "supplemented_at",
                self.supplemented_at,
                f"{self.rule.id} does not stop or restart",
                f"{self.rule.id} không tạm dừng hay tính lại",
                self.rule.id,
            )
        if self.supplement not in (None, "restart", "pause"):
            raise _misuse("supplement", self.supplement, "'restart' or 'pause'", "'restart' hoặc 'pause'", self.rule.id)
        if self.supplement == "pause" and not pausing:
            raise _misuse(
                "used", None, "say what was used up, or paused_at", "hãy cho biết đã dùng bao nhiêu, hoặc paused_at"
            )
        if pausing and self.supplement == "restart":
            raise _misuse(
                "supplement",
                "restart",
                "a restarted period has used up nothing",
                "tính lại từ đầu thì không có phần đã dùng",
            )
        if self.used is not None and self.paused_at is not None:
            raise _misuse("used", self.used, "give used or paused_at, not both", "chỉ khai báo used hoặc paused_at")
        if as_day(self.supplemented_at, "supplemented_at") < as_day(self.start):
            raise _misuse("supplemented_at", self.supplemented_at, "lies before the start", "trước ngày làm mốc")
        return "pause" if pausing else "restart"


@dataclass(slots=True)
class _Run:
    """The computation itself, repeatable with another calendar or receipt policy to see whether that matters."""

    request: _Request
    limit: Limit
    amount: int
    supplement: Supplement | None

    def count(self, calendar: WorkCalendar, receipt: str, told: bool = False) -> tuple[Count, date, datetime | None]:
        asked = self.request
        steps: list[Step] = []
        start = self._received(asked.start, calendar, receipt, steps)
        amount = self.amount
        if self.supplement is not None and asked.supplemented_at is not None:
            full = asked.supplemented_at
            full = as_instant(full, "supplemented_at") if isinstance(full, datetime) else full
            resumed = self._received(full, calendar, receipt, steps)
            if self.supplement == "pause":
                amount = self._remaining(start, calendar, steps)
            else:
                steps.append(_note(resumed, "hồ sơ đầy đủ, tính lại từ đầu", "full dossier, counted again from zero"))
            start = resumed
        count = Count(start, calendar, asked.office, told)
        if told:
            count.steps.extend(steps)
        if amount == 0 and self.supplement == "pause":
            day, at = count.run("roll", 0)
        else:
            day, at = count.run(self.limit.unit, amount)
        return count, day, at

    def _received(
        self, moment: date | datetime, calendar: WorkCalendar, receipt: str, steps: list[Step]
    ) -> date | datetime:
        if receipt == "system_time":
            return moment
        if isinstance(moment, datetime):
            counted: date | datetime = self.request.office.next_open(moment, calendar)
            shown = show_moment(moment), show_moment(moment, "en")
        else:
            counted = calendar.add_working_days(moment, 0)
            shown = show_day(moment), show_day(moment, "en")
        if counted != moment:
            when = (
                (show_moment(counted), show_moment(counted, "en"))
                if isinstance(counted, datetime)
                else (show_day(counted), show_day(counted, "en"))
            )
            steps.append(
                _note(
                    moment,
                    f"nhận lúc {shown[0]}, ngoài giờ làm việc: coi là tiếp nhận {when[0]}",
                    f"received {shown[1]}, outside office hours: counts as received {when[1]}",
                )
            )
        return counted

    def _remaining(self, start: date | datetime, calendar: WorkCalendar, steps: list[Step]) -> int:
        asked, unit = self.request, self.limit.unit
        if asked.paused_at is not None:
            used = self._used_by(start, asked.paused_at, calendar)
        elif unit in _HOUR_UNITS:
            used = microseconds(asked.used, "used")
        elif not hasattr(asked.used, "__index__"):
            raise _misuse("used", asked.used, "must be a whole number of days", "phải là số nguyên ngày")
        else:
            used = int(asked.used)  # type: ignore[arg-type]
        if not 0 <= used <= self.amount:
            raise _misuse("used", asked.used, "must lie within the period", "phải nằm trong thời hạn", asked.rule.id)
        shown = [f"{v / 3_600_000_000:g} h" if unit in _HOUR_UNITS else str(v) for v in (used, self.amount - used)]
        steps.append(
            _note(
                asked.start,
                f"đã dùng {shown[0]}, tạm dừng, còn lại {shown[1]}",
                f"{shown[0]} used, stopped, {shown[1]} left",
            )
        )
        return self.amount - used

    def _used_by(self, start: date | datetime, paused: date | datetime, calendar: WorkCalendar) -> int:
        if self.limit.unit == "working_hours":
            worked = self.request.office.count(as_instant(start), as_instant(paused, "paused_at"), calendar)
            return microseconds(worked)
        first, last = as_day(start), as_day(paused, "paused_at")
        if self.limit.unit == "working_days":
            return calendar.count_working_days(first, last)
        return (last - first).days


def _note(moment: date | datetime, vi: str, en: str) -> Step:
    return Step(as_day(moment), "note", vi[:1].upper() + vi[1:], en[:1].upper() + en[1:])


def _basis(limit: Limit, moved: bool, on: date) -> tuple[Any, ...]:
    """Provisions of the limit; calendar periods add the Civil Code's, as Điều 145 has it."""
    from vn_edoc.law import basis

    references = list(limit.basis)
    code = "blds-2015:147.2 blds-2015:148.5" if on >= date(2017, 1, 1) else "blds-2005:152.2 blds-2005:153.5"
    first_day, rolled = code.split()
    if limit.unit in _CIVIL_UNITS:
        references.append(first_day)
    if moved:
        references.append(rolled)
    return tuple(basis(reference) for reference in dict.fromkeys(references))


_RECEIPT_WORDS = {
    "next_session": ("buổi làm việc kế tiếp", "next session"),
    "system_time": ("giờ hệ thống", "system time"),
}


class _Notes:
    """What a reader has to know beside the answer."""

    def __init__(self, request: _Request, limit: Limit, run: _Run, day: date, at: datetime | None) -> None:
        self.request, self.limit, self.run, self.day, self.at = request, limit, run, day, at
        self.said: list[Assumption] = []
        self.uncertain = False
        begin = as_day(request.start)
        self.span = (min(begin, day), max(begin, day))

    def say(self, id: str, vi: str, en: str) -> None:
        self.said.append(Assumption(id, vi, en))

    def years(self) -> YearStatus:
        calendar = self.request.calendar
        worst, open_years = YearStatus.OFFICIAL, []
        for year in range(self.span[0].year, self.span[1].year + 1):
            status = calendar.year_status(year)
            if status is not YearStatus.OFFICIAL:
                open_years.append(f"{year}")
                worst = max(worst, status, key=lambda s: s.rank)
        if open_years:
            listed = ", ".join(open_years) if len(open_years) < 5 else f"{open_years[0]}-{open_years[-1]}"
            self.say(
                f"year.{worst.value}",
                f"Năm {listed} {worst.label()}: ngày nghỉ theo luật và bảng âm lịch, có thể thay đổi",
                f"{listed}: {worst.value}, days off by the statute and the lunar table, may change",
            )
        if calendar.known_at is not None:
            first, last = (
                max(self.span[0], calendar.first_day),
                min(self.span[1], calendar.last_day),
            )
            self.uncertain = any(calendar.day(d).known_at_uncertain for d in (first, last)) or any(
                d.known_at_uncertain for d in calendar.special_days(first, last)
            )
            if self.uncertain:
                self.say(
                    "known_at.uncertain",
                    "Có quyết định không rõ chính xác ngày công bố nên câu trả lời tại thời điểm đó chưa chắc chắn",
                    "A decision's day of publication is not known exactly, so the answer as of that day is uncertain",
                )
        return worst

    def _differs(self, compute: Callable[[], tuple[Count, date, datetime | None]]) -> str | None:
        try:
            _, day, at = compute()
        except UsageError:
            return None  # the other policy has no answer (strict, or the range ends): nothing to compare
        if (day, at) == (self.day, self.at):
            return None
        return at.isoformat() if at else day.isoformat()

    def swaps(self, receipt: Receipt) -> None:
        calendar = self.request.calendar
        if calendar.week != 5:
            return
        other = "statutory_only" if calendar.swaps == "agency" else "agency"
        if calendar.swaps == "agency":
            first = max(self.span[0] - timedelta(days=10), calendar.first_day)
            last = min(self.span[1] + timedelta(days=10), calendar.last_day)
            near = calendar.special_days(first, last)
            if not any(d.kind in (DayKind.SWAPPED_OFF, DayKind.SWAPPED_WORK) for d in near):
                return
        found = self._differs(lambda: self.run.count(calendar.variant(swaps=other), receipt))
        if found:
            followed = calendar.swaps == "agency"
            self.say(
                f"swaps.{calendar.swaps}",
                f"{'Có' if followed else 'Không'} tính hoán đổi ngày nghỉ, làm bù; theo cách kia hạn là {found}",
                f"Swapped days were {'followed' if followed else 'left out'}; the other way it is due {found}",
            )

    def receipt(self, receipt: Receipt) -> None:
        if not self.request.receipt and not self.request.rule.receipt:
            return
        other: Receipt = "system_time" if receipt == "next_session" else "next_session"
        found = self._differs(lambda: self.run.count(self.request.calendar, other))
        if found and not self.limit.unit.startswith("cutoff"):
            vi, en = _RECEIPT_WORDS[receipt]
            self.say(
                f"receipt.{receipt}",
                f"Nhận ngoài giờ tính theo {vi}; theo cách kia hạn là {found}",
                f"Receipt outside hours counts by the {en}; the other way it is due {found}",
            )

    def clock(self, count: Count) -> None:
        if self.limit.unit == "next_working_morning":
            self.say(
                "morning.session_end",
                "Luật không định nghĩa “buổi sáng”: lấy lúc hết buổi làm việc sáng của bên gửi",
                "No text defines “morning”: the end of the sender's morning session is taken",
            )
        receipt_mattered = any(a.id.startswith("receipt.") for a in self.said)
        if not count.used_clock and not receipt_mattered:
            return
        schedule = count.office.schedule_on(self.day)
        if schedule is count.office.base and schedule.assumed:
            clock = ", ".join(map(str, schedule.sessions))
            self.say("hours.default", f"Giờ làm việc mặc định: {clock}", f"Default office hours: {clock}")
        elif schedule.assumed:
            self.say(
                "hours.assumed",
                f"Giờ làm việc suy từ thông báo của thời gian khác: {schedule.label}",
                f"Office hours carried over from another time's notice: {schedule.label}",
            )

    def law(self, in_force: bool, overridden: bool, amount: int) -> None:
        if not in_force:
            self.say(
                "law.not_in_force",
                "Vào ngày làm mốc quy định này chưa (hoặc không còn) có hiệu lực; đã dùng quy định gần nhất",
                "The rule was not in force on the starting day; the nearest one in time was used",
            )
        if overridden:
            self.say(
                "limit.given",
                "Độ dài do người dùng khai báo thay cho con số của văn bản",
                "The amount was given by the caller in place of the act's",
            )
        if self.limit.note_vi:
            self.say("law.note", self.limit.note_vi, self.limit.note_en)
        if self.limit.certainty in ("secondary", "unverified"):
            self.say(
                "law.certainty",
                "Điều khoản chưa đối chiếu được với văn bản chính thức",
                "The provision could not be compared with the official text",
            )
        if self.limit.unit in ("calendar_days_before",):
            self.say(
                "moved.back",
                "Văn bản không nói ngày làm việc; rơi vào ngày nghỉ thì làm trong ngày làm việc liền trước",
                "The text does not speak of working days; on a day off the previous working day is taken",
            )

    def supplement(self, supplement: Supplement | None) -> None:
        if supplement == "restart":
            self.say(
                "supplement.restart",
                "Thời hạn tính lại từ đầu khi hồ sơ đầy đủ",
                "The period starts again from zero with the full dossier",
            )
        elif supplement == "pause":
            self.say(
                "supplement.pause",
                "Thời gian chờ bổ sung không tính vào thời hạn (theo luật chuyên ngành)",
                "The time of waiting does not count (by the sector's law)",
            )
