"""Thousands of honest files: chance decides nothing of what is said of them."""

from __future__ import annotations

import io
from functools import cache
from random import Random

import pytest
from asn1crypto import keys, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signature.cast import EVIDENCE, PKI, TRUST
from tests.signature.honest import write_honest
from tests.signature.test_pdf import made
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_pdf
from vn_edoc.signature.pyhanko_adapter.appended import odd_segments
from vn_edoc.signature.pyhanko_adapter.document import PdfDocument
from vn_edoc.signature.pyhanko_adapter.unlisted import last_unlisted

FILES, SIGNED = 2_000, 300


@pytest.mark.soak
def test_files_of_many_writers_are_plain() -> None:
    for seed in range(FILES):
        pdf = write_honest(Random(seed))
        document = PdfDocument(io.BytesIO(pdf), Limits())
        references = document.reader.references()
        start = pdf.index(b"1.7") + 4
        found = references.doubtful, references.opaque, odd_segments(document, [start], lambda: False)
        assert not any(found) and last_unlisted(document, start) is None, f"seed {seed}: {found}"


@cache
def other(name: str) -> signers.SimpleSigner:
    """The same signer in other hands: nothing of this library has a part in it."""
    identity = PKI[name]
    store = SimpleCertificateStore()
    store.register_multiple([x509.Certificate.load(der) for der in identity.issuers_der[:-1]])
    key = keys.PrivateKeyInfo.load(pem.unarmor(identity.key_pem())[2])
    return signers.SimpleSigner(x509.Certificate.load(identity.der), key, store)


def signed_by_others(pdf: bytes, name: str, draw: Random, count: int) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=f"Other{count}{draw.choice(['', ' (b', 'ấ'])}",
        md_algorithm=draw.choice(["sha256", "sha384", "sha512"]),
        subfilter=draw.choice([SigSeedSubFilter.PADES, SigSeedSubFilter.ADOBE_PKCS7_DETACHED]),
        reason=draw.choice([None, "Đã ký (bản gốc) \\ stream", "a" * draw.randint(1, 200)]),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    return bytes(signers.sign_pdf(writer, meta, other(name), bytes_reserved=16_384).getvalue())


@pytest.mark.soak
def test_honest_files_signed_by_us_and_by_others() -> None:
    for seed in range(SIGNED):
        draw = Random(seed)
        pdf = write_honest(draw)
        names = draw.sample(["person", "agency", "deputy", "person-ec"], draw.randint(1, 3))
        for count, name in enumerate(names):
            level = draw.choice(["B-B", "B-B", "B-T"])
            pdf = made(pdf, name, level) if draw.random() < 0.5 else signed_by_others(pdf, name, draw, count)
        found = verify_pdf(pdf, trust=TRUST, evidence=EVIDENCE)
        told = [(str(s.indication), str(s.changes)) for s in found.signatures]
        wanted = [("TOTAL-PASSED", "allowed")] * (len(names) - 1) + [("TOTAL-PASSED", "none")]
        assert told == wanted, f"seed {seed}: {[f.message_en for s in found.signatures for f in s.findings]}"
