"""Agency codes as rules compare them: the same body under its old and new code is one body."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers import AgencyCode

if TYPE_CHECKING:
    from vn_edoc.identifiers import AgencyRegistry

__all__ = ["is_code", "same_agency", "standing", "within"]


def _parsed(text: str) -> AgencyCode | None:
    try:
        return AgencyCode.parse(text.strip())
    except InvalidCode:
        return None


def is_code(text: str) -> bool:
    """Whether a text is a code of any scheme."""
    return _parsed(text) is not None


def _comparable(text: str) -> str:
    """The QĐ 20/2020 form where there is one, so that ``000.00.12.H29`` and ``H29.12`` compare equal."""
    code = _parsed(text)
    if code is None:
        return text.strip()
    return str(code.to_qd20() or code)


def same_agency(one: str, other: str) -> bool:
    """Whether two codes name the same agency, the old scheme and the new one taken as equal."""
    return _comparable(one) == _comparable(other)


def within(code: str, body: str) -> bool:
    """Whether ``code`` is ``body`` itself or a unit below it."""
    a, b = _comparable(code), _comparable(body)
    return a == b or a.startswith(f"{b}.")


def standing(registry: AgencyRegistry, text: str, on: date) -> str | None:
    """What the registry says of the code on that day: ``active``, ``closed`` …, of the code itself or else of the body
    at its root; ``None`` where it knows neither, or the code is given to nobody. An unverified entry says nothing."""
    code = _parsed(text)
    if code is None:
        return None
    for candidate in (code, code.to_qd20(), code.root):
        agency = registry.get(candidate, on=on) if candidate is not None else None
        if agency is not None and agency.certainty != "unverified":
            return agency.status if agency.status in {"active", "closed"} else None
    return None
