"""The registry as of any day: bundled lists, successors, names, search."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers import AgencyCode, AgencyRegistry, Bindings, CertificateSubject

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def registry() -> AgencyRegistry:
    return AgencyRegistry.bundled()


def test_every_level_1_code_answers(registry: AgencyRegistry, shared: Path) -> None:
    with (shared / "data" / "level1_codes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    single = [row for row in rows if "-" not in row["code"]]
    assert len(single) > 200
    for row in single:
        first = date.fromisoformat(row["valid_from"]) if row["valid_from"] else None
        last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date(2026, 11, 22)
        agency = registry.get(row["code"], on=last)
        assert agency is not None and agency.match == "exact"
        if row["kind"] == "reserved":
            assert agency.status == "reserved"
            continue
        assert agency.status == "active"
        assert agency.name == ("" if row["name"].startswith("(") else row["name"])
        if first is not None:
            began = registry.get(row["code"], on=first)
            assert began is not None and began.name == agency.name
        if row["valid_to"] and row["successor"] != row["code"]:
            closed = registry.get(row["code"], on=date(2026, 11, 22))
            assert closed is not None and closed.status == "closed"
            assert [str(c) for c in closed.successors] == row["successor"].split()
            assert [str(a) for a in registry.successors(row["code"], on=date(2026, 11, 22))] == row["successor"].split()


def test_blocks_are_a_distinct_answer(registry: AgencyRegistry) -> None:
    expected = {
        "H64": "reserved", "H99": "reserved", "G29": "reserved", "G41": "reserved", "I07": "reserved",
        "A05": "unlisted", "C01": "unlisted", "L00": "unassigned", "Y99": "unassigned", "000.00.00.H64": "reserved",
    }  # fmt: skip
    for code, status in expected.items():
        agency = registry.get(code, on=AFTER)
        assert agency is not None and (agency.status, agency.name) == (status, "")
    assert registry.get("H29.9999", on=AFTER) is None
    assert registry.get("H64.01", on=AFTER) is None
    with pytest.raises(InvalidCode):
        registry.get("h29")
    with pytest.raises(InvalidCode):
        registry.get("Z24")


def test_all_63_provinces_on_both_sides_of_the_merger(registry: AgencyRegistry, shared: Path) -> None:
    with (shared / "data" / "provinces_2025_merge.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 63
    for row in rows:
        old, new = row["old_edoc_code"], row["new_edoc_code_if_known"]
        committee = registry.get(old, on=BEFORE)
        assert committee is not None
        for name in (row["old_province"], committee.name, committee.name.replace("UBND", "ỦY BAN NHÂN DÂN")):
            assert (str(registry.resolve(name, on=BEFORE)), str(registry.resolve(name, on=AFTER))) == (old, new)
        council = registry.resolve(f"HĐND tỉnh {row['old_province']}", on=AFTER) or registry.resolve(
            f"HĐND thành phố {row['old_province']}", on=AFTER
        )
        assert str(council) == f"K{new[1:]}"
        assert str(registry.resolve(row["new_province"], on=AFTER)) == new
        then = registry.get(old, on=BEFORE)
        assert then is not None and then.status == "active"
        if old == new:
            assert registry.successors(old, on=AFTER) == ()
        else:
            assert registry.successors(old, on=BEFORE) == ()
            assert [str(a) for a in registry.successors(old, on=AFTER)] == [new]
            heir = registry.get(new, on=AFTER)
            assert heir is not None and AgencyCode.parse(old) in heir.predecessors
            earlier = registry.get(new, on=BEFORE)
            assert earlier is not None and AgencyCode.parse(old) not in earlier.predecessors


def test_renamed_bodies_keep_code_and_names(registry: AgencyRegistry) -> None:
    environment = registry.get("G10", on=date(2025, 4, 13))
    assert environment is not None and environment.name == "Bộ Nông nghiệp và Phát triển nông thôn"
    environment = registry.get("G10", on=date(2025, 4, 14))
    assert environment is not None and environment.name == "Bộ Nông nghiệp và Môi trường"
    assert environment.names[0].text == "Bộ Nông nghiệp và Phát triển nông thôn"
    assert environment.act_from == "09/2025/QĐ-TTg"
    assert str(registry.resolve("Bộ Nông nghiệp và Phát triển nông thôn", on=AFTER)) == "G10"
    assert str(registry.resolve("Bộ Tài nguyên và Môi trường", on=AFTER)) == "G10"
    assert registry.resolve("Bộ Nông nghiệp và Môi trường", on=date(2024, 1, 1)) is None
    assert registry.resolve("UBND thành phố Bắc Ninh", on=date(2025, 1, 1)) is None
    city = registry.get("H05", on=date(2026, 9, 20))
    assert city is not None and city.name == "UBND thành phố Bắc Ninh"


def test_old_scheme_is_an_alias_at_level_1_and_a_candidate_below(registry: AgencyRegistry) -> None:
    top = registry.get("000.00.00.H29", on=AFTER)
    assert top is not None and (str(top.code), top.match) == ("H29", "alias")
    below = registry.get("H53.31.20", on=date(2021, 1, 1))
    assert below is not None and (str(below.code), below.match, below.layer) == (
        "000.20.31.H53",
        "candidate",
        "samples",
    )
    assert below.certainty == "secondary" and str(below.parent) == "000.00.31.H53"


def test_units_end_with_the_body_above(registry: AgencyRegistry) -> None:
    unit = registry.get("000.01.28.G14", on=date(2025, 4, 14))
    assert unit is not None and unit.status == "closed" and unit.valid_to == date(2025, 4, 13)
    ward = registry.get("000.20.30.H53", on=AFTER)
    assert ward is not None and ward.status == "closed"
    closed = registry.get("G03.02", on=date(2025, 4, 26))
    assert closed is not None and closed.status == "closed" and closed.act_to == "1165/QĐ-BGDĐT"


def test_children(registry: AgencyRegistry) -> None:
    then = {str(a) for a in registry.children("H53", on=date(2021, 1, 1))}
    assert "000.00.31.H53" in then and "000.20.31.H53" not in then
    assert "000.00.31.H53" not in {str(a) for a in registry.children("000.00.00.H53", on=AFTER)}
    assert registry.children("H64") == ()


def test_search_is_ranked_and_needs_no_accents(registry: AgencyRegistry) -> None:
    assert [str(a) for a in registry.search("an giang")][:2] == ["H01", "K01"]
    assert str(registry.search("ubnd tinh an giang")[0]) == "H01"
    assert str(registry.search("ỦY BAN NHÂN DÂN TỈNH AN GIANG")[0]) == "H01"
    assert str(registry.search("bo y te")[0]) == "G18"
    assert str(registry.search("H29")[0]) == "H29"
    assert str(registry.search("chau thanh y te phong")[0]) == "000.11.32.H53"
    assert "H09" in {str(a) for a in registry.search("bình dương")}
    assert "H09" not in {str(a) for a in registry.search("bình dương", on=AFTER)}
    assert registry.search("") == registry.search("zzzz") == ()
    assert len(registry.search("ubnd", limit=7)) == 7


def test_names_resolve_within_a_body(registry: AgencyRegistry) -> None:
    on = date(2021, 6, 1)
    assert str(registry.resolve("Sở Nội vụ", on=on, within="H53")) == "000.00.09.H53"
    assert registry.resolve("Sở Nội vụ", on=on, within="H01") is None
    assert registry.resolve("không có cơ quan này", on=on) is None


def test_days_may_be_aware_times_but_not_naive_ones(registry: AgencyRegistry) -> None:
    evening = datetime(2025, 6, 30, 17, 30, tzinfo=UTC)  # already 01/07 in Vietnam
    agency = registry.get("H09", on=evening)
    assert agency is not None and agency.status == "closed"
    with pytest.raises(UsageError):
        registry.get("H09", on=datetime(2025, 6, 30))
    with pytest.raises(UsageError):
        registry.get("H09", on="2025-06-30")  # type: ignore[arg-type]


def test_registry_names_bind_level_1_bodies(registry: AgencyRegistry) -> None:
    register = Bindings(registry=registry)
    health = CertificateSubject(common_name="BỘ Y TẾ")
    assert register.check("G18", health, on=AFTER).verdict == "bound"
    assert register.check("000.00.00.G18", health, on=AFTER).verdict == "bound"
    assert register.check("G22", health, on=AFTER).verdict == "contradicted"
    assert (
        register.check("H29", CertificateSubject(common_name="UBND tỉnh Bình Dương"), on=BEFORE).verdict
        == "contradicted"
    )
    assert register.check("H29", CertificateSubject(common_name="UBND tỉnh Bình Dương"), on=AFTER).verdict == "unknown"
    sample = CertificateSubject(common_name="Sở Nội vụ", organisations=("UBND tỉnh Tây Ninh",))
    assert register.check("000.00.09.H53", sample, on=date(2021, 1, 1)).verdict == "unknown"


def test_iteration_and_json(registry: AgencyRegistry) -> None:
    codes = list(registry)
    assert len(codes) == len(registry) == len(set(codes)) > 400
    assert "H29" in registry and "h29" not in registry and "H29.9999" not in registry
    agency = registry.get("H29", on=AFTER)
    assert agency is not None and agency.to_dict()["predecessors"] == ["H06", "H09"]
