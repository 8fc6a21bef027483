"""Statistical codes of administrative units (mã đơn vị hành chính): QĐ 124/2004/QĐ-TTg, then QĐ 19/2025/QĐ-TTg."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.days import as_day
from vn_edoc.identifiers.province import MERGED, Province, provinces
from vn_edoc.identifiers.value import Identifier, shown

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["AdministrativeUnitCode"]

RULE = "Quyết định số 19/2025/QĐ-TTg; Quyết định số 124/2004/QĐ-TTg"
_LEVELS: dict[int, Literal["province", "district", "commune"]] = {2: "province", 3: "district", 5: "commune"}
_LAST_DISTRICTS = date(2025, 6, 30)


class AdministrativeUnitCode(Identifier):
    """2 digits for a province, 5 for a commune, and until 30/06/2025 3 for a district. Levels are coded on their own:
    a commune's code does not hold its province's.

    The code of a province is not its agency code, and after the mergers the two may come from different predecessors:
    ``91`` was Kiên Giang (H33) and is An Giang, whose committee is H01. Ask with the day.
    """

    __slots__ = ()

    _field: ClassVar[str] = "unit_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã đơn vị hành chính (QĐ 19/2025/QĐ-TTg)",
        "pattern": "^(?:[0-9]{2}|[0-9]{3}|[0-9]{5})$",
        "examples": ["01", "00001"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2, 3 or 5 digits, not all zero; raises :class:`~vn_edoc.errors.InvalidCode`."""
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) in _LEVELS and text.strip("0"):
            return cls._make(text)
        position = None
        if isinstance(text, str):
            position = next((i for i, c in enumerate(text) if not (c.isascii() and c.isdigit())), 0)
        raise InvalidCode(
            f"{shown(text)} is no code of an administrative unit: expected 2, 3 or 5 digits ({RULE})",
            f"{shown(text)} không phải mã đơn vị hành chính: cần 2, 3 hoặc 5 chữ số ({RULE})",
            field=cls._field,
            value=text[:100] if isinstance(text, str) else None,
            rule=RULE,
            position=position,
            segment=text[:100] if isinstance(text, str) else None,
            expected="2, 3 or 5 digits",
        )

    @classmethod
    def of_agency(cls, agency: AgencyCode | str, on: date) -> Self:
        """The code of the province whose people's committee (H) or council (K) has that agency code on that day.

        Raises :class:`~vn_edoc.errors.UsageError` where it is no province of that day.
        """
        code = agency if isinstance(agency, AgencyCode) else AgencyCode.parse(agency)
        root, day = str(code.root), as_day(on)
        if code.level == 1 and root[0] in "HK":
            for province in provinces(on).values():
                if province.agency_code == f"H{root[1:]}":
                    return cls._make(province.statistical_code)
        raise UsageError(
            f"{code} is no province on {day.isoformat()}",
            f"{code} không phải tỉnh, thành phố vào ngày {day:%d/%m/%Y}",
            field="agency",
            value=str(code),
        )

    @property
    def level(self) -> Literal["province", "district", "commune"]:
        """Which level of unit, told by the number of digits."""
        return _LEVELS[len(self._text)]

    def in_use(self, on: date) -> bool | None:
        """Whether the code was one of that day; ``None`` for communes and districts, whose lists are not here, except
        districts after 30/06/2025: there are none."""
        if self.level == "province":
            return self._text in provinces(on)
        return False if self.level == "district" and as_day(on) > _LAST_DISTRICTS else None

    def province(self, on: date) -> Province | None:
        """The province with that code on that day; ``None`` if there is none, or the code is of another level."""
        return provinces(on).get(self._text) if self.level == "province" else None

    def agency_code(self, on: date) -> AgencyCode | None:
        """The agency code of the province's people's committee on that day."""
        province = self.province(on)
        return AgencyCode.parse(province.agency_code) if province is not None else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A province's code that stands for different provinces before and since 01/07/2025."""
        before, since = self.province(_LAST_DISTRICTS), self.province(MERGED)
        if before is None or since is None or before.name in (since.name, f"Thừa Thiên {since.name}"):
            return ()
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        return (
            finding(
                "unit_code.moved",
                Severity.INFO,
                f"Mã {self} là {before.name} đến 30/06/2025 và là {since.name} từ 01/07/2025.",
                f"{self} is {before.name} until 30/06/2025 and {since.name} since 01/07/2025.",
            ),
        )
