"""Rules on certificates: path, dates, revocation, algorithms, and whose certificate it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from vn_edoc.findings import Outcome, Severity
from vn_edoc.signature.scheme import TrustScheme
from vn_edoc.validity.facts import Facts, findings_of
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import (
    CLOCK,
    NO_SIGNATURE,
    NOT_A_DOCUMENT,
    at_signature,
    grave,
    name_of,
    reported,
    verifier_rule,
    when,
)
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__: list[str] = []

for _rule in ("R20", "R23", "R25", "R36", "R78", "R82"):
    checks(_rule)(verifier_rule(_rule))
for _rule in ("R18", "R24"):
    checks(_rule)(verifier_rule(_rule, needs_path=True))


_BROKEN_DIGESTS = frozenset({"md2", "md4", "md5"})
"""Collisions are a matter of seconds (RFC 6151): such a signature may have been made over another document."""
_BROKEN_RSA_BITS = 1024
"""Shorter moduli have been factored in public."""


@checks("R17")
def certificates_within_dates(facts: Facts) -> Verdict:
    verdict = verifier_rule("R17", needs_path=True)(facts)
    if verdict.outcome is not Outcome.PASS:
        return verdict
    if any(t is not None and t > facts.at + CLOCK for s in facts.signatures for t in (s.made_at,)):
        return not_evaluated("thời điểm ký sau thời điểm đánh giá", "it was signed after the moment of judging")
    return verdict


@checks("R21")
def key_is_long_enough(facts: Facts) -> Verdict:
    if any(_rsa_bits(s) < _BROKEN_RSA_BITS for s in facts.signatures):
        return not_evaluated(
            "khóa quá ngắn, chữ ký có thể bị giả mạo", "the key is so short that anyone may have signed"
        )
    return verifier_rule("R21")(facts)


@checks("R22")
def digest_is_sound(facts: Facts) -> Verdict:
    if any(s.algorithms is not None and s.algorithms.digest in _BROKEN_DIGESTS for s in facts.signatures):
        return not_evaluated(
            "hàm băm đã bị phá vỡ, chữ ký có thể thuộc văn bản khác",
            "the digest is broken: the signature may belong to another document",
        )
    return verifier_rule("R22")(facts)


def _rsa_bits(signature: SignatureResult) -> float:
    key = signature.algorithms.key if signature.algorithms is not None else ""
    return int(key[3:]) if key.startswith("rsa") and key[3:].isdigit() else float("inf")


@checks("R72")
def judged_at_signing_time(facts: Facts) -> Verdict:
    # What the verifier tells under this id is today's status: it is shown apart, and breaks nothing.
    return PASSED if facts.all_signatures else NO_SIGNATURE


@checks("R14")
def path_is_trusted(facts: Facts) -> Verdict:
    if not facts.all_signatures:
        return NO_SIGNATURE
    if reported(facts, "R14") or reported(facts, "R15"):
        return fail()
    unexplained = [s for s in facts.all_signatures if s.trusted is False and not grave(s.findings)]
    if unexplained:
        return fail(
            *(
                Issue(
                    f"Đường dẫn chứng thư của {name_of(s)} không được tin cậy.",
                    f"The certificate path of {name_of(s)} is not trusted.",
                    at_signature(s),
                )
                for s in unexplained
            )
        )
    if not facts.trust_given:
        return not_evaluated("chưa cung cấp chứng thư gốc tin cậy nào", "no trust anchors were given")
    if any(s.trusted is None for s in facts.signatures):
        return not_evaluated(
            "đường dẫn chứng thư chưa đánh giá được tại thời điểm đã chứng minh",
            "the certificate path could not be evaluated at a proven time",
        )
    return PASSED


@checks("R15")
def public_path_ends_at_the_national_root(facts: Facts) -> Verdict:
    if not facts.all_signatures:
        return NO_SIGNATURE
    if reported(facts, "R15") or any(s.trusted is False for s in facts.signatures):
        return fail()  # where the path leads is said under R14
    schemes = {s.trust_scheme for s in facts.signatures}
    if any(s.trusted is None for s in facts.signatures):
        return not_evaluated("đường dẫn chứng thư chưa đánh giá được", "the certificate path could not be evaluated")
    if schemes <= {TrustScheme.OFFICIAL}:
        return not_applicable("mọi chứng thư thuộc hệ thống công vụ", "all certificates are official-duty ones")
    if schemes & {None, TrustScheme.UNSPECIFIED}:
        return not_evaluated(
            "không biết chứng thư gốc tin cậy thuộc hệ thống công vụ, quốc gia hay nước ngoài",
            "it is not known whether the trust anchor is the official-duty, the national or a foreign one",
        )
    return PASSED


@checks("R73")
def signed_within_the_first_and_last_moment(facts: Facts) -> Verdict:
    if not facts.all_signatures:
        return NO_SIGNATURE
    if all(s.signed_at is None or s.signer is None for s in facts.all_signatures):
        return not_evaluated("không biết thời điểm ký hoặc chứng thư", "the signing time or the certificate is unknown")
    issues = [issue for s in facts.all_signatures for issue in _at_the_edge(s)]
    return fail(*issues) if issues else PASSED


def _at_the_edge(signature: SignatureResult) -> Iterator[Issue]:
    """What the times that a signature is given have to do with the first and the last moment of its certificate."""
    signer, where = signature.signer, at_signature(signature)
    claimed, made = signature.signed_at, signature.made_at
    starts = signer.valid_from if signer is not None else None
    if claimed is not None and starts is not None and claimed < starts:
        yield Issue(
            f"Thời điểm ký khai báo ({when(claimed)}) trước ngày chứng thư bắt đầu có hiệu lực ({when(starts)}).",
            f"The claimed signing time ({when(claimed)}) is before the certificate began ({when(starts)}).",
            where,
            data={"signed_at": claimed, "valid_from": starts},
        )
    revoked = signature.chain[0].revoked_at if signature.chain else None
    if revoked is not None and revoked in {claimed, made}:
        yield Issue(
            f"Thời điểm ký trùng đúng lúc chứng thư bị thu hồi ({when(revoked)}).",
            f"It was signed at the very moment that the certificate was revoked ({when(revoked)}).",
            where,
            data={"revoked_at": revoked},
        )


@checks("R16")
def state_body_uses_official_duty(facts: Facts) -> Verdict:
    if not facts.signatures:
        return NO_SIGNATURE
    if reported(facts, "R16"):
        return fail()
    public = [s for s in facts.signatures if s.trust_scheme in {TrustScheme.NATIONAL, TrustScheme.FOREIGN}]
    if public and facts.issuer is None:
        return not_evaluated(
            "không biết cơ quan ban hành, nên không biết người ký có phải cơ quan nhà nước hay không",
            "the issuer is not known, so whether a state body signed is not known either",
        )
    if public:
        return fail(
            *(
                Issue(
                    f"{name_of(s)} ký bằng chữ ký số công cộng; cơ quan nhà nước dùng chữ ký số chuyên dùng công vụ.",
                    f"{name_of(s)} signed with a public certificate; state bodies use official-duty ones.",
                    at_signature(s),
                )
                for s in public
            )
        )
    if any(s.trust_scheme in {None, TrustScheme.UNSPECIFIED} for s in facts.signatures):
        return not_evaluated(
            "không biết chứng thư thuộc hệ thống công vụ hay công cộng",
            "it is not known whether the certificates are official-duty or public ones",
        )
    return PASSED


@checks("R19")
def revocation_was_checked(facts: Facts) -> Verdict:
    if not facts.signatures:
        return NO_SIGNATURE
    if any(f.rule == "R19" and f.severity is not Severity.INFO for s in facts.signatures for f in findings_of(s)):
        return fail()
    if any(s.trusted is None for s in facts.signatures):
        return not_evaluated("đường dẫn chứng thư chưa đánh giá được", "the certificate path could not be evaluated")
    return PASSED


@checks("R26")
def certificate_fits_role(facts: Facts) -> Verdict:
    if not facts.signatures:
        return NO_SIGNATURE
    devices = facts.of_kind("device")
    if not devices:
        return PASSED
    return fail(
        *(
            Issue(
                f"Chữ ký của {name_of(s)} dùng chứng thư thiết bị, dịch vụ, phần mềm; "
                "không phải của cá nhân hay cơ quan, tổ chức.",
                f"{name_of(s)} signed with a certificate for a device, service or software, "
                "not with a person's or an organisation's.",
                at_signature(s),
            )
            for s in devices
        )
    )


@checks("R81")
def agency_is_bound(facts: Facts) -> Verdict:
    # A packet's signature says who sent it, which is no part of the document's value: a stranger's is said, no more.
    verdict = _document_is_bound(facts) if facts.is_document else NOT_A_DOCUMENT
    return replace(verdict, issues=(*verdict.issues, *_strangers_packet(facts)))


def _strangers_packet(facts: Facts) -> tuple[Issue, ...]:
    """A warning for each signature over the packet that is not known to be its sender's."""
    issues: list[Issue] = []
    for index, signature in enumerate(facts.packet_signatures):
        found = facts.packet_bindings.get(index)
        if signature.countersigns is not None or (found is not None and found.verdict == "bound"):
            continue
        denied = found is None or found.verdict == "contradicted"
        why_vi = "chứng thư không phải của cơ quan, tổ chức" if found is None else found.reason_vi
        why_en = "the certificate is not an organisation's" if found is None else found.reason_en
        issues.append(
            Issue(
                f"Chữ ký trên gói tin của {name_of(signature)} {'không phải' if denied else 'chưa chắc'} "
                f"của cơ quan gửi: {why_vi}.",
                f"The packet's signature by {name_of(signature)} is {'not' if denied else 'not known to be'} "
                f"the sending agency's: {why_en}.",
                at_signature(signature),
                Severity.WARNING,
                {"reason": "packet_signer_contradicted" if denied else "packet_signer_not_bound"},
            )
        )
    return tuple(issues)


def _document_is_bound(facts: Facts) -> Verdict:
    agencies = facts.of_kind("organisation")
    if not agencies:
        return not_applicable("không có chữ ký số của cơ quan, tổ chức", "there is no organisation's signature")
    verdicts = [
        (signature, facts.bindings.get(index))
        for index, signature in enumerate(facts.signatures)
        if signature in agencies
    ]
    if any(result is not None and result.verdict == "bound" for _, result in verdicts):
        return PASSED
    contradicted = [(s, r) for s, r in verdicts if r is not None and r.verdict == "contradicted"]
    if contradicted:
        return fail(
            *(
                Issue(
                    f"Chứng thư ký của {name_of(s)} không phải của cơ quan ban hành: {r.reason_vi}",
                    f"The signing certificate of {name_of(s)} is not the issuing agency's: {r.reason_en}",
                    at_signature(s),
                    data={"reason": "signer_contradicted"},
                )
                for s, r in contradicted
            )
        )
    reasons = [r for _, r in verdicts if r is not None]
    detail_vi = f": {reasons[0].reason_vi}" if reasons else ""
    detail_en = f": {reasons[0].reason_en}" if reasons else ""
    return not_evaluated(
        f"chưa gắn được chứng thư ký của cơ quan với cơ quan ban hành{detail_vi}",
        f"the agency's signing certificate could not be bound to the issuing agency{detail_en}",
        Issue(
            f"Chưa gắn được chứng thư ký ({name_of(agencies[-1])}) với cơ quan ban hành{detail_vi}.",
            f"The signing certificate ({name_of(agencies[-1])}) could not be bound to the issuing agency{detail_en}.",
            at_signature(agencies[-1]),
            Severity.WARNING,
            {"reason": "signer_not_bound"},
        ),
    )
