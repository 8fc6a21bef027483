"""CRLs and OCSP responses in a form that threads may share, and that stays quick when a CRL has 100,000 entries.

asn1crypto parses on access and keeps what it has parsed so far in the object: a thread that meets a list which another
is still parsing sees a shorter one, and misses a revocation. So only octets and plain values are shared, and every
question gets an object of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import crl, ocsp

from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.names import CertificateList

__all__ = ["Answer", "RevocationList", "read_answer", "read_list"]

_ODD = (ValueError, TypeError, KeyError, AttributeError, LookupError, NotImplementedError, RecursionError,
        OverflowError)  # fmt: skip

_TRUE = re.compile(rb"\x01\x01[^\x00]", re.DOTALL)
_KNOWN = frozenset(b"\x55\x1d" + bytes([last]) for last in (21, 23, 24, 29))
"""Extensions of entries that RFC 5280 5.3 defines: reason, hold instruction, invalidity date, certificate issuer."""


class RevocationList:
    """A CRL with an index of its entries."""

    __slots__ = ("_delta", "_entries", "_indirect", "_issuer", "_odd", "_order", "der", "this_update")

    def __init__(self, der: bytes) -> None:
        native = CertificateList.load(der)
        listed = native["tbs_cert_list"]
        self.der = der
        self.this_update = _moment(listed["this_update"].native)
        self._issuer = native.issuer.hashable
        point = native.issuing_distribution_point_value
        self._delta = native.delta_crl_indicator_value is not None
        self._indirect = point is not None and bool(point["indirect_crl"].native)
        order = _entries(listed["revoked_certificates"].contents or b"")
        self._entries: dict[int, list[bytes]] = {}
        self._odd = False
        self._order: list[bytes] = []
        for serial, entry, odd in order:
            self._entries.setdefault(serial, []).append(entry)
            self._odd = self._odd or odd
            if self._indirect:
                self._order.append(entry)

    def about(self, certificate: Any) -> bool:
        """Whether it is of the certificate's issuer, as far as names tell."""
        return bool(certificate.issuer.hashable == self._issuer)

    def tells(self, certificate: Any) -> bool:
        """Whether it may say something of the certificate that its silence does not say."""
        return self._indirect or certificate.serial_number in self._entries

    def clears(self, certificate: Any) -> bool:
        """Whether it may show that the certificate is good: not where any entry has a critical extension that nobody
        knows (RFC 5280 5.3), nor where it takes the certificate from the list, which only a delta CRL may (5.3.1)."""
        own = () if self._delta else self._entries.get(certificate.serial_number, ())
        reasons = (crl.RevokedCertificate.load(entry).crl_reason_value for entry in own)
        return not self._odd and not any(r is not None and r.native == "remove_from_crl" for r in reasons)

    def native(self, serials: Iterable[int]) -> Any:
        """An asn1crypto object of its own for one question. Its octets are whole; of its entries only those with one of
        ``serials`` are parsed: the certificate asked about, and those that may have signed the answer. An indirect CRL
        is parsed whole, since an entry may name the issuer of those after it."""
        native = CertificateList.load(self.der)
        listed = native["tbs_cert_list"]["revoked_certificates"]
        if listed.contents and (self._odd or not self._indirect):
            named = [entry for serial in serials for entry in self._entries.get(serial, ())]
            listed.children = [crl.RevokedCertificate.load(e) for e in (self._order if self._indirect else named)]
        return native


def _entries(octets: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Serial number and octets of each entry, and whether it has a critical extension that nobody knows. Reading them
    one by one by asn1crypto takes a hundred times as long."""
    at = 0
    while at < len(octets):
        start, end = _value(octets, at, 0x30)
        first, last = _value(octets, start, 0x02)
        if last > end or first == last or (last - first > 1 and octets[first] == 0 and octets[first + 1] < 0x80):
            raise ValueError("a serial number of the CRL is not DER")
        entry, odd = octets[at:end], False
        if _TRUE.search(octets, last, end) is not None and (flags := _unknown_critical(octets, last, end)):
            # It revokes all the same, so it is read as if such extensions were not critical.
            tamed = bytearray(entry)
            for flag in flags:
                tamed[flag - at] = 0
            entry, odd = bytes(tamed), True
        yield int.from_bytes(octets[first:last], "big", signed=True), entry, odd
        at = end


def _unknown_critical(octets: bytes, at: int, end: int) -> list[int]:
    """Where the extensions of an entry whose serial number ends at ``at`` are marked critical and nobody knows them."""
    found: list[int] = []
    _, at = _value(octets, at, octets[at])
    if at == end:
        return found
    at, _ = _value(octets, at, 0x30)
    while at < end:
        start, at = _value(octets, at, 0x30)
        first, last = _value(octets, start, 0x06)
        if last < at and octets[last] == 0x01:
            flag, after = _value(octets, last, 0x01)
            if after == flag + 1 and octets[flag] and octets[first:last] not in _KNOWN:
                found.append(flag)
    return found


def _value(octets: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the contents of the value at ``at`` begin and end."""
    if at + 2 > len(octets) or octets[at] != tag:
        raise ValueError("the CRL has an entry of another form")
    length, start = octets[at + 1], at + 2
    if length >= 0x80:
        more = length & 0x7F
        if not 1 <= more <= 4:
            raise ValueError("the CRL has a length that is not DER")
        start += more
        length = int.from_bytes(octets[at + 2 : start], "big")
    if start + length > len(octets):
        raise ValueError("the CRL is cut")
    return start, start + length


def _moment(value: Any) -> datetime:
    """A moment with which one can reckon: asn1crypto has a class of its own for the year 0."""
    if not isinstance(value, datetime) or not 1 < value.year < 9999:
        raise ValueError("issued in no year that is one")
    return value


class Answer:
    """An OCSP response."""

    __slots__ = ("_doubtful", "_serials", "der", "this_update")

    def __init__(self, der: bytes) -> None:
        answer = ocsp.OCSPResponse.load(der)["response_bytes"]["response"].parsed
        for certificate in answer["certs"]:
            # They are read together with those of all other answers, none of which one may spoil.
            parse_certificate(certificate.dump())
        basic = answer["tbs_response_data"]
        self.der = der
        self.this_update = max(_moment(r["this_update"].native) for r in basic["responses"])
        statuses: dict[int, list[str]] = {}
        critical = _critical(basic["response_extensions"])
        self._doubtful: set[int] = set()
        for single in basic["responses"]:
            serial = single["cert_id"]["serial_number"].native
            statuses.setdefault(serial, []).append(single["cert_status"].name)
            if critical or _critical(single["single_extensions"]):
                self._doubtful.add(serial)
        self._doubtful |= {serial for serial, told in statuses.items() if len(set(told)) > 1}
        # What begins with a revocation revokes all the same.
        self._doubtful -= {serial for serial, told in statuses.items() if told[0] == "revoked"}
        self._serials = frozenset(statuses)

    def concerns(self, certificate: Any) -> bool:
        """Whether it speaks of the certificate's serial number, without contradicting itself and without a critical
        extension that nobody knows (RFC 6960, 4.4)."""
        serial = certificate.serial_number
        return serial in self._serials and serial not in self._doubtful

    def native(self) -> Any:
        """An asn1crypto object of its own for one question."""
        return ocsp.OCSPResponse.load(self.der)


def _critical(extensions: Any) -> bool:
    """Whether a critical extension is one that has no name here."""
    if extensions.native is None:
        return False
    return any(e["critical"].native and e["extn_id"].native[:1].isdigit() for e in extensions)


@lru_cache(maxsize=64)
def read_list(der: bytes) -> RevocationList | None:
    """A CRL; ``None`` where it cannot be read."""
    try:
        return RevocationList(der)
    except _ODD:
        return None


@lru_cache(maxsize=256)
def read_answer(der: bytes) -> Answer | None:
    """An OCSP response; ``None`` where it cannot be read."""
    try:
        return Answer(der)
    except _ODD:
        return None
