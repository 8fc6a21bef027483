"""``vn-edoc diff``: what a hub changed between sending and receiving."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say
from vn_edoc.cli.packets import open_packet
from vn_edoc.envelope import changes

__all__ = ["command"]


@click.command(
    "diff",
)
@click.argument("sent", type=FILE)
@click.argument("received", type=FILE)
@click.option("--sent-attachments", type=FILE, help="Tệp thứ hai (SOAP) của bản gửi. / Its second file.")
@click.option("--received-attachments", type=FILE, help="Tệp thứ hai (SOAP) của bản nhận. / Its second file.")
@json_option
@lang_option
def command(
    sent: Path,
    received: Path,
    sent_attachments: Path | None,
    received_attachments: Path | None,
    as_json: bool,
    lang: str,
) -> int:
    """So hai gói tin theo nội dung, không theo cách viết. Mã thoát 1 khi có thay đổi ngoài việc trục vẫn làm.

    Compare two packets by what they say, not how they are written. Exit code 1 when something changed that the axis is
    not known to change.
    """
    with open_packet(sent, sent_attachments) as first, open_packet(received, received_attachments) as second:
        found = changes(first, second)
    if as_json:
        print_json({"changes": found}, "vn-edoc/diff/1")
    else:
        axis = "the axis does this" if lang == "en" else "trục liên thông vẫn làm"
        for change in found:
            mark, note = ("~", f"  ({axis})") if change.by_axis else ("!", "")
            say(f"{mark} {change.path}: {_shown(change.sent)} -> {_shown(change.received)}{note}")
        if not found:
            say("No difference." if lang == "en" else "Không có khác biệt.")
    return int(any(not c.by_axis for c in found))


def _shown(value: str | None) -> str:
    return "∅" if value is None else repr(value)
