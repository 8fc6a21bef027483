"""What a fuzzing run consists of."""

from __future__ import annotations

import atexit
import importlib
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NAMES", "Target", "load", "scratch"]

NAMES = tuple(sorted(p.stem for p in (Path(__file__).parent / "targets").glob("*.py") if p.stem != "__init__"))
"""All targets: a module of ``tests.fuzz.targets`` each, with its ``TARGET``."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise that has to hold for all octets, and where the search begins."""

    one: Callable[[bytes], None]
    """Tries one input; any exception is a find."""
    seeds: Callable[[], Sequence[bytes]]
    """Inputs of real shapes, made anew for each run."""
    mutate: Callable[[bytes, random.Random], bytes]
    """Changes an input so that it stays well-formed far enough to get past the first look at it."""
    longest: int = 20_000
    """Octets of an input."""
    words: Sequence[bytes] = ()
    """Octets that blind changes would hardly hit upon."""
    timeout: int = 30
    """Seconds for one input; more is a find."""


def load(name: str) -> Target:
    """The target of that name."""
    target: Target = importlib.import_module(f"tests.fuzz.targets.{name}").TARGET
    return target


def scratch() -> Path:
    """A folder for what is only read from a path, taken away in the end."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
