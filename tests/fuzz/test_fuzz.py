"""``make fuzz`` runs the coverage-guided harnesses for a while; ``VN_EDOC_FUZZ_SECONDS`` says how long each."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import ROOT


def _fuzz(harness: str, seeds: Iterable[bytes], folder: Path, longest: int, timeout: int) -> None:
    """Run a harness from these seeds; what it finds fails the test."""
    corpus, found = folder / "corpus", folder / "found"
    corpus.mkdir()
    found.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    seconds = os.environ.get("VN_EDOC_FUZZ_SECONDS", "60")
    run = subprocess.run(
        [
            *(sys.executable, "-m", f"tests.fuzz.{harness}", str(corpus), f"-max_total_time={seconds}"),
            *(f"-max_len={longest}", f"-timeout={timeout}", "-rss_limit_mb=1024", f"-artifact_prefix={found}/"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0 and not list(found.iterdir()), run.stderr[-4000:]


@pytest.mark.fuzz
def test_packet_reader(shared: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    samples = shared / "samples" / "edxml"
    paths = [*samples.glob("*.xml"), *(samples / "not_wellformed").iterdir()]
    from tests.envelope.test_containers import SEEDS

    _fuzz("fuzz_envelope", [*(path.read_bytes() for path in paths), *SEEDS], tmp_path, 20000, 30)


@pytest.mark.fuzz
def test_pdf_and_cms_verifiers(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    from tests.signature.hand import OTHER, packed_file, page_file, stream, update
    from tests.signature.test_cms import made as made_cms
    from tests.signature.test_pdf import made

    once = made(page_file(), "person")
    seeds = [page_file(), packed_file(), once, made(packed_file(), "person"), made(once, "agency", "B-LTA")]
    seeds += [update(once, {4: stream(OTHER)}), made_cms(), made_cms(level="B-LT"), made_cms(attached=True)]
    _fuzz("fuzz_signature", seeds, tmp_path, 60000, 40)


@pytest.mark.fuzz
def test_raising_signatures(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    # Signed document or packet, level, answer of the authority, cut, place, what is put in.
    seeds = [bytes((seed, level, mood, 0, 0, 0, 0)) for seed in range(6) for level in range(3) for mood in (0, 4, 5, 6)]
    seeds += [bytes((seed, 2, 0, 0, 0, 4, at)) + b" <x/>" for seed in range(6) for at in range(0, 256, 60)]
    _fuzz("fuzz_extend", seeds, tmp_path, 2000, 40)
