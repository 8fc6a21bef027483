"""NIST PKITS through our path policy: what must pass passes, what must fail is never trusted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from vn_edoc.signature import Evidence, TrustStore, validate_path

AT = datetime(2022, 6, 1, tzinfo=UTC)
REFUSED = {
    "40104": "DSA is not on the list of TT 15/2025/TT-BKHCN",
    "40105": "DSA is not on the list of TT 15/2025/TT-BKHCN",
    "40306": "unique identifiers, which RFC 5280 forbids, are re-encoded by the ASN.1 library",
}


@pytest.fixture(scope="module")
def suite(shared):
    folder = shared / "vectors" / "certvalidator-pkits" / "fixtures" / "nist_pkits"
    if not folder.is_dir():
        pytest.skip("the PKITS suite is not in the reference folder")
    return folder


def test_pkits(suite):
    def certificate(name: str) -> bytes:
        return (suite / "certs" / name).read_bytes()

    def crl(name: str) -> bytes:
        return (suite / "crls" / name).read_bytes()

    trust = TrustStore([certificate("TrustAnchorRootCertificate.crt")])
    cases = json.loads((suite / "pkits.json").read_text(encoding="utf-8"))
    assert len(cases) == 246
    accepted_wrongly, refused = [], []
    for case in cases:
        given = case.get("params") or {}
        result = validate_path(
            certificate(case["cert"]),
            [certificate(n) for n in case.get("other_certs", ())],
            at=AT,
            claimed=AT,
            trust=trust,
            evidence=Evidence(crls=(crl("TrustAnchorRootCRL.crl"), *(crl(n) for n in case.get("crls", ())))),
            parameters={k: frozenset(v) if isinstance(v, list) else v for k, v in given.items()} or None,
            purpose="any",
        )
        good = result.trusted is True and result.revocation_known
        if good and "error" in case:
            accepted_wrongly.append(case["name"])
        if not good and "error" not in case:
            refused.append(case["id"])
    assert not accepted_wrongly
    assert set(refused) == set(REFUSED)
