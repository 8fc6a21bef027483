"""Values in DER (X.690), by their octets: the object model of the ASN.1 library costs a hundred times a signature."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

__all__ = ["distinguished", "first_distinguished", "tlv"]

_BOOLEAN, _OCTETS, _SET, _CONSTRUCTED = 0x01, 0x04, 0x31, 0x20
_DEPTH = 32
_VALUES = 200_000
"""Most values that are put into DER: beyond that it is no honest object."""


def tlv(tag: int, *parts: bytes) -> bytes:
    """A value with a tag of one octet, its length in as few octets as it needs."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def distinguished(value: bytes, *, ordered: bool = True) -> bytes:
    """The DER form of a BER value: definite lengths, as short as they can be, octets in one piece, sets in order
    (unless ``ordered`` is false). ``ValueError`` where it is no value, is of too many, or has a long tag."""
    made, end = first_distinguished(value, ordered=ordered)
    if end != len(value):
        raise ValueError("octets behind a value")
    return made


def first_distinguished(octets: bytes, *, ordered: bool = True) -> tuple[bytes, int]:
    """:func:`distinguished` for the value at the head of octets, and where it ends."""
    try:
        return _value(octets, 0, 0, ordered, itertools.count())
    except IndexError as error:
        raise ValueError("a value is cut off") from error


def _value(data: bytes, at: int, depth: int, ordered: bool, count: Iterator[int]) -> tuple[bytes, int]:
    tag, length = data[at], data[at + 1]
    if depth > _DEPTH or tag & 0x1F == 0x1F or next(count) > _VALUES:
        raise ValueError("values are nested too deeply or too many, or one has a long tag")
    at += 2
    stop: int | None = at + length
    if length == 0x80:
        stop = None
    elif length > 0x80:
        more = length & 0x7F
        stop = at + more + int.from_bytes(data[at : at + more], "big")
        at += more
    if stop is not None and stop > len(data):
        raise ValueError("a value is cut off")
    if not tag & _CONSTRUCTED:
        if stop is None:
            raise ValueError("a plain value without a length")
        content = data[at:stop]
        return tlv(tag, (b"\xff" if any(content) else b"\x00") if tag == _BOOLEAN else content), stop
    parts: list[bytes] = []
    while (at < stop) if stop is not None else (data[at] or data[at + 1]):
        part, at = _value(data, at, depth + 1, ordered, count)
        parts.append(part)
    if stop is not None and at != stop:
        raise ValueError("a value reaches behind the one that holds it")
    end = at + 2 if stop is None else at
    if tag == _OCTETS | _CONSTRUCTED:
        return tlv(_OCTETS, *(part[_head(part) :] for part in parts)), end
    return tlv(tag, *(sorted(parts) if tag == _SET and ordered else parts)), end


def _head(made: bytes) -> int:
    return 2 + (made[1] & 0x7F if made[1] & 0x80 else 0)
