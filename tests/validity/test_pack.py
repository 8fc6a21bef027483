"""An agency's rule pack: what it may change, what it may not, and that every report prints it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.validity.factory import at, good
from tests.validity.judged import judge, report
from vn_edoc.calendar import OfficeHours
from vn_edoc.cli.application import run
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import Outcome, Severity
from vn_edoc.validity import Report, RulePack, Verifier

VERSION = RulePack.bundled().version
HEAD = f'name = "Quy tắc của tỉnh mẫu"\nextends = "{VERSION}"\nsource = "Quyết định mẫu"\n'
WHOLE = (
    HEAD
    + """
[severity]
R37 = "error"
R23 = "warning"

[urgent]
grace_minutes = 30

[office_hours]
sessions = ["07:00-11:00", "13:00-17:00"]

[[paper_also]]
issuer = "H53"
type_names = ["Công văn"]
source = "Danh mục mẫu"
"""
)


def pack(folder: Path, text: str) -> RulePack:
    file = folder / "pack.toml"
    file.write_text(text, encoding="utf-8")
    return RulePack.load(file)


def test_what_an_agency_may_change(tmp_path: Path) -> None:
    own = pack(tmp_path, WHOLE)
    assert own.version == VERSION
    assert {o.what for o in own.overrides} == {"severity", "urgent_grace", "office_hours", "paper_also"}
    late = judge("sent-late", pack=own)
    assert {f.severity for f in late.findings if f.rule == "R37"} == {Severity.ERROR}
    # The verifier of signatures makes R23 itself; the agency's gravity holds for it too.
    assert {f.severity for f in late.findings if f.rule == "R23"} == {Severity.WARNING}
    assert {f.severity for f in report("sent-late").findings if f.rule == "R23"} == {Severity.INFO}
    assert late.exchange is not None and late.exchange.paper_also
    assert report("sent-late").document == late.document
    (listed,) = [f for f in late.findings if f.rule == "R59"]
    assert listed.data["on_no_paper_list"] is True and "Văn phòng Chính phủ" in listed.message_vi


def test_every_report_prints_every_override(tmp_path: Path) -> None:
    judged = judge(pack=pack(tmp_path, WHOLE))
    about = json.loads(judged.to_json())
    jsonschema.Draft202012Validator(Report.json_schema()).validate(about)
    assert len(about["pack"]["overrides"]) == 5
    assert len(about["pack"]["sha256"]) == 64
    for text in (judged.to_text(), judged.to_html(), judged.to_text("en"), judged.to_html("en")):
        flat = " ".join(text.split())
        assert "Quy tắc của tỉnh mẫu" in flat and "Quyết định mẫu" in flat
        for change in ("warning → error", "60 min → 30 min", "07:00-11:00, 13:00-17:00", "Danh mục mẫu"):
            assert change in flat, change
    assert "overrides" not in report().to_text().lower()


def test_grace_of_urgent_documents(tmp_path: Path) -> None:
    from dataclasses import replace

    facts = good(packet={"priority": 1}, context={"sent_at": at("2026-10-15 11:05")})
    rule = RulePack.bundled().rule("R39")
    assert rule.evaluate(facts)[0].outcome is Outcome.PASS
    own = pack(tmp_path, WHOLE)
    check, found = own.rule("R39").evaluate(replace(facts, urgent_grace=own.urgent_grace))
    assert check.outcome is Outcome.FAIL
    assert "30 phút" in found[0].message_vi


def test_cut_off_hour(tmp_path: Path) -> None:
    own = pack(tmp_path, WHOLE)
    assert own.hours is not None
    facts = good(context={"sent_at": at("2026-10-16 11:15")})
    from dataclasses import replace

    assert own.rule("R37").evaluate(facts)[0].outcome is Outcome.PASS
    assert own.rule("R37").evaluate(replace(facts, hours=own.hours))[0].outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('name = "x"', "extends"),
        (f'extends = "{VERSION}"', "name"),
        ('name = "x"\nextends = "2020.01"', "extends"),
        (HEAD + "other = 1", "other"),
        (HEAD + "[severity]\nR99 = 'info'", "severity.R99"),
        (HEAD + "[severity]\nR08 = 'info'", "severity.R08"),
        (HEAD + "[severity]\nR37 = 'fatal'", "severity.R37"),
        (HEAD + "[severity]\nR37 = 'grave'", "severity.R37"),
        (HEAD + "[severity]\nR37 = 'warning'", "severity.R37"),
        (HEAD + "[severity]\nR37 = ['error']", "severity.R37"),
        (HEAD + "[severity]\nR46 = 'error'", "severity.R46"),
        (HEAD + "severity = 1", "severity"),
        (HEAD + "[urgent]\ngrace_minutes = 0", "urgent.grace_minutes"),
        (HEAD + "[urgent]\ngrace_minutes = '5'", "urgent"),
        (HEAD + "[urgent]\ngrace_minutes = true", "urgent"),
        (HEAD + "[office_hours]\nsessions = []", "office_hours.sessions"),
        (HEAD + "[office_hours]\nsessions = ['25:00-26:00']", None),
        (HEAD + "[office_hours]\nsessions = ['07:00-11:00', '10:00-12:00']", None),
        (HEAD + "[[paper_also]]\nissuer = '???'\ntype_names = ['a']\nsource = 'b'", "paper_also[0].issuer"),
        (HEAD + "[[paper_also]]\nissuer = 'H53'\ntype_names = []\nsource = 'b'", "paper_also[0].type_names"),
        (HEAD + "[[paper_also]]\nissuer = 'H53'\ntype_names = ['a']", "paper_also[0].source"),
        (HEAD + "paper_also = 3", "paper_also"),
        ("this is no TOML", "pack"),
    ],
)
def test_what_is_inconsistent_is_refused(tmp_path: Path, text: str, field: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        pack(tmp_path, text)
    assert field is None or refused.value.field == field
    assert refused.value.message_vi and refused.value.message_en


def test_locked_rules_are_those_of_authenticity_and_integrity(tmp_path: Path) -> None:
    for rule in RulePack.bundled().rules.values():
        if rule.text.decides or rule.text.undecides or rule.text.severity is Severity.FATAL:
            assert rule.text.locked, rule.id
        if rule.text.locked:
            with pytest.raises(UsageError):
                pack(tmp_path, HEAD + f"[severity]\n{rule.id} = 'info'")


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        RulePack.load(tmp_path / "missing.toml")


def test_hours_are_given_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Verifier(hours=OfficeHours(), pack=pack(tmp_path, WHOLE))


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    run(["verify", str(tmp_path / "x.pdf"), "--pack", str(tmp_path / "pack.toml"), "--json"])
    assert json.loads(capsys.readouterr().out)["pack"]["name"] == "Quy tắc của tỉnh mẫu"
    assert run(["rules", "R37", "--pack", str(tmp_path / "pack.toml"), "--lang", "en"]) == 0
    assert "error" in capsys.readouterr().out
    (tmp_path / "pack.toml").write_text(HEAD + "[severity]\nR08 = 'info'", encoding="utf-8")
    assert run(["verify", str(tmp_path / "x.pdf"), "--pack", str(tmp_path / "pack.toml")]) == 3


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[office_hours]\nsessions = ["13:00-17:00"]', "office_hours.sessions"),
        ('[office_hours]\nsessions = ["11:30-07:30"]', "office_hours.sessions"),
        ('[office_hours]\nsessions = ["07:30-11:30", "11:00-17:00"]', "office_hours.sessions"),
        ("[urgent]\ngrace_minutes = 0", "urgent.grace_minutes"),
        ('[severity]\nR08 = "warning"', "severity.R08"),
        ('[[paper_also]]\nissuer = "H53"', "paper_also[0].type_names"),
    ],
)
def test_a_refusal_names_the_key(text: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        pack(tmp_path, HEAD + text)
    assert raised.value.field == key
    for said in (raised.value.message_vi, raised.value.message_en):
        assert key in said and "datetime" not in said


def test_an_override_names_the_rules_it_acts_on(tmp_path: Path) -> None:
    named = {o.what: o.rules for o in pack(tmp_path, WHOLE).overrides}
    assert (named["urgent_grace"], named["office_hours"]) == (("R39", "R42"), ("R37",))


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [("2026-10-15 18:45", Outcome.PASS), ("2026-10-15 18:46", Outcome.FAIL)],
)
def test_when_a_refusal_is_in_time_is_for_the_agency_to_say(refused: str, outcome: Outcome, tmp_path: Path) -> None:
    from dataclasses import replace

    from vn_edoc.validity import StatusEvent

    own = pack(tmp_path, HEAD + "[refusal]\nwithin_hours = 8")
    assert [(o.what, o.rules) for o in own.overrides] == [("refusal_within", ("R41",))]
    told = StatusEvent(code="02", at=at(refused), description="Sai nơi nhận (điểm b khoản 2 Điều 21)")
    facts = good(context={"status_history": (told,)})
    rule = own.rule("R41")
    assert rule.evaluate(facts)[0].outcome is Outcome.PASS, "the law gives no number"
    check, found = rule.evaluate(replace(facts, refusal_within=own.refusal_within))
    assert check.outcome is outcome
    assert [f.severity for f in found] == ([Severity.WARNING] if outcome is Outcome.FAIL else [])
    for wrong in ("within_hours = 0", "within_hours = 1000", "within_hours = true", "hours = 8"):
        with pytest.raises(UsageError):
            pack(tmp_path, HEAD + f"[refusal]\n{wrong}")
