"""What drawing a page would cost, reckoned before a renderer sees it.

A renderer interprets a form as often as it is painted, so ten nested forms that each paint the next ten times are ten
thousand million of them in two kilobytes; and it unpacks what it meets whole.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.limits import Limits
from vn_edoc.signature.pyhanko_adapter.bounded import resolved
from vn_edoc.signature.pyhanko_adapter.boxes import inherited
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument, UnreadablePdf
from vn_edoc.signature.pyhanko_adapter.grammar import NAME, plain_name
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["cheap_to_draw"]

_CONTENT = 4 * 1024 * 1024
"""Bytes of content that may be interpreted for one page, forms counted as often as they are painted."""
_PIXELS = 100_000_000
"""Dots of one image: A4 at 600 dpi has 35 million."""
_OBJECTS = 20_000
_DEPTH = 24
_ELSEWHERE = {"/Parent", "/P", "/StructParent", "/StructParents", "/Dest", "/A", "/AA", "/B", "/PieceInfo", "/V",
              "/Popup", "/IRT"}  # fmt: skip
"""Keys that lead away from what is drawn."""


class _TooMuch(Exception):
    """The page is not worth drawing."""


def cheap_to_draw(content: bytes, pages: Set[int], limits: Limits) -> bool:
    """Whether those pages (counted from 0) of a PDF can be drawn within bounds. ``False`` where it cannot be told."""
    with quiet():
        try:
            document = PdfDocument(io.BytesIO(content), limits)
            document.walk_pages()
            unpacked = 0
            for number in pages:
                if number < len(document.pages):
                    page = document.pages[number][1]
                    unpacked = _unpacked(page, unpacked, limits)
                    _Effort().page(page)
        except (UnreadablePdf, _TooMuch, *FOREIGN):
            return False
    return True


def _unpacked(page: Any, total: int, limits: Limits) -> int:
    """Unpack every stream that the page leads to, one by one: the reader's own bounds stop bombs."""
    seen: set[tuple[int, int]] = set()
    stack: list[Any] = [page, inherited(page, "/Resources")]
    visited = 0
    while stack:
        item = stack.pop()
        visited += 1
        if visited > 10 * _OBJECTS or len(seen) > _OBJECTS:
            raise _TooMuch
        if isinstance(item, generic.IndirectObject):
            key = (item.idnum, item.generation)
            if key in seen:
                continue
            seen.add(key)
            item = item.get_object()
        if isinstance(item, generic.StreamObject):
            if resolved(item, "/Subtype") == "/Image" or "/Width" in item:
                _image(item)
            else:
                total += len(item.data)
                if total > limits.pdf_stream_bytes:
                    raise _TooMuch
        if isinstance(item, generic.DictionaryObject):
            stack += [item.raw_get(k) for k in list(item.keys()) if k not in _ELSEWHERE]
        elif isinstance(item, generic.ArrayObject):
            stack += [item.raw_get(i) for i in range(len(item))]
    return total


def _image(image: Any) -> None:
    width, height = int(resolved(image, "/Width", 0)), int(resolved(image, "/Height", 0))
    if width < 0 or height < 0 or width * height > _PIXELS:
        raise _TooMuch


class _Effort:
    """Bytes of content to interpret."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}

    def page(self, page: Any) -> int:
        resources = inherited(page, "/Resources")
        total = self._of(_joined(page), resources, 0)
        for reference in list(resolved(page, "/Annots") or ()):
            annotation = reference.get_object()
            looks = resolved(annotation, "/AP") if isinstance(annotation, generic.DictionaryObject) else None
            normal = looks["/N"] if isinstance(looks, generic.DictionaryObject) and "/N" in looks else None
            states = {"": normal} if isinstance(normal, generic.StreamObject) else normal or {}
            for state in list(states):
                total += self._stream(states[state], resources, 1)
                _bounded(total)
        return total

    def _stream(self, stream: Any, outer: Any, depth: int) -> int:
        if not isinstance(stream, generic.StreamObject) or resolved(stream, "/Subtype") == "/Image":
            return 0
        key = id(stream)
        if key not in self._known:
            self._known[key] = _CONTENT + 1  # what paints itself never ends
            own = resolved(stream, "/Resources")
            self._known[key] = self._of(stream.data, outer if own is None else own, depth)
        return self._known[key]

    def _of(self, data: bytes, resources: Any, depth: int) -> int:
        total = len(data)
        _bounded(total)
        if depth > _DEPTH:
            raise _TooMuch
        names = Counter(plain_name(m[0][1:]) for m in NAME.finditer(data))
        for name, stream in _painted(resources):
            times = names.get(name, 0)
            if times:
                total += times * (64 + self._stream(stream, resources, depth + 1))
                _bounded(total)
        return total


def _painted(resources: Any) -> Iterator[tuple[bytes, Any]]:
    """Named streams that content can have interpreted: forms, patterns, soft masks."""
    if not isinstance(resources, generic.DictionaryObject):
        return
    for kind in ("/XObject", "/Pattern"):
        named = resources.get(kind)
        if isinstance(named, generic.DictionaryObject):
            for key in list(named.keys()):
                yield _raw(key), named[key]
    states = resolved(resources, "/ExtGState")
    if isinstance(states, generic.DictionaryObject):
        for key in list(states.keys()):
            mask = resolved(states[key], "/SMask") if isinstance(states[key], generic.DictionaryObject) else None
            if isinstance(mask, generic.DictionaryObject) and "/G" in mask:
                yield _raw(key), mask["/G"]


def _raw(key: str) -> bytes:
    return key[1:].encode("utf-8", "surrogateescape")


def _joined(page: Any) -> bytes:
    value = resolved(page, "/Contents")
    parts = list(value) if isinstance(value, generic.ArrayObject) else [value]
    data = b""
    for part in parts:
        if part is not None:
            data += bytes(part.get_object().data) + b"\n"
            _bounded(len(data))
    return data


def _bounded(total: int) -> None:
    if total > _CONTENT:
        raise _TooMuch
