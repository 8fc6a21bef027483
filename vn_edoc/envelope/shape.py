"""What is told of a packet's structure: names, places, order, signature elements, dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from lxml import etree

from vn_edoc.envelope.deviations import Deviations
from vn_edoc.envelope.dialects import DIALECTS
from vn_edoc.envelope.dialects.base import SOAP, Dialect
from vn_edoc.envelope.elements import Values, elements_of, group_named
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.packet import SignatureState
from vn_edoc.envelope.structure import Structure, child, children
from vn_edoc.findings import Severity
from vn_edoc.xml.parse import local_name, lower_name, namespace_of

__all__ = ["check_shape"]

_NAMES = (
    *("edXML", "edXMLEnvelope", "edXMLHeader", "edXMLBody", "edXMLManifest", "MessageHeader", "Status"),
    *("TraceHeaderList", "AttachmentEncoded", "edXMLAttachments", "Envelope", "Header", "Body", "Manifest"),
    *("edXMLDocument", "Reference", "Signature", "DigitalSignature"),
)
_RIGHT = {name.lower(): name for name in _NAMES}
_ORDERED = frozenset({"vxp", "bkav", "inline", "soap-2803"})
"""Dialects whose orders are known."""


def check_shape(
    found: Structure, state: SignatureState, dialect: Dialect, message: Values | None, notes: Notes
) -> None:
    """All checks of the structure."""
    told = Deviations(notes, dialect.namespace)
    _names(found, told)
    _places(found, message, told)
    if dialect.name in _ORDERED and found.message is not None:
        _order(found.message, group_named("StatusMessage" if found.kind == "status" else "DocumentMessage"), told)
    _signatures(found, state, notes)
    _form(found, notes)


def _names(found: Structure, told: Deviations) -> None:
    """Structural elements under names of another case."""
    for element in _structural(found):
        name = local_name(element.tag)
        right = _RIGHT.get(name.lower(), name)
        if name != right:
            told.misnamed(name, name, right)


def _structural(found: Structure) -> Iterator[etree._Element]:
    named = (found.root, found.envelope, found.header, found.body, found.message, found.trace, found.manifest)
    yield from dict.fromkeys(e for e in named if e is not None)
    yield from found.signatures
    if found.manifest is not None:
        yield from children(found.manifest, "reference")
    holders = (a.getparent() for a in found.attachments)
    yield from dict.fromkeys(h for h in holders if h is not None)


def _places(found: Structure, message: Values | None, told: Deviations) -> None:
    """Elements around the message that were left out, or stand where they do not belong."""
    if found.dialect in ("vxp", "bkav", "inline") and found.message is not None:
        root = lower_name(found.root.tag)
        if root == "edxmlenvelope":
            told.left_out("edXML")
        elif root == "edxml" and found.envelope is None:
            told.left_out("edXMLEnvelope")
        if found.header is not None and lower_name(found.header.tag) != "edxmlheader":
            told.left_out("edXMLHeader")
    if found.dialect.startswith("soap") and found.kind != "attachments" and namespace_of(found.root.tag) != SOAP:
        told.namespace(local_name(found.root.tag), namespace_of(found.root.tag))
    if found.dialect == "vxp":
        _containers(found, told)
    for element in found.message if found.message is not None else ():
        place = _ELSEWHERE.get(lower_name(element.tag))
        if place is not None:
            told.misplaced(f"MessageHeader/{local_name(element.tag)}", place)
    trace = message.trace if message is not None and message.packet_kind == "document" else None
    if trace is not None and trace.paper is not None:
        told.misplaced("TraceHeaderList/Paper", "Bussiness/Paper")


_ELSEWHERE = {
    "bussiness": "TraceHeaderList/Bussiness",
    "business": "TraceHeaderList/Bussiness",
    "traceheaderlist": "edXMLHeader/TraceHeaderList",
    "edxmlmanifest": "edXMLBody/edXMLManifest",
    "attachmentencoded": "edXML/AttachmentEncoded",
}
"""What does not belong into ``MessageHeader``, and where it does. There it is not read."""


def _containers(found: Structure, told: Deviations) -> None:
    """Attachments of the VXP form belong into ``AttachmentEncoded`` below the root."""
    holders = [a.getparent() for a in found.attachments]
    for holder in dict.fromkeys(h for h in holders if h is not None):
        above = holder.getparent()
        if lower_name(holder.tag) != "attachmentencoded":
            told.misplaced(f"{local_name(holder.tag)}/Attachment", "AttachmentEncoded/Attachment")
        elif above is not None and above is not found.root:
            told.misplaced(f"{local_name(above.tag)}/AttachmentEncoded", "edXML/AttachmentEncoded")


@cache
def _orders(model: type[Values]) -> tuple[dict[str, int], ...]:
    """The orders in which the known writers put the children of ``MessageHeader``: places by names in lower case."""
    table = elements_of(model)
    written = [style.order.get(model.__name__) for d in DIALECTS.values() for style in d.styles.values()]
    orders = dict.fromkeys((*(w for w in written if w is not None), tuple(table)))
    return tuple({table[field].name.lower(): place for place, field in enumerate(order)} for order in orders)


def _order(message: etree._Element, model: type[Values], told: Deviations) -> None:
    names = [lower_name(e.tag) for e in message]
    best = 0
    for order in _orders(model):
        fits = _fits(names, order)
        if fits == len(names):
            return
        best = max(best, fits)
    name = local_name(message[best].tag)
    told.order(f"{local_name(message.tag)}/{name}", name)


def _fits(names: Sequence[str], order: Mapping[str, int]) -> int:
    """How many of the names stand in that order; what is not in it may stand anywhere."""
    last = 0
    for number, name in enumerate(names):
        place = order.get(name, last)
        if place < last:
            return number
        last = place
    return len(names)


def _signatures(found: Structure, state: SignatureState, notes: Notes) -> None:
    if len(found.signatures) > 1:
        notes.add(
            "R64",
            Severity.WARNING,
            "edXMLHeader/Signature",
            "Phần đầu gói tin có nhiều phần tử chữ ký.",
            "The header holds several signature elements.",
            count=len(found.signatures),
        )
    if state in ("empty", "placeholder", "malformed"):
        login = state == "malformed" and any(child(child(s, "keyinfo"), "token") is not None for s in found.signatures)
        words = {
            "empty": ("rỗng", "empty"),
            "placeholder": ("là mẫu của SDK, không phải chữ ký thật", "the SDK's placeholder, no real signature"),
            "malformed": ("không đúng cấu trúc", "not well formed as a signature"),
        }[state]
        if login:
            words = ("chỉ mang mã đăng nhập (Token), không phải chữ ký", "a login (Token), no signature")
        notes.add(
            "R64",
            Severity.WARNING,
            "edXMLHeader/Signature",
            f"Phần tử chữ ký của gói tin {words[0]}.",
            f"The packet's signature element is {words[1]}.",
            state=state,
        )
    weak = next((m for s in found.signatures for m in s.iter("{*}SignatureMethod") if _is_weak(m)), None)
    if weak is not None and state != "placeholder":
        notes.add(
            "envelope.signature_algorithm",
            Severity.INFO,
            "edXMLHeader/Signature/SignedInfo/SignatureMethod",
            "Phần tử chữ ký dùng thuật toán cũ (SHA-1).",
            "The signature element names an outdated algorithm (SHA-1).",
            found=str(weak.get("Algorithm"))[:200],
        )


def _is_weak(method: etree._Element) -> bool:
    return str(method.get("Algorithm", "")).lower().endswith(("rsa-sha1", "dsa-sha1"))


def _lists(found: Structure) -> bool:
    """Whether the manifest names something."""
    return found.manifest is not None and child(found.manifest, "reference") is not None


def _is_receipt(found: Structure) -> bool:
    message = found.message
    return child(message, "code") is not None and child(message, "from", "to", "subject", "signerinfo") is None


def _form(found: Structure, notes: Notes) -> None:
    for path, _ in found.doubled:
        notes.add(
            "envelope.duplicate_element",
            Severity.ERROR,
            path,
            "Phần tử cấu trúc xuất hiện nhiều lần; chỉ phần tử đầu được đọc.",
            "A structural element stands more than once; only the first was read.",
        )
    if found.dialect not in ("vxp", "unknown"):
        notes.add(
            "envelope.dialect",
            Severity.INFO,
            None,
            f"Gói tin theo phương ngữ {found.dialect}.",
            f"The packet is of the dialect {found.dialect}.",
            dialect=found.dialect,
        )
    if found.kind == "status" and (found.attachments or found.trace is not None or _lists(found)):
        notes.add(
            "envelope.status_parts",
            Severity.WARNING,
            "edXMLBody" if found.trace is None else "edXMLHeader/TraceHeaderList",
            "Gói tin trạng thái chỉ có phần đầu; lưu vết, danh mục và tệp đính kèm không thuộc về nó.",
            "A status packet has a header alone; trace, manifest and attachments do not belong into it.",
        )
    if found.kind == "document" and found.dialect == "soap-2803" and _is_receipt(found):
        notes.add(
            "envelope.receipt",
            Severity.INFO,
            "MessageHeader",
            "Gói tin có dạng báo nhận (báo cáo) của phương ngữ 2014: chỉ nêu số, ký hiệu và ngày.",
            "The packet has the form of a delivery receipt of 2014: it names number, notation and date alone.",
        )
    if found.dialect == "unknown":
        notes.add(
            "envelope.structure",
            Severity.ERROR,
            local_name(found.root.tag)[:80],
            "Không nhận ra cấu trúc gói tin dưới phần tử gốc.",
            "The structure below the root element is not that of a packet.",
        )
    if found.kind == "document" and found.dialect == "vxp" and found.body is None:
        notes.add(
            "envelope.body",
            Severity.WARNING,
            "edXMLBody",
            "Gói tin văn bản không có edXMLBody.",
            "The document packet has no edXMLBody.",
        )
