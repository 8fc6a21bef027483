"""Rules on the packet: completeness, required fields, codes, document id. The reader makes the findings."""

from __future__ import annotations

from collections.abc import Callable

from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import NO_PACKET, reported
from vn_edoc.validity.verdict import PASSED, Verdict, fail

__all__: list[str] = []


def _reader_rule(rule_id: str) -> Callable[[Facts], Verdict]:
    def judge(facts: Facts) -> Verdict:
        if facts.packet_kind is None:
            return NO_PACKET
        if reported(facts, rule_id):
            return fail()
        return PASSED

    return judge


for _rule in ("R44", "R47", "R48", "R49", "R51", "R68"):
    checks(_rule)(_reader_rule(_rule))
