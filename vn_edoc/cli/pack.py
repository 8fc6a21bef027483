"""``vn-edoc pack``: a packet from a description in YAML or JSON, and files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from vn_edoc._files import read_file
from vn_edoc.cli.output import FILE, json_option, lang_option, print_json
from vn_edoc.cli.packets import dialect_option, say_findings, say_written, style_option, target_of
from vn_edoc.envelope import AttachmentSource, DocumentMessage, StatusMessage, write
from vn_edoc.envelope.template import template
from vn_edoc.errors import SourceError, UsageError

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
    message, files = _described(description)
    target = target_of(output, as_json=as_json)
    result = write(message, target, [*files, *attach], dialect, style if dialect == "vxp" else "java", strict=not draft)
    if as_json:
        print_json({"path": output, "result": result}, "vn-edoc/pack/1")
    else:
        say_written(output, result)
        say_findings(result.findings, lang, err=str(output) == "-")


_BYTES = 64 * 1024 * 1024


def _described(path: Path) -> tuple[DocumentMessage | StatusMessage, list[AttachmentSource]]:
    data = _load(path)
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise UsageError("a description is a mapping", "tệp mô tả phải là một ánh xạ", field=str(path))
    given = data.pop("attachments", None) or []
    if not isinstance(given, list):
        raise UsageError("attachments is a list", "attachments phải là danh sách", field="attachments")
    files = [_file(one, path.parent) for one in given]
    model = StatusMessage if "StatusCode" in data or "status_code" in data else DocumentMessage
    return model.from_dict(data), files


def _load(path: Path) -> Any:
    try:
        octets = sys.stdin.buffer.read() if str(path) == "-" else read_file(path, _BYTES)
        text = octets.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {path}: {error}", f"không đọc được {path}: {error}", field=str(path)) from error
    try:
        return json.loads(text) if path.suffix.lower() == ".json" else _yaml(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}", f"{path}: {error}", field=str(path)) from None


def _yaml(text: str) -> Any:
    import yaml

    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _bounded(node)
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    finally:
        loader.dispose()


def _bounded(node: Any) -> None:
    """Count what a document holds when all its aliases are written out: ten lines may stand for billions."""
    left, waiting = _NODES, [node]
    while waiting:
        inside = waiting.pop().value
        left -= 1
        if left < 0:
            raise ValueError(f"more than {_NODES} values, aliases written out")
        if isinstance(inside, list):
            waiting += [part for entry in inside for part in (entry if isinstance(entry, tuple) else (entry,))]


def _loader() -> Any:
    """A safe loader that leaves texts as they are written: 01 is a code, not a number, and a date is a text."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag in _UNDERSTOOD]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


_NODES = 100_000
"""Values in a description: far more than a packet has elements."""
_UNDERSTOOD = frozenset({"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"})


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
