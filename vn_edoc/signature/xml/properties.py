"""XAdES properties read strictly (ETSI EN 319 132-1): one ``QualifyingProperties``, at its place, and signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vn_edoc.findings import Finding, reckonable
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.names import SIGNED_PROPERTIES_TYPE, XADES, ds, xades
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.signing_certificate import CertificateDigest, read_certificates
from vn_edoc.signature.xml.structure import elements, text_of

__all__ = ["Claims", "Properties", "parse_time", "property_time", "read_properties"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What the signed properties of a XAdES signature say."""

    signing_time: datetime | None
    """``SigningTime`` with its zone; ``None`` if absent or without one."""
    certificates: tuple[CertificateDigest, ...]
    """The signing certificate by its digest; empty if the property is absent."""
    roles: tuple[str, ...]
    """Claimed roles."""
    place: str | None
    """City and other parts of the place, comma separated."""
    commitments: tuple[str, ...]
    """Identifiers of commitment types."""
    findings: tuple[Finding, ...]
    """What is worth knowing."""


@dataclass(frozen=True, slots=True)
class Properties(Claims):
    """The properties of a XAdES signature of a tree."""

    object: etree._Element
    """The ``ds:Object`` that holds them."""
    signed: etree._Element
    """``SignedProperties``."""
    unsigned: tuple[etree._Element, ...]
    """Unsigned signature properties, in order."""


def read_properties(core: CoreSignature) -> Properties | None:
    """The XAdES properties of a signature; ``None`` without any, :class:`Refusal` when they cannot be relied on."""
    holders = [
        (holder, child)
        for holder in core.parts.objects
        for child in holder.iter(_QUALIFYING, xades("QualifyingPropertiesReference"))
        if next(child.iterancestors(_SIGNATURE), None) is core.parts.element
    ]
    typed = [checked for checked in core.references if checked.reference.type == SIGNED_PROPERTIES_TYPE]
    if not holders:
        if typed:
            raise Refusal("xades.structure", element="SignedProperties")
        return None
    if len(holders) > 1:
        raise Refusal("xades.structure", element="QualifyingProperties")
    holder, qualifying = holders[0]
    if qualifying.tag != _QUALIFYING or list(elements(holder)) != [qualifying]:
        raise Refusal("xades.structure", element="Object")
    identifier = core.parts.id
    if not identifier or qualifying.get("Target") != "#" + identifier:
        raise Refusal("xades.structure", element="@Target")
    children = list(elements(qualifying))
    names = [child.tag for child in children]
    if names not in (_ONE_PART, _BOTH_PARTS):
        raise Refusal("xades.structure", element="QualifyingProperties")
    signed = children[0]
    covering = [c for c in core.references if c.target is not None and c.target.element is signed]
    if len(covering) != 1 or any(c is not covering[0] for c in typed):
        raise Refusal("xades.not_signed")
    return _read(holder, signed, children[1] if len(children) > 1 else None)


_SIGNATURE = ds("Signature")
_QUALIFYING = xades("QualifyingProperties")
_ONE_PART = [xades("SignedProperties")]
_BOTH_PARTS = [xades("SignedProperties"), xades("UnsignedProperties")]


class _Children:
    """The child elements of an element by name, gone through once; a name that stands twice is refused when asked."""

    __slots__ = ("_by_name", "_twice")

    def __init__(self, parent: etree._Element | None) -> None:
        self._by_name: dict[str, etree._Element] = {}
        self._twice: set[str] = set()
        for child in () if parent is None else elements(parent):
            tag = str(child.tag)
            if self._by_name.setdefault(tag, child) is not child:
                self._twice.add(tag)

    def one(self, name: str) -> etree._Element | None:
        """The child of that XAdES name, ``None`` without one."""
        tag = xades(name)
        if tag in self._twice:
            raise Refusal("xades.structure", element=name)
        return self._by_name.get(tag)


def _read(holder: etree._Element, signed: etree._Element, unsigned: etree._Element | None) -> Properties:
    findings: list[Finding] = []
    groups = _Children(signed)
    signature_properties = _Children(groups.one("SignedSignatureProperties"))
    moment: datetime | None = None
    time_element = signature_properties.one("SigningTime")
    if time_element is not None:
        text = text_of(time_element).strip()
        moment = parse_time(text)
        if not reckonable(moment):
            moment = None
            findings.append(finding("xades.signing_time", value=text))
    policy = signature_properties.one("SignaturePolicyIdentifier")
    if policy is not None and next(elements(policy), policy).tag != xades("SignaturePolicyImplied"):
        identifier = next(policy.iter(xades("Identifier")), None)
        findings.append(finding("xades.policy", value="" if identifier is None else text_of(identifier).strip()))
    data_properties = groups.one("SignedDataObjectProperties")
    commitments = [] if data_properties is None else list(data_properties.iter(xades("CommitmentTypeId")))
    properties: Sequence[etree._Element] = ()
    if unsigned is not None:
        parts = list(elements(unsigned))
        if any(part.tag != xades("UnsignedSignatureProperties") for part in parts) or len(parts) > 1:
            raise Refusal("xades.structure", element="UnsignedProperties")
        properties = tuple(inner for part in parts for inner in elements(part))
    return Properties(
        object=holder,
        signed=signed,
        signing_time=moment,
        certificates=_certificates(signature_properties),
        roles=_texts(signature_properties, ("SignerRoleV2", "SignerRole"), "ClaimedRole"),
        place=", ".join(_place(signature_properties)) or None,
        commitments=tuple(
            text_of(identifier).strip() for item in commitments for identifier in item.iter(xades("Identifier"))
        ),
        unsigned=tuple(properties),
        findings=tuple(findings),
    )


def _certificates(parent: _Children) -> tuple[CertificateDigest, ...]:
    names = ("SigningCertificateV2", "SigningCertificate")
    return tuple(entry for name in names for entry in read_certificates(name, parent.one(name)))


def _texts(parent: _Children, groups: Sequence[str], name: str) -> tuple[str, ...]:
    out: list[str] = []
    for group in groups:
        element = parent.one(group)
        if element is not None:
            out.extend("".join(_strings(item)).strip() for item in element.iter(xades(name)))
    return tuple(text for text in out if text)


def _strings(element: etree._Element) -> Sequence[str]:
    return [str(text) for text in element.itertext(tag=etree.Element)] if len(element) else [element.text or ""]


def _place(parent: _Children) -> list[str]:
    element = parent.one("SignatureProductionPlaceV2")
    if element is None:
        element = parent.one("SignatureProductionPlace")
    if element is None:
        return []
    return [text_of(part).strip() for part in elements(element) if str(part.tag).startswith("{" + XADES)]


def property_time(core: CoreSignature) -> str | None:
    """The claimed time of a signature without XAdES properties: the one ``SigningTime`` among the properties of XML
    Signature section 5.2, as invoicing software writes it; ``None`` unless a verified reference covers it."""
    signed = {checked.target.element for checked in core.references if checked.ok and checked.target is not None}
    found: list[str] = []
    for holder in core.parts.objects:
        for item in holder.iter(ds("SignatureProperty")):
            inside = [item]
            while inside[-1] is not holder:
                inside.append(inside[-1].getparent())  # type: ignore[arg-type]
            if item.get("Target") == f"#{core.parts.id}" and signed.intersection(inside):
                found.extend((e.text or "").strip() for e in item.iterchildren("{*}SigningTime") if not len(e))
    return found[0] if len(found) == 1 else None


def parse_time(text: str) -> datetime | None:
    """An ``xs:dateTime`` with a zone; ``None`` for anything else."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)", re.ASCII)
"""XML Schema Part 2 section 3.2.7, which knows fewer spellings than ISO 8601."""
