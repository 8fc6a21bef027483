"""A code explained: what it is, level by level, on a day and now, and who came after it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from vn_edoc.findings import Finding
from vn_edoc.identifiers.agency import AgencyCode
from vn_edoc.identifiers.dossier import DossierCode, ProcedureCode, ResultCode
from vn_edoc.identifiers.enterprise import EnterpriseCode
from vn_edoc.identifiers.person import PersonalId
from vn_edoc.identifiers.records import Agency
from vn_edoc.identifiers.registry import AgencyRegistry
from vn_edoc.identifiers.units import AdministrativeUnitCode
from vn_edoc.identifiers.value import Identifier

if TYPE_CHECKING:
    from vn_edoc.identifiers.document_id import DocumentId
    from vn_edoc.identifiers.document_number import DocumentNumber

__all__ = ["explain"]

_DOCUMENT_FORMS = frozenset({"exchange", "digitised", "archive", "agency_year"})


def explain(text: str, on: date, now: date, registry: AgencyRegistry) -> dict[str, Any]:
    """Everything about a code as plain data (keys are stable, schema ``vn-edoc/code/1``).

    ``kind`` is ``agency``, ``dossier``, ``procedure``, ``result``, ``document_number``, ``document_id``, ``unit`` or
    ``invalid``; the parts that hold an agency code have it explained under ``agency``. Never raises for content.
    """
    bare = text.strip()
    for kind, read in (("dossier", DossierCode), ("procedure", ProcedureCode), ("result", ResultCode)):
        if read.is_valid(bare):
            return _one_stop(text, kind, read.parse(bare), on, now, registry)
    if AdministrativeUnitCode.is_valid(bare):
        return _unit(text, AdministrativeUnitCode.parse(bare), on, now)
    lenient = AgencyCode.parse_lenient(text)
    if lenient.code is not None:
        return {"given": text, "kind": "agency", **_agency(lenient.code, lenient.findings, on, now, registry)}
    from vn_edoc.identifiers.document_id import DocumentId
    from vn_edoc.identifiers.document_number import DocumentNumber

    document = DocumentId.parse(bare) if DocumentId.is_valid(bare) else None
    if document is not None and document.form in _DOCUMENT_FORMS:
        return _document_id(text, document, on, now, registry)
    if DocumentNumber.is_valid(bare):
        return _document_number(text, DocumentNumber.parse(bare))
    dossier = DossierCode.parse_lenient(bare)
    if dossier.code is not None:
        return _one_stop(text, "dossier", dossier.code, on, now, registry, dossier.findings)
    return {"given": text, "kind": "invalid", "findings": _told(lenient.findings)}


def _told(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [f.to_dict() for f in findings]


def _state(agency: Agency | None) -> dict[str, Any] | None:
    if agency is None:
        return None
    return {"code": str(agency.code), "name": agency.name, "status": agency.status, "match": agency.match}


def _agency(
    code: AgencyCode, findings: tuple[Finding, ...], on: date, now: date, registry: AgencyRegistry
) -> dict[str, Any]:
    other = code.to_qcvn102() if code.scheme == "qd20" else code.to_qd20() if code.scheme == "qcvn102" else None
    listed = registry.get(code, on=on)
    about: dict[str, Any] = {
        "code": str(code),
        "scheme": code.scheme,
        "level": code.level,
        "on": on.isoformat(),
        "parent": str(code.parent) if code.parent is not None else None,
        "other_scheme": str(other) if other is not None else None,
        "agency": listed.to_dict() if listed is not None else None,
        "levels": [
            {
                "code": str(one),
                "level": one.level,
                "then": _state(registry.get(one, on=on)),
                "now": _state(registry.get(one, on=now)),
            }
            for one in (*code.ancestors[::-1], code)
        ],
        "successors_then": [_state(a) for a in registry.successors(code, on=on)],
        "successors_now": [_state(a) for a in registry.successors(code, on=now)],
        "findings": _told((*findings, *code.findings)),
    }
    if code.scheme == "enterprise":
        about["readings"] = _readings(str(code))
    return about


def _readings(text: str) -> dict[str, str]:
    """What a registration number may be: 12 digits are a personal number, or ``02`` and an enterprise's number."""
    number = text.partition("-")[0]
    if len(number) == 10:
        return {"enterprise": text}
    readings = {"enterprise": text[2:]} if text.startswith("02") and EnterpriseCode.is_valid(text[2:]) else {}
    return readings if "-" in text else {**readings, "personal": PersonalId.parse(number).format("masked")}


def _one_stop(
    text: str,
    kind: str,
    code: Identifier,
    on: date,
    now: date,
    registry: AgencyRegistry,
    repairs: tuple[Finding, ...] = (),
) -> dict[str, Any]:
    about: dict[str, Any] = {"given": text, "kind": kind, "code": str(code), "on": on.isoformat()}
    agency: AgencyCode | None = None
    if isinstance(code, DossierCode):
        agency = code.agency
        about |= {"received": code.received.isoformat(), "serial": code.serial}
    elif isinstance(code, ProcedureCode):
        agency = code.publisher
        about |= {"national": code.base, "service": code.service}
    elif isinstance(code, ResultCode):
        agency = code.agency
        about |= {"serial": code.serial}
    if agency is not None:
        about["agency"] = _agency(agency, (), on, now, registry)
    about["findings"] = _told((*repairs, *code.findings))
    return about


def _unit(text: str, code: AdministrativeUnitCode, on: date, now: date) -> dict[str, Any]:
    def state(day: date) -> dict[str, Any] | None:
        province = code.province(day)
        return {"name": province.name, "agency_code": province.agency_code} if province is not None else None

    return {
        "given": text,
        "kind": "unit",
        "code": str(code),
        "on": on.isoformat(),
        "level": code.level,
        "in_use": code.in_use(on),
        "then": state(on),
        "now": state(now),
        "findings": _told(code.findings),
    }


def _document_number(text: str, number: DocumentNumber) -> dict[str, Any]:
    kind = number.copy or number.type
    return {
        "given": text,
        "kind": "document_number",
        "code": str(number),
        "grammar": number.grammar,
        "serial": number.serial,
        "year": number.year,
        "type": kind.name if kind is not None else None,
        "issuer": number.issuer,
        "issuers": list(number.issuers),
        "unit": number.unit,
        "findings": _told(number.findings),
    }


def _document_id(text: str, document: DocumentId, on: date, now: date, registry: AgencyRegistry) -> dict[str, Any]:
    day = document.issued or on
    about: dict[str, Any] = {
        "given": text,
        "kind": "document_id",
        "code": str(document),
        "form": document.form,
        "issued": document.issued.isoformat() if document.issued is not None else None,
        "number": str(document.number) if document.number is not None else document.code_number,
        "findings": _told(document.findings),
    }
    if document.agency is not None:
        about["agency"] = _agency(document.agency, (), day, now, registry)
    return about
