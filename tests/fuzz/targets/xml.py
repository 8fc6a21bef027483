"""Signed XML of every level and form: findings and no exception, and what was not signed does not pass."""

from __future__ import annotations

import io
from functools import cache

from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, TRUST, Stamper, signer
from tests.signature_xml.test_plain import DOCUMENT
from vn_edoc.limits import Limits
from vn_edoc.signature import sign_xml, verify_xml

_BOUNDS = Limits(seconds=10, packet_bytes=4 << 20, xml_elements=5_000)
_SMALL = b'<r xmlns="urn:r"><a Id="x">1</a></r>'


def _made(data: bytes, who: str = "agency", level: str = "B-B", **options: object) -> bytes:
    out = io.BytesIO()
    if level != "B-B":
        options |= {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE}
    sign_xml(data, out, signer(who), level, **options)  # type: ignore[arg-type]
    return out.getvalue()


@cache
def _files() -> tuple[bytes, ...]:
    return (
        *(_made(_SMALL), _made(DOCUMENT), _made(_SMALL, "agency-ec"), _made(_SMALL, scheme="pss", digest="sha512")),
        *(_made(_SMALL, form="enveloping"), _made(_made(_SMALL), "person"), _made(_SMALL, roles=("Văn thư",))),
        *(_made(_SMALL, level=level) for level in ("B-T", "B-LT", "B-LTA")),
    )


@cache
def _signed() -> frozenset[bytes]:
    found = [s for file in _files() for s in verify_xml(file, trust=TRUST, evidence=EVIDENCE).signatures]
    assert sum(s.indication == "TOTAL-PASSED" for s in found) == len(_files())
    return frozenset(s.content.read() for s in found if s.content is not None)


def _one(data: bytes) -> None:
    found = verify_xml(data, trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)
    for told in (*found.findings, *(f for s in found.signatures for f in s.findings)):
        assert told.to_dict() and told.rule != "verify.internal"
    for signature in found.signatures:
        assert signature.indication != "TOTAL-PASSED" or signature.intact
        if signature.intact and signature.content is not None:
            assert signature.content.read() in _signed(), "what nobody signed is intact"


TARGET = Target(_one, _files, xml_mutated, longest=30_000, words=(b"ds:", b"xades:", b"xmlns:ds=", b"Id="))
