"""The examples of docs/xml-signatures.md run as they stand."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_examples_run() -> None:
    text = (ROOT / "docs" / "xml-signatures.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.S | re.M)
    assert len(blocks) == 5
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/xml-signatures.md", "exec"), namespace)
