"""The seven items that verifying software must show (TT 15/2025/TT-BKHCN Điều 6.4b), of one signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vn_edoc.findings import VIETNAM
from vn_edoc.signature.result import SignatureResult

__all__ = ["Item", "seven_items"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the display."""

    key: str
    """Stable name: ``issuer``, ``signer``, ``holder``, ``time``, ``integrity``, ``validity``, ``certificate_term``."""
    label_vi: str
    """Label in Vietnamese."""
    label_en: str
    """Label in English."""
    value_vi: str
    """Value in Vietnamese."""
    value_en: str
    """Value in English."""


def _when(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00") if moment is not None else "-"


def seven_items(signature: SignatureResult) -> tuple[Item, ...]:
    """Issuer, signer, holder, time, integrity, validity at signing, term of the certificate, in the law's order."""
    signer = signature.signer
    name = (signer.name if signer is not None else None) or "-"
    holder = ", ".join((*signer.units, *signer.organisations)) if signer is not None else ""
    issuer = signer.issuer if signer is not None else "-"
    term = f"{_when(signer.valid_from)} - {_when(signer.valid_to)}" if signer is not None else "-"
    time = _when(signature.made_at)
    time_vi = f"{time} ({'dấu thời gian' if signature.stamped else 'do người ký khai báo'})"
    time_en = f"{time} ({'time-stamp' if signature.stamped else 'claimed by the signer'})"
    whole = signature.intact is True and signature.changes in ("none", "allowed")
    broken = signature.intact is False or signature.changes == "forbidden"
    integrity = ("toàn vẹn", "intact") if whole else ("KHÔNG toàn vẹn", "NOT intact") if broken else _UNKNOWN
    valid = {
        "TOTAL-PASSED": ("hợp lệ", "valid"),
        "TOTAL-FAILED": ("KHÔNG hợp lệ", "NOT valid"),
    }.get(signature.indication, _UNKNOWN)
    reason = f" ({signature.sub_indication})" if signature.sub_indication is not None else ""
    return (
        Item("issuer", "Cơ quan phát hành chứng thư", "Certificate issuer", issuer, issuer),
        Item("signer", "Chủ thể ký", "Signer", name, name),
        Item("holder", "Đơn vị quản lý chứng thư", "Certificate managed by", holder or "-", holder or "-"),
        Item("time", "Thời điểm ký hoặc dấu thời gian", "Signing time or time-stamp", time_vi, time_en),
        Item("integrity", "Tính toàn vẹn", "Integrity", *integrity),
        Item(
            "validity",
            "Tính hợp lệ tại thời điểm ký",
            "Validity at signing time",
            valid[0] + reason,
            valid[1] + reason,
        ),
        Item("certificate_term", "Thời hạn hiệu lực chứng thư", "Validity of the certificate", term, term),
    )


_UNKNOWN = ("chưa đủ căn cứ", "undetermined")
