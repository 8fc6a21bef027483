"""Bindings: bound, contradicted and unknown, each with the row that says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vn_edoc.errors import SourceError, UsageError
from vn_edoc.identifiers import AgencyCode, AgencyRegistry, Binding, Bindings, CertificateSubject, same_name

DAY = date(2026, 3, 2)
HEALTH = {
    "agency_code": "H17.05",
    "other_code": "000.00.05.H17",
    "organisation": "Sở Y tế",
    "parent_organisation": "Ủy ban nhân dân thành phố Đà Nẵng",
    "mst": "0400000101",
    "mns": "1000001",
    "valid_from": "2024-01-01",
    "source": "danh sách của thành phố",
}
SCHOOLS = {
    "agency_code": "H17.03",
    "organisation": "Sở Giáo dục và Đào tạo",
    "parent_organisation": "UBND thành phố Đà Nẵng",
    "mst": "0400000202",
    "valid_to": "2026-12-31",
}
OFFICE = {"agency_code": "000.00.00.G22", "organisation": "Văn phòng Chính phủ"}


def subject(**parts: object) -> CertificateSubject:
    return CertificateSubject(**parts)  # type: ignore[arg-type]


@pytest.fixture
def register() -> Bindings:
    return Bindings.from_rows([HEALTH, SCHOOLS, OFFICE])


def test_tax_code_and_budget_code_bind(register: Bindings) -> None:
    for carried in ({"mst": "0400000101"}, {"mst": "MST:0400000101"}, {"mns": "MNS:1000001"}):
        result = register.check("H17.05", subject(**carried), on=DAY)
        assert result.verdict == "bound"
        assert result.row is not None and result.row.source == "danh sách của thành phố"
    assert register.check("000.00.05.H17", subject(mst="0400000101"), on=DAY).verdict == "bound"


def test_anothers_identity_contradicts(register: Bindings) -> None:
    for carried in (
        {"mst": "0400000202"},
        {"common_name": "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "organisations": ("UỶ BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG",)},
        {"common_name": "Văn phòng Chính phủ"},
    ):
        result = register.check("H17.05", subject(**carried), on=DAY)
        assert result.verdict == "contradicted"
        assert result.row is not None and result.row.agency_code != AgencyCode.parse("H17.05")


@pytest.mark.parametrize(
    ("carried", "verdict"),
    [
        ({"common_name": "Sở Xây dựng", "mst": "0499999999"}, "contradicted"),
        ({"common_name": "Sở Xây dựng", "mns": "1999999"}, "contradicted"),
        ({"common_name": "Sở Xây dựng", "mst": "0499999999", "mns": "1000001"}, "unknown"),
        ({"common_name": "Sở Xây dựng", "mst": "0400000101-001"}, "unknown"),
        ({"common_name": "Sở Xây dựng"}, "unknown"),
        ({"mst": "0499999999"}, "unknown"),
        ({"common_name": "So Y te", "mst": "0499999999"}, "unknown"),
        ({"common_name": "Trung tâm Cấp cứu", "organisations": ("SỞ Y TẾ",), "mst": "0499999999"}, "unknown"),
        ({"common_name": "Văn phòng Sở Y tế", "mst": "0499999999"}, "unknown"),
        ({"common_name": "Sở Y tế (con dấu cơ quan)", "mst": "0499999999"}, "unknown"),
        ({"common_name": "Trung tâm Cấp cứu", "organisations": ("S. Y tế",), "mst": "0499999999"}, "unknown"),
        ({"common_name": "Sở Xây dựng", "mst": "400000101"}, "unknown"),
    ],
)
def test_another_number_under_another_name_contradicts(carried: dict[str, object], verdict: str) -> None:
    register = Bindings.from_rows([HEALTH])
    result = register.check("H17.05", subject(**carried), on=DAY)
    assert result.verdict == verdict
    if verdict == "contradicted":
        assert result.row == register.rows[0] and "H17.05" in result.reason_vi
    assert register.check("H17.05", subject(**carried), on=date(2023, 12, 31)).verdict == "unknown"


@pytest.mark.parametrize(
    "above", ["UỶ BAN NHÂN DÂN THÀNH PHỐ ĐÀ NẴNG", "UBND TP Đà Nẵng", "Uy\u0309 ban nhân dân TP. Đà Nẵng"]
)
def test_name_binds_with_the_body_above_in_its_variants(register: Bindings, above: str) -> None:
    result = register.check("H17.05", subject(common_name="SỞ Y TẾ", organisations=(above,)), on=DAY)
    assert (result.verdict, result.by) == ("bound", "name")


@pytest.mark.parametrize(
    "carried",
    [
        {"common_name": "Sở Y tế"},
        {"common_name": "Sở Y tế", "organisations": ("Ủy ban nhân dân tỉnh Lào Cai",)},
        {"common_name": "So Y te", "organisations": ("UBND TP Đà Nẵng",)},
        {"common_name": "Văn phòng Sở Y tế", "mst": "0400000101"},
        {"common_name": "Sở Y tế", "organisations": ("UBND TP Đà Nẵng",), "mst": "0499999999"},
        {"organisations": ("Sở Y tế", "UBND TP Đà Nẵng")},
        {},
    ],
)
def test_less_than_that_is_unknown(register: Bindings, carried: dict[str, object]) -> None:
    result = register.check("H17.05", subject(**carried), on=DAY)
    assert result.verdict == "unknown" and result.row is None
    assert result.reason_vi and result.reason_en


def test_level_1_needs_no_body_above_but_bears_no_stranger(register: Bindings) -> None:
    assert register.check("G22", subject(common_name="VĂN PHÒNG CHÍNH PHỦ"), on=DAY).verdict == "bound"
    same = subject(common_name="Văn phòng Chính phủ", organisations=("Văn phòng Chính phủ",))
    assert register.check("000.00.00.G22", same, on=DAY).verdict == "bound"
    portal = subject(common_name="Cổng Thông tin điện tử Chính phủ", organisations=("Văn phòng Chính phủ",))
    assert register.check("G22", portal, on=DAY).verdict == "unknown"
    stranger = subject(common_name="Văn phòng Chính phủ", organisations=("Công ty ABC",))
    assert register.check("G22", stranger, on=DAY).verdict == "unknown"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Văn phòng Chính phủ" + " " * 1000 + "và Công ty ABC", id="longer than what is compared"),
        pytest.param("Văn phòng \u0441hính phủ", id="cyrillic letter"),
        pytest.param("Văn phòng\u200b Chính phủ", id="unseen character"),
        pytest.param("Văn phòng\u034f Chính phủ", id="unseen joiner"),
    ],
)
def test_a_name_that_is_not_what_it_looks_like_binds_nothing(name: str) -> None:
    registers = (
        Bindings.from_rows([OFFICE]),
        Bindings.from_rows([{**OFFICE, "mst": "0100000001"}]),
        Bindings(registry=AgencyRegistry.bundled()),
    )
    for register in registers:
        assert register.check("G22", subject(common_name="Văn phòng Chính phủ"), on=DAY).verdict == "bound"
        for carried in (subject(common_name=name), subject(common_name=name, mst="0100000001")):
            assert register.check("G22", carried, on=DAY).verdict == "unknown"


def test_the_name_of_the_registry_binds_no_certificate_that_the_rows_deny() -> None:
    rows = [{"agency_code": "G22", "mst": "0100000001"}, {"agency_code": "G22", "mns": "1000001"}]
    register = Bindings.from_rows(rows, registry=AgencyRegistry.bundled())
    name = "Văn phòng Chính phủ"
    for carried in ({}, {"mst": "0100000001"}, {"mns": "1000001"}):
        assert register.check("G22", subject(common_name=name, **carried), on=DAY).verdict == "bound"
    for carried in ({"mst": "0100000002"}, {"mns": "1000002"}):
        result = register.check("G22", subject(common_name=name, **carried), on=DAY)
        assert result.verdict == "unknown" and "G22" in result.reason_en


def test_a_name_that_two_agencies_bear_binds_neither() -> None:
    twin = {**HEALTH, "agency_code": "H17.99", "other_code": None, "mst": None, "mns": None}
    named = subject(common_name="Sở Y tế", organisations=("UBND TP Đà Nẵng",))
    assert Bindings.from_rows([HEALTH]).check("H17.05", named, on=DAY).verdict == "bound"
    register = Bindings.from_rows([HEALTH, {**twin, "organisation": "SỞ  Y  TẾ"}])
    for code in ("H17.05", "H17.99"):
        result = register.check(code, named, on=DAY)
        assert result.verdict == "unknown" and "H17.05" in result.reason_en and "H17.99" in result.reason_en
    # Its tax code tells it apart, and so does the day.
    assert register.check("H17.05", subject(common_name="Sở Y tế", mst="0400000101"), on=DAY).verdict == "bound"
    earlier = Bindings.from_rows([HEALTH, {**twin, "valid_from": None, "valid_to": "2025-12-31"}])
    assert earlier.check("H17.05", named, on=DAY).verdict == "bound"
    # The other code of the same agency is no other agency.
    same = Bindings.from_rows([HEALTH, {**HEALTH, "agency_code": "000.00.05.H17", "other_code": None}])
    assert same.check("H17.05", named, on=DAY).verdict == "bound"
    # A row against the bundled registry.
    registry = AgencyRegistry.bundled()
    stranger = Bindings.from_rows([{"agency_code": "G01", "organisation": "Văn phòng Chính phủ"}], registry=registry)
    office = subject(common_name="Văn phòng Chính phủ")
    assert stranger.check("G22", office, on=DAY).verdict != "bound"


def test_rows_hold_between_their_days(register: Bindings) -> None:
    schools = subject(mst="0400000202")
    assert register.check("H17.03", schools, on=date(2026, 12, 31)).verdict == "bound"
    late = register.check("H17.03", schools, on=date(2027, 1, 1))
    assert late.verdict == "unknown" and "2027-01-01" in late.reason_en
    assert register.check("H17.05", subject(mst="0400000101"), on=date(2023, 12, 31)).verdict == "unknown"
    assert register.check("H17.05", schools, on=date(2027, 1, 1)).verdict == "unknown"


def test_a_certificate_is_decided_by_its_hash_first() -> None:
    own = {"agency_code": "H17.05", "certificate_sha256": "AB:" * 31 + "AB"}
    register = Bindings.from_rows([own, SCHOOLS])
    carried = subject(certificate_sha256="ab" * 32, mst="0400000202")
    assert register.check("H17.05", carried, on=DAY).by == "certificate"
    assert register.check("H17.03", carried, on=DAY).verdict == "contradicted"
    assert register.check("H17.05", subject(certificate_sha256="cd" * 32), on=DAY).verdict == "unknown"
    with pytest.raises(UsageError):
        Bindings.from_rows([own, {**own, "agency_code": "H17.03"}])


def test_evidence_for_both_is_unknown() -> None:
    register = Bindings.from_rows([{**HEALTH, "mst": None, "mns": None}, SCHOOLS])
    both = subject(common_name="Sở Y tế", organisations=("UBND TP Đà Nẵng",), mst="0400000202")
    assert register.check("H17.05", both, on=DAY).verdict == "unknown"


def test_the_mechanical_other_code_neither_binds_nor_contradicts() -> None:
    register = Bindings.from_rows(
        [{"agency_code": "000.00.05.H17", "mst": "0400000101", "certificate_sha256": "ab" * 32}]
    )
    for carried in (subject(mst="0400000101"), subject(certificate_sha256="ab" * 32)):
        assert register.check("H17.05", carried, on=DAY).verdict == "unknown"
        assert register.check("H17.06", carried, on=DAY).verdict == "contradicted"
    assert register.check("000.00.05.H17", subject(certificate_sha256="ab" * 32), on=DAY).verdict == "bound"


def test_one_tax_code_shared_by_two_agencies_binds_either() -> None:
    shared_code = [{"agency_code": c, "mst": "0400000303"} for c in ("H17", "H17.01")]
    register = Bindings.from_rows(shared_code)
    for code in ("H17", "H17.01"):
        assert register.check(code, subject(mst="0400000303"), on=DAY).verdict == "bound"


def test_the_code_of_an_enterprise_is_its_tax_code() -> None:
    for code in ("0100233488", "020100233488"):
        assert Bindings().check(code, subject(mst="0100233488"), on=DAY).verdict == "bound"
        assert Bindings().check(code, subject(mst="0100047516"), on=DAY).verdict == "unknown"
    assert Bindings().check("H17", subject(mst="H17"), on=DAY).verdict == "unknown"


CITY = "UBND thành phố Đà Nẵng"
DESK = {"agency_code": "H17.05.01", "organisation": "Văn phòng", "parent_organisation": "Sở Y tế"}


@pytest.mark.parametrize(
    ("units", "organisations", "verdict"),
    [
        (("Sở Y tế",), (CITY,), "bound"),
        (("Sở Y tế",), (), "bound"),
        ((), ("Sở Y tế",), "bound"),
        (("Sở Giáo dục và Đào tạo",), (CITY,), "unknown"),
        ((), (CITY,), "unknown"),
        (("Trung tâm Cấp cứu", "Sở Y tế"), (CITY,), "unknown"),
        (("Trung tâm Cấp cứu",), ("Sở Y tế",), "unknown"),
        (("Sở Y tế",), ("UBND tỉnh Lào Cai",), "unknown"),
    ],
)
def test_the_body_above_is_the_one_directly_above(
    units: tuple[str, ...], organisations: tuple[str, ...], verdict: str
) -> None:
    """Every department has its Văn phòng, and every province its Sở Y tế."""
    carried = subject(common_name="Văn phòng", units=units, organisations=organisations)
    city = {"agency_code": "H17", "organisation": CITY}
    assert Bindings.from_rows([DESK, city]).check("H17.05.01", carried, on=DAY).verdict == verdict
    listed = AgencyRegistry.from_rows([{"code": "H17", "name": CITY}, {"code": "H17.05", "name": "Sở Y tế"}])
    nameless = {"agency_code": "H17.05.01", "organisation": "Văn phòng"}
    assert Bindings.from_rows([nameless], registry=listed).check("H17.05.01", carried, on=DAY).verdict == verdict


def test_an_office_inside_a_department_is_not_that_of_the_committee() -> None:
    listed = AgencyRegistry.from_rows([{"code": "H17", "name": CITY}, {"code": "H17.01", "name": "Văn phòng"}])
    inside = subject(common_name="Văn phòng", units=("Sở Y tế",), organisations=(CITY,))
    assert Bindings(registry=listed).check("H17.01", inside, on=DAY).verdict == "unknown"
    row = {"agency_code": "H17.01", "organisation": "Văn phòng", "parent_organisation": CITY}
    assert Bindings.from_rows([row]).check("H17.01", inside, on=DAY).verdict == "unknown"
    direct = subject(common_name="Văn phòng", organisations=(CITY,))
    assert Bindings.from_rows([row]).check("H17.01", direct, on=DAY).verdict == "bound"


def test_the_body_above_is_the_one_that_the_list_states() -> None:
    listed = AgencyRegistry.from_rows(
        [
            {"code": "H17", "name": CITY},
            {"code": "H17.05", "name": "Sở Y tế"},
            {"code": "H17.300", "name": "Trung tâm Cấp cứu", "parent": "H17.05"},
        ]
    )
    register = Bindings(registry=listed)
    below = subject(common_name="Trung tâm Cấp cứu", units=("Sở Y tế",), organisations=(CITY,))
    assert register.check("H17.300", below, on=DAY).verdict == "bound"
    assert (
        register.check("H17.300", subject(common_name="Trung tâm Cấp cứu", organisations=(CITY,)), on=DAY).verdict
        == "unknown"
    )


def test_a_certificate_whose_own_row_has_ended_is_bound_by_nothing_else() -> None:
    row = {"agency_code": "G22", "certificate_sha256": "ab" * 32, "valid_to": "2026-01-31"}
    register = Bindings.from_rows([row, {**OFFICE, "mst": "0100000001"}], registry=AgencyRegistry.bundled())
    for carried in ({"common_name": "Văn phòng Chính phủ"}, {"mst": "0100000001"}):
        result = register.check("G22", subject(certificate_sha256="ab" * 32, **carried), on=DAY)
        assert result.verdict == "unknown" and "2026-03-02" in result.reason_en
        assert register.check("G22", subject(certificate_sha256="cd" * 32, **carried), on=DAY).verdict == "bound"


def test_one_tax_code_given_to_two_bodies_elsewhere_binds_neither() -> None:
    rows = [{"agency_code": code, "mst": "0400000303"} for code in ("H17", "H29")]
    register = Bindings.from_rows(rows)
    for code in ("H17", "H29"):
        result = register.check(code, subject(mst="0400000303"), on=DAY)
        assert result.verdict == "unknown" and "H17" in result.reason_en and "H29" in result.reason_en
    earlier = Bindings.from_rows([rows[0], {**rows[1], "valid_to": "2025-12-31"}])
    assert earlier.check("H17", subject(mst="0400000303"), on=DAY).verdict == "bound"
    named = Bindings.from_rows([{**rows[0], "organisation": CITY}, {**rows[1], "organisation": "UBND TP HCM"}])
    assert named.check("H17", subject(mst="0400000303", common_name=CITY), on=DAY).verdict == "bound"


def test_days_may_be_aware_times(register: Bindings) -> None:
    last = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    assert register.check("H17.03", subject(mst="0400000202"), on=last).verdict == "bound"
    assert register.check("H17.03", subject(mst="0400000202"), on=last + timedelta(minutes=1)).verdict == "unknown"
    with pytest.raises(UsageError):
        register.check("H17.03", subject(), on=datetime(2026, 12, 31))


def test_unreadable_code_and_empty_register_know_nothing() -> None:
    assert Bindings().check("null", subject(mst="1"), on=DAY).verdict == "unknown"
    assert Bindings().check(None, subject(), on=DAY).verdict == "unknown"
    assert Bindings().check("H17", subject(common_name="UBND thành phố Đà Nẵng"), on=DAY).verdict == "unknown"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"agency_code": "h17", "mst": "1"}, "agency_code"),
        ({"mst": "1"}, "agency_code"),
        ({"agency_code": "H17"}, "organisation"),
        ({"agency_code": "H17", "mst": "1", "valid_from": "1/2/2024"}, "valid_from"),
        ({"agency_code": "H17", "mst": "1", "valid_from": "2024-02-01", "valid_to": "2024-01-01"}, "valid_to"),
        ({"agency_code": "H17", "certificate_sha256": "xyz"}, "certificate_sha256"),
        ({"agency_code": "H17", "mst": "1", "colour": "red"}, "colour"),
        ({"agency_code": "H17", "mst": True}, "mst"),
        ({"agency_code": "H17", "mst": ["0400000101"]}, "mst"),
        ({"agency_code": "H17", "mst": 4.0e8}, "mst"),
    ],
)
def test_wrong_rows_are_refused_with_their_field(row: dict[str, object], field: str) -> None:
    with pytest.raises(UsageError) as refused:
        Bindings.from_rows([row])
    assert refused.value.field == field


def test_aliases_of_a_registry_join_the_codes_of_one_agency() -> None:
    listed = AgencyRegistry.from_rows([{"code": "H17.05", "name": "Sở Y tế", "other_code": "000.00.09.H17"}])
    register = Bindings.from_rows([{"agency_code": "H17.05", "mst": "0400000101"}], registry=listed)
    assert register.check("000.00.09.H17", subject(mst="0400000101"), on=DAY).verdict == "bound"


def test_names_are_the_same_in_their_known_variants() -> None:
    assert same_name("UBND TP. Đà Nẵng", "UỶ BAN NHÂN DÂN  THÀNH PHỐ ĐÀ NẴNG")
    assert same_name("Sở Văn hóa, Thể thao", "SỞ VĂN HOÁ - THỂ THAO")
    assert same_name("Trung ương Đoàn", "TW Đoàn") and same_name("VP HĐND", "Văn phòng Hội đồng nhân dân")
    assert not same_name("Sở Y tế", "So Y te") and not same_name("", "") and not same_name("Bộ Tư pháp", "Bộ TW pháp")


def test_files(tmp_path: Path, register: Bindings) -> None:
    table = tmp_path / "rows.json"
    table.write_text(json.dumps({"rows": register.to_rows()}), encoding="utf-8")
    assert Bindings.load(table).rows == register.rows
    sheet = tmp_path / "rows.csv"
    sheet.write_text('agency_code,organisation,mst\nH17,"UBND TP Đà Nẵng",0400000303\n', encoding="utf-8-sig")
    made = Bindings.load(sheet)
    assert made.rows == (
        Binding(agency_code=AgencyCode.parse("H17"), organisation="UBND TP Đà Nẵng", mst="0400000303"),
    )
    # Of two values the last would count, and nobody would know.
    for name, text in (
        ("doubled.csv", "agency_code,mst,mst\nH17,0400000303,0400000404\n"),
        ("doubled.json", '[{"agency_code": "H17", "mst": "0400000303", "agency_code": "H29"}]'),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError):
            Bindings.load(tmp_path / name)
    with pytest.raises(SourceError):
        Bindings.load(tmp_path / "absent.csv")
    sheet.write_bytes(b"agency_code\n\xff\xfe")
    with pytest.raises(SourceError):
        Bindings.load(sheet)
