"""SOAP dialect of công văn 2803/BTTTT-THH (2014): days first, attachments in a second file."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import ESB, SOAP, XLINK, AttachmentNames, Dialect, ManifestNames, Style

__all__ = ["SOAP_2803"]

SOAP_2803 = Dialect(
    name="soap-2803",
    namespace=ESB,
    title="SOAP, công văn 2803/BTTTT-THH năm 2014",
    dates=("%d/%m/%Y",),
    times=("%d/%m/%Y %H:%M:%S",),
    separate_attachments=True,
    styles={
        "java": Style(
            name="java",
            declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
            root=f'<SOAP-ENV:Envelope xmlns:edXML="{ESB}" xmlns:xlink="{XLINK}" xmlns:SOAP-ENV="{SOAP}">',
            path=(),
            header="SOAP-ENV:Header",
            body="SOAP-ENV:Body",
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
                    "document_id",
                    "steering_type",
                    "response_for",
                    "task_codes",
                    "application_type",
                ),
                "StatusMessage": (
                    "response_for",
                    "sender",
                    "description",
                    "timestamp",
                    "status_code",
                    "staff_info",
                ),
                "TraceHeaderList": ("headers", "business", "paper"),
            },
            manifest=ManifestNames(
                element="edXML:Manifest",
                fields=(("content_type", "ContentType"), ("description", "Description"), ("name", "AttachmentName")),
                xlink=False,
                href=True,
            ),
            attachments=AttachmentNames(
                container=("edXMLDocument", "Attach"),
                item="edXMLAttachment",
                fields=(
                    ("content_id", "ContentID"),
                    ("name", "AttachmentName"),
                    ("description", "Description"),
                    ("encoding", "ContentTransferEncoding"),
                    ("content_type", "ContentType"),
                    ("content", "Value"),
                ),
                cid=False,
                prefixed_content=False,
                wraps=False,
                bare_type=True,
            ),
        )
    },
)
