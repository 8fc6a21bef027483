"""Codes of every kind: read, refused by an exception of our own, or explained; what was read reads back."""

from __future__ import annotations

import json
from datetime import date
from random import Random

from tests.fuzz.mutators import octets_mutated
from tests.fuzz.target import Target
from vn_edoc.errors import InvalidCode
from vn_edoc.findings import jsonable
from vn_edoc.identifiers import (
    AdministrativeUnitCode,
    AgencyCode,
    AgencyRegistry,
    DocumentId,
    DocumentNumber,
    DossierCode,
    EnterpriseCode,
    Identifier,
    PersonalId,
    ProcedureCode,
    ResultCode,
    name_key,
    same_name,
)
from vn_edoc.identifiers.explain import explain

_KINDS: tuple[type[Identifier], ...] = (
    *(AgencyCode, DocumentNumber, DocumentId, DossierCode, EnterpriseCode, PersonalId, ProcedureCode, ResultCode),
    AdministrativeUnitCode,
)
_ON, _NOW = date(2025, 6, 1), date(2026, 11, 24)
_REGISTRY = AgencyRegistry.bundled()
_SEEDS = (
    *("000.00.12.H29", "H29.12", "G22", "0100109106-001", "vxp.saas.03", "000-00-12-H29", "h29.12.3", "H37.DN.001"),
    *("12/2026/QĐ-TTg", "125/QĐ-UBND", "12/SNV-VP", "Số: 15/CV", "3-NQ/TW", "12/2018/NĐ-CP", "07/2026/TT-BKHCN"),
    *("000.00.12.H29,2026/03/05,12/SNV-VP", "H29.12,2026-03-05,12/QĐ-SNV", "000.00.12.H29.2026.000012"),
    *("000.00.12.H29-260305-0001", "H29.12-261124-0000123", "1.000123.000.00.00.H29", "2.001234", "001204000001"),
    *("079", "26734", "0314409058-002", "001099012345", "Sở Nội vụ tỉnh Tây Ninh", "UBND tỉnh An Giang"),
)
_WORDS = tuple(
    text.encode()
    for text in (
        ".",
        "-",
        ",",
        "/",
        "000.",
        "H29",
        "٣",
        "²",
        "\u0301",
        "\u200b",
        "Đ",
        "Ð",
        " ",
        "\ufeff",
        "９",
        "\u2024",
    )
)


def _mutate(data: bytes, chance: Random) -> bytes:
    return octets_mutated(data, chance, _WORDS)


def _one(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for kind in _KINDS:
        if kind.is_valid(text):
            made = kind.parse(text)
            assert kind.parse(str(made)) == made and str(kind.parse(str(made))) == str(made)
            assert hash(made) == hash(kind.parse(str(made)))
            json.dumps([f.to_dict() for f in made.findings])
        else:
            try:
                kind.parse(text)
            except InvalidCode as refused:
                str(refused).encode()
            else:
                raise AssertionError(f"{kind.__name__} parses what is not valid")
    for lenient in (AgencyCode.parse_lenient(text), DossierCode.parse_lenient(text)):
        assert lenient.code is not None or lenient.findings
    json.dumps(jsonable(explain(text, _ON, _NOW, _REGISTRY)))
    _REGISTRY.search(text, limit=3)
    assert same_name(text, text) or not name_key(text)


TARGET = Target(_one, lambda: [text.encode() for text in _SEEDS], _mutate, longest=300, words=_WORDS)
