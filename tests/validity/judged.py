"""Reports on sample packages, each made once."""

from __future__ import annotations

from functools import cache
from typing import Any

from vn_edoc.testing import Sample, SampleBuilder
from vn_edoc.validity import Report, Verifier

BUILDER = SampleBuilder()


@cache
def sample(name: str = "good") -> Sample:
    """A sample of the catalogue."""
    return BUILDER.make(name)


def verifier(name: str = "good", **more: Any) -> Verifier:
    """A verifier with all that the sample comes with."""
    one = sample(name)
    given: dict[str, Any] = {
        "trust": one.trust_object(),
        "evidence": one.evidence_object(),
        "bindings": one.bindings_object(),
    }
    return Verifier(**{**given, **more})


@cache
def report(name: str = "good") -> Report:
    """The report on a sample."""
    return judge(name)


def judge(name: str = "good", **more: Any) -> Report:
    """A report of its own, with a verifier of other settings."""
    one = sample(name)
    return verifier(name, **more).verify(one.packet, at=one.judged_at, context=one.context_object())
