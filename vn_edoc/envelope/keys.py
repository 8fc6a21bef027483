"""Number, notation and document id: whether they are in order, agree, and are unique (R49, R50, R51)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import is_normalized

from vn_edoc.envelope.codes import BusinessType
from vn_edoc.envelope.notes import Notes
from vn_edoc.errors import InvalidCode
from vn_edoc.findings import Finding, Severity
from vn_edoc.identifiers import AgencyCode, DocumentId, DocumentNumber
from vn_edoc.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from vn_edoc.envelope.model import DocumentMessage
    from vn_edoc.envelope.parts import Code

__all__ = ["check_acted_on", "check_document_id", "check_number", "duplicates"]

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_SHORT = 200
"""Longest texts whose answers are remembered."""
_UNDOUBTED = re.compile(r"[1-9][0-9]{1,10}", re.ASCII)
"""Numbers that are as they should be; all of them lead to the answer for :data:`_ANY`."""
_ANY = "15"
_OWN_CODES = re.compile(r"[0-9A-Za-z.\-]{3,35}")
_OWN_NOTATION = re.compile(r"[\w&.\-]{1,100}(?:/[\w&.\-]{1,50})?")


def check_number(message: DocumentMessage, notes: Notes) -> None:
    """R51: number and notation have their form, stand in their places, and agree with the type."""
    code = message.code
    if code is None or not code.code_number or not code.code_notation:
        return
    number, notation = code.code_number, code.code_notation
    path = "MessageHeader/Code"
    if notation.isascii() and notation.isdigit() and not number.isdigit():
        notes.add(
            "R51",
            _WARNING,
            path,
            "Số và ký hiệu bị ghi đổi chỗ cho nhau.",
            "Number and notation stand in each other's place.",
            basis=("nd30:15",),
            code_number=notation,
            code_notation=number,
        )
        return
    if not (number.isascii() and number.isdigit()):
        notes.add(
            "R51",
            _WARNING,
            f"{path}/CodeNumber",
            f"Số của văn bản {number[:40]!r} không phải chữ số.",
            f"The number {number[:40]!r} is not made of digits.",
            basis=("nd30:15",),
        )
    if "#" in notation or notation.startswith(f"{number}/") or "/" in notation[:1]:
        notes.add(
            "R51",
            _WARNING,
            f"{path}/CodeNotation",
            f"Ký hiệu {notation[:60]!r} chứa cả số hoặc phần thêm ngoài ký hiệu.",
            f"The notation {notation[:60]!r} holds the number or an addition of a system.",
            basis=("nd30:15",),
        )
        return
    type_name = message.document_type.type_name if message.document_type is not None else None
    told = _remembered if len(notation) <= _SHORT and len(type_name or "") <= _SHORT else _doubts
    plain = len(notation) <= _SHORT // 2 and _UNDOUBTED.fullmatch(number) is not None
    for part, vi, en in told(_ANY if plain else number, notation, type_name or ""):
        notes.add("R51", _WARNING, path, vi, en, basis=("nd30:15", "nd30:Phụ lục III"), part=part)


def _doubts(number: str, notation: str, type_name: str) -> tuple[tuple[str, str, str], ...]:
    """What a number and notation say against the form and against the type: rule, Vietnamese and English words."""
    try:
        parsed = DocumentNumber.parse(f"{number}/{notation}")
    except InvalidCode:
        return ()
    told = [*parsed.findings, *(parsed.check_type(type_name) if type_name else ())]
    return tuple(
        (f.rule, f.message_vi, f.message_en)
        for f in told
        if f.severity is _WARNING and f.rule != "document_number.length"
    )


_remembered = lru_cache(maxsize=1024)(_doubts)


_SPREAD = re.compile(r"\s+(?=[,/])|(?<=[,/])\s+")


def check_document_id(message: DocumentMessage, day: date | None, notes: Notes) -> None:
    """R49: the id names agency and year, and agrees with what the packet says elsewhere."""
    if not message.document_id:
        return
    path = "MessageHeader/DocumentId"
    organ = message.sender.organ_id if message.sender is not None else None
    if _made_of_its_own(message.document_id, organ, day, message.code):
        return
    # A line break that came in with the layout of the file separates nothing.
    bare = _SPREAD.sub("", message.document_id)
    try:
        parsed = DocumentId.parse(bare)
    except InvalidCode:
        parsed = None
    if bare != message.document_id:
        notes.add(
            "R49",
            _WARNING,
            path,
            "Mã định danh văn bản có khoảng trắng hoặc xuống dòng ở giữa: phần mềm khác coi là mã khác.",
            "Blanks or line breaks stand inside the document id: to other software it is another id.",
            basis=("qd28:10.2b",),
        )
    if parsed is None or parsed.agency is None or parsed.year is None:
        notes.add(
            "R49",
            _WARNING,
            path,
            "Mã định danh văn bản không nêu mã cơ quan ban hành và năm.",
            "The document id does not name the issuing agency and the year.",
            basis=("qd28:10.2b",),
        )
        return
    differs = []
    if organ is not None and str(parsed.agency) != organ:
        differs.append("OrganId")
    exchange = parsed.form == "exchange"
    if day is not None and (parsed.issued != day if exchange else parsed.year != day.year):
        differs.append("PromulgationDate")
    code = message.code
    if (
        code is not None
        and exchange
        and (parsed.code_number, parsed.code_notation)
        != (
            code.code_number,
            code.code_notation,
        )
    ):
        differs.append("Code")
    if differs:
        notes.add(
            "R49",
            _WARNING,
            path,
            f"Mã định danh văn bản khác với {', '.join(differs)} của gói tin.",
            f"The document id disagrees with {', '.join(differs)} of the packet.",
            basis=("qd28:10.2b",),
            differs=differs,
        )


def check_acted_on(message: DocumentMessage, notes: Notes) -> None:
    """A recall, update or replacement acts on documents of its sender; an id that names another agency is told."""
    business = message.trace.business if message.trace is not None else None
    sender = message.sender.organ_id if message.sender is not None else None
    if business is None or business.doc_type in (None, BusinessType.NEW) or sender is None:
        return
    own = _one_key(sender)
    told = 0
    named = [("DocumentId", business.document_id)]
    named += [("ReplacementInfoList", r.document_id) for r in business.replacements]
    for where, document_id in named:
        try:
            agency = DocumentId.parse(document_id).agency if document_id and len(document_id) <= _LONGEST_ID else None
        except InvalidCode:
            continue
        if agency is None or _one_key(str(agency)) == own:
            continue
        told += 1
        if told <= _TOLD:
            notes.add(
                "envelope.foreign_document",
                _WARNING,
                f"TraceHeaderList/Bussiness/{where}",
                f"Gói tin tác động lên văn bản của cơ quan khác ({agency}), không phải của cơ quan gửi; "
                "chỉ thực hiện khi có căn cứ.",
                f"The packet acts on a document of another agency ({agency}), not on its sender's; follow it only "
                "where there is a ground for that.",
                agency=str(agency),
            )


_LONGEST_ID = 200
_TOLD = 10
"""Findings about ids of others: a list of them may be long."""


def _one_key(code: str) -> str:
    """One text for both codes of an agency, where one follows from the other."""
    parsed = AgencyCode.parse_lenient(code).code if len(code) <= _LONGEST_ID else None
    return code if parsed is None else str(parsed.to_qd20() or parsed)


def _made_of_its_own(document_id: str, organ: str | None, day: date | None, code: Code | None) -> bool:
    """Whether an id is just what systems make of agency, date, number and notation: then it agrees with them."""
    if organ is None or day is None or code is None or code.code_number is None or code.code_notation is None:
        return False
    number, notation = code.code_number, code.code_notation
    return (
        document_id == f"{organ},{day.year:04d}/{day.month:02d}/{day.day:02d},{number}/{notation}"
        and _OWN_CODES.fullmatch(organ) is not None
        and number.isascii()
        and number.isdigit()
        and len(number) <= _SHORT
        and _OWN_NOTATION.fullmatch(notation) is not None
        and is_normalized("NFC", notation)
        and _is_code(organ)
    )


@lru_cache(maxsize=4096)
def _is_code(organ: str) -> bool:
    """Whether a text is the code of an agency in its normal form."""
    try:
        return str(AgencyCode.parse(organ)) == organ
    except InvalidCode:
        return False


def duplicates(messages: Iterable[DocumentMessage]) -> tuple[Finding, ...]:
    """R50 over the documents of one register: equal document ids, or equal number, notation and agency in a year.

    NĐ 30/2020/NĐ-CP Phụ lục VI asks systems to warn of both. Recalls, updates and resent packets carry the id of
    their document rightly, so give each document once.
    """
    notes = Notes(DEFAULT_LIMITS)
    ids: dict[str, int] = {}
    numbers: dict[tuple[str | None, ...], int] = {}
    for place, message in enumerate(messages, 1):
        path = f"[{place}]"
        if message.document_id:
            before = ids.setdefault(message.document_id, place)
            if before != place:
                notes.add(
                    "R50",
                    _ERROR,
                    path,
                    f"Mã định danh văn bản trùng với văn bản thứ {before}.",
                    f"The document id is that of document {before}.",
                    basis=("nd30:Phụ lục VI",),
                    earlier=before,
                )
        code, info, sender = message.code, message.promulgation_info, message.sender
        if code is None or not code.code_number or not code.code_notation or sender is None:
            continue
        year = str(info.promulgation_date.year) if info is not None and info.promulgation_date is not None else None
        key = (sender.organ_id, code.code_number, code.code_notation, year)
        before = numbers.setdefault(key, place)
        if before != place:
            notes.add(
                "R50",
                _ERROR,
                f"{path}/Code",
                f"Số, ký hiệu và cơ quan ban hành trùng với văn bản thứ {before}.",
                f"Number, notation and issuing agency are those of document {before}.",
                basis=("nd30:Phụ lục VI", "nd30:15.1"),
                earlier=before,
            )
    return notes.findings()
