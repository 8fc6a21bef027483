"""Identifiers of documents in exchange (DocumentId) and in archives, in the forms that systems emit."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from vn_edoc._unicode import composed
from vn_edoc.errors import InvalidCode, UsageError
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.document_number import DocumentNumber
from vn_edoc.identifiers.text import MISSING
from vn_edoc.identifiers.value import Identifier, shown

if TYPE_CHECKING:
    from vn_edoc.findings import Finding

__all__ = ["DocumentId", "DocumentIdForm"]

DocumentIdForm = Literal["exchange", "agency_year", "uuid", "digitised", "archive", "gateway", "number", "opaque"]
"""Which observed form an identifier has."""

_LONGEST = 500
_DAY = r"(?P<year>[0-9]{4})(?P<sep>[/-])(?P<month>[0-9]{2})(?P=sep)(?P<day>[0-9]{2})"
_EXCHANGE = re.compile(rf"(?P<agency>[^,]+),{_DAY},(?P<number>.+)", re.DOTALL)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_GATEWAY = re.compile(r"GW-[0-9]{8,20}(?:-[0-9A-Za-z]+)*")
_DIGITISED = re.compile(
    r"(?P<agency>[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*)_(?P<type>[^\W\d_]{1,5})_(?P<serial>[0-9]{6})_V(?P<version>[0-9]+)"
    r"(?:_(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})_(?P<desc>[^.]+)\.(?P<ext>[0-9A-Za-z]{1,5}))?"
)
_ARCHIVE = re.compile(
    r"(?P<agency>[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*?)\.(?P<year>(?:19|20)[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<day>[0-9]{2})"
    r"\.(?P<serial>[0-9]+)\.(?P<issuer>[^\W\d_][^\W_]*)\.(?P<type>0[1-9]|[12][0-9]|3[0-2])"
)
_AGENCY_YEAR = re.compile(
    r"(?P<agency>[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}|[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*)"
    r"[-.](?P<year>(?:19|20)[0-9]{2})[-.](?P<rest>[^,\s]+)"
)


class DocumentId(Identifier):
    """The identifier that a system gives a document.

    QĐ 28/2018/QĐ-TTg Điều 10.2b asks for agency code, year and ordinal; systems use other forms, so an identifier is
    matched as an opaque text that keeps its case, and read where its ``form`` allows:

    - ``exchange``: ``000.00.00.G22,2015/09/30,7816/VPCP-TTĐT``;
    - ``agency_year``: agency code, year and the rest joined by hyphens or dots;
    - ``uuid``; ``gateway`` (``GW-…``); ``number``: a database number;
    - ``digitised``: ``G06.01_CV_000021_V1``, also with date and description as a file name (7197/BKHCN-CĐSQG);
    - ``archive``: ``H01.151.2026.08.25.125.UBND.22``;
    - ``opaque``: anything else.
    """

    __slots__ = (
        "_faults",
        "agency",
        "code_notation",
        "code_number",
        "document_type",
        "form",
        "issued",
        "serial",
        "year",
    )

    form: DocumentIdForm
    """Which observed form it has."""
    agency: AgencyCode | None
    """The agency code in it, if it follows a scheme (repaired leniently)."""
    issued: date | None
    """The date in it, if it is a day of the calendar."""
    year: int | None
    """The year in it."""
    code_number: str | None
    """Number of the document (số), as written before the first slash."""
    code_notation: str | None
    """Symbol of the document (ký hiệu), as written after the first slash."""
    serial: int | None
    """Ordinal in the year, number in the archive, or database number."""
    document_type: str | None
    """Abbreviation of the type in ``digitised``, archive number 01-32 of the type in ``archive``."""

    _field: ClassVar[str] = "document_id"
    _schema: ClassVar[dict[str, Any]] = {
        "description": "Mã định danh văn bản (QĐ 28/2018/QĐ-TTg Điều 10.2b)",
        "minLength": 1,
        "maxLength": _LONGEST,
        "examples": ["000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"],
    }

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take any non-empty printable text of at most 500 characters; spaces at the edges fall away, Unicode becomes
        NFC. :class:`~vn_edoc.errors.InvalidCode` otherwise: an empty value, control characters, too long."""
        if not isinstance(text, str) or text.strip().lower() in MISSING:
            raise _refuse(text, "a value", "giá trị")
        if len(text) > _LONGEST:
            raise _refuse(text, f"at most {_LONGEST} characters", f"nhiều nhất {_LONGEST} ký tự", _LONGEST)
        value = composed(text).strip()
        wrong = next((i for i, c in enumerate(value) if unicodedata.category(c) in {"Cc", "Cs"}), None)
        if wrong is not None:
            raise _refuse(text, "no control characters", "ký tự in được", wrong)
        return cls._read(value)

    @classmethod
    def compose(cls, agency: AgencyCode, issued: date, number: DocumentNumber | str) -> Self:
        """Make an identifier in the exchange form; raises :class:`~vn_edoc.errors.UsageError` for a wrong part."""
        if not isinstance(agency, AgencyCode):
            raise UsageError("agency must be an AgencyCode", "agency phải là AgencyCode", field="agency", value=agency)
        if not isinstance(issued, date):
            raise UsageError("issued must be a date", "issued phải là ngày", field="issued", value=issued)
        if not isinstance(number, DocumentNumber):
            number = DocumentNumber.parse(number)
        return cls.parse(f"{agency},{issued:%Y/%m/%d},{number}")

    @classmethod
    def _read(cls, value: str) -> Self:
        match = _EXCHANGE.fullmatch(value)
        if match is not None:
            number, _, notation = match["number"].partition("/")
            return cls._dated("exchange", value, match, code_number=number, code_notation=notation or None)
        if _UUID.fullmatch(value):
            return cls._plain("uuid", value)
        if _GATEWAY.fullmatch(value):
            return cls._plain("gateway", value)
        match = _DIGITISED.fullmatch(value)
        if match is not None:
            kind, serial = match["type"], int(match["serial"])
            return cls._dated("digitised", value, match, document_type=kind, serial=serial)
        match = _ARCHIVE.fullmatch(value)
        if match is not None:
            number, kind = match["serial"], match["type"]
            return cls._dated("archive", value, match, document_type=kind, code_number=number, serial=_serial(number))
        match = _AGENCY_YEAR.fullmatch(value)
        if match is not None:
            rest = match["rest"]
            return cls._plain(
                "agency_year",
                value,
                agency=AgencyCode.parse(match["agency"]) if AgencyCode.is_valid(match["agency"]) else None,
                year=int(match["year"]),
                serial=_serial(rest),
            )
        if value.isascii() and value.isdigit():
            return cls._plain("number", value, serial=_serial(value))
        return cls._plain("opaque", value)

    @classmethod
    def _plain(cls, form: DocumentIdForm, value: str, **parts: object) -> Self:
        blank: dict[str, object] = dict.fromkeys(
            ("agency", "issued", "year", "code_number", "code_notation", "serial", "document_type")
        )
        faults: tuple[str, ...] = ()
        return cls._make(value, **{"form": form, "_faults": faults, **blank, **parts})

    @classmethod
    def _dated(cls, form: DocumentIdForm, value: str, match: re.Match[str], **parts: object) -> Self:
        faults: list[str] = []
        agency = AgencyCode.parse_lenient(match["agency"])
        if agency.code is None:
            faults.append("agency")
        elif agency.findings:
            faults.append("agency_form")
        issued = None
        if match["year"]:
            try:
                issued = date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                faults.append("date")
        if form == "exchange":
            if match["sep"] == "-":
                faults.append("separator")
            if not DocumentNumber.is_valid(match["number"]):
                faults.append("number")
        return cls._plain(
            form,
            value,
            agency=agency.code,
            issued=issued,
            year=int(match["year"]) if match["year"] else None,
            _faults=tuple(faults),
            **parts,
        )

    @property
    def number(self) -> DocumentNumber | None:
        """Number and symbol as a value, where both are there and follow a grammar."""
        if self.code_number is None or self.code_notation is None:
            return None
        text = f"{self.code_number}/{self.code_notation}"
        return DocumentNumber.parse(text) if DocumentNumber.is_valid(text) else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Doubts about the parts: an agency code that fits no scheme, a date that is none, a hyphen for the slash.
        An identifier is never refused for them (QĐ 28/2018/QĐ-TTg Điều 10.2b is met by no observed form literally)."""
        if not self._faults:  # type: ignore[attr-defined]
            return ()
        from vn_edoc.findings import Severity
        from vn_edoc.identifiers.agency_lenient import finding

        return tuple(
            finding(f"document_id.{name}", Severity.WARNING, *_WORDS[name], "qd28:10.2b", found=shown(self._text))
            for name in self._faults  # type: ignore[attr-defined]
        )

    def format(self, style: str = "official") -> str:
        """``"official"`` as read; ``"exchange"`` the comma form with slashes in the date, where date and number are
        known (:class:`~vn_edoc.errors.UsageError` else)."""
        if style == "exchange" and self.form == "exchange" and self.issued is not None:
            agency = str(self.agency) if self.agency is not None else self._text.partition(",")[0]
            notation = f"/{self.code_notation}" if self.code_notation else ""
            return f"{agency},{self.issued:%Y/%m/%d},{self.code_number}{notation}"
        return super().format(style)


_WORDS = {
    "agency": (
        "Mã cơ quan trong mã văn bản không theo cấu trúc nào.",
        "The agency code in the identifier fits no scheme.",
    ),
    "agency_form": (
        "Mã cơ quan trong mã văn bản viết không đúng dạng; đã đọc theo dạng đúng.",
        "The agency code in the identifier is not in its proper form; read as if it were.",
    ),
    "date": ("Ngày trong mã văn bản không có trong lịch.", "The date in the identifier is not in the calendar."),
    "separator": (
        "Ngày trong mã văn bản dùng dấu gạch nối thay cho dấu gạch chéo.",
        "The date in the identifier has hyphens for slashes.",
    ),
    "number": (
        "Số, ký hiệu trong mã văn bản không đúng thể thức.",
        "Number and symbol in the identifier follow no grammar.",
    ),
}


def _serial(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None


def _refuse(text: object, en: str, vi: str, position: int | None = None) -> InvalidCode:
    rule = "điểm b khoản 2 Điều 10 Quyết định số 28/2018/QĐ-TTg"
    return InvalidCode(
        f"{shown(text)} is no document identifier: expected {en} ({rule})",
        f"{shown(text)} không phải mã định danh văn bản: cần {vi} ({rule})",
        field="document_id",
        value=text[:_LONGEST] if isinstance(text, str) else None,
        rule=rule,
        position=position,
        segment=text[position] if isinstance(text, str) and position is not None and position < len(text) else None,
        expected=en,
    )
