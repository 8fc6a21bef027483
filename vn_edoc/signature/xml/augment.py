"""``extend_xml``: a finished signature raised to B-T, B-LT or B-LTA, or its archive time-stamp renewed.

ETSI EN 319 132-1 clauses 5.3 to 5.5: only unsigned properties are added, behind those that are there, so everything
that was signed or time-stamped before stays what it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from vn_edoc.envelope.hashing import Digest
from vn_edoc.errors import NotConforming, SigningError, UsageError
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Settings, make_settings
from vn_edoc.signature.path import validate_path
from vn_edoc.signature.result import Level, SignatureResult
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.api import Target, XmlSigning, deliver
from vn_edoc.signature.xml.core import Detached
from vn_edoc.signature.xml.countersign import Room
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.document import Target as Pointed
from vn_edoc.signature.xml.extend import (
    authority_data,
    missing_timestamper,
    missing_trust,
    stamp,
    timestamp_data,
    value_parts,
    wanted_level,
)
from vn_edoc.signature.xml.judging import Judged
from vn_edoc.signature.xml.levels import archived_octets
from vn_edoc.signature.xml.names import xades
from vn_edoc.signature.xml.opened import open_document
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.unsigned import unsigned_insertion
from vn_edoc.signature.xml.verify import find_signatures, judge_tree, verify_xml
from vn_edoc.xml.c14n import Canonicalization, Piece
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.source import Source, open_source
from vn_edoc.xml.splice import Insertion, spliced

__all__ = ["Augmentation", "aextend_xml", "extend_xml", "make_augmentation"]

_LADDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """What a signature is to be raised to, and with what; checked."""

    level: Level
    """Level asked for, B-T at least."""
    timestamper: TimeStamper | None
    """Source of time-stamps."""
    settings: Settings
    """Trust, evidence and services."""

    def apply(self, document: Document, judged: Judged, detached: Detached | None = None) -> Insertion:
        """What has to be put into the signature ``judged`` of ``document``.

        Raises :class:`~vn_edoc.errors.NotConforming` for a signature that cannot be raised,
        :class:`~vn_edoc.errors.UsageError` when it has the level already, and
        :class:`~vn_edoc.errors.SigningError` when proof or validation data are missing.
        """
        _fit(judged.result, self.level)
        assert judged.properties is not None
        qualifying = judged.properties.signed.getparent()
        assert qualifying is not None
        return unsigned_insertion(qualifying, "".join(_Raise(self, document, judged, detached).markup()))


def make_augmentation(
    level: str,
    timestamper: TimeStamper | None,
    trust: TrustStore | None,
    evidence: Evidence | None,
    fetcher: Fetcher | None,
    limits: Limits | None,
) -> Augmentation:
    """Check the arguments that the extending functions take; :class:`UsageError` names the wrong one."""
    wanted = wanted_level(level)
    if wanted is Level.B:
        raise UsageError(
            "a signature is raised to B-T, B-LT or B-LTA",
            "chữ ký được nâng lên mức B-T, B-LT hoặc B-LTA",
            field="level",
            value=level,
        )
    if wanted in (Level.LT, Level.LTA) and not trust:
        raise missing_trust(wanted)
    if wanted is not Level.LT and timestamper is None:
        raise missing_timestamper(wanted)
    return Augmentation(wanted, timestamper, make_settings(trust, evidence, fetcher, None, None, limits))


def _fit(result: SignatureResult, wanted: Level) -> None:
    """Refuse a signature that is broken, no XAdES baseline signature, or high enough already."""
    if result.intact is not True:
        why = _gravest(result.findings)
        raise NotConforming(
            f"the signature does not verify, so it is not raised: {why.message_en if why else '-'}",
            f"chữ ký không hợp lệ nên không nâng mức: {why.message_vi if why else '-'}",
            findings=result.findings,
        )
    if result.level is None:
        raise NotConforming(
            "only a XAdES baseline signature can be raised: this one has no signed certificate and signing time",
            "chỉ nâng mức được chữ ký XAdES mức cơ sở: chữ ký này không có chứng thư và thời điểm ký đã được ký",
            findings=result.findings,
        )
    if _LADDER.index(result.level) >= _LADDER.index(wanted) and wanted is not Level.LTA:
        raise UsageError(
            f"the signature is at {result.level.value} already",
            f"chữ ký đã ở mức {result.level.value}",
            field="level",
            value=wanted.value,
        )


def _gravest(findings: Iterable[Finding]) -> Finding | None:
    return max(findings, key=lambda f: f.severity.rank, default=None)


class _Raise:
    """Working state of raising one signature."""

    def __init__(self, asked: Augmentation, document: Document, judged: Judged, detached: Detached | None) -> None:
        assert judged.core is not None
        assert judged.properties is not None
        self.asked = asked
        self.document = document
        self.judged = judged
        self.core = judged.core
        self.properties = judged.properties
        self.detached = detached
        self.numbers = 0

    def markup(self) -> Iterator[str]:
        """The new properties in order, each in its canonical form."""
        asked, added = self.asked, ""
        proven = self.judged.result.proven_at
        stamps = [s for s in self.judged.levels.stamps if s.result.intact and s.result.trusted is not False]
        signer = self._signer()
        if proven is None and (asked.settings.trust or not stamps):
            made, stamped = self._stamp("SignatureTimeStamp", self._value())
            stamps.append(stamped)
            added += made
            yield made
        if asked.level is Level.T:
            return
        held = self.judged.levels.embedded
        authorities = Evidence()
        for one in stamps:
            authorities = authorities | authority_data(one)
        data = self._data(_without(signer, held), _without(authorities, held | signer))
        added += data
        yield data
        if asked.level is Level.LTA:
            yield self._stamp("ArchiveTimeStamp", self._archived(added))[0]

    def _signer(self) -> Evidence:
        """The signer's validation data, for the proven time or now."""
        settings, result = self.asked.settings, self.judged.result
        if settings.trust is None:
            return Evidence()
        moment = result.proven_at or settings.at
        path = validate_path(
            self.judged.certificate or b"",
            self.judged.certificates,
            at=moment,
            trust=settings.trust,
            evidence=settings.evidence | self.judged.levels.embedded,
            fetcher=settings.fetcher,
            policy=settings.policy,
            claimed=min(result.signed_at, moment) if result.signed_at is not None else None,
            limits=settings.limits,
            where=Location(path="signer"),
        )
        long_term = self.asked.level is not Level.T
        if path.trusted is not True or (long_term and not path.revocation_known):
            why = _gravest(path.findings)
            raise SigningError(
                f"the signer's path or revocation status cannot be established: {why.message_en if why else '-'}",
                f"chưa xác lập được đường dẫn chứng thực hoặc tình trạng thu hồi của người ký: "
                f"{why.message_vi if why else '-'}",
                field="evidence",
                rule=None if why is None else why.rule,
            )
        return path.evidence

    def _data(self, signer: Evidence, authorities: Evidence) -> str:
        """Validation data. There is one ``CertificateValues`` and one ``RevocationValues`` at most: what comes later
        stands with the data of time-stamps."""
        present = {element.tag for element in self.properties.unsigned}
        own: list[str] = []
        if xades("CertificateValues") in present:
            authorities = authorities | Evidence(certificates=signer.certificates)
        else:
            own += value_parts(Evidence(certificates=signer.certificates))
        if xades("RevocationValues") in present:
            authorities = authorities | Evidence(crls=signer.crls, ocsps=signer.ocsps)
        else:
            own += value_parts(Evidence(crls=signer.crls, ocsps=signer.ocsps))
        return timestamp_data(authorities) + "".join(own)

    def _stamp(self, name: str, pieces: Iterator[Piece]) -> tuple[str, Any]:
        timestamper = self.asked.timestamper
        if timestamper is None:
            raise missing_timestamper(self.asked.level)
        taken, stem = self.document.ids, f"{self.core.parts.id}-t"
        while f"{stem}{self.numbers}" in taken:
            self.numbers += 1
        identifier = f"{stem}{self.numbers}"
        self.numbers += 1
        return stamp(name, identifier, pieces, timestamper, self.asked.settings)

    def _value(self) -> Iterator[Piece]:
        value = Pointed(self.core.parts.value_element, False, False)
        return self.document.pieces(value, Canonicalization.EXCLUSIVE)

    def _archived(self, added: str) -> Iterator[Piece]:
        unsigned = self.properties.unsigned
        method = Canonicalization.EXCLUSIVE
        return archived_octets(self.document, self.core, self.properties, unsigned, method, self.detached, added)


def _without(data: Evidence, held: Evidence) -> Evidence:
    """What is not held yet."""
    return Evidence(
        certificates=tuple(c for c in data.certificates if c not in held.certificates),
        crls=tuple(c for c in data.crls if c not in held.crls),
        ocsps=tuple(c for c in data.ocsps if c not in held.ocsps),
    )


def extend_xml(
    source: Source,
    target: Target,
    level: str = "B-LTA",
    *,
    signature: str | None = None,
    timestamper: TimeStamper | None = None,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    limits: Limits | None = None,
) -> XmlSigning:
    """Raise a finished XAdES signature of an XML document to ``level``, or renew its archive time-stamp.

    ``level``: ``B-T``, ``B-LT`` or ``B-LTA``; a signature that is B-LTA already gets one more archive time-stamp over
    all that is there, with the validation data of the last one (ETSI EN 319 132-1 clause 5.5.2), which has to be done
    before the authority's certificate or the algorithms come to their end. ``signature``: its ``Id``, where the
    document has several; counter-signatures cannot be raised. ``timestamper`` is needed for B-T and B-LTA, and for B-LT
    where there is no time-stamp yet; ``trust``, with revocation data in ``evidence`` or through ``fetcher``, for B-LT
    and B-LTA. With ``trust`` the signer's certificate must be good at the proven time, or now.

    No octet of the source is changed, properties are only put in; the result is verified before it is delivered, and
    the target appears whole or not at all. Raises :class:`~vn_edoc.errors.NotConforming` for what is no XAdES
    signature, does not verify or is covered by a later signature, :class:`~vn_edoc.errors.UsageError` when it has the
    level already or an argument is wrong, :class:`~vn_edoc.errors.SigningError` when a time-stamp or validation data
    are not to be had, :class:`~vn_edoc.errors.TransportError` when the authority does not answer,
    :class:`~vn_edoc.errors.SourceError` for files.
    """
    asked = make_augmentation(level, timestamper, trust, evidence, fetcher, limits)
    bounds = asked.settings.limits
    opened = open_source(source, bounds)
    try:
        octets = opened.at(0, opened.size)
        before = verify_xml(octets, limits=bounds)
        try:
            document = open_document(opened, bounds)
        except Refusal as refusal:
            raise NotConforming(
                f"the XML cannot be read: {refusal.finding.message_en}",
                f"không đọc được XML: {refusal.finding.message_vi}",
                findings=(refusal.finding,),
            ) from None
        judged, _ = judge_tree(
            document, *_chosen(document.root, signature, asked.settings), Room(asked.settings.limits)
        )
        try:
            insertion = asked.apply(document, judged)
        except Refusal as refusal:
            raise NotConforming(
                refusal.finding.message_en, refusal.finding.message_vi, findings=(refusal.finding,)
            ) from None
        raised = b"".join(spliced(Skeleton(octets, "\0"), document.root, [insertion]))
    finally:
        opened.close()
    _unharmed(before.signatures, verify_xml(raised, limits=bounds).signatures)
    deliver(raised, target)
    result = judged.result
    assert result.signed_at is not None
    return XmlSigning(
        result.name,
        asked.level,
        result.signed_at.astimezone(VIETNAM),
        len(raised),
        Digest([raised]),
        tuple(f for f in result.findings if f.severity.rank > Severity.INFO.rank),
    )


async def aextend_xml(source: Source, target: Target, level: str = "B-LTA", **options: Any) -> XmlSigning:
    """:func:`extend_xml` in a thread of its own, for async hosts."""
    return await asyncio.to_thread(extend_xml, source, target, level, **options)


def _chosen(
    root: etree._Element, name: str | None, settings: Settings
) -> tuple[etree._Element, Settings, list[etree._Element]]:
    signatures = find_signatures(root)
    if not signatures:
        raise NotConforming("there is no XML signature", "không có chữ ký XML")
    wanted = [s for s in signatures if name is None or s.get("Id") == name]
    if len(wanted) != 1:
        known = ", ".join(str(s.get("Id") or "-") for s in signatures)
        raise UsageError(
            f"signature must be the Id of one of the document's signatures: {known}",
            f"signature phải là Id của một chữ ký trong tài liệu: {known}",
            field="signature",
            value=name,
        )
    return wanted[0], settings, signatures


def _unharmed(before: tuple[SignatureResult, ...], after: tuple[SignatureResult, ...]) -> None:
    """Every signature and time-stamp that held must hold still: a later signature may cover the one that was raised."""
    if len(before) != len(after):
        raise NotConforming(
            "the document cannot be read any more with what would be put in: it passes a bound",
            "tài liệu sau khi thêm dữ liệu không đọc được nữa vì vượt giới hạn",
        )
    for old, new in zip(before, after, strict=True):
        held = {(t.kind, t.name) for t in old.timestamps if t.intact}
        if old.intact == new.intact and held <= {(t.kind, t.name) for t in new.timestamps if t.intact}:
            continue
        raise NotConforming(
            f"the signature {new.name} covers the one that is to be raised, and would be broken by it",
            f"chữ ký {new.name} bao trùm chữ ký cần nâng mức và sẽ bị hỏng",
            findings=new.findings,
        )
