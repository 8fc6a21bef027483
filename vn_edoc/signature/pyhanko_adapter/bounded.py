"""pyHanko's reader with bounds on cross-references and forms: a kilobyte may claim a billion objects."""

from __future__ import annotations

import io
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import (
    DecodeContext,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.reader import PdfFileReader, _read_header_version, process_data_at_eof
from pyhanko.pdf_utils.xref import XRefBuilder, XRefCache

from vn_edoc.limits import Limits
from vn_edoc.signature.pyhanko_adapter.history import Revision
from vn_edoc.signature.pyhanko_adapter.references import References
from vn_edoc.signature.pyhanko_adapter.streams import Deferring, LazyStream, reads_large_stream, resolved

__all__ = ["BoundedReader", "decode_limits", "form_is_tree", "resolved"]


class BoundedReader(PdfFileReader):
    """A tolerant reader that refuses cross-references to more objects than the limits allow, before reading them."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        """``stream`` is seekable. Raises pyHanko's own exceptions."""
        # The steps of pyHanko's constructor, with our builder in the place of its own.
        self._security_handler = None
        self.strict = False
        self.bounds = limits
        self.late: Callable[[], bool] = lambda: False
        self._packed: OrderedDict[int, Packed | None] = OrderedDict()
        self._references: References | None = None
        self._decode_context = DecodeContext(decode_limits(limits), input_size=stream.seek(0, os.SEEK_END))
        self.resolved_objects = {}
        self._header_version = None
        self._input_version = None
        self._historical_resolver_cache = {}
        self.stream = stream
        self._header_version = _read_header_version(stream)
        stream.seek(-1, os.SEEK_END)
        builder = _Builder(self, stream, process_data_at_eof(stream), limits.pdf_objects)
        self.xrefs = XRefCache(self, builder.read_xrefs())
        self.last_startxref = builder.last_startxref
        self.trailer = builder.trailer
        self.has_xref_stream = builder.has_xref_stream
        self._embedded_signatures = None

    def parts(self, revision: int) -> Iterator[Any]:
        """The cross-reference data of a revision; a hybrid one has two parts."""
        data = self.xrefs.get_xref_data(revision)
        yield data
        if data.hybrid is not None:
            yield data.hybrid.xref_data

    def references(self) -> References:
        """Which object refers to which; found once."""
        if self._references is None:
            self._references = References(self, self.late)
        return self._references

    def get_historical_resolver(self, revision: int) -> Revision:
        """The file as it was in a revision."""
        known: Any = self._historical_resolver_cache
        if revision not in known:
            known[revision] = Revision(self, revision)
        return known[revision]  # type: ignore[no-any-return]

    def forget(self, revision: int) -> None:
        """Drop what was read of a revision."""
        self._historical_resolver_cache.pop(revision, None)

    def release(self) -> None:
        """Let go of what was read: reader and objects refer to each other, and the collector may come late."""
        self.resolved_objects.clear()
        self._historical_resolver_cache.clear()
        self._packed.clear()
        self._references = None
        self.xrefs._xref_sections = []

    def _read_object(self, ref: Any, marker: Any, never_decrypt: bool = False, as_metadata_stream: bool = False) -> Any:
        if not isinstance(marker, int) or as_metadata_stream or not reads_large_stream(self.stream, marker):
            return super()._read_object(ref, marker, never_decrypt, as_metadata_stream)
        file = self.stream
        self.stream = Deferring(file, self._decode_context.input_size or 0)
        try:
            value = super()._read_object(ref, marker, never_decrypt=True)
        finally:
            self.stream = file
        if isinstance(value, generic.StreamObject):
            value = LazyStream.of(value)
        if not never_decrypt and self.encrypted:
            return generic.proxy_encrypted_obj(value, self.security_handler)
        return value

    # --- object streams

    def packed(self, holder: int) -> Packed | None:
        """An unpacked object stream; ``None`` where it cannot be read. A few of them are kept."""
        if holder in self._packed:
            self._packed.move_to_end(holder)
            return self._packed[holder]
        ref = generic.Reference(holder, 0, self)
        found: Packed | None = None
        stream = self._read_object(ref, self.xrefs[ref]) if not isinstance(self.xrefs[ref], tuple) else None
        if isinstance(stream, generic.DecryptedObjectProxy):
            stream = stream.decrypted
        if isinstance(stream, generic.StreamObject) and resolved(stream, "/Type") == "/ObjStm":
            count, first = resolved(stream, "/N", 0), resolved(stream, "/First", 0)
            if isinstance(count, int) and isinstance(first, int):
                found = Packed(stream.read_data(DecodePurpose.OBJECT_STREAM), count, first)
        self._packed[holder] = found
        held = sum(p.size for p in self._packed.values() if p is not None)
        while held > _PACKED_BYTES and len(self._packed) > 1:
            _, old = self._packed.popitem(last=False)
            held -= 0 if old is None else old.size
        return found

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        packed = self.packed(stmnum)
        start = None if packed is None else packed.start_of(idnum, idx)
        value = None if packed is None or start is None else packed.read(idnum, start, self)
        return generic.NullObject() if value is None else value


_PACKED_BYTES = 8 * 1024 * 1024


class Packed:
    """The objects of an object stream. pyHanko reads its head again for each of them."""

    def __init__(self, data: bytes, count: int, first: int) -> None:
        self.data = data
        self.members: list[tuple[int, int]] = []
        """(number, where it starts) in order."""
        try:
            numbers = [int(word) for word in data[: max(first, 0)].split()[: 2 * max(count, 0)]]
        except ValueError:
            numbers = []
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        self.members = [(number, first + offset) for number, offset in pairs]
        self._starts: dict[int, int] = {}
        for number, start in self.members:
            self._starts.setdefault(number, start)
        self.size = len(data) + 150 * len(self.members)

    def start_of(self, number: int, place: int) -> int | None:
        """Where an object starts: at its place if that has its number, else where the number stands first."""
        if 0 <= place < len(self.members) and self.members[place][0] == number:
            return self.members[place][1]
        return self._starts.get(number)

    def read(self, number: int, start: int, reader: Any) -> Any | None:
        """The object; ``None`` where it cannot be read."""
        stream = io.BytesIO(self.data)
        stream.seek(start)
        try:
            misc.read_non_whitespace(stream, seek_back=True)
            return generic.read_object(stream, generic.Reference(number, 0, reader))
        except (misc.PdfError, ValueError, TypeError, RecursionError, IndexError, KeyError):
            return None


def decode_limits(limits: Limits) -> Any:
    """pyHanko's bounds on decoded streams."""
    return DecodeLimits(
        per_stream=StreamDecodeLimits(max_output_size=limits.pdf_stream_bytes),
        document_budget=DocumentDecodeBudget(base_allowance=4 * limits.pdf_stream_bytes, max_ratio=20),
    )


class _Builder(XRefBuilder):
    """Counts what cross-reference streams claim; tables are bounded by the bytes they take."""

    def __init__(self, handler: Any, stream: BinaryIO, last_startxref: int, objects: int) -> None:
        super().__init__(handler, stream, strict=False, last_startxref=last_startxref)
        self._left = objects

    def _read_xref_stream_object(self) -> Any:
        reference, section = super()._read_xref_stream_object()
        index = resolved(section, "/Index")
        claimed = [0, resolved(section, "/Size")] if index is None else list(index)
        if len(claimed) % 2 or not all(isinstance(n, int) and n >= 0 for n in claimed):
            raise misc.PdfReadError("the index of a cross-reference stream is malformed")
        self._left -= sum(claimed[1::2])
        if self._left < 0:
            raise misc.PdfReadError("the cross-reference streams name more objects than the limit allows")
        return reference, section


def form_is_tree(root: Any, limits: Limits) -> bool:
    """Whether the fields of a document's form are a tree within the bounds, as ISO 32000 asks.

    A field that is reached on two ways makes walks over the form grow exponentially.
    """
    form = resolved(root, "/AcroForm")
    fields = resolved(form, "/Fields") if isinstance(form, generic.DictionaryObject) else None
    seen: set[tuple[int, int]] = set()
    stack = [(fields, 0)]
    while stack:
        listed, depth = stack.pop()
        if not isinstance(listed, generic.ArrayObject):
            continue
        if depth > limits.pdf_depth:
            return False
        for item in list(listed):
            if not isinstance(item, generic.IndirectObject):
                continue
            key = (item.idnum, item.generation)
            if key in seen or len(seen) > limits.pdf_objects:
                return False
            seen.add(key)
            field = item.get_object()
            if isinstance(field, generic.DictionaryObject):
                stack.append((resolved(field, "/Kids"), depth + 1))
    return True
