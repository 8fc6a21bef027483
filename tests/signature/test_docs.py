"""The code in docs/signature.md runs."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_every_block_runs(capsys):
    text = (ROOT / "docs" / "signature.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) >= 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/signature.md", "exec"), names)
    assert "Cơ quan phát hành chứng thư" in capsys.readouterr().out
