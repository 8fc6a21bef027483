"""One XML signature: core validation, its certificate, XAdES properties, then the common judgement."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from vn_edoc.findings import Finding, Location
from vn_edoc.signature.certificates import facts_of
from vn_edoc.signature.evidence import NO_EVIDENCE, Evidence
from vn_edoc.signature.judgement import Facts, Settings, judge
from vn_edoc.signature.result import (
    AlgorithmInfo,
    Changes,
    Reference,
    SignatureKind,
    SignatureResult,
    SignedContent,
    SubIndication,
)
from vn_edoc.signature.xml.algorithms import DIGESTS, SIGNATURES
from vn_edoc.signature.xml.core import CheckedReference, Core, CoreSignature, Detached, open_signature
from vn_edoc.signature.xml.document import Document
from vn_edoc.signature.xml.keyinfo import KeyInfo, leaves_of, public_key_of, read_key_info, same_key
from vn_edoc.signature.xml.levels import Levels, check_levels, embedded_evidence
from vn_edoc.signature.xml.place import path_of
from vn_edoc.signature.xml.problems import Refusal, finding
from vn_edoc.signature.xml.properties import Claims, Properties, parse_time, property_time, read_properties
from vn_edoc.signature.xml.signing_certificate import contradict, named_by_all, wrong_issuers

__all__ = ["Judged", "Placing", "judge_plain", "judge_signature"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A signature's result with the evidence used."""

    result: SignatureResult
    """The result."""
    evidence: Evidence = NO_EVIDENCE
    """What it rests on."""
    core: CoreSignature | None = None
    """The signature as read; ``None`` when it could not be."""
    properties: Properties | None = None
    """Its XAdES properties."""
    levels: Levels = field(default_factory=Levels)
    """Its time-stamps and the validation data it carries."""
    certificate: bytes | None = None
    """The signer's certificate, DER."""
    certificates: tuple[bytes, ...] = ()
    """All certificates it carries, DER."""


Placing = Callable[[CoreSignature, Properties | None], tuple[Changes, bool, list[Finding]]]
"""Judges where signed things stand: what is not covered, whether the structure holds, and findings."""


def judge_signature(
    document: Document,
    element: etree._Element,
    settings: Settings,
    placing: Placing,
    *,
    detached: Detached | None = None,
    kind: SignatureKind = SignatureKind.XML,
    where: Location | None = None,
) -> Judged:
    """Judge one ``ds:Signature``. Never raises for content."""
    where = where or Location(signature=str(element.get("Id") or path_of(element)))
    run = _TreeRun(document, settings, where, kind, placing, detached)
    try:
        run.read(element)
        run.check()
    except Refusal as refusal:
        run.refuse(refusal)
    except Exception as error:  # the outer boundary of foreign code: what escaped all nets becomes a finding
        run.refuse(Refusal("xmldsig.internal", reason=type(error).__name__))
    return run.judged(run.core, run.claims)


def judge_plain(core: Core, claims: Claims, key_info: KeyInfo, settings: Settings, where: Location) -> Judged | None:
    """Judge a signature that was read without a tree, signs all that stands around it and carries no unsigned
    properties. ``None`` unless it holds: what does not is for :func:`judge_signature` to tell."""
    run = _Run(settings, where, SignatureKind.XML)
    run.core, run.claims, run.key_info = core, claims, key_info
    try:
        run.check()
    except Refusal:
        return None
    return run.judged() if run.intact is True else None


class _Run:
    """Working state of one signature that has been read."""

    def __init__(self, settings: Settings, where: Location, kind: SignatureKind) -> None:
        self.settings = settings
        self.where = where
        self.kind = kind
        self.findings: list[Finding] = []
        self.intact: bool | None = None
        self.sub: SubIndication | None = None
        self.changes = Changes.UNKNOWN
        self.core: Core | None = None
        self.claims: Claims | None = None
        self.certificate: bytes | None = None
        self.key_info = KeyInfo()
        self.bound = False
        self.claimed: datetime | None = None
        self.levels = Levels()

    def refuse(self, refusal: Refusal) -> None:
        """End the check: what was found counts, nothing can make it better any more."""
        self.findings.append(refusal.finding)
        self.intact = False if refusal.verdict is False or self.intact is False else None
        if self.sub is None:
            self.sub = SubIndication.FORMAT_FAILURE if self.intact is False else SubIndication.CUSTOM

    def check(self) -> None:
        """Value, references, place, then what the unsigned properties add."""
        assert self.core is not None
        references = self.core.references_verify
        if references is False:
            self.intact = False
            self.sub = SubIndication.HASH_FAILURE if _digest_failed(self.core) else SubIndication.FORMAT_FAILURE
        value = self._value()
        if references is False:
            pass
        elif value is False:
            self.sub = SubIndication.SIG_CRYPTO_FAILURE
        elif references is None:
            self.sub = SubIndication.SIGNED_DATA_NOT_FOUND
        elif value is None:
            self.sub = SubIndication.NO_SIGNING_CERTIFICATE_FOUND
        self.intact = False if False in (references, value) else None if None in (references, value) else True
        if self.claims is None and self.intact is not False:
            self._claim()
        if references is True:
            self.changes, holds, findings = self._placed()
            self.findings.extend(findings)
            if not holds:
                self.intact = False
                self.sub = self.sub or SubIndication.FORMAT_FAILURE
        else:
            # Where a digest does not match, signed content was changed; where it is unknown, so is what is covered.
            self.changes = Changes.FORBIDDEN if references is False else Changes.UNKNOWN
        if self.claims is not None and self.intact is not False:
            self._rise()

    def _claim(self) -> None:
        """The signing time of a signature without XAdES properties."""

    def _placed(self) -> tuple[Changes, bool, list[Finding]]:
        """What is not covered, whether the structure holds, and findings."""
        return Changes.NONE, True, []

    def _rise(self) -> None:
        """The levels above B-B."""

    def _value(self) -> bool | None:
        """Whether the value verifies with the key of the signer's certificate; ``None`` without one."""
        assert self.core is not None
        keys = self.key_info.keys
        if self.key_info.certificates:
            self.certificate = self._signer_certificate()
        else:
            self.certificate = self._known_certificate()
            if self.certificate is None:
                return self._without_certificate()
            self.findings.append(finding("xmldsig.certificate_known", self.where))
        key = public_key_of(self.certificate)
        if any(not same_key(other, key) for other in keys):
            raise Refusal("xmldsig.key_value")
        told = self.key_info.certificates or [self.certificate]
        self.findings.extend(self.key_info.strangers(told, self.where))
        if self.core.value_verifies(key):
            return True
        self.findings.append(finding("xmldsig.signature_value", self.where))
        return False

    def _without_certificate(self) -> bool | None:
        """What a bare key can tell: that the value is wrong, never whose it is."""
        assert self.core is not None
        bound = self.claims is not None and bool(self.claims.certificates)
        self.findings.append(finding("xmldsig.no_certificate", self.where))
        # Where the properties bind a certificate, a key without it could be anybody's.
        if self.key_info.keys and not bound and not any(self.core.value_verifies(key) for key in self.key_info.keys):
            self.findings.append(finding("xmldsig.signature_value", self.where))
            return False
        return None

    def _signer_certificate(self) -> bytes:
        """The signer's certificate: the one that the signed properties name, else the one that issued no other."""
        candidates = self.key_info.certificates
        if self.claims is not None and self.claims.certificates:
            candidates = self._named(candidates)
            if not candidates:
                raise Refusal("xades.signing_certificate")
            self.bound = True
        elif self.claims is not None:
            self.findings.append(finding("xades.no_signing_certificate", self.where))
        if len(candidates) == 1:
            return candidates[0]
        leaves = leaves_of(candidates)
        # KeyInfo is not signed: of several the one whose key made the value is meant, whatever their order.
        return next(self._makers(leaves), (leaves or candidates)[0])

    def _known_certificate(self) -> bytes | None:
        """The certificate that a signature without one was made with, if the verifier holds it: the one that the
        signed properties name, else one that fits ``KeyInfo`` and whose key made the value."""
        held = self.settings.evidence.certificates[: self.settings.limits.certificates]
        if self.claims is None or not self.claims.certificates:
            return next(self._makers(der for der in held if self.key_info.may_mean(der)), None)
        found = next(iter(self._named((*self._carried(), *held))), None)
        self.bound = found is not None
        return found

    def _named(self, certificates: Sequence[bytes]) -> list[bytes]:
        """Those of the certificates that the signed properties name; :class:`Refusal` where these contradict each
        other."""
        assert self.claims is not None
        entries = self.claims.certificates
        if contradict(certificates, entries):
            self.sub = self.sub or SubIndication.NO_SIGNING_CERTIFICATE_FOUND
            raise Refusal("xades.certificate_contradiction")
        found = named_by_all(certificates, entries)
        for der in found:
            for name, said in wrong_issuers(der, entries):
                self.findings.append(finding("xades.issuer_serial", self.where, element=name, value=said))
        return found

    def _carried(self) -> tuple[bytes, ...]:
        """Certificates among the unsigned properties."""
        return ()

    def _makers(self, candidates: Iterable[bytes]) -> Iterator[bytes]:
        """Those whose key made the signature value."""
        assert self.core is not None
        for der in candidates:
            try:
                if self.core.value_verifies(public_key_of(der)):
                    yield der
            except Refusal:
                continue

    def judged(self, read: CoreSignature | None = None, properties: Properties | None = None) -> Judged:
        """The public result, and what it rests on."""
        core = self.core
        method = SIGNATURES.get(core.signed_info.signature_method) if core is not None else None
        signed_at = self.claims.signing_time if self.claims is not None else self.claimed
        facts = Facts(
            intact=self.intact,
            sub_indication=self.sub,
            changes=self.changes,
            signed_at=signed_at,
            certificate=self.certificate,
            certificates=tuple(self.key_info.certificates) + self.levels.certificates,
            digest=self._weakest_digest(method.digest if method is not None else ""),
            scheme="" if method is None else _LABELS[method.scheme],
            embedded=self.levels.embedded,
            baseline=self.bound and signed_at is not None,
            stamps=self.levels.stamps,
            archived=self.levels.archived,
            where=self.where,
        )
        verdict = judge(facts, self.settings)
        references = tuple(_reference(c) for c in core.references) if core is not None else ()
        shown = [r.content for r in references if r.content is not None] if self.intact else []
        return Judged(
            verdict.result(
                self.kind,
                facts,
                self.findings,
                references=references,
                name=self.where.signature or self.where.attachment or "",
                algorithms=self._algorithms(method.digest if method else None, facts.scheme),
                content=shown[0] if shown else None,
            ),
            verdict.evidence,
            read,
            properties,
            self.levels,
            self.certificate,
            facts.certificates,
        )

    def _weakest_digest(self, name: str) -> str:
        """The digest the policy judges: SHA-1 anywhere in the chain of digests is SHA-1."""
        used = {name}
        for checked in self.core.references if self.core is not None else ():
            used.add(DIGESTS.get(checked.reference.digest_method, ""))
        for weak in ("sha1", "sha224", "sha3-224"):
            if weak in used:
                return weak.replace("-", "_")
        return name.replace("-", "_")

    def _algorithms(self, digest: str | None, scheme: str) -> AlgorithmInfo | None:
        if digest is None or self.certificate is None:
            return None
        try:
            key = facts_of(self.certificate).summary.key
        except ValueError:
            return None
        return AlgorithmInfo(digest.replace("-", "_"), scheme, key)


class _TreeRun(_Run):
    """Working state of a signature that stands in a tree."""

    core: CoreSignature | None
    claims: Properties | None

    def __init__(
        self,
        document: Document,
        settings: Settings,
        where: Location,
        kind: SignatureKind,
        placing: Placing,
        detached: Detached | None,
    ) -> None:
        super().__init__(settings, where, kind)
        self.document = document
        self.placing = placing
        self.detached = detached

    def read(self, element: etree._Element) -> None:
        """Read the signature, and compute its references."""
        limits = self.settings.limits
        self.core = open_signature(self.document, element, limits, self.detached)
        self.key_info = read_key_info(self.core.parts.key_info, limits)
        self.findings.extend(self.key_info.findings)
        self.claims = read_properties(self.core)
        if self.claims is not None:
            self.findings.extend(self.claims.findings)
        for checked in self.core.references:
            self.findings.extend(checked.findings)

    def _claim(self) -> None:
        assert self.core is not None
        text = property_time(self.core)
        self.claimed = None if text is None else parse_time(text)
        if text is not None and self.claimed is None:
            self.findings.append(finding("xades.signing_time", self.where, value=text))

    def _placed(self) -> tuple[Changes, bool, list[Finding]]:
        assert self.core is not None
        return self.placing(self.core, self.claims)

    def _carried(self) -> tuple[bytes, ...]:
        return () if self.claims is None else embedded_evidence(self.claims, self.settings).certificates

    def _rise(self) -> None:
        assert self.core is not None
        assert self.claims is not None
        self.levels = check_levels(self.document, self.core, self.claims, self.settings, self.where, self.detached)
        self.findings.extend(self.levels.findings)


_LABELS = {"pkcs1v15": "rsa-pkcs1v15", "pss": "rsa-pss", "ecdsa": "ecdsa"}


def _digest_failed(core: Core) -> bool:
    return any(f.rule == "xmldsig.digest" for checked in core.references for f in checked.findings)


def _reference(checked: CheckedReference) -> Reference:
    octets = checked.octets
    content = None
    sha256 = None
    algorithm = DIGESTS.get(checked.reference.digest_method, checked.reference.digest_method)
    if checked.ok and algorithm == "sha256" and checked.digest is not None:
        sha256 = checked.digest.hex()
    if octets is not None:
        kept = octets
        content = SignedContent(lambda: io.BytesIO(kept), len(kept), sha256)
    return Reference(
        target=checked.reference.uri or "",
        digest_algorithm=algorithm.replace("-", "_"),
        matches=checked.ok,
        sha256=sha256,
        content=content,
    )
