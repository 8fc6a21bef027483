"""The table of commands: complete, helpful, and light."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("verify x --require gold", "giá trị không hợp lệ của '--require': 'gold' không phải 'replaces_paper'"),
        ("calendar 1800", "giá trị không hợp lệ của '[YEAR]': 1800 không nằm trong khoảng 1975<=x<=2100"),
        ("demo x y z", "thừa tham số: y z"),
        ("rules --markdown=1", "tùy chọn --markdown không nhận giá trị"),
        ("deadline", "cần RULE và START; vn-edoc deadline --rules liệt kê các quy tắc"),
        ("verify PACKET --trust nowhere", "không đọc được nowhere: không có tệp hoặc thư mục này"),
        (
            "verify PACKET --evidence PACKET",
            "packet.edxml không phải chứng thư số, CRL, phản hồi OCSP hay dấu thời gian",
        ),
        ("verify PACKET --evidence nowhere", "không đọc được nowhere: không có tệp hoặc thư mục này"),
        ("verify PACKET --context PACKET", "PACKET không phải JSON"),
    ],
)
def test_what_is_wrong_is_told_in_vietnamese(
    line: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packet = tmp_path / "packet.edxml"
    packet.write_text("<edXML/>", encoding="utf-8")
    assert main([part.replace("PACKET", str(packet)) for part in line.split()]) == 3
    said = next(row for row in capsys.readouterr().err.splitlines() if row.startswith("Lỗi: "))
    assert said == "Lỗi: " + told.replace("PACKET", str(packet))
