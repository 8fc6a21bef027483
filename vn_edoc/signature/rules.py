"""Rules that findings of this room cite: severity and provisions per rule id.

``R..`` are rules of the validity report; other ids name technical checks. A finding may be graver than its rule's usual
severity where the caller says so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from vn_edoc.findings import Basis, Finding, Location, Severity
from vn_edoc.law import basis

__all__ = ["finding", "standard"]

_F, _E, _W, _I = Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO

_RULES: dict[str, tuple[Severity, tuple[str, ...]]] = {
    "R08": (_F, ("qd28:6.1", "nd30:21.2a", "tt15-2025:Phụ lục II")),
    "R09": (_F, ("tt15-2025:6.1a", "luat-gddt-2023:22")),
    "R10": (_F, ("qd28:6.1", "tt15-2025:Phụ lục II")),
    "R11": (_F, ("luat-gddt-2023:10", "qd28:9.1")),
    "R12": (_F, ("luat-gddt-2023:10", "qd28:9.1")),
    "R13": (_W, ("qd28:6.1",)),
    "R14": (_F, ("nd68:31", "nd68:32")),
    "R15": (_F, ("nd23-2025", "tt15-2025:6.1b")),
    "R17": (_F, ("nd68:31.1", "tt15-2025:Phụ lục II")),
    "R18": (_F, ("nd68:31.2", "tt15-2025:Phụ lục II")),
    "R19": (_W, ("tt15-2025:Phụ lục II",)),
    "R20": (_W, ("nd68:31.2",)),
    "R21": (_W, ("tt15-2025:Phụ lục I",)),
    "R22": (_W, ("tt15-2025:Phụ lục I",)),
    "R23": (_I, ("tt15-2025:Phụ lục I",)),
    "R24": (_F, ("nd68:32",)),
    "R25": (_E, ("nd68:31.1", "tt15-2025:Phụ lục II")),
    "R30": (_W, ("tt15-2025:Phụ lục II",)),
    "R31": (_W, ()),
    "R32": (_E, ("tt15-2025:6.1g", "luat-gddt-2023:31", "nd68:29")),
    "R33": (_W, ("tt15-2025:Phụ lục I",)),
    "R34": (_W, ("qd28:14.4",)),
    "R35": (_W, ("nd30:Phụ lục I", "qd28:14.4")),
    "R36": (_I, ("nd68:9",)),
    "R71": (_F, ("qd28:6.1",)),
    "R72": (_I, ("nd68:31",)),
    "R73": (_W, ("nd68:31.1",)),
    "R77": (_W, ("nd30:5.1", "nd30:32.2d")),
    "R78": (_W, ("nd68:31",)),
    "R79": (_I, ()),
    "R80": (_W, ("qd28:6.1", "qd28:13")),
    "R82": (_W, ("nd68:31",)),
    "pdf.unreadable": (_F, ("qd28:6.1",)),
    "pdf.limit": (_W, ()),
    "pdf.encrypted": (_W, ()),
    "pdf.form_filled": (_W, ("luat-gddt-2023:10", "qd28:9.1")),
    "pdf.late_image": (_W, ("qd28:9.1",)),
    "pdf.extra_data": (_W, ("qd28:6.1",)),
    "pdf.subfilter": (_W, ("tt15-2025:Phụ lục I",)),
    "pdf.hybrid": (_W, ("qd28:6.1",)),
    "pdf.name_clash": (_W, ("qd28:6.1",)),
    "cms.unreadable": (_F, ("tt15-2025:Phụ lục I",)),
    "cms.structure": (_F, ("tt15-2025:Phụ lục I",)),
    "cms.padding": (_E, ("qd28:6.1",)),
    "cms.no_signed_attributes": (_W, ("tt15-2025:Phụ lục I",)),
    "cms.no_certificate": (_E, ("tt15-2025:6.1a",)),
    "cms.no_content": (_W, ("tt15-2025:6.1d",)),
    "cms.signers": (_I, ()),
    "path.no_anchors": (_I, ()),
    "path.missing_ca": (_W, ("nd68:32",)),
    "path.policy": (_F, ("nd68:32",)),
    "path.claimed_time": (_I, ("nd68:31",)),
    "path.limit": (_W, ()),
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
    usual, provisions = _RULES[rule]
    return Finding(
        rule,
        severity if severity is not None else usual,
        where if where is not None else Location(),
        message_vi,
        message_en,
        (*(basis(p) for p in provisions), *also),
        MappingProxyType(data),
    )
