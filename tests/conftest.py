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


def _shared() -> Path:
    return Path(os.environ.get("VN_EDOC_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; tests that need it skip where it is absent."""
    folder = _shared()
    if not folder.is_dir():
        pytest.skip(f"the reference folder {folder.name!r} is not beside this checkout")
    return folder
