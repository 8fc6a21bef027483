"""Codes of the one-stop mechanism: dossiers (mã số hồ sơ), procedures (mã thủ tục hành chính) and their results."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.lenient import Lenient
from vn_edoc.identifiers.value import Identifier, shown, where

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["DossierCode", "ProcedureCode", "ResultCode"]

DOSSIER_RULE = "Điều 19 Thông tư số 01/2018/TT-VPCP; Thông tư số 03/2025/TT-VPCP"
PROCEDURE_RULE = "Cơ sở dữ liệu quốc gia về thủ tục hành chính"
_AGENCY = r"(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}|[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*)"
_DOSSIER = re.compile(rf"(?P<agency>{_AGENCY})-(?P<day>[0-9]{{6}})-(?P<serial>[0-9]+)")
_PROCEDURE = re.compile(
    r"(?P<base>[0-9]\.[0-9]{6})(?:\.(?P<publisher>[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}))?(?:\.(?P<service>[0-9]{2}))?"
)
_RESULT = re.compile(rf"(?P<agency>{_AGENCY})-KQ(?P<serial>[0-9]{{6}})")


def _refuse(
    field: str, text: object, rule: str, position: int | None, segment: str | None, en: str, vi: str
) -> InvalidCode:
    part_en, part_vi = where(position, segment)
    return InvalidCode(
        f"{shown(text)}: {part_en}expected {en} ({rule})",
        f"{shown(text)}: {part_vi}cần {vi} ({rule})",
        field=field,
        value=text[:200] if isinstance(text, str) else None,
        rule=rule,
        position=position,
        segment=segment if segment is None else segment[:100],
        expected=en,
    )


class DossierCode(Identifier):
    """Mã số hồ sơ: code of the receiving agency, day of receipt, serial.

    ``000.00.13.H30-211130-0001`` (TT 01/2018/TT-VPCP Điều 19, until mid-2025) and ``H15.50.05.13-261008-0975``
    (practice since; the wording of TT 03/2025/TT-VPCP is not known, and since 05/08/2026 another body sets the form).
    Provinces write 4 digits of serial, ministries 6 or 7; other widths are refused unless ``serial_digits`` says so.
    """

    __slots__ = ("agency", "received", "serial")

    agency: AgencyCode
    """Code of the agency that received the dossier."""
    received: date
    """Day of receipt."""
    serial: str
    """Serial of the day, with its zeros."""

    _field: ClassVar[str] = "dossier_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã số hồ sơ thủ tục hành chính",
        "pattern": rf"^{_AGENCY}-[0-9]{{6}}-[0-9]{{4,7}}$",
        "examples": ["H15.50.05.13-261008-0975", "000.00.13.H30-211130-0001"],
    }

    @classmethod
    def parse(cls, text: str, *, serial_digits: tuple[int, int] = (4, 7)) -> Self:
        """Read a dossier code; ``serial_digits`` is the least and the greatest width of the serial.

        Raises :class:`~vn_edoc.errors.InvalidCode` that says which part is wrong.
        """
        match = _DOSSIER.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise cls._explain(text)
        if not AgencyCode.is_valid(match["agency"]):
            raise cls._explain(text)
        at = match.start("day")
        digits = match["day"]
        try:
            received = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        except ValueError:
            raise _refuse(cls._field, text, DOSSIER_RULE, at, digits, "a day yymmdd", "ngày dạng yymmdd") from None
        least, most = serial_digits
        if not least <= len(match["serial"]) <= most:
            raise _refuse(
                cls._field, text, DOSSIER_RULE, match.start("serial"), match["serial"],
                f"a serial of {least} to {most} digits", f"số thứ tự {least} đến {most} chữ số",
            )  # fmt: skip
        return cls._make(text, agency=AgencyCode.parse(match["agency"]), received=received, serial=match["serial"])

    @classmethod
    def _explain(cls, text: object) -> InvalidCode:
        if not isinstance(text, str):
            return _refuse(cls._field, text, DOSSIER_RULE, None, None, "text", "chuỗi ký tự")
        agency, _, rest = text.partition("-")
        try:
            code = AgencyCode.parse(agency)
            if code.scheme not in ("qcvn102", "qd20"):
                return _refuse(cls._field, text, DOSSIER_RULE, 0, agency, "the code of an agency", "mã của cơ quan")
        except InvalidCode as error:
            return _refuse(
                cls._field, text, DOSSIER_RULE, error.position, error.segment, "an agency code", "mã định danh cơ quan"
            )
        at = len(agency) + 1
        return _refuse(cls._field, text, DOSSIER_RULE, at, rest[:40], "-yymmdd-serial", "-yymmdd-số thứ tự")

    @classmethod
    def parse_lenient(cls, text: object) -> Lenient[DossierCode]:
        """Read what systems emit: the agency code is repaired as :meth:`AgencyCode.parse_lenient` does
        (``38.98.H29-210519-0013``). Never raises; ``code`` is ``None`` where the rest cannot be read."""
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        if isinstance(text, str) and len(text) <= 200:
            bare = "".join(text.split())
            head, _, rest = bare.partition("-")
            agency = AgencyCode.parse_lenient(head)
            if agency.code is not None and cls.is_valid(f"{agency.code}-{rest}"):
                findings = agency.findings
                if bare != text:
                    spaces = finding(
                        "identifier.spaces", Severity.WARNING, "Mã có khoảng trắng; đã bỏ.", "Spaces left out."
                    )
                    findings = (spaces, *findings)
                return Lenient(cls.parse(f"{agency.code}-{rest}"), findings)
        try:
            cls.parse(text)  # type: ignore[arg-type]
        except InvalidCode as error:
            found = finding("identifier.unfit", Severity.ERROR, error.message_vi, error.message_en, found=shown(text))
            return Lenient(None, (found,))
        raise AssertionError("a valid code is read above")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the agency code in it."""
        return self.agency.findings

    def __reduce__(self) -> tuple[Any, ...]:
        return (_any_width, (self._text,))

    def format(self, style: str = "official") -> str:
        """``"official"``; ``"qd20"`` with the candidate agency code of QĐ 20/2020."""
        if style == "qd20":
            return f"{self.agency.format('qd20')}-{self.received:%y%m%d}-{self.serial}"
        return super().format(style)

    def _order(self) -> tuple[Any, ...]:
        return (self.agency, self.received, int(self.serial), self._text)


def _any_width(text: str) -> DossierCode:
    return DossierCode.parse(text, serial_digits=(1, len(text)))


class ProcedureCode(Identifier):
    """Mã thủ tục hành chính: ``1.013229`` national, ``1.010708.000.00.00.H56`` a province's copy, each with ``.01`` the
    code of a public service (mã dịch vụ công) of the procedure."""

    __slots__ = ("base", "publisher", "service")

    base: str
    """The national part: ``1.013229``."""
    publisher: AgencyCode | None
    """The body that published a copy; ``None`` for the national code."""
    service: str | None
    """Two digits of the public service; ``None`` for the procedure itself."""

    _field: ClassVar[str] = "procedure_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã thủ tục hành chính, mã dịch vụ công",
        "pattern": r"^[0-9]\.[0-9]{6}(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2})?(?:\.[0-9]{2})?$",
        "examples": ["1.013229", "1.010708.000.00.00.H56", "2.000815.000.00.00.H55.02"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a procedure code; raises :class:`~vn_edoc.errors.InvalidCode`."""
        match = _PROCEDURE.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            head = re.match(r"[0-9]\.[0-9]{6}", text) if isinstance(text, str) else None
            at = head.end() if head else 0
            raise _refuse(
                cls._field,
                text,
                PROCEDURE_RULE,
                at if isinstance(text, str) else None,
                text[at : at + 40] if isinstance(text, str) else None,
                "d.dddddd, the publishing body's 13-character code, .dd of the service",
                "d.dddddd, mã 13 ký tự của cơ quan công bố, .dd của dịch vụ công",
            )
        publisher = AgencyCode.parse(match["publisher"]) if match["publisher"] else None
        return cls._make(text, base=match["base"], publisher=publisher, service=match["service"])

    @property
    def kind(self) -> Literal["procedure", "service"]:
        """A procedure, or a public service of it."""
        return "service" if self.service else "procedure"

    @property
    def procedure(self) -> ProcedureCode:
        """The procedure of a public service; of a procedure itself."""
        return self if self.service is None else ProcedureCode.parse(self._text[:-3])

    @property
    def national(self) -> ProcedureCode:
        """The national code of the procedure."""
        return ProcedureCode.parse(self.base)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A first digit other than the 1, 2, 3 seen so far."""
        if self._text[0] in "123":
            return ()
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        return (
            finding(
                "procedure_code.first_digit",
                Severity.INFO,
                "Chữ số đầu của mã thủ tục chưa thấy trong thực tế (đã thấy 1, 2, 3).",
                "This first digit has not been seen in practice (1, 2, 3 have).",
            ),
        )


class ResultCode(Identifier):
    """Mã thành phần hồ sơ, kết quả giải quyết: ``000.00.00.G15-KQ004389``."""

    __slots__ = ("agency", "serial")

    agency: AgencyCode
    """The body that issues the result."""
    serial: str
    """Six digits."""

    _field: ClassVar[str] = "result_code"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã kết quả giải quyết thủ tục hành chính",
        "pattern": rf"^{_AGENCY}-KQ[0-9]{{6}}$",
        "examples": ["000.00.00.G15-KQ004389"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a result code; raises :class:`~vn_edoc.errors.InvalidCode`."""
        match = _RESULT.fullmatch(text) if isinstance(text, str) else None
        if match is None or not AgencyCode.is_valid(match["agency"]):
            at = text.find("-") if isinstance(text, str) else -1
            raise _refuse(
                cls._field,
                text,
                PROCEDURE_RULE,
                max(at, 0) if isinstance(text, str) else None,
                text[max(at, 0) :][:40] if isinstance(text, str) else None,
                "an agency code, -KQ and 6 digits",
                "mã cơ quan, -KQ và 6 chữ số",
            )
        return cls._make(text, agency=AgencyCode.parse(match["agency"]), serial=match["serial"])
