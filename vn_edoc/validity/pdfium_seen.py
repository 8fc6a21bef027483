"""Whether words of a page can be seen, or only be extracted.

A word is seen if the picture of the page changes where it stands once its text is taken away. That covers text drawn
invisibly, in the colour of the ground, too small, outside the crop box, in a layer that is off, or under an image.
What it cannot cover is a font that draws other letters than its ToUnicode map names.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["HIDDEN", "seen"]

HIDDEN = "\N{REPLACEMENT CHARACTER}"
"""What stands in the place of a character that is not seen."""
_SCALE = 150 / 72
_CONTRAST = 64
"""Of 255; what changes a dot less than this is not read."""
_DOTS = 2
"""Dots of a character that have to change."""
_LEAST_POINTS = 2.0
"""Height of the smallest letter that counts: an x of 5 points."""
_PLACES = 64
"""Occurrences that are looked at; others count as hidden."""
_AREA = 4_000_000
"""Dots of one picture."""


def seen(document: Any, words: list[str], letters: int) -> str | None:
    """The text of page 1 with :data:`HIDDEN` for characters of ``words`` that are not seen. ``None`` without a page.

    Words are looked for without regard to case, blanks and accents, which finds more than was asked for, never less.
    """
    from vn_edoc.validity.pdfium_jobs import flattened

    if not len(document):
        return None
    page = flattened(document, 0, on_screen=True)
    text_page = page.get_textpage()
    look = _Look(page, text_page, min(text_page.count_chars(), letters))
    text = list(look.text)
    for index in look.hidden(words):
        text[index] = HIDDEN
    text_page.close()
    page.close()
    return "".join(text)


def _bare(text: str) -> str:
    """Letters and digits without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if c.isalnum())


class _Look:
    """Page 1, its characters and their text objects."""

    def __init__(self, page: Any, text_page: Any, count: int) -> None:
        import pypdfium2.raw as raw

        self.raw = raw
        self.page = page
        self.text_page = text_page
        codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
        self.text = [chr(code) if 0 < code < 0x110000 else " " for code in codes]
        width, height = page.get_size()
        self.size = round(width * _SCALE), round(height * _SCALE)

    def hidden(self, words: Iterable[str]) -> set[int]:
        """Places of characters in ``words`` that are not seen."""
        wanted: set[int] = set()
        hidden: set[int] = set()
        for count, place in enumerate(self._places(words)):
            (wanted if count < _PLACES else hidden).update(place)
        objects: dict[int, tuple[Any, list[int]]] = {}
        for index in wanted - hidden:
            drawn = self.raw.FPDFText_GetTextObject(self.text_page, index)
            if not drawn:
                hidden.add(index)
                continue
            objects.setdefault(ctypes.addressof(drawn.contents), (drawn, []))[1].append(index)
        for count, (drawn, indices) in enumerate(objects.values()):
            hidden.update(indices if count >= _PLACES else self._unseen(drawn, indices))
        return hidden

    def _places(self, words: Iterable[str]) -> Iterator[list[int]]:
        """Where each of the words stands: the places of its letters."""
        bare: list[str] = []
        places: list[int] = []
        for index, character in enumerate(self.text):
            for letter in _bare(character):
                bare.append(letter)
                places.append(index)
        whole = "".join(bare)
        for word in words:
            sought = _bare(word)
            start = whole.find(sought) if sought else -1
            while start >= 0:
                yield places[start : start + len(sought)]
                start = whole.find(sought, start + 1)

    def _unseen(self, drawn: Any, indices: list[int]) -> Iterator[int]:
        """Those characters of one text object whose places on the picture do not change without it."""
        boxes = {index: box for index in indices if (box := self._box(index)) is not None}
        yield from (index for index in indices if index not in boxes)
        if not boxes:
            return
        left, top = min(b[0] for b in boxes.values()), min(b[1] for b in boxes.values())
        right, bottom = max(b[2] for b in boxes.values()), max(b[3] for b in boxes.values())
        if (right - left) * (bottom - top) > _AREA:
            yield from boxes
            return
        area = (left, top, right, bottom)
        before = self._picture(area)
        self.raw.FPDFPageObj_SetIsActive(drawn, False)
        after = self._picture(area)
        self.raw.FPDFPageObj_SetIsActive(drawn, True)
        for index, box in boxes.items():
            if not _differ(before, after, area, box):
                yield index

    def _box(self, index: int) -> tuple[int, int, int, int] | None:
        """The place of a character on the picture of the page: left, top, right, bottom; ``None`` where it has none on
        it, or is too small to be read."""
        raw = self.raw
        edges = [ctypes.c_double() for _ in range(4)]
        if not raw.FPDFText_GetCharBox(self.text_page, index, *edges):
            return None
        left, right, bottom, top = (e.value for e in edges)
        if max(top - bottom, right - left) < _LEAST_POINTS:
            return None
        corners = []
        for x, y in ((left, bottom), (right, top)):
            across, down = ctypes.c_int(), ctypes.c_int()
            raw.FPDF_PageToDevice(self.page, 0, 0, *self.size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
            corners.append((across.value, down.value))
        xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        box = max(xs[0], 0), max(ys[0], 0), min(xs[1] + 1, self.size[0]), min(ys[1] + 1, self.size[1])
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _picture(self, area: tuple[int, int, int, int]) -> bytes:
        """A part of the page on white, four octets a dot."""
        import pypdfium2

        left, top, right, bottom = area
        bitmap = pypdfium2.PdfBitmap.new_native(right - left, bottom - top, self.raw.FPDFBitmap_BGRx)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, right - left, bottom - top)
        self.raw.FPDF_RenderPageBitmap(bitmap, self.page, -left, -top, *self.size, 0, 0)
        data = bytes(bitmap.buffer)
        bitmap.close()
        return data


def _differ(a: bytes, b: bytes, area: tuple[int, int, int, int], box: tuple[int, int, int, int]) -> bool:
    """Whether two pictures of an area differ plainly within a box."""
    width = area[2] - area[0]
    changed = 0
    for row in range(box[1] - area[1], box[3] - area[1]):
        start, end = 4 * (row * width + box[0] - area[0]), 4 * (row * width + box[2] - area[0])
        one, other = a[start:end], b[start:end]
        if one == other:
            continue
        for dot in range(0, len(one), 4):
            if max(abs(one[dot + plane] - other[dot + plane]) for plane in range(3)) >= _CONTRAST:
                changed += 1
                if changed >= _DOTS:
                    return True
    return False
