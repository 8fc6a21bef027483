"""Certificates, CRLs, OCSP answers and time stamps: nothing escapes, and nothing altered proves anything."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from tests.fuzz.mutators import der_mutated
from tests.fuzz.target import Target
from tests.signature.cast import PKI, TRUST
from vn_edoc.errors import VnEdocError
from vn_edoc.findings import Location
from vn_edoc.limits import Limits
from vn_edoc.signature import Evidence, TrustStore, validate_path
from vn_edoc.signature.signed_data import examine
from vn_edoc.signature.timestamps import verify_token

_BOUNDS = Limits(seconds=10, cms_bytes=1 << 20, fetch_bytes=1 << 20)
_IMPRINT = bytes(32)
_KNOWN = Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca")))


@cache
def _seeds() -> tuple[bytes, ...]:
    people = tuple(
        PKI[name].der for name in ("person", "person-ec", "agency", "agency-revoked", "state-ca", "root", "tsa")
    )
    lists = tuple(PKI.crl(name) for name in ("root", "state-ca"))
    answers = tuple(PKI.ocsp(name) for name in ("person", "agency", "agency-revoked"))
    return (*people, *lists, *answers, PKI.timestamp(_IMPRINT), PKI.timestamp(_IMPRINT, certificates=False))


def _one(data: bytes) -> None:
    good = PKI["person"].der
    path = validate_path(data, [PKI["state-ca"].der], at=PKI.now(), trust=TRUST, evidence=_KNOWN, limits=_BOUNDS)
    assert path.trusted is not True or data in _seeds(), "a certificate that nobody issued is trusted"
    given = Evidence(crls=(data,), ocsps=(data,), certificates=(data,))
    path = validate_path(good, [data, PKI["state-ca"].der], at=PKI.now(), trust=TRUST, evidence=given, limits=_BOUNDS)
    assert path.trusted is not False, "what nobody signed revokes"
    assert not path.revocation_known or data in _seeds(), "what nobody signed tells a status"
    validate_path(PKI["agency"].der, [data], at=PKI.now(), trust=TRUST, evidence=given, purpose="any", limits=_BOUNDS)
    stamp = verify_token(data, lambda name: _IMPRINT, trust=TRUST, limits=_BOUNDS)
    assert stamp.findings or stamp.intact
    assert not stamp.proves or stamp.time is not None
    examine(data, None, where=Location(), limits=_BOUNDS)
    with suppress(VnEdocError):
        Evidence.of([data])
    with suppress(VnEdocError):
        TrustStore([data])


TARGET = Target(_one, _seeds, der_mutated, longest=20_000)
