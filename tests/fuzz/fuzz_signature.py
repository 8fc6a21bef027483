"""Coverage-guided fuzzing of the PDF and CMS verifiers: ``python -m tests.fuzz.fuzz_signature CORPUS [options]``.

The only assertion is the boundary promise: whatever the bytes, findings and no exception. Nothing turns positive, for
no anchors are given.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["vn_edoc"]):
    from vn_edoc.limits import Limits
    from vn_edoc.signature import verify_cms, verify_pdf

_BOUNDS = Limits(seconds=5, pdf_bytes=4 << 20, pdf_stream_bytes=4 << 20, pdf_objects=20_000, cms_bytes=1 << 20)


def one(data: bytes) -> None:
    """A PDF where it says so, else a CMS."""
    found = verify_pdf(data, limits=_BOUNDS) if b"%PDF-" in data[:1024] else verify_cms(data, b"x", limits=_BOUNDS)
    for told in found.findings:
        told.to_dict()
    for signature in found.signatures:
        assert signature.trusted is not True and signature.indication != "TOTAL-PASSED"
        for told in signature.findings:
            told.to_dict()
        if signature.intact and signature.content is not None:
            signature.content.read()


def main() -> None:
    """Hand over to libFuzzer."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
