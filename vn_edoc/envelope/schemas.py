"""XML Schemas of the dialects that are written, and JSON Schemas of the messages, made from the same tables.

The files are shipped under ``data/schemas``; a test keeps them equal to what :func:`made` gives. They describe what
this library writes: order, names, codes, dates. Elements of other namespaces are let through; lengths are told by the
checks, not enforced, as the regulation's own tables could not be retrieved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from vn_edoc.envelope.dialects import DIALECTS
from vn_edoc.envelope.dialects.base import ESB, SOAP, XMLDSIG, Dialect, Style
from vn_edoc.envelope.elements import Element
from vn_edoc.envelope.fields import Part
from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage
from vn_edoc.envelope.parts import Code, Organization, PromulgationInfo, ResponseFor, TraceHeaderList
from vn_edoc.envelope.rendering import is_word, ordered
from vn_edoc.errors import UsageError

__all__ = ["made", "path", "shipped"]

_REQUIRED: dict[type[Part], frozenset[str]] = {
    Organization: frozenset({"organ_id"}),
    Code: frozenset({"code_number", "code_notation"}),
    PromulgationInfo: frozenset({"promulgation_date"}),
    DocumentMessage: frozenset({"sender", "receivers", "code", "promulgation_info", "subject"}),
    StatusMessage: frozenset({"sender", "response_for", "status_code"}),
}
_OF_STATUS: dict[type[Part], frozenset[str]] = {ResponseFor: frozenset({"organ_id", "code", "document_id"})}
_OTHERS = '<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
_ATTRIBUTES = '<xs:anyAttribute processContents="lax"/>'
_SIGNATURE = f'<xs:any namespace="{XMLDSIG}" processContents="lax" minOccurs="0"/>'
_MODELS: Mapping[str, type[Part]] = {"document": DocumentMessage, "status": StatusMessage}


def path(dialect: str, style: str = "java", kind: str = "document") -> Path:
    """The shipped XML Schema of a written dialect; ``kind`` is ``document``, ``status`` or ``attachments``."""
    name = f"edxml-{dialect}-{style}-{kind}.xsd"
    found = _folder() / name
    if not found.is_file():
        raise UsageError(f"no schema {name}", f"không có lược đồ {name}", field="dialect", value=dialect)
    return found


def shipped() -> dict[str, bytes]:
    """All shipped schemas by file name."""
    return {found.name: found.read_bytes() for found in sorted(_folder().iterdir()) if found.is_file()}


def _folder() -> Path:
    return Path(__file__).parent / "data" / "schemas"


def made() -> dict[str, bytes]:
    """All schemas by file name, made anew from the tables."""
    out: dict[str, str] = {}
    for dialect in DIALECTS.values():
        for style in dialect.styles.values():
            for kind in _MODELS:
                out |= _xsd(dialect, style, kind)
            if dialect.separate_attachments:
                out[f"edxml-{dialect.name}-{style.name}-attachments.xsd"] = _attachment_file(style)
    for model, name in (
        (DocumentMessage, "document-message"),
        (StatusMessage, "status-message"),
        (ErrorReport, "error-report"),
    ):
        out[f"{name}.schema.json"] = json.dumps(model.json_schema(), ensure_ascii=False, indent=1) + "\n"
    return {name: text.encode() for name, text in sorted(out.items())}


def _xsd(dialect: Dialect, style: Style, kind: str) -> dict[str, str]:
    name = f"edxml-{dialect.name}-{style.name}-{kind}"
    types = _Types(dialect, style, _REQUIRED | (_OF_STATUS if kind == "status" else {}))
    message = types.group(_MODELS[kind], skip=("trace", "body_content"))
    lines = [f'<xs:element name="MessageHeader" type="{message}"/>']
    if kind == "document":
        lines.append(f'<xs:element name="TraceHeaderList" type="{types.group(TraceHeaderList)}"/>')
        lines += _manifest(style)
    if not dialect.separate_attachments:
        lines += _envelope(style, kind)
        return {f"{name}.xsd": _document(dialect.namespace, [*lines, *types.lines])}
    inside = ['<xs:element name="Header">', *_indented(_soap_part(kind, "header")), "</xs:element>"]
    if kind == "document":
        inside += ['<xs:element name="Body">', *_indented(_soap_part(kind, "body")), "</xs:element>"]
    imported = f'<xs:import namespace="{ESB}" schemaLocation="{name}-header.xsd"/>'
    soap = [imported, *_element("Envelope", inside)]
    return {
        f"{name}.xsd": _document(SOAP, soap, f' xmlns:edXML="{ESB}"'),
        f"{name}-header.xsd": _document(dialect.namespace, [*lines, *types.lines]),
    }


def _document(namespace: str | None, lines: list[str], more: str = "") -> str:
    target = f' targetNamespace="{namespace}" xmlns="{namespace}"' if namespace else ""
    head = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"{target}{more} elementFormDefault="qualified">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *_indented(lines), "</xs:schema>", ""])


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _element(name: str, inside: list[str], occurs: str = "") -> list[str]:
    return [
        f'<xs:element name="{name}"{occurs}>',
        "  <xs:complexType>",
        "    <xs:sequence>",
        *_indented(_indented(_indented(inside))),
        "    </xs:sequence>",
        f"    {_ATTRIBUTES}",
        "  </xs:complexType>",
        "</xs:element>",
    ]


def _envelope(style: Style, kind: str) -> list[str]:
    inside = _element(
        _bare(style.header),
        [
            '<xs:element ref="MessageHeader"/>',
            *(['<xs:element ref="TraceHeaderList" minOccurs="0"/>'] if kind == "document" else []),
            _SIGNATURE,
        ],
    )
    if kind == "document":
        inside += _element(_bare(style.body), _body(_bare(style.manifest.element)))
    envelope = _element("edXMLEnvelope", inside)
    attachments = _attachments(style, ' minOccurs="0"') if kind == "document" else []
    return _element("edXML", [*envelope, *attachments])


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _body(manifest: str) -> list[str]:
    return [
        '<xs:element name="Content" type="xs:string" minOccurs="0"/>',
        f'<xs:element ref="{manifest}" minOccurs="0"/>',
    ]


def _soap_part(kind: str, which: str) -> list[str]:
    inside = [
        '<xs:element ref="edXML:MessageHeader"/>',
        *(['<xs:element ref="edXML:TraceHeaderList" minOccurs="0"/>'] if kind == "document" else []),
        _SIGNATURE,
    ]
    if which == "body":
        inside = [
            '<xs:element ref="edXML:Content" minOccurs="0"/>',
            '<xs:element ref="edXML:Manifest" minOccurs="0"/>',
        ]
    return [
        "<xs:complexType>",
        "  <xs:sequence>",
        *_indented(_indented(inside)),
        "  </xs:sequence>",
        "</xs:complexType>",
    ]


def _manifest(style: Style) -> list[str]:
    manifest = style.manifest
    fields = [
        f'<xs:element name="{name}" type="xs:string"{_optional(field == "description")}/>'
        for field, name in manifest.fields
    ]
    least = "" if manifest.href else ' minOccurs="0"'
    reference = _element("Reference", fields, f'{least} maxOccurs="unbounded"')
    content = ['<xs:element name="Content" type="xs:string"/>'] if manifest.href else []
    return [*content, *_element(_bare(manifest.element), reference)]


def _optional(optional: bool) -> str:
    return ' minOccurs="0"' if optional else ""


def _attachments(style: Style, occurs: str = "") -> list[str]:
    names = style.attachments
    fields = []
    for field, name in names.fields:
        kind = "xs:base64Binary" if field == "content" else "xs:string"
        fields.append(f'<xs:element name="{name}" type="{kind}"{_optional(field == "description")}/>')
    lines = _element(names.item, fields, ' maxOccurs="unbounded"')
    for container in reversed(names.container[1:]):
        lines = _element(container, lines)
    return _element(names.container[0], lines, occurs)


def _attachment_file(style: Style) -> str:
    return _document(None, _attachments(style))


class _Types:
    """Named types, made as they are asked for."""

    def __init__(self, dialect: Dialect, style: Style, required: Mapping[type[Part], frozenset[str]]) -> None:
        self._required = required
        self.dialect = dialect
        self.style = style
        self.lines: list[str] = []
        self._known: set[str] = set()

    def group(self, model: type[Part], skip: tuple[str, ...] = ()) -> str:
        """The type of a group of elements."""
        name = model.__name__
        if name in self._known:
            return name
        self._known.add(name)
        inside: list[str] = []
        for spec in ordered(model, self.style):
            if not spec.attribute and spec.field not in skip:
                inside += self._field(spec, spec.field in self._required.get(model, frozenset()))
        self._complex(name, [*inside, _OTHERS])
        return name

    def _complex(self, name: str, inside: list[str]) -> None:
        self.lines += [
            f'<xs:complexType name="{name}">',
            "  <xs:sequence>",
            *_indented(_indented(inside)),
            "  </xs:sequence>",
            f"  {_ATTRIBUTES}",
            "</xs:complexType>",
        ]

    def _field(self, spec: Element, required: bool) -> Iterator[str]:
        occurs = "" if required else ' minOccurs="0"'
        if spec.many:
            occurs += ' maxOccurs="unbounded"'
        kind = self.group(spec.part) if spec.part is not None else self._leaf(spec)
        if spec.item is None:
            yield f'<xs:element name="{spec.name}" type="{kind}"{occurs}/>'
            return
        holder = f"{spec.name}Items"
        if holder not in self._known:
            self._known.add(holder)
            item = f'<xs:element name="{spec.item}" type="{kind}" minOccurs="0" maxOccurs="unbounded"/>'
            self._complex(holder, [item, _OTHERS])
        yield f'<xs:element name="{spec.name}" type="{holder}"{occurs}/>'

    def _leaf(self, spec: Element) -> str:
        """The type of a single value, with room for an ``Id``."""
        name, base, facets = self._value(spec)
        if name not in self._known:
            self._known.add(name)
            self.lines += [
                f'<xs:simpleType name="{name}Value">',
                f'  <xs:restriction base="{base}">',
                *_indented(_indented(facets)),
                "  </xs:restriction>",
                "</xs:simpleType>",
                f'<xs:complexType name="{name}">',
                "  <xs:simpleContent>",
                f'    <xs:extension base="{name}Value">',
                f"      {_ATTRIBUTES}",
                "    </xs:extension>",
                "  </xs:simpleContent>",
                "</xs:complexType>",
            ]
        return name

    def _value(self, spec: Element) -> tuple[str, str, list[str]]:
        if spec.enum is not None:
            codes = [f'<xs:enumeration value="{member.value}"/>' for member in spec.enum]
            return f"{spec.enum.__name__}Code", "xs:string", codes
        if spec.kind == "date":
            return "Day", "xs:string", [f'<xs:pattern value="{_pattern(self.dialect.dates[0])}"/>']
        if spec.kind == "moment":
            return "Moment", "xs:string", [f'<xs:pattern value="{_pattern(self.dialect.times[0])}"/>']
        if spec.kind == "int":
            return "Count", "xs:string", ['<xs:pattern value="[0-9]{1,9}"/>']
        if spec.kind == "bool":
            words = ("true", "false") if is_word(spec) else ("0", "1")
            return "Word" if is_word(spec) else "Flag", "xs:string", [f'<xs:enumeration value="{w}"/>' for w in words]
        return "Text", "xs:string", ['<xs:minLength value="1"/>']


def _pattern(form: str) -> str:
    pattern = form.replace("%Y", "[0-9]{4}").replace("%m", "(0[1-9]|1[0-2])").replace("%d", "(0[1-9]|[12][0-9]|3[01])")
    return pattern.replace("%H", "([01][0-9]|2[0-3])").replace("%M", "[0-5][0-9]").replace("%S", "[0-5][0-9]")
