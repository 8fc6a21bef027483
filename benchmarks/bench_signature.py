"""Signing and verifying PDF documents beside bare pyHanko, in one run."""

from __future__ import annotations

import io
import os
from functools import cache
from typing import Any

from benchmarks.harness import Row, compare


@cache
def _pki() -> Any:
    from vn_edoc.testing import ThrowawayPki

    return ThrowawayPki()


def _document(size: int) -> bytes:
    """A sample document with ``size`` bytes of incompressible data in a stream."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    from vn_edoc.testing import draw_document

    writer = IncrementalPdfFileWriter(io.BytesIO(draw_document().pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/PieceInfo"] = writer.add_object(generic.StreamObject(stream_data=os.urandom(size)))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _signer() -> Any:
    from vn_edoc.signature.keys import SoftwareSigner

    identity = _pki()["person"]
    return SoftwareSigner(identity.key, identity.certificate, identity.issuers[:-1])


def _signed(pdf: bytes, times: int) -> bytes:
    from vn_edoc.signature import sign_pdf

    signer = _signer()
    for _ in range(times):
        out = io.BytesIO()
        sign_pdf(pdf, out, signer, preflight="off")
        pdf = out.getvalue()
    return pdf


def _peer_signing(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    peer = signers.SimpleSigner.load_pkcs12_data(_pki()["person"].pkcs12(b"x"), other_certs=[], passphrase=b"x")
    meta = signers.PdfSignatureMetadata(
        field_name="Signature1", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )

    def sign() -> Any:
        return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=peer)

    return sign


def _peer_validation(pdf: bytes) -> Any:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = x509.Certificate.load(_pki()["root"].der)
    crls = [_pki().crl("root"), _pki().crl("state-ca")]

    def validate() -> Any:
        context = ValidationContext(trust_roots=[root], crls=crls, revocation_mode="hard-fail")
        reader = PdfFileReader(io.BytesIO(pdf))
        return [validate_pdf_signature(s, context) for s in reader.embedded_signatures]

    return validate


def run() -> list[Row]:
    """The rows of this area."""
    from vn_edoc.signature import Evidence, TrustStore, sign_pdf, verify_pdf

    small = _document(100_000)
    signer = _signer()
    trust = TrustStore([_pki()["root"].der])
    evidence = Evidence(crls=(_pki().crl("root"), _pki().crl("state-ca")))
    once, twenty = _signed(small, 1), _signed(small, 20)
    peer = "pyHanko 0.38"
    return [
        compare(
            "signature", "sign PDF 100 KB, B-B, key loaded once", lambda: sign_pdf(small, io.BytesIO(), signer),
            f"{peer} SimpleSigner", _peer_signing(small), 4.0,
        ),
        compare(
            "signature", "verify PDF 100 KB, 1 signature",
            lambda: verify_pdf(once, trust=trust, evidence=evidence), peer, _peer_validation(once), 1 / 1.3,
        ),
        compare(
            "signature", "verify PDF 100 KB, 20 signatures",
            lambda: verify_pdf(twenty, trust=trust, evidence=evidence), peer, _peer_validation(twenty), 1.0, rounds=3,
        ),
    ]  # fmt: skip
