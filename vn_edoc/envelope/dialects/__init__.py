"""The dialects of edXML, one declarative module each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from vn_edoc.envelope.dialects.base import Dialect
from vn_edoc.envelope.dialects.bkav import BKAV
from vn_edoc.envelope.dialects.inline import INLINE
from vn_edoc.envelope.dialects.soap_512 import SOAP_512
from vn_edoc.envelope.dialects.soap_2803 import SOAP_2803
from vn_edoc.envelope.dialects.vxp import VXP

__all__ = ["DIALECTS"]

DIALECTS: Mapping[str, Dialect] = MappingProxyType({d.name: d for d in (VXP, BKAV, INLINE, SOAP_2803, SOAP_512)})
"""Dialects by the name that :attr:`vn_edoc.envelope.Packet.dialect` gives."""
