"""Whether a packet can have a signature of its own at all, told without what verifies one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc.envelope.sealing import SEAL_NAME

if TYPE_CHECKING:
    from vn_edoc.envelope.packet import Packet

__all__ = ["is_seal_name", "may_be_signed"]


def may_be_signed(packet: Packet) -> bool:
    """Whether anything stands where a seal or a header signature would. Of a packet without,
    :func:`~vn_edoc.signature.packet.verify.verify_packet` has nothing to say."""
    return packet.signature_state != "absent" or any(is_seal_name(a.name) for a in packet.attachments)


def is_seal_name(name: str | None) -> bool:
    """Whether an attachment of that name is a seal: ``vn-edoc-seal.xml``, ``vn-edoc-seal-2.xml`` …"""
    if name is None:
        return False
    stem, dot, extension = name.casefold().rpartition(".")
    base = SEAL_NAME.rpartition(".")[0]
    number = stem.removeprefix(base)
    return (
        bool(dot)
        and extension == "xml"
        and stem.startswith(base)
        and (number == "" or (number.startswith("-") and number[1:].isdigit()))
    )
