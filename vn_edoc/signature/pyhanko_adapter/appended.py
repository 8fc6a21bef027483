"""What was appended to a signed file, read by the letter from its first octet to its last.

An honest update is objects, a table of references, a trailer and the mark of the end, each in plain form. Where it is
anything else, other readers may see another update than ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument
from vn_edoc.signature.pyhanko_adapter.grammar import BLANK, BLANKS, Odd, Value, read_value
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["odd_segments"]

_SIZES = (64 * 1024, 1024 * 1024, 64 * 1024 * 1024)
"""How much is looked at for one object: more only where it does not suffice."""
_SLACK = 64
_SPACE = re.compile(BLANK + rb"++")
_COMMENT = re.compile(rb"%[^\r\n]*+")
_OBJECT = re.compile(rb"(\d{1,10})" + BLANK + rb"++(\d{1,5})" + BLANK + rb"++obj(?![A-Za-z0-9])")
_DONE = re.compile(BLANK + rb"*+endobj(?![A-Za-z0-9])")
_STREAM = re.compile(BLANK + rb"*+stream\r?+\n")
_STREAM_DONE = re.compile(BLANK + rb"{0,4}endstream" + BLANK + rb"++endobj(?![A-Za-z0-9])")
_START = re.compile(rb"startxref" + BLANK + rb"++\d{1,12}" + BLANK + rb"++%%EOF(?![^" + BLANKS + rb"])")
_TABLE = re.compile(rb"xref" + BLANK + rb"++")
_SECTION = re.compile(rb"(\d{1,10}) (\d{1,10})" + BLANK + rb"++")
_ENTRY = re.compile(rb"\d{10} \d{5} [nf][ \r\n]{1,2}")
_LINES = re.compile(rb"[\r\n]*+")
_TRAILER = re.compile(rb"trailer" + BLANK + rb"*+(?=<<)")
_INTEGER = re.compile(rb"(\d{1,12})$")
_LENGTH = re.compile(rb"(\d{1,10})" + BLANK + rb"++(\d{1,5})" + BLANK + rb"++R$")
_HEADS = re.compile(rb"(?:" + BLANK + rb"*+\d{1,10}" + BLANK + rb"++\d{1,10}(?!\d))*+" + BLANK + rb"*+$")
_NUMBERS = re.compile(rb"\[[\d" + BLANKS + rb"]*+\]$")


def odd_segments(document: PdfDocument, ends: Iterable[int], late: Callable[[], bool]) -> dict[int, str]:
    """Of the segments between ``ends`` (offsets of signed ends, the last is that of the file) those that are not plain:
    where they begin, and why."""
    found: dict[int, str] = {}
    with quiet():
        for start, end in pairwise(sorted({*ends, document.size})):
            try:
                _Segment(document, start, end, late).read()
            except Odd as error:
                found[start] = str(error)
            except FOREIGN as error:
                found[start] = f"{type(error).__name__}: {str(error)[:200]}"
    return found


class _Segment:
    def __init__(self, document: PdfDocument, start: int, end: int, late: Callable[[], bool]) -> None:
        self.document = document
        self.start, self.end = start, end
        self.late = late
        self.begin, self.window = start, b""

    def read(self) -> None:
        """Raises :class:`Odd` at the first item that is not plain."""
        here = self.start
        while here < self.end:
            if self.late():
                raise Odd("the time allowed ran out")
            for size in _SIZES:
                self._look(here, size)
                whole = self.begin + len(self.window) >= self.end
                try:
                    there = self._item(here - self.begin) + self.begin
                except Odd:
                    if whole:
                        raise
                    continue
                if whole or there + _SLACK < self.begin + len(self.window):
                    break
            else:
                raise Odd("an object is too large to be looked at")
            here = self._after_stream(here, there)

    def _look(self, here: int, size: int) -> None:
        """Have ``size`` octets from ``here`` in the window, as far as the segment has them."""
        if self.begin <= here and min(here + size, self.end) <= self.begin + len(self.window):
            return
        self.begin, self.window = here, self._octets(here, 2 * size)

    def _octets(self, here: int, size: int) -> bytes:
        self.document.stream.seek(here)
        return self.document.stream.read(max(0, min(size, self.end - here)))

    def _item(self, at: int) -> int:
        """Where the item at a place of the window ends; of a stream, where its octets begin."""
        self.stream: Value | None = None
        data = self.window
        for pattern in (_SPACE, _COMMENT, _START):
            plain = pattern.match(data, at)
            if plain is not None:
                return plain.end()
        opened = _OBJECT.match(data, at)
        if opened is not None:
            return self._object(opened)
        trailer = _TRAILER.match(data, at)
        if trailer is not None:
            return read_value(data, trailer.end()).end
        table = _TABLE.match(data, at)
        if table is not None:
            return self._table(table.end())
        raise Odd(f"there is something else than objects and tables behind what was signed: {data[at : at + 20]!r}")

    def _object(self, opened: re.Match[bytes]) -> int:
        value = read_value(self.window, opened.end())
        done = _DONE.match(self.window, value.end)
        if done is not None:
            return done.end()
        stream = _STREAM.match(self.window, value.end)
        if stream is None:
            raise Odd(f"object {int(opened[1])} does not end where its value does")
        self.stream, self.number = value, int(opened[1])
        return stream.end()

    def _table(self, at: int) -> int:
        numbers: set[int] = set()
        while (section := _SECTION.match(self.window, at)) is not None:
            first, count = int(section[1]), int(section[2])
            if count > self.document.limits.pdf_objects:
                raise Odd("the table of references is longer than it may be")
            at = section.end()
            for number in range(first, first + count):
                entry = _ENTRY.match(self.window, at)
                if entry is None or number in numbers:
                    raise Odd(f"the table of references has an odd or a second entry for object {number}")
                numbers.add(number)
                at = entry.end()
        empty = _LINES.match(self.window, at)  # MuPDF leaves a line free
        at = at if empty is None else empty.end()
        if _TRAILER.match(self.window, at) is None:
            raise Odd("a table of references is not followed by its trailer")
        return at

    def _after_stream(self, here: int, there: int) -> int:
        """Behind a stream, if the item was one: it has to end where its length says."""
        if self.stream is None:
            return there
        end = there + self._length(self._entry(b"/Length"))
        done = _STREAM_DONE.match(self._octets(end, _SLACK))
        if done is None:
            raise Odd("a stream does not end where its length says")
        kind = self._entry(b"/Type")
        if kind == b"/ObjStm":
            _check_packed(self.document.reader.packed(self.number))
        elif kind == b"/XRef":
            _check_index(self._entry(b"/Index"))
        return end + done.end()

    def _entry(self, key: bytes) -> bytes:
        """An entry of the stream's dictionary as it is written; empty where there is none."""
        place = None if self.stream is None else self.stream.entries.get(key)
        return b"" if place is None else self.window[place[0] : place[1]].strip()

    def _length(self, text: bytes) -> int:
        direct = _INTEGER.match(text)
        if direct is not None:
            return int(direct[1])
        elsewhere = _LENGTH.match(text)
        if elsewhere is None:
            raise Odd("a stream has no length")
        reader: Any = self.document.reader
        length = reader.get_object(generic.Reference(int(elsewhere[1]), int(elsewhere[2]), reader))
        if not isinstance(length, int) or length < 0:
            raise Odd("a stream has no length that is a number")
        return int(length)


def _check_packed(packed: Any) -> None:
    """An object stream: plain values one after another, each number once."""
    if packed is None:
        raise Odd("an object stream cannot be read")
    numbers = [number for number, _ in packed.members]
    starts = [start for _, start in packed.members]
    head = packed.data[: starts[0]] if starts else b""
    if len(set(numbers)) < len(numbers) or starts != sorted(starts) or _HEADS.match(head) is None:
        raise Odd("an object stream does not list its objects in order, each once")
    for start, end in pairwise((*starts, len(packed.data))):
        if packed.data[read_value(packed.data[:end], start).end : end].strip(BLANKS):
            raise Odd("an object in an object stream does not end where its value does")


def _check_index(index: bytes) -> None:
    """The index of a cross-reference stream: each number once."""
    if index and _NUMBERS.match(index) is None:
        raise Odd("the index of a cross-reference stream is no list of numbers")
    words = [int(word) for word in index.strip(b"[]").split()]
    parts = sorted(zip(words[::2], words[1::2], strict=False))
    if any(first + count > following for (first, count), (following, _) in pairwise(parts)):
        raise Odd("a cross-reference stream lists an object twice")
