"""From any dialect that is read to one that is written, saying what could not be carried."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.collecting import CONTENT_NAMES
from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.outgoing import AttachmentSource
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.structure import Structure, children, locate
from vn_edoc.envelope.writer import Target, WriteResult, write
from vn_edoc.errors import UsageError
from vn_edoc.findings import Finding, Severity
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.xml.parse import local_name, lower_name, namespace_of

__all__ = ["convert", "losses"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def convert(
    packet: Packet, target: Target | tuple[Target, Target], dialect: str = "vxp", style: str = "java"
) -> WriteResult:
    """Write what was read in another dialect: a new draft, unsigned.

    The result's findings tell what deviates in the message and, under ``envelope.lost``, what could not be carried.
    Raises :class:`~vn_edoc.errors.UsageError` for what no written dialect has: error reports, lone attachment files.
    """
    if not isinstance(packet.message, DocumentMessage | StatusMessage):
        raise UsageError(
            f"a packet of kind {packet.kind} cannot be converted",
            f"không chuyển đổi được gói tin loại {packet.kind}",
            field="packet",
            value=packet.kind,
        )
    lost = losses(packet)
    files = [] if isinstance(packet.message, StatusMessage) else _sources(packet)
    result = write(packet.message, target, files, dialect, style, strict=False)
    return replace(result, findings=(*lost, *result.findings))


def _sources(packet: Packet) -> list[Attachment | AttachmentSource]:
    """The files that are carried over; one whose content id is taken already gets another."""
    taken: set[str] = set()
    sources: list[Attachment | AttachmentSource] = []
    for one in packet.attachments:
        if one.damaged:
            continue
        doubled = one.content_id is not None and one.content_id in taken
        sources.append(AttachmentSource(one.open, one.name or one.safe_name, one.description) if doubled else one)
        taken.add(one.content_id or "")
    return sources


def losses(packet: Packet) -> tuple[Finding, ...]:
    """What a conversion of this packet drops."""
    notes = Notes(DEFAULT_LIMITS)

    def lost(path: str, vi: str, en: str, severity: Severity = Severity.WARNING) -> None:
        notes.add("envelope.lost", severity, path, vi, en)

    if packet.signature_state != "absent":
        lost(
            "edXMLHeader/Signature",
            "Chữ ký trong phần đầu gói tin không được chuyển sang.",
            "The signature in the header is not carried over.",
        )
    for attachment in packet.attachments:
        if attachment.damaged or packet.kind == "status":
            lost(
                f"Attachment[{attachment.index}]",
                f"Tệp đính kèm {attachment.safe_name!r} hỏng hoặc không có chỗ, không được chuyển sang.",
                f"The attachment {attachment.safe_name!r} is damaged or has no place, it is not carried over.",
                Severity.ERROR,
            )
    ids = [a.content_id for a in packet.attachments if a.content_id is not None and not a.damaged]
    if packet.kind == "document" and len(set(ids)) < len(ids):
        lost(
            "Attachment/ContentId",
            "Mã nội dung (ContentId) dùng chung cho nhiều tệp được thay bằng mã mới.",
            "A ContentId that several files share is replaced by new ones.",
        )
    for reference in packet.missing:
        lost(
            f"Manifest/Reference[{reference.index}]",
            "Mục trong danh mục không có tệp, không được chuyển sang.",
            "An entry of the manifest without a file is not carried over.",
        )
    for parts in filter(None, (packet.parts, packet.attachment_parts)):
        _files(locate(parts.root), notes)
    _header(packet, notes)
    return notes.findings()


_CARRIED = CONTENT_NAMES | {"contentid", "attachmentname", "name", "description", "contenttype", "attachmenttype"}
_IMPLIED = frozenset({"attachmentsize", "contenttransferencoding"})


def _files(found: Structure | None, notes: Notes) -> None:
    """Elements of attachments and of the manifest for which a written packet has no place."""
    if found is None:
        return
    for item in (*found.attachments, *(() if found.manifest is None else children(found.manifest, "reference"))):
        for element in item:
            name = lower_name(element.tag)
            if name and name not in _CARRIED and name not in _IMPLIED:
                notes.group(
                    "envelope.lost",
                    Severity.WARNING,
                    _path(element),
                    "Có {n} phần tử riêng của tệp đính kèm hoặc danh mục không được chuyển sang.",
                    "Elements of attachments or of the manifest that are not carried over: {n}.",
                    group="elements",
                )


def _header(packet: Packet, notes: Notes) -> None:
    """Comments, and attributes of single values: the models have no place for them."""
    for element in packet.parts.root.iter():
        name = lower_name(element.tag)
        if name in ("signature", "attachmentencoded", "edxmlattachments", "edxmlmanifest", "manifest"):
            continue
        if not name:
            notes.group(
                "envelope.lost",
                Severity.INFO,
                _path(element),
                "{n} chú thích hoặc chỉ thị xử lý không được chuyển sang.",
                "Comments and instructions that are not carried over: {n}.",
            )
        elif (
            len(element) == 0
            and any(lower_name(k) != "id" and namespace_of(k) != _XSI for k in element.attrib)
            and not _inside(element, "signature", "attachment", "reference", "errorlist")
        ):
            notes.group(
                "envelope.lost",
                Severity.WARNING,
                _path(element),
                "Thuộc tính của {n} phần tử không được chuyển sang.",
                "Elements whose attributes are not carried over: {n}.",
            )


def _inside(element: etree._Element, *names: str) -> bool:
    return lower_name(element.tag) in names or any(lower_name(a.tag) in names for a in element.iterancestors())


def _path(element: etree._Element) -> str:
    names = [local_name(a.tag) for a in element.iterancestors()][:3]
    return "/".join([*reversed(names), local_name(element.tag) or "comment()"])
