"""Twins for async hosts: the work runs in threads, the event loop stays free."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.validity.context import Context
from vn_edoc.validity.report import Report
from vn_edoc.validity.source import SourceLike
from vn_edoc.validity.verifier import Verifier, verify

__all__ = ["averify", "averify_many"]


async def averify(source: SourceLike, **arguments: Any) -> Report:
    """:func:`vn_edoc.verify` for an async host; the same arguments."""
    return await asyncio.to_thread(verify, source, **arguments)


async def averify_many(
    verifier: Verifier,
    sources: Iterable[SourceLike],
    *,
    at: datetime | None = None,
    known_at: datetime | date | None = None,
    context: Context | None = None,
    concurrency: int = 4,
) -> AsyncIterator[Report]:
    """Reports of many sources in their order, ``concurrency`` at a time; no more than that is ever held."""
    if concurrency < 1:
        raise UsageError("concurrency must be at least 1", "concurrency phải từ 1", field="concurrency")
    running: deque[asyncio.Task[Report]] = deque()
    try:
        for source in sources:
            running.append(asyncio.create_task(asyncio.to_thread(verifier.verify, source, at, known_at, context)))
            if len(running) == concurrency:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
