"""Gather the facts of one source: read once, verify once, decide nothing.

What verifies signatures and reads pages is imported when there is one to look at.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import vn_edoc.signature
from vn_edoc.envelope import DocumentMessage, read
from vn_edoc.errors import LimitExceeded, Unreadable, UsageError
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.identifiers import AgencyRegistry
from vn_edoc.signature.evidence import NO_EVIDENCE
from vn_edoc.signature.packet.presence import may_be_signed
from vn_edoc.validity.facts import Facts, FileFacts, PacketFacts
from vn_edoc.validity.packet_facts import packet_facts

if TYPE_CHECKING:
    from vn_edoc.envelope import Attachment, Packet
    from vn_edoc.identifiers import BindingResult, CertificateSubject
    from vn_edoc.signature import SignatureResult
    from vn_edoc.validity.context import Context
    from vn_edoc.validity.page import PageFacts
    from vn_edoc.validity.pdfium import PageLibraryFailed
    from vn_edoc.validity.source import Source
    from vn_edoc.validity.verifier import Verifier

__all__ = ["gather"]

T = TypeVar("T")

PDF = "application/pdf"
CMS = "application/pkcs7-signature"
XML = "application/xml"

_SAID_BY_READER = frozenset({"packet.empty_signature", "packet.placeholder", "packet.malformed"})
"""The packet's reader reports these states as R64 already."""


def gather(
    verifier: Verifier,
    source: Source,
    at: datetime,
    known_at: datetime | date | None,
    context: Context,
    content: Source | None = None,
) -> Facts:
    """The facts of one source. ``Unreadable`` where nothing can be read; ``UsageError`` for ``content`` beside anything
    but a CMS signature."""
    return _Gathering(verifier, at, known_at, context).of(source, content)


@dataclass
class _Gathering:
    """One judging: its settings, and the evidence that the verifiers used."""

    verifier: Verifier
    at: datetime
    known_at: datetime | date | None
    context: Context

    def __post_init__(self) -> None:
        self.evidence = NO_EVIDENCE
        self.undrawn: dict[str, Finding] = {}
        """Files over which the library that reads pages failed: such a file is not shown to it again."""

    def of(self, source: Source, content_of: Source | None = None) -> Facts:
        head = source.head(1024)
        if head[:1] == b"\x30" or head.lstrip().startswith((b"-----BEGIN PKCS7", b"-----BEGIN CMS")):
            signed_file = None if content_of is None else content_of.argument
            return self.lone("cms", source, CMS, self.judge("cms", source.argument, signed_file))
        if content_of is not None:
            raise UsageError(
                "content goes with a detached CMS signature (.p7s), and the source is none",
                "tệp nội dung chỉ đi kèm chữ ký rời CMS (.p7s), mà tệp kiểm tra không phải loại đó",
                field="content",
            )
        if b"%PDF-" in head:
            from vn_edoc.validity.page import read_page

            content = source.read(self.verifier.limits.pdf_bytes)
            page = self.drawn(source.input.name, lambda: read_page(content, self.verifier.limits))
            if page is not None and page.secrecy is not None:
                file = FileFacts(source.input.name, PDF, source.input.size, source.input.sha256, page=page)
            else:
                file = self.pdf(source.input.name, source.input.size, source.input.sha256, content, page)
            return self.facts("pdf", files=(file,), main=file)
        try:
            packet = read(source.argument, limits=self.verifier.limits)
        except Unreadable:
            signed = self.judge("xml", source.argument) if b"<" in head else None
            if signed is None or not signed.signatures:
                raise
            return self.lone("xml", source, XML, signed)
        with packet:
            return self.packet(packet)

    def judge(self, kind: str, *subject: Any) -> Any:
        """The verifier of ``vn_edoc.signature`` for that kind on ``subject``, with this judging's settings."""
        verifier = self.verifier
        verified = getattr(vn_edoc.signature, f"verify_{kind}")(
            *subject,
            trust=verifier.trust,
            evidence=verifier.evidence,
            fetcher=verifier.fetcher,
            policy=verifier.policy,
            at=self.at,
            limits=verifier.limits,
            existed_at=self.context.receipt_evidence_at,
        )
        self.evidence = self.evidence | verified.evidence
        return verified

    def lone(self, kind: str, source: Source, media_type: str, verified: Any) -> Facts:
        about = source.input
        file = FileFacts(
            about.name, media_type, about.size, about.sha256, False, verified.signatures, verified.findings
        )
        return self.facts(kind, files=(file,), main=file)

    def packet(self, packet: Packet) -> Facts:
        about = packet_facts(packet)
        pdfs = [a for a in packet.attachments if a.media_type == PDF and a.sha256 is not None]
        pages = {a.index: self.page(a, len(pdfs) > 1) for a in pdfs}
        marked = any(page is not None and page.secrecy is not None for page in pages.values())
        if marked or about.secrecy is not None:
            # R01: nothing of a state secret is verified, fetched for, drawn or kept.
            files = tuple(replace(_plain(a), page=pages.get(a.index)) for a in packet.attachments)
            main, _ = _main(files, about)
            return self.facts(
                "packet",
                packet=replace(about, subject=None, signer=None, position=None),
                message=_for_an_answer(packet.message),
                envelope=packet.findings,
                files=files,
                main=main,
            )
        files = self.attachments(packet.attachments, pages)
        main, assumed = _main(files, about)
        sealed = self.judge("packet", packet) if may_be_signed(packet) else None
        told = () if sealed is None else sealed.findings
        return self.facts(
            "packet",
            packet=about,
            message=packet.message,
            envelope=(*packet.findings, *(f for f in told if f.rule not in _SAID_BY_READER)),
            files=files,
            main=main,
            main_assumed=assumed,
            packet_signatures=() if sealed is None else sealed.signatures,
        )

    def page(self, attachment: Attachment, several: bool) -> PageFacts | None:
        """Page 1 of an attached PDF, before anything else is done with it."""
        from vn_edoc.validity.page import read_page

        try:
            content = self.content(attachment)
        except (Unreadable, LimitExceeded):
            return None
        name, limits = attachment.safe_name, self.verifier.limits
        return self.drawn(name, lambda: read_page(content, limits, several=several))

    def drawn(self, name: str, read_pages: Callable[[], T]) -> T | None:
        """What is read from the pages of a file; ``None``, and a finding, where the library for it fails."""
        from vn_edoc.validity.pdfium import PageLibraryFailed

        if name in self.undrawn:
            return None
        try:
            return read_pages()
        except PageLibraryFailed as error:
            self.undrawn[name] = _undrawn(name, error)
            return None

    def attachments(
        self, attachments: Sequence[Attachment], pages: Mapping[int, PageFacts | None]
    ) -> tuple[FileFacts, ...]:
        """Files in the packet's order; a detached CMS signature counts as a signature of the file it is named after."""
        by_name = {a.safe_name: a for a in attachments}
        files: list[FileFacts] = []
        detached: dict[str, list[SignatureResult]] = {}
        for attachment in attachments:
            signed = by_name.get(attachment.safe_name[:-4]) if attachment.safe_name.lower().endswith(".p7s") else None
            if signed is None or attachment.sha256 is None or signed.sha256 is None:
                files.append(self.attachment(attachment, pages.get(attachment.index)))
                continue
            try:
                verified = self.judge("cms", self.content(attachment), self.content(signed))
            except (Unreadable, LimitExceeded) as error:
                files.append(_unread(attachment, error))
                continue
            detached.setdefault(signed.safe_name, []).extend(verified.signatures)
            files.append(_plain(attachment))
        return tuple(
            replace(f, signatures=(*f.signatures, *detached[f.name])) if f.name in detached else f for f in files
        )

    def attachment(self, attachment: Attachment, page: PageFacts | None) -> FileFacts:
        if attachment.sha256 is None:
            return FileFacts(attachment.safe_name, None, None, None, damaged=True)
        try:
            if attachment.media_type == PDF:
                content = self.content(attachment)
                return self.pdf(attachment.safe_name, len(content), attachment.sha256, content, page)
            if attachment.safe_name.lower().endswith((".p7m", ".p7s")):
                verified = self.judge("cms", self.content(attachment))
                return replace(
                    _plain(attachment), media_type=CMS, signatures=verified.signatures, findings=verified.findings
                )
        except (Unreadable, LimitExceeded) as error:
            return _unread(attachment, error)
        return _plain(attachment)

    def content(self, attachment: Attachment) -> bytes:
        limit = self.verifier.limits.pdf_bytes
        with attachment.open() as stream:
            content: bytes = stream.read(limit + 1)
        if len(content) > limit:
            raise LimitExceeded(
                f"the file is larger than {limit} bytes", f"tệp lớn hơn {limit} byte", field="pdf_bytes", value=limit
            )
        return content

    def pdf(self, name: str, size: int, sha256: str | None, content: bytes, page: PageFacts | None) -> FileFacts:
        from vn_edoc.signature.result import SignedContent
        from vn_edoc.validity.appearance import read_appearances

        limits = self.verifier.limits
        verified = self.judge("pdf", content)
        seen = self.drawn(name, lambda: read_appearances(content, verified.signatures, limits)) or ()
        kept = SignedContent(lambda: io.BytesIO(content), len(content), sha256)
        return FileFacts(name, PDF, size, sha256, False, verified.signatures, verified.findings, page, seen, kept)

    def facts(self, kind: str, **known: Any) -> Facts:
        verifier = self.verifier
        facts = Facts(
            kind=kind,
            at=self.at,
            context=self.context,
            calendar=verifier.calendar,
            known_at=self.known_at,
            hours=verifier.hours or verifier.pack.hours,
            urgent_grace=verifier.pack.urgent_grace,
            refusal_within=verifier.pack.refusal_within,
            pack_paper_lists=verifier.pack.paper_lists,
            registry=verifier.registry if verifier.registry is not None else AgencyRegistry.bundled(),
            trust_given=bool(verifier.trust),
            evidence=self.evidence,
            **known,
        )
        return self.told(self.as_signed(_bound(verifier, facts)))

    def as_signed(self, facts: Facts) -> Facts:
        """Take page 1 from what the issuing agency signed: marks and numbers that later signatures draw are not its
        own. The names of those who signed later have to be seen on it."""
        main = facts.main
        if main is None or main.media_type != PDF or not facts.late:
            return facts
        content = facts.signatures[max(facts.issuing)].content
        names = [s.signer.name for s in facts.late if s.signer is not None and s.signer.name]
        limits = self.verifier.limits
        page = None
        if content is not None:
            from vn_edoc.validity.page import read_page

            octets = content.read()
            page = self.drawn(main.name, lambda: read_page(octets, limits, names=names))
        return _with_files(facts, {id(main): replace(main, page=page)})

    def told(self, facts: Facts) -> Facts:
        """With what was said of files that could not be drawn."""
        said = {
            id(f): replace(f, findings=(*f.findings, self.undrawn[f.name]))
            for f in facts.files
            if f.name in self.undrawn
        }
        return _with_files(facts, said) if said else facts


def _with_files(facts: Facts, changed: Mapping[int, FileFacts]) -> Facts:
    """The facts with other files in the place of some (by ``id``)."""
    main = None if facts.main is None else changed.get(id(facts.main), facts.main)
    return replace(facts, main=main, files=tuple(changed.get(id(f), f) for f in facts.files))


def _undrawn(name: str, error: PageLibraryFailed) -> Finding:
    if not error.started:
        return Finding(
            "pdf.drawing_failed",
            Severity.WARNING,
            Location(attachment=name),
            f"Không khởi động được thư viện đọc và vẽ trang cho tệp {name}: máy đang thiếu bộ nhớ, luồng hoặc số tệp "
            "được mở; hãy kiểm tra lại sau.",
            f"The library that reads and draws pages cannot be started for the file {name}: the machine is short of "
            "memory, threads or open files; check it again later.",
        )
    why_vi, why_en = ("quá thời gian cho phép", "took too long") if error.late else ("dừng đột ngột", "died")
    return Finding(
        "pdf.drawing_failed",
        Severity.WARNING,
        Location(attachment=name),
        f"Thư viện đọc và vẽ trang {why_vi} khi xử lý tệp {name}; tệp có thể được tạo ra để tấn công phần mềm.",
        f"The library that reads and draws pages {why_en} over the file {name}; it may be made to attack software.",
    )


def _for_an_answer(message: Any) -> Any:
    """Of a message that carries a secret, what a refusal has to name: agencies, number, date, document id."""
    if not isinstance(message, DocumentMessage):
        return None
    kept = {
        name: getattr(message, name) for name in ("sender", "receivers", "document_id", "code", "promulgation_info")
    }
    return DocumentMessage(**kept)


def _bound(verifier: Verifier, facts: Facts) -> Facts:
    """Ask the register of bindings whose certificate each organisation's signature carries."""
    issuer = facts.issuer
    if issuer is None or not (facts.signatures or facts.packet_signatures):
        return facts
    from vn_edoc.identifiers import BindingResult, Bindings

    # Without a register of its own the host still has the exact names of the bundled registry (R81).
    bindings = verifier.bindings if verifier.bindings is not None else Bindings(registry=facts.registry)

    def asked(signatures: tuple[SignatureResult, ...]) -> dict[int, BindingResult]:
        results: dict[int, BindingResult] = {}
        for index, signature in enumerate(signatures):
            if signature.signer is None or signature.signer.kind != "organisation":
                continue
            signed = signature.made_at
            on = signed.astimezone(VIETNAM).date() if signed is not None else facts.law_date
            found = bindings.check(issuer.code, _subject(signature), on=on)
            if found.verdict == "bound" and found.by != "certificate" and _names_several(signature):
                found = BindingResult("unknown", None, None, *_SEVERAL)
            results[index] = found
        return results

    return replace(facts, bindings=asked(facts.signatures), packet_bindings=asked(facts.packet_signatures))


_SEVERAL = (
    "chứng thư mang nhiều tên, mã số thuế hoặc mã đơn vị quan hệ ngân sách khác nhau",
    "the certificate carries several names, tax codes or budget-unit codes",
)


def _names_several(signature: SignatureResult) -> bool:
    """Whether the certificate names more than one holder: which of them signed it does not say."""
    signer = signature.signer
    assert signer is not None
    told = (signer.common_names, signer.private.values("MST"), signer.private.values("MNS"))
    return any(len(set(values)) > 1 for values in told)


def _subject(signature: SignatureResult) -> CertificateSubject:
    from vn_edoc.identifiers import CertificateSubject

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


def _plain(attachment: Attachment) -> FileFacts:
    return FileFacts(attachment.safe_name, attachment.media_type, attachment.size, attachment.sha256)


def _unread(attachment: Attachment, error: Unreadable | LimitExceeded) -> FileFacts:
    finding = Finding(
        "source.unreadable",
        Severity.ERROR,
        Location(attachment=attachment.safe_name),
        f"Không đọc được tệp đính kèm: {error.message_vi}",
        f"The attachment cannot be read: {error.message_en}",
    )
    return replace(_plain(attachment), damaged=True, findings=(finding,))


def _main(files: Iterable[FileFacts], packet: PacketFacts) -> tuple[FileFacts | None, bool]:
    """Which file is the document itself.

    One signable file is it. Of several, the one whose page 1 carries the packet's number and symbol; annexes may be
    stamped with it as well, so not where an unsigned file without text, which may be the document, stands before it.
    Where nothing tells them apart the first in the packet's order, never "the one that happens to be signed": else an
    unsigned document could hide behind a signed annex.
    """
    files = tuple(files)
    if not files:
        return None, False
    candidates = [f for f in files if f.signable or f.damaged or f.signatures]
    if not candidates:
        return files[0], len(files) > 1
    if len(candidates) == 1:
        return candidates[0], False
    named = [f for f in candidates if f.page is not None and packet.number and _same_number(f, packet)]
    if len(named) == 1:
        before = candidates[: candidates.index(named[0])]
        mute = any(not f.signatures and (f.page is None or not f.page.has_text) for f in before)
        return named[0], mute
    return candidates[0], True


def _same_number(file: FileFacts, packet: PacketFacts) -> bool:
    page = file.page
    return (
        page is not None
        and (page.number or "").lstrip("0").casefold() == (packet.number or "").strip().lstrip("0").casefold()
        and (page.notation or "").casefold() == (packet.notation or "").strip().casefold()
    )
