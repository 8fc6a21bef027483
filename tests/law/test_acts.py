from datetime import date

import pytest

from vn_edoc.errors import UsageError
from vn_edoc.law import act, acts, basis, in_force


def test_notation_and_citation() -> None:
    assert basis("nd30:32.2d").cite() == "điểm d khoản 2 Điều 32 Nghị định số 30/2020/NĐ-CP"
    assert basis("nd30:5.1").cite("en") == "clause 1, Article 5, Decree No. 30/2020/NĐ-CP"
    assert basis("nd30:Phụ lục I").cite() == "Phụ lục I Nghị định số 30/2020/NĐ-CP"
    assert basis("luat-gddt-2023:22").cite() == "Điều 22 Luật số 20/2023/QH15"
    assert basis("qd28").cite() == "Quyết định số 28/2018/QĐ-TTg"


@pytest.mark.parametrize("wrong", ["nope", "nope:1", "nd30:5.1.2", "nd30:5,1"])
def test_wrong_references_are_refused(wrong: str) -> None:
    with pytest.raises(UsageError):
        basis(wrong)


def test_every_row_is_complete_and_consistent() -> None:
    numbers = [a.number for a in acts().values()]
    assert len(numbers) == len(set(numbers))
    for a in acts().values():
        assert a.title_vi and a.title_en and a.source, a.key
        if a.in_force_from and a.in_force_to:
            assert a.in_force_from < a.in_force_to, a.key
        if a.signed and a.in_force_from:
            assert a.signed <= a.in_force_from, a.key
        for successor in a.replaced_by:
            assert act(successor).in_force_from is not None


def test_in_force_at_its_date() -> None:
    assert in_force("tt22-2020", date(2025, 8, 14)) is True
    assert in_force("tt22-2020", date(2025, 8, 15)) is False
    assert in_force("tt15-2025", date(2025, 8, 15)) is True
    assert in_force("tt41-2017", date(2026, 11, 15)) is False
    assert in_force("tt10-2016", date(2020, 1, 1)) is None
