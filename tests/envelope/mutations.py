"""Ways to damage a packet: what a hostile hand, a broken disk or a careless gateway does to it."""

from __future__ import annotations

import random
import re

__all__ = ["mutated"]

_TAG = re.compile(rb"<[^<>]{1,200}>")
_ELEMENT = re.compile(rb"<([\w:]{2,40})(?: [^<>]*)?>[^<>]*</\1>")
_HOSTILE = [
    b"<!--x-->",
    b"<?pi x?>",
    b"<![CDATA[x]]>",
    b"&amp;",
    b"&#0;",
    b"&x;",
    b"&#x202e;",
    b"\x00",
    b"\xff\xfe",
    b"<a>",
    b"</a>",
    b"]]>",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b"\xed\xa0\x80",
    b"=" * 5,
    b" " * 100,
    b"A" * 9000,
    b"<x " + b" ".join(b'a%d="1"' % i for i in range(70)) + b"/>",
    b"<d>" * 70 + b"</d>" * 70,
    b'xmlns:edXML="urn:x"',
    b"null",
    b"PK\x03\x04",
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """``data`` with one to four changes."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_CHANGES)(data, chance)
    return data


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_HOSTILE) + data[at:]


def _element(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> re.Match[bytes] | None:
    found = list(pattern.finditer(data))
    return chance.choice(found) if found else None


def _drop(data: bytes, chance: random.Random) -> bytes:
    found = _element(_ELEMENT, data, chance)
    return data if found is None else data[: found.start()] + data[found.end() :]


def _double(data: bytes, chance: random.Random) -> bytes:
    found = _element(_ELEMENT, data, chance)
    return data if found is None else data[: found.end()] + found[0] + data[found.end() :]


def _move(data: bytes, chance: random.Random) -> bytes:
    found = _element(_ELEMENT, data, chance)
    if found is None:
        return data
    rest = data[: found.start()] + data[found.end() :]
    place = _element(_TAG, rest, chance)
    at = place.end() if place is not None else 0
    return rest[:at] + found[0] + rest[at:]


def _rename(data: bytes, chance: random.Random) -> bytes:
    found = _element(_ELEMENT, data, chance)
    if found is None:
        return data
    name = found[1]
    new = chance.choice([name.upper(), name.lower(), b"x" + name, name.rpartition(b":")[2], b"edXML:To", b"Attachment"])
    return (
        data.replace(name, new)
        if chance.random() < 0.3
        else data[: found.start()] + found[0].replace(name, new) + data[found.end() :]
    )


def _drop_tag(data: bytes, chance: random.Random) -> bytes:
    found = _element(_TAG, data, chance)
    return data if found is None else data[: found.start()] + data[found.end() :]


def _value(data: bytes, chance: random.Random) -> bytes:
    found = _element(_ELEMENT, data, chance)
    if found is None:
        return data
    start = found[0].index(b">") + 1
    end = found[0].rindex(b"</")
    new = (
        found[0][:start]
        + chance.choice([b"", b"99999999999999999999", b"0000/00/00", b"-1", b"9" * 400, *_HOSTILE])
        + found[0][end:]
    )
    return data[: found.start()] + new + data[found.end() :]


_CHANGES = [_cut, _flip, _insert, _drop, _double, _move, _rename, _drop_tag, _value]
