"""What page 1 of a PDF says: number, symbol, date, marks. Facts for rules about form; never for authenticity.

Reading needs the extra ``report`` (pypdfium2). Where it is missing, or the page has no text layer, the facts are
missing and the rules that need them are not evaluated.
"""

from __future__ import annotations

import ctypes
import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.validity.pdfium import flattened, with_document

__all__ = ["PageFacts", "PageImage", "parse_page", "read_page"]

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class PageImage:
    """A raster image as it stands on the page."""

    dpi: int
    """Pixels per inch as placed, the lower of the two directions."""
    colour: bool
    """It has colour (not grey, not black and white)."""
    share: float
    """Part of the page it covers, 0 to 1."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Page 1 as a reader sees it. Every field is ``None`` (or empty) where it could not be found."""

    has_text: bool
    """The page has a text layer; a bare scan has none."""
    pages: int | None = None
    """Number of pages."""
    pdf_version: str | None = None
    """Version of the header, such as ``1.7``."""
    width_mm: float | None = None
    """Width of page 1 in millimetres."""
    height_mm: float | None = None
    """Height of page 1 in millimetres."""
    number: str | None = None
    """Số, as printed."""
    notation: str | None = None
    """Ký hiệu, as printed."""
    issued: date | None = None
    """Ngày, tháng, năm ban hành."""
    place: str | None = None
    """Địa danh."""
    urgency: str | None = None
    """Độ khẩn: ``HỎA TỐC``, ``THƯỢNG KHẨN``, ``KHẨN``."""
    secrecy: str | None = None
    """Độ mật: ``TUYỆT MẬT``, ``TỐI MẬT``, ``MẬT``."""
    copy_mark: str | None = None
    """Hình thức sao: ``SAO Y``, ``SAO LỤC``, ``TRÍCH SAO``."""
    shown_times: tuple[str, ...] = ()
    """Signing times shown on the page, as printed (NĐ 30/2020/NĐ-CP Phụ lục I)."""
    images: tuple[PageImage, ...] = ()
    """Raster images on the page."""
    fonts: tuple[str, ...] = ()
    """Names of the fonts seen in a sample of the page's letters, sorted, without the prefix of a subset."""
    text: str = field(default="", repr=False)
    """Text of page 1, NFC. Never written into a report."""


def read_page(content: bytes, limits: Limits = DEFAULT_LIMITS) -> PageFacts | None:
    """Read page 1 of a PDF; ``None`` where pypdfium2 is not installed or the file cannot be read.

    Annotations count as part of the page: the marks of an e-copy stand in the signature's appearance.
    """
    return with_document(content, limits, lambda document: _first_page(document, limits))


def _first_page(document: Any, limits: Limits) -> PageFacts | None:
    import pypdfium2.raw as raw

    if not len(document):
        return None
    version = document.get_version()
    page = flattened(document, 0)
    width, height = page.get_size()
    text_page = page.get_textpage()
    text = text_page.get_text_range(0, min(text_page.count_chars(), limits.xml_text_chars))
    fonts = _fonts(text_page, raw)
    text_page.close()
    images = _images(page, raw, width * height)
    page.close()
    return parse_page(
        text,
        pages=len(document),
        pdf_version=f"{version // 10}.{version % 10}" if version else None,
        width_mm=round(width * _MM_PER_POINT, 1),
        height_mm=round(height * _MM_PER_POINT, 1),
        images=images,
        fonts=fonts,
    )


def _fonts(text_page: Any, raw: Any) -> tuple[str, ...]:
    """Fonts of letters spread over the page."""
    letters = text_page.count_chars()
    name, flags = ctypes.create_string_buffer(_FONT_NAME), ctypes.c_int()
    found = set()
    for index in range(0, letters, letters // _LETTERS + 1):
        taken = raw.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME, flags)
        if 1 < taken <= _FONT_NAME:
            found.add(_SUBSET.sub("", name.value.decode("utf-8", "replace")))
    return tuple(sorted(found))


def _images(page: Any, raw: Any, area: float) -> tuple[PageImage, ...]:
    """Raster images of the page, the first hundred."""
    found = []
    grey = {raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_CALGRAY}
    for image in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), _IMAGES):
        about = image.get_metadata()
        left, bottom, right, top = image.get_bounds()
        wide, high = right - left, top - bottom
        if wide <= 0 or high <= 0 or not area:
            continue
        found.append(
            PageImage(
                dpi=round(min(about.width / wide, about.height / high) * 72),
                colour=about.colorspace not in grey and about.bits_per_pixel >= 8,
                share=round(min(1.0, wide * high / area), 3),
            )
        )
    return tuple(found)


_IMAGES = 100
_LETTERS = 250
_FONT_NAME = 200
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_SHOWN = re.compile(
    r"(?:\d{2}[./-]\d{2}[./-]\d{4}|\d{4}-\d{2}-\d{2})[T,;\s]{1,3}\d{2}:\d{2}:\d{2}(?:\s*(?:[+-]\d{2}:\d{2}|Z))?"
)
_NUMBER = re.compile(r"Số\s*:\s*(?P<number>\d{1,9}[a-z]?)\s*/\s*(?P<notation>[^\s,;]{1,60})", re.IGNORECASE)
_ISSUED = re.compile(
    r"(?P<place>[^\n,]{0,60}),?\s*ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4})",
    re.IGNORECASE,
)
_SECRECY = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
_URGENCY = ("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
_COPY = re.compile(r"^\W*(SAO Y|SAO LỤC|TRÍCH SAO)\b", re.IGNORECASE)
_COPY_BESIDE = re.compile(r"\b(SAO Y|SAO LỤC|TRÍCH SAO)\b")
"""In capitals it counts also beside other text of the line: appearances of two signatures may share one."""


def parse_page(
    text: str,
    *,
    pages: int | None = None,
    pdf_version: str | None = None,
    width_mm: float | None = None,
    height_mm: float | None = None,
    images: tuple[PageImage, ...] = (),
    fonts: tuple[str, ...] = (),
) -> PageFacts:
    """Find the components of form (thành phần thể thức) in the text of page 1.

    Marks count only where they stand on a line of their own (a body may speak of secrets without being one).
    """
    # NFC, and both spellings of HOẢ/HỎA, so that marks compare equal however they were typed.
    text = unicodedata.normalize("NFC", text).replace("\r", "\n").replace("HOẢ", "HỎA").replace("Hoả", "Hỏa")
    # One blank between words and no empty lines: patterns that step over any white space are slow on long runs of it.
    lines = [joined for line in text.split("\n") if (joined := " ".join(line.split()))]
    text = "\n".join(lines)
    marks = {line.strip(" .:[]()|").upper() for line in lines}
    number = _NUMBER.search(text)
    issued = None
    place = None
    dated = _ISSUED.search(text)
    if dated is not None:
        try:
            issued = date(int(dated["year"]), int(dated["month"]), int(dated["day"]))
        except ValueError:
            issued = None
        # The number stands on the same line, to the left of the place.
        place = _NUMBER.sub("", dated["place"]).strip() or None
    return PageFacts(
        has_text=bool(lines),
        pages=pages,
        pdf_version=pdf_version,
        width_mm=width_mm,
        height_mm=height_mm,
        number=number["number"] if number else None,
        notation=number["notation"] if number else None,
        issued=issued,
        place=place,
        urgency=next((mark for mark in _URGENCY if mark in marks), None),
        secrecy=next((mark for mark in _SECRECY if mark in marks), None),
        copy_mark=next((mark for line in lines if (mark := _copy_mark(line)) is not None), None),
        shown_times=tuple(" ".join(m[0].split()) for m in itertools.islice(_SHOWN.finditer(text), _IMAGES)),
        images=images,
        fonts=fonts,
        text=text,
    )


def _copy_mark(line: str) -> str | None:
    if len(line) > 120:
        return None
    match = _COPY.match(line) or _COPY_BESIDE.search(line)
    return match[1].upper() if match else None
