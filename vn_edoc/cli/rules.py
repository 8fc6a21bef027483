"""``vn-edoc rules``: the rules of the pack, and one of them explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vn_edoc.cli.output import FILE, json_option, lang_option, print_json, say
from vn_edoc.findings import Severity
from vn_edoc.law import RuleText, ended, rule_texts

if TYPE_CHECKING:
    from pathlib import Path

    from vn_edoc.validity import RulePack

__all__ = ["command"]


@click.command(
    "rules",
    help="Liệt kê các quy tắc của bộ quy tắc, hoặc giải thích một quy tắc, căn cứ và cách đáp ứng.\n\n"
    "List the rules of the pack, or explain one: what it asks, its law, how to satisfy it.",
)
@click.argument("rule", required=False)
@click.option("--pack", "pack_file", type=FILE, help="Bộ quy tắc của cơ quan. / An agency's pack.")
@click.option("--markdown", is_flag=True, help="In trang tài liệu của các quy tắc. / Print the documentation page.")
@lang_option
@json_option
def command(rule: str | None, pack_file: Path | None, markdown: bool, lang: str, as_json: bool) -> int:
    if markdown:
        click.echo(_page(_pack(pack_file)), nl=False)
        return 0
    # The texts alone tell all that is shown; the checks behind them are loaded only for an agency's own pack.
    texts = rule_texts()
    graver: dict[str, Severity] = {}
    version = texts.version
    if pack_file is not None:
        pack = _pack(pack_file)
        graver = {r.id: r.severity for r in pack.rules.values() if r.severity is not None}
        version = pack.version
    chosen = [texts[rule.upper()]] if rule else list(texts.rules.values())
    rows = [(text, graver.get(text.id, text.severity)) for text in chosen]
    if as_json:
        print_json({"pack_version": version, "rules": [_facts(*row) for row in rows]}, "vn-edoc/rules/1")
    elif rule:
        _explain(*rows[0], lang)
    else:
        for text, severity in rows:
            say(f"{text.id}  {severity.label(lang):<13} {text.title_en if lang == 'en' else text.title_vi}")
    return 0


def _pack(file: Path | None) -> RulePack:
    from vn_edoc.validity import RulePack

    return RulePack.bundled() if file is None else RulePack.load(file)


_SHOWING = (
    "good", "sao-y", "delegated", "recall-done", "long-term", "urgent-sent-at-once", "refused-with-reason",
    "header-signed", "older-law", "official-root", "public-signatures",
)  # fmt: skip
"""Samples in which a rule may be seen to pass, the plain one first."""
_BREAKING = ("good", "stale-crl", "resaved", "public-agency-untrusted", "agency-future")
"""Samples in which a rule may be seen to fail that no sample is made for."""


def _page(pack: RulePack) -> str:
    from vn_edoc.findings import Outcome
    from vn_edoc.testing import SampleBuilder
    from vn_edoc.validity import Verifier
    from vn_edoc.validity.render.rulebook import render

    builder = SampleBuilder()
    passing: dict[str, str] = {}
    failing: dict[str, tuple[str, str]] = {}
    for variant in builder.catalogue():
        for rule in variant.expected.findings:
            failing.setdefault(rule, (variant.name, variant.about_en))
    about = {variant.name: variant.about_en for variant in builder.catalogue()}
    for name in dict.fromkeys((*_SHOWING, *_BREAKING)):
        sample = builder.make(name)
        verifier = Verifier(sample.trust_object(), sample.evidence_object(), bindings=sample.bindings_object())
        report = verifier.verify(sample.packet, at=sample.judged_at, context=sample.context_object())
        for check in report.checks:
            if check.outcome is Outcome.PASS and name in _SHOWING:
                passing.setdefault(check.rule, name)
            if check.outcome is Outcome.FAIL and name in _BREAKING:
                failing.setdefault(check.rule, (name, about[name]))
    return render(pack, {r: (passing.get(r, ""), *failing.get(r, ("", ""))) for r in pack.rules})


def _facts(text: RuleText, severity: Severity) -> dict[str, Any]:
    return {
        "id": text.id,
        "subject": text.subject,
        "severity": severity,
        "title_vi": text.title_vi,
        "title_en": text.title_en,
        "basis": [{"act": b.act, "cite_vi": b.cite("vi"), "cite_en": b.cite("en")} for b in text.basis],
        "decides": text.decides,
        "locked": text.locked,
        "refusal": text.refusal,
        "checked": not text.undecided_vi,
        "how_vi": text.how_vi or text.undecided_vi,
        "how_en": text.how_en or text.undecided_en,
    }


def _explain(text: RuleText, severity: Severity, lang: str) -> None:
    english = lang == "en"
    say(f"{text.id}: {text.title_en if english else text.title_vi}")
    say(f"  {'Gravity' if english else 'Mức độ'}: {severity.label(lang)}")
    for basis in text.basis:
        say(f"  {'Basis' if english else 'Căn cứ'}: {basis.cite(lang)}{ended(basis, lang)}")
    if text.decides or text.undecides:
        say(
            "  While it is open, the value of the document is undetermined."
            if english
            else "  Khi chưa đánh giá được, giá trị của văn bản là chưa đủ căn cứ."
        )
    if text.refusal:
        say(
            "  A ground for refusal (Article 5, clause 4 and Article 9, clause 1, Decision No. 28/2018/QĐ-TTg)."
            if english
            else "  Là căn cứ để từ chối tiếp nhận (khoản 4 Điều 5, khoản 1 Điều 9 Quyết định số 28/2018/QĐ-TTg)."
        )
    if text.undecided_vi:
        say(
            f"  {'Not decided from facts' if english else 'Không xét từ dữ kiện'}: "
            f"{text.undecided_en if english else text.undecided_vi}"
        )
    else:
        say(f"  {'How to satisfy it' if english else 'Cách đáp ứng'}: {text.how_en if english else text.how_vi}")
