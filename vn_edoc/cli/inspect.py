"""``vn-edoc inspect``: what a packet says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.arguments import attachments_option, packet_argument
from vn_edoc.cli.output import json_option, lang_option, print_json
from vn_edoc.cli.packets import open_packet, packet_object, say_packet
from vn_edoc.findings import Severity

__all__ = ["command"]


@click.command(
    "inspect",
)
@packet_argument
@attachments_option
@json_option
@lang_option
def command(packet: Path, attachments: Path | None, as_json: bool, lang: str) -> int:
    """Đọc một gói tin edXML của bất kỳ phương ngữ nào; "-" là đầu vào chuẩn. Mã thoát 0, hoặc 1 khi có vi phạm.

    Read an edXML packet of any dialect; "-" is the standard input. Exit code 0, or 1 with error findings.
    """
    with open_packet(packet, attachments) as opened:
        if as_json:
            print_json(packet_object(opened), "vn-edoc/packet/1")
        else:
            say_packet(opened, lang)
        return int(any(f.severity.rank >= Severity.ERROR.rank for f in opened.findings))
