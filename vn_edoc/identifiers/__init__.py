"""Agency codes, document numbers and their neighbours, with their history.

>>> from vn_edoc.identifiers import AgencyCode
>>> code = AgencyCode.parse("000.00.12.H29")
>>> code.scheme, code.level, str(code.parent), str(code.to_qd20())
('qcvn102', 2, '000.00.00.H29', 'H29.12')
"""

from __future__ import annotations

from vn_edoc._lazy import lazily

TYPE_CHECKING = False  # type checkers take it as true; importing typing would cost most of the import's time
if TYPE_CHECKING:
    from vn_edoc.identifiers.agency import AgencyCode as AgencyCode
    from vn_edoc.identifiers.binding import Binding as Binding
    from vn_edoc.identifiers.binding import BindingResult as BindingResult
    from vn_edoc.identifiers.binding import CertificateSubject as CertificateSubject
    from vn_edoc.identifiers.bindings import Bindings as Bindings
    from vn_edoc.identifiers.comparison import Difference as Difference
    from vn_edoc.identifiers.document_id import DocumentId as DocumentId
    from vn_edoc.identifiers.document_number import DocumentNumber as DocumentNumber
    from vn_edoc.identifiers.document_type import DocumentType as DocumentType
    from vn_edoc.identifiers.document_type import document_types as document_types
    from vn_edoc.identifiers.dossier import DossierCode as DossierCode
    from vn_edoc.identifiers.dossier import ProcedureCode as ProcedureCode
    from vn_edoc.identifiers.dossier import ResultCode as ResultCode
    from vn_edoc.identifiers.enterprise import EnterpriseCode as EnterpriseCode
    from vn_edoc.identifiers.lenient import Lenient as Lenient
    from vn_edoc.identifiers.names import name_key as name_key
    from vn_edoc.identifiers.names import same_name as same_name
    from vn_edoc.identifiers.person import PersonalId as PersonalId
    from vn_edoc.identifiers.province import Province as Province
    from vn_edoc.identifiers.province import provinces as provinces
    from vn_edoc.identifiers.records import Agency as Agency
    from vn_edoc.identifiers.records import AgencyName as AgencyName
    from vn_edoc.identifiers.records import Change as Change
    from vn_edoc.identifiers.registry import AgencyRegistry as AgencyRegistry
    from vn_edoc.identifiers.units import AdministrativeUnitCode as AdministrativeUnitCode
    from vn_edoc.identifiers.value import Identifier as Identifier

_HOME = {
    "AdministrativeUnitCode": "units",
    "Agency": "records",
    "AgencyCode": "agency",
    "AgencyName": "records",
    "AgencyRegistry": "registry",
    "Binding": "binding",
    "BindingResult": "binding",
    "Bindings": "bindings",
    "CertificateSubject": "binding",
    "Change": "records",
    "Difference": "comparison",
    "DocumentId": "document_id",
    "DocumentNumber": "document_number",
    "DocumentType": "document_type",
    "DossierCode": "dossier",
    "EnterpriseCode": "enterprise",
    "Identifier": "value",
    "Lenient": "lenient",
    "PersonalId": "person",
    "ProcedureCode": "dossier",
    "Province": "province",
    "ResultCode": "dossier",
    "document_types": "document_type",
    "name_key": "names",
    "provinces": "province",
    "same_name": "names",
}

__all__ = [
    "AdministrativeUnitCode",
    "Agency",
    "AgencyCode",
    "AgencyName",
    "AgencyRegistry",
    "Binding",
    "BindingResult",
    "Bindings",
    "CertificateSubject",
    "Change",
    "Difference",
    "DocumentId",
    "DocumentNumber",
    "DocumentType",
    "DossierCode",
    "EnterpriseCode",
    "Identifier",
    "Lenient",
    "PersonalId",
    "ProcedureCode",
    "Province",
    "ResultCode",
    "document_types",
    "name_key",
    "provinces",
    "same_name",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
