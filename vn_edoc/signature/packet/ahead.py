"""Digests of large signed elements, made aside while the reader still decodes the same contents.

A header signature digests each attachment as it is written, the reader hashes it as it is decoded: two passes that do
not need each other. What is made here are digests of octets, nothing is judged: the verification asks for the digest
of the octets that it has itself canonicalised, and computes it where it was not made.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from lxml import etree

from vn_edoc.envelope.packet import Parts
from vn_edoc.envelope.structure import Structure
from vn_edoc.limits import Limits
from vn_edoc.signature.xml.algorithms import DIGESTS, new_digest
from vn_edoc.signature.xml.core import transform_plan
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.names import ds
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.signed_info import Reference, read_signed_info
from vn_edoc.xml.ranges import CutRange, Skeleton

__all__ = ["Ahead"]

_LARGE = 512 * 1024
"""Bytes of content below which a thread is not worth its start."""


class Ahead:
    """Digests being made; a context manager, so that the thread ends before the source is closed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._made: dict[tuple[str, bytes], Future[bytes | None]] = {}
        self._executor: ThreadPoolExecutor | None = None

    def watch(self, parts: Parts, found: Structure) -> None:
        """Start on what the header signatures of a packet refer to; the packet has been parsed, not yet checked."""
        if not parts.exact or sum(_length(r) for r in parts.skeleton.ranges.values()) < _LARGE:
            return
        document = Document(parts.root)
        try:
            document.index()
            for element in found.signatures[: self._limits.signatures]:
                for reference in self._references(element):
                    self._start(document, parts.skeleton, reference)
        except Exception:  # foreign code over unjudged octets: the verification itself says what is wrong
            return

    def digest(self, name: str, octets: bytes) -> bytes | None:
        """The digest of canonical skeleton octets with the contents put back; ``None`` if it was not made."""
        future = self._made.get((name, octets))
        return None if future is None else future.result()

    def _references(self, signature: etree._Element) -> Iterator[Reference]:
        signed_info = signature.find(ds("SignedInfo"))
        if signature.tag == ds("Signature") and signed_info is not None:
            yield from read_signed_info(signed_info, self._limits).references

    def _start(self, document: Document, skeleton: Skeleton, reference: Reference) -> None:
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
        if skeleton.prefix.encode() not in octets or (name, octets) in self._made:
            return
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="digests-ahead")
        self._made[name, octets] = self._executor.submit(self._work, name, skeleton, octets)

    def _work(self, name: str, skeleton: Skeleton, octets: bytes) -> bytes | None:
        running = new_digest(name)
        try:
            for piece in skeleton.pieces(octets):
                if time.monotonic() > self._deadline:
                    return None
                running.update(piece)
        except Exception:  # the verification meets the same fault itself and says it
            return None
        return running.digest()

    def close(self) -> None:
        """End the thread: what is not made by now is not made."""
        if self._executor is not None:
            self._deadline = -1.0
            self._executor.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _length(part: object) -> int:
    return part.end - part.start if isinstance(part, CutRange) else 0
