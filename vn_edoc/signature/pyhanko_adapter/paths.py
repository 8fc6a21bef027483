"""Path building, RFC 5280 validation and revocation, by pyhanko-certvalidator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

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

from vn_edoc.findings import reckonable
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.primitives import UnsupportedScheme, scheme_of, signature_verifies, verify
from vn_edoc.signature.pyhanko_adapter.quiet import quiet
from vn_edoc.signature.pyhanko_adapter.revocation_data import Answer, RevocationList, read_answer, read_list

__all__ = ["Candidate", "PathEngine", "Revocation"]

_FOREIGN = (errors.PathError, errors.ValidationError, ValueError, TypeError, KeyError, AttributeError,
            NotImplementedError, LookupError, RecursionError, OverflowError, AssertionError)  # fmt: skip
_PATHS = 16
_MOMENTS = 32


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


def _signed(certificate: Any, issuer: Any) -> bool:
    return _signed_by(certificate.dump(), issuer.public_key.dump())


@lru_cache(maxsize=4096)
def _signed_by(certificate: bytes, spki: bytes) -> bool:
    parsed = parse_certificate(certificate)
    signature, algorithm = parsed["signature_value"].native, parsed["signature_algorithm"]
    return signature_verifies(spki, signature, parsed["tbs_certificate"].dump(), algorithm)


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

    @staticmethod
    def _parsed(others: Iterable[bytes]) -> list[Any]:
        parsed = []
        for der in others:
            try:
                parsed.append(parse_certificate(der))
            except ValueError:
                continue
        return parsed

    def _registry(self, others: Iterable[Any]) -> Any:
        """The anchors, and what descends from them by signatures that verify. Names cost nothing: with a dozen
        certificates that name each other as issuers a file would keep a builder of paths busy for ever."""
        waiting = {c.sha256: c for c in (*self._known, *others)}
        registry = CertificateRegistry()
        issuers = list(self._anchors)
        while issuers:
            issuer = issuers.pop()
            registry.register(issuer)
            named = [c for c in waiting.values() if c.issuer.hashable == issuer.subject.hashable]
            issuers.extend(waiting.pop(child.sha256) for child in named if _signed(child, issuer))
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
            registry = self._registry(self._parsed(others))
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
                if len(candidate.certificates) == 1 and not self._is_anchor(leaf):
                    detail = "it has the name and the key of an anchor, and is another"
                    candidate = Candidate(candidate.certificates, "unsigned", detail, path)
                found.append(candidate)
                if candidate.problem is None:
                    break
        return found

    def _is_anchor(self, leaf: bytes) -> bool:
        """Whether it is an anchor, or one that an anchor has signed. To certvalidator whatever has the name and the key
        of an anchor is the anchor."""
        return any(leaf == a.dump() or _signed(parse_certificate(leaf), a) for a in self._anchors)

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
        lists = [c for c in map(read_list, crls) if c is not None and c.this_update <= certificate.not_valid_after]
        answers = [o for o in map(read_answer, ocsps) if o is not None and o.concerns(certificate)]
        with quiet():
            at_hand = self._parsed(others)
            serials = {c.serial_number for c in (certificate, *self._anchors, *self._known, *at_hand)}
            natives = {"ocsp": [a.native() for a in answers], "crl": [c.native(serials) for c in lists]}
            return self._status(candidate.native, certificate, self._registry(at_hand), at, lists, answers, natives)

    def _status(
        self,
        path: Any,
        certificate: Any,
        registry: Any,
        at: datetime,
        lists: list[RevocationList],
        answers: list[Answer],
        natives: dict[str, list[Any]],
    ) -> Revocation:
        details: list[str] = []
        stale = False
        good: str | None = None
        used = tuple(i.der for i in answers) + tuple(i.der for i in lists if i.about(certificate))
        # Other moments only bring out revocations: told in a later list, or in one too old to prove "not revoked".
        told = {c.this_update for c in lists if c.tells(certificate)} | {a.this_update for a in answers}
        issued = sorted(told, reverse=True)
        for moment in (at, *(i + timedelta(seconds=1) for i in issued[:_MOMENTS])):
            for kind, check in (("ocsp", verify_ocsp_response), ("crl", verify_crl)):
                if not natives[kind]:
                    continue
                crls, ocsps = (natives[kind], ()) if kind == "crl" else ((), natives[kind])
                context = self._context(registry, moment, _REQUIRED, crls, ocsps)
                try:
                    drive(check(certificate, path, context))
                    if moment != at or good is not None:
                        continue
                    fit = [n for c, n in zip(lists, natives["crl"], strict=True) if c.clears(certificate)]
                    if kind == "crl" and len(fit) < len(lists):
                        # What the others name is revoked all the same; that they do not name it proves nothing.
                        drive(check(certificate, path, self._context(registry, moment, _REQUIRED, fit, ())))
                    good = kind
                except errors.RevokedError as error:
                    revoked_at = error.revocation_dt.astimezone(UTC)
                    if not reckonable(revoked_at):
                        details.append(f"{kind}: revoked in no year that is one")
                        continue
                    pairs = list(zip(lists, natives["crl"], strict=True))
                    lifted = self._lifted(path, certificate, registry, pairs) if _is_hold(error) else None
                    if lifted is not None:
                        # Suspended and restored: since when the list that no longer names it can only say "by then".
                        status = "good" if lifted <= at or revoked_at > at else "unknown"
                        detail = f"{kind}: on hold from {revoked_at.isoformat()}, restored by {lifted.isoformat()}"
                        return Revocation(status, source=kind, details=(detail,), used=used)
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
        if len(issued) > _MOMENTS:
            details.append(f"more than {_MOMENTS} CRLs and OCSP responses speak of the certificate")
        elif good is not None:
            return Revocation("good", source=good, used=used)
        return Revocation("unknown", stale=stale, details=tuple(details), used=used)

    def _lifted(
        self, path: Any, certificate: Any, registry: Any, lists: list[tuple[RevocationList, Any]]
    ) -> datetime | None:
        """When a CRL later than all that name the certificate no longer does; ``None``: there is none."""
        naming = max((c.this_update for c, _ in lists if c.tells(certificate)), default=None)
        if naming is None:
            return None
        above = [native for c, native in lists if not c.about(certificate)]
        later = sorted(
            (
                (c.this_update, native)
                for c, native in lists
                if c.about(certificate) and c.this_update > naming and c.clears(certificate)
            ),
            key=lambda pair: pair[0],
        )
        for issued, native in later[:_MOMENTS]:
            context = self._context(registry, issued + timedelta(seconds=1), _REQUIRED, [native, *above])
            try:
                drive(verify_crl(certificate, path, context))
            except (*_FOREIGN, errors.CRLValidationError):
                continue
            return issued
        return None


def _is_hold(error: errors.RevokedError) -> bool:
    return str(error.reason.native) == "certificate_hold"


_IDENTIFYING = re.compile(r"\d{4,}(?=\d{2})|(?<![\w.+-])[\w.+-]++(?=@)")


def _discreet(text: object) -> str:
    """certvalidator's words without the tax, identity and telephone numbers and the mail names of the subjects."""
    return _IDENTIFYING.sub(lambda m: "*" * len(m[0]), str(text))
