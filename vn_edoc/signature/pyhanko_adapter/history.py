"""One revision of a file, seen as it was then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

from vn_edoc.signature.pyhanko_adapter.streams import LazyStream
from vn_edoc.signature.pyhanko_adapter.usages import ways_to

__all__ = ["Revision"]


class Revision(HistoricalResolver):
    """pyHanko's view of a revision, which leaves streams in the file and follows only the ways that are asked for."""

    def __init__(self, reader: Any, revision: int) -> None:
        super().__init__(reader, revision)
        self._ways: dict[Any, set[RawPdfPath]] = {}

    def _subsume_object(self, obj: Any) -> Any:
        if not isinstance(obj, LazyStream):
            return super()._subsume_object(obj)
        copy = LazyStream.of(obj, {key: self._subsume_object(value) for key, value in obj.items()})
        ref: Any = obj.get_container_ref()
        copy.container_ref = generic.Reference(ref.idnum, ref.generation, pdf=self)
        return copy

    def seek_ways(self, references: Iterable[Any]) -> None:
        """Find the ways to all of these at once."""
        missing = [r for r in references if r not in self._ways]
        if missing:
            reader: Any = self.reader
            self._ways |= ways_to(self, missing, reader.references(), reader.late)

    def _load_reverse_xref_cache(self) -> None:
        """Nothing is loaded beforehand."""

    def usages(self, ref: Any) -> set[RawPdfPath]:
        """The ways to an object."""
        self.seek_ways([ref])
        return self._ways[ref]

    _get_usages_of_ref = usages
