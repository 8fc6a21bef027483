"""The family of an anchor, where a folder is named after it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from vn_edoc.signature import TrustScheme, TrustStore
from vn_edoc.testing import SampleBuilder


def _sha256(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize(
    ("folder", "scheme"),
    [
        ("official", TrustScheme.OFFICIAL),
        ("national", TrustScheme.NATIONAL),
        ("foreign", TrustScheme.FOREIGN),
        ("other", TrustScheme.UNSPECIFIED),
        ("unspecified", TrustScheme.UNSPECIFIED),
    ],
)
def test_a_folder_names_the_family(folder: str, scheme: TrustScheme, tmp_path: Path) -> None:
    pki = SampleBuilder().pki
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "root.crt").write_bytes(pki["root"].pem)
    (tmp_path / "own.crt").write_bytes(pki["national-root"].pem)
    for place in (tmp_path, tmp_path / folder, tmp_path / folder / "root.crt"):
        store = TrustStore.load(place)
        assert store.scheme(_sha256(pki["root"].der)) is scheme
    assert TrustStore.load(tmp_path).scheme(_sha256(pki["national-root"].der)) is TrustScheme.UNSPECIFIED
    given = TrustStore.load(tmp_path, scheme=TrustScheme.OFFICIAL)
    assert given.scheme(_sha256(pki["root"].der)) is TrustScheme.OFFICIAL


def test_samples_say_whose_root_is_national(tmp_path: Path) -> None:
    sample = SampleBuilder().make("public-agency")
    sample.write(tmp_path)
    written = TrustStore.load(tmp_path / "trust")
    for sha in written._anchors:
        assert written.scheme(sha) is sample.trust_object().scheme(sha)
    assert TrustScheme.NATIONAL in {written.scheme(sha) for sha in written._anchors}
