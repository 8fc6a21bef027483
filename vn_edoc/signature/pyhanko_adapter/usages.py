"""On which ways a revision's objects are reached from its trailer: what pyHanko's rules ask before they allow a change.

pyHanko keeps every way to every object, which takes memory with the size of the file, time exponential in the nesting
of shared objects, and gives up where lists are long. Only few objects are ever asked for. So one pass over the file
notes which object refers to which (by number, a superset: a reference inside a text does no harm here), and ways are
then followed only through objects that lead to one that is asked for. The ways found are those pyHanko would find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import RawPdfPath

from vn_edoc.signature.pyhanko_adapter.references import References
from vn_edoc.signature.pyhanko_adapter.streams import resolved

__all__ = ["ways_to"]

_STEPS = 400_000
"""Objects entered on all ways together; a document that needs more is not analysed."""
_DEPTH = 20_000

_Way = tuple[Any, Any, int]
"""(the way before, key or index, length); ``None`` before the first step."""


def _steps(way: Any) -> tuple[Any, ...]:
    keys: list[Any] = []
    while way is not None:
        keys.append(way[1])
        way = way[0]
    return tuple(reversed(keys))


def _on(way: Any, key: Any) -> _Way:
    return way, key, 1 if way is None else way[2] + 1


class _Walk:
    """Following the ways of one revision."""

    def __init__(self, resolver: Any, wanted: set[Any], references: References, late: Callable[[], bool]) -> None:
        self.resolver = resolver
        self.wanted = wanted
        self.leading = references.leading_to({r.idnum for r in wanted})
        self.late = late
        self.left = _STEPS
        self.found: dict[Any, set[Any]] = {r: set() for r in wanted}

    def counts(self, reference: Any) -> bool:
        return reference.idnum in self.leading or reference in self.wanted

    def step(self) -> None:
        self.left -= 1
        if self.left < 0 or (self.left % 256 == 0 and self.late()):
            raise misc.PdfReadError("there are too many ways to the changed objects")

    def children(self, value: Any) -> Iterator[tuple[Any, Any]]:
        """(key, value) of those parts of a container that can lead on."""
        if isinstance(value, generic.DictionaryObject):
            pairs: Any = ((key, value.raw_get(key)) for key in value)
        elif isinstance(value, generic.ArrayObject):
            pairs = ((place, value.raw_get(place)) for place in range(len(value)))
        elif isinstance(value, generic.IndirectObject):
            pairs = [("", value)]  # an object that is nothing but a reference
        else:
            return
        for key, part in pairs:
            if isinstance(part, generic.IndirectObject):
                if self.counts(part.reference):
                    yield key, part
            elif isinstance(part, generic.DictionaryObject | generic.ArrayObject):
                yield key, part

    def pages(self) -> dict[Any, tuple[Any, ...]]:
        """The one way to each node of the page tree: pages are entered on no other."""
        found: dict[Any, tuple[Any, ...]] = {}
        node = self.resolver.root.raw_get("/Pages")
        stack: list[tuple[Any, tuple[Any, ...]]] = [(node, ("/Root", "/Pages"))]
        while stack:
            node, way = stack.pop()
            self.step()
            if isinstance(node, generic.IndirectObject):
                if not self.counts(node.reference):
                    continue
                if node.reference in found:
                    raise misc.PdfReadError("the page tree is not a tree")
                found[node.reference] = way
                node = node.get_object()
            kids = resolved(node, "/Kids") if isinstance(node, generic.DictionaryObject) else None
            if isinstance(kids, generic.ArrayObject) and len(way) < _DEPTH:
                stack += [(kid, (*way, "/Kids", place)) for place, kid in self.children(kids)]
        return found

    def structure(self) -> set[Any]:
        """Elements of the structure tree: entered through it alone."""
        found: set[Any] = set()
        if "/StructTreeRoot" not in self.resolver.root:
            return found
        stack = [self.resolver.root["/StructTreeRoot"]]
        while stack:
            element = stack.pop()
            self.step()
            kids = element.raw_get("/K") if isinstance(element, generic.DictionaryObject) and "/K" in element else None
            if isinstance(kids, generic.IndirectObject) and isinstance(kids.get_object(), generic.ArrayObject):
                kids = kids.get_object()
            listed = [k for _, k in self.children(kids)] if isinstance(kids, generic.ArrayObject) else [kids]
            for kid in listed:
                if isinstance(kid, generic.IndirectObject):
                    if not self.counts(kid.reference) or kid.reference in found:
                        continue
                    reference, kid = kid.reference, kid.get_object()
                    if isinstance(kid, generic.DictionaryObject) and _may_be_element(kid):
                        found.add(reference)
                if isinstance(kid, generic.DictionaryObject) and _may_be_element(kid):
                    stack.append(kid)
        return found

    def run(self) -> dict[Any, set[Any]]:
        pages, structure = self.pages(), self.structure()
        open_: set[Any] = set()
        # Each level: what is left to look at, the way to it, whether inside the structure tree, what to leave again.
        levels: list[tuple[Iterator[tuple[Any, Any]], Any, bool, Any]] = [
            (self.children(self.resolver.trailer_view), None, False, None)
        ]
        while levels:
            parts, way, inside, entered = levels[-1]
            try:
                key, part = next(parts)
            except StopIteration:
                levels.pop()
                open_.discard(entered)
                continue
            if key == "/Parent" or (inside and key == "/P"):
                continue
            self.step()
            here = _on(way, key)
            if here[2] > _DEPTH:
                raise misc.PdfReadError("a way to the changed objects is too long")
            within = inside or (
                key == "/K" and way is not None and way[1] == "/StructTreeRoot" and _steps(way)[:1] == ("/Root",)
                and way[2] == 2
            )  # fmt: skip
            reference = None
            if isinstance(part, generic.IndirectObject):
                reference = part.reference
                if reference in open_:
                    continue
                if reference in self.found:
                    self.found[reference].add(here)
                if reference.idnum not in self.leading:
                    continue
                if reference in pages and _steps(here) != pages[reference]:
                    continue
                if reference in structure and not within:
                    continue
                open_.add(reference)
                part = self.resolver(reference)
            levels.append((self.children(part), here, within, reference))
        return self.found


def _may_be_element(item: Any) -> bool:
    kind = resolved(item, "/Type")
    return kind is None or kind == "/StructElem"


def ways_to(
    resolver: Any, wanted: Iterable[Any], references: References, late: Callable[[], bool]
) -> dict[Any, set[RawPdfPath]]:
    """Every way from the trailer of a revision to each of the wanted references. pyHanko's exceptions where the
    document is malformed or needs too many steps."""
    found = _Walk(resolver, set(wanted), references, late).run()
    return {reference: {RawPdfPath(*_steps(way)) for way in ways} for reference, ways in found.items()}
