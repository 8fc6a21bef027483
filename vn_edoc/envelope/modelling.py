"""From the values that were read to the models that programs work with."""

from __future__ import annotations

from functools import cache
from typing import Any

from vn_edoc.envelope import model, parts
from vn_edoc.envelope.elements import Kept, Values
from vn_edoc.envelope.fields import Part

__all__ = ["modelled"]

_new = object.__new__
_put = object.__setattr__


def modelled(values: Values) -> Any:
    """The model of these values. They are of the right types already and are not checked again."""
    kind, defaults, holders = _plan(type(values))
    held = values.__dict__
    filled = {**defaults, **held}
    for field in holders:
        inner = held.get(field)
        if inner:
            filled[field] = tuple(map(modelled, inner)) if type(inner) is tuple else modelled(inner)
    made = _new(kind)
    _put(made, "__dict__", filled)
    _put(made, "__pydantic_fields_set__", set(held))
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made


@cache
def _plan(group: type[Values]) -> tuple[type[Part], dict[str, Any], tuple[str, ...]]:
    """The model of a group, the defaults of its fields, and the fields that hold groups themselves."""
    if group is Kept:
        kind: type[Part] = parts.Extension
        holders: tuple[str, ...] = ("children",)
    else:
        kind = getattr(parts, group.__name__, None) or getattr(model, group.__name__)
        holders = ("extensions", *(f for f, spec in group.own_elements.items() if spec.part is not None))
    return kind, {name: info.default for name, info in kind.model_fields.items()}, holders
