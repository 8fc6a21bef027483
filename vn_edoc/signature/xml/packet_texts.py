"""The rules on a packet's own signatures: severity, verdict, texts in both languages, basis."""

from __future__ import annotations

from types import MappingProxyType

from vn_edoc.findings import Severity
from vn_edoc.signature.xml.rule import Rule

__all__ = ["PACKET_RULES"]

_F, _E, _W, _I = Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO
_SOFTWARE = ("QCVN 102:2016/BTTTT", "tt15-2025:Phụ lục I")

PACKET_RULES = MappingProxyType(
    {
        "packet.seal_version": Rule(
            _W,
            None,
            "Dấu niêm phong gói tin thuộc phiên bản chưa biết ({version}).",
            "The packet's seal is of an unknown version ({version}).",
            _SOFTWARE,
        ),
        "packet.changed": Rule(
            _F,
            False,
            "Giá trị {name} của gói tin khác với giá trị đã ký.",
            "The packet's {name} is not the one that was signed.",
            ("qd28:6.1", "qd28:9.1"),
        ),
        "packet.removed": Rule(
            _F,
            False,
            "Gói tin thiếu {name} đã được ký.",
            "The packet lacks {name}, which was signed.",
            ("qd28:6.1", "qd28:9.1"),
        ),
        "packet.added": Rule(
            _F,
            None,
            "Gói tin có thêm {name} không nằm trong phạm vi chữ ký.",
            "The packet has {name}, which the signature does not cover.",
            ("qd28:6.1", "qd28:9.1"),
        ),
        "packet.ambiguous": Rule(
            _F,
            False,
            "Gói tin có phần tử lặp hoặc hỏng; các phần mềm có thể đọc khác nhau: {name}.",
            "The packet has doubled or damaged elements, which readers may take differently: {name}.",
            ("qd28:6.1", "qd28:9.1"),
        ),
        "packet.trace_added": Rule(
            _I,
            None,
            "Có {count} dòng lưu vết nằm ngoài phạm vi chữ ký, như trục liên thông vẫn thêm vào.",
            "{count} trace entries are outside the signature, as the axis adds them on the way.",
            ("QCVN 102:2016/BTTTT",),
        ),
        "packet.receiver_added": Rule(
            _I,
            None,
            "Trục liên thông đã thêm {count} nơi nhận theo mã cũ (có đánh dấu TLTVBQG_CDMDD_QD20).",
            "The axis has added {count} receivers under an old code (marked TLTVBQG_CDMDD_QD20).",
            ("QCVN 102:2016/BTTTT",),
        ),
        "packet.other_seal": Rule(
            _I,
            None,
            "Gói tin còn có dấu niêm phong khác: {name}.",
            "The packet has another seal: {name}.",
            ("QCVN 102:2016/BTTTT",),
        ),
        "packet.inexact": Rule(
            _E,
            None,
            "Gói tin phải sửa lỗi cú pháp mới đọc được nên không kiểm tra được chữ ký.",
            "The packet could only be read in a repaired form, so its signature cannot be verified.",
            _SOFTWARE,
        ),
        "packet.empty_signature": Rule(
            _I, None, "Phần tử chữ ký của gói tin để trống.", "The packet's signature element is empty.", _SOFTWARE
        ),
        "packet.placeholder": Rule(
            _W,
            None,
            "Phần tử chữ ký của gói tin là dữ liệu mẫu của bộ công cụ, không phải chữ ký.",
            "The packet's signature element is the sample data of a development kit, not a signature.",
            _SOFTWARE,
        ),
        "packet.malformed": Rule(
            _W,
            None,
            "Phần tử chữ ký của gói tin không có cấu trúc của một chữ ký.",
            "The packet's signature element has not the structure of a signature.",
            _SOFTWARE,
        ),
        "packet.signature_place": Rule(
            _F,
            False,
            "Chữ ký không nằm đúng chỗ trong gói tin: {path}.",
            "The signature does not stand in its place in the packet: {path}.",
        ),
    }
)
"""Every rule by its id."""
