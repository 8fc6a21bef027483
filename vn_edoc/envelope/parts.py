"""The groups of elements that messages are made of.

Every field names its element, Vietnamese term, meaning, length and source; the abbreviations of the sources are
``QCVN`` (QCVN 102:2016/BTTTT with Sửa đổi 1:2022), ``NĐ 30`` (NĐ 30/2020/NĐ-CP Phụ lục VI), ``QĐ 28``, ``QĐ 20``
(decisions of the Prime Minister), and ``observed`` (code and packets in use). Lengths are told by the checks, not
enforced here: what was read can always be held. What has no typed place is kept in ``extensions``.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field, field_validator

from vn_edoc.envelope.codes import BusinessType, Priority, ReceiverChange
from vn_edoc.envelope.fields import Count, Line, Moment, Part, Text, element
from vn_edoc.limits import DEFAULT_LIMITS

__all__ = [
    "Business",
    "Code",
    "DocumentType",
    "ErrorItem",
    "Extension",
    "Group",
    "Organization",
    "OtherInfo",
    "PromulgationInfo",
    "Receiver",
    "ReplacementInfo",
    "ResponseFor",
    "SignerInfo",
    "StaffInfo",
    "TraceHeader",
    "TraceHeaderList",
    "UpdateInfo",
]


class Extension(Part):
    """An element that edXML does not know, or whose value does not fit its type, kept as it was found."""

    _nulls: ClassVar[frozenset[str]] = frozenset()

    name: str = Field(min_length=1, description="Local name of the element, or ``@name`` of an attribute.")
    namespace: str | None = Field(default=None, description="Its namespace where it is not the packet's own.")
    text: Text | None = Field(default=None, description="Its text.")
    attributes: tuple[tuple[str, str], ...] = Field(default=(), description="Its attributes, names in Clark notation.")
    children: tuple[Extension, ...] = Field(default=(), description="Elements below it.")

    @field_validator("text")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return value or None

    @field_validator("attributes")
    @classmethod
    def _named_once(cls, value: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        # No XML can hold it (XML 1.0, well-formedness constraint "Unique Att Spec").
        if len({name.removeprefix("{}") for name, _ in value}) != len(value):
            raise ValueError("one attribute name stands twice")
        return value

    @field_validator("children")
    @classmethod
    def _not_deep(cls, value: tuple[Extension, ...]) -> tuple[Extension, ...]:
        level, depth = value, 0
        while level:
            level, depth = tuple(inner for one in level for inner in one.children), depth + 1
            if depth > DEFAULT_LIMITS.xml_depth:
                raise ValueError(f"more than {DEFAULT_LIMITS.xml_depth} levels of elements, which nobody would read")
        return value


class Group(Part):
    extensions: tuple[Extension, ...] = Field(
        default=(), description="Elements without a typed place, in the order found; attributes first."
    )

    @field_validator("extensions")
    @classmethod
    def _attributes_first(cls, value: tuple[Extension, ...]) -> tuple[Extension, ...]:
        return tuple(sorted(value, key=lambda e: not e.name.startswith("@")))


class Organization(Group):
    """An agency or organisation (cơ quan, tổ chức): ``From``, ``To``."""

    organ_id: Line | None = element(
        "OrganId", "mã định danh", "agency identifier", limit=35, source="QĐ 20 Điều 4; NĐ 30"
    )
    organization_in_charge: Text | None = element(
        "OrganizationInCharge",
        "cơ quan, tổ chức chủ quản",
        "superior agency; the axis writes the marker TLTVBQG_CDMDD_QD20 here for a copied receiver with an old code",
        limit=500,
        source="observed",
    )
    organ_name: Text | None = element(
        "OrganName", "tên cơ quan, tổ chức", "name of the agency", limit=200, source="NĐ 30"
    )
    organ_add: Text | None = element("OrganAdd", "địa chỉ", "address", limit=500, source="observed")
    email: Text | None = element("Email", "thư điện tử", "e-mail address", limit=100, source="observed")
    telephone: Text | None = element("Telephone", "số điện thoại", "telephone number", limit=20, source="observed")
    fax: Text | None = element("Fax", "số fax", "fax number", limit=20, source="observed")
    website: Text | None = element("Website", "trang thông tin điện tử", "web site", limit=100, source="observed")


class Code(Group):
    """Số, ký hiệu of the document."""

    code_number: Text | None = element("CodeNumber", "số của văn bản", "number", limit=11, source="NĐ 30")
    code_notation: Text | None = element("CodeNotation", "ký hiệu của văn bản", "notation", limit=30, source="NĐ 30")

    def __str__(self) -> str:
        return f"{self.code_number or ''}/{self.code_notation or ''}"


class PromulgationInfo(Group):
    """Địa danh và thời gian ban hành."""

    place: Text | None = element("Place", "địa danh", "place of issue", limit=50, source="observed")
    promulgation_date: date | None = element("PromulgationDate", "ngày ban hành", "day of issue", source="NĐ 30; QCVN")


class DocumentType(Group):
    """Loại văn bản."""

    type: Count | None = element(
        "Type", "nhóm loại văn bản", "1 legal normative, 2 administrative; other readings are in use", source="observed"
    )
    type_detail: Count | None = element("TypeDetail", "chi tiết loại văn bản", "detail of the type", source="observed")
    type_name: Text | None = element("TypeName", "tên loại văn bản", "name of the type", limit=100, source="NĐ 30")


class SignerInfo(Group):
    """Người ký văn bản."""

    competence: Text | None = element(
        "Competence", "quyền hạn ký", "authority to sign: TM., KT., TL., TUQ.", limit=100, source="observed"
    )
    position: Text | None = element("Position", "chức vụ", "position", limit=100, source="NĐ 30")
    full_name: Text | None = element("FullName", "họ và tên", "full name", limit=50, source="NĐ 30")


class OtherInfo(Group):
    """Thông tin khác."""

    priority: Priority | None = element("Priority", "độ khẩn", "urgency, 0 to 4", source="NĐ 30; observed")
    sphere_of_promulgation: Text | None = element(
        "SphereOfPromulgation", "phạm vi lưu hành", "range of circulation", limit=100, source="observed"
    )
    typer_notation: Text | None = element(
        "TyperNotation", "ký hiệu người soạn thảo", "mark of the typist", limit=10, source="observed"
    )
    promulgation_amount: Count | None = element(
        "PromulgationAmount", "số lượng bản phát hành", "copies issued, at most 3 digits", source="NĐ 30"
    )
    page_amount: Count | None = element("PageAmount", "số trang", "pages, at most 3 digits", source="NĐ 30")
    direction: bool | None = element("Direction", "văn bản chỉ đạo", "flag of the Java SDK", source="observed")
    reply_fors: Text | None = element("ReplyFors", "(chưa rõ nghĩa)", "field of the Java SDK", source="observed")
    reference_codes: Text | None = element(
        "ReferenceCodes", "(chưa rõ nghĩa)", "field of the Java SDK", source="observed"
    )
    appendixes: tuple[Text, ...] = element("Appendixes", "phụ lục", "appendices", item="Appendix", source="observed")


class ResponseFor(Group):
    """Văn bản được phúc đáp, hoặc văn bản mà trạng thái nói đến."""

    organ_id: Line | None = element(
        "OrganId",
        "mã định danh",
        "agency that issued it; in a status packet the one addressed",
        limit=35,
        source="QĐ 20",
    )
    code: Text | None = element("Code", "số, ký hiệu", "number and notation in one text", limit=42, source="observed")
    promulgation_date: date | None = element("PromulgationDate", "ngày ban hành", "day of issue", source="observed")
    document_id: Line | None = element(
        "DocumentId", "mã định danh văn bản", "document id", limit=200, source="observed"
    )


class StaffInfo(Group):
    """Người thực hiện, người xử lý."""

    department: Text | None = element("Department", "đơn vị", "department", limit=300, source="observed")
    department_id: Text | None = element("DepartmentId", "mã đơn vị", "id of the department", source="observed")
    staff: Text | None = element("Staff", "cán bộ", "member of staff", limit=300, source="observed")
    staff_id: Text | None = element("StaffId", "mã cán bộ", "id of the member of staff", source="observed")
    mobile: Text | None = element("Mobile", "điện thoại di động", "mobile number", limit=50, source="observed")
    email: Text | None = element("Email", "thư điện tử", "e-mail address", limit=100, source="observed")


class Receiver(Group):
    """A receiver that an update adds or removes."""

    organ_id: Line | None = element("OrganId", "mã định danh", "agency identifier", limit=35, source="QĐ 20")
    receiver_type: ReceiverChange | None = element("ReceiverType", "loại", "0 removed, 1 added", source="observed")


class UpdateInfo(Group):
    """``BussinessDocumentInfo``: what an update (business type 2) changes."""

    document_info: bool | None = element(
        "DocumentInfo", "cập nhật thông tin văn bản", "the document's data change", source="observed"
    )
    document_receiver: bool | None = element(
        "DocumentReceiver", "cập nhật nơi nhận", "the receivers change", source="observed"
    )
    receivers: tuple[Receiver, ...] = element(
        "ReceiverList", "danh sách nơi nhận", "receivers added and removed", item="Receiver", source="observed"
    )


class ReplacementInfo(Group):
    """A document that a replacement (business type 3) replaces."""

    document_id: Line | None = element(
        "DocumentId", "mã định danh văn bản", "document replaced", limit=200, source="observed"
    )
    organ_ids: tuple[Line, ...] = element(
        "OrganIdList", "cơ quan đã nhận", "agencies that received it", item="OrganId", source="observed"
    )


class Business(Group):
    """``Bussiness`` (that is how edXML spells it): thông tin nghiệp vụ."""

    doc_type: BusinessType | None = element(
        "BussinessDocType", "loại nghiệp vụ", "0 new, 1 recall, 2 update, 3 replace", source="observed"
    )
    doc_reason: Text | None = element("BussinessDocReason", "lý do", "reason", limit=500, source="observed")
    document_id: Line | None = element(
        "DocumentId", "mã định danh văn bản bị tác động", "the document acted on", limit=200, source="observed"
    )
    update_info: UpdateInfo | None = element(
        "BussinessDocumentInfo", "thông tin cập nhật", "what an update changes", source="observed"
    )
    replacements: tuple[ReplacementInfo, ...] = element(
        "ReplacementInfoList", "văn bản bị thay thế", "documents replaced", item="ReplacementInfo", source="observed"
    )
    staff_info: StaffInfo | None = element("StaffInfo", "người thực hiện", "who did it", source="observed")
    paper: bool | None = element(
        "Paper", "gửi kèm bản giấy", "paper is sent as well", source="observed; QĐ 28 Điều 7.2"
    )


class TraceHeader(Group):
    """A node that handled the packet (lưu vết)."""

    organ_id: Line | None = element("OrganId", "mã định danh", "node", limit=35, source="observed")
    timestamp: Moment | None = element("Timestamp", "thời điểm", "time, Vietnam time", source="QĐ 28 Điều 14.4")
    sender: Organization | None = element("Sender", "bên gửi", "sender, dialect of 2010", source="observed")
    receiver: Organization | None = element("Receiver", "bên nhận", "receiver, dialect of 2010", source="observed")


class TraceHeaderList(Group):
    """Danh sách lưu vết và thông tin nghiệp vụ."""

    id: Text | None = element("id", "mã danh sách", "id of the list", attribute=True, source="observed")
    version: Text | None = element("version", "phiên bản", "version", attribute=True, source="observed")
    must_understand: Text | None = element(
        "mustUnderstand", "(SOAP)", "SOAP left-over", attribute=True, source="observed"
    )
    actor: Text | None = element("actor", "(SOAP)", "SOAP left-over", attribute=True, source="observed")
    headers: tuple[TraceHeader, ...] = element("TraceHeader", "lưu vết", "nodes in order", many=True, source="observed")
    business: Business | None = element("Bussiness", "thông tin nghiệp vụ", "what the packet does", source="observed")
    paper: bool | None = element("Paper", "gửi kèm bản giấy", "misplaced duplicate", source="observed")


class ErrorItem(Group):
    """One error of a report."""

    code: Text | None = element("Code", "mã lỗi", "error code", source="observed")
    description: Text | None = element("Description", "mô tả lỗi", "description", source="observed")
