"""Images of a handwritten signature and of a seal, and the scan of a stamped paper; all drawn, none real.

PNG with a transparent background, as NĐ 30/2020/NĐ-CP Phụ lục I asks: the signature blue, the seal red and in actual
size. The scan is what a paper copy becomes: colour, 200 dpi, scale 100%.
"""

from __future__ import annotations

import functools
import hashlib
import io
import math
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import SourceError
from vn_edoc.testing.document import Drawn
from vn_edoc.testing.layout import Sheet, font_file, load_face

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["draw_scan", "seal_image", "signature_image"]

_BLUE = (24, 52, 160)
_RED = (214, 20, 28)


@functools.lru_cache(maxsize=16)
def signature_image(name: str = "Nguyễn Văn Mẫu", *, dpi: int = 300, colour: tuple[int, int, int] = _BLUE) -> bytes:
    """A scrawl of 45 x 20 mm, blue unless asked otherwise, its shape drawn from ``name``, as transparent PNG."""
    image, pen = _canvas(45, 20, dpi, 2)
    width, height = image.size
    drawn = hashlib.sha256(name.encode()).digest()
    points = []
    for step in range(240):
        share = step / 239
        loops = sum(
            math.sin(share * (3 + 9 * k) + drawn[k] / 20) * (0.32 / (k + 1)) * (0.4 + drawn[k + 8] / 400)
            for k in range(4)
        )
        wave = math.cos(share * 21 + drawn[16] / 40) * 0.05
        points.append((width * (0.06 + 0.86 * share + wave), height * (0.5 + loops * 0.9)))
    pen.line(points, fill=(*colour, 255), width=max(2, round(0.7 * dpi / 25.4 * 2)), joint="curve")
    return _png(image, 2, dpi)


@functools.lru_cache(maxsize=16)
def seal_image(text: str = "MẪU THỬ NGHIỆM", *, dpi: int = 300, colour: tuple[int, int, int] = _RED) -> bytes:
    """A round seal of 36 mm with a star and ``text``, red unless asked otherwise, as transparent PNG."""
    image, pen = _canvas(36, 36, dpi, 2)
    size = image.size[0]
    unit = size / 36
    ink = (*colour, 255)
    for radius, thickness in ((17.6, 0.9), (15.9, 0.3), (10.6, 0.3)):
        edge = size / 2 - radius * unit, size / 2 + radius * unit
        pen.ellipse((edge[0], edge[0], edge[1], edge[1]), outline=ink, width=max(1, round(thickness * unit)))
    star = []
    for corner in range(10):
        radius = (5.2 if corner % 2 == 0 else 2.1) * unit
        angle = math.pi * (corner / 5 - 0.5)
        star.append((size / 2 + radius * math.cos(angle), size / 2 - 2 * unit + radius * math.sin(angle)))
    pen.polygon(star, fill=ink)
    from PIL import ImageFont

    letters = ImageFont.truetype(str(font_file("bold")), round(2.3 * unit))
    pen.text((size / 2, size / 2 + 6.4 * unit), text, fill=ink, font=letters, anchor="mm")
    for k in range(24):
        angle = 2 * math.pi * k / 24
        x, y = size / 2 + 13.2 * unit * math.cos(angle), size / 2 + 13.2 * unit * math.sin(angle)
        pen.ellipse((x - unit / 2, y - unit / 2, x + unit / 2, y + unit / 2), fill=ink)
    return _png(image, 2, dpi)


def draw_scan(paper: Drawn, *, dpi: int = 200) -> Drawn:
    """The scan of ``paper`` after it was signed and stamped by hand: each page one image, no text, same boxes.

    The mark ``SAO Y`` and the agency's signature are still to come; their place is ``corner``. Raises ``SourceError``
    where the extra ``testing`` is not installed.
    """
    try:
        import pypdfium2
        from PIL import Image
    except ImportError:
        raise SourceError(
            "scans need the extra vn-edoc[testing]", "bản quét cần cài thêm vn-edoc[testing]", field="pypdfium2"
        ) from None
    sheet = Sheet(load_face(), title="Bản sao", numbered=False)
    stamps = [(box, png) for box, png in ((paper.signature, signature_image), (paper.seal, seal_image)) if box]
    document = pypdfium2.PdfDocument(paper.pdf)
    try:
        for number in range(paper.pages):
            bitmap = document[number].render(scale=dpi / 72)
            page: Any = bitmap.to_pil().convert("RGBA")
            for box, png in stamps:
                if box.page == number + 1:
                    left, lower, right, upper = (round(edge * dpi / 72) for edge in _edges(box))
                    with Image.open(io.BytesIO(png())) as stamp:
                        scaled = stamp.convert("RGBA").resize((right - left, upper - lower))
                    page.alpha_composite(scaled, (left, page.height - upper))
            out = io.BytesIO()
            page.convert("RGB").save(out, "JPEG", quality=80, dpi=(dpi, dpi))
            if number:
                sheet.new_page()
            sheet.image(out.getvalue(), 0, 0, *sheet.size)
    finally:
        document.close()
    return Drawn(sheet.finish(), paper.pages, paper.signature, paper.seal, paper.corner)


def _edges(box: Any) -> tuple[float, float, float, float]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def _canvas(width: float, height: float, dpi: int, scale: int) -> tuple[Image, Any]:
    """A transparent image, ``scale`` times too large so that shrinking smooths its edges, and a pen on it."""
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise SourceError(
            "images need the extra vn-edoc[testing]", "hình ảnh cần cài thêm vn-edoc[testing]", field="PIL"
        ) from None
    size = round(width / 25.4 * dpi) * scale, round(height / 25.4 * dpi) * scale
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    return image, ImageDraw.Draw(image)


def _png(image: Image, scale: int, dpi: int) -> bytes:
    from PIL import Image

    small = image.resize((image.width // scale, image.height // scale), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()
