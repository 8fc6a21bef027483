"""The bytes to judge: a path, bytes or a binary stream, hashed once, opened as often as needed, never changed."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from vn_edoc._files import not_regular, os_reason
from vn_edoc.errors import LimitExceeded, SourceError, UsageError
from vn_edoc.limits import Limits
from vn_edoc.validity.facts import Input

__all__ = ["Source", "SourceLike"]

SourceLike: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO"

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A source that can be read again."""

    input: Input
    """Name, size and hash."""
    path: Path | None
    """The file, where the source is one."""
    data: bytes | None
    """The bytes, where they came as bytes or as a stream."""

    @classmethod
    def of(cls, source: SourceLike, limits: Limits) -> Source:
        """Hash the source. ``SourceError`` if it cannot be opened, ``LimitExceeded`` if it is too big."""
        if isinstance(source, bytes | bytearray | memoryview):
            data = bytes(source)
            _bounded(len(data), limits)
            return cls(Input("bytes", len(data), hashlib.sha256(data).hexdigest()), None, data)
        if isinstance(source, str | os.PathLike):
            return cls._of_path(Path(source), limits)
        if not hasattr(source, "read"):
            raise UsageError(
                f"a path, bytes or a binary stream is needed, not {type(source).__name__}",
                f"cần đường dẫn, bytes hoặc luồng nhị phân, không phải {type(source).__name__}",
                field="source",
            )
        data = _drained(source, limits)
        name = getattr(source, "name", None)
        shown = _shown(Path(name)) if isinstance(name, str) else "stream"
        return cls(Input(shown, len(data), hashlib.sha256(data).hexdigest()), None, data)

    @classmethod
    def _of_path(cls, path: Path, limits: Limits) -> Source:
        digest = hashlib.sha256()
        size = 0
        try:
            if path.exists() and not (path.is_file() or path.is_dir()):
                raise not_regular(path)
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    _bounded(size, limits)
                    digest.update(chunk)
        except (OSError, ValueError) as error:
            en, vi = os_reason(error)
            raise SourceError(
                f"{path} cannot be opened: {en}", f"không mở được {path}: {vi}", field="source", value=str(path)
            ) from error
        return cls(Input(_shown(path), size, digest.hexdigest()), path, None)

    def open(self) -> BinaryIO:
        """A fresh binary stream over the source."""
        if self.path is not None:
            try:
                return self.path.open("rb")
            except OSError as error:
                raise SourceError(f"{self.path} cannot be opened: {error}", field="source") from error
        return io.BytesIO(self.data or b"")

    def head(self, size: int = 4096) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def read(self, limit: int) -> bytes:
        """All bytes; ``LimitExceeded`` beyond ``limit``."""
        if self.input.size > limit:
            raise LimitExceeded(
                f"the file has {self.input.size} bytes, the limit is {limit}",
                f"tệp có {self.input.size} byte, giới hạn là {limit}",
                field="pdf_bytes",
                value=self.input.size,
            )
        with self.open() as stream:
            data = stream.read(limit)
        if self.path is not None and hashlib.sha256(data).hexdigest() != self.input.sha256:
            raise SourceError(
                f"{self.path} changed while it was judged", f"{self.path} thay đổi trong khi kiểm tra", field="source"
            )
        return data

    @property
    def argument(self) -> Path | bytes:
        """The source in a form that the other rooms take."""
        return self.path if self.path is not None else self.data or b""


def _drained(stream: BinaryIO, limits: Limits) -> bytes:
    """All of a stream; a raw one gives its bytes in pieces."""
    pieces: list[bytes] = []
    size = 0
    while True:
        try:
            piece = stream.read(limits.packet_bytes + 1 - size)
        except (OSError, ValueError) as error:
            raise SourceError(f"the stream cannot be read: {error}", f"không đọc được luồng: {error}") from error
        if not isinstance(piece, bytes):
            raise UsageError("the stream is not binary", "luồng không phải nhị phân", field="source")
        if not piece:
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        _bounded(size, limits)


def _shown(path: Path) -> str:
    """The name of a file as text: of bytes that are no UTF-8 the report could not be written."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def _bounded(size: int, limits: Limits) -> None:
    if size > limits.packet_bytes:
        raise LimitExceeded(
            f"the source is larger than {limits.packet_bytes} bytes",
            f"nguồn lớn hơn {limits.packet_bytes} byte",
            field="packet_bytes",
            value=size,
        )
