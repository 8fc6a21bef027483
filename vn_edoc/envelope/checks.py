"""What is asked of a message: fields, lengths, codes. Pure functions over what was read.

Rule ids that start with R are those of the legal rules (R44 completeness, R47 fields, R48 agency codes, R49 document
id, R50 duplicates, R51 number and notation); the others are named ``envelope.*``.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from unicodedata import normalize

from vn_edoc.envelope.codes import BusinessType
from vn_edoc.envelope.elements import Values
from vn_edoc.envelope.keys import check_acted_on, check_document_id, check_number
from vn_edoc.envelope.lengths import check_texts
from vn_edoc.envelope.lettering import check_lettering
from vn_edoc.envelope.notes import Notes
from vn_edoc.errors import InvalidCode
from vn_edoc.findings import VIETNAM, Severity
from vn_edoc.identifiers import AgencyCode

if TYPE_CHECKING:
    from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage
    from vn_edoc.envelope.parts import Organization, UpdateInfo

__all__ = ["check_message"]

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_FIELDS = ("qd28:10.2", "nd30:Phụ lục VI")
_CODES = ("qd20-2020:4", "qd09-2025")
_OLD_CODES_END = date(2022, 9, 15)
"""End of the 24 months that QĐ 20/2020/QĐ-TTg gave codes of QCVN 102:2016."""
_QCVN_ISSUED = date(2016, 4, 1)
"""Before it no act fixed a structure of agency codes (TT 10/2016/TT-BTTTT)."""


def check_message(
    message: DocumentMessage | StatusMessage | ErrorReport | Values | None,
    notes: Notes,
    *,
    read_on: date | None = None,
) -> None:
    """All checks that need the message alone. ``read_on`` is the day on which a packet was read; of what is to be
    written there is none."""
    if message is None:
        return
    today = datetime.now(VIETNAM).date() if read_on is None else read_on
    if message.packet_kind == "document":
        _document(cast("DocumentMessage", message), today, notes)
        check_lettering(cast("DocumentMessage", message), notes)
        check_texts(message, notes)
    elif message.packet_kind == "status":
        _status(cast("StatusMessage", message), notes)
        check_texts(message, notes)
    elif read_on is not None:
        for number, error in enumerate(cast("ErrorReport", message).errors, 1):
            notes.add(
                "envelope.reported_error",
                _INFO,
                f"ErrorList/Error[{number}]",
                f"Bên kia báo lỗi {error.code}: {error.description}",
                f"The partner reports the error {error.code}: {error.description}",
            )


# Fields


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


def _document(message: DocumentMessage, today: date, notes: Notes) -> None:
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
    other = message.other_info
    if (other is None or other.priority is None) and not _has_extension(other, "Priority"):
        _missing(notes, "OtherInfo/Priority", "độ khẩn", _WARNING)
    if not message.document_id:
        _missing(notes, "DocumentId", "mã định danh văn bản", _WARNING)
    if message.trace is None or not message.trace.headers:
        _missing(notes, "TraceHeaderList/TraceHeader", "lưu vết", _WARNING, rule="R68")
    if message.trace is None or message.trace.business is None:
        _missing(notes, "TraceHeaderList/Bussiness", "thông tin nghiệp vụ", _WARNING)
    _document_type(message, notes)
    _business(message, notes)
    check_acted_on(message, notes)
    _receivers(message.receivers, notes)
    _trace(message, day, notes)
    check_number(message, notes)
    check_document_id(message, day, notes)
    if day is not None and day > today:
        notes.add(
            "envelope.future_date",
            _WARNING,
            "MessageHeader/PromulgationInfo/PromulgationDate",
            f"Ngày ban hành {day:%d/%m/%Y} ở tương lai.",
            f"The day of issue {day.isoformat()} is in the future.",
        )
    for number, answered in enumerate(message.response_for, 1):
        path = f"ResponseFor[{number}]"
        if answered.organ_id:
            _agency(answered.organ_id, f"MessageHeader/{path}/OrganId", None, notes)
        else:
            _missing(notes, f"{path}/OrganId", "cơ quan ban hành văn bản được phúc đáp", _WARNING)
        if not answered.code:
            _missing(notes, f"{path}/Code", "số, ký hiệu văn bản được phúc đáp", _WARNING)


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
            _agency(answered.organ_id, "MessageHeader/ResponseFor/OrganId", day, notes, quoted=True)


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


_LONGEST = 64
"""Letters of a code or a label; what is longer is neither."""


@lru_cache(maxsize=4096)
def _schemes(code: str) -> tuple[str | None, str | None]:
    """The scheme that a code follows, and the code by QĐ 20/2020/QĐ-TTg of the same agency; ``None`` without one."""
    try:
        parsed = AgencyCode.parse(code)
    except InvalidCode:
        return None, None
    new = parsed.to_qd20()
    return parsed.scheme, None if new is None else str(new)


def _agency(code: str, path: str, day: date | None, notes: Notes, *, quoted: bool = False) -> None:
    """``quoted``: an answer repeats the code as the other side wrote it, and has to be sendable all the same."""
    scheme = _schemes(code)[0] if len(code) <= _LONGEST else None
    if scheme is None:
        early = day is not None and day < _QCVN_ISSUED
        notes.add(
            "R48",
            _WARNING if early or quoted else _ERROR,
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


# Business


_BUSINESS_LABELS = frozenset(
    {"văn bản điện tử mới", "văn bản mới", "mới", "thu hồi", "cập nhật", "thay thế"}
    | {f"{what} văn bản{kind}" for what in ("thu hồi", "cập nhật", "thay thế") for kind in ("", " điện tử")}
)
"""Labels of the four business types, which some systems write as the name of the document's type."""


def _document_type(message: DocumentMessage, notes: Notes) -> None:
    kind = message.document_type
    name = kind.type_name if kind is not None else None
    if name is not None and len(name) < _LONGEST and normalize("NFC", name).casefold() in _BUSINESS_LABELS:
        notes.add(
            "envelope.type_name",
            _WARNING,
            "MessageHeader/DocumentType/TypeName",
            f"Tên loại văn bản ghi {name!r}, là loại nghiệp vụ của gói tin, không phải loại văn bản.",
            f"The name of the document's type is {name!r}: that is the packet's business, no type of documents.",
            found=name,
        )
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
    elif business.doc_type is BusinessType.REPLACE:
        for number, replaced in enumerate(business.replacements, 1):
            for name, value in (("DocumentId", replaced.document_id), ("OrganIdList/OrganId", replaced.organ_ids)):
                if not value:
                    notes.group(
                        "envelope.replacement",
                        _WARNING,
                        f"{path}/ReplacementInfoList/ReplacementInfo[{number}]/{name}",
                        "Thiếu mã văn bản bị thay thế hoặc cơ quan đã nhận văn bản đó ({n} chỗ).",
                        "The id of what is replaced, or who had received it, is missing (places: {n}).",
                    )
    if business.doc_type is BusinessType.UPDATE:
        _update(business.update_info, f"{path}/BussinessDocumentInfo", notes)
    if business.doc_type is None and not _has_extension(business, "BussinessDocType"):
        notes.add(
            "envelope.business_type",
            _WARNING,
            f"{path}/BussinessDocType",
            "Thiếu loại nghiệp vụ; coi là văn bản mới.",
            "The business type is missing; the document is taken as new.",
        )


def _update(info: UpdateInfo | None, path: str, notes: Notes) -> None:
    if info is None or not (info.document_info or info.document_receiver):
        notes.add(
            "envelope.update",
            _WARNING,
            path,
            "Gói cập nhật nhưng không nêu nội dung cập nhật.",
            "An update that does not say what it changes.",
        )
    if info is None:
        return
    if info.document_receiver and not info.receivers:
        notes.add(
            "envelope.update",
            _WARNING,
            f"{path}/ReceiverList",
            "Gói cập nhật nơi nhận nhưng không nêu nơi nhận nào.",
            "An update of the receivers that names none.",
        )
    for number, receiver in enumerate(info.receivers, 1):
        if receiver.organ_id is None or (
            receiver.receiver_type is None and not _has_extension(receiver, "ReceiverType")
        ):
            notes.group(
                "envelope.update",
                _WARNING,
                f"{path}/ReceiverList/Receiver[{number}]",
                "Có {n} nơi nhận cập nhật thiếu mã định danh hoặc không rõ thêm hay bỏ.",
                "Receivers of the update without their code, or without whether they are added or removed: {n}.",
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
        new = _schemes(organ)[1] if len(organ) <= _LONGEST else None
        if new is not None and agencies.setdefault(new, organ) != organ:
            notes.add(
                "envelope.same_receiver",
                _WARNING,
                path,
                f"Nơi nhận {organ} và {agencies[new]} là mã cũ và mã mới của cùng một cơ quan.",
                f"The receivers {organ} and {agencies[new]} are the old and the new code of one agency.",
            )


def _trace(message: DocumentMessage, day: date | None, notes: Notes) -> None:
    last: datetime | None = None
    headers = message.trace.headers if message.trace is not None else ()
    for number, node in enumerate(headers, 1):
        path = f"TraceHeaderList/TraceHeader[{number}]"
        if node.organ_id is None and node.sender is None:
            notes.group(
                "envelope.trace_node",
                _WARNING,
                path,
                "Có {n} bước lưu vết không ghi mã định danh.",
                "Trace entries that do not name their node: {n}.",
            )
        if node.timestamp is None:
            if not _has_extension(node, "Timestamp"):
                _missing(notes, f"{path}/Timestamp", "thời điểm", _WARNING, rule="R68")
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
    first = next((t.timestamp for t in headers if t.timestamp is not None), None)
    if first is not None and day is not None and first.date() < day:
        notes.add(
            "envelope.sent_before_issue",
            _WARNING,
            "TraceHeaderList/TraceHeader[1]/Timestamp",
            f"Thời điểm gửi {first:%d/%m/%Y} sớm hơn ngày ban hành {day:%d/%m/%Y}.",
            f"It was sent on {first.date().isoformat()}, before its day of issue {day.isoformat()}.",
        )
