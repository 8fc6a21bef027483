"""What stands in the place of the header signature. Nothing is verified here."""

from __future__ import annotations

from lxml import etree

from vn_edoc.envelope.packet import SignatureState
from vn_edoc.envelope.structure import Structure, child
from vn_edoc.xml.base64run import Base64Run
from vn_edoc.xml.parse import local_name
from vn_edoc.xml.source import open_source

__all__ = ["signature_state"]


def signature_state(found: Structure) -> SignatureState:
    """What stands in the place of the header signature."""
    if not found.signatures:
        return "absent"
    order: tuple[SignatureState, ...] = ("present", "malformed", "placeholder", "empty")
    return min((_state(s) for s in found.signatures), key=order.index)


def _state(signature: etree._Element) -> SignatureState:
    if not len(signature) and not (signature.text or "").strip():
        return "empty"
    value = certificate = None
    for element in signature.iter(etree.Element):
        name = local_name(element.tag)
        if name == "SignatureValue" and value is None:
            value = "".join((element.text or "").split())
        elif name == "X509Certificate" and certificate is None:
            certificate = "".join((element.text or "").split())
    if value is None and certificate is None:
        return "malformed"
    if certificate is not None and not _decodes(certificate):
        return "placeholder"
    return "present" if value and child(signature, "signedinfo") is not None else "malformed"


def _decodes(text: str) -> bool:
    """Whether a text is base64 of a DER sequence of that very length, as a certificate is."""
    run = Base64Run(open_source(text.encode("utf-8", "replace")), 0, len(text.encode("utf-8", "replace")))
    checked = run.check()
    if checked.damage is not None or checked.size < 4:
        return False
    head = next(run.decoded(), b"")
    if head[:1] != b"\x30":
        return False
    if head[1] < 0x80:
        return checked.size == head[1] + 2
    length = head[1] & 0x7F
    return 0 < length <= 4 and checked.size == int.from_bytes(head[2 : 2 + length], "big") + 2 + length
