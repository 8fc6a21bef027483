"""Visible signatures as NĐ 30/2020/NĐ-CP Phụ lục I wants them shown.

- competent person (II.7): blue image of the signature, PNG, transparent, between title and printed name; no text;
- agency on the main document (II.8): red image of the seal in actual size over about a third of that image, on its
  left; no text;
- agency on a separate attachment (II.8b, III.1d): no image; number and symbol, and time, top right of page 1, size 10,
  black;
- agency on a copy of a paper document (phần II): no image; form of copy, agency, and time, same place and type.

Needs the extra ``appearance``. A wrong picture is a fault of form; it does not touch the signature's validity.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.findings import VIETNAM
from vn_edoc.limits import Limits

if TYPE_CHECKING:
    from vn_edoc.signature.keys import Signer

__all__ = [
    "COPY_FORMS",
    "Appearance",
    "Box",
    "agency_on_attachment",
    "agency_seal",
    "competent_person",
    "copy_mark",
]

MM = 72 / 25.4
"""Points in a millimetre."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the lower left corner of the page."""
_A4 = (210 * MM, 297 * MM)
_RULE = "NĐ 30/2020/NĐ-CP, Phụ lục I"
COPY_FORMS = ("SAO Y", "SAO LỤC", "TRÍCH SAO")
"""Hình thức sao (NĐ 30/2020/NĐ-CP Điều 25, Phụ lục I phần II)."""
_IMAGE_PIXELS = 25_000_000


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a signature shows and where. Use the functions of this module to make one."""

    page: int = 1
    """Page from 1; -1 is the last."""
    box: Box | None = None
    """Rectangle; ``None`` when ``anchor`` finds it."""
    image: bytes | None = None
    """PNG drawn over the whole box."""
    lines: tuple[str, ...] = ()
    """Lines of text; ``{time}`` becomes the signing time."""
    pieces: tuple[tuple[float, float, str], ...] = ()
    """Text set freely: points from the left and from the bottom of the box, and the text."""
    anchor: str | None = None
    """Text to find on the page; the box is put above it, centred (a signer's printed name)."""
    size: tuple[float, float] = (45 * MM, 20 * MM)
    """Width and height of a box that is found by ``anchor``."""
    font_size: float = 10.0
    """Size of the text in points."""

    def locate(self, stream: BinaryIO, limits: Limits) -> tuple[int, Box | None]:
        """Page and box in this document; ``SigningError`` if the anchor is not there."""
        if self.box is not None and self.page >= 1:
            return self.page, self.box
        from vn_edoc.signature.page_text import find_text, page_count

        if self.box is not None:
            return page_count(stream), self.box
        if self.anchor is None:
            raise UsageError("a box or an anchor is needed", "cần tọa độ hoặc chữ neo", field="appearance.box")
        page, left, _, right, top = find_text(stream, self.anchor, self.page if self.page >= 1 else None)
        width, height = self.size
        centre = (left + right) / 2
        return page, (centre - width / 2, top + 2 * MM, centre + width / 2, top + 2 * MM + height)

    def prepare(self, signer: Signer, moment: datetime) -> Callable[[Any, Any], Any]:
        """The drawing, with the time filled in."""
        from vn_edoc.signature.pyhanko_adapter.drawing import draw_form

        shown = moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00")
        lines = tuple(line.replace("{time}", shown) for line in self.lines)
        pieces = tuple((x, y, text.replace("{time}", shown)) for x, y, text in self.pieces)
        size = self.font_size
        image = self.image

        def draw(writer: Any, box: Any) -> Any:
            return draw_form(writer, box, image, lines, size, pieces)

        return draw


def competent_person(
    image: bytes, *, name: str | None = None, box: Box | None = None, page: int = -1, check: bool = True
) -> Appearance:
    """The image of the competent person's signature, above the printed ``name`` or in ``box``.

    ``image`` must be a PNG with a transparent background and blue ink; ``check=False`` takes any PNG.
    """
    if (name is None) == (box is None):
        raise UsageError("give either name or box", "cho tên người ký hoặc tọa độ, không cả hai", field="name")
    check_image(image, "blue" if check else None)
    return Appearance(page=page, box=box, image=image, anchor=name)


def agency_seal(
    image: bytes, signature: Box, *, page: int = 1, diameter_mm: float = 36.0, check: bool = True
) -> Appearance:
    """The agency's seal in its actual size over about a third of the signature image, on its left side.

    ``signature`` is the box of the person's image; ``image`` a PNG with transparent background and red ink.
    """
    if not 10 <= diameter_mm <= 80:
        raise UsageError(
            "a seal measures 10 to 80 mm", "con dấu có đường kính 10 đến 80 mm", field="diameter_mm", value=diameter_mm
        )
    check_image(image, "red" if check else None)
    left, bottom, right, top = signature
    side = diameter_mm * MM
    edge = left + (right - left) / 3
    middle = (bottom + top) / 2
    return Appearance(page=page, box=(edge - side, middle - side / 2, edge, middle + side / 2), image=image)


def agency_on_attachment(code: str) -> Appearance:
    """The agency's signature on a separate attachment: number and symbol, and the time, top right of page 1."""
    if not code.strip():
        raise UsageError("number and symbol are needed", "cần số và ký hiệu văn bản", field="code", rule=_RULE)
    return _corner((code.strip(), "{time}"))


def copy_mark(form: str, agency: str) -> Appearance:
    """The agency's signature on an electronic copy of a paper document: form of copy, agency, time."""
    mark = form.strip().upper()
    if mark not in COPY_FORMS:
        raise UsageError(
            f"the form of copy is one of {', '.join(COPY_FORMS)}",
            f"hình thức sao là một trong {', '.join(COPY_FORMS)}",
            field="form",
            value=form,
            rule=_RULE,
        )
    if not agency.strip():
        raise UsageError("the copying agency is needed", "cần tên cơ quan sao", field="agency", rule=_RULE)
    return _corner((mark, agency.strip(), "{time}"))


def _corner(lines: tuple[str, ...]) -> Appearance:
    height = 12.0 * len(lines) + 4
    right, top = _A4[0] - 15 * MM, _A4[1] - 7 * MM
    return Appearance(page=1, box=(right - 75 * MM, top - height, right, top), lines=lines)


def moved(appearance: Appearance, box: Box, page: int | None = None) -> Appearance:
    """The same appearance elsewhere."""
    return replace(appearance, box=box, page=appearance.page if page is None else page)


def check_image(image: bytes, colour: str | None) -> None:
    """PNG, with transparency, and (``colour``) ink that is mostly ``blue`` or ``red``; ``UsageError`` otherwise."""
    if image[:8] != b"\x89PNG\r\n\x1a\n":
        raise UsageError("the image is not a PNG", "hình ảnh không phải định dạng PNG", field="image", rule=_RULE)
    picture = open_image(image)
    if colour is None:
        return
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        raise _opaque()
    thumb = picture.convert("RGBA")
    thumb.thumbnail((200, 200))
    raw = thumb.tobytes()
    pixels = [raw[i : i + 4] for i in range(0, len(raw), 4)]
    ink = [p for p in pixels if p[3] > 128]
    if len(ink) > 0.95 * len(pixels) or not ink:
        raise _opaque()
    red, green, blue = (sum(p[c] for p in ink) / len(ink) for c in range(3))
    good = (blue > red + 15 and blue > green) if colour == "blue" else (red > blue + 15 and red > green + 15)
    if not good:
        raise UsageError(
            f"the ink of the image is not {colour}",
            f"nét của hình ảnh không phải màu {'xanh' if colour == 'blue' else 'đỏ'}",
            field="image",
            rule=_RULE,
        )


def _opaque() -> UsageError:
    return UsageError(
        "the background of the image is not transparent", "nền của hình ảnh không trong suốt", field="image", rule=_RULE
    )


def open_image(image: bytes) -> Any:
    """The decoded picture; ``SigningError`` without the extra, ``UsageError`` for a damaged or huge one."""
    try:
        from PIL import Image
    except ImportError:
        raise SigningError(
            "images need the extra vn-edoc[appearance]", "hiển thị hình ảnh cần cài thêm vn-edoc[appearance]"
        ) from None
    try:
        picture = Image.open(io.BytesIO(image))
        if picture.width * picture.height > _IMAGE_PIXELS:
            raise UsageError("the image is too big", "hình ảnh quá lớn", field="image")
        picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"the image cannot be read: {error}", "không đọc được hình ảnh", field="image") from error
    return picture
