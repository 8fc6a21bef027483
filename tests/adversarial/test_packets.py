"""Packets that another reader may understand in another way: no positive conclusion rests on them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adversarial.judging import judged
from vn_edoc import Verifier
from vn_edoc.limits import Limits
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.builder import Sample

_OWN = "<edXML:OrganId>H53.09</edXML:OrganId>"


@pytest.fixture(scope="module")
def sample() -> Sample:
    return SampleBuilder().make("good")


def changed(sample: Sample, old: str, new: str) -> bytes:
    before, after = old.encode(), new.encode("utf-8", "surrogateescape")
    assert before in sample.packet
    return sample.packet.replace(before, after, 1)


def test_the_packet_as_made_is_good(sample: Sample) -> None:
    assert judged(sample, sample.packet) == ("original", "replaces_paper")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("rà soát", "r\udcff\udcfe", id="bytes-that-are-no-utf8"),
        pytest.param("</edXML:Subject>", "", id="element-not-closed"),
        pytest.param("rà soát", "rà & soát", id="bare-ampersand"),
        pytest.param(_OWN, "<edXML:OrganId>H53<!-- -->.09</edXML:OrganId>", id="code-split-by-a-comment"),
        pytest.param(_OWN, _OWN + "<edXML:OrganId>H01</edXML:OrganId>", id="second-code"),
    ],
)
def test_what_reads_differently_elsewhere_is_undetermined(sample: Sample, old: str, new: str) -> None:
    assert judged(sample, changed(sample, old, new)) == ("undetermined", "undetermined")


def test_a_cut_packet_is_undetermined(sample: Sample) -> None:
    assert judged(sample, sample.packet[:-10]) == ("undetermined", "undetermined")


def test_a_second_code_does_not_hide_behind_many_findings(sample: Sample) -> None:
    flood = "".join(f"<edXML:To><edXML:OrganId>!{i}</edXML:OrganId></edXML:To>" for i in range(40))
    packet = changed(sample, _OWN, _OWN + "<edXML:OrganId>H01</edXML:OrganId>")
    packet = packet.replace(b"<edXML:To>", flood.encode() + b"<edXML:To>", 1)
    assert judged(sample, packet, replace(Limits(), findings=10)) == ("undetermined", "undetermined")


def test_signatures_beyond_the_limit_are_not_taken_for_good(sample: Sample) -> None:
    assert judged(sample, sample.packet, replace(Limits(), signatures=1))[0] != "original"


def test_unknown_elements_are_kept_up_to_a_bound(sample: Sample) -> None:
    packet = changed(sample, "<edXML:To>", "<a/>" * 30 + "<edXML:To>")
    assert judged(sample, packet) == ("original", "replaces_paper")
    assert judged(sample, packet, replace(Limits(), findings=10)) == ("undetermined", "undetermined")


def test_more_elements_than_allowed_are_not_parsed(sample: Sample) -> None:
    packet = changed(sample, "<edXML:To>", "<a/>" * 300 + "<edXML:To>")
    report = Verifier(limits=replace(Limits(), xml_elements=300)).verify(packet)
    assert (report.kind, [f.rule for f in report.findings]) == ("unreadable", ["xml.limit"])


def test_attachments_that_share_a_content_id_are_ambiguous(sample: Sample) -> None:
    packet = sample.packet.replace(b"-8000-000000000002", b"-8000-000000000001")
    assert judged(sample, packet) == ("undetermined", "undetermined")


@pytest.mark.parametrize("name", ["good", "ocsp-forged"])
def test_numbers_of_persons_and_agencies_are_masked_everywhere(name: str) -> None:
    sample = SampleBuilder().make(name)
    verifier = Verifier(
        trust=sample.trust_object(), evidence=sample.evidence_object(), bindings=sample.bindings_object()
    )
    report = verifier.verify(sample.packet, at=sample.judged_at, context=sample.context_object())
    said = "".join((report.to_json(), report.to_text("vi"), report.to_text("en"), report.to_html("vi"), repr(report)))
    numbers = {
        v
        for s in report.signatures
        if s.signer
        for kind in ("CCCD", "MST", "MNS")
        for v in s.signer.private.values(kind)
    }
    assert numbers
    assert not [number for number in numbers if number in said]
