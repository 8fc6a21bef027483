"""``vn-edoc status``: answer a document packet with a status packet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from vn_edoc.cli.arguments import attachments_option, output_option, packet_argument, style_option
from vn_edoc.cli.output import json_option, lang_option, print_json
from vn_edoc.cli.packets import keep_apart, open_packet, result_object, say_written, target_of
from vn_edoc.envelope import StaffInfo, StatusCode, StatusMessage, write
from vn_edoc.findings import VIETNAM

__all__ = ["command"]


@click.command(
    "status",
)
@packet_argument
@click.option(
    "--code", required=True, help="Mã trạng thái: " + ", ".join(f"{c.value} {c.label_vi}" for c in StatusCode)
)
@click.option("--sender", metavar="CODE", help="Mã bên nhận đang phản hồi. / Code of the receiver that answers.")
@click.option("--description", help="Diễn giải, lý do (bắt buộc với 02). / Explanation, reason (02 needs one).")
@click.option("--staff", help="Người xử lý. / Who handled it.")
@click.option("--department", help="Đơn vị xử lý. / Department.")
@click.option(
    "--at", metavar="TIME", help="Thời điểm ISO 8601; không múi giờ là giờ Việt Nam. / Time; now if left out."
)
@style_option
@output_option
@attachments_option
@json_option
@lang_option
def command(
    packet: Path,
    code: str,
    sender: str | None,
    description: str | None,
    staff: str | None,
    department: str | None,
    at: str | None,
    style: str,
    output: Path,
    attachments: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Lập gói tin trạng thái cho một gói tin văn bản đã nhận (hoặc mã 13 cho văn bản đã gửi).

    Make the status packet that answers a document packet (or, with 13, that its sender issues).
    """
    keep_apart(output, packet, attachments)
    with open_packet(packet, attachments) as opened:
        status = StatusMessage.reply(
            to=opened,
            code=code.zfill(2),
            sender=sender,
            description=description,
            staff=StaffInfo(staff=staff, department=department) if staff or department else None,
            at=None if at is None else _moment(at),
        )
    result = write(status, target_of(output, as_json=as_json), style=style)
    if as_json:
        print_json({"path": output, "message": status.to_dict(), "result": result_object(result)}, "vn-edoc/status/1")
        return
    label = "" if status.status_code is None else status.status_code.value
    say_written(output, result, f"{label}  ")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r}: YYYY-MM-DDTHH:MM:SS", param_hint="--at") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM)
