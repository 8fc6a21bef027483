"""What ties a model's field to its edXML element, and the base class of all message models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, Union, get_args, get_origin

import pydantic.main
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vn_edoc.envelope.elements import Element, elements_of
from vn_edoc.envelope.values import NULLS, one_line
from vn_edoc.findings import VIETNAM

__all__ = [
    "Count",
    "Line",
    "Moment",
    "Part",
    "Text",
    "element",
]

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.isprintable():  # none of what follows; a blank is the only space that is printable
        return value.strip(" ")
    found = _FORBIDDEN.search(value)
    if found is not None:
        raise ValueError(f"character U+{ord(found[0]):04X} cannot stand in XML")
    return value.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


def _line(value: object) -> object:
    text = _text(value)
    return one_line(text) if isinstance(text, str) else text


def _moment(value: object) -> object:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs its time zone")
        try:
            return value.astimezone(VIETNAM).replace(microsecond=0)
        except OverflowError:
            raise ValueError("a time outside the years 1 to 9999") from None
    return value


Text = Annotated[str, BeforeValidator(_text)]
"""Text that XML can carry: outer blanks dropped, line ends as LF."""

Line = Annotated[str, BeforeValidator(_line)]
"""Text without line breaks."""

Count = Annotated[int, Field(ge=0, le=999_999_999)]
"""A number as packets carry it."""

Moment = Annotated[datetime, BeforeValidator(_moment)]
"""An aware time, kept in Vietnam time (+07:00) to the second, as packets carry it."""


def element(
    name: str,
    vi: str,
    en: str,
    *,
    limit: int | None = None,
    source: str = "",
    item: str | None = None,
    many: bool = False,
    attribute: bool = False,
) -> Any:
    """A field: its element (or attribute), Vietnamese term, meaning, length in characters and the source of these.

    ``item`` names the repeated child of a list element; ``many`` marks an element that itself repeats.
    """
    description = f"{vi[:1].upper()}{vi[1:]}. {en[:1].upper()}{en[1:]}."
    if limit is not None:
        description += f" At most {limit} characters."
    if source:
        description += f" [{source}]"
    extra: dict[str, Any] = {"x-element": name}
    if limit is not None:
        extra["x-limit"] = limit
    if source:
        extra["x-source"] = source
    if item is not None:
        extra["x-item"] = item
    if many:
        extra["x-many"] = True
    if attribute:
        extra["x-attribute"] = True
    return Field(
        default=() if many or item is not None else None,
        alias=name,
        title=vi,
        description=description,
        json_schema_extra=extra,
    )


_DEFERRED = hasattr(pydantic.main, "_rebuild_lock")
"""Whether validators are built when first used: reading needs none. Not with a pydantic that builds them without a
lock, where two threads that use a model for the first time may fail."""


class Part(BaseModel):
    """A group of elements. Frozen; names are the field names or the edXML element names."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, use_enum_values=False, defer_build=_DEFERRED
    )

    _nulls: ClassVar[frozenset[str]] = NULLS

    def __init__(self, /, **values: Any) -> None:
        # pydantic calls this for groups given as dicts as well. Validators of the model would be slower, and would run
        # once more for each group that is a field of another.
        model = type(self)
        try:
            # All that BaseModel.__init__ does, without packing the values once more.
            model.__pydantic_validator__.validate_python(_without_blanks(values, model._nulls), self_instance=self)
        except ValidationError as error:
            from vn_edoc.envelope.refusal import usage_error

            raise usage_error(model.__name__, error) from None
        held = self.__dict__
        for name in _holders(model):
            value = held[name]
            if value and (kept := _without_empty(value)) is not value:
                held[name] = kept

    @classmethod
    def edxml_elements(cls) -> Mapping[str, Element]:
        """How its fields are read and written, by field name in the order of definition."""
        return _elements(cls)

    @property
    def is_empty(self) -> bool:
        """Whether no field has a value."""
        for value in self.__dict__.values():  # noqa: SIM110 (asked of each group; a generator takes twice the time)
            if value or (value is not None and value != ()):
                return False
        return True

    def changed(self, **values: Any) -> Self:
        """A copy with some fields changed, checked like a new one."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | values)


def _without_blanks(values: dict[str, Any], words: frozenset[str]) -> dict[str, Any]:
    """Texts that say nothing are as good as absent; so a form or a template may leave fields empty."""
    kept = {}
    for name, value in values.items():
        if isinstance(value, str):
            if value.strip(" \t\r\n") in words:
                continue
        elif isinstance(value, list | tuple):
            value = [v for v in value if not (isinstance(v, str) and v.strip(" \t\r\n") in words)]
        kept[name] = value
    return kept


def _without_empty(value: Any) -> Any:
    """Groups without content are not written, so they are not kept: what was written reads back equal."""
    if not isinstance(value, tuple):
        return None if value.is_empty else value
    return tuple(v for v in value if not v.is_empty) if any(v.is_empty for v in value) else value


@cache
def _holders(model: type[Part]) -> tuple[str, ...]:
    """Fields of a model that hold groups."""
    return tuple(name for name, spec in elements_of(model).items() if spec.part is not None)


@cache
def _elements(model: type[Part]) -> Mapping[str, Element]:
    table: dict[str, Element] = {}
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and "x-element" in extra:
            table[name] = _element(name, info.annotation, extra, info.title or name)
    return table


def _element(field: str, annotation: Any, extra: dict[str, Any], term: str) -> Element:
    inner, line = _inner(annotation)
    part = inner if isinstance(inner, type) and issubclass(inner, Part) else None
    enum = inner if isinstance(inner, type) and issubclass(inner, Enum) else None
    if part is not None or enum is not None:
        kind = "enum" if part is None else "part"
    else:
        kind = {str: "text", int: "int", bool: "bool", date: "date", datetime: "moment"}[inner]
    return Element(
        field,
        extra["x-element"],
        term,
        kind,
        item=extra.get("x-item"),
        many=extra.get("x-many", False),
        attribute=extra.get("x-attribute", False),
        limit=extra.get("x-limit"),
        line=line,
        enum=enum,
        part=part,
    )


def _inner(annotation: Any) -> tuple[Any, bool]:
    """``tuple[X, ...] | None`` and ``Annotated[X, …]`` to ``X``, and whether it is kept on one line."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, _ = _inner(get_args(annotation)[0])
        return inner, annotation == Line
    if origin is tuple:
        return _inner(get_args(annotation)[0])
    if origin is Union or origin is UnionType:
        return _inner(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation, False
