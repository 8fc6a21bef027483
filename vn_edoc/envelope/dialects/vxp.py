"""VXP: QCVN 102:2016/BTTTT as the national axis and its SDKs write it. The one to write today."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import QCVN, AttachmentNames, Dialect, Style

__all__ = ["VXP"]

_SDK_ORGANIZATION = (
    "organ_id",
    "organization_in_charge",
    "organ_name",
    "organ_add",
    "email",
    "telephone",
    "fax",
    "website",
)

_JAVA = Style(
    name="java",
    declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
    order={
        "DocumentMessage": (
            "sender",
            "receivers",
            "document_id",
            "code",
            "promulgation_info",
            "document_type",
            "subject",
            "content",
            "signer_info",
            "due_date",
            "other_info",
            "response_for",
            "steering_type",
            "task_codes",
            "application_type",
            "to_places",
        ),
        "Organization": _SDK_ORGANIZATION,
        "ResponseFor": ("organ_id", "code", "document_id", "promulgation_date"),
        "OtherInfo": (
            "priority",
            "sphere_of_promulgation",
            "typer_notation",
            "promulgation_amount",
            "page_amount",
            "direction",
            "appendixes",
            "reply_fors",
            "reference_codes",
        ),
        "StaffInfo": ("department", "department_id", "staff", "staff_id", "email", "mobile"),
        "TraceHeaderList": ("business", "headers", "paper"),
        "Business": ("document_id", "doc_type", "doc_reason", "paper", "update_info", "replacements", "staff_info"),
    },
    attachments=AttachmentNames(
        container=("AttachmentEncoded",),
        item="Attachment",
        content_id="ContentId",
        name="AttachmentName",
        description="Description",
        content_type="ContentType",
        content="ContentTransferEncoded",
        order=("content_id", "name", "description", "content_type", "content"),
        cid=True,
    ),
)

_DOTNET = Style(
    name="dotnet",
    declaration='<?xml version="1.0" encoding="utf-8"?>\n',
    order={
        "DocumentMessage": (
            "sender",
            "receivers",
            "code",
            "promulgation_info",
            "document_type",
            "subject",
            "content",
            "signer_info",
            "due_date",
            "to_places",
            "other_info",
            "response_for",
            "steering_type",
            "document_id",
            "task_codes",
            "application_type",
        ),
        "Organization": _SDK_ORGANIZATION,
        "DocumentType": ("type", "type_name", "type_detail"),
        "TraceHeaderList": ("headers", "business", "paper"),
        "Business": ("doc_type", "doc_reason", "update_info", "document_id", "staff_info", "paper", "replacements"),
    },
    attachments=AttachmentNames(
        container=("AttachmentEncoded",),
        item="Attachment",
        content_id="ContentId",
        name="AttachmentName",
        description="Description",
        content_type="ContentType",
        content="ContentTransferEncoded",
        order=("content_type", "content_id", "description", "content", "name"),
        cid=False,
    ),
)

VXP = Dialect(
    name="vxp",
    namespace=QCVN,
    title="QCVN 102:2016/BTTTT, trục liên thông văn bản quốc gia",
    styles={"java": _JAVA, "dotnet": _DOTNET},
)
