"""Rules on names: whether certificate, packet and page 1 name the same agency, person and document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vn_edoc.findings import Location, Severity
from vn_edoc.validity.facts import Facts, PacketFacts, folded
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import (
    NO_PACKET,
    NO_SIGNATURE,
    NOT_A_DOCUMENT,
    at_signature,
    letters,
    name_of,
    numeral,
)
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated

if TYPE_CHECKING:
    from vn_edoc.validity.page import PageFacts

__all__: list[str] = []

_DEPUTIES = ("phó", "thứ trưởng")
"""Who signs "ký thay": the head's deputies (NĐ 30/2020/NĐ-CP Điều 13.1)."""


@checks("R27")
def agency_name_matches(facts: Facts) -> Verdict:
    agencies = facts.of_kind("organisation")
    if not agencies:
        return NO_SIGNATURE
    issuer = facts.issuer.name if facts.issuer is not None else None
    if not issuer:
        return not_evaluated("không biết tên cơ quan ban hành", "the issuing agency's name is not known")
    names = [n for s in agencies if s.signer is not None for n in (s.signer.name, s.signer.organisation) if n]
    if any(folded(issuer) == folded(n) for n in names):
        return PASSED
    bound = any(b.verdict == "bound" for b in facts.bindings.values())
    return fail(
        Issue(
            f"Tên trong chứng thư ({'; '.join(names)}) khác tên cơ quan ban hành trong gói tin ({issuer}).",
            f"The certificate's name ({'; '.join(names)}) differs from the issuing agency's in the packet ({issuer}).",
            at_signature(agencies[-1]),
            Severity.INFO if bound else None,
        )
    )


@checks("R28")
def person_name_matches(facts: Facts) -> Verdict:
    persons = facts.of_kind("person")
    if not persons:
        return NO_SIGNATURE
    named = facts.packet.signer if facts.packet is not None else None
    if not named:
        return not_evaluated(
            "không biết họ tên người ký ghi trên văn bản", "the signer named in the document is not known"
        )
    if any(folded(named) == folded(name_of(s)) for s in persons):
        return PASSED
    return fail(
        Issue(
            f"Người ký trong gói tin là {named}, chứng thư ghi {', '.join(name_of(s) for s in persons)}.",
            f"The packet names {named} as signer, the certificate {', '.join(name_of(s) for s in persons)}.",
            at_signature(persons[0]),
            data={"packet": named, "certificates": [name_of(s) for s in persons]},
        )
    )


@checks("R29")
def capacity_fits(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    competence = folded(facts.packet.competence)
    if not competence:
        return not_applicable("không ghi quyền hạn ký", "no signing capacity is stated")
    if competence.startswith(("kt", "k.t")):
        position = folded(facts.packet.position)
        if not position and not any(word in competence for word in _DEPUTIES):
            return not_evaluated("không ghi chức vụ của người ký thay", "the position of who signs is not stated")
        if any(word in f"{competence} {position}" for word in _DEPUTIES):
            return PASSED
        return fail(
            Issue(
                f"Ký thay (KT.) nhưng chức vụ người ký ghi là {facts.packet.position}, không phải cấp phó.",
                f"Signed for the head (KT.), yet the signer's position is {facts.packet.position}, not a deputy's.",
                Location(path="SignerInfo/Position"),
            )
        )
    if not competence.startswith(("tuq", "t.u.q")):
        return PASSED
    signer = facts.packet.signer or ""
    if not facts.context.delegations:
        return not_evaluated("không có hồ sơ ủy quyền để đối chiếu", "no delegation records were given")
    if any(folded(signer) == folded(name) for name in facts.context.delegations):
        return PASSED
    return fail(
        Issue(
            f"Ký thừa ủy quyền nhưng không có văn bản ủy quyền cho {signer or 'người ký'}.",
            f"Signed under delegation (TUQ.), but there is no delegation record for {signer or 'the signer'}.",
            Location(path="SignerInfo/Competence"),
        )
    )


@checks("R52")
def packet_equals_page(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    if facts.packet_kind != "document":
        return NOT_A_DOCUMENT
    page = facts.main.page if facts.main is not None else None
    if page is None or not page.has_text:
        return not_evaluated("không đọc được trang đầu của văn bản", "page 1 of the document could not be read")
    packet = facts.packet
    file = facts.main.name if facts.main else None
    pairs: tuple[tuple[str, str, str, Any, Any, Callable[[Any], Any]], ...] = (
        ("Code/CodeNumber", "số", "number", packet.number, page.number, numeral),
        ("Code/CodeNotation", "ký hiệu", "symbol", packet.notation, page.notation, folded),
        ("PromulgationInfo/PromulgationDate", "ngày ban hành", "date", packet.promulgated, page.issued, str),
    )
    issues = [
        Issue(
            f"Gói tin và trang đầu khác nhau về {vi}: {_shown(a)} / {_shown(b)}.",
            f"Packet and page 1 differ in the {en}: {_shown(a)} / {_shown(b)}.",
            Location(path=f"MessageHeader/{path}", attachment=file, page=1),
            data={"packet": str(a), "page": str(b)},
        )
        for path, vi, en, a, b, comparable in pairs
        if a and b and comparable(a) != comparable(b)
    ]
    if page.copy_mark is None:  # of a copy that was scanned, nothing but the mark may be text
        issues += [
            Issue(
                f"Không đọc được {vi} trên trang đầu để đối chiếu với gói tin ({_shown(a)}).",
                f"No {en} could be read on page 1 to compare with the packet's ({_shown(a)}).",
                Location(path=f"MessageHeader/{path}", attachment=file, page=1),
                Severity.INFO,
            )
            for path, vi, en, a, b, _ in pairs
            if a and not b
        ]
    for path, vi, en, value in (
        ("Subject", "trích yếu", "subject", packet.subject),
        ("SignerInfo/FullName", "họ tên người ký", "signer's name", packet.signer),
    ):
        # The signer's name may stand on a later page; only a one-page document must show it on page 1.
        if not value or (path != "Subject" and (page.pages or 2) > 1):
            continue
        if letters(value) not in letters(page.text):
            issues.append(
                Issue(
                    f"Không thấy {vi} của gói tin trên trang đầu: {value}.",
                    f"The packet's {en} does not stand on page 1: {value}.",
                    Location(path=f"MessageHeader/{path}", attachment=file, page=1),
                    None if _is_another(value, page) else Severity.INFO,
                )
            )
    issues += [replace(issue, where=replace(issue.where, attachment=file, page=1)) for issue in _kind(packet, page)]
    return fail(*issues) if issues else PASSED


def _is_another(value: str, page: PageFacts) -> bool:
    """Whether the page says something else, and is not only read with gaps: its number and date were read, and most
    of the words of the packet's text do not stand on it."""
    if page.number is None or page.issued is None:
        return False
    words = [word for word in map(letters, value.split()) if word]
    on_page = {letters(word) for word in page.text.split()}
    return sum(word in on_page for word in words) * 2 < len(words)


def _kind(packet: PacketFacts, page: PageFacts) -> Iterator[Issue]:
    """Type and urgency. What stands on the page and is said otherwise by the packet is a fault; what the packet says
    and the page's text does not may be a picture there, and is only told."""
    name = folded((packet.type_name or "").split("(")[0])
    if name and name not in _UNNAMED and letters(name) not in letters(page.text):
        yield Issue(
            f"Không thấy tên loại văn bản của gói tin trên trang đầu: {packet.type_name}.",
            f"The packet's type does not stand on page 1: {packet.type_name}.",
            Location(path="MessageHeader/DocumentType/TypeName"),
            Severity.INFO,
        )
    if packet.priority is None or not 0 <= packet.priority < len(_URGENCY):
        return
    said = _URGENCY[packet.priority]
    if said != page.urgency:
        yield Issue(
            f"Gói tin và trang đầu khác nhau về độ khẩn: {_shown(said)} / {_shown(page.urgency)}.",
            f"Packet and page 1 differ in the urgency: {said or 'none'} / {page.urgency or 'none'}.",
            Location(path="OtherInfo/Priority"),
            Severity.INFO if page.urgency is None else None,
            {"packet": said or "", "page": page.urgency or ""},
        )


_UNNAMED = frozenset({"công văn", "thư công"})
"""Kinds whose name does not stand on the document (NĐ 30/2020/NĐ-CP Phụ lục III)."""
_URGENCY = (None, "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC")
"""The mark of each Priority, 0 to 4 (NĐ 30/2020/NĐ-CP Điều 8)."""


def _shown(value: object) -> str:
    return str(value) if value else "trống"
