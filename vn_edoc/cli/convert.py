"""``vn-edoc convert``: a packet of any dialect, written in another."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.arguments import attachments_option, output_option, packet_argument, style_option
from vn_edoc.cli.output import json_option, lang_option, print_json
from vn_edoc.cli.packets import keep_apart, open_packet, result_object, say_findings, say_written, target_of
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
    keep_apart(output, packet, attachments)
    with open_packet(packet, attachments) as opened:
        result = convert(opened, target_of(output, as_json=as_json), dialect, style if dialect == "vxp" else "java")
    lost = [f for f in result.findings if f.rule == "envelope.lost"]
    if as_json:
        print_json({"path": output, "result": result_object(result), "lost": bool(lost)}, "vn-edoc/convert/1")
    else:
        say_written(output, result)
        say_findings(result.findings, lang, err=str(output) == "-")
    return int(bool(lost))
