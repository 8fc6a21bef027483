"""One fuzzing run: ``python -m tests.fuzz.run TARGET CORPUS [libFuzzer options]``.

The whole library is instrumented before the target is imported: much of it is imported on first use, and what is
imported behind atheris' back guides nothing. Three of four changes know the form of the input; the others are
libFuzzer's own, with its dictionary and what comparisons taught it.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import sys

import atheris

_APART = ("vn_edoc.testing", "vn_edoc.cli.__main__", "vn_edoc.validity.pdfium_worker")
"""What judges nothing, or starts something when it is imported."""


def _instrument() -> None:
    with atheris.instrument_imports(include=["vn_edoc"], exclude=["vn_edoc.testing"]):
        import vn_edoc

        for module in pkgutil.walk_packages(vn_edoc.__path__, "vn_edoc."):
            if not module.name.startswith(_APART):
                importlib.import_module(module.name)


def main() -> None:
    """Hand over to libFuzzer."""
    name = sys.argv.pop(1)
    _instrument()
    from tests.fuzz.target import load

    target = load(name)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.25:
            return atheris.Mutate(data, longest)
        return target.mutate(data, chance)[:longest]

    atheris.Setup(sys.argv, target.one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
