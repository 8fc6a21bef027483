"""What the commands about packets share: their arguments, and how a packet is shown."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING, Any, BinaryIO

from vn_edoc.cli.output import say
from vn_edoc.envelope import read
from vn_edoc.envelope.codes import BusinessType
from vn_edoc.envelope.names import second_path
from vn_edoc.envelope.unwrapping import DAMAGES
from vn_edoc.errors import UsageError
from vn_edoc.findings import Finding, Severity

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from vn_edoc.envelope import Attachment, Packet, WriteResult
    from vn_edoc.envelope.elements import Values

__all__ = [
    "attachment_object",
    "keep_apart",
    "open_packet",
    "packet_object",
    "result_object",
    "say_findings",
    "say_packet",
    "say_written",
    "target_of",
]


def open_packet(packet: Path, attachments: Path | None = None, *, mode: str = "tolerant") -> Packet:
    """Read the packet that a command was given; ``-`` is the standard input."""
    if str(packet) == "-":
        return read(sys.stdin.buffer, mode, attachments=attachments)
    return read(packet, mode, attachments=attachments)


def target_of(output: Path, *, as_json: bool) -> Path | BinaryIO:
    """Where a packet is written to; ``-`` is the standard output, which then carries nothing else."""
    if str(output) != "-":
        return output
    if as_json:
        raise UsageError(
            "--json and the packet cannot both go to the standard output",
            "không thể vừa in JSON vừa ghi gói tin ra đầu ra chuẩn",
            field="--output",
            value="-",
        )
    return sys.stdout.buffer


def keep_apart(output: Path, *sources: object) -> None:
    """Refuse to write over what is read: a packet that was received is evidence, a description is somebody's work."""
    targets = [output, second_path(output)] if output.name not in ("", "-") else []
    for source, target in product(sources, targets):
        if isinstance(source, str | os.PathLike) and _same_file(source, target):
            raise UsageError(
                f"{target} is what is read; give another --output",
                f"{target} chính là tệp đang đọc; hãy chọn --output khác",
                field="--output",
                value=str(output),
            )


def _same_file(one: str | os.PathLike[str], other: Path) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - a Path would have to be imported for it
    except (OSError, ValueError):
        return False


def say_written(output: Path, result: WriteResult, note: str = "") -> None:
    """Tell what was written, unless the standard output carries it."""
    if str(output) == "-":
        return
    say(f"{output}  {note}{result.size} byte  sha256 {result.sha256}")
    if result.second is not None:
        path = second_path(output)
        say(f"{path}  {result.second.size} byte  sha256 {result.second.sha256}")


def result_object(result: WriteResult) -> dict[str, Any]:
    """What JSON tells of a packet that was written."""
    about = {"sha256": result.sha256, "size": result.size, "findings": [f.to_dict() for f in result.findings]}
    return about if result.second is None else {**about, "second": result_object(result.second)}


def attachment_object(attachment: Attachment) -> dict[str, Any]:
    """What JSON tells of an attachment."""
    return {
        "name": attachment.name,
        "safe_name": attachment.safe_name,
        "media_type": attachment.media_type,
        "declared_media_type": attachment.declared_media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "wrapped": attachment.wrapped,
        "damage": attachment.damage,
    }


def packet_object(packet: Packet) -> dict[str, Any]:
    """What JSON tells of a packet."""
    return {
        "kind": packet.kind,
        "dialect": packet.dialect,
        "producer": packet.producer,
        "size": packet.size,
        "sha256": packet.sha256,
        "exact": packet.exact,
        "signature": packet.signature_state,
        "message": None if packet.values is None else packet.values.to_dict(),
        "attachments": [attachment_object(a) for a in packet.attachments],
        "missing": [r.name or r.content_id for r in packet.missing],
        "findings": [f.to_dict() for f in packet.findings],
    }


_KINDS = {
    "document": ("gói tin văn bản", "document packet"),
    "status": ("gói tin trạng thái", "status packet"),
    "attachments": ("tệp đính kèm", "attachment file"),
    "error_report": ("báo lỗi", "error report"),
}
_SEVERITIES = {Severity.FATAL: "!!", Severity.ERROR: "!", Severity.WARNING: "?", Severity.INFO: "-"}


def say_packet(packet: Packet, lang: str) -> None:
    """Show a packet on a terminal."""
    english = lang == "en"
    kind = _KINDS[packet.kind][english]
    producer = f", {packet.producer}" if packet.producer else ""
    say(f"{kind[:1].upper()}{kind[1:]} · {packet.dialect}{producer} · {packet.size} byte")
    _rows(_message_rows(packet, english))
    for attachment in packet.attachments:
        if attachment.damage is not None:
            told = DAMAGES[attachment.damage][english]
        else:
            told = f"{attachment.media_type}, {attachment.size} byte, sha256 {attachment.sha256}"
        say(f"  {'Attachment' if english else 'Đính kèm'} {attachment.index}: {attachment.safe_name} ({told})")
    say_findings(packet.findings, lang)


def say_findings(findings: Iterable[Finding], lang: str, *, err: bool = False) -> None:
    """One line for each finding, the gravest first."""
    for finding in findings:
        where = f"{finding.where}: " if str(finding.where) else ""
        basis = "; ".join(b.cite(lang) for b in finding.basis)
        tail = f" [{basis}]" if basis else ""
        say(f"{_SEVERITIES[finding.severity]:>2} {finding.rule} {where}{finding.message(lang)}{tail}", err=err)


def _rows(rows: Iterable[tuple[str, object]]) -> None:
    shown = [(unicodedata.normalize("NFC", title), value) for title, value in rows if value not in (None, "")]
    width = max((len(title) for title, _ in shown), default=0)
    for title, value in shown:
        say(f"  {title:<{width}}  {str(value).replace(chr(10), ' ')}")


def _message_rows(packet: Packet, english: bool) -> list[tuple[str, object]]:
    message = packet.values
    if message is None:
        return []
    if packet.kind == "document":
        return _document_rows(message, english)
    if packet.kind == "status":
        return _status_rows(message, english)
    return [(f"{e.code}", e.description) for e in message.errors]


def _organ(part: Any) -> str | None:
    return None if part is None else f"{part.organ_id or '?'}  {part.organ_name or ''}".rstrip()


_TITLES_VI = (
    "Bên gửi",
    "Bên nhận",
    "Mã định danh",
    "Số, ký hiệu",
    "Ngày",
    "Loại",
    "Trích yếu",
    "Người ký",
    "Độ khẩn",
    "Hạn",
    "Nghiệp vụ",
)
_TITLES_EN = (
    "Sender",
    "Receiver",
    "Document id",
    "Number",
    "Date",
    "Type",
    "Subject",
    "Signer",
    "Urgency",
    "Due",
    "Business",
)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%d/%m/%Y %H:%M:%S}"


def _document_rows(message: Values, english: bool) -> list[tuple[str, object]]:
    titles = _TITLES_EN if english else _TITLES_VI
    info, signer = message.promulgation_info, message.signer_info
    other, kind = message.other_info, message.document_type
    priority = other.priority if other is not None else None
    said = message.trace.business if message.trace is not None else None
    business = BusinessType.NEW if said is None or said.doc_type is None else said.doc_type
    code = message.code
    values: list[object] = [
        message.document_id,
        None if code is None else f"{code.code_number or ''}/{code.code_notation or ''}",
        info.promulgation_date.strftime("%d/%m/%Y") if info is not None and info.promulgation_date else None,
        kind.type_name if kind is not None else None,
        message.subject,
        " ".join(filter(None, (signer.competence, signer.position, signer.full_name))) if signer is not None else None,
        None if priority is None else (priority.label_en if english else priority.label_vi),
        message.due_date.strftime("%d/%m/%Y") if message.due_date is not None else None,
        business.label_en if english else business.label_vi,
    ]
    receivers = [(titles[1], _organ(r)) for r in message.receivers]
    return [(titles[0], _organ(message.sender)), *receivers, *zip(titles[2:], values, strict=True)]


def _status_rows(message: Values, english: bool) -> list[tuple[str, object]]:
    code, answered = message.status_code, message.response_for
    label = None if code is None else f"{code.value} {code.label_en if english else code.label_vi}"
    return [
        ("Sender" if english else "Bên phản hồi", _organ(message.sender)),
        ("Status" if english else "Trạng thái", label),
        ("For" if english else "Gửi tới", answered.organ_id if answered is not None else None),
        ("Number" if english else "Số, ký hiệu", answered.code if answered is not None else None),
        ("Document id" if english else "Mã định danh", answered.document_id if answered is not None else None),
        ("Description" if english else "Diễn giải", message.description),
        ("Time" if english else "Thời điểm", _moment(message.timestamp)),
    ]
