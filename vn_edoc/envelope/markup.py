"""XML as it is spelt: escaped text, names and attributes that may be written (XML 1.0, Namespaces in XML 1.0)."""

from __future__ import annotations

import re

from vn_edoc.errors import UsageError

__all__ = [
    "check_different",
    "checked_name",
    "checked_namespace",
    "escape",
    "qualified_attribute",
    "quoted",
    "with_attributes",
]

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_NAME = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*")
"""NCName of the Basic Multilingual Plane (XML 1.0, productions 4 and 4a)."""
_RESERVED = "http://www.w3.org/2000/xmlns/"
_XML = "http://www.w3.org/XML/1998/namespace"
_MARKUP = re.compile(r'[&<>"\r\n\t]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def escape(text: str) -> str:
    """Text for element content."""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return text


def quoted(text: str) -> str:
    """Text for an attribute in double quotes."""
    return _MARKUP.sub(lambda m: _ENTITIES[m[0]], text)


def check_different(names: list[tuple[str, str]]) -> None:
    """No element has two attributes of one name (XML 1.0, "Unique Att Spec"; Namespaces 6.3)."""
    seen: set[tuple[str, str]] = set()
    for name in names:
        if name in seen:
            raise UsageError(
                f"an element with two attributes {name[1]!r}",
                f"phần tử có hai thuộc tính {name[1]!r}",
                field="extensions.attributes",
                value=name[1],
            )
        seen.add(name)


def qualified_attribute(serial: int, namespace: str | None, name: str, value: str) -> str:
    """An attribute with the declaration of its namespace; ``serial`` makes its prefix one of its own."""
    name = checked_name(name)
    if not namespace:
        return f' {name}="{quoted(value)}"'
    if namespace == _XML:
        return f' xml:{name}="{quoted(value)}"'
    checked_namespace(namespace)
    return f' xmlns:a{serial}="{quoted(namespace)}" a{serial}:{name}="{quoted(value)}"'


def checked_namespace(namespace: str) -> None:
    """``UsageError`` for one that no prefix may be bound to (Namespaces, 3)."""
    if namespace in (_RESERVED, _XML):
        raise UsageError(
            f"{namespace!r} cannot be declared for an element or attribute",
            f"không thể khai báo không gian tên {namespace!r} cho phần tử hay thuộc tính",
            field="extensions.namespace",
            value=namespace,
        )


def checked_name(name: str) -> str:
    """The name; ``UsageError`` where it is none of an element."""
    if _NAME.fullmatch(name) is None or name == "xmlns":
        raise UsageError(
            f"{name!r} cannot be the name of an element",
            f"{name!r} không thể làm tên phần tử",
            field="extensions.name",
            value=name,
        )
    return name


def with_attributes(start: str, attributes: str) -> str:
    """A start tag with attributes put in."""
    head, end, behind = start.rpartition(">")
    return head + attributes + end + behind
