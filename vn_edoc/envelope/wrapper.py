"""The ZIP wrapper that SDKs put around attachments, and its guards.

Whether a ZIP is a wrapper is decided by its bytes and the attachment's name, whatever the media type claims: it is one
when the name is not that of a ZIP-based format, or when it holds exactly one entry with the name's extension and a
UUID for a stem. Entry names never become paths.
"""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from vn_edoc.envelope.names import extension
from vn_edoc.envelope.sniff import ZIP_BASED
from vn_edoc.limits import Limits

__all__ = ["Archive", "bound", "is_wrapper", "is_zip", "look", "unpack", "unpack_all"]

_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
_DIRECTORY_BYTES = 4 * 1024 * 1024
_STEP = 256 * 1024
_EXTRA = 256
"""Extra field of a local header: times and long sizes take some forty bytes, another file would take more."""
_NAME = 1024
"""Name of an entry: no file system takes a longer one."""
_UNICODE_NAME = 0x7075
"""Extra field with the name once more in UTF-8, behind a version and the checksum of the name in the header (Info-ZIP):
as long as the name is, and but for these five octets a text."""
_CHECKSUM = 5
_MARK = re.compile(rb"%PDF|startxref|%%EOF")
"""What PDF needs to be found in the octets around an entry, long enough never to be met by chance."""
_TAG = re.compile(rb"<(?:[A-Za-z!?/]|$)")
"""Where HTML and XML begin. A checksum, a size or a time shows these two octets by chance, once in some hundred
entries: they are looked for only where a writer may put a text."""
_TIMES = {0x0001: 28, 0x000A: 32, 0x000D: 12, 0x5455: 13, 0x5855: 12, 0x756E: 14, 0x7855: 4, 0x7875: 15}
"""Extra fields of numbers (long sizes, times, owners) and the most that each takes (APPNOTE 4.5, 4.6; Info-ZIP)."""
_HARMLESS = 0x0806
"""Flags on names and on how hard it was packed."""
_DESCRIPTORS = (12, 16, 20, 24)
"""Sizes of the data descriptor behind an entry that was written as a stream."""
_SLACK = 1024 * 1024
"""What an entry may unpack to whatever its ratio."""


class Archive(NamedTuple):
    """What the directory of a ZIP says."""

    files: tuple[zipfile.ZipInfo, ...] = ()
    """Its entries that are files."""
    problem: str | None = None
    """Why it cannot be used: ``directory``, ``entries``."""
    plain: bool = True
    """One entry after the other from the first byte to the directory, local headers as the directory has them, and
    nothing behind: a reader that goes by local headers, or takes the octets for another format, sees the same."""


def is_zip(head: bytes) -> bool:
    """Whether the content begins as a ZIP with at least one entry does."""
    return head.startswith(b"PK\x03\x04")


def look(file: io.BufferedIOBase, size: int, limits: Limits) -> Archive:
    """Read the directory within the bounds. Never raises for content."""
    try:
        counted = _count(file, size)
        if counted is None:
            return Archive(problem="directory")
        entries, directory = counted
        if entries > limits.zip_entries or directory > _DIRECTORY_BYTES:
            return Archive(problem="entries")
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            plain = len(infos) > limits.zip_entries or _plain(file, size, archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, OverflowError, IndexError):
        return Archive(problem="directory")
    if len(infos) > limits.zip_entries:
        return Archive(problem="entries")
    # Not ``is_dir``: it fails where the name is empty.
    return Archive(tuple(i for i in infos if not i.filename.endswith("/")), plain=plain)


def _count(file: io.BufferedIOBase, size: int) -> tuple[int, int] | None:
    """Number of entries and size of the directory, from the end record alone: the directory is not yet read."""
    length = min(size, 65557 + 20)
    file.seek(size - length)
    tail = file.read(length)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return None
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    if entries == 0xFFFF or directory == 0xFFFFFFFF:
        locator = at - 20
        if locator < 0 or tail[locator : locator + 4] != b"PK\x06\x07":
            return None
        (where,) = struct.unpack_from("<Q", tail, locator + 8)
        if where > size - 56:
            return None
        file.seek(where)
        record = file.read(56)
        if record[:4] != b"PK\x06\x06":
            return None
        entries, directory = struct.unpack_from("<QQ", record, 32)
    return entries, directory


def _plain(file: io.BufferedIOBase, size: int, archive: zipfile.ZipFile) -> bool:
    start: int = archive.start_dir
    if size - start > _DIRECTORY_BYTES:
        return False
    file.seek(start)
    directory = file.read(size - start)
    # The end record is the end, and the directory holds no end of another file: PDF is read from behind.
    if directory[-22:-18] != b"PK\x05\x06" or directory[-2:] != b"\0\0" or _MARK.search(directory):
        return False
    if not _entries_only(directory, len(archive.infolist())):
        return False
    infos = sorted(archive.infolist(), key=lambda i: i.header_offset)
    ends = [*(i.header_offset for i in infos[1:]), start]
    if not infos or infos[0].header_offset != 0:
        return False
    for info, end in zip(infos, ends, strict=True):
        file.seek(info.header_offset)
        local = file.read(30)
        if len(local) < 30 or local[:4] != b"PK\x03\x04":
            return False
        flags, method, _, crc, packed, unpacked, name, extra = struct.unpack_from("<HHIIIIHH", local, 6)
        if (flags ^ info.flag_bits) & ~_HARMLESS or method != info.compress_type:
            return False
        if name > _NAME or info.comment:
            return False
        texts = file.read(name + extra)
        if max(_beside_name(texts[name:]), _beside_name(info.extra)) > _EXTRA:
            return False
        if _MARK.search(local + texts) or _foreign(texts[:name], texts[name:]):
            return False
        sizes = (crc, packed, unpacked) == (info.CRC, info.compress_size, info.file_size)
        zip64 = 0xFFFFFFFF in (packed, unpacked)
        if not (flags & 8 or sizes or zip64):
            return False
        after = end - (info.header_offset + 30 + name + extra + info.compress_size)
        if after not in (_DESCRIPTORS if flags & 8 else (0,)):
            return False
    return True


def _entries_only(directory: bytes, entries: int) -> bool:
    """Whether the directory is its entries and the end records, without a text of another format."""
    at = 0
    for _ in range(entries):
        if directory[at : at + 4] != b"PK\x01\x02":
            return False
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        texts = directory[at + 46 : at + 46 + name + extra]
        if _foreign(texts[:name], texts[name:]):
            return False
        at += 46 + name + extra + comment
    # The end record, for long archives with the two of ZIP64 before it.
    return len(directory) - at in (22, 22 + 20 + 56)


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of an extra field; what is left behind them has the number -1."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size
    yield -1, extra[at:]


def _beside_name(extra: bytes) -> int:
    """Octets of an extra field beside a name in UTF-8."""
    named = next((len(value) for kind, value in _fields(extra) if kind == _UNICODE_NAME), 0)
    return len(extra) - (named if named <= _CHECKSUM + _NAME else 0)


def _foreign(name: bytes, extra: bytes) -> bool:
    """Whether a name or an extra field holds where another format would begin."""
    if _TAG.search(name):
        return True
    for kind, value in _fields(extra):
        text = value[_CHECKSUM:] if kind == _UNICODE_NAME else value
        if len(value) > _TIMES.get(kind, -1) and _TAG.search(text):
            return True
    return False


def is_wrapper(name: str | None, archive: Archive) -> bool:
    """Whether the archive is a wrapper around a content of that name."""
    suffix = extension(name)
    if suffix not in ZIP_BASED:
        return True
    if len(archive.files) != 1:
        return False
    stem, dot, inner = archive.files[0].filename.rpartition(".")
    return bool(dot) and inner.lower() == suffix and _UUID.fullmatch(stem) is not None


def bound(packed: int, limits: Limits) -> int:
    """The most that so many packed octets may unpack to."""
    return packed * limits.zip_ratio + _SLACK


def unpack(
    file: io.BufferedIOBase, entry: zipfile.ZipInfo, limits: Limits, sink: Callable[[bytes], object], deadline: float
) -> str | None:
    """Unpack an entry to its end into ``sink``; ``None``, or why not: ``method``, ``encrypted``, ``ratio``, ``size``,
    ``time``, ``zip``."""
    return unpack_all(file, (entry,), limits, lambda _, piece: sink(piece), deadline)[0]


def unpack_all(
    file: io.BufferedIOBase,
    entries: Sequence[zipfile.ZipInfo],
    limits: Limits,
    sink: Callable[[zipfile.ZipInfo, bytes], object],
    deadline: float,
) -> list[str | None]:
    """:func:`unpack` for several entries, the directory read once: the answer for each. All of them together are held
    to ``limits.packet_bytes``."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            left = limits.packet_bytes
            answers: list[str | None] = []
            for entry in entries:
                largest = min(left, limits.attachment_bytes)
                answer, taken = _unpack(file, archive, entry, largest, limits, sink, deadline)
                left -= taken
                answers.append(answer)
            return answers
    except _BROKEN:
        return ["zip"] * len(entries)


_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError),
    *(struct.error, OverflowError),
)
"""What a damaged archive makes the standard library raise."""


def _unpack(
    file: io.BufferedIOBase,
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    largest: int,
    limits: Limits,
    sink: Callable[[zipfile.ZipInfo, bytes], object],
    deadline: float,
) -> tuple[str | None, int]:
    """Why an entry cannot be had, ``None`` where it can, and the bytes that came out of it."""
    taken = 0
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "method", taken
    if entry.flag_bits & 0x41:
        return "encrypted", taken
    most = bound(entry.compress_size, limits)
    checksum = 0
    try:
        archive.open(entry).close()  # its two headers name one file
        for piece in _inflated(file, entry):
            taken += len(piece)
            if taken > largest:
                return "size", taken
            if time.monotonic() > deadline:
                return "time", taken
            if taken > most:
                return "ratio", taken
            checksum = zlib.crc32(piece, checksum)
            sink(entry, piece)
    except _BROKEN:
        return "zip", taken
    return (None if (taken, checksum) == (entry.file_size, entry.CRC) else "zip"), taken


def _inflated(file: io.BufferedIOBase, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """All that an entry holds, in pieces. The size that its headers state ends nothing: what a stream gives beyond it
    other readers take, and octets behind the stream's end are room for a second entry. ``BadZipFile`` for those."""
    file.seek(entry.header_offset)
    name, extra = struct.unpack_from("<HH", file.read(30), 26)
    file.seek(name + extra, io.SEEK_CUR)
    stream = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left = entry.compress_size
    while left > 0:
        packed = file.read(min(_STEP, left))
        if not packed:
            raise zipfile.BadZipFile("cut short")
        left -= len(packed)
        if stream is None:
            yield packed
            continue
        full = True
        while full and not stream.eof:
            piece = stream.decompress(packed, _STEP)
            packed = stream.unconsumed_tail
            # A full piece may have left more inside.
            full = len(piece) == _STEP or bool(packed)
            if piece:
                yield piece
        if stream.eof and (left > 0 or stream.unused_data):
            raise zipfile.BadZipFile("more than its stream")
    if stream is not None and entry.compress_size and not stream.eof:
        raise zipfile.BadZipFile("a stream without end")
