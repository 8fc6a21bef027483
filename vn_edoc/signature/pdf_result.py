"""One PDF signature from its working state to its result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vn_edoc.findings import VIETNAM, reckonable
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.judgement import Facts, judge, signature_stamps
from vn_edoc.signature.result import (
    Indication,
    Reference,
    SignatureKind,
    SignatureResult,
    SignedContent,
    SubIndication,
)
from vn_edoc.signature.rules import finding

__all__ = ["signature_result"]


def signature_result(run: Any, item: Any, work: list[Any]) -> tuple[SignatureResult, Evidence]:
    """Judge one signature of a verification run; the result and the evidence used."""
    entry, examined = item.entry, item.examined
    about = {
        "name": entry.name,
        "certification": entry.docmdp if _certifies(entry) else None,
        "revision": None if entry.revision is None else entry.revision + 1,
        "page": entry.page,
        "box": entry.box,
        "reason": entry.reason,
    }
    if examined is None:
        return _unexamined(run, item, about), Evidence()
    intact, sub = examined.intact, examined.sub_indication
    if item.span is None:
        intact, sub = False, SubIndication.FORMAT_FAILURE
    signed_at = _claimed(item)
    stamps = signature_stamps(examined, run.settings, run.embedded, entry.name) + _covering(item, work)
    facts = Facts(
        intact=intact,
        sub_indication=sub,
        changes=item.changes,
        signed_at=signed_at,
        certificate=examined.certificate,
        certificates=(*examined.certificates, *run.embedded.certificates),
        digest=examined.digest,
        scheme=examined.scheme,
        embedded=run.embedded | Evidence(crls=examined.crls, ocsps=examined.ocsps),
        baseline=examined.has_ess and entry.subfilter == "ETSI.CAdES.detached",
        stamps=tuple(stamps),
        archived=_archived(run, item, work),
        where=item.where,
    )
    verdict = judge(facts, run.settings)
    references, content = _signed(run, item)
    result = verdict.result(
        SignatureKind.PDF,
        facts,
        (*item.findings, *examined.findings),
        references=references,
        algorithms=examined.algorithms,
        content=content,
        **about,
    )
    return result, verdict.evidence


def _unexamined(run: Any, item: Any, about: dict[str, Any]) -> SignatureResult:
    """A dictionary that holds no CMS we could look at."""
    if run.late():
        item.findings.append(
            finding(
                "verify.time_limit",
                "Hết thời gian kiểm tra.",
                "The time allowed for verification ran out.",
                where=item.where,
            )
        )
    broken = any(f.rule in ("R10", "R71") for f in item.findings)
    return SignatureResult(
        kind=SignatureKind.PDF,
        intact=False if broken else None,
        changes=item.changes,
        trusted=None,
        signed_at=None,
        proven_at=None,
        signer=None,
        level=None,
        indication=Indication.TOTAL_FAILED if broken else Indication.INDETERMINATE,
        sub_indication=SubIndication.FORMAT_FAILURE if broken else SubIndication.CUSTOM,
        findings=tuple(item.findings),
        **about,
    )


def _covering(item: Any, work: list[Any]) -> list[Any]:
    """Document time-stamps that prove this signature: those whose range holds the whole signed revision."""
    return [
        other.stamp
        for other in work
        if other.stamp is not None
        and other.span is not None
        and item.span is not None
        and item.span.end <= other.span.gap_start
    ]


def _certifies(entry: Any) -> bool:
    return entry.docmdp is not None and entry.native is not None and "/Reference" in entry.native.sig_object


def _claimed(item: Any) -> datetime | None:
    if item.examined.signed_at is not None:
        return item.examined.signed_at  # type: ignore[no-any-return]
    claimed: datetime | None = item.entry.claimed
    if not reckonable(claimed):
        return None
    if claimed.tzinfo is None:
        item.findings.append(
            finding(
                "R35",
                "Thời điểm ký không ghi múi giờ; hiểu là giờ Việt Nam.",
                "The signing time has no time zone; it is read as Vietnam time.",
                where=item.where,
            )
        )
        claimed = claimed.replace(tzinfo=VIETNAM)
    return claimed


def _archived(run: Any, item: Any, work: list[Any]) -> bool:
    covering = _covering(item, work)
    return any(
        other.stamp in covering
        and other.stamp.result.intact
        and other.stamp.result.trusted is not False
        and other.entry.revision is not None
        and run.document.has_validation_data(other.entry.revision)
        for other in work
        if other.stamp is not None
    )


def _signed(run: Any, item: Any) -> tuple[tuple[Reference, ...], SignedContent | None]:
    span = item.span
    if span is None:
        return (), None
    sha256 = run.prefixes.get(span.end)
    reference = Reference(
        target=span.target,
        digest_algorithm=item.examined.digest,
        matches=item.examined.digest_matches,
        ranges=span.ranges,
        sha256=sha256,
    )
    return (reference,), SignedContent(run.opened.reopen, span.end, sha256)
