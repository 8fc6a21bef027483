"""Rules against signature checks of one packet, and a folder on two processes against one."""

from __future__ import annotations

import functools
import os
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Row, compare
from vn_edoc.testing import SampleBuilder
from vn_edoc.validity import Context, Judged, Verifier, verify_many
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.gather import gather
from vn_edoc.validity.source import Source

_FILES = 200


def run() -> list[Row]:
    """All rows of this area."""
    return [_rules(), *_folder()]


def _verifier(folder: Path) -> Verifier:
    from vn_edoc.identifiers import Bindings
    from vn_edoc.signature import Evidence, TrustStore

    return Verifier(
        trust=TrustStore.load(folder / "trust"),
        evidence=Evidence.load(folder / "evidence"),
        bindings=Bindings.load(folder / "bindings.csv"),
    )


def _rules() -> Row:
    """All rules, conclusions and the report from facts, against gathering the facts (the signature checks)."""
    sample = SampleBuilder().make("good")
    verifier = Verifier(sample.trust_object(), sample.evidence_object(), bindings=sample.bindings_object())
    source = Source.of(sample.packet, verifier.limits)
    context: Context = sample.context_object()

    def facts() -> Facts:
        return gather(verifier, source, sample.judged_at, None, context)

    known = facts()
    return compare(
        "validity",
        "rules, conclusions, report of a packet with three signatures",
        lambda: verifier._judge(source.input, known, None),
        "its signature checks",
        facts,
        floor=5.0,
    )


def _folder() -> list[Row]:
    """A folder of packets: two processes against one. Left out on one core."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    if cores < 2:
        return []
    sample = SampleBuilder().make("good")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample.write(folder)
        paths = []
        for number in range(_FILES):
            path = folder / f"{number:03}.edxml"
            path.write_bytes(sample.packet)
            paths.append(path)
        make = functools.partial(_verifier, folder)

        def judged(workers: int) -> float:
            start = time.perf_counter()
            rows: list[Judged] = list(verify_many(make, paths, at=sample.judged_at, workers=workers))
            assert all(row.document == "original" for row in rows)
            return time.perf_counter() - start

        two, one = judged(2), judged(1)
    return [Row("validity", f"folder of {_FILES} packets, two processes", "one process", two, one, 1.7)]
