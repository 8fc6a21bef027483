"""Digests that are made while a packet is read change nothing of what is said of it."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.signature.cast import EVIDENCE, TRUST, signer
from tests.signature_xml.test_packet import HEADED, PLAIN, SEALED
from vn_edoc.envelope.reader import read_watched
from vn_edoc.errors import Unreadable
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature import sign_packet, verify_packet
from vn_edoc.signature.packet import ahead
from vn_edoc.signature.packet.verify import PacketVerification

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small packets too are digested ahead."""
    monkeypatch.setattr(ahead, "_LARGE", 0)


def said(result: PacketVerification) -> object:
    return (
        result.state,
        result.findings,
        [
            (s.intact, s.changes, s.sub_indication, s.findings, [(r.target, r.matches, r.sha256) for r in s.references])
            for s in result.signatures
        ],
    )


def _both(data: bytes) -> tuple[object, object]:
    """What is said with digests made ahead, and without."""
    with_them = said(verify_packet(data, trust=TRUST, evidence=EVIDENCE, at=AT))
    try:
        with vn_edoc.read(data) as packet:
            return with_them, said(verify_packet(packet, trust=TRUST, evidence=EVIDENCE, at=AT))
    except Unreadable as error:
        return with_them, ("absent", error.findings, [])


def test_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    plain = ahead.Ahead.digest

    def counted(self: ahead.Ahead, name: str, octets: bytes) -> bytes | None:
        made = plain(self, name, octets)
        taken.append(made is not None)
        return made

    monkeypatch.setattr(ahead.Ahead, "digest", counted)
    before = threading.active_count()
    assert verify_packet(HEADED).state == "verifies"
    assert sum(taken) == 1
    assert threading.active_count() == before


@pytest.mark.parametrize("data", [PLAIN, SEALED, HEADED], ids=["plain", "seal", "header"])
def test_the_same_is_said(data: bytes) -> None:
    one, other = _both(data)
    assert one == other


@pytest.mark.parametrize("digest", ["sha384", "sha512"])
def test_other_digests(digest: str) -> None:
    out = io.BytesIO()
    sign_packet(PLAIN, out, signer("agency"), form="header", digest=digest)
    one, other = _both(out.getvalue())
    assert one == other
    assert verify_packet(out.getvalue()).state == "verifies"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mutated_packets_are_judged_the_same(data: st.DataObject) -> None:
    octets = bytearray(HEADED)
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(octets) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "double"]))
        if kind == "flip":
            octets[at] ^= 1 << data.draw(st.integers(0, 7))
        elif kind == "cut":
            del octets[at : at + data.draw(st.integers(1, 50))]
        else:
            octets[at:at] = octets[at : at + data.draw(st.integers(1, 300))]
    one, other = _both(bytes(octets))
    assert one == other


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[:9000] + b" " + t[9000:], lambda t: t + b"\n"])
def test_a_content_that_is_not_plain_is_left_to_the_verification(change: Callable[[bytes], bytes]) -> None:
    content = max(re.findall(rb">([A-Za-z0-9+/=]{8192,})<", HEADED), key=len)
    one, other = _both(HEADED.replace(content, change(content)))
    assert one == other


def test_contents_are_hashed_when_they_are_asked_for() -> None:
    with vn_edoc.read(HEADED) as packet, read_watched(HEADED, watch=lambda *_: False) as later:
        assert [a.sha256 for a in later.attachments] == [a.sha256 for a in packet.attachments]
        assert [a.read() for a in later.attachments] == [a.read() for a in packet.attachments]


def test_foreign_faults_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("foreign")

    monkeypatch.setattr(ahead, "read_signed_info", broken)
    assert verify_packet(HEADED, limits=DEFAULT_LIMITS).state == "verifies"
