"""Sample administrative documents as PDF, laid out as NĐ 30/2020/NĐ-CP Phụ lục I asks: A4, margins, boxes and sizes.

The texts are made up. The same specification gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from vn_edoc.errors import UsageError
from vn_edoc.testing.layout import MM, Box, Sheet, Style, load_face

__all__ = ["Appendix", "DocumentSpec", "Drawn", "draw_attachment", "draw_document"]

_BODY = """
Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư, Sở Nội vụ đề nghị các
cơ quan, đơn vị rà soát việc gửi, nhận văn bản điện tử qua hệ thống quản lý văn bản và điều hành.

Mỗi cơ quan, đơn vị lập báo cáo theo mẫu tại tệp gửi kèm, ký số và gửi về Sở Nội vụ trước ngày 30 tháng 10 năm 2026
để tổng hợp.

Văn bản này được lập để thử nghiệm phần mềm, tên người và số hiệu là giả định, không có giá trị pháp lý.

Trong quá trình thực hiện, nếu có vướng mắc, đề nghị các cơ quan, đơn vị phản ánh về Sở Nội vụ để phối hợp giải
quyết./.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSpec:
    """What stands in a document. The defaults make a complete công văn of one page."""

    superior: tuple[str, ...] = ("ỦY BAN NHÂN DÂN", "TỈNH TÂY NINH")
    """Name of the superior agency (box 2), one string a line."""
    agency: tuple[str, ...] = ("SỞ NỘI VỤ",)
    """Name of the issuing agency (box 2), one string a line."""
    number: str = "1286"
    """Số, digits only; a number below 10 is shown with a leading zero."""
    notation: str = "SNV-VP"
    """Ký hiệu."""
    place: str = "Tây Ninh"
    """Địa danh."""
    day: date = date(2026, 10, 15)
    """Date of the document; a Thursday unless given."""
    type_name: str | None = None
    """Name of the type (box 5a) in capitals, ``None`` for a công văn."""
    subject: str = "rà soát việc gửi, nhận văn bản điện tử quý III năm 2026"
    """Trích yếu; a công văn shows it as ``V/v …`` below its number."""
    addressees: tuple[str, ...] = ("Ủy ban nhân dân tỉnh Tây Ninh", "Sở Tư pháp")
    """Kính gửi; shown for a công văn."""
    body: str = _BODY
    """Text; an empty line parts paragraphs, and the last one carries the final mark ``./.``."""
    authority: str | None = None
    """Quyền hạn of the signer: ``KT. GIÁM ĐỐC``, ``TM. …``, ``TL. …``."""
    title: str = "GIÁM ĐỐC"
    """Chức vụ of the signer."""
    signer: str = "Nguyễn Văn Mẫu"
    """Họ và tên of the signer."""
    recipients: tuple[str, ...] = ("Như trên", "Giám đốc (để báo cáo)")
    """Nơi nhận, without the last line (``Lưu: VT, …``)."""
    drafting_unit: str = "VP"
    """Unit and typist in the last line of nơi nhận."""
    urgency: Literal["KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"] | None = None
    """Stamp of urgency (box 10b), ``None``: none."""
    secrecy: Literal["MẬT", "TỐI MẬT", "TUYỆT MẬT"] | None = None
    """Stamp of secrecy (box 10a), ``None``: none. A document with one has no place in electronic exchange."""
    circulation: Literal["XEM XONG TRẢ LẠI", "LƯU HÀNH NỘI BỘ"] | None = None
    """Circulation (box 11), ``None``: none."""

    @property
    def code(self) -> str:
        """Số, ký hiệu as shown: ``1286/SNV-VP``, ``05/QĐ-SNV``."""
        return f"{self.number.zfill(2)}/{self.notation}"

    @property
    def agency_name(self) -> str:
        """Name of the issuing agency in one line."""
        return " ".join(self.agency)

    @property
    def dated(self) -> str:
        """Place and date as shown: days below 10 and the months 1 and 2 have two digits."""
        month = f"{self.day.month:02d}" if self.day.month < 3 else str(self.day.month)
        return f"{self.place}, ngày {self.day.day:02d} tháng {month} năm {self.day.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """What stands in an attachment of its own file. The defaults make a report form with a table."""

    heading: str = "PHỤ LỤC"
    """First line; Roman numerals where there are several."""
    title: str = "BIỂU TỔNG HỢP VIỆC GỬI, NHẬN VĂN BẢN ĐIỆN TỬ"
    """Name of the appendix."""
    rows: tuple[tuple[str, ...], ...] = field(
        default=(
            ("TT", "Cơ quan, đơn vị", "Văn bản gửi", "Văn bản nhận", "Ghi chú"),
            ("1", "Sở Nội vụ", "1.286", "2.415", ""),
            ("2", "Sở Tư pháp", "1.174", "2.098", "Có 03 văn bản trả lại"),
            ("3", "Ủy ban nhân dân xã Mẫu", "412", "968", ""),
        )
    )
    """Table, the heading first."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn document, and where the decree wants signatures to be shown."""

    pdf: bytes
    """The file."""
    pages: int
    """Number of pages."""
    signature: Box | None
    """Image of the competent person's signature (box 7c): between title and name. ``None`` in an attachment."""
    seal: Box | None
    """Image of the seal (box 8), in actual size, over the left third of the signature. ``None`` in an attachment."""
    corner: Box
    """Top right of the first page: the agency's signature on an attachment or a copy."""


_SIGNATURE = (45 * MM, 20 * MM)
_SEAL = 36 * MM
_LEFT_SHARE = 0.4
"""Share of the measure that the left column (boxes 2, 3, 5b, 9b) takes."""


def draw_document(
    spec: DocumentSpec | None = None, *, typeface: Literal["source-serif", "tinos"] = "source-serif"
) -> Drawn:
    """Draw a document of its own file (NĐ 30/2020/NĐ-CP Phụ lục I, mẫu 1.4 and 1.5).

    Raises ``UsageError`` for a number that is not digits, ``SourceError`` where the fonts are absent.
    """
    spec = spec or DocumentSpec()
    if not spec.number.isdecimal():
        raise UsageError(
            "the number of a document is digits only",
            "số của văn bản chỉ gồm chữ số",
            field="number",
            value=spec.number,
            rule="NĐ 30/2020/NĐ-CP Điều 15",
        )
    face = load_face(typeface)
    sheet = Sheet(face, title=f"{spec.code} {spec.subject}", author=spec.agency_name)
    _head(sheet, spec)
    if spec.type_name is None:
        _addressees(sheet, spec)
    else:
        _type_and_subject(sheet, spec, spec.type_name)
    for paragraph in spec.body.split("\n\n"):
        sheet.paragraph(paragraph, 14)
    signature, seal = _signing_block(sheet, spec)
    corner = _corner(sheet)
    pages = sheet.page
    return Drawn(sheet.finish(), pages, signature, seal, corner)


def draw_attachment(
    appendix: Appendix | None = None, *, typeface: Literal["source-serif", "tinos"] = "source-serif"
) -> Drawn:
    """Draw an attachment of its own file: no signature of a person, the agency's in the top right corner.

    The line ``Kèm theo …`` keeps its blanks in an electronic document (Phụ lục I, phần I, III.1).
    """
    appendix = appendix or Appendix()
    sheet = Sheet(load_face(typeface), title=appendix.title)
    corner = _corner(sheet)
    sheet.y = corner.y - 6 * MM
    centre = (sheet.left + sheet.right) / 2
    lines: list[tuple[str, float, Style]] = [(appendix.heading, 14, "bold"), (appendix.title, 14, "bold")]
    lines.append(("(Kèm theo Công văn số        /        ngày     tháng     năm        của        )", 14, "italic"))
    sheet.y = sheet.block(centre, sheet.y, lines) - 8
    sheet.line(centre, sheet.y, sheet.width / 4)
    sheet.y -= 14
    shares = [6, 40, 16, 16, 22] if len(appendix.rows[0]) == 5 else [1] * len(appendix.rows[0])
    sheet.table(appendix.rows, shares)
    pages = sheet.page
    return Drawn(sheet.finish(), pages, None, None, corner)


def _corner(sheet: Sheet) -> Box:
    """Room for three lines of 10 points in the top margin, at the right: it must not cover the national name."""
    width, height = 62 * MM, 14 * MM
    return Box(1, sheet.right - width, sheet.top + 2 * MM, width, height)


def _head(sheet: Sheet, spec: DocumentSpec) -> None:
    left = sheet.left + sheet.width * _LEFT_SHARE / 2
    right = sheet.right - sheet.width * (1 - _LEFT_SHARE) / 2
    superior: list[tuple[str, float, Style]] = [(text, 12, "regular") for text in spec.superior]
    y_left = sheet.block(left, sheet.y, [*superior, *((text, 12, "bold") for text in spec.agency)])
    y_left -= 1
    sheet.line(left, y_left, sheet.measure(spec.agency[-1], 12, "bold") * 0.45)
    motto = "Độc lập - Tự do - Hạnh phúc"
    y_right = sheet.block(right, sheet.y, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "bold"), (motto, 13, "bold")])
    y_right -= 1
    sheet.line(right, y_right, sheet.measure(motto, 13, "bold"))
    y = min(y_left, y_right) - 8
    sheet.centred(left, y - 13, f"Số: {spec.code}", 13)
    sheet.centred(right, y - 13, spec.dated, 13, "italic")
    y -= 17
    if spec.type_name is None:
        for text in sheet.wrap(f"V/v {spec.subject}", 12, sheet.width * _LEFT_SHARE - 6):
            y -= 13
            sheet.centred(left, y, text, 12)
    for stamp in (spec.secrecy, spec.urgency):
        if stamp is not None:
            width = {"KHẨN": 20, "MẬT": 20, "HỎA TỐC": 30, "TỐI MẬT": 30}.get(stamp, 40) * MM
            y -= 8 * MM + 6
            sheet.colour(0.9, 0, 0)
            sheet.frame(left - width / 2, y, width, 8 * MM)
            sheet.centred(left, y + 2.6 * MM, stamp, 13, "bold")
            sheet.colour(0, 0, 0)
    sheet.y = y - 16


def _addressees(sheet: Sheet, spec: DocumentSpec) -> None:
    x = sheet.left + sheet.width * 0.2
    if len(spec.addressees) == 1:
        sheet.centred((sheet.left + sheet.right) / 2, sheet.y - 14, f"Kính gửi: {spec.addressees[0]}", 14)
        sheet.y -= 14 * 1.3 + 8
        return
    sheet.string(x, sheet.y - 14, "Kính gửi:", 14)
    indent = x + sheet.measure("Kính gửi: ", 14)
    for number, name in enumerate(spec.addressees):
        end = "." if number == len(spec.addressees) - 1 else ";"
        sheet.y -= 14 * 1.3
        sheet.string(indent, sheet.y - 14, f"- {name}{end}", 14)
    sheet.y -= 14 * 1.3 + 10


def _type_and_subject(sheet: Sheet, spec: DocumentSpec, type_name: str) -> None:
    centre = (sheet.left + sheet.right) / 2
    subject = spec.subject[:1].upper() + spec.subject[1:]
    lines: list[tuple[str, float, Style]] = [(type_name, 14, "bold")]
    lines += [(text, 14, "bold") for text in sheet.wrap(subject, 14, sheet.width * 0.75, "bold")]
    sheet.y = sheet.block(centre, sheet.y, lines) - 2
    sheet.line(centre, sheet.y, sheet.width / 5)
    sheet.y -= 14
    if spec.circulation is not None:
        sheet.colour(0.9, 0, 0)
        sheet.centred(centre, sheet.y - 13, spec.circulation, 13, "bold")
        sheet.colour(0, 0, 0)
        sheet.y -= 22


def _signing_block(sheet: Sheet, spec: DocumentSpec) -> tuple[Box, Box]:
    sheet.room(62 * MM)
    sheet.y -= 6
    top, centre = sheet.y, sheet.right - sheet.width * 0.28
    lines: list[tuple[str, float, Style]] = [] if spec.authority is None else [(spec.authority, 14, "bold")]
    y = sheet.block(centre, top, [*lines, (spec.title, 14, "bold")])
    width, height = _SIGNATURE
    y -= 3 * MM + height
    signature = Box(sheet.page, centre - width / 2, y, width, height)
    seal = Box(sheet.page, signature.x + width / 3 - _SEAL, y + height / 2 - _SEAL / 2, _SEAL, _SEAL)
    name_y = sheet.block(centre, y - 3 * MM, [(spec.signer, 14, "bold")])
    sheet.string(sheet.left, top - 12, "Nơi nhận:", 12, "bold-italic")
    y = top - 12 * 1.35
    last = f"Lưu: VT, {spec.drafting_unit}." if spec.drafting_unit else "Lưu: VT."
    for text in (*(f"{name};" for name in spec.recipients), last):
        y -= 11 * 1.3
        sheet.string(sheet.left, y, f"- {text}", 11)
    sheet.y = min(y, name_y)
    return signature, seal
