"""All bounds in one place. A bound that is hit becomes a finding (or ``LimitExceeded`` where something is made)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on size, count, depth, ratio and time. The defaults let a 1 GB packet through and stop bombs.

    Sizes are bytes, times seconds. Make a changed copy with ``dataclasses.replace``.
    """

    packet_bytes: int = 2048 * _MIB
    """Size of a packet as carried (base64 included)."""
    xml_depth: int = 64
    """Nesting of elements."""
    xml_elements: int = 120_000
    """Elements in a packet; as many comments and instructions may stand beside them. An attachment and its entry in the
    manifest take nine or ten."""
    xml_attributes: int = 64
    """Attributes (and namespace declarations) of one element."""
    xml_name_bytes: int = 256
    """Length of an element or attribute name."""
    xml_text_chars: int = 1_000_000
    """Characters in one text value that is not attachment content."""
    xml_skeleton_bytes: int = 16 * _MIB
    """What remains of a packet without attachment content."""
    attachments: int = 10_000
    """Attachments in a packet."""
    attachment_bytes: int = 2048 * _MIB
    """Size of one attachment, decoded and unwrapped."""
    zip_entries: int = 1_000
    """Entries in a ZIP wrapper."""
    zip_ratio: int = 200
    """Unpacked to packed size of a ZIP entry."""
    zip_nesting: int = 1
    """ZIP wrappers around a content. The dialects use one."""
    pdf_bytes: int = 512 * _MIB
    """Size of a PDF whose signatures are verified."""
    pdf_objects: int = 500_000
    """Indirect objects of a PDF."""
    pdf_depth: int = 64
    """Nesting of PDF objects and of the page tree."""
    pdf_stream_bytes: int = 64 * _MIB
    """Decoded size of one PDF stream that has to be read."""
    signatures: int = 64
    """Signatures verified in one file; more are counted, not verified."""
    cms_bytes: int = 8 * _MIB
    """Size of one CMS or time-stamp token."""
    certificates: int = 200
    """Certificates considered for one path."""
    references: int = 2_000
    """References of one XML signature."""
    drawing_seconds: float = 30.0
    """Time for reading or drawing pages of one PDF, in a process of their own."""
    drawing_bytes: int = 1024 * _MIB
    """Address space of that process, besides twice the size of the file. Systems that know no such bound have none."""
    fetch_bytes: int = 16 * _MIB
    """Size of a fetched CRL, OCSP response, certificate or token."""
    fetch_seconds: float = 15.0
    """Time for one fetch."""
    seconds: float = 120.0
    """Time for one verification; what is not done by then is said."""
    table_bytes: int = 64 * _MIB
    """Size of a table that people keep (agency list, bindings), an Excel file unpacked."""
    table_rows: int = 1_000_000
    """Rows of such a table."""
    findings: int = 2_000
    """Findings kept in one report; more are counted."""
    thumbnails: int = 12
    """Pictures of pages in one HTML report."""
    thumbnail_bytes: int = 2 * _MIB
    """All pictures of one HTML report together."""


DEFAULT_LIMITS = Limits()
"""The limits used where none are given."""
