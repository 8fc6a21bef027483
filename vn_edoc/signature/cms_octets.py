"""The octets of a CMS object: in a form that can be read, what was hashed of its attributes, what looks like them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asn1crypto import parser

from vn_edoc.signature.der import distinguished, first_distinguished

__all__ = ["definite", "hashed_forms", "may_be_attributes"]


def definite(raw: bytes) -> bytes | None:
    """A CMS object that the ASN.1 library does not read, with definite lengths and octets in one piece, which it reads;
    ``None`` where that changes nothing. Nothing is put in another order, and what is signed is in DER: certificates,
    CRLs and tokens keep their octets."""
    try:
        made, end = first_distinguished(raw, ordered=False)
    except ValueError:
        return None
    return None if raw.startswith(made) or raw[end:].strip(b"\x00") else made


def hashed_forms(attributes: Any) -> Iterator[bytes]:
    """What may have been hashed: the octets as they stand, under the universal tag of a SET OF, or their DER form
    (RFC 5652, 5.4), by signers who do and who do not put the attributes in its order. All of them say the same."""
    encoded = b"\x31" + bytes(attributes.dump()[1:])
    if encoded[1] != 0x80:  # an indefinite length is never hashed
        yield encoded
    try:
        forms = (distinguished(encoded), distinguished(encoded, ordered=False))
    except ValueError:
        return
    yield from (form for form in dict.fromkeys(forms) if form != encoded)


def may_be_attributes(content: bytes) -> bool:
    """Whether octets are a SET whose first member begins as an attribute does. A text that begins with "1" is a SET as
    well, if by chance its second letter tells its length."""
    if content[:1] != b"\x31":
        return False
    try:
        if parser.peek(content) != len(content):
            return False
        members = parser.parse(content)[4]
        return not members or (members[:1] == b"\x30" and parser.parse(members)[4][:1] == b"\x06")
    except ValueError:
        return False
