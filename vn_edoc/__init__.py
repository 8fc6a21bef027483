"""vn_edoc: legally valid Vietnamese inter-agency e-documents.

The public verbs are resolved on first use, so that ``import vn_edoc`` stays light.
"""

from __future__ import annotations

from vn_edoc._lazy import lazily

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from vn_edoc.envelope import Attachment as Attachment
    from vn_edoc.envelope import AttachmentSource as AttachmentSource
    from vn_edoc.envelope import DocumentMessage as DocumentMessage
    from vn_edoc.envelope import ErrorReport as ErrorReport
    from vn_edoc.envelope import Packet as Packet
    from vn_edoc.envelope import StatusMessage as StatusMessage
    from vn_edoc.envelope import WriteResult as WriteResult
    from vn_edoc.envelope import read as read
    from vn_edoc.envelope import write as write
    from vn_edoc.errors import VnEdocError as VnEdocError
    from vn_edoc.findings import Finding as Finding
    from vn_edoc.findings import Severity as Severity
    from vn_edoc.limits import Limits as Limits
    from vn_edoc.signature import aextend_packet as aextend_packet
    from vn_edoc.signature import aextend_xml as aextend_xml
    from vn_edoc.signature import asign_cms as asign_cms
    from vn_edoc.signature import asign_packet as asign_packet
    from vn_edoc.signature import asign_pdf as asign_pdf
    from vn_edoc.signature import asign_xml as asign_xml
    from vn_edoc.signature import extend_packet as extend_packet
    from vn_edoc.signature import extend_xml as extend_xml
    from vn_edoc.signature import sign_cms as sign_cms
    from vn_edoc.signature import sign_packet as sign_packet
    from vn_edoc.signature import sign_pdf as sign_pdf
    from vn_edoc.signature import sign_xml as sign_xml
    from vn_edoc.signature import verify_cms as verify_cms
    from vn_edoc.signature import verify_packet as verify_packet
    from vn_edoc.signature import verify_pdf as verify_pdf
    from vn_edoc.signature import verify_xml as verify_xml
    from vn_edoc.validity import Context as Context
    from vn_edoc.validity import Report as Report
    from vn_edoc.validity import Verifier as Verifier
    from vn_edoc.validity import averify as averify
    from vn_edoc.validity import averify_many as averify_many
    from vn_edoc.validity import verify as verify

__version__ = "0.1.0"

_HOME = {
    "Attachment": "vn_edoc.envelope",
    "AttachmentSource": "vn_edoc.envelope",
    "Context": "vn_edoc.validity",
    "DocumentMessage": "vn_edoc.envelope",
    "ErrorReport": "vn_edoc.envelope",
    "Finding": "vn_edoc.findings",
    "Limits": "vn_edoc.limits",
    "Packet": "vn_edoc.envelope",
    "Report": "vn_edoc.validity",
    "Severity": "vn_edoc.findings",
    "StatusMessage": "vn_edoc.envelope",
    "Verifier": "vn_edoc.validity",
    "VnEdocError": "vn_edoc.errors",
    "WriteResult": "vn_edoc.envelope",
    "aextend_packet": "vn_edoc.signature",
    "aextend_xml": "vn_edoc.signature",
    "asign_cms": "vn_edoc.signature",
    "asign_packet": "vn_edoc.signature",
    "asign_pdf": "vn_edoc.signature",
    "asign_xml": "vn_edoc.signature",
    "averify": "vn_edoc.validity",
    "averify_many": "vn_edoc.validity",
    "extend_packet": "vn_edoc.signature",
    "extend_xml": "vn_edoc.signature",
    "read": "vn_edoc.envelope",
    "sign_cms": "vn_edoc.signature",
    "sign_packet": "vn_edoc.signature",
    "sign_pdf": "vn_edoc.signature",
    "sign_xml": "vn_edoc.signature",
    "verify": "vn_edoc.validity",
    "verify_cms": "vn_edoc.signature",
    "verify_packet": "vn_edoc.signature",
    "verify_pdf": "vn_edoc.signature",
    "verify_xml": "vn_edoc.signature",
    "write": "vn_edoc.envelope",
}

__all__ = [
    "Attachment",
    "AttachmentSource",
    "Context",
    "DocumentMessage",
    "ErrorReport",
    "Finding",
    "Limits",
    "Packet",
    "Report",
    "Severity",
    "StatusMessage",
    "Verifier",
    "VnEdocError",
    "WriteResult",
    "aextend_packet",
    "aextend_xml",
    "asign_cms",
    "asign_packet",
    "asign_pdf",
    "asign_xml",
    "averify",
    "averify_many",
    "extend_packet",
    "extend_xml",
    "read",
    "sign_cms",
    "sign_packet",
    "sign_pdf",
    "sign_xml",
    "verify",
    "verify_cms",
    "verify_packet",
    "verify_pdf",
    "verify_xml",
    "write",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
