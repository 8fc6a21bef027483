"""Revocation told by many, late, false or very long sources, and asked for by many threads at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, ocsp
from cryptography import x509

from tests.adversarial.revocation import crl, reason
from vn_edoc.signature import Evidence, TrustStore
from vn_edoc.signature.path import PathResult, validate_path
from vn_edoc.signature.pyhanko_adapter import revocation_data
from vn_edoc.testing import ThrowawayPki
from vn_edoc.testing.recipe import AGENCY_SIGNED, CRL_DAY

_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


def _path(pki: ThrowawayPki, *evidence: bytes, claimed: datetime | None = AGENCY_SIGNED) -> PathResult:
    return validate_path(
        pki["agency"].der,
        [pki["state-ca"].der],
        at=AGENCY_SIGNED,
        claimed=claimed,
        trust=TrustStore([pki["root"].pem]),
        evidence=Evidence.of([crl(pki, issuer="root"), *evidence]),
    )


def _serial(pki: ThrowawayPki) -> int:
    return pki["agency"].certificate.serial_number


def test_threads_that_meet_a_long_list_all_find_the_entry(pki: ThrowawayPki) -> None:
    long = crl(pki, [*((number, None) for number in range(10, 6000)), (_serial(pki), None)])
    answers: list[bool | None] = []

    def ask(start: threading.Barrier) -> None:
        start.wait()
        answers.append(_path(pki, long).trusted)

    for _ in range(2):
        revocation_data.read_list.cache_clear()
        start = threading.Barrier(6)
        threads = [threading.Thread(target=ask, args=(start,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [False] * 12


def test_a_list_is_read_as_its_issuer_wrote_it(pki: ThrowawayPki) -> None:
    entries = [(number, reason("superseded")) for number in (1, 127, 128, 255, 256, 2**159 - 1)]
    raw = crl(pki, entries)
    made = revocation_data.RevocationList(raw)
    native = made.native({128})
    assert native.dump() == raw
    assert [e["user_certificate"].native for e in native["tbs_cert_list"]["revoked_certificates"]] == [128]
    assert sorted(made._entries) == sorted(number for number, _ in entries)


@pytest.mark.parametrize(
    ("extension", "known"),
    [
        (x509.IssuingDistributionPoint(None, None, True, False, None, False, False), True),
        (x509.IssuingDistributionPoint(None, None, False, True, None, False, False), False),
        (x509.IssuingDistributionPoint(None, None, False, False, None, False, True), False),
        (
            x509.IssuingDistributionPoint(
                None, None, False, False, frozenset({x509.ReasonFlags.key_compromise}), False, False
            ),
            False,
        ),
        (x509.DeltaCRLIndicator(1), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), False),
    ],
    ids=["only-users", "only-authorities", "only-attributes", "some-reasons", "delta", "unknown-critical"],
)
def test_a_list_that_is_about_others_proves_nothing(
    pki: ThrowawayPki, extension: x509.ExtensionType, known: bool
) -> None:
    assert _path(pki, crl(pki, extensions=[extension])).revocation_known is known


@pytest.mark.parametrize("signer", ["rogue-ca", "person", "root"])
def test_a_list_under_the_issuer_s_name_by_another_key_proves_nothing(pki: ThrowawayPki, signer: str) -> None:
    path = _path(pki, crl(pki, signed_by=signer), pki["rogue-ca"].der, pki["person"].der)
    assert path.revocation_known is False


def test_a_certificate_restored_before_signing_is_good(pki: ThrowawayPki) -> None:
    hold = crl(pki, [(_serial(pki), reason("certificate_hold"))], at=CRL_DAY - 10 * _DAY)
    assert _path(pki, hold, crl(pki, at=CRL_DAY - _DAY)).revocation_known is True
    assert _path(pki, hold, crl(pki)).revocation_known is False  # restored, but perhaps after signing
    assert _path(pki, hold, crl(pki, at=CRL_DAY - _DAY, signed_by="rogue-ca"), crl(pki)).revocation_known is False


def test_a_revocation_is_for_good_whatever_later_lists_leave_out(pki: ThrowawayPki) -> None:
    for why in (None, reason("key_compromise")):
        named = crl(pki, [(_serial(pki), why)], at=CRL_DAY - 10 * _DAY)
        assert _path(pki, named, crl(pki, at=CRL_DAY - _DAY), crl(pki)).trusted is False


def _answer(pki: ThrowawayPki, at: datetime) -> bytes:
    """An unsigned OCSP response by nobody on the agency's serial number."""
    made = ocsp.OCSPResponse.load(pki.ocsp("agency", CRL_DAY, responder="rogue-agency"))
    basic = ocsp.BasicOCSPResponse.load(made["response_bytes"]["response"].parsed.dump())
    basic["tbs_response_data"]["responses"][0]["this_update"] = at.astimezone(UTC)
    made["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    return bytes(made.dump(force=True))


def test_false_answers_do_not_crowd_out_a_revocation(pki: ThrowawayPki) -> None:
    """The list that names the certificate is out of date at signing; another one is good then."""
    named = crl(pki, [(_serial(pki), None)], at=CRL_DAY - 13 * _DAY)
    false = [_answer(pki, CRL_DAY + n * _DAY) for n in range(40)]
    assert _path(pki, named, crl(pki), *false[:10]).trusted is False
    assert _path(pki, named, crl(pki), *false).revocation_known is False


@pytest.mark.parametrize("year", [1000, 9999])
def test_answers_of_the_ends_of_time_are_left_aside(pki: ThrowawayPki, year: int) -> None:
    path = _path(pki, crl(pki), _answer(pki, datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)))
    assert (path.trusted, path.revocation_known) == (True, True)


def _unknown(critical: bool) -> tuple[x509.UnrecognizedExtension, bool]:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), critical


def test_an_entry_that_nobody_understands_makes_the_list_no_proof(pki: ThrowawayPki) -> None:
    """RFC 5280 5.3: such a list says of no certificate that it is good; whom it names is revoked all the same."""
    other, own = 4711, _serial(pki)
    assert _path(pki, crl(pki, [(other, None)], entry=_unknown(False))).revocation_known is True
    assert _path(pki, crl(pki, [(other, None)], entry=_unknown(True))).revocation_known is False
    assert _path(pki, crl(pki, [(other, None), (own, None)], entry=_unknown(True))).trusted is False
    assert _path(pki, crl(pki, [(own, None)], entry=_unknown(True)), pki.ocsp("agency", CRL_DAY)).trusted is False
    # A list beside it that is well made still proves what it says.
    assert _path(pki, crl(pki, [(other, None)], entry=_unknown(True)), crl(pki)).revocation_known is True


def test_every_known_extension_of_an_entry_may_be_critical(pki: ThrowawayPki) -> None:
    known = x509.InvalidityDate(datetime(2026, 9, 1)), True
    assert _path(pki, crl(pki, [(4711, None)], entry=known)).revocation_known is True


def test_a_complete_list_takes_nobody_off_it(pki: ThrowawayPki) -> None:
    """RFC 5280 5.3.1: removeFromCRL is for delta CRLs alone."""
    removed = crl(pki, [(_serial(pki), reason("remove_from_crl"))])
    assert _path(pki, removed).revocation_known is False
    hold = crl(pki, [(_serial(pki), reason("certificate_hold"))], at=CRL_DAY - 10 * _DAY)
    lifted = crl(pki, [(_serial(pki), reason("remove_from_crl"))], at=CRL_DAY - _DAY)
    assert _path(pki, hold, lifted).trusted is False
    assert _path(pki, hold, crl(pki, [(4711, None)], at=CRL_DAY - _DAY, entry=_unknown(True))).trusted is False


def test_an_indirect_list_with_an_entry_that_nobody_understands_revokes_and_clears_nobody(pki: ThrowawayPki) -> None:
    point = x509.IssuingDistributionPoint(None, None, False, False, None, True, False)
    other, own = 4711, _serial(pki)

    def indirect(entries: list[tuple[int, None]], *, critical: bool) -> bytes:
        return crl(pki, entries, extensions=[point], entry=_unknown(critical))

    assert _path(pki, indirect([(other, None)], critical=False)).revocation_known is True
    assert _path(pki, indirect([(other, None)], critical=True)).revocation_known is False
    for entries in ([(own, None)], [(other, None), (own, None)]):
        assert _path(pki, indirect(entries, critical=True)).trusted is False
        assert _path(pki, indirect(entries, critical=True), crl(pki), pki.ocsp("agency", CRL_DAY)).trusted is False


def test_an_answer_with_an_unreadable_certificate_spoils_no_other(pki: ThrowawayPki) -> None:
    """Its certificates stand outside of what the responder signs, so that anybody can put them in."""
    good = pki.ocsp("agency", AGENCY_SIGNED)
    # The object identifier of a common name swallows its value.
    at = good.rindex(b"\x06\x03\x55\x04\x03\x0c")
    bad = good[: at + 1] + bytes((good[at + 6] + 5,)) + good[at + 2 :]

    def judged(*answers: bytes) -> tuple[bool | None, bool]:
        path = validate_path(
            pki["agency"].der,
            [pki["state-ca"].der],
            at=AGENCY_SIGNED,
            trust=TrustStore([pki["root"].pem]),
            evidence=Evidence(crls=(pki.crl("root", AGENCY_SIGNED),), ocsps=answers),
        )
        return path.trusted, path.revocation_known

    assert judged(good) == judged(bad, good) == judged(good, bad) == (True, True)
    assert judged(bad) == (True, False)
