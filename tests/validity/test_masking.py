"""Numbers of persons stand in no form of a report, wherever a certificate carries them."""

from __future__ import annotations

from dataclasses import replace

from vn_edoc.testing import SampleBuilder, ThrowawayPki
from vn_edoc.testing.profiles import CAST
from vn_edoc.validity import Verifier

NUMBER, OLD, TAX = "079088001234", "012345678", "0101234567-001"
SUBJECT = (
    ("C", "VN"),
    ("O", f"ỦY BAN NHÂN DÂN TỈNH TÂY NINH (MST {TAX})"),
    ("OU", f"Sở Nội vụ - {OLD}"),
    ("CN", f"Nguyễn Văn Mẫu {NUMBER}"),
    ("UID", f"CCCD:{NUMBER}"),
)


def test_a_number_in_a_name_is_masked() -> None:
    builder = SampleBuilder(ThrowawayPki(cast={**CAST, "person": replace(CAST["person"], subject=SUBJECT)}))
    one = builder.make("good")
    verifier = Verifier(one.trust_object(), one.evidence_object(), bindings=one.bindings_object())
    report = verifier.verify(one.packet, at=one.judged_at, context=one.context_object())
    forms = (
        report.to_json(), report.to_text(), report.to_html(), report.to_sarif(), report.to_junit(), report.to_etsi(),
        repr(report),
    )  # fmt: skip
    for form in forms:
        assert not [number for number in (NUMBER, OLD, TAX) if number in form]
    assert "Nguyễn Văn Mẫu 07********34" in report.to_text()


def test_symbols_dates_and_codes_are_no_numbers_of_persons() -> None:
    from vn_edoc.signature.certificates import _told

    for text in ("Số 1286/SNV-VP", "000.00.09.H53", "15/10/2026", "CA 2.16.704.1.1.1.1.1", "sha256", "A12345678901"):
        assert _told(text) == text
