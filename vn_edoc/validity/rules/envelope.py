"""Rules on the packet: completeness, required fields, codes, document id. The reader makes the findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from vn_edoc.findings import Location
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import NO_PACKET, NOT_A_DOCUMENT, reported
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail

if TYPE_CHECKING:
    from vn_edoc.validity.page import PageFacts

__all__: list[str] = []


def _reader_rule(rule_id: str, *, of_documents: bool = False) -> Callable[[Facts], Verdict]:
    def judge(facts: Facts) -> Verdict:
        if facts.packet_kind is None:
            return NO_PACKET
        if reported(facts, rule_id):
            return fail()
        if of_documents and facts.packet_kind != "document":
            return NOT_A_DOCUMENT
        return PASSED

    return judge


for _rule in ("R47", "R48"):
    checks(_rule)(_reader_rule(_rule))
for _rule in ("R49", "R68"):
    checks(_rule)(_reader_rule(_rule, of_documents=True))


@checks("R51")
def number_and_date_in_form(facts: Facts) -> Verdict:
    verdict = _reader_rule("R51", of_documents=True)(facts)
    page = facts.main.page if facts.main is not None else None
    issues = () if page is None or facts.main is None else tuple(_padding(page, facts.main.name))
    return fail(*issues) if issues else verdict


_DAY = re.compile(r"ngày\s+(\d+)\s+tháng\s+(\d+)", re.IGNORECASE)


def _padding(page: PageFacts, file: str | None) -> Iterator[Issue]:
    """Numbers and days below 10, and the months 1 and 2, are written with a zero (Phụ lục I, II.3, II.4)."""
    where = Location(attachment=file, page=1)
    if page.number is not None and len(page.number) == 1 and page.number.isdigit():
        yield Issue(
            f"Số {page.number} trên trang đầu không ghi thêm số 0 phía trước.",
            f"The number {page.number} on page 1 is not padded with a zero.",
            where,
            data={"page": page.number},
        )
    dated = _DAY.match(page.dated or "")
    if dated is not None and (len(dated[1]) == 1 or dated[2] in {"1", "2"}):
        yield Issue(
            f"Ngày dưới 10, tháng 1 và 2 phải ghi thêm số 0; trang đầu ghi “{page.dated}”.",
            f"Days below 10 and the months 1 and 2 are padded with a zero; page 1 has “{page.dated}”.",
            where,
            data={"page": page.dated},
        )


@checks("R44")
def complete_and_undamaged(facts: Facts) -> Verdict:
    verdict = _reader_rule("R44", of_documents=True)(facts)
    if verdict is NOT_A_DOCUMENT or not reported(facts, "xml.not_well_formed"):
        return verdict
    return fail(
        Issue(
            "Gói tin bị hỏng: XML không đúng cú pháp, không chắc còn đủ nội dung.",
            "The packet is damaged: its XML is not well formed, and may lack a part.",
        )
    )
