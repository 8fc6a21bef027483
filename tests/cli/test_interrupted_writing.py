"""A command that is stopped or killed while it writes leaves the old file under the target's name, and Ctrl-C leaves
nothing else: real processes, halted while their hidden draft exists, so that the signal comes in the middle of writing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import vn_edoc
from tests.envelope.test_sealing import MESSAGE
from tests.signature import big
from vn_edoc.envelope import AttachmentSource
from vn_edoc.testing import ThrowawayPki

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

_MEGABYTES = (32, 64, 128, 256)
"""Sizes tried until a command is met while it writes: on a fast, idle machine the first is enough."""
_ENVIRONMENT = {**os.environ, "VN_EDOC_PIN": "test"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    ThrowawayPki().write(folder, ["agency"])
    (folder / "message.json").write_text(MESSAGE.to_json(), "utf-8")
    return folder


def _source(desk: Path, megabytes: int) -> Path:
    path = desk / f"{megabytes}.pdf"
    if not path.exists():
        with path.open("wb") as file:
            file.write(b"%PDF-1.7\n")
            file.truncate(megabytes * 1024 * 1024)
    return path


def _packet(desk: Path, megabytes: int) -> Path:
    path = desk / f"{megabytes}.edxml"
    if not path.exists():
        vn_edoc.write(MESSAGE, path, [AttachmentSource(_source(desk, megabytes), "a.pdf")])
    return path


def _document(desk: Path, megabytes: int) -> Path:
    path = desk / f"{megabytes}-pages.pdf"
    if not path.exists():
        big.write_big(path, "stream", megabytes * 1024 * 1024)
    return path


def _pack(desk: Path, megabytes: int) -> list[object]:
    return ["pack", desk / "message.json", "-a", _source(desk, megabytes), "-o"]


def _convert(desk: Path, megabytes: int) -> list[object]:
    return ["convert", _packet(desk, megabytes), "--to", "vxp", "-o"]


def _sign_packet(desk: Path, megabytes: int) -> list[object]:
    return ["sign", "packet", "--p12", desk / "agency.p12", _packet(desk, megabytes)]


def _sign_header(desk: Path, megabytes: int) -> list[object]:
    return ["sign", "packet", "--form", "header", "--p12", desk / "agency.p12", _packet(desk, megabytes)]


def _sign_pdf(desk: Path, megabytes: int) -> list[object]:
    return ["sign", "pdf", "--p12", desk / "agency.p12", _document(desk, megabytes)]


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _draft(folder: Path) -> bool:
    return any(path.name.startswith(".") for path in folder.iterdir())


def _halted(running: subprocess.Popen[str], folder: Path) -> bool:
    """Whether the command was halted while its draft existed; else it has ended before anybody looked."""
    end = time.monotonic() + 120
    while running.poll() is None:
        assert time.monotonic() < end
        if _draft(folder):
            running.send_signal(signal.SIGSTOP)
            while _state(running.pid) not in "TZ":
                time.sleep(0.001)
            if _draft(folder):
                return True
            running.send_signal(signal.SIGCONT)
        time.sleep(0.0005)
    return False


def _struck(
    desk: Path, folder: Path, command: Callable[[Path, int], list[object]], blow: signal.Signals
) -> tuple[int, str]:
    """Exit code and words of a command that a signal met while it wrote ``folder / "target"``."""
    for megabytes in _MEGABYTES:
        arguments = [sys.executable, "-m", "vn_edoc.cli", *map(str, command(desk, megabytes)), str(folder / "target")]
        with subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_ENVIRONMENT
        ) as running:
            if _halted(running, folder):
                running.send_signal(blow)
                running.send_signal(signal.SIGCONT)
                return running.wait(60), running.communicate()[1]
        assert running.returncode == 0
        (folder / "target").write_bytes(b"before")
    pytest.fail("no command could be met while it wrote")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "target").write_bytes(b"before")
    yield tmp_path
    assert (tmp_path / "target").read_bytes() == b"before"


_COMMANDS = [_pack, _convert, _sign_packet, _sign_header, _sign_pdf]


@pytest.mark.parametrize("command", _COMMANDS)
def test_ctrl_c_leaves_the_old_file_and_nothing_else(
    desk: Path, folder: Path, command: Callable[[Path, int], list[object]]
) -> None:
    code, said = _struck(desk, folder, command, signal.SIGINT)
    assert (code, said.strip()) == (3, "Đã dừng. / Stopped.")
    assert [p.name for p in folder.iterdir()] == ["target"]


@pytest.mark.parametrize(
    ("command", "blow"), [(_pack, signal.SIGTERM), (_sign_packet, signal.SIGKILL), (_sign_pdf, signal.SIGTERM)]
)
def test_a_kill_leaves_the_old_file(
    desk: Path, folder: Path, command: Callable[[Path, int], list[object]], blow: signal.Signals
) -> None:
    """The draft may stay: it is hidden, and no name that anybody asked for."""
    code, _ = _struck(desk, folder, command, blow)
    assert code == -blow
    assert [p.name for p in folder.iterdir() if not p.name.startswith(".")] == ["target"]


def test_status_at_any_moment(desk: Path, tmp_path: Path) -> None:
    """A small packet is written too fast to be met: whenever Ctrl-C comes, there is the whole answer or none."""
    sent, answer = tmp_path / "sent.edxml", tmp_path / "answer.edxml"
    vn_edoc.write(MESSAGE, sent)
    arguments = ["status", str(sent), "--code", "03", "--sender", "G12", "-o", str(answer)]
    ended = []
    for tenth in range(2, 12, 2):
        answer.unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, "-m", "vn_edoc.cli", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            while "lxml" not in Path(f"/proc/{running.pid}/maps").read_text() and running.poll() is None:
                time.sleep(0.001)
            time.sleep(tenth / 100)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=60)
        ended.append(running.returncode)
        assert {p.name for p in tmp_path.iterdir()} <= {"sent.edxml", "answer.edxml"}
        if answer.exists():
            with vn_edoc.read(answer) as read:
                assert read.kind == "status" and not read.findings
        else:
            assert running.returncode != 0
    assert set(ended) <= {0, 3, -signal.SIGINT}
