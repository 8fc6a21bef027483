"""The bytes of a PDF signature before anything else: ByteRange, the gap, and digests in one pass (R10, R71)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from vn_edoc.findings import Finding, Location
from vn_edoc.signature.pyhanko_adapter.document import SignatureEntry
from vn_edoc.signature.rules import finding
from vn_edoc.signature.signed_data import digest_with

__all__ = ["Span", "check_span", "digests", "overlaps", "tail_after"]

_CHUNK = 1 << 20
_HEX = frozenset(b"0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Span:
    """A sound ByteRange: bytes 0..gap_start and gap_end..end are signed, the gap is the hex string of the signature."""

    gap_start: int
    gap_end: int
    end: int

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The covered ranges."""
        return (0, self.gap_start), (self.gap_end, self.end)

    @property
    def target(self) -> str:
        """As a reference's target."""
        return f"bytes 0-{self.gap_start},{self.gap_end}-{self.end}"


def check_span(
    entry: SignatureEntry, stream: BinaryIO, size: int, where: Location
) -> tuple[Span | None, Finding | None]:
    """The span, or why there is none."""

    def refuse(vi: str, en: str, rule: str = "R10") -> tuple[None, Finding]:
        return None, finding(rule, vi, en, where=where, byte_range=list(entry.byte_range or ()), size=size)

    ranges = entry.byte_range
    if entry.contents is None or not entry.contents.strip(b"\x00"):
        return refuse("Chữ ký không có nội dung (/Contents trống).", "The signature has no value (/Contents is empty).")
    if ranges is None or len(ranges) != 4:
        return refuse(
            "ByteRange thiếu hoặc không đúng dạng bốn số.", "ByteRange is missing or does not consist of four numbers."
        )
    start, first, second, last = ranges
    if start != 0 or first <= 0 or second <= first or last <= 0:
        return refuse(
            "ByteRange không bắt đầu từ đầu tệp hoặc các đoạn chồng lên nhau.",
            "ByteRange does not start at the beginning of the file, or its parts overlap.",
        )
    if second + last > size:
        then, now = (f"{length:,}" for length in (second + last, size))
        return refuse(
            "Tệp đã bị ghi lại sau khi ký (nén, tối ưu, in lại, cắt bớt, hoặc cổng thư chỉnh sửa), nên không còn là "
            f"tệp mà chữ ký số bảo vệ: khi ký dài {then.replace(',', '.')} byte, nay còn {now.replace(',', '.')} byte; "
            "cần xin lại tệp gốc từ nơi gửi.",
            "The file was rewritten after it was signed (compressed, optimised, printed again, cut, or edited by a "
            f"mail gateway), so it is no longer the file that the signature protects: {then} bytes when signed, "
            f"{now} now; ask the sender for the original file.",
            "R71",
        )
    gap = _read(stream, first, second)
    inner = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or len(inner) % 2 or not _HEX.issuperset(inner):
        return refuse(
            "Khoảng trống trong ByteRange không đúng bằng vùng chữ ký.",
            "The gap in ByteRange is not exactly the signature's own place.",
        )
    if bytes.fromhex(inner.decode("ascii")) != entry.contents:
        return refuse(
            "Vùng chữ ký trong tệp không phải là /Contents của chữ ký này.",
            "The bytes in the gap are not this signature's /Contents.",
        )
    return Span(first, second, second + last), None


def _read(stream: BinaryIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(end - start)


def overlaps(spans: Iterable[Span]) -> set[Span]:
    """Spans whose gap cuts into another signature's gap, or ends inside another's gap."""
    bad: set[Span] = set()
    listed = list(spans)
    for a in listed:
        for b in listed:
            if a is b:
                continue
            if a.gap_start < b.gap_end and b.gap_start < a.gap_end:
                bad |= {a, b}
            elif b.gap_start < a.end < b.gap_end:
                bad.add(a)
    return bad


def digests(stream: BinaryIO, wanted: list[tuple[Span, str]]) -> tuple[dict[tuple[Span, str], bytes], dict[int, str]]:
    """Digests of every span in one pass, and SHA-256 of the file up to each span's end.

    Twenty signatures on one file share nearly all of their bytes: what is shared is hashed once.
    """
    marks = sorted({m for span, _ in wanted for m in (0, span.gap_start, span.gap_end, span.end)})
    running: dict[str, Any] = {name: digest_with(name) for name in {name for _, name in wanted} | {"sha256"}}
    forks: dict[tuple[Span, str], Any] = {}
    done: dict[tuple[Span, str], bytes] = {}
    prefixes: dict[int, str] = {}
    for here, following in zip(marks, (*marks[1:], None), strict=False):
        for key in wanted:
            span, name = key
            if span.gap_start == here and running.get(name) is not None:
                forks[key] = running[name].copy()
            if span.end == here:
                prefixes[here] = running["sha256"].hexdigest()
                if key in forks:
                    done[key] = forks.pop(key).digest()
        if following is None:
            break
        active = [fork for (span, _), fork in forks.items() if span.gap_end <= here]
        hashers = [h for h in running.values() if h is not None] + active
        _feed(stream, here, following, hashers)
    return done, prefixes


def _feed(stream: BinaryIO, start: int, end: int, hashers: list[Any]) -> None:
    stream.seek(start)
    left = end - start
    while left > 0:
        chunk = stream.read(min(_CHUNK, left))
        if not chunk:
            return
        for hasher in hashers:
            hasher.update(chunk)
        left -= len(chunk)


def tail_after(stream: BinaryIO, start: int, size: int) -> str:
    """What stands after ``start``: ``nothing``, ``data`` (cannot be an object) or ``objects``."""
    stream.seek(start)
    left = size - start
    seen = b""
    kind = "nothing"
    while left > 0:
        chunk = stream.read(min(_CHUNK, left))
        if not chunk:
            break
        left -= len(chunk)
        if chunk.strip(b"\x00\t\n\x0c\r ") and kind == "nothing":
            kind = "data"
        window = seen[-16:] + chunk
        if b" obj" in window or b"startxref" in window or b"xref" in window:
            return "objects"
        seen = chunk
    return kind


def sha1(data: bytes) -> bytes:
    """SHA-1, for the one legacy form that needs it."""
    return hashlib.sha1(data, usedforsecurity=False).digest()
