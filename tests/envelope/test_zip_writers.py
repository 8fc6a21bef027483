"""Wrappers made by other people's ZIP writers are taken off, and nothing is told of them."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import vn_edoc
from tests.envelope.packets import attachment, packet, reference

_TOOLS = Path(__file__).parent.parent / "tools"
_NAMES = ("9a7c2d44-5c3b-4e0a-8c61-0b7d5e3f2a18.pdf", "Quyết định ban hành kế hoạch " + "chuyển đổi số " * 8 + ".pdf")
_SIZES = (1, 3000, 65_536, 262_144)


def _contents() -> list[bytes]:
    chance = random.Random(1)
    return [chance.randbytes(size) for size in _SIZES] + [b"Noi dung " * 20_000]


def _taken_off(wrapped: bytes, content: bytes, which: str) -> None:
    read = vn_edoc.read(packet(attachment("a.pdf", wrapped, kind="application/zip"), references=reference("a.pdf")))
    assert [f.rule for f in read.findings] == [], which
    assert read.attachments[0].wrapped and read.attachments[0].read() == content, which


class _Stream(io.RawIOBase):
    def __init__(self) -> None:
        self.octets = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.octets += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("long_sizes", [True, False])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_python(method: int, long_sizes: bool, streamed: bool) -> None:
    for content in _contents():
        for name in _NAMES:
            stream, held = _Stream(), io.BytesIO()
            with zipfile.ZipFile(stream if streamed else held, "w", method) as archive:  # type: ignore[arg-type]
                entry = zipfile.ZipInfo(name, (2026, 2, 28, 23, 59, 58))
                entry.compress_type = method
                with archive.open(entry, "w", force_zip64=long_sizes) as inner:
                    inner.write(content)
            _taken_off(bytes(stream.octets) or held.getvalue(), content, name)


_COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "zip": lambda name: ["zip", "-q", "out.zip", name],
    "zip without extras": lambda name: ["zip", "-q", "-X", "out.zip", name],
    "zip of a pipe": lambda name: ["sh", "-c", f"zip -q - - < '{name}' > out.zip"] if shutil.which("zip") else ["zip"],
    "zip stored": lambda name: ["zip", "-q", "-0", "out.zip", name],
    "zip with descriptors": lambda name: ["zip", "-q", "-fd", "out.zip", name],
    "zip with long sizes": lambda name: ["zip", "-q", "-fz", "out.zip", name],
    "7z": lambda name: ["7z", "a", "-bd", "-tzip", "out.zip", name],
    "7zz": lambda name: ["7zz", "a", "-bd", "-tzip", "out.zip", name],
    "7zz with times": lambda name: ["7zz", "a", "-bd", "-tzip", "-mtc=on", "-mta=on", "out.zip", name],
    "bsdtar": lambda name: ["bsdtar", "--format", "zip", "-cf", "out.zip", name],
    "jar": lambda name: ["jar", "cfM", "out.zip", name],
}


@pytest.mark.parametrize("which", [name for name, command in _COMMANDS.items() if shutil.which(command("")[0])])
def test_commands_that_are_here(which: str, tmp_path: Path) -> None:
    command = _COMMANDS[which]
    for content in _contents()[: 1 if which == "jar" else None]:
        for name in _NAMES:
            (tmp_path / name).write_bytes(content)
            environment = {**os.environ, "LC_ALL": "C.UTF-8"}
            subprocess.run(command(name), cwd=tmp_path, env=environment, check=True, capture_output=True)
            _taken_off((tmp_path / "out.zip").read_bytes(), content, name)
            (tmp_path / "out.zip").unlink()


def test_java(tmp_path: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("java is not installed")
    folders = [tmp_path / str(number) for number, _ in enumerate(_contents())]
    for folder, content in zip(folders, _contents(), strict=True):
        folder.mkdir()
        (folder / "content").write_bytes(content)
    command = ["java", str(_TOOLS / "ZipPeer.java"), _NAMES[0], *map(str, folders)]
    subprocess.run(command, check=True, capture_output=True)
    for folder, content in zip(folders, _contents(), strict=True):
        made = sorted(folder.glob("*.zip"))
        assert len(made) == 7
        for path in made:
            _taken_off(path.read_bytes(), content, path.name)
