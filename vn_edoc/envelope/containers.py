"""Files that hold a packet and its attachments apart: MIME multipart messages and the ZIP of the dialect of 2010.

A container is taken apart, its message is read as any other, and what stands beside it becomes the attachment file or
attachments. The message is not the file that was given: it is shown, and never verified.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from zipfile import ZipInfo

import pybase64
from lxml import etree

from vn_edoc.envelope import multipart, wrapper
from vn_edoc.envelope.collecting import RawAttachment, bare_id
from vn_edoc.envelope.multipart import Enclosure
from vn_edoc.envelope.plain import MailRun, PlainRun
from vn_edoc.envelope.structure import locate
from vn_edoc.envelope.unwrapping import DAMAGES
from vn_edoc.errors import LimitExceeded
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import Limits
from vn_edoc.xml.base64run import Base64Reader, Base64Run
from vn_edoc.xml.parse import local_name, namespace_of, parse
from vn_edoc.xml.ranges import cut
from vn_edoc.xml.source import ByteSource, Spool, Window

__all__ = ["Container", "Includes", "Refused", "open_container"]

_XOP = "http://www.w3.org/2004/08/xop/include"
_HEAD = 65536
_NO_ENTRIES = b"PK\x05\x06"
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_PROLOG = re.compile(rb"(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_MESSAGES = frozenset({b"edxml", b"edxmlenvelope", b"envelope", b"report", b"sendmessageresult"})
_ATTACHMENT_FILES = frozenset({b"edxmldocument", b"document", b"alldocument"})
_COMMON = _ATTACHMENT_FILES - {b"edxmldocument"}
"""Names that other documents have for their root, too."""
_CANDIDATES = 16
"""Parts that are parsed to see which of them is the packet."""

_FORMS = {
    "multipart": (
        (
            "Tệp là bản tin MIME nhiều phần ({n} phần): gói tin đọc ở phần gốc, tệp đính kèm ở các phần khác. Gói tin "
            "chỉ để xem, không kiểm tra được chữ ký của nó."
        ),
        (
            "The file is a MIME multipart message (parts: {n}): the packet was read from its root part, attachments "
            "from the others. It is shown; its own signatures are not verified."
        ),
    ),
    "zip": (
        "Tệp là ZIP gồm gói tin và những gì kèm theo ({n} tệp). Gói tin chỉ để xem; hãy giải nén để kiểm tra chữ ký.",
        (
            "The file is a ZIP of a packet and what belongs to it (files: {n}). It is shown; unpack it to have "
            "signatures verified."
        ),
    ),
}


class Refused(Exception):
    """A container in which no packet can be found: the reader raises an error of the library for it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message_en)
        self.finding = finding


class Includes:
    """Parts to which ``xop:Include`` elements point (XOP 1.0, MTOM)."""

    def __init__(self, parts: Sequence[Enclosure]) -> None:
        self._parts = {i: p for p in reversed(parts) if (i := bare_id(p.content_id)) is not None}
        self.used: set[int] = set()
        """``id`` of the parts that an element has taken."""

    def find(self, element: etree._Element) -> tuple[Base64Run | None, str | None] | None:
        """The content that the only child of an element points to, and its damage; ``None`` for other children."""
        inner = element[0] if len(element) == 1 else None
        if inner is None or local_name(inner.tag) != "Include" or namespace_of(inner.tag) != _XOP:
            return None
        if (element.text or "").strip() or (inner.tail or "").strip():
            return None
        wanted = bare_id(unquote(str(inner.get("href", ""))))
        part = self._parts.get(wanted) if wanted is not None else None
        if part is None:
            return None, "part_missing"
        self.used.add(id(part))
        return part.run, part.damage


@dataclass(slots=True)
class Container:
    """A container taken apart."""

    form: str
    """``multipart`` or ``zip``."""
    source: ByteSource
    """The file that was given; closing it gives back what was decoded as well."""
    message: ByteSource
    """The packet in it."""
    second: ByteSource | None
    """The attachment file in it."""
    parts: tuple[Enclosure, ...]
    """What else is in it: attachments."""
    count: int
    """Parts or entries that are files."""
    notes: tuple[Finding, ...] = ()
    """What was wrong with the container itself."""
    includes: Includes = field(default_factory=lambda: Includes(()))
    """Parts that elements of the message may point to."""

    def finding(self, dialect: str) -> Finding:
        """What form it has. SOAP packets travel so by design; for others it is an error."""
        severity = Severity.INFO if dialect.startswith("soap") else Severity.ERROR
        vi, en = _FORMS[self.form]
        return Finding(
            f"envelope.{self.form}",
            severity,
            Location(),
            vi.replace("{n}", str(self.count)),
            en.replace("{n}", str(self.count)),
            data={"parts": self.count},
        )

    def beside(self) -> list[RawAttachment]:
        """The attachments that stand beside the message: what no element of it has taken."""
        return [
            RawAttachment(
                name=part.name,
                content_id=bare_id(part.content_id),
                media_type=part.media_type,
                description=part.description,
                run=part.run,
                damage=part.damage,
                declared_size=None,
                extensions=(),
                loose=True,
            )
            for part in self.parts
            if id(part) not in self.includes.used
        ]


class _Held(ByteSource):
    """A source, and what has to be closed with it."""

    def __init__(self, source: ByteSource, held: Sequence[ByteSource]) -> None:
        self.name = source.name
        self.size = source.size
        self._source = source
        self._held = held

    def at(self, offset: int, length: int) -> bytes:
        return self._source.at(offset, length)

    def steady(self) -> bool:
        return self._source.steady()

    def close(self) -> None:
        self._source.close()
        for source in self._held:
            source.close()


def open_container(source: ByteSource, limits: Limits, deadline: float) -> Container | None:
    """Take a container apart; ``None`` for what is none. Raises :class:`Refused` for a ZIP without a packet."""
    head = source.at(0, 64)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    if wrapper.is_zip(head) or head.startswith(_NO_ENTRIES):
        return _zip(source, limits, deadline)
    found = multipart.split(source, limits, deadline)
    return None if found is None else _mail(source, found, limits, deadline)


def _root(part: Enclosure) -> bytes | None:
    """The lower-case local name of the first element of a part; ``None`` where it does not begin with markup."""
    run = part.run
    if run is None:
        return None
    raw = run.source.at(run.start, min(_HEAD, run.end - run.start))
    if isinstance(run, MailRun):
        text = raw.translate(None, b" \t\r\n")
        try:
            raw = pybase64.b64decode(text[: len(text) // 4 * 4])
        except ValueError:
            return None
    raw = raw.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    if not raw.startswith(b"<"):
        return None
    found = _ROOT.search(raw, _PROLOG.match(raw).end())  # type: ignore[union-attr]
    return None if found is None else found[1].lower()


def _octets(part: Enclosure, held: list[ByteSource], damages: list[str], deadline: float) -> ByteSource:
    """The content of a part as a source of its own, up to its damage if there is one."""
    run = part.run
    assert run is not None
    if isinstance(run, PlainRun):
        return Window(run.source, run.start, run.end)
    spool = Spool()
    held.append(spool)
    checked = run.check(spool.append, deadline=deadline)
    if checked.damage is not None:
        damages.append(checked.damage)
    return spool


def _kind(part: Enclosure, limits: Limits, deadline: float) -> str | None:
    """The kind of packet that a part is; ``None`` for what is none, whatever the name of its root."""
    held: list[ByteSource] = []
    try:
        data = cut(_octets(part, held, [], deadline), limits).data
        root = parse(data, limits).root
        root = parse(data, limits, repair=True).root if root is None else root
    except LimitExceeded:
        return None
    finally:
        for spool in held:
            spool.close()
    found = None if root is None else locate(root)
    return None if found is None else found.kind


def _messages(
    parts: Sequence[Enclosure], roots: Mapping[int, bytes | None], limits: Limits, deadline: float
) -> list[int]:
    """The numbers of the parts that are packets. An attachment may be XML with a root of the same name."""
    found = [n for n, root in roots.items() if root in _MESSAGES]
    if 1 < len(found) <= _CANDIDATES:
        found = [n for n in found if _kind(parts[n], limits, deadline) is not None] or found
    if not found and len(roots) == 1 and roots[0] in _ATTACHMENT_FILES:
        return [0]
    return found


def _attachment_file(
    parts: Sequence[Enclosure], roots: Mapping[int, bytes | None], message: int, limits: Limits, deadline: float
) -> int | None:
    """The number of the attachment file that goes with a SOAP message."""
    if roots[message] != b"envelope":
        return None
    files = [n for n, root in roots.items() if root in _ATTACHMENT_FILES and n != message]
    if len(files) <= _CANDIDATES:
        files = [n for n in files if roots[n] not in _COMMON or _kind(parts[n], limits, deadline) == "attachments"]
    return files[0] if len(files) == 1 else None


def _mail(source: ByteSource, found: multipart.Multipart, limits: Limits, deadline: float) -> Container | None:
    roots = {number: _root(part) for number, part in enumerate(found.parts)}
    messages = _messages(found.parts, roots, limits, deadline)
    start = bare_id(found.start)
    first = [n for n in messages if start is not None and bare_id(found.parts[n].content_id) == start]
    if not messages:
        for spool in found.held:
            spool.close()
        return None
    message = (first or messages)[0]
    second = _attachment_file(found.parts, roots, message, limits, deadline)
    held = list(found.held)
    damages: list[str] = []
    opened = Container(
        form="multipart",
        source=_Held(source, held),
        message=_octets(found.parts[message], held, damages, deadline),
        second=None if second is None else _octets(found.parts[second], held, damages, deadline),
        parts=tuple(p for n, p in enumerate(found.parts) if n not in (message, second) and not p.inline),
        count=len(found.parts),
        notes=tuple(_mail_notes(found, limits, several=len(first or messages) > 1, damages=damages)),
    )
    opened.includes = Includes(opened.parts)
    return opened


def _mail_notes(
    found: multipart.Multipart, limits: Limits, *, several: bool, damages: Sequence[str]
) -> Iterator[Finding]:
    for damage in damages:
        vi, en = DAMAGES[damage]
        yield _error(
            "envelope.multipart_damaged",
            f"Phần MIME chứa gói tin bị hỏng: {vi}; chỉ đọc phần trước chỗ hỏng.",
            f"The MIME part of the packet is damaged: {en}; what stands before the damage was read.",
            damage=damage,
        )
    if several or found.doubled:
        yield _error(
            "envelope.multipart_ambiguous",
            "Bản tin MIME có nhiều gói tin mà không chỉ rõ phần gốc, hoặc có phần mang một trường tiêu đề hai lần; "
            "phần mềm khác có thể đọc ra nội dung khác.",
            "The MIME message holds several packets and does not say which is its root, or a part has a header twice: "
            "another reader may find another content in it.",
        )
    if found.more:
        yield _error(
            "xml.limit",
            f"Bản tin MIME có hơn {limits.attachments} phần; phần còn lại không đọc.",
            f"The MIME message has more than {limits.attachments} parts; the rest is not read.",
            bound="attachments",
        )
    elif not found.closed:
        yield _error(
            "envelope.multipart_cut",
            "Bản tin MIME không có dấu kết thúc: có thể đã bị cắt cụt.",
            "The MIME message does not end with its closing boundary: it may have been cut short.",
        )


def _error(rule: str, vi: str, en: str, **data: object) -> Finding:
    return Finding(rule, Severity.ERROR, Location(), vi, en, data=data)


def _zip(source: ByteSource, limits: Limits, deadline: float) -> Container:
    file = io.BufferedReader(Base64Reader(PlainRun(source, 0, source.size)), 65536)
    archive = wrapper.look(file, source.size, limits)
    if archive.problem is not None or not archive.files:
        raise _refused(DAMAGES[archive.problem or "empty_zip"])
    spool = Spool()
    spans: dict[int, tuple[int, int]] = {}
    """Where what came out of an entry stands, by its place in the list."""
    numbers = {id(entry): number for number, entry in enumerate(archive.files)}

    def take(entry: ZipInfo, piece: bytes) -> None:
        number = numbers[id(entry)]
        begin = spans.get(number, (spool.size, 0))[0]
        spool.append(piece)
        spans[number] = begin, spool.size

    damages = wrapper.unpack_all(file, archive.files, limits, take, deadline)
    parts = []
    for number, (entry, damage) in enumerate(zip(archive.files, damages, strict=True)):
        begin, end = spans.get(number, (0, 0))
        run = None if damage is not None else PlainRun(spool, begin, end)
        name = entry.filename.rpartition("/")[2] or entry.filename
        parts.append(Enclosure(name, None, None, None, run, damage))
    roots = {number: _root(part) for number, part in enumerate(parts)}
    messages = _messages(parts, roots, limits, deadline)
    if len(messages) != 1:
        spool.close()
        raise _no_single_packet(parts, len(messages))
    message = messages[0]
    second = _attachment_file(parts, roots, message, limits, deadline)
    return Container(
        form="zip",
        source=_Held(source, [spool]),
        message=_octets(parts[message], [], [], deadline),
        second=None if second is None else _octets(parts[second], [], [], deadline),
        parts=tuple(p for n, p in enumerate(parts) if n not in (message, second)),
        count=len(parts),
        notes=() if archive.plain and len({e.filename for e in archive.files}) == len(parts) else (_ambiguous(),),
    )


def _no_single_packet(parts: Sequence[Enclosure], found: int) -> Refused:
    damaged = next((p for p in parts if p.damage is not None), None)
    if found:
        return _refused(
            (
                f"trong ZIP có {found} gói tin; hãy giải nén và đọc từng gói",
                f"it holds {found} packets; unpack it and read each",
            )
        )
    if damaged is not None:
        return _refused(DAMAGES[damaged.damage or "zip"])
    return _refused(
        (
            f"trong ZIP ({len(parts)} tệp) không có gói tin edXML",
            f"there is no edXML packet among its {len(parts)} files",
        )
    )


def _refused(words: tuple[str, str]) -> Refused:
    vi, en = words
    return Refused(_error("envelope.zip", f"Tệp là ZIP, không đọc được gói tin: {vi}.", f"The file is a ZIP: {en}."))


def _ambiguous() -> Finding:
    return Finding(
        "envelope.zip_ambiguous",
        Severity.WARNING,
        Location(),
        "Tệp ZIP không liền mạch, hai mục lục mâu thuẫn hoặc hai tệp trùng tên; phần mềm khác có thể mở ra nội dung "
        "khác.",
        "The ZIP has gaps, its two directories disagree, or two files have one name: another reader may find another "
        "content in it.",
    )
