"""``vn-edoc code``: a code explained, level by level, on a day and now."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from vn_edoc.cli.moments import parse_day
from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say
from vn_edoc.findings import VIETNAM
from vn_edoc.identifiers.explain import explain
from vn_edoc.identifiers.registry import AgencyRegistry

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

_LONGEST = 1000
_WORDS = {
    "active": ("đang hoạt động", "active"),
    "closed": ("đã đóng", "closed"),
    "reserved": ("dự trữ, chưa cấp", "reserved, not assigned"),
    "unassigned": ("chữ cái chưa có nhóm cơ quan", "letter without a group of bodies"),
    "unlisted": ("thuộc nhóm không liệt kê từng mã", "in a block whose codes no list names"),
    "unrecorded": ("chưa có ghi nhận cho ngày này", "not recorded for that day"),
    None: ("không có trong danh mục đang dùng", "in no list at hand"),
}
_SCHEMES = {
    "qcvn102": ("QCVN 102:2016 (mã cũ)", "QCVN 102:2016 (old)"),
    "qd20": ("QĐ 20/2020/QĐ-TTg Điều 4", "QĐ 20/2020/QĐ-TTg article 4"),
    "enterprise": ("QĐ 20/2020/QĐ-TTg Điều 5: số đăng ký doanh nghiệp", "article 5: registration number"),
    "other": ("QĐ 20/2020/QĐ-TTg Điều 6: tổ chức khác", "article 6: other organisation"),
    "technical": ("mã kỹ thuật của trục liên thông", "technical code of the exchange axis"),
}
_KINDS = {
    "dossier": ("mã số hồ sơ", "dossier"),
    "procedure": ("mã thủ tục hành chính", "procedure"),
    "result": ("mã kết quả giải quyết", "result"),
    "unit": ("mã đơn vị hành chính", "administrative unit"),
    "document_number": ("số, ký hiệu văn bản", "document number"),
    "document_id": ("mã định danh văn bản", "document identifier"),
}


_LABELS = {
    "on": "vào ngày",
    "received": "ngày nhận",
    "serial": "số thứ tự",
    "national": "mã quốc gia",
    "service": "dịch vụ công",
    "level": "cấp",
    "in_use": "được dùng",
    "grammar": "thể thức",
    "year": "năm",
    "type": "tên loại",
    "issuer": "cơ quan ban hành",
    "issuers": "các cơ quan ban hành",
    "unit": "đơn vị soạn thảo",
    "form": "dạng",
    "issued": "ngày ban hành",
    "number": "số, ký hiệu",
}
_VALUES = {
    "administrative": "văn bản hành chính",
    "normative": "văn bản quy phạm pháp luật",
    "national_assembly": "văn bản của Quốc hội",
    "party": "văn bản của Đảng",
    "province": "tỉnh",
    "district": "huyện",
    "commune": "xã",
}


@click.command(
    "code",
)
@click.argument("codes", nargs=-1)
@click.option("--on", "on_text", metavar="YYYY-MM-DD", help="Vào ngày đó (mặc định hôm nay). / As of that day.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=FILE,
    help="Danh mục riêng (CSV, JSON, Excel) đặt trên danh mục kèm theo. / An own list laid over the bundled ones.",
)
@click.option("--find", "query", metavar="TEXT", help="Tìm cơ quan theo tên, không cần dấu. / Find agencies by name.")
@json_option
@lang_option
def command(
    codes: tuple[str, ...], on_text: str | None, lists: tuple[Path, ...], query: str | None, as_json: bool, lang: str
) -> int:
    """Giải thích mã: là mã gì, từng cấp là ai, khi đó và bây giờ, ai kế thừa. Không có mã thì đọc từng dòng của stdin.

    Explain codes: what they are, level by level, then and now, and the successor. Without codes, lines of stdin are
    read. Exit code 0; 1 if a code fits no scheme.
    """
    now = datetime.now(VIETNAM).date()
    on = parse_day(on_text, "--on") if on_text is not None else now
    registry = AgencyRegistry.bundled()
    for path in lists:
        registry = registry.overlay(AgencyRegistry.load(path))
    if query is not None:
        if codes:
            raise click.UsageError("--find: không kèm mã / not together with codes")
        _find(registry, query, on if on_text is not None else None, as_json, lang)
        return 0
    about = (explain(code, on, now, registry) for code in (codes or _lines(sys.stdin)))
    if as_json:
        told = list(about)
        print_json({"codes": told}, "vn-edoc/code/1")
        return int(any(one["kind"] == "invalid" for one in told))
    wrong = False
    for number, one in enumerate(about):
        if number:
            say()
        wrong |= one["kind"] == "invalid"
        for line in _told(one, on != now, lang):
            say(line)
    return int(wrong)


def _lines(stream: Iterable[str]) -> Iterator[str]:
    return (line.strip()[:_LONGEST] for line in stream if line.strip())


def _find(registry: AgencyRegistry, query: str, on: date | None, as_json: bool, lang: str) -> None:
    agencies = registry.search(query, on=on)
    if as_json:
        print_json({"query": query, "agencies": [a.to_dict() for a in agencies]}, "vn-edoc/code-search/1")
        return
    for agency in agencies:
        say(f"{agency.code!s:<16} {agency.name}  [{_word(agency.status, lang)}]")


def _word(status: str | None, lang: str) -> str:
    return _WORDS[status][lang == "en"]


def _told(one: dict[str, Any], two_days: bool, lang: str) -> Iterator[str]:
    vi = lang == "vi"
    kind = one["kind"]
    if kind == "agency":
        yield from _agency(one, two_days, vi, lang)
    elif kind == "invalid":
        yield f"{one['given']}: {'không phải mã nào đã biết' if vi else 'no code that is known'}"
    else:
        yield f"{one['code']}: {_KINDS[kind][not vi]}"
        for key, value in one.items():
            if key not in ("given", "kind", "code", "findings", "agency", "then", "now") and value not in (
                None,
                [],
                "",
            ):
                yield f"  {_LABELS.get(key, key) if vi else key}: {_plain(value, vi)}"
        for key, label in (("then", "khi đó" if vi else "then"), ("now", "nay" if vi else "now")):
            if one.get(key):
                yield f"  {label}: {one[key]['name']} ({one[key]['agency_code']})"
        if one.get("agency"):
            yield from (f"  {line}" for line in _agency(one["agency"], two_days, vi, lang))
    for finding in one["findings"]:
        yield f"  [{finding['severity']}] {finding['message_vi' if vi else 'message_en']}"


def _agency(one: dict[str, Any], two_days: bool, vi: bool, lang: str) -> Iterator[str]:
    level = f", {'cấp' if vi else 'level'} {one['level']}" if one["level"] is not None else ""
    yield f"{one['code']}: {_SCHEMES[one['scheme']][not vi]}{level}"
    for step in one["levels"]:
        yield f"  {step['code']:<16} {_state(step['then'], lang)}"
        if two_days and step["now"] != step["then"]:
            yield f"  {'':<16} {'nay' if vi else 'now'}: {_state(step['now'], lang)}"
    listed = one["agency"]
    if listed is not None:
        facts = [
            ("hiệu lực" if vi else "valid", _days(listed, vi)),
            ("văn bản" if vi else "act", " → ".join(t for t in (listed["act_from"], listed["act_to"]) if t)),
            ("nguồn" if vi else "source", f"{listed['source']} [{listed['layer']}, {listed['certainty']}]"),
            ("ghi chú" if vi else "note", listed["note"]),
        ]
        yield from (f"  {name}: {text}" for name, text in facts if text)
    for what, number in one.get("readings", {}).items():
        label = {
            "enterprise": ("số doanh nghiệp", "enterprise"),
            "personal": ("số định danh cá nhân", "personal number"),
        }
        yield f"  {label[what][not vi]}: {number}"
    heirs = one["successors_now"] or one["successors_then"]
    if heirs:
        told = "; ".join(f"{heir['code']} {heir['name']}" for heir in heirs)
        doubt = (listed or {}).get("successor_certainty") or ""
        yield f"  {'kế thừa' if vi else 'successor'}: {told}{f' [{doubt}]' if doubt else ''}"
    if one["other_scheme"] is not None:
        certain = one["level"] == 1
        what = "mã theo cấu trúc kia" if vi else "in the other scheme"
        hint = "" if certain else (" (suy ra, cần đối chiếu)" if vi else " (a candidate)")
        yield f"  {what}: {one['other_scheme']}{hint}"


def _plain(value: Any, vi: bool) -> str:
    if isinstance(value, bool):
        return ("có" if value else "không") if vi else ("yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(value)
    return _VALUES.get(str(value), str(value)) if vi else str(value)


def _state(state: dict[str, Any] | None, lang: str) -> str:
    if state is None:
        return _word(None, lang)
    name = f"{state['name']} " if state["name"] else ""
    via = "" if state["match"] != "candidate" else f" ({state['code']}?)"
    return f"{name}[{_word(state['status'], lang)}]{via}"


def _days(listed: dict[str, Any], vi: bool) -> str:
    if listed["valid_from"] is None and listed["valid_to"] is None:
        return ""
    begun, ended = listed["valid_from"] or "?", listed["valid_to"] or ("nay" if vi else "now")
    return f"{begun} – {ended}"
