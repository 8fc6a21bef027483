"""What a caller of ``deadline`` asked for, checked: which limit governs, how much, and what stopped the period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from vn_edoc.calendar.hours import OfficeHours
from vn_edoc.calendar.moments import as_day, as_instant, brief, microseconds
from vn_edoc.calendar.rules import FLAGS, Limit, Rule
from vn_edoc.calendar.workcalendar import WorkCalendar
from vn_edoc.errors import UsageError

__all__ = ["HOUR_UNITS", "Asked", "Receipt", "Request", "Supplement", "misuse"]

Receipt = Literal["next_session", "system_time"]
"""When something received outside office hours counts as received: at the next session, or at the system's time."""
Supplement = Literal["restart", "pause"]
"""What a supplemented dossier does to the period: it starts again from zero, or goes on where it stopped."""

HOUR_UNITS = frozenset({"clock_hours", "working_hours"})
"""Units whose amounts are held in microseconds."""
_SIGNED_UNITS = frozenset({"calendar_days", "weeks", "months", "years", "working_days", "working_hours"})
_MOST = 126 * 366  # days of 1975-2100; no unit is shorter
_PAUSING = frozenset({"onestop.process", "complaint.first", "complaint.second"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The arguments about a period that may stop, as given."""

    receipt: Receipt | None = None
    """The receipt policy asked for; ``None``: the rule's own."""
    supplement: Supplement | None = None
    """Restart or pause asked for; ``None``: told by what else is given."""
    supplemented_at: date | datetime | None = None
    """When the full dossier arrived."""
    paused_at: date | datetime | None = None
    """When the period stopped."""
    used: float | None = None
    """What was used up by then."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A checked request."""

    rule: Rule
    """The rule."""
    limit: Limit
    """The limit of the rule that governs."""
    in_force: bool
    """Whether that limit was in force on the starting day."""
    amount: int
    """The amount in the limit's unit, microseconds for hours."""
    overridden: bool
    """Whether the caller gave another amount than the act's."""
    start: date | datetime
    """The starting event, in Vietnam time."""
    calendar: WorkCalendar
    """The calendar."""
    office: OfficeHours
    """The clock."""
    receipt: Receipt
    """The receipt policy that applies."""
    receipt_matters: bool
    """Whether the event is a receipt, so that the policy is worth telling."""
    supplement: Supplement | None
    """Restart or pause, ``None`` where nothing was supplemented."""
    resumed: date | datetime | None
    """When the full dossier arrived."""
    paused: date | datetime | None
    """When the period stopped, if that was told."""
    used: int | None
    """What was used up before it stopped, in the unit of ``amount``, if that was told."""

    @classmethod
    def make(
        cls,
        rule: Rule,
        start: date | datetime,
        calendar: WorkCalendar,
        office: OfficeHours,
        given: dict[str, Any],
        circumstances: dict[str, bool],
        asked: Asked,
    ) -> Request:
        """Check the arguments; :class:`~vn_edoc.errors.UsageError` names the wrong one."""
        start = _moment(start, "start")
        case = frozenset(name for name in FLAGS if circumstances[name])
        for name in sorted(case - rule.flags):
            raise misuse(
                name,
                True,
                f"{rule.id} has no limit that depends on it",
                f"{rule.id} không có thời hạn phụ thuộc điều này",
                rule.id,
            )
        keyword = _keyword(rule, given)
        limit, in_force = rule.limit(as_day(start), case, keyword)
        amount = _amount(rule, limit, given.get(keyword) if keyword else None)
        own = limit.amount if limit.amount is None or limit.unit not in HOUR_UNITS else microseconds(limit.amount)
        receipt = asked.receipt or rule.receipt or "system_time"
        if receipt not in ("next_session", "system_time"):
            raise misuse(
                "receipt",
                receipt,
                "must be 'next_session' or 'system_time'",
                "phải là 'next_session' hoặc 'system_time'",
            )
        supplement = _supplement(rule, start, asked)
        return cls(
            rule=rule,
            limit=limit,
            in_force=in_force,
            amount=amount,
            overridden=own is not None and amount != own,
            start=start,
            calendar=calendar,
            office=office,
            receipt="next_session" if receipt == "next_session" else "system_time",
            receipt_matters=bool(asked.receipt or rule.receipt),
            supplement=supplement,
            resumed=None if asked.supplemented_at is None else _moment(asked.supplemented_at, "supplemented_at"),
            paused=None if asked.paused_at is None else _moment(asked.paused_at, "paused_at"),
            used=None if asked.used is None else _used(rule, limit, asked.used, amount),
        )


def misuse(field: str, value: object, en: str, vi: str, rule_id: str | None = None) -> UsageError:
    """An error about one argument."""
    return UsageError(f"{field}: {en}", f"{field}: {vi}", field=field, value=value, rule=rule_id)


def _moment(value: date | datetime, field: str) -> date | datetime:
    return as_instant(value, field) if isinstance(value, datetime) else as_day(value, field)


def _keyword(rule: Rule, given: dict[str, Any]) -> str | None:
    takes = [f"{keyword}=" for keyword in rule.keywords]
    for name, value in given.items():
        if name not in rule.keywords:
            raise misuse(
                name,
                value,
                f"{rule.id} does not take it" + (f"; it takes {', '.join(takes)}" if takes else ""),
                f"{rule.id} không dùng tham số này" + (f"; dùng {', '.join(takes)}" if takes else ""),
                rule.id,
            )
    if len(given) > 1:
        names = ", ".join(given)
        raise misuse(names, list(given.values()), "give one amount only", "chỉ khai báo một độ dài", rule.id)
    if given:
        return next(iter(given))
    if all(limit.amount is None and limit.keyword for limit in rule.limits):
        raise misuse(
            "amount",
            None,
            f"{rule.id} needs an amount: {' or '.join(takes)}",
            f"{rule.id} cần độ dài thời hạn: {' hoặc '.join(takes)}",
            rule.id,
        )
    return None


def _amount(rule: Rule, limit: Limit, value: Any) -> int:
    if value is None:
        own = limit.amount or 0
        return microseconds(own) if limit.unit in HOUR_UNITS else own
    amount = microseconds(value) if limit.unit in HOUR_UNITS else _whole(limit.keyword, value)
    if amount > 0 or (amount == 0 and limit.unit == "working_days"):
        return amount
    if amount < 0 and limit.amount is None and limit.unit in _SIGNED_UNITS:
        return amount
    raise misuse(limit.keyword, value, "must be greater than 0", "phải lớn hơn 0", rule.id)


def _whole(field: str, value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise misuse(field, value, "must be a whole number", "phải là số nguyên")
    amount = int(value.__index__())
    if abs(amount) > _MOST:
        raise misuse(field, brief(amount), "leaves 1975-2100", "vượt ra ngoài 1975-2100")
    return amount


def _supplement(rule: Rule, start: date | datetime, asked: Asked) -> Supplement | None:
    pausing = asked.used is not None or asked.paused_at is not None
    if asked.supplemented_at is None:
        if pausing or asked.supplement:
            raise misuse(
                "supplemented_at",
                None,
                "say when the full dossier arrived (or the settlement was resumed)",
                "hãy cho biết khi nào hồ sơ được bổ sung đủ (hoặc tiếp tục giải quyết)",
                rule.id,
            )
        return None
    for wrong, field, value, en, vi in (
        (
            rule.id not in _PAUSING,
            "supplemented_at",
            asked.supplemented_at,
            f"{rule.id} neither stops nor restarts",
            f"{rule.id} không tạm dừng, không tính lại",
        ),
        (
            asked.supplement not in (None, "restart", "pause"),
            "supplement",
            asked.supplement,
            "must be 'restart' or 'pause'",
            "phải là 'restart' hoặc 'pause'",
        ),
        (
            asked.supplement == "pause" and not pausing,
            "used",
            None,
            "say what was used up, or paused_at",
            "hãy cho biết đã dùng bao nhiêu, hoặc paused_at",
        ),
        (
            asked.supplement == "restart" and pausing,
            "supplement",
            "restart",
            "a period that starts again has used up nothing",
            "thời hạn tính lại từ đầu thì không có phần đã dùng",
        ),
        (
            asked.used is not None and asked.paused_at is not None,
            "used",
            asked.used,
            "give used or paused_at, not both",
            "chỉ khai báo used hoặc paused_at",
        ),
        (
            as_day(asked.supplemented_at, "supplemented_at") < as_day(asked.paused_at or start, "paused_at"),
            "supplemented_at",
            asked.supplemented_at,
            "lies before the period started or stopped",
            "trước ngày bắt đầu hoặc tạm dừng",
        ),
    ):
        if wrong:
            raise misuse(field, value, en, vi, rule.id)
    return "pause" if pausing else "restart"


def _used(rule: Rule, limit: Limit, value: float | timedelta, amount: int) -> int:
    used = microseconds(value, "used") if limit.unit in HOUR_UNITS else _whole("used", value)
    if not 0 <= used <= amount:
        raise misuse("used", value, "must lie within the period", "phải nằm trong thời hạn", rule.id)
    return used
