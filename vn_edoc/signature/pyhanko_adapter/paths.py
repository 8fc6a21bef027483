"""Path building, RFC 5280 validation and revocation, by pyhanko-certvalidator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    CertRevTrustPolicy,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, PathBuilder, SimpleTrustManager
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response
from pyhanko_certvalidator.sig_validate import SignatureValidator
from pyhanko_certvalidator.validate import async_validate_path

from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.primitives import UnsupportedScheme, scheme_of, verify
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["Candidate", "PathEngine", "Revocation"]

_FOREIGN = (errors.PathError, errors.ValidationError, ValueError, TypeError, KeyError, AttributeError,
            NotImplementedError, LookupError, RecursionError, OverflowError, AssertionError)  # fmt: skip
_PATHS = 16
_MOMENTS = 6


class _Validator(SignatureValidator):
    """Signature checks with loaded keys kept, and no foreign exception but ``InvalidSignature``."""

    def validate_signature(
        self, signature: Any, signed_data: Any, public_key_info: Any, signature_algorithm: Any, context: Any = None
    ) -> None:
        try:
            good = verify(public_key_info.dump(), signature, signed_data, scheme_of(signature_algorithm))
        except UnsupportedScheme as error:
            raise InvalidSignature(str(error)) from error
        if not good:
            raise InvalidSignature


_VALIDATOR = _Validator()
_NO_CHECK = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
)
# Where a CRL or OCSP response is signed by a certificate of its own, that certificate must not be revoked either.
_REQUIRED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CRL_OR_OCSP_REQUIRED),
    retroactive_revinfo=True,
)


def drive(coroutine: Any) -> Any:
    """Run a coroutine that never waits for anything (no fetchers are given) to its end, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise NotImplementedError("path validation asked to wait although nothing can be fetched")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A path that was found and what RFC 5280 validation says of it."""

    certificates: tuple[bytes, ...]
    """Leaf first, the anchor last."""
    problem: str | None
    """``None``, ``expired``, ``not_yet_valid``, ``unsigned`` (by its issuer) or ``invalid``."""
    detail: str = ""
    """English detail of the problem."""
    native: Any = None
    """certvalidator's path (internal)."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """Status of one certificate at a time."""

    status: str
    """``good``, ``revoked`` or ``unknown``."""
    revoked_at: datetime | None = None
    """Date of revocation, also where it lies after the judged time."""
    reason: str | None = None
    """CRL reason of the revocation."""
    source: str | None = None
    """``crl`` or ``ocsp``."""
    stale: bool = False
    """Evidence was there but too old for the time."""
    details: tuple[str, ...] = ()
    """English reasons why evidence could not be used."""
    used: tuple[bytes, ...] = ()
    """CRLs and OCSP responses that were considered, DER."""


class PathEngine:
    """Path building and checking over fixed anchors and intermediates; thread-safe."""

    def __init__(self, anchors: Sequence[bytes], intermediates: Sequence[bytes]) -> None:
        self._trust = SimpleTrustManager.build(trust_roots=[CertTrustAnchor(parse_certificate(a)) for a in anchors])
        self._anchors = [parse_certificate(a) for a in anchors]
        self._known = [parse_certificate(i) for i in intermediates]

    def _registry(self, others: Iterable[bytes]) -> Any:
        extra = []
        for der in others:
            try:
                extra.append(parse_certificate(der))
            except ValueError:
                continue
        registry = CertificateRegistry.build([*self._known, *extra])
        for anchor in self._anchors:
            registry.register(anchor)
        return registry

    def _context(self, registry: Any, at: datetime, policy: Any, crls: Any = (), ocsps: Any = ()) -> Any:
        return ValidationContext(
            trust_manager=self._trust,
            certificate_registry=registry,
            moment=at,
            crls=crls,
            ocsps=ocsps,
            revinfo_policy=policy,
            algorithm_usage_policy=AcceptAllAlgorithms(),
            signature_validator=_VALIDATOR,
        )

    def candidates(
        self, leaf: bytes, others: Iterable[bytes], at: datetime, parameters: dict[str, Any] | None = None
    ) -> list[Candidate]:
        """Paths from ``leaf`` to an anchor, each validated at ``at``; the first valid one ends the search."""
        found: list[Candidate] = []
        with quiet():
            registry = self._registry(others)
            try:
                paths = PathBuilder(self._trust, registry).async_build_paths_lazy(parse_certificate(leaf))
            except _FOREIGN:
                return found
            while len(found) < _PATHS:
                try:
                    path = drive(paths.__anext__())
                except StopAsyncIteration:
                    break
                except _FOREIGN:
                    break
                candidate = self._check(path, registry, at, parameters)
                found.append(candidate)
                if candidate.problem is None:
                    break
        return found

    def _check(self, path: Any, registry: Any, at: datetime, parameters: dict[str, Any] | None) -> Candidate:
        chain = [c.dump() for c in path.iter_certs(include_root=True)][::-1]
        problem: str | None = None
        detail = ""
        context = self._context(registry, at, _NO_CHECK)
        try:
            drive(async_validate_path(context, path, PKIXValidationParams(**parameters) if parameters else None))
        except errors.ExpiredError as error:
            problem, detail = "expired", _discreet(error)
        except errors.NotYetValidError as error:
            problem, detail = "not_yet_valid", _discreet(error)
        except _FOREIGN as error:
            # certvalidator has one exception for all of RFC 5280; a certificate that its namesake did not sign is a
            # path that leads nowhere, not a CA with wrong constraints.
            problem, detail = ("unsigned" if "signature of" in f"{error}" else "invalid"), _discreet(error)
        return Candidate(tuple(chain), problem, detail, path)

    def revocation(
        self,
        candidate: Candidate,
        index: int,
        others: Iterable[bytes],
        at: datetime,
        crls: Sequence[bytes],
        ocsps: Sequence[bytes],
    ) -> Revocation:
        """Status at ``at`` of the certificate at ``index`` (0 = leaf) of a path.

        Evidence issued after ``at`` counts as long as it was issued while the certificate had not expired: later lists
        may have dropped it. A revocation dated after ``at`` does not count (NĐ 68/2024/NĐ-CP Điều 31.2) and is told.
        """
        certificate = parse_certificate(candidate.certificates[index])
        lists = [c for c in map(_crl, crls) if c is not None and c.this_update <= certificate.not_valid_after]
        answers = [o for o in map(_ocsp, ocsps) if o is not None and o.concerns(certificate)]
        with quiet():
            registry = self._registry(others)
            return self._status(candidate.native, certificate, registry, at, lists, answers)

    def _status(self, path: Any, certificate: Any, registry: Any, at: datetime, lists: Any, answers: Any) -> Revocation:
        details: list[str] = []
        stale = False
        good: str | None = None
        used = tuple(i.der for i in answers) + tuple(i.der for i in lists if i.about(certificate))
        # Other moments only bring out revocations: told in a later list, or in one too old to prove "not revoked".
        issued = sorted({i.this_update for i in (*lists, *answers)}, reverse=True)[:_MOMENTS]
        for moment in (at, *(i + timedelta(seconds=1) for i in issued)):
            for kind, items, check in (("ocsp", answers, verify_ocsp_response), ("crl", lists, verify_crl)):
                if not items:
                    continue
                context = self._context(
                    registry,
                    moment,
                    _REQUIRED,
                    [i.native for i in items] if kind == "crl" else (),
                    [i.native for i in items] if kind == "ocsp" else (),
                )
                try:
                    drive(check(certificate, path, context))
                    good = good or kind if moment == at else good
                except errors.RevokedError as error:
                    revoked_at = error.revocation_dt.astimezone(UTC)
                    status = "revoked" if revoked_at <= at else "good"
                    return Revocation(status, revoked_at, str(error.reason.native), kind, used=used)
                except _FOREIGN as error:
                    if moment == at:
                        details.append(_discreet(f"{kind}: {error}"))
                except (errors.CRLValidationError, errors.OCSPValidationError) as error:
                    if moment == at:
                        stale = stale or getattr(error, "suspect_stale", None) is not None
                        failures = [str(f[0]) for f in getattr(error, "failures", ()) or ()]
                        details.append(
                            _discreet(f"{kind}: {error}" + (f" ({'; '.join(failures[:3])})" if failures else ""))
                        )
        if good is not None:
            return Revocation("good", source=good, used=used)
        return Revocation("unknown", stale=stale, details=tuple(details), used=used)


_IDENTIFYING = re.compile(r"\d{4,}(?=\d{2})|[\w.+-]+(?=@)")


def _discreet(text: object) -> str:
    """certvalidator's words without the tax, identity and telephone numbers and the mail names of the subjects."""
    return _IDENTIFYING.sub(lambda m: "*" * len(m[0]), str(text))


class _Crl:
    __slots__ = ("der", "issuer", "native", "this_update")

    def __init__(self, der: bytes) -> None:
        self.der = der
        self.native = asn1_crl.CertificateList.load(der)
        self.this_update = self.native["tbs_cert_list"]["this_update"].native
        self.issuer = self.native.issuer.hashable

    def about(self, certificate: Any) -> bool:
        return bool(certificate.issuer.hashable == self.issuer)


class _Ocsp:
    __slots__ = ("der", "native", "serials", "this_update")

    def __init__(self, der: bytes) -> None:
        self.der = der
        self.native = asn1_ocsp.OCSPResponse.load(der)
        basic = self.native["response_bytes"]["response"].parsed["tbs_response_data"]
        self.this_update = max(r["this_update"].native for r in basic["responses"])
        self.serials = {r["cert_id"]["serial_number"].native for r in basic["responses"]}

    def concerns(self, certificate: Any) -> bool:
        return certificate.serial_number in self.serials


@lru_cache(maxsize=64)
def _crl(der: bytes) -> _Crl | None:
    try:
        return _Crl(der)
    except _FOREIGN:
        return None


@lru_cache(maxsize=256)
def _ocsp(der: bytes) -> _Ocsp | None:
    try:
        return _Ocsp(der)
    except _FOREIGN:
        return None
