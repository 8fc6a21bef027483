"""Looking for what a document should not do by itself: scripts, launches, outside references, hidden layers (R80)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic

from vn_edoc.signature.pyhanko_adapter.bounded import resolved
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["active_content"]

_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/GoToR": "external_document",
    "/GoToE": "embedded_document",
    "/SubmitForm": "submit_form",
    "/ImportData": "import_data",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
    "/SetOCGState": "hidden_layer",
    "/Hide": "hidden_annotation",
}
_NODES = 10_000
"""Bookmarks, and form fields, that are looked at."""


def active_content(document: PdfDocument) -> dict[str, int]:
    """Kinds of active or hidden content with their number. Bounded; never raises."""
    found: dict[str, int] = {}
    with quiet():
        for kind in _scan(document):
            found[kind] = found.get(kind, 0) + 1
    return found


def _scan(document: PdfDocument) -> Iterator[str]:
    root = document.root
    yield from _guard(_catalog, root)
    yield from _guard(_bookmarks, root)
    yield from _guard(_fields, root)
    for _, page in document.pages:
        yield from _guard(_page, page)


def _guard(check: Any, subject: Any) -> Iterator[str]:
    try:
        yield from list(check(subject))
    except FOREIGN:
        return


def _action(value: Any, depth: int = 0) -> Iterator[str]:
    action = value.get_object() if value is not None else None
    if isinstance(action, generic.DictionaryObject) and depth < 16:
        kind = str(resolved(action, "/S", ""))
        if kind in _ACTIONS:
            yield _ACTIONS[kind]
        following = resolved(action, "/Next")
        chain = following if isinstance(following, generic.ArrayObject) else [following]
        for item in list(chain)[:32]:
            if item is not None:
                yield from _action(item, depth + 1)


def _triggers(holder: Any) -> Iterator[str]:
    triggers = resolved(holder, "/AA")
    if isinstance(triggers, generic.DictionaryObject):
        for key in list(triggers.keys())[:32]:
            yield from _action(triggers[key])


def _catalog(root: Any) -> Iterator[str]:
    opening = resolved(root, "/OpenAction")
    if isinstance(opening, generic.DictionaryObject):
        yield from _action(opening)
    yield from _triggers(root)
    names = resolved(root, "/Names")
    if isinstance(names, generic.DictionaryObject):
        if "/JavaScript" in names:
            yield "javascript"
        if "/EmbeddedFiles" in names:
            yield "embedded_file"
    layers = resolved(root, "/OCProperties")
    if isinstance(layers, generic.DictionaryObject):
        settings = resolved(layers, "/D")
        hidden = resolved(settings, "/OFF") if isinstance(settings, generic.DictionaryObject) else None
        base = resolved(settings, "/BaseState") if isinstance(settings, generic.DictionaryObject) else None
        if (hidden is not None and len(hidden)) or base == "/OFF":
            yield "hidden_layer"
        elif len(resolved(layers, "/OCGs") or ()):
            yield "layer"
    form = resolved(root, "/AcroForm")
    if isinstance(form, generic.DictionaryObject) and "/XFA" in form:
        yield "xfa"


def _bookmarks(root: Any) -> Iterator[str]:
    for item in _walk([resolved(root, "/Outlines")], ("/First", "/Next")):
        if "/A" in item:
            yield from _action(item["/A"])


def _fields(root: Any) -> Iterator[str]:
    form = resolved(root, "/AcroForm")
    if isinstance(form, generic.DictionaryObject):
        for field in _walk(list(resolved(form, "/Fields") or ()), ("/Kids",)):
            if "/A" in field:
                yield from _action(field["/A"])
            yield from _triggers(field)


def _walk(tops: list[Any], ways: tuple[str, ...]) -> Iterator[Any]:
    """Dictionaries on these ways from the tops, each once: neither depth nor a loop of references matters."""
    left = tops[:_NODES]
    seen: set[int] = set()
    while left and len(seen) < _NODES:
        node = left.pop()
        node = None if node is None else node.get_object()
        if not isinstance(node, generic.DictionaryObject) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        for way in ways:
            if way in node:
                further = node.raw_get(way).get_object()
                left += list(further)[:_NODES] if isinstance(further, generic.ArrayObject) else [further]


def _page(page: Any) -> Iterator[str]:
    yield from _triggers(page)
    for reference in list(resolved(page, "/Annots") or ())[:10_000]:
        annotation = reference.get_object()
        if not isinstance(annotation, generic.DictionaryObject):
            continue
        if "/A" in annotation:
            yield from _action(annotation["/A"])
        yield from _triggers(annotation)
        if resolved(annotation, "/Subtype") in ("/RichMedia", "/Screen", "/Movie", "/3D"):
            yield "media"
        elif resolved(annotation, "/Subtype") == "/FileAttachment":
            yield "embedded_file"
    resources = resolved(page, "/Resources")
    objects = resolved(resources, "/XObject") if isinstance(resources, generic.DictionaryObject) else None
    if isinstance(objects, generic.DictionaryObject):
        for key in list(objects.keys())[:1000]:
            image = objects[key]
            if isinstance(image, generic.StreamObject) and ("/F" in image or "/Ref" in image):
                yield "external_stream"
