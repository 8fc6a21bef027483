"""Attachments as they are read: lazy, hashed, safe to save."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from vn_edoc.envelope.names import safe_name
from vn_edoc.envelope.notes import provisions_of
from vn_edoc.envelope.saving import write_new
from vn_edoc.envelope.unwrapping import DAMAGES, Content, in_memory, new_sha256
from vn_edoc.errors import Unreadable, UsageError
from vn_edoc.findings import Finding, Location, Severity

if TYPE_CHECKING:
    import hashlib

    from _typeshed import WriteableBuffer

    from vn_edoc.envelope.parts import Extension

__all__ = ["Attachment", "ManifestReference"]


@dataclass(frozen=True, slots=True)
class ManifestReference:
    """An attachment as the manifest names it (``edXMLManifest/Reference``)."""

    index: int
    """Place in the manifest, from 1."""
    content_id: str | None
    """``ContentId`` or ``href`` without ``cid:`` and angle brackets."""
    name: str | None
    """``AttachmentName``."""
    content_type: str | None
    """``ContentType``."""
    description: str | None
    """``Description``."""
    extensions: tuple[Extension, ...] = ()
    """Elements below it that edXML does not know, kept as they stand."""


class _Verified(io.RawIOBase):
    """A content that is hashed while it is read from its start, and compared at its end."""

    def __init__(self, inner: io.RawIOBase | io.BufferedIOBase, size: int, sha256: str, name: str) -> None:
        super().__init__()
        self._inner = inner
        self._size = size
        self._expected = sha256
        self._name = name
        self._digest: hashlib._Hash | None = new_sha256()
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        target = max(0, base + offset)
        if target != self._position:
            # Only a reading from the first byte to the last can be compared.
            self._digest = new_sha256() if target == 0 else None
            self._inner.seek(min(target, self._size))
            self._position = target
        return target

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            piece = self._inner.read(len(view)) if self._position < self._size else b""
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
            raise self._changed() from error
        piece = piece or b""
        if not piece and self._position < self._size:
            raise self._changed()
        view[: len(piece)] = piece
        self._position += len(piece)
        if self._digest is not None:
            self._digest.update(piece)
            if self._position >= self._size and self._digest.hexdigest() != self._expected:
                raise self._changed()
        return len(piece)

    def _changed(self) -> Unreadable:
        return Unreadable(
            f"the content of {self._name!r} is no longer what was checked: the source has changed",
            f"nội dung {self._name!r} không còn như lúc kiểm tra: tệp nguồn đã bị thay đổi",
        )

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class Attachment:
    """A file that a packet carries.

    Its content stays where it is: :meth:`open` decodes it on demand, in pieces.
    """

    __slots__ = (
        "_content",
        "content_id",
        "declared_media_type",
        "description",
        "extensions",
        "index",
        "name",
        "reference",
        "safe_name",
    )

    def __init__(
        self,
        *,
        index: int,
        name: str | None,
        safe: str,
        declared_media_type: str | None,
        content_id: str | None,
        description: str | None,
        reference: ManifestReference | None,
        content: Content,
        extensions: tuple[Extension, ...] = (),
    ) -> None:
        self.index = index
        self.name = name
        self.safe_name = safe
        self.declared_media_type = declared_media_type
        self.content_id = content_id
        self.description = description
        self.reference = reference
        self.extensions = extensions
        self._content = content

    index: int
    """Place in the packet, from 1."""
    name: str | None
    """Name as carried; ``None`` where neither the attachment nor the manifest gives one."""
    safe_name: str
    """Name that can be saved and shown, unique in the packet."""
    declared_media_type: str | None
    """Media type as the attachment claims it."""
    content_id: str | None
    """``ContentId`` without ``cid:`` and angle brackets."""
    description: str | None
    """``Description``."""
    reference: ManifestReference | None
    """The manifest's entry for it; ``None`` where the manifest does not name it."""
    extensions: tuple[Extension, ...]
    """Elements below it that edXML does not know, kept as they stand."""

    @property
    def media_type(self) -> str | None:
        """Media type sniffed from the unwrapped content; ``None`` if damaged."""
        return self._content.media_type

    @property
    def size(self) -> int | None:
        """Bytes of the unwrapped content; ``None`` if damaged."""
        return self._content.size

    @property
    def sha256(self) -> str | None:
        """SHA-256 of the unwrapped content as it was checked, lower-case hexadecimal; ``None`` if damaged."""
        return self._content.sha256

    @property
    def damage(self) -> str | None:
        """``None``, or why the content cannot be had: a key of :data:`DAMAGES`."""
        return self._content.damage

    @property
    def damaged(self) -> bool:
        """Whether the content cannot be had."""
        return self._content.damage is not None

    @property
    def wrapped(self) -> bool:
        """Whether the content came inside a ZIP wrapper."""
        return self._content.entry is not None

    @property
    def entry_name(self) -> str | None:
        """Name of the file inside the wrapper; usually a UUID. Never a path to write to."""
        return self._content.entry.filename if self._content.entry is not None else None

    @property
    def raw_size(self) -> int | None:
        """Bytes as carried: decoded, with the wrapper."""
        return self._content.raw_size

    def open(self) -> BinaryIO:
        """The unwrapped content as a seekable binary file.

        Read from first to last byte it is hashed again and compared with :attr:`sha256`; a difference raises
        :class:`~vn_edoc.errors.Unreadable`, as does damaged content.
        """
        content = self._content
        if content.damage is not None or content.size is None:
            vi, en = DAMAGES[content.damage or "missing"]
            where = Location(path=f"Attachment[{self.index}]", attachment=self.safe_name)
            told = f"Tệp đính kèm hỏng: {vi}.", f"Damaged attachment: {en}."
            raise Unreadable(
                f"the content of {self.safe_name!r} cannot be read: {en}",
                f"không đọc được nội dung {self.safe_name!r}: {vi}",
                findings=(Finding("R44", Severity.ERROR, where, *told, provisions_of("R44")),),
            )
        kept = content.kept()
        if kept is not None:
            return cast("BinaryIO", in_memory(kept))
        try:
            inner = content.open()
        except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError) as error:
            raise Unreadable(
                f"the content of {self.safe_name!r} cannot be read again: {error}",
                f"không đọc lại được nội dung {self.safe_name!r}: {error}",
            ) from error
        checked = _Verified(inner, content.size, content.sha256 or "", self.safe_name)
        return cast("BinaryIO", io.BufferedReader(checked, 256 * 1024))

    def raw(self) -> BinaryIO:
        """The content as carried, decoded but not unwrapped; of damaged content what stands before the damage."""
        return cast("BinaryIO", self._content.open_raw())

    def read(self) -> bytes:
        """The unwrapped content whole, checked against :attr:`sha256`. For files that fit in memory."""
        kept = self._content.kept()
        if kept is not None:
            return kept
        with self.open() as file:
            return file.read()

    def save(self, folder: str | os.PathLike[str], name: str | None = None) -> Path:
        """Save the unwrapped content under ``folder`` and return the path; nothing that exists is overwritten.

        ``name`` defaults to :attr:`safe_name` and is made safe as well. The file appears whole or not at all. Raises
        :class:`~vn_edoc.errors.Unreadable` for damaged content, :class:`~vn_edoc.errors.SourceError` when it cannot
        be written.
        """
        place = Path(folder)
        if not place.is_dir():
            raise UsageError(f"{place} is no folder", f"{place} không phải thư mục", field="folder", value=str(place))
        wanted = self.safe_name if name is None else safe_name(name, self.safe_name)
        with self.open() as content:
            return write_new(place, wanted, content)

    def __repr__(self) -> str:
        return f"<Attachment {self.index} {self.safe_name!r} {self.damage or self.media_type}>"
