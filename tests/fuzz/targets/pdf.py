"""PDFs: findings and no exception, and nothing holds that nobody signed."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache

from tests.fuzz.mutators import pdf_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, TRUST
from tests.signature.hand import OTHER, packed_file, page_file, stream, update
from tests.signature.test_pdf import made
from vn_edoc.errors import SigningError
from vn_edoc.limits import Limits
from vn_edoc.signature import SignatureResult, preflight_pdf, verify_pdf

_BOUNDS = Limits(seconds=10, pdf_bytes=4 << 20, pdf_stream_bytes=4 << 20, pdf_objects=20_000, cms_bytes=1 << 20)
_FORM = b"<< /FT /Tx /T (a) /V (x) /DA (/F1 9 Tf) /Subtype /Widget /Rect [9 9 99 29] /Type /Annot /P 3 0 R >>"


@cache
def _files() -> tuple[bytes, ...]:
    form = page_file(b"/AcroForm << /Fields [6 0 R] >>", b"/Annots [6 0 R]", _FORM)
    once = made(page_file(), "person")
    return (
        *(page_file(), packed_file(), once, made(packed_file(), "person"), made(once, "agency", "B-LTA")),
        *(made(form, "agency", "B-T"), made(page_file(), "person-ec", "B-LT"), update(once, {4: stream(OTHER)})),
    )


@cache
def _signed() -> frozenset[bytes]:
    found = [s for file in _files() for s in verify_pdf(file, trust=TRUST, evidence=EVIDENCE).signatures]
    assert any(s.indication == "TOTAL-PASSED" for s in found)
    return frozenset(_octets(s) for s in found)


def _octets(signature: SignatureResult) -> bytes:
    """What a signature covers: its revision without the signature itself."""
    assert signature.content is not None
    return re.sub(rb"<[0-9a-fA-F]{200,}>", b"", signature.content.read())


def _one(data: bytes) -> None:
    found = verify_pdf(data, trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)
    for told in (*found.findings, *(f for s in found.signatures for f in s.findings)):
        assert told.to_dict() and told.rule != "verify.internal"
    for signature in found.signatures:
        assert signature.indication != "TOTAL-PASSED" or signature.intact
        if signature.intact:
            assert _octets(signature) in _signed(), "what nobody signed is intact"
    with suppress(SigningError):
        preflight_pdf(data, limits=_BOUNDS)


TARGET = Target(_one, _files, pdf_mutated, longest=80_000, timeout=40)
