"""A parsed document whose signatures are checked: its identifiers, and what a reference points at."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, cast

from lxml import etree

from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.c14n import Canonicalization, Piece, canonical_pieces

__all__ = ["Document", "Target", "may_identify"]

_WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ID_NAMES = ("Id", "ID", "id", _WSU_ID, _XML_ID)
_WITH_ID = etree.XPath(
    "//@Id/.. | //@ID/.. | //@id/.. | //@wsu:Id/.. | //@xml:id/..",
    namespaces={"wsu": _WSU_ID[1:].partition("}")[0]},
)
_POINTER = re.compile(r"#xpointer\((?:(/)|id\((?:'([^']*)'|\"([^\"]*)\")\))\)")


_ID_ENDS = (b"Id", b"ID", b"id")
_MOST_ATTRIBUTES = 32


def may_identify(source: bytes) -> bool:
    """Whether an attribute in the octets of a document may be an identifier. A short document has few ``=``, and
    looking at the names before them costs less than walking the tree."""
    at = -1
    for _ in range(_MOST_ATTRIBUTES):
        at = source.find(b"=", at + 1)
        if at < 0:
            return False
        name = source[max(at - 16, 0) : at].rstrip(b" \t\r\n")[-2:]
        if len(name) < 2 or name in _ID_ENDS:
            return True
    return True


class Target(NamedTuple):
    """What a same-document reference points at."""

    element: etree._Element
    """The element; the root for a reference to the whole document."""
    document: bool
    """Whether the whole document is meant, with what stands around its root."""
    comments: bool
    """Whether comments belong to the node set (XPointer forms only)."""


_NodeSet: TypeAlias = tuple[Target, Canonicalization, tuple[str, ...], etree._Element | None]
"""What is canonicalised, and how: target, method, prefix list, and the element that is left out."""
_KEPT = 4
"""Node sets whose octets are kept."""


def _whole(piece: Piece) -> Iterable[Piece]:
    return (piece,)


@dataclass(slots=True)
class Document:
    """A document, with the index of its identifiers."""

    root: etree._Element
    """The root element."""
    expand: Callable[[Piece], Iterable[Piece]] = _whole
    """Puts back what was taken out of the tree before it was parsed (attachment content), in canonical octets."""
    retains: bool = True
    """Whether the canonical octets are small enough to be kept."""
    deadline: float = math.inf
    """When to stop, by :func:`time.monotonic`: many references to one large document are a way to keep us busy."""
    ahead: Callable[[str, bytes], bytes | None] | None = None
    """Gives digests that were made ahead, by the digest's name and the skeletal octets."""
    ids: dict[str, etree._Element] = field(default_factory=dict)
    """Identifier to element, over ``Id``, ``ID``, ``id``, ``wsu:Id`` and ``xml:id``."""
    _octets: dict[_NodeSet, bytes] = field(default_factory=dict)
    """Canonical octets of the node sets that were asked for last: many references may point at one."""
    _digests: dict[tuple[str, _NodeSet], bytes] = field(default_factory=dict)
    """Digests made, by their names and node sets."""

    def index(self, source: bytes | None = None) -> None:
        """Fill :attr:`ids`; :class:`Refusal` when an identifier stands on two elements.

        ``source``: the octets, UTF-8, that the tree was parsed from.
        """
        if source is not None and not may_identify(source):
            return
        for element in cast("list[etree._Element]", _WITH_ID(self.root)):
            for name in _ID_NAMES:
                value = element.get(name)
                if value is None:
                    continue
                if self.ids.setdefault(str(value), element) is not element:
                    raise Refusal("xmldsig.duplicate_id", id=str(value))

    def octets(
        self,
        target: Target,
        method: Canonicalization,
        prefixes: tuple[str, ...] = (),
        without: etree._Element | None = None,
    ) -> bytes:
        """The canonical octets of a target in one piece, for a document that :attr:`retains` them."""
        if self.expand is not _whole:
            return b"".join(self.pieces(target, method, prefixes, without))
        node_set = target, method, prefixes, without
        octets = self._octets.get(node_set)
        if octets is not None:
            return octets
        octets = b"".join(self.skeletal(target, method, prefixes, without))
        if time.monotonic() > self.deadline:
            raise Refusal("xmldsig.limit", bound="seconds", met="")
        while len(self._octets) >= _KEPT:
            del self._octets[next(iter(self._octets))]
        self._octets[node_set] = octets
        return octets

    def target(self, uri: str) -> Target:
        """Resolve a same-document reference; :class:`Refusal` for any other, and when nothing is there."""
        if uri == "":
            return Target(self.root, True, False)
        if not uri.startswith("#"):
            raise Refusal("xmldsig.external_reference", uri=uri)
        comments = False
        name = uri[1:]
        if name.startswith("xpointer("):
            match = _POINTER.fullmatch(uri)
            if match is None:
                raise Refusal("xmldsig.refused_algorithm", uri=uri, family="xpointer", place="Reference")
            if match[1]:
                return Target(self.root, True, True)
            name, comments = match[2] if match[2] is not None else match[3], True
        element = self.ids.get(name)
        if element is None:
            raise Refusal("xmldsig.reference_target", uri=uri)
        return Target(element, False, comments)

    def skeletal(
        self,
        target: Target,
        method: Canonicalization,
        prefixes: tuple[str, ...] = (),
        without: etree._Element | None = None,
    ) -> Iterator[Piece]:
        """The canonical octets of a target, without what was taken out of the tree before it was parsed."""
        try:
            yield from canonical_pieces(
                target.element,
                method,
                prefixes=prefixes,
                document=target.document,
                comments=target.comments,
                without=without,
            )
        except ValueError:
            raise Refusal("xmldsig.no_canonical_form") from None

    def digest(
        self,
        name: str,
        target: Target,
        method: Canonicalization,
        prefixes: tuple[str, ...] = (),
        without: etree._Element | None = None,
    ) -> bytes:
        """The digest of the canonical octets of a target, made once; one that was made ahead is taken."""
        asked = name, (target, method, prefixes, without)
        made = self._digests.get(asked)
        if made is None:
            made = self._digests[asked] = self._digest(name, target, method, prefixes, without)
        return made

    def _digest(
        self,
        name: str,
        target: Target,
        method: Canonicalization,
        prefixes: tuple[str, ...],
        without: etree._Element | None,
    ) -> bytes:
        if self.ahead is not None:
            made = self.ahead(name, b"".join(self.skeletal(target, method, prefixes, without)))
            if made is not None:
                return made
        running = new_digest(name)
        if self.retains:
            running.update(self.octets(target, method, prefixes, without))
        else:
            for piece in self.pieces(target, method, prefixes, without):
                running.update(piece)
        return running.digest()

    def pieces(
        self,
        target: Target,
        method: Canonicalization,
        prefixes: tuple[str, ...] = (),
        without: etree._Element | None = None,
    ) -> Iterator[Piece]:
        """The canonical octets of a target, what was taken out put back."""
        try:
            for piece in self.skeletal(target, method, prefixes, without):
                for part in (piece,) if self.expand is _whole else self.expand(piece):
                    if time.monotonic() > self.deadline:
                        raise Refusal("xmldsig.limit", bound="seconds", met="")
                    yield part
        except ValueError:
            raise Refusal("xmldsig.no_canonical_form") from None
