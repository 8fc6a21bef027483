"""Gather the facts of one source: read once, verify once, decide nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from vn_edoc import identifiers
from vn_edoc.calendar import OfficeHours, WorkCalendar
from vn_edoc.envelope import Attachment, read
from vn_edoc.errors import LimitExceeded, Unreadable
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.identifiers import BindingResult, Bindings, CertificateSubject
from vn_edoc.signature import SignatureResult, verify_pdf
from vn_edoc.validity.appearance import read_appearances
from vn_edoc.validity.context import Context
from vn_edoc.validity.facts import Facts, FileFacts, PacketFacts
from vn_edoc.validity.packet_facts import packet_facts
from vn_edoc.validity.page import read_page
from vn_edoc.validity.source import Source

if TYPE_CHECKING:
    from vn_edoc.validity.verifier import Verifier

__all__ = ["gather"]

PDF = "application/pdf"


def gather(
    verifier: Verifier, source: Source, at: datetime, known_at: datetime | date | None, context: Context
) -> Facts:
    """The facts of one source. ``Unreadable`` where nothing can be read."""
    if b"%PDF-" in source.head(1024):
        content = source.read(verifier.limits.pdf_bytes)
        file = _pdf_facts(verifier, source.input.name, source.input.size, source.input.sha256, content, at)
        return _facts(verifier, "pdf", at, known_at, context, None, (), (file,), file, False)
    with read(source.argument, limits=verifier.limits) as packet:
        files = tuple(_attachment_facts(verifier, a, at) for a in packet.attachments)
        about = packet_facts(packet)
        main, assumed = _main(files, about)
        facts = _facts(verifier, "packet", at, known_at, context, about, packet.findings, files, main, assumed)
        return replace(facts, message=packet.message)


def _facts(
    verifier: Verifier,
    kind: str,
    at: datetime,
    known_at: datetime | date | None,
    context: Context,
    packet: PacketFacts | None,
    envelope: tuple[Finding, ...],
    files: tuple[FileFacts, ...],
    main: FileFacts | None,
    assumed: bool,
) -> Facts:
    calendar = verifier.calendar if verifier.calendar is not None else WorkCalendar.official(known_at=known_at)
    facts = Facts(
        kind=kind,
        at=at,
        context=context,
        packet=packet,
        envelope=envelope,
        files=files,
        main=main,
        main_assumed=assumed,
        calendar=calendar,
        hours=verifier.hours if verifier.hours is not None else OfficeHours(),
        registry=verifier.registry if verifier.registry is not None else _registry(),
        trust_given=verifier.trust is not None,
    )
    return _bound(verifier, facts)


def _bound(verifier: Verifier, facts: Facts) -> Facts:
    """Ask the register of bindings whose certificate each organisation's signature carries."""
    issuer = facts.issuer
    if issuer is None or not facts.signatures:
        return facts
    # Without a register of its own the host still has the exact names of the bundled registry (R81).
    bindings = verifier.bindings if verifier.bindings is not None else Bindings(registry=facts.registry)
    results: dict[int, BindingResult] = {}
    for index, signature in enumerate(facts.signatures):
        if signature.signer is None or signature.signer.kind != "organisation":
            continue
        signed = signature.proven_at or signature.signed_at
        on = signed.astimezone(VIETNAM).date() if signed is not None else facts.law_date
        results[index] = bindings.check(issuer.code, _subject(signature), on=on)
    return replace(facts, bindings=results)


def _subject(signature: SignatureResult) -> CertificateSubject:
    signer = signature.signer
    assert signer is not None
    return CertificateSubject(
        common_name=signer.name,
        organisations=signer.organisations,
        units=signer.units,
        mst=next(iter(signer.private.values("MST")), None),
        mns=next(iter(signer.private.values("MNS")), None),
        certificate_sha256=signer.certificate_sha256,
    )


def _attachment_facts(verifier: Verifier, attachment: Attachment, at: datetime) -> FileFacts:
    name = attachment.safe_name
    if attachment.sha256 is None:
        return FileFacts(name, None, None, None, damaged=True)
    if attachment.media_type != PDF:
        return FileFacts(name, attachment.media_type, attachment.size, attachment.sha256)
    try:
        content = _content(attachment, verifier.limits.pdf_bytes)
    except (Unreadable, LimitExceeded) as error:
        finding = Finding(
            "source.unreadable",
            Severity.ERROR,
            Location(attachment=name),
            f"Không đọc được tệp đính kèm: {error.message_vi}",
            f"The attachment cannot be read: {error.message_en}",
        )
        return FileFacts(name, PDF, attachment.size, attachment.sha256, damaged=True, findings=(finding,))
    return _pdf_facts(verifier, name, len(content), attachment.sha256, content, at)


def _content(attachment: Attachment, limit: int) -> bytes:
    with attachment.open() as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise LimitExceeded(
            f"the file is larger than {limit} bytes", f"tệp lớn hơn {limit} byte", field="pdf_bytes", value=limit
        )
    return content


def _pdf_facts(verifier: Verifier, name: str, size: int, sha256: str | None, content: bytes, at: datetime) -> FileFacts:
    page = read_page(content, verifier.limits)
    if page is not None and page.secrecy is not None:
        # R01: a state secret is neither verified nor cached.
        return FileFacts(name, PDF, size, sha256, page=page)
    verified = verify_pdf(
        content,
        trust=verifier.trust,
        evidence=verifier.evidence,
        fetcher=verifier.fetcher,
        policy=verifier.policy,
        at=at,
        limits=verifier.limits,
    )
    seen = read_appearances(content, verified.signatures, verifier.limits)
    return FileFacts(name, PDF, size, sha256, False, verified.signatures, verified.findings, page, seen)


def _main(files: Iterable[FileFacts], packet: PacketFacts) -> tuple[FileFacts | None, bool]:
    """Which file is the document itself.

    One PDF is it. Of several, the one whose page 1 carries the packet's number and symbol. Where nothing tells them
    apart the first in the packet's order, never "the one that happens to be signed": else an unsigned document could
    hide behind a signed annex.
    """
    files = tuple(files)
    if not files:
        return None, False
    candidates = [f for f in files if f.media_type == PDF or f.damaged]
    if not candidates:
        return files[0], len(files) > 1
    if len(candidates) == 1:
        return candidates[0], False
    named = [f for f in candidates if f.page is not None and packet.number and _same_number(f, packet)]
    if len(named) == 1:
        return named[0], False
    return candidates[0], True


def _same_number(file: FileFacts, packet: PacketFacts) -> bool:
    page = file.page
    return (
        page is not None
        and (page.number or "").lstrip("0").casefold() == (packet.number or "").strip().lstrip("0").casefold()
        and (page.notation or "").casefold() == (packet.notation or "").strip().casefold()
    )


def _registry() -> Any:
    bundled = getattr(identifiers, "AgencyRegistry", None)
    return bundled.bundled() if bundled is not None else None
