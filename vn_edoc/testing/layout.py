"""Setting type on A4 pages: a Vietnamese serif, lines that break at words and fill the measure, page numbers.

Only what the sample documents need. Lengths are points unless a name says millimetres; the origin is the lower left.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vn_edoc.errors import SourceError, UsageError

__all__ = ["A4", "MM", "Box", "Face", "Sheet", "Style", "font_file", "load_face"]

MM = 72 / 25.4
"""Points in a millimetre."""
A4 = (210 * MM, 297 * MM)
"""Width and height."""

Style = Literal["regular", "bold", "italic", "bold-italic"]
"""The four cuts of a typeface."""

_SOURCE_SERIF: dict[Style, str] = {
    # Its italics lack 98 Vietnamese letters (ơ, ư, all with two marks), so the upright cuts are slanted instead.
    "regular": "SourceSerifPro-Regular.ttf",
    "bold": "SourceSerifPro-Bold.ttf",
}
_TINOS: dict[Style, str] = {
    "regular": "Tinos-Regular.ttf",
    "bold": "Tinos-Bold.ttf",
    "italic": "Tinos-Italic.ttf",
    "bold-italic": "Tinos-BoldItalic.ttf",
}
_UPRIGHT: dict[Style, Style] = {
    "italic": "regular", "bold-italic": "bold", "regular": "regular", "bold": "bold"
}  # fmt: skip
_SLANT = 0.21
_TINOS_FOLDER = Path("/usr/share/fonts/truetype/croscore")
"""Where Debian's fonts-croscore puts Tinos (metrics of Times New Roman)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page."""

    page: int
    """Page, counted from 1."""
    x: float
    """Left edge, points from the left."""
    y: float
    """Lower edge, points from the bottom."""
    width: float
    """Points."""
    height: float
    """Points."""

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Left, lower, right, upper edge as a PDF rectangle, rounded to points."""
        return round(self.x), round(self.y), round(self.x + self.width), round(self.y + self.height)


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface that has been made known to reportlab."""

    name: str
    """``source-serif`` or ``tinos``."""
    cuts: tuple[Style, ...]
    """The cuts it has; italics that it lacks are made by slanting."""

    def font(self, style: Style) -> str:
        """The registered name of the font that sets ``style``."""
        return f"vn-edoc-{self.name}-{style if style in self.cuts else _UPRIGHT[style]}"

    def slant(self, style: Style) -> float:
        """Tangent of the angle by which the letters have to be slanted for ``style``."""
        return 0.0 if style in self.cuts else _SLANT


def load_face(name: Literal["source-serif", "tinos"] = "source-serif") -> Face:
    """Register a typeface: Source Serif Pro of the package font-source-serif-pro, or Tinos where it is installed.

    Raises ``SourceError`` when the font files are absent, ``UsageError`` for another name.
    """
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont
    except ImportError:
        raise SourceError(
            "drawing sample documents needs the extra vn-edoc[testing]",
            "vẽ văn bản mẫu cần cài thêm vn-edoc[testing]",
            field="reportlab",
        ) from None
    files = _files(name)
    face = Face(name, tuple(files))
    known = set(pdfmetrics.getRegisteredFontNames())
    for style, file in files.items():
        registered = face.font(style)
        if registered in known:
            continue
        try:
            pdfmetrics.registerFont(TTFont(registered, str(file)))
        except (OSError, TTFError):
            raise SourceError(
                f"cannot read the font {file.name}",
                f"không đọc được phông chữ {file.name}",
                field="typeface",
                value=name,
            ) from None
    return face


def font_file(style: Style = "regular", name: Literal["source-serif", "tinos"] = "source-serif") -> Path:
    """The file of one cut, or of the upright cut where italics have to be made by slanting."""
    files = _files(name)
    return files.get(style) or files[_UPRIGHT[style]]


def _files(name: str) -> dict[Style, Path]:
    if name == "tinos":
        return {style: _TINOS_FOLDER / file for style, file in _TINOS.items()}
    if name == "source-serif":
        spec = importlib.util.find_spec("font_source_serif_pro")
        folder = Path((spec.origin if spec else None) or "font_source_serif_pro").parent / "files"
        return {style: folder / file for style, file in _SOURCE_SERIF.items()}
    raise UsageError(f"unknown typeface {name!r}", f"phông chữ không rõ: {name!r}", field="name", value=name)


class Sheet:
    """A PDF that is being drawn page by page from the top; the same calls give the same bytes.

    ``margins`` are top, right, bottom, left in millimetres. Pages from the second on carry their number, centred in the
    top margin (NĐ 30/2020/NĐ-CP Phụ lục I), unless they are not ``numbered``.
    """

    def __init__(
        self,
        face: Face,
        *,
        title: str,
        margins: tuple[float, float, float, float] = (20, 18, 20, 30),
        author: str = "",
        size: tuple[float, float] = A4,
        numbered: bool = True,
    ) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.size = size
        """Width and height of the pages."""
        self._face = face
        self._numbered = numbered
        self._out = io.BytesIO()
        self._canvas: Any = Canvas(
            self._out,
            pagesize=size,
            invariant=1,
            pdfVersion=(1, 7),
            pageCompression=1,
            initialFontName=face.font("regular"),
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("vn_edoc.testing")
        self._canvas.setSubject("Mẫu thử nghiệm, không có giá trị pháp lý")
        top, right, bottom, left = (side * MM for side in margins)
        self.left, self.right = left, size[0] - right
        self.top, self.bottom = size[1] - top, bottom
        self.page = 1
        self.y = self.top
        """Top of what is still free on the page."""

    @property
    def width(self) -> float:
        """Width between the margins."""
        return self.right - self.left

    def measure(self, text: str, size: float, style: Style = "regular") -> float:
        """Width of ``text`` when set."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, self._face.font(style), size))

    def wrap(
        self, text: str, size: float, width: float, style: Style = "regular", first_indent: float = 0
    ) -> list[str]:
        """Break ``text`` at spaces into lines of at most ``width``."""
        lines: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            room = width - (0 if lines else first_indent)
            if line and self.measure(longer, size, style) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line] if line else lines

    def string(
        self, x: float, y: float, text: str, size: float, style: Style = "regular", word_space: float = 0
    ) -> None:
        """Set one line with its baseline at ``y``, beginning at ``x``."""
        out = self._canvas.beginText()
        out.setTextTransform(1, 0, self._face.slant(style), 1, x, y)
        out.setFont(self._face.font(style), size)
        out.setWordSpace(word_space)
        out.textOut(text)
        self._canvas.drawText(out)

    def centred(self, centre: float, y: float, text: str, size: float, style: Style = "regular") -> float:
        """Set one line centred on ``centre``; its width is returned."""
        width = self.measure(text, size, style)
        self.string(centre - width / 2, y, text, size, style)
        return width

    def line(self, centre: float, y: float, width: float, thickness: float = 0.7) -> None:
        """A horizontal rule."""
        self._canvas.setLineWidth(thickness)
        self._canvas.line(centre - width / 2, y, centre + width / 2, y)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """An empty rectangle."""
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(x, y, width, height)

    def colour(self, red: float, green: float, blue: float) -> None:
        """Colour of what is set from now on."""
        self._canvas.setFillColorRGB(red, green, blue)
        self._canvas.setStrokeColorRGB(red, green, blue)

    def image(self, png: bytes, x: float, y: float, width: float, height: float) -> None:
        """Place an image."""
        from reportlab.lib.utils import ImageReader

        self._canvas.drawImage(ImageReader(io.BytesIO(png)), x, y, width, height, mask="auto")

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        style: Style = "regular",
        leading: float = 1.3,
        indent: float = 10 * MM,
        after: float = 6,
    ) -> None:
        """Set a justified paragraph below what stands on the page, going on to a new page where it must."""
        lines = self.wrap(text, size, self.width, style, indent)
        step = size * leading
        for number, line in enumerate(lines):
            if self.y - step < self.bottom:
                self.new_page()
            start = self.left + (indent if number == 0 else 0)
            spaces = line.count(" ")
            slack = self.right - start - self.measure(line, size, style)
            last = number == len(lines) - 1
            self.string(start, self.y - size, line, size, style, 0 if last or not spaces else slack / spaces)
            self.y -= step
        self.y -= after

    def block(self, centre: float, y: float, lines: Iterable[tuple[str, float, Style]], leading: float = 1.2) -> float:
        """Set centred lines downwards from the top ``y``; the bottom is returned."""
        for text, size, style in lines:
            y -= size
            self.centred(centre, y, text, size, style)
            y -= size * (leading - 1)
        return y

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 12) -> None:
        """A ruled table whose first row is the heading; ``widths`` are shares of the measure."""
        edges = [share / sum(widths) * self.width for share in widths]
        for number, row in enumerate(rows):
            style: Style = "bold" if number == 0 else "regular"
            cells = [self.wrap(text, size, edge - 8, style) for text, edge in zip(row, edges, strict=True)]
            height = max(len(cell) for cell in cells) * size * 1.25 + 8
            if self.y - height < self.bottom:
                self.new_page()
            x = self.left
            for cell, edge in zip(cells, edges, strict=True):
                self.frame(x, self.y - height, edge, height)
                for depth, text in enumerate(cell):
                    self.string(x + 4, self.y - 4 - size - depth * size * 1.25, text, size, style)
                x += edge
            self.y -= height
        self.y -= 8

    def room(self, height: float) -> None:
        """Begin a new page unless ``height`` is still free on this one."""
        if self.y - height < self.bottom:
            self.new_page()

    def new_page(self) -> None:
        """Go to the next page."""
        self._canvas.showPage()
        self.page += 1
        self.y = self.top
        if self._numbered:
            self.centred((self.left + self.right) / 2, self.top + 5 * MM, str(self.page), 13)

    def finish(self) -> bytes:
        """The PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()
