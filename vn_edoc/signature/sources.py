"""Opening what is verified: a path stays on disk, octets stay in memory, a stream is spooled; none is changed."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from vn_edoc._files import open_file, os_reason
from vn_edoc.errors import LimitExceeded, SourceError, UsageError

__all__ = ["Opened", "Source", "open_source"]

Source = bytes | bytearray | memoryview | str | Path | BinaryIO
"""A path, octets, or a binary file opened for reading."""

_SPOOL = 16 * 1024 * 1024


class Opened:
    """An open source: a seekable stream for us, and a way to open it again."""

    __slots__ = ("reopen", "size", "stream")

    def __init__(self, stream: BinaryIO, size: int, reopen: Callable[[], BinaryIO]) -> None:
        self.stream = stream
        self.size = size
        self.reopen = reopen

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what was opened here."""
        # Spooled copies stay for whoever reads the verified octets again; they go with the last reference.
        if not isinstance(self.stream, tempfile.SpooledTemporaryFile):
            self.stream.close()


def open_source(source: Source, limit: int) -> Opened:
    """Open a source of at most ``limit`` bytes. ``SourceError`` if it cannot be read, ``LimitExceeded`` if it is too
    big, ``UsageError`` for another type."""
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        _check(len(data), limit)
        return Opened(io.BytesIO(data), len(data), lambda: io.BytesIO(data))
    if isinstance(source, str | Path):
        path = Path(source)
        try:
            stream = open_file(path)
            size = stream.seek(0, 2)
            stream.seek(0)
        except OSError as error:
            en, vi = os_reason(error)
            raise SourceError(f"cannot open {path}: {en}", f"không mở được {path}: {vi}", field="source") from error
        if size > limit:
            stream.close()
            _check(size, limit)
        return Opened(stream, size, lambda: open_file(path))
    if not hasattr(source, "read"):
        raise UsageError(
            f"a path, bytes or a binary file is needed, not {type(source).__name__}",
            f"cần đường dẫn, dữ liệu byte hoặc tệp nhị phân, không phải {type(source).__name__}",
            field="source",
        )
    return _spool(source, limit)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise LimitExceeded(
            f"the file has {size} bytes, more than the limit of {limit}",
            f"tệp có {size} byte, quá giới hạn {limit}",
            field="pdf_bytes",
            value=size,
        )


def _spool(source: BinaryIO, limit: int) -> Opened:
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115
    size = 0
    try:
        while chunk := source.read(1 << 20):
            if not isinstance(chunk, bytes):
                raise UsageError(
                    "the file must be opened in binary mode", "tệp phải được mở ở chế độ nhị phân", field="source"
                )
            size += len(chunk)
            _check(size, limit)
            spool.write(chunk)
    except OSError as error:
        raise SourceError(
            f"the file cannot be read: {error}", f"không đọc được tệp: {error}", field="source"
        ) from error
    spool.seek(0)
    lock = Lock()

    def reopen() -> BinaryIO:
        with lock:
            spool.seek(0)
            return io.BytesIO(spool.read())

    return Opened(spool, size, reopen)  # type: ignore[arg-type]
