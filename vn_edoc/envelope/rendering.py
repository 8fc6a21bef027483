"""From models to XML text, in the order and with the names that a style declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from vn_edoc.envelope.dialects.base import Dialect, Style
from vn_edoc.envelope.elements import Element, elements_of
from vn_edoc.envelope.fields import Part
from vn_edoc.envelope.markup import (
    check_different,
    checked_name,
    checked_namespace,
    escape,
    qualified_attribute,
    quoted,
    with_attributes,
)
from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.envelope.parts import Extension, TraceHeaderList
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

__all__ = ["Entry", "is_word", "ordered", "render_attachments", "render_packet"]

_WORDS = frozenset({"Direction", "IsSuccess"})
"""Booleans written as words; all others are 0 and 1."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What manifest and attachment elements say of one file."""

    content_id: str
    name: str
    content_type: str
    description: str | None


def is_word(spec: Element) -> bool:
    """Whether a flag is written as ``true`` or ``false``, not as 1 or 0."""
    return spec.name in _WORDS


@cache
def ordered(model: type[Part], style: Style) -> tuple[Element, ...]:
    """The fields of a model in the order in which a style writes them."""
    table = elements_of(model)
    wanted = style.order.get(model.__name__, ())
    # Fields that the style does not list come last, so that none is ever lost.
    return tuple(table[f] for f in wanted if f in table) + tuple(e for f, e in table.items() if f not in wanted)


class _Row(NamedTuple):
    """How one field is written at its depth."""

    field: str
    name: str
    """Local name of its element."""
    show: Callable[[Any], str] | None
    """What makes the text of a leaf; ``None`` for a group."""
    start: str
    """Indent and start tag."""
    end: str
    """End tag; that of a leaf follows on the same line."""
    many: bool
    """The element itself repeats."""
    item: _Row | None
    """The repeated child of a list element."""
    inner: _Plan | None
    """What a group holds."""


class _Plan(NamedTuple):
    """How a group is written at its depth."""

    rows: tuple[tuple[str, Callable[[Any], str] | None, str, str, _Row], ...]
    """Field, what makes the text of a single leaf (``None`` for all else), the tags around it, and all of these."""
    indent: str
    """Before each of its elements."""
    attributes: tuple[tuple[str, str], ...]
    """Fields and names of its attributes."""


@lru_cache(maxsize=1024)
def _plan(model: type[Part], dialect: Dialect, style: Style, indent: str, skip: tuple[str, ...] = ()) -> _Plan:
    written = [e for e in ordered(model, style) if not e.attribute and e.field not in skip]
    rows = [_row(e, dialect, style, indent) for e in written]
    attributes = tuple((e.field, e.name) for e in elements_of(model).values() if e.attribute)
    return _Plan(tuple((r.field, None if r.many else r.show, r.start, r.end, r) for r in rows), indent, attributes)


def _row(spec: Element, dialect: Dialect, style: Style, indent: str, item: str | None = None) -> _Row:
    name = item or spec.name
    start, end = f"{indent}<edXML:{name}>", f"</edXML:{name}>\n"
    if spec.item is not None and item is None:
        inside = _row(spec, dialect, style, indent + "  ", spec.item)
        return _Row(spec.field, name, None, start + "\n", indent + end, False, inside, None)
    if spec.part is not None:
        inner = _plan(spec.part, dialect, style, indent + "  ")
        return _Row(spec.field, name, None, start + "\n", indent + end, spec.many, None, inner)
    return _Row(spec.field, name, _shower(spec, dialect), start, end, spec.many, None, None)


def _shower(spec: Element, dialect: Dialect) -> Callable[[Any], str]:
    """What makes the text of a leaf."""
    if spec.kind == "enum":
        return lambda value: str(value.value)
    if spec.kind == "bool":
        return (lambda value: "true" if value else "false") if is_word(spec) else (lambda value: "1" if value else "0")
    if spec.kind == "date":
        return _formatter(dialect.dates[0])
    if spec.kind == "moment":
        shown = _formatter(dialect.times[0])
        return lambda value: shown(value if value.tzinfo is VIETNAM else value.astimezone(VIETNAM))
    return str if spec.kind == "int" else escape


_UNITS = {"Y": ("%04d", "year"), "m": ("%02d", "month"), "d": ("%02d", "day")}
_UNITS |= {"H": ("%02d", "hour"), "M": ("%02d", "minute"), "S": ("%02d", "second")}


def _formatter(form: str) -> Callable[[Any], str]:
    """What writes dates or times in a form; years with four digits, which not every system's ``strftime`` does."""
    values = attrgetter(*(_UNITS[sign][1] for sign in re.findall("%(.)", form)))
    template = re.sub("%(.)", lambda match: _UNITS[match[1]][0], form)
    return lambda value: template % values(value)


class Renderer:
    """Writes groups of elements as lines of text."""

    __slots__ = ("_lines", "_parts", "_serials", "add", "dialect", "ids", "style")

    def __init__(self, dialect: Dialect, style: Style, *, ids: bool = False) -> None:
        self.dialect = dialect
        self.style = style
        self.ids = ids
        self._serials: dict[str, int] = {}
        self._lines: list[str] = []
        self._parts: list[bytes | int] = []
        self.add = self._lines.append
        """More text."""

    def content(self, number: int) -> None:
        """Here stands the content of an entry."""
        self._flush()
        self._parts.append(number)

    def parts(self) -> list[bytes | int]:
        """All that was written: octets, and numbers of entries where their contents stand."""
        self._flush()
        return self._parts

    def _flush(self) -> None:
        try:
            self._parts.append("".join(self._lines).encode())
        except UnicodeEncodeError as error:
            raise UsageError(
                f"a text that cannot be written: {error.reason}",
                f"có chuỗi không ghi được: {error.reason}",
                field="message",
            ) from None
        self._lines.clear()

    def id(self, name: str) -> str:
        """The ``Id`` attribute of an element that a header signature covers; empty without one."""
        if not self.ids:
            return ""
        number = self._serials[name] = self._serials.get(name, 0) + 1
        return f' Id="{name}-{number}"'

    def plan(self, part: Part, indent: str, skip: tuple[str, ...] = ()) -> _Plan:
        """How a group is written, without the fields in ``skip``."""
        return _plan(type(part), self.dialect, self.style, indent, skip)

    def attributes(self, part: Part, plan: _Plan, taken: str | None = None) -> str:
        """Attributes of a group: those that the model has as fields, and those kept as extensions; ``taken`` is the
        name of one that is there already."""
        values = part.__dict__
        text, own = "", [taken] if taken else []
        for field, name in plan.attributes:
            if values[field] is not None:
                text += f' {name}="{quoted(values[field])}"'
                own.append(name)
        if not values["extensions"]:
            return text
        kept = [e for e in values["extensions"] if e.name.startswith("@")]
        check_different([*(("", name) for name in own), *((e.namespace or "", e.name[1:]) for e in kept)])
        return text + "".join(qualified_attribute(n, e.namespace, e.name[1:], e.text or "") for n, e in enumerate(kept))

    def fields(self, part: Part, plan: _Plan, *, covered: bool = False) -> None:
        """The elements of a group; ``covered`` ones get an ``Id`` each where ids are asked for."""
        values, add = part.__dict__, self.add
        ids = covered and self.ids
        for field, leaf, start, end, row in plan.rows:
            value = values[field]
            if value is None or (not value and value == ()):
                continue
            if leaf is not None and not ids:
                add(f"{start}{leaf(value)}{end}")
            elif row.item is not None:
                add(with_attributes(start, self.id(row.name)) if ids else start)
                for one in value:
                    self.one(row.item, one)
                add(end)
            else:
                for one in value if row.many else (value,):
                    self.one(row, one, self.id(row.name) if ids else "")
        for kept in values["extensions"]:
            if not kept.name.startswith("@"):
                self.extension(kept, plan.indent, attribute=self.id(kept.name) if ids else "")

    def one(self, row: _Row, value: Any, attribute: str = "") -> None:
        """One element; nothing for a group that holds nothing."""
        _, _, show, start, end, _, _, plan = row
        if show is not None:
            self.add(f"{with_attributes(start, attribute)}{show(value)}{end}")
            return
        assert plan is not None
        own = ""
        if plan.attributes or value.__dict__["extensions"]:
            own = self.attributes(value, plan, "Id" if attribute else None)
        lines = self._lines
        place = len(lines)
        lines.append(with_attributes(start, attribute + own) if attribute or own else start)
        self.fields(value, plan)
        if len(lines) > place + 1:
            lines.append(end)
        elif own:
            lines[place] = lines[place].removesuffix(">\n") + "/>\n"
        else:
            lines.pop()

    def extension(self, kept: Extension, indent: str, *, attribute: str = "") -> None:
        """An element kept as it was read."""
        name = checked_name(kept.name)
        if kept.namespace is None:
            tag, declared = f"edXML:{name}", ""
        elif kept.namespace == "":
            tag, declared = name, ' xmlns=""'
        else:
            checked_namespace(kept.namespace)
            tag, declared = f"x:{name}", f' xmlns:x="{quoted(kept.namespace)}"'
        attributes = attribute
        named = [(space[1:], local) for space, _, local in (key.rpartition("}") for key, _ in kept.attributes)]
        check_different([*named, ("", "Id")] if attribute else named)
        for serial, ((space, local), (_, value)) in enumerate(zip(named, kept.attributes, strict=True)):
            attributes += qualified_attribute(serial, space, local, value)
        text = escape(kept.text or "")
        if not kept.children:
            self.add(f"{indent}<{tag}{declared}{attributes}>{text}</{tag}>\n")
            return
        self.add(f"{indent}<{tag}{declared}{attributes}>{text}\n")
        for inner in kept.children:
            self.extension(inner, indent + "  ")
        self.add(f"{indent}</{tag}>\n")


def render_packet(
    message: DocumentMessage | StatusMessage,
    entries: Sequence[Entry],
    dialect: Dialect,
    style: Style,
    *,
    ids: bool = False,
    signature: str | None = None,
) -> list[bytes | int]:
    """The packet: octets, and where a content belongs the number of its :class:`Entry`.

    Attachments are part of it only where the dialect keeps them in the packet.
    """
    out = Renderer(dialect, style, ids=ids)
    out.add(style.declaration + style.root + "\n")
    indent = "  "
    for tag in style.path:
        out.add(f"{indent}{tag}\n")
        indent += "  "
    inner = indent + "  "
    plan = out.plan(message, inner + "  ", ("trace", "body_content"))
    attributes = out.attributes(message, plan)
    out.add(f"{indent}<{style.header}>\n{inner}<edXML:MessageHeader{attributes}>\n")
    out.fields(message, plan, covered=True)
    if isinstance(message, StatusMessage) and message.status_code is None and not _names(message, "StatusCode"):
        out.add(f"{inner}  <edXML:StatusCode></edXML:StatusCode>\n")  # it alone tells the kind
    out.add(f"{inner}</edXML:MessageHeader>\n")
    if isinstance(message, DocumentMessage) and message.trace is not None:
        _trace(out, message.trace, inner)
    if signature is not None:
        out.add(signature + "\n")
    out.add(f"{indent}</{style.header}>\n")
    if isinstance(message, DocumentMessage):
        _body(out, message, entries, indent)
    for tag in reversed(style.path):
        indent = indent[2:]
        out.add(f"{indent}</{tag[1:].partition(' ')[0]}>\n")
    if isinstance(message, DocumentMessage) and entries and not dialect.separate_attachments:
        _contained(out, entries, "  ")
    out.add(f"</{style.root[1:].partition(' ')[0]}>\n")
    return out.parts()


def _names(message: StatusMessage, name: str) -> bool:
    return any(kept.name == name for kept in message.extensions)


def _trace(out: Renderer, trace: TraceHeaderList, indent: str) -> None:
    plan = out.plan(trace, indent + "  ")
    out.add(f"{indent}<edXML:TraceHeaderList{out.attributes(trace, plan)}>\n")
    first = True
    for field, _, _, _, row in plan.rows:
        value = getattr(trace, field)
        if value is None:
            continue
        for one in value if row.many else (value,):
            # Of the trace only the sender's own entry, the first, is the sender's to sign.
            covered = field == "business" or (field == "headers" and first)
            first = first and field != "headers"
            out.one(row, one, out.id(row.name) if covered else "")
    for kept in trace.extensions:
        if not kept.name.startswith("@"):
            out.extension(kept, plan.indent)
    out.add(f"{indent}</edXML:TraceHeaderList>\n")


def _body(out: Renderer, message: DocumentMessage, entries: Sequence[Entry], indent: str) -> None:
    manifest = out.style.manifest
    out.add(f"{indent}<{out.style.body}>\n")
    if message.body_content is not None:
        out.add(f"{indent}  <edXML:Content>{escape(message.body_content)}</edXML:Content>\n")
    # Without one, a text in the body would be taken for the mark of a hand-made packet.
    if entries or (message.body_content is not None and not manifest.href):
        version = "" if manifest.href else ' version="1.0"'
        out.add(f"{indent}  <{manifest.element}{out.id('Manifest')}{version}>\n")
        for entry in entries:
            _reference(out, entry, indent + "    ")
        out.add(f"{indent}  </{manifest.element}>\n")
    out.add(f"{indent}</{out.style.body}>\n")


def _reference(out: Renderer, entry: Entry, indent: str) -> None:
    manifest = out.style.manifest
    attributes = ""
    cid = quoted(f"cid:{entry.content_id}")
    if manifest.xlink:
        attributes = (
            f' xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{cid}" xlink:role="XLinkRole" xlink:type="simple"'
        )
    elif manifest.href:
        attributes = f' href="{cid}"'
    out.add(f"{indent}<edXML:Reference{attributes}>\n")
    for field, name in manifest.fields:
        value = getattr(entry, field)
        if field == "content_id":
            value = f"cid:{value}"
        if value is not None:
            out.add(f"{indent}  <edXML:{name}>{escape(value)}</edXML:{name}>\n")
    out.add(f"{indent}</edXML:Reference>\n")


def _contained(out: Renderer, entries: Sequence[Entry], indent: str) -> None:
    names = out.style.attachments
    for number, container in enumerate(names.container):
        out.add(f"{indent}{'  ' * number}<{container}>\n")
    deeper = indent + "  " * len(names.container)
    for number, entry in enumerate(entries):
        out.add(f"{deeper}<{names.item}{out.id('Attachment')}>\n")
        for field, name in names.fields:
            if field == "content":
                tag, opening = name, name
                if names.prefixed_content:
                    tag, opening = f"edXML:{name}", f'edXML:{name} xmlns:edXML="{out.dialect.namespace}"'
                out.add(f"{deeper}  <{opening}>")
                out.content(number)
                out.add(f"</{tag}>\n")
                continue
            value = "base64" if field == "encoding" else getattr(entry, field)
            if field == "content_id" and names.cid:
                value = f"cid:{value}"
            if value is not None:
                out.add(f"{deeper}  <{name}>{escape(value)}</{name}>\n")
        out.add(f"{deeper}</{names.item}>\n")
    for number in reversed(range(len(names.container))):
        out.add(f"{indent}{'  ' * number}</{names.container[number]}>\n")


def render_attachments(entries: Sequence[Entry], dialect: Dialect, style: Style) -> list[bytes | int]:
    """The second file of dialects that keep attachments apart."""
    out = Renderer(dialect, style)
    out.add(style.declaration)
    _contained(out, entries, "")
    return out.parts()
