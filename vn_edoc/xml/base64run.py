"""Base64 content that stands somewhere in a source, checked once to its end and decoded from there on demand.

White space is dropped, as are the character references for line ends (.NET writes ``&#xD;``). Everything else outside
the alphabet of RFC 4648 section 4 is damage, as is padding before the end or a single left-over character. Missing
padding and non-zero last bits are told, not refused.
"""

from __future__ import annotations

import binascii
import io
import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pybase64

from vn_edoc.errors import LimitExceeded, SourceError
from vn_edoc.xml.source import ByteSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Base64Checked", "Base64Reader", "Base64Run", "is_base64_text"]

_BLANK = b" \t\r\n"
_REFERENCE = re.compile(rb"&#(?:0{0,5}(?:13|10|9)|x0{0,5}[dDaA9]);")
"""Short enough to be known for one wherever a step cuts it."""
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_CHUNK = 256 * 1024
"""Source bytes per step, a multiple of 4. Small enough to stay in the processor's cache while decoded and hashed."""


def is_base64_text(piece: bytes) -> bool:
    """Whether a piece of XML text holds nothing but base64, white space and references to line ends."""
    if not len(piece) % 4:
        try:
            pybase64.b64decode(piece, validate=True)
        except (binascii.Error, ValueError):
            pass
        else:
            return True
    rest = piece.translate(None, _ALPHABET + _BLANK)
    return not rest or (b"&" in rest and not _REFERENCE.sub(b"", piece).translate(None, _ALPHABET + _BLANK))


class Base64Checked(NamedTuple):
    """What the check to the end has found."""

    size: int
    """Decoded bytes up to the end, or up to the damage."""
    damage: str | None
    """``None``, or why it cannot be decoded: ``junk``, ``padding``, ``cut``, ``time``."""
    offset: int | None
    """Where the damage was met, as an offset of the source (the start of the step it lies in)."""
    blank: bool
    """White space stands between the characters."""
    references: bool
    """References to line ends stand between the characters."""
    unpadded: bool
    """The padding at the end is missing."""
    loose_bits: bool
    """The last character carries bits that decode to nothing."""


class _Step(NamedTuple):
    """A place from which decoding can start again."""

    source: int
    carry: bytes
    decoded: int


class Base64Run:
    """Base64 text from ``start`` to ``end`` of a source."""

    def __init__(self, source: ByteSource, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self._steps: list[_Step] = []
        self._checked: Base64Checked | None = None
        self._kept: bytes | None = None
        self.listeners: list[Callable[[bytes | None], object]] = []
        """Those who are given the octets of the text, piece by piece, when it is checked: digests over the text as it
        stands. ``None`` ends it: the text is damaged, or more than base64 on one line, so that its canonical octets
        are not simply what stands there."""

    def check(
        self, sink: Callable[[bytes], object] | None = None, *, deadline: float | None = None, keep: bool = False
    ) -> Base64Checked:
        """Decode to the end once, giving each piece to ``sink`` (a digest, say), and remember where steps begin.

        ``deadline`` is a value of ``time.monotonic``. The answer is kept: a second call only decodes again for its
        ``sink``. With ``keep`` the first call decodes in one step and keeps the content for :meth:`kept`.
        """
        if self._checked is not None:
            if sink is not None:
                for piece in self.decoded():
                    sink(piece)
            return self._checked
        state = _Decoding()
        decoded = 0
        damage: str | None = None
        position = self.start
        carry = b""
        step = self.end - self.start if keep else _CHUNK
        for piece in self.source.chunks(self.start, self.end, step):
            if deadline is not None and time.monotonic() > deadline:
                damage = "time"
                break
            self._steps.append(_Step(position, carry, decoded))
            plain, carry, damage = state.feed(carry, piece, last=position + len(piece) >= self.end)
            if damage is not None:
                break
            if self.listeners:
                self._tell(piece if state.plain else None)
            position += len(piece)
            decoded += len(plain)
            if keep and len(piece) == step:
                self._kept = plain
            if sink is not None and plain:
                sink(plain)
        if damage is not None:
            self._tell(None)
        self._checked = Base64Checked(
            size=decoded,
            damage=damage,
            offset=None if damage is None else position,
            blank=state.blank,
            references=state.references,
            unpadded=state.unpadded,
            loose_bits=state.loose_bits,
        )
        return self._checked

    def _tell(self, piece: bytes | None) -> None:
        for listener in self.listeners:
            listener(piece)
        if piece is None:
            self.listeners = []

    def kept(self) -> bytes | None:
        """The content that :meth:`check` has kept, while it is certain that the source still says the same."""
        return self._kept if self._kept is not None and self.source.steady() else None

    def decoded(self, offset: int = 0) -> Iterator[bytes]:
        """The decoded content from ``offset`` on, in pieces. Stops at damage, which :meth:`check` has told."""
        checked = self.check()
        if not self._steps or offset >= checked.size:
            return
        at = max(bisect_right(self._steps, offset, key=lambda s: s.decoded) - 1, 0)
        step = self._steps[at]
        carry, position, skip = step.carry, step.source, offset - step.decoded
        state = _Decoding()
        for piece in self.source.chunks(position, self.end, _CHUNK):
            plain, carry, damage = state.feed(carry, piece, last=position + len(piece) >= self.end)
            if damage is not None:
                return
            position += len(piece)
            # A step may be longer than what is decoded at a time.
            if skip < len(plain):
                yield plain[skip:] if skip else plain
            skip = max(skip - len(plain), 0)

    def canonical(self) -> Iterator[bytes]:
        """The octets that canonical XML has for this text: line ends normalised, a carriage return as ``&#xD;``."""
        held = b""
        for piece in self.source.chunks(self.start, self.end):
            text = held + piece
            held = b""
            if b"\r" in text or b"&" in text:
                # A line end or a reference may be cut by the end of the piece: keep it for the next one.
                cut = len(text) - 1 if text.endswith(b"\r") else len(text)
                mark = text.rfind(b"&", max(0, cut - 16), cut)
                if mark >= 0 and b";" not in text[mark:cut]:
                    cut = mark
                text, held = text[:cut], text[cut:]
                text = _canonical_text(text)
            yield text
        if held:
            yield _canonical_text(held)


def _canonical_text(text: bytes) -> bytes:
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _REFERENCE.sub(_canonical_reference, text) if b"&" in text else text


def _canonical_reference(match: re.Match[bytes]) -> bytes:
    digits = match[0][2:-1].lower()
    value = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return b"&#xD;" if value == 13 else bytes([value])


class _Decoding:
    """Decoding step by step; what is between the characters is noted on the way."""

    __slots__ = ("blank", "loose_bits", "plain", "references", "unpadded")

    def __init__(self) -> None:
        self.blank = self.references = self.unpadded = self.loose_bits = False
        self.plain = False
        """The last piece was nothing but whole groups of base64."""

    def feed(self, carry: bytes, piece: bytes, *, last: bool) -> tuple[bytes, bytes, str | None]:
        """Decode ``carry + piece``; what cannot be decoded yet comes back as the new carry."""
        self.plain = False
        if not carry and not len(piece) % 4:
            try:
                plain: bytes = pybase64.b64decode(piece, validate=True)
            except (binascii.Error, ValueError):
                pass
            else:
                if last or len(plain) == len(piece) // 4 * 3:
                    self.plain = True
                    if last:
                        self._last_bits(piece[-4:], plain)
                    return plain, b"", None
        text = carry + piece if carry else piece
        tail = b""
        if b"&" in text:
            mark = text.rfind(b"&", max(0, len(text) - 12))
            if not last and mark >= 0 and b";" not in text[mark:]:
                text, tail = text[:mark], text[mark:]
            shorter = _REFERENCE.sub(b"", text)
            if len(shorter) != len(text):
                self.references = True
            text = shorter
        compact = text.translate(None, _BLANK)
        if len(compact) != len(text):
            self.blank = True
        if last:
            return self._quads(compact, b"", last=True)
        edge = len(compact) - len(compact) % 4
        if edge == len(compact) and compact.endswith(b"="):
            # Whether it is the end only what follows can tell: there may be nothing but white space.
            edge -= 4
        return self._quads(compact[:edge], compact[edge:] + tail, last=False)

    def _quads(self, compact: bytes, rest: bytes, *, last: bool) -> tuple[bytes, bytes, str | None]:
        if last and len(compact) % 4:
            if len(compact) % 4 == 1 or b"=" in compact:
                return b"", b"", "cut" if b"=" not in compact else "padding"
            self.unpadded = True
            compact += b"=" * (-len(compact) % 4)
        if not compact:
            return b"", rest, None
        try:
            plain: bytes = pybase64.b64decode(compact, validate=True)
        except (binascii.Error, ValueError):
            padded = compact.rstrip(b"=")
            known = not compact.translate(None, _ALPHABET)
            return b"", rest, "padding" if known and (b"=" in padded or len(compact) - len(padded) > 2) else "junk"
        if not last and len(plain) != len(compact) // 4 * 3:
            return b"", rest, "padding"
        if last:
            self._last_bits(compact[-4:], plain)
        return plain, rest, None

    def _last_bits(self, quad: bytes, plain: bytes) -> None:
        if quad.endswith(b"=") and pybase64.b64encode(plain[-((len(plain) - 1) % 3 + 1) :]) != quad:
            self.loose_bits = True


class Base64Reader(io.RawIOBase):
    """The decoded content of a run as a seekable binary file. Wrap it in ``io.BufferedReader`` for small reads."""

    def __init__(self, run: Base64Run) -> None:
        super().__init__()
        self._run = run
        self._size = run.check().size
        self._position = 0
        self._pieces: Iterator[bytes] | None = None
        self._piece = b""
        self._at = 0
        """Offset of ``_piece`` in the decoded content."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            piece = self._here()
        except (SourceError, LimitExceeded) as error:
            raise OSError(str(error)) from error
        start = self._position - self._at
        taken = piece[start : start + len(view)]
        view[: len(taken)] = taken
        self._position += len(taken)
        return len(taken)

    def _here(self) -> bytes:
        """The piece that holds the current position; empty at the end."""
        if self._at <= self._position < self._at + len(self._piece):
            return self._piece
        if self._pieces is None or self._position != self._at + len(self._piece):
            self._pieces = self._run.decoded(self._position)
            self._at, self._piece = self._position, b""
        for piece in self._pieces:
            self._at += len(self._piece)
            self._piece = piece
            if piece:
                return piece
        self._at += len(self._piece)
        self._piece = b""
        return b""
