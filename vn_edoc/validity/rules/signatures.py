"""Rules on the signatures a document must carry, and on what verification said of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from vn_edoc.findings import Location, Severity
from vn_edoc.law import basis, governed_on
from vn_edoc.signature.terms import Changes, SignatureKind
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import (
    NO_SIGNATURE,
    NOT_A_DOCUMENT,
    WHICH_FILE,
    at_signature,
    grave,
    name_of,
    reported,
    unseen,
    verifier_rule,
)
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated, passed

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__: list[str] = []

# Rules whose breach the verifiers of signature files report under the rule's own id.
for _rule in ("R13", "R30", "R31", "R32", "R33", "R34", "R35", "R77", "R79", "R80"):
    checks(_rule)(verifier_rule(_rule))
checks("R71")(verifier_rule("R71", needs_intact=True))


def _of_the_file_as_signed(rule_id: str) -> Callable[[Facts], Verdict]:
    """A rule about the octets that were signed: of a file that was written anew nobody has them."""
    judge = verifier_rule(rule_id, needs_intact=True)

    def verdict(facts: Facts) -> Verdict:
        if reported(facts, "R71") and not reported(facts, rule_id):
            return not_evaluated("tệp đã bị ghi lại sau khi ký (R71)", "the file was rewritten after signing (R71)")
        return judge(facts)

    return verdict


for _rule in ("R10", "R12"):
    checks(_rule)(_of_the_file_as_signed(_rule))


@checks("R04")
def has_signature(facts: Facts) -> Verdict:
    if not facts.is_document:
        return NOT_A_DOCUMENT
    if facts.signatures:
        return PASSED
    if facts.main is None and reported(facts, "envelope.attachments_elsewhere"):
        return not_evaluated("tệp văn bản nằm ngoài gói tin", "the document file is carried outside the packet")
    if facts.main is None and reported(facts, "xml.not_well_formed"):
        return not_evaluated("gói tin bị hỏng, không đọc được hết", "the packet is damaged and was not read to its end")
    if facts.main is None:
        return fail(
            Issue(
                "Gói tin không có tệp văn bản nào để kiểm tra chữ ký số.",
                "The packet holds no document file whose signature could be checked.",
            )
        )
    if facts.main_unclear:
        return WHICH_FILE
    where = Location(attachment=facts.main.name)
    if facts.main.damaged:
        return not_evaluated("tệp văn bản bị hỏng, không đọc được", "the document file is damaged")
    if not facts.main.signable:
        return fail(
            Issue(
                f"Tệp văn bản {facts.main.name} không phải PDF có ký số; không tìm thấy chữ ký số nào.",
                f"The document file {facts.main.name} is no signed PDF; no digital signature was found.",
                where,
                data={"media_type": facts.main.media_type},
            )
        )
    if grave(facts.main.findings):
        # Something stopped the verifier from listing the signatures: its own finding says what.
        return not_evaluated("không đọc được cấu trúc chữ ký của tệp", "the file's signature structure is unreadable")
    return fail(
        Issue(
            f"Văn bản {facts.main.name} không có chữ ký số nào. Ảnh chữ ký, dấu quét không phải là chữ ký số.",
            f"The document {facts.main.name} carries no digital signature. A scanned stamp or signature is none.",
            where,
        )
    )


@checks("R05")
def person_and_agency(facts: Facts) -> Verdict:
    if not facts.is_document:
        return NOT_A_DOCUMENT
    if facts.copy_mark is not None:
        return not_applicable("văn bản là bản sao (quy tắc R06)", "the document is a copy (rule R06)")
    if facts.main_unclear:
        return WHICH_FILE
    if not facts.signatures:
        return NO_SIGNATURE
    persons, agencies = facts.of_kind("person"), facts.of_kind("organisation")
    if persons and agencies:
        # Anybody can sign a file that the agency alone has signed, an annex or a copy.
        if any(s not in facts.late or facts.names_on_page(s) for s in persons):
            return PASSED
        return not_evaluated(
            "người ký cá nhân chỉ ký sau cơ quan và không có tên trên trang đầu, nên có thể không phải người có thẩm "
            "quyền",
            "the only person signed after the agency and is not named on page 1: it may not be the competent one",
        )
    unknown = [s for s in facts.signatures if s.signer is None or s.signer.kind == "unknown"]
    if unknown:
        return not_evaluated(
            "không xác định được chứng thư ký là của cá nhân hay của cơ quan, tổ chức",
            "it cannot be told whether a signing certificate is a person's or an organisation's",
        )
    if agencies and facts.unseen_mark is not None:
        return unseen(facts.unseen_mark)
    if agencies and not facts.form_known:
        return not_evaluated(
            "chỉ có chữ ký số của cơ quan và không đọc được trang đầu để biết đây là văn bản gốc hay bản sao",
            "there is the agency's signature only, and page 1 cannot be read to tell an original from a copy",
        )
    missing_vi = "người có thẩm quyền" if agencies else "cơ quan, tổ chức"
    missing_en = "the competent person's" if agencies else "the agency's"
    who = ", ".join(name_of(s) for s in facts.signatures)
    return _fail_by_law(
        facts,
        Issue(
            f"Thiếu chữ ký số của {missing_vi}; văn bản chỉ có chữ ký số của: {who}.",
            f"The document lacks {missing_en} signature; it carries only: {who}.",
            Location(attachment=facts.main.name if facts.main else None),
            data={"persons": len(persons), "agencies": len(agencies)},
        ),
    )


def _fail_by_law(facts: Facts, issue: Issue) -> Verdict:
    """Which signatures a document needs is what NĐ 30/2020/NĐ-CP says. Of one that was signed before it, whose rules
    are not on record, nobody can tell."""
    if governed_on(basis("nd30:5.1"), facts.law_date) is not None:
        return fail(issue)
    return not_evaluated(
        f"văn bản ký ngày {facts.law_date:%d/%m/%Y}, quy định khi đó về chữ ký số phải có chưa có trong bộ quy tắc",
        f"the document was signed on {facts.law_date.isoformat()}, and the rules of that day on required signatures "
        "are not in the pack",
        replace(issue, severity=Severity.WARNING),
    )


@checks("R06")
def copy_has_agency(facts: Facts) -> Verdict:
    if not facts.is_document:
        return NOT_A_DOCUMENT
    if facts.main_unclear:
        return WHICH_FILE
    if facts.unseen_mark is not None:
        return unseen(facts.unseen_mark)
    if facts.copy_mark is None:
        return not_applicable("không thấy hình thức sao trên trang đầu", "page 1 carries no mark of a copy")
    if not facts.signatures:
        return NO_SIGNATURE
    if facts.of_kind("organisation"):
        return passed(
            Issue(
                f"Hình thức sao {facts.copy_mark} được đọc từ lớp chữ nhìn thấy trên trang đầu; cần đối chiếu với hình "
                "trang.",
                f"The mark {facts.copy_mark} was read from text that is seen on page 1; compare it with the page's "
                "picture.",
                Location(attachment=facts.main.name if facts.main else None, page=1),
                Severity.INFO,
            )
        )
    if any(s.signer is None or s.signer.kind == "unknown" for s in facts.signatures):
        return not_evaluated(
            "không xác định được chứng thư ký là của cá nhân hay của cơ quan, tổ chức",
            "it cannot be told whether a signing certificate is a person's or an organisation's",
        )
    return _fail_by_law(
        facts,
        Issue(
            f"Bản sao ({facts.copy_mark}) không có chữ ký số của cơ quan, tổ chức sao.",
            f"The copy ({facts.copy_mark}) lacks the copying agency's signature.",
            Location(attachment=facts.main.name if facts.main else None),
        ),
    )


@checks("R07")
def agency_after_person(facts: Facts) -> Verdict:
    persons, agencies = facts.of_kind("person"), facts.of_kind("organisation")
    if not persons or not agencies:
        return not_applicable(
            "không có đủ hai loại chữ ký để so thứ tự", "the two kinds of signatures are not both there"
        )
    # The order of revisions in the file is certain, claimed times are not: an agency's signature after the first
    # person's is enough (a clerk may also have signed the person's annexes before).
    if any(s not in facts.late for s in persons):
        return PASSED
    return fail(
        Issue(
            "Chữ ký số của cơ quan có trước chữ ký số của người có thẩm quyền.",
            "The agency signed before the competent person.",
            at_signature(agencies[0]),
        )
    )


def _integrity(rule_id: str, facts: Facts, vi: str, en: str) -> Verdict:
    signatures = facts.all_signatures
    if not signatures:
        return NO_SIGNATURE
    if reported(facts, rule_id):
        return fail()
    # A verifier that says "not intact" always says why, under some rule. Should it ever not, this is the net.
    unexplained = [s for s in signatures if s.intact is False and not grave(s.findings)]
    if unexplained and rule_id == "R08":
        return fail(*(Issue(f"{vi}: {name_of(s)}.", f"{en}: {name_of(s)}.", at_signature(s)) for s in unexplained))
    if any(s.intact is not True for s in signatures):
        return not_evaluated("có chữ ký không kiểm tra được đến cùng", "a signature could not be verified to the end")
    return PASSED


@checks("R08")
def digest_matches(facts: Facts) -> Verdict:
    return _integrity("R08", facts, "Nội dung không còn toàn vẹn", "The content is not intact")


@checks("R09")
def signature_value_verifies(facts: Facts) -> Verdict:
    return _integrity("R09", facts, "Giá trị chữ ký không đúng", "The signature value does not verify")


@checks("R11")
def nothing_after_last(facts: Facts) -> Verdict:
    signatures = facts.all_signatures
    if not signatures:
        return NO_SIGNATURE
    forbidden = [s for s in signatures if s.changes is Changes.FORBIDDEN]
    if forbidden:
        silent = [s for s in forbidden if not grave(s.findings)]
        return fail(*(_changed(s, "thay đổi không được phép", "changes that are not allowed") for s in silent))
    suspicious = [s for s in signatures if s.changes is Changes.SUSPICIOUS]
    if suspicious:
        silent = [] if reported(facts, "R11") else suspicious
        return not_evaluated(
            "có thay đổi sau khi ký cần người xem xét",
            "changes after signing need a person's eye",
            *(_changed(s, "thay đổi cần xem xét", "changes that need a look", Severity.WARNING) for s in silent),
        )
    if any(s.changes is Changes.UNKNOWN for s in signatures):
        return not_evaluated("không xác định được thay đổi sau khi ký", "changes after signing could not be determined")
    strangers = [s for s in facts.late if s.box is not None and not facts.names_on_page(s)]
    if strangers:
        return not_evaluated(
            "chữ ký thêm vào sau chữ ký của cơ quan vẽ hình lên trang",
            "a signature added after the agency's draws on the page",
            *(
                Issue(
                    f"{name_of(s)} ký sau cơ quan ban hành và vẽ hình lên trang; hình đó không do cơ quan ký.",
                    f"{name_of(s)} signed after the issuing agency and draws on the page: the agency did not sign it.",
                    at_signature(s),
                    Severity.WARNING,
                )
                for s in strangers
            ),
        )
    return fail() if reported(facts, "R11") else PASSED


def _changed(signature: SignatureResult, vi: str, en: str, severity: Severity | None = None) -> Issue:
    return Issue(
        f"Sau chữ ký của {name_of(signature)} có {vi}.",
        f"After the signature of {name_of(signature)} came {en}.",
        at_signature(signature),
        severity,
        {"changes": signature.changes},
    )


_OFF_PROFILE = frozenset(
    f"xmldsig.{name}"
    for name in (
        "doctype", "duplicate_id", "external_reference", "manifest", "nothing_signed", "position_not_covered",
        "reference_target", "structure", "transforms", "uncovered", "value_split", "wrapped",
    )
) | {"packet.ambiguous", "packet.signature_place"}  # fmt: skip
"""What the XML verifiers say of a signature whose form the profile does not allow (R63)."""
_UNVERIFIABLE = frozenset(
    f"xmldsig.{name}"
    for name in ("foreign_namespace", "no_canonical_form", "undeclared_canonicalization", "unknown_algorithm",
                 "wrong_exclusive_uri")
)  # fmt: skip
"""What they say of one that cannot be verified, or only by bending the standard (R64)."""


@checks("R63")
def xml_profile(facts: Facts) -> Verdict:
    return _xml_rule(facts, "R63", _OFF_PROFILE, "không theo hồ sơ cho phép", "does not follow the allowed profile")


@checks("R64")
def xml_verifiable(facts: Facts) -> Verdict:
    return _xml_rule(
        facts, "R64", _UNVERIFIABLE, "không kiểm tra được đúng chuẩn", "cannot be verified by the standard"
    )


def _xml_rule(facts: Facts, rule_id: str, said: frozenset[str], vi: str, en: str) -> Verdict:
    if reported(facts, rule_id):
        return fail()
    issues = [
        Issue(
            f"Chữ ký XML {vi}: {f.message_vi}",
            f"An XML signature {en}: {f.message_en}",
            f.where,
            f.severity,
            {"found": f.rule},
        )
        for f in facts.heard
        if f.rule in said and f.severity is not Severity.INFO
    ]
    if issues:
        return fail(*issues)
    if not any(s.kind in {SignatureKind.XML, SignatureKind.PACKET} for s in facts.all_signatures):
        return not_applicable("không có chữ ký XML", "there is no XML signature")
    return PASSED


@checks("R69")
def long_term(facts: Facts) -> Verdict:
    if not facts.signatures:
        return NO_SIGNATURE
    if reported(facts, "R69"):
        return fail()
    bare = [s for s in facts.signatures if s.level not in {"B-LT", "B-LTA"}]
    if not bare:
        return PASSED
    return fail(
        Issue(
            "Chữ ký không mang dữ liệu để kiểm tra lâu dài (DSS, dấu thời gian lưu trữ); "
            "cần lưu gói chứng cứ của lần kiểm tra này.",
            "The signatures carry no data for long-term validation (DSS, archive time stamp); "
            "keep the evidence bundle of this check.",
            at_signature(bare[-1]),
            data={"levels": [s.level for s in facts.signatures]},
        )
    )
