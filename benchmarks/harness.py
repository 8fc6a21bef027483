"""Measure our call and a peer's in turn, and say how many times faster (or slower) ours is."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Row", "compare", "seconds"]


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. ``ratio`` is peer time / our time: above 1 ours is faster."""

    area: str
    what: str
    peer: str
    ours_s: float
    peer_s: float
    floor: float
    """The ratio that the project asks for at least."""

    @property
    def ratio(self) -> float:
        return self.peer_s / self.ours_s if self.ours_s else float("inf")


def seconds(call: Callable[[], object], budget: float = 0.1) -> float:
    """Time of one call, from as many as fit into ``budget`` seconds (at least one)."""
    start = time.perf_counter()
    call()
    once = max(time.perf_counter() - start, 1e-7)
    loops = max(1, min(1_000_000, int(budget / once)))
    start = time.perf_counter()
    for _ in range(loops):
        call()
    return (time.perf_counter() - start) / loops


def compare(
    area: str,
    what: str,
    ours: Callable[[], object],
    peer_name: str,
    peer: Callable[[], object],
    floor: float,
    rounds: int = 7,
) -> Row:
    """Ours and the peer's in turn, ``rounds`` times; the medians make the row, so drift hits both alike."""
    ours()
    peer()
    gc.collect()
    a, b = [], []
    for _ in range(rounds):
        a.append(seconds(ours))
        b.append(seconds(peer))
    return Row(area, what, peer_name, statistics.median(a), statistics.median(b), floor)
