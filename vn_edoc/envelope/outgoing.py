"""Files on their way into a packet: re-readable sources, the ZIP wrapper, base64 in a stream."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pybase64

from vn_edoc._files import open_file, os_reason, read_small
from vn_edoc.envelope import wrapper
from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.dialects.base import AttachmentNames
from vn_edoc.envelope.hashing import AsideDigest
from vn_edoc.envelope.names import extension, safe_name
from vn_edoc.envelope.packing import dense, zipped
from vn_edoc.envelope.rendering import Entry
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.limits import DEFAULT_LIMITS

__all__ = ["AttachmentSource", "Outgoing", "prepare"]

_STEP = 1536 * 1024
"""Bytes read at a time, a multiple of 3: few enough that they are encoded and written from the cache, and that memory
stays bounded; so many that file systems take them in long runs."""
_HELD = 4 * 1024 * 1024
"""Bytes of small files, of up to a step each, that are held after the first look at them."""
_RAW = frozenset({"pdf", "zip"})
"""Extensions that every reader takes without a wrapper."""

_CONTROL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")

Content: TypeAlias = str | os.PathLike[str] | bytes | Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class AttachmentSource:
    """A file to put into a packet."""

    content: Content = field(repr=False)
    """A path, bytes, or a function that opens the content anew each time: it is read twice when it is sealed."""
    name: str | None = None
    """``AttachmentName``; of a path its file name where it is left out."""
    description: str | None = None
    """``Description``; the name where it is left out."""
    content_id: str | None = None
    """Content id without ``cid:``; a random UUID where it is left out."""


class Outgoing:
    """One file, prepared for a style."""

    __slots__ = (
        "_found",
        "_held",
        "_open",
        "_style",
        "_watched",
        "digests",
        "entry_name",
        "name",
        "rendered",
        "size",
        "wrapped",
    )

    def __init__(self, source: AttachmentSource, names: AttachmentNames, room: int = 0) -> None:
        self._open = _opener(source.content)
        self._held: bytes | None = None
        """The content of a small file on disk, until it is measured for a seal: that reads it anew, twice."""
        self._style = names
        self.name = _name(source)
        suffix = extension(self.name)
        self.wrapped = names.wraps and suffix not in _RAW
        if not self.wrapped:
            self._held = _small(source.content, min(room, _STEP))
            self.wrapped = self._misleads()
        self.entry_name = ""
        """Name of the file inside the wrapper."""
        if self.wrapped:
            self.entry_name = f"{_uuid()}.{suffix if suffix.isascii() and suffix.isalnum() else 'unk'}"
        content_id = _plain(source.content_id, "content_id") or _uuid()
        declared = "application/zip" if self.wrapped or suffix == "zip" else f"application/{suffix or 'octet-stream'}"
        if names.bare_type:
            declared = "zip" if self.wrapped else suffix or "bin"
        description = _plain(source.description, "description") or self.name
        self.rendered = Entry(content_id, self.name, declared, description)
        self.size: int | None = None
        self.digests: Mapping[str, bytes] = {}
        self._watched = False
        self._found: tuple[int, bytes] | None = None
        """Size and SHA-256 of the first reading."""

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            with closing(self._open()) as file:
                yield file
        except (OSError, ValueError) as error:
            if isinstance(error, UsageError):
                raise
            en, vi = os_reason(error)
            raise SourceError(
                f"cannot read {self.name!r}: {en}", f"không đọc được {self.name!r}: {vi}", field="attachments"
            ) from error

    @property
    def held(self) -> int:
        """Bytes that are held in memory."""
        return len(self._held or b"")

    def _misleads(self) -> bool:
        """Whether a reader would take the bare content for a wrapper, or for nothing."""
        if self._held and not wrapper.is_zip(self._held):
            return False
        with self._opened() if self._held is None else io.BytesIO(self._held) as file:
            head = file.read(4)
            if not head:
                return True
            if not wrapper.is_zip(head):
                return False
            if not file.seekable():
                return True
            size = file.seek(0, io.SEEK_END)
            archive = wrapper.look(io.BufferedReader(_Borrowed(file)), size, DEFAULT_LIMITS)
        return wrapper.is_wrapper(self.name, archive)

    def content(self) -> Iterator[bytes]:
        """The content in pieces; compared with what was read before, where it was."""
        if self._held is not None:
            self.size = len(self._held)
            yield self._held
            return
        taken = 0
        with AsideDigest() as digest, self._opened() as file:
            while piece := file.read(_STEP):
                taken += len(piece)
                if self._watched:
                    digest.feed(piece)
                yield piece
        found = (taken, digest.octets() if self._watched else b"")
        if self._found is None:
            self._found = found
            self.size = taken
        if found != self._found:
            raise SourceError(
                f"{self.name!r} changed while the packet was written",
                f"{self.name!r} bị thay đổi trong lúc ghi gói tin",
                field="attachments",
            )

    def measure(self, algorithms: tuple[str, ...]) -> None:
        """The first pass: size and digests of the content."""
        self.watch()
        made = {name: _hash(name) for name in {*algorithms} - {"sha256"}}
        for piece in self.content():
            for digest in made.values():
                digest.update(piece)
        assert self._found is not None
        self.digests = {"sha256": self._found[1], **{name: digest.digest() for name, digest in made.items()}}

    def watch(self) -> None:
        """Read the content anew each time from now on, and let each reading give what the first one gave."""
        self._held = None
        self._found = None
        self._watched = True

    def base64(self) -> Iterator[bytes]:
        """The content as it stands in the packet: wrapped where that is the style's way, base64 on one line."""
        if self._held is not None and not self.wrapped:
            self.size = len(self._held)
            yield pybase64.b64encode(self._held)
            return
        held = b""
        content = self.content()
        if self.wrapped:
            with self._opened() as file:
                packed = not dense(file)
            content = zipped(content, self.entry_name, packed=packed)
        for piece in content:
            whole = held + piece if held else piece
            edge = len(whole) - len(whole) % 3
            if edge == len(whole):
                held = b""
            else:
                whole, held = whole[:edge], whole[edge:]
            if whole:
                yield pybase64.b64encode(whole)
        if held:
            yield pybase64.b64encode(held)


class _Borrowed(io.RawIOBase):
    """A caller's file behind a buffer that must not close it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _hash(name: str) -> hashlib._Hash:
    try:
        return hashlib.new(name)
    except ValueError:
        raise UsageError(f"no digest {name!r}", f"không có hàm băm {name!r}", field="digests", value=name) from None


def _uuid() -> str:
    """A random UUID (RFC 9562, version 4) as text."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _opener(content: Content) -> Callable[[], BinaryIO]:
    if isinstance(content, bytes):
        return lambda: io.BytesIO(content)
    if isinstance(content, str | os.PathLike):
        path = os.fsdecode(content)

        def opened() -> BinaryIO:
            try:
                return open_file(path, buffering=0)
            except OSError as error:
                raise _cannot_open(path, error) from error

        return opened
    if callable(content):
        return content
    raise UsageError(
        f"an attachment's content is a path, bytes or a function that opens it, not {type(content).__name__}",
        f"nội dung tệp đính kèm là đường dẫn, bytes hoặc hàm mở tệp, không phải {type(content).__name__}",
        field="attachments",
        value=type(content).__name__,
    )


def _small(content: Content, limit: int) -> bytes | None:
    """A content of at most ``limit`` bytes, where that can be told at once."""
    if isinstance(content, bytes):
        return content if len(content) <= limit else None
    if not isinstance(content, str | os.PathLike):
        return None
    try:
        return read_small(content, limit)
    except OSError as error:
        raise _cannot_open(os.fsdecode(content), error) from error


def _cannot_open(path: str, error: OSError) -> SourceError:
    en, vi = os_reason(error)
    return SourceError(f"cannot open {path!r}: {en}", f"không mở được {path!r}: {vi}", field="attachments")


def _name(source: AttachmentSource) -> str:
    name = source.name
    if name is None and isinstance(source.content, str | os.PathLike):
        path = os.fsdecode(source.content)
        name = os.path.basename(path) or Path(path).name  # noqa: PTH119 (a Path costs as much as the reading)
    plain = _plain(name, "name")
    if plain is None or not safe_name(plain, ""):
        raise UsageError("an attachment needs a name", "tệp đính kèm phải có tên", field="attachments.name", value=name)
    return plain


def _plain(text: str | None, what: str) -> str | None:
    """Text on one line that XML can carry."""
    if text is None:
        return None
    if not isinstance(text, str) or _CONTROL.search(text) is not None:
        raise UsageError(
            f"the {what} of an attachment is text without control characters",
            f"{what} của tệp đính kèm phải là chữ, không có ký tự điều khiển",
            field=f"attachments.{what}",
            value=text,
        )
    return text.strip(" ") or None


def prepare(attachments: object, names: AttachmentNames) -> list[Outgoing]:
    """The given attachments, prepared: paths, :class:`AttachmentSource`, or attachments of a packet that was read."""
    if isinstance(attachments, str | bytes | os.PathLike | AttachmentSource | Attachment):
        attachments = (attachments,)
    try:
        given = list(attachments)  # type: ignore[call-overload]
    except TypeError:
        raise UsageError(
            "attachments is a sequence", "attachments phải là một dãy", field="attachments", value=attachments
        ) from None
    prepared: list[Outgoing] = []
    room = _HELD
    for one in given:
        prepared.append(Outgoing(_source(one), names, room))
        room -= prepared[-1].held
    seen: set[str] = set()
    for one in prepared:
        if one.rendered.content_id in seen:
            raise UsageError(
                f"the content id {one.rendered.content_id!r} is used twice",
                f"mã nội dung {one.rendered.content_id!r} bị trùng",
                field="attachments.content_id",
                value=one.rendered.content_id,
            )
        seen.add(one.rendered.content_id)
    return prepared


def _source(given: object) -> AttachmentSource:
    if isinstance(given, AttachmentSource):
        return given
    if isinstance(given, Attachment):
        return AttachmentSource(
            given.open, name=given.name or given.safe_name, description=given.description, content_id=given.content_id
        )
    if isinstance(given, str | os.PathLike):
        return AttachmentSource(given)
    raise UsageError(
        f"an attachment is a path, an AttachmentSource or an Attachment, not {type(given).__name__}",
        f"tệp đính kèm là đường dẫn, AttachmentSource hoặc Attachment, không phải {type(given).__name__}",
        field="attachments",
        value=type(given).__name__,
    )
