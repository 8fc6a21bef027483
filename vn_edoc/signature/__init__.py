"""Digital signatures: keys, trust, paths, time-stamps, PDF, CMS and XML.

Names are resolved on first use: pyHanko is imported only when a PDF, CMS or certificate path is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc._lazy import lazily

if TYPE_CHECKING:
    from vn_edoc.signature.aio import asign_cms as asign_cms
    from vn_edoc.signature.aio import asign_pdf as asign_pdf
    from vn_edoc.signature.aio import averify_cms as averify_cms
    from vn_edoc.signature.aio import averify_pdf as averify_pdf
    from vn_edoc.signature.appearance import Appearance as Appearance
    from vn_edoc.signature.appearance import agency_on_attachment as agency_on_attachment
    from vn_edoc.signature.appearance import agency_seal as agency_seal
    from vn_edoc.signature.appearance import competent_person as competent_person
    from vn_edoc.signature.appearance import copy_mark as copy_mark
    from vn_edoc.signature.cms import CmsSigning as CmsSigning
    from vn_edoc.signature.cms import CmsVerification as CmsVerification
    from vn_edoc.signature.cms import sign_cms as sign_cms
    from vn_edoc.signature.cms import verify_cms as verify_cms
    from vn_edoc.signature.evidence import Evidence as Evidence
    from vn_edoc.signature.fetch import Fetcher as Fetcher
    from vn_edoc.signature.fetch import HttpFetcher as HttpFetcher
    from vn_edoc.signature.fetch import MemoryFetcher as MemoryFetcher
    from vn_edoc.signature.items import seven_items as seven_items
    from vn_edoc.signature.keys import PemSigner as PemSigner
    from vn_edoc.signature.keys import Pkcs12Signer as Pkcs12Signer
    from vn_edoc.signature.keys import Signer as Signer
    from vn_edoc.signature.packet.augment import aextend_packet as aextend_packet
    from vn_edoc.signature.packet.augment import extend_packet as extend_packet
    from vn_edoc.signature.packet.seal import PacketSealer as PacketSealer
    from vn_edoc.signature.packet.sign import PacketSigning as PacketSigning
    from vn_edoc.signature.packet.sign import asign_packet as asign_packet
    from vn_edoc.signature.packet.sign import sign_packet as sign_packet
    from vn_edoc.signature.packet.verify import PacketVerification as PacketVerification
    from vn_edoc.signature.packet.verify import verify_packet as verify_packet
    from vn_edoc.signature.path import PathResult as PathResult
    from vn_edoc.signature.path import validate_path as validate_path
    from vn_edoc.signature.pdf import PdfVerification as PdfVerification
    from vn_edoc.signature.pdf import verify_pdf as verify_pdf
    from vn_edoc.signature.pdf_sign import PdfSigning as PdfSigning
    from vn_edoc.signature.pdf_sign import sign_pdf as sign_pdf
    from vn_edoc.signature.plan import PlannedField as PlannedField
    from vn_edoc.signature.plan import SigningPlan as SigningPlan
    from vn_edoc.signature.policy import AlgorithmPolicy as AlgorithmPolicy
    from vn_edoc.signature.preflight import preflight_pdf as preflight_pdf
    from vn_edoc.signature.remote import CallbackSigner as CallbackSigner
    from vn_edoc.signature.remote import CscSigner as CscSigner
    from vn_edoc.signature.result import CertificateSummary as CertificateSummary
    from vn_edoc.signature.result import Changes as Changes
    from vn_edoc.signature.result import Indication as Indication
    from vn_edoc.signature.result import Level as Level
    from vn_edoc.signature.result import SignatureKind as SignatureKind
    from vn_edoc.signature.result import SignatureResult as SignatureResult
    from vn_edoc.signature.result import SignedContent as SignedContent
    from vn_edoc.signature.result import SignerIdentity as SignerIdentity
    from vn_edoc.signature.result import SignerKind as SignerKind
    from vn_edoc.signature.result import SubIndication as SubIndication
    from vn_edoc.signature.result import TimestampResult as TimestampResult
    from vn_edoc.signature.result import TrustScheme as TrustScheme
    from vn_edoc.signature.timestamps import HttpTimeStamper as HttpTimeStamper
    from vn_edoc.signature.timestamps import TimeStamper as TimeStamper
    from vn_edoc.signature.timestamps import verify_token as verify_token
    from vn_edoc.signature.token import Pkcs11Signer as Pkcs11Signer
    from vn_edoc.signature.trust import Pin as Pin
    from vn_edoc.signature.trust import TrustStore as TrustStore
    from vn_edoc.signature.xml.api import XmlSigning as XmlSigning
    from vn_edoc.signature.xml.api import asign_xml as asign_xml
    from vn_edoc.signature.xml.api import sign_xml as sign_xml
    from vn_edoc.signature.xml.augment import aextend_xml as aextend_xml
    from vn_edoc.signature.xml.augment import extend_xml as extend_xml
    from vn_edoc.signature.xml.build import ProductionPlace as ProductionPlace
    from vn_edoc.signature.xml.verify import XmlVerification as XmlVerification
    from vn_edoc.signature.xml.verify import verify_xml as verify_xml

_HOME = {
    "AlgorithmPolicy": "policy",
    "Appearance": "appearance",
    "CallbackSigner": "remote",
    "CertificateSummary": "result",
    "Changes": "result",
    "CmsSigning": "cms",
    "CmsVerification": "cms",
    "CscSigner": "remote",
    "Evidence": "evidence",
    "Fetcher": "fetch",
    "HttpFetcher": "fetch",
    "HttpTimeStamper": "timestamps",
    "Indication": "result",
    "Level": "result",
    "MemoryFetcher": "fetch",
    "PacketSealer": "packet.seal",
    "PacketSigning": "packet.sign",
    "PacketVerification": "packet.verify",
    "PathResult": "path",
    "PdfSigning": "pdf_sign",
    "PdfVerification": "pdf",
    "PemSigner": "keys",
    "Pin": "trust",
    "Pkcs11Signer": "token",
    "Pkcs12Signer": "keys",
    "PlannedField": "plan",
    "ProductionPlace": "xml.build",
    "SignatureKind": "result",
    "SignatureResult": "result",
    "SignedContent": "result",
    "Signer": "keys",
    "SignerIdentity": "result",
    "SignerKind": "result",
    "SigningPlan": "plan",
    "SubIndication": "result",
    "TimeStamper": "timestamps",
    "TimestampResult": "result",
    "TrustScheme": "result",
    "TrustStore": "trust",
    "XmlSigning": "xml.api",
    "XmlVerification": "xml.verify",
    "aextend_packet": "packet.augment",
    "aextend_xml": "xml.augment",
    "agency_on_attachment": "appearance",
    "agency_seal": "appearance",
    "asign_cms": "aio",
    "asign_packet": "packet.sign",
    "asign_pdf": "aio",
    "asign_xml": "xml.api",
    "averify_cms": "aio",
    "averify_pdf": "aio",
    "competent_person": "appearance",
    "copy_mark": "appearance",
    "extend_packet": "packet.augment",
    "extend_xml": "xml.augment",
    "preflight_pdf": "preflight",
    "seven_items": "items",
    "sign_cms": "cms",
    "sign_packet": "packet.sign",
    "sign_pdf": "pdf_sign",
    "sign_xml": "xml.api",
    "validate_path": "path",
    "verify_cms": "cms",
    "verify_packet": "packet.verify",
    "verify_pdf": "pdf",
    "verify_token": "timestamps",
    "verify_xml": "xml.verify",
}

__all__ = [
    "AlgorithmPolicy",
    "Appearance",
    "CallbackSigner",
    "CertificateSummary",
    "Changes",
    "CmsSigning",
    "CmsVerification",
    "CscSigner",
    "Evidence",
    "Fetcher",
    "HttpFetcher",
    "HttpTimeStamper",
    "Indication",
    "Level",
    "MemoryFetcher",
    "PacketSealer",
    "PacketSigning",
    "PacketVerification",
    "PathResult",
    "PdfSigning",
    "PdfVerification",
    "PemSigner",
    "Pin",
    "Pkcs11Signer",
    "Pkcs12Signer",
    "PlannedField",
    "ProductionPlace",
    "SignatureKind",
    "SignatureResult",
    "SignedContent",
    "Signer",
    "SignerIdentity",
    "SignerKind",
    "SigningPlan",
    "SubIndication",
    "TimeStamper",
    "TimestampResult",
    "TrustScheme",
    "TrustStore",
    "XmlSigning",
    "XmlVerification",
    "aextend_packet",
    "aextend_xml",
    "agency_on_attachment",
    "agency_seal",
    "asign_cms",
    "asign_packet",
    "asign_pdf",
    "asign_xml",
    "averify_cms",
    "averify_pdf",
    "competent_person",
    "copy_mark",
    "extend_packet",
    "extend_xml",
    "preflight_pdf",
    "seven_items",
    "sign_cms",
    "sign_packet",
    "sign_pdf",
    "sign_xml",
    "validate_path",
    "verify_cms",
    "verify_packet",
    "verify_pdf",
    "verify_token",
    "verify_xml",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
