"""Agency lists that the interfaces of exchange axes return: ``code``, ``code102``, ``oldCode``, ``id``, ``pid``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import Finding, Severity
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.agency_lenient import finding
from vn_edoc.identifiers.value import shown

__all__ = ["rows_of"]

_KNOWN = frozenset({"id", "pid", "code", "name", "oldCode", "code102", "pcode"})


def rows_of(agencies: Any) -> tuple[list[dict[str, str]], tuple[Finding, ...]]:
    """Rows of a list and what could not be taken over. :class:`~vn_edoc.errors.UsageError` if it is no list at all."""
    entries = _entries(agencies)
    findings: list[Finding] = []
    by_id = {str(entry["id"]): entry for entry in entries if entry.get("id") not in (None, "")}
    rows: dict[str, dict[str, str]] = {}
    aliases: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        if str(entry.get("deleted", "")).lower() in ("1", "true"):
            findings.append(_told("deleted", number, entry, "mục đã xóa, bỏ qua", "the entry is deleted, left out"))
            continue
        code = _code(entry.get("code"))
        if code is None:
            findings.append(_told("code", number, entry, "mã không theo cấu trúc nào", "the code fits no scheme"))
            continue
        text = str(code)
        if text in rows:
            findings.append(
                _told("twice", number, entry, "mã có hai mục, giữ mục đầu", "the code stands twice, the first kept")
            )
            continue
        other = next(
            (str(c) for c in (_code(entry.get("code102")), _code(entry.get("oldCode"))) if c and c != code), ""
        )
        above = by_id.get(str(entry.get("pid")))
        parent = _code(above.get("code")) if above is not None else _code(entry.get("pcode"))
        extra = {k: str(v) for k, v in entry.items() if k not in _KNOWN and v not in (None, "")}
        own = code.parent
        rows[text] = {
            "code": text,
            "name": " ".join(str(entry.get("name") or "").split()),
            "kind": "unit",
            "parent": str(parent) if parent is not None and parent != own and parent != code else "",
            "other_code": other,
            "source": "danh sách của trục liên thông",
            **extra,
        }
        if other:
            aliases[other] = text
    for other, text in aliases.items():
        if other in rows and rows[other]["name"] == rows[text]["name"]:
            del rows[other]
            entry = {"code": other}
            findings.append(
                _told(
                    "alias", 0, entry, f"là mã khác của {text}, đã gộp", f"is the other code of {text}, joined with it"
                )
            )
    return list(rows.values()), tuple(findings)


def _entries(agencies: Any) -> list[Mapping[str, Any]]:
    if isinstance(agencies, str | bytes):
        try:
            agencies = json.loads(agencies)
        except (ValueError, RecursionError):
            raise UsageError("not JSON", "không phải JSON", field="agencies") from None
    if isinstance(agencies, Mapping):
        agencies = agencies.get("data", agencies.get("agencies"))
        if isinstance(agencies, str):
            return _entries(agencies)
    if not isinstance(agencies, list | tuple) or not all(isinstance(entry, Mapping) for entry in agencies):
        raise UsageError("expected a list of objects", "cần danh sách đối tượng", field="agencies")
    return list(agencies)


def _code(value: Any) -> AgencyCode | None:
    return AgencyCode.parse_lenient(value).code


def _told(what: str, number: int, entry: Mapping[str, Any], vi: str, en: str) -> Finding:
    code = shown(str(entry.get("code")))
    return finding(
        f"registry.import_{what}", Severity.WARNING, f"{code}: {vi}.", f"{code}: {en}.", entry=number, code=code
    )
