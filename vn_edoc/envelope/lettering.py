"""Vietnamese text that is not what it should be: old encodings, bytes decoded in the wrong way, markup written twice.

NĐ 30/2020/NĐ-CP Phụ lục I asks for Unicode (TCVN 6909:2001). The signs below do not occur in Vietnamese written so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vn_edoc.envelope.notes import Notes
from vn_edoc.findings import Severity

if TYPE_CHECKING:
    from vn_edoc.envelope.model import DocumentMessage

__all__ = ["check_lettering", "doubt"]

_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")
_TCVN3 = re.compile(r"[A-Za-z][¨©ª«¬\u00ad®µ¶·¸¹»¼½¾]|[¨©ª«¬\u00ad®µ¶·¸¹»¼½¾][A-Za-z]|[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞß]")
"""Letters of TCVN 5712 (fonts .VnTime …) shown as Latin-1."""
_VNI = re.compile(
    r"[aA][áàãâùõêéèúøûïåäëü]|[eE][áàãâùõøûïåä]|[oO][ùõâøûïåä]|[uU][ùõøûï]|[iIyY][ùõøûï]|[ñÑ][aeiouöAEIOU]|ö[ùøûõï]"
)
"""A vowel followed by the sign that VNI puts behind it."""
_OTHERS = frozenset("ĂăĐđĨĩŨũƠơƯư").union(map(chr, range(0x1EA0, 0x1EFA)))
"""Vietnamese letters that are neither of Windows-1252 nor of Latin-1: nearly every text has one."""
_ENOUGH = 2
_SIGNS = re.compile(
    r"(?<![^\W\d_])«([^«»]*)»(?![^\W\d_])|[©®](?![^\W\d_])"
    r"|(?<![^\W\d_])µ(?=(?:m|g|s|[lL]|mol|M|S|Sv|V|A|F|W|H|J|T|Pa|Bq|Gy|Ci|C)(?![^\W\d_]))"
)
"""Signs where TCVN 5712 has no letter: quotation marks around words, marks behind a name, a unit. Of the letters that
stand in their codes, ằ, â and đ end no syllable, and à stands before no such consonant."""
_BLANK = re.compile(r"(?<=[À-Ý])\u00a0(?=[A-ZÀ-Ý])")
"""A blank that does not break, between capitals: of UTF-8 it would be a small letter among them."""
_WORDS = {
    "escaped": (
        "ký tự đặc biệt bị mã hóa hai lần (ví dụ &amp;amp;)",
        "special characters were escaped twice (as &amp;amp;)",
    ),
    "mojibake": (
        "chữ bị giải mã sai bảng mã: UTF-8 đã bị đọc như Windows-1252",
        "UTF-8 was taken for Windows-1252",
    ),
    "tcvn3": (
        "chữ theo bảng mã cũ TCVN 5712 (TCVN3), không phải Unicode",
        "its letters are of TCVN 5712 (TCVN3), not Unicode",
    ),
    "vni": ("chữ theo bảng mã cũ VNI, không phải Unicode", "its letters are of VNI, not Unicode"),
    "lost": ("có ký tự đã mất (�)", "letters were lost (�)"),
}


def doubt(text: str) -> str | None:
    """What is wrong with a text: ``escaped``, ``mojibake``, ``tcvn3``, ``vni``, ``lost``; ``None`` where nothing is."""
    if "&" in text and _ESCAPED.search(text):
        return "escaped"
    if text.isascii():
        return None
    if "\ufffd" in text:
        return "lost"
    if _mistaken(_BLANK.sub(" ", text)):
        return "mojibake"
    # A word is written in one encoding.
    words = " ".join(w for w in _SIGNS.sub(r"\1", text).split() if _OTHERS.isdisjoint(w))
    if len(_TCVN3.findall(words)) >= _ENOUGH:
        return "tcvn3"
    return "vni" if len(_VNI.findall(words)) >= _ENOUGH else None


def _mistaken(text: str) -> bool:
    """Whether a text is UTF-8 that was decoded as Windows-1252 (or, where that has no sign, as Latin-1)."""
    if text.isascii() or not _OTHERS.isdisjoint(text):
        return False
    octets = bytearray()
    for char in text:
        code = ord(char)
        if code < 0x80:
            octets.append(code)
            continue
        try:
            octets += char.encode("cp1252")
        except UnicodeEncodeError:
            if code > 0xFF:
                return False
            octets.append(code)
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check_lettering(message: DocumentMessage, notes: Notes) -> None:
    """The texts that people read first: subject, sender, signer."""
    sender, signer = message.sender, message.signer_info
    for path, text in (
        ("Subject", message.subject),
        ("From/OrganName", sender.organ_name if sender is not None else None),
        ("SignerInfo/FullName", signer.full_name if signer is not None else None),
    ):
        what = doubt(text) if text else None
        if what is None:
            continue
        vi, en = _WORDS[what]
        name = path.rpartition("/")[2]
        notes.add(
            "envelope.lettering",
            Severity.WARNING,
            f"MessageHeader/{path}",
            f"{name}: {vi}.",
            f"{name}: {en}.",
            basis=("nd30:Phụ lục I",) if what in ("tcvn3", "vni") else (),
            doubt=what,
        )
