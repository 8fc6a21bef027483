"""Words and small facts that every renderer shares, in Vietnamese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vn_edoc.envelope import StatusCode
from vn_edoc.findings import VIETNAM, Location, visible
from vn_edoc.signature.terms import Changes, Indication, SignerKind, SubIndication
from vn_edoc.validity.conclusions import DocumentConclusion, DocumentValue, ExchangeConclusion, ExchangeValue
from vn_edoc.validity.report import Report

if TYPE_CHECKING:
    from vn_edoc.signature.result import SignatureResult

__all__ = [
    "TONE",
    "SevenItems",
    "brief",
    "heading_facts",
    "place",
    "reasons",
    "seven_items",
    "shown",
    "shown_day",
    "word",
]

_WORDS = {
    "title": ("BÁO CÁO KIỂM TRA GIÁ TRỊ PHÁP LÝ VĂN BẢN ĐIỆN TỬ", "LEGAL VALIDITY REPORT OF AN E-DOCUMENT"),
    "document": ("Giá trị của văn bản", "Value of the document"),
    "exchange": ("Giá trị của việc gửi, nhận", "Value of sending it"),
    "paper_also": ("Còn phải gửi kèm bản giấy", "Paper has to be sent as well"),
    "because": ("Lý do", "Because"),
    "file": ("Tệp", "File"),
    "about": ("Văn bản", "The document"),
    "checked": ("Thời điểm kiểm tra", "Checked at"),
    "issuer": ("Cơ quan ban hành", "Issued by"),
    "sender": ("Bên gửi trạng thái", "Status sent by"),
    "answers": ("Về văn bản", "About the document"),
    "no_conclusion": (
        "Gói tin phản hồi trạng thái: không có kết luận về giá trị của văn bản và của việc gửi, nhận.",
        "A status packet: there is no conclusion on the value of a document or of sending it.",
    ),
    "stopped": ("không kiểm tra (dừng vì R01)", "not looked at (stopped by R01)"),
    "receivers": ("Nơi nhận", "Addressees"),
    "number": ("Số, ký hiệu", "Number, symbol"),
    "date": ("Ngày ban hành", "Date of issue"),
    "type": ("Loại văn bản", "Type"),
    "subject": ("Trích yếu", "Subject"),
    "signer": ("Người ký", "Signer"),
    "status": ("Trạng thái", "Status"),
    "signatures": ("Chữ ký số", "Digital signatures"),
    "none": ("không có", "none"),
    "findings": ("Phát hiện", "Findings"),
    "no_findings": ("Không có điều gì cần lưu ý.", "Nothing to remark."),
    "checks": ("Các quy tắc đã kiểm tra", "Rules"),
    "basis": ("Căn cứ", "Basis"),
    "pass": ("đạt", "pass"),
    "fail": ("không đạt", "fail"),
    "not_evaluated": ("chưa đánh giá", "not evaluated"),
    "not_applicable": ("không áp dụng", "not applicable"),
    "to_do": ("Việc cần làm", "What to do"),
    "timeline": ("Diễn biến", "Time line"),
    "pages": ("Trang và vị trí chữ ký", "Pages and places of signatures"),
    "page": ("trang", "page"),
    "of": ("trên", "of"),
    "packet_itself": ("gói tin", "the packet"),
    "chain": ("Đường dẫn chứng thư", "Certificate chain"),
    "revocation": ("Nguồn thông tin thu hồi", "Source of revocation status"),
    "no_revocation": ("không có", "none"),
    "status_good": ("chưa bị thu hồi", "not revoked"),
    "status_revoked": ("đã bị thu hồi", "revoked"),
    "status_unknown": ("chưa biết tình trạng thu hồi", "status unknown"),
    "status_unchecked": ("không kiểm tra thu hồi", "not checked"),
    "status_anchor": ("gốc tin cậy", "trust anchor"),
    "overrides": ("Thay đổi so với bộ quy tắc gốc", "Changes to the bundled rule pack"),
    "set_by": ("theo", "set by"),
    "repeat": ("Để lặp lại việc kiểm tra", "What it takes to repeat this check"),
    "context": ("Bối cảnh do hệ thống cung cấp", "Context given by the host"),
    "known_at": ("Lịch làm việc như đã biết tại", "Working days as known at"),
    "library": ("Phần mềm", "Software"),
    "bindings": ("Bảng gắn kết chứng thư", "Register of bindings"),
    "by_signer": ("người ký khai báo", "claimed by the signer"),
    "by_authority": ("dấu thời gian hợp lệ", "valid time-stamp"),
    "by_stamp": ("dấu thời gian chưa kiểm tra được", "time-stamp that could not be verified"),
    "by_trace": ("bên gửi khai báo trong gói tin", "claimed by the sender in the packet"),
    "by_host": ("hệ thống ghi nhận", "recorded by the host"),
    "by_verifier": ("báo cáo này", "this report"),
    "event_signed": ("Ký số", "Signed"),
    "event_time_stamped": ("Cấp dấu thời gian", "Time-stamped"),
    "event_sent": ("Gửi", "Sent"),
    "event_received": ("Nhận", "Received"),
    "event_receipt_evidence": ("Có biên nhận chứng minh", "Proven by a receipt"),
    "event_submitted": ("Trình, chuyển giao", "Submitted"),
    "event_status": ("Trạng thái", "Status"),
    "event_recall_requested": ("Bên gửi yêu cầu thu hồi", "Recall requested"),
    "event_cancelled": ("Bên nhận hủy", "Cancelled"),
    "event_judged": ("Kiểm tra", "Checked"),
    "override_severity": ("mức độ", "severity"),
    "override_urgent_grace": ("thời gian cho văn bản khẩn", "time for urgent documents"),
    "override_refusal_within": ("thời gian để từ chối", "time for a refusal"),
    "override_office_hours": ("giờ làm việc", "office hours"),
    "override_paper_also": ("danh mục gửi kèm bản giấy", "kinds also sent on paper"),
    "attachments": ("Tệp đính kèm", "Attachments"),
    "damaged": ("hỏng", "damaged"),
    "pack": ("Bộ quy tắc", "Rule pack"),
    "law_date": ("theo pháp luật tại ngày", "law as of"),
    "input": ("Tệp kiểm tra", "Input"),
    "anchors": ("Chứng thư gốc tin cậy", "Trust anchors"),
    "notice": ("Lưu ý", "Notice"),
    # The seven items of TT 15/2025/TT-BKHCN Điều 6.4b.
    "item_issuer": ("Cơ quan phát hành chứng thư", "Certificate issuer"),
    "item_subject": ("Chủ thể ký", "Signer"),
    "item_manager": ("Đơn vị quản lý chứng thư", "Unit that holds the certificate"),
    "item_time": ("Thời điểm ký", "Signing time"),
    "item_integrity": ("Tính toàn vẹn", "Integrity"),
    "item_validity": ("Tính hợp lệ tại thời điểm ký", "Validity at signing time"),
    "item_period": ("Thời hạn hiệu lực chứng thư", "Certificate validity"),
    "claimed": ("theo khai báo của người ký", "claimed by the signer"),
    "proven": ("có dấu thời gian", "time-stamped"),
    "receipt": ("có biên nhận chứng minh đã ký trước", "a receipt proves that it was signed before"),
    "unknown": ("không xác định", "unknown"),
    "person": ("cá nhân", "person"),
    "organisation": ("cơ quan, tổ chức", "organisation"),
    "device": ("thiết bị, dịch vụ, phần mềm", "device or service"),
}


_WHY: dict[SubIndication, tuple[str, str]] = {
    SubIndication.FORMAT_FAILURE: ("chữ ký hoặc tệp không đúng cấu trúc", "the signature or the file is malformed"),
    SubIndication.HASH_FAILURE: ("nội dung đã bị thay đổi", "the content was changed"),
    SubIndication.SIG_CRYPTO_FAILURE: (
        "chữ ký không do khóa của chứng thư này tạo ra",
        "the signature was not made with the key of this certificate",
    ),
    SubIndication.REVOKED: ("chứng thư đã bị thu hồi", "the certificate was revoked"),
    SubIndication.EXPIRED: ("chứng thư đã hết hạn khi ký", "the certificate had expired"),
    SubIndication.NOT_YET_VALID: ("chứng thư chưa có hiệu lực khi ký", "the certificate was not yet valid"),
    SubIndication.SIG_CONSTRAINTS_FAILURE: (
        "chữ ký không đáp ứng một yêu cầu kiểm tra",
        "the signature does not meet a requirement",
    ),
    SubIndication.CHAIN_CONSTRAINTS_FAILURE: (
        "đường dẫn chứng thư không đáp ứng một yêu cầu kiểm tra",
        "the certificate path does not meet a requirement",
    ),
    SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE: (
        "chưa kiểm tra được đường dẫn chứng thư",
        "the certificate path could not be checked",
    ),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE: (
        "thuật toán hoặc độ dài khóa không đủ an toàn",
        "an algorithm or a key is too weak",
    ),
    SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: (
        "thuật toán hoặc độ dài khóa không còn đủ an toàn, chưa chứng minh được thời điểm ký",
        "an algorithm or a key is too weak by now, and the time of signing is not proven",
    ),
    SubIndication.TIMESTAMP_ORDER_FAILURE: ("thứ tự các dấu thời gian mâu thuẫn", "time-stamps contradict each other"),
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND: (
        "không tìm thấy chứng thư của người ký",
        "the signer's certificate was not found",
    ),
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: (
        "chưa dẫn được tới chứng thư gốc tin cậy",
        "no path to a trust anchor was found",
    ),
    SubIndication.REVOKED_NO_POE: (
        "chứng thư nay đã bị thu hồi, chưa chứng minh được thời điểm ký",
        "the certificate is revoked by now, and the time of signing is not proven",
    ),
    SubIndication.REVOKED_CA_NO_POE: (
        "chứng thư của cơ quan cấp nay đã bị thu hồi, chưa chứng minh được thời điểm ký",
        "the certificate of a CA is revoked by now, and the time of signing is not proven",
    ),
    SubIndication.OUT_OF_BOUNDS_NO_POE: (
        "chứng thư nay đã hết hạn, chưa chứng minh được thời điểm ký",
        "the certificate has expired by now, and the time of signing is not proven",
    ),
    SubIndication.OUT_OF_BOUNDS_NOT_REVOKED: (
        "chứng thư nay đã hết hạn mà chưa bị thu hồi, chưa chứng minh được thời điểm ký",
        "the certificate has expired unrevoked by now, and the time of signing is not proven",
    ),
    SubIndication.NO_POE: ("chưa chứng minh được thời điểm ký", "the time of signing is not proven"),
    SubIndication.TRY_LATER: ("chưa kiểm tra được tình trạng thu hồi", "revocation could not be checked"),
    SubIndication.SIGNED_DATA_NOT_FOUND: ("không có nội dung đã ký để kiểm tra", "what was signed is not at hand"),
    SubIndication.CUSTOM: ("", ""),
}
"""Sub-indications of ETSI EN 319 102-1 for a reader."""

TONE: dict[DocumentValue | ExchangeValue, str] = {
    DocumentValue.ORIGINAL: "good",
    DocumentValue.COPY: "good",
    DocumentValue.INSUFFICIENT: "bad",
    DocumentValue.UNDETERMINED: "open",
    ExchangeValue.REPLACES_PAPER: "good",
    ExchangeValue.REFERENCE_ONLY: "bad",
    ExchangeValue.OUT_OF_SCOPE: "open",
    ExchangeValue.UNDETERMINED: "open",
}
"""How a conclusion is coloured: good, bad, or open."""


def word(key: str, lang: str) -> str:
    """A word of the report in ``"vi"`` or ``"en"``."""
    return _WORDS[key][lang == "en"]


def shown(moment: datetime | None, lang: str) -> str:
    """A time as officials read it: ``15/10/2026 10:20:00 +07:00`` (NĐ 30/2020/NĐ-CP Phụ lục I)."""
    if moment is None:
        return word("unknown", lang)
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00")


def shown_day(day: str, lang: str) -> str:
    """A day of a report (ISO 8601) as a reader writes it: ``15/10/2026`` in Vietnamese."""
    return "/".join(reversed(day[:10].split("-"))) + day[10:] if lang == "vi" else day


_LONGEST = 2000


def brief(text: str, lang: str) -> str:
    """A value of the document for a reader: made safe, and cut where no page is meant to hold it. The JSON form has
    the whole."""
    if len(text) <= _LONGEST:
        return visible(text)
    more = len(text) - _LONGEST
    return visible(text[:_LONGEST]) + (f"… ({more} more characters)" if lang == "en" else f"… (còn {more} ký tự)")


def reasons(conclusion: DocumentConclusion | ExchangeConclusion, lang: str) -> list[tuple[str, str]]:
    """Rule and message of the first reasons of a conclusion, each said once however many signatures it is about."""
    said = dict.fromkeys((f.rule, f.message(lang)) for f in conclusion.reasons)
    return [(visible(rule), brief(message, lang)) for rule, message in list(said)[:5]]


def place(where: Location, lang: str) -> str:
    """A location in words."""
    parts = [visible(p) for p in (where.attachment, where.path) if p]
    if where.signature:
        parts.append(f"{'chữ ký' if lang == 'vi' else 'signature'} {visible(where.signature)}")
    if where.page is not None:
        parts.append(f"trang {where.page}" if lang == "vi" else f"page {where.page}")
    if where.line is not None:
        parts.append(f"dòng {where.line}" if lang == "vi" else f"line {where.line}")
    if where.byte_range is not None:
        parts.append(f"byte {where.byte_range[0]}-{where.byte_range[1]}")
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class SevenItems:
    """The seven items that verifying software shows (TT 15/2025/TT-BKHCN Điều 6.4b), in words."""

    issuer: str
    """Cơ quan phát hành chứng thư."""
    subject: str
    """Chủ thể ký."""
    manager: str
    """Đơn vị quản lý chứng thư."""
    time: str
    """Thời điểm ký hoặc dấu thời gian."""
    integrity: str
    """Tính toàn vẹn."""
    validity: str
    """Tính hợp lệ tại thời điểm ký."""
    period: str
    """Thời hạn hiệu lực chứng thư."""
    good: bool | None
    """Hợp lệ, không hợp lệ, or not determined."""

    def rows(self, lang: str) -> list[tuple[str, str]]:
        """Label and value of each item."""
        names = ("issuer", "subject", "manager", "time", "integrity", "validity", "period")
        return [(word(f"item_{name}", lang), getattr(self, name)) for name in names]


def seven_items(signature: SignatureResult, lang: str) -> SevenItems:
    """The seven items of one signature."""
    english = lang == "en"
    signer = signature.signer
    unknown = word("unknown", lang)
    good = {Indication.TOTAL_PASSED: True, Indication.TOTAL_FAILED: False}.get(signature.indication)
    verdict = {
        True: ("HỢP LỆ", "VALID"),
        False: ("KHÔNG HỢP LỆ", "NOT VALID"),
        None: ("CHƯA ĐỦ CĂN CỨ", "UNDETERMINED"),
    }[good][english]
    if signature.sub_indication is not None:
        why = _WHY[signature.sub_indication][english]
        # ``CUSTOM`` says nothing that the findings do not say better.
        verdict += f": {why} ({signature.sub_indication})" if why else ""
    if signer is None:
        subject = manager = issuer = period = unknown
    else:
        kind = "" if signer.kind is SignerKind.UNKNOWN else f" ({word(signer.kind.value, lang)})"
        subject = visible(signer.name or signer.subject or unknown) + kind
        manager = visible(", ".join(dict.fromkeys((*signer.units, *signer.organisations))) or unknown)
        issuer = visible(signer.issuer)
        period = f"{shown(signer.valid_from, lang)} – {shown(signer.valid_to, lang)}"
    if signature.stamped:
        time = f"{shown(signature.proven_at, lang)} ({word('proven', lang)})"
    elif signature.signed_at is not None:
        time = f"{shown(signature.signed_at, lang)} ({word('claimed', lang)})"
    else:
        time = unknown
    if signature.proven_at is not None and not signature.stamped:
        time += f"; {word('receipt', lang)} {shown(signature.proven_at, lang)}"
    return SevenItems(issuer, subject, manager, time, _integrity(signature, english), verdict, period, good)


def _integrity(signature: SignatureResult, english: bool) -> str:
    if signature.intact is False:
        return "the content does not match the signature" if english else "nội dung không khớp với chữ ký"
    if signature.intact is None:
        return "could not be verified" if english else "không kiểm tra được"
    if signature.countersigns is not None and signature.changes is Changes.NONE:
        name = visible(signature.countersigns)
        told = f"nguyên vẹn; chữ ký đối chứng của {name}, không ký nội dung", f"intact; countersigns {name}, no content"
        return told[english]
    return {
        Changes.NONE: ("nguyên vẹn, chữ ký phủ toàn bộ tệp", "intact, the signature covers the whole file"),
        Changes.ALLOWED: ("nguyên vẹn; sau đó chỉ có bổ sung được phép", "intact; only allowed additions came after"),
        Changes.SUSPICIOUS: (
            "phần đã ký nguyên vẹn; sau đó có thay đổi cần xem xét",
            "signed part intact; later changes need a look",
        ),
        Changes.FORBIDDEN: (
            "phần đã ký nguyên vẹn nhưng tài liệu đã bị thay đổi sau đó",
            "signed part intact, but the document was changed later",
        ),
        Changes.UNKNOWN: (
            "phần đã ký nguyên vẹn; chưa xác định được thay đổi sau đó",
            "signed part intact; later changes could not be determined",
        ),
    }[signature.changes][english]


def _status(code: str | None, lang: str) -> str | None:
    """A status code with its term: ``02: từ chối tiếp nhận``."""
    if code is None:
        return None
    try:
        known = StatusCode(code)
    except ValueError:
        return code
    return f"{code}: {known.label_en if lang == 'en' else known.label_vi}"


def heading_facts(report: Report, lang: str) -> list[tuple[str, str]]:
    """Label and value of what the document says of itself."""
    rows: list[tuple[str, str]] = []
    packet = report.packet
    if packet is not None:
        status = packet.kind == "status"
        if packet.issuer is not None:
            who = word("sender" if status else "issuer", lang)
            rows.append((who, brief(f"{packet.issuer.name or ''} ({packet.issuer.code})".strip(), lang)))
        if packet.number or packet.notation:
            rows.append((word("number", lang), brief(f"{packet.number or ''}/{packet.notation or ''}", lang)))
        if packet.promulgated is not None:
            rows.append((word("date", lang), f"{packet.promulgated:%d/%m/%Y}"))
        rows += [
            (word(key, lang), brief(value, lang))
            for key, value in (
                ("type", packet.type_name),
                ("subject", packet.subject),
                ("signer", ", ".join(v for v in (packet.signer, packet.position) if v)),
                ("status", _status(packet.status_code, lang)),
                ("because", packet.status_reason),
                ("answers", " · ".join(v for v in (packet.answers, packet.document_id if status else None) if v)),
            )
            if value
        ]
        if packet.receivers:
            names = "; ".join(f"{p.name or ''} ({p.code})".strip() for p in packet.receivers)
            rows.append((word("receivers", lang), brief(names, lang)))
    if report.main is not None:
        rows.append((word("file", lang), brief(report.main, lang)))
    rows.append((word("checked", lang), shown(report.checked_at, lang)))
    return rows
