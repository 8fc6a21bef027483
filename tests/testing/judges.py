"""Other people's tools, which judge what the testing room makes."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest


def tool(name: str) -> str:
    """Path of an installed tool; the test is skipped where it is absent."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool; output of both streams as text in the C locale."""
    return subprocess.run(
        [str(part) for part in (tool(str(command[0])), *command[1:])],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


def openssl_verify(folder: Path, name: str, at: datetime, *extra: str | Path) -> subprocess.CompletedProcess[str]:
    """``openssl verify`` of ``folder/name.crt`` under ``folder/root.crt`` at the moment ``at``."""
    return run(
        "openssl", "verify", "-attime", str(int(at.timestamp())), "-CAfile", folder / "root.crt",
        "-untrusted", folder / "state-ca.crt", *extra, folder / f"{name}.crt",
    )  # fmt: skip
