"""XAdES properties read strictly (ETSI EN 319 132-1): one ``QualifyingProperties``, at its place, and signed."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vn_edoc.findings import Finding
from vn_edoc.signature.xml.algorithms import DIGESTS, new_digest
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.names import SIGNED_PROPERTIES_TYPE, XADES, ds, xades
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.structure import decode_base64, elements, text_of

__all__ = ["CertificateDigest", "Properties", "parse_time", "read_properties"]


@dataclass(frozen=True, slots=True)
class CertificateDigest:
    """One entry of ``SigningCertificateV2`` (or of the older ``SigningCertificate``)."""

    algorithm: str
    """Name of the digest, as in :data:`~vn_edoc.signature.xml.algorithms.DIGESTS`."""
    value: bytes
    """Digest of the DER certificate."""

    def matches(self, der: bytes) -> bool:
        """Whether it is the digest of that certificate."""
        digest = new_digest(self.algorithm)
        digest.update(der)
        return hmac.compare_digest(digest.digest(), self.value)


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of a XAdES signature."""

    object: etree._Element
    """The ``ds:Object`` that holds them."""
    signed: etree._Element
    """``SignedProperties``."""
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
    unsigned: tuple[etree._Element, ...]
    """Unsigned signature properties, in order."""
    findings: tuple[Finding, ...]
    """What is worth knowing."""


def read_properties(core: CoreSignature) -> Properties | None:
    """The XAdES properties of a signature; ``None`` without any, :class:`Refusal` when they cannot be relied on."""
    holders = [
        (holder, child)
        for holder in core.parts.objects
        for child in holder.iter(xades("QualifyingProperties"), xades("QualifyingPropertiesReference"))
        if next((a for a in child.iterancestors(ds("Signature"))), None) is core.parts.element
    ]
    typed = [checked for checked in core.references if checked.reference.type == SIGNED_PROPERTIES_TYPE]
    if not holders:
        if typed:
            raise Refusal("xades.structure", element="SignedProperties")
        return None
    if len(holders) > 1:
        raise Refusal("xades.structure", element="QualifyingProperties")
    holder, qualifying = holders[0]
    if qualifying.tag != xades("QualifyingProperties") or list(elements(holder)) != [qualifying]:
        raise Refusal("xades.structure", element="Object")
    identifier = core.parts.id
    if not identifier or qualifying.get("Target") != "#" + identifier:
        raise Refusal("xades.structure", element="@Target")
    children = list(elements(qualifying))
    names = [child.tag for child in children]
    if names not in ([xades("SignedProperties")], [xades("SignedProperties"), xades("UnsignedProperties")]):
        raise Refusal("xades.structure", element="QualifyingProperties")
    signed = children[0]
    covering = [c for c in core.references if c.target is not None and c.target.element is signed]
    if len(covering) != 1 or any(c is not covering[0] for c in typed):
        raise Refusal("xades.not_signed")
    return _read(holder, signed, children[1] if len(children) > 1 else None)


def _one(parent: etree._Element | None, name: str) -> etree._Element | None:
    if parent is None:
        return None
    found = [child for child in elements(parent) if child.tag == xades(name)]
    if len(found) > 1:
        raise Refusal("xades.structure", element=name)
    return found[0] if found else None


def _read(holder: etree._Element, signed: etree._Element, unsigned: etree._Element | None) -> Properties:
    findings: list[Finding] = []
    signature_properties = _one(signed, "SignedSignatureProperties")
    moment: datetime | None = None
    time_element = _one(signature_properties, "SigningTime")
    if time_element is not None:
        text = text_of(time_element).strip()
        moment = parse_time(text)
        if moment is None:
            findings.append(finding("xades.signing_time", value=text))
    policy = _one(signature_properties, "SignaturePolicyIdentifier")
    if policy is not None and next(elements(policy), policy).tag != xades("SignaturePolicyImplied"):
        identifier = next(policy.iter(xades("Identifier")), None)
        findings.append(finding("xades.policy", value="" if identifier is None else text_of(identifier).strip()))
    data_properties = _one(signed, "SignedDataObjectProperties")
    commitments = [] if data_properties is None else list(data_properties.iter(xades("CommitmentTypeId")))
    properties: Sequence[etree._Element] = ()
    group = _one(unsigned, "UnsignedSignatureProperties")
    if unsigned is not None and [child.tag for child in elements(unsigned)] != [xades("UnsignedSignatureProperties")]:
        raise Refusal("xades.structure", element="UnsignedProperties")
    if group is not None:
        properties = tuple(elements(group))
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


def _certificates(parent: etree._Element | None) -> tuple[CertificateDigest, ...]:
    out: list[CertificateDigest] = []
    for name in ("SigningCertificateV2", "SigningCertificate"):
        listed = _one(parent, name)
        for entry in () if listed is None else elements(listed):
            digest = _one(entry, "CertDigest")
            method = None if digest is None else digest.find(ds("DigestMethod"))
            value = None if digest is None else digest.find(ds("DigestValue"))
            if entry.tag != xades("Cert") or method is None or value is None:
                raise Refusal("xades.structure", element=name)
            uri = str(method.get("Algorithm"))
            algorithm = DIGESTS.get(uri)
            if algorithm is None:
                raise Refusal.of_algorithm(uri, name)
            out.append(CertificateDigest(algorithm, decode_base64(value)))
    return tuple(out)


def _texts(parent: etree._Element | None, groups: Sequence[str], name: str) -> tuple[str, ...]:
    out: list[str] = []
    for group in groups:
        element = _one(parent, group)
        if element is not None:
            out.extend("".join(_strings(item)).strip() for item in element.iter(xades(name)))
    return tuple(text for text in out if text)


def _strings(element: etree._Element) -> Sequence[str]:
    return [str(text) for text in element.itertext(tag=etree.Element)] if len(element) else [element.text or ""]


def _place(parent: etree._Element | None) -> list[str]:
    element = _one(parent, "SignatureProductionPlaceV2")
    if element is None:
        element = _one(parent, "SignatureProductionPlace")
    if element is None:
        return []
    return [text_of(part).strip() for part in elements(element) if str(part.tag).startswith("{" + XADES)]


def parse_time(text: str) -> datetime | None:
    """An ``xs:dateTime`` with a zone; ``None`` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and "T" in text else None
