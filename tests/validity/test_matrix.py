"""Every package of the catalogue is concluded as it declares, and the change that makes it bad is named."""

from __future__ import annotations

import pytest

from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.variants import Variant
from vn_edoc.validity import Report, Verifier

BUILDER = SampleBuilder()


def judged(name: str) -> Report:
    sample = BUILDER.make(name)
    verifier = Verifier(
        trust=sample.trust_object(), evidence=sample.evidence_object(), bindings=sample.bindings_object()
    )
    return verifier.verify(sample.packet, at=sample.judged_at, context=sample.context_object())


@pytest.mark.parametrize("variant", SampleBuilder.catalogue(), ids=lambda v: v.name)
def test_variant(variant: Variant) -> None:
    report = judged(variant.name)
    expected = variant.expected
    document = None if report.document is None else report.document.value.value
    exchange = None if report.exchange is None else report.exchange.value.value
    found = {f.rule for f in report.findings}
    assert (document, exchange) == (expected.document, expected.exchange), report.to_text("en")
    assert set(expected.findings) <= found, report.to_text("en")
    assert report.exchange is None or report.exchange.paper_also == expected.paper_also


def test_the_catalogue_is_wide() -> None:
    catalogue = SampleBuilder.catalogue()
    assert len(catalogue) >= 60
    assert {v.expected.document for v in catalogue} >= {"original", "copy", "insufficient", "undetermined"}
