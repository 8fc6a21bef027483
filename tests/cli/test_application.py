"""The table of commands: complete, helpful, and light."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from tests.conftest import ROOT
from vn_edoc.cli import main
from vn_edoc.cli.application import COMMANDS, HELP


def test_every_command_loads_and_has_a_line_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert COMMANDS.keys() == HELP.keys()
    for name, home in COMMANDS.items():
        command = importlib.import_module(home).command
        assert isinstance(command, click.Command)
        assert command.name == name
        assert main([name, "--help"]) == 0
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for line in HELP.values():
        vi, _, en = line.partition(" / ")
        assert vi in out and en


def test_an_unknown_command_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pigeon"]) == 3
    assert main(["pigeon", "--json"]) == 3


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ("lxml", "pydantic", "pyhanko", "cryptography", "rich")),
        (["rules", "R37"], ("lxml", "pydantic", "pyhanko", "cryptography", "rich")),
        (["code", "H29"], ("lxml", "pydantic", "pyhanko", "cryptography")),
        (["deadline", "working.days", "2026-10-15", "--days", "3"], ("lxml", "pydantic", "pyhanko", "cryptography")),
    ],
    ids=lambda value: " ".join(value),
)
def test_a_command_loads_only_what_it_needs(arguments: list[str], absent: tuple[str, ...]) -> None:
    code = (
        "import sys; from vn_edoc.cli import main; code = main(sys.argv[1:]);"
        f"sys.stderr.write(repr([m for m in {absent!r} if m in sys.modules])); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "[]")
