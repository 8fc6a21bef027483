"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says something about the machine, not about the code. `make test` answers the same for the
# same code, so its examples are drawn from the test's own name; `make fuzz` and `make soak` draw new ones each time.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("new-examples", deadline=None)
settings.load_profile(os.environ.get("VN_EDOC_EXAMPLES", "house"))

# A shell that runs the tests in the background has them ignore Ctrl-C, and the commands that they start as well.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def shared_folder() -> Path:
    """The folder of reference data, which may be absent."""
    return Path(os.environ.get("VN_EDOC_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; tests that need it skip where it is absent."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"the reference folder {folder.name!r} is not beside this checkout")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the random runs have done, one line each."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.stats.get(kind, [])]
    lines = [text for one in reports if one.when == "call" for name, text in one.user_properties if name == "fuzz"]
    if lines:
        terminalreporter.section("random runs")
        for line in sorted(lines):
            terminalreporter.write_line(str(line))
