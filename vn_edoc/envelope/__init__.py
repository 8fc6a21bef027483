"""edXML packets: model, dialects, reader, writer, attachments, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc._lazy import lazily

if TYPE_CHECKING:
    from vn_edoc.envelope.attachments import Attachment as Attachment
    from vn_edoc.envelope.attachments import ManifestReference as ManifestReference
    from vn_edoc.envelope.codes import BusinessType as BusinessType
    from vn_edoc.envelope.codes import Priority as Priority
    from vn_edoc.envelope.codes import ReceiverChange as ReceiverChange
    from vn_edoc.envelope.codes import StatusCode as StatusCode
    from vn_edoc.envelope.codes import SteeringType as SteeringType
    from vn_edoc.envelope.comparison import Change as Change
    from vn_edoc.envelope.comparison import changes as changes
    from vn_edoc.envelope.conversion import convert as convert
    from vn_edoc.envelope.elements import Values as Values
    from vn_edoc.envelope.keys import duplicates as duplicates
    from vn_edoc.envelope.model import DocumentMessage as DocumentMessage
    from vn_edoc.envelope.model import ErrorReport as ErrorReport
    from vn_edoc.envelope.model import StatusMessage as StatusMessage
    from vn_edoc.envelope.outgoing import AttachmentSource as AttachmentSource
    from vn_edoc.envelope.packet import Packet as Packet
    from vn_edoc.envelope.parts import Business as Business
    from vn_edoc.envelope.parts import Code as Code
    from vn_edoc.envelope.parts import DocumentType as DocumentType
    from vn_edoc.envelope.parts import ErrorItem as ErrorItem
    from vn_edoc.envelope.parts import Extension as Extension
    from vn_edoc.envelope.parts import Organization as Organization
    from vn_edoc.envelope.parts import OtherInfo as OtherInfo
    from vn_edoc.envelope.parts import PromulgationInfo as PromulgationInfo
    from vn_edoc.envelope.parts import Receiver as Receiver
    from vn_edoc.envelope.parts import ReplacementInfo as ReplacementInfo
    from vn_edoc.envelope.parts import ResponseFor as ResponseFor
    from vn_edoc.envelope.parts import SignerInfo as SignerInfo
    from vn_edoc.envelope.parts import StaffInfo as StaffInfo
    from vn_edoc.envelope.parts import TraceHeader as TraceHeader
    from vn_edoc.envelope.parts import TraceHeaderList as TraceHeaderList
    from vn_edoc.envelope.parts import UpdateInfo as UpdateInfo
    from vn_edoc.envelope.reader import read as read
    from vn_edoc.envelope.redaction import redact as redact
    from vn_edoc.envelope.sealing import Draft as Draft
    from vn_edoc.envelope.sealing import DraftAttachment as DraftAttachment
    from vn_edoc.envelope.sealing import Sealer as Sealer
    from vn_edoc.envelope.writer import WriteResult as WriteResult
    from vn_edoc.envelope.writer import write as write

_HOME = {
    "Attachment": "attachments",
    "AttachmentSource": "outgoing",
    "Business": "parts",
    "BusinessType": "codes",
    "Change": "comparison",
    "Code": "parts",
    "DocumentMessage": "model",
    "DocumentType": "parts",
    "Draft": "sealing",
    "DraftAttachment": "sealing",
    "ErrorItem": "parts",
    "ErrorReport": "model",
    "Extension": "parts",
    "ManifestReference": "attachments",
    "Organization": "parts",
    "OtherInfo": "parts",
    "Packet": "packet",
    "Priority": "codes",
    "PromulgationInfo": "parts",
    "Receiver": "parts",
    "ReceiverChange": "codes",
    "ReplacementInfo": "parts",
    "ResponseFor": "parts",
    "Sealer": "sealing",
    "SignerInfo": "parts",
    "StaffInfo": "parts",
    "StatusCode": "codes",
    "StatusMessage": "model",
    "SteeringType": "codes",
    "TraceHeader": "parts",
    "TraceHeaderList": "parts",
    "UpdateInfo": "parts",
    "Values": "elements",
    "WriteResult": "writer",
    "changes": "comparison",
    "convert": "conversion",
    "duplicates": "keys",
    "read": "reader",
    "redact": "redaction",
    "write": "writer",
}

__all__ = [
    "Attachment",
    "AttachmentSource",
    "Business",
    "BusinessType",
    "Change",
    "Code",
    "DocumentMessage",
    "DocumentType",
    "Draft",
    "DraftAttachment",
    "ErrorItem",
    "ErrorReport",
    "Extension",
    "ManifestReference",
    "Organization",
    "OtherInfo",
    "Packet",
    "Priority",
    "PromulgationInfo",
    "Receiver",
    "ReceiverChange",
    "ReplacementInfo",
    "ResponseFor",
    "Sealer",
    "SignerInfo",
    "StaffInfo",
    "StatusCode",
    "StatusMessage",
    "SteeringType",
    "TraceHeader",
    "TraceHeaderList",
    "UpdateInfo",
    "Values",
    "WriteResult",
    "changes",
    "convert",
    "duplicates",
    "read",
    "redact",
    "write",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
