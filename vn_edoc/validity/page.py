"""What page 1 of a PDF says: number, symbol, date, marks. Facts for rules about form.

Reading needs the extra ``report`` (pypdfium2). Where it is missing, or the page has no text layer, the facts are
missing and the rules that need them are not evaluated. A text layer may say what nobody sees: the mark of a copy, the
name of a signer and, where several files could be the document, the number are looked for in the picture as well,
because they can make a document worth more.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from vn_edoc._unicode import composed
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.appearance import COPY_FORMS
from vn_edoc.validity.facts import folded
from vn_edoc.validity.pdfium import ask

__all__ = ["PageFacts", "PageImage", "parse_page", "read_page"]


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
    dated: str | None = None
    """Ngày, tháng, năm ban hành, as printed."""
    place: str | None = None
    """Địa danh."""
    urgency: str | None = None
    """Độ khẩn: ``HỎA TỐC``, ``THƯỢNG KHẨN``, ``KHẨN``."""
    secrecy: str | None = None
    """Độ mật: ``TUYỆT MẬT``, ``TỐI MẬT``, ``MẬT``."""
    copy_mark: str | None = None
    """Hình thức sao: ``SAO Y``, ``SAO LỤC``, ``TRÍCH SAO``, where it can be seen."""
    unseen_mark: str | None = None
    """Hình thức sao that is in the text layer and cannot be seen on the page."""
    shown_times: tuple[str, ...] = ()
    """Signing times shown on the page, as printed (NĐ 30/2020/NĐ-CP Phụ lục I)."""
    images: tuple[PageImage, ...] = ()
    """Raster images on the page."""
    fonts: tuple[str, ...] = ()
    """Names of the fonts seen in a sample of the page's letters, sorted, without the prefix of a subset."""
    text: str = field(default="", repr=False)
    """Text of page 1, NFC, without what was looked for and cannot be seen. Never written into a report."""


def read_page(
    content: bytes, limits: Limits = DEFAULT_LIMITS, *, names: Collection[str] = (), several: bool = False
) -> PageFacts | None:
    """Read page 1 of a PDF; ``None`` where pypdfium2 is not installed or the file cannot be read.

    Annotations count as part of the page: the marks of an e-copy stand in the signature's appearance. ``names`` that
    stand on the page have to be seen; the number as well where ``several`` files could be the document. Raises
    :class:`~vn_edoc.validity.pdfium.PageLibraryFailed`.
    """
    letters = limits.xml_text_chars
    found = ask("page", content, limits, letters=letters)
    if found is None:
        return None
    images = tuple(PageImage(*image) for image in found.pop("images"))
    fonts = tuple(found.pop("fonts"))
    page = parse_page(**found, images=images, fonts=fonts)
    told = folded(page.text)
    wanted = [name for name in names if folded(name) in told]
    if page.copy_mark is not None:
        wanted += COPY_FORMS
    if several and page.number is not None:
        wanted.append(f"Số: {page.number}/{page.notation}")
    if not wanted:
        return page
    shown = parse_page(ask("seen", content, limits, words=wanted, letters=letters) or "")
    return replace(
        page,
        text=shown.text,
        number=shown.number if several else page.number,
        notation=shown.notation if several else page.notation,
        copy_mark=shown.copy_mark,
        unseen_mark=page.copy_mark if shown.copy_mark is None else None,
    )


_IMAGES = 100
_SHOWN = re.compile(
    r"(?:\d{2}[./-]\d{2}[./-]\d{4}|\d{4}-\d{2}-\d{2})[T,;\s]{1,3}\d{2}:\d{2}:\d{2}(?:\s*(?:[+-]\d{2}:\d{2}|Z))?"
)
_NUMBER = re.compile(r"Số\s*:\s*(?P<number>\d{1,9}[a-z]?)\s*/\s*(?P<notation>[^\s,;]{1,60})", re.IGNORECASE)
_ISSUED = re.compile(
    r"^(?P<place>[^\n,]{0,120}?),?\s*"
    r"(?P<dated>ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4}))",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED = re.compile(r"^.*?Số\s*:\s*(?:\d{1,9}[a-z]?\s*/\s*[^\s,;]{1,60}|\S*[\d/]\S*)?", re.IGNORECASE)
_KINDS_OF_PLACES = frozenset(
    {"thành", "phố", "tỉnh", "quận", "huyện", "thị", "xã", "trấn", "phường", "đặc", "khu", "-", "–"}
)
"""Words in a name of a place that are not written with a capital."""
_SECRECY = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
_URGENCY = ("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
_COPY = re.compile(rf"^\W*({'|'.join(COPY_FORMS)})\b", re.IGNORECASE)
_COPY_BESIDE = re.compile(rf"\b({'|'.join(COPY_FORMS)})\b")
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
    text = composed(text).replace("\r", "\n").replace("HOẢ", "HỎA").replace("Hoả", "Hỏa")
    # One blank between words and no empty lines: patterns that step over any white space are slow on long runs of it.
    lines = [joined for line in text.split("\n") if (joined := " ".join(line.split()))]
    text = "\n".join(lines)
    marks = {line.strip(" .:[]()|").upper() for line in lines}
    number = _NUMBER.search(text)
    issued, place, dated = _issued(text)
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
        dated=dated,
        urgency=next((mark for mark in _URGENCY if mark in marks), None),
        secrecy=next((mark for mark in _SECRECY if mark in marks), None),
        copy_mark=next((mark for line in lines if (mark := _copy_mark(line)) is not None), None),
        shown_times=tuple(" ".join(m[0].split()) for m in itertools.islice(_SHOWN.finditer(text), _IMAGES)),
        images=images,
        fonts=fonts,
        text=text,
    )


def _issued(text: str) -> tuple[date | None, str | None, str | None]:
    """Day, place and the day as printed: those of the head, not of an act that the text names."""
    for found in _ISSUED.finditer(text):
        # The number may stand on the same line, to the left of the place.
        place = _NUMBERED.sub("", found["place"]).strip()
        if not all(word[0].isupper() or word in _KINDS_OF_PLACES for word in place.split()):
            continue  # a sentence
        try:
            issued = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            issued = None
        return issued, place or None, " ".join(found["dated"].split())
    return None, None, None


def _copy_mark(line: str) -> str | None:
    if len(line) > 120:
        return None
    match = _COPY.match(line) or _COPY_BESIDE.search(line)
    return match[1].upper() if match else None
