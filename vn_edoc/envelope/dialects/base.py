"""The form in which a dialect is declared. A dialect module is data; reader and writer hold the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

__all__ = [
    "COMMON_ALIASES",
    "ESB",
    "QCVN",
    "SOAP",
    "XLINK",
    "XMLDSIG",
    "AttachmentNames",
    "Dialect",
    "ManifestNames",
    "Style",
]

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


class AttachmentNames(NamedTuple):
    """How attachments are written."""

    container: tuple[str, ...]
    """Elements around the attachments, outermost first."""
    item: str
    """Element of one attachment."""
    fields: tuple[tuple[str, str], ...]
    """Fields in the order written, with their elements: ``content_id``, ``name``, ``description``, ``content_type``,
    ``encoding``, ``content``."""
    cid: bool
    """``ContentId`` starts with ``cid:``."""
    prefixed_content: bool
    """The content's element carries the prefix and declares it again."""
    wraps: bool
    """What is neither PDF nor ZIP travels in a ZIP wrapper."""
    bare_type: bool
    """The content type is a bare extension."""


class ManifestNames(NamedTuple):
    """How the manifest is written."""

    element: str
    fields: tuple[tuple[str, str], ...]
    """Fields of a reference in the order written, with their elements."""
    xlink: bool
    """References carry ``xlink`` attributes."""
    href: bool
    """References carry a plain ``href`` in place of ``ContentId``."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Style:
    """How one known writer of a dialect writes."""

    name: str
    declaration: str
    """XML declaration with its line end."""
    root: str
    """Start tag of the root element."""
    path: tuple[str, ...]
    """Start tags between the root and the header, outermost first."""
    header: str
    """Name of the element around ``MessageHeader``, prefix included."""
    body: str
    """Name of the element around the manifest, prefix included."""
    order: Mapping[str, tuple[str, ...]]
    """Fields in the order written, by model name. Models left out are written in the order of their definition."""
    manifest: ManifestNames
    attachments: AttachmentNames


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
