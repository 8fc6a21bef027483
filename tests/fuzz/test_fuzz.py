"""``make fuzz`` runs every target for a while, guided by coverage where atheris is installed; ``make test`` tries the
seeds and a few changes of them."""

from __future__ import annotations

import importlib.util
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fuzz.duration import seconds, turns
from tests.fuzz.target import NAMES, Target, load

_STATUS = re.compile(r"^#(\d+)\s+(?:INITED|DONE|NEW|REDUCE|pulse|RELOAD)\s+cov: (\d+) ft: (\d+)", re.MULTILINE)
_STARTING = 240
"""Seconds that the library may take to be instrumented, and the seeds to be tried, on a busy machine."""

Tell = Callable[[str, object], None]


@pytest.mark.parametrize("name", NAMES)
def test_seeds_and_a_few_changes(name: str) -> None:
    """What is promised holds where the search begins, and for its first steps."""
    target, chance = load(name), random.Random(20260305)
    seeds = list(target.seeds())
    assert seeds and max(map(len, seeds)) <= target.longest
    for seed in chance.sample(seeds, min(len(seeds), 6)):
        target.one(seed)
    for _ in range(6):
        target.one(target.mutate(chance.choice(seeds), chance)[: target.longest])


@pytest.mark.fuzz
@pytest.mark.parametrize("name", NAMES)
def test_for_a_while(name: str, tmp_path: Path, record_property: Tell) -> None:
    target = load(name)
    if importlib.util.find_spec("atheris") is None:
        _blindly(name, target, record_property)
    else:
        _guided(name, target, tmp_path, record_property)


def _blindly(name: str, target: Target, tell: Tell) -> None:
    """Changes upon changes without a guide; a find is shown with the octets."""
    chance, runs = random.Random(), 0
    pool = list(target.seeds())
    for _ in turns():
        data = target.mutate(chance.choice(pool), chance)[: target.longest]
        try:
            target.one(data)
        except Exception as error:
            error.add_note(f"target {name}, octets {data.hex()}")
            raise
        runs += 1
        if chance.random() < 0.02:
            pool.append(data)
    tell("fuzz", f"{name}: {seconds()} s, {runs} runs without a guide")


def _guided(name: str, target: Target, folder: Path, tell: Tell) -> None:
    """What libFuzzer finds fails the test; the octets are shown."""
    corpus, found, words = folder / "corpus", folder / "found", folder / "words"
    corpus.mkdir()
    found.mkdir()
    entries = ("".join(f"\\x{octet:02x}" for octet in word) for word in target.words)
    words.write_text("".join(f'"{entry}"\n' for entry in entries))
    run = subprocess.run(
        [
            *(sys.executable, "-m", "tests.fuzz.run", name, str(corpus), f"-max_total_time={seconds()}"),
            *(f"-max_len={target.longest}", f"-timeout={target.timeout}", "-rss_limit_mb=1536"),
            *([f"-dict={words}"] if target.words else []),
            f"-artifact_prefix={found}/",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=seconds() + target.timeout + _STARTING,
    )
    octets = [path.read_bytes().hex() for path in found.iterdir()]
    assert run.returncode == 0 and not octets, f"{run.stdout[-3000:]}\n{run.stderr[-4000:]}\noctets: {octets}"
    states = [tuple(map(int, state)) for state in _STATUS.findall(run.stderr)]
    (_, edges, features), (runs, more_edges, more_features) = states[0], states[-1]
    tell(
        "fuzz",
        f"{name}: {seconds()} s, {runs} runs, edges {edges} -> {more_edges}, features {features} -> {more_features}",
    )
