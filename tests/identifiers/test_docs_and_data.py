"""The page's code runs; the bundled tables are consistent."""

from __future__ import annotations

import csv
import doctest
import re
from datetime import date
from importlib.resources import files

import vn_edoc.identifiers
from tests.conftest import ROOT
from vn_edoc.identifiers import (
    AgencyCode,
    AgencyRegistry,
    document_types,
    dossier,
    enterprise,
    person,
    provinces,
    units,
)
from vn_edoc.law import acts

DOC = (ROOT / "docs" / "identifiers.md").read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    text = (files("vn_edoc.identifiers") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_block_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", DOC, re.M | re.S)
    assert len(blocks) >= 7
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/identifiers.md", "exec"), names)


def test_the_package_docstring_holds() -> None:
    assert doctest.testmod(vn_edoc.identifiers).failed == 0


def test_every_row_has_a_source_and_known_words() -> None:
    for name in ("level1.csv", "samples.csv", "provinces.csv", "document_types.csv"):
        for row in rows(name):
            assert row["source"], row
    for name in ("level1.csv", "samples.csv"):
        for row in rows(name):
            assert row["certainty"] in {"official", "derived", "secondary", "unverified"}
            assert row.get("ended_by", "") in {"", "rename", "merge", "close"}
            assert bool(row.get("successors")) <= (row["ended_by"] == "merge")
            assert not row.get("successors") or row["successor_certainty"]


def test_level_1_is_whole_and_councils_follow_committees() -> None:
    registry = AgencyRegistry.bundled()
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY":
        for number in range(100):
            agency = registry.get(f"{letter}{number:02}", on=date(2026, 11, 1))
            assert agency is not None, f"{letter}{number:02} has no answer"
    for number in range(1, 64):
        for day in (date(2020, 9, 15), date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 1)):
            committee, council = (registry.get(f"{letter}{number:02}", on=day) for letter in "HK")
            assert committee is not None and council is not None
            assert committee.status == council.status
            assert committee.name.removeprefix("UBND ") == council.name.removeprefix("HĐND ")
            assert [str(c)[1:] for c in committee.successors] == [str(c)[1:] for c in council.successors]
    active = {str(a) for a in map(registry.get, (f"H{n:02}" for n in range(1, 64))) if a and a.status == "active"}
    assert len(active) == 34 == len(provinces(date(2026, 1, 1)))
    assert active == {p.agency_code for p in provinces(date(2026, 1, 1)).values()}
    ministries = {
        f"G{n:02}" for n in range(41) if (a := registry.get(f"G{n:02}", date(2026, 1, 1))) and a.status == "active"
    }
    assert len(ministries) == 26


def test_every_act_that_a_rule_names_is_in_the_table() -> None:
    numbers = {act.number for act in acts().values()}
    rules = (enterprise.RULE, person.RULE, units.RULE, dossier.DOSSIER_RULE)
    cited = re.findall(r"\d+/\d{4}/[\w-]+", " ".join(rules))
    assert len(cited) >= 6 and set(cited) <= numbers


def test_successors_exist_and_live() -> None:
    registry = AgencyRegistry.bundled()
    for row in rows("level1.csv"):
        for successor in row["successors"].split():
            heir = registry.get(successor, on=date(2026, 11, 1))
            assert heir is not None and heir.status == "active"


def test_samples_stand_below_level_1() -> None:
    for row in rows("samples.csv"):
        assert (AgencyCode.parse(row["code"]).level or 0) > 1


def test_what_was_seen_years_ago_is_not_said_to_be_in_use() -> None:
    """The only source of these ended in 2021; the ministries of some departments were merged in 2025."""
    for row in rows("samples.csv"):
        if "2020-2021" in row["source"] and not row["valid_to"]:
            assert row["note"] and row["certainty"] in ("secondary", "unverified")
    registry = AgencyRegistry.bundled()
    for code in ("000.00.05.H53", "H53.05", "000.00.13.H53", "000.00.04.H53"):
        planning = registry.get(code, on=date(2026, 11, 1))
        assert planning is not None and planning.certainty == "unverified" and "2020-2021" in planning.note


def test_types_of_documents() -> None:
    types = [t for t in document_types() if t.kind == "administrative"]
    assert [t.order for t in types] == list(range(1, 30))
    assert sum(1 for t in types if t.abbreviation) == 27
    assert sorted(t.archive_code or "" for t in document_types() if t.archive_code) == [f"{n:02}" for n in range(1, 33)]
