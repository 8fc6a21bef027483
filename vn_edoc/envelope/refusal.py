"""What does not fit a message, in words for people: the path to the field, what it holds, what it may hold."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import UsageError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from vn_edoc.envelope.fields import Part

__all__ = ["usage_error"]

_SHOWN = 60
_LIST = ("phải là danh sách", "a list is needed")
_GROUP = ("phải là nhóm trường, mỗi dòng một cặp tên: giá trị", "a group of fields is needed, name: value on each line")
_DAY = ("phải là ngày có thật, viết YYYY-MM-DD", "a day that exists is needed, as YYYY-MM-DD")
_MOMENT = (
    "phải là thời điểm có múi giờ, viết YYYY-MM-DDTHH:MM:SS+07:00",
    "a time is needed, as YYYY-MM-DDTHH:MM:SS+07:00",
)
_NUMBER = ("phải là số nguyên", "a whole number is needed")
_WORDS = {
    "string_type": ("phải là văn bản", "a text is needed"),
    "bool_parsing": ("phải là true hoặc false", "true or false is needed"),
    "bool_type": ("phải là true hoặc false", "true or false is needed"),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "dict_type": _GROUP,
    "int_parsing": _NUMBER,
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": _NUMBER,
    "greater_than_equal": ("không được âm", "it must not be negative"),
    "less_than_equal": ("số quá lớn", "the number is too large"),
}
"""By the error types of pydantic."""


def usage_error(model: str, error: ValidationError) -> UsageError:
    """The exception of this library for one of pydantic's. ``field`` is the path from ``model`` down to the value."""
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in (model, *first["loc"]))
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, UsageError) and cause.field:
        # Found inside a group: the group's own name gives way to the path that leads to it.
        inner = f"{path}.{cause.field.partition('.')[2]}".rstrip(".")
        en, vi = (said.removeprefix(f"{cause.field}: ") for said in (cause.message_en, cause.message_vi))
        return UsageError(f"{inner}: {en}", f"{inner}: {vi}", field=inner, value=cause.value, rule=cause.rule)
    vi, en = _reason(first, cause)
    given = first.get("input")
    if isinstance(given, str | int | float) and first["type"] != "extra_forbidden":
        shown = repr(given)[:_SHOWN]
        vi, en = f"{vi}, không phải {shown}", f"{en}, not {shown}"
    return UsageError(f"{path}: {en}", f"{path}: {vi}", field=path, value=given, rule=first["type"])


def _reason(first: Any, cause: object) -> tuple[str, str]:
    kind = first["type"]
    if kind == "extra_forbidden":
        return _unknown(str(first["loc"][-1]))
    if kind == "enum":
        expected = str(first.get("ctx", {}).get("expected", ""))
        return f"phải là {expected.replace(' or ', ' hoặc ')}", f"one of {expected} is needed"
    if kind.startswith("date_"):
        return _DAY
    if kind.startswith("datetime_") or (kind == "value_error" and str(first["loc"][-1:]) in _MOMENTS):
        return _MOMENT
    said = str(cause) if cause is not None else first["msg"]
    return _WORDS.get(kind, (f"giá trị không hợp lệ ({said})", said))


_MOMENTS = frozenset({"('Timestamp',)", "('timestamp',)"})


def _unknown(name: str) -> tuple[str, str]:
    near = get_close_matches(name, sorted(set(_names())), n=1, cutoff=0.7)
    vi, en = "không có trường này", "there is no such field"
    return (f"{vi}; có phải {near[0]}?", f"{en}; is {near[0]} meant?") if near else (vi, en)


def _names() -> Iterator[str]:
    from vn_edoc.envelope.elements import elements_of
    from vn_edoc.envelope.fields import Part

    waiting: list[type[Part]] = [Part]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        yield from (spec.name for spec in elements_of(model).values())
