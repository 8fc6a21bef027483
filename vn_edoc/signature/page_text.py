"""Finding words on pages, for placing signatures by anchor (pdfium; it is not thread-safe, so one call at a time)."""

from __future__ import annotations

import unicodedata
from threading import Lock
from typing import Any, BinaryIO

from vn_edoc.errors import SigningError

__all__ = ["find_text", "page_count"]

_lock = Lock()
_PAGES = 500


def _open(stream: BinaryIO) -> Any:
    try:
        import pypdfium2
    except ImportError:
        raise SigningError(
            "placing by anchor needs the extra vn-edoc[appearance]",
            "đặt vị trí theo chữ neo cần cài thêm vn-edoc[appearance]",
        ) from None
    stream.seek(0)
    try:
        return pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        raise SigningError(
            f"the pages cannot be read: {error}", f"không đọc được các trang: {error}", field="source"
        ) from error


def page_count(stream: BinaryIO) -> int:
    """Number of pages."""
    with _lock:
        document = _open(stream)
        try:
            return len(document)
        finally:
            document.close()


def find_text(stream: BinaryIO, text: str, page: int | None) -> tuple[int, float, float, float, float]:
    """Page from 1 and box (left, bottom, right, top) of the last place where ``text`` stands, on one page or on any.

    The last one, because a signer's name stands below the signature at the end. ``SigningError`` if it is nowhere.
    """
    wanted = unicodedata.normalize("NFC", " ".join(text.split()))
    with _lock:
        document = _open(stream)
        try:
            numbers = [page] if page is not None else list(range(min(len(document), _PAGES), 0, -1))
            for number in numbers:
                if not 1 <= number <= len(document):
                    break
                found = _on_page(document[number - 1], wanted)
                if found is not None:
                    return (number, *found)
        finally:
            document.close()
    raise SigningError(
        f"the text {text!r} is not on the page", f"không tìm thấy «{text}» trên trang", field="anchor", value=text
    )


def _on_page(page: Any, wanted: str) -> tuple[float, float, float, float] | None:
    textpage = page.get_textpage()
    try:
        search = textpage.search(wanted, match_case=False)
        last = None
        while (hit := search.get_next()) is not None:
            last = hit
        if last is None:
            return None
        boxes = [textpage.get_charbox(i) for i in range(last[0], last[0] + last[1])]
    finally:
        textpage.close()
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
