"""Streams that stay in the file until somebody asks for their octets, so that memory does not grow with the file."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose

__all__ = ["LazyStream", "Unread", "reads_large_stream", "resolved"]

_HELD = 64 * 1024
"""Streams up to this size are read with their dictionary."""
_HELD_DECODED = 256 * 1024
"""Unpacked content up to this size is kept for the next who asks."""
_HEAD = 2048
_LENGTH = re.compile(rb"/Length\s+(\d{1,18})\s*(?=[/>])")


class Unread(bytes):
    """The place of octets in the file; itself empty."""

    source: BinaryIO
    start: int
    size: int

    @classmethod
    def at(cls, source: BinaryIO, start: int, size: int) -> Unread:
        """``size`` octets from ``start``."""
        place = cls()
        place.source, place.start, place.size = source, start, size
        return place

    def fetch(self) -> bytes:
        """The octets."""
        here = self.source.tell()
        self.source.seek(self.start)
        data = self.source.read(self.size)
        self.source.seek(here)
        return data

    def __getitem__(self, key: Any) -> Any:
        """pyHanko cuts the last octet off where ``/Length`` is one too long."""
        return Unread.at(self.source, self.start, self.size - 1) if key == slice(None, -1) else super().__getitem__(key)


class Deferring:
    """A file that hands out large reads as :class:`Unread`."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Like ``read`` of a file."""
        if size <= _HELD:
            return self._file.read(size)
        start = self._file.tell()
        there = max(0, min(size, self._size - start))
        self._file.seek(start + there)
        return Unread.at(self._file, start, there)


def reads_large_stream(file: BinaryIO, offset: int) -> bool:
    """Whether the object at ``offset`` looks like a stream that is not small."""
    file.seek(offset)
    head = file.read(_HEAD)
    if b"stream" not in head:
        return False
    length = _LENGTH.search(head)
    return length is None or int(length[1]) > _HELD


class LazyStream(generic.StreamObject):
    """A stream of the file. What is read from it is not kept unless it is small."""

    @property
    def _encoded_data(self) -> bytes | None:
        held: bytes | None = self.__dict__["held"]
        return held.fetch() if isinstance(held, Unread) else held

    @_encoded_data.setter
    def _encoded_data(self, value: bytes | None) -> None:
        self.__dict__["held"] = value

    @classmethod
    def of(cls, stream: generic.StreamObject, entries: dict[Any, Any] | None = None) -> LazyStream:
        """A copy of a stream, unread where it is unread, with other entries where they are given."""
        if isinstance(stream, LazyStream):
            held = stream.__dict__["held"]
        else:
            held = stream._encoded_data
        copy = cls(dict(stream) if entries is None else entries, encoded_data=held)
        copy.container_ref = stream.container_ref
        return copy

    @property
    def unread(self) -> bool:
        """Whether the octets are still in the file."""
        return isinstance(self.__dict__["held"], Unread)

    def read_data(self, purpose: DecodePurpose = DecodePurpose.GENERIC, expected_size: int | None = None) -> bytes:
        """See pyHanko's."""
        data = super().read_data(purpose, expected_size)
        if len(data) > _HELD_DECODED:
            self._data = None
        return data

    @property
    def encoded_data(self) -> bytes:
        """See pyHanko's."""
        found = self._encoded_data
        return super().encoded_data if found is None else found


def resolved(dictionary: Any, key: str, default: Any = None) -> Any:
    """The value of a key, found through its reference: pyHanko's ``get`` is that of ``dict`` and leaves references."""
    if key not in dictionary:
        return default
    value = dictionary[key]
    return default if isinstance(value, generic.NullObject) else value
