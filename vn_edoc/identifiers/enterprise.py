"""Registration and tax numbers of enterprises, cooperatives and household businesses (QĐ 20/2020/QĐ-TTg Điều 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.value import Identifier, shown

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["EnterpriseCode", "check_digit_fails"]

RULE = "Phụ lục I Thông tư số 105/2020/TT-BTC"
# The nine weights; S counts them over the characters' code points, so the code point of "0" is taken off once.
_ZERO = 48 * (31 + 29 + 23 + 19 + 17 + 13 + 7 + 5 + 3)


def check_digit_fails(number: str) -> bool:
    """Whether the tenth digit is not 10 − (S mod 11). ``number`` begins with ten ASCII digits.

    S is the sum of the first nine digits times 31, 29, 23, 19, 17, 13, 7, 5, 3. A remainder of 0 gives no digit: that
    serial is left out.
    """
    a, b, c, d, e, f, g, h, i, j = number[:10].encode()
    rest = (31 * a + 29 * b + 23 * c + 19 * d + 17 * e + 13 * f + 7 * g + 5 * h + 3 * i - _ZERO) % 11
    return j - 48 != 10 - rest


class EnterpriseCode(Identifier):
    """Mã số doanh nghiệp, mã số thuế: 10 digits with a check digit; 13 for a dependent unit (``0314409058-002``); 12
    for an individual or household business, whose number is the personal identification number since 01/07/2025.

    The normal form of 13 digits has the hyphen. Source of the check digit: TT 105/2020/TT-BTC Phụ lục I (since
    01/07/2026 TT 90/2026/TT-BTC Điều 5 governs the structure), as public implementations restate it and real numbers
    confirm it; pass ``check=False`` where a partner's data breaks it.
    """

    __slots__ = ()

    _field: ClassVar[str] = "enterprise_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã số doanh nghiệp, mã số thuế",
        "pattern": r"^(?:[0-9]{10}(?:-?[0-9]{3})?|[0-9]{12})$",
        "examples": ["0100233488", "0314409058-002"],
    }

    @classmethod
    def parse(cls, text: str, *, check: bool = True) -> Self:
        """Read 10, 13 (with or without the hyphen) or 12 digits; :class:`~vn_edoc.errors.InvalidCode` otherwise.

        ``check=False`` leaves the check digit unjudged.
        """
        if isinstance(text, str) and text.isascii():
            number = text[:10] + text[11:] if len(text) == 14 and text[10] == "-" else text
            length = len(number)
            if number.isdigit() and length in (10, 12, 13) and (length < 13 or number[10:] != "000"):
                if check and length != 12 and check_digit_fails(number):
                    raise InvalidCode(
                        f"the check digit of {shown(text)} is wrong ({RULE})",
                        f"số kiểm tra của {shown(text)} không đúng ({RULE})",
                        field=cls._field,
                        value=text,
                        rule=RULE,
                        position=9,
                        segment=number[9],
                        expected="10 - (weighted sum mod 11)",
                    )
                return cls._make(f"{number[:10]}-{number[10:]}" if length == 13 else number)
        raise InvalidCode(
            f"{shown(text)} is no enterprise code: 10 digits, 10 and a unit number 001-999, or 12 ({RULE})",
            f"{shown(text)} không phải mã số doanh nghiệp: cần 10 chữ số, thêm -001 đến -999, hoặc 12 chữ số ({RULE})",
            field=cls._field,
            value=text if isinstance(text, str) else None,
            rule=RULE,
            position=_first_wrong(text),
            segment=text[:100] if isinstance(text, str) else None,
            expected="10 digits, 10 digits and -001 to -999, or 12 digits",
        )

    @classmethod
    def is_valid(cls, text: object) -> bool:
        """Whether :meth:`parse` accepts ``text``, check digit included. Never raises."""
        if isinstance(text, str) and text.isascii():
            if len(text) == 14 and text[10] == "-":
                text = text[:10] + text[11:]
            if text.isdigit():
                length = len(text)
                if length == 10 or (length == 13 and text[10:] != "000"):
                    return not check_digit_fails(text)
                return length == 12
        return False

    @property
    def kind(self) -> Literal["enterprise", "unit", "personal"]:
        """``"enterprise"`` of 10 digits, ``"unit"`` dependent on one, ``"personal"`` of 12 digits."""
        return "enterprise" if len(self._text) == 10 else "personal" if len(self._text) == 12 else "unit"

    @property
    def parent(self) -> EnterpriseCode | None:
        """The enterprise of a dependent unit."""
        return EnterpriseCode._make(self._text[:10]) if self.kind == "unit" else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A wrong check digit (a code read with ``check=False``), or what is odd in a personal number."""
        if self.kind == "personal":
            from vn_edoc.identifiers.person import PersonalId

            return PersonalId.parse(self._text).findings
        if not check_digit_fails(self._text):
            return ()
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        return (
            finding(
                "enterprise.check_digit",
                Severity.WARNING,
                "Số kiểm tra không đúng.",
                "The check digit is wrong.",
                code=repr(self),
            ),
        )

    def format(self, style: str = "official") -> str:
        """``"official"`` with the hyphen of a unit, ``"compact"`` digits only, ``"masked"`` for logs."""
        if style == "compact":
            return self._text.replace("-", "")
        if style == "masked":
            return f"{self._text[:3]}{'*' * 7}{self._text[-2:]}" if self.kind == "personal" else self._text
        return super().format(style)

    def __repr__(self) -> str:
        return f"EnterpriseCode({self.format('masked')!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unchecked, (self._text,))


def _unchecked(text: str) -> EnterpriseCode:
    return EnterpriseCode.parse(text, check=False)


def _first_wrong(text: object) -> int | None:
    if not isinstance(text, str):
        return None
    wrong = (i for i, c in enumerate(text) if not (c.isascii() and (c.isdigit() or (c == "-" and i == 10))))
    return next(wrong, None)
