"""CMS, detached and attached: findings and no exception, and no other content is intact."""

from __future__ import annotations

from functools import cache

from tests.fuzz.mutators import der_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, TRUST
from tests.signature.test_cms import DATA, made
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_cms

_BOUNDS = Limits(seconds=10, cms_bytes=1 << 20)


@cache
def _seeds() -> tuple[bytes, ...]:
    return (
        *(made(), made("person-ec"), made(scheme="pss"), made(attached=True), made("agency", "B-T")),
        *(made(level="B-LT"), made("agency", "B-LT", attached=True)),
    )


def _one(data: bytes) -> None:
    for content in (DATA, None):
        found = verify_cms(data, content, trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)
        for told in (*found.findings, *(f for s in found.signatures for f in s.findings)):
            assert told.to_dict() and told.rule != "verify.internal"
        for signature in found.signatures:
            assert signature.indication != "TOTAL-PASSED" or signature.intact
            if signature.intact:
                assert signature.content is not None and signature.content.read() == DATA


TARGET = Target(_one, _seeds, der_mutated, longest=40_000)
