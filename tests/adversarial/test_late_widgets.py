"""A later signature may be drawn in many places: all together must not cover what was signed before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pytest

from vn_edoc.signature import Evidence, TrustStore, verify_pdf
from vn_edoc.testing import ThrowawayPki, draw_document
from vn_edoc.testing.cms import signed_data
from vn_edoc.testing.pdffile import Update, with_entry
from vn_edoc.testing.pdfsign import PdfSigning, _fill, _signature, sign_sample
from vn_edoc.testing.recipe import CRL_DAY

_ROOM = 12_288
_WHOLE, _SMALL = b"[0 0 595 842]", b"[50 50 90 90]"


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


@cache
def _drawn() -> bytes:
    return draw_document().pdf


def _signed(pki: ThrowawayPki, pdf: bytes) -> bytes:
    return sign_sample(pdf, PdfSigning(by="agency", at=CRL_DAY), pki)


def _signed_again(pki: ThrowawayPki, pdf: bytes, *boxes: bytes, name: bytes = b"Late") -> bytes:
    """A further signature, by the person, whose field stands in each of ``boxes``."""
    update = Update(pdf)
    signature = _signature(update, b"/Sig", b"/ETSI.CAdES.detached", [b"/M (D:20261015120000+07'00')"], _ROOM)
    black = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
    look = b"/AP << /N %d 0 R >>" % update.add_stream(b"0 g 0 0 9 9 re f", black)
    page = update.pages()[0]
    common = b"/Type /Annot /Subtype /Widget /F 132 /P %d 0 R %b" % (page, look)
    field = update.add()
    widgets = [field] if len(boxes) == 1 else [update.add() for _ in boxes]
    about = b"/FT /Sig /T (%b) /V %d 0 R" % (name, signature)
    if len(boxes) == 1:
        update.set(field, b"<< %b %b /Rect %b >>" % (about, common, boxes[0]))
    else:
        update.set(field, b"<< %b /Kids [ %b ] >>" % (about, b" ".join(b"%d 0 R" % w for w in widgets)))
        for widget, box in zip(widgets, boxes, strict=True):
            update.set(widget, b"<< /Parent %d 0 R %b /Rect %b >>" % (field, common, box))
    for widget in widgets:
        update.add_annotation(page, widget)
    update.add_field(field)
    person = pki["person"]

    def seal(covered: bytes) -> bytes:
        embed = [person.der, *person.issuers_der]
        return signed_data(covered, key=person.key, certificate=person.der, embed=embed)

    return _fill(update.finish(), _ROOM, seal)


def _first(pki: ThrowawayPki, pdf: bytes) -> tuple[str, str]:
    evidence = Evidence(crls=(pki.crl("root", CRL_DAY), pki.crl("state-ca", CRL_DAY)))
    found = verify_pdf(pdf, trust=TrustStore([pki["root"].der]), evidence=evidence, at=CRL_DAY).signatures[0]
    return found.changes, found.indication


@pytest.mark.parametrize(
    "boxes",
    [
        [_WHOLE],
        [b"[595 842 0 0]"],
        [b"[0 0 595 842 1]"],
        [_SMALL, _WHOLE],
        [b"[0 0 0 0]", _WHOLE],
        [*[_SMALL] * 12, _WHOLE],
        [b"[0 %d 595 %d]" % (n * 60, n * 60 + 60) for n in range(6)],
    ],
    ids=["one", "turned round", "five numbers", "second", "after an empty one", "thirteenth", "strips"],
)
def test_a_cover_over_the_page_is_found_wherever_it_stands(pki: ThrowawayPki, boxes: Sequence[bytes]) -> None:
    pdf = _signed_again(pki, _signed(pki, _drawn()), *boxes)
    assert _first(pki, pdf) == ("suspicious", "INDETERMINATE")


def test_a_page_of_which_little_is_shown_is_covered_by_little(pki: ThrowawayPki) -> None:
    update = Update(_drawn())
    page = update.pages()[0]
    large = re.sub(rb"/MediaBox\s*\[[^]]*\]", b"/MediaBox [0 0 5950 8420]", update.get(page))
    update.set(page, with_entry(large, b"/CropBox [0 0 595 842]"))
    assert _first(pki, _signed_again(pki, _signed(pki, update.finish()), _WHOLE)) == ("suspicious", "INDETERMINATE")


def test_several_signatures_cover_a_page_together(pki: ThrowawayPki) -> None:
    pdf = _signed(pki, _drawn())
    for number in range(4):
        pdf = _signed_again(pki, pdf, b"[0 %d 595 %d]" % (number * 120, number * 120 + 110), name=b"L%d" % number)
    assert _first(pki, pdf) == ("suspicious", "INDETERMINATE")


def test_small_images_of_later_signers_are_usual(pki: ThrowawayPki) -> None:
    pdf = _signed_again(pki, _signed(pki, _drawn()), _SMALL)
    pdf = _signed_again(pki, pdf, b"[200 50 300 120]", b"[400 50 500 120]", name=b"Another")
    assert _first(pki, pdf) == ("allowed", "TOTAL-PASSED")
