"""What all identifiers share: the verbs, comparison on the normalised value, and their place in pydantic models.

Every type has ``parse``, ``is_valid``, ``str()``, ``format(style)`` and equality; ``parse_lenient`` where real systems
are known to emit damaged forms.
"""

from __future__ import annotations

from vn_edoc.errors import InvalidCode, UsageError

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from typing import Any, ClassVar, NoReturn, Self

    from vn_edoc.findings import Finding

__all__ = ["Identifier", "shown", "where"]


def shown(value: object) -> str:
    """A value as it may stand in a message: escaped and short, whatever it is."""
    text = ascii(value) if not isinstance(value, str) else repr(value).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else text[:57] + "…"


def where(position: int | None, segment: str | None) -> tuple[str, str]:
    """The place of a fault as a message has it, in English and Vietnamese; empty if it is not known."""
    part = "" if segment is None else f"{shown(segment)} "
    if position is None:
        return (f"{part.rstrip()}, ",) * 2 if part else ("", "")
    return f"{part}at position {position}, ", f"{part}tại vị trí {position}, "


class Identifier:
    """Base of all identifiers: an immutable value with a normalised text.

    Two values are equal when type and normalised text are equal; a value also equals the string of its normalised
    text, so that sets and tables keyed by text can be asked directly. Values sort by meaning, parents before children.
    """

    __slots__ = ("_text",)

    _text: str
    _field: ClassVar[str] = "identifier"
    _schema: ClassVar[dict[str, Any]] = {}

    def __new__(cls, *_args: object, **_kw: object) -> Self:
        raise UsageError(f"make a {cls.__name__} with {cls.__name__}.parse(text)", field=cls._field)

    @classmethod
    def _make(cls, text: str, **parts: object) -> Self:
        self = object.__new__(cls)
        put = object.__setattr__
        put(self, "_text", text)
        for name, value in parts.items():
            put(self, name, value)
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the official form; raises :class:`~vn_edoc.errors.InvalidCode` that says where it breaks."""
        raise NotImplementedError

    @classmethod
    def is_valid(cls, text: object) -> bool:
        """Whether :meth:`parse` accepts ``text``. Never raises."""
        try:
            cls.parse(text)  # type: ignore[arg-type]
        except InvalidCode:
            return False
        return True

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about a value that is well formed all the same; empty when nothing is."""
        return ()

    def format(self, style: str = "official") -> str:
        """The value in a style; ``"official"`` is the form that the act prescribes and equals ``str()``."""
        if style == "official":
            return self._text
        raise UsageError(
            f"{type(self).__name__} has no style {shown(style)}",
            f"{type(self).__name__} không có kiểu trình bày {shown(style)}",
            field="style",
            value=style,
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._text!r})"

    def __eq__(self, other: object) -> bool:
        if type(other) is type(self):
            return self._text == other._text
        if isinstance(other, str):
            return self._text == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def _order(self) -> tuple[Any, ...]:
        return (self._text,)

    def __lt__(self, other: object) -> bool:
        return self._order() < other._order() if type(other) is type(self) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._order() <= other._order() if type(other) is type(self) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._order() > other._order() if type(other) is type(self) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._order() >= other._order() if type(other) is type(self) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).parse, (self._text,))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """JSON Schema of the text form. Patterns say the shape; what a table or a check digit decides is not in it."""
        return {"type": "string", "title": cls.__name__, **cls._schema}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def read(value: Any) -> Identifier:
            return value if isinstance(value, cls) else cls.parse(value)

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.to_string_ser_schema(),
            json_schema_input_schema=core_schema.str_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return cls.json_schema()
