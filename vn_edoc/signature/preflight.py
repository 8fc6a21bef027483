"""Before signing: is the document fit to be signed? Refuses what shadow attacks prepare.

A shadow attack plants something invisible before signing that a later, permitted update brings to light: a layer that
is off, an object drawn over another, form fields whose look can be swapped, scripts. After signing it cannot be told
from honest content, so this is where it has to be found.
"""

from __future__ import annotations

from typing import BinaryIO

from vn_edoc.errors import SigningError
from vn_edoc.findings import Finding, Location
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.rules import finding
from vn_edoc.signature.sources import Source, open_source

__all__ = ["preflight_pdf", "preflight_stream"]

_TEXTS = {
    "hidden_layer": ("lớp nội dung đang ẩn", "a layer that is switched off"),
    "javascript": ("mã JavaScript", "JavaScript"),
    "launch": ("lệnh chạy chương trình", "an action that launches a program"),
    "xfa": ("biểu mẫu động XFA", "a dynamic XFA form"),
    "submit_form": ("lệnh gửi biểu mẫu", "an action that submits a form"),
    "import_data": ("lệnh nạp dữ liệu", "an action that imports data"),
    "external_stream": ("nội dung lấy từ bên ngoài", "content taken from outside the file"),
    "external_document": ("liên kết mở tệp khác", "an action that opens another document"),
    "media": ("nội dung đa phương tiện", "multimedia content"),
    "overlay": ("đối tượng che phủ toàn trang", "an object that covers a whole page over other content"),
    "hidden_text_field": ("trường biểu mẫu ghi đè được lên nội dung", "form fields that can be redrawn over content"),
    "unused_content": ("nội dung trang không được dùng tới", "page content that nothing refers to"),
    "hidden_annotation": ("chú thích ẩn", "a hidden annotation"),
}


def preflight_pdf(source: Source, limits: Limits | None = None) -> tuple[Finding, ...]:
    """Findings that speak against signing; empty for a plain document. ``SigningError`` if it is not a PDF."""
    bounds = limits or DEFAULT_LIMITS
    with open_source(source, bounds.pdf_bytes) as opened:
        return preflight_stream(opened.stream, bounds)


def preflight_stream(stream: BinaryIO, limits: Limits) -> tuple[Finding, ...]:
    """:func:`preflight_pdf` on an open, seekable file."""
    from vn_edoc.signature.pyhanko_adapter.active import active_content
    from vn_edoc.signature.pyhanko_adapter.document import PdfDocument, UnreadablePdf
    from vn_edoc.signature.pyhanko_adapter.hidden import hidden_content

    try:
        document = PdfDocument(stream, limits)
    except UnreadablePdf as error:
        raise SigningError(f"the PDF cannot be read: {error}", "không đọc được tệp PDF", field="source") from error
    try:
        document.signatures()
        found = [_say(kind, None) for kind in active_content(document) if kind in _TEXTS]
        found += [_say(kind, page) for kind, page in hidden_content(document)]
    finally:
        document.release()
    return tuple(found)


def _say(kind: str, page: int | None) -> Finding:
    vi, en = _TEXTS[kind]
    where = f" (trang {page})" if page is not None else ""
    place = f" (page {page})" if page is not None else ""
    return finding(
        "R80",
        f"Tài liệu có {vi}{where}; nội dung hiển thị có thể đổi sau khi ký.",
        f"The document has {en}{place}; what it shows could change after signing.",
        where=Location(page=page),
        kind=kind,
    )
