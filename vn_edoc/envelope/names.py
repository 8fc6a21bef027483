"""Names of attached files, made safe to save and to show.

A name from a packet may hold path separators, device names, control and direction characters, or letters composed in
another way. The safe name is a single path component that every common file system takes, unique in its packet.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from vn_edoc._unicode import composed

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["extension", "safe_name", "second_path", "unique", "why_unsafe"]

_BYTES = 200
_PLAIN = re.compile(r"\w(?:[\w()\-.,&+ ]*[\w)])?")
_SPECIAL = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_DOTS = str.maketrans(
    {"\u2024": ".", "\uff0e": ".", "\ufe52": ".", "\uff0f": "/", "\uff3c": "\\", "\u2215": "/", "\u2044": "/"}
)


def safe_name(name: str | None, fallback: str = "attachment") -> str:
    """``name`` as one safe path component, NFC; ``fallback`` where nothing of it can be kept."""
    if name is not None and _is_safe(name):
        return name
    text = composed(name or "").translate(_DOTS)
    text = "".join(" " if c in "\t\n\r\u2028\u2029" else c for c in text if _keeps(c))
    text = re.split(r"[/\\]", text)[-1]
    text = _SPECIAL.sub("_", text)
    text = " ".join(text.split()).strip(". ")
    if not text:
        return fallback
    # A hyphen would make it an option of the commands that people run over a folder, a tilde their home.
    if _DEVICE.fullmatch(text.split(".", 1)[0].rstrip()) or text[0] in "-~":
        text = "_" + text
    # Once more, for what was too long to be composed as it was.
    return unicodedata.normalize("NFC", _short(text))


def why_unsafe(name: str) -> tuple[str, str]:
    """Why a name is not used for saving as it is, in Vietnamese and English; one that is safe was taken already."""
    text = composed(name).translate(_DOTS)
    bare = re.split(r"[/\\]", text)[-1]
    for found, vi, en in (
        (bare != text, "mang đường dẫn", "holds a path"),
        (
            not all(_keeps(c) for c in text) or any(c in "\t\n\r\u2028\u2029" for c in text),
            "có ký tự điều khiển, ẩn hoặc đổi hướng chữ",
            "holds control, hidden or direction characters",
        ),
        (
            _DEVICE.fullmatch(bare.split(".", 1)[0].strip()) is not None,
            "là tên dành riêng của Windows",
            "is a device name of Windows",
        ),
        (_SPECIAL.search(bare) is not None, "có ký tự mà hệ thống tệp không nhận", "holds characters no file may have"),
        (bare[:1] in ("-", "~"), "bắt đầu như tùy chọn của một lệnh", "begins as an option of a command"),
        (len(bare.encode("utf-8", "replace")) > _BYTES, "quá dài", "is too long"),
        (
            bare != " ".join(bare.split()).strip(". "),
            "thừa khoảng trắng hoặc dấu chấm",
            "has superfluous blanks or dots",
        ),
        (text != name, "không ở dạng Unicode dựng sẵn (NFC)", "is not in the composed Unicode form (NFC)"),
    ):
        if found:
            return vi, en
    return "trùng với tên của tệp khác trong gói tin", "is that of another file of the packet"


def _is_safe(name: str) -> bool:
    """Whether a name is its own safe form: letters, digits and harmless signs, as nearly all names are."""
    return (
        len(name) <= _BYTES // 4
        and _PLAIN.fullmatch(name) is not None
        and "  " not in name
        and (name.isascii() or unicodedata.is_normalized("NFC", name))
        and _DEVICE.fullmatch(name.split(".", 1)[0].rstrip()) is None
    )


def _keeps(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _short(text: str) -> str:
    if len(text.encode()) <= _BYTES:
        return text
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix.encode()) > 20:
        stem, suffix = text, ""
    room = _BYTES - len((dot + suffix).encode()) if suffix else _BYTES
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem}.{suffix}" if suffix else stem


def extension(name: str | None) -> str:
    """The extension in lower case, without its dot; empty where there is none."""
    stem, dot, suffix = safe_name(name, "").rpartition(".")
    return suffix.lower() if dot and stem else ""


def unique(name: str, taken: dict[str, int]) -> str:
    """``name``, with a number where it is taken already; names that differ only in case count as equal.

    ``taken`` holds what this has returned, with the last number that was tried for it: many files of one name cost no
    more than others.
    """
    key = name.casefold()
    serial = taken.get(key)
    if serial is None:
        taken[key] = 1
        return name
    stem, dot, suffix = name.rpartition(".")
    candidate = name
    while candidate.casefold() in taken:
        serial += 1
        candidate = f"{stem} ({serial}).{suffix}" if dot and stem else f"{name} ({serial})"
    taken[key] = serial
    taken[candidate.casefold()] = 1
    return candidate


def second_path(path: Path) -> Path:
    """Where the attachments of a packet go that keeps them in a second file."""
    return path.with_name(f"{path.stem}_attachments.xml")
