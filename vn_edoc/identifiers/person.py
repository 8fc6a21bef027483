"""Personal identification numbers (số định danh cá nhân), 12 digits. Personal data: masked wherever they are shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.days import as_day, today
from vn_edoc.identifiers.province import MERGED, Province, provinces, successor_of
from vn_edoc.identifiers.value import Identifier

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["PersonalId"]

RULE = "Thông tư số 07/2016/TT-BCA"


class PersonalId(Identifier):
    """Số định danh cá nhân: 3 digits of the place of birth registration, 1 of century and sex, 2 of the year, 6 random.

    ``repr`` and ``format()`` mask it; only ``str()`` and ``format("full")`` give all digits, and no error or finding
    repeats it. The place is read by the list of 63 provinces, which issued numbers keep after the mergers; which codes
    newborns get since 01/07/2025 is not known, so a place is never a reason to refuse.
    """

    __slots__ = ()

    _field: ClassVar[str] = "personal_id"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Số định danh cá nhân, 12 chữ số (dữ liệu cá nhân)",
        "pattern": "^[0-9]{12}$",
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 12 digits; raises :class:`~vn_edoc.errors.InvalidCode` (which does not repeat the number)."""
        if isinstance(text, str) and len(text) == 12 and text.isascii() and text.isdigit():
            return cls._make(text)
        length = f"{len(text)} characters" if isinstance(text, str) else "no text"
        position = None
        if isinstance(text, str):
            position = next((i for i, c in enumerate(text) if not (c.isascii() and c.isdigit())), None)
        old = isinstance(text, str) and len(text) == 9 and position is None
        raise InvalidCode(
            f"not a personal identification number: {'an identity card number of 9 digits' if old else length}, "
            f"expected 12 digits ({RULE})",
            f"không phải số định danh cá nhân: {'số chứng minh nhân dân 9 chữ số' if old else 'sai độ dài hoặc ký tự'}"
            f", cần 12 chữ số ({RULE})",
            field=cls._field,
            rule=RULE,
            position=position,
            expected="12 digits",
        )

    @property
    def sex(self) -> Literal["male", "female"]:
        """Sex registered at birth: the fourth digit even or odd."""
        return "female" if int(self._text[3]) % 2 else "male"

    @property
    def birth_year(self) -> int:
        """Year of birth: two digits within the century of the fourth digit (0, 1: 1900-1999; 2, 3: 2000-2099 …)."""
        return 1900 + 100 * (int(self._text[3]) // 2) + int(self._text[4:6])

    @property
    def place_code(self) -> str:
        """The three digits of the province (or country) of birth registration."""
        return self._text[:3]

    def province(self, on: date | None = None) -> Province | None:
        """The province of birth registration by the list of the time of issue; with ``on`` from 01/07/2025, the
        province it is in since. ``None`` for a place outside the 63 (born abroad, or a list not known)."""
        before = provinces(date(2025, 6, 30))
        place = before.get(self._text[1:3]) if self._text[0] == "0" else None
        if place is None or on is None or as_day(on) < MERGED:
            return place
        return successor_of(place.agency_code)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What cannot be told or is odd: a place outside the known list, a year of birth that has not come."""
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        found = []
        if self.province() is None:
            found.append(
                finding(
                    "personal_id.place",
                    Severity.INFO,
                    "Mã nơi đăng ký khai sinh không có trong bảng 63 tỉnh, thành phố: chưa xác định.",
                    "The place of birth registration is not in the list of 63 provinces: undetermined.",
                )
            )
        if self.birth_year > today().year:
            found.append(
                finding(
                    "personal_id.year", Severity.WARNING, "Năm sinh ở tương lai.", "The year of birth is in the future."
                )
            )
        return tuple(found)

    def format(self, style: str = "masked") -> str:
        """``"masked"`` (default) shows the place and the last two digits; ``"official"`` and ``"full"`` all digits."""
        if style == "masked":
            return f"{self._text[:3]}{'*' * 7}{self._text[-2:]}"
        if style == "full":
            return self._text
        return super().format(style)

    def __repr__(self) -> str:
        return f"PersonalId({self.format('masked')!r})"
