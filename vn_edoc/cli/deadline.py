"""``vn-edoc deadline``: by when, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from vn_edoc.calendar import OfficeHours, Timeliness, WorkCalendar, deadline, deadline_rules
from vn_edoc.cli.moments import parse_day
from vn_edoc.cli.output import json_option, lang_option, print_json, say
from vn_edoc.errors import UsageError

__all__ = ["command"]

if TYPE_CHECKING:
    _DateType = click.ParamType[date]
else:  # click 8.1 has no type argument there
    _DateType = click.ParamType

_AMOUNTS = {
    "days": "Số ngày, theo cách tính của quy tắc. / Days, as the rule counts them.",
    "calendar_days": "Số ngày theo lịch. / Days of the calendar.",
    "weeks": "Số tuần. / Weeks.",
    "months": "Số tháng. / Months.",
    "years": "Số năm. / Years.",
}
_FLAGS = {
    "remote": "Vùng sâu, vùng xa đi lại khó khăn. / A remote area.",
    "urgent": "Văn bản khẩn. / An urgent document.",
    "extended": "Đã được gia hạn. / The extension was decided.",
    "second": "Khiếu nại lần hai. / The second complaint.",
    "electronic": "Hồ sơ điện tử. / An electronic dossier.",
}


class _Moment(_DateType):
    """A date, or a datetime with its time zone."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.fail(f"{value!r}: YYYY-MM-DD | YYYY-MM-DDTHH:MM+07:00", param, ctx)


def _options(function: Any) -> Any:
    for name, text in reversed(_FLAGS.items()):
        function = click.option(f"--{name}", name, is_flag=True, help=text)(function)
    for name, text in reversed(_AMOUNTS.items()):
        function = click.option(f"--{name.replace('_', '-')}", name, type=int, help=text)(function)
    return function


@click.command(
    "deadline",
)
@click.argument("rule", required=False)
@click.argument("start", type=_Moment(), required=False)
@_options
@click.option("--hours", type=float, help="Số giờ. / Hours.")
@click.option("--complex", "complex_", is_flag=True, help="Vụ việc phức tạp. / Complex.")
@click.option("--especially-complex", is_flag=True, help="Đặc biệt phức tạp. / Especially complex.")
@click.option("--receipt", type=click.Choice(["next_session", "system_time"]), help="Nhận ngoài giờ. / After hours.")
@click.option("--supplemented-at", type=_Moment(), help="Ngày bổ sung đủ hồ sơ. / When the dossier was completed.")
@click.option("--paused-at", type=_Moment(), help="Khi tạm dừng. / When it was stopped.")
@click.option("--used", type=float, help="Phần đã dùng. / What was used up.")
@click.option("--office", help="Các buổi làm việc. / Sessions: 07:30-11:30,13:00-17:00")
@click.option("--province", help="Giờ làm việc đã công bố của tỉnh. / A province's announced hours.")
@click.option("--known-at", metavar="YYYY-MM-DD", help="Lịch như được biết vào ngày đó. / Calendar as of that day.")
@click.option("--no-swaps", is_flag=True, help="Không tính hoán đổi, làm bù. / Leave swapped days out.")
@click.option("--strict", is_flag=True, help="Chỉ nhận năm chính thức. / Official years only.")
@click.option("--returned", type=_Moment(), help="So kết quả với hạn. / Compare a result with the deadline.")
@click.option("--rules", "list_rules", is_flag=True, help="Liệt kê quy tắc. / List the rules.")
@json_option
@lang_option
def command(
    rule: str | None,
    start: date | None,
    hours: float | None,
    complex_: bool,
    especially_complex: bool,
    receipt: Any,
    supplemented_at: date | None,
    paused_at: date | None,
    used: float | None,
    office: str | None,
    province: str | None,
    known_at: str | None,
    no_swaps: bool,
    strict: bool,
    returned: date | None,
    list_rules: bool,
    as_json: bool,
    lang: str,
    **amounts_and_flags: Any,
) -> int:
    """Tính hạn theo RULE kể từ START (ngày, hoặc thời điểm có múi giờ), in từng bước và căn cứ.

    Compute when RULE is due from START (a date, or a moment with its time zone); print steps and basis. Exit code 1:
    the result given with --returned is overdue.
    """
    if list_rules:
        _print_rules(as_json, lang)
        return 0
    if rule is None or start is None:
        raise UsageError(
            "RULE and START are needed; vn-edoc deadline --rules lists the rules",
            "cần RULE và START; vn-edoc deadline --rules liệt kê các quy tắc",
            field="rule" if rule is None else "start",
        )
    due = deadline(
        rule,
        start,
        calendar=WorkCalendar.official(
            known_at=None if known_at is None else parse_day(known_at, "--known-at"),
            swaps="statutory_only" if no_swaps else None,
        ),
        hours=hours,
        office=_office(office, province),
        complex="especially" if especially_complex else complex_,
        receipt=receipt,
        supplemented_at=supplemented_at,
        paused_at=paused_at,
        used=int(used) if used is not None and used.is_integer() else used,
        strict=strict,
        **amounts_and_flags,
    )
    standing = None if returned is None else due.standing(returned)
    late = standing.working_hours if standing is not None else None
    if as_json:
        document = {"deadline": due.to_dict()}
        if standing is not None:
            document["standing"] = {
                "timeliness": standing.timeliness.value,
                "working_days": standing.working_days,
                "working_hours": None if late is None else late.total_seconds() / 3600,
            }
        print_json(document, "vn-edoc/deadline/1")
    else:
        say(due.explain(lang))
        if standing is not None:
            say(standing.text(lang))
    return int(standing is not None and standing.timeliness is Timeliness.OVERDUE)


def _office(office: str | None, province: str | None) -> OfficeHours | None:
    if office is not None and province is not None:
        raise click.UsageError("--office | --province")
    if province is not None:
        return OfficeHours.province(province)
    return None if office is None else OfficeHours(*office.split(","))


def _print_rules(as_json: bool, lang: str) -> None:
    table = deadline_rules().values()
    if as_json:
        listed = [
            {
                "rule": rule.id,
                "title_vi": rule.title_vi,
                "title_en": rule.title_en,
                "start_vi": rule.start_vi,
                "start_en": rule.start_en,
                "amounts": rule.keywords,
                "circumstances": sorted(rule.flags),
            }
            for rule in table
        ]
        print_json({"rules": listed}, "vn-edoc/deadline-rules/1")
        return
    for rule in table:
        title, start = (rule.title_en, rule.start_en) if lang == "en" else (rule.title_vi, rule.start_vi)
        takes = " ".join(f"--{k.replace('_', '-')}" for k in (*rule.keywords, *sorted(rule.flags)))
        say(f"{rule.id:<30} {title} ({start}) {takes}".rstrip())
