"""What is kept about a signer's certificate between two signatures says what judging it anew says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signature.cast import EVIDENCE, PKI, TRUST, signer
from vn_edoc.errors import SigningError
from vn_edoc.limits import Limits
from vn_edoc.signature import before_signing
from vn_edoc.signature.before_signing import check_signer
from vn_edoc.testing.profiles import CAST

NAMES = sorted(CAST)


def outcome(call: Any) -> Any:
    """What was found, or the refusal."""
    try:
        return call()
    except SigningError as error:
        return str(error), error.field, error.rule


def anew(name: str, at: datetime) -> Any:
    key = signer(name)
    return outcome(
        lambda: before_signing._checked(
            key.certificate_der, key.chain, None, None, None, at, Limits(), require_revocation=False
        )
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_kept_is_what_judging_anew_says(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    certificate = PKI[name].certificate
    bound = data.draw(st.sampled_from([certificate.not_valid_before_utc, certificate.not_valid_after_utc]))
    step = data.draw(st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(hours=9), timedelta(days=40)]))
    at = bound + data.draw(st.sampled_from([-1, 1])) * step
    if data.draw(st.booleans()):
        at = datetime.now(UTC)
    assert outcome(lambda: check_signer(signer(name), at=at)) == anew(name, at)


@pytest.mark.parametrize("arguments", [{"trust": TRUST}, {"evidence": EVIDENCE}, {"require_revocation": True}])
def test_nothing_is_kept_of_a_judgement_on_trust_or_evidence(
    arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(before_signing, "_without_anchors", never)
    check_signer(signer("agency"), **arguments)
    with pytest.raises(AssertionError):
        check_signer(signer("agency"))


def test_many_certificates_beside_it_are_told() -> None:
    _, findings = check_signer(signer("agency"), limits=Limits(certificates=0))
    assert "path.limit" in [finding.rule for finding in findings]
