"""The form in which a dialect is declared. A dialect module is data; reader and writer hold the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["COMMON_ALIASES", "ESB", "QCVN", "SOAP", "XLINK", "XMLDSIG", "AttachmentNames", "Dialect", "Style"]

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
"""Namespace of QCVN 102 as deployed."""
ESB = "http://www.e-doc.vn/Schema/"
"""Namespace of the SOAP dialects and of the Bkav bus."""
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
"""SOAP 1.1."""
XLINK = "http://www.w3.org/1999/xlink"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"

COMMON_ALIASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "*": MappingProxyType(
            {
                "organincharge": "OrganizationInCharge",
                "business": "Bussiness",
                "businessdoctype": "BussinessDocType",
                "businessdocreason": "BussinessDocReason",
                "businessdocumentinfo": "BussinessDocumentInfo",
            }
        ),
        "Code": MappingProxyType({"number": "CodeNumber", "notation": "CodeNotation"}),
    }
)
"""Names seen in place of the right ones, in lower case, by the group they stand in (``*`` for any)."""


@dataclass(frozen=True, slots=True)
class AttachmentNames:
    """Names of an attachment's parts as they are written, ``None`` for what the dialect does not have."""

    container: tuple[str, ...]
    """Elements around the attachments, outermost first."""
    item: str
    """Element of one attachment."""
    content_id: str | None
    name: str | None
    description: str | None
    content_type: str | None
    content: str
    """Element with the base64 text."""
    order: tuple[str, ...]
    """The fields above in the order in which they are written."""
    cid: bool
    """``ContentId`` starts with ``cid:``."""


@dataclass(frozen=True, slots=True)
class Style:
    """How one known writer of a dialect writes."""

    name: str
    declaration: str
    """XML declaration with its line end."""
    order: Mapping[str, tuple[str, ...]]
    """Fields in the order written, by model name. Models left out are written in the order of their definition."""
    attachments: AttachmentNames
    header_order: tuple[str, ...] = ("trace", "business")
    """Order of trace entries and business in ``TraceHeaderList``."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect: what its names, namespaces and formats are."""

    name: str
    namespace: str
    """Namespace of its elements."""
    title: str
    """What it is, one line."""
    dates: tuple[str, ...] = ("%Y/%m/%d",)
    """Forms of a date that are right in it; the first is written."""
    times: tuple[str, ...] = ("%Y/%m/%d %H:%M:%S",)
    """Forms of a time that are right in it; the first is written."""
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Names of its own for elements, in lower case, by the group they stand in."""
    styles: Mapping[str, Style] = field(default_factory=dict)
    """How it is written; empty for dialects that are only read."""
    separate_attachments: bool = False
    """Attachments travel in a second file."""
