"""The ZIP wrapper as it is written: one entry, in a stream."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from vn_edoc.envelope import wrapper
from vn_edoc.errors import LimitExceeded
from vn_edoc.limits import DEFAULT_LIMITS

__all__ = ["dense", "zipped"]

_LOOKED_AT = 64 * 1024
"""Bytes packed at a time to see how well they pack."""


def dense(file: BinaryIO) -> bool:
    """Whether a content packs so well that a reader would take its wrapper for a bomb."""
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    size, taken, packed = None, 0, 0
    if file.seekable():
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    # Of nearly all contents a small part is enough to tell.
    while size is None or wrapper.bound(packed, DEFAULT_LIMITS) < size:
        piece = file.read(_LOOKED_AT)
        if not piece:
            return taken > wrapper.bound(packed + len(packer.flush()), DEFAULT_LIMITS)
        taken += len(piece)
        packed += len(packer.compress(piece))
    return False


class _Sink(io.RawIOBase):
    """Collects what a ZIP writer writes."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> Iterator[bytes]:
        pieces, self.pieces = self.pieces, []
        return iter(pieces)


def zipped(content: Iterator[bytes], entry_name: str, *, packed: bool) -> Iterator[bytes]:
    """A ZIP with one entry, in a stream. Equal content and entry name give equal bytes. What is not packed stands in
    blocks of a deflate stream all the same: readers of streams take no other with its sizes behind it."""
    sink = _Sink()
    entry = zipfile.ZipInfo(entry_name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    if not packed:
        entry._compresslevel = 0  # type: ignore[attr-defined]
    try:
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open(entry, "w") as inner:
                for piece in content:
                    inner.write(piece)
                    yield from sink.take()
            yield from sink.take()
    except (zipfile.LargeZipFile, RuntimeError) as error:
        raise LimitExceeded(
            f"the content is too large for a ZIP wrapper: {error}",
            f"nội dung quá lớn đối với lớp ZIP: {error}",
            field="attachment_bytes",
        ) from error
    yield from sink.take()
