"""Digests of what is written or decoded: of short octets when asked for, of long ones aside while they pass by."""

from __future__ import annotations

import hashlib
import queue
import threading

__all__ = ["AsideDigest", "Digest"]

_SHORT = 2 * 1024 * 1024
"""Octets up to this size are hashed where they are taken: a thread is only worth its start for more."""
_WAITING_BYTES = 28 * 1024 * 1024
"""Octets of outputs that may wait to be hashed, all together: a packet with 20 MB of files, or many small ones. What
finds no room is hashed at once, or aside."""
_QUEUED = 4
"""Pieces that may wait for the thread: what bounds the memory of a long output."""

_waiting: dict[int, int] = {}
"""Octets that wait, by their holders. Single operations on it are atomic, so it needs no lock."""


def _may_wait(holder: object, size: int) -> bool:
    """Whether there is room for ``size`` octets of a holder; it is taken then."""
    _waiting[id(holder)] = size
    if sum(_waiting.copy().values()) <= _WAITING_BYTES:
        return True
    _waiting.pop(id(holder), None)
    return False


class Digest:
    """SHA-256 of octets. Until it is asked for it holds the octets themselves, so that nothing can change under it."""

    __slots__ = ("_hex", "_pieces")

    def __init__(self, pieces: list[bytes], made: str | None = None) -> None:
        self._hex = made
        self._pieces = pieces
        if made is None and not _may_wait(self, sum(map(len, pieces))):
            self.hexdigest()

    def hexdigest(self) -> str:
        """The digest, lower-case hexadecimal. May be called from several threads."""
        pieces = self._pieces
        if self._hex is None:
            digest = hashlib.sha256()
            for piece in pieces:
                digest.update(piece)
            self._hex = digest.hexdigest()
            self._pieces = []
            _waiting.pop(id(self), None)
        return self._hex

    def __str__(self) -> str:
        return self.hexdigest()

    def __del__(self, waiting: dict[int, int] = _waiting) -> None:
        # Bound above: at the end of the program the module's own names may be gone already.
        waiting.pop(id(self), None)

    def __eq__(self, other: object) -> bool:
        return self.hexdigest() == other.hexdigest() if isinstance(other, Digest) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hexdigest())

    def __reduce__(self) -> tuple[type[Digest], tuple[list[bytes], str]]:
        return Digest, ([], self.hexdigest())


class AsideDigest:
    """Takes octets piece by piece; many are hashed by a thread, as hashing leaves the interpreter free. The digest is
    SHA-256 unless another is given. With ``waits`` the octets are kept while there is room for them, until somebody
    asks for their digest.

    Use it in a ``with`` statement, so that the thread ends whatever happens.
    """

    def __init__(self, digest: hashlib._Hash | None = None, *, waits: bool = False) -> None:
        self._digest = hashlib.sha256() if digest is None else digest
        self._waits = waits
        self._pieces: list[bytes] = []
        self._queue: queue.Queue[list[bytes] | None] | None = None
        self._thread: threading.Thread | None = None
        self.size = 0
        """Bytes fed."""

    def __enter__(self) -> AsideDigest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread, give room back."""
        self._join()
        _waiting.pop(id(self), None)

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self.size += len(piece)
        if self._queue is not None:
            self._queue.put([piece])
            return
        self._pieces.append(piece)
        if self.size > _SHORT and not (self._waits and _may_wait(self, self.size)):
            self._queue = queue.Queue(_QUEUED)
            self._thread = threading.Thread(target=self._work, args=(self._queue,), daemon=True)
            self._thread.start()
            self._queue.put(self._pieces)
            self._pieces = []

    def digest(self) -> Digest:
        """The SHA-256 of all pieces."""
        if self._thread is None:
            _waiting.pop(id(self), None)
            return Digest(self._pieces)
        self._join()
        return Digest([], self._digest.hexdigest())

    def octets(self) -> bytes:
        """The digest of all pieces, made at once."""
        self._join()
        made = self._digest.copy()
        for piece in self._pieces:
            made.update(piece)
        return made.digest()

    def _work(self, pieces: queue.Queue[list[bytes] | None]) -> None:
        while (some := pieces.get()) is not None:
            while some:
                self._digest.update(some.pop(0))

    def _join(self) -> None:
        if self._queue is not None and self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._queue = None
