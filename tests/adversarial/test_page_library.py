"""PDFium works in a process of its own: what a file does to it becomes a finding, and this process lives on."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adversarial.judging import judged, report_on
from vn_edoc import verify
from vn_edoc.limits import Limits
from vn_edoc.testing import SampleBuilder, draw_document
from vn_edoc.validity import Report, pdfium
from vn_edoc.validity.page import read_page

pytest.importorskip("pypdfium2")

_CHILD = "import os, sys, time; sys.path[:] = sys.argv[1:]; from vn_edoc.validity import pdfium_worker, pdfium_jobs; "


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """No process of an earlier test, and none left of this one."""
    pdfium._at_exit()
    yield
    pdfium._at_exit()


def _behaving(monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Let the child do something else than its job."""
    monkeypatch.setattr(pdfium, "_BOOTSTRAP", f"{_CHILD}pdfium_worker.run = lambda *_: {does}; pdfium_worker.main()")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return draw_document().pdf


def _said(report: Report) -> set[str]:
    return {f.rule for f in report.findings}


@pytest.mark.parametrize(
    "does",
    [
        "os.abort()",
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "1/0",
        "bytearray(1 << 40)",
        "os.write(3, b'x' * 99)",
        "'x'.x",
    ],
)
def test_a_file_that_kills_the_library_is_told_of(monkeypatch: pytest.MonkeyPatch, pdf: bytes, does: str) -> None:
    _behaving(monkeypatch, does)
    report = verify(pdf)
    assert "pdf.drawing_failed" in _said(report)
    assert "verify.internal" not in _said(report)
    monkeypatch.undo()
    assert "pdf.drawing_failed" not in _said(verify(pdf))


def test_a_good_packet_over_which_the_library_dies_is_undetermined(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = SampleBuilder().make("good")
    _behaving(monkeypatch, "os.abort()")
    report = report_on(sample)
    assert report.document is not None
    assert report.document.value == "undetermined"
    assert "pdf.drawing_failed" in {f.rule for f in report.document.reasons}
    assert "<img" not in report.to_html()
    monkeypatch.undo()
    assert judged(sample)[0] == "original"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    _behaving(monkeypatch, "time.sleep(600)")
    report = verify(pdf, limits=Limits(drawing_seconds=0.5))
    told = [f for f in report.findings if f.rule == "pdf.drawing_failed"]
    assert "took too long" in told[0].message_en
    assert pdfium._worker is None or not pdfium._worker.alive


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    _behaving(monkeypatch, "len(bytearray(700 << 20))")
    assert "pdf.drawing_failed" in _said(verify(pdf, limits=Limits(drawing_bytes=600 << 20)))


def test_where_no_process_can_be_started_pages_are_read_here(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    for executable in ("", "/nowhere/python", "/bin/true"):
        monkeypatch.setattr(pdfium, "_none_starts", False)
        monkeypatch.setattr(sys, "executable", executable)
        page = read_page(pdf)
        assert page is not None
        assert page.number == "1286"
        assert pdfium._worker is None


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM])
def test_want_of_files_or_memory_brings_no_page_into_this_process(
    monkeypatch: pytest.MonkeyPatch, pdf: bytes, number: int
) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(pdfium, "_none_starts", False)
    with monkeypatch.context() as short:
        short.setattr(subprocess, "Popen", none_left)
        (told,) = [f for f in verify(pdf).findings if f.rule == "pdf.drawing_failed"]
    assert "cannot be started" in told.message_en
    assert "attack" not in told.message_en
    assert "pdf.drawing_failed" not in _said(verify(pdf))
    assert pdfium._worker is not None


def test_a_late_start_brings_no_page_into_this_process(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> None:
    pdfium._at_exit()
    monkeypatch.setattr(pdfium, "_none_starts", False)
    with monkeypatch.context() as busy:
        busy.setattr(pdfium, "_START_SECONDS", 0.0)
        (told,) = [f for f in verify(pdf).findings if f.rule == "pdf.drawing_failed"]
    assert "cannot be started" in told.message_en
    assert pdfium._none_starts is False
    assert "pdf.drawing_failed" not in _said(verify(pdf))
    assert pdfium._worker is not None


@pytest.mark.parametrize("running", [False, True])
def test_want_of_threads_is_told_of(monkeypatch: pytest.MonkeyPatch, pdf: bytes, running: bool) -> None:
    def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    if running:
        assert read_page(pdf) is not None
    with monkeypatch.context() as short:
        short.setattr(threading.Timer, "start", none_left)
        said = _said(verify(pdf))
    assert "pdf.drawing_failed" in said
    assert "verify.internal" not in said
    assert "pdf.drawing_failed" not in _said(verify(pdf))


def test_one_process_serves_all_threads(pdf: bytes) -> None:
    seen: list[str | None] = []

    def read() -> None:
        for _ in range(5):
            page = read_page(pdf)
            seen.append(None if page is None else page.number)
            assert pdfium._worker is not None
            processes.add(pdfium._worker.process.pid)

    processes: set[int] = set()
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["1286"] * 20
    assert len(processes) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_gets_one_of_its_own(pdf: bytes) -> None:
    assert read_page(pdf) is not None
    assert pdfium._worker is not None
    own = pdfium._worker.process.pid

    def read(answer: multiprocessing.SimpleQueue[tuple[str | None, int]]) -> None:
        page = read_page(pdf)
        assert pdfium._worker is not None
        answer.put((None if page is None else page.number, pdfium._worker.process.pid))

    forking = multiprocessing.get_context("fork")
    answer = forking.SimpleQueue()
    child = forking.Process(target=read, args=(answer,))
    child.start()
    number, others = answer.get()
    child.join()
    assert (number, others == own) == ("1286", False)
    page = read_page(pdf)
    assert page is not None
    assert pdfium._worker.process.pid == own


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("ending", ["", "raise KeyboardInterrupt", "os.kill(os.getpid(), 9)"])
def test_no_process_outlives_its_parent(tmp_path: Path, pdf: bytes, ending: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf)
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom vn_edoc.validity import pdfium\n"
        "from vn_edoc.validity.page import read_page\n"
        "read_page(Path(sys.argv[1]).read_bytes())\n"
        f"print(pdfium._worker.process.pid, flush=True)\n{ending}\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    process = Path("/proc", done.stdout.strip())
    assert process.name.isdigit()
    until = time.monotonic() + 10
    while process.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not process.exists()


def test_modules_beside_the_file_are_not_imported(tmp_path: Path, pdf: bytes) -> None:
    """Who verifies in a folder of downloads runs nothing that lies there."""
    for name in ("pypdfium2", "json", "vn_edoc"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "a.pdf").write_bytes(pdf)
    program = f"import sys; sys.path[:] = {sys.path!r}; from vn_edoc.cli import main; sys.exit(main())"
    command = [sys.executable, "-I", "-c", program, "verify", "a.pdf", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "taken over" not in done.stderr
    assert '"1286"' in done.stdout or "R04" in done.stdout
