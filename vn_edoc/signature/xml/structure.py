"""A ``ds:Signature`` read strictly: this order, these children, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pybase64
from lxml import etree

from vn_edoc.signature.xml.names import ds
from vn_edoc.signature.xml.problems import Refusal

__all__ = [
    "SignatureElement",
    "decode_base64",
    "decode_text",
    "elements",
    "encode",
    "malformed",
    "no_text",
    "only_attributes",
    "optional",
    "read_octets",
    "read_signature",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class SignatureElement:
    """The parts of a ``ds:Signature``."""

    element: etree._Element
    """The element itself."""
    id: str | None
    """Its ``Id``."""
    signed_info: etree._Element
    """Its ``SignedInfo``."""
    value_element: etree._Element
    """Its ``SignatureValue``."""
    key_info: etree._Element | None
    """Its ``KeyInfo``."""
    objects: tuple[etree._Element, ...]
    """Its ``Object`` elements."""


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without comments and processing instructions."""
    return parent.iterchildren("*")


def malformed(element: etree._Element, expected: str) -> NoReturn:
    """Refuse an element that is not built as it must be."""
    name = etree.QName(element).localname
    raise Refusal("xmldsig.structure", element=name, expected=expected)


def text_of(element: etree._Element) -> str:
    """The text of an element that may hold nothing but text: a comment or a child in a value is an attack."""
    if len(element):
        raise Refusal("xmldsig.value_split", element=etree.QName(element).localname)
    return element.text or ""


def decode_base64(element: etree._Element) -> bytes:
    """The octets of a base64 element: standard alphabet, right padding, XML white space allowed, nothing else."""
    octets = decode_text(text_of(element))
    if octets is None:
        raise Refusal("xmldsig.base64", element=etree.QName(element).localname)
    return octets


def decode_text(text: str) -> bytes | None:
    """The octets of strict base64 with XML white space; ``None`` if it is none."""
    octets = _decoded(text)
    # White space is rare in what software writes, so it is looked for only now.
    return _decoded(text.translate(_BLANK)) if octets is None else octets


def _decoded(text: str) -> bytes | None:
    """The octets whose one base64 form is ``text``; ``None`` if it is that of none."""
    try:
        octets: bytes = pybase64.b64decode(text, validate=True)
    except ValueError:
        return None
    return octets if pybase64.b64encode_as_string(octets) == text else None


_BLANK = {ord(c): None for c in " \t\r\n"}


def encode(octets: bytes) -> str:
    """The base64 form that :func:`decode_text` reads."""
    return pybase64.b64encode_as_string(octets)


def read_octets(octets: bytes) -> etree._Element:
    """The tree of octets that were written or canonicalised here."""
    return etree.fromstring(octets, _PARSER)


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def no_text(element: etree._Element) -> None:
    """Structure elements hold white space between their children, no text."""
    texts = [element.text]
    texts.extend(child.tail for child in element)
    for text in texts:
        if text and text.strip(" \t\r\n"):
            malformed(element, "no text")


def only_attributes(element: etree._Element, allowed: Sequence[str]) -> None:
    """No other attributes than those."""
    for name in element.attrib:
        if name not in allowed:
            malformed(element, "@" + "|@".join(allowed) if allowed else "no attribute")


def read_signature(element: etree._Element) -> SignatureElement:
    """Take a ``ds:Signature`` apart; :class:`Refusal` when it is not exactly what XML Signature section 4.2 says."""
    no_text(element)
    only_attributes(element, ("Id",))
    children = list(elements(element))
    names = [child.tag for child in children]
    rest = 3 if len(names) > 2 and names[2] == _KEY_INFO else 2
    if names[:2] != _FIRST or any(name != _OBJECT for name in names[rest:]):
        malformed(element, "SignedInfo, SignatureValue, KeyInfo?, Object*")
    only_attributes(children[1], ("Id",))
    return SignatureElement(
        element=element,
        id=optional(element.get("Id")),
        signed_info=children[0],
        value_element=children[1],
        key_info=children[2] if rest == 3 else None,
        objects=tuple(children[rest:]),
    )


_FIRST = [ds("SignedInfo"), ds("SignatureValue")]
_KEY_INFO = ds("KeyInfo")
_OBJECT = ds("Object")


def optional(value: str | bytes | None) -> str | None:
    """An attribute's value as lxml gives it."""
    return None if value is None else str(value)
