"""One fuzzing run: ``python -m tests.fuzz.run TARGET FOLDER [libFuzzer options]``.

The seeds are put into the folder, which is empty at first: what they are signed with is made anew for each run.

What the target is about is imported and instrumented before the target itself: much of the library is imported on first
use, and what is imported behind atheris' back guides nothing. Three of four changes know the form of the input; the
others are libFuzzer's own, with its dictionary and what comparisons taught it.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import sys
from pathlib import Path

import atheris

_FILES = ("vn_edoc.signature",)
_XML = ("vn_edoc.signature.xml", "vn_edoc.xml")
_PACKETS = (*_XML, "vn_edoc.signature.packet", "vn_edoc.envelope")
_SETTINGS = ("vn_edoc.identifiers", "vn_edoc.validity.agency", "vn_edoc.validity.context", "vn_edoc.cli.descriptions")
_AREAS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("pdf", "cms", "evidence"), _FILES),
    **dict.fromkeys(("xml", "ways_xml", "extend"), _XML),
    **dict.fromkeys(("signed_packet", "ways_packet"), _PACKETS),
    **dict.fromkeys(("ways_base64", "ways_tree"), ("vn_edoc.xml",)),
    "packet": ("vn_edoc.envelope", "vn_edoc.xml"),
    "identifiers": ("vn_edoc.identifiers",),
    "calendar": ("vn_edoc.calendar",),
    "settings": (*_SETTINGS, "vn_edoc.signature.trust", "vn_edoc.signature.evidence"),
}
"""Modules and packages that guide a target; all of the library where nothing is said."""
_APART = ("vn_edoc.testing", "vn_edoc.cli.__main__", "vn_edoc.validity.pdfium_worker")
"""What judges nothing, or starts something when it is imported."""
_NOT_OF_FILES = ("vn_edoc.signature.xml", "vn_edoc.signature.packet")


def _instrument(name: str) -> None:
    import vn_edoc

    areas = _AREAS.get(name, ("vn_edoc",))
    apart = (*_APART, *_NOT_OF_FILES) if areas is _FILES else _APART
    names = [one.name for one in pkgutil.walk_packages(vn_edoc.__path__, "vn_edoc.")]
    chosen = [one for one in names if one.startswith(areas) and not one.startswith(apart)]
    with atheris.instrument_imports(include=chosen):
        for one in chosen:
            importlib.import_module(one)


def main() -> None:
    """Hand over to libFuzzer."""
    name = sys.argv.pop(1)
    _instrument(name)
    from tests.fuzz.target import load

    target = load(name)
    for number, seed in enumerate(target.seeds()):
        Path(sys.argv[1], f"{number:03d}").write_bytes(seed)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.25:
            return atheris.Mutate(data, longest)
        return target.mutate(data, chance)[:longest]

    atheris.Setup(sys.argv, target.one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
