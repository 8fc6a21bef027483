"""Exit codes 0 and 1 of ``verify`` are verdicts: a report that nobody could read is neither."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PDF = b"%PDF-1.7\n%%EOF"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_full_disk(tmp_path: Path, form: list[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(_PDF)
    command = [sys.executable, "-m", "vn_edoc.cli", "verify", str(tmp_path / "a.pdf"), *form]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3


@pytest.mark.skipif(os.name != "posix", reason="pipes break in another way here")
def test_a_reader_that_has_gone(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_PDF)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "vn_edoc.cli", "verify", str(tmp_path / "a.pdf"), "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.returncode == 3
