"""Which object of a PDF refers to which, from one pass over the file, and how far each revision's objects reach.

Memory takes a few bytes for each reference; streams are not read.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic, misc

from vn_edoc.signature.pyhanko_adapter.grammar import BLANK, BLANKS, SKIPPED, Odd, duplicated, read_value

__all__ = ["References"]

_WINDOW = 1 << 20
_LOOKED_AT = 1 << 18
"""How much of an object is read by the letter; a longer one is in doubt."""

_END = re.compile(rb"endobj|stream")
_UNREADABLE = (misc.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
               RecursionError, NotImplementedError, OverflowError)  # fmt: skip
_HEADER = re.compile(BLANK + rb"*+\d++\s++\d++\s++obj")
_LENGTH = re.compile(rb"/Length\s++(\d++)(\s++\d++\s++R)?")
_REFERENCE = re.compile(rb"(?<!\d)(\d++)\s++\d++\s++R")
_FLAT = rb"\((?:[^()\\]|\\.)*+\)"
_NESTED = rb"\((?:[^()\\]|\\.|" + _FLAT + rb")*+\)"
_STRING = re.compile(rb"\((?:[^()\\]|\\.|" + _NESTED + rb")*+\)", re.DOTALL)
_WHOLE = re.compile(rb"(?:[^()<>%]++|<<|>>|<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>|" + _STRING.pattern + rb")*+", re.DOTALL)

_NOTHING = re.compile(SKIPPED)
_HEX = re.compile(rb"(?<!<)<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>")


def _bare(body: bytes) -> bytes | None:
    """A value without its texts; ``None`` unless every bracket that is opened here is closed here, so that no parser
    reads on behind it."""
    if _WHOLE.fullmatch(body) is None:
        return None
    if b"(" in body:
        body = _STRING.sub(b" ", body)
    if body.count(b"<<") != body.count(b">>") or body.count(b"[") != body.count(b"]"):
        return None
    return _HEX.sub(b" ", body)


def _targets(bare: bytes) -> Iterator[int]:
    return (int(m[1]) for m in _REFERENCE.finditer(bare))


def _is_plain(body: bytes, *, packed: bool = False) -> bool:
    """Whether the object at the head of ``body`` is read alike by all readers, to its end."""
    head = None if packed else _HEADER.match(body)
    if not packed and head is None:
        return False
    try:
        end = read_value(body, 0 if head is None else head.end()).end
    except Odd:
        return False
    rest = body[end : end + 64].lstrip(BLANKS)
    return rest.startswith((b"endobj", b"stream")) or (packed and _NOTHING.fullmatch(body, end) is not None)


class References:
    """Which object refers to which, over all versions of all objects in the file."""

    def __init__(self, reader: Any, late: Callable[[], bool]) -> None:
        """``reader``: a :class:`~vn_edoc.signature.pyhanko_adapter.bounded.BoundedReader`."""
        self._reader = reader
        self._late = late
        self._ids = self._numbers()
        self._from, self._to = array("I"), array("I")
        self.opaque: set[int] = set()
        """Numbers of objects that could not be read."""
        self.doubtful: set[int] = set()
        """Numbers that stand in objects which readers may read in different ways."""
        self.reach: dict[int, int] = {}
        """Where the last byte of a revision's objects stands: a signed revision must not reach behind its end."""
        self._lengths: list[tuple[int, int, int]] = []
        self._scan_plain()
        self._measure()
        self._scan_packed()
        self._invert()

    def _numbers(self) -> array[int]:
        known: set[int] = set()
        for revision in range(self._reader.xrefs.total_revisions):
            for part in self._reader.parts(revision):
                known.update(part.standard_xrefs, part.xrefs_in_objstm)
        return array("Q", sorted(known))

    def _rank(self, number: int) -> int | None:
        place = bisect_left(self._ids, number)
        return place if place < len(self._ids) and self._ids[place] == number else None

    def _note(self, number: int, targets: Iterable[int]) -> None:
        source = self._rank(number)
        if source is None:
            return
        for target in set(targets):
            there = self._rank(target)
            if there is not None:
                self._from.append(source)
                self._to.append(there)

    def _check(self) -> None:
        if self._late():
            raise misc.PdfReadError("the time allowed ran out")

    # --- objects that stand in the file by themselves

    def _scan_plain(self) -> None:
        marks: list[int] = []
        for revision in range(self._reader.xrefs.total_revisions):
            for part in self._reader.parts(revision):
                # One integer takes half the memory of a tuple.
                marks += [
                    offset << 112 | n << 48 | generation << 32 | revision
                    for n, (generation, offset) in part.standard_xrefs.items()
                ]
        marks.sort()
        file = self._reader.stream
        begin, window, before = 0, b"", -1
        for count, mark in enumerate(marks):
            if mark == before:
                continue
            before = mark
            offset, number, generation = mark >> 112, mark >> 48 & (1 << 64) - 1, mark >> 32 & 0xFFFF
            revision = mark & 0xFFFFFFFF
            if count % 256 == 0:
                self._check()
            found = None
            if begin <= offset < begin + len(window):
                found = _END.search(window, offset - begin)
            size = _WINDOW
            while found is None and size <= self._reader.bounds.pdf_stream_bytes:
                file.seek(offset)
                begin, window = offset, file.read(size)
                found = _END.search(window)
                if len(window) < size:
                    break
                size *= 8
            bare = None if found is None else _bare(window[offset - begin : found.start()])
            if bare is None or duplicated(bare):
                known = b"" if found is None else window[offset - begin : found.end()]
                if not _is_plain(known):
                    # The word that was found may stand within a text or a name: then a longer piece tells. It is not
                    # taken from the window, whose end is no end of an object.
                    file.seek(offset)
                    self._weigh(file.read(_LOOKED_AT))
            if found is None or bare is None:
                self._parse(number, generation, offset, revision)
                continue
            self._note(number, _targets(bare))
            end = begin + found.end()
            lengths = _LENGTH.findall(bare) if found[0] == b"stream" else ()
            if found[0] == b"stream" and not lengths:
                self._parse(number, generation, offset, revision)
            for value, reference in lengths:
                if reference:
                    self._lengths.append((revision, int(value), end))
                else:
                    self._reaches(revision, end + int(value))
            self._reaches(revision, end)

    def _weigh(self, body: bytes, *, packed: bool = False) -> None:
        """Note what an object names, by whatever reading, unless it is of plain form; ``body`` begins with it."""
        if not _is_plain(body, packed=packed):
            self.doubtful.update(_targets(body))

    def _reaches(self, revision: int, end: int) -> None:
        self.reach[revision] = max(end, self.reach.get(revision, 0))

    def _measure(self) -> None:
        """Streams whose length is an object of its own."""
        for count, (revision, number, start) in enumerate(self._lengths):
            if count % 256 == 0:
                self._check()
            reference = generic.Reference(number, 0, self._reader)
            try:
                value = self._reader.get_object(reference, revision)
            except _UNREADABLE:
                continue
            if isinstance(value, int):
                self._reaches(revision, start + value)
        self._lengths.clear()

    def _parse(self, number: int, generation: int, marker: int, revision: int) -> None:
        """The slow way, for whatever is unusual."""
        self._check()
        reference = generic.Reference(number, generation, self._reader)
        try:
            value = self._reader._read_object(reference, marker, never_decrypt=True)
        except _UNREADABLE:
            self.opaque.add(number)
            return
        self._reaches(revision, self._reader.stream.tell())
        self._note(number, _inside(value))

    # --- objects in object streams

    def _scan_packed(self) -> None:
        seen: set[int] = set()
        for revision in range(self._reader.xrefs.total_revisions):
            for part in self._reader.parts(revision):
                for holder in sorted(part.obj_streams_used - seen):
                    seen.add(holder)
                    self._check()
                    self._packed(holder)

    def _packed(self, holder: int) -> None:
        packed = self._reader.packed(holder)
        if packed is None:
            return
        ends = sorted({start for _, start in packed.members} | {len(packed.data)})
        for number, start in packed.members:
            end = ends[min(bisect_left(ends, start + 1), len(ends) - 1)]
            bare = _bare(packed.data[start:end])
            if bare is None or duplicated(bare):
                self._weigh(packed.data[start:end], packed=True)
            if bare is not None:
                # A reference that stands alone may be cut in two by a wrong offset: read a little on.
                self._note(number, _targets(bare + packed.data[end : end + 64]))
            else:
                self._check()
                value = packed.read(number, start, self._reader)
                if value is None:
                    self.opaque.add(number)
                else:
                    self._note(number, _inside(value))

    # --- answers

    def _invert(self) -> None:
        """Who refers to an object: positions by object, as two flat arrays."""
        first = array("I", bytes(4 * (len(self._ids) + 1)))
        for target in self._to:
            first[target + 1] += 1
        for place in range(1, len(first)):
            first[place] += first[place - 1]
        fill = array("I", first)
        sources = array("I", bytes(4 * len(self._to)))
        for source, target in zip(self._from, self._to, strict=True):
            sources[fill[target]] = source
            fill[target] += 1
        self._first, self._sources = first, sources
        self._from, self._to = array("I"), array("I")

    def leading_to(self, numbers: Iterable[int]) -> set[int]:
        """Numbers of the objects that lead to one of these, directly or not."""
        start = [place for place in map(self._rank, numbers) if place is not None]
        found: set[int] = set()
        while start:
            here = start.pop()
            for place in range(self._first[here], self._first[here + 1]):
                source = self._sources[place]
                if source not in found:
                    found.add(source)
                    start.append(source)
        return {self._ids[place] for place in found} | self.opaque


def _inside(value: Any) -> Iterator[int]:
    """Numbers of the references in a value as it was read, without following them."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, generic.IndirectObject):
            yield item.idnum
        elif isinstance(item, generic.DictionaryObject):
            stack += [item.raw_get(key) for key in item]
        elif isinstance(item, generic.ArrayObject):
            stack += [item.raw_get(place) for place in range(len(item))]
