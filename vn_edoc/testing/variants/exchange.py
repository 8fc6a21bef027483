"""How and when it travelled, and what the receiver did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.cms import CmsForm
from vn_edoc.testing.recipe import GOOD, RECEIVED, Crl, Expected, signed_by
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
    "sent-before-signing",
    "Thời gian gửi trước thời gian ký",
    "Sent before it was signed, as the times say",
    positive(),
    context=_sent(15, 9),
)


def _on(signed: datetime, sent: datetime) -> dict[str, Any]:
    """The good recipe on other days."""
    at = sent.isoformat()
    context = {"sent_at": at, "received_at": at, "submitted_at": None, "status_history": None}
    return {
        "document": replace(GOOD.document, day=signed.date()),
        "signatures": (
            signed_by("person", at=signed - timedelta(minutes=20)),
            signed_by("agency", at=signed),
        ),
        "annex_signature": signed_by("agency", at=signed),
        "crls": (Crl(at=sent), Crl(issuer="root", at=sent)),
        "judged_at": sent + timedelta(hours=8),
        "bindings": ({**GOOD.bindings[0], "valid_from": ""},),
        "context": context,
    }


declare(
    "exchange",
    "sent-after-weekend",
    "Ký chiều thứ sáu, gửi sáng thứ hai",
    "Signed on Friday afternoon, sent on Monday morning",
    positive(),
    **_on(datetime(2026, 10, 16, 16, 30, tzinfo=VIETNAM), datetime(2026, 10, 19, 9, 0, tzinfo=VIETNAM)),
)
declare(
    "exchange",
    "sent-after-tet",
    "Ký trước nghỉ Tết, gửi sáng ngày làm việc đầu năm",
    "Signed before the Tết holidays, sent on the first working morning after them",
    positive(),
    **_on(datetime(2026, 2, 13, 16, 0, tzinfo=VIETNAM), datetime(2026, 2, 23, 9, 0, tzinfo=VIETNAM)),
)
declare(
    "exchange",
    "november-2026",
    "Văn bản từ ngày 01/11/2026 (thông báo về Quyết định 43/2026/QĐ-TTg)",
    "A document after 01/11/2026 (the notice on Decision 43/2026/QĐ-TTg)",
    positive(),
    **_on(datetime(2026, 11, 5, 10, 20, tzinfo=VIETNAM), datetime(2026, 11, 5, 10, 45, tzinfo=VIETNAM)),
)
_OLD = _on(datetime(2025, 6, 10, 10, 20, tzinfo=VIETNAM), datetime(2025, 6, 10, 10, 45, tzinfo=VIETNAM))
declare(
    "exchange",
    "older-law",
    "Văn bản tháng 6/2025, theo luật khi đó",
    "A document of June 2025, judged by the law of its day",
    positive(),
    **_OLD,
)
declare(
    "exchange",
    "older-law-sha1",
    "Văn bản tháng 6/2025 ký bằng SHA-1: chỉ cảnh báo",
    "A document of June 2025 signed with SHA-1: a warning only",
    positive("R22"),
    **_OLD
    | {
        "signatures": (
            _OLD["signatures"][0],
            replace(_OLD["signatures"][1], subfilter="adbe", form=CmsForm(digest="sha1")),
        )
    },
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
declare(
    "exchange",
    "urgent-sent-at-once",
    "Văn bản hỏa tốc gửi, trình ngay",
    "An express document sent and submitted at once",
    positive(),
    document=replace(GOOD.document, urgency="HỎA TỐC"),
    context={"submitted_at": _at(15, 11)},
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
    "refused-with-reason",
    "Từ chối có nêu lý do và điều khoản",
    "Refused with a reason and an article",
    positive(),
    context={
        "status_history": [
            {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14"},
            {
                "code": "02",
                "at": _at(15, 14),
                "organ_id": "H53.14",
                "description": "Không thuộc thẩm quyền (điểm b khoản 2 Điều 21 Nghị định số 30/2020/NĐ-CP)",
            },
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

# --- what an examiner tries next to these ---
declare(
    "exchange",
    "sent-last-minute",
    "Gửi đúng lúc hết buổi sáng ngày làm việc tiếp theo",
    "Sent in the last minute of the next working morning",
    positive(),
    context=_sent(16, 11, 30),
    judged_at=_LATER,
)
declare(
    "exchange",
    "sent-a-minute-late",
    "Gửi sau buổi sáng ngày làm việc tiếp theo một phút",
    "Sent a minute after the next working morning",
    positive("R37"),
    context=_sent(16, 11, 31),
    judged_at=_LATER,
)
declare(
    "exchange",
    "sent-after-swapped-saturday",
    "Ký trước thứ bảy làm bù, gửi sáng thứ hai",
    "Signed before a Saturday that was worked, sent on Monday morning",
    positive("R37", "R38"),
    **_on(datetime(2026, 8, 21, 16, 30, tzinfo=VIETNAM), datetime(2026, 8, 24, 9, 0, tzinfo=VIETNAM)),
)
declare(
    "exchange",
    "sent-on-swapped-saturday",
    "Ký chiều thứ sáu, gửi sáng thứ bảy làm bù",
    "Signed on Friday afternoon, sent on the Saturday that was worked",
    positive(),
    **_on(datetime(2026, 8, 21, 16, 30, tzinfo=VIETNAM), datetime(2026, 8, 22, 9, 0, tzinfo=VIETNAM)),
)
declare(
    "exchange",
    "urgent-submitted-late",
    "Văn bản khẩn trình vào hôm sau",
    "An urgent document submitted on the next day",
    positive("R42"),
    document=replace(GOOD.document, urgency="KHẨN"),
    context={"submitted_at": _at(16, 8)},
)
declare(
    "exchange",
    "nothing-known",
    "Không biết gì về việc gửi, nhận",
    "Nothing is known of the exchange",
    Expected("original", "undetermined", ()),
    context=dict.fromkeys(GOOD.context),
)
declare(
    "exchange",
    "peer-not-authenticated",
    "Bên kết nối chưa được xác thực",
    "The connected peer was not authenticated",
    positive("R75"),
    context={"peer_authenticated": False},
)
declare(
    "exchange",
    "old-code-of-receiver",
    "Bên nhận tự nhận bằng mã 13 ký tự của mình",
    "The receiver knows itself by its code of 13 characters",
    positive(),
    context={"receiver_code": "000.00.14.H53"},
)
for _day, _vi, _en in ((14, "trước", "the last day of the older law"), (15, "từ", "the first day of the newer law")):
    _signed = _on(datetime(2025, 8, _day, 10, 20, tzinfo=VIETNAM), datetime(2025, 8, _day, 10, 45, tzinfo=VIETNAM))
    declare(
        "exchange",
        f"sha1-{_day}-august-2025",
        f"Ký bằng SHA-1 ngày {_day}/8/2025, {_vi} Thông tư 15/2025/TT-BKHCN",
        f"Signed with SHA-1 on {_day} August 2025, {_en}",
        positive("R22"),
        **_signed
        | {
            "signatures": (
                _signed["signatures"][0],
                replace(_signed["signatures"][1], subfilter="adbe", form=CmsForm(digest="sha1")),
            )
        },
    )
