"""Answers that follow from a report are packets that can be sent; a state secret is answered without being touched."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import vn_edoc
import vn_edoc.signature
from tests.validity.judged import report, sample, verifier
from vn_edoc.errors import UsageError
from vn_edoc.findings import Severity
from vn_edoc.testing import SampleBuilder
from vn_edoc.validity import Context

REFUSED = [v.name for v in SampleBuilder.catalogue() if v.expected.document == "insufficient"]
SENT_BACK = ["wrong-receiver", "attachment-missing", "attachment-damaged", "odd-organ-id"]


@pytest.mark.parametrize("name", [*REFUSED[::6], "secret", *SENT_BACK])
def test_refusals_and_acknowledgements_can_be_sent(name: str) -> None:
    one = report(name)
    at = sample(name).judged_at
    refusal, told = one.refusal(at=at), one.acknowledgement(at=at)
    assert refusal is not None
    assert (refusal.status_code, told.status_code) == ("02", "01")
    for ground in one.grounds:
        assert f"{ground.message_vi.rstrip('.')} ({ground.basis[0].cite('vi')})." in str(refusal.description)
    assert one.packet is not None and one.packet.issuer is not None
    assert refusal.response_for is not None and refusal.response_for.organ_id == one.packet.issuer.code, "to the sender"
    assert refusal.sender is not None and refusal.sender.organ_id == one.receiver, "from who checked it"
    for message in (refusal, told):
        out = io.BytesIO()
        vn_edoc.write(message, out)
        packet = vn_edoc.read(out.getvalue(), "strict")
        assert isinstance(packet.message, vn_edoc.StatusMessage)
        assert packet.message.description == message.description
        answer = verifier().verify(out.getvalue(), at=at)
        assert answer.document is None and not answer.at_least(Severity.ERROR)


def test_a_ground_is_said_once() -> None:
    refusal = report("tampered-pdf").refusal(at=sample().judged_at)
    assert refusal is not None
    assert str(refusal.description).count("mã băm không khớp") == 1


def test_who_answers() -> None:
    given = sample()
    for code, organ_id, name in (
        ("H53.14", "H53.14", "Sở Tư pháp"),
        ("000.00.14.H53", "H53.14", "Sở Tư pháp"),  # the addressee, under its code of the other scheme
        ("H41", "H41", "UBND tỉnh Nghệ An"),  # the document came to the wrong agency
    ):
        context = given.context_object().model_copy(update={"receiver_code": code})
        told = verifier().verify(given.packet, at=given.judged_at, context=context).acknowledgement()
        assert told.sender is not None
        assert (told.sender.organ_id, told.sender.organ_name) == (organ_id, name)


@pytest.mark.parametrize("name", ["secret", "top-secret"])
def test_nothing_of_a_secret_is_verified_drawn_or_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object, **__: object) -> None:
        raise AssertionError("a state secret was touched")

    for step in ("verify_pdf", "verify_packet", "verify_cms"):
        monkeypatch.setattr(vn_edoc.signature, step, touched)
    monkeypatch.setattr("vn_edoc.validity.appearance.read_appearances", touched)
    given = sample(name)
    one = verifier(name).verify(given.packet, at=given.judged_at, context=given.context_object())
    assert [f.rule for f in one.findings] == ["R01"]
    subject = "rà soát việc gửi, nhận văn bản"
    for text in (one.to_json(), one.to_text(), one.to_html(), one.to_sarif(), one.to_etsi()):
        assert subject not in text and "Nguyễn Văn Mẫu" not in text
    assert "<img" not in one.to_html()
    assert one.evidence is None and all(f.content is None for f in one.files)
    assert subject not in json.dumps(one.refusal(at=given.judged_at).to_dict(), ensure_ascii=False)  # type: ignore[union-attr]


def test_a_degree_of_secrecy_in_the_packet_stops_before_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    given = sample()
    marked = given.packet.replace(b"</edXML:OtherInfo>", "<edXML:Secret>Mật</edXML:Secret></edXML:OtherInfo>".encode())
    assert marked != given.packet

    def touched(*_: object, **__: object) -> None:
        raise AssertionError("a state secret was touched")

    monkeypatch.setattr(vn_edoc.signature, "verify_pdf", touched)
    one = verifier().verify(marked, at=given.judged_at, context=Context(receiver_code="H53.14"))
    assert [f.rule for f in one.findings] == ["R01"], one.to_text("en")
    assert one.refusal(at=given.judged_at) is not None


def test_hundreds_of_grounds_make_a_refusal_of_readable_length() -> None:
    one = report("tampered-pdf")
    many = tuple(replace(one.grounds[0], message_vi=f"Sai {number}.") for number in range(300))
    refusal = replace(one, findings=many).refusal(at=sample().judged_at)
    assert refusal is not None and refusal.description is not None
    assert "20. Sai 19 (khoản 1 Điều 6" in refusal.description
    assert refusal.description.endswith("Và 280 căn cứ khác.")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("at", {"at": datetime(2026, 10, 16)}),
        ("at", {"at": datetime(1, 1, 1, tzinfo=UTC)}),
        ("sender", {"sender": 5}),
        ("sender", {"sender": "không phải mã"}),
        ("sender", {"sender": ""}),
    ],
)
def test_an_answer_with_wrong_arguments_is_refused(field: str, given: dict[str, Any]) -> None:
    one = replace(report("tampered-pdf"), receiver=None)
    with pytest.raises(UsageError):
        one.refusal(**{"sender": "H41", **given})


@pytest.mark.parametrize("kept", [3000, 20_000, 250_000])
def test_a_packet_that_was_cut_can_be_refused(kept: int) -> None:
    given = sample()
    one = verifier().verify(given.packet[:kept], at=given.judged_at, context=given.context_object())
    assert one.document is not None and one.document.value == "undetermined", one.to_text("en")
    refusal = one.refusal(at=given.judged_at)
    assert refusal is not None and "Gói tin bị hỏng" in str(refusal.description)
    assert "Điều 9 Quyết định số 28/2018/QĐ-TTg" in str(refusal.description)
