"""Document security stores that lie, or hold junk beside what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache

import pytest

from tests.adversarial.pdfs import stream
from vn_edoc.findings import VIETNAM
from vn_edoc.signature import TrustStore, verify_pdf
from vn_edoc.signature.result import SignatureResult
from vn_edoc.testing import ThrowawayPki, draw_document
from vn_edoc.testing.pdffile import Update, with_entry
from vn_edoc.testing.pdfsign import PdfSigning, sign_sample, stamp_document
from vn_edoc.testing.recipe import CRL_DAY

_FAR = CRL_DAY.replace(year=2040, tzinfo=VIETNAM)
_SIGNED = CRL_DAY - timedelta(hours=1)
Made = Callable[[ThrowawayPki], bytes]


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


@cache
def _drawn() -> bytes:
    return draw_document().pdf


def _lists(pki: ThrowawayPki) -> list[bytes]:
    return [pki.crl("root", CRL_DAY), pki.crl("state-ca", CRL_DAY)]


def _with_store(
    pki: ThrowawayPki,
    *,
    crls: Iterable[bytes] = (),
    ocsps: Iterable[bytes] = (),
    more: bytes = b"",
    stamped: bool = True,
) -> bytes:
    """A signed document that had its store before it was signed, as some writers do."""
    update = Update(_drawn())
    lists = []
    for key, items in ((b"CRLs", crls), (b"OCSPs", ocsps)):
        numbers = b" ".join(b"%d 0 R" % update.add(stream(b"", item)) for item in items)
        lists.append(b"/%b [ %b ]" % (key, numbers))
    store = update.add(b"<< /Type /DSS %b %b >>" % (b" ".join(lists), more))
    update.set(update.root, with_entry(update.get(update.root), b"/DSS %d 0 R" % store))
    signing = PdfSigning(by="agency", at=_SIGNED, stamp_after=timedelta(seconds=3) if stamped else None)
    return sign_sample(update.finish(), signing, pki)


def _judged(pki: ThrowawayPki, pdf: bytes, at: object = CRL_DAY) -> SignatureResult:
    (found,) = verify_pdf(pdf, trust=TrustStore([pki["root"].der]), at=at).signatures  # type: ignore[arg-type]
    return found


_STORES: dict[str, Made] = {
    "VRI of nothing": lambda pki: _with_store(
        pki, crls=_lists(pki), more=b"/VRI << /%b << /CRL [] >> >>" % (b"AB" * 20)
    ),
    "VRI no dictionary": lambda pki: _with_store(pki, crls=_lists(pki), more=b"/VRI 7"),
    "VRI to nowhere": lambda pki: _with_store(pki, crls=_lists(pki), more=b"/VRI << /AB << /CRL [ 999 0 R ] >> >>"),
    "junk beside": lambda pki: _with_store(pki, crls=[b"junk", *_lists(pki), b""]),
    "junk OCSP": lambda pki: _with_store(pki, crls=_lists(pki), ocsps=[b"\x30\x03\x0a\x01\x00", b"x"]),
    "certificates no list": lambda pki: _with_store(pki, crls=_lists(pki), more=b"/Certs << /A 1 >>"),
    "references to nowhere": lambda pki: _with_store(pki, crls=_lists(pki), more=b"/Certs [ 998 0 R null 5 (x) ]"),
}


@pytest.mark.parametrize("name", _STORES)
def test_what_is_true_counts_beside_junk(pki: ThrowawayPki, name: str) -> None:
    assert _judged(pki, _STORES[name](pki)).indication == "TOTAL-PASSED"


_LIES: dict[str, Made] = {
    "nothing": lambda pki: _with_store(pki),
    "answer by a stranger": lambda pki: _with_store(
        pki, crls=_lists(pki)[:1], ocsps=[pki.ocsp("agency", CRL_DAY, responder="person")]
    ),
    "answer by another CA's responder": lambda pki: _with_store(
        pki, crls=_lists(pki)[:1], ocsps=[pki.ocsp("agency", CRL_DAY, responder="public-ocsp")]
    ),
    "answer that is over": lambda pki: _with_store(
        pki, crls=_lists(pki)[:1], ocsps=[pki.ocsp("agency", CRL_DAY - timedelta(days=9))]
    ),
    "answer about another": lambda pki: _with_store(pki, crls=_lists(pki)[:1], ocsps=[pki.ocsp("person", CRL_DAY)]),
    "list by the signer": lambda pki: _with_store(
        pki, crls=[_lists(pki)[0], pki.crl("state-ca", CRL_DAY, signed_by="agency")]
    ),
    "list of another CA": lambda pki: _with_store(pki, crls=[_lists(pki)[0], pki.crl("public-ca", CRL_DAY)]),
    "list that is over": lambda pki: _with_store(
        pki, crls=[_lists(pki)[0], pki.crl("state-ca", CRL_DAY - timedelta(days=30))]
    ),
}


@pytest.mark.parametrize("name", _LIES)
def test_a_store_that_lies_proves_nothing(pki: ThrowawayPki, name: str) -> None:
    found = _judged(pki, _LIES[name](pki))
    assert (found.indication, found.sub_indication) == ("INDETERMINATE", "TRY_LATER")
    assert "R19" in {f.rule for f in found.findings}


def test_a_revocation_in_the_store_counts_beside_junk(pki: ThrowawayPki) -> None:
    revoking = pki.crl("state-ca", CRL_DAY, revoked={"agency": _SIGNED - timedelta(days=1)})
    found = _judged(pki, _with_store(pki, crls=[b"junk", _lists(pki)[0], revoking]))
    assert (found.indication, found.sub_indication) == ("TOTAL-FAILED", "REVOKED")


def test_after_the_end_of_the_certificate(pki: ThrowawayPki) -> None:
    assert _judged(pki, _with_store(pki, crls=_lists(pki)), _FAR).indication == "TOTAL-PASSED"
    bare = _with_store(pki, crls=_lists(pki), stamped=False)
    assert _judged(pki, bare, _FAR).sub_indication == "OUT_OF_BOUNDS_NO_POE"
    # A stamp over the document before it was signed, and one by somebody who is no authority, prove nothing.
    early = sign_sample(
        stamp_document(_drawn(), CRL_DAY - timedelta(days=100), pki),
        PdfSigning(by="agency", at=_SIGNED, stamp_after=None),
        pki,
    )
    assert _judged(pki, early, _FAR).proven_at is None
    assert _judged(pki, stamp_document(bare, CRL_DAY, pki, tsa="agency"), _FAR).proven_at is None
    assert _judged(pki, stamp_document(bare, CRL_DAY, pki), _FAR).proven_at is not None
