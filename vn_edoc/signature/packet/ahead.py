"""Digests of signed elements with large contents, taken while the reader decodes these.

A header signature digests each attachment as it stands, the reader decodes it: one reading serves both. What is made
here are digests of octets, nothing is judged: the verification asks for the digest of the octets that it has itself
canonicalised, and computes it where it was not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from lxml import etree

from vn_edoc.envelope.hashing import AsideDigest
from vn_edoc.envelope.packet import Parts
from vn_edoc.envelope.sealing import SEAL_NAME
from vn_edoc.envelope.structure import Structure
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.algorithms import DIGESTS, new_digest
from vn_edoc.signature.xml.core import transform_plan
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.names import ds
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.signed_info import Reference, read_signed_info
from vn_edoc.xml.base64run import Base64Run
from vn_edoc.xml.ranges import CutRange, Skeleton

__all__ = ["Ahead"]

_LARGE = 512 * 1024
"""Bytes of content below which a second reading costs nothing."""
_MOST = 4
"""Digests taken of one content: each is a thread of its own."""
_SEAL = SEAL_NAME.partition(".")[0].encode()


class Ahead:
    """Digests being made; a context manager, so that no thread is left behind."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._elements: dict[tuple[str, bytes], _Element] = {}

    def watch(self, parts: Parts, found: Structure) -> bool:
        """Listen to what the header signatures of a packet refer to; the packet has been parsed, not yet checked.

        Returns whether somebody will ask for the digests of the contents themselves: only a seal does.
        """
        cuts = [part for part in parts.skeleton.ranges.values() if isinstance(part, CutRange)]
        if not parts.exact or sum(cut.end - cut.start for cut in cuts) < _LARGE:
            return True
        document = Document(parts.root)
        try:
            document.index()
            for element in found.signatures[: self._limits.signatures]:
                for reference in _references(element, self._limits):
                    self._listen(document, parts.skeleton, reference)
        except Exception:  # foreign code over unjudged octets: the verification itself says what is wrong
            return True
        return not self._elements or _SEAL in parts.skeleton.data.lower()

    def digest(self, name: str, octets: bytes) -> bytes | None:
        """The digest of canonical skeleton octets with the contents put back; ``None`` if it was not made."""
        element = self._elements.get((name, octets))
        return None if element is None else element.made

    def _listen(self, document: Document, skeleton: Skeleton, reference: Reference) -> None:
        name = DIGESTS.get(reference.digest_method)
        if name is None or reference.uri is None or not reference.uri.startswith("#"):
            return
        try:
            enveloped, method, prefixes = transform_plan(reference)
            if enveloped:
                return
            octets = b"".join(document.skeletal(document.target(reference.uri), method, prefixes))
        except Refusal:
            return
        split = skeleton.split(octets)
        if split is None or (name, octets) in self._elements:
            return
        before, held, after = split
        if isinstance(held, CutRange) and len(held.run.listeners) < _MOST:
            self._elements[name, octets] = _Element(name, before, held.run, after)

    def close(self) -> None:
        """End what is not done."""
        for element in self._elements.values():
            element.take(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _references(signature: etree._Element, limits: Limits) -> Iterator[Reference]:
    signed_info = signature.find(ds("SignedInfo"))
    if signature.tag == ds("Signature") and signed_info is not None:
        yield from read_signed_info(signed_info, limits).references


class _Element:
    """The digest of an element that holds one content, on its way."""

    def __init__(self, name: str, before: bytes, run: Base64Run, after: bytes) -> None:
        self.made: bytes | None = None
        """The digest, when all has passed by."""
        self._running: AsideDigest | None = AsideDigest(new_digest(name))
        self._running.feed(before)
        self._left = run.end - run.start
        self._after = after
        run.listeners.append(self.take)

    def take(self, piece: bytes | None) -> None:
        """The next octets of the content; ``None`` when there is nothing to be had."""
        if self._running is None:
            return
        if piece is not None:
            self._running.feed(piece)
            self._left -= len(piece)
            if self._left:
                return
            self._running.feed(self._after)
            self.made = self._running.octets()
        self._running.close()
        self._running = None
