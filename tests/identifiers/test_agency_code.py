"""Agency codes: both schemes, the neighbours of articles 5 and 6, refusals that explain, lenient reading."""

from __future__ import annotations

import copy
import csv
import json
import pickle
from pathlib import Path

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers import AgencyCode

OLD = st.from_regex(r"\A[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}\Z")
NEW = st.from_regex(r"\A[A-Y][0-9]{2}(\.[0-9A-Z]{1,4}){0,5}\Z")
OTHERS = st.one_of(
    st.from_regex(r"\A(02)?[0-9]{10}(-?[0-9]{2}[1-9])?\Z"),
    st.from_regex(r"\AZ(?!00)[0-9]{2}[!-~]{1,32}\Z"),
    st.from_regex(r"\A([0-9]{2}\.){2,3}W[0-9]{2}\Z"),
    st.from_regex(r"\Avxp\.saas\.[0-9]{2}\Z"),
)
PAIRS = [
    ("000.00.01.H27", "H27.01"),
    ("000.00.18.G12", "G12.18"),
    ("000.00.32.G12", "G12.32"),
    ("000.00.00.H29", "H29"),
    ("000.20.31.H53", "H53.31.20"),
    ("001.01.07.H53", "H53.07.01.001"),
]


def test_sample_codes_read_with_level_parent_and_candidate(shared: Path) -> None:
    with (shared / "data" / "sample_codes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 300
    for row in rows:
        code = AgencyCode.parse(row["code"])
        assert str(code) == row["code"]
        assert code.scheme == row["scheme"].lower()
        assert code.level == int(row["level"])
        assert str(code.parent or "") == row["parent"]
        if row["candidate_qd20_code"]:
            new = code.to_qd20()
            assert str(new) == row["candidate_qd20_code"]
            assert new is not None and new.to_qcvn102() == code


def test_level_1_codes_are_their_own_root_in_both_schemes(shared: Path) -> None:
    with (shared / "data" / "level1_codes.csv").open(encoding="utf-8") as file:
        codes = {row["code"] for row in csv.DictReader(file) if "-" not in row["code"]}
    for text in codes:
        new, old = AgencyCode.parse(text), AgencyCode.parse(f"000.00.00.{text}")
        assert new.level == old.level == 1
        assert new.parent is old.parent is None
        assert new.root == old.root == new
        assert old.to_qd20() == new and new.to_qcvn102() == old


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_candidates_of_the_reference(old: str, new: str) -> None:
    assert str(AgencyCode.parse(old).to_qd20()) == new
    assert str(AgencyCode.parse(new).to_qcvn102()) == old


@pytest.mark.parametrize("text", ["H01.151", "H52.101.114", "H37.DN.001", "H29.1.2", "H29.01.02.0034", "H29.01.02.003.4", "H29.00"])  # fmt: skip  # noqa: E501
def test_no_old_form_where_the_widths_give_none(text: str) -> None:
    assert AgencyCode.parse(text).to_qcvn102() is None
    with pytest.raises(InvalidCode):
        AgencyCode.parse(text).format("qcvn102")


def test_order_and_ancestors() -> None:
    texts = ["H29", "000.00.00.H29", "H29.01", "000.00.01.H29", "H29.01.02", "H29.02", "H30"]
    codes = [AgencyCode.parse(t) for t in texts]
    assert sorted(codes, key=lambda c: c) == sorted(set(codes)) == codes
    deep = AgencyCode.parse("H15.50.05.13")
    assert [str(a) for a in deep.ancestors] == ["H15.50.05", "H15.50", "H15"]
    old = AgencyCode.parse("001.01.07.H53")
    assert [str(a) for a in old.ancestors] == ["000.01.07.H53", "000.00.07.H53", "000.00.00.H53"]
    assert old.is_under(AgencyCode.parse("H53.07")) and not old.is_under(AgencyCode.parse("H53.08"))


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("0100233488", "enterprise"), ("0314409058-002", "enterprise"), ("0314409058002", "enterprise"),
        ("079203012345", "enterprise"), ("020100000001", "enterprise"), ("Z24ABC-1", "other"), ("Z01x", "other"),
        ("02.29.W00", "technical"), ("01.02.03.W00", "technical"), ("vxp.saas.03", "technical"),
        ("777.77.04.D77", "qcvn102"), ("000.00.00.A80", "qcvn102"), ("X99", "qd20"),
    ],
)  # fmt: skip
def test_schemes(text: str, scheme: str) -> None:
    assert AgencyCode.parse(text).scheme == scheme


def test_dependent_unit_is_written_with_a_hyphen() -> None:
    assert str(AgencyCode.parse("0314409058002")) == "0314409058-002"
    assert AgencyCode.parse("0314409058002") == AgencyCode.parse("0314409058-002")
    assert str(AgencyCode.parse("0314409058-002").parent) == "0314409058"


@pytest.mark.parametrize(
    ("text", "position", "segment", "act"),
    [
        ("28.22.H17", 0, "28", "10/2016/TT-BTTTT"),
        ("000.1137.H53", 4, "1137", "10/2016/TT-BTTTT"),
        ("001.00.20.JB2", 10, "JB2", "10/2016/TT-BTTTT"),
        ("000.00.00.Z01", 10, "Z01", "10/2016/TT-BTTTT"),
        ("000.00.00.H29.1", 14, "1", "10/2016/TT-BTTTT"),
        ("h29", 0, "h", "20/2020/QĐ-TTg"),
        ("H29..12", 4, "", "20/2020/QĐ-TTg"),
        ("H29.", 4, "", "20/2020/QĐ-TTg"),
        ("H2.12", 0, "H2", "20/2020/QĐ-TTg"),
        ("H29.Đ1", 4, "Đ", "20/2020/QĐ-TTg"),
        ("H29 ", 3, " ", "20/2020/QĐ-TTg"),
        ("H29\n", 3, "\n", "20/2020/QĐ-TTg"),
        ("H29." + "1" * 32, 35, "1", "20/2020/QĐ-TTg"),
        ("Z00ABC", 0, "Z00", "20/2020/QĐ-TTg"),
        ("Z24", 3, "", "20/2020/QĐ-TTg"),
        ("Z24" + "x" * 33, 35, "x", "20/2020/QĐ-TTg"),
        ("0314409058-000", 11, "000", "20/2020/QĐ-TTg"),
        ("0314409058000", 10, "000", "20/2020/QĐ-TTg"),
        ("Z24a\x01b", 4, "\x01", "20/2020/QĐ-TTg"),
        ("Z24a\nb", 4, "\n", "20/2020/QĐ-TTg"),
        ("Z24 a", 3, " ", "20/2020/QĐ-TTg"),
        ("Z24a ", 4, " ", "20/2020/QĐ-TTg"),
        ("Z24be\u0301", 5, "\u0301", "20/2020/QĐ-TTg"),
        ("000.00.00", 9, "", "10/2016/TT-BTTTT"),
        ("12345", 0, "12345", "20/2020/QĐ-TTg"),
        ("null", 0, "null", "20/2020/QĐ-TTg"),
        ("H２9", 1, "２", "20/2020/QĐ-TTg"),
    ],
)
def test_refusals_say_where_and_why(text: str, position: int, segment: str, act: str) -> None:
    assert not AgencyCode.is_valid(text)
    with pytest.raises(InvalidCode) as refused:
        AgencyCode.parse(text)
    error = refused.value
    assert (error.position, error.segment) == (position, segment)
    assert error.expected and error.rule and act in error.rule
    assert act in error.message_vi and act in error.message_en


@pytest.mark.parametrize(
    ("text", "read", "rules"),
    [
        ("28.22.H17", "000.28.22.H17", ["identifier.leading_group"]),
        ("01.02.G22", "000.01.02.G22", ["identifier.leading_group"]),
        ("00.00.H57", "000.00.00.H57", ["identifier.leading_group"]),
        ("000.1137.H53", "000.11.37.H53", ["identifier.missing_dot"]),
        (" h29.12 ", "H29.12", ["identifier.spaces", "identifier.case"]),
        ("000.00.00.К57", "000.00.00.K57", ["identifier.unicode"]),
        ("０００.00.00.H29", "000.00.00.H29", ["identifier.unicode"]),
        ("H29\u200b.12", "H29.12", ["identifier.unicode"]),
        ("VXP.SAAS.03", "vxp.saas.03", ["identifier.case"]),
        ("null", None, ["identifier.missing"]),
        ("", None, ["identifier.missing"]),
        (None, None, ["identifier.missing"]),
        ("001.00.20.JB2", None, ["identifier.unfit"]),
        ("000.00.12.H29", "000.00.12.H29", []),
    ],
)
def test_lenient_reading(text: object, read: str | None, rules: list[str]) -> None:
    code, findings = AgencyCode.parse_lenient(text)
    assert (str(code) if code else None) == read
    assert [f.rule for f in findings] == rules
    assert all(f.message_vi and f.message_en for f in findings)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("002.00.20.H13", ["agency.chain"]),
        ("H29.00", ["agency.zero_group"]),
        ("H29.1", ["agency.width"]),
        ("H15.50.05.13.02", ["agency.depth"]),
        ("L01", ["agency.letter"]),
        ("0100233480", ["enterprise.check_digit"]),
        ("02.29.W00", ["agency.technical"]),
        ("H01.151.01", []),
        ("000.20.31.H53", []),
        ("0100233488", []),
    ],
)
def test_oddities_of_well_formed_codes(text: str, rules: list[str]) -> None:
    assert [f.rule for f in AgencyCode.parse(text).findings] == rules


@given(st.one_of(OLD, NEW, OTHERS))
def test_what_is_written_reads_back(text: str) -> None:
    code = AgencyCode.parse(text)
    again = AgencyCode.parse(str(code))
    assert again == code and hash(again) == hash(code) and again.scheme == code.scheme
    assert pickle.loads(pickle.dumps(code)) == copy.deepcopy(code) == code
    assert code.parent is None or AgencyCode.parse(str(code.parent)) == code.parent
    assert AgencyCode.parse_lenient(text) == (code, ())
    for other in (code.to_qd20(), code.to_qcvn102()):
        assert other is None or AgencyCode.parse(str(other)) == other


@given(st.one_of(st.text(), st.text(alphabet="0123456789.HGZ-vxpW \u0301Đ"), st.binary(), st.integers(), st.none()))
def test_no_input_raises_anything_but_invalid_code(value: object) -> None:
    if AgencyCode.is_valid(value):
        assert AgencyCode.parse(value)  # type: ignore[arg-type]
    else:
        with pytest.raises(InvalidCode) as refused:
            AgencyCode.parse(value)  # type: ignore[arg-type]
        assert refused.value.message_vi and refused.value.message_en
        str(refused.value).encode("utf-8")
    AgencyCode.parse_lenient(value)


def test_what_is_too_long_for_any_code_is_not_tried() -> None:
    assert AgencyCode.parse_lenient("H29." * 100).code is None
    with pytest.raises(InvalidCode) as refused:
        AgencyCode.parse("1" * 10_000_000)
    assert len(str(refused.value)) < 400


def test_values_are_closed_and_immutable() -> None:
    code = AgencyCode.parse("H29")
    with pytest.raises(AttributeError):
        code.scheme = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del code.scheme
    with pytest.raises(UsageError):
        AgencyCode("H29")
    assert AgencyCode.parse("000.00.12.H29").format("qd20") == "H29.12"
    assert AgencyCode.parse("000.00.12.H29").format("compact") == "0000012H29"
    assert copy.copy(code) is code and code >= AgencyCode.parse("H28") and code > AgencyCode.parse("G29")
    with pytest.raises(UsageError):
        code.format("nope")
    assert code == "H29" and {"H29": 1}[code] == 1  # type: ignore[index]
    assert code != "H30" and code != 29


def test_pydantic_field_and_json_schema() -> None:
    class Letter(pydantic.BaseModel):
        sender: AgencyCode

    letter = Letter.model_validate_json('{"sender": "000.00.12.H29"}')
    assert letter.sender.level == 2
    assert json.loads(letter.model_dump_json()) == {"sender": "000.00.12.H29"}
    schema = Letter.model_json_schema()["properties"]["sender"]
    assert schema["type"] == "string" and schema["maxLength"] == 35
    assert schema == AgencyCode.json_schema()
    with pytest.raises(pydantic.ValidationError):
        Letter(sender="h29")  # type: ignore[arg-type]
    with pytest.raises(pydantic.ValidationError):
        Letter(sender=None)  # type: ignore[arg-type]
