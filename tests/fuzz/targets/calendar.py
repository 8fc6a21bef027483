"""Deadlines of any rule, start and amounts, chosen by the octets."""

from __future__ import annotations

from random import Random

from tests.calendar.test_deadlines import test_any_arguments_give_an_answer_or_our_own_error as promise
from tests.fuzz.mutators import octets_mutated
from tests.fuzz.target import Target


def _seeds() -> list[bytes]:
    chance = Random(28)
    return [chance.randbytes(length) for length in (40, 80, 160, 320) for _ in range(3)]


TARGET = Target(promise.hypothesis.fuzz_one_input, _seeds, octets_mutated, longest=1_000)
