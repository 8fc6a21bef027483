"""The elements of edXML's groups, and the values that were read of a group: all that reading needs, without pydantic.

The models (:mod:`vn_edoc.envelope.model`, :mod:`vn_edoc.envelope.parts`) are the source. What reading needs of them is
in the table ``data/elements.tsv``; after a change of a field make it anew with
``python -m vn_edoc.envelope.tabulating > vn_edoc/envelope/data/elements.tsv`` (a test compares the two).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from vn_edoc._data import data_text
from vn_edoc.envelope import codes

__all__ = ["Element", "Kept", "Values", "elements_of", "equal", "group_named"]


class Element:
    """How one field is read and written. ``kind`` is ``text``, ``int``, ``bool``, ``date``, ``moment``, ``enum`` or
    ``part``."""

    __slots__ = ("attribute", "enum", "field", "item", "kind", "limit", "line", "many", "name", "part", "plain", "term")

    def __init__(
        self,
        field: str,
        name: str,
        term: str,
        kind: str,
        *,
        item: str | None = None,
        many: bool = False,
        attribute: bool = False,
        limit: int | None = None,
        line: bool = False,
        enum: type[Enum] | None = None,
        part: Any = None,
    ) -> None:
        self.field = field
        self.name = name
        self.term = term
        self.kind = kind
        self.item = item
        self.many = many
        self.attribute = attribute
        self.limit = limit
        self.line = line
        self.enum = enum
        self.part = part
        """Class of the group that it holds: a model for the fields of a model, else the class of its values."""
        self.plain = kind == "text" and not (many or item or attribute)
        """A single text."""


class _Group(type):
    """The class of a group's values has this class, because mypy takes no instance of plain ``type`` for hashable."""


class Values(metaclass=_Group):
    """What was read of a group: its values by field name in ``__dict__``, each of its type. What was not there has the
    model's default, as an attribute of the class. Not to be changed."""

    packet_kind: ClassVar[str] = ""
    """``document``, ``status`` or ``error_report`` for the values of a message."""
    own_elements: ClassVar[Mapping[str, Element]] = {}
    """Its elements by field name, in the order of the model."""
    extensions: tuple[Kept, ...] = ()
    """Elements without a typed place, in the order found."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values

    if TYPE_CHECKING:

        def __getattr__(self, name: str, /) -> Any: ...

    @classmethod
    def edxml_elements(cls) -> Mapping[str, Element]:
        """The elements by field name; models have this too."""
        return cls.own_elements

    def to_dict(self) -> dict[str, Any]:
        """The JSON form that the model has: keys are the edXML element names, what is empty is left out."""
        values = self.__dict__
        made: dict[str, Any] = {}
        if kept := values.get("extensions"):
            made["extensions"] = [one.to_dict() for one in kept]
        for field, spec in self.own_elements.items():
            value = values.get(field)
            if value is None or value == ():
                continue
            made[spec.name] = [_plain(one) for one in value] if type(value) is tuple else _plain(value)
        return made


class Kept(Values):
    """An element kept as it was found: the values of an :class:`~vn_edoc.envelope.parts.Extension`."""

    name: str
    namespace: str | None = None
    text: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Kept, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form that the model has."""
        made: dict[str, Any] = {"name": self.name}
        if self.namespace is not None:
            made["namespace"] = self.namespace
        if self.text is not None:
            made["text"] = self.text
        if self.attributes:
            made["attributes"] = [list(pair) for pair in self.attributes]
        if self.children:
            made["children"] = [one.to_dict() for one in self.children]
        return made


def equal(first: object, second: object) -> bool:
    """Whether two values are equal, groups by what they hold."""
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(equal, first, second))
    if not isinstance(first, Values) or not isinstance(second, Values):
        return first == second
    names = {*first.__dict__, *second.__dict__}
    return type(first) is type(second) and all(equal(getattr(first, n), getattr(second, n)) for n in names)


def _plain(value: Any) -> Any:
    if isinstance(value, Values):
        return value.to_dict()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    return value.isoformat()


def elements_of(group: type[Any]) -> Mapping[str, Element]:
    """The elements of a model, or of the values of one, by field name in the order of its definition."""
    found: Mapping[str, Element] = group.edxml_elements()
    return found


_KINDS = {"DocumentMessage": "document", "StatusMessage": "status", "ErrorReport": "error_report"}


@cache
def _groups() -> dict[str, type[Values]]:
    head, *lines = data_text("vn_edoc.envelope", "elements.tsv").splitlines()
    columns = head.split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    made = {row["group"]: cast("type[Values]", _Group(row["group"], (Values,), {})) for row in rows}
    tables: dict[str, dict[str, Element]] = {name: {} for name in made}
    for row in rows:
        field, kind, of = row["field"], row["kind"], row["of"]
        marks = row["marks"].split()
        spec = Element(
            field,
            row["element"],
            row["term"],
            kind,
            item=row["item"] or None,
            many="many" in marks,
            attribute="attribute" in marks,
            limit=int(row["limit"]) if row["limit"] else None,
            line="line" in marks,
            enum=getattr(codes, of) if kind == "enum" else None,
            part=made[of] if kind == "part" else None,
        )
        tables[row["group"]][field] = spec
        setattr(made[row["group"]], field, () if spec.many or spec.item is not None else None)
    for name, group in made.items():
        group.own_elements = tables[name]
        group.packet_kind = _KINDS.get(name, "")
    return made


def group_named(name: str) -> type[Values]:
    """The class of the values of a model, by the model's name."""
    return _groups()[name]
