"""Skeleton and ranges: how packets of any size are parsed by one parser in little memory.

Long runs of base64 text are found by their bytes and left out; a token stands in their place. What remains, the
skeleton, is small and is parsed whole. Content is decoded from its range on demand, and a digest over the packet
canonicalises the skeleton and puts the ranges back as it goes. This is exact because

* only text that stands directly between ``>`` and ``<``, or is all of a CDATA section, and holds nothing but base64,
  white space and references to line ends is taken out, so that no markup can hide in it;
* tokens start with 128 random bits that are not in the skeleton, so that none can be forged or met by chance;
* a token counts only where it is found as the text of an element.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vn_edoc.errors import LimitExceeded
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.xml.base64run import Base64Run, is_base64_text
from vn_edoc.xml.source import CHUNK, ByteSource, open_source

__all__ = ["THRESHOLD", "CutRange", "Range", "Skeleton", "cut"]

THRESHOLD = 8192
"""Shortest text, in bytes, that is taken out of the skeleton."""

_SAMPLE = 256
_WHOLE_CHECK = 512 * 1024
"""Texts up to this length are looked at whole before they are taken out; longer ones at both ends. They are checked
when they are decoded, and one that is no base64 makes the packet inexact."""


class Range:
    """A text that is not in the skeleton."""

    token: str
    """What stands in its place in the skeleton."""

    def canonical(self) -> Iterator[bytes]:
        """The octets that canonical XML has for it."""
        raise NotImplementedError

    def text(self) -> str:
        """The text whole, as an XML parser would give it. For short ones: the size is not bounded here."""
        octets = b"".join(self.canonical()).replace(b"&#xD;", b"\r")
        return octets.decode("utf-8", "replace")


@dataclass(slots=True, eq=False, repr=False)
class CutRange(Range):
    """A text that was taken out of a source."""

    token: str
    """What stands in its place in the skeleton."""
    run: Base64Run
    """The text."""
    closed: bool
    """A tag follows; ``False`` where the source ends inside the text."""

    @property
    def start(self) -> int:
        """First byte in the source."""
        return self.run.start

    @property
    def end(self) -> int:
        """The byte after the last one in the source."""
        return self.run.end

    @property
    def exact(self) -> bool:
        """Whether it is nothing but base64, white space and references, so that it can be canonicalised by itself."""
        return self.closed and self.run.check().damage not in {"junk", "time"}

    def canonical(self) -> Iterator[bytes]:
        """The octets that canonical XML has for it."""
        return self.run.canonical()


@dataclass(slots=True, eq=False, repr=False)
class Skeleton:
    """A source with its long base64 texts taken out."""

    data: bytes
    """What remains, with tokens."""
    prefix: str
    """What every token starts with; nowhere else in :attr:`data`."""
    ranges: dict[str, Range] = field(default_factory=dict)
    """Ranges by token, in the order of the source."""

    def token(self, serial: int) -> str:
        """The token of a range by its number."""
        return f"{self.prefix}{serial:0{_SERIAL}d}"

    def find(self, text: str | None) -> Range | None:
        """The range for which ``text`` stands, blanks around the token allowed; ``None`` for ordinary text."""
        if not text or self.prefix not in text:
            return None
        return self.ranges.get(text.strip())

    @property
    def exact(self) -> bool:
        """Whether canonical octets of the skeleton with the ranges put back are those of the source."""
        cuts = [r for r in self.ranges.values() if isinstance(r, CutRange)]
        if not all(r.exact for r in cuts):
            return False
        # Inside a CDATA section, a comment or an instruction a reference is plain text.
        doubtful = {token for token, r in self.ranges.items() if isinstance(r, CutRange) and r.run.check().references}
        return not doubtful or doubtful.isdisjoint(self._literal_tokens())

    def _literal_tokens(self) -> Iterator[str]:
        """Tokens that stand where markup is plain text."""
        mark = self.prefix.encode()
        length = len(mark) + _SERIAL
        end = 0
        # From left to right: in well-formed XML without a DTD every other ``<`` begins a tag.
        while (opened := _LITERAL.search(self.data, end)) is not None:
            closed = self.data.find(_CLOSES[opened[0]], opened.end())
            end = closed if closed >= 0 else len(self.data)
            found = self.data.find(mark, opened.end(), end)
            while found >= 0:
                yield self.data[found : found + length].decode("ascii", "replace")
                found = self.data.find(mark, found + length, end)

    def expand(self, text: str) -> str:
        """``text`` with the texts of the ranges put back in the place of their tokens."""
        if self.prefix in text:
            for token, found in self.ranges.items():
                if token in text:
                    text = text.replace(token, found.text())
        return text

    def length(self, text: str) -> int:
        """At most so many characters :meth:`expand` would give for ``text``."""
        if self.prefix not in text:
            return len(text)
        return len(text) + sum(
            (found.end - found.start) * text.count(token)
            for token, found in self.ranges.items()
            if isinstance(found, CutRange) and token in text
        )

    def split(self, canonical: bytes) -> tuple[bytes, Range, bytes] | None:
        """Canonical octets of a part with one range: what stands before it, the range, what follows; else ``None``."""
        mark = self.prefix.encode()
        found = canonical.find(mark)
        behind = found + len(mark) + _SERIAL
        if found < 0 or canonical.find(mark, behind) >= 0:
            return None
        part = self.ranges.get(canonical[found:behind].decode("ascii", "replace"))
        return None if part is None else (canonical[:found], part, canonical[behind:])

    def pieces(self, canonical: bytes) -> Iterator[bytes]:
        """Canonical octets of the skeleton (or of a part) with the ranges put back, piece by piece, for a digest."""
        mark = self.prefix.encode()
        length = len(mark) + _SERIAL
        position = 0
        while (found := canonical.find(mark, position)) >= 0:
            yield canonical[position:found]
            token = canonical[found : found + length].decode("ascii", "replace")
            part = self.ranges.get(token)
            if part is None:
                raise ValueError("a token was altered")
            yield from part.canonical()
            position = found + length
        yield canonical[position:]


_SERIAL = 8
_CDATA = b"<![CDATA["
_LITERAL = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_CLOSES = {b"<!--": b"-->", _CDATA: b"]]>", b"<?": b"?>"}


class _Found:
    """Long texts between ``>`` and ``<``, collected while the source passes by."""

    def __init__(self, source: ByteSource, most: int) -> None:
        self.source = source
        self.most = most
        self.texts: list[tuple[int, int, bool]] = []
        self.open: int | None = None
        """Where the text that is not yet ended began; ``None`` inside a tag or before the first one."""
        self.section: int | None = None
        """Where the content of a CDATA section that is not yet ended began."""

    def add(self, start: int, end: int, *, closed: bool) -> None:
        if end - start >= THRESHOLD and len(self.texts) < self.most and self._looks(start, end):
            self.texts.append((start, end, closed))

    def _looks(self, start: int, end: int) -> bool:
        at = self.source.at
        head = at(start, _SAMPLE)
        # A reference may be cut by the edge of a sample.
        mark = head.rfind(b"&", _SAMPLE - 12)
        if not head.strip() or not is_base64_text(head[:mark] if mark >= 0 else head):
            return False
        if end - start <= _WHOLE_CHECK:
            return is_base64_text(at(start, end - start))
        tail = at(end - _SAMPLE, _SAMPLE)
        return is_base64_text(tail[tail.find(b";", 0, 12) + 1 :])

    def end(self) -> None:
        """The source ends: what is open stays open."""
        for start in (self.open, self.section):
            if start is not None:
                self.add(start, self.source.size, closed=False)

    def _section(self, start: int, close: int) -> None:
        """A CDATA section whose content holds neither ``<`` nor ``>``, up to the ``>`` at ``close``."""
        if self.source.at(close - 2, 3) == b"]]>":
            self.add(start, close - 2, closed=True)

    def feed(self, base: int, chunk: bytes) -> None:
        first = chunk.find(b"<")
        if self.section is not None:
            close = chunk.find(b">", 0, first if first >= 0 else len(chunk))
            if close >= 0:
                self._section(self.section, base + close)
            if close >= 0 or first >= 0:
                self.section = None
        if first < 0:
            mark = chunk.rfind(b">")
            if mark >= 0:
                self.open = base + mark + 1
            return
        mark = chunk.rfind(b">", 0, first)
        if mark >= 0:
            self.open = base + mark + 1
        if self.open is not None:
            self.add(self.open, base + first, closed=True)
        tag = first
        while True:
            # Tags that stand close together are passed over in one step: only gaps of THRESHOLD bytes matter.
            nearer = chunk.rfind(b"<", tag + 1, tag + 1 + THRESHOLD)
            if nearer >= 0:
                tag = nearer
                continue
            following = chunk.find(b"<", tag + 1 + THRESHOLD)
            mark = chunk.rfind(b">", tag, following if following >= 0 else len(chunk))
            if chunk.startswith(_CDATA[: len(chunk) - tag], tag) and self.source.at(base + tag, 9) == _CDATA:
                close = chunk.find(b">", tag + 9, following if following >= 0 else len(chunk))
                if close >= 0:
                    self._section(base + tag + 9, base + close)
                elif following < 0:
                    self.section = base + tag + 9
            if following < 0:
                self.open = base + mark + 1 if mark >= 0 else None
                return
            if mark >= 0:
                self.add(base + mark + 1, base + following, closed=True)
            tag = following


def cut(source: ByteSource, limits: Limits = DEFAULT_LIMITS) -> Skeleton:
    """Take the long base64 texts out of a UTF-8 source.

    Raises :class:`~vn_edoc.errors.LimitExceeded` when what remains is longer than ``limits.xml_skeleton_bytes``.
    """
    # A source of one piece is read once.
    octets = open_source(b"".join(source.chunks())) if source.size <= CHUNK else source
    found = _Found(octets, limits.attachments * 2)
    position = 0
    if source.size >= THRESHOLD:
        for chunk in octets.chunks(step=CHUNK):
            found.feed(position, chunk)
            position += len(chunk)
        found.end()
    remaining = source.size - sum(end - start for start, end, _ in found.texts)
    if remaining > limits.xml_skeleton_bytes:
        raise LimitExceeded(
            f"{remaining} bytes remain without attachment content, the bound is {limits.xml_skeleton_bytes}",
            f"còn {remaining} byte ngoài nội dung tệp đính kèm, giới hạn là {limits.xml_skeleton_bytes}",
            field="xml_skeleton_bytes",
            value=remaining,
        )
    if not found.texts:
        return Skeleton(octets.at(0, source.size), "\0")
    kept: list[bytes] = []
    position = 0
    for start, end, _ in found.texts:
        kept.append(octets.at(position, start - position))
        position = end
    kept.append(octets.at(position, source.size - position))
    prefix = _fresh(kept)
    skeleton = Skeleton(b"", prefix)
    parts = [kept[0]]
    for serial, ((start, end, closed), after) in enumerate(zip(found.texts, kept[1:], strict=True)):
        token = skeleton.token(serial)
        skeleton.ranges[token] = CutRange(token, Base64Run(source, start, end), closed)
        parts.append(token.encode())
        parts.append(after)
    skeleton.data = b"".join(parts)
    return skeleton


def _fresh(kept: list[bytes]) -> str:
    while True:
        prefix = "r" + os.urandom(16).hex()
        mark = prefix.encode()
        if not any(mark in part for part in kept):
            return prefix
