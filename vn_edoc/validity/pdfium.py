"""One door to PDFium (pypdfium2, extra ``report``), which works in a process of its own.

PDFium is a large C++ library with global state and no bounds. What it does to a hostile file must not take the host
down: the work is done by one child process, started when the first page is needed and reused, one job at a time. It is
ended, by its own id, when it takes too long, when this process ends, and by itself when nobody is left to ask.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Set
from importlib.util import find_spec
from typing import Any

from vn_edoc.limits import Limits

__all__ = ["PageLibraryFailed", "ask"]

HELLO = b"vn-edoc pdfium 1\n"
"""What the child says when it is ready."""
_BOOTSTRAP = "import sys; sys.path[:] = sys.argv[1:]; from vn_edoc.validity.pdfium_worker import main; main()"
_START_SECONDS = 60.0
_FOR_NOW = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})
"""Why a process does not start that may start later: what the system has for us is used up."""
_ANSWER_BYTES = 256 * 1024 * 1024


class PageLibraryFailed(Exception):
    """PDFium died over a file, took too long, or cannot be started just now. Never leaves the room."""

    def __init__(self, *, late: bool = False, started: bool = True) -> None:
        super().__init__("it took too long" if late else "it died" if started else "it cannot be started")
        self.late = late
        self.started = started
        """It was at work: then the file may be to blame."""


def ask(job: str, content: bytes, limits: Limits, pages: Set[int] = frozenset({0}), **arguments: Any) -> Any | None:
    """What a job of :mod:`~vn_edoc.validity.pdfium_jobs` makes of a PDF, of which it looks at ``pages`` (from 0).

    ``None`` where pypdfium2 is missing, the file cannot be read, or drawing those pages would cost too much: a file
    that our own reader does not understand is not shown to another. Raises :class:`PageLibraryFailed`. Thread-safe.
    """
    if find_spec("pypdfium2") is None or len(content) > limits.pdf_bytes:
        return None
    from vn_edoc.signature.pyhanko_adapter.effort import cheap_to_draw

    if not cheap_to_draw(content, pages, limits):
        return None
    with _turn:
        worker = _ready()
        if worker is not None:
            return worker.do(job, content, limits, arguments)
        from vn_edoc.validity.pdfium_jobs import run

        return run(job, content, arguments)


class _Worker:
    """The child process."""

    def __init__(self) -> None:
        """``OSError``, ``EOFError`` or ``RuntimeError`` (no thread can be started) where it does not start."""
        # Isolated: neither the folder one stands in nor the environment may put modules in the way. It gets our path.
        flags = ["-I", "-B"] if sys.dont_write_bytecode else ["-I"]
        self.process = subprocess.Popen(
            [sys.executable, *flags, "-c", _BOOTSTRAP, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.to, self.back = self.process.stdin, self.process.stdout
        self.late = False
        try:
            with self._watched(_START_SECONDS):
                if self._read(len(HELLO)) != HELLO:
                    raise OSError("the process for pages says something else")
        except BaseException as error:
            self.end()
            if self.late:  # a busy machine; it will not be so for ever
                raise TimeoutError(errno.EAGAIN, "the process for pages does not start in time") from error
            raise

    def do(self, job: str, content: bytes, limits: Limits, arguments: dict[str, Any]) -> Any:
        """Have one job done. Whatever goes wrong ends the process: the next job gets a new one."""
        bounds = {"seconds": limits.drawing_seconds, "bytes": limits.drawing_bytes + 2 * len(content)}
        head = json.dumps({"job": job, "arguments": arguments, **bounds}).encode()
        try:
            with self._watched(limits.drawing_seconds):
                for part in (struct.pack(">QQ", len(head), len(content)), head, content):
                    self._write(part)
                (size,) = struct.unpack(">Q", self._read(8))
                if size > _ANSWER_BYTES:
                    raise ValueError("an answer without end")
                answer = json.loads(self._read(size))
                return answer["result"]
        except (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, struct.error) as error:
            self.end()
            raise PageLibraryFailed(late=self.late) from error
        except BaseException:
            self.end()
            raise

    @contextlib.contextmanager
    def _watched(self, seconds: float) -> Any:
        def stop() -> None:
            self.late = True
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self.to.write(view) or 0 :]

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            chunk = self.back.read(min(size - len(data), 1 << 20))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self.process.poll() is None

    def end(self) -> None:
        """End the process and wait for it."""
        self.process.kill()
        self.release()
        self.process.wait()

    def release(self) -> None:
        """Close our ends of the pipes."""
        for pipe in (self.to, self.back):
            with contextlib.suppress(OSError):
                pipe.close()


_turn = threading.Lock()
_worker: _Worker | None = None
_none_starts = False
"""Here no process of ours can be started (a frozen program, an embedding one): pages are read in this one."""


def _ready() -> _Worker | None:
    global _worker, _none_starts
    if _worker is not None and not _worker.alive:
        _worker.release()
        _worker = None
    if _worker is None and not _none_starts:
        try:
            if getattr(sys, "frozen", False) or not sys.executable:
                raise OSError("this program is no Python that could be started once more")
            _worker = _Worker()
        except RuntimeError as error:
            raise PageLibraryFailed(started=False) from error
        except (OSError, EOFError) as error:
            # Want of files or memory passes; it must not bring a hostile file into this process.
            if isinstance(error, OSError) and error.errno in _FOR_NOW:
                raise PageLibraryFailed(started=False) from error
            _none_starts = True
    return _worker


def _at_exit() -> None:
    global _worker
    if _worker is not None:
        _worker.end()
        _worker = None


def _in_forked_child() -> None:
    """The process for pages is the parent's; a lock that a thread of the parent held is held by nobody."""
    global _turn, _worker
    if _worker is not None:
        _worker.release()
        _worker = None
    _turn = threading.Lock()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_forked_child)
