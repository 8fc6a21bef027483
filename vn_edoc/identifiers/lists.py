"""The lists of a registry and what is worked out from them on demand: states, aliases, units below, names."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vn_edoc.errors import UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.layers import Layer, TableLayer
from vn_edoc.identifiers.records import Agency, Match, Period

if TYPE_CHECKING:
    from vn_edoc.findings import Finding
    from vn_edoc.identifiers.search import NameIndex

__all__ = ["Lists", "is_code"]

_ONE_DAY = timedelta(days=1)
_HIGHEST = 64
"""Bodies above one another, far more than any administration has."""
_local = threading.local()
"""The codes whose states this thread is working out."""
_Versions = list[tuple[date, Agency]]  # last day and state, oldest first
_States = list[tuple[date, Agency]]  # first day and state, newest first: most questions are about the present


class Lists:
    """Layers of lists, the uppermost first. Everything is read when first asked and kept."""

    def __init__(self, layers: Iterable[Layer] = (), *, findings: Iterable[Finding] = ()) -> None:
        self._layers: tuple[Layer, ...] = tuple(layers)
        self.findings: tuple[Finding, ...] = tuple(findings)
        """What was odd in an imported list; empty for lists in our own format."""
        self._ready: dict[str, tuple[date, Agency, _States]] = {}
        self._states: dict[str, _Versions] = {}
        self._aliases: dict[str, tuple[str, int]] | None = None
        self._before: dict[str, list[tuple[str, date]]] | None = None
        self._parts: dict[str, date] | None = None
        self._below: dict[str, list[str]] | None = None
        self._index: NameIndex | None = None

    def _codes(self) -> Iterator[str]:
        seen: set[str] = set()
        for layer in self._layers:
            for code in layer.codes():
                if code not in seen and is_code(code):
                    seen.add(code)
                    yield code

    def _periods(self, code: str) -> tuple[Period, ...] | None:
        for layer in self._layers:
            periods = layer.periods(code)
            if periods is not None:
                return periods
        return None

    def _names(self) -> NameIndex:
        if self._index is None:
            from vn_edoc.identifiers.search import NameIndex

            upper: set[str] = set()
            pairs: list[tuple[str, str]] = []
            for layer in self._layers:
                pairs += [(code, name) for code, name in layer.names() if code not in upper and is_code(code)]
                upper.update(layer.codes())
            self._index = NameIndex(pairs)
        return self._index

    def _find(self, code: AgencyCode | str) -> _States | None:
        """Read what the lists hold about a code, and keep it ready under the text that was asked."""
        asked = code if isinstance(code, AgencyCode) else AgencyCode.parse(code)
        text = str(asked)
        alias, above = self._alias(text)
        held = next((i for i, layer in enumerate(self._layers) if layer.periods(text) is not None), len(self._layers))
        versions: _Versions | None
        match: Match
        if alias is not None and above < held:
            versions, match = self._versions(alias), "alias"  # an upper list knows the agency by its other code
        else:
            versions, match = self._versions(text), "exact"
        if versions is None:
            versions, match = self._other_form(asked)
        if versions is None:
            return None
        begun = [date.min, *(last + _ONE_DAY for last, _agency in versions[:-1])]
        states = [
            (first, agency if match == "exact" else replace(agency, match=match))
            for first, (_last, agency) in zip(begun, versions, strict=True)
        ]
        states.reverse()
        self._ready[text] = (*states[0], states)
        return states

    def _as_of(self, code: AgencyCode | str, on: date) -> Agency | None:
        """The state of a code on a day; ``None`` if no list has it."""
        ready = self._ready.get(str(code))
        states = ready[2] if ready is not None else self._find(code)
        return next((agency for first, agency in states if on >= first), None) if states is not None else None

    def _alias(self, text: str) -> tuple[str | None, int]:
        """The code that a list gives another code of, and that list's place; the uppermost list decides."""
        if self._aliases is None:
            self._aliases = {}
            for place, layer in reversed(list(enumerate(self._layers))):
                if isinstance(layer, TableLayer):
                    pairs = layer.other_codes()
                else:
                    pairs = ((p.other_code, c) for c in layer.codes() for p in layer.periods(c) or () if p.other_code)
                self._aliases.update((other, (code, place)) for other, code in pairs)
        return self._aliases.get(text, (None, 0))

    def _other_form(self, asked: AgencyCode) -> tuple[_Versions | None, Match]:
        if asked.level == 1:
            if asked.scheme == "qcvn102":
                versions = self._versions(str(asked.root))
                return (versions, "alias") if versions else self._block(asked.root, "alias")
            versions = self._versions(f"000.00.00.{asked}")
            return (versions, "alias") if versions else self._block(asked, "exact")
        for other in (asked.to_qd20(), asked.to_qcvn102()):
            if other is not None and other != asked:
                versions = self._versions(str(other))
                if versions is not None:
                    return versions, "candidate"
        return None, "exact"

    def _block(self, code: AgencyCode, match: Match) -> tuple[_Versions | None, Match]:
        from vn_edoc.identifiers.lives import of_block

        for layer in self._layers:
            for block in getattr(layer, "ranges", ()):
                if block[:3] <= str(code) <= block[4:]:
                    return of_block(code, (layer.periods(block) or ())[0]), match
        return None, "exact"

    def _versions(self, text: str) -> _Versions | None:
        known = self._states.get(text)
        if known is not None:
            return known
        periods = self._periods(text)
        if periods is None or not AgencyCode.is_valid(text):
            return None
        from vn_edoc.identifiers.lives import of_periods

        asked: set[str] = _local.__dict__.setdefault("asked", set())
        if text in asked or len(asked) > _HIGHEST:
            # Lists laid over each other can do what no single one may.
            raise UsageError(
                f"{text} stands under itself in the lists",
                f"{text} trực thuộc vòng về chính nó trong các danh sách",
                field="parent",
                value=text,
                rule="registry.cycle",
            )
        asked.add(text)
        try:
            versions = of_periods(self, AgencyCode.parse(text), periods)
        finally:
            asked.discard(text)
        self._states[text] = versions
        return versions

    def _predecessors(self, code: str) -> list[tuple[str, date]]:
        """Codes that name this one as successor, with the first day after their end."""
        if self._before is None:
            table: dict[str, list[tuple[str, date]]] = {}
            upper: set[str] = set()
            for layer in self._layers:
                named = (
                    {one for one, _cell in layer.successors()} if isinstance(layer, TableLayer) else set(layer.codes())
                )
                for one in named - upper:
                    for period in layer.periods(one) or ():
                        if period.valid_to is not None:
                            for successor in period.successors:
                                table.setdefault(successor, []).append((one, period.valid_to + _ONE_DAY))
                upper.update(layer.codes())
            self._before = table
        return self._before.get(code, [])

    def _needed_on(self, code: str) -> date | None:
        """The last day on which a recorded change has the code as heir, or as the body that others were split from."""
        if self._parts is None:
            self._parts = {}
            for layer in self._layers:
                if isinstance(layer, TableLayer) and not layer.has("predecessors"):
                    continue
                for one in layer.codes():
                    for period in layer.periods(one) or ():
                        for source in period.predecessors:
                            day = period.valid_from or date.min
                            self._parts[source] = max(day, self._parts.get(source, day))
        days = [day for _one, day in self._predecessors(code)]
        return max((*days, self._parts[code]) if code in self._parts else days, default=None)

    def _units_below(self, code: str) -> list[str]:
        if self._below is None:
            table: dict[str, list[str]] = {}
            for one in self._codes():
                above = self._parent_text(one)
                if above is not None:
                    table.setdefault(above, []).append(one)
            self._below = table
        return self._below.get(code, [])

    def _parent_text(self, code: str, stated: str | None = None) -> str | None:
        """The code of the list that a code stands under: as stated, else as the code itself tells."""
        if stated is None:
            periods = self._periods(code)
            stated = periods[-1].parent if periods else ""
        if stated and AgencyCode.is_valid(stated):
            above: AgencyCode | None = AgencyCode.parse(stated)
        else:
            above = AgencyCode.parse(code).parent
        if above is None:
            return None
        text = str(above)
        if self._periods(text) is not None:
            return text
        versions = self._find(above)
        return str(versions[0][1].code) if versions else text


def is_code(text: str) -> bool:
    """Whether an entry of a list is a code, not a block (``H64-H99``) or the prefix of a scheme (``Z24``)."""
    return text[3:4] != "-" and not (text[0] == "Z" and len(text) == 3)
