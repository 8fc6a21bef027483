"""What sender and receiver tell each other about a document: recalls and statuses."""

from __future__ import annotations

from datetime import datetime

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.attacks import drop_element
from vn_edoc.testing.recipe import RECEIVED, Expected
from vn_edoc.testing.variants.catalogue import declare, positive


def _at(day: int, hour: int, minute: int = 0) -> str:
    return datetime(2026, 10, day, hour, minute, tzinfo=VIETNAM).isoformat()


declare(
    "exchange",
    "recall-refused",
    "Bên gửi thu hồi, bên nhận từ chối có lý do",
    "Recalled; the receiver refused with a reason",
    positive(),
    context={
        "recall_requested_at": _at(15, 15),
        "status_history": [
            {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14"},
            {"code": "16", "at": _at(15, 16), "organ_id": "H53.14", "description": "Đã giải quyết xong (Điều 18)"},
        ],
    },
)
declare(
    "exchange",
    "recall-not-answered",
    "Đã hủy theo yêu cầu thu hồi nhưng chưa thông báo lại",
    "Cancelled as the recall asked, and the sender was not told",
    positive("R43"),
    context={"recall_requested_at": _at(15, 15), "cancelled_at": _at(15, 16)},
)
declare(
    "exchange",
    "recall-by-status",
    "Bên gửi lấy lại bằng trạng thái 13, bên nhận không hủy",
    "The sender recalls by status 13, and the receiver does not cancel",
    positive("R43"),
    context={
        "status_history": [
            {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14"},
            {"code": "13", "at": _at(15, 15), "organ_id": "H53.09"},
        ]
    },
)
for _code, _vi, _en in (
    ("01", "đã đến", "arrival"),
    ("02", "từ chối có lý do", "refusal with its reason"),
    ("03", "tiếp nhận", "acceptance"),
    ("06", "hoàn thành", "completion"),
    ("13", "lấy lại", "a request to give back"),
    ("15", "đồng ý lấy lại", "agreement to that"),
):
    declare(
        "exchange",
        f"status-{_code}",
        f"Gói tin trạng thái {_code}: {_vi}",
        f"A status packet {_code}: {_en}",
        Expected(None, None, ()),
        status=_code,
    )
declare(
    "exchange",
    "status-02-without-reason",
    "Gói tin trạng thái 02 không nêu lý do",
    "A status packet 02 without a reason",
    Expected(None, None, ("R41",)),
    status="02",
    packet=(drop_element("Description"),),
)
