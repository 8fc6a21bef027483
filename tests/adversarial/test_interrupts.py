"""Ctrl-C ends a command with one line and its own exit code; no process is left, and no traceback of any."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vn_edoc.testing import SampleBuilder

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    packet = SampleBuilder().make("good").packet
    for number in range(200):
        (folder / f"{number:03}.edxml").write_bytes(packet)
    return folder


def _alive(session: int) -> list[str]:
    """Processes of a session that are not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
            if int(of) == session and state != "Z":
                found.append((stat.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def _until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("to_all", [True, False], ids=["terminal", "kill"])
@pytest.mark.parametrize(
    ("name", "processes"), [("", 1), ("", 3), ("", 6), ("000.edxml", 1), ("000.edxml", 2)],
    ids=["folder at once", "folder while processes start", "folder at work", "file at once", "file at work"],
)  # fmt: skip
def test_ctrl_c(inbox: Path, name: str, processes: int, to_all: bool) -> None:
    command = [sys.executable, "-m", "vn_edoc.cli", "verify", str(inbox / name)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        # Before lxml is loaded the interpreter itself is starting, which is not ours.
        _until(lambda: "lxml" in Path(f"/proc/{running.pid}/maps").read_text())
        _until(lambda: len(_alive(running.pid)) >= processes or running.poll() is not None)
        (os.killpg if to_all else os.kill)(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 3
    assert said.strip() == "Đã dừng. / Stopped."
    _until(lambda: not _alive(running.pid))
