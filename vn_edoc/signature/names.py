"""Certificates and CRLs whose names are compared quickly.

Building and judging a path compares names over and over, and asn1crypto prepares both (RFC 4518) each time. What is
compared is a pure function of a name's octets, so it is kept by these.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

from asn1crypto import crl, x509

__all__ = ["Certificate", "CertificateList", "Name"]

_Compared: TypeAlias = tuple[tuple[int, str], ...]
"""Of each part of a name how many values it has, and its prepared types and values (RFC 5280 section 7.1)."""


@lru_cache(maxsize=2048)
def _prepared(octets: bytes) -> _Compared:
    return tuple((len(part), part.hashable) for part in x509.RDNSequence.load(octets))


def _compared(name: Any) -> _Compared:
    # The octets of the parts: those of the name itself may stand in a tag, as in a GeneralName.
    return _prepared(name.chosen.dump())


class Name(x509.Name):  # type: ignore[misc]
    """A name of a certificate or CRL."""

    @property
    def hashable(self) -> str:
        """asn1crypto's key of a name: equal for equal names."""
        return "\x1e".join(part for _, part in _compared(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, x509.Name) and _compared(self) == _compared(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]


def _with_names(fields: list[Any]) -> list[Any]:
    return [(name, Name if kind is x509.Name else kind, *rest) for name, kind, *rest in fields]


class _TbsCertificate(x509.TbsCertificate):  # type: ignore[misc]
    _fields = _with_names(x509.TbsCertificate._fields)


class Certificate(x509.Certificate):  # type: ignore[misc]
    """asn1crypto's certificate with such names."""

    _fields: ClassVar[list[Any]] = [("tbs_certificate", _TbsCertificate), *x509.Certificate._fields[1:]]


class _TbsCertList(crl.TbsCertList):  # type: ignore[misc]
    _fields = _with_names(crl.TbsCertList._fields)


class CertificateList(crl.CertificateList):  # type: ignore[misc]
    """asn1crypto's CRL with such names."""

    _fields: ClassVar[list[Any]] = [("tbs_cert_list", _TbsCertList), *crl.CertificateList._fields[1:]]
