"""One door to PDFium (pypdfium2, extra ``report``): one call at a time, foreign errors kept inside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Set
from typing import Any, TypeVar

from vn_edoc.limits import Limits

__all__ = ["flattened", "with_document"]

T = TypeVar("T")

# PDFium is one library with global state.
_turn = threading.Lock()


def with_document(
    content: bytes, limits: Limits, use: Callable[[Any], T], pages: Set[int] = frozenset({0})
) -> T | None:
    """What ``use`` makes of the open document, of which it looks at ``pages`` (counted from 0).

    ``None`` where pypdfium2 is missing, the file cannot be read, or drawing those pages would cost too much: PDFium has
    no bounds of its own, and a file that our own reader does not understand is not shown to another.
    """
    try:
        import pypdfium2
    except ImportError:
        return None
    if len(content) > limits.pdf_bytes:
        return None
    from vn_edoc.signature.pyhanko_adapter.effort import cheap_to_draw

    if not cheap_to_draw(content, pages, limits):
        return None
    with _turn:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return None
        try:
            return use(document)
        except (pypdfium2.PdfiumError, ValueError, OverflowError):
            return None
        finally:
            document.close()


def flattened(document: Any, index: int) -> Any:
    """Page ``index`` with its annotations drawn in, signature widgets included. In memory only."""
    import pypdfium2.raw as raw

    page = document[index]
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    return page
