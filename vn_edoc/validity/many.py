"""Many sources at once, on all cores. A damaged file, or one that kills its process, never stops the run."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, TypeAlias

from vn_edoc.errors import UsageError, VnEdocError
from vn_edoc.findings import VIETNAM, Severity
from vn_edoc.validity.conclusions import ENCLOSED
from vn_edoc.validity.context import Context
from vn_edoc.validity.report import Report
from vn_edoc.validity.verifier import Verifier

__all__ = ["Judged", "verify_many"]

Then: TypeAlias = "Callable[[Path, Report], None]"

_AHEAD = 4
"""Sources handed to each process ahead of its work, so that none waits; no more are ever held."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one source. Plain values, so that they cross processes."""

    path: Path
    """The source."""
    report: dict[str, Any] | None = field(repr=False)
    """The report in its JSON form; ``None`` where the source could not be judged at all."""
    readable: bool = False
    """Whether the source could be read."""
    document: str | None = None
    """Value of the document itself; ``None`` for a status packet."""
    exchange: str | None = None
    """Value of sending it."""
    paper_also: bool = False
    """Paper has to be sent as well."""
    errors: int = 0
    """Findings of severity error or fatal."""
    warnings: int = 0
    """Findings of severity warning."""
    reason_vi: str = ""
    """The first reason of the conclusion, or why it could not be judged."""
    reason_en: str = ""
    """The same in English."""
    enclosed: bool = False
    """The packet stood in a container (MIME multipart, ZIP): nothing is concluded from it."""


@dataclass(frozen=True, slots=True)
class _Task:
    at: datetime
    known_at: datetime | date | None
    context: Context | None
    then: Then | None


def verify_many(
    factory: Callable[[], Verifier],
    paths: Iterable[str | os.PathLike[str]],
    *,
    at: datetime | None = None,
    known_at: datetime | date | None = None,
    context: Context | None = None,
    workers: int | None = None,
    then: Then | None = None,
) -> Iterator[Judged]:
    """Judge files in their order, ``workers`` processes at a time (default: one a core).

    ``factory`` makes the verifier, once a process; it and ``then`` (called with each path and report in the process
    that made it, to write files) must be picklable, such as a module's function or ``functools.partial`` of one.
    ``at`` defaults to one now for all. With one worker all is done in this process.
    """
    workers = _cores() if workers is None else workers
    if workers < 1:
        raise UsageError("workers must be at least 1", "workers phải từ 1", field="workers", value=workers)
    moment = datetime.now(VIETNAM) if at is None else at
    task = _Task(moment, known_at, context, then)
    given = [Path(p) for p in paths]
    if workers == 1 or len(given) < 2:
        verifier = factory()
        for path in given:
            yield _judge(verifier, path, task)
        return
    yield from _in_processes(factory, given, task, min(workers, len(given)))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_PRELOADED = [
    "vn_edoc.calendar.deadlines",
    "vn_edoc.calendar.workcalendar",
    "vn_edoc.identifiers.bindings",
    "vn_edoc.signature.cms",
    "vn_edoc.signature.packet.verify",
    "vn_edoc.signature.pdf",
    "vn_edoc.signature.pdf_changes",
    "vn_edoc.signature.pdf_structure",
    "vn_edoc.signature.pyhanko_adapter.changes",
    "vn_edoc.signature.pyhanko_adapter.document",
    "vn_edoc.signature.pyhanko_adapter.revocation_data",
    "vn_edoc.signature.xml.verify",
    "vn_edoc.validity.appearance",
    "vn_edoc.validity.page",
    "vn_edoc.validity.verifier",
]
"""What judging a signed packet imports, once for all processes; one that is missing is passed over in silence."""


def _pool(factory: Callable[[], Verifier], workers: int) -> ProcessPoolExecutor:
    # The fork server has no threads of ours; it imports the library once for all workers.
    methods = multiprocessing.get_all_start_methods()
    started = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if started.get_start_method() == "forkserver":
        started.set_forkserver_preload(_PRELOADED)
    return ProcessPoolExecutor(workers, mp_context=started, initializer=_start, initargs=(factory,))


def _in_processes(factory: Callable[[], Verifier], paths: list[Path], task: _Task, workers: int) -> Iterator[Judged]:
    waiting = deque(paths)
    running: deque[tuple[Path, Future[Judged]]] = deque()
    pool = _pool(factory, workers)
    try:
        while waiting or running:
            try:
                while waiting and len(running) < workers * _AHEAD:
                    with _uninterrupted():
                        running.append((waiting[0], pool.submit(_work, waiting[0], task)))
                    waiting.popleft()
                result = running[0][1].result()
            except BrokenProcessPool:
                # Some source killed its process. Those under way are done again, each in a process of its own.
                pool.shutdown(wait=True, cancel_futures=True)
                for path, future in running:
                    yield _kept(future) or _alone(factory, path, task)
                running.clear()
                pool = _pool(factory, workers)
            else:
                running.popleft()
                yield result
    except KeyboardInterrupt:
        _stop(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes started here do not hear Ctrl-C, not even while they load: this one ends them, and they say nothing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would unblock the signal again while it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool: what they are writing is cleaned up, and who does not end soon is ended."""
    processes = list((pool._processes or {}).values())
    manager: Any = pool._executor_manager_thread
    for process in processes:
        process.terminate()
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
    if manager is not None:  # it closes what the end of the program would still write to
        manager.join(_PATIENCE)


_PATIENCE = 2.0
"""Seconds that a process has for ending itself."""


def _kept(future: Future[Judged]) -> Judged | None:
    return future.result() if future.done() and not future.cancelled() and future.exception() is None else None


def _alone(factory: Callable[[], Verifier], path: Path, task: _Task) -> Judged:
    with _pool(factory, 1) as pool:
        try:
            with _uninterrupted():
                judging = pool.submit(_work, path, task)
            return judging.result()
        except KeyboardInterrupt:
            _stop(pool)
            raise
        except BrokenProcessPool:
            return Judged(
                path,
                None,
                reason_vi="Tiến trình kiểm tra tệp này bị dừng đột ngột (thiếu bộ nhớ hoặc lỗi thư viện).",
                reason_en="The process that checked this file died (out of memory, or a fault of a library).",
            )


_verifier: Verifier | None = None
_over = threading.Event()
"""Set once this process was told to end: the pool catches what is raised in a task, and goes on."""


def _start(factory: Callable[[], Verifier]) -> None:
    global _verifier
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _verifier = factory()
    # Not before: while nothing is written there is nothing to clean up, and the pool would print what is raised here.
    signal.signal(signal.SIGTERM, _end)


def _end(*_: object) -> None:
    if _over.is_set():
        os._exit(1)
    _over.set()
    raise SystemExit


def _work(path: Path, task: _Task) -> Judged:
    assert _verifier is not None
    if _over.is_set():
        os._exit(1)
    try:
        return _judge(_verifier, path, task)
    finally:
        if _over.is_set():
            os._exit(1)


def _judge(verifier: Verifier, path: Path, task: _Task) -> Judged:
    try:
        report = verifier.verify(path, task.at, task.known_at, task.context)
        if task.then is not None:
            task.then(path, report)
    except VnEdocError as error:
        return Judged(path, None, reason_vi=error.message_vi, reason_en=error.message_en)
    reasons = () if report.document is None else report.document.reasons
    first = next(iter(reasons or report.at_least(Severity.ERROR)), None)
    if first is None and report.document is None and report.enclosed:
        first = next((f for f in report.findings if f.rule in ENCLOSED), None)
    return Judged(
        path,
        report.to_dict(),
        report.readable,
        None if report.document is None else report.document.value.value,
        None if report.exchange is None else report.exchange.value.value,
        report.exchange is not None and report.exchange.paper_also,
        len(report.at_least(Severity.ERROR)),
        sum(f.severity is Severity.WARNING for f in report.findings),
        "" if first is None else first.message_vi,
        "" if first is None else first.message_en,
        report.enclosed,
    )
