"""A body's own list: layers, dated acts, refusals, files, and random acts that keep the invariants."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.duration import turns
from vn_edoc.errors import LimitExceeded, SourceError, UsageError
from vn_edoc.identifiers import AgencyCode, AgencyRegistry, Bindings, Change
from vn_edoc.limits import Limits

DAY = date(2025, 7, 1)
ACT = "3470/QĐ-UBND"


@pytest.fixture
def own() -> AgencyRegistry:
    rows = [
        {"code": "H01.151", "name": "UBND xã Định Mỹ", "valid_from": "2025-07-01", "act_from": ACT, "phone": "0296"},
        {"code": "H01.151.01", "name": "Trung tâm Phục vụ hành chính công", "valid_from": "2025-07-01"},
        {"code": "H01.152", "name": "UBND xã Phú Hòa", "valid_from": "2025-07-01", "other_code": "000.00.52.H01"},
    ]
    return AgencyRegistry.bundled().overlay(AgencyRegistry.from_rows(rows, layer="An Giang"))


def rule(call: object, *args: object, **kw: object) -> str | None:
    with pytest.raises(UsageError) as refused:
        call(*args, **kw)  # type: ignore[operator]
    assert refused.value.message_vi and refused.value.message_en
    return refused.value.rule


def test_a_layer_over_the_bundled_lists(own: AgencyRegistry) -> None:
    commune = own.get("H01.151", on=DAY)
    assert commune is not None and (commune.layer, commune.certainty) == ("An Giang", "own")
    assert dict(commune.extra) == {"phone": "0296"}
    assert [str(a) for a in own.children("H01", on=DAY)] == ["H01.151", "H01.152"]
    alias = own.get("000.00.52.H01", on=DAY)
    assert alias is not None and (str(alias.code), alias.match) == ("H01.152", "alias")
    assert own.get("H29", on=DAY) == AgencyRegistry.bundled().get("H29", on=DAY)


def test_an_own_list_decides_over_the_samples() -> None:
    rows = [{"code": "H53.07", "name": "Sở Y tế", "other_code": "000.00.09.H53"}]
    made = AgencyRegistry.bundled().overlay(AgencyRegistry.from_rows(rows))
    for _again in range(2):
        unit = made.get("000.00.09.H53", on=DAY)
        assert unit is not None and (str(unit.code), unit.match, unit.layer) == ("H53.07", "alias", "own")
        assert made.successors("H53.07", on=DAY) == ()
    bare = AgencyRegistry.bundled(samples=False)
    assert bare.get("000.00.09.H53", on=DAY) is None and bare.get("H53", on=DAY) is not None


def test_tables_are_bounded(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("code\nH01\nH02\n", encoding="utf-8")
    for limits in (Limits(table_rows=1), Limits(table_bytes=5)):
        with pytest.raises(LimitExceeded):
            AgencyRegistry.load(table, limits=limits)
        with pytest.raises(LimitExceeded):
            Bindings.load(table, limits=limits)


def test_acts_are_recorded_and_nothing_is_lost(own: AgencyRegistry) -> None:
    on = date(2026, 3, 1)
    made = own.rename("H01.151", "UBND phường Định Mỹ", act="1/QĐ-UBND", on=on)
    made = made.open("H01.153", "UBND xã Mới", act="2/QĐ-UBND", on=on, kind="commune")
    made = made.merge(["H01.152", "H01.153"], "H01.152", act="3/QĐ-UBND", on=date(2026, 5, 1), name="UBND xã Phú Mới")
    made = made.split(
        "H01.152", {"H01.154": "UBND xã Phú Đông", "H01.155": "UBND xã Phú Tây"}, act="4/QĐ-UBND", on=date(2026, 8, 1)
    )
    made = made.close("H01.151", act="5/QĐ-UBND", on=date(2026, 9, 1), with_units=True)
    before, after = made.get("H01.151", on=date(2026, 2, 28)), made.get("H01.151", on=on)
    assert before is not None and before.name == "UBND xã Định Mỹ"
    assert after is not None and after.name == "UBND phường Định Mỹ" and dict(after.extra) == {"phone": "0296"}
    assert [str(a) for a in made.successors("H01.153", on=date(2026, 6, 1))] == ["H01.152"]
    assert [str(a) for a in made.successors("H01.153", on=date(2026, 8, 1))] == ["H01.154", "H01.155"]
    office = made.get("H01.151.01", on=date(2026, 9, 1))
    assert office is not None and office.status == "closed" and office.act_to == "5/QĐ-UBND"
    assert own.get("H01.153", on=on) is None, "the registry before is untouched"
    acts = made.changes(date(2026, 1, 1), date(2026, 12, 31), under="H01")
    assert [(c.kind, c.act, c.codes) for c in acts[:4]] == [
        ("open", "2/QĐ-UBND", ("H01.153",)),
        ("rename", "1/QĐ-UBND", ("H01.151",)),
        ("merge", "3/QĐ-UBND", ("H01.153",)),
        ("split", "4/QĐ-UBND", ("H01.152",)),
    ]
    assert acts[2].into == ("H01.152",) and dict(acts[2].names) == {"H01.152": "UBND xã Phú Mới"}
    assert [(c.kind, c.act) for c in acts[4:]] == [("close", "5/QĐ-UBND")] * 6, "the commune and its five offices"
    again = own.record(*made.changes(date(2026, 1, 1), date(2026, 8, 30), under="000.00.00.H01"))
    assert not again.diff(made, on=date(2026, 8, 15))


def test_a_split_that_leaves_the_old_body_alive(own: AgencyRegistry) -> None:
    made = own.split("H01.152", {"H01.152": "UBND xã Phú Hòa", "H01.160": "UBND xã Tách"}, act=ACT, on=date(2026, 1, 1))
    new = made.get("H01.160", on=date(2026, 1, 1))
    assert new is not None and [str(c) for c in new.predecessors] == ["H01.152"]
    old = made.get("H01.152", on=date(2026, 1, 1))
    assert old is not None and old.status == "active"
    (change,) = made.changes(date(2025, 12, 31), date(2026, 1, 1))
    assert (change.kind, change.codes, change.into) == ("split", ("H01.152",), ("H01.152", "H01.160"))


def test_what_differs_between_two_lists(own: AgencyRegistry) -> None:
    made = own.rename("H01.152", "UBND xã Khác", act=ACT, on=date(2026, 1, 1)).open("H01.160", "X", act=ACT, on=DAY)
    whole, then = own.diff(made), own.diff(made, on=date(2026, 1, 1))
    assert whole and whole.added == ("H01.160",) and whole.removed == ()
    assert ("H01.152", "periods", "1", "2") in [(d.code, d.field, d.before, d.after) for d in whole.changed]
    named = [(d.code, d.before, d.after) for d in then.changed if d.field == "name"]
    assert named == [("H01.152", "UBND xã Phú Hòa", "UBND xã Khác")]
    assert made.diff(own).removed == ("H01.160",) and not own.diff(own)


def test_impossible_acts_are_refused(own: AgencyRegistry) -> None:
    on = date(2026, 1, 1)
    closed = own.close("H01.152", act=ACT, on=on)
    later = date(2026, 2, 1)
    assert rule(closed.open, "H01.152", "UBND xã khác", act=ACT, on=later) == "registry.reuse"
    assert rule(own.open, "H09.01", "Sở Nội vụ", act=ACT, on=on) == "registry.not_active"
    assert rule(own.open, "H01.999.01", "Văn phòng", act=ACT, on=on) == "registry.unknown_parent"
    assert rule(own.open, "H64.01", "Văn phòng", act=ACT, on=on) == "registry.unknown_parent"
    assert rule(own.open, "H01.152", "UBND xã khác", act=ACT, on=on) == "registry.overlap"
    assert rule(own.open, "000.00.00.H01", "UBND tỉnh", act=ACT, on=on) == "registry.overlap"
    assert rule(own.open, "H00", "Cơ quan", act=ACT, on=on) == "registry.reuse"
    assert rule(own.rename, "H01.151", "Tên sớm hơn", act=ACT, on=DAY) == "registry.overlap"
    assert rule(own.rename, "H01.152", "UBND xã Phú Hòa", act=ACT, on=on) == "registry.act"
    assert rule(closed.rename, "H01.152", "Tên mới", act=ACT, on=later) == "registry.not_active"
    assert rule(own.close, "H01.151", act=ACT, on=on) == "registry.units"
    assert rule(own.close, "H01.777", act=ACT, on=on) == "registry.not_active"
    assert rule(own.close, "H01.152", act=" ", on=on) == "registry.act"
    assert rule(own.merge, ["H01.152"], "H01.152", act=ACT, on=on) == "registry.cycle"
    assert rule(own.merge, ["H01.151"], "H01.151.01", act=ACT, on=on, with_units=True) == "registry.cycle"
    assert rule(closed.merge, ["H01.151"], "H01.152", act=ACT, on=later) == "registry.not_active"
    assert rule(own.split, "H01.152", {"H01.160": "Một"}, act=ACT, on=on) == "registry.act"
    assert rule(own.open, "H01.170", "", act=ACT, on=on) == "registry.act"
    with pytest.raises(UsageError):
        own.open("h01.170", "Tên", act=ACT, on=on)


def test_a_batch_is_recorded_whole_or_not_at_all(own: AgencyRegistry) -> None:
    good = Change(kind="open", on=DAY + timedelta(1), act=ACT, codes=("H01.170",), names={"H01.170": "UBND xã Tốt"})
    bad = Change(kind="close", on=DAY + timedelta(2), act=ACT, codes=("H01.999",))
    with pytest.raises(UsageError):
        own.record(good, bad)
    assert own.get("H01.170", on=date(2026, 1, 1)) is None
    assert Change.from_dict(json.loads(json.dumps(good.to_dict()))) == good
    with pytest.raises(UsageError):
        Change.from_dict({"kind": "open"})


def test_a_list_may_not_bring_back_a_closed_code() -> None:
    back = AgencyRegistry.from_rows([{"code": "H09", "name": "UBND tỉnh Bình Dương"}])
    assert rule(AgencyRegistry.bundled().overlay, back) == "registry.reuse"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([{"code": "H01.1", "valid_from": "2025-01-01"}, {"code": "H01.1", "valid_from": "2024-01-01"}], "valid_from"),
        (
            [
                {"code": "H01.1", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
                {"code": "H01.1", "valid_from": "2022-01-01"},
            ],
            "valid_from",
        ),
        ([{"code": "H01.1", "successors": "H01.2"}, {"code": "H01.2", "successors": "H01.1"}], "code"),
        ([{"code": "h01", "name": "x"}], "code"),
        ([{"code": "H01", "valid_from": "2025-02-30"}], "valid_from"),
        ([{"code": "H01", "valid_from": "2025-02-02", "valid_to": "2025-02-01"}], "valid_to"),
        ([{"name": "x"}], "heading"),
    ],
)
def test_wrong_lists_are_refused(rows: list[dict[str, str]], field: str) -> None:
    with pytest.raises(UsageError) as refused:
        AgencyRegistry.from_rows(rows)
    assert refused.value.field == field


@pytest.mark.parametrize("suffix", [".csv", ".json", ".xlsx"])
def test_files_keep_the_whole_history(own: AgencyRegistry, tmp_path: Path, suffix: str) -> None:
    if suffix == ".xlsx":
        pytest.importorskip("openpyxl")
    made = own.rename("H01.151", "=cmd()|'\"x, y", act="1/QĐ-UBND", on=date(2026, 3, 1))
    made = made.merge(["H01.152"], "H01.151", act="2/QĐ-UBND", on=date(2026, 4, 1))
    file = tmp_path / f"list{suffix}"
    count = made.export(file)
    again = AgencyRegistry.load(file)
    assert count == len(again.rows()) == len(made.rows())
    assert sorted(map(str, again.rows())) == sorted(map(str, made.rows()))
    assert not made.diff(again) and not again.diff(made)
    assert made.export(file, on=date(2026, 3, 5), layers=["An Giang", "recorded"]) == 3
    state = AgencyRegistry.load(file)
    assert {str(code) for code in state} == {"H01.151", "H01.151.01", "H01.152"}
    assert [p.name for p in tmp_path.iterdir()] == [file.name]


def test_vietnamese_headings_and_damaged_files(tmp_path: Path) -> None:
    table = tmp_path / "danh-sach.csv"
    table.write_text('Mã,Tên,Từ ngày\nH01.151,"UBND xã A, B",01/07/2025\n', encoding="utf-8-sig")
    made = AgencyRegistry.load(table)
    agency = made.get("H01.151", on=DAY)
    assert agency is not None and (agency.name, agency.valid_from, agency.layer) == ("UBND xã A, B", DAY, "danh-sach")
    for name, content in {
        "f.xls": b"",
        "g.json": b"[1]",
        "h.json": b"{}",
        "i.csv": b"code,name\nH01\n",
        "j.json": b'[{"code": "h1"}]',
        "a.csv": b"\xff",
        "b.json": b"{",
        "c.xlsx": b"PK\x03\x04",
        "d.csv": b"",
        "e.csv": b'code\n"',
    }.items():
        bad = tmp_path / name
        bad.write_bytes(content)
        with pytest.raises((UsageError, SourceError, LimitExceeded)):
            AgencyRegistry.load(bad)
    with pytest.raises(SourceError):
        AgencyRegistry.load(tmp_path / "absent.csv")


def test_the_reference_tables_load_as_they_are(shared: Path) -> None:
    level1 = AgencyRegistry.load(shared / "data" / "level1_codes.csv")
    for day in (date(2024, 1, 1), DAY, date(2026, 11, 1)):
        ours = {r["code"]: r["name"] for r in AgencyRegistry.bundled().rows(day, layers=["level1"])}
        theirs = {r["code"]: r["name"] for r in level1.rows(day) if not r["name"].startswith("(")}
        assert {c: n for c, n in theirs.items() if ours.get(c) != n}.keys() <= {"G38", "G39", "G40"}
    samples = AgencyRegistry.load(shared / "data" / "sample_codes.csv")
    assert len(samples) > 300


def test_agency_lists_of_exchange_axes() -> None:
    answer = {
        "status": "OK",
        "data": [
            {
                "id": 1,
                "pid": 0,
                "code": "H53",
                "name": "UBND tỉnh Tây Ninh",
                "code102": "000.00.00.H53",
                "mail": "a@x.vn",
            },
            {"id": 2, "pid": 1, "code": "H53.07", "name": "Sở Y tế", "oldCode": "000.00.17.H53"},
            {"id": 3, "pid": 1, "code": "000.00.17.H53", "name": "Sở Y tế"},
            {"id": 4, "pid": 2, "code": "0100233488", "name": "Công ty"},
            {"id": 5, "code": "null", "name": "?"},
            {"id": 6, "code": "28.22.H17", "name": "Trạm"},
            {"id": 7, "code": "H53.07", "name": "Sở Y tế (lặp)"},
            {"id": 8, "code": "H53.99", "name": "Đã xóa", "deleted": True},
        ],
    }
    made = AgencyRegistry.from_exchange(json.dumps(answer))
    assert [str(code) for code in made] == ["H53", "H53.07", "0100233488", "000.28.22.H17"]
    unit = made.get("000.00.17.H53", on=DAY)
    assert unit is not None and (str(unit.code), unit.match, str(unit.other_code)) == (
        "H53.07",
        "alias",
        "000.00.17.H53",
    )
    company = made.get("0100233488", on=DAY)
    assert company is not None and str(company.parent) == "H53.07"
    assert [f.rule for f in made.findings] == [
        "registry.import_code", "registry.import_twice", "registry.import_deleted", "registry.import_alias",
    ]  # fmt: skip
    assert AgencyRegistry.bundled().overlay(made).findings == made.findings
    assert len(AgencyRegistry.from_exchange([])) == 0
    for wrong in ("{", 7, [1], {"status": "FAIL"}):
        with pytest.raises(UsageError):
            AgencyRegistry.from_exchange(wrong)


def check_invariants(registry: AgencyRegistry, days: list[date]) -> None:
    for row in registry.rows():
        assert not row["valid_to"] or not row["valid_from"] or row["valid_from"] <= row["valid_to"]
    for code in registry:
        ended = False
        for day in days:
            agency = registry.get(code, on=day)
            assert agency is not None
            assert not (ended and agency.status == "active"), "a closed code came back"
            ended = ended or agency.status == "closed"
            if agency.status == "active":
                assert registry.successors(code, on=day) == ()
                above = agency.parent
                if above is not None:
                    parent = registry.get(above, on=day)
                    assert parent is not None and parent.status == "active", (
                        f"{code} lives under {above}, which does not"
                    )
            heirs = registry.successors(code, on=day)
            assert all(heir.status == "active" for heir in heirs)
            assert code not in [heir.code for heir in heirs]


def random_acts(seed: int, steps: int) -> None:
    rnd = random.Random(seed)
    base = AgencyRegistry.from_rows(
        [{"code": "H01", "name": "UBND tỉnh", "valid_from": "2020-01-01"}]
        + [{"code": f"H01.{n:02}", "name": f"Đơn vị {n}", "valid_from": "2020-01-01"} for n in range(1, 5)]
    )
    registry, done = base, 0
    days = [date(2020, 1, 1) + timedelta(30 * n) for n in range(steps + 1)]
    pool = [
        "H01",
        *(f"H01.{n:02}" for n in range(1, 12)),
        *(f"H01.{n:02}.{m:02}" for n in range(1, 6) for m in range(1, 4)),
    ]
    names = iter(f"Tên {n}" for n in range(10_000))
    for _step in range(steps):
        on, act = rnd.choice(days[1:]), f"{rnd.randint(1, 99):02}/QĐ-UBND"
        some = [rnd.choice(pool) for _ in range(rnd.randint(1, 3))]
        try:
            kind = rnd.choice(("open", "open", "rename", "merge", "split", "close"))
            if kind == "open":
                registry = registry.open(some[0], next(names), act=act, on=on)
            elif kind == "rename":
                registry = registry.rename(some[0], next(names), act=act, on=on)
            elif kind == "merge":
                name = rnd.choice((None, next(names)))
                registry = registry.merge(
                    some, rnd.choice(pool), act=act, on=on, name=name, with_units=rnd.random() < 0.5
                )
            elif kind == "split":
                parts = {rnd.choice([*pool, some[0]]): next(names) for _ in range(2)}
                registry = registry.split(some[0], parts, act=act, on=on, with_units=rnd.random() < 0.5)
            else:
                registry = registry.close(some[0], act=act, on=on, with_units=rnd.random() < 0.5)
            done += 1
        except UsageError as refused:
            assert refused.rule is not None and refused.rule.startswith("registry.")  # noqa: PT017
    assert done
    check_invariants(registry, days)
    again = AgencyRegistry.from_rows(registry.rows())
    assert not registry.diff(again)
    replayed = base.record(*registry.changes(date(2020, 1, 1), days[-1]))
    for day in days:
        assert {(r["code"], r["name"]) for r in replayed.rows(day)} == {
            (r["code"], r["name"]) for r in registry.rows(day)
        }


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_random_acts_keep_the_invariants(seed: int) -> None:
    random_acts(seed, 40)


@pytest.mark.fuzz
def test_many_random_acts_keep_the_invariants() -> None:
    for number in turns(random_start=True):
        random_acts(number, 80)


def test_codes_of_a_registry_are_agency_codes(own: AgencyRegistry) -> None:
    assert all(isinstance(code, AgencyCode) for code in own)


def test_a_body_that_stands_under_itself_is_refused() -> None:
    def rows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
        return [{"code": code, "name": code, "parent": parent} for code, parent in pairs]

    for loop in (
        (("H98.12", "H98.13"), ("H98.13", "H98.12")),
        (("H98.12", "000.00.13.H98"), ("H98.13", "000.00.12.H98")),
        (("H98.11", "H98.12"), ("H98.12", "H98.13"), ("H98.13", "H98.14"), ("H98.14", "H98.12")),
    ):
        with pytest.raises(UsageError) as told:
            AgencyRegistry.from_rows(rows(*loop))
        assert told.value.rule == "registry.cycle"
    below, above = (AgencyRegistry.from_rows(rows(pair)) for pair in (("H98.12", "H98.13"), ("H98.13", "H98.12")))
    with pytest.raises(UsageError):
        below.overlay(above).get("H98.12")
    high = AgencyRegistry.from_rows(rows(*((f"H98.{n}", f"H98.{n + 1}") for n in range(500))))
    with pytest.raises(UsageError):
        high.get("H98.0")
    assert high.get("H98.480") is not None
