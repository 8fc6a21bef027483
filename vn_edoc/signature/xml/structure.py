"""A ``ds:Signature`` read strictly: this order, these children, nothing else.

The references and algorithms are taken from the canonical octets of ``SignedInfo`` parsed anew, so that what is obeyed
is what the signature value covers: comments, a second ``SignedInfo`` or anything else beside it cannot count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pybase64
from lxml import etree

from vn_edoc.limits import Limits
from vn_edoc.signature.xml.algorithms import ENVELOPED, SIGNATURES
from vn_edoc.signature.xml.names import EC, ds
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.c14n import Canonicalization, canonical

__all__ = [
    "Reference",
    "SignatureElement",
    "SignedInfo",
    "Transform",
    "decode_base64",
    "elements",
    "read_signature",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Transform:
    """One step from what a reference points at to what is digested."""

    algorithm: str
    """Its URI, as written."""
    prefixes: tuple[str, ...] = ()
    """The InclusiveNamespaces PrefixList of an exclusive canonicalisation."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One ``ds:Reference``, read from verified octets."""

    uri: str | None
    """What it points at; ``None`` when the attribute is missing."""
    type: str | None
    """Its ``Type``."""
    id: str | None
    """Its ``Id``."""
    transforms: tuple[Transform, ...]
    """Steps in order."""
    digest_method: str
    """URI of the digest."""
    digest_value: bytes
    """The digest that was signed."""


@dataclass(frozen=True, slots=True)
class SignedInfo:
    """``ds:SignedInfo``: what the signature value covers."""

    octets: bytes
    """Its canonical octets."""
    canonicalization: Canonicalization
    """How they were made."""
    signature_method: str
    """URI of the signature method."""
    references: tuple[Reference, ...]
    """References in order."""


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
    value: bytes
    """The decoded signature value."""
    key_info: etree._Element | None
    """Its ``KeyInfo``."""
    objects: tuple[etree._Element, ...]
    """Its ``Object`` elements."""


def elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Child elements, without comments and processing instructions."""
    return parent.iterchildren("*")


def _malformed(element: etree._Element, expected: str) -> NoReturn:
    name = etree.QName(element).localname
    raise Refusal("xmldsig.structure", element=name, expected=expected)


def text_of(element: etree._Element) -> str:
    """The text of an element that may hold nothing but text: a comment or a child in a value is an attack."""
    if len(element):
        raise Refusal("xmldsig.value_split", element=etree.QName(element).localname)
    return element.text or ""


def decode_base64(element: etree._Element) -> bytes:
    """The octets of a base64 element: standard alphabet, right padding, XML white space allowed, nothing else."""
    text = text_of(element)
    octets = _decoded(text)
    if octets is None:
        # White space is rare in what software writes, so it is looked for only now.
        octets = _decoded(text.translate(_DROP))
    if octets is None:
        raise Refusal("xmldsig.base64", element=etree.QName(element).localname)
    return octets


def _decoded(text: str) -> bytes | None:
    """The octets whose one base64 form is ``text``; ``None`` if it is that of none."""
    try:
        octets: bytes = pybase64.b64decode(text, validate=True)
    except ValueError:
        return None
    return octets if pybase64.b64encode_as_string(octets) == text else None


_XML = "{http://www.w3.org/XML/1998/namespace}"
_DROP = {ord(c): None for c in " \t\r\n"}


def _no_text(element: etree._Element) -> None:
    """Structure elements hold white space between their children, no text."""
    if (element.text or "").strip(" \t\r\n") or any((child.tail or "").strip(" \t\r\n") for child in element):
        _malformed(element, "no text")


def _attributes(element: etree._Element, allowed: Sequence[str]) -> None:
    for name in element.attrib:
        if name not in allowed:
            _malformed(element, "@" + "|@".join(allowed) if allowed else "no attribute")


def read_signature(element: etree._Element) -> SignatureElement:
    """Take a ``ds:Signature`` apart; :class:`Refusal` when it is not exactly what XML Signature section 4.2 says."""
    _no_text(element)
    _attributes(element, ("Id",))
    children = list(elements(element))
    names = [child.tag for child in children]
    rest = 3 if len(names) > 2 and names[2] == ds("KeyInfo") else 2
    if names[:2] != [ds("SignedInfo"), ds("SignatureValue")] or any(name != ds("Object") for name in names[rest:]):
        _malformed(element, "SignedInfo, SignatureValue, KeyInfo?, Object*")
    _attributes(children[1], ("Id",))
    return SignatureElement(
        element=element,
        id=_string(element.get("Id")),
        signed_info=children[0],
        value_element=children[1],
        value=decode_base64(children[1]),
        key_info=children[2] if rest == 3 else None,
        objects=tuple(children[rest:]),
    )


def _string(value: str | bytes | None) -> str | None:
    return None if value is None else str(value)


def _algorithm(element: etree._Element) -> str:
    value = element.get("Algorithm")
    if value is None:
        _malformed(element, "@Algorithm")
    return str(value)


def _children(element: etree._Element, expected: str, *names: str) -> list[etree._Element]:
    """The children, which must be exactly those; a name ending in ``?`` may be missing."""
    _no_text(element)
    found = list(elements(element))
    out: list[etree._Element] = []
    position = 0
    for name in names:
        optional = name.endswith("?")
        if position < len(found) and found[position].tag == ds(name.rstrip("?")):
            out.append(found[position])
            position += 1
        elif not optional:
            _malformed(element, expected)
    if position != len(found):
        _malformed(element, expected)
    return out


def read_signed_info(element: etree._Element, limits: Limits) -> SignedInfo:
    """Canonicalise ``SignedInfo`` and read it from its own octets."""
    method_element = next(elements(element), None)
    if method_element is None or method_element.tag != ds("CanonicalizationMethod"):
        _malformed(element, "CanonicalizationMethod, SignatureMethod, Reference+")
    uri = _algorithm(method_element)
    try:
        method = Canonicalization(uri)
    except ValueError:
        raise Refusal.of_algorithm(uri, "CanonicalizationMethod") from None
    prefixes = _prefixes(method_element, method)
    try:
        octets = canonical(element, method, prefixes=prefixes)
    except ValueError:
        raise Refusal("xmldsig.no_canonical_form") from None
    anew = etree.fromstring(octets, _PARSER)
    # Inclusive methods put the xml:* attributes of the ancestors here.
    _attributes(anew, ("Id", *(str(name) for name in anew.attrib if str(name).startswith(_XML))))
    _no_text(anew)
    children = list(elements(anew))
    names = [child.tag for child in children]
    if (
        names[:2] != [ds("CanonicalizationMethod"), ds("SignatureMethod")]
        or len(names) < 3
        or any(name != ds("Reference") for name in names[2:])
    ):
        _malformed(anew, "CanonicalizationMethod, SignatureMethod, Reference+")
    if len(names) - 2 > limits.references:
        raise Refusal("xmldsig.limit", bound="references", met=len(names) - 2)
    _attributes(children[0], ("Algorithm",))
    _attributes(children[1], ("Algorithm",))
    if _algorithm(children[0]) != uri:
        _malformed(anew, uri)
    signature_method = _algorithm(children[1])
    if len(children[1]) and (signature_method in SIGNATURES or "hmac" not in signature_method):
        _malformed(children[1], "no child")
    return SignedInfo(
        octets=octets,
        canonicalization=method,
        signature_method=signature_method,
        references=tuple(_reference(child) for child in children[2:]),
    )


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


def _prefixes(element: etree._Element, method: Canonicalization | None) -> tuple[str, ...]:
    children = list(elements(element))
    if not children:
        return ()
    only = children[0]
    if len(children) > 1 or only.tag != f"{{{EC}}}InclusiveNamespaces" or len(only) or method is None:
        _malformed(element, "InclusiveNamespaces?")
    if not method.exclusive:
        _malformed(element, "no child")
    _attributes(only, ("PrefixList",))
    return tuple(str(only.get("PrefixList") or "").split())


def _reference(element: etree._Element) -> Reference:
    _attributes(element, ("Id", "URI", "Type"))
    parts = _children(element, "Transforms?, DigestMethod, DigestValue", "Transforms?", "DigestMethod", "DigestValue")
    transforms: list[Transform] = []
    if len(parts) == 3:
        _no_text(parts[0])
        _attributes(parts[0], ())
        steps = list(elements(parts[0]))
        if not steps or any(step.tag != ds("Transform") for step in steps):
            _malformed(parts[0], "Transform+")
        transforms = [_transform(step) for step in steps]
    digest_method = parts[-2]
    _attributes(digest_method, ("Algorithm",))
    return Reference(
        uri=_string(element.get("URI")),
        type=_string(element.get("Type")),
        id=_string(element.get("Id")),
        transforms=tuple(transforms),
        digest_method=_algorithm(digest_method),
        digest_value=decode_base64(parts[-1]),
    )


def _transform(element: etree._Element) -> Transform:
    _attributes(element, ("Algorithm",))
    uri = _algorithm(element)
    try:
        method = Canonicalization(uri)
    except ValueError:
        if uri == ENVELOPED and (len(element) or (element.text or "").strip()):
            _malformed(element, "no child")
        return Transform(uri)
    return Transform(uri, _prefixes(element, method))
