"""How long a random run lasts: ``VN_EDOC_FUZZ_SECONDS`` for each, one minute unless said otherwise."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

__all__ = ["seconds", "turns"]


def seconds() -> int:
    """How long each random run lasts."""
    return int(os.environ.get("VN_EDOC_FUZZ_SECONDS", "60"))


def turns(*, random_start: bool = False) -> Iterator[int]:
    """Numbers in order until the time is up, one at least. From a random one on they serve as seeds: printed, so that
    a find can be had again."""
    number = random.SystemRandom().randrange(2**32) if random_start else 0
    end = time.monotonic() + seconds()
    done = False
    while not done or time.monotonic() < end:
        if random_start:
            print(f"seed {number}")
        yield number
        done = True
        number += 1
