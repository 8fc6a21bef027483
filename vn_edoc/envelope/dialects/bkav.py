"""Bkav: the provincial hub's status element and error report. Read only."""

from __future__ import annotations

from vn_edoc.envelope.dialects.base import QCVN, Dialect

__all__ = ["BKAV"]

BKAV = Dialect(name="bkav", namespace=QCVN, title="Bkav eDoc: phần tử Status, báo lỗi Report")
