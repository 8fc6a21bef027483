"""Anybody can sign a file once more: what comes after the issuing agency's signature is not the agency's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adversarial.judging import judged
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.document import draw_attachment
from vn_edoc.testing.pdfsign import PdfSigning, sign_sample
from vn_edoc.testing.profiles import CAST
from vn_edoc.testing.recipe import AGENCY_SIGNED, GOOD, Recipe, signed_by

_LATER = AGENCY_SIGNED + timedelta(minutes=10)


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    made = SampleBuilder()
    made.pki.add(
        replace(CAST["person"], name="person-stranger", subject=(("C", "VN"), ("CN", "Lê Lạ"), ("UID", "CCCD:000099")))
    )
    made.pki.add(
        replace(CAST["agency"], name="stranger", subject=(("C", "VN"), ("CN", "CÔNG TY LẠ"), ("UID", "MST:1")))
    )
    return made


def _by(name: str, **changes: object) -> PdfSigning:
    return replace(signed_by(name, at=_LATER), **changes)  # type: ignore[arg-type]


def _annex(builder: SampleBuilder, *later: PdfSigning) -> Recipe:
    """A packet whose only file is an annex: the agency alone signed it, then the others."""
    drawn = draw_attachment()
    pdf = sign_sample(drawn.pdf, signed_by("agency", box=drawn.corner, lines=("1286/SNV-VP",)), builder.pki)
    for signing in later:
        pdf = sign_sample(pdf, replace(signing, box=drawn.corner if signing.lines else None), builder.pki)
    return replace(GOOD, drop_document=True, annex=None, more_files=(("Phụ lục.pdf", pdf),))


def test_a_stranger_makes_no_document_of_what_the_agency_alone_signed(builder: SampleBuilder) -> None:
    recipe = replace(GOOD, signatures=(signed_by("agency"), _by("person-stranger")))
    assert judged(builder.from_recipe(recipe)) == ("undetermined", "undetermined")
    assert judged(builder.from_recipe(_annex(builder, _by("person-stranger")))) == ("undetermined", "undetermined")


def test_a_strange_organisation_after_a_strange_person_does_not_help(builder: SampleBuilder) -> None:
    recipe = _annex(builder, _by("person-stranger"), _by("stranger"))
    assert judged(builder.from_recipe(recipe)) == ("undetermined", "undetermined")


@pytest.mark.parametrize("name", ["person-stranger", "stranger"])
def test_the_mark_of_a_copy_is_not_taken_from_a_stranger_s_image(builder: SampleBuilder, name: str) -> None:
    recipe = _annex(builder, _by(name, lines=("SAO Y",)))
    assert judged(builder.from_recipe(recipe))[0] not in {"original", "copy"}


def test_what_a_stranger_draws_on_a_good_document_is_doubted(builder: SampleBuilder) -> None:
    drawn = draw_attachment()
    shown = replace(GOOD, signatures=(*GOOD.signatures, _by("person-stranger", lines=("9",), box=drawn.corner)))
    assert judged(builder.from_recipe(shown)) == ("undetermined", "undetermined")


def test_a_later_signature_that_draws_nothing_leaves_a_good_document_good(builder: SampleBuilder) -> None:
    unseen = replace(GOOD, shown=False, signatures=(*GOOD.signatures, _by("person-stranger")))
    assert judged(builder.from_recipe(unseen)) == ("original", "replaces_paper")
