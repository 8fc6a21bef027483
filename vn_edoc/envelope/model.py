"""The messages of edXML: document, status, error report. Their parts are in :mod:`vn_edoc.envelope.parts`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import ValidationError

from vn_edoc.envelope.codes import BusinessType, Priority, StatusCode, SteeringType
from vn_edoc.envelope.fields import Line, Moment, Text, element
from vn_edoc.envelope.parts import (
    Business,
    Code,
    DocumentType,
    ErrorItem,
    Group,
    Organization,
    OtherInfo,
    PromulgationInfo,
    Receiver,
    ReplacementInfo,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    TraceHeader,
    TraceHeaderList,
    UpdateInfo,
)
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM

if TYPE_CHECKING:
    from vn_edoc.envelope.packet import Packet

__all__ = ["DocumentMessage", "ErrorReport", "StatusMessage"]


class _Message(Group):
    packet_kind: ClassVar[str]
    """The kind of a packet that carries it."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form; the keys are the edXML element names, what is empty is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def to_json(self, *, indent: int | None = None) -> str:
        """The JSON form as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """From the JSON-able form; keys may be element names or field names. ``UsageError`` when it does not fit."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            from vn_edoc.envelope.refusal import usage_error

            raise usage_error(cls.__name__, error) from None
        except (RecursionError, TypeError) as error:  # nested without end; keys that are no texts
            raise UsageError(f"not of this form: {error}", f"không đúng dạng: {error}", field="data") from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """From JSON text; ``UsageError`` when it is no JSON or does not fit."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"no JSON: {error}", f"không phải JSON: {error}", field="text") from None
        return cls.from_dict(data)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the JSON form."""
        schema = cls.model_json_schema(by_alias=True)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class DocumentMessage(_Message):
    """Gói tin văn bản: a document on its way to other agencies.

    Build one with :meth:`new`, :meth:`recall`, :meth:`update` or :meth:`replace`, or by the fields.
    """

    packet_kind = "document"

    sender: Organization | None = element("From", "cơ quan ban hành, bên gửi", "issuing agency", source="QCVN")
    receivers: tuple[Organization, ...] = element("To", "nơi nhận", "receivers", many=True, source="QCVN")
    document_id: Line | None = element(
        "DocumentId", "mã định danh văn bản", "document id", limit=200, source="QĐ 28 Điều 10.2b; observed"
    )
    code: Code | None = element("Code", "số, ký hiệu", "number and notation", source="QCVN")
    promulgation_info: PromulgationInfo | None = element(
        "PromulgationInfo", "thông tin ban hành", "place and day of issue", source="QCVN"
    )
    document_type: DocumentType | None = element("DocumentType", "loại văn bản", "type of document", source="QCVN")
    subject: Text | None = element("Subject", "trích yếu nội dung", "subject", limit=500, source="NĐ 30")
    content: Text | None = element("Content", "nội dung tóm tắt", "summary", limit=500, source="observed")
    signer_info: SignerInfo | None = element("SignerInfo", "người ký", "signer", source="QCVN")
    due_date: date | None = element("DueDate", "hạn trả lời, giải quyết", "day by which to answer", source="NĐ 30")
    to_places: tuple[Text, ...] = element(
        "ToPlaces", "nơi nhận ghi trên văn bản", "places listed at the foot", item="Place", limit=1000, source="NĐ 30"
    )
    other_info: OtherInfo | None = element("OtherInfo", "thông tin khác", "other data", source="QCVN")
    response_for: tuple[ResponseFor, ...] = element(
        "ResponseFor", "văn bản được phúc đáp, liên quan", "documents answered", many=True, source="QCVN"
    )
    steering_type: SteeringType | None = element("SteeringType", "loại chỉ đạo", "0 to 2", source="QCVN; observed")
    task_codes: tuple[Text, ...] = element(
        "ResponseForTask", "mã nhiệm vụ được trả lời", "tasks answered", item="TaskCode", source="observed"
    )
    application_type: Text | None = element(
        "ApplicationType", "loại ứng dụng", "kind of application, such as MCDT_DT", source="observed"
    )
    trace: TraceHeaderList | None = element(
        "TraceHeaderList", "lưu vết, nghiệp vụ", "trace and business", source="QCVN; observed"
    )
    body_content: Text | None = element(
        "BodyContent", "nội dung trong thân gói tin", "text of edXMLBody/Content, hand-made gateways", source="observed"
    )

    @property
    def business(self) -> Business:
        """What the packet does; a packet without ``Bussiness`` is a new document."""
        found = self.trace.business if self.trace is not None else None
        return found if found is not None else Business(doc_type=BusinessType.NEW)

    @property
    def business_type(self) -> BusinessType:
        """New, recall, update or replacement; new where it is not said."""
        found = self.business.doc_type
        return BusinessType.NEW if found is None else found

    @property
    def trace_headers(self) -> tuple[TraceHeader, ...]:
        """Nodes that handled the packet, in order."""
        return self.trace.headers if self.trace is not None else ()

    @property
    def target_id(self) -> str | None:
        """The document that a recall or update acts on: ``Bussiness/DocumentId``, else ``DocumentId``."""
        return self.business.document_id or self.document_id

    @classmethod
    def new(
        cls,
        *,
        sender: Organization,
        receivers: Iterable[Organization],
        number: str | int,
        notation: str,
        date: date,
        place: str | None = None,
        type_name: str,
        subject: str,
        signer: SignerInfo | str,
        priority: Priority = Priority.NORMAL,
        due: date | None = None,
        sent_at: datetime | None = None,
        paper: bool = False,
        reason: str = "Văn bản điện tử mới",
        staff: StaffInfo | None = None,
        document_type: DocumentType | None = None,
        document_id: str | None = None,
        **more: Any,
    ) -> Self:
        """A new document (văn bản mới). ``more`` are further fields of the message.

        ``sent_at`` defaults to now and must be aware. ``DocumentId`` defaults to the form that systems use,
        ``OrganId,yyyy/MM/dd,number/notation``. ``UsageError`` names what is wrong.
        """
        business = Business(
            doc_type=BusinessType.NEW, doc_reason=reason, paper=paper, staff_info=staff, document_id=None
        )
        if document_id is None:
            document_id = f"{sender.organ_id},{date:%Y/%m/%d},{number}/{notation}"
        return cls(
            sender=sender,
            receivers=tuple(receivers),
            document_id=document_id,
            code=Code(code_number=str(number), code_notation=notation),
            promulgation_info=PromulgationInfo(place=place, promulgation_date=date),
            document_type=document_type or DocumentType(type=2, type_detail=0, type_name=type_name),
            subject=subject,
            content=more.pop("content", subject),
            signer_info=signer if isinstance(signer, SignerInfo) else SignerInfo(full_name=signer),
            due_date=due,
            other_info=more.pop("other_info", OtherInfo(priority=priority)),
            trace=_trace(sender, business, sent_at),
            **more,
        )

    @classmethod
    def recall(cls, *, of: Self, reason: str, sent_at: datetime | None = None, staff: StaffInfo | None = None) -> Self:
        """A recall (thu hồi) of a document that was sent (QĐ 28/2018/QĐ-TTg Điều 8.2)."""
        business = Business(
            doc_type=BusinessType.RECALL, doc_reason=reason, document_id=of.document_id, staff_info=staff, paper=False
        )
        return of.changed(trace=_trace(of.sender, business, sent_at))

    def update(
        self,
        *,
        of: str | Self,
        reason: str,
        information: bool = True,
        receivers: Iterable[Receiver] = (),
        sent_at: datetime | None = None,
        staff: StaffInfo | None = None,
    ) -> Self:
        """This message as an update (cập nhật) of the document ``of`` (its id, or its message)."""
        changes = tuple(receivers)
        business = Business(
            doc_type=BusinessType.UPDATE,
            doc_reason=reason,
            document_id=of if isinstance(of, str) else of.document_id,
            update_info=UpdateInfo(document_info=information, document_receiver=bool(changes), receivers=changes),
            staff_info=staff,
            paper=False,
        )
        return self.changed(trace=_trace(self.sender, business, sent_at))

    def replace(
        self,
        *,
        replaced: Iterable[Self | ReplacementInfo],
        reason: str,
        sent_at: datetime | None = None,
        staff: StaffInfo | None = None,
    ) -> Self:
        """This message as the replacement (thay thế) of earlier documents."""
        items = tuple(
            old
            if isinstance(old, ReplacementInfo)
            else ReplacementInfo(
                document_id=old.document_id, organ_ids=tuple(r.organ_id for r in old.receivers if r.organ_id)
            )
            for old in replaced
        )
        if not items:
            raise UsageError(
                "a replacement names the documents it replaces",
                "văn bản thay thế phải nêu văn bản bị thay thế",
                field="replaced",
            )
        business = Business(
            doc_type=BusinessType.REPLACE, doc_reason=reason, replacements=items, staff_info=staff, paper=False
        )
        return self.changed(trace=_trace(self.sender, business, sent_at))


def _trace(sender: Organization | None, business: Business, sent_at: datetime | None) -> TraceHeaderList:
    moment = datetime.now(VIETNAM) if sent_at is None else sent_at
    node = TraceHeader(organ_id=sender.organ_id if sender is not None else None, timestamp=moment)
    return TraceHeaderList(headers=(node,), business=business)


class StatusMessage(_Message):
    """Gói tin trạng thái: what became of a document that was sent."""

    packet_kind = "status"

    sender: Organization | None = element("From", "cơ quan phản hồi", "agency that answers", source="QCVN")
    response_for: ResponseFor | None = element(
        "ResponseFor", "văn bản được phản hồi", "the document, and whom the status is for", source="QCVN"
    )
    staff_info: StaffInfo | None = element("StaffInfo", "người xử lý", "who handled it", source="observed")
    status_code: StatusCode | None = element(
        "StatusCode", "mã trạng thái", "state", source="observed; QĐ 28 Điều 10.2h"
    )
    description: Text | None = element("Description", "diễn giải, lý do", "explanation, reason", source="observed")
    timestamp: Moment | None = element("Timestamp", "thời điểm", "time, Vietnam time", source="QĐ 28 Điều 14.4")

    @classmethod
    def reply(
        cls,
        *,
        to: Packet | DocumentMessage,
        code: StatusCode | str,
        sender: Organization | str | None = None,
        description: str | None = None,
        staff: StaffInfo | None = None,
        at: datetime | None = None,
    ) -> Self:
        """The status that answers a document (or, with ``13``, that its sender issues).

        ``sender`` is the agency that speaks: an :class:`Organization` or the code of one of the document's receivers;
        it may be left out where there is one receiver, and for ``13``. ``at`` defaults to now and must be aware.
        ``02`` needs a ``description``: a refusal names its reason (NĐ 30/2020/NĐ-CP Điều 21.2b).
        """
        message = to if isinstance(to, DocumentMessage) else to.message
        if not isinstance(message, DocumentMessage):
            raise UsageError(
                "a status answers a document packet", "trạng thái phản hồi cho một gói tin văn bản", field="to"
            )
        try:
            state = StatusCode(code)
        except ValueError:
            raise UsageError(
                f"{code!r} is none of the nine status codes",
                f"{code!r} không thuộc chín mã trạng thái",
                field="code",
                value=code,
            ) from None
        if state is StatusCode.REJECTED and not description:
            raise UsageError(
                "a refusal gives its reason in the description",
                "từ chối tiếp nhận phải nêu lý do",
                field="description",
                rule="R41",
            )
        speaker = _speaker(message, state, sender)
        other = message.receivers[0] if state.from_sender and message.receivers else message.sender
        info = message.promulgation_info
        return cls(
            sender=speaker,
            response_for=ResponseFor(
                organ_id=other.organ_id if other is not None else None,
                code=str(message.code) if message.code is not None else None,
                promulgation_date=info.promulgation_date if info is not None else None,
                document_id=message.document_id,
            ),
            staff_info=staff,
            status_code=state,
            description=description or state.label_vi[:1].upper() + state.label_vi[1:],
            timestamp=datetime.now(VIETNAM) if at is None else at,
        )


def _speaker(message: DocumentMessage, state: StatusCode, sender: Organization | str | None) -> Organization:
    if isinstance(sender, Organization):
        return sender
    if state.from_sender and sender is None and message.sender is not None:
        return message.sender
    known = message.receivers if sender is None else tuple(r for r in message.receivers if r.organ_id == sender)
    if len(known) == 1:
        return known[0]
    codes = ", ".join(r.organ_id for r in message.receivers[:20] if r.organ_id)
    raise UsageError(
        f"say which receiver answers: give `sender` as an Organization or as the code of a receiver ({codes})",
        f"cần nêu bên nhận nào phản hồi: cho `sender` là Organization hoặc mã định danh của một nơi nhận ({codes})",
        field="sender",
        value=sender,
    )


class ErrorReport(_Message):
    """Báo lỗi of a hub: no packet of the national dialect, but partners send it."""

    packet_kind = "error_report"

    is_success: bool | None = element("IsSuccess", "thành công", "whether it succeeded", source="observed")
    errors: tuple[ErrorItem, ...] = element("ErrorList", "danh sách lỗi", "errors", item="Error", source="observed")
