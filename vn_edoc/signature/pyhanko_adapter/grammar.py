"""Objects of a PDF read by the letter of ISO 32000-1, 7.2 and 7.3: to tell what all readers read alike.

Readers forgive in different ways. Of two values for one key one takes the first, another the last; a comment ends at a
carriage return for one and at a line feed for another. Who changes a signed file can hide the change in what our own
reader passes over, so what is not plain is doubted.
"""

from __future__ import annotations

import re

__all__ = ["BLANK", "BLANKS", "NAME", "SKIPPED", "Odd", "Value", "duplicated", "plain_name", "read_value"]

BLANKS = b"\x00\t\n\x0c\r "
"""White space (7.2.2)."""
_REGULAR = rb"[^" + BLANKS + rb"()<>\[\]{}/%]"
_END = rb"(?!" + _REGULAR + rb")"
BLANK = rb"[" + BLANKS + rb"]"
"""A pattern for one octet of white space."""
_COMMENT = rb"%(?:(?!(?:end)?(?:obj|stream)(?![A-Za-z0-9:])|trailer|xref|EOF|PDF-)[\t -$&'*-.0-;=?-Z\\^-z|~%])*+\r?+\n"
SKIPPED = rb"(?:" + BLANK + rb"|" + _COMMENT + rb")*+"
"""A pattern for what stands between the parts of a value: white space, and comments that end at a line feed for all
readers and hold nothing that one which searches for objects could take for a part of them (7.2.3)."""
_REFERENCE = re.compile(SKIPPED + rb"(\d{1,10})" + BLANK + rb"++(\d{1,5})" + BLANK + rb"++R" + _END)
_TOKEN = re.compile(
    SKIPPED + rb"(?:(?P<open><<|\[)|(?P<close>>>|\])|(?P<name>/" + _REGULAR + rb"*+)|(?P<text>\()|"
    rb"(?P<plain><[0-9A-Fa-f" + BLANKS + rb"]*+>|(?:[+-]?+(?:\d++(?:\.\d*+)?+|\.\d++)|true|false|null)" + _END + rb"))"
)
_PAREN = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
NAME = re.compile(rb"/" + _REGULAR + rb"*+")
"""A pattern for a name with its solidus (7.3.5)."""
_DEPTH = 64


class Odd(Exception):
    """Something that readers may read in different ways. Never leaves the room."""


class Value:
    """Where a value ends, and where the values of its keys stand if it is a dictionary."""

    __slots__ = ("end", "entries")

    def __init__(self, end: int, entries: dict[bytes, tuple[int, int]] | None = None) -> None:
        self.end = end
        self.entries = entries if entries is not None else {}


def read_value(data: bytes, at: int, depth: int = 0) -> Value:
    """One value that begins at ``at``; :class:`Odd` where it is not plain, or is cut off."""
    if depth > _DEPTH:
        raise Odd("values are nested too deeply")
    reference = _REFERENCE.match(data, at)
    if reference is not None:
        return Value(reference.end())
    token = _TOKEN.match(data, at)
    if token is None or token["close"] is not None:
        raise Odd("there is a word that is no value")
    if token["text"] is not None:
        return Value(_text(data, token.end()))
    if token["open"] == b"<<":
        return _dictionary(data, token.end(), depth)
    if token["open"] == b"[":
        return Value(_array(data, token.end(), depth))
    return Value(token.end())


def _text(data: bytes, at: int) -> int:
    level = 1
    while level:
        mark = _PAREN.search(data, at)
        if mark is None:
            raise Odd("a text has no end")
        at = mark.end()
        level += {b"(": 1, b")": -1}.get(mark[0], 0)
    return at


def _array(data: bytes, at: int, depth: int) -> int:
    while True:
        token = _TOKEN.match(data, at)
        if token is not None and token["close"] == b"]":
            return token.end()
        at = read_value(data, at, depth + 1).end


def _dictionary(data: bytes, at: int, depth: int) -> Value:
    entries: dict[bytes, tuple[int, int]] = {}
    while True:
        token = _TOKEN.match(data, at)
        if token is None or (token["close"] != b">>" and token["name"] is None):
            raise Odd("a dictionary has a key that is no name")
        if token["name"] is None:
            return Value(token.end(), entries)
        key = plain_name(token["name"])
        if key in entries:
            raise Odd(f"a dictionary has two values for {key.decode('latin-1')[:40]}")
        value = read_value(data, token.end(), depth + 1)
        entries[key] = token.end(), value.end
        at = value.end


def plain_name(name: bytes) -> bytes:
    """A name with the octets that it gives as ``#xx`` (7.3.5)."""
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), name)


def duplicated(bare: bytes) -> bool:
    """Whether a name stands in a value more than once, so that only reading it can tell if a key does."""
    names = NAME.findall(bare)
    return len(set(names)) < len(names) or b"#" in bare
