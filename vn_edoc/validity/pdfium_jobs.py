"""What PDFium is asked to do. These functions run in its own process: plain values in, plain values out."""

from __future__ import annotations

import base64
import ctypes
import itertools
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["flattened", "run"]

_MM_PER_POINT = 25.4 / 72
_ANNOTATIONS = 10_000
_NOT_SHOWN = 0x02 | 0x20
"""Hidden, NoView (ISO 32000-1, 12.5.3)."""
_IMAGES = 100
_LETTERS = 250
_FONT_NAME = 200
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_DPI = 72
_MAX_POINTS = 600.0
_WIDTH = 420
_HEIGHT = 640


def run(job: str, content: bytes, arguments: Mapping[str, Any]) -> Any | None:
    """The answer to a job; ``None`` where PDFium cannot read the file."""
    import pypdfium2

    from vn_edoc.validity.pdfium_seen import seen

    jobs: dict[str, Callable[..., Any]] = {"page": _page, "look": _look_at, "pictures": _pictures, "seen": seen}
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        return jobs[job](document, **arguments)
    except (pypdfium2.PdfiumError, ValueError, OverflowError):
        return None
    finally:
        document.close()


def flattened(document: Any, index: int, *, on_screen: bool = False) -> Any:
    """Page ``index`` with its annotations drawn in, signature widgets included. In memory only. ``on_screen``: without
    those that viewers do not show, or may not."""
    import pypdfium2.raw as raw

    page = document[index]
    for place in reversed(range(min(raw.FPDFPage_GetAnnotCount(page), _ANNOTATIONS) if on_screen else 0)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        unsure = raw.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN or raw.FPDFAnnot_HasKey(annotation, b"OC")
        raw.FPDFPage_CloseAnnot(annotation)
        if unsure:
            raw.FPDFPage_RemoveAnnot(page, place)
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    return page


# --- page 1


def _page(document: Any, letters: int) -> dict[str, Any] | None:
    """Text, measures, fonts and images of page 1."""
    import pypdfium2.raw as raw

    if not len(document):
        return None
    version = document.get_version()
    page = flattened(document, 0, on_screen=True)
    width, height = page.get_size()
    text_page = page.get_textpage()
    found = {
        "text": text_page.get_text_range(0, min(text_page.count_chars(), letters)),
        "pages": len(document),
        "pdf_version": f"{version // 10}.{version % 10}" if version else None,
        "width_mm": round(width * _MM_PER_POINT, 1),
        "height_mm": round(height * _MM_PER_POINT, 1),
        "fonts": _fonts(text_page, raw),
    }
    text_page.close()
    found["images"] = _images(page, raw, width * height)
    page.close()
    return found


def _fonts(text_page: Any, raw: Any) -> list[str]:
    """Fonts of letters spread over the page."""
    letters = text_page.count_chars()
    name, flags = ctypes.create_string_buffer(_FONT_NAME), ctypes.c_int()
    found = set()
    for index in range(0, letters, letters // _LETTERS + 1):
        taken = raw.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME, flags)
        if 1 < taken <= _FONT_NAME:
            found.add(_SUBSET.sub("", name.value.decode("utf-8", "replace")))
    return sorted(found)


def _images(page: Any, raw: Any, area: float) -> list[tuple[int, bool, float]]:
    """Raster images of the page, the first hundred: dots per inch, whether in colour, share of the page."""
    found = []
    grey = {raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_CALGRAY}
    for image in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), _IMAGES):
        about = image.get_metadata()
        left, bottom, right, top = image.get_bounds()
        wide, high = right - left, top - bottom
        if wide <= 0 or high <= 0 or not area:
            continue
        dpi = round(min(about.width / wide, about.height / high) * 72)
        colour = about.colorspace not in grey and about.bits_per_pixel >= 8
        found.append((dpi, colour, round(min(1.0, wide * high / area), 3)))
    return found


# --- what is seen of signatures


def _look_at(document: Any, places: Sequence[tuple[int, Sequence[float]] | None]) -> list[Any]:
    """Red, blue and all coloured dots of each place (page from 1, rectangle); ``None`` where nothing can be seen."""
    pages = len(document)
    return [
        None if place is None or not 1 <= place[0] <= pages else _look(flattened(document, place[0] - 1), place[1])
        for place in places
    ]


def _look(page: Any, box: Sequence[float]) -> tuple[int, int, int] | None:
    width, height = page.get_size()
    left, bottom = max(0.0, box[0]), max(0.0, box[1])
    right, top = min(width, box[2]), min(height, box[3])
    if right - left < 1 or top - bottom < 1 or max(right - left, top - bottom) > _MAX_POINTS:
        return None
    bitmap = page.render(scale=_DPI / 72, crop=(left, bottom, width - right, height - top), rev_byteorder=True)
    counts = _count(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
    bitmap.close()
    page.close()
    return counts


def _count(data: bytes, width: int, height: int, stride: int, channels: int) -> tuple[int, int, int]:
    """Red, blue and all coloured dots. Black text under the image has no colour and does not count."""
    red = blue = coloured = 0
    for row in range(height):
        line = data[row * stride : row * stride + width * channels]
        for i in range(0, len(line) - 2, channels):
            r, g, b = line[i], line[i + 1], line[i + 2]
            if max(r, g, b) - min(r, g, b) < 40:
                continue
            coloured += 1
            if r > g and r > b and r - max(g, b) >= 30:
                red += 1
            elif b > r and b - r >= 30:
                blue += 1
    return red, blue, coloured


# --- pictures of pages


def _pictures(document: Any, wanted: Iterable[int], marks: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Small pictures of pages (from 1) with the places of ``marks`` (number, page, rectangle)."""
    pages = len(document)
    made = []
    for number in wanted:
        if not 1 <= number <= pages:
            continue
        page = flattened(document, number - 1)
        across, down = page.get_size()
        if across < 1 or down < 1:
            continue
        bitmap = page.render(scale=min(_WIDTH / across, _HEIGHT / down), rev_byteorder=True)
        width, height = bitmap.width, bitmap.height
        png = _png(bytes(bitmap.buffer), width, height, bitmap.stride, bitmap.n_channels)
        shown = [mark for n, at, box in marks if at == number and (mark := _mark(page, n, box, width, height))]
        bitmap.close()
        page.close()
        picture = base64.b64encode(png).decode("ascii")
        made.append({"page": number, "pages": pages, "png": picture, "width": width, "height": height, "marks": shown})
    return made


def _mark(page: Any, number: int, box: Sequence[float], width: int, height: int) -> tuple[Any, ...] | None:
    """A place in hundredths of the picture: number, left, top, width, height."""
    import pypdfium2.raw as raw

    # PDFium turns page points into dots of the picture: rotation and crop box are its business.
    corners: list[tuple[int, int]] = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        right, below = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(right), ctypes.byref(below))
        corners.append((right.value, below.value))
    left, right_edge = sorted(min(max(x, 0), width) for x, _ in corners)
    top, bottom = sorted(min(max(y, 0), height) for _, y in corners)
    if right_edge - left < 1 or bottom - top < 1:
        return None

    def share(dots: int, whole: int) -> float:
        return round(100 * dots / whole, 2)

    return (
        number,
        share(left, width),
        share(top, height),
        share(right_edge - left, width),
        share(bottom - top, height),
    )


def _png(data: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """An 8-bit RGB (or grey) PNG; alpha is dropped, since PDFium has drawn on white."""
    rows = bytearray()
    for row in range(height):
        line = data[row * stride : row * stride + width * channels]
        if channels == 4:
            rgb = bytearray(width * 3)
            for plane in range(3):
                rgb[plane::3] = line[plane::4]
            line = bytes(rgb)
        rows += b"\x00" + line
    colour = 0 if channels == 1 else 2

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + chunk(b"IEND", b"")
    )
