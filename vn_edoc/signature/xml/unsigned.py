"""Where unsigned properties are put into a signature that stands in a document."""

from __future__ import annotations

from lxml import etree

from vn_edoc.signature.xml.names import XADES, xades
from vn_edoc.xml.splice import Insertion

__all__ = ["unsigned_insertion"]


def unsigned_insertion(qualifying: etree._Element, markup: str) -> Insertion:
    """``markup`` behind the last of the unsigned signature properties; what should hold them is made where it is
    missing. ``qualifying``: the signature's ``QualifyingProperties``."""
    place = qualifying
    for name in ("UnsignedProperties", "UnsignedSignatureProperties"):
        below = place.find(xades(name))
        if below is None:
            markup = f"<xades:UnsignedSignatureProperties>{markup}</xades:UnsignedSignatureProperties>"
            if name == "UnsignedProperties":
                markup = f"<xades:UnsignedProperties>{markup}</xades:UnsignedProperties>"
            break
        place = below
    if markup.startswith("<xades:") and " xmlns:xades=" not in markup.partition(">")[0]:
        # Declared on the outermost of what is new, for the document may use another prefix.
        head, gap, rest = markup.partition(">")
        markup = f'{head} xmlns:xades="{XADES}"{gap}{rest}'
    return Insertion(place, markup)
