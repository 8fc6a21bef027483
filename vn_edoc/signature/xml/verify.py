"""Verification of XML documents: which signatures there are, what each covers, and the judgement of every one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vn_edoc.errors import LimitExceeded
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Settings, make_settings
from vn_edoc.signature.policy import AlgorithmPolicy
from vn_edoc.signature.result import (
    Changes,
    SignatureResult,
)
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.core import CoreSignature
from vn_edoc.signature.xml.countersign import CounterSignatures, Room, Standing, counter_signatures
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.judging import Judged, judge_signature
from vn_edoc.signature.xml.names import DS, ds
from vn_edoc.signature.xml.opened import SMALL, open_document
from vn_edoc.signature.xml.place import cover, path_of
from vn_edoc.signature.xml.plain import verify_plain
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Properties
from vn_edoc.xml.source import Source, open_source

__all__ = ["XmlVerification", "verify_xml"]


@dataclass(frozen=True, slots=True)
class XmlVerification:
    """All signatures of an XML document, judged."""

    signatures: tuple[SignatureResult, ...]
    """Signatures in document order; counter-signatures follow the one they countersign."""
    findings: tuple[Finding, ...] = ()
    """What concerns the whole document."""
    evidence: Evidence = NO_EVIDENCE
    """Certificates, CRLs, OCSP responses and tokens that the judgement rests on."""


def verify_xml(
    source: Source,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    existed_at: datetime | None = None,
) -> XmlVerification:
    """Verify every XML signature of a document. Never raises for content, fetches nothing that the document names.

    ``source``: path, octets or binary file. The other arguments are those of
    :func:`~vn_edoc.signature.pdf.verify_pdf`. What a reference has signed is in ``references[n].content``; the result's
    ``content`` is that of the first reference to data. Raises :class:`~vn_edoc.errors.SourceError` if the source
    cannot be opened and :class:`~vn_edoc.errors.UsageError` for a wrong argument.
    """
    settings = make_settings(trust, evidence, fetcher, policy, at, limits, existed_at)
    try:
        opened = open_source(source, settings.limits)
    except LimitExceeded as error:
        return XmlVerification((), (finding("xmldsig.limit", bound=error.field, met=error.value),))
    try:
        if opened.size <= min(SMALL, settings.limits.xml_text_chars):
            plain = verify_plain(opened.at(0, opened.size), settings)
            if plain is not None:
                return XmlVerification((plain.result,), (), plain.evidence)
        return _verify(open_document(opened, settings.limits), settings)
    except Refusal as refusal:
        return XmlVerification((), (refusal.finding,))
    except Exception as error:  # the outer boundary of foreign code: what escaped all nets becomes a finding
        return XmlVerification((), (finding("xmldsig.internal", reason=type(error).__name__),))
    finally:
        opened.close()


def _verify(document: Document, settings: Settings) -> XmlVerification:
    signatures = find_signatures(document.root)
    if not signatures:
        foreign = (e for e in document.root.iter("{*}Signature") if _namespace(e) != DS)
        what = [
            finding("xmldsig.foreign_namespace", Location(path=path_of(e)), namespace=_namespace(e)) for e in foreign
        ]
        return XmlVerification((), tuple(what) or (finding("xmldsig.no_signature"),))
    findings: list[Finding] = []
    if len(signatures) > settings.limits.signatures:
        findings.append(finding("xmldsig.limit", bound="signatures", met=len(signatures)))
    evidence = NO_EVIDENCE
    results: list[SignatureResult] = []
    room = Room(settings.limits)
    for element in signatures[: settings.limits.signatures]:
        judged, counter = judge_tree(document, element, settings, signatures, room)
        findings.extend(counter.findings)
        for one in (judged, *counter.judged):
            results.append(one.result)
            evidence = evidence | one.evidence
    return XmlVerification(tuple(results), tuple(findings), evidence)


def find_signatures(root: etree._Element) -> list[etree._Element]:
    """Signatures that stand by themselves.

    A signature inside another one is that one's content or counter-signature, and is judged with it.
    """
    name = ds("Signature")
    return [e for e in root.iter(name) if next(e.iterancestors(name), None) is None]


def _namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def judge_tree(
    document: Document, element: etree._Element, settings: Settings, own: Sequence[etree._Element], room: Room
) -> tuple[Judged, CounterSignatures]:
    """A signature, and the counter-signatures in it. ``own``: all signatures judged by themselves."""
    standing = Standing(own)

    def placing(core: CoreSignature, properties: Properties | None) -> tuple[Changes, bool, list[Finding]]:
        return standing.place(core, properties) or _placed(document, core, properties, own)

    judged = standing.told(judge_signature(document, element, settings, placing))
    return judged, counter_signatures(document, element, settings, judged.result, Location(), room)


def _placed(
    document: Document, core: CoreSignature, properties: Properties | None, own: Iterable[etree._Element]
) -> tuple[Changes, bool, list[Finding]]:
    coverage = cover(document, core, properties, own)
    holds = coverage.signs_content and not coverage.wrapped
    if coverage.uncovered or coverage.wrapped:
        changes = Changes.FORBIDDEN
    elif coverage.instructions or coverage.comments:
        changes = Changes.SUSPICIOUS
    elif coverage.around:
        changes = Changes.ALLOWED
    else:
        changes = Changes.NONE
    return changes, holds, list(coverage.findings())
