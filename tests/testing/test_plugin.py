"""The pytest plugin, used as another project uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

SUITE = """
from vn_edoc.testing import SampleBuilder, ThrowawayPki


def test_fixtures(vn_edoc_pki, vn_edoc_samples, vn_edoc_sample_folder):
    assert isinstance(vn_edoc_pki, ThrowawayPki)
    assert isinstance(vn_edoc_samples, SampleBuilder) and vn_edoc_samples.pki is vn_edoc_pki
    sample, path = vn_edoc_sample_folder("tampered-pdf")
    assert path.name == "packet.edxml" and path.read_bytes() == sample.packet
"""


def test_plugin_is_explicit(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(SUITE, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    without = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert "fixture 'vn_edoc_pki' not found" in without.stdout
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["vn_edoc.testing.plugin"]\n', encoding="utf-8")
    with_it = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert with_it.returncode == 0, with_it.stdout + with_it.stderr
