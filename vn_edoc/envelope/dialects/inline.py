"""Inline: packets built by hand in gateways, attachments inside the envelope. Read only."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import QCVN, Dialect

__all__ = ["INLINE"]

INLINE = Dialect(name="inline", namespace=QCVN, title="Gói tin dựng tay, tệp đính kèm nằm trong edXMLEnvelope")
