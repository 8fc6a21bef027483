"""Keep pyHanko's log records about hostile input out of the host's logs, for our own calls only."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

__all__ = ["quiet"]

_silent: ContextVar[bool] = ContextVar("vn_edoc_quiet", default=False)
_lock = Lock()
_FAMILIES = ("pyhanko", "pyhanko_certvalidator", "fontTools", "aiohttp", "asyncio")


class _Silence(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not _silent.get()


_FILTER = _Silence()
_seen = 0


def _attach() -> None:
    """A filter only acts on the logger it is attached to, so every existing logger of the family gets it."""
    global _seen
    table = logging.root.manager.loggerDict
    if len(table) == _seen:
        return
    with _lock:
        for name, logger in list(table.items()):
            if (
                isinstance(logger, logging.Logger)
                and name.partition(".")[0] in _FAMILIES
                and _FILTER not in logger.filters
            ):
                logger.addFilter(_FILTER)
        _seen = len(table)


@contextmanager
def quiet() -> Iterator[None]:
    """Within the block, records of pyHanko made in this context are dropped; the host's own use is untouched."""
    _attach()
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
