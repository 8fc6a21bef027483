"""The rule pack of an agency: a TOML file that changes what the bundled pack leaves to agencies, and nothing else."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from vn_edoc._files import os_reason, read_file
from vn_edoc.calendar import OfficeHours
from vn_edoc.errors import InvalidCode, SourceError, UsageError
from vn_edoc.findings import Severity
from vn_edoc.identifiers import AgencyCode
from vn_edoc.validity.context import PaperList
from vn_edoc.validity.pack import Override, Rule, RulePack

__all__ = ["load"]

_KEYS = frozenset({"name", "extends", "source", "severity", "urgent", "refusal", "office_hours", "paper_also"})
_BYTES = 1024 * 1024
_DAY_MINUTES = 24 * 60
_REFUSAL_HOURS = 31 * 24
_LISTS = 1_000
_NOON = time(12)
_DOTS = 64


def load(path: str | os.PathLike[str], base: RulePack) -> RulePack:
    """The pack of ``path`` over ``base``."""
    file = Path(path)
    try:
        if file.stat().st_size > _BYTES:
            _refuse("pack", f"{file.name} is larger than {_BYTES} bytes", f"{file.name} lớn hơn {_BYTES} byte")
        raw = read_file(file, _BYTES)
    except OSError as error:
        en, vi = os_reason(error)
        raise SourceError(f"{file}: {en}", f"không đọc được {file}: {vi}", field="pack") from error
    try:
        text = raw.decode("utf-8-sig")
        if any(line.count(".") > _DOTS for line in text.splitlines()):
            # Reading a key of n dotted parts takes time by the square of n.
            raise ValueError(f"a line with more than {_DOTS} dots")
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        _refuse("pack", f"{file.name} is no TOML in UTF-8: {error}", f"{file.name} không phải TOML mã UTF-8: {error}")
    strangers = sorted(table.keys() - _KEYS)
    if strangers:
        _refuse(
            strangers[0],
            f"unknown key {strangers[0]!r}; known: {', '.join(sorted(_KEYS))}",
            f"khóa {strangers[0]!r} không có; các khóa: {', '.join(sorted(_KEYS))}",
        )
    name = _text(table, "name", "name")
    extends = _text(table, "extends", "extends")
    if extends != base.version:
        _refuse(
            "extends",
            f"the pack extends {extends!r}, this library ships {base.version!r}: look it over, then change the line",
            f"bộ quy tắc dựa trên {extends!r}, thư viện đang có {base.version!r}: cần rà soát rồi sửa dòng này",
        )
    source = _text(table, "source", "source") if "source" in table else ""
    rules, overrides = _severities(_table(table, "severity"), base)
    grace, more = _urgent(_table(table, "urgent"), base)
    refusal, refusal_overrides = _refusal(_table(table, "refusal"))
    hours, hour_overrides = _hours(_table(table, "office_hours"))
    lists, list_overrides = _paper(table.get("paper_also", []))
    return RulePack(
        version=base.version,
        published=base.published,
        rules=rules,
        name=name,
        source=source,
        sha256=hashlib.sha256(raw).hexdigest(),
        overrides=(*overrides, *more, *refusal_overrides, *hour_overrides, *list_overrides),
        urgent_grace=grace,
        refusal_within=refusal,
        hours=hours,
        paper_lists=lists,
    )


def _refuse(field: str, en: str, vi: str) -> NoReturn:
    raise UsageError(f"rule pack, {field}: {en}", f"bộ quy tắc, {field}: {vi}", field=field)


def _text(table: Mapping[str, Any], key: str, field: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        _refuse(field, f"{field} must be a text that is not empty", f"{field} phải là chuỗi không rỗng")
    return value.strip()


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        _refuse(key, f"{key} must be a table", f"{key} phải là bảng")
    return value


def _severities(rows: Mapping[str, Any], base: RulePack) -> tuple[Mapping[str, Rule], tuple[Override, ...]]:
    rules = dict(base.rules)
    overrides = []
    for rule_id, value in rows.items():
        field = f"severity.{rule_id}"
        rule = rules.get(rule_id)
        if rule is None:
            _refuse(field, f"there is no rule {rule_id!r}", f"không có quy tắc {rule_id!r}")
        if rule.text.locked:
            _refuse(
                field,
                f"{rule_id} concerns authenticity, integrity or scope and is locked",
                f"{rule_id} thuộc nhóm xác thực, toàn vẹn hoặc phạm vi, không được thay đổi",
            )
        if rule.judge is None:
            _refuse(field, f"{rule_id} is not decided from facts", f"{rule_id} không xét từ dữ kiện")
        if not isinstance(value, str) or value not in {"info", "warning", "error"}:
            _refuse(
                field,
                f"{value!r} is none of info, warning, error (no agency can make a rule fatal: no article says so)",
                f"{value!r} không thuộc info, warning, error (cơ quan không thể tự quy định mức làm mất giá trị)",
            )
        if value == rule.text.severity.value:
            _refuse(field, f"{rule_id} has that severity already", f"{rule_id} vốn ở mức này")
        rules[rule_id] = replace(rule, severity=Severity(value))
        overrides.append(Override("severity", (rule_id,), rule.text.severity.value, value))
    return MappingProxyType(rules), tuple(overrides)


def _urgent(row: Mapping[str, Any], base: RulePack) -> tuple[timedelta, tuple[Override, ...]]:
    if not row:
        return base.urgent_grace, ()
    minutes = row.get("grace_minutes")
    if set(row) != {"grace_minutes"} or not isinstance(minutes, int) or isinstance(minutes, bool):
        _refuse("urgent", "only grace_minutes, a whole number, is known", "chỉ có grace_minutes là số nguyên (phút)")
    if not 0 < minutes <= _DAY_MINUTES:
        _refuse("urgent.grace_minutes", "from 1 to 1440 minutes", "từ 1 đến 1440 phút")
    standard = int(base.urgent_grace.total_seconds() // 60)
    return timedelta(minutes=minutes), (Override("urgent_grace", ("R39", "R42"), f"{standard} min", f"{minutes} min"),)


def _refusal(row: Mapping[str, Any]) -> tuple[timedelta | None, tuple[Override, ...]]:
    if not row:
        return None, ()
    hours = row.get("within_hours")
    if set(row) != {"within_hours"} or not isinstance(hours, int) or isinstance(hours, bool):
        _refuse("refusal", "only within_hours, a whole number, is known", "chỉ có within_hours là số nguyên (giờ)")
    if not 0 < hours <= _REFUSAL_HOURS:
        _refuse("refusal.within_hours", f"from 1 to {_REFUSAL_HOURS} hours", f"từ 1 đến {_REFUSAL_HOURS} giờ")
    return timedelta(hours=hours), (Override("refusal_within", ("R41",), "-", f"{hours} h"),)


def _hours(row: Mapping[str, Any]) -> tuple[OfficeHours | None, tuple[Override, ...]]:
    if not row:
        return None, ()
    sessions = row.get("sessions")
    if set(row) != {"sessions"} or not isinstance(sessions, list) or not all(isinstance(s, str) for s in sessions):
        _refuse(
            "office_hours",
            'only sessions is known, such as ["07:30-11:30", "13:00-17:00"]',
            'chỉ có sessions, ví dụ ["07:30-11:30", "13:00-17:00"]',
        )
    if not sessions:
        _refuse("office_hours.sessions", "at least one session", "cần ít nhất một buổi")
    try:
        hours = OfficeHours(*sessions)
    except UsageError as error:
        _refuse("office_hours.sessions", f"{sessions}: {error.message_en}", f"{sessions}: {error.message_vi}")
    if not any(session.start < _NOON for session in hours.base.sessions):
        _refuse(
            "office_hours.sessions",
            f"{sessions}: no session begins before noon, so the morning of R37 has no end",
            f"{sessions}: không có buổi sáng, nên không biết khi nào hết buổi sáng (R37)",
        )
    default = ", ".join(str(s) for s in OfficeHours().base.sessions)
    return hours, (Override("office_hours", ("R37",), default, ", ".join(sessions)),)


def _paper(rows: Any) -> tuple[tuple[PaperList, ...], tuple[Override, ...]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > _LISTS:
        _refuse("paper_also", "paper_also is a list of tables", "paper_also phải là danh sách bảng")
    lists = []
    for number, row in enumerate(rows):
        field = f"paper_also[{number}]"
        if set(row) - {"issuer", "type_names", "source"}:
            _refuse(field, "known: issuer, type_names, source", "chỉ có issuer, type_names, source")
        issuer = _text(row, "issuer", f"{field}.issuer")
        try:
            AgencyCode.parse(issuer)
        except InvalidCode as error:
            _refuse(f"{field}.issuer", error.message_en, error.message_vi)
        names = row.get("type_names")
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n.strip() for n in names):
            _refuse(f"{field}.type_names", "a list of kinds is needed", "cần danh sách tên loại văn bản")
        lists.append(PaperList(issuer=issuer, type_names=tuple(names), source=_text(row, "source", f"{field}.source")))
    overrides = tuple(
        Override("paper_also", ("R59", "R60"), "-", f"{one.issuer}: {', '.join(one.type_names)} ({one.source})")
        for one in lists
    )
    return tuple(lists), overrides
