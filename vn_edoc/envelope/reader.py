"""Reading a packet: one parser, facts gathered once, deviations as findings."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from vn_edoc.envelope.attachments import Attachment, ManifestReference
from vn_edoc.envelope.collecting import Collector, RawAttachment, pair
from vn_edoc.envelope.contents import check_attachment, missing_content
from vn_edoc.envelope.deviations import Deviations
from vn_edoc.envelope.dialects import DIALECTS
from vn_edoc.envelope.dialects.base import ESB, SOAP, Dialect
from vn_edoc.envelope.grouping import Reader
from vn_edoc.envelope.header_signature import signature_state
from vn_edoc.envelope.names import safe_name, unique
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.packet import Packet, Parts
from vn_edoc.envelope.structure import Structure, locate
from vn_edoc.envelope.telling import Telling
from vn_edoc.envelope.unwrapping import Content
from vn_edoc.errors import LimitExceeded, NotConforming, Unreadable, UsageError
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.xml.parse import Parsed, local_name, namespace_of, parse
from vn_edoc.xml.ranges import CutRange, Skeleton, cut
from vn_edoc.xml.source import ByteSource, Source, open_source

if TYPE_CHECKING:
    from vn_edoc.envelope.containers import Container

__all__ = ["read", "read_watched", "signature_state"]

_LEADING = 65536
"""Bytes in which a declaration behind stray bytes is looked for."""
_KEPT = 2 * 1024 * 1024
"""Bytes of decoded content that a packet keeps, so that small files are decoded and hashed once."""


def read(
    source: Source, mode: str = "tolerant", limits: Limits | None = None, attachments: Source | None = None
) -> Packet:
    """Read a packet from a path, bytes or a binary file.

    ``attachments`` is the second file of the SOAP dialects. ``mode`` is ``tolerant`` or ``strict``: strict raises
    :class:`~vn_edoc.errors.NotConforming` when there is a finding of severity error. The result holds its source open:
    use it in a ``with`` statement, or close it.

    Raises :class:`~vn_edoc.errors.Unreadable` with findings when no root element of a known dialect can be found, and
    :class:`~vn_edoc.errors.SourceError` when the source cannot be opened.
    """
    return read_watched(source, mode, limits, attachments, None)


def read_watched(
    source: Source,
    mode: str = "tolerant",
    limits: Limits | None = None,
    attachments: Source | None = None,
    watch: Callable[[Parts, Structure], bool] | None = None,
) -> Packet:
    """:func:`read`; ``watch`` is called when the packet has been parsed, before its contents are decoded, and says
    whether they are to be hashed on the way: otherwise that is done for each when its digest is asked for."""
    if mode not in ("tolerant", "strict"):
        raise UsageError(
            f"mode is 'tolerant' or 'strict', not {mode!r}",
            f"mode là 'tolerant' hoặc 'strict', không phải {mode!r}",
            field="mode",
            value=mode,
        )
    bounds = DEFAULT_LIMITS if limits is None else limits
    first = _open(source, bounds)
    second: ByteSource | None = None
    reading = _Reading(bounds, watch)
    try:
        if attachments is not None:
            second = _open(attachments, bounds)
        packet = reading.packet(first, second)
        if mode == "strict":
            wrong = [f for f in packet.findings if f.severity.rank >= Severity.ERROR.rank]
            if wrong:
                raise NotConforming(
                    f"the packet does not conform: {wrong[0].message_en}",
                    f"gói tin không hợp chuẩn: {wrong[0].message_vi}",
                    findings=packet.findings,
                )
    except BaseException:
        if reading.opened is not None:
            reading.opened.source.close()
        first.close()
        if second is not None:
            second.close()
        raise
    return packet


def _open(source: Source, limits: Limits) -> ByteSource:
    try:
        return open_source(source, limits)
    except LimitExceeded as error:
        raise _unreadable(_limit(error)) from error


def _limit(error: LimitExceeded) -> Finding:
    return Finding(
        "xml.limit",
        Severity.ERROR,
        Location(),
        f"Vượt giới hạn: {error.message_vi}.",
        f"A bound is passed: {error.message_en}.",
        data={"bound": error.field},
    )


def _unreadable(*findings: Finding) -> Unreadable:
    last = findings[-1]
    return Unreadable(
        f"no packet can be read: {last.message_en}",
        f"không đọc được gói tin: {last.message_vi}",
        findings=findings,
    )


def _contents_alone(skeleton: Skeleton, raws: list[RawAttachment], found: Structure) -> bool:
    """Whether all that was taken out of the skeleton is content of attachments, whose elements are read for nothing
    else."""
    if not skeleton.ranges:
        return True
    runs = {id(raw.run) for raw in raws}
    if not all(isinstance(r, CutRange) and id(r.run) in runs for r in skeleton.ranges.values()):
        return False
    read = {found.message, found.trace, found.errors, *(element for _, element in found.unknown)}
    return not any(holder in read for item in found.attachments for holder in (item, *item.iterancestors()))


class _Reading:
    def __init__(self, limits: Limits, watch: Callable[[Parts, Structure], bool] | None) -> None:
        self.limits = limits
        self.watch = watch
        self.hashed = True
        self.opened: Container | None = None
        """The container that the packet came in."""
        self.notes = Notes(limits)
        self.deadline = time.monotonic() + limits.seconds
        self.today = datetime.now(VIETNAM).date()

    def packet(self, source: ByteSource, second: ByteSource | None) -> Packet:
        container = self.opened = None if source.at(0, 1) == b"<" else self.container(source)
        if container is None:
            parts, found = self.parsed(source)
        else:
            source = container.source
            parts, found = self.contained(container)
            if second is None:
                second = container.second
            elif container.second is not None:
                self.notes.add(
                    "envelope.second_file",
                    Severity.ERROR,
                    None,
                    "Gói tin đã có tệp đính kèm riêng đi cùng; đã đọc tệp thứ hai được đưa vào, không đọc tệp đó.",
                    "The packet came with an attachment file of its own; the second file that was given was read, and "
                    "not that one.",
                )
        if self.watch is not None:
            self.hashed = self.watch(parts, found)
        attachment_parts: Parts | None = None
        dialect = self.dialect(found)
        before, after = self.notes, Notes(self.limits)
        reader = Reader(dialect, parts.skeleton, before)
        first = Collector(found, reader, self.limits, None if container is None else container.includes)
        raws = own = first.attachments()
        if second is not None:
            attachment_parts, apart = self.second(second)
            raws = [*own, *apart]
        if container is not None:
            raws = [*raws, *container.beside()]
        state = signature_state(found)
        telling = Telling(found, dialect, parts.skeleton, before, after, state, self.today)
        if not _contents_alone(parts.skeleton, own, found):
            # Values that stand in the source are taken while it is open.
            telling.take(reader)
        self.notes = after
        reader.tell(after)
        manifest = first.manifest()
        # A container holds all that belongs to its packet.
        alone = second is None and container is None
        separate = alone and dialect.separate_attachments and not raws and bool(manifest)
        attachments, missing = self.attachments(raws, manifest, first, separate=separate)
        return Packet(
            kind=found.kind,
            dialect=found.dialect,
            attachments=attachments,
            manifest=manifest,
            missing=missing,
            signature_state=state,
            structure=found,
            parts=parts,
            source=source,
            telling=telling,
            attachment_parts=attachment_parts,
            attachment_source=second,
        )

    def second(self, source: ByteSource) -> tuple[Parts | None, list[RawAttachment]]:
        """The second file of a SOAP packet; the packet is read whatever was given for it."""
        try:
            parts, found = self.parsed(source)
        except Unreadable as error:
            told = error.findings[-1]
            self.notes.add(
                "envelope.second_file",
                Severity.ERROR,
                None,
                f"Không đọc được tệp thứ hai: {told.message_vi}",
                f"The second file cannot be read: {told.message_en}",
                found=told.rule,
            )
            return None, []
        if found.kind != "attachments":
            self.notes.add(
                "envelope.second_file",
                Severity.ERROR,
                None,
                "Tệp thứ hai không phải tệp đính kèm của phương ngữ SOAP.",
                "The second file is no attachment file of a SOAP dialect.",
                kind=found.kind,
            )
        reader = Reader(self.dialect(found), parts.skeleton, self.notes)
        return parts, Collector(found, reader, self.limits).attachments()

    def container(self, source: ByteSource) -> Container | None:
        from vn_edoc.envelope.containers import Refused, open_container  # of mail, which packets rarely are

        try:
            return open_container(source, self.limits, self.deadline)
        except Refused as refused:
            raise _unreadable(refused.finding) from refused
        except LimitExceeded as error:
            raise _unreadable(_limit(error)) from error

    def contained(self, container: Container) -> tuple[Parts, Structure]:
        """The packet in a container: for all that it says, it is not the file that was given."""
        try:
            parts, found = self.parsed(container.message)
        except Unreadable as error:
            raise _unreadable(*error.findings, *container.notes) from error
        self.notes.extend((*container.notes, container.finding(found.dialect)))
        return parts._replace(exact=False), found

    def parsed(self, source: ByteSource) -> tuple[Parts, Structure]:
        try:
            skeleton = cut(source, self.limits)
        except LimitExceeded as error:
            raise _unreadable(_limit(error)) from error
        parsed = parse(skeleton.data, self.limits)
        if parsed.root is None:
            parsed = parse(skeleton.data, self.limits, repair=True)
        found = None if parsed.root is None else locate(parsed.root)
        if found is None:
            parsed, found = self.later(skeleton, parsed)
        if parsed.root is None or found is None:
            from vn_edoc.envelope.strangers import HEAD, strange  # what a file is that is no packet

            raise _unreadable(*parsed.findings, *strange(source.at(0, HEAD), parsed.root))
        self.notes.extend(parsed.findings)
        return Parts(skeleton, parsed.root, parsed.exact), found

    def later(self, skeleton: Skeleton, first: Parsed) -> tuple[Parsed, Structure | None]:
        """A packet that begins at a later XML declaration, behind bytes that hold angle brackets themselves."""
        start = skeleton.data.find(b"<?xml ", 1, _LEADING)
        if start < 0 or any(f.rule == "xml.doctype" for f in first.findings):
            return first, None
        parsed = parse(skeleton.data[start:], self.limits, repair=True)
        found = None if parsed.root is None else locate(parsed.root)
        if found is None:
            return first, None
        cut_off = Finding(
            "xml.leading_bytes",
            Severity.ERROR,
            Location(byte_range=(0, start)),
            f"Có {start} byte lạ trước khai báo XML; đã bỏ qua để đọc.",
            f"{start} stray bytes stand before the XML declaration; they were cut for reading.",
        )
        return parsed._replace(exact=False, findings=(cut_off, *parsed.findings)), found

    def dialect(self, found: Structure) -> Dialect:
        """The dialect's declaration, with the namespace that the message really has where it is another one."""
        declared = DIALECTS.get(found.dialect) or DIALECTS["vxp"]
        if found.kind == "error_report" and declared.name == "bkav":
            declared = replace(declared, namespace=ESB)
        speaks = found.message if found.message is not None else found.errors
        space = namespace_of(speaks.tag) if speaks is not None else declared.namespace
        if space in ("", declared.namespace, SOAP):
            return declared
        if found.kind != "error_report":
            Deviations(self.notes, declared.namespace).namespace(local_name(found.root.tag), space)
        return replace(declared, namespace=space)

    def attachments(
        self,
        raws: list[RawAttachment],
        manifest: tuple[ManifestReference, ...],
        collector: Collector,
        *,
        separate: bool,
    ) -> tuple[tuple[Attachment, ...], tuple[ManifestReference, ...]]:
        pairs, missing = pair(raws, manifest)
        # A packet of the inline form has no manifest; one without a body has its own finding.
        has_manifest = bool(manifest) or (collector.found.dialect == "vxp" and collector.found.body is not None)
        collector.told_of_ids(raws, pairs)
        taken: dict[str, int] = {}
        room = _KEPT
        attachments = []
        for index, (raw, reference) in enumerate(zip(raws, pairs, strict=True), 1):
            listed = reference.name if reference is not None else None
            known = reference is not None and raw.loose and raw.content_id == reference.content_id is not None
            name = (listed or raw.name) if known else (raw.name or listed)
            content = Content(
                raw.run, name, self.limits, damage=raw.damage, deadline=self.deadline, room=room, hashed=self.hashed
            )
            room = content.room
            attachment = Attachment(
                index=index,
                name=name,
                safe=unique(safe_name(name, f"attachment-{index}"), taken),
                declared_media_type=raw.media_type,
                content_id=raw.content_id,
                description=raw.description,
                reference=reference,
                content=content,
                extensions=raw.extensions,
            )
            attachments.append(attachment)
            check_attachment(attachment, content, raw.declared_size, self.notes, has_manifest=has_manifest)
        carried = Counter(a.content_id for a in attachments if a.content_id) if len(attachments) > 1 else {}
        for shared in sorted(i for i, times in carried.items() if times > 1)[:20]:
            self.notes.add(
                "envelope.duplicate_content_id",
                Severity.ERROR,
                "Attachment",
                "Nhiều tệp đính kèm dùng chung một ContentId: phần mềm khác có thể lấy tệp này thay cho tệp kia.",
                "Several attachments share one ContentId: other software may take one for the other.",
                content_id=shared[:200],
            )
        if separate:
            self.notes.add(
                "envelope.attachments_elsewhere",
                Severity.WARNING,
                "Manifest",
                "Tệp đính kèm nằm trong tệp thứ hai, chưa được cung cấp.",
                "The attachments are in a second file that was not given.",
                count=len(manifest),
            )
        else:
            for reference in missing:
                missing_content(reference, self.notes)
        return tuple(attachments), missing
