"""Generated pages are in step, the site builds without a warning, the code of docs/validity.md runs."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from tests.conftest import ROOT
from vn_edoc.cli.application import run
from vn_edoc.validity import Context, RulePack

RULES = ROOT / "docs" / "rules.md"


def test_the_page_of_rules_is_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--markdown"]) == 0
    made = capsys.readouterr().out
    assert made == RULES.read_text(encoding="utf-8"), "run: vn-edoc rules --markdown > docs/rules.md"


def test_every_rule_has_its_anchor_its_law_and_how() -> None:
    text = RULES.read_text(encoding="utf-8")
    sections = dict(
        zip(re.findall(r"^## (R\d+)$", text, re.M), re.split(r"^## R\d+$", text, flags=re.M)[1:], strict=True)
    )
    pack = RulePack.bundled()
    assert list(sections) == list(pack.rules)
    for rule in pack.rules.values():
        section = sections[rule.id]
        assert all(b.cite("vi") in section for b in rule.text.basis)
        assert (rule.text.how_vi if rule.judge is not None else rule.text.undecided_vi) in section
    assert sum("- fails: sample" in s for s in sections.values()) >= 50
    assert sum("- passes: sample" in s for s in sections.values()) >= 50


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 'id="r37"' in (tmp_path / "site" / "rules.html").read_text(encoding="utf-8")


def test_code_of_the_page_on_validity_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "validity.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "validity.md", "exec"), names)
    assert capsys.readouterr().out


def test_the_example_pack_of_the_docs_loads(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "validity.md").read_text(encoding="utf-8")
    (toml,) = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "pack.toml").write_text(toml, encoding="utf-8")
    assert RulePack.load(tmp_path / "pack.toml").overrides


def test_the_published_schema_of_the_context() -> None:
    kept = json.loads((ROOT / "vn_edoc" / "validity" / "data" / "context.schema.json").read_text(encoding="utf-8"))
    made = Context.model_json_schema()
    assert {k: v for k, v in kept.items() if k not in {"$schema", "$id"}} == made
    assert kept == Context.json_schema()
    jsonschema.Draft202012Validator.check_schema(kept)
    jsonschema.validate({"transport": "axis", "sent_at": "2026-10-15T10:45:00+07:00"}, kept)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"transport": "pigeon"}, kept)


@pytest.mark.parametrize(
    "given",
    [
        {"sent_at": "2026-10-15T10:45:00"},
        {"sent_at": "2026-10-15"},
        {"sent_at": "2026-10-15 10:45:00+07:00"},
        {"sent_at": 1760000000},
        {"sent_at": "1760000000"},
        {"paper_sent": 1},
        {"paper_sent": "yes"},
        {"peer_authenticated": "on"},
        {"status_history": [{"code": "001", "at": "2026-10-15T10:45:00+07:00"}]},
        {"transport": "AXIS"},
        {"foo": 1},
    ],
)
def test_what_the_schema_refuses_the_context_refuses(given: dict[str, object]) -> None:
    assert not jsonschema.Draft202012Validator(Context.json_schema()).is_valid(given)
    with pytest.raises(ValidationError):
        Context.model_validate(given)


@pytest.mark.parametrize("moment", ["2026-10-15T10:45:00+07:00", "2026-10-15T03:45:00Z", "2028-02-29T10:45+07:00"])
def test_a_time_is_written_with_its_zone(moment: str) -> None:
    jsonschema.validate({"sent_at": moment}, Context.json_schema())
    assert Context.model_validate({"sent_at": moment}).sent_at is not None


def test_every_decided_rule_has_a_passing_and_a_failing_example() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        rule = RulePack.bundled().rule(section[:3])
        if rule.judge is None:
            assert "Not decided from facts" in section
            continue
        assert "- passes: sample `" in section, rule.id
        # R72 tells today's status and asks nothing of the document.
        assert "- fails: sample `" in section or rule.id == "R72", rule.id
