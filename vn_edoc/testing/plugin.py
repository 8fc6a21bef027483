"""Pytest fixtures for the test suites of systems that use the library.

Ask for them in the ``conftest.py`` at the root of your tests::

    pytest_plugins = ["vn_edoc.testing.plugin"]

The plugin is not registered by itself: a library that is merely installed should not change anybody's test run.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vn_edoc.testing.builder import Sample, SampleBuilder
from vn_edoc.testing.pki import ThrowawayPki

__all__ = ["vn_edoc_pki", "vn_edoc_sample_folder", "vn_edoc_samples"]


@pytest.fixture(scope="session")
def vn_edoc_pki() -> ThrowawayPki:
    """The throwaway PKI of this test run."""
    return ThrowawayPki()


@pytest.fixture(scope="session")
def vn_edoc_samples(vn_edoc_pki: ThrowawayPki) -> SampleBuilder:
    """The sample builder of this test run: ``vn_edoc_samples.make("good")``."""
    return SampleBuilder(vn_edoc_pki)


@pytest.fixture
def vn_edoc_sample_folder(vn_edoc_samples: SampleBuilder, tmp_path: Path) -> Callable[..., tuple[Sample, Path]]:
    """A function that writes one sample into a temporary folder and returns it with the path of its packet."""

    def write(name: str = "good") -> tuple[Sample, Path]:
        sample = vn_edoc_samples.make(name)
        return sample, sample.write(tmp_path / name)

    return write
