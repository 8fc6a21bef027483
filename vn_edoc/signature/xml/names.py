"""Namespaces and element names of XML Signature and XAdES."""

from __future__ import annotations

from functools import cache

__all__ = [
    "COUNTERSIGNED_TYPE",
    "DS",
    "DS11",
    "EC",
    "MANIFEST_TYPE",
    "SIGNED_PROPERTIES_TYPE",
    "XADES",
    "XADES141",
    "ds",
    "xades",
    "xades141",
]

DS = "http://www.w3.org/2000/09/xmldsig#"
DS11 = "http://www.w3.org/2009/xmldsig11#"
EC = "http://www.w3.org/2001/10/xml-exc-c14n#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES141 = "http://uri.etsi.org/01903/v1.4.1#"

SIGNED_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
COUNTERSIGNED_TYPE = "http://uri.etsi.org/01903#CountersignedSignature"
MANIFEST_TYPE = DS + "Manifest"


@cache
def ds(name: str) -> str:
    """The expanded name of an XML Signature element."""
    return f"{{{DS}}}{name}"


@cache
def xades(name: str) -> str:
    """The expanded name of a XAdES 1.3.2 element."""
    return f"{{{XADES}}}{name}"


@cache
def xades141(name: str) -> str:
    """The expanded name of a XAdES 1.4.1 element."""
    return f"{{{XADES141}}}{name}"
