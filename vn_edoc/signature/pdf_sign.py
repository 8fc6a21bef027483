"""Signing PDF documents: PAdES B-B, B-T, B-LT and B-LTA, always incremental (EN 319 142-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.findings import VIETNAM, Finding
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.appearance import Appearance
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import Signer, default_scheme, hash_algorithm
from vn_edoc.signature.output import Output
from vn_edoc.signature.result import Level
from vn_edoc.signature.sources import Opened, Source, open_source
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore

__all__ = ["PdfSigning", "sign_pdf"]

_TOKEN_BYTES = 12_288


@dataclass(frozen=True, slots=True)
class PdfSigning:
    """What was written."""

    field: str
    """Name of the signature field."""
    level: Level | None
    """Level reached; ``None`` for the ``adbe`` form."""
    signed_at: datetime
    """Signing time as written, +07:00."""
    size: int
    """Size of the output in bytes."""
    sha256: str
    """SHA-256 of the output, lower-case hex."""
    findings: tuple[Finding, ...] = ()
    """What was found before signing and did not forbid it."""


def sign_pdf(
    source: Source,
    target: str | Path | BinaryIO,
    signer: Signer,
    level: str = "B-B",
    *,
    field: str | None = None,
    appearance: Appearance | None = None,
    digest: str = "sha256",
    scheme: str | None = None,
    form: str = "pades",
    certify: int | None = None,
    lock: tuple[str, ...] = (),
    reason: str | None = None,
    location: str | None = None,
    timestamper: TimeStamper | None = None,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    signed_at: datetime | None = None,
    require_revocation: bool = False,
    preflight: str = "refuse",
    reserve: int | None = None,
    limits: Limits | None = None,
) -> PdfSigning:
    """Sign a PDF and write the whole result to ``target`` (a path, or a binary file opened for writing).

    The input is never changed and ``target`` appears whole or not at all. Earlier signatures stay as they are.

    ``level``: ``B-B``; ``B-T`` needs ``timestamper``; ``B-LT`` and ``B-LTA`` need ``timestamper``, ``trust`` and
    revocation data in ``evidence`` or through ``fetcher``. ``field``: an empty field to fill or the name of a new one.
    ``appearance``: see :mod:`vn_edoc.signature.appearance`; without it the signature is invisible. ``form``: ``pades``,
    or ``adbe`` for readers that know only adbe.pkcs7.detached. ``certify``: 1, 2 or 3 makes a certification signature
    with that DocMDP permission; office tools use 2, and it is left out here so that a later number stamp stays
    possible. ``lock``: form fields that may not change any more. ``signed_at``: an aware datetime (now).
    ``preflight``: ``refuse`` hidden, overlapping or active content, ``warn`` of it in the findings, or ``off``.

    Raises ``SigningError`` when certificate, key, document or service forbid signing, ``SourceError`` for files,
    ``UsageError`` for arguments.
    """
    request = _Request(
        signer, level, digest, scheme, form, certify, timestamper, trust, signed_at, preflight, limits or DEFAULT_LIMITS
    )
    from vn_edoc.signature.before_signing import check_signer

    held, findings = check_signer(
        signer,
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        at=request.moment,
        limits=request.limits,
        require_revocation=require_revocation or request.long_term,
    )
    with open_source(source, request.limits.pdf_bytes) as opened, Output(opened, source, target) as output:
        findings += request.inspect(opened)
        name = request.place(opened, field)
        token_evidence = request.sign(opened, output.stream, name, appearance, lock, reason, location, reserve, held)
        if request.long_term:
            request.extend(output.stream, name, held, token_evidence, evidence, fetcher)
        sha256, size = output.commit()
    reached = None if form == "adbe" else Level(level)
    return PdfSigning(name, reached, request.moment.astimezone(VIETNAM), size, sha256, findings)


class _Request:
    """The checked arguments and the steps of signing."""

    def __init__(
        self,
        signer: Signer,
        level: str,
        digest: str,
        scheme: str | None,
        form: str,
        certify: int | None,
        timestamper: TimeStamper | None,
        trust: TrustStore | None,
        signed_at: datetime | None,
        preflight: str,
        limits: Limits,
    ) -> None:
        if level not in tuple(Level):
            raise UsageError(
                f"unknown level {level!r}: B-B, B-T, B-LT or B-LTA",
                f"không có mức {level!r}: B-B, B-T, B-LT hoặc B-LTA",
                field="level",
                value=level,
            )
        for value, allowed, name in (
            (form, ("pades", "adbe"), "form"),
            (preflight, ("refuse", "warn", "off"), "preflight"),
            (certify, (None, 1, 2, 3), "certify"),
        ):
            if value not in allowed:
                raise UsageError(
                    f"{name} is one of {allowed}, not {value!r}",
                    f"{name} phải là một trong {allowed}, không phải {value!r}",
                    field=name,
                    value=value,
                )
        if signed_at is not None and signed_at.tzinfo is None:
            raise UsageError("signed_at needs a time zone", "signed_at phải có múi giờ", field="signed_at")
        hash_algorithm(digest)
        if digest.startswith("sha3"):
            raise UsageError(
                "PDF signatures use SHA-2 here: few readers know SHA-3",
                "chữ ký PDF ở đây dùng SHA-2: ít phần mềm đọc được SHA-3",
                field="digest",
                value=digest,
            )
        self.signer = signer
        self.level = Level(level)
        self.digest = digest
        self.scheme = default_scheme(signer, scheme)
        self.form = form
        self.certify = certify
        self.timestamper = timestamper
        self.trust = trust
        self.moment = signed_at or datetime.now(UTC)
        self.preflight = preflight
        self.limits = limits
        self.long_term = self.level in (Level.LT, Level.LTA)
        if self.level is not Level.B and timestamper is None:
            raise UsageError(
                f"level {level} needs a timestamper", f"mức {level} cần máy chủ cấp dấu thời gian", field="timestamper"
            )
        if self.long_term and not trust:
            raise UsageError(
                f"level {level} needs trust anchors", f"mức {level} cần chứng thư gốc tin cậy", field="trust"
            )

    def inspect(self, opened: Opened) -> tuple[Finding, ...]:
        """Preflight: refuse what a shadow attack would use later."""
        if self.preflight == "off":
            return ()
        from vn_edoc.signature.preflight import preflight_stream

        found = preflight_stream(opened.stream, self.limits)
        if found and self.preflight == "refuse":
            raise SigningError(
                f"the document is not fit for signing: {found[0].message_en}",
                f"tài liệu không phù hợp để ký: {found[0].message_vi}",
                field="source",
                rule=found[0].rule,
            )
        return found

    def place(self, opened: Opened, field: str | None) -> str:
        """The field to sign in."""
        from vn_edoc.signature.pyhanko_adapter.writer import field_names

        signed, empty = field_names(opened.stream, self.limits)
        if field is not None and field in signed:
            raise SigningError(
                f"the field {field!r} has already been signed",
                f"trường {field!r} đã được ký",
                field="field",
                value=field,
            )
        if field is not None and ("." in field or not field):
            raise UsageError("a field name has no dots", "tên trường không chứa dấu chấm", field="field", value=field)
        if self.certify is not None and signed:
            raise SigningError(
                "only the first signature can be a certification signature",
                "chỉ chữ ký đầu tiên mới có thể là chữ ký chứng nhận",
                field="certify",
            )
        if field is not None:
            return field
        number = len(signed) + 1
        while f"Signature{number}" in signed | empty:
            number += 1
        return f"Signature{number}"

    def sign(
        self,
        opened: Opened,
        output: BinaryIO,
        name: str,
        appearance: Appearance | None,
        lock: tuple[str, ...],
        reason: str | None,
        location: str | None,
        reserve: int | None,
        chain: Evidence,
    ) -> list[bytes]:
        """Write the signature; the tokens that were obtained."""
        from vn_edoc.signature.cms_build import asn1_digest, build, size_of, stamp_signature
        from vn_edoc.signature.pyhanko_adapter.writer import Placement, embed_signature

        tokens: list[bytes] = []
        intermediates = [c for c in chain.certificates if c not in (self.trust.anchors if self.trust else ())]

        def make(document_digest: bytes) -> bytes:
            info = build(
                document_digest,
                self.signer,
                digest=self.digest,
                scheme=self.scheme,
                signing_time=self.moment if self.form == "adbe" else None,
                chain=intermediates,
            )
            if self.level is not Level.B and self.timestamper is not None:
                tokens.append(stamp_signature(info, self.timestamper, self.digest))
            return bytes(info.dump())

        drawing = appearance.prepare(self.signer, self.moment) if appearance is not None else None
        located = appearance.locate(opened.stream, self.limits) if appearance is not None else (1, None)
        from vn_edoc.signature.certificates import identity

        placement = Placement(
            field=name,
            page=located[0],
            box=located[1],
            subfilter=self.form,
            certify=self.certify,
            lock=lock,
            name=identity(self.signer.certificate_der).name,
            reason=reason,
            location=location,
            signed_at=self.moment.astimezone(VIETNAM).replace(microsecond=0),
        )
        size = reserve or size_of(self.signer, intermediates, stamped=self.level is not Level.B)
        embed_signature(opened.stream, output, placement, asn1_digest(self.digest), size, make, drawing, self.limits)
        return tokens

    def extend(
        self,
        stream: BinaryIO,
        name: str,
        path_evidence: Evidence,
        tokens: list[bytes],
        evidence: Evidence | None,
        fetcher: Fetcher | None,
    ) -> None:
        """B-LT and B-LTA: validation data of the signer and of the TSA, then a document time-stamp."""
        from vn_edoc.signature.before_signing import authority_evidence
        from vn_edoc.signature.pyhanko_adapter.document import PdfDocument
        from vn_edoc.signature.pyhanko_adapter.writer import add_validation_data

        known = path_evidence
        for token in tokens:
            known = known | authority_evidence(token, self.level, self.trust, evidence, fetcher, self.limits)
        document = PdfDocument(stream, self.limits)
        entries, _ = document.signatures()
        contents = next((e.contents for e in entries if e.name == name), None)
        document.release()
        add_validation_data(stream, contents, known.certificates, known.crls, known.ocsps, self.limits)
        if self.level is Level.LTA:
            append_timestamp(stream, self.timestamper, self.digest, self.limits)


def append_timestamp(stream: BinaryIO, timestamper: TimeStamper | None, digest: str, limits: Limits) -> str:
    """Add a document time-stamp in place; the name of its field."""
    from vn_edoc.signature.cms_build import asn1_digest
    from vn_edoc.signature.pyhanko_adapter.writer import embed_timestamp, field_names

    if timestamper is None:
        raise UsageError("a timestamper is needed", "cần máy chủ cấp dấu thời gian", field="timestamper")
    signed, empty = field_names(stream, limits)
    number = 1
    while f"Timestamp{number}" in signed | empty:
        number += 1
    name = f"Timestamp{number}"
    algorithm = asn1_digest(digest)
    embed_timestamp(stream, name, algorithm, _TOKEN_BYTES, lambda value: timestamper.stamp(value, algorithm), limits)
    return name
