"""The registry of agencies as of any day: who a code is, who came before and after, and whose a name is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vn_edoc._data import data_text
from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.days import as_day
from vn_edoc.identifiers.layers import TableLayer, parse_csv
from vn_edoc.identifiers.lists import Lists
from vn_edoc.identifiers.names import name_key
from vn_edoc.identifiers.records import COLUMNS, Agency, Change
from vn_edoc.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from vn_edoc.identifiers.comparison import Difference

__all__ = ["AgencyRegistry"]

_COMMITTEE = "ủy ban nhân dân"
_WAYS = ("{}", f"{_COMMITTEE} {{}}", f"{_COMMITTEE} tỉnh {{}}", f"{_COMMITTEE} thành phố {{}}")


class AgencyRegistry(Lists):
    """Agencies by code, with their history.

    Immutable: :meth:`overlay` and the recording verbs give a new registry. ``on`` is the day asked about, today in
    Vietnam where it is left out. Lists lie in layers; the uppermost that has a code decides about it.
    """

    # -- where lists come from ---------------------------------------------------------------------------------------

    @classmethod
    def bundled(cls, *, samples: bool = True) -> AgencyRegistry:
        """The lists in this package: level 1 complete (QĐ 20/2020, QĐ 09/2025 and the mergers of 2025; layer
        ``level1``), and real codes below it (layer ``samples``, with their certainty), which a body with its own list
        leaves out."""
        return _bundled(samples)

    @classmethod
    def load(cls, path: str | Path, *, layer: str | None = None, limits: Limits | None = None) -> AgencyRegistry:
        """Read a list: CSV with a heading, JSON (a list of objects) or Excel (first sheet).

        Columns are :data:`~vn_edoc.identifiers.records.COLUMNS` (Vietnamese headings such as ``Mã``, ``Tên`` work);
        only ``code`` is needed, others than these are kept. Raises :class:`~vn_edoc.errors.SourceError` for an
        unreadable file, :class:`~vn_edoc.errors.UsageError` for a wrong row.
        """
        from pathlib import Path

        from vn_edoc.identifiers.tables import bounded, read_table, read_text

        file, bounds = Path(path), limits or DEFAULT_LIMITS
        label = layer or file.stem
        if file.suffix.lower() in (".csv", ".txt", ""):
            heading, rows = parse_csv(read_text(file, bounds))
            bounded(file, "table_rows", len(rows), bounds)
            return cls._checked(TableLayer(label, heading, rows))
        return cls.from_rows(read_table(file, bounds), layer=label)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], *, layer: str = "own") -> AgencyRegistry:
        """Make a registry from mappings with the columns of a list."""
        return cls._checked(TableLayer(layer, *_tabular(list(rows))))

    @classmethod
    def from_exchange(cls, agencies: Any, *, layer: str = "exchange") -> AgencyRegistry:
        """Make a registry from the list that an exchange axis returns (``getAgenciesList``: objects with ``code``,
        ``code102`` or ``oldCode``, ``name``, ``id``, ``pid``), as objects, JSON text or an answer with ``data``.

        Entries whose code fits no scheme are left out and told in :attr:`findings`.
        """
        from vn_edoc.identifiers.exchange_lists import rows_of

        rows, findings = rows_of(agencies)
        made = cls._checked(TableLayer(layer, *_tabular(rows)))
        return cls(made._layers, findings=findings)

    @classmethod
    def _checked(cls, layer: TableLayer) -> AgencyRegistry:
        registry = cls((layer,))
        registry._refuse_cycles(layer)
        registry._refuse_loops(layer)
        return registry

    def overlay(self, other: AgencyRegistry) -> AgencyRegistry:
        """This registry with ``other``'s lists laid over it: codes that both have are the other's.

        Refuses (:class:`~vn_edoc.errors.UsageError`, rule ``registry.reuse``) a list that uses a code after the day on
        which this registry says an official act closed it.
        """
        for layer in other._layers:
            for code in layer.codes():
                below = self._periods(code)
                if below is None or below[-1].valid_to is None or below[-1].certainty not in ("official", "own"):
                    continue
                above = layer.periods(code) or ()
                if above and (above[-1].valid_to is None or above[-1].valid_to > below[-1].valid_to):
                    raise _refused(
                        "reuse", code, f"was closed on {below[-1].valid_to}", f"đã đóng ngày {below[-1].valid_to}"
                    )
        return AgencyRegistry((*other._layers, *self._layers), findings=(*self.findings, *other.findings))

    # -- asking ------------------------------------------------------------------------------------------------------

    def get(self, code: AgencyCode | str, on: date | None = None) -> Agency | None:
        """The agency with that code as of a day; ``None`` if no list has it.

        ``status`` tells closed, reserved and unassigned codes apart from active ones; ``match`` tells whether the code
        itself, an alias in the other scheme or only the mechanical candidate was found. Raises
        :class:`~vn_edoc.errors.InvalidCode` for a text that is no code.
        """
        try:
            newest, agency, _states = self._ready[code]  # type: ignore[index]
            if on >= newest:  # type: ignore[operator]
                return agency
        except (KeyError, TypeError):  # not asked before; no day given, or a time
            pass
        return self._as_of(code, as_day(on))

    def __contains__(self, code: object) -> bool:
        return (isinstance(code, AgencyCode) or AgencyCode.is_valid(code)) and self.get(code) is not None  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[AgencyCode]:
        """All codes of all lists, closed ones too, in the order of the lists; blocks and prefixes are left out."""
        return (AgencyCode.parse(code) for code in self._codes())

    def __len__(self) -> int:
        return sum(1 for _code in self._codes())

    def children(self, code: AgencyCode | str, on: date | None = None) -> tuple[Agency, ...]:
        """The active units directly under a code on a day, by code."""
        above = self.get(code, on)
        if above is None:
            return ()
        units = (self.get(below, on) for below in self._units_below(str(above.code)))
        return tuple(sorted((u for u in units if u is not None and u.status == "active"), key=lambda u: u.code))

    def successors(self, code: AgencyCode | str, on: date | None = None) -> tuple[Agency, ...]:
        """The agencies that on that day stand where a closed code stood, following every change in between.

        Empty while the code is active, and where nobody took over or the successor is not known.
        """
        day = as_day(on)
        start = self.get(code, day)
        if start is None or start.status != "closed":
            return ()
        found: dict[str, Agency] = {}
        seen = {str(start.code)}
        ahead = list(start.successors)
        while ahead:
            step = self.get(ahead.pop(0), day)
            if step is None or str(step.code) in seen:
                continue
            seen.add(str(step.code))
            if step.status == "closed":
                ahead.extend(step.successors)
            else:
                found[str(step.code)] = step
        return tuple(found.values())

    def named(self, name: str, on: date | None = None) -> tuple[Agency, ...]:
        """The active agencies that bear exactly that name on a day (see :func:`vn_edoc.identifiers.name_key`)."""
        day = as_day(on)
        key = name_key(name)
        codes = dict.fromkeys(code for code, text in self._names().exact(name) if name_key(text) == key)
        agencies = (self.get(code, day) for code in codes)
        return tuple(a for a in agencies if a is not None and a.status == "active" and name_key(a.name) == key)

    def resolve(self, name: str, on: date | None = None, *, within: AgencyCode | str | None = None) -> Agency | None:
        """The one agency that a name means on a day; ``None`` if there is none or more than one.

        A name borne earlier leads to the agency that bears the code or took it over: on 01/07/2025 ``UBND tỉnh Bình
        Dương`` is H29. A bare place, ``Bình Dương``, means its people's committee. ``within`` keeps to the units under
        a code. A name not yet borne on that day leads nowhere.
        """
        day = as_day(on)
        under = None
        if within is not None:
            above = self.get(within, day)
            if above is None:
                return None
            under = above.code
        for way in _WAYS:
            key = name_key(way.format(name))
            found: dict[str, Agency] = {}
            earlier: dict[str, Agency] = {}
            for code in dict.fromkeys(c for c, text in self._names().exact(way.format(name)) if name_key(text) == key):
                if under is not None and not AgencyCode.parse(code).is_under(under):
                    continue
                for agency, bears in self._bearers(code, key, day):
                    (found if bears else earlier)[str(agency.code)] = agency
            hits = found or earlier
            if hits:
                return next(iter(hits.values())) if len(hits) == 1 else None
        return None

    def search(self, text: str, on: date | None = None, *, limit: int = 20) -> tuple[Agency, ...]:
        """Agencies by name without accents, the closest first: the whole name, its beginning, its end, a part, all
        words in any order; within each the shorter name first. A code is found as well.

        Old names are searched too; with ``on`` only names borne on that day by active agencies.
        """
        day = as_day(on)
        found: dict[str, Agency] = {}
        code = AgencyCode.parse_lenient(text).code
        if code is not None:
            direct = self.get(code, day)
            if direct is not None:
                found[str(direct.code)] = direct
        for one, name in self._names().find(text):
            if len(found) >= limit:
                break
            if one in found:
                continue
            agency = self.get(one, day)
            if agency is None or (on is not None and (agency.status != "active" or agency.name != name)):
                continue
            found[one] = agency
        return tuple(found.values())[:limit]

    # -- a body's own list -------------------------------------------------------------------------------------------

    def record(self, *changes: Change, layer: str = "recorded") -> AgencyRegistry:
        """Record dated acts, in the order given; a new registry. :class:`~vn_edoc.errors.UsageError` refuses an
        impossible one: rule ``registry.overlap``, ``.reuse``, ``.unknown_parent``, ``.not_active``, ``.cycle``,
        ``.units``, ``.act``. Nothing is recorded if one is refused."""
        from vn_edoc.identifiers.recording import apply

        return apply(self, changes, layer)

    def open(
        self, code: str, name: str, *, act: str, on: date, kind: str = "unit", parent: str = "", other_code: str = ""
    ) -> AgencyRegistry:
        """A new code from ``on``."""
        return self.record(
            Change(
                kind="open",
                on=on,
                act=act,
                codes=(str(code),),
                names={str(code): name},
                kinds={str(code): kind},
                parents={str(code): str(parent)} if parent else {},
                other_codes={str(code): str(other_code)} if other_code else {},
            )
        )

    def rename(self, code: str, name: str, *, act: str, on: date) -> AgencyRegistry:
        """The same code under a new name from ``on``."""
        return self.record(Change(kind="rename", on=on, act=act, codes=(str(code),), names={str(code): name}))

    def merge(
        self, codes: Iterable[str], into: str, *, act: str, on: date, name: str | None = None, with_units: bool = False
    ) -> AgencyRegistry:
        """Close ``codes`` at the end of the day before ``on``; ``into``, one of them, another active code or a new one
        (then with ``name``), takes over. ``name`` also renames a code that lives on."""
        return self.record(
            Change(
                kind="merge",
                on=on,
                act=act,
                codes=tuple(str(code) for code in codes),
                into=(str(into),),
                names={str(into): name} if name is not None else {},
                with_units=with_units,
            )
        )

    def split(
        self, code: str, into: Mapping[str, str] | Iterable[str], *, act: str, on: date, with_units: bool = False
    ) -> AgencyRegistry:
        """Divide a code: ``into`` are new codes with their names, or active ones. If it holds the code itself, that
        lives on and the others come from it."""
        names = {str(k): v for k, v in into.items()} if isinstance(into, Mapping) else {}
        codes = tuple(names) if names else tuple(str(one) for one in into)
        return self.record(
            Change(kind="split", on=on, act=act, codes=(str(code),), into=codes, names=names, with_units=with_units)
        )

    def close(self, code: str, *, act: str, on: date, with_units: bool = False) -> AgencyRegistry:
        """Close a code at the end of the day before ``on``, without a successor."""
        return self.record(Change(kind="close", on=on, act=act, codes=(str(code),), with_units=with_units))

    # -- export and comparison ---------------------------------------------------------------------------------------

    def rows(
        self, on: date | None = None, *, under: AgencyCode | str | None = None, layers: Iterable[str] | None = None
    ) -> list[dict[str, str]]:
        """The list as rows of text: the whole history, or with ``on`` the state of that day (active codes, one row
        each). ``under`` keeps to a body and its units, ``layers`` to some lists."""
        from vn_edoc.identifiers.comparison import rows_of

        return rows_of(self, on, under, layers)

    def export(
        self,
        path: str | Path,
        on: date | None = None,
        *,
        under: AgencyCode | str | None = None,
        layers: Iterable[str] | None = None,
    ) -> int:
        """Write :meth:`rows` to a ``.csv``, ``.json`` or ``.xlsx`` file; the number of rows. The whole history read
        back with :meth:`load` is the same list."""
        from pathlib import Path

        from vn_edoc.identifiers.tables import write_table

        rows = self.rows(on, under=under, layers=layers)
        columns = [*COLUMNS, *dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)]
        write_table(Path(path), columns, rows)
        return len(rows)

    def changes(self, after: date, until: date, *, under: AgencyCode | str | None = None) -> tuple[Change, ...]:
        """The dated acts with ``after < on <= until``, oldest first; ``under`` keeps to a body and its units."""
        from vn_edoc.identifiers.comparison import changes_of

        return changes_of(self, after, until, under)

    def diff(self, other: AgencyRegistry, on: date | None = None) -> Difference:
        """What ``other`` has that this registry has not, the other way round, and what differs; of the whole history,
        or of the state of a day."""
        from vn_edoc.identifiers.comparison import difference

        return difference(self, other, on)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _bearers(self, code: str, key: str, day: date) -> Iterator[tuple[Agency, bool]]:
        agency = self.get(code, day)
        if agency is None:
            return
        if agency.status == "active" and name_key(agency.name) == key:
            yield agency, True
        elif any(name_key(n.text) == key and (n.valid_from is None or n.valid_from <= day) for n in agency.names):
            if agency.status == "active":
                yield agency, False
            for successor in self.successors(code, day):
                yield successor, False

    def _refuse_cycles(self, layer: TableLayer) -> None:
        ahead = {code: cell.replace(",", " ").split() for code, cell in layer.successors()}
        for start in ahead:
            seen, todo = {start}, [one for one in ahead[start] if one != start]
            while todo:
                step = todo.pop()
                if step == start:
                    raise _refused("cycle", start, "leads back to itself by its successors", "kế thừa vòng về chính nó")
                if step not in seen:
                    seen.add(step)
                    todo.extend(one for one in ahead.get(step, ()) if one != step)

    def _refuse_loops(self, layer: TableLayer) -> None:
        """Refuse a list in which a body stands under itself, whichever scheme names it."""
        above = dict(layer.parents())
        if len({text.startswith("000.") for pair in above.items() for text in pair}) > 1:
            above = {_one_form(code): _one_form(parent) for code, parent in above.items()}
        done: set[str] = set()
        for start in above:
            way: dict[str, None] = {}
            step: str | None = start
            while step is not None and step not in done:
                if step in way and above[step] != step:
                    raise _refused("cycle", start, "stands under itself", "trực thuộc vòng về chính nó")
                if step in way:
                    break
                way[step] = None
                step = above.get(step)
            done.update(way)


def _one_form(code: str) -> str:
    """A code as both schemes spell it."""
    try:
        parsed = AgencyCode.parse(code.strip())
    except InvalidCode:
        return code
    return str(parsed.to_qd20() or parsed)


@cache
def _bundled(samples: bool) -> AgencyRegistry:
    layers = []
    for label in ("samples", "level1") if samples else ("level1",):
        text = data_text("vn_edoc.identifiers", f"{label}.csv")
        layers.append(TableLayer(label, *parse_csv(text)))
    return AgencyRegistry(layers)


def _tabular(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    heading = list(dict.fromkeys(str(name) for row in rows for name in row)) or ["code"]
    return heading, [["" if row.get(name) is None else str(row[name]).strip() for name in heading] for row in rows]


def _refused(rule: str, code: str, en: str, vi: str) -> UsageError:
    return UsageError(f"{code} {en}", f"{code} {vi}", field="code", value=code, rule=f"registry.{rule}")
