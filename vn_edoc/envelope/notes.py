"""Findings as they are collected by the reader and the checks."""

from __future__ import annotations

from typing import Any

from vn_edoc.findings import Basis, Finding, Location, Severity
from vn_edoc.limits import Limits

__all__ = ["Notes", "provisions_of"]

_PLACES = 50


class Notes:
    """Collects findings. What happens at many places is one finding that lists them. Where there are too many, those of
    severity info give way to graver ones."""

    __slots__ = ("_grouped", "_infos", "_passed_over", "_plain", "limits", "unlisted")

    def __init__(self, limits: Limits) -> None:
        self._plain: list[Finding] = []
        self._infos: list[Finding] = []
        self._passed_over = 0
        """Findings of severity info that are not listed."""
        self._grouped: dict[tuple[str, Severity, str], tuple[str, str, tuple[str, ...], list[str], dict[str, Any]]] = {}
        self.limits = limits
        self.unlisted = 0
        """Graver findings that are not listed, and what was not looked at for there being so many."""

    def add(
        self,
        rule: str,
        severity: Severity,
        path: str | None,
        vi: str,
        en: str,
        *,
        basis: tuple[str, ...] = (),
        attachment: str | None = None,
        **data: Any,
    ) -> None:
        """One finding at one place."""
        if self._has_room(severity):
            where = Location(path=path, attachment=attachment)
            self._keep(Finding(rule, severity, where, vi, en, provisions_of(rule, basis), data))

    def _has_room(self, severity: Severity) -> bool:
        if len(self._plain) + len(self._infos) < self.limits.findings:
            return True
        if severity is Severity.INFO:
            self._passed_over += 1
            return False
        if self._infos:
            self._infos.pop()
            self._passed_over += 1
            return True
        self.unlisted += 1
        return False

    def _keep(self, found: Finding) -> None:
        (self._infos if found.severity is Severity.INFO else self._plain).append(found)

    def group(
        self,
        rule: str,
        severity: Severity,
        path: str,
        vi: str,
        en: str,
        basis: tuple[str, ...] = (),
        *,
        group: str = "",
        **data: Any,
    ) -> None:
        """One more place of a finding that is told once, with ``{n}`` in its messages for the number of places.

        ``group`` keeps apart what one rule tells of several things.
        """
        known = self._grouped.get((rule, severity, group))
        if known is None:
            self._grouped[rule, severity, group] = (vi, en, basis, [path], data)
        else:
            known[3].append(path)

    def extend(self, findings: tuple[Finding, ...]) -> None:
        """Findings made elsewhere."""
        for found in findings:
            if self._has_room(found.severity):
                self._keep(found)

    def join(self, later: Notes) -> None:
        """What was collected apart, as if it had been told here now."""
        self.extend((*later._plain, *later._infos))
        self.unlisted += later.unlisted
        self._passed_over += later._passed_over
        for what, (vi, en, provisions, places, data) in later._grouped.items():
            known = self._grouped.get(what)
            if known is None:
                self._grouped[what] = (vi, en, provisions, [*places], data)
            else:
                known[3].extend(places)

    def has(self, severity: Severity) -> bool:
        """Whether something at least this grave was found."""
        return any(f.severity.rank >= severity.rank for f in self.findings())

    def findings(self) -> tuple[Finding, ...]:
        """All of them, the gravest first, otherwise in the order found."""
        found = [*self._plain, *self._infos]
        for (rule, severity, _), (vi, en, provisions, places, data) in self._grouped.items():
            listed = {**data, "places": places[:_PLACES], "count": len(places)}
            found.append(
                Finding(
                    rule,
                    severity,
                    Location(path=places[0]),
                    vi.replace("{n}", str(len(places))),
                    en.replace("{n}", str(len(places))),
                    provisions_of(rule, provisions),
                    listed,
                )
            )
        if self._passed_over:
            found.append(
                Finding(
                    "envelope.infos_limit",
                    Severity.INFO,
                    Location(),
                    f"Còn {self._passed_over} thông tin khác không liệt kê.",
                    f"Further findings of severity info that are not listed: {self._passed_over}.",
                )
            )
        if self.unlisted:
            found.append(
                Finding(
                    "envelope.findings_limit",
                    Severity.WARNING,
                    Location(),
                    f"Còn {self.unlisted} phát hiện khác không liệt kê.",
                    f"Further findings that are not listed: {self.unlisted}.",
                )
            )
        found.sort(key=lambda f: -f.severity.rank)
        return tuple(found)


def provisions_of(rule: str, references: tuple[str, ...] = ()) -> tuple[Basis, ...]:
    """The provisions given, else those of the legal rule; none for a technical check."""
    if not references and not rule.startswith("R"):
        return ()
    from vn_edoc.law import basis, rule_texts  # large tables, for packets of which something is to be told

    if references:
        return tuple(basis(r) for r in references)
    text = rule_texts().rules.get(rule)
    return () if text is None else text.basis
