"""Who signed a packet is told against who sends it: trusted is not enough."""

from __future__ import annotations

import io

import pytest

from tests.adversarial.judging import report_on
from vn_edoc.findings import Finding, Severity
from vn_edoc.signature import sign_packet
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.builder import Sample
from vn_edoc.testing.recipe import SEALED
from vn_edoc.validity import Report


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    return SampleBuilder()


def _sealed(builder: SampleBuilder, sample: Sample, name: str, form: str) -> Report:
    who, out = builder.pki[name], io.BytesIO()
    signer = SoftwareSigner(who.key, who.certificate, who.issuers)
    sign_packet(io.BytesIO(sample.packet), out, signer, form=form, signed_at=SEALED)  # type: ignore[arg-type]
    return report_on(sample, out.getvalue())


def _told(report: Report) -> list[Finding]:
    return [f for f in report.findings if str(f.data.get("reason", "")).startswith("packet_signer")]


@pytest.mark.parametrize("form", ["seal", "header"])
@pytest.mark.parametrize("name", ["other-agency", "person"])
def test_a_stranger_s_signature_over_the_packet_is_told(builder: SampleBuilder, name: str, form: str) -> None:
    report = _sealed(builder, builder.make("good"), name, form)
    (told,) = _told(report)
    assert (told.rule, told.severity) == ("R81", Severity.WARNING)
    # The register of the sample has a row of the sender, with another number and another name.
    assert told.data["reason"] == "packet_signer_contradicted"
    # Anybody can add one: it says nothing of the document.
    assert report.document is not None
    assert report.document.value.value == "original"


@pytest.mark.parametrize("form", ["seal", "header"])
def test_the_sender_s_own_signature_passes_in_silence(builder: SampleBuilder, form: str) -> None:
    assert _told(_sealed(builder, builder.make("good"), "agency", form)) == []
