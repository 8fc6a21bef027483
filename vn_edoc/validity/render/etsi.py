"""The signature part as an ETSI TS 119 102-2 validation report (namespace of V1.2.1)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from vn_edoc.findings import visible
from vn_edoc.signature.result import CertificateSummary, Indication, SignatureResult
from vn_edoc.validity.report import Report

__all__ = ["render"]

_VR = "http://uri.etsi.org/19102/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_PREFIXES: Any = {None: _VR, "ds": _DS}
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_MAIN = {
    Indication.TOTAL_PASSED: "urn:etsi:019102:mainindication:total-passed",
    Indication.TOTAL_FAILED: "urn:etsi:019102:mainindication:total-failed",
    Indication.INDETERMINATE: "urn:etsi:019102:mainindication:indeterminate",
}
_CERTIFICATE = "urn:etsi:019102:validationObject:certificate"
_PROCESS = "urn:etsi:019102:validationprocess:"


def render(report: Report) -> str:
    """All signatures of the report; ``SignatureValidationReport`` in the order of ``report.signatures``."""
    from lxml import etree

    root = etree.Element(f"{{{_VR}}}ValidationReport", nsmap=_PREFIXES)
    certificates: dict[str, CertificateSummary] = {}
    for number, (file, signature) in enumerate(report.signed, 1):
        _signature(root, number, file, signature, report)
        for link in signature.chain:
            certificates.setdefault(link.sha256, link)
    if certificates:
        objects = _add(root, "SignatureValidationObjects")
        for sha256 in certificates:
            one = _add(objects, "ValidationObject")
            one.set("id", _id(sha256))
            _add(one, "ObjectType", _CERTIFICATE)
            _digest(_add(one, "ValidationObjectRepresentation"), sha256)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode("utf-8")


def _signature(root: Any, number: int, file: str | None, signature: SignatureResult, report: Report) -> None:
    about = _add(root, "SignatureValidationReport")
    identifier = _add(about, "SignatureIdentifier")
    identifier.set("id", f"S-{number}")
    _add(identifier, "HashOnly", "false")
    _add(identifier, "DocHashOnly", "false")
    _add(identifier, "DAIdentifier", visible("#".join(part for part in (file, signature.name) if part)))
    times = _add(about, "ValidationTimeInfo")
    _add(times, "ValidationTime", _time(report.checked_at))
    best = _add(times, "BestSignatureTime")
    _add(best, "POETime", _time(signature.proven_at or report.checked_at))
    proof = "provided" if signature.proven_at is not None else "validation"
    _add(best, "TypeOfProof", f"urn:etsi:019102:poetype:{proof}")
    for reference in signature.references:
        if reference.sha256 is not None:
            _digest(_add(about, "SignersDocument"), reference.sha256)
    if signature.signed_at is not None:
        signed = _add(_add(about, "SignatureAttributes"), "SigningTime")
        signed.set("Signed", "true")
        _add(signed, "Time", _time(signature.signed_at))
    if signature.signer is not None and signature.chain:
        signer = _add(about, "SignerInformation")
        _add(signer, "SignerCertificate").set("VOReference", _id(signature.chain[0].sha256))
        _add(signer, "Signer", visible(signature.signer.name or signature.signer.subject))
    process = "LTVM" if signature.timestamps else "Basic"
    _add(_add(about, "SignatureValidationProcess"), "SignatureValidationProcessID", _PROCESS + process)
    status = _add(about, "SignatureValidationStatus")
    _add(status, "MainIndication", _MAIN[signature.indication])
    if signature.sub_indication is not None:
        _add(status, "SubIndication", f"urn:etsi:019102:subindication:{signature.sub_indication.value}")
    if signature.chain:
        data = _add(status, "AssociatedValidationReportData")
        trusted = signature.chain[-1] if signature.chain[-1].revocation == "anchor" else None
        if trusted is not None:
            _add(data, "TrustAnchor").set("VOReference", _id(trusted.sha256))
        chain = _add(data, "CertificateChain")
        _add(chain, "SigningCertificate").set("VOReference", _id(signature.chain[0].sha256))
        for link in signature.chain[1:-1] if trusted is not None else signature.chain[1:]:
            _add(chain, "IntermediateCertificate").set("VOReference", _id(link.sha256))
        if trusted is not None and len(signature.chain) > 1:
            _add(chain, "TrustAnchor").set("VOReference", _id(trusted.sha256))


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_VR}}}{name}")
    element.text = text
    return element


def _digest(parent: Any, sha256: str) -> None:
    from lxml import etree

    both = _add(parent, "DigestAlgAndValue")
    etree.SubElement(both, f"{{{_DS}}}DigestMethod").set("Algorithm", _SHA256)
    value = etree.SubElement(both, f"{{{_DS}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")


def _id(sha256: str) -> str:
    return f"C-{sha256.upper()}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
