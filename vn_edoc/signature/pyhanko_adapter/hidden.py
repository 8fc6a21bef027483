"""Content that is in the file and not in view: what the hide and replace variants of shadow attacks plant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.signature.pyhanko_adapter.bounded import resolved
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument, _box, _field_type, _inherited
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["hidden_content"]

_PAINT = re.compile(rb"([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)\s+([-\d.]+)\s+cm\s+/(\S+)\s+Do")
_TEXT_SHOWN = re.compile(rb"\b(?:Tj|TJ|'|\")")
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


def _overlay(page: Any) -> Iterator[str]:
    """An image or form painted over nearly the whole page after text was shown on it."""
    media = _box(_inherited(page, "/MediaBox"))
    if media is None:
        return
    area = (media[2] - media[0]) * (media[3] - media[1])
    data = _page_content(page)
    first_text = _TEXT_SHOWN.search(data)
    if first_text is None or area <= 0:
        return
    resources = _inherited(page, "/Resources")
    objects = resolved(resources, "/XObject") if resources is not None else None
    for match in _PAINT.finditer(data, first_text.end()):
        a, b, c, d = (float(match[i]) for i in range(1, 5))
        name = "/" + match[7].decode("latin-1")
        target = objects[name] if objects is not None and name in objects else None
        size = abs(a * d - b * c)
        if isinstance(target, generic.StreamObject) and resolved(target, "/Subtype") == "/Form":
            inner = _box(resolved(target, "/BBox"))
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
    for count, reference in enumerate(document.reader.xrefs.explicit_refs_in_revision(document.revisions - 1)):
        if count > 50_000:
            return False
        if not _may_be_page(document, reference):
            continue
        item = document.reader.get_object(reference)
        if (
            isinstance(item, generic.DictionaryObject)
            and resolved(item, "/Type") == "/Page"
            and (reference.idnum, reference.generation) not in known
        ):
            return True
    return False


def _may_be_page(document: PdfDocument, reference: Any) -> bool:
    """Look at the head of an object before loading it: one may be a stream of hundreds of megabytes."""
    location = document.reader.xrefs[reference]
    if not isinstance(location, int):
        return True
    document.stream.seek(location)
    return b"/Page" in document.stream.read(2048)
