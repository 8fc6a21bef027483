"""Core validation (XML Signature section 3.2) with closed lists: every reference, then the signature value."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from lxml import etree

from vn_edoc.findings import Finding
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.algorithms import DIGESTS, ENVELOPED, SIGNATURES, verify_value
from vn_edoc.signature.xml.document import Document, Target
from vn_edoc.signature.xml.names import MANIFEST_TYPE
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.signed_info import Reference, SignedInfo, Transform, read_signed_info
from vn_edoc.signature.xml.structure import SignatureElement, decode_base64, read_signature
from vn_edoc.xml.c14n import Canonicalization

__all__ = [
    "CheckedReference",
    "Core",
    "CoreSignature",
    "Detached",
    "DetachedData",
    "open_signature",
    "transform_plan",
]


class DetachedData(Protocol):
    """Octets that stand beside the signature file."""

    def digest(self, name: str) -> bytes:
        """Their digest, by its name in :data:`~vn_edoc.signature.xml.algorithms.DIGESTS`."""
        ...

    def pieces(self) -> Iterable[bytes]:
        """The octets themselves."""
        ...


Detached = Callable[[str], DetachedData | None]
"""Gives the data of a detached reference by its URI, ``None`` when it points at nothing that belongs here."""


class CheckedReference(NamedTuple):
    """A reference and what became of it."""

    reference: Reference
    """As signed."""
    ok: bool | None
    """Whether the digest matches; ``None`` when it could not be computed."""
    target: Target | None
    """What it points at in the document; ``None`` when detached or not found."""
    octets: bytes | None
    """The verified octets, if they match and were kept."""
    digest: bytes | None
    """The computed digest."""
    findings: tuple[Finding, ...] = ()
    """Why it does not match."""


@dataclass(frozen=True, slots=True)
class Core:
    """What core validation asks of a signature, wherever it was read from."""

    value: bytes
    """The decoded signature value."""
    signed_info: SignedInfo
    """What its value covers."""
    references: tuple[CheckedReference, ...]
    """Every reference, in order."""

    def value_verifies(self, public_key: object) -> bool:
        """Whether the signature value verifies with that key; :class:`Refusal` for an algorithm we do not compute."""
        method = SIGNATURES.get(self.signed_info.signature_method)
        if method is None:
            raise Refusal.of_algorithm(self.signed_info.signature_method, "SignatureMethod")
        return verify_value(public_key, method, self.value, self.signed_info.octets)

    @property
    def references_verify(self) -> bool | None:
        """Whether all references match; ``None`` when none failed and at least one could not be computed."""
        states = [checked.ok for checked in self.references]
        return False if False in states else None if None in states else True


@dataclass(frozen=True, slots=True)
class CoreSignature(Core):
    """A signature of a tree that could be read, with its references checked."""

    parts: SignatureElement
    """Its elements."""


def open_signature(
    document: Document, element: etree._Element, limits: Limits, detached: Detached | None = None
) -> CoreSignature:
    """Read a ``ds:Signature`` and compute all its references. :class:`Refusal` when it cannot be read."""
    parts = read_signature(element)
    value = decode_base64(parts.value_element)
    signed_info = read_signed_info(parts.signed_info, limits)
    checked = tuple(_check(document, element, reference, detached) for reference in signed_info.references)
    return CoreSignature(value, signed_info, checked, parts)


def _check(
    document: Document, signature: etree._Element, reference: Reference, detached: Detached | None
) -> CheckedReference:
    target: Target | None = None
    try:
        if reference.uri is None:
            raise Refusal("xmldsig.external_reference", uri="")
        name = DIGESTS.get(reference.digest_method)
        if name is None:
            raise Refusal.of_algorithm(reference.digest_method, "DigestMethod")
        if detached is not None and reference.uri and not reference.uri.startswith("#"):
            if reference.transforms:
                raise _wrong_transforms(reference)
            data = detached(reference.uri)
            if data is None:
                raise Refusal("xmldsig.external_reference", uri=reference.uri)
            return _judged(reference, None, data.digest(name), None)
        target = document.target(reference.uri)
        if reference.type == MANIFEST_TYPE:
            raise Refusal("xmldsig.manifest", uri=reference.uri)
        plan = _planned(signature, reference, target)
        octets = document.octets(target, *plan) if document.retains else None
        checked = _judged(reference, target, document.digest(name, target, *plan), octets)
        if checked.ok:
            return checked
        return _diagnose(document, signature, reference, target, name, checked)
    except Refusal as refusal:
        return CheckedReference(reference, refusal.verdict, target, None, None, (refusal.finding,))


def _planned(
    signature: etree._Element, reference: Reference, target: Target
) -> tuple[Canonicalization, tuple[str, ...], etree._Element | None]:
    """How a same-document reference is canonicalised, and what is left out."""
    enveloped, method, prefixes = transform_plan(reference)
    if not enveloped:
        return method, prefixes, None
    if not any(ancestor is target.element for ancestor in signature.iterancestors()):
        # The signature is not inside of what it says it stands in: one of the two has been moved.
        raise Refusal("xmldsig.wrapped", path=reference.uri)
    return method, prefixes, signature


def transform_plan(reference: Reference) -> tuple[bool, Canonicalization, tuple[str, ...]]:
    """Whether the signature is left out, and how the rest is canonicalised; :class:`Refusal` for anything else."""
    steps = reference.transforms
    for step in steps:
        if step.algorithm != ENVELOPED and step.algorithm not in _METHODS:
            raise Refusal.of_algorithm(step.algorithm, "Transform")
    enveloped = bool(steps) and steps[0].algorithm == ENVELOPED
    last: tuple[Transform, ...] = steps[1:] if enveloped else steps
    if len(last) > 1 or (last and last[0].algorithm == ENVELOPED):
        raise _wrong_transforms(reference)
    if not last:
        return enveloped, Canonicalization.INCLUSIVE, ()
    return enveloped, _METHODS[last[0].algorithm], last[0].prefixes


_METHODS = {method.value: method for method in Canonicalization}


def _wrong_transforms(reference: Reference) -> Refusal:
    return Refusal(
        "xmldsig.transforms", uri=reference.uri or "", transforms=" ".join(t.algorithm for t in reference.transforms)
    )


def _judged(reference: Reference, target: Target | None, computed: bytes, octets: bytes | None) -> CheckedReference:
    if hmac.compare_digest(computed, reference.digest_value):
        return CheckedReference(reference, True, target, octets, computed)
    wrong = finding("xmldsig.digest", uri=reference.uri or "")
    return CheckedReference(reference, False, target, None, computed, (wrong,))


def _diagnose(
    document: Document,
    signature: etree._Element,
    reference: Reference,
    target: Target,
    name: str,
    checked: CheckedReference,
) -> CheckedReference:
    """Try what careless signing software is known to do, to say what is wrong. The verdict stays."""
    enveloped, declared, _ = transform_plan(reference)
    other = Canonicalization.INCLUSIVE if declared.exclusive else Canonicalization.EXCLUSIVE
    computed = document.digest(name, target, other, (), signature if enveloped else None)
    if not hmac.compare_digest(computed, reference.digest_value):
        return checked
    why = finding("xmldsig.undeclared_canonicalization", uri=reference.uri or "", method=other.value)
    return CheckedReference(reference, False, target, None, checked.digest, (*checked.findings, why))
