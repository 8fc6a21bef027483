"""Recording dated acts on a list: every act is checked against the state of its day, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.layers import Layer, Recorded, day
from vn_edoc.identifiers.records import Change, Period
from vn_edoc.identifiers.registry import AgencyRegistry
from vn_edoc.identifiers.value import shown

__all__ = ["apply", "change_from"]

_ONE_DAY = timedelta(days=1)
_KINDS = ("open", "rename", "merge", "split", "close")


def apply(registry: AgencyRegistry, changes: Iterable[Change], label: str) -> AgencyRegistry:
    """See :meth:`AgencyRegistry.record`."""
    work = _Work(registry, label)
    for change in changes:
        work.do(change)
    return work.done()


def change_from(data: Mapping[str, Any]) -> Change:
    """See :meth:`Change.from_dict`."""
    try:
        return Change(
            kind=data["kind"],
            on=day(data["on"]),
            act=data["act"],
            codes=tuple(data["codes"]),
            into=tuple(data.get("into", ())),
            names=dict(data.get("names", {})),
            kinds=dict(data.get("kinds", {})),
            parents=dict(data.get("parents", {})),
            other_codes=dict(data.get("other_codes", {})),
            with_units=bool(data.get("with_units", False)),
            source=str(data.get("source", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"not a recorded change: {shown(str(error))}",
            f"không phải bản ghi thay đổi: {shown(str(error))}",
            field="change",
            rule="registry.act",
        ) from None


def _refuse(rule: str, code: str, en: str, vi: str) -> UsageError:
    return UsageError(f"{code}: {en}", f"{code}: {vi}", field="code", value=code, rule=f"registry.{rule}")


def _deepest_first(codes: Iterable[str]) -> list[str]:
    """Units before the bodies they stand under."""
    return sorted(dict.fromkeys(codes), key=lambda code: -(AgencyCode.parse(code).level or 0))


class _Work:
    """The state while acts are applied: the periods touched so far over those of the registry."""

    def __init__(self, registry: AgencyRegistry, label: str) -> None:
        self.base = registry
        self.label = label
        self.table: dict[str, tuple[Period, ...]] = {}
        self.opened: dict[str, list[str]] = {}
        self.needed: dict[str, date] = {}

    def done(self) -> AgencyRegistry:
        layers: tuple[Layer, ...] = self.base._layers
        if not self.table:
            return self.base
        if layers and isinstance(layers[0], Recorded) and layers[0].label == self.label:
            top, layers = Recorded(self.label, {**layers[0].table, **self.table}), layers[1:]
        else:
            top = Recorded(self.label, self.table)
        made = AgencyRegistry((top, *layers), findings=self.base.findings)
        if self.base._below is not None:
            below = dict(self.base._below)
            for above, units in self.opened.items():
                below[above] = [*below.get(above, []), *units]
            made._below = below
        return made

    # -- reading -----------------------------------------------------------------------------------------------------

    def periods(self, code: str) -> tuple[Period, ...] | None:
        return self.table.get(code) or self.base._periods(code)

    def parent(self, code: str, stated: str) -> str | None:
        above = AgencyCode.parse(stated) if stated else AgencyCode.parse(code).parent
        if above is None:
            return None
        if self.periods(str(above)) is not None:
            return str(above)
        found = self.base.get(above)
        return str(found.code) if found is not None else str(above)

    def active(self, code: str, on: date) -> bool:
        periods = self.periods(code)
        if periods is None:
            found = self.base.get(code, on)
            return found is not None and found.status == "unlisted"
        if periods[-1].kind in ("reserved", "unassigned") or not any(p.active(on) for p in periods):
            return False
        above = self.parent(code, periods[-1].parent)
        return above is None or above == code or self.periods(above) is None or self.active(above, on)

    def units(self, code: str, on: date) -> list[str]:
        below = [*self.base._units_below(code), *self.opened.get(code, [])]
        return [
            unit for unit in below if (p := self.periods(unit)) and (p[-1].valid_to is None or p[-1].valid_to >= on)
        ]

    def living(self, code: str, on: date) -> Period:
        """The last period of a code that an act on that day may end."""
        periods = self.periods(code)
        if periods is None:
            raise _refuse("not_active", code, "no list has this code", "không danh sách nào có mã này")
        last = periods[-1]
        if last.valid_to is not None and last.valid_to < on:
            raise _refuse(
                "not_active", code, f"was closed on {last.valid_to}", f"đã đóng ngày {last.valid_to:%d/%m/%Y}"
            )
        if last.valid_to is not None or (last.valid_from is not None and last.valid_from >= on):
            raise _refuse(
                "overlap",
                code,
                "a change of the same or a later day is recorded",
                "đã ghi một thay đổi cùng ngày hoặc sau đó",
            )
        if not self.active(code, on):
            raise _refuse("not_active", code, f"is not active on {on}", f"không hoạt động vào ngày {on:%d/%m/%Y}")
        return last

    def target(self, code: str, on: date) -> None:
        """Refuse a code that cannot take over on that day: it must be active then, and not be closed later."""
        if not self.active(code, on) or self._ends(code) is not None:
            raise _refuse("not_active", code, f"is not active from {on} on", f"không hoạt động từ {on:%d/%m/%Y}")

    # -- acts --------------------------------------------------------------------------------------------------------

    def do(self, change: Change) -> None:
        if change.kind not in _KINDS:
            raise _refuse("act", str(change.kind), "no such kind of change", "không có loại thay đổi này")
        if not isinstance(change.act, str) or not change.act.strip():
            raise _refuse("act", ", ".join(change.codes), "the act has no number", "thiếu số của văn bản")
        if not isinstance(change.on, date) or isinstance(change.on, datetime) or change.on == date.min:
            raise _refuse("act", ", ".join(change.codes), "the act has no day", "thiếu ngày hiệu lực")
        if len(change.codes) != 1 and change.kind not in ("merge", "close"):
            raise _refuse("act", ", ".join(change.codes), "one code expected", "cần đúng một mã")
        for code in (*change.codes, *change.into):
            if str(AgencyCode.parse(code)) != code:
                raise _refuse("act", code, "not in its normal form", "không ở dạng chuẩn")
        getattr(self, f"_{change.kind}")(change)

    def _open(self, change: Change) -> None:
        self._begin(change, change.codes[0], change.kinds.get(change.codes[0], "unit"), "open")

    def _rename(self, change: Change) -> None:
        code = change.codes[0]
        self._new_name(change, code, "rename")

    def _close(self, change: Change) -> None:
        if not change.codes:
            raise _refuse("act", "", "no code", "không có mã nào")
        for code in _deepest_first(change.codes):
            self._end(change, code, "close", ())

    def _merge(self, change: Change) -> None:
        if len(change.into) != 1:
            raise _refuse("act", ", ".join(change.codes), "one target expected", "cần đúng một mã nhận")
        into = change.into[0]
        closing = [code for code in dict.fromkeys(change.codes) if code != into]
        if not closing:
            raise _refuse("cycle", into, "merges into itself", "tự sáp nhập vào chính mình")
        self._not_below(into, closing)
        if self.periods(into) is None:
            kind = change.kinds.get(into) or (self.periods(closing[0]) or (Period(code=into),))[-1].kind
            self._begin(change, into, kind, "merge")
        elif into in change.names and change.names[into] != self.living(into, change.on).name:
            self._new_name(change, into, "merge")
        else:
            self.target(into, change.on)
        for code in _deepest_first(closing):
            self._end(change, code, "merge", (into,))

    def _split(self, change: Change) -> None:
        code = change.codes[0]
        parts = tuple(dict.fromkeys(change.into))
        lives_on = code in parts
        if len(parts) < 2:
            raise _refuse("act", code, "a split gives two codes at least", "chia tách phải có ít nhất hai mã")
        last = self.living(code, change.on)
        if not lives_on:
            self._not_below_any(parts, code)
        for part in parts:
            if part == code:
                continue
            if self.periods(part) is None:
                self._begin(change, part, change.kinds.get(part, last.kind), "split", (code,) if lives_on else ())
            else:
                self.target(part, change.on)
        if lives_on:
            self._need(code, change.on)
            if code in change.names and change.names[code] != last.name:
                self._new_name(change, code, "split")
        else:
            self._end(change, code, "split", parts)

    # -- periods -----------------------------------------------------------------------------------------------------

    def _begin(self, change: Change, code: str, kind: str, by: str, predecessors: tuple[str, ...] = ()) -> None:
        name = change.names.get(code, "").strip()
        if not name:
            raise _refuse("act", code, "a new code needs a name", "mã mới phải có tên")
        known = self.periods(code)
        if known is not None:
            last = known[-1]
            if last.kind in ("reserved", "unassigned"):
                raise _refuse("reuse", code, "is reserved", "là mã dự trữ")
            if last.valid_to is not None and last.valid_to < change.on:
                raise _refuse("reuse", code, "was closed; a closed code is never used again", "đã đóng, không dùng lại")
            raise _refuse("overlap", code, "is in use", "đang được dùng")
        alias = self.base.get(code, change.on)
        if alias is not None and alias.match == "alias":
            raise _refuse("overlap", code, f"is the other code of {alias.code}", f"là mã khác của {alias.code}")
        stated = change.parents.get(code, "")
        above = self.parent(code, stated)
        if above is not None:
            if self.periods(above) is None and not self.active(above, change.on):
                raise _refuse("unknown_parent", code, f"no list has {above}", f"không danh sách nào có {above}")
            if not self.active(above, change.on):
                raise _refuse("not_active", code, f"{above} is not active then", f"{above} không hoạt động khi đó")
            ends = self._ends(above)
            if ends is not None:
                raise _refuse("not_active", code, f"{above} is closed on {ends}", f"{above} đóng ngày {ends:%d/%m/%Y}")
            self.opened.setdefault(above, []).append(code)
        self.table[code] = (
            Period(
                code=code,
                name=name,
                kind=kind,
                parent=stated,
                valid_from=change.on,
                predecessors=predecessors,
                begun_by=by,
                act_from=change.act,
                other_code=change.other_codes.get(code, ""),
                source=change.source,
                layer=self.label,
            ),
        )

    def _ends(self, code: str) -> date | None:
        """The last day of a code or of one above it."""
        periods = self.periods(code)
        if periods is None:
            return None
        if periods[-1].valid_to is not None:
            return periods[-1].valid_to
        above = self.parent(code, periods[-1].parent)
        return self._ends(above) if above is not None and above != code else None

    def _new_name(self, change: Change, code: str, by: str) -> None:
        name = change.names.get(code, "").strip()
        last = self.living(code, change.on)
        if not name or name == last.name:
            raise _refuse("act", code, "a new name is needed", "cần tên mới")
        ended = replace(last, valid_to=change.on - _ONE_DAY, ended_by=by, act_to=change.act)
        begun = replace(
            last,
            name=name,
            valid_from=change.on,
            predecessors=(),
            begun_by=by,
            act_from=change.act,
            certainty="own",
            source=change.source,
            note="",
            layer=self.label,
        )
        self.table[code] = (*(self.periods(code) or ())[:-1], ended, begun)

    def _end(self, change: Change, code: str, by: str, successors: tuple[str, ...]) -> None:
        last = self.living(code, change.on)
        needed = max(filter(None, (self.base._needed_on(code), self.needed.get(code))), default=None)
        if needed is not None and needed >= change.on:
            raise _refuse(
                "overlap", code, f"has a part in a change of {needed}", f"có trong thay đổi ngày {needed:%d/%m/%Y}"
            )
        units = self.units(code, change.on)
        if units and not change.with_units:
            raise _refuse(
                "units",
                code,
                f"{len(units)} units below are open ({units[0]} …): close them first or with it",
                f"còn {len(units)} đơn vị trực thuộc đang mở ({units[0]} …): đóng trước hoặc đóng cùng",
            )
        for unit in units:
            self._end(change, unit, "close", ())
        for successor in successors:
            self._need(successor, change.on)
        ended = replace(last, valid_to=change.on - _ONE_DAY, ended_by=by, act_to=change.act, successors=successors)
        self.table[code] = (*(self.periods(code) or ())[:-1], ended)

    def _need(self, code: str, on: date) -> None:
        """A change of that day needs the code alive: nothing may end it on that day or before."""
        self.needed[code] = max(on, self.needed.get(code, on))

    def _not_below(self, into: str, closing: list[str]) -> None:
        for code in closing:
            self._not_below_any((into,), code)

    def _not_below_any(self, parts: tuple[str, ...], closing: str) -> None:
        end = AgencyCode.parse(closing)
        for part in parts:
            if AgencyCode.parse(part).is_under(end):
                raise _refuse("cycle", part, f"stands below {closing}, which ends", f"nằm dưới {closing} là mã sẽ đóng")
