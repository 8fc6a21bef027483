"""What a packet does to documents that are not its sender's."""

from __future__ import annotations

import pytest

from tests.adversarial.judging import report_on
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.builder import Sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    return SampleBuilder().make("good")


def _acting(sample: Sample, kind: int, document_id: str) -> bytes:
    old = b"<edXML:BussinessDocType>0</edXML:BussinessDocType>"
    assert old in sample.packet
    inner = f"<edXML:BussinessDocType>{kind}</edXML:BussinessDocType>"
    if kind == 3:
        inner += (
            f"<edXML:ReplacementInfoList><edXML:ReplacementInfo><edXML:DocumentId>{document_id}</edXML:DocumentId>"
            "</edXML:ReplacementInfo></edXML:ReplacementInfoList>"
        )
    else:
        inner += f"<edXML:DocumentId>{document_id}</edXML:DocumentId>"
    return sample.packet.replace(old, inner.encode(), 1)


def _told(sample: Sample, kind: int, document_id: str) -> bool:
    rules = {f.rule for f in report_on(sample, _acting(sample, kind, document_id)).findings}
    return "envelope.foreign_document" in rules


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_acting_on_another_agency_s_document_is_told(sample: Sample, kind: int) -> None:
    assert _told(sample, kind, "H01.04,2026/10/01,12/QĐ-SNV")
    assert _told(sample, kind, "000.00.04.H01,2026/10/01,12/QĐ-SNV")


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_acting_on_one_s_own_is_not(sample: Sample, kind: int) -> None:
    assert not _told(sample, kind, "H53.09,2026/10/01,12/QĐ-SNV")
    assert not _told(sample, kind, "000.00.09.H53,2026/10/01,12/QĐ-SNV")
    assert not _told(sample, kind, "no id at all")


def test_what_new_documents_carry_is_not_acted_on(sample: Sample) -> None:
    assert not _told(sample, 0, "H01.04,2026/10/01,12/QĐ-SNV")
