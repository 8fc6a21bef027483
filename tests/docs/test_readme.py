"""The code that a newcomer copies runs, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.vi.md", ROOT / "docs" / "validity.md", ROOT / "docs" / "index.md"]


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda p: p.name)
def test_code_of_the_readme_runs(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = blocks(page)
    assert code
    names: dict[str, object] = {}
    for block in code:
        exec(compile(block, page.name, "exec"), names)
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")) + PAGES[:2], ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_two_readmes_speak_of_the_same_commands() -> None:
    pattern = re.compile(r"^vn-edoc (\w+)", re.MULTILINE)
    commands = [set(pattern.findall(page.read_text(encoding="utf-8"))) for page in PAGES[:2]]
    assert commands[0] == commands[1]
    from vn_edoc.cli.application import COMMANDS

    assert commands[0] <= COMMANDS.keys()
