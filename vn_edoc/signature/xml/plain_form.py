"""The plain form of an enveloped signature: one text, by which it is written and recognised.

It is canonical as it stands: an enveloped XAdES B-B signature of which every element declares the namespaces that its
canonical form declares, wherever one of its parts is digested.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from vn_edoc.signature.xml.algorithms import ENVELOPED
from vn_edoc.signature.xml.names import DS, SIGNED_PROPERTIES_TYPE, XADES
from vn_edoc.xml.c14n import Canonicalization

__all__ = ["PATTERN", "SIGNATURE", "SIGNED_INFO", "SIGNED_PROPERTIES", "Blank", "Form"]

_EXCLUSIVE = Canonicalization.EXCLUSIVE.value
_KINDS = {
    "name": "[A-Za-z_][A-Za-z0-9_.-]{0,99}",
    "uri": "[A-Za-z0-9:/#._-]{1,99}",
    "base64": "[A-Za-z0-9+/]+={0,2}",
    "time": "[0-9T:.Z+-]{1,40}",
    "media_type": "[A-Za-z0-9/.+-]{1,99}",
    "certificates": "(?:<ds:X509Certificate>[A-Za-z0-9+/]+={0,2}</ds:X509Certificate>)+",
}
"""What may stand where the form leaves something open: nothing that could be written in another way."""


class Form:
    """An element with open places, ``«name=kind»``. White space between its lines is for the reader of this module."""

    def __init__(self, text: str, **parts: Form) -> None:
        """``parts`` are forms that stand in open places."""
        joined = "".join(line.strip() for line in text.splitlines())
        self._template = re.sub("«([a-z_]+)(?:=[a-z_0-9]+)?»", r"%(\1)s", joined)
        kinds = {**_KINDS, **{name: part.pattern for name, part in parts.items()}}
        places = re.split("«([a-z_]+)=([a-z_0-9]+)»", joined)
        self.pattern: str = re.escape(places[0]) + "".join(
            f"(?P<{name}>{kinds[kind]}){re.escape(behind)}"
            for name, kind, behind in zip(places[1::3], places[2::3], places[3::3], strict=True)
        )
        """What recognises it."""

    def filled(self, values: Mapping[str, str]) -> Blank:
        """The element with these places filled."""
        return Blank(self._template % _Known(values))


class _Known(dict[str, str]):
    """What stands in some places."""

    def __missing__(self, place: str) -> str:
        return f"%({place})s"


class Blank:
    """An element some of whose places are filled already."""

    def __init__(self, template: str) -> None:
        self._pieces = tuple(re.split(rb"%\((\w+)\)s", template.encode()))

    def write(self, values: Mapping[bytes, bytes]) -> bytes:
        """The element with the others filled too."""
        # Pieces between the places are values of no name: joined so, it takes a third of the time of a template.
        return b"".join([values.get(piece, piece) for piece in self._pieces])


SIGNED_INFO = Form(f"""
<ds:SignedInfo xmlns:ds="{DS}">
  <ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"></ds:CanonicalizationMethod>
  <ds:SignatureMethod Algorithm="«method=uri»"></ds:SignatureMethod>
  <ds:Reference Id="«data_id=name»" URI="">
    <ds:Transforms>
      <ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>
      <ds:Transform Algorithm="{_EXCLUSIVE}"></ds:Transform>
    </ds:Transforms>
    <ds:DigestMethod Algorithm="«data_method=uri»"></ds:DigestMethod>
    <ds:DigestValue>«data_digest=base64»</ds:DigestValue>
  </ds:Reference>
  <ds:Reference Type="{SIGNED_PROPERTIES_TYPE}" URI="#«target=name»">
    <ds:Transforms>
      <ds:Transform Algorithm="{_EXCLUSIVE}"></ds:Transform>
    </ds:Transforms>
    <ds:DigestMethod Algorithm="«properties_method=uri»"></ds:DigestMethod>
    <ds:DigestValue>«properties_digest=base64»</ds:DigestValue>
  </ds:Reference>
</ds:SignedInfo>
""")
"""What the signature value covers."""

SIGNED_PROPERTIES = Form(f"""
<xades:SignedProperties xmlns:xades="{XADES}" Id="«properties_id=name»">
  <xades:SignedSignatureProperties>
    <xades:SigningTime>«time=time»</xades:SigningTime>
    <xades:SigningCertificateV2>
      <xades:Cert>
        <xades:CertDigest>
          <ds:DigestMethod xmlns:ds="{DS}" Algorithm="«certificate_method=uri»"></ds:DigestMethod>
          <ds:DigestValue xmlns:ds="{DS}">«certificate_digest=base64»</ds:DigestValue>
        </xades:CertDigest>
      </xades:Cert>
    </xades:SigningCertificateV2>
  </xades:SignedSignatureProperties>
  <xades:SignedDataObjectProperties>
    <xades:DataObjectFormat ObjectReference="#«described=name»">
      <xades:MimeType>«media_type=media_type»</xades:MimeType>
    </xades:DataObjectFormat>
  </xades:SignedDataObjectProperties>
</xades:SignedProperties>
""")
"""What is signed about the signature itself."""

SIGNATURE = Form(
    f"""
<ds:Signature xmlns:ds="{DS}" Id="«id=name»">
  «signed_info=signed_info»
  <ds:SignatureValue xmlns:ds="{DS}" Id="«value_id=name»">«value=base64»</ds:SignatureValue>
  <ds:KeyInfo xmlns:ds="{DS}">
    <ds:X509Data>«certificates=certificates»</ds:X509Data>
  </ds:KeyInfo>
  <ds:Object>
    <xades:QualifyingProperties xmlns:xades="{XADES}" Target="#«qualified=name»">
      «properties=properties»
    </xades:QualifyingProperties>
  </ds:Object>
</ds:Signature>
""",
    signed_info=SIGNED_INFO,
    properties=SIGNED_PROPERTIES,
)
"""The whole."""

PATTERN = re.compile(SIGNATURE.pattern.encode("ascii"))
"""Recognises the whole; groups by the names of the places."""
