"""What is asked of a message and its attachments: fields, lengths, codes, keys. Pure functions over what was read.

Rule ids that start with R are those of the legal rules (R44 completeness, R47 fields, R48 agency codes, R49 document
id, R50 duplicates, R51 number and notation); the others are named ``envelope.*``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from vn_edoc.envelope.attachments import DAMAGES, Attachment, Content, ManifestReference
from vn_edoc.envelope.codes import BusinessType
from vn_edoc.envelope.fields import Element, Part, elements_of
from vn_edoc.envelope.model import DocumentMessage, ErrorReport, Organization, StatusMessage
from vn_edoc.envelope.notes import Notes
from vn_edoc.errors import InvalidCode
from vn_edoc.findings import VIETNAM, Finding, Severity
from vn_edoc.identifiers import AgencyCode, DocumentId, DocumentNumber
from vn_edoc.limits import DEFAULT_LIMITS

__all__ = ["check_attachment", "check_message", "duplicates", "missing_content"]

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_FIELDS = ("qd28:10.2", "nd30:Phụ lục VI")
_CODES = ("qd20-2020:4", "qd09-2025")
_OLD_CODES_END = date(2022, 9, 15)
"""End of the 24 months that QĐ 20/2020/QĐ-TTg gave codes of QCVN 102:2016."""
_QCVN_ISSUED = date(2016, 4, 1)
"""Before it no act fixed a structure of agency codes (TT 10/2016/TT-BTTTT)."""
_DIGITS = {"promulgation_amount": 3, "page_amount": 3}


def check_message(
    message: DocumentMessage | StatusMessage | ErrorReport | None, notes: Notes, *, read: bool = False
) -> None:
    """All checks that need the message alone."""
    if isinstance(message, DocumentMessage):
        _document(message, notes)
        _walk(message, "MessageHeader", notes)
    elif isinstance(message, StatusMessage):
        _status(message, notes)
        _walk(message, "MessageHeader", notes)
    elif isinstance(message, ErrorReport) and read:
        for number, error in enumerate(message.errors, 1):
            notes.add(
                "envelope.reported_error",
                _INFO,
                f"ErrorList/Error[{number}]",
                f"Bên kia báo lỗi {error.code}: {error.description}",
                f"The partner reports the error {error.code}: {error.description}",
            )


# Fields and lengths


def _missing(notes: Notes, path: str, vi: str, severity: Severity = _ERROR, rule: str = "R47") -> None:
    name = path.rpartition("/")[2].partition("[")[0]
    notes.add(
        rule,
        severity,
        f"MessageHeader/{path}" if not path.startswith("TraceHeaderList") else path,
        f"Thiếu {name} ({vi}).",
        f"{name} is missing.",
        basis=_FIELDS,
        missing=True,
    )


def _has_extension(part: Any, name: str) -> bool:
    """Whether a value was there that does not fit: it has its own finding."""
    return part is not None and any(e.name == name for e in part.extensions)


def _document(message: DocumentMessage, notes: Notes) -> None:
    info, code = message.promulgation_info, message.code
    day = info.promulgation_date if info is not None else None
    _organization(message.sender, "From", day, notes)
    if not message.receivers:
        _missing(notes, "To", "nơi nhận")
    for number, receiver in enumerate(message.receivers, 1):
        _organization(receiver, f"To[{number}]" if len(message.receivers) > 1 else "To", day, notes)
    if code is None or not code.code_number:
        _missing(notes, "Code/CodeNumber", "số của văn bản")
    if code is None or not code.code_notation:
        _missing(notes, "Code/CodeNotation", "ký hiệu của văn bản")
    if day is None and not _has_extension(info, "PromulgationDate"):
        _missing(notes, "PromulgationInfo/PromulgationDate", "ngày ban hành")
    if not message.subject:
        _missing(notes, "Subject", "trích yếu nội dung")
    if message.signer_info is None or not message.signer_info.full_name:
        _missing(notes, "SignerInfo/FullName", "họ và tên người ký", _WARNING)
    if message.document_type is None or not message.document_type.type_name:
        _missing(notes, "DocumentType/TypeName", "tên loại văn bản", _WARNING)
    if message.other_info is None or message.other_info.priority is None:
        _missing(notes, "OtherInfo/Priority", "độ khẩn", _WARNING)
    if not message.document_id:
        _missing(notes, "DocumentId", "mã định danh văn bản", _WARNING)
    if not message.trace_headers:
        _missing(notes, "TraceHeaderList/TraceHeader", "lưu vết", _WARNING, rule="R68")
    if message.trace is None or message.trace.business is None:
        _missing(notes, "TraceHeaderList/Bussiness", "thông tin nghiệp vụ", _WARNING)
    _document_type(message, notes)
    _business(message, notes)
    _receivers(message.receivers, notes)
    _trace(message, day, notes)
    _number(message, notes)
    _document_id(message, day, notes)
    if day is not None and day > datetime.now(VIETNAM).date():
        notes.add(
            "envelope.future_date",
            _WARNING,
            "MessageHeader/PromulgationInfo/PromulgationDate",
            f"Ngày ban hành {day:%d/%m/%Y} ở tương lai.",
            f"The day of issue {day.isoformat()} is in the future.",
        )
    for number, answered in enumerate(message.response_for, 1):
        if answered.organ_id:
            _agency(answered.organ_id, f"MessageHeader/ResponseFor[{number}]/OrganId", None, notes)


def _status(message: StatusMessage, notes: Notes) -> None:
    day = message.timestamp.date() if message.timestamp is not None else None
    _organization(message.sender, "From", day, notes)
    answered = message.response_for
    for field, path, vi in (
        ("organ_id", "OrganId", "mã định danh cơ quan"),
        ("code", "Code", "số, ký hiệu"),
        ("document_id", "DocumentId", "mã định danh văn bản"),
    ):
        if answered is None or not getattr(answered, field):
            _missing(notes, f"ResponseFor/{path}", vi)
    if message.status_code is None and not _has_extension(message, "StatusCode"):
        _missing(notes, "StatusCode", "mã trạng thái")
    if message.timestamp is None and not _has_extension(message, "Timestamp"):
        _missing(notes, "Timestamp", "thời điểm", _WARNING)
    if answered is not None and answered.organ_id:
        if answered.code and not AgencyCode.is_valid(answered.organ_id) and AgencyCode.is_valid(answered.code):
            notes.add(
                "envelope.exchanged",
                _WARNING,
                "MessageHeader/ResponseFor",
                "OrganId và Code bị ghi đổi chỗ cho nhau.",
                "OrganId and Code stand in each other's place.",
                organ_id=answered.code,
                code=answered.organ_id,
            )
        else:
            _agency(answered.organ_id, "MessageHeader/ResponseFor/OrganId", day, notes)


def _organization(part: Organization | None, path: str, day: date | None, notes: Notes) -> None:
    if part is None or not part.organ_id:
        _missing(notes, f"{path}/OrganId", "mã định danh cơ quan")
    else:
        _agency(part.organ_id, f"MessageHeader/{path}/OrganId", day, notes)
    if part is None or not part.organ_name:
        _missing(notes, f"{path}/OrganName", "tên cơ quan, tổ chức", _WARNING)
    if part is not None and part.email is not None and not 0 < part.email.find("@") < len(part.email) - 1:
        notes.add(
            "envelope.email",
            _WARNING,
            f"MessageHeader/{path}/Email",
            "Địa chỉ thư điện tử không đúng dạng.",
            "The e-mail address is not one.",
        )


@cache
def _scheme(code: str) -> str | None:
    try:
        return AgencyCode.parse(code).scheme
    except InvalidCode:
        return None


def _agency(code: str, path: str, day: date | None, notes: Notes) -> None:
    scheme = _scheme(code) if len(code) <= 64 else None
    if scheme is None:
        early = day is not None and day < _QCVN_ISSUED
        notes.add(
            "R48",
            _WARNING if early else _ERROR,
            path,
            f"Mã định danh {code[:60]!r} không theo cấu trúc nào của quy định.",
            f"The agency code {code[:60]!r} follows none of the schemes.",
            basis=_CODES,
            found=code[:60],
        )
    elif scheme == "qcvn102" and (day is None or day >= _OLD_CODES_END):
        notes.add(
            "R48",
            _WARNING,
            path,
            f"Mã {code} theo cấu trúc cũ (QCVN 102:2016), đã hết thời hạn chuyển đổi ngày 15/9/2022.",
            f"The code {code} is of the old scheme, whose transition ended on 15 September 2022.",
            basis=_CODES,
            found=code,
        )


def _walk(part: Part, path: str, notes: Notes) -> None:
    """Lengths and Unicode form of every text."""
    table = elements_of(type(part))
    for field, value in part.__dict__.items():
        if value is None or value == () or field not in table:
            continue
        spec = table[field]
        here = f"{path}/{spec.name}" if spec.name != "TraceHeaderList" else spec.name
        if spec.part is not None:
            parts = value if isinstance(value, tuple) else (value,)
            for number, inner in enumerate(parts, 1):
                _walk(inner, f"{here}[{number}]" if len(parts) > 1 else here, notes)
        elif spec.kind == "text":
            _text(value, spec, here, notes)
        elif spec.kind == "int" and field in _DIGITS and value >= 10 ** _DIGITS[field]:
            _too_long(spec, here, len(str(value)), _DIGITS[field], notes)


def _text(value: Any, spec: Element, path: str, notes: Notes) -> None:
    texts = (value,) if isinstance(value, str) else value
    length = len(value) if isinstance(value, str) else sum(map(len, texts))
    if spec.limit is not None and length > spec.limit:
        _too_long(spec, path, length, spec.limit, notes)
    for text in texts:
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            notes.group(
                "envelope.not_nfc",
                _WARNING,
                path,
                "Có {n} giá trị không ở dạng Unicode dựng sẵn (NFC).",
                "{n} values are not in the composed Unicode form (NFC).",
            )


def _too_long(spec: Element, path: str, length: int, limit: int, notes: Notes) -> None:
    notes.add(
        "R47",
        _WARNING,
        path,
        f"{spec.name} ({spec.term}) dài {length} ký tự, quy định nhiều nhất {limit}.",
        f"{spec.name} has {length} characters, {limit} are allowed.",
        basis=("nd30:Phụ lục VI",),
        length=length,
        allowed=limit,
    )


# Business


def _document_type(message: DocumentMessage, notes: Notes) -> None:
    kind = message.document_type
    if kind is not None and kind.type is not None and kind.type not in (1, 2):
        notes.add(
            "envelope.document_type",
            _WARNING,
            "MessageHeader/DocumentType/Type",
            f"Nhóm loại văn bản {kind.type} ngoài 1 (quy phạm pháp luật) và 2 (hành chính).",
            f"The group of the document type is {kind.type}, not 1 (normative) or 2 (administrative).",
            found=kind.type,
        )


def _business(message: DocumentMessage, notes: Notes) -> None:
    business = message.trace.business if message.trace is not None else None
    if business is None:
        return
    path = "TraceHeaderList/Bussiness"
    if business.doc_type is BusinessType.REPLACE and not any(r.document_id for r in business.replacements):
        notes.add(
            "envelope.replacement",
            _ERROR,
            f"{path}/ReplacementInfoList",
            "Văn bản thay thế nhưng không nêu văn bản bị thay thế.",
            "A replacement that does not name what it replaces.",
        )
    if business.doc_type is BusinessType.UPDATE and business.update_info is None:
        notes.add(
            "envelope.update",
            _WARNING,
            f"{path}/BussinessDocumentInfo",
            "Gói cập nhật nhưng không nêu nội dung cập nhật.",
            "An update that does not say what it changes.",
        )
    if business.doc_type is None and not _has_extension(business, "BussinessDocType"):
        notes.add(
            "envelope.business_type",
            _WARNING,
            f"{path}/BussinessDocType",
            "Thiếu loại nghiệp vụ; coi là văn bản mới.",
            "The business type is missing; the document is taken as new.",
        )


def _receivers(receivers: tuple[Organization, ...], notes: Notes) -> None:
    seen: dict[str, int] = {}
    agencies: dict[str, str] = {}
    for number, receiver in enumerate(receivers, 1):
        organ = receiver.organ_id
        if not organ:
            continue
        path = f"MessageHeader/To[{number}]/OrganId"
        if organ in seen:
            notes.add(
                "envelope.duplicate_receiver",
                _WARNING,
                path,
                f"Nơi nhận {organ[:60]} lặp lại.",
                f"The receiver {organ[:60]} is named twice.",
            )
            continue
        seen[organ] = number
        new = _new_code(organ)
        if new is not None and agencies.setdefault(new, organ) != organ:
            notes.add(
                "envelope.same_receiver",
                _WARNING,
                path,
                f"Nơi nhận {organ} và {agencies[new]} là mã cũ và mã mới của cùng một cơ quan.",
                f"The receivers {organ} and {agencies[new]} are the old and the new code of one agency.",
            )


def _new_code(organ: str) -> str | None:
    try:
        code = AgencyCode.parse(organ).to_qd20()
    except InvalidCode:
        return None
    return None if code is None else str(code)


def _trace(message: DocumentMessage, day: date | None, notes: Notes) -> None:
    last: datetime | None = None
    for number, node in enumerate(message.trace_headers, 1):
        path = f"TraceHeaderList/TraceHeader[{number}]"
        if node.organ_id is None and node.sender is None:
            notes.group(
                "envelope.trace_node",
                _WARNING,
                path,
                "Có {n} bước lưu vết không ghi mã định danh.",
                "{n} trace entries do not name their node.",
            )
        if node.timestamp is None:
            continue
        if last is not None and node.timestamp < last:
            notes.add(
                "envelope.trace_order",
                _WARNING,
                f"{path}/Timestamp",
                "Thời điểm lưu vết sớm hơn bước trước.",
                "The trace entry is earlier than the one before it.",
            )
        last = node.timestamp
    first = next((t.timestamp for t in message.trace_headers if t.timestamp is not None), None)
    if first is not None and day is not None and first.date() < day:
        notes.add(
            "envelope.sent_before_issue",
            _WARNING,
            "TraceHeaderList/TraceHeader[1]/Timestamp",
            f"Thời điểm gửi {first:%d/%m/%Y} sớm hơn ngày ban hành {day:%d/%m/%Y}.",
            f"It was sent on {first.date().isoformat()}, before its day of issue {day.isoformat()}.",
        )


# Number, notation, document id


def _number(message: DocumentMessage, notes: Notes) -> None:
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
    try:
        parsed = DocumentNumber.parse(f"{number}/{notation}")
    except InvalidCode:
        return
    type_name = message.document_type.type_name if message.document_type is not None else None
    told = [*parsed.findings, *(parsed.check_type(type_name) if type_name else ())]
    for finding in told:
        if finding.severity is _WARNING and finding.rule != "document_number.length":
            notes.add(
                "R51",
                _WARNING,
                path,
                finding.message_vi,
                finding.message_en,
                basis=("nd30:15", "nd30:Phụ lục III"),
                part=finding.rule,
            )


def _document_id(message: DocumentMessage, day: date | None, notes: Notes) -> None:
    if not message.document_id:
        return
    path = "MessageHeader/DocumentId"
    organ = message.sender.organ_id if message.sender is not None else None
    try:
        parsed = DocumentId.parse(message.document_id)
    except InvalidCode:
        parsed = None
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


# Attachments


def missing_content(reference: ManifestReference, notes: Notes) -> None:
    """An entry of the manifest without an attachment."""
    shown = reference.name or reference.content_id or str(reference.index)
    notes.add(
        "R44",
        _ERROR,
        f"Manifest/Reference[{reference.index}]",
        f"Gói tin thiếu tệp {shown[:120]!r} nêu trong danh mục.",
        f"The packet lacks {shown[:120]!r}, which its manifest names.",
        basis=("qd28:9.1", "qd28:10.1"),
        missing=True,
    )


def check_attachment(
    attachment: Attachment, content: Content, declared_size: str | None, notes: Notes, *, has_manifest: bool
) -> None:
    """All checks of one attachment."""
    path, shown = f"Attachment[{attachment.index}]", attachment.safe_name

    def say(rule: str, severity: Severity, vi: str, en: str, basis: tuple[str, ...] = (), **data: Any) -> None:
        notes.add(rule, severity, path, vi, en, basis=basis, attachment=shown, **data)

    if attachment.damage is not None:
        vi, en = DAMAGES[attachment.damage]
        place = {} if content.run is None else {"offset": content.run.check().offset}
        say(
            "R44",
            _ERROR,
            f"Tệp đính kèm không đọc được: {vi}.",
            f"The attachment cannot be read: {en}.",
            ("qd28:9.1", "qd28:10.1"),
            damage=attachment.damage,
            **place,
        )
    if attachment.reference is None and has_manifest:
        say(
            "envelope.not_in_manifest",
            _WARNING,
            "Tệp đính kèm không có trong danh mục (edXMLManifest).",
            "The manifest does not name the attachment.",
        )
    if attachment.name is None:
        say("envelope.name", _WARNING, "Tệp đính kèm không có tên.", "The attachment has no name.")
    elif attachment.safe_name != attachment.name:
        say(
            "envelope.name",
            _WARNING,
            f"Tên tệp không an toàn hoặc bị trùng; khi lưu dùng tên {shown!r}.",
            f"The file name is unsafe or taken; {shown!r} is used for saving.",
            found=attachment.name[:500],
        )
    if attachment.name is not None and len(attachment.name) > 500:
        say("R47", _WARNING, "Tên tệp dài quá 500 ký tự.", "The file name has more than 500 characters.")
    reference = attachment.reference
    if reference is not None and reference.name and attachment.name and reference.name != attachment.name:
        say(
            "envelope.manifest_name",
            _WARNING,
            "Tên tệp trong danh mục khác với tên ở tệp đính kèm.",
            "The manifest gives another name than the attachment.",
            manifest=reference.name[:500],
        )
    listed = reference.content_type if reference is not None else None
    declared = attachment.declared_media_type
    if listed and declared and listed.lower() != declared.lower():
        say(
            "envelope.manifest_type",
            _INFO,
            "Kiểu nội dung trong danh mục khác với ở tệp đính kèm.",
            "The manifest gives another media type than the attachment.",
            manifest=listed[:100],
            attachment_type=declared[:100],
        )
    _content_form(content, declared_size, say)
    if content.media_type in ("application/vnd.microsoft.portable-executable", "application/x-elf"):
        say("envelope.executable", _WARNING, "Tệp đính kèm là chương trình.", "The attachment is a program.")


def _content_form(content: Content, declared_size: str | None, say: Any) -> None:
    if content.run is not None:
        checked = content.run.check()
        if checked.unpadded:
            say(
                "envelope.base64_form",
                _WARNING,
                "base64 thiếu dấu = ở cuối.",
                "The padding at the end of the base64 is missing.",
            )
        if checked.loose_bits:
            say(
                "envelope.base64_form",
                _WARNING,
                "base64 có bit thừa ở ký tự cuối.",
                "The last character of the base64 carries bits that decode to nothing.",
            )
    if content.zip_note == "many":
        say(
            "envelope.zip_wrapper",
            _WARNING,
            "Nội dung là tệp ZIP có nhiều tệp nhưng tên tệp không phải ZIP; giữ nguyên.",
            "The content is a ZIP of several files under another name; it was left as it is.",
        )
    elif content.zip_note == "nested":
        say(
            "envelope.zip_wrapper",
            _WARNING,
            "Bên trong lớp ZIP còn một lớp ZIP; chỉ mở một lớp.",
            "There is a ZIP inside the ZIP wrapper; only one is taken off.",
        )
    if declared_size is not None and content.size is not None and declared_size != str(content.size):
        say(
            "envelope.declared_size",
            _WARNING,
            "Dung lượng khai báo khác với dung lượng thật.",
            "The declared size is not the real one.",
            declared=declared_size[:40],
            size=content.size,
        )


# Over several messages


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
