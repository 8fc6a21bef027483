"""``vn-edoc pack``: a packet from a description in YAML or JSON, and files."""

from __future__ import annotations

from pathlib import Path

import click

from vn_edoc.cli.descriptions import Description, load
from vn_edoc.cli.output import FILE, json_option, lang_option, print_json
from vn_edoc.cli.packets import (
    dialect_option,
    keep_apart,
    result_object,
    say_findings,
    say_written,
    style_option,
    target_of,
)
from vn_edoc.envelope import AttachmentSource, DocumentMessage, StatusMessage, write
from vn_edoc.envelope.template import template
from vn_edoc.errors import UsageError

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
@click.option("--draft", is_flag=True, help="Ghi cả khi còn thiếu trường bắt buộc. / Write even where fields lack.")
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
        click.echo(template(DocumentMessage if kind == "document" else StatusMessage), nl=False)
        return
    if description is None or output is None:
        raise UsageError(
            "give a description and --output, or --template",
            "cần tệp mô tả và --output, hoặc --template",
            field="description",
        )
    described = load(description)
    try:
        message, files = _described(described)
        keep_apart(output, description, *attach, *(f.content for f in files))
        target = target_of(output, as_json=as_json)
        chosen = style if dialect == "vxp" else "java"
        result = write(message, target, [*files, *attach], dialect, chosen, strict=not draft)
    except UsageError as error:
        raise described.located(error) from None
    if as_json:
        print_json({"path": output, "result": result_object(result)}, "vn-edoc/pack/1")
    else:
        say_written(output, result)
        say_findings(result.findings, lang, err=str(output) == "-")


def _described(description: Description) -> tuple[DocumentMessage | StatusMessage, list[AttachmentSource]]:
    data = dict(description.data)
    given = data.pop("attachments", None) or []
    if not isinstance(given, list):
        raise UsageError("attachments is a list", "attachments phải là danh sách", field="attachments")
    files = [_file(one, description.path.parent) for one in given]
    model = StatusMessage if "StatusCode" in data or "status_code" in data else DocumentMessage
    return model.from_dict(data), files


def _file(given: object, folder: Path) -> AttachmentSource:
    if isinstance(given, str):
        return AttachmentSource(folder / given)
    if isinstance(given, dict) and isinstance(given.get("path"), str):
        rest = {k: v for k, v in given.items() if k != "path"}
        if set(rest) <= {"name", "description", "content_id"}:
            return AttachmentSource(folder / given["path"], **rest)
    raise UsageError(
        "an attachment is a path, or a mapping with path, name, description",
        "tệp đính kèm là đường dẫn, hoặc ánh xạ gồm path, name, description",
        field="attachments",
        value=given,
    )
