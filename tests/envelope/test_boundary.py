"""The boundary promise: whatever the bytes, a packet with findings or an exception of our own, within the limits."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.envelope.mutations import mutated
from tests.fuzz.duration import turns
from vn_edoc.envelope import changes, redact
from vn_edoc.envelope.conversion import losses
from vn_edoc.errors import Unreadable

_BOUNDS = vn_edoc.Limits(seconds=20)


def sample_files(shared: Path) -> list[Path]:
    folder = shared / "samples" / "edxml"
    return sorted([*folder.glob("*.xml"), *(folder / "not_wellformed").iterdir()])


def use(data: bytes, second: bytes | None = None, limits: vn_edoc.Limits = _BOUNDS) -> str:
    """Read a packet and everything that hangs on it."""
    try:
        packet = vn_edoc.read(data, limits=limits, attachments=second)
    except Unreadable as error:
        return "unreadable" if error.findings else "unreadable without a finding"
    with packet:
        assert packet.kind in {"document", "status", "attachments", "error_report"}
        assert packet.message is None or packet.message.to_json()
        assert packet.organ_ids is not None
        for finding in packet.findings:
            assert finding.message_vi and finding.message_en and finding.to_dict()
        first, _ = redact(packet)
        assert first.startswith(b"<?xml")
        losses(packet)
        changes(packet, packet)
        for attachment in packet.attachments:
            assert "/" not in attachment.safe_name and attachment.safe_name not in {"", ".", ".."}
            if attachment.damaged:
                assert attachment.sha256 is None
                with pytest.raises(Unreadable):
                    attachment.open()
            else:
                assert len(attachment.read()) == attachment.size
    return "read"


def _mutate(shared: Path, per_sample: int, seed: int) -> dict[str, int]:
    told = {"read": 0, "unreadable": 0}
    chance = random.Random(seed)
    files = sample_files(shared)
    assert len(files) >= 18
    for file in files:
        data = file.read_bytes()
        for _ in range(per_sample):
            told[use(mutated(data, chance))] += 1
    return told


def test_every_sample_mutated(shared: Path) -> None:
    told = _mutate(shared, 150, seed=20260305)
    # Most damage leaves something to read, and some does not: both ways are taken.
    assert told["read"] > 1000 and told["unreadable"] > 50


@pytest.mark.fuzz
def test_every_sample_mutated_thousands_of_ways(shared: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in turns(random_start=True):
        _mutate(shared, 5, seed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda t: f"<edXML>{t}</edXML>".encode()))
def test_any_bytes(data: bytes) -> None:
    use(data)


def test_second_file_may_be_anything(shared: Path) -> None:
    folder = shared / "samples" / "edxml"
    first = (folder / "15_soap_2803_2014.xml").read_bytes()
    good = (folder / "16_soap_2803_2014_attachments.xml").read_bytes()
    assert use(first, good) == "read"
    chance = random.Random(7)
    for _ in range(100):
        use(first, mutated(good, chance))
    with vn_edoc.read(first, attachments=first) as packet:
        assert "envelope.second_file" in {f.rule for f in packet.findings}
