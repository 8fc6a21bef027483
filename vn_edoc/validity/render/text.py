"""The report as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from vn_edoc.findings import visible
from vn_edoc.validity.render.details import (
    Entry,
    entries,
    evidence_rows,
    file_of,
    open_checks,
    override_rows,
    repeat_rows,
    timeline_rows,
)
from vn_edoc.validity.render.words import heading_facts, reasons, seven_items, word
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
        for rule, message in reasons(conclusion, lang):
            yield from _wrapped(message, "      ", f"    {rule}  ")
    if report.exchange is not None and report.exchange.paper_also:
        yield f"{word('paper_also', lang)}."
    if report.packet_kind == "status":
        yield word("no_conclusion", lang)
    yield ""
    for label, value in heading_facts(report, lang):
        yield from _wrapped(value, " " * 26, f"{label + ':':<26}")
    yield ""
    count = word("stopped", lang) if report.stopped else str(len(report.signatures))
    yield f"{word('signatures', lang).upper()} ({count})"
    for number, (file, signature) in enumerate(report.signed, 1):
        items = seven_items(signature, lang)
        yield f"  {number}. {items.subject}: {items.validity}"
        own = (word("file", lang), file_of(file, lang))
        for label, value in (own, *items.rows(lang), *evidence_rows(report, signature, lang)):
            yield from _wrapped(value, " " * 36, f"     {label + ':' if label else '':<31}")
    yield ""
    yield word("to_do", lang).upper()
    to_do = entries(report, lang)
    if not to_do:
        yield f"  {word('no_findings', lang)}"
    for action, found in to_do:
        yield f"  {action.label(lang)}"
        yield from _entries(found, lang)
    if report.timeline:
        yield ""
        yield word("timeline", lang).upper()
        for moment, said, source in timeline_rows(report, lang):
            yield from _wrapped(f"{said} ({source})", " " * 32, f"  {moment}  ")
    unanswered = open_checks(report)
    if unanswered:
        yield ""
        yield word("not_evaluated", lang).upper()
        for check in unanswered:
            title, reason = (check.title_en, check.reason_en) if lang == "en" else (check.title_vi, check.reason_vi)
            yield from _wrapped(f"{title}: {visible(reason)}", "         ", f"    {check.rule}  ")
    for vi, en in report.notices:
        yield ""
        yield from _wrapped(visible(f"{word('notice', lang)}: {en if lang == 'en' else vi}"), "  ", "")
    if report.pack.overrides:
        yield ""
        yield word("overrides", lang).upper()
        for rules, change in override_rows(report, lang):
            yield from _wrapped(change, "         ", f"    {rules}  ")
    yield ""
    yield word("repeat", lang).upper()
    for label, value in repeat_rows(report, lang):
        yield from _wrapped(value, "      ", f"  {label}: ")


def _entries(found: Iterable[Entry], lang: str) -> Iterator[str]:
    for entry in found:
        yield from _wrapped(entry.message, "         ", f"    {entry.rule:<4} ")
        if entry.where:
            yield from _wrapped(f"[{entry.where}]", "         ")
        if entry.basis:
            yield from _wrapped(f"{word('basis', lang)}: {entry.basis}", "         ")
