"""Enterprises, persons, dossiers, procedures, administrative units."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers import (
    AdministrativeUnitCode,
    AgencyCode,
    DocumentId,
    DocumentNumber,
    DossierCode,
    EnterpriseCode,
    Identifier,
    PersonalId,
    ProcedureCode,
    ResultCode,
)

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
EXAMPLES: list[tuple[type[Identifier], str]] = [
    (AgencyCode, "000.00.12.H29"), (DocumentNumber, "15/QĐ-UBND"), (DocumentId, "H01.151.2026.08.25.125.UBND.22"),
    (EnterpriseCode, "0314409058-002"), (PersonalId, "001204000001"), (DossierCode, "H15.50-251203-2035"),
    (ProcedureCode, "1.013229.01"), (ResultCode, "000.00.00.G15-KQ004389"), (AdministrativeUnitCode, "91"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_the_verbs_are_the_same_everywhere(kind: type[Identifier], text: str) -> None:
    one = kind.parse(text)
    assert kind.is_valid(text) and not kind.is_valid("") and not kind.is_valid(None) and not kind.is_valid(b"1")
    assert str(one) == one.format("official") == text
    assert one == kind.parse(text) and hash(one) == hash(kind.parse(text)) and one != kind
    assert pickle.loads(pickle.dumps(one)) == one
    assert one <= one and not one < one
    assert kind.json_schema()["type"] == "string"
    with pytest.raises(InvalidCode) as refused:
        kind.parse("")
    assert refused.value.field and refused.value.message_vi != refused.value.message_en
    with pytest.raises(UsageError):
        one.format("no such style")


@pytest.mark.parametrize("kind", [kind for kind, _text in EXAMPLES])
@given(value=st.one_of(st.text(), st.text(alphabet="0123456789.-KQHG١²"), st.binary(), st.integers(), st.none()))
def test_nothing_but_invalid_code(kind: type[Identifier], value: object) -> None:
    if kind.is_valid(value):
        made = kind.parse(value)  # type: ignore[arg-type]
        assert kind.parse(str(made)) == made
    else:
        with pytest.raises(InvalidCode):
            kind.parse(value)  # type: ignore[arg-type]


def test_check_digit_of_enterprises() -> None:
    for good in ("0100047516", "0100233488", "0314409058-002", "0314409058002", "001204000001"):
        assert EnterpriseCode.is_valid(good) and EnterpriseCode.parse(good)
    for bad in (
        "0100233480",
        "0314409058-000",
        "0314409058000",
        "010023348",
        "0100233488-1",
        "０100233488",
        " 0100233488",
    ):
        assert not EnterpriseCode.is_valid(bad)
    unit = EnterpriseCode.parse("0314409058002")
    assert (str(unit), unit.kind, str(unit.parent)) == ("0314409058-002", "unit", "0314409058")
    assert unit.format("compact") == "0314409058002"
    loose = EnterpriseCode.parse("0100233480", check=False)
    assert [f.rule for f in loose.findings] == ["enterprise.check_digit"]
    assert pickle.loads(pickle.dumps(loose)) == loose
    household = EnterpriseCode.parse("001204000001")
    assert household.kind == "personal" and "204000" not in repr(household)


@given(st.from_regex(r"\A[0-9]{10}\Z"))
def test_check_digit_agrees_with_a_peer(number: str) -> None:
    mst = pytest.importorskip("stdnum.vn.mst")
    assume(number[2:9] != "0000000")  # the peer refuses a serial of zeros; our source says nothing of it
    assert EnterpriseCode.is_valid(number) == mst.is_valid(number)


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_one_check_digit_or_none_fits(serial: str) -> None:
    total = sum(w * int(d) for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), serial, strict=True)) % 11
    fitting = [d for d in "0123456789" if EnterpriseCode.is_valid(serial + d)]
    assert fitting == ([] if total == 0 else [str(10 - total)])


def test_personal_numbers_are_read_and_masked() -> None:
    one = PersonalId.parse("031304000017")
    assert (one.sex, one.birth_year, one.place_code) == ("female", 2004, "031")
    assert one.province() is not None and one.province().name == "Hải Phòng"  # type: ignore[union-attr]
    assert repr(one) == "PersonalId('031*******17')" == f"PersonalId({one.format()!r})"
    assert one.format("full") == str(one) == "031304000017"
    merged = PersonalId.parse("074199000011")
    assert merged.birth_year == 1999 and merged.sex == "female"
    assert merged.province(BEFORE).name == "Bình Dương"  # type: ignore[union-attr]
    assert merged.province(AFTER).name == "Hồ Chí Minh"  # type: ignore[union-attr]
    abroad = PersonalId.parse("799099000011")
    assert abroad.province() is None and [f.rule for f in abroad.findings] == ["personal_id.place"]
    assert [f.rule for f in PersonalId.parse("001899000011").findings] == ["personal_id.year"]
    for wrong in ("03130400001", "0313040000171", "03130400001a"):
        with pytest.raises(InvalidCode) as refused:
            PersonalId.parse(wrong)
        assert wrong not in str(refused.value) and wrong not in refused.value.message_vi and refused.value.value is None


@pytest.mark.parametrize(
    ("text", "agency", "received"),
    [
        ("000.00.13.H30-211130-0001", "000.00.13.H30", date(2021, 11, 30)),
        ("H15.50.05.13-261008-0975", "H15.50.05.13", date(2026, 10, 8)),
        ("H15.50-251203-2035", "H15.50", date(2025, 12, 3)),
        ("G22.99.08-260921-896048", "G22.99.08", date(2026, 9, 21)),
        ("G22.99-251225-020175", "G22.99", date(2025, 12, 25)),
    ],
)
def test_dossier_codes(text: str, agency: str, received: date) -> None:
    code = DossierCode.parse(text)
    assert (str(code.agency), code.received, f"{code.agency}-{received:%y%m%d}-{code.serial}") == (
        agency,
        received,
        text,
    )
    assert DossierCode.parse_lenient(text) == (code, ())


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("38.98.H29-210519-0013", 0), ("H15-261308-0001", 4), ("H15-260108-1", 11), ("H15-260108-12345678", 11),
        ("0100233488-260108-0001", 0), ("H15/260108/0001", 3), ("H15-0001", 4),
    ],
)  # fmt: skip
def test_wrong_dossier_codes(text: str, position: int) -> None:
    with pytest.raises(InvalidCode) as refused:
        DossierCode.parse(text)
    assert refused.value.position == position


def test_dossier_codes_are_repaired_and_configurable() -> None:
    code, findings = DossierCode.parse_lenient("38.98.H29-210519-0013")
    assert str(code) == "000.38.98.H29-210519-0013"
    assert [f.rule for f in findings] == ["identifier.leading_group"]
    assert DossierCode.parse_lenient("x").code is None and DossierCode.parse_lenient(None).findings
    narrow = DossierCode.parse("H15-260108-1", serial_digits=(1, 9))
    assert narrow.serial == "1" and pickle.loads(pickle.dumps(narrow)) == narrow
    assert code is not None and code.format("qd20") == "H29.98.38-210519-0013"


def test_procedures_and_results() -> None:
    copy = ProcedureCode.parse("2.000815.000.00.00.H55.02")
    assert (copy.base, str(copy.publisher), copy.service, copy.kind) == ("2.000815", "000.00.00.H55", "02", "service")
    assert (str(copy.procedure), str(copy.national)) == ("2.000815.000.00.00.H55", "2.000815")
    assert ProcedureCode.parse("3.000181.000.00.00.H22").kind == "procedure"
    assert ProcedureCode.parse("1.013229.01").procedure == "1.013229"
    assert ProcedureCode.parse("4.013229").findings and not ProcedureCode.parse("1.013229").findings
    assert not ProcedureCode.is_valid("1.13229") and not ProcedureCode.is_valid("1.013229.1")
    assert ResultCode.parse("000.00.00.G15-KQ004389").agency == "000.00.00.G15"
    assert not ResultCode.is_valid("000.00.00.G15-KQ4389")


@pytest.mark.parametrize(
    ("statistical", "then", "now", "name"),
    [
        ("91", "H33", "H01", "An Giang"), ("24", "H02", "H05", "Bắc Ninh"), ("82", "H58", "H20", "Đồng Tháp"),
        ("52", "H08", "H21", "Gia Lai"), ("15", "H63", "H38", "Lào Cai"), ("44", "H46", "H50", "Quảng Trị"),
        ("80", "H39", "H53", "Tây Ninh"),
    ],
)  # fmt: skip
def test_seven_provinces_whose_two_codes_come_from_different_predecessors(
    statistical: str, then: str, now: str, name: str
) -> None:
    code = AdministrativeUnitCode.parse(statistical)
    assert (str(code.agency_code(BEFORE)), str(code.agency_code(AFTER))) == (then, now)
    assert code.province(AFTER).name == name  # type: ignore[union-attr]
    assert AdministrativeUnitCode.of_agency(now, AFTER) == code
    assert AdministrativeUnitCode.of_agency(now, BEFORE) != code
    assert AdministrativeUnitCode.of_agency(f"000.00.00.K{now[1:]}", AFTER) == code
    assert [f.rule for f in code.findings] == ["unit_code.moved"]


def test_only_seven_province_codes_moved_and_levels_end() -> None:
    codes = [AdministrativeUnitCode.parse(f"{n:02}") for n in range(1, 100)]
    assert sum(1 for c in codes if c.in_use(BEFORE)) == 63
    assert sum(1 for c in codes if c.in_use(AFTER)) == 34
    assert sum(1 for c in codes if c.findings) == 7
    district = AdministrativeUnitCode.parse("001")
    assert (district.level, district.in_use(BEFORE), district.in_use(AFTER)) == ("district", None, False)
    assert AdministrativeUnitCode.parse("00001").in_use(AFTER) is None
    with pytest.raises(UsageError):
        AdministrativeUnitCode.of_agency("H33", AFTER)
    with pytest.raises(UsageError):
        AdministrativeUnitCode.of_agency("G22", AFTER)
    for wrong in ("00", "0", "1234", "000000", "9a"):
        assert not AdministrativeUnitCode.is_valid(wrong)
