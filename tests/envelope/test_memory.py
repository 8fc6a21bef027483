"""Packets of any size in little memory, measured from outside: peak memory of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_PROGRAM = """
import json, resource, sys
from datetime import date
from pathlib import Path
import vn_edoc
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Organization

folder, megabytes, files = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
message = DocumentMessage.new(
    sender=Organization(organ_id="H29.12", organ_name="A"), receivers=[Organization(organ_id="G12", organ_name="B")],
    number=1, notation="A-B", date=date(2026, 1, 5), type_name="Công văn", subject="Lớn", signer="Nguyễn Văn A")
vn_edoc.write(message, folder / "warm.edxml", [AttachmentSource(b"x" * 20000, n) for n in ("a.pdf", "b.txt")])
with vn_edoc.read(folder / "warm.edxml") as packet:
    [a.read() for a in packet.attachments]

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
sources = [folder / f"{n}.pdf" for n in range(files)]
result = vn_edoc.write(message, folder / "packet.edxml", sources)
written = peak()
with vn_edoc.read(folder / "packet.edxml") as packet:
    assert not [f for f in packet.findings if f.severity.rank > 1], packet.findings
    hashes = [a.sha256 for a in packet.attachments]
    out = folder / "out"
    out.mkdir()
    saved = [a.save(out) for a in packet.attachments]
    assert packet.sha256 == result.sha256
    kind = packet.kind
print(json.dumps({"before": before, "written": written, "after": peak(), "size": result.size, "hashes": hashes}))
"""


def _measure(folder: Path, megabytes: int, files: int) -> dict[str, object]:
    import hashlib

    expected = []
    for number in range(files):
        digest = hashlib.sha256()
        with (folder / f"{number}.pdf").open("wb") as file:
            for step in range(megabytes):
                block = bytes([(step + number) % 256, step % 251]) * (512 * 1024)
                digest.update(block)
                file.write(block)
        expected.append(digest.hexdigest())
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder), str(megabytes), str(files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, object] = json.loads(run.stdout)
    assert told["hashes"] == expected
    assert [(folder / "out" / f"{n}.pdf").stat().st_size for n in range(files)] == [megabytes * 1024 * 1024] * files
    return told


def _growth(told: dict[str, object]) -> int:
    after, before = told["after"], told["before"]
    assert isinstance(after, int) and isinstance(before, int)
    return after - before


def test_memory_does_not_follow_the_size(tmp_path: Path) -> None:
    """96 MB of attachments, one of them well over libxml2's limit for a text."""
    told = _measure(tmp_path, 48, 2)
    assert _growth(told) < 64, told


_MANY = """
import resource, sys
import vn_edoc

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

vn_edoc.read(sys.argv[2]).close()
before = peak()
with vn_edoc.read(sys.argv[1]) as packet:
    assert not packet.findings, packet.findings
    contents = [a.read() for a in packet.attachments]
assert contents == [b"%d" % n for n in range(10_000)]
print(peak() - before)
"""


def test_ten_thousand_small_attachments(tmp_path: Path) -> None:
    from tests.envelope.packets import attachment, packet, reference

    names = [f"{n}.txt" for n in range(10_000)]
    files = (attachment(name, b"%d" % n, content_id=str(n)) for n, name in enumerate(names))
    listed = "".join(reference(name, str(n)) for n, name in enumerate(names))
    (tmp_path / "many.edxml").write_bytes(packet(*files, references=listed))
    (tmp_path / "warm.edxml").write_bytes(packet(attachment("a.txt", b"a"), references=reference("a.txt")))
    run = subprocess.run(
        [sys.executable, "-c", _MANY, str(tmp_path / "many.edxml"), str(tmp_path / "warm.edxml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 64


@pytest.mark.soak
def test_one_gigabyte(tmp_path: Path) -> None:
    told = _measure(tmp_path, 512, 2)
    assert _growth(told) < 64, told
