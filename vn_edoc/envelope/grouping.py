"""From elements to values: one walk over a group of elements, whatever their order, names and prefixes."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from unicodedata import normalize

from lxml import etree

from vn_edoc.envelope.codes import Priority, StatusCode, SteeringType
from vn_edoc.envelope.deviations import Deviations
from vn_edoc.envelope.dialects.base import COMMON_ALIASES, ESB, QCVN, SOAP, Dialect
from vn_edoc.envelope.elements import Element, Kept, Values, elements_of, equal
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.values import NULLS, one_line, parse_day, parse_moment, parse_priority
from vn_edoc.findings import Severity
from vn_edoc.xml.parse import local_name, namespace_of
from vn_edoc.xml.ranges import Skeleton

__all__ = ["Reader"]

_OWN = frozenset({QCVN, ESB})
_SILENT_NAMESPACES = frozenset({"http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/XML/1998/namespace"})
_BLANK = " \t\r\n"
_FILLERS = {
    "typer_notation": "TVC",
    "sphere_of_promulgation": "Liên thông văn bản quốc gia",
    "appendixes": "Công văn về việc kết nối, liên thông phần mềm quản lý văn bản",
}
"""Values that the SDK samples carry and that production packets have kept."""
_FILLER = {field: frozenset({text, normalize("NFD", text)}) for field, text in _FILLERS.items()}
_NOTHING = frozenset({"N/A", "n/a", "NA", "N/a"})
"""Words for no value; they are kept."""
_LOOKED_AT = frozenset().union(NULLS, _NOTHING, *_FILLER.values())
_APART = frozenset({"TraceHeaderList", "BodyContent"})
"""Fields of a message whose elements stand beside ``MessageHeader``: inside it they are unknown elements."""
_LONGEST_LOOKED_AT = max(map(len, _LOOKED_AT))
_FLAGS = {"0": False, "false": False, "1": True, "true": True}


@cache
def _exact(model: type[Values], namespace: str) -> dict[object, Element]:
    return {f"{{{namespace}}}{name}": e for name, e in _by_name(model).items()}


def _by_name(model: type[Values]) -> dict[str, Element]:
    return {e.name: e for e in elements_of(model).values() if not e.attribute and e.name not in _APART}


@lru_cache(maxsize=512)
def _lenient(model: type[Values], group: str, dialect: str) -> dict[str, Element]:
    """Elements by their lower-case names, those of other hands included."""
    from vn_edoc.envelope.dialects import DIALECTS

    by_name = _by_name(model)
    table = {name.lower(): e for name, e in by_name.items()}
    own = DIALECTS[dialect].aliases if dialect in DIALECTS else {}
    for aliases in (COMMON_ALIASES.get("*"), COMMON_ALIASES.get(group), own.get(group)):
        for alias, name in (aliases or {}).items():
            if name in by_name:
                table.setdefault(alias, by_name[name])
    return table


class Reader:
    """Reads groups of elements of one packet."""

    def __init__(self, dialect: Dialect, skeleton: Skeleton, notes: Notes) -> None:
        self.dialect = dialect
        self.skeleton = skeleton
        self.tell(notes)
        self._kept = 0
        self._given_back = 0
        """Characters of long texts that were put back into values."""
        self._own_names = {a for table in dialect.aliases.values() for a in table}

    def tell(self, notes: Notes) -> None:
        """From now on deviations are noted there."""
        self.notes = notes
        self.told = Deviations(notes, self.dialect.namespace)

    def group(self, element: etree._Element, model: type[Values], path: str) -> Values:
        """The group that an element holds."""
        return model(self.values(element, model, path))

    def values(
        self, element: etree._Element, model: type[Values], path: str, skip: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """Field values of a group by field name. Elements whose lower-case local names are in ``skip`` are passed."""
        values: dict[str, Any] = {}
        extensions: list[Kept] = []
        listed = False
        exact = _exact(model, self.dialect.namespace)
        tokens = self.skeleton.prefix
        if element.attrib:
            self._attributes(element, model, values, extensions)
        for child in element:
            spec = exact.get(child.tag)
            if spec is None:
                name = local_name(child.tag)
                if not name:
                    # A comment or instruction between elements changes no value.
                    continue
                if name.lower() in skip:
                    continue
                spec = self._find(child, name, model, path)
                if spec is None:
                    self._kept += 1
                    if self._kept <= self.notes.limits.findings:
                        extensions.append(self.extension(child, f"{path}/{name}"))
                    else:
                        self.notes.unlisted += 1
                    continue
            elif not child.prefix:
                self.told.namespace(f"{path}/{spec.name}", "")
            field = spec.field
            if spec.many or spec.item is not None:
                listed = True
                self._more(child, spec, values.setdefault(field, []), extensions, path)
                continue
            if field in values:
                self._doubled(child, spec, f"{path}/{spec.name}", values[field], extensions)
                continue
            if spec.plain and not len(child):
                # A text that is its own value, with nothing to say about it: the short way for nearly all of them.
                text = child.text
                if (
                    text
                    and text[0] > " "
                    and text[-1] > " "
                    and "\r" not in text
                    and (len(text) > _LONGEST_LOOKED_AT or text not in _LOOKED_AT)
                    and not (spec.line and "\n" in text)
                    and tokens not in text
                ):
                    values[field] = text
                    continue
            value = self._one(child, spec, f"{path}/{spec.name}", extensions)
            if value is not None:
                values[field] = value
        if listed:
            for name, value in values.items():
                if type(value) is list:
                    values[name] = tuple(value)
        if extensions:
            values["extensions"] = tuple(extensions)
        return values

    def _find(self, child: etree._Element, name: str, model: type[Values], path: str) -> Element | None:
        """The element meant by a name of another case, prefix or hand."""
        group = path.rpartition("/")[2].partition("[")[0]
        spec = _lenient(model, group, self.dialect.name).get(name.lower())
        space = namespace_of(child.tag)
        if spec is None or (space not in _OWN and space not in ("", SOAP, self.dialect.namespace)):
            self.told.unknown(f"{path}/{name}")
            return None
        if name != spec.name and name.lower() not in self._own_names:
            self.told.misnamed(f"{path}/{name}", name, spec.name)
        if space != self.dialect.namespace and name.lower() not in self._own_names:
            self.told.namespace(f"{path}/{name}", space)
        return spec

    def _more(self, child: etree._Element, spec: Element, known: list[Any], extensions: list[Kept], path: str) -> None:
        """One more value of a field that holds several."""
        if spec.item is not None:
            self._items(child, spec, known, extensions, f"{path}/{spec.name}")
            return
        value = self._one(child, spec, f"{path}/{spec.name}[{len(known) + 1}]", extensions)
        if value is not None:
            known.append(value)

    def _one(
        self, child: etree._Element, spec: Element, where: str, extensions: list[Kept], name: str | None = None
    ) -> Any:
        """What an element holds: a leaf's value or a group; ``None`` where it is empty."""
        model = spec.part
        if model is None:
            return self.value(child, spec, where, extensions, name)
        values = self.values(child, model, where)
        stray = self._stray(child, spec, where, extensions)
        if not values:
            if not stray:
                self.told.empty(where)
            return None
        return model(values)

    def _stray(self, element: etree._Element, spec: Element, where: str, extensions: list[Kept]) -> bool:
        """Text directly in an element that holds elements: it is kept and told."""
        if not (element.text or "").strip(_BLANK):
            return False
        text = self._expanded(element.text or "", where).strip(_BLANK)
        extensions.append(Kept({"name": spec.name, "text": text or None}))
        self.told.misfit(where, spec, text, group=True)
        return True

    def _doubled(self, child: etree._Element, spec: Element, where: str, first: object, extensions: list[Kept]) -> None:
        spare: list[Kept] = []
        silent = Reader(self.dialect, self.skeleton, Notes(self.notes.limits))
        second = (
            silent.value(child, spec, where, spare)
            if spec.part is None
            else spec.part(silent.values(child, spec.part, where))
        )
        if second is None:
            self.notes.extend(tuple(f for f in silent.notes.findings() if f.rule == "xml.limit"))
            return
        extensions.append(self.extension(child, where))
        self.told.doubled(where, spec.name, same=equal(second, first))

    def _items(
        self, element: etree._Element, spec: Element, items: list[Any], extensions: list[Kept], path: str
    ) -> None:
        wanted = (spec.item or "").lower()
        self._stray(element, spec, path, extensions)
        for child in element:
            name = local_name(child.tag)
            if not name:
                continue
            where = f"{path}/{spec.item}[{len(items) + 1}]"
            if name.lower() != wanted:
                extensions.append(self.extension(child, f"{path}/{name}"))
                self.told.unknown(f"{path}/{name}")
                continue
            value = self._one(child, spec, where, extensions, spec.item)
            if value is not None:
                items.append(value)

    def _attributes(
        self, element: etree._Element, model: type[Values], values: dict[str, Any], extensions: list[Kept]
    ) -> None:
        known = {e.name.lower(): e for e in elements_of(model).values() if e.attribute}
        for key, text in element.attrib.items():
            name, space = local_name(key), namespace_of(key)
            if space in _SILENT_NAMESPACES:
                continue
            spec = known.get(str(name).lower())
            if spec is not None:
                if stripped := str(text).strip(_BLANK):
                    values[spec.field] = stripped
            elif name.lower() != "id":
                extensions.append(
                    Kept(
                        {
                            "name": f"@{name}",
                            "namespace": space if space and space != self.dialect.namespace else None,
                            "text": str(text).strip(_BLANK) or None,
                        }
                    )
                )

    def extension(self, element: etree._Element, path: str) -> Kept:
        """An element kept as it stands."""
        attributes = tuple(
            (str(k), str(v)) for k, v in element.attrib.items() if namespace_of(k) not in _SILENT_NAMESPACES
        )
        space = namespace_of(element.tag)
        text, _ = self.text(element, path)
        children = tuple(self.extension(c, f"{path}/{local_name(c.tag)}") for c in element if isinstance(c.tag, str))
        return Kept(
            {
                "name": local_name(element.tag),
                "namespace": space if space != self.dialect.namespace else None,
                "text": text.strip(_BLANK) or None,
                "attributes": attributes,
                "children": children,
            }
        )

    def text(self, element: etree._Element, path: str) -> tuple[str, bool]:
        """The text of a leaf, and whether comments, instructions or elements stand inside it.

        Comments and instructions are left out and what stands around them is joined, as XPath does.
        """
        text = element.text or ""
        if not len(element):
            return (self._expanded(text, path) if self.skeleton.ranges else text), False
        broken = False
        for child in element:
            if local_name(child.tag):
                continue
            broken = True
            text += child.tail or ""
        if broken and text.strip(_BLANK):
            self.told.split(path)
        return self._expanded(text, path), broken

    def _expanded(self, text: str, path: str) -> str:
        """``text`` with what was taken out of the skeleton; nothing of a text that is longer than the bound."""
        if self.skeleton.prefix not in text:
            return text
        limits, length = self.notes.limits, self.skeleton.length(text)
        bound = limits.xml_text_chars
        if length <= bound and self._given_back + length <= limits.xml_skeleton_bytes:
            self._given_back += length
            return self.skeleton.expand(text)
        self.notes.add(
            "xml.limit",
            Severity.ERROR,
            path,
            f"Vượt giới hạn: giá trị dài {length} ký tự, không đọc.",
            f"A bound is passed: the value has {length} characters and is not read.",
            bound="xml_text_chars",
            allowed=bound,
        )
        return ""

    def value(
        self, element: etree._Element, spec: Element, path: str, extensions: list[Kept], name: str | None = None
    ) -> Any:
        """The typed value of a leaf, ``None`` where it is empty; what has no typed value becomes an extension."""
        nested = len(element)
        carried = element.text or ""
        if nested or self.skeleton.prefix in carried:
            carried, _ = self.text(element, path)
        if nested and any(isinstance(c.tag, str) for c in element):
            extensions.append(self.extension(element, path))
            inside = next(local_name(c.tag) for c in element if isinstance(c.tag, str))
            self.told.misfit(path, spec, carried.strip(_BLANK) or f"<{inside[:60]}>")
            return None
        text = carried.strip(_BLANK)
        if not text:
            self.told.empty(path)
            return None
        if text in NULLS:
            self.told.filler(path, text)
            return None
        if text != carried:
            self.told.blanks(path)
        kind = spec.kind
        value: Any
        if kind == "text":
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            if spec.line and "\n" in text:
                text = one_line(text)
                self.told.blanks(path)
            if text in _NOTHING or text in _FILLER.get(spec.field, ()):
                self.told.filler(path, text)
            return text
        if kind == "int":
            value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        elif kind == "bool":
            value = _FLAGS.get(text.lower())
        elif kind == "date":
            value = self._day(text, path)
        elif kind == "moment":
            value = self._moment(text, path)
        else:
            value = self._code(text, spec, path)
        if value is None:
            extensions.append(Kept({"name": name or spec.name, "text": text}))
            self.told.misfit(path, spec, text)
        return value

    def _day(self, text: str, path: str) -> date | None:
        day, note = parse_day(text[:60], self.dialect.dates)
        if note not in (None, "impossible"):
            self.told.date_form(path, text, day, note)
        return day

    def _moment(self, text: str, path: str) -> datetime | None:
        moment, note = parse_moment(text[:60], self.dialect.times)
        if note not in (None, "impossible"):
            self.told.date_form(path, text, moment, note)
        return moment

    def _code(self, text: str, spec: Element, path: str) -> Any:
        enum = spec.enum
        assert enum is not None
        if enum is StatusCode:
            return self._status(text, path)
        if text.isascii() and text.isdigit() and len(text) < 4:
            number = int(text)
            if enum is SteeringType and number == 3:
                self.told.read_as(path, text, "2")
                number = 2
            try:
                return enum(number)
            except ValueError:
                return None
        if enum is Priority:
            priority = parse_priority(text)
            if priority is not None and self.dialect.name != "soap-512":
                self.told.read_as(path, text, str(priority.value))
            return priority
        return None

    def _status(self, text: str, path: str) -> StatusCode | None:
        code = text.zfill(2) if text.isascii() and text.isdigit() else text
        if code == "14":
            self.told.read_as(path, text, "15")
            code = "15"
        try:
            status = StatusCode(code)
        except ValueError:
            return None
        if code != text and text != "14":
            self.told.read_as(path, text, code, Severity.INFO)
        return status
