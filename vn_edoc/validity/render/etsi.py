"""The signature part as an ETSI TS 119 102-2 validation report (namespace of V1.2.1, schema of V1.2.1 to V1.3.1)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from vn_edoc.findings import visible
from vn_edoc.signature.result import Indication, SignatureResult
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
_NO_SIGNATURE = "urn:cef:dss:mainindication:noSignatureFound"
"""A report must have one entry at least, and ETSI names no indication for "none found": that of EU DSS is taken."""
_OBJECT = "urn:etsi:019102:validationObject:"
_SUB = "urn:etsi:019102:subindication:"
_STAMPS = {
    "signature": "SignatureTimeStamp",
    "document": "DocTimeStamp",
    "archive": "ArchiveTimeStamp",
    "content": "AllDataObjectsTimeStamp",
}
_PROCESS = "urn:etsi:019102:validationprocess:"


def render(report: Report) -> str:
    """All signatures of the report; ``SignatureValidationReport`` in the order of ``report.signatures``."""
    from lxml import etree

    root = etree.Element(f"{{{_VR}}}ValidationReport", nsmap=_PREFIXES)
    objects: dict[str, tuple[str, str]] = {}
    for number, (file, signature) in enumerate(report.signed, 1):
        _signature(root, number, file, signature, report)
        objects |= {_id(link.sha256): ("certificate", link.sha256) for link in signature.chain}
        objects |= {_data_id(sha256): ("signedData", sha256) for sha256 in _several(signature)}
    if not report.signatures:
        _none(root, report)
    if objects:
        listed = _add(root, "SignatureValidationObjects")
        for name, (kind, sha256) in objects.items():
            one = _add(listed, "ValidationObject")
            one.set("id", name)
            _add(one, "ObjectType", _OBJECT + kind)
            _digest(_add(one, "ValidationObjectRepresentation"), sha256)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True).decode("utf-8")


def _none(root: Any, report: Report) -> None:
    """The one entry of a report without signatures: none were found, or (R01) none were looked for."""
    about = _add(root, "SignatureValidationReport")
    _times(about, report, None)
    status = _add(about, "SignatureValidationStatus")
    _add(status, "MainIndication", _MAIN[Indication.INDETERMINATE] if report.stopped else _NO_SIGNATURE)
    if report.stopped:
        _add(status, "SubIndication", f"{_SUB}GENERIC")


def _times(about: Any, report: Report, signature: SignatureResult | None) -> None:
    """A time-stamp was judged here (``validation``), a receipt was given (``provided``); else it is the time of the
    check itself (clause 4.4.6.2)."""
    times = _add(about, "ValidationTimeInfo")
    _add(times, "ValidationTime", _time(report.checked_at))
    proven = None if signature is None else signature.proven_at
    given = signature is not None and proven is not None and not signature.stamped
    best = _add(times, "BestSignatureTime")
    _add(best, "POETime", _time(proven or report.checked_at))
    _add(best, "TypeOfProof", f"urn:etsi:019102:poetype:{'provided' if given else 'validation'}")


def _digests(signature: SignatureResult) -> list[str]:
    return [reference.sha256 for reference in signature.references if reference.sha256 is not None]


def _several(signature: SignatureResult) -> list[str]:
    """Digests of what is signed, where it is more than one document: there is room for one ``SignersDocument``."""
    digests = _digests(signature)
    return digests if len(digests) > 1 else []


def _signature(root: Any, number: int, file: str | None, signature: SignatureResult, report: Report) -> None:
    about = _add(root, "SignatureValidationReport")
    identifier = _add(about, "SignatureIdentifier")
    identifier.set("id", f"S-{number}")
    _add(identifier, "HashOnly", "false")
    _add(identifier, "DocHashOnly", "false")
    _add(identifier, "DAIdentifier", visible("#".join(part for part in (file, signature.name) if part)))
    _times(about, report, signature)
    digests = _digests(signature)
    if len(digests) == 1:
        _digest(_add(about, "SignersDocument"), digests[0])
    _attributes(about, signature)
    if signature.signer is not None and signature.chain:
        signer = _add(about, "SignerInformation")
        _refer(signer, "SignerCertificate", _id(signature.chain[0].sha256))
        _add(signer, "Signer", visible(signature.signer.name or signature.signer.subject))
    process = "LTVM" if signature.timestamps else "Basic"
    _add(_add(about, "SignatureValidationProcess"), "SignatureValidationProcessID", _PROCESS + process)
    status = _add(about, "SignatureValidationStatus")
    _add(status, "MainIndication", _MAIN[signature.indication])
    if signature.sub_indication is not None:
        _add(status, "SubIndication", _SUB + signature.sub_indication.value)
    if signature.chain or _several(signature):
        _data(_add(status, "AssociatedValidationReportData"), signature)


def _attributes(about: Any, signature: SignatureResult) -> None:
    stamps = [(_STAMPS[stamp.kind], stamp.kind, stamp.time) for stamp in signature.timestamps if stamp.time is not None]
    if signature.signed_at is None and not stamps:
        return
    attributes = _add(about, "SignatureAttributes")
    if signature.signed_at is not None:
        signed = _add(attributes, "SigningTime")
        signed.set("Signed", "true")
        _add(signed, "Time", _time(signature.signed_at))
    for name, kind, moment in stamps:
        stamp = _add(attributes, name)
        stamp.set("Signed", "true" if kind == "content" else "false")
        _add(stamp, "TimeStampValue", _time(moment))


def _data(data: Any, signature: SignatureResult) -> None:
    """The certificates by which the signature was judged, what it signs, and when one of them was revoked."""
    chain = signature.chain
    anchor = chain[-1] if chain and chain[-1].revocation == "anchor" else None
    if anchor is not None:
        _refer(data, "TrustAnchor", _id(anchor.sha256))
    if chain:
        path = _add(data, "CertificateChain")
        _refer(path, "SigningCertificate", _id(chain[0].sha256))
        for link in chain[1:-1] if anchor is not None else chain[1:]:
            _refer(path, "IntermediateCertificate", _id(link.sha256))
        if anchor is not None and len(chain) > 1:
            _refer(path, "TrustAnchor", _id(anchor.sha256))
    for sha256 in dict.fromkeys(_several(signature)):
        _refer(data, "RelatedValidationObject", _data_id(sha256))
    for link in chain:
        if link.revoked_at is not None:
            revoked = _add(data, "RevocationStatusInformation")
            _refer(revoked, "ValidationObjectId", _id(link.sha256))
            _add(revoked, "RevocationTime", _time(link.revoked_at))
            break


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_VR}}}{name}")
    element.text = text
    return element


def _refer(parent: Any, name: str, target: str) -> None:
    _add(parent, name).set("VOReference", target)


def _digest(parent: Any, sha256: str) -> None:
    from lxml import etree

    both = _add(parent, "DigestAlgAndValue")
    etree.SubElement(both, f"{{{_DS}}}DigestMethod").set("Algorithm", _SHA256)
    value = etree.SubElement(both, f"{{{_DS}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")


def _id(sha256: str) -> str:
    return f"C-{sha256.upper()}"


def _data_id(sha256: str) -> str:
    return f"D-{sha256.upper()}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
