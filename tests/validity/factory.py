"""Facts of a good document, and copies of it that differ in one respect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from vn_edoc.calendar import OfficeHours, WorkCalendar
from vn_edoc.findings import VIETNAM, Finding, Location, Severity
from vn_edoc.identifiers import AgencyRegistry, BindingResult
from vn_edoc.signature.result import (
    Changes,
    Indication,
    Level,
    SignatureKind,
    SignatureResult,
    SignerIdentity,
    SignerKind,
    TrustScheme,
)
from vn_edoc.validity.appearance import Appearance
from vn_edoc.validity.context import Context, Transport
from vn_edoc.validity.facts import Facts, FileFacts, PacketFacts, Party
from vn_edoc.validity.page import PageFacts

SIGNED = datetime(2026, 10, 15, 10, 20, tzinfo=VIETNAM)  # a Thursday
SENT = datetime(2026, 10, 15, 10, 45, tzinfo=VIETNAM)


def at(text: str) -> datetime:
    """``"2026-10-16 09:00"`` in Vietnam time."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def identity(kind: SignerKind, name: str, organisation: str) -> SignerIdentity:
    return SignerIdentity(
        name=name,
        organisation=organisation,
        kind=kind,
        serial="01",
        issuer="CN=CA thử nghiệm",
        certificate_sha256="00" * 32,
        common_names=(name,),
        organisations=(organisation,),
    )


def signature(kind: SignerKind, name: str, **changes: Any) -> SignatureResult:
    base = SignatureResult(
        kind=SignatureKind.PDF,
        intact=True,
        changes=Changes.NONE,
        trusted=True,
        signed_at=SIGNED,
        proven_at=SIGNED,
        signer=identity(kind, name, "SỞ THỬ NGHIỆM"),
        level=Level.LT,
        indication=Indication.TOTAL_PASSED,
        name=f"Signature-{kind.value}",
        trust_scheme=TrustScheme.OFFICIAL,
    )
    return replace(base, **changes)


PERSON = signature(SignerKind.PERSON, "Nguyễn Văn Mẫu")
AGENCY = signature(SignerKind.ORGANISATION, "SỞ THỬ NGHIỆM")

PAGE = PageFacts(
    has_text=True,
    pages=1,
    pdf_version="1.7",
    width_mm=210.0,
    height_mm=297.0,
    number="125",
    notation="STN-VP",
    issued=date(2026, 10, 15),
    place="Hà Nội",
    text="Số: 125/STN-VP V/v kiểm thử gửi, nhận văn bản điện tử Nguyễn Văn Mẫu",
)

BLUE = Appearance(1, (300.0, 200.0, 400.0, 260.0), red=0.3, blue=0.7, coloured=900)
RED = Appearance(1, (250.0, 190.0, 335.0, 275.0), red=0.9, blue=0.1, coloured=2000)

FILE = FileFacts(
    name="125-STN-VP.signed.pdf",
    media_type="application/pdf",
    size=1000,
    sha256="11" * 32,
    signatures=(PERSON, AGENCY),
    page=PAGE,
    appearances=(BLUE, RED),
)

PACKET = PacketFacts(
    kind="document",
    dialect="vxp",
    producer=None,
    issuer=Party("H29.12", "SỞ THỬ NGHIỆM"),
    receivers=(Party("H41", "UBND tỉnh mẫu B"),),
    document_id="H29.12,2026/10/15,125/STN-VP",
    number="125",
    notation="STN-VP",
    promulgated=date(2026, 10, 15),
    type_name="Công văn",
    subject="V/v kiểm thử gửi, nhận văn bản điện tử",
    signer="Nguyễn Văn Mẫu",
    position="Giám đốc",
    priority=0,
    business="new",
    paper=False,
    traced_at=SENT,
)

CONTEXT = Context(
    transport=Transport.AXIS,
    sent_at=SENT,
    received_at=SENT,
    receiver_code="H41",
    paper_sent=False,
    already_registered=False,
    tls_version="1.3",
    peer_authenticated=True,
)

BOUND = BindingResult("bound", "mst", None, "mã số thuế khớp", "the tax code matches")
CONTRADICTED = BindingResult("contradicted", "mst", None, "mã số thuế của cơ quan khác", "another agency's tax code")
UNKNOWN = BindingResult("unknown", None, None, "không có dòng nào", "there is no row")


def _together(context: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent at another time comes at that time, unless it is said otherwise."""
    moved = {"received_at": context["sent_at"]} if "sent_at" in context else {}
    return {**moved, **context}


def _moments(context: Mapping[str, Any]) -> tuple[datetime, ...]:
    """All moments of a context: it is judged after what has happened, unless it is said otherwise."""
    told = tuple(event.at for event in context.get("status_history", ()))
    return (SENT, *told, *(value for value in context.values() if isinstance(value, datetime)))


def good(
    *,
    packet: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    page: Mapping[str, Any] | None = None,
    file: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Facts:
    """The good document with the given differences."""
    own_file = replace(FILE, page=replace(PAGE, **(page or {})))
    own_file = replace(own_file, **(file or {}))
    base: dict[str, Any] = {
        "kind": "packet",
        "at": max(at("2026-10-15 11:00"), *_moments(context or {})),
        "context": CONTEXT.model_copy(update=_together(context or {})),
        "packet": replace(PACKET, **(packet or {})),
        "files": (own_file,),
        "main": own_file,
        "bindings": MappingProxyType({1: BOUND}),
        "calendar": WorkCalendar.official(),
        "hours": OfficeHours(),
        "registry": AgencyRegistry.bundled(),
        "trust_given": True,
    }
    return Facts(**{**base, **facts})


def said(rule: str, severity: Severity = Severity.FATAL) -> Finding:
    """A finding as a reader or verifier makes it."""
    return Finding(rule, severity, Location(), "thử", "test")
