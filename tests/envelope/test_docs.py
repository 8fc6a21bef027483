"""The code of the guide runs."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_code_of_the_guide_runs() -> None:
    page = ROOT / "docs" / "envelope.md"
    code = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(code) == 3
    names: dict[str, object] = {}
    for block in code:
        exec(compile(block, page.name, "exec"), names)
