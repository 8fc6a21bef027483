"""Unsigned attributes of a CMS: each read by itself, because real ones are not always ASN.1 (R31)."""

from __future__ import annotations

from typing import Any

from asn1crypto import parser

from vn_edoc.limits import Limits
from vn_edoc.signature.cms_facts import FOREIGN, Examined

__all__ = ["read_unsigned"]

_ARCHIVE_OIDS = {"0.4.0.1733.2.4", "1.2.840.113549.1.9.16.2.48", "1.2.840.113549.1.9.16.2.27"}


def read_unsigned(facts: Examined, signer: Any, limits: Limits) -> None:
    """R31: read each unsigned attribute by itself; take out time-stamp tokens and validation data."""
    tokens: list[bytes] = []
    archived: list[str] = []
    try:
        attributes = list(signer["unsigned_attrs"] or ())[: limits.certificates]
    except FOREIGN as error:
        facts.say(
            "R31",
            "Không đọc được phần thuộc tính không ký của chữ ký.",
            f"The unsigned attributes cannot be read: {error}",
        )
        return
    for attribute in attributes:
        oid = "?"
        try:
            oid = attribute["type"].dotted
            if attribute["type"].native == "signature_time_stamp_token":
                tokens += [value.dump() for value in attribute["values"]]
            elif oid in _ARCHIVE_OIDS:
                archived.append(oid)
            elif oid == "1.2.840.113549.1.9.16.2.23":
                facts.certificates += tuple(c.dump() for c in _certificate_values(attribute))
            elif oid == "1.2.840.113549.1.9.16.2.24":
                crls, ocsps = _revocation_values(attribute)
                facts.crls += crls
                facts.ocsps += ocsps
            else:
                for value in attribute["values"]:
                    parser.parse(value.dump(), strict=True)
        except FOREIGN as error:
            facts.say(
                "R31",
                f"Thuộc tính không ký {oid} không đúng cấu trúc ASN.1; được bỏ qua.",
                f"The unsigned attribute {oid} is not well-formed ASN.1 and is left aside: {error}",
                oid=oid,
            )
    facts.tokens = tuple(tokens[:32])
    if archived:
        facts.say(
            "timestamp.archive",
            "Chữ ký có dấu thời gian lưu trữ (CAdES); phần mềm không kiểm tra loại dấu này và không coi là bằng chứng.",
            "The signature carries archive time-stamps (CAdES). They are not judged and prove nothing here.",
            oids=sorted(set(archived)),
        )


def _certificate_values(attribute: Any) -> list[Any]:
    from asn1crypto import core, x509

    class _Values(core.SequenceOf):  # type: ignore[misc]
        _child_spec = x509.Certificate

    return list(_Values.load(attribute["values"][0].dump()))


def _revocation_values(attribute: Any) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """RevocationValues of CAdES (EN 319 122-1, A.1.1.2): [0] CRLs, [1] BasicOCSPResponses."""
    from asn1crypto import core, crl, ocsp

    class _Crls(core.SequenceOf):  # type: ignore[misc]
        _child_spec = crl.CertificateList

    class _Basics(core.SequenceOf):  # type: ignore[misc]
        _child_spec = ocsp.BasicOCSPResponse

    class _Values(core.Sequence):  # type: ignore[misc]
        _fields = [  # noqa: RUF012
            ("crls", _Crls, {"explicit": 0, "optional": True}),
            ("ocsps", _Basics, {"explicit": 1, "optional": True}),
        ]

    values = _Values.load(attribute["values"][0].dump())
    crls = tuple(c.dump() for c in values["crls"] or ())
    ocsps = tuple(
        ocsp.OCSPResponse(
            {
                "response_status": "successful",
                "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
            }
        ).dump()
        for basic in values["ocsps"] or ()
    )
    return crls, ocsps
