"""Objects after a signature that no cross-reference names: our reader ignores them, one that repairs files may not."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["last_unlisted"]

_CHUNK = 1 << 20
_OVERLAP = 64
_HEAD = re.compile(rb"(?<![0-9])[0-9]{1,10}[\x00\t\n\x0c\r ]{1,16}[0-9]{1,5}[\x00\t\n\x0c\r ]{1,16}obj\b")
_TRAILER = re.compile(rb"\btrailer\b")
_MOST = 10_000


def last_unlisted(document: PdfDocument, start: int) -> int | None:
    """Where, behind ``start``, the last object or trailer stands that the file's cross-references do not lead to; the
    end of the file where it cannot be told."""
    with quiet():
        try:
            return _Search(document, start).last()
        except FOREIGN:
            return document.size


class _Search:
    def __init__(self, document: PdfDocument, start: int) -> None:
        self.document = document
        self.start = start
        self.listed: dict[int, tuple[int, int]] = {}
        """Where objects start, and their numbers."""
        self.tables: set[int] = set()
        """Where cross-reference streams start."""
        self.trailers = 0
        for revision in range(document.revisions):
            about = document.reader.xrefs.get_xref_container_info(revision)
            self.trailers += about.start_location >= start and about.stream_ref is None
            self.trailers += (
                about.start_location >= start and document.reader.xrefs.get_xref_data(revision).hybrid is not None
            )
            self.tables.add(about.start_location)
            for part in document.reader.parts(revision):
                for number, (generation, offset) in part.standard_xrefs.items():
                    if offset >= start:
                        self.listed[offset] = number, generation
        self.order = sorted(self.listed)
        self.ends: dict[int, int] = {}

    def last(self) -> int | None:
        trailers = 0
        last: int | None = None
        for count, (kind, place) in enumerate(self._marks()):
            if count > _MOST + len(self.listed):
                return self.document.size
            if self._inside(place) and place not in self.listed:
                continue
            if kind == "trailer":
                trailers += 1
                if trailers > self.trailers:
                    last = max(place, last or 0)
            elif not self._known(place):
                last = max(place, last or 0)
        return last

    def _marks(self) -> Any:
        """Heads of objects and trailers in the rest of the file, each once."""
        file = self.document.stream
        here, before = self.start, b""
        while True:
            file.seek(here)
            chunk = file.read(_CHUNK)
            if not chunk:
                return
            data, base = before + chunk, here - len(before)
            for kind, pattern in (("object", _HEAD), ("trailer", _TRAILER)):
                for match in pattern.finditer(data):
                    if match.end() > len(before):
                        yield kind, base + match.start()
            here += len(chunk)
            before = data[-_OVERLAP:]

    def _known(self, place: int) -> bool:
        # A place in the table may stand a few blanks before the number.
        return place in self.listed or place in self.tables or any(place - n in self.listed for n in (1, 2))

    def _inside(self, place: int) -> bool:
        """Whether a place lies within an object that is listed: in its stream, or in a text."""
        spot = bisect_right(self.order, place) - 1
        if spot < 0:
            return False
        offset = self.order[spot]
        if offset not in self.ends:
            number, generation = self.listed[offset]
            reader: Any = self.document.reader
            reader._read_object(generic.Reference(number, generation, reader), offset, never_decrypt=True)
            self.ends[offset] = self.document.stream.tell()
        return place < self.ends[offset]
