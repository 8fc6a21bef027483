"""The words for faults in a document's number and symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc.findings import Finding, Severity
from vn_edoc.identifiers.agency_lenient import finding
from vn_edoc.identifiers.text import tone_key
from vn_edoc.identifiers.value import shown

if TYPE_CHECKING:
    from vn_edoc.identifiers.document_number import DocumentNumber

__all__ = ["faults", "type_against_symbol"]

_W, _I = Severity.WARNING, Severity.INFO
_ANNEX_1, _ANNEX_3, _ANNEX_6 = "nd30:Phụ lục I", "nd30:Phụ lục III", "nd30:Phụ lục VI"
_WORDS: dict[str, tuple[Severity, str, str, str]] = {
    "leading_zero": (
        _W, "Số nhỏ hơn 10 phải ghi thêm số 0 phía trước.", "A number below 10 takes a leading 0.", _ANNEX_1,
    ),
    "extra_zero": (_W, "Số có thừa số 0 phía trước.", "The number has more zeros than it takes.", _ANNEX_1),
    "zero": (_W, "Số văn bản bắt đầu từ 01.", "Numbers start from 01.", _ANNEX_1),
    "suffix": (_W, "Số văn bản ghi bằng chữ số Ả Rập, không kèm chữ.", "The number is digits only.", _ANNEX_1),
    "case": (_W, "Ký hiệu viết sai chữ in hoa so với bảng chữ viết tắt.", "The symbol is in the wrong case.", _ANNEX_1),
    "needless_type": (
        _W, "Công văn không có chữ viết tắt tên loại; chữ “CV” là thừa.",
        "An official letter has no abbreviation of its type; “CV” is needless.", _ANNEX_3,
    ),
    "lookalike": (
        _W, "Có chữ trông giống chữ khác (Ð thay cho Đ) hoặc ký tự ẩn; đã đổi.",
        "A look-alike letter (Eth for Đ) or an invisible character; replaced.", _ANNEX_1,
    ),
    "unicode": (
        _W, "Chữ viết ở dạng Unicode tổ hợp; đã đổi sang dựng sẵn (NFC).",
        "The text was not in composed Unicode; brought to NFC.", _ANNEX_1,
    ),
    "stroke": (
        _W, "Chữ viết tắt tên loại thiếu nét gạch của chữ Đ; đã đọc là Đ.",
        "The abbreviation of the type lacks the stroke of Đ; read with it.", _ANNEX_3,
    ),
    "spaces": (_W, "Có khoảng trắng trong số, ký hiệu; đã bỏ.", "There are spaces; left out.", _ANNEX_1),
    "label": (_I, "Có chữ “Số” phía trước; đã bỏ.", "The word “Số” stands before it; left out.", _ANNEX_1),
    "dash": (_W, "Có dấu gạch khác dấu nối; đã đổi.", "A dash that is not a hyphen; replaced.", _ANNEX_1),
    "year": (
        _W, "Số văn bản hành chính không ghi năm.", "The number of an administrative document has no year.", _ANNEX_1,
    ),
    "no_issuer": (_W, "Ký hiệu không có chữ viết tắt tên cơ quan ban hành.", "The symbol names no issuer.", _ANNEX_1),
    "unknown_type": (
        _I, "Chữ viết tắt tên loại không có trong bảng.", "The abbreviation of the type is in no table.", _ANNEX_3,
    ),
}  # fmt: skip


def faults(number: DocumentNumber, names: tuple[str, ...]) -> tuple[Finding, ...]:
    """The findings for the faults met, in the order met, and for parts longer than the fields of NĐ 30/2020 hold."""
    found = []
    for name in dict.fromkeys(names):
        severity, vi, en, act = _WORDS[name]
        found.append(
            finding(f"document_number.{name}", severity, vi, en, act, found=shown(number.given), normal=str(number))
        )
    for part, text, longest in (("number", number.number, 11), ("symbol", number.symbol, 30)):
        if len(text) > longest:
            found.append(
                finding(
                    "document_number.length",
                    _W,
                    f"{'Số' if part == 'number' else 'Ký hiệu'} dài {len(text)} ký tự, trường dữ liệu chứa {longest}.",
                    f"The {part} has {len(text)} characters, its field holds {longest}.",
                    _ANNEX_6,
                    part=part,
                )
            )
    return tuple(found)


def type_against_symbol(number: DocumentNumber, type_name: str) -> tuple[Finding, ...]:
    """See :meth:`DocumentNumber.check_type`."""
    from vn_edoc.identifiers.document_type import by_name, document_types

    key = tone_key(type_name.removesuffix(" (cá biệt)"))
    stated = by_name().get(key) or tuple(t for t in document_types() if t.abbreviation.lower() == key and key)
    told = number.copy or number.type
    if not stated or told is None:
        return (
            finding(
                "document_number.type_unknown",
                _I,
                f"Không xác định được tên loại {shown(type_name)} có hợp với ký hiệu {number.symbol} hay không.",
                f"It cannot be told whether the type {shown(type_name)} agrees with the symbol {number.symbol}.",
                _ANNEX_3,
                type=type_name,
            ),
        )
    if number.copy is not None or any(t.name == told.name for t in stated):
        return ()
    if not told.abbreviation and any(not t.abbreviation for t in stated):
        return ()  # công văn and thư công: neither has an abbreviation, the symbol cannot tell them apart
    return (
        finding(
            "document_number.type",
            _W,
            f"Tên loại {shown(type_name)} không hợp với ký hiệu {number.symbol}, theo bảng là {told.name}.",
            f"The type {shown(type_name)} does not agree with the symbol {number.symbol}, which is {told.name}.",
            _ANNEX_3,
            type=type_name,
            told=told.name,
        ),
    )
