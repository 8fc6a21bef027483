"""The ``vn-edoc`` command.

Each command lives in a module of its own, imported when it is called, so that ``vn-edoc code`` never loads what
``vn-edoc verify`` needs. Exit codes: 0 to 2 have the meaning that the command documents, 3 is unreadable input, misuse
or Ctrl-C. Every command takes ``--json``, and answers in JSON also when it fails.
"""

from __future__ import annotations

import gc
import sys

__all__ = ["main", "stopped"]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; ``arguments`` default to those of the process."""
    # A command makes its classes, answers and ends: looking for cycles among them is a tenth of its start.
    collected = gc.get_threshold()
    gc.set_threshold(max(collected[0], _YOUNG) if collected[0] else 0, *collected[1:])
    try:
        return _main(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while modules are loaded, or while the answer to another failure is written
        sys.stderr.write("\n")
        return stopped()
    finally:
        if arguments is None:
            # The process ends; the interpreter would look through all of its objects once more.
            gc.freeze()
        gc.set_threshold(*collected)


_YOUNG = 50_000
"""Objects made before the collector looks for cycles among them."""


def stopped() -> int:
    """Say that Ctrl-C ended the command; the exit code for it."""
    sys.stderr.write("Đã dừng. / Stopped.\n")
    # If Ctrl-C came while Python ran a text (as dataclasses do), it ends itself by a signal, whatever the code. The
    # next text that it runs to its end makes it forget that.
    exec("")
    return 3


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
