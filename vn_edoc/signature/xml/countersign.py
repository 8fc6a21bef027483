"""Counter-signatures: signatures over the value of another signature (ETSI EN 319 132-1 clause 5.2.7).

Each is judged by itself. It says that its signer has seen the other signature, nothing of the content, and can be added
by anybody: so it neither adds to what it signs nor takes from it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.judgement import Settings
from vn_edoc.signature.result import Changes, Indication, SignatureResult
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.judging import Judged, judge_signature
from vn_edoc.signature.xml.names import COUNTERSIGNED_TYPE, ds, xades
from vn_edoc.signature.xml.place import path_of, unknown_content
from vn_edoc.signature.xml.problems import finding
from vn_edoc.signature.xml.properties import Properties

__all__ = ["CounterSignatures", "Room", "Standing", "counter_signatures"]

_SHOWN = 20
"""Paths told of a counter-signature."""


@dataclass(frozen=True, slots=True)
class CounterSignatures:
    """The counter-signatures inside of a signature."""

    judged: tuple[Judged, ...] = ()
    """Each judged by itself; those of a counter-signature follow later."""
    findings: tuple[Finding, ...] = ()
    """Which of them do not hold, and whether some were left out."""


class Room:
    """How many more counter-signatures are judged: in a whole document or packet as many as signatures."""

    __slots__ = ("left",)

    def __init__(self, limits: Limits) -> None:
        self.left = limits.signatures


def counter_signatures(
    document: Document,
    element: etree._Element,
    settings: Settings,
    outer: SignatureResult,
    where: Location,
    room: Room,
) -> CounterSignatures:
    """Judge the counter-signatures inside of ``element``, whose result is ``outer``, and theirs, while there is room.
    Never raises for content. ``where``: the file that they stand in."""
    judged: list[Judged] = []
    findings: list[Finding] = []
    waiting: deque[tuple[etree._Element, SignatureResult]] = deque([(element, outer)])
    while waiting:
        signature, result = waiting.popleft()
        for inner in _inside(signature):
            if room.left <= 0:
                met = settings.limits.signatures + 1
                findings.append(finding("xmldsig.limit", where, bound="signatures", met=met))
                return CounterSignatures(tuple(judged), tuple(findings))
            room.left -= 1
            place = replace(where, signature=str(inner.get("Id") or path_of(inner)))
            one = judge_signature(document, inner, settings, _placing(signature), kind=outer.kind, where=place)
            one = _countersigning(one, result.name)
            findings.extend(_said_of(one.result, place))
            judged.append(one)
            waiting.append((inner, one.result))
    return CounterSignatures(tuple(judged), tuple(findings))


def _inside(signature: etree._Element) -> Iterator[etree._Element]:
    """The counter-signatures of a signature, without those of its counter-signatures."""
    for holder in signature.iter(xades("CounterSignature")):
        inner = holder.find(ds("Signature"))
        if inner is not None and next(holder.iterancestors(ds("Signature"))) is signature:
            yield inner


def _placing(
    signature: etree._Element,
) -> Callable[[CoreSignature, Properties | None], tuple[Changes, bool, list[Finding]]]:
    value = signature.find(ds("SignatureValue"))

    def placing(core: CoreSignature, properties: Properties | None) -> tuple[Changes, bool, list[Finding]]:
        targets = [c.target.element for c in core.references if c.target is not None and c.ok]
        if value is not None and any(target is value for target in targets):
            return _beside(core, properties, targets)
        return Changes.UNKNOWN, False, [finding("xades.counter_signature", reason="SignatureValue")]

    return placing


def _beside(
    core: CoreSignature, properties: Properties | None, covered: Iterable[etree._Element]
) -> tuple[Changes, bool, list[Finding]]:
    """What a counter-signature holds and does not cover."""
    paths = tuple(islice(unknown_content(core, properties, covered), _SHOWN))
    found = [finding("xmldsig.uncovered", Location(path=path), path=path) for path in paths]
    return (Changes.FORBIDDEN if paths else Changes.NONE), True, found


def _countersigning(judged: Judged, name: str) -> Judged:
    return replace(judged, result=replace(judged.result, countersigns=name))


def _said_of(result: SignatureResult, where: Location) -> Iterator[Finding]:
    """What is to be said beside the signature that it signs: that a counter-signature does not hold."""
    if result.intact is not True or result.indication is Indication.TOTAL_FAILED:
        yield finding("xades.counter_signature", where, reason=str(result.sub_indication or result.indication))


class Standing:
    """Finds the counter-signatures that do not stand inside of what they sign, but say so by the ``Type`` of their
    reference: signatures of a document whose only data is the value of another one of it."""

    def __init__(self, signatures: Iterable[etree._Element]) -> None:
        self._signatures = set(signatures)
        self._signed: etree._Element | None = None

    def place(self, core: CoreSignature, properties: Properties | None) -> tuple[Changes, bool, list[Finding]] | None:
        """What is not covered, whether the structure holds, and findings; ``None`` for any other signature."""
        own = {core.parts.key_info, None if properties is None else properties.signed}
        data = [c for c in core.references if c.target is None or c.target.element not in own]
        if len(data) != 1 or data[0].reference.type != COUNTERSIGNED_TYPE or data[0].target is None:
            return None
        value = data[0].target.element
        signed = value.getparent()
        if value.tag != ds("SignatureValue") or signed is core.parts.element or signed not in self._signatures:
            return None
        self._signed = signed
        return _beside(core, properties, [value])

    def told(self, judged: Judged) -> Judged:
        """The same; as a counter-signature, if :meth:`place` has found it to be one."""
        signed, self._signed = self._signed, None
        return judged if signed is None else _countersigning(judged, str(signed.get("Id") or path_of(signed)))
