"""Writing a packet, in a stream and whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TypeAlias

from vn_edoc._files import os_reason
from vn_edoc.envelope.checks import check_message
from vn_edoc.envelope.dialects import DIALECTS
from vn_edoc.envelope.dialects.base import Dialect, Style
from vn_edoc.envelope.hashing import AsideDigest, Digest
from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.envelope.names import second_path
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.outgoing import AttachmentSource, Outgoing, prepare
from vn_edoc.envelope.rendering import render_attachments, render_packet
from vn_edoc.envelope.sealing import SEAL_NAME, Draft, DraftAttachment, Sealer
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import Finding, Severity
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.xml.ranges import Range, Skeleton

__all__ = ["Target", "WriteResult", "write"]

_AT_A_TIME = 64 * 1024
"""Octets that are collected before they are written; a longer piece is written on its own, without a copy."""
_CREATING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

Target: TypeAlias = str | os.PathLike[str] | IO[bytes]
"""A path, or a binary file that belongs to the caller."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What was written."""

    digest: Digest = field(repr=False)
    """The digest of the packet: made from the octets that were written, whatever becomes of the file."""
    size: int
    """Bytes of the packet."""
    findings: tuple[Finding, ...]
    """What is noteworthy about the message, and what could not be carried."""
    second: WriteResult | None = None
    """The file of attachments, where the dialect keeps them apart."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the packet, lower-case hexadecimal: the ``hash-file`` of VXP."""
        return self.digest.hexdigest()


def write(
    message: DocumentMessage | StatusMessage,
    target: Target | tuple[Target, Target],
    attachments: Iterable[object] = (),
    dialect: str = "vxp",
    style: str = "java",
    sealer: Sealer | None = None,
    *,
    strict: bool = True,
) -> WriteResult:
    """Write a packet to a path or a binary file.

    ``attachments`` are paths, :class:`~vn_edoc.envelope.AttachmentSource` or attachments of a packet that was read.
    ``dialect`` is ``vxp`` (in the ``style`` of the ``java`` or the ``dotnet`` SDK) or ``soap-2803``, whose attachments
    go to a second file: give a pair of targets, or a path, beside which ``…_attachments.xml`` is then written.
    ``sealer`` signs the packet (:class:`~vn_edoc.envelope.Sealer`). With ``strict=False`` a message that lacks
    something is written all the same, and the result's findings tell.

    A path appears whole or not at all. Raises :class:`~vn_edoc.errors.UsageError` naming the field and rule that the
    message breaks, :class:`~vn_edoc.errors.SourceError` when a file cannot be read or written or changes meanwhile.
    """
    form, how = _style(dialect, style)
    if not isinstance(message, DocumentMessage | StatusMessage):
        raise UsageError(
            f"a DocumentMessage or StatusMessage is written, not {type(message).__name__}",
            f"chỉ ghi DocumentMessage hoặc StatusMessage, không ghi {type(message).__name__}",
            field="message",
            value=type(message).__name__,
        )
    findings = _checked(message, strict=strict)
    files = prepare(attachments, how.attachments)
    if files and isinstance(message, StatusMessage):
        raise UsageError(
            "a status packet carries no attachments", "gói tin trạng thái không có tệp đính kèm", field="attachments"
        )
    signature: str | None = None
    if sealer is not None:
        files, signature = _sealed(message, files, form, how, sealer)
    ids = signature is not None
    entries = [f.rendered for f in files]
    parts = render_packet(message, entries, form, how, ids=ids, signature=signature)
    if not form.separate_attachments:
        first, _ = _targets(target, second_needed=False)
        digest, size = _put(first, _octets(parts, files))
        return WriteResult(digest, size, findings)
    first, second = _targets(target, second_needed=bool(files))
    apart: WriteResult | None = None
    if files:
        assert second is not None
        apart = WriteResult(*_put(second, _octets(render_attachments(entries, form, how), files)), ())
    digest, size = _put(first, _octets(parts, files))
    return WriteResult(digest, size, findings, apart)


def _style(dialect: str, style: str) -> tuple[Dialect, Style]:
    form = DIALECTS.get(dialect)
    if form is None or not form.styles:
        known = ", ".join(d.name for d in DIALECTS.values() if d.styles)
        raise UsageError(
            f"{dialect!r} cannot be written, only {known}",
            f"không ghi được phương ngữ {dialect!r}, chỉ ghi {known}",
            field="dialect",
            value=dialect,
        )
    how = form.styles.get(style)
    if how is None:
        raise UsageError(
            f"{dialect} has no style {style!r}, only {', '.join(form.styles)}",
            f"{dialect} không có kiểu {style!r}, chỉ có {', '.join(form.styles)}",
            field="style",
            value=style,
        )
    return form, how


def _checked(message: DocumentMessage | StatusMessage, *, strict: bool) -> tuple[Finding, ...]:
    notes = Notes(DEFAULT_LIMITS)
    check_message(message, notes)
    findings = notes.findings()
    wrong = next((f for f in findings if f.severity.rank >= Severity.ERROR.rank), None)
    if strict and wrong is not None:
        raise UsageError(
            f"{wrong.where}: {wrong.message_en}",
            f"{wrong.where}: {wrong.message_vi}",
            field=wrong.where.path,
            value=wrong.data.get("found"),
            rule=wrong.rule,
        )
    return findings


def _sealed(
    message: DocumentMessage | StatusMessage, files: list[Outgoing], form: Dialect, how: Style, sealer: Sealer
) -> tuple[list[Outgoing], str | None]:
    """The first pass: digests of all contents, then the seal or the signature over them."""
    for file in files:
        if sealer.form == "header" and not sealer.digests:
            # It digests the contents as they will stand, which is a pass of its own.
            file.watch()
        else:
            file.measure(sealer.digests)
    drafted = tuple(DraftAttachment(f.name, f.rendered.content_id, f.size or 0, f.digests, f.content) for f in files)
    if sealer.form == "header":
        if form.separate_attachments:
            raise UsageError(
                "a header signature cannot cover attachments in a second file",
                "chữ ký trong phần đầu không bao được tệp đính kèm ở tệp thứ hai",
                field="sealer",
                value=form.name,
            )
        made = sealer.seal(Draft(message, form.name, drafted, _skeleton(message, files, form, how)))
        return files, made.decode("utf-8")
    if isinstance(message, StatusMessage):
        raise UsageError(
            "a status packet has no attachments, so no seal: use the header form",
            "gói tin trạng thái không có tệp đính kèm nên không đóng dấu: dùng chữ ký trong phần đầu",
            field="sealer",
        )
    seal = sealer.seal(Draft(message, form.name, drafted, None))
    return [*files, *prepare((AttachmentSource(seal, name=SEAL_NAME),), how.attachments)], None


@dataclass(slots=True, eq=False)
class _Promise(Range):
    """A content that will stand in the packet."""

    token: str
    file: Outgoing

    def canonical(self) -> Iterator[bytes]:
        return self.file.base64()


def _skeleton(message: DocumentMessage | StatusMessage, files: list[Outgoing], form: Dialect, how: Style) -> Skeleton:
    skeleton = Skeleton(b"", "r" + secrets.token_hex(16))
    parts: list[bytes] = []
    for part in render_packet(message, [f.rendered for f in files], form, how, ids=True):
        if isinstance(part, int):
            token = skeleton.token(part)
            skeleton.ranges[token] = _Promise(token, files[part])
            parts.append(token.encode())
        else:
            parts.append(part)
    skeleton.data = b"".join(parts)
    return skeleton


def _octets(parts: list[bytes | int], files: list[Outgoing]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, int):
            yield from files[part].base64()
        else:
            yield part


def _targets(target: Target | tuple[Target, Target], *, second_needed: bool) -> tuple[Target, Target | None]:
    if isinstance(target, tuple):
        if len(target) != 2:
            raise UsageError("a pair of targets is needed", "cần một cặp đích", field="target", value=len(target))
        return target
    if not second_needed:
        return target, None
    if isinstance(target, str | os.PathLike):
        _refuse_folder(os.fsdecode(target))
        return target, second_path(Path(target))
    raise UsageError(
        "this dialect keeps attachments in a second file: give a pair of targets",
        "phương ngữ này để tệp đính kèm ở tệp thứ hai: hãy cho một cặp đích",
        field="target",
    )


def _refuse_folder(path: str) -> None:
    if os.path.basename(path) in ("", ".", "..") or os.path.isdir(path):  # noqa: PTH112, PTH119
        raise SourceError(f"cannot write {path!r}: a folder", f"không ghi được {path!r}: đó là thư mục", field="target")


def _put(target: Target, pieces: Iterator[bytes]) -> tuple[Digest, int]:
    """Write all pieces; digest and size of what was written."""
    if not isinstance(target, str | os.PathLike):
        return _pour(pieces, target.write)
    path = os.fsdecode(target)
    _refuse_folder(path)
    # Plain texts: for a small packet Path objects would cost as much as the writing.
    name = os.path.basename(path)  # noqa: PTH119
    draft = f"{path.removesuffix(name)}.{name[:60]}.{os.urandom(8).hex()}.tmp"
    try:
        descriptor = os.open(draft, _CREATING, 0o666)
        try:
            result = _pour(pieces, partial(_all, descriptor))
        finally:
            os.close(descriptor)
        os.replace(draft, path)  # noqa: PTH105
    except BaseException as error:
        with suppress(OSError, ValueError):
            os.unlink(draft)  # noqa: PTH108
        if isinstance(error, OSError | ValueError) and not isinstance(error, UsageError):
            en, vi = os_reason(error)
            raise SourceError(
                f"cannot write {path!r}: {en}", f"không ghi được {path!r}: {vi}", field="target"
            ) from error
        raise
    return result


def _all(descriptor: int, piece: bytes) -> None:
    written = os.write(descriptor, piece)
    while written < len(piece):
        written += os.write(descriptor, memoryview(piece)[written:])


def _pour(pieces: Iterator[bytes], put: Callable[[bytes], object]) -> tuple[Digest, int]:
    with AsideDigest(waits=True) as digest:
        for piece in _collected(pieces):
            digest.feed(piece)
            put(piece)
        return digest.digest(), digest.size


def _collected(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same octets in pieces that are worth a call of the system."""
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        if length + len(piece) >= _AT_A_TIME:
            if held:
                yield b"".join(held)
                held, length = [], 0
            if len(piece) >= _AT_A_TIME:
                yield piece
                continue
        held.append(piece)
        length += len(piece)
    if held:
        yield b"".join(held)
