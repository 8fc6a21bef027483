"""The form XObject of a visible signature: an image over the box, or lines of Vietnamese text set to the right."""

from __future__ import annotations

import importlib.util
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from vn_edoc.errors import SigningError
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN

__all__ = ["draw_form", "font_octets"]

_TINOS = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")
"""Where Debian puts the font with the metrics of Times New Roman."""


@lru_cache(maxsize=1)
def font_octets() -> bytes:
    """Tinos where it is installed (scaled to 1000 units, which pyHanko's text setting needs), else Source Serif Pro."""
    try:
        from fontTools.ttLib import TTFont
        from fontTools.ttLib.scaleUpem import scale_upem
    except ImportError:
        raise SigningError(
            "text in a signature needs the extra vn-edoc[appearance]",
            "hiển thị chữ trong chữ ký cần cài thêm vn-edoc[appearance]",
        ) from None
    path = _TINOS
    if not path.is_file():
        spec = importlib.util.find_spec("font_source_serif_pro")
        folders = list(spec.submodule_search_locations or ()) if spec is not None else []
        files = [p for f in folders for p in sorted(Path(f).rglob("SourceSerifPro-Regular.ttf"))]
        if not files:
            raise SigningError(
                "no Vietnamese serif font is installed: install vn-edoc[appearance]",
                "chưa có phông chữ tiếng Việt có chân: cài thêm vn-edoc[appearance]",
            )
        path = files[0]
    font = TTFont(path)
    if font["head"].unitsPerEm != 1000:
        scale_upem(font, 1000)
        _unhint(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _unhint(font: Any) -> None:
    """Hinting programs are written for the old size of the em: left in, they draw letters out of shape."""
    for table in ("fpgm", "prep", "cvt ", "hdmx", "VDMX", "LTSH"):
        if table in font:
            del font[table]
    if "glyf" in font:
        for name in font.getGlyphOrder():
            font["glyf"][name].removeHinting()


def draw_form(
    writer: Any,
    box: list[float],
    image: bytes | None,
    lines: tuple[str, ...],
    size: float,
    pieces: tuple[tuple[float, float, str], ...] = (),
) -> Any:
    """A reference to the form XObject, fitted into ``box`` (only its measures count)."""
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    resources = generic.DictionaryObject()
    content = b""
    if image is not None:
        content += _image(writer, resources, image, width, height)
    if lines or pieces:
        content += _text(writer, resources, lines, pieces, size, width, height)
    form = generic.StreamObject(
        dict_data={
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject([generic.FloatObject(n) for n in (0, 0, width, height)]),
            pdf_name("/Resources"): resources,
        },
        stream_data=content,
    )
    form.compress()
    return writer.add_object(form)


def _image(writer: Any, resources: Any, image: bytes, width: float, height: float) -> bytes:
    from pyhanko.pdf_utils.images import pil_image

    from vn_edoc.signature.appearance import open_image

    picture = open_image(image).convert("RGBA")
    reference = pil_image(picture, writer)
    resources[pdf_name("/XObject")] = generic.DictionaryObject({pdf_name("/Img"): reference})
    scale = min(width / picture.width, height / picture.height)
    w, h = picture.width * scale, picture.height * scale
    return b"q %.3f 0 0 %.3f %.3f %.3f cm /Img Do Q\n" % (w, h, (width - w) / 2, (height - h) / 2)


def _text(
    writer: Any,
    resources: Any,
    lines: tuple[str, ...],
    pieces: tuple[tuple[float, float, str], ...],
    size: float,
    width: float,
    height: float,
) -> bytes:
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

    try:
        engine = GlyphAccumulator(writer, io.BytesIO(font_octets()), size)
        shaped = [engine.shape(line) for line in lines]
        placed = [(x, y, engine.shape(text)) for x, y, text in pieces]
    except FOREIGN as error:
        raise SigningError(
            f"the text cannot be set: {error}", f"không hiển thị được chữ: {error}", field="appearance.lines"
        ) from error
    widest = max((s.x_advance for s in shaped), default=0) * size
    factor = min(1.0, (width - 2) / widest) if widest else 1.0
    leading = 1.2 * size * factor
    content = b"BT 0 g /F1 %.3f Tf\n" % (size * factor)
    for number, line in enumerate(shaped):
        x = width - 1 - line.x_advance * size * factor
        y = height - size * factor - number * leading
        content += b"1 0 0 1 %.3f %.3f Tm %s\n" % (x, y, line.graphics_ops)
    for x, y, piece in placed:
        content += b"1 0 0 1 %.3f %.3f Tm %s\n" % (x, y, piece.graphics_ops)
    engine.prepare_write()
    resources[pdf_name("/Font")] = generic.DictionaryObject({pdf_name("/F1"): engine.as_resource()})
    return content + b"ET\n"
