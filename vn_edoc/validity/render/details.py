"""Rows that the text and the HTML share: files of signatures, chains, sources, the time line, what repeats a check."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vn_edoc import __version__
from vn_edoc.findings import Basis, Check, Finding, Outcome, Severity, visible
from vn_edoc.validity.conclusions import DocumentValue
from vn_edoc.validity.render.words import brief, place, shown, shown_day, word
from vn_edoc.validity.report import Report
from vn_edoc.validity.todo import Action, to_supply

if TYPE_CHECKING:
    from vn_edoc.signature.result import CertificateSummary, SignatureResult

__all__ = [
    "Entry",
    "entries",
    "evidence_rows",
    "file_of",
    "open_checks",
    "override_rows",
    "repeat_rows",
    "timeline_rows",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of things to do."""

    rule: str
    """Id of the rule."""
    severity: Severity
    """Gravity."""
    message: str
    """What it says."""
    where: str
    """Where it stands, in words; may be empty."""
    basis: str
    """Provisions, cited."""


def entries(report: Report, lang: str) -> list[tuple[Action, list[Entry]]]:
    """What to do, the most pressing first: findings, and the open questions that no finding speaks of."""
    groups: dict[Action, list[Entry]] = {action: [] for action in Action}
    for action, found in report.actions:
        groups[action] += _merged(found, lang)
    if report.document is not None and report.document.value is not DocumentValue.INSUFFICIENT:
        groups[Action.SUPPLY] += [_open(check, lang) for check in to_supply(report.checks, report.findings)]
    return [(action, found) for action, found in groups.items() if found]


def _merged(found: Iterable[Finding], lang: str) -> list[Entry]:
    """One entry for what is said alike of several signatures or files, with all its places."""
    places: dict[tuple[str, Severity, str, tuple[Basis, ...]], list[str]] = {}
    for f in found:
        places.setdefault((f.rule, f.severity, f.message(lang), f.basis), []).append(place(f.where, lang))
    return [
        Entry(
            visible(rule),
            severity,
            brief(message, lang),
            brief("; ".join(dict.fromkeys(p for p in where if p)), lang),
            "; ".join(b.cite(lang) for b in basis),
        )
        for (rule, severity, message, basis), where in places.items()
    ]


def _open(check: Check, lang: str) -> Entry:
    title, reason = (check.title_en, check.reason_en) if lang == "en" else (check.title_vi, check.reason_vi)
    cited = "; ".join(b.cite(lang) for b in check.basis)
    return Entry(check.rule, Severity.WARNING, brief(f"{title}: {reason}.", lang), "", cited)


def file_of(name: str | None, lang: str) -> str:
    """The file a signature stands in, in words."""
    return word("packet_itself", lang) if name is None else visible(name)


def evidence_rows(report: Report, signature: SignatureResult, lang: str) -> list[tuple[str, str]]:
    """Certificate chain and revocation sources of one signature."""
    rows = [(word("chain", lang) if n == 0 else "", _link(link, lang)) for n, link in enumerate(signature.chain)]
    own = {link.sha256 for link in signature.chain}
    sources = [s for s in report.revocation if own & set(s.certificates)]
    for number, source in enumerate(sources):
        until = f" – {shown(source.next_update, lang)}" if source.next_update is not None else ""
        rows.append(
            (
                word("revocation", lang) if number == 0 else "",
                f"{source.kind.upper()} {shown(source.issued_at, lang)}{until}, SHA-256 {source.sha256}",
            )
        )
    if not sources:
        rows.append((word("revocation", lang), word("no_revocation", lang)))
    return rows


def _link(link: CertificateSummary, lang: str) -> str:
    status = word(f"status_{link.revocation}", lang)
    if link.revoked_at is not None:
        status += f" ({shown(link.revoked_at, lang)})"
    return f"{visible(link.subject)} [{link.key}, {status}]"


def timeline_rows(report: Report, lang: str) -> list[tuple[str, str, str]]:
    """Time, event and who says so, in words."""
    rows = []
    for event in report.timeline:
        what = word(f"event_{event.kind.value}", lang)
        about = [visible(part) for part in (event.who, event.detail) if part]
        said = ": ".join([what, ", ".join(about)]) if about else what
        if event.file is not None:
            said += f" [{visible(event.file)}]"
        rows.append((shown(event.at, lang), said, word(f"by_{event.source}", lang)))
    return rows


def open_checks(report: Report) -> list[Check]:
    """Rules that could not be evaluated; none where a state secret ended the check, for that is the one reason."""
    return [] if report.stopped else [c for c in report.checks if c.outcome is Outcome.NOT_EVALUATED]


def override_rows(report: Report, lang: str) -> list[tuple[str, str]]:
    """Every override of an agency's pack: the rules it acts on, and what became of what."""
    return [
        (", ".join(one.rules), visible(f"{word(f'override_{one.what}', lang)}: {one.standard} → {one.changed}"))
        for one in report.pack.overrides
    ]


def repeat_rows(report: Report, lang: str) -> list[tuple[str, str]]:
    """All that has to be given again for the same answer."""
    law = f", {word('law_date', lang)} {shown_day(report.law_date, lang)}" if report.law_date else ""
    rows = [
        (
            word("input", lang),
            f"{visible(report.input.name)}, {report.input.size} byte, SHA-256 {report.input.sha256}",
        ),
        (word("checked", lang), shown(report.checked_at, lang)),
    ]
    if report.known_at is not None:
        rows.append((word("known_at", lang), shown_day(report.known_at, lang)))
    rows.append((word("pack", lang), f"{report.pack_version}{law}"))
    if report.pack.name:
        by = f" ({word('set_by', lang)} {report.pack.source})" if report.pack.source else ""
        rows.append((word("pack", lang), visible(f"{report.pack.name}{by}, SHA-256 {report.pack.sha256}")))
    rows += [(word("anchors", lang), f"SHA-256 {anchor}") for anchor in report.trust.get("anchors", ())] or [
        (word("anchors", lang), word("none", lang))
    ]
    if "bindings" in report.trust:
        rows.append((word("bindings", lang), f"SHA-256 {report.trust['bindings']}"))
    given = report.context.model_dump(mode="json", exclude_defaults=True)
    if given:
        rows.append((word("context", lang), brief(json.dumps(given, ensure_ascii=False, sort_keys=True), lang)))
    rows.append((word("library", lang), f"vn_edoc {__version__}"))
    return rows
