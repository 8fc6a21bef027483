"""How and when it travelled, and what the receiver did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.recipe import GOOD, RECEIVED, Expected
from vn_edoc.testing.variants.catalogue import declare, positive


def _at(day: int, hour: int, minute: int = 0) -> str:
    return datetime(2026, 10, day, hour, minute, tzinfo=VIETNAM).isoformat()


def _sent(day: int, hour: int, minute: int = 0) -> dict[str, Any]:
    moment = _at(day, hour, minute)
    return {"sent_at": moment, "received_at": moment, "submitted_at": None, "status_history": None}


_LATER = datetime(2026, 10, 21, 9, 0, tzinfo=VIETNAM)

declare(
    "exchange",
    "sent-next-morning",
    "Gửi buổi sáng ngày làm việc tiếp theo",
    "Sent on the morning of the next working day",
    positive(),
    context=_sent(16, 9),
)
declare(
    "exchange",
    "sent-next-afternoon",
    "Gửi buổi chiều ngày làm việc tiếp theo",
    "Sent on the afternoon of the next working day",
    positive("R37"),
    context=_sent(16, 15),
    judged_at=_LATER,
)
declare(
    "exchange",
    "sent-late",
    "Gửi muộn ba ngày làm việc",
    "Sent three working days late",
    positive("R37", "R38"),
    context=_sent(20, 9),
    judged_at=_LATER,
)
declare(
    "exchange",
    "urgent-sent-late",
    "Văn bản hỏa tốc gửi sau ba giờ",
    "An express document sent after three hours",
    positive("R39"),
    document=replace(GOOD.document, urgency="HỎA TỐC"),
    context=_sent(15, 13, 30),
)
for _channel, _vi, _en in (
    ("email", "thư điện tử", "e-mail"),
    ("messenger", "ứng dụng nhắn tin", "a messenger"),
    ("portable", "USB", "a portable disk"),
):
    declare(
        "exchange",
        f"sent-by-{_channel}",
        f"Gửi qua {_vi}",
        f"Sent by {_en}",
        Expected("original", "out_of_scope", ("R03",)),
        context={"transport": _channel},
    )
declare(
    "exchange",
    "channel-unknown",
    "Không biết kênh gửi, nhận",
    "The channel is not known",
    Expected("original", "undetermined", ()),
    context={"transport": None},
)
for _channel in ("lgsp", "document_system"):
    declare(
        "exchange",
        f"sent-by-{_channel.replace('_', '-')}",
        "Gửi qua hệ thống kết nối khác",
        "Sent through other connected systems",
        positive(),
        context={"transport": _channel},
    )
declare(
    "exchange",
    "old-tls",
    "Kết nối dùng TLS 1.0",
    "The connection used TLS 1.0",
    positive("R75"),
    context={"tls_version": "1.0"},
)
declare(
    "exchange",
    "wrong-receiver",
    "Bên nhận không có trong nơi nhận",
    "The receiver is not among the addressees",
    positive("R76"),
    context={"receiver_code": "H53.05"},
)
declare(
    "exchange",
    "duplicate",
    "Văn bản đã có trong sổ đăng ký",
    "The document is in the register already",
    positive("R50"),
    context={"already_registered": True},
)
declare(
    "exchange",
    "acknowledged-late",
    "Thông báo đã nhận vào hôm sau",
    "Acknowledged on the next day",
    positive("R40"),
    context={"status_history": [{"code": "01", "at": _at(16, 8), "organ_id": "H53.14"}]},
)
declare(
    "exchange",
    "refused-without-reason",
    "Từ chối mà không nêu lý do",
    "Refused without a reason",
    positive("R41"),
    context={
        "status_history": [
            {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14"},
            {"code": "02", "at": _at(15, 14), "organ_id": "H53.14"},
        ]
    },
)
declare(
    "exchange",
    "submitted-late",
    "Trình sau ba ngày làm việc",
    "Submitted after three working days",
    positive("R42"),
    context={"submitted_at": _at(20, 9)},
    judged_at=_LATER,
)
declare(
    "exchange",
    "recall-ignored",
    "Bên gửi thu hồi, bên nhận không hủy",
    "Recalled, and the receiver did not cancel",
    positive("R43"),
    context={"recall_requested_at": _at(15, 15)},
)
declare(
    "exchange",
    "recall-done",
    "Bên gửi thu hồi, bên nhận đã hủy và thông báo",
    "Recalled; the receiver cancelled and said so",
    positive(),
    context={
        "recall_requested_at": _at(15, 15),
        "cancelled_at": _at(15, 15, 30),
        "status_history": [
            {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14"},
            {"code": "15", "at": _at(15, 15, 40), "organ_id": "H53.14", "description": "Đồng ý thu hồi"},
        ],
    },
)
declare(
    "exchange",
    "paper-also",
    "Loại văn bản thuộc danh mục gửi kèm bản giấy",
    "Its kind is on the list of those also sent on paper",
    Expected("original", "replaces_paper", ("R59",), paper_also=True),
    context={"paper_lists": [{"issuer": "H53", "type_names": ["Công văn"], "source": "danh mục mẫu"}]},
)
declare(
    "exchange",
    "needless-paper",
    "Gửi kèm bản giấy ngoài danh mục",
    "Paper was sent as well outside the list",
    positive("R60"),
    context={"paper_sent": True},
)
