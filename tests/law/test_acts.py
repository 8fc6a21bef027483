from datetime import date

import pytest

from vn_edoc.errors import UsageError
from vn_edoc.findings import Basis
from vn_edoc.law import act, acts, basis, ended, governed_on, in_force, no_paper_kinds


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


@pytest.mark.parametrize(
    ("asked", "on", "expected"),
    [
        ("tt15-2025:6.1a", date(2025, 8, 15), "tt15-2025:6.1a"),
        ("tt15-2025:6.1a", date(2025, 8, 14), "tt22-2020:7"),
        ("tt15-2025:Phụ lục II", date(2019, 5, 1), "nd130-2018:79"),
        ("tt15-2025:Phụ lục II", date(2018, 8, 8), None),
        ("nd68:31.2", date(2024, 8, 14), "nd130-2018:79"),
        ("nd68:10", date(2024, 8, 14), "nd130-2018"),
        ("luat-gddt-2023:22.3", date(2024, 6, 30), "luat-gddt-2005"),
        ("nd30:5.1", date(2020, 3, 5), "nd30:5.1"),
        ("nd30:5.1", date(2020, 3, 4), None),
        ("tt10-2016", date(2015, 1, 1), "tt10-2016"),
    ],
)
def test_a_document_is_judged_by_the_law_of_its_day(asked: str, on: date, expected: str | None) -> None:
    assert governed_on(basis(asked), on) == (basis(expected) if expected is not None else None)


def test_standards_stand_for_themselves() -> None:
    assert governed_on(Basis("RFC 5652", "5.4"), date(1999, 1, 1)) == Basis("RFC 5652", "5.4")


def test_predecessors_were_in_force_when_they_answer() -> None:
    from vn_edoc.law.succession import _predecessors

    for row in _predecessors():
        key = next(k for k, a in acts().items() if a.number == row.earlier.act)
        assert acts()[key].in_force(row.first) is not False, row
        assert acts()[key].in_force(row.last) is not False, row


def test_older_documents_cite_the_acts_of_their_day() -> None:
    cited = {
        ("qd09-2025", date(2019, 5, 1)): "28/2018/QĐ-TTg",
        ("qd09-2025", date(2021, 5, 1)): "20/2020/QĐ-TTg",
        ("tt05-2025", date(2024, 5, 1)): "02/2019/TT-BNV",
        ("tt05-2025", date(2025, 7, 1)): "05/2025/TT-BNV",
        ("tt15-2025:6.1a", date(2025, 8, 14)): "22/2020/TT-BTTTT",
        ("nd68:31.1", date(2024, 8, 14)): "130/2018/NĐ-CP",
    }
    for (reference, day), number in cited.items():
        found = governed_on(basis(reference), day)
        assert found is not None and found.act == number, (reference, day)


def test_kinds_without_paper() -> None:
    kinds = no_paper_kinds()
    assert len(kinds) == 26
    assert "công văn" in kinds and "hợp đồng" not in kinds


def test_annexes_are_cited_in_the_language_of_the_reader() -> None:
    annex = basis("tt15-2025:Phụ lục II")
    assert annex.cite("vi") == "Phụ lục II Thông tư số 15/2025/TT-BKHCN"
    assert annex.cite("en") == "Annex II, Circular No. 15/2025/TT-BKHCN"


def test_when_an_act_ended() -> None:
    assert ended(basis("tt41-2017:4")) == " (đến hết ngày 14/11/2026)"
    assert ended(basis("tt41-2017:4"), "en") == " (until 2026-11-14)"
    assert ended(basis("nd30:5.1")) == ""
    assert ended(Basis("RFC 5652")) == ""
