"""The report as one self-contained HTML page: no script, no outside resource, everything escaped."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import Outcome, visible
from vn_edoc.validity.render.details import (
    entries,
    evidence_rows,
    file_of,
    override_rows,
    repeat_rows,
    timeline_rows,
)
from vn_edoc.validity.render.words import TONE, heading_facts, reasons, seven_items, word
from vn_edoc.validity.report import Report
from vn_edoc.validity.thumbnails import thumbnails

if TYPE_CHECKING:
    import jinja2

__all__ = ["render"]


@cache
def _template() -> jinja2.Template:
    try:
        import jinja2
    except ImportError:
        raise UsageError(
            "the HTML report needs the extra report: pip install 'vn-edoc[report]'",
            "báo cáo HTML cần phần mở rộng report: pip install 'vn-edoc[report]'",
            field="report",
        ) from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("vn_edoc.validity.render", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        # Everything printed passes here, so that no value can bring control or direction characters into the page.
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["soft"] = _soft
    return environment.get_template("report.html.j2")


_PLACES = re.compile(r"(?<=[._])(?=[a-z])")


def _soft(text: str) -> Any:
    """The id of a rule, escaped, with the places where a narrow column may break it."""
    from markupsafe import Markup, escape

    return Markup(_PLACES.sub("<wbr>", str(escape(visible(text)))))


def render(report: Report, lang: str) -> str:
    """The report as an HTML page in ``lang``."""
    conclusions: list[dict[str, Any]] = []
    for key, conclusion in (("document", report.document), ("exchange", report.exchange)):
        if conclusion is not None:
            conclusions.append(
                {
                    "title": word(key, lang),
                    "label": conclusion.value.label(lang),
                    "tone": TONE[conclusion.value],
                    "reasons": reasons(conclusion, lang),
                }
            )
    tone = {True: "good", False: "bad", None: "open"}
    signatures = [
        {
            "rows": [(word("file", lang), file_of(file, lang)), *items.rows(lang)],
            "evidence": evidence_rows(report, signature, lang),
            "subject": items.subject,
            "verdict": items.validity,
            "tone": tone[items.good],
        }
        for file, signature, items in ((n, s, seven_items(s, lang)) for n, s in report.signed)
    ]
    to_do = [
        {"action": action.value, "title": action.label(lang), "entries": found}
        for action, found in entries(report, lang)
    ]
    english = lang == "en"
    checks = [
        {
            "rule": c.rule,
            "outcome": c.outcome.value,
            "word": word(c.outcome.value, lang),
            "title": c.title_en if english else c.title_vi,
            "reason": c.reason_en if english else c.reason_vi,
        }
        for c in report.checks
        if c.outcome is not Outcome.NOT_APPLICABLE and not (report.stopped and c.outcome is Outcome.NOT_EVALUATED)
    ]
    return _template().render(
        report=report,
        lang=lang,
        word=lambda key: word(key, lang),
        conclusions=conclusions,
        facts=heading_facts(report, lang),
        signatures=signatures,
        to_do=to_do,
        pictures=thumbnails(report.files, report.signed, report.limits),
        timeline=timeline_rows(report, lang),
        overrides=override_rows(report, lang),
        repeat=repeat_rows(report, lang),
        checks=checks,
        notices=[en if english else vi for vi, en in report.notices],
    )
