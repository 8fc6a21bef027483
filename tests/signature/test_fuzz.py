"""The boundary promise: whatever the bytes, findings come back, nothing escapes and nothing turns positive."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.duration import turns
from tests.signature.cast import EVIDENCE, PKI, TRUST, document
from tests.signature.test_cms import DATA
from tests.signature.test_cms import made as made_cms
from tests.signature.test_pdf import made
from vn_edoc.errors import VnEdocError
from vn_edoc.findings import Location
from vn_edoc.limits import Limits
from vn_edoc.signature import Evidence, validate_path, verify_cms, verify_pdf
from vn_edoc.signature.signed_data import examine
from vn_edoc.signature.timestamps import verify_token

BOUNDS = Limits(pdf_stream_bytes=4 * 1024 * 1024, seconds=20)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def pdf() -> bytes:
    return made(document().pdf, "person", "B-T")


@cache
def token() -> bytes:
    return PKI.timestamp(b"\x00" * 32)


kinds = st.sampled_from(["flip", "cut", "insert", "repeat"])
places = st.floats(0, 1, exclude_max=True)
edits = st.lists(st.tuples(places, kinds, st.binary(min_size=1, max_size=12)), min_size=1, max_size=6)


def edited(data: bytes, changes) -> bytes:
    out = bytearray(data)
    for place, kind, octets in changes:
        spot = int(place * len(out)) if out else 0
        if kind == "flip" and out:
            out[spot : spot + len(octets)] = octets
        elif kind == "cut":
            del out[spot : spot + octets[0] * 4]
        elif kind == "insert":
            out[spot:spot] = octets
        else:
            out[spot:spot] = out[spot : spot + octets[0] * 8]
    return bytes(out)


def check_pdf(changes) -> None:
    spoiled = edited(pdf(), changes)
    found = verify_pdf(spoiled, trust=TRUST, evidence=EVIDENCE, limits=BOUNDS)
    assert "verify.internal" not in {f.rule for f in found.findings}
    for sig in found.signatures:
        if sig.indication == "TOTAL-PASSED":
            # Only changes outside what is signed may leave it positive: padding, or nothing at all.
            assert sig.content.read() == pdf()[: sig.content.size] or spoiled == pdf()


def check_cms(changes) -> None:
    raw = edited(made_cached(), changes)
    (sig,) = verify_cms(raw, DATA, trust=TRUST, evidence=EVIDENCE, limits=BOUNDS).signatures
    if sig.intact:
        assert sig.content.read() == DATA


@cache
def made_cached() -> bytes:
    return made_cms("person", "B-T")


@QUICK
@given(edits)
def test_edited_pdf(changes):
    check_pdf(changes)


@QUICK
@given(edits)
def test_edited_cms(changes):
    check_cms(changes)


@QUICK
@given(st.one_of(st.binary(max_size=400), edits))
def test_everything_else(given_):
    raw = given_ if isinstance(given_, bytes) else edited(token(), given_)
    stamp = verify_token(raw, lambda name: b"\x00" * 32, trust=TRUST, limits=BOUNDS)
    assert stamp.findings or stamp.intact
    examine(raw, None, where=Location(), limits=BOUNDS)
    certificate = raw if isinstance(given_, bytes) else edited(PKI["person"].der, given_)
    path = validate_path(certificate, [raw], at=PKI.now(), trust=TRUST)
    assert path.trusted is not True or certificate == PKI["person"].der
    verify_pdf(raw, limits=BOUNDS)
    crls = Evidence(crls=(raw, edited(PKI.crl("root"), [(0.3, "flip", b"x")])), ocsps=(raw,))
    good = validate_path(PKI["person"].der, [PKI["state-ca"].der], at=PKI.now(), trust=TRUST, evidence=crls)
    assert not good.revocation_known
    with suppress(VnEdocError):
        Evidence.of([raw])


@pytest.mark.fuzz
@pytest.mark.parametrize("test", [test_edited_pdf, test_edited_cms, test_everything_else])
def test_for_long(test):
    for _ in turns():
        test()
