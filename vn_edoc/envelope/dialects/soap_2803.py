"""SOAP dialect of công văn 2803/BTTTT-THH (2014): days first, attachments in a second file."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import ESB, AttachmentNames, Dialect, Style

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
            attachments=AttachmentNames(
                container=("edXMLDocument", "Attach"),
                item="edXMLAttachment",
                content_id="ContentID",
                name="AttachmentName",
                description="Description",
                content_type="ContentType",
                content="Value",
                order=("content_id", "name", "description", "encoding", "content_type", "content"),
                cid=False,
            ),
        )
    },
)
