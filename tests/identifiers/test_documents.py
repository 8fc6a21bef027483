"""Number and symbol of documents in their four grammars, and identifiers of documents in their observed forms."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers import AgencyCode, DocumentId, DocumentNumber, document_types

LETTERS = "ABCDĐEGHIKLMNOPQRSTUƯVXYăâđêôơư0123456789"
GROUP = st.text(alphabet=LETTERS, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "grammar", "kind", "issuer", "unit"),
    [
        ("15/QĐ-UBND", "administrative", "Quyết định", "UBND", None),
        ("10/KH-UBND", "administrative", "Kế hoạch", "UBND", None),
        ("1165/QĐ-BGDĐT", "administrative", "Quyết định", "BGDĐT", None),
        ("15/QyĐ-SNV-CCHC", "administrative", "Quy định", "SNV", "CCHC"),
        ("16/HD-SNV", "administrative", "Hướng dẫn", "SNV", None),
        ("16/HĐ-SNV", "administrative", "Hợp đồng", "SNV", None),
        ("16/ĐA-SNV", "administrative", "Đề án", "SNV", None),
        ("16/DA-SNV", "administrative", "Dự án", "SNV", None),
        ("123/UBND-VX", "administrative", "Công văn", "UBND", "VX"),
        ("7288/UBND-KGVX", "administrative", "Công văn", "UBND", "KGVX"),
        ("9318/VPCP-KSTT", "administrative", "Công văn", "VPCP", "KSTT"),
        ("08/SNV-CCHC", "administrative", "Công văn", "SNV", "CCHC"),
        ("1686/NQ-UBTVQH15", "administrative", "Nghị quyết", "UBTVQH15", None),
        ("09/QĐ-TTg", "administrative", "Quyết định", "TTg", None),
        ("28/2018/QĐ-TTg", "normative", "Quyết định", "TTg", None),
        ("30/2020/NĐ-CP", "normative", "Nghị định", "CP", None),
        ("01/2018/TT-VPCP", "normative", "Thông tư", "VPCP", None),
        ("55/2025/NQ-HĐND", "normative", "Nghị quyết", "HĐND", None),
        ("202/2025/QH15", "national_assembly", None, "QH15", None),
        ("30/2026/QH16", "national_assembly", None, "QH16", None),
        ("6050/2026/VBHN-BTP", "normative", "Văn bản hợp nhất", "BTP", None),
        ("12/VBHN-VPQH", "administrative", "Văn bản hợp nhất", "VPQH", None),
        ("57-NQ/TW", "party", "Nghị quyết", "TW", None),
        ("40-HD/VPTW", "party", "Hướng dẫn", "VPTW", None),
        ("07-TB/CQTTBCĐ", "party", "Thông báo", "CQTTBCĐ", None),
        ("5748-CV/VPTW", "party", "Công văn", "VPTW", None),
    ],
)
def test_grammars(text: str, grammar: str, kind: str | None, issuer: str, unit: str | None) -> None:
    number = DocumentNumber.parse(text)
    assert str(number) == number.given == text
    assert number.grammar == grammar
    assert (number.type.name if number.type else None) == kind
    assert (number.issuer, number.unit) == (issuer, unit)
    assert number.findings == ()
    assert DocumentNumber.parse(f"{number.number}{'-' if grammar == 'party' else '/'}{number.symbol}") == number


def test_joint_documents_and_copies() -> None:
    joint = DocumentNumber.parse("05/2016/TTLT-BKHCN-BTTTT")
    assert joint.issuers == ("BKHCN", "BTTTT") and joint.year == 2016
    copied = DocumentNumber.parse("12/SY-UBND")
    assert copied.copy is not None and copied.copy.name == "Bản sao y" and copied.type is None


def test_all_29_types_are_told_by_their_abbreviation(shared: Path) -> None:
    with (shared / "data" / "admin_document_types.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    admin = [r for r in rows if r["kind"] == "admin"]
    assert len(admin) == 29 == sum(1 for t in document_types() if t.kind == "administrative")
    for row in admin:
        name = row["name"].removesuffix(" (cá biệt)")
        text = f"15/{row['abbreviation']}-UBND" if row["abbreviation"] else "15/UBND-TH"
        number = DocumentNumber.parse(text)
        assert number.type is not None
        assert number.type.name == (name if row["abbreviation"] else "Công văn")
        if row["abbreviation"]:
            assert number.type.archive_code == row["archive_type_code"] and number.type.order == int(row["order_art7"])
        assert number.check_type(name) == number.check_type(name.upper()) == ()


@pytest.mark.parametrize(
    ("text", "normal", "rules"),
    [
        ("5/QĐ-UBND", "05/QĐ-UBND", ["leading_zero"]),
        ("005/QĐ-UBND", "05/QĐ-UBND", ["extra_zero"]),
        ("00/QĐ-UBND", "00/QĐ-UBND", ["zero"]),
        ("15/qđ-ubnd", "15/QĐ-UBND", ["case"]),
        ("15/QÐ-UBND", "15/QĐ-UBND", ["lookalike"]),
        ("15/QD-UBND", "15/QĐ-UBND", ["stroke"]),
        ("30/2020/ND-CP", "30/2020/NĐ-CP", ["stroke"]),
        (unicodedata.normalize("NFD", "15/TB-SGDĐTƯ"), "15/TB-SGDĐTƯ", ["unicode"]),
        ("15 / QĐ - UBND", "15/QĐ-UBND", ["spaces"]),
        ("15/QĐ–UBND", "15/QĐ-UBND", ["dash"]),
        ("Số: 15/QĐ-UBND", "15/QĐ-UBND", ["label"]),
        ("15a/QĐ-UBND", "15a/QĐ-UBND", ["suffix"]),
        ("15/QĐ", "15/QĐ", ["no_issuer"]),
        ("57/CV-DN", "57/CV-DN", ["needless_type"]),
        ("15/2020/XX-CP", "15/2020/XX-CP", ["unknown_type"]),
        ("15/2024/KH-UBND", "15/2024/KH-UBND", ["year"]),
    ],
)
def test_faults_of_form_are_told_and_put_right(text: str, normal: str, rules: list[str]) -> None:
    number = DocumentNumber.parse(text)
    assert str(number) == normal and number.given == text
    assert [f.rule.removeprefix("document_number.") for f in number.findings] == rules
    assert number == DocumentNumber.parse(normal)


def test_the_fields_hold_11_and_30_characters() -> None:
    long = DocumentNumber.parse("15/QĐ-" + "UBND-" * 6 + "TH")
    assert [f.data["part"] for f in long.findings] == ["symbol"]


@pytest.mark.parametrize(
    "text",
    ["", "null", "QĐ-UBND", "15", "15/", "15/-UBND", "15/QĐ_UBND", "123456789012/QĐ-UBND", "15/QĐ--UBND", "x" * 500],
)
def test_what_no_grammar_fits_is_refused(text: str) -> None:
    assert not DocumentNumber.is_valid(text)
    with pytest.raises(InvalidCode) as refused:
        DocumentNumber.parse(text)
    assert refused.value.rule and "30/2020/NĐ-CP" in refused.value.message_vi


def test_a_stated_type_is_held_against_the_symbol() -> None:
    decision = DocumentNumber.parse("15/QĐ-UBND")
    assert decision.check_type("Quyết định") == decision.check_type("QĐ") == decision.check_type("QUYẾT ĐỊNH") == ()
    (wrong,) = decision.check_type("Công văn")
    assert wrong.rule == "document_number.type" and wrong.severity == "warning"
    letter = DocumentNumber.parse("123/UBND-VX")
    assert letter.check_type("Công văn") == letter.check_type("Thư công") == ()
    assert letter.check_type("Kế hoạch")[0].rule == "document_number.type"
    assert decision.check_type("Chuyện khác")[0].rule == "document_number.type_unknown"
    assert DocumentNumber.parse("202/2025/QH15").check_type("Luật")[0].rule == "document_number.type_unknown"


def test_styles() -> None:
    number = DocumentNumber.parse("5/QĐ-UBND")
    assert number.format() == "05/QĐ-UBND" and number.format("given") == "5/QĐ-UBND"
    assert number.format("full") == "Số: 05/QĐ-UBND" and number.format("file") == "05-QĐ-UBND"
    with pytest.raises(UsageError):
        number.format("x")


@given(st.integers(1, 10**11 - 1), st.lists(GROUP, min_size=1, max_size=4), st.sampled_from(["/", "/2024/", "-"]))
def test_numbers_read_back(serial: int, groups: list[str], sep: str) -> None:
    text = (
        f"{serial}{sep}{groups[0]}/{'-'.join(groups[1:] or ['TW'])}"
        if sep == "-"
        else f"{serial}{sep}{'-'.join(groups)}"
    )
    number = DocumentNumber.parse(text)
    again = DocumentNumber.parse(str(number))
    assert again == number and str(again) == str(number)
    assert again.issuer == number.issuer and again.type == number.type
    assert number.findings is not None


@given(st.one_of(st.text(), st.text(alphabet="0123456789/-QĐÐNTLCPƯư\u0301\u200b ²ßŉ."), st.binary(), st.none()))
def test_documents_raise_nothing_but_invalid_code(value: object) -> None:
    for kind in (DocumentNumber, DocumentId):
        if kind.is_valid(value):
            made = kind.parse(value)  # type: ignore[arg-type]
            assert kind.parse(str(made)) == made
            assert isinstance(made.findings, tuple)
        else:
            with pytest.raises(InvalidCode) as refused:
                kind.parse(value)  # type: ignore[arg-type]
            str(refused.value).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "form", "agency", "issued", "rules"),
    [
        ("000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", "exchange", "000.00.00.G22", date(2015, 9, 30), []),
        ("H37.DN.001,2025-06-10,57/VP-TH", "exchange", "H37.DN.001", date(2025, 6, 10), ["separator"]),
        ("28.22.H17,2014/02/30,57/VP-TH", "exchange", "000.28.22.H17", None, ["agency_form", "date"]),
        ("null,2014/02/03,x", "exchange", None, date(2014, 2, 3), ["agency", "number"]),
        ("H01.151.2026.08.25.125.UBND.22", "archive", "H01.151", date(2026, 8, 25), []),
        ("G06.01_CV_000021_V1", "digitised", "G06.01", None, []),
        ("G06.01_CV_000021_V1_20251129_ABC.pdf", "digitised", "G06.01", date(2025, 11, 29), []),
        ("000.00.00.H14-2020-15", "agency_year", "000.00.00.H14", None, []),
        ("GW-20251014073327634-773", "gateway", None, None, []),
        ("a8098c1a-f86e-11da-bd1a-00112444be1e", "uuid", None, None, []),
        ("123456", "number", None, None, []),
        ("vb/đi 2019-02-30", "opaque", None, None, []),
    ],
)
def test_forms_of_document_ids(text: str, form: str, agency: str | None, issued: date | None, rules: list[str]) -> None:
    one = DocumentId.parse(text)
    assert str(one) == text and one.form == form
    assert (str(one.agency) if one.agency else None) == agency
    assert one.issued == issued
    assert [f.rule.removeprefix("document_id.") for f in one.findings] == rules


def test_document_ids_keep_case_and_are_composed() -> None:
    assert DocumentId.parse(" GW-1a ") == DocumentId.parse("GW-1a") != DocumentId.parse("gw-1a")
    made = DocumentId.compose(AgencyCode.parse("G22"), date(2026, 3, 5), "125/VP-TH")
    assert str(made) == "G22,2026/03/05,125/VP-TH"
    assert made.number == DocumentNumber.parse("125/VP-TH")
    assert DocumentId.parse("G22,2026-03-05,125/VP-TH").format("exchange") == str(made)
    with pytest.raises(UsageError):
        DocumentId.compose("G22", date(2026, 3, 5), "125/VP-TH")  # type: ignore[arg-type]
    for wrong in ("", "null", "a\x00b", "x" * 501):
        assert not DocumentId.is_valid(wrong)
