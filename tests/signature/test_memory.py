"""Memory does not grow with the file: whole processes are measured, the libraries included."""

from __future__ import annotations

import sys

import pytest

from tests.signature.big import KINDS, peak_of, write_big

MIB = 1024 * 1024
SIGNERS = ("person", "agency", "deputy")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")


@pytest.mark.parametrize("kind", ["stream", pytest.param("scans", marks=pytest.mark.soak)])
def test_flat(tmp_path, kind):
    """Signed three times and judged: twice the size takes no more than a little more memory. (Up to 16 MiB the
    result is made in memory.)"""
    peaks = []
    for size in (18, 36):
        path = tmp_path / f"{kind}-{size}.pdf"
        write_big(path, kind, size * MIB)
        peaks.append(peak_of("both", path, SIGNERS))
    assert peaks[1] - peaks[0] < 4 * MIB, peaks


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_megabytes(tmp_path, kind):
    """Signed by three, judged after each, within 150 MiB."""
    path = tmp_path / f"{kind}.pdf"
    write_big(path, kind, 100 * MIB)
    told = [("sign", peak_of("sign", path, SIGNERS))]
    signed = path
    for count in (1, 2, 3):
        signed = signed.with_suffix(f".{count}.pdf")
        told.append((f"verify {count}", peak_of("verify", signed, SIGNERS[:count])))
    print(kind, *(f"{what}: {peak / MIB:.0f} MiB" for what, peak in told))
    assert max(peak for _, peak in told) < 150 * MIB, told
