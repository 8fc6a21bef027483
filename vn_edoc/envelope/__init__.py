"""edXML packets: model, dialects, reader, writer, attachments, checks."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vn_edoc.envelope.attachments import Attachment as Attachment
    from vn_edoc.envelope.attachments import ManifestReference as ManifestReference
    from vn_edoc.envelope.checks import duplicates as duplicates
    from vn_edoc.envelope.codes import BusinessType as BusinessType
    from vn_edoc.envelope.codes import Priority as Priority
    from vn_edoc.envelope.codes import ReceiverChange as ReceiverChange
    from vn_edoc.envelope.codes import StatusCode as StatusCode
    from vn_edoc.envelope.codes import SteeringType as SteeringType
    from vn_edoc.envelope.comparison import Change as Change
    from vn_edoc.envelope.comparison import changes as changes
    from vn_edoc.envelope.conversion import convert as convert
    from vn_edoc.envelope.model import Business as Business
    from vn_edoc.envelope.model import Code as Code
    from vn_edoc.envelope.model import DocumentMessage as DocumentMessage
    from vn_edoc.envelope.model import DocumentType as DocumentType
    from vn_edoc.envelope.model import ErrorItem as ErrorItem
    from vn_edoc.envelope.model import ErrorReport as ErrorReport
    from vn_edoc.envelope.model import Extension as Extension
    from vn_edoc.envelope.model import Organization as Organization
    from vn_edoc.envelope.model import OtherInfo as OtherInfo
    from vn_edoc.envelope.model import PromulgationInfo as PromulgationInfo
    from vn_edoc.envelope.model import Receiver as Receiver
    from vn_edoc.envelope.model import ReplacementInfo as ReplacementInfo
    from vn_edoc.envelope.model import ResponseFor as ResponseFor
    from vn_edoc.envelope.model import SignerInfo as SignerInfo
    from vn_edoc.envelope.model import StaffInfo as StaffInfo
    from vn_edoc.envelope.model import StatusMessage as StatusMessage
    from vn_edoc.envelope.model import TraceHeader as TraceHeader
    from vn_edoc.envelope.model import TraceHeaderList as TraceHeaderList
    from vn_edoc.envelope.model import UpdateInfo as UpdateInfo
    from vn_edoc.envelope.outgoing import AttachmentSource as AttachmentSource
    from vn_edoc.envelope.packet import Packet as Packet
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
    "Business": "model",
    "BusinessType": "codes",
    "Change": "comparison",
    "Code": "model",
    "DocumentMessage": "model",
    "DocumentType": "model",
    "Draft": "sealing",
    "DraftAttachment": "sealing",
    "ErrorItem": "model",
    "ErrorReport": "model",
    "Extension": "model",
    "ManifestReference": "attachments",
    "Organization": "model",
    "OtherInfo": "model",
    "Packet": "packet",
    "Priority": "codes",
    "PromulgationInfo": "model",
    "Receiver": "model",
    "ReceiverChange": "codes",
    "ReplacementInfo": "model",
    "ResponseFor": "model",
    "Sealer": "sealing",
    "SignerInfo": "model",
    "StaffInfo": "model",
    "StatusCode": "codes",
    "StatusMessage": "model",
    "SteeringType": "codes",
    "TraceHeader": "model",
    "TraceHeaderList": "model",
    "UpdateInfo": "model",
    "WriteResult": "writer",
    "changes": "comparison",
    "convert": "conversion",
    "duplicates": "checks",
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
    "WriteResult",
    "changes",
    "convert",
    "duplicates",
    "read",
    "redact",
    "write",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
