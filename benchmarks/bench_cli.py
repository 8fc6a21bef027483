"""Start of the commands that touch no PDF against a bare interpreter, and what their big packages cost by themselves.

Times are the processor time of whole processes, run in turn: bare, then each command, many rounds; the medians of all
rounds make the rows. Byte code is cached by a first round that is not counted.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import vn_edoc
from benchmarks.harness import Row
from vn_edoc.testing import SampleBuilder

_ROUNDS = 11
_MOST = 8.0
"""A command starts in at most this many times bare Python."""

_BY_THEMSELVES = (
    "import click",
    "import lxml.etree",
    "import pydantic",
    "import lxml.etree, click",
    "import lxml.etree, pydantic, click",
    "import lxml.etree, pydantic, click, cryptography.x509",
    "import lxml.etree, click, pydantic; type('M', (pydantic.BaseModel,), {})",
)
"""What the commands are built on, as rows without a floor of ours to compare with."""


def run() -> list[Row]:
    """All rows of this area."""
    with tempfile.TemporaryDirectory() as name:
        commands = _commands(Path(name))
        programs = {what: ["-c", _MAIN, *arguments] for what, arguments in commands.items()}
        programs |= {what: ["-c", what] for what in _BY_THEMSELVES}
        bare: list[float] = []
        taken: dict[str, list[float]] = {what: [] for what in programs}
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"HOME": name, "VN_EDOC_TRUST": name, "PYTHONPATH": str(Path(vn_edoc.__file__).parents[1])}
        for number in range(_ROUNDS + 1):
            for what, program in programs.items():
                bare.append(_once(["-c", "pass"], name, environment))
                seconds = _once(program, name, environment)
                if number:
                    taken[what].append(seconds)
    peer = statistics.median(bare)
    return [
        Row(
            "cli",
            what if what in _BY_THEMSELVES else f"vn-edoc {what}",
            "bare Python",
            statistics.median(times),
            peer,
            0.0 if what in _BY_THEMSELVES else 1 / _MOST,
        )
        for what, times in taken.items()
    ]


_MAIN = "import sys; from vn_edoc.cli import main; sys.exit(main())"
"""What the installed script does."""


def _commands(folder: Path) -> dict[str, list[str]]:
    """Title of a row to the arguments of the command; the packet of all of them holds no PDF."""
    with vn_edoc.read(SampleBuilder().make("good").packet) as packet:
        message = packet.message
    assert isinstance(message, vn_edoc.DocumentMessage)
    receiver = str(message.receivers[0].organ_id)
    (folder / "annex.txt").write_text("Phụ lục", encoding="utf-8")
    vn_edoc.write(message, folder / "packet.edxml", [folder / "annex.txt"])
    (folder / "description.json").write_text(message.to_json(), encoding="utf-8")
    return {
        "--help": ["--help"],
        "code H29.12": ["code", "H29.12"],
        "rules": ["rules"],
        "rules R37": ["rules", "R37"],
        "deadline": ["deadline", "qd28.send", "2026-10-15"],
        "deadline --rules": ["deadline", "--rules"],
        "calendar": ["calendar", "2026"],
        "calendar --json": ["calendar", "2026", "--json"],
        "trust list": ["trust", "list"],
        "sign --help": ["sign", "--help"],
        "sign pdf --help": ["sign", "pdf", "--help"],
        "verify --help": ["verify", "--help"],
        "pack --template": ["pack", "--template"],
        "pack": ["pack", "description.json", "-a", "annex.txt", "-o", "packed.edxml"],
        "inspect": ["inspect", "packet.edxml"],
        "status": ["status", "packet.edxml", "--code", "03", "--sender", receiver, "-o", "status.edxml"],
        "convert": ["convert", "packet.edxml", "--to", "soap-2803", "-o", "soap.xml"],
        "diff": ["diff", "packet.edxml", "packet.edxml"],
        "redact": ["redact", "packet.edxml", "-o", "redacted.edxml"],
        "extract": ["extract", "packet.edxml", "out"],
        "verify packet without a PDF": ["verify", "packet.edxml"],
    }


def _once(program: list[str], folder: str, environment: dict[str, str]) -> float:
    before = _of_children()
    done = subprocess.run(
        [sys.executable, *program], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    taken = _of_children() - before
    if done.returncode == 3 or b"Traceback" in done.stderr:
        raise RuntimeError(f"{program}: {done.returncode} {done.stderr!r}")
    return taken


def _of_children() -> float:
    """Processor time of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
