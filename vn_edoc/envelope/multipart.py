"""The parts of a MIME multipart message: SOAP with attachments, XOP, forms, mail (RFC 2046, RFC 2387).

Only the blocks of headers are parsed; where parts begin and end is found by their boundary, piece by piece, so that
memory does not grow with the message. Contents stay where they are.
"""

from __future__ import annotations

import binascii
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value

from vn_edoc.envelope.plain import MailRun, PlainRun
from vn_edoc.errors import LimitExceeded
from vn_edoc.limits import Limits
from vn_edoc.xml.base64run import Base64Run
from vn_edoc.xml.charsets import charset_of
from vn_edoc.xml.source import CHUNK, ByteSource, Spool, Window

__all__ = ["Enclosure", "Multipart", "split"]

_HEADERS = 16384
"""Longest block of headers."""
_DEPTH = 3
"""Messages inside each other that are split."""
_OPENING = re.compile(rb"\s{0,200}--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[A-Za-z][A-Za-z0-9-]{0,60}:)")
"""A first delimiter without headers before it: a body that was stored alone."""
_HEADER = re.compile(rb"\s{0,200}(?:HTTP/1\.[^\r\n]{0,200}\r?\n)?[A-Za-z][A-Za-z0-9-]{0,60}:")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"(--)?[ \t]{0,40}(?:(\r?\n)|\Z)")
_IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
_PARAMETERS = 256
"""Semicolons in a header that has parameters: the standard library's way through them is quadratic."""
_DECISIVE = ("Content-Type", "Content-Transfer-Encoding", "Content-ID")
_HEADER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, binascii.Error, MessageError)
"""What the standard library raises over odd headers."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in a container: a part of mail, an entry of a ZIP."""

    name: str | None
    """File name as carried."""
    content_id: str | None
    """``Content-ID`` as carried."""
    media_type: str | None
    """``Content-Type`` without parameters; ``None`` where there is none."""
    description: str | None
    """``Content-Description``."""
    run: Base64Run | None
    """Its content; ``None`` where it cannot be had."""
    damage: str | None = None
    """Why not: a key of :data:`~vn_edoc.envelope.unwrapping.DAMAGES`."""
    inline: bool = False
    """A text without name and id: what people write around the files."""
    doubled: bool = False
    """One of the headers that say what it is stands twice."""


@dataclass(frozen=True, slots=True)
class Multipart:
    """A multipart message."""

    parts: tuple[Enclosure, ...]
    """Its parts in order."""
    start: str | None
    """``start`` of its ``Content-Type``: the content id of the part to begin with."""
    closed: bool
    """Its last delimiter was found."""
    more: bool
    """There are more parts than the bound; they were left out."""
    doubled: bool
    """A part has a header twice that says what the part is: readers may differ on which one counts."""
    held: tuple[ByteSource, ...]
    """Decoded contents, to be closed with the source."""


def split(source: ByteSource, limits: Limits, deadline: float, depth: int = 0) -> Multipart | None:
    """Split a multipart message; ``None`` for anything else. Messages in it are split as well, to a few levels.

    Raises :class:`~vn_edoc.errors.LimitExceeded` when the time has run out.
    """
    head = source.at(0, _HEADERS)
    start = None
    opening = _OPENING.match(head)
    if opening is not None:
        boundary = opening[1]
    else:
        if _HEADER.match(head) is None:
            return None
        headers, _ = _headers(head.lstrip())
        if headers.get_content_maintype() != "multipart":
            return None
        boundary = (_parameter(headers, "boundary") or "").encode("utf-8", "replace")
        start = _parameter(headers, "start")
    if not boundary:
        return None
    held: list[ByteSource] = []
    try:
        found = _split(source, b"--" + boundary, start, held, limits, deadline, depth)
    except BaseException:
        for spool in held:
            spool.close()
        raise
    return found if found.parts else None


def _split(
    source: ByteSource,
    mark: bytes,
    start: str | None,
    held: list[ByteSource],
    limits: Limits,
    deadline: float,
    depth: int,
) -> Multipart:
    parts: list[Enclosure] = []
    begin: int | None = None
    closed = more = doubled = False
    for end, after, last in _delimiters(source, mark, deadline):
        if begin is not None:
            if more or len(parts) > limits.attachments:
                more = True
                break
            part = _part(source, begin, max(begin, end), held, limits)
            inner = _inner(part, Window(source, begin, max(begin, end)), limits, deadline, depth)
            if inner is None:
                parts.append(part)
            else:
                parts += inner.parts
                held += inner.held
                start, more = start or inner.start, more or inner.more
                doubled = doubled or inner.doubled
            doubled = doubled or part.doubled
        begin = after
        closed = last
        if last:
            break
    else:
        if begin is not None and begin < source.size:
            # The message ends in the middle of a part.
            parts.append(_part(source, begin, source.size, held, limits, cut=True))
    most = limits.attachments + 1
    return Multipart(tuple(parts[:most]), start, closed, more or len(parts) > most, doubled, tuple(held))


def _inner(part: Enclosure, window: ByteSource, limits: Limits, deadline: float, depth: int) -> Multipart | None:
    """A multipart message that is a part of another, as mail programs make them."""
    nested = part.media_type is not None and part.media_type.startswith("multipart/")
    return split(window, limits, deadline, depth + 1) if nested and depth < _DEPTH else None


def _delimiters(source: ByteSource, mark: bytes, deadline: float) -> Iterator[tuple[int, int, bool]]:
    """Where the content before each delimiter ends, where what follows begins, and whether it is the closing one."""
    held, base = b"\n", -1
    """What was not looked at whole, and the place of its first byte; a delimiter may open the source."""
    bare = False
    for chunk in source.chunks(step=CHUNK):
        buffer = held + chunk
        at = buffer.find(b"\n" + mark)
        while at >= 0:
            if time.monotonic() > deadline:
                raise LimitExceeded("the time allowed ran out", "hết thời gian cho phép", field="seconds")
            behind = base + at + 1 + len(mark)
            found = _LINE_END.match(source.at(behind, 80))
            if found is not None:
                end = base + at
                # Where lines end with LF alone, a CR before it is the content's last octet.
                bare = found[2] == b"\n" or (found[2] is None and bare)
                if not bare and end > 0 and source.at(end - 1, 1) == b"\r":
                    end -= 1
                yield end, behind + found.end(), found[1] is not None
            at = buffer.find(b"\n" + mark, at + 1)
        kept = min(len(buffer), len(mark))
        base += len(buffer) - kept
        held = buffer[len(buffer) - kept :]


def _headers(block: bytes) -> tuple[Message, int]:
    """Headers, and how many bytes they and the blank line behind them take."""
    if block.startswith((b"\n", b"\r\n")):
        return Message(), block.index(b"\n") + 1
    end = _BLANK_LINE.search(block)
    if end is None:
        return Message(), 0
    if block.startswith(b"HTTP/"):
        block = block[block.index(b"\n") + 1 :]
        end = _BLANK_LINE.search(block) or end
    text = block[: end.start()]
    try:
        return HeaderParser().parsestr(text.decode("utf-8")), end.end()
    except UnicodeDecodeError:
        return HeaderParser().parsestr(text.decode("latin-1")), end.end()
    except _HEADER_ERRORS:
        return Message(), end.end()


def _part(
    source: ByteSource, begin: int, end: int, held: list[ByteSource], limits: Limits, *, cut: bool = False
) -> Enclosure:
    block = source.at(begin, min(_HEADERS, end - begin))
    if not cut and len(block) == end - begin and _HEADER.match(block) and _BLANK_LINE.search(block) is None:
        # Without a content there need be no blank line either (RFC 2046 section 5.1.1).
        block += b"\r\n\r\n"
    headers, taken = _headers(block)
    content = min(begin + taken, end)
    encoding = (_value(headers, "Content-Transfer-Encoding") or "").lower()
    run: Base64Run | None = None
    damage: str | None = "part" if cut else None
    long = taken == 0 and end - begin > _HEADERS and _HEADER.match(source.at(begin, _HEADERS)) is not None
    if long:
        damage = "headers"
    elif encoding == "base64":
        run = MailRun(source, content, end)
    elif encoding == "quoted-printable":
        spool = _unquoted(source, content, end, limits)
        if spool is None:
            damage = "junk"
        else:
            held.append(spool)
            run = PlainRun(spool, 0, spool.size)
    elif encoding in _IDENTITY:
        run = PlainRun(source, content, end)
    else:
        damage = "encoding"
    name = _file_name(headers)
    content_id = _value(headers, "Content-ID") or _value(headers, "Content-Location")
    media_type = headers.get_content_type() if headers.get("Content-Type") is not None else None
    return Enclosure(
        name=name,
        content_id=content_id,
        media_type=media_type,
        description=_value(headers, "Content-Description"),
        run=run,
        damage=damage,
        inline=name is None and content_id is None and (media_type or "text/plain").startswith("text/") and not long,
        doubled=any(len(headers.get_all(one, ())) > 1 for one in _DECISIVE),
    )


def _unquoted(source: ByteSource, begin: int, end: int, limits: Limits) -> Spool | None:
    """Quoted-printable decoded, line by line; ``None`` where a line has no end within reason."""
    spool = Spool()
    rest = b""
    for chunk in source.chunks(begin, end):
        text = rest + chunk
        edge = text.rfind(b"\n") + 1
        if edge == 0 and len(text) > limits.xml_text_chars:
            spool.close()
            return None
        spool.append(binascii.a2b_qp(text[:edge]))
        rest = text[edge:]
    spool.append(binascii.a2b_qp(rest))
    return spool


def _parameter(headers: Message, name: str) -> str | None:
    if str(headers.get("Content-Type") or "").count(";") > _PARAMETERS:
        return None
    try:
        found = headers.get_param(name)
        return found if isinstance(found, str) and found else None
    except _HEADER_ERRORS:
        return None


def _value(headers: Message, name: str) -> str | None:
    """A header's text, decoded by RFC 2047; ``None`` where it is empty."""
    value = str(headers.get(name) or "").strip()
    return _words(value) or None


def _words(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        words = decode_header(text)
        if any(charset is not None and charset_of(charset) is None for _, charset in words):
            return text
        return str(make_header(words))
    except (*_HEADER_ERRORS, LimitExceeded):
        return text


def _file_name(headers: Message) -> str | None:
    if any(str(value).count(";") > _PARAMETERS for value in headers.values()):
        return None
    try:
        found = headers.get_param("filename", None, "content-disposition") or headers.get_param("name")
        if isinstance(found, tuple) and charset_of(found[0] or "us-ascii") is None:
            found = found[2]
        return _words(collapse_rfc2231_value(found)).strip() or None if found else None
    except _HEADER_ERRORS:
        return None
