"""``vn-edoc convert``: a packet of any dialect, written in another."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.output import json_option, lang_option, print_json, say
from vn_edoc.cli.packets import (
    attachments_option,
    open_packet,
    output_option,
    packet_argument,
    say_findings,
    style_option,
)
from vn_edoc.envelope import convert

__all__ = ["command"]


@click.command(
    "convert",
)
@packet_argument
@click.option(
    "--to", "dialect", type=click.Choice(["vxp", "soap-2803"]), required=True, help="Phương ngữ ghi ra. / Dialect."
)
@style_option
@output_option
@attachments_option
@json_option
@lang_option
def command(
    packet: Path, dialect: str, style: str, output: Path, attachments: Path | None, as_json: bool, lang: str
) -> int:
    """Ghi lại gói tin theo phương ngữ khác, thành bản nháp chưa ký, và nêu những gì không chuyển được.

    Write a packet in another dialect, as a new unsigned draft, and say what could not be carried over. Exit code 1 when
    something was lost.
    """
    with open_packet(packet, attachments) as opened:
        result = convert(opened, output, dialect, style)
    lost = [f for f in result.findings if f.rule == "envelope.lost"]
    if as_json:
        print_json({"path": output, "result": result, "lost": bool(lost)}, "vn-edoc/convert/1")
    else:
        say(f"{output}  {result.size} byte  sha256 {result.sha256}")
        say_findings(result.findings, lang)
    return int(bool(lost))
