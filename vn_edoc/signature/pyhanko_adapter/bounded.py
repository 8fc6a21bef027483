"""pyHanko's reader with bounds on cross-references and forms: a kilobyte may claim a billion objects."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodeContext, DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader, _read_header_version, process_data_at_eof
from pyhanko.pdf_utils.xref import XRefBuilder, XRefCache

from vn_edoc.limits import Limits

__all__ = ["BoundedReader", "decode_limits", "form_is_tree", "resolved"]


class BoundedReader(PdfFileReader):
    """A tolerant reader that refuses cross-references to more objects than the limits allow, before reading them."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        """``stream`` is seekable. Raises pyHanko's own exceptions."""
        # The steps of pyHanko's constructor, with our builder in the place of its own.
        self._security_handler = None
        self.strict = False
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


def resolved(dictionary: Any, key: str, default: Any = None) -> Any:
    """The value of a key, found through its reference: pyHanko's ``get`` is that of ``dict`` and leaves references."""
    if key not in dictionary:
        return default
    value = dictionary[key]
    return default if isinstance(value, generic.NullObject) else value


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
