"""``vn-edoc redact``: a packet fit for a support ticket."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.output import json_option, lang_option, print_json, say
from vn_edoc.cli.packets import attachments_option, open_packet, output_option, packet_argument
from vn_edoc.envelope import redact
from vn_edoc.errors import SourceError

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
    with open_packet(packet, attachments) as opened:
        first, second = redact(opened)
    written = [_write(output, first)]
    if second is not None:
        written.append(_write(output.with_name(f"{output.stem}_attachments.xml"), second))
    if as_json:
        print_json({"paths": written}, "vn-edoc/redact/1")
        return
    for path in written:
        say(path)


def _write(path: Path, data: bytes) -> Path:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error}", f"không ghi được {path}: {error}", field="output") from error
    return path
