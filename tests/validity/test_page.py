"""What page 1 says: the date is that of the head, not of an act that the text names."""

from __future__ import annotations

from datetime import date

import pytest

from vn_edoc.validity.page import parse_page

_ACT = "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ"


@pytest.mark.parametrize(
    ("text", "issued", "place"),
    [
        ("Số: 125/STN-VP Hà Nội, ngày 15 tháng 10 năm 2026", date(2026, 10, 15), "Hà Nội"),
        ("Số: 125 / STN-VP Hà Nội, ngày 5 tháng 2 năm 2026", date(2026, 2, 5), "Hà Nội"),
        ("SỞ X Số: 125/STN Thành phố Hồ Chí Minh, ngày 01 tháng 7 năm 2025", date(2025, 7, 1), "Thành phố Hồ Chí Minh"),
        ("Số: 1286 Bà Rịa - Vũng Tàu, ngày 15 tháng 10 năm 2026", date(2026, 10, 15), "Bà Rịa - Vũng Tàu"),
        ("HÀ NỘI, NGÀY 15 THÁNG 10 NĂM 2026", date(2026, 10, 15), "HÀ NỘI"),
        ("Hà Nội ngày 15\ntháng 10 năm 2026", date(2026, 10, 15), "Hà Nội"),
        (f"{_ACT}\nXã Định Mỹ, ngày 15 tháng 10 năm 2026", date(2026, 10, 15), "Xã Định Mỹ"),
        ("Hà Nội, ngày 31 tháng 2 năm 2026", None, "Hà Nội"),
        ("Hà Nội, 15/10/2026\n" + _ACT, None, None),
        ("và gửi về Sở Nội vụ trước ngày 30 tháng 10 năm 2026", None, None),
    ],
)
def test_the_date_of_the_head(text: str, issued: date | None, place: str | None) -> None:
    page = parse_page(text)
    assert (page.issued, page.place) == (issued, place)


def test_the_date_is_kept_as_printed() -> None:
    assert parse_page("Hà Nội, ngày 5\ntháng 2 năm 2026").dated == "ngày 5 tháng 2 năm 2026"
