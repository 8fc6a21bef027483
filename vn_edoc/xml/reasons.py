"""Why a document is not well-formed, in words for people: libxml2 gives its reasons in English terms of a parser."""

from __future__ import annotations

import re

__all__ = ["reason"]

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]{0,80}(?::[A-Za-z_][\w.-]{0,80})?)[\s/>]")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_BYTES = (
    "có byte không phải UTF-8; tệp có thể dùng bảng mã cũ (Windows-1258, TCVN3, VNI)",
    "it holds bytes that are not UTF-8; it may be in an older encoding (Windows-1258, TCVN3, VNI)",
)
_TAGS = ("thẻ mở và thẻ đóng không khớp", "start and end tags do not match")
_TAG = ("thẻ viết sai hoặc không kết thúc", "a tag is miswritten or not ended")
_LESS = (
    "ký tự < hoặc & đứng ngoài thẻ; phải viết là &lt; hoặc &amp;",
    "a bare < or & stands in a text; it must be written as &lt; or &amp;",
)
_CHAR = ("có ký tự điều khiển mà XML không cho phép", "it holds a control character that XML does not allow")
_ATTRIBUTE = ("thuộc tính viết sai", "an attribute is miswritten")
_REASONS = {
    4: ("không có phần tử nào", "there is no element"),
    5: ("có nội dung thừa sau thẻ đóng của phần tử gốc", "something stands behind the end of the root element"),
    6: _CHAR,
    7: _CHAR,
    8: _CHAR,
    9: _CHAR,
    23: _LESS,
    26: ("có thực thể không được khai báo", "it refers to an entity that is not declared"),
    36: _ATTRIBUTE,
    38: _ATTRIBUTE,
    39: _ATTRIBUTE,
    40: _ATTRIBUTE,
    41: _ATTRIBUTE,
    42: ("một thuộc tính xuất hiện hai lần", "an attribute stands twice"),
    45: ("chú thích không kết thúc", "a comment does not end"),
    47: ("chỉ thị xử lý không kết thúc", "an instruction does not end"),
    57: ("khai báo XML viết sai", "the XML declaration is miswritten"),
    62: ("chuỗi ]]> đứng ngoài CDATA", "]]> stands outside of CDATA"),
    63: ("phần CDATA không kết thúc", "a CDATA section does not end"),
    64: ("khai báo XML nằm giữa tệp", "an XML declaration stands in the middle of the file"),
    65: _TAG,
    68: _LESS,
    73: _TAG,
    74: _TAGS,
    75: _ATTRIBUTE,
    76: _TAGS,
    77: _TAGS,
    81: _BYTES,
}
"""Words by the error codes of libxml2 (``xmlParserErrors``)."""


def reason(code: int | None, body: bytes) -> tuple[str, str] | None:
    """What is wrong, in Vietnamese and English; ``None`` where only the parser's own words tell."""
    root = _ROOT.match(body, _PROLOG.match(body, 0, 65536).end())  # type: ignore[union-attr]
    if root is not None and code not in (5, 64, 81) and not re.search(rb"</" + re.escape(root[1]) + rb"\s*>", body):
        name = root[1].decode("ascii", "replace")
        return (
            f"tệp bị cắt cụt, thiếu thẻ đóng </{name}>",
            f"the file is cut short, the end tag </{name}> is missing",
        )
    return _REASONS.get(code if code is not None else -1)
