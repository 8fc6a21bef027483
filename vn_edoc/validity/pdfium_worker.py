"""The child process of :mod:`vn_edoc.validity.pdfium`: jobs come in by its standard input, answers go out."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import sys
from typing import Any, BinaryIO

from vn_edoc.validity.pdfium import HELLO
from vn_edoc.validity.pdfium_jobs import run

__all__ = ["main"]


def main() -> None:
    """Do jobs until the standard input ends. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import pypdfium2  # noqa: F401  (before it says that it is ready)

    # What the library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    answers.write(HELLO)
    answers.flush()
    jobs = sys.stdin.buffer
    while len(sizes := jobs.read(16)) == 16:
        head, size = struct.unpack(">QQ", sizes)
        _one(jobs, head, size, answers)


def _one(jobs: BinaryIO, head: int, size: int, answers: BinaryIO) -> None:
    about = json.loads(jobs.read(head))
    _bound(about)
    answer = json.dumps({"result": run(about["job"], jobs.read(size), about["arguments"])}).encode()
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    answers.write(struct.pack(">Q", len(answer)) + answer)
    answers.flush()


def _bound(about: dict[str, Any]) -> None:
    """Memory, and time: the parent counts it as well, but may be gone. Where the system knows no such bounds, none."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, about["seconds"] + 5)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = about["bytes"] if most == resource.RLIM_INFINITY else min(about["bytes"], most)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
