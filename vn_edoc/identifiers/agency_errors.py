"""Why a text is no agency code: position, part, what was expected, and the act. Loaded only when a code is refused."""

from __future__ import annotations

import re
import unicodedata

from vn_edoc.errors import InvalidCode
from vn_edoc.identifiers.text import LOOKALIKES, MISSING
from vn_edoc.identifiers.value import shown, where
from vn_edoc.law import basis

__all__ = ["diagnose", "require_plain"]

_ARTICLE = {
    "qcvn102": "tt10-2016",
    "qd20": "qd20-2020:4",
    "enterprise": "qd20-2020:5",
    "other": "qd20-2020:6",
    "any": "qd20-2020",
}
_OLD_PARTS = (
    # width, form, English, Vietnamese
    (3, r"[0-9]{3}", "3 digits (level 4)", "3 chữ số (cấp 4)"),
    (2, r"[0-9]{2}", "2 digits (level 3)", "2 chữ số (cấp 3)"),
    (2, r"[0-9]{2}", "2 digits (level 2)", "2 chữ số (cấp 2)"),
    (3, r"[A-Y][0-9]{2}", "a capital letter A-Y and 2 digits (level 1)", "1 chữ cái hoa A-Y và 2 chữ số (cấp 1)"),
)
_TOP_EN, _TOP_VI = _OLD_PARTS[3][2], _OLD_PARTS[3][3]


def _error(
    text: object, position: int | None, segment: str | None, expected_en: str, expected_vi: str, scheme: str
) -> InvalidCode:
    provision = basis(_ARTICLE[scheme])
    act_vi, act_en = provision.cite("vi"), provision.cite("en")
    part_en, part_vi = where(position, segment)
    return InvalidCode(
        f"{shown(text)} is not an agency code: {part_en}expected {expected_en} ({act_en})",
        f"{shown(text)} không phải mã định danh: {part_vi}cần {expected_vi} ({act_vi})",
        field="agency_code",
        value=text if isinstance(text, str) else None,
        rule=act_vi,
        position=position,
        segment=segment if segment is None or len(segment) <= 100 else segment[:100],
        expected=expected_en,
    )


def require_plain(text: str) -> None:
    """Refuse a code of QĐ 20/2020 article 6 that cannot be told from another: not NFC, with control characters, or
    with a space at the edge of the organisation's part. The article sets no alphabet."""
    for at, char in enumerate(text):
        if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}:
            raise _error(text, at, char, "no control character", "ký tự in được", "other")
    if text[3].isspace() or text[-1].isspace():
        at = 3 if text[3].isspace() else len(text) - 1
        raise _error(text, at, text[at], "no space at the edge", "viết không có khoảng trắng ở đầu và cuối", "other")
    if not unicodedata.is_normalized("NFC", text):
        at = next(
            (i for i, c in enumerate(text) if unicodedata.combining(c) or not unicodedata.is_normalized("NFC", c)), 3
        )
        raise _error(text, at, text[at], "composed Unicode (NFC)", "Unicode dựng sẵn (NFC)", "other")


def diagnose(text: object) -> InvalidCode:
    """The error for a text that follows no scheme."""
    if not isinstance(text, str):
        return _error(text, None, None, "text", "chuỗi ký tự", "any")
    if text.strip().lower() in MISSING:
        return _error(text, 0, text, "a code, not an empty value", "mã định danh, không phải giá trị trống", "any")
    scheme = _aim(text)
    foreign = _foreign(text, scheme)
    if foreign is not None:
        return foreign
    if scheme == "qcvn102":
        return _old(text)
    if scheme == "enterprise":
        return _enterprise(text)
    if scheme == "other":
        return _other(text)
    return _new(text)


def _aim(text: str) -> str:
    """The scheme that the writer probably meant."""
    first = text.lstrip()[:1].translate(LOOKALIKES).upper()
    if first == "Z":
        return "other"
    if first.isdigit():
        return "qcvn102" if "." in text else "enterprise"
    return "qd20"


def _foreign(text: str, scheme: str) -> InvalidCode | None:
    """The first character that no agency code holds: a space, a small letter, a look-alike, a mark."""
    if scheme == "other":
        return None
    allowed = "-" if scheme == "enterprise" else "."
    for at, char in enumerate(text):
        if char.isascii() and (char.isdigit() or "A" <= char <= "Z" or char == allowed):
            continue
        if char.isspace():
            return _error(text, at, char, "no space", "viết liền, không khoảng trắng", scheme)
        if "a" <= char <= "z":
            return _error(text, at, char, "a capital letter", "chữ cái in hoa", scheme)
        name = unicodedata.name(char, "")
        return _error(
            text,
            at,
            char,
            f"only digits, capital letters A-Z and {allowed!r}" + (f", not {name}" if name else ""),
            f"chỉ chữ số, chữ cái hoa A-Z và {allowed!r}",
            scheme,
        )
    return None


def _old(text: str) -> InvalidCode:
    parts = text.split(".")
    at = 0
    for index, part in enumerate(parts):
        if index > 3:
            return _error(text, at, ".".join(parts[index:]), "no fifth group", "đúng bốn nhóm", "qcvn102")
        _width, form, en, vi = _OLD_PARTS[index]
        if not re.fullmatch(form, part):
            return _error(text, at, part, en, vi, "qcvn102")
        at += len(part) + 1
    _width, _form, en, vi = _OLD_PARTS[len(parts)]
    return _error(text, len(text), "", f"another group: {en}", f"thêm một nhóm: {vi}", "qcvn102")


def _new(text: str) -> InvalidCode:
    parts = text.split(".")
    if not re.fullmatch(r"[A-Y][0-9]{2}", parts[0]):
        return _error(text, 0, parts[0], _TOP_EN, _TOP_VI, "qd20")
    at = 0
    for part in parts:
        if not part:
            return _error(text, at, "", "a group of digits or letters", "một nhóm chữ số hoặc chữ cái", "qd20")
        at += len(part) + 1
    return _error(text, 35, text[35:], "at most 35 characters", "không quá 35 ký tự", "qd20")


def _enterprise(text: str) -> InvalidCode:
    number, hyphen, unit = text.partition("-")
    if hyphen and number.isdigit() and len(number) in (10, 12):
        return _error(text, len(number) + 1, unit, "a unit number 001-999", "số đơn vị phụ thuộc 001-999", "enterprise")
    if text.isdigit() and len(text) in (13, 15):
        return _error(text, len(text) - 3, text[-3:], "a unit number 001-999", "số đơn vị 001-999", "enterprise")
    return _error(
        text,
        0,
        text,
        "10 digits, 10 digits and a unit number of 3, or 12 digits",
        "10 chữ số, 10 chữ số kèm 3 chữ số đơn vị, hoặc 12 chữ số",
        "enterprise",
    )


def _other(text: str) -> InvalidCode:
    if not re.match(r"Z(?!00)[0-9]{2}", text):
        return _error(text, 0, text[:3], "Z and two digits 01-99", "chữ Z và hai chữ số 01-99", "other")
    if len(text) == 3:
        return _error(text, 3, "", "1 to 32 characters after the prefix", "từ 1 đến 32 ký tự sau mã lược đồ", "other")
    if len(text) > 35:
        return _error(text, 35, text[35:], "at most 35 characters", "không quá 35 ký tự", "other")
    at = text.index("\n")  # the one character that the form itself keeps out
    return _error(text, at, "\n", "no line break", "viết trên một dòng", "other")
