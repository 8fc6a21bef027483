"""SHA-256 of a long output, made aside while the output is written."""

from __future__ import annotations

import hashlib
import queue
import threading

__all__ = ["AsideDigest"]

_AT_ONCE = 192 * 1024
"""Bytes that are hashed in place; a thread is only worth its start for more."""
_WAITING = 8
"""Pieces that may wait: what bounds the memory."""


class AsideDigest:
    """SHA-256 of the pieces fed to it; long ones are hashed by a thread, as hashing leaves the interpreter free.

    Use it in a ``with`` statement, so that the thread ends whatever happens.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._queue: queue.Queue[bytes | None] | None = None
        self._thread: threading.Thread | None = None
        self.size = 0
        """Bytes fed."""

    def __enter__(self) -> AsideDigest:
        return self

    def __exit__(self, *_: object) -> None:
        self._join()

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self.size += len(piece)
        if self._queue is not None:
            self._queue.put(piece)
        elif self.size <= _AT_ONCE:
            self._digest.update(piece)
        else:
            self._queue = queue.Queue(_WAITING)
            self._thread = threading.Thread(target=self._work, args=(self._queue,), daemon=True)
            self._thread.start()
            self._queue.put(piece)

    def hexdigest(self) -> str:
        """The digest of all pieces, lower-case hexadecimal."""
        self._join()
        return self._digest.hexdigest()

    def _work(self, pieces: queue.Queue[bytes | None]) -> None:
        while (piece := pieces.get()) is not None:
            self._digest.update(piece)

    def _join(self) -> None:
        if self._queue is not None and self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._queue = self._thread = None
