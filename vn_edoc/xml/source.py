"""A source of bytes that is read at offsets: a path, bytes, or a binary file, with one face.

Files are read with ``pread``, not mapped: mapped pages would count as memory of the process.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias

from vn_edoc._files import os_reason
from vn_edoc.errors import LimitExceeded, SourceError, UsageError
from vn_edoc.limits import DEFAULT_LIMITS, Limits

__all__ = ["CHUNK", "ByteSource", "Source", "Spool", "Window", "open_source"]

_SETTLED_NS = 100_000_000
"""How long a file must have been left alone before its times can tell that it was changed: clocks of file systems
tick every few milliseconds."""

CHUNK = 256 * 1024
"""Bytes read at a time."""

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | IO[bytes]
"""What the library reads from."""


class ByteSource:
    """Bytes at offsets. Closing it closes only what it opened itself."""

    name: str | None
    """File name, for messages; ``None`` when the bytes have none."""
    size: int
    """Number of bytes."""

    def at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``offset``; fewer only at the end."""
        raise NotImplementedError

    def chunks(self, start: int = 0, end: int | None = None, step: int = CHUNK) -> Iterator[bytes]:
        """The bytes from ``start`` to ``end`` in pieces of ``step``; ``SourceError`` when the source has shrunk."""
        stop = self.size if end is None else end
        while start < stop:
            piece = self.at(start, min(step, stop - start))
            if not piece:
                raise SourceError("the source became shorter while it was read", "nguồn bị ngắn đi trong lúc đọc")
            yield piece
            start += len(piece)

    def steady(self) -> bool:
        """Whether it is certain that the bytes are still those that were there when it was opened."""
        return False

    def close(self) -> None:
        """Give back what was opened. May be called twice."""


class _Memory(ByteSource):
    def __init__(self, data: bytes) -> None:
        self.name = None
        self.size = len(data)
        self._data = data

    def at(self, offset: int, length: int) -> bytes:
        if offset == 0 and length >= self.size:
            return self._data
        return self._data[offset : offset + length]

    def steady(self) -> bool:
        return True

    def chunks(self, start: int = 0, end: int | None = None, step: int = CHUNK) -> Iterator[bytes]:
        if start == 0 and (end is None or end >= self.size):
            if self._data:
                yield self._data
            return
        yield from super().chunks(start, end, step)


_OPENING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class _Descriptor(ByteSource):
    """A file opened by us, read with ``pread`` where the system has it."""

    def __init__(self, path: str) -> None:
        self.name = os.path.basename(path)  # noqa: PTH119 - a Path costs more than the opening
        self._descriptor: int | None = None
        try:
            self._descriptor = os.open(path, _OPENING)
            found = os.fstat(self._descriptor)
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if not stat.S_ISREG(found.st_mode):
                os.lseek(self._descriptor, 0, os.SEEK_SET)
        except (OSError, ValueError) as error:
            self.close()
            raise _cannot_open(path, error) from error
        self.size = found.st_size
        settled = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _SETTLED_NS
        self._as_opened = _times(found) if settled else None
        self._lock = threading.Lock()

    def at(self, offset: int, length: int) -> bytes:
        descriptor = self._descriptor
        try:
            if descriptor is None:
                raise ValueError("it was closed")
            if hasattr(os, "pread"):
                return os.pread(descriptor, length, offset)
            with self._lock:
                os.lseek(descriptor, offset, os.SEEK_SET)
                return os.read(descriptor, length)
        except (OSError, ValueError) as error:
            en, vi = os_reason(error)
            raise SourceError(f"cannot read {self.name!r}: {en}", f"không đọc được {self.name!r}: {vi}") from error

    def steady(self) -> bool:
        if self._as_opened is None or self._descriptor is None:
            return False
        try:
            return _times(os.fstat(self._descriptor)) == self._as_opened
        except OSError:
            return False

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            try:  # noqa: SIM105 - see below
                self._give_back(descriptor)
            except OSError:
                pass

    # Bound here, and nothing else is used above: at the end of the program the module's own names may be gone
    # before the last source is.
    _give_back = staticmethod(os.close)

    def __del__(self) -> None:
        self.close()


def _times(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


class _File(ByteSource):
    """A seekable binary file that belongs to the caller."""

    def __init__(self, file: IO[bytes], size: int, *, own: bool = False) -> None:
        name = getattr(file, "name", None)
        self.name = Path(name).name if isinstance(name, str) else None
        self.size = size
        self._file = file
        self._close = weakref.finalize(self, file.close) if own else None
        self._lock = threading.Lock()

    def at(self, offset: int, length: int) -> bytes:
        with self._lock:
            try:
                self._file.seek(offset)
                pieces = []
                while length > 0:
                    piece = self._file.read(length)
                    if not piece:
                        break
                    pieces.append(piece)
                    length -= len(piece)
            except (OSError, ValueError) as error:
                raise SourceError(f"cannot read the file: {error}", f"không đọc được tệp: {error}") from error
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        if self._close is not None:
            self._close()


class Window(ByteSource):
    """The bytes from ``start`` to ``end`` of another source. Closing it closes nothing."""

    def __init__(self, source: ByteSource, start: int, end: int) -> None:
        self.name = None
        self.size = end - start
        self._source = source
        self._start = start

    def at(self, offset: int, length: int) -> bytes:
        length = min(length, self.size - offset)
        return self._source.at(self._start + offset, length) if length > 0 else b""

    def steady(self) -> bool:
        return self._source.steady()


class Spool(ByteSource):
    """Bytes that are made on the way: in memory while they are few, in a temporary file otherwise."""

    def __init__(self) -> None:
        import tempfile

        self.name = None
        self.size = 0
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 * CHUNK)  # noqa: SIM115 - closed with it
        self._close = weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()

    def append(self, piece: bytes) -> None:
        """One more piece at the end; ``SourceError`` when there is no room for it."""
        try:
            with self._lock:
                self._file.seek(0, os.SEEK_END)
                self._file.write(piece)
        except OSError as error:
            raise SourceError(f"no room for temporary data: {error}", f"không ghi được dữ liệu tạm: {error}") from error
        self.size += len(piece)

    def at(self, offset: int, length: int) -> bytes:
        try:
            with self._lock:
                self._file.seek(offset)
                return self._file.read(length)
        except (OSError, ValueError) as error:
            raise SourceError(f"cannot read temporary data: {error}", f"không đọc được dữ liệu tạm: {error}") from error

    def steady(self) -> bool:
        return True

    def close(self) -> None:
        self._close()


def _cannot_open(name: str, error: Exception) -> SourceError:
    en, vi = os_reason(error)
    return SourceError(f"cannot open {name!r}: {en}", f"không mở được {name!r}: {vi}", field="source", value=name)


def open_source(source: Source, limits: Limits = DEFAULT_LIMITS) -> ByteSource:
    """Open a path, bytes or a binary file for reading at offsets.

    A file that cannot seek is copied to a temporary file first, at most ``limits.packet_bytes`` of it. Raises
    :class:`~vn_edoc.errors.SourceError` when it cannot be opened, :class:`~vn_edoc.errors.LimitExceeded` when it is
    longer than the bound, :class:`~vn_edoc.errors.UsageError` for another type.
    """
    opened: ByteSource
    if isinstance(source, bytes):
        opened = _Memory(source)
    elif isinstance(source, bytearray | memoryview):
        opened = _Memory(bytes(source))
    elif isinstance(source, str | os.PathLike):
        opened = _Descriptor(os.fsdecode(source))
    elif callable(getattr(source, "read", None)):
        opened = _open_file(source, limits)
    else:
        raise UsageError(
            f"a path, bytes or a binary file is needed, not {type(source).__name__}",
            f"cần đường dẫn, bytes hoặc tệp nhị phân, không phải {type(source).__name__}",
            field="source",
            value=type(source).__name__,
        )
    if opened.size > limits.packet_bytes:
        opened.close()
        raise _too_long(opened.size, limits)
    return opened


def _open_file(file: IO[Any], limits: Limits) -> ByteSource:
    try:
        if isinstance(file.read(0), str):
            raise UsageError("open the file in binary mode", "hãy mở tệp ở chế độ nhị phân", field="source")
        seekable = getattr(file, "seekable", None)
        if seekable is not None and seekable():
            return _File(file, file.seek(0, os.SEEK_END))
        import tempfile

        copy: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the source
        taken = 0
        while piece := file.read(CHUNK):
            taken += len(piece)
            if taken > limits.packet_bytes:
                copy.close()
                raise _too_long(taken, limits)
            copy.write(piece)
        return _File(copy, taken, own=True)
    except (OSError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise SourceError(f"cannot read the file: {error}", f"không đọc được tệp: {error}", field="source") from error


def _too_long(found: int, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"the source has {found} bytes or more, the bound is {limits.packet_bytes}",
        f"nguồn có từ {found} byte trở lên, giới hạn là {limits.packet_bytes}",
        field="packet_bytes",
        value=found,
    )
