"""What commands print: plain text made safe for a terminal, JSON, and tables where a terminal is there."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import click

from vn_edoc.findings import jsonable

__all__ = ["json_option", "lang_option", "print_json", "safe", "say"]

json_option = click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON. / Print JSON.")
lang_option = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Ngôn ngữ. / Language."
)

_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def safe(text: object) -> str:
    """Text of a hostile file for a terminal: control, escape and direction characters shown, not obeyed; NFC."""
    out = []
    for char in unicodedata.normalize("NFC", str(text)):
        if char in "\n\t":
            out.append(char)
        elif char in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"}:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return "".join(out)


def say(text: object = "") -> None:
    """Print one line of text, made safe."""
    click.echo(safe(text))


def print_json(value: Any, schema: str) -> None:
    """Print ``value`` as one JSON document that carries its ``schema`` name and version."""
    document = {"schema": schema, **jsonable(value)}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
