"""``vn-edoc redact``: a packet fit for a support ticket."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.arguments import attachments_option, output_option, packet_argument
from vn_edoc.cli.output import json_option, lang_option, print_json, say, write_bytes
from vn_edoc.cli.packets import keep_apart, open_packet, target_of
from vn_edoc.envelope import redact
from vn_edoc.envelope.names import second_path
from vn_edoc.errors import SourceError, UsageError

__all__ = ["command"]


@click.command(
    "redact",
)
@packet_argument
@output_option
@attachments_option
@json_option
@lang_option
def command(packet: Path, output: Path, attachments: Path | None, as_json: bool, lang: str) -> None:
    """Giữ nguyên cấu trúc, mã và ngày; che tên, địa chỉ, trích yếu, nội dung tệp.

    Structure, codes and dates stay; names, addresses, subjects and contents are taken out.
    """
    keep_apart(output, packet, attachments)
    with open_packet(packet, attachments) as opened:
        first, second = redact(opened)
    target = target_of(output, as_json=as_json)
    if not isinstance(target, Path):
        if second is not None:
            raise UsageError(
                "two files do not fit the standard output", "đầu ra chuẩn không chứa được hai tệp", field="--output"
            )
        target.write(first)
        return
    written = [_write(output, first)]
    if second is not None:
        written.append(_write(second_path(output), second))
    if as_json:
        print_json({"paths": written}, "vn-edoc/redact/1")
        return
    for path in written:
        say(path)


def _write(path: Path, data: bytes) -> Path:
    if not path.name or path.is_dir():
        raise SourceError(f"{path} is a folder", f"{path} là thư mục", field="output")
    write_bytes(path, data)
    return path
