"""The register of variants: each one change of the good recipe, with what a report has to say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from vn_edoc.errors import UsageError
from vn_edoc.testing.recipe import GOOD, Expected, Recipe

__all__ = ["VARIANTS", "Variant", "declare", "positive", "undecided", "variant", "void"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One sample of the catalogue."""

    name: str
    """Its name."""
    subject: str
    """What it is about: ``good``, ``signatures``, ``files``, ``certificates``, ``envelope``, ``exchange``, ``form``."""
    about_vi: str
    """What is different, in Vietnamese."""
    about_en: str
    """What is different, in English."""
    expected: Expected
    """What a report has to say."""
    changed: Recipe
    """The changed recipe."""

    def recipe(self) -> Recipe:
        """The recipe to build."""
        return self.changed


VARIANTS: dict[str, Variant] = {}
"""All variants by name, in order of declaration."""


def declare(
    subject: str,
    name: str,
    about_vi: str,
    about_en: str,
    expected: Expected,
    context: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Register the good recipe with ``changes`` (fields of :class:`Recipe`) and other values in its context."""
    recipe = replace(GOOD, **changes).with_context(**(context or {}))
    assert name not in VARIANTS, f"two variants are named {name}"
    VARIANTS[name] = Variant(name, subject, about_vi, about_en, expected, recipe)


def variant(name: str) -> Variant:
    """The variant of that name; ``UsageError`` when the catalogue has none."""
    try:
        return VARIANTS[name]
    except KeyError:
        raise UsageError(f"there is no sample {name!r}", f"không có mẫu {name!r}", field="name", value=name) from None


def positive(*findings: str) -> Expected:
    """The document has the value of an original and replaces paper, whatever was found."""
    return Expected("original", "replaces_paper", findings)


def void(*findings: str) -> Expected:
    """The document does not meet the conditions; through the systems it is for reference only."""
    return Expected("insufficient", "reference_only", findings)


def undecided(*findings: str) -> Expected:
    """Something that decides could not be evaluated."""
    return Expected("undetermined", "undetermined", findings)
