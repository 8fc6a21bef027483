"""The examples of docs/testing.md run."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_examples_run() -> None:
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 7
    room: dict[str, object] = {}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"docs/testing.md, example {number}", "exec"), room)
