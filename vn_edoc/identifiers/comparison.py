"""Lists as rows, the acts between two days, and what differs between two registries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import TYPE_CHECKING

from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.records import COLUMNS, Change, ChangeKind, Period

if TYPE_CHECKING:
    from vn_edoc.identifiers.registry import AgencyRegistry

__all__ = ["Difference", "FieldDifference", "changes_of", "difference", "rows_of"]

_ONE_DAY = timedelta(days=1)
_NOT_COMPARED = frozenset({"layer", "source", "note", "certainty", "successor_certainty"})


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of one code that differs."""

    code: str
    """The code."""
    field: str
    """Column of the list, or ``periods`` where the codes have another number of periods."""
    before: str
    """Value in the first registry."""
    after: str
    """Value in the second."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two registries differ in. False if in nothing."""

    added: tuple[str, ...]
    """Codes that only the second has."""
    removed: tuple[str, ...]
    """Codes that only the first has."""
    changed: tuple[FieldDifference, ...]
    """Fields of common codes that differ. Layer, source, certainty and remarks are not compared."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def _everything(registry: AgencyRegistry) -> Iterator[tuple[str, tuple[Period, ...]]]:
    seen: set[str] = set()
    for layer in registry._layers:
        for code in layer.codes():
            if code not in seen:
                seen.add(code)
                yield code, layer.periods(code) or ()


def _within(registry: AgencyRegistry, under: AgencyCode | str | None) -> Iterator[tuple[str, tuple[Period, ...]]]:
    if under is None:
        yield from _everything(registry)
        return
    top = under if isinstance(under, AgencyCode) else AgencyCode.parse(under)
    listed = registry.get(top)
    tops = {top, listed.code} if listed is not None else {top}
    for code, periods in _everything(registry):
        if AgencyCode.is_valid(code):
            one = AgencyCode.parse(code)
            if one in tops or any(one.is_under(above) for above in tops):
                yield code, periods


def rows_of(
    registry: AgencyRegistry, on: date | None, under: AgencyCode | str | None, layers: Iterable[str] | None
) -> list[dict[str, str]]:
    """See :meth:`AgencyRegistry.rows`."""
    wanted = None if layers is None else set(layers)
    kept = (period for code, periods in _within(registry, under) for period in _as_of(registry, code, periods, on))
    return [period.row() for period in kept if wanted is None or period.layer in wanted]


def _as_of(registry: AgencyRegistry, code: str, periods: tuple[Period, ...], on: date | None) -> tuple[Period, ...]:
    if on is None:
        return periods
    if not AgencyCode.is_valid(code):
        return ()
    agency = registry.get(code, on)
    if agency is None or agency.status != "active":
        return ()
    return tuple(
        replace(period, valid_to=None, ended_by="", act_to="", successors=(), successor_certainty="")
        for period in periods
        if period.active(on)
    )


def difference(mine: AgencyRegistry, other: AgencyRegistry, on: date | None) -> Difference:
    """See :meth:`AgencyRegistry.diff`."""
    left = {code: kept for code, periods in _everything(mine) if (kept := _as_of(mine, code, periods, on))}
    right = {code: kept for code, periods in _everything(other) if (kept := _as_of(other, code, periods, on))}
    changed: list[FieldDifference] = []
    for code in left:
        if code not in right or left[code] == right[code]:
            continue
        if len(left[code]) != len(right[code]):
            changed.append(FieldDifference(code, "periods", str(len(left[code])), str(len(right[code]))))
        for one, two in zip(left[code], right[code], strict=False):
            before, after = one.row(), two.row()
            columns = [*COLUMNS, *dict.fromkeys([*one.extra, *two.extra])]
            changed.extend(
                FieldDifference(code, name, before.get(name, ""), after.get(name, ""))
                for name in columns
                if name not in _NOT_COMPARED and before.get(name, "") != after.get(name, "")
            )
    return Difference(
        tuple(code for code in right if code not in left),
        tuple(code for code in left if code not in right),
        tuple(changed),
    )


def changes_of(
    registry: AgencyRegistry, after: date, until: date, under: AgencyCode | str | None
) -> tuple[Change, ...]:
    """See :meth:`AgencyRegistry.changes`."""
    found = _Found()
    for code, periods in _within(registry, under):
        if not AgencyCode.is_valid(code) or periods[-1].kind in ("reserved", "unassigned"):
            continue
        for index, period in enumerate(periods):
            if period.valid_from is not None and after < period.valid_from <= until:
                found.begins(period, first=index == 0)
        last = periods[-1]
        if last.valid_to is not None and last.valid_to < date.max and after < last.valid_to + _ONE_DAY <= until:
            found.ends(last)
    return found.changes()


class _Found:
    """Beginnings and ends of periods, put together to the acts they come from."""

    def __init__(self) -> None:
        self._openings: dict[tuple[date, str, str], Period] = {}
        self._renamings: list[Period] = []
        self._grown: dict[tuple[date, str, str], Period] = {}
        self._ends: dict[tuple[date, str, ChangeKind, tuple[str, ...], str], list[str]] = {}

    def begins(self, period: Period, *, first: bool) -> None:
        assert period.valid_from is not None
        key = (period.valid_from, period.act_from, period.code)
        if first and period.begun_by in ("merge", "split"):
            self._grown[key] = period
        elif first:
            self._openings[key] = period
        elif period.begun_by in ("merge", "split"):
            self._grown[key] = period
        else:
            self._renamings.append(period)

    def ends(self, period: Period) -> None:
        assert period.valid_to is not None
        successors = period.successors
        kind: ChangeKind = "close"
        if successors:
            kind = "merge" if len(successors) == 1 and period.ended_by != "split" else "split"
        alone = "" if kind == "merge" else period.code
        key = (period.valid_to + _ONE_DAY, period.act_to, kind, successors, alone)
        self._ends.setdefault(key, []).append(period.code)

    def changes(self) -> tuple[Change, ...]:
        made: list[Change] = []
        grown = dict(self._grown)
        for (on, act, kind, into, _alone), codes in self._ends.items():
            news = {code: p for code in into if (p := grown.pop((on, act, code), None)) is not None}
            made.append(_change(kind, on, act, tuple(codes), into, news))
        splits: dict[tuple[date, str, str], dict[str, Period]] = {}
        for (on, act, code), period in grown.items():
            source = period.predecessors[0] if period.predecessors else code
            splits.setdefault((on, act, source), {})[code] = period
        for (on, act, source), news in splits.items():
            if set(news) == {source}:
                made.append(_change("rename", on, act, (source,), (), news))
            else:
                made.append(_change("split", on, act, (source,), tuple(dict.fromkeys((source, *news))), news))
        for (on, act, code), period in self._openings.items():
            made.append(_change("open", on, act, (code,), (), {code: period}))
        for period in self._renamings:
            assert period.valid_from is not None
            made.append(
                _change("rename", period.valid_from, period.act_from, (period.code,), (), {period.code: period})
            )
        made.sort(key=lambda change: change.on)
        days = (list(group) for _on, group in groupby(made, key=lambda change: change.on))
        return tuple(change for group in days for change in _in_order(group))


def _in_order(changes: list[Change]) -> list[Change]:
    """The acts of one day so that each finds what it needs: bodies opened before their units and before they take
    over, units ended before the bodies above them."""
    opener = {code: i for i, change in enumerate(changes) for code in change.kinds}
    ender = {
        code: i
        for i, change in enumerate(changes)
        if change.kind in ("close", "merge", "split")
        for code in change.codes
        if code not in change.into
    }
    after: list[set[int]] = [set() for _change in changes]
    for code, i in opener.items():
        parent = changes[i].parents.get(code)
        above = [parent] if parent else [str(one) for one in AgencyCode.parse(code).ancestors]
        after[i].update(opener[one] for one in above if one in opener)
    for code, i in ender.items():
        for one in AgencyCode.parse(code).ancestors:
            if str(one) in ender:
                after[ender[str(one)]].add(i)
    for i, change in enumerate(changes):
        after[i].update(opener[code] for code in change.into if code in opener)
        after[i].discard(i)
    follows: list[list[int]] = [[] for _change in changes]
    for i, needed in enumerate(after):
        for j in needed:
            follows[j].append(i)
    rank = {"open": 0, "rename": 1}
    keys = [
        (rank.get(c.kind, 2), c.act, -_depth(c.codes) if c.kind != "open" else _depth(c.codes), c.codes)
        for c in changes
    ]
    ready = [(keys[i], i) for i, needed in enumerate(after) if not needed]
    heapify(ready)
    order: list[Change] = []
    while ready:
        _key, i = heappop(ready)
        order.append(changes[i])
        for j in follows[i]:
            after[j].discard(i)
            if not after[j]:
                heappush(ready, (keys[j], j))
    return order if len(order) == len(changes) else sorted(changes, key=lambda change: change.codes)


def _depth(codes: Iterable[str]) -> int:
    return max(AgencyCode.parse(code).level or 1 for code in codes)


def _change(
    kind: ChangeKind, on: date, act: str, codes: tuple[str, ...], into: tuple[str, ...], news: dict[str, Period]
) -> Change:
    opened = {code: p for code, p in news.items() if p.valid_from == on and kind != "rename"}
    return Change(
        kind=kind,
        on=on,
        act=act,
        codes=codes,
        into=into,
        names={code: p.name for code, p in news.items()},
        kinds={code: p.kind for code, p in opened.items()},
        parents={code: p.parent for code, p in opened.items() if p.parent},
        other_codes={code: p.other_code for code, p in opened.items() if p.other_code},
        source=next((p.source for p in news.values() if p.source), ""),
    )
