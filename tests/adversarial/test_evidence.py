"""Evidence bundles made to break their reader."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from pathlib import Path

import pytest

from vn_edoc.errors import Unreadable
from vn_edoc.signature import Evidence
from vn_edoc.testing import ThrowawayPki


def _bundle(method: int, *more: str) -> bytes:
    item = ThrowawayPki()["root"].der
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(f"certificates/{hashlib.sha256(item).hexdigest()}.cer", item)
        for name in more:
            archive.writestr(name, item)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bundle_packed_in_another_way_is_refused(tmp_path: Path, method: int) -> None:
    (tmp_path / "bundle.zip").write_bytes(_bundle(method))
    with pytest.raises(Unreadable):
        Evidence.load(tmp_path / "bundle.zip")


def test_an_entry_outside_the_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(_bundle(zipfile.ZIP_STORED, "../../escape.cer"))
    with pytest.raises(Unreadable, match=r"escape\.cer"):
        Evidence.load(tmp_path / "bundle.zip")
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.zip"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_bundle_is_unreadable_and_no_more(tmp_path: Path, method: int) -> None:
    whole = _bundle(method)
    drawn = random.Random(method)
    path = tmp_path / "bundle.zip"
    path.write_bytes(whole)
    assert len(Evidence.load(path).certificates) == 1
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(drawn.randint(1, 8)):
            damaged[drawn.randrange(4, len(damaged))] = drawn.randrange(256)
        path.write_bytes(damaged)
        try:
            Evidence.load(path)
        except Unreadable:
            continue
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.zip"]
