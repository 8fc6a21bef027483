"""What follows from all that was found of a signature: ETSI indication (EN 319 102-1) and baseline level."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from vn_edoc.findings import Finding, Severity
from vn_edoc.signature.certificates import facts_of
from vn_edoc.signature.path import PathResult
from vn_edoc.signature.result import Changes, Indication, Level, SubIndication

if TYPE_CHECKING:
    from vn_edoc.signature.judgement import Facts, Settings

__all__ = ["conclude", "level_of"]


def level_of(facts: Facts, path: PathResult | None) -> Level | None:
    """The baseline level that is reached (EN 319 142-1, EN 319 122-1, EN 319 132-1); ``None`` below B."""
    if not facts.baseline or facts.intact is not True:
        return None
    if not any(s.result.intact and s.result.trusted is not False for s in facts.stamps):
        return Level.B
    embedded = set(facts.embedded.crls) | set(facts.embedded.ocsps)
    if not embedded:
        return Level.T
    if path is not None and path.chain and path.trusted is not None:
        used = set(path.evidence.crls) | set(path.evidence.ocsps)
        if not path.revocation_known or not used & embedded:
            return Level.T
    return Level.LTA if facts.archived else Level.LT


_CERTAIN = (SubIndication.REVOKED, SubIndication.EXPIRED, SubIndication.NOT_YET_VALID)


def conclude(
    facts: Facts, path: PathResult | None, findings: Iterable[Finding], proven: datetime | None, settings: Settings
) -> tuple[Indication, SubIndication | None]:
    """The indication of EN 319 102-1 and its reason; ``findings`` are those of the judgement."""
    failed, unsure = Indication.TOTAL_FAILED, Indication.INDETERMINATE
    if facts.intact is False:
        return failed, facts.sub_indication or SubIndication.SIG_CRYPTO_FAILURE
    if facts.changes is Changes.FORBIDDEN:
        return failed, SubIndication.FORMAT_FAILURE
    if facts.intact is None:
        return unsure, facts.sub_indication or SubIndication.CUSTOM
    if facts.changes in (Changes.SUSPICIOUS, Changes.UNKNOWN):
        return unsure, SubIndication.SIG_CONSTRAINTS_FAILURE
    if path is None:
        return unsure, SubIndication.NO_SIGNING_CERTIFICATE_FOUND
    if path.trusted is False:
        return (failed if path.sub_indication in _CERTAIN else unsure), path.sub_indication
    if path.trusted is None:
        return unsure, path.sub_indication
    severe = {f.rule for f in findings if f.severity.rank >= Severity.ERROR.rank}
    if severe & {"R21", "R22"}:
        return unsure, SubIndication.CRYPTO_CONSTRAINTS_FAILURE
    if "R25" in severe:
        return unsure, SubIndication.CHAIN_CONSTRAINTS_FAILURE
    weak = list(settings.policy.judge_digest(facts.digest, settings.at, facts.where))
    if facts.certificate is not None:
        about = facts_of(facts.certificate)
        weak += settings.policy.judge_key(about.family, about.bits, settings.at, facts.where, "")
    if proven is None and any(f.severity is Severity.ERROR for f in weak):
        # A weak digest or key is only good with proof that it was used before its end (ETSI TS 119 312).
        return unsure, SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    if any(s.result.intact is False for s in facts.stamps):
        return unsure, SubIndication.SIG_CONSTRAINTS_FAILURE
    if not path.revocation_known or any(f.rule == "R19" for f in findings):
        return unsure, SubIndication.TRY_LATER
    return Indication.TOTAL_PASSED, None
