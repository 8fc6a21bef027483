"""Content that is in the file and not in view: what the hide and replace variants of shadow attacks plant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.signature.pyhanko_adapter.bounded import resolved
from vn_edoc.signature.pyhanko_adapter.boxes import box_of, inherited
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument, _field_type
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["hidden_content"]

_NUMBER = rb"([-+]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20}))\s++"
_PAINT = re.compile(rb"(?<![-+\d.])" + _NUMBER * 6 + rb"cm\s++/(\S++)\s++Do")
_SHOWS = rb"(?:Tj|TJ|'|\")(?![^\s\x00()<>\[\]{}/%])"
_SHOWN = re.compile(rb"[)>\]][\s\x00]*+" + _SHOWS)
"""An operator that shows text, behind the text or array that it is given; the same marks stand in texts and images."""
_SHOWN_LATER = re.compile(rb"[)>\]][\s\x00]*+%[^\r\n]*+(?:[\s\x00]++|%[^\r\n]*+)*+(" + _SHOWS + rb")?")
"""The same with comments between. Where no operator follows it is passed over whole: what begins within comes to the
same place, and is not looked through again."""
_COVER = 0.8
_CONTENT_BYTES = 8 * 1024 * 1024


def hidden_content(document: PdfDocument) -> list[tuple[str, int | None]]:
    """(kind, page) of each suspicion; bounded, never raises."""
    found: list[tuple[str, int | None]] = []
    with quiet():
        for number, (_, page) in enumerate(document.pages, start=1):
            for check in (_overlay, _annotations):
                try:
                    found += [(kind, number) for kind in check(page)]
                except FOREIGN:
                    continue
        try:
            if _unused_pages(document):
                found.append(("unused_content", None))
        except FOREIGN:
            pass
    return list(dict.fromkeys(found))


def _page_content(page: Any) -> bytes:
    value = resolved(page, "/Contents")
    streams = value if isinstance(value, generic.ArrayObject) else [value]
    data = b""
    for item in list(streams)[:256]:
        if item is None:
            continue
        data += bytes(item.get_object().data) + b"\n"
        if len(data) > _CONTENT_BYTES:
            break
    return data


def _first_text(data: bytes) -> int | None:
    """Where the first operator that shows text ends."""
    plain = _SHOWN.search(data)
    ends = [] if plain is None else [plain.end()]
    later = (m.end() for m in _SHOWN_LATER.finditer(data, 0, min(ends, default=len(data))) if m[1] is not None)
    return min((*ends, *islice(later, 1)), default=None)


def _overlay(page: Any) -> Iterator[str]:
    """An image or form painted over nearly the whole page after text was shown on it."""
    media = box_of(inherited(page, "/MediaBox"))
    if media is None:
        return
    area = (media[2] - media[0]) * (media[3] - media[1])
    data = _page_content(page)
    first_text = _first_text(data)
    if first_text is None or area <= 0:
        return
    resources = inherited(page, "/Resources")
    objects = resolved(resources, "/XObject") if resources is not None else None
    for match in _PAINT.finditer(data, first_text):
        a, b, c, d = (float(match[i]) for i in range(1, 5))
        name = "/" + match[7].decode("latin-1")
        target = objects[name] if objects is not None and name in objects else None
        size = abs(a * d - b * c)
        if isinstance(target, generic.StreamObject) and resolved(target, "/Subtype") == "/Form":
            inner = box_of(resolved(target, "/BBox"))
            size *= 0.0 if inner is None else (inner[2] - inner[0]) * (inner[3] - inner[1])
        if size / area > _COVER:
            yield "overlay"
            return


def _annotations(page: Any) -> Iterator[str]:
    """Form fields with text in them, and annotations that are there but not shown."""
    for reference in list(resolved(page, "/Annots") or ())[:10_000]:
        annotation = reference.get_object()
        if not isinstance(annotation, generic.DictionaryObject):
            continue
        flags = int(resolved(annotation, "/F", 0))
        kind = resolved(annotation, "/Subtype")
        if kind == "/Widget":
            if _field_type(annotation) in ("/Tx", "/Ch", "/Btn") and "/AP" in annotation:
                yield "hidden_text_field"
        elif flags & 0x22 and kind not in ("/Popup", "/Link"):
            yield "hidden_annotation"


def _unused_pages(document: PdfDocument) -> bool:
    """Page objects in the current revision that the page tree does not lead to."""
    known = {(ref.idnum, ref.generation) for ref, _ in document.pages if isinstance(ref, generic.IndirectObject)}
    if not document.pages_complete:
        return True
    reader = document.reader
    for reference in _may_be_pages(document):
        if (reference.idnum, reference.generation) in known:
            continue
        item = reader.get_object(reference, document.revisions - 1)  # read for this once, and not kept
        if isinstance(item, generic.DictionaryObject) and resolved(item, "/Type") == "/Page":
            return True
    return False


def _may_be_pages(document: PdfDocument) -> Iterator[Any]:
    """Look at the head of each object of the last revision before reading it: there may be very many, and one may be a
    stream of hundreds of megabytes."""
    reader = document.reader
    for part in reader.parts(document.revisions - 1):
        for number, (generation, offset) in part.standard_xrefs.items():
            document.stream.seek(offset)
            if b"/Page" in document.stream.read(2048):
                yield generic.Reference(number, generation, reader)
        for holder in sorted(part.obj_streams_used):
            packed = reader.packed(holder)
            if packed is None or b"/Page" not in packed.data:
                continue
            for number, start in packed.members:
                if b"/Page" in packed.data[start : start + 2048]:
                    yield generic.Reference(number, 0, reader)
