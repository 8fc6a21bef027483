"""``vn-edoc pack``: a packet from a description in YAML or JSON, and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vn_edoc.cli.arguments import dialect_option, style_option
from vn_edoc.cli.output import FILE, json_option, lang_option
from vn_edoc.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(
    "pack",
)
@click.argument("description", type=FILE, required=False)
@click.option(
    "-o", "--output", type=FILE, help='Tệp gói tin; "-" là đầu ra chuẩn. / Packet to write; "-" is the standard output.'
)
@click.option("-a", "--attach", type=FILE, multiple=True, help="Thêm tệp. / Add a file.")
@click.option("--template", "kind", flag_value="document", help="In mẫu mô tả văn bản. / Print a template.")
@click.option(
    "--status-template", "kind", flag_value="status", help="In mẫu trạng thái. / Template of a status packet."
)
@click.option(
    "--draft",
    is_flag=True,
    help="Ghi cả khi còn thiếu trường bắt buộc hoặc còn giá trị ví dụ của mẫu. "
    "/ Write even where fields lack or still hold the template's examples.",
)
@dialect_option
@style_option
@json_option
@lang_option
def command(
    description: Path | None,
    output: Path | None,
    attach: tuple[Path, ...],
    kind: str | None,
    draft: bool,
    dialect: str,
    style: str,
    as_json: bool,
    lang: str,
) -> None:
    """Đóng gói tin từ tệp mô tả ("-" là đầu vào chuẩn); `vn-edoc pack --template` in ra mẫu có chú thích từng trường.

    Build a packet from a description ("-" is the standard input); `vn-edoc pack --template` prints one with every field
    explained.
    """
    if kind is not None:
        import vn_edoc.envelope
        from vn_edoc._data import data_text

        click.echo(data_text(vn_edoc.envelope.__name__, f"{kind}.template.yaml"), nl=False)
        return
    if description is None or output is None:
        raise UsageError(
            "give a description and --output, or --template",
            "cần tệp mô tả và --output, hoặc --template",
            field="description",
        )
    from vn_edoc.cli.packing import pack

    pack(description, output, attach, dialect, style, draft=draft, as_json=as_json, lang=lang)
