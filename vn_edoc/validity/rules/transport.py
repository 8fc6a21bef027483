"""Rules on the channel: secrecy, scope, connected systems, a protected connection."""

from __future__ import annotations

import re

from vn_edoc.findings import Location, Severity
from vn_edoc.validity.codes import standing
from vn_edoc.validity.facts import Facts
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import NO_PACKET
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated

__all__: list[str] = []


@checks("R01")
def no_state_secret(facts: Facts) -> Verdict:
    marked = [(f, f.page.secrecy) for f in facts.files if f.page is not None and f.page.secrecy is not None]
    carried = facts.packet.secrecy if facts.packet is not None else None
    if not marked and carried is None:
        if facts.is_document and not facts.form_known:
            return not_evaluated("không đọc được trang đầu để tìm dấu độ mật", "page 1 could not be read for marks")
        return PASSED
    issues = [
        Issue(
            f"Tệp mang dấu độ mật {mark}: không thuộc phạm vi gửi, nhận qua hệ thống, dừng kiểm tra.",
            f"The file is marked {mark} (state secret): outside electronic exchange; checking stops.",
            Location(attachment=file.name, page=1),
            data={"mark": mark},
        )
        for file, mark in marked
    ]
    if carried is not None:
        issues.append(
            Issue(
                f"Gói tin ghi độ mật “{carried[:40]}”: không thuộc phạm vi gửi, nhận qua hệ thống.",
                f"The packet states a degree of secrecy “{carried[:40]}”: outside electronic exchange.",
                Location(path="OtherInfo/Secret"),
                data={"mark": carried},
            )
        )
    return fail(*issues)


@checks("R02")
def within_scope(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    parties = [p for p in (facts.packet.issuer, *facts.packet.receivers) if p is not None]
    if facts.registry is None or not parties:
        return not_evaluated("không có mã định danh để tra cứu", "there are no agency codes to look up")
    standings = {p.code: standing(facts.registry, p.code, facts.law_date) for p in parties}
    unknown = [code for code, found in standings.items() if found is None]
    closed = [code for code, found in standings.items() if found == "closed"]
    issues = []
    if unknown:
        issues.append(
            Issue(
                f"Không tra được trong danh mục mã định danh: {', '.join(unknown)}; "
                "chưa xác định được cơ quan có thuộc phạm vi Điều 2 hay không.",
                f"Not found in the registry of agency codes: {', '.join(unknown)}; "
                "whether Article 2 covers these bodies is not known.",
                Location(path="MessageHeader"),
                Severity.INFO,
                {"codes": unknown},
            )
        )
    if closed:
        issues.append(
            Issue(
                f"Mã định danh đã đóng vào ngày {facts.law_date:%d/%m/%Y}: {', '.join(closed)}.",
                f"Agency codes that were closed on {facts.law_date.isoformat()}: {', '.join(closed)}.",
                Location(path="MessageHeader"),
                data={"codes": closed},
            )
        )
    if unknown and not closed:
        return not_evaluated(
            f"không tra được mã {', '.join(unknown)} trong danh mục",
            f"{', '.join(unknown)} not found in the registry",
            *issues,
        )
    return fail(*issues) if issues else PASSED


@checks("R03")
def connected_systems(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    transport = facts.context.transport
    if transport is None:
        return not_evaluated(
            "không biết văn bản được gửi, nhận bằng kênh nào (danh sách lưu vết trong gói tin không chứng minh được)",
            "the channel is not known (the packet's trace list proves nothing by itself)",
        )
    if transport.connected_systems:
        return PASSED
    return fail(
        Issue(
            f"Văn bản không được gửi, nhận qua các hệ thống quản lý văn bản và điều hành (kênh: {transport.value}).",
            f"The document did not travel through connected document-management systems (channel: {transport.value}).",
            severity=Severity.INFO,
            data={"transport": transport.value},
        )
    )


@checks("R75")
def protected_connection(facts: Facts) -> Verdict:
    if facts.packet is None:
        return NO_PACKET
    context = facts.context
    if context.transport is not None and not context.transport.connected_systems:
        return not_applicable("không gửi qua hệ thống kết nối", "the document did not travel through connected systems")
    if context.tls_version is None and context.peer_authenticated is None:
        return not_evaluated("hệ thống không cung cấp thông tin kết nối", "the host gave no record of the connection")
    issues = []
    version = _tls(context.tls_version)
    if version is not None and version < (1, 2):
        issues.append(
            Issue(
                f"Kết nối dùng {_protocol(version)}, thấp hơn TLS 1.2.",
                f"The connection used {_protocol(version)}, below TLS 1.2.",
                data={"tls_version": context.tls_version},
            )
        )
    if context.peer_authenticated is False:
        issues.append(Issue("Bên kết nối chưa được xác thực.", "The connected peer was not authenticated."))
    if issues:
        return fail(*issues)
    if version is None:
        return not_evaluated("không biết phiên bản TLS của kết nối", "the connection's TLS version is not known")
    if context.peer_authenticated is None:
        return not_evaluated(
            "không biết bên kết nối đã được xác thực hay chưa", "whether the peer was authenticated is not known"
        )
    return PASSED


_TLS = re.compile(r"(?P<name>TLS|SSL)?\s*v?\s*(?P<major>\d)(?:[._](?P<minor>\d))?", re.IGNORECASE)


def _tls(text: str | None) -> tuple[int, int] | None:
    """``1.3``, ``TLSv1.3`` or ``TLS 1.3`` as (1, 3); every SSL comes before TLS; ``None`` for what says no version."""
    match = _TLS.fullmatch(text or "")
    if match is None:
        return None
    if (match["name"] or "").upper() == "SSL":
        return 0, int(match["major"])
    return int(match["major"]), int(match["minor"] or 0)


def _protocol(version: tuple[int, int]) -> str:
    return f"TLS {version[0]}.{version[1]}" if version[0] else f"SSL {version[1]}"
