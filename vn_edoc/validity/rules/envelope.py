"""Rules on the packet: completeness, required fields, codes, document id. The reader makes the findings."""

from __future__ import annotations

from collections.abc import Callable

from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import NO_PACKET, NOT_A_DOCUMENT, reported
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail

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
for _rule in ("R49", "R51", "R68"):
    checks(_rule)(_reader_rule(_rule, of_documents=True))


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
