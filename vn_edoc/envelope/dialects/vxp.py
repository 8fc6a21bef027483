"""VXP: QCVN 102:2016/BTTTT as the national axis and its SDKs write it. The one to write today."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import QCVN, AttachmentNames, Dialect, ManifestNames, Style

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

_ENVELOPE = (f'<edXML:edXMLEnvelope xmlns:edXML="{QCVN}">',)

_JAVA = Style(
    name="java",
    declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
    root=f'<edXML xmlns="{QCVN}">',
    path=_ENVELOPE,
    header="edXML:edXMLHeader",
    body="edXML:edXMLBody",
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
    manifest=ManifestNames(
        element="edXML:edXMLManifest",
        fields=(
            ("content_id", "ContentId"),
            ("content_type", "ContentType"),
            ("description", "Description"),
            ("name", "AttachmentName"),
        ),
        xlink=False,
        href=False,
    ),
    attachments=AttachmentNames(
        container=("AttachmentEncoded",),
        item="Attachment",
        fields=(
            ("content_id", "ContentId"),
            ("name", "AttachmentName"),
            ("description", "Description"),
            ("content_type", "ContentType"),
            ("content", "ContentTransferEncoded"),
        ),
        cid=True,
        prefixed_content=True,
        wraps=True,
        bare_type=False,
    ),
)

_DOTNET = Style(
    name="dotnet",
    declaration='<?xml version="1.0" encoding="utf-8"?>\n',
    root='<edXML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    f' xmlns="{QCVN}">',
    path=_ENVELOPE,
    header="edXML:edXMLHeader",
    body="edXML:edXMLBody",
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
    manifest=ManifestNames(
        element="edXML:edXMLManifest",
        fields=(
            ("description", "Description"),
            ("name", "AttachmentName"),
            ("content_type", "ContentType"),
            ("content_id", "ContentId"),
        ),
        xlink=True,
        href=False,
    ),
    attachments=AttachmentNames(
        container=("AttachmentEncoded",),
        item="Attachment",
        fields=(
            ("content_type", "ContentType"),
            ("content_id", "ContentId"),
            ("description", "Description"),
            ("content", "ContentTransferEncoded"),
            ("name", "AttachmentName"),
        ),
        cid=False,
        prefixed_content=False,
        wraps=True,
        bare_type=False,
    ),
)

VXP = Dialect(
    name="vxp",
    namespace=QCVN,
    title="QCVN 102:2016/BTTTT, trục liên thông văn bản quốc gia",
    styles={"java": _JAVA, "dotnet": _DOTNET},
)
