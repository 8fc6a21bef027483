"""``vn-edoc extract``: save attachments into a folder, never outside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vn_edoc._files import os_reason
from vn_edoc.cli.arguments import attachments_option, packet_argument
from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say
from vn_edoc.cli.packets import attachment_object, open_packet
from vn_edoc.envelope.unwrapping import DAMAGES
from vn_edoc.errors import SourceError, UsageError

if TYPE_CHECKING:
    from vn_edoc.envelope import Attachment

__all__ = ["command"]


@click.command(
    "extract",
)
@packet_argument
@click.argument("folder", type=FILE)
@attachments_option
@click.option("--only", metavar="NAME", multiple=True, help="Chỉ những tệp này (tên hoặc số thứ tự). / Only these.")
@json_option
@lang_option
def command(
    packet: Path, folder: Path, attachments: Path | None, only: tuple[str, ...], as_json: bool, lang: str
) -> int:
    """Lưu tệp đính kèm, bỏ lớp ZIP, tên đã làm an toàn; không ghi đè tệp có sẵn. Mã thoát 1 khi có tệp hỏng hoặc thiếu.

    Save attachments without their ZIP wrappers under safe names; nothing is overwritten. Exit code 1 when one is
    damaged or missing.
    """
    with open_packet(packet, attachments) as opened:
        wanted = [a for a in opened.attachments if not only or _asked(a, only)]
        if only and not wanted:
            raise UsageError(
                "the packet has no such attachment", "gói tin không có tệp đính kèm đó", field="--only", value=only
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            en, vi = os_reason(error)
            raise SourceError(
                f"cannot make the folder {folder}: {en}", f"không tạo được thư mục {folder}: {vi}", field="folder"
            ) from error
        absent = [] if only else [r.name or r.content_id or str(r.index) for r in opened.missing]
        saved = [(a, None if a.damaged else a.save(folder)) for a in wanted]
    if as_json:
        files = [{**attachment_object(a), "path": None if path is None else str(path)} for a, path in saved]
        print_json({"files": files, "missing": absent}, "vn-edoc/extract/1")
    else:
        for attachment, path in saved:
            if path is not None:
                say(f"{path}  {attachment.size} byte")
            else:
                told = DAMAGES[attachment.damage or "missing"][lang == "en"]
                say(f"{attachment.safe_name}: {told}")
        for name in absent:
            say(f"{name}: {'not in the packet' if lang == 'en' else 'không có trong gói tin'}")
        if not saved and not absent:
            say("The packet has no attachments." if lang == "en" else "Gói tin không có tệp đính kèm.")
    return int(bool(absent) or any(path is None for _, path in saved))


def _asked(attachment: Attachment, only: tuple[str, ...]) -> bool:
    return bool({attachment.name, attachment.safe_name, str(attachment.index)} & set(only))
