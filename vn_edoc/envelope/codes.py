"""Code lists of edXML with their Vietnamese labels."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = ["BusinessType", "Priority", "ReceiverChange", "StatusCode", "SteeringType"]


class _Labelled(IntEnum):
    @property
    def label_vi(self) -> str:
        """The Vietnamese term."""
        return _LABELS[type(self).__name__][self.value][0]

    @property
    def label_en(self) -> str:
        """The English rendering."""
        return _LABELS[type(self).__name__][self.value][1]


class BusinessType(_Labelled):
    """``BussinessDocType``: what the packet does (loại nghiệp vụ)."""

    NEW = 0
    """Văn bản mới."""
    RECALL = 1
    """Thu hồi văn bản."""
    UPDATE = 2
    """Cập nhật văn bản."""
    REPLACE = 3
    """Thay thế văn bản."""


class Priority(_Labelled):
    """``Priority``: urgency (độ khẩn). NĐ 30/2020/NĐ-CP Điều 8 knows 1 to 3; 4 is older."""

    NORMAL = 0
    """Thường."""
    URGENT = 1
    """Khẩn."""
    VERY_URGENT = 2
    """Thượng khẩn."""
    EXPRESS = 3
    """Hỏa tốc."""
    EXPRESS_TIMED = 4
    """Hỏa tốc hẹn giờ (cũ)."""


class SteeringType(_Labelled):
    """``SteeringType``: whether the document steers (loại chỉ đạo)."""

    NONE = 0
    """Không phải văn bản chỉ đạo."""
    STEERING = 1
    """Văn bản chỉ đạo."""
    REPORT = 2
    """Văn bản báo cáo, phúc đáp chỉ đạo."""


class ReceiverChange(_Labelled):
    """``ReceiverType``: what an update does with a receiver."""

    REMOVE = 0
    """Bỏ khỏi danh sách nơi nhận."""
    ADD = 1
    """Thêm vào danh sách nơi nhận."""


class StatusCode(StrEnum):
    """``StatusCode``: the nine states of a sent document (mã trạng thái)."""

    RECEIVED = "01"
    """Đã đến: phần mềm đã nhận, văn thư chưa xử lý."""
    REJECTED = "02"
    """Từ chối tiếp nhận."""
    ACCEPTED = "03"
    """Đã tiếp nhận, vào sổ."""
    ASSIGNED = "04"
    """Phân công xử lý."""
    PROCESSING = "05"
    """Đang xử lý."""
    FINISHED = "06"
    """Hoàn thành."""
    RECALL = "13"
    """Lấy lại: yêu cầu của bên gửi."""
    CHANGE_ACCEPTED = "15"
    """Đồng ý yêu cầu cập nhật, lấy lại."""
    CHANGE_REJECTED = "16"
    """Từ chối yêu cầu cập nhật, lấy lại."""

    @property
    def label_vi(self) -> str:
        """The Vietnamese term."""
        return _STATUS[self.value][0]

    @property
    def label_en(self) -> str:
        """The English rendering."""
        return _STATUS[self.value][1]

    @property
    def from_sender(self) -> bool:
        """Sent by the sender of the document, not by its receiver: only ``13`` is."""
        return self is StatusCode.RECALL


_LABELS = {
    "BusinessType": {
        0: ("văn bản mới", "new document"),
        1: ("thu hồi", "recall"),
        2: ("cập nhật", "update"),
        3: ("thay thế", "replacement"),
    },
    "Priority": {
        0: ("thường", "normal"),
        1: ("khẩn", "urgent"),
        2: ("thượng khẩn", "very urgent"),
        3: ("hỏa tốc", "express"),
        4: ("hỏa tốc hẹn giờ", "express at a fixed time"),
    },
    "SteeringType": {
        0: ("không phải văn bản chỉ đạo", "not a steering document"),
        1: ("văn bản chỉ đạo", "steering document"),
        2: ("văn bản báo cáo, phúc đáp chỉ đạo", "report on a steering document"),
    },
    "ReceiverChange": {0: ("bỏ khỏi danh sách", "removed"), 1: ("thêm mới", "added")},
}
_STATUS = {
    "01": ("đã đến", "arrived"),
    "02": ("từ chối tiếp nhận", "refused"),
    "03": ("đã tiếp nhận", "accepted"),
    "04": ("phân công xử lý", "assigned"),
    "05": ("đang xử lý", "being processed"),
    "06": ("hoàn thành", "finished"),
    "13": ("lấy lại", "recall requested"),
    "15": ("đồng ý cập nhật, lấy lại", "update or recall agreed"),
    "16": ("từ chối cập nhật, lấy lại", "update or recall refused"),
}
