"""The ``vn-edoc`` command.

Each command lives in a module of its own, imported when it is called, so that ``vn-edoc code`` never loads what
``vn-edoc verify`` needs. Exit codes: 0 to 2 have the meaning that the command documents, 3 is unreadable input or
misuse. Every command takes ``--json``, and answers in JSON also when it fails.
"""

from __future__ import annotations

import gc
import sys

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; ``arguments`` default to those of the process."""
    # A command makes its classes, answers and ends: looking for cycles among them is a tenth of its start.
    collected = gc.get_threshold()
    gc.set_threshold(max(collected[0], _YOUNG) if collected[0] else 0, *collected[1:])
    try:
        return _main(sys.argv[1:] if arguments is None else arguments)
    finally:
        gc.set_threshold(*collected)


_YOUNG = 50_000
"""Objects made before the collector looks for cycles among them."""


def _main(arguments: list[str]) -> int:
    try:
        from vn_edoc.cli.application import run
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in {"click", "rich"}:
            raise
        sys.stderr.write(
            "Lệnh vn-edoc cần phần mở rộng cli: pip install 'vn-edoc[cli]'\n"
            "The vn-edoc command needs the extra cli: pip install 'vn-edoc[cli]'\n"
        )
        return 3
    return run(arguments)
