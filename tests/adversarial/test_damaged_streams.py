"""A file damaged inside a compressed stream after signing is a changed file, not an accident of the reader."""

from __future__ import annotations

import io
import zlib

import pytest

from tests.signature.hand import stream
from tests.signature.test_attacks import minimal
from vn_edoc import Verifier
from vn_edoc.signature import TrustStore, sign_pdf
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import ThrowawayPki


@pytest.fixture(scope="module")
def signed() -> tuple[bytes, TrustStore]:
    pki = ThrowawayPki()
    identity = pki["person"]
    packed = zlib.compress(b"BT /F1 14 Tf 72 720 Td (VAN BAN 17/QD) Tj ET\n" * 40)
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(packed, b"/Filter /FlateDecode"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )
    out = io.BytesIO()
    sign_pdf(pdf, out, SoftwareSigner(identity.key, identity.certificate, identity.issuers[:-1]))
    return out.getvalue(), TrustStore([pki["root"].der])


def test_every_damage_of_a_packed_stream_is_a_change(signed: tuple[bytes, TrustStore]) -> None:
    raw, trust = signed
    verifier = Verifier(trust=trust)
    assert "R08" not in {f.rule for f in verifier.verify(raw).findings}
    first = raw.index(b"stream") + 7
    for place in range(first, raw.index(b"endstream") - 1, 3):
        damaged = bytearray(raw)
        damaged[place] ^= 0x5A
        rules = {f.rule for f in verifier.verify(bytes(damaged)).findings}
        assert "R08" in rules and "verify.internal" not in rules, place
