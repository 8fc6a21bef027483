"""The report as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from vn_edoc.findings import Finding, Outcome, visible
from vn_edoc.validity.render.words import groups, heading_facts, place, seven_items, word
from vn_edoc.validity.report import Report

__all__ = ["render"]

_WIDTH = 100


def render(report: Report, lang: str) -> str:
    """The report as plain text in ``lang``."""
    return "\n".join(_lines(report, lang)) + "\n"


def _wrapped(text: str, indent: str, first: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(report: Report, lang: str) -> Iterator[str]:
    yield word("title", lang)
    yield "=" * _WIDTH
    for label, conclusion in (("document", report.document), ("exchange", report.exchange)):
        if conclusion is None:
            continue
        yield f"{word(label, lang)}: {conclusion.value.label(lang)}"
        for finding in conclusion.reasons[:5]:
            yield from _wrapped(visible(finding.message(lang)), "      ", f"    {finding.rule}  ")
    if report.exchange is not None and report.exchange.paper_also:
        yield f"{word('paper_also', lang)}."
    yield ""
    for label, value in heading_facts(report, lang):
        yield from _wrapped(value, " " * 26, f"{label + ':':<26}")
    yield ""
    yield f"{word('signatures', lang).upper()} ({len(report.signatures)})"
    for number, signature in enumerate(report.signatures, 1):
        items = seven_items(signature, lang)
        yield f"  {number}. {items.subject}: {items.validity}"
        for label, value in items.rows(lang):
            yield from _wrapped(value, " " * 36, f"     {label + ':':<31}")
    yield ""
    yield word("findings", lang).upper()
    if not report.findings:
        yield f"  {word('no_findings', lang)}"
    for severity, found in groups(report.findings):
        yield f"  {word(f'group_{severity.value}', lang)}"
        yield from _findings(found, lang)
    open_checks = [c for c in report.checks if c.outcome is Outcome.NOT_EVALUATED]
    if open_checks:
        yield ""
        yield word("not_evaluated", lang).upper()
        for check in open_checks:
            title, reason = (check.title_en, check.reason_en) if lang == "en" else (check.title_vi, check.reason_vi)
            yield from _wrapped(f"{title}: {visible(reason)}", "         ", f"    {check.rule}  ")
    for vi, en in report.notices:
        yield ""
        yield from _wrapped(f"{word('notice', lang)}: {en if lang == 'en' else vi}", "  ", "")
    yield ""
    law = f", {word('law_date', lang)} {report.law_date}" if report.law_date else ""
    yield from _wrapped(f"{word('pack', lang)}: {report.pack_version}{law}", "  ", "")
    size = f"{report.input.size} byte"
    yield from _wrapped(
        f"{word('input', lang)}: {visible(report.input.name)}, {size}, SHA-256 {report.input.sha256}", "  ", ""
    )


def _findings(found: Iterable[Finding], lang: str) -> Iterator[str]:
    for finding in found:
        yield from _wrapped(visible(finding.message(lang)), "         ", f"    {finding.rule:<4} ")
        where = place(finding.where, lang)
        if where:
            yield from _wrapped(f"[{where}]", "         ")
        if finding.basis:
            cited = "; ".join(b.cite(lang) for b in finding.basis)
            yield from _wrapped(f"{word('basis', lang)}: {cited}", "         ")
