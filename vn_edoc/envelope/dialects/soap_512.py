"""SOAP dialect of công văn 512/BTTTT-ƯDCNTT (2010 to 2013): other names, words for codes. Read only."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import ESB, Dialect

__all__ = ["SOAP_512"]

SOAP_512 = Dialect(
    name="soap-512",
    namespace=ESB,
    title="SOAP, công văn 512/BTTTT-ƯDCNTT",
    dates=("%d/%m/%Y",),
    times=("%Y-%m-%dT%H:%M:%SZ",),
    separate_attachments=True,
    aliases={
        "MessageHeader": {"author": "SignerInfo", "type": "DocumentType"},
        "SignerInfo": {"function": "Position"},
        "PromulgationInfo": {"date": "PromulgationDate"},
        "DocumentType": {"value": "Type", "description": "TypeName"},
    },
)
