"""What commands print: plain text made safe for a terminal, JSON, and tables where a terminal is there."""

from __future__ import annotations

import json
from typing import Any

import click

from vn_edoc.findings import jsonable, visible

__all__ = ["json_option", "lang_option", "print_json", "safe", "say"]

json_option = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON. / Print JSON.")
lang_option = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ. / Language."
)


def safe(text: object) -> str:
    """Text for a terminal, made safe: escape sequences and direction characters are shown, not obeyed."""
    return visible(text, keep="\n\t")


def say(text: object = "") -> None:
    """Print one line of text, made safe."""
    click.echo(safe(text))


def print_json(value: Any, schema: str) -> None:
    """Print ``value`` as one JSON document that carries its ``schema`` name and version."""
    document = {"schema": schema, **jsonable(value)}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
