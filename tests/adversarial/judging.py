"""A sample judged with all that lies beside it."""

from __future__ import annotations

from vn_edoc import Verifier
from vn_edoc.limits import Limits
from vn_edoc.testing.builder import Sample
from vn_edoc.validity import Report

__all__ = ["judged", "report_on"]


def report_on(sample: Sample, packet: bytes | None = None, limits: Limits | None = None) -> Report:
    """The report on a sample, or on another packet in its place."""
    verifier = Verifier(
        trust=sample.trust_object(),
        evidence=sample.evidence_object(),
        bindings=sample.bindings_object(),
        limits=limits,
    )
    source = sample.packet if packet is None else packet
    return verifier.verify(source, at=sample.judged_at, context=sample.context_object())


def judged(sample: Sample, packet: bytes | None = None, limits: Limits | None = None) -> tuple[str, str]:
    """Both conclusions."""
    report = report_on(sample, packet, limits)
    assert report.document is not None
    assert report.exchange is not None
    return report.document.value.value, report.exchange.value.value
