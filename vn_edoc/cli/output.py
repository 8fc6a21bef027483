"""What commands print: plain text made safe for a terminal, JSON, and tables where a terminal is there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from vn_edoc._files import os_reason
from vn_edoc.errors import SourceError
from vn_edoc.findings import jsonable, visible

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "json_option", "lang_option", "print_json", "safe", "say", "write_bytes", "write_text"]


class _File(click.Path):
    """The path of a file or folder. ``pathlib`` is imported when one is given, not when a command is declared."""

    def coerce_path_result(self, value: str | os.PathLike[str]) -> Any:
        from pathlib import Path

        return Path(value)


FILE = _File()
"""Type of arguments and options that name a file or folder."""

json_option = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON. / Print JSON.")
lang_option = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ. / Language."
)


def safe(text: object) -> str:
    """Text for a terminal, made safe: escape sequences and direction characters are shown, not obeyed."""
    return visible(text, keep="\n\t")


def say(text: object = "", *, err: bool = False) -> None:
    """Print one line of text, made safe; with ``err`` to the standard error."""
    click.echo(safe(text), err=err)


def print_json(value: Any, schema: str) -> None:
    """Print ``value`` as one JSON document that carries its ``schema`` name and version."""
    import json

    document = {"schema": schema, **jsonable(value)}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 that appears whole or not at all; ``SourceError`` when it cannot be written."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all; ``SourceError`` when it cannot be written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        en, vi = os_reason(error)
        raise SourceError(f"cannot write {path}: {en}", f"không ghi được {path}: {vi}", field=str(path)) from error
