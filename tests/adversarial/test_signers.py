"""Whose certificate it is: an employee is not the body, and a name is not a body because of one of its words."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from tests.adversarial.judging import judged
from vn_edoc.signature.certificates import identity
from vn_edoc.testing import SampleBuilder, ThrowawayPki
from vn_edoc.testing.profiles import CAST
from vn_edoc.testing.recipe import AGENCY_SIGNED, GOOD, signed_by

_O = ("O", "ỦY BAN NHÂN DÂN TỈNH TÂY NINH")


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ((_O, ("CN", "Nguyễn Văn Trường")), "person"),
        ((_O, ("CN", "Phạm Công An"), ("T", "Giám đốc")), "person"),
        ((_O, ("CN", "Lê Văn Phòng")), "person"),
        ((_O, ("OU", "Sở Nội vụ"), ("CN", "Trần Hải Quan")), "person"),
        ((_O, ("CN", "Nguyễn Văn Mẫu"), ("UID", "MST:9900000016")), "unknown"),
        ((_O, ("CN", "Y Mẫu"), ("T", "Văn thư"), ("UID", "MST:9900000016")), "unknown"),
        ((_O, ("CN", "Nguyễn Văn Mẫu"), ("UID", "CCCD:000099"), ("UID", "MST:9900000016")), "person"),
        ((_O, ("CN", "SỞ NỘI VỤ"), ("UID", "MST:9900000016")), "organisation"),
        ((_O, ("CN", "TRẠM MẪU"), ("UID", "MST:9900000016")), "organisation"),
        ((("CN", "Cổng Thông tin điện tử Chính phủ"),), "organisation"),
        ((("CN", "Trường Trung học phổ thông Nguyễn Văn Mẫu"),), "organisation"),
        ((("CN", "Vietnam Test Root CA - TSA"),), "device"),
    ],
)
def test_kind_of_signer(subject: tuple[tuple[str, str], ...], kind: str) -> None:
    made = ThrowawayPki().add(replace(CAST["agency"], name="one", subject=subject, key="ec256"))
    assert identity(made.der).kind == kind


def test_an_employee_with_the_agency_s_tax_code_does_not_sign_for_it() -> None:
    builder = SampleBuilder()
    subject = (_O, ("CN", "Trần Văn Thư"), ("UID", "MST:9900000016"))
    builder.pki.add(replace(CAST["agency"], name="clerk", subject=subject))
    row = {"agency_code": "H53.09", "mst": "9900000016", "source": "mẫu thử nghiệm"}
    recipe = replace(GOOD, signatures=(signed_by("person"), signed_by("clerk", at=AGENCY_SIGNED)), bindings=(row,))
    assert judged(builder.from_recipe(recipe))[0] not in {"original", "copy"}


_CN = ("CN", "SỞ NỘI VỤ")


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param((_O, _CN, ("UID", "MST:9900000016"), ("UID", "MST:9900000099")), id="two-tax-codes"),
        pytest.param((_O, _CN, ("CN", "CÔNG TY LẠ")), id="two-names"),
        pytest.param((("O", "CÔNG TY LẠ"), _O, _CN), id="two-bodies-above"),
        pytest.param((_O, ("CN", "SỞ NỘI\u200b VỤ")), id="unseen-character"),
        pytest.param((_O, ("CN", "\u0405Ở NỘI VỤ")), id="cyrillic-letter"),
        pytest.param((_O, ("CN", "\u0405Ở NỘI VỤ"), ("UID", "MNS:9900001")), id="cyrillic-letter-of-a-body"),
        pytest.param((("O", "ỦY B\u0410N NHÂN DÂN TỈNH TÂY NINH"), _CN), id="cyrillic-letter-above"),
        pytest.param((_O, ("CN", "TRUNG TÂM LẠ"), ("OU", "SỞ NỘI VỤ")), id="unit-below"),
    ],
)
def test_a_certificate_that_could_be_another_s_is_not_bound(subject: tuple[tuple[str, str], ...]) -> None:
    builder = SampleBuilder()
    builder.pki.add(replace(CAST["agency"], name="another", subject=subject))
    recipe = replace(GOOD, annex=None, signatures=(signed_by("person"), signed_by("another", at=AGENCY_SIGNED)))
    assert judged(builder.from_recipe(recipe)) == ("undetermined", "undetermined")


def test_the_agency_s_own_name_binds_in_any_unicode_form() -> None:
    builder = SampleBuilder()
    name = unicodedata.normalize("NFD", _CN[1])
    builder.pki.add(replace(CAST["agency"], name="decomposed", subject=(_O, ("CN", name))))
    recipe = replace(GOOD, annex=None, signatures=(signed_by("person"), signed_by("decomposed", at=AGENCY_SIGNED)))
    assert judged(builder.from_recipe(recipe)) == ("original", "replaces_paper")
