"""Rules that findings of this room cite: severity and provisions per rule id.

``R..`` are legal rules, their texts are those of :mod:`vn_edoc.law`; the other ids, listed here, name technical checks.
A finding may be graver than its rule's usual severity where the caller says so.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Any

from vn_edoc.findings import Basis, Finding, Location, Severity
from vn_edoc.law import basis, rule_texts

__all__ = ["finding", "standard"]

_F, _E, _W, _I = Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO

_RULES: dict[str, tuple[Severity, tuple[str, ...]]] = {
    "pdf.unreadable": (_F, ("qd28:6.1",)),
    "pdf.limit": (_W, ()),
    "pdf.encrypted": (_W, ()),
    "pdf.form_filled": (_W, ("luat-gddt-2023:10", "qd28:9.1")),
    "pdf.late_image": (_W, ("qd28:9.1",)),
    "pdf.ambiguous": (_W, ("qd28:6.1",)),
    "pdf.extra_data": (_W, ("qd28:6.1",)),
    "pdf.subfilter": (_W, ("tt15-2025:Phụ lục I",)),
    "pdf.hybrid": (_W, ("qd28:6.1",)),
    "pdf.name_clash": (_W, ("qd28:6.1",)),
    "cms.unreadable": (_F, ("tt15-2025:Phụ lục I",)),
    "cms.structure": (_F, ("tt15-2025:Phụ lục I",)),
    "cms.padding": (_E, ("qd28:6.1",)),
    "cms.digest_unlisted": (_W, ("tt15-2025:Phụ lục I",)),
    "cms.no_signed_attributes": (_W, ("tt15-2025:Phụ lục I",)),
    "cms.no_certificate": (_E, ("tt15-2025:6.1a",)),
    "cms.no_content": (_W, ("tt15-2025:6.1d",)),
    "cms.signers": (_I, ()),
    "path.no_anchors": (_I, ()),
    "path.missing_ca": (_W, ("nd68:32",)),
    "path.policy": (_F, ("nd68:32",)),
    "path.claimed_time": (_I, ("nd68:31",)),
    "path.limit": (_W, ()),
    "timestamp.archive": (_I, ("tt15-2025:6.1g",)),
    "timestamp.revocation_unknown": (_I, ("nd68:31.2",)),
    "verify.internal": (_W, ()),
    "verify.time_limit": (_W, ()),
}


def standard(name: str, section: str | None = None) -> Basis:
    """A standard as basis: ``standard("RFC 5652", "5.3")``."""
    return Basis(name, section)


def finding(
    rule: str,
    message_vi: str,
    message_en: str,
    *,
    where: Location | None = None,
    severity: Severity | None = None,
    also: tuple[Basis, ...] = (),
    **data: Any,
) -> Finding:
    """A finding of ``rule`` with the rule's severity (unless given) and provisions, then the standards in ``also``."""
    usual, provisions = _about(rule)
    return Finding(
        rule,
        severity if severity is not None else usual,
        where if where is not None else Location(),
        message_vi,
        message_en,
        (*provisions, *also) if also else provisions,
        MappingProxyType(data),
    )


@cache
def _about(rule: str) -> tuple[Severity, tuple[Basis, ...]]:
    """Usual severity and provisions of a rule."""
    if rule in _RULES:
        return _RULES[rule][0], tuple(basis(p) for p in _RULES[rule][1])
    text = rule_texts()[rule]
    return text.severity, text.basis
