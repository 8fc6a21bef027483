"""``ds:SignedInfo`` read from its own canonical octets.

What is obeyed is what the signature value covers: the octets are canonicalised once and then read, so that comments, a
second ``SignedInfo`` or anything else beside it cannot count. Canonical octets have one spelling for one content, so
the plain form that nearly all software writes is recognised by patterns; whatever they do not match is parsed anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from lxml import etree

from vn_edoc.limits import Limits
from vn_edoc.signature.xml.algorithms import (
    DIGEST_URIS,
    DIGESTS,
    ENVELOPED,
    MORE07,
    RSA_PSS,
    SIGNATURES,
    new_digest,
    signature_uri,
)
from vn_edoc.signature.xml.names import DS, EC, ds
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.structure import (
    decode_base64,
    decode_text,
    elements,
    malformed,
    no_text,
    only_attributes,
    optional,
    read_octets,
    text_of,
)
from vn_edoc.xml.c14n import Canonicalization, canonical

__all__ = ["Reference", "SignedInfo", "Transform", "read_signed_info"]


_XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Transform:
    """One step from what a reference points at to what is digested."""

    algorithm: str
    """Its URI, as written."""
    prefixes: tuple[str, ...] = ()
    """The InclusiveNamespaces PrefixList of an exclusive canonicalisation."""


class Reference(NamedTuple):
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


class SignedInfo(NamedTuple):
    """``ds:SignedInfo``: what the signature value covers."""

    octets: bytes
    """Its canonical octets."""
    canonicalization: Canonicalization
    """How they were made."""
    signature_method: str
    """URI of the signature method; for RSA-PSS with parameters the URI that says the same without them."""
    references: tuple[Reference, ...]
    """References in order."""


def read_signed_info(element: etree._Element, limits: Limits) -> SignedInfo:
    """Canonicalise ``SignedInfo`` and read it from its own octets."""
    method_element = next(elements(element), None)
    if method_element is None or method_element.tag != ds("CanonicalizationMethod"):
        malformed(element, "CanonicalizationMethod, SignatureMethod, Reference+")
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
    written, signature_method, references = read_plain(octets, limits) or read_parsed(octets, limits)
    if written != uri:
        malformed(element, uri)
    return SignedInfo(octets, method, signature_method, references)


_Content: TypeAlias = tuple[str, str, tuple[Reference, ...]]
"""URIs of the canonicalisation and signature methods, and the references."""


def read_parsed(octets: bytes, limits: Limits) -> _Content:
    """Read canonical octets by parsing them anew; :class:`Refusal` when they are not what the standard says."""
    anew = read_octets(octets)
    # Inclusive methods put the xml:* attributes of the ancestors here.
    only_attributes(anew, ("Id", *(str(name) for name in anew.attrib if str(name).startswith(_XML))))
    no_text(anew)
    children = list(elements(anew))
    names = [child.tag for child in children]
    if (
        names[:2] != [ds("CanonicalizationMethod"), ds("SignatureMethod")]
        or len(names) < 3
        or any(name != ds("Reference") for name in names[2:])
    ):
        malformed(anew, "CanonicalizationMethod, SignatureMethod, Reference+")
    if len(names) - 2 > limits.references:
        raise Refusal("xmldsig.limit", bound="references", met=len(names) - 2)
    only_attributes(children[0], ("Algorithm",))
    only_attributes(children[1], ("Algorithm",))
    signature_method = _algorithm(children[1])
    if signature_method == RSA_PSS:
        return _algorithm(children[0]), _pss(children[1]), tuple(_reference(child) for child in children[2:])
    if len(children[1]) and (signature_method in SIGNATURES or "hmac" not in signature_method):
        malformed(children[1], "no child")
    return _algorithm(children[0]), signature_method, tuple(_reference(child) for child in children[2:])


def read_plain(octets: bytes, limits: Limits) -> _Content | None:
    """Read canonical octets by the one spelling of the plain form; ``None`` when they are not of that form.

    It never says otherwise than :func:`read_parsed`, and refuses nothing by itself.
    """
    head = _HEAD.match(octets)
    if head is None or head[3].decode() == RSA_PSS:
        return None
    reference, end = _patterns(head[1])
    references: list[Reference] = []
    position = head.end()
    while (found := reference.match(octets, position)) is not None:
        identifier, kind, uri, transforms, digest_method, value = found.groups()
        digest_value = decode_text(value.decode())
        if digest_value is None or len(references) >= limits.references:
            return None
        references.append(
            Reference(
                uri=None if uri is None else uri.decode(),
                type=None if kind is None else kind.decode(),
                id=None if identifier is None else identifier.decode(),
                transforms=() if transforms is None else _steps(transforms),
                digest_method=digest_method.decode(),
                digest_value=digest_value,
            )
        )
        position = found.end()
    if not references or octets[position:] != end:
        return None
    return head[2].decode(), head[3].decode(), tuple(references)


_S = rb"[ \t\n]*"
_VALUE = rb'"([^"&<]*)"'


def _empty(prefix: bytes, name: bytes) -> bytes:
    """The pattern of an element with an ``Algorithm`` and nothing in it, white space after it."""
    return b"<" + prefix + name + b" Algorithm=" + _VALUE + b"></" + prefix + name + b">" + _S


_HEAD = re.compile(
    b'<(?:([A-Za-z_][A-Za-z0-9_.-]{0,31}):)?SignedInfo xmlns(?(1):\\1)="'
    + re.escape(DS.encode())
    + b'"(?: Id="[^"&<]*")?>'
    + _S
    + _empty(b"(?(1)\\1:)", b"CanonicalizationMethod")
    + _empty(b"(?(1)\\1:)", b"SignatureMethod")
)


@lru_cache(maxsize=32)
def _patterns(prefix: bytes | None) -> tuple[re.Pattern[bytes], bytes]:
    """The pattern of a reference and the end of ``SignedInfo``, with the prefix that its names have."""
    name = b"" if prefix is None else prefix + b":"
    p = re.escape(name)
    step = b"<" + p + b'Transform Algorithm="[^"&<]*"></' + p + b"Transform>" + _S
    reference = re.compile(
        b"<" + p + b"Reference(?: Id=" + _VALUE + b")?(?: Type=" + _VALUE + b")?(?: URI=" + _VALUE + b")?>" + _S
        + b"(?:<" + p + b"Transforms>" + _S + b"((?:" + step + b")+)</" + p + b"Transforms>" + _S + b")?"
        + _empty(p, b"DigestMethod")
        + b"<" + p + b"DigestValue>([A-Za-z0-9+/= \\t\\n]*)</" + p + b"DigestValue>" + _S
        + b"</" + p + b"Reference>" + _S
    )  # fmt: skip
    return reference, b"</" + name + b"SignedInfo>"


@lru_cache(maxsize=64)
def _steps(transforms: bytes) -> tuple[Transform, ...]:
    return tuple(Transform(uri.decode()) for uri in _ALGORITHM.findall(transforms))


_ALGORITHM = re.compile(b"Algorithm=" + _VALUE)


_PSS = f"{{{MORE07}}}"
_SHA256 = DIGEST_URIS["sha256"]


def _pss(method: etree._Element) -> str:
    """The method without parameters that RSA-PSS parameters come to (RFC 9231 section 2.3.9): the mask generation of
    the digest that is signed, a salt of its length, trailer 1. Everything else is refused."""
    no_text(method)
    given = list(elements(method))
    if [child.tag for child in given] not in ([], [_PSS + "RSAPSSParams"]):
        malformed(method, "RSAPSSParams?")
    for element in given:
        no_text(element)
        only_attributes(element, ())
    values: dict[str, str] = {}
    for parameter in elements(given[0]) if given else ():
        name = str(parameter.tag)
        if name in values:
            malformed(given[0], "each parameter once")
        only_attributes(parameter, ("Algorithm",))
        if name == _PSS + "MaskGenerationFunction":
            if parameter.get("Algorithm", MORE07 + "MGF1") != MORE07 + "MGF1":
                raise Refusal.of_algorithm(RSA_PSS, "SignatureMethod")
            inner = _children(parameter, "DigestMethod?", "DigestMethod?")
            values[name] = _algorithm(inner[0]) if inner else ""
        else:
            values[name] = _algorithm(parameter) if name == ds("DigestMethod") else text_of(parameter).strip(" \t\n")
    digest = values.pop(ds("DigestMethod"), _SHA256)
    name = DIGESTS.get(digest, "")
    found = None if not name else signature_uri("pss", name)
    expected = {
        "MaskGenerationFunction": {"", digest},
        "SaltLength": {str(new_digest(name).digest_size) if name else ""},
        "TrailerField": {"1"},
    }
    if found is None or any(value not in expected.get(key.removeprefix(_PSS), ()) for key, value in values.items()):
        raise Refusal.of_algorithm(RSA_PSS, "SignatureMethod")
    return found


def _algorithm(element: etree._Element) -> str:
    value = element.get("Algorithm")
    if value is None:
        malformed(element, "@Algorithm")
    return str(value)


def _children(element: etree._Element, expected: str, *names: str) -> list[etree._Element]:
    """The children, which must be exactly those; a name ending in ``?`` may be missing."""
    no_text(element)
    found = list(elements(element))
    out: list[etree._Element] = []
    position = 0
    for name in names:
        optional = name.endswith("?")
        if position < len(found) and found[position].tag == ds(name.rstrip("?")):
            out.append(found[position])
            position += 1
        elif not optional:
            malformed(element, expected)
    if position != len(found):
        malformed(element, expected)
    return out


def _prefixes(element: etree._Element, method: Canonicalization | None) -> tuple[str, ...]:
    children = list(elements(element))
    if not children:
        return ()
    only = children[0]
    if len(children) > 1 or only.tag != f"{{{EC}}}InclusiveNamespaces" or len(only) or method is None:
        malformed(element, "InclusiveNamespaces?")
    if not method.exclusive:
        malformed(element, "no child")
    only_attributes(only, ("PrefixList",))
    return tuple(str(only.get("PrefixList") or "").split())


def _reference(element: etree._Element) -> Reference:
    only_attributes(element, ("Id", "URI", "Type"))
    parts = _children(element, "Transforms?, DigestMethod, DigestValue", "Transforms?", "DigestMethod", "DigestValue")
    transforms: list[Transform] = []
    if len(parts) == 3:
        no_text(parts[0])
        only_attributes(parts[0], ())
        steps = list(elements(parts[0]))
        if not steps or any(step.tag != ds("Transform") for step in steps):
            malformed(parts[0], "Transform+")
        transforms = [_transform(step) for step in steps]
    digest_method = parts[-2]
    only_attributes(digest_method, ("Algorithm",))
    return Reference(
        uri=optional(element.get("URI")),
        type=optional(element.get("Type")),
        id=optional(element.get("Id")),
        transforms=tuple(transforms),
        digest_method=_algorithm(digest_method),
        digest_value=decode_base64(parts[-1]),
    )


def _transform(element: etree._Element) -> Transform:
    only_attributes(element, ("Algorithm",))
    uri = _algorithm(element)
    try:
        method = Canonicalization(uri)
    except ValueError:
        if uri == ENVELOPED and (len(element) or (element.text or "").strip()):
            malformed(element, "no child")
        return Transform(uri)
    return Transform(uri, _prefixes(element, method))
