"""Years 0 and 9999, which no clock has and every format can write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import tsp

from tests.adversarial.judging import judged, report_on
from vn_edoc import Verifier
from vn_edoc.errors import UsageError
from vn_edoc.signature.cms_facts import Examined, token_info
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.profiles import CAST, EPOCH
from vn_edoc.testing.recipe import AGENCY_SIGNED, GOOD, signed_by

_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    made = SampleBuilder()
    made.pki.add(replace(CAST["agency"], name="agency-without-end", ends=_END - EPOCH))
    made.pki.add(
        replace(CAST["agency"], name="agency-of-9999", starts=_END - EPOCH - timedelta(hours=3), ends=_END - EPOCH)
    )
    return made


def _signed(builder: SampleBuilder, name: str) -> Any:
    recipe = replace(GOOD, annex=None, signatures=(signed_by("person"), signed_by(name, at=AGENCY_SIGNED)))
    return builder.from_recipe(recipe)


def test_a_certificate_without_end_is_good_and_can_be_reported(builder: SampleBuilder) -> None:
    """RFC 5280, 4.1.2.5: 99991231235959Z stands for "no well-defined expiration date"."""
    sample = _signed(builder, "agency-without-end")
    assert judged(sample) == ("original", "replaces_paper")
    report = report_on(sample)
    for text in (report.to_json(), report.to_text("vi"), report.to_html("en"), report.to_sarif(), report.to_etsi()):
        assert text


def test_a_certificate_that_begins_at_the_end_is_not_valid_yet(builder: SampleBuilder) -> None:
    report = report_on(_signed(builder, "agency-of-9999"))
    assert "R17" in {f.rule for f in report.findings}
    assert "pdf.unreadable" not in {f.rule for f in report.findings}


@pytest.mark.parametrize("moment", [_END, datetime(1, 1, 1, tzinfo=UTC)])
def test_no_judging_at_the_ends_of_time(moment: datetime) -> None:
    with pytest.raises(UsageError):
        Verifier().verify(b"<a/>", at=moment)


@pytest.mark.parametrize("moment", [b"00000101000000Z", b"99991231235959Z", b"20261015032060Z"])
def test_a_token_of_no_moment_is_no_token(moment: bytes) -> None:
    made = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "2.999.1",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
            "serial_number": 1,
            "gen_time": datetime(2026, 10, 15, tzinfo=UTC),
        }
    )
    with pytest.raises(ValueError):
        token_info(Examined(content=made.dump().replace(b"20261015000000Z", moment)))
