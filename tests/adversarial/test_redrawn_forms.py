"""A form whose fields readers draw from their values: whoever changes the letters for it changes what is seen."""

from __future__ import annotations

import io

import pytest

from tests.adversarial.pdfs import FONT, stream
from vn_edoc.signature import TrustStore, sign_pdf, verify_pdf
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import ThrowawayPki, draw_document
from vn_edoc.testing.pdffile import Update
from vn_edoc.testing.pdfsign import PdfSigning, sign_sample
from vn_edoc.testing.recipe import CRL_DAY


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


def _form(fields: bytes, need: bool, letters: bytes, font: int) -> bytes:
    wanted = b"/NeedAppearances true" if need else b""
    return b"<< /Fields [ %b ] /SigFlags 3 %b /DA (%b) /DR << /Font << /Helv %d 0 R >> >> >>" % (
        fields, wanted, letters, font,
    )  # fmt: skip


def _document_with_a_field(*, need: bool) -> tuple[bytes, int, int, tuple[int, int]]:
    """A document, and the numbers of its form, its text field and two fonts, of which the form names the first."""
    update = Update(draw_document().pdf)
    page = update.pages()[0]
    font, other = update.add(FONT), update.add(FONT)
    look = update.add(stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b""))
    field = update.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sum) /V (100) /F 4 /Rect [50 50 90 90] /P %d 0 R "
        b"/AP << /N %d 0 R >> >>" % (page, look)
    )
    update.add_annotation(page, field)
    form = update.add(_form(b"%d 0 R" % field, need, b"/Helv 12 Tf 0 g", font))
    update.set(update.root, update.get(update.root)[:-2] + b"/AcroForm %d 0 R >>" % form)
    return update.finish(), form, field, (font, other)


def _changes(pki: ThrowawayPki, *, need: bool, letters: bytes, other_font: bool, font_as: bytes = b"") -> str:
    """The verdict on a signed form whose letters are changed afterwards."""
    pdf, form, field, fonts = _document_with_a_field(need=need)
    # The drawn samples give the field of the signature no place in a form like this one: it is listed by hand.
    signed = sign_sample(pdf, PdfSigning(by="agency", at=CRL_DAY, listed=False), pki)
    later = Update(signed)
    later.set(form, _form(b"%d 0 R" % field, need, letters, fonts[other_font]))
    if font_as:
        later.set(fonts[0], font_as)
    (found,) = verify_pdf(later.finish(), trust=TrustStore([pki["root"].der]), at=CRL_DAY).signatures
    return found.changes


@pytest.mark.parametrize(
    ("letters", "other_font"),
    [(b"/Helv 0.1 Tf 0 g", False), (b"/Helv 12 Tf 1 g", False), (b"/Helv 12 Tf 0 g", True)],
    ids=["tiny", "white", "another font"],
)
def test_letters_of_a_form_that_is_redrawn(pki: ThrowawayPki, letters: bytes, other_font: bool) -> None:
    assert _changes(pki, need=True, letters=letters, other_font=other_font) == "suspicious"


def test_a_font_of_the_form_that_becomes_another(pki: ThrowawayPki) -> None:
    symbols = FONT.replace(b"Helvetica", b"ZapfDingbats")
    letters = b"/Helv 12 Tf 0 g"
    assert _changes(pki, need=True, letters=letters, other_font=False, font_as=symbols) in {"suspicious", "forbidden"}


def test_a_form_that_is_not_changed_or_not_redrawn(pki: ThrowawayPki) -> None:
    assert _changes(pki, need=True, letters=b"/Helv 12 Tf 0 g", other_font=False) == "allowed"
    assert _changes(pki, need=False, letters=b"/Helv 0.1 Tf 0 g", other_font=False) == "allowed"


@pytest.mark.parametrize(("filled", "changes"), [(False, "allowed"), (True, "suspicious")])
def test_a_form_with_a_field_is_signed_twice(pki: ThrowawayPki, filled: bool, changes: str) -> None:
    pdf, _, field, _ = _document_with_a_field(need=False)
    person, agency = (SoftwareSigner(pki[n].key, pki[n].certificate, pki[n].issuers[:-1]) for n in ("person", "agency"))
    once, twice = io.BytesIO(), io.BytesIO()
    sign_pdf(pdf, once, person, signed_at=CRL_DAY, preflight="off")
    between = once.getvalue()
    if filled:
        update = Update(between)
        update.set(field, update.get(field).replace(b"(100)", b"(900)"))
        between = update.finish()
    sign_pdf(between, twice, agency, signed_at=CRL_DAY, preflight="off")
    found = verify_pdf(twice.getvalue(), trust=TrustStore([pki["root"].der]), at=CRL_DAY).signatures
    assert [s.changes for s in found] == [changes, "none"]
