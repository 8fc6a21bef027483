"""Names of character encodings that a foreign file declares.

Python decodes by many more names than there are encodings of text: ``punycode`` takes time that grows with the square
of the length, ``unicode_escape`` warns, and neither has any business in a packet.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["charset_of"]

_CHARSETS = re.compile(
    r"ascii|utf-(?:7|8|8-sig|16|16-[lb]e|32|32-[lb]e)|iso8859-\d+|cp\d+|koi8-[rtu]|kz1048|mac-\w+|tis-620|ptcp154"
    r"|hp-roman8|gb2312|gbk|gb18030|hz|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|johab"
)


def charset_of(name: str) -> str | None:
    """The codec of a declared encoding of text; ``None`` for a name that is none."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return codec if _CHARSETS.fullmatch(codec) else None
