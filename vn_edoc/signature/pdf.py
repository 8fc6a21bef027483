"""Verifying the signatures and document time-stamps of a PDF (PAdES, ISO 32000-2 clause 12.8).

Structure first, then the CMS, then what came after, then proof of existence, path and revocation, algorithms.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vn_edoc.errors import LimitExceeded
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.judgement import Settings, make_settings
from vn_edoc.signature.pdf_file import about_file, same_signer
from vn_edoc.signature.pdf_result import signature_result
from vn_edoc.signature.policy import AlgorithmPolicy
from vn_edoc.signature.result import (
    Changes,
    SignatureResult,
    SubIndication,
    TimestampResult,
)
from vn_edoc.signature.rules import finding
from vn_edoc.signature.sources import Opened, Source, open_source
from vn_edoc.signature.trust import TrustStore

__all__ = ["PdfVerification", "verify_pdf"]


@dataclass(frozen=True, slots=True)
class PdfVerification:
    """All signatures and document time-stamps of a PDF, judged."""

    signatures: tuple[SignatureResult, ...]
    """Signatures in the order of their revisions; document time-stamps are not among them."""
    timestamps: tuple[TimestampResult, ...] = ()
    """Document time-stamps in the order of their revisions."""
    findings: tuple[Finding, ...] = ()
    """What concerns the whole file."""
    empty_fields: tuple[str, ...] = ()
    """Signature fields that nobody has signed."""
    revisions: int = 0
    """Number of revisions."""
    pages: int = 0
    """Number of pages."""
    size: int = 0
    """Size of the file in bytes."""
    evidence: Evidence = field(default_factory=Evidence)
    """Certificates, CRLs, OCSP responses and tokens that the judgement rests on."""

    @property
    def readable(self) -> bool:
        """Whether the file could be read as a PDF."""
        return not any(f.rule == "pdf.unreadable" for f in self.findings)


def verify_pdf(
    source: Source,
    *,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    policy: AlgorithmPolicy | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    existed_at: datetime | None = None,
) -> PdfVerification:
    """Verify every signature of a PDF. Never raises for content, logs nothing, changes nothing.

    ``source``: path, octets or binary file. ``trust=None``: paths are not judged. ``evidence``: certificates, CRLs and
    OCSP responses at hand. ``fetcher=None``: no network. ``at``: the moment of judging, an aware datetime (now).
    ``existed_at``: when the signed file existed by proof that the caller keeps, such as a signed receipt.
    Raises ``SourceError`` if the source cannot be opened and ``UsageError`` for a wrong argument.
    """
    settings = make_settings(trust, evidence, fetcher, policy, at, limits, existed_at)
    try:
        opened = open_source(source, settings.limits.pdf_bytes)
    except LimitExceeded as error:
        return PdfVerification((), findings=(finding("pdf.limit", error.message_vi, error.message_en),))
    with opened:
        try:
            return _Verification(opened, settings).run()
        except Exception as error:  # the outer boundary of foreign code: what escaped all nets becomes a finding
            return PdfVerification(
                (),
                findings=(
                    finding(
                        "pdf.unreadable",
                        "Không đọc được tệp PDF này.",
                        f"This PDF cannot be read: {type(error).__name__}: {str(error)[:200]}",
                    ),
                ),
                size=opened.size,
            )


class _Signature:
    """Working state of one signature dictionary."""

    __slots__ = ("changes", "entry", "examined", "findings", "span", "stamp", "where")

    def __init__(self, entry: Any) -> None:
        self.entry = entry
        self.where = Location(signature=entry.name or None, page=entry.page)
        self.findings: list[Finding] = []
        self.span: Any = None
        self.examined: Any = None
        self.stamp: Any = None
        self.changes = Changes.UNKNOWN


class _Verification:
    """One run over one file."""

    def __init__(self, opened: Opened, settings: Settings) -> None:
        self.opened = opened
        self.settings = settings
        self.limits = settings.limits
        self.deadline = time.monotonic() + settings.limits.seconds
        self.findings: list[Finding] = []
        self.evidence = Evidence()

    def run(self) -> PdfVerification:
        from vn_edoc.signature.pyhanko_adapter.document import PdfDocument, UnreadablePdf

        try:
            self.document = PdfDocument(self.opened.stream, self.limits)
        except UnreadablePdf as error:
            vi, en = "Không đọc được tệp PDF này.", f"This PDF cannot be read: {error}"
            if error.locked:
                vi = "Tệp PDF được mã hóa và cần mật khẩu để mở, nên không kiểm tra được chữ ký."
            elif error.before:
                vi = (
                    f"Trước phần đầu %PDF- của tệp có {error.before} byte thừa, các phần mềm tính vị trí trong tệp "
                    "khác nhau nên không kiểm tra được chữ ký; cần xin lại tệp gốc từ nơi gửi."
                )
                en = (
                    f"There are {error.before} octets before the header %PDF- of this file: software differs in where "
                    "it counts places from, so no signature can be verified; ask the sender for the original file."
                )
            self.findings.append(finding("pdf.unreadable", vi, en))
            return PdfVerification((), findings=tuple(self.findings), size=self.opened.size)
        try:
            return self._judge()
        finally:
            self.document.release()

    def _judge(self) -> PdfVerification:
        from vn_edoc.signature.pdf_changes import doubt_late_images

        entries, empty = self.document.signatures()
        self.findings += about_file(self.document, entries, empty, self.limits)
        work = [_Signature(e) for e in entries[: self.limits.signatures]]
        self._structure(work)
        self._cms(work)
        self._changes(work)
        self.embedded = Evidence(*self.document.validation_data())
        for item in work:
            if item.entry.timestamp:
                self._document_timestamp(item)
        results: list[SignatureResult] = []
        for item in work:
            if item.entry.timestamp:
                continue
            result, used = signature_result(self, item, work)
            results.append(result)
            self.evidence = self.evidence | used
        results = doubt_late_images(results)
        self.findings += same_signer(results)
        return PdfVerification(
            signatures=tuple(results),
            timestamps=tuple(i.stamp.result for i in work if i.stamp is not None),
            findings=tuple(self.findings),
            empty_fields=tuple(empty),
            revisions=self.document.revisions,
            pages=len(self.document.pages),
            size=self.opened.size,
            evidence=self.evidence,
        )

    def late(self) -> bool:
        """Whether the time allowed has run out."""
        return time.monotonic() > self.deadline

    # --- structure and CMS ----------------------------------------------------------------------------------

    def _structure(self, work: list[_Signature]) -> None:
        from vn_edoc.signature.pdf_structure import check_span, overlaps

        for item in work:
            entry = item.entry
            if not entry.in_form:
                item.findings.append(
                    finding(
                        "R13",
                        "Chữ ký không được khai báo trong biểu mẫu (AcroForm) của tệp.",
                        "The signature is not listed in the file's form (AcroForm).",
                        where=item.where,
                    )
                )
            if entry.problem is not None:
                item.findings.append(
                    finding(
                        "R10",
                        "Cấu trúc chữ ký trong PDF không hợp lệ.",
                        f"The PDF signature dictionary is malformed: {entry.problem}",
                        where=item.where,
                    )
                )
                continue
            item.span, problem = check_span(entry, self.opened.stream, self.opened.size, item.where)
            if problem is not None:
                item.findings.append(problem)
        crossing = overlaps(i.span for i in work if i.span is not None)
        for item in work:
            if item.span in crossing and item.span is not None:
                item.span = None
                item.findings.append(
                    finding(
                        "R10",
                        "Vùng chữ ký chồng lên vùng của chữ ký khác.",
                        "The signature's place overlaps that of another signature.",
                        where=item.where,
                    )
                )

    def _cms(self, work: list[_Signature]) -> None:
        from vn_edoc.signature.pdf_structure import digests

        wanted = []
        for item in work:
            if item.span is not None and not self.late():
                wanted += [(item.span, name) for name in _digest_names(item.entry)]
        known, self.prefixes = digests(self.opened.stream, wanted)
        for item in work:
            if item.entry.contents and not self.late():
                self._examine(item, known)

    def _examine(self, item: _Signature, known: dict[Any, bytes]) -> None:
        from vn_edoc.signature.signed_data import examine

        entry, span = item.entry, item.span

        def digest_of(name: str) -> bytes | None:
            return None if span is None else known.get((span, name))

        others = (*self.settings.evidence.certificates,)
        if entry.timestamp:
            return
        if entry.subfilter == "adbe.pkcs7.sha1":
            examined = examine(
                entry.contents, None, where=item.where, others=others, expected_type="data", limits=self.limits
            )
            if examined.digest not in ("", "md5", "md2"):
                examined.digest = "sha1"  # what binds the file, whatever the signer hashed that digest with
            if examined.intact and examined.content != digest_of("sha1"):
                examined.fail(
                    SubIndication.HASH_FAILURE,
                    "R08",
                    "Nội dung đã bị thay đổi: mã băm không khớp với mã băm đã ký.",
                    "The content has been changed: its digest is not the signed one.",
                )
        elif entry.subfilter in ("adbe.pkcs7.detached", "ETSI.CAdES.detached"):
            examined = examine(
                entry.contents,
                digest_of,
                where=item.where,
                others=others,
                attributes_required=True,
                limits=self.limits,
            )
        else:
            item.findings.append(
                finding(
                    "pdf.subfilter",
                    f"Loại chữ ký PDF {entry.subfilter} không được hỗ trợ.",
                    f"The PDF signature type {entry.subfilter} is not supported.",
                    where=item.where,
                )
            )
            return
        if span is None:
            # Told already, with the true reason (R10, R71).
            examined.findings = [f for f in examined.findings if f.rule != "cms.no_content"]
        item.examined = examined

    # --- what came after ------------------------------------------------------------------------------------

    def _changes(self, work: list[_Signature]) -> None:
        from vn_edoc.signature.pdf_changes import classify

        classify(self.document, work, self.opened.stream, self.late)

    # --- time-stamps ----------------------------------------------------------------------------------------

    def _document_timestamp(self, item: _Signature) -> None:
        from dataclasses import replace

        from vn_edoc.signature.pdf_structure import digests
        from vn_edoc.signature.timestamps import judge_token

        span = item.span

        def imprint_of(name: str) -> bytes | None:
            if span is None:
                return b""
            return digests(self.opened.stream, [(span, name)])[0].get((span, name))

        judged = judge_token(
            item.entry.contents or b"",
            imprint_of,
            kind="document",
            name=item.entry.name,
            trust=self.settings.trust,
            evidence=self.settings.evidence | self.embedded,
            fetcher=self.settings.fetcher,
            policy=self.settings.policy,
            others=self.embedded.certificates,
            limits=self.limits,
            where=item.where,
        )
        judged.result = replace(
            judged.result,
            intact=judged.result.intact if span is not None else False,
            covers=span.end if span is not None else None,
            changes=item.changes,
            findings=(*item.findings, *judged.result.findings),
        )
        item.stamp = judged
        self.evidence = self.evidence | judged.evidence


def _digest_names(entry: Any) -> set[str]:
    """Digest algorithms that the signature names, read before it is checked; SHA-1 for the form that needs it."""
    from asn1crypto import cms

    from vn_edoc.signature.cms_octets import definite
    from vn_edoc.signature.signed_data import FOREIGN

    if entry.timestamp:
        return set()
    if entry.subfilter == "adbe.pkcs7.sha1":
        return {"sha1"}

    def named(octets: bytes) -> set[str]:
        signers = cms.ContentInfo.load(octets)["content"]["signer_infos"]
        return {str(signers[0]["digest_algorithm"]["algorithm"].native)}

    try:
        return named(entry.contents)
    except FOREIGN:
        plain = definite(entry.contents)
    try:
        return set() if plain is None else named(plain)
    except FOREIGN:
        return set()
