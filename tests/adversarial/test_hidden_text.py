"""Text that is extracted and not seen makes no document worth more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adversarial.judging import judged, report_on
from tests.adversarial.pdfs import FONT, one_page, stream
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.document import draw_attachment
from vn_edoc.testing.pdffile import Update, with_entry
from vn_edoc.testing.pdfsign import sign_sample
from vn_edoc.testing.profiles import CAST
from vn_edoc.testing.recipe import AGENCY_SIGNED, GOOD, Recipe, signed_by
from vn_edoc.validity.page import PageFacts, read_page

pytest.importorskip("pypdfium2")

_MARK = b"BT /F 14 Tf 100 700 Td (SAO Y) Tj ET"
_BODY = b"BT /F 14 Tf 100 500 Td (Noi dung van ban) Tj ET "
_BOX = b"/MediaBox [0 0 595 842]"
_IMAGE = stream(
    b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", b"\xff"
)


def _page(content: bytes, page: bytes = b"", catalogue: bytes = b"", more: dict[int, bytes] | None = None) -> PageFacts:
    resources = (
        b"/Resources << /Font << /F 5 0 R >> /XObject << /I 6 0 R /X 7 0 R >> /Properties << /L 8 0 R >> "
        b"/ExtGState << /Clear << /ca 0.05 >> >> >>"
    )
    objects = {
        4: stream(b"", _BODY + content),
        5: FONT,
        6: _IMAGE,
        7: stream(b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> >>", _MARK),
        8: b"<< /Type /OCG /Name (L) >>",
        **(more or {}),
    }
    found = read_page(one_page(b"/Contents 4 0 R " + resources + page, objects, catalogue))
    assert found is not None
    return found


_LAYER_OFF = b"/OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] /Order [8 0 R] >> >>"


@pytest.mark.parametrize(
    ("content", "page", "catalogue"),
    [
        pytest.param(b"3 Tr " + _MARK, b"", b"", id="invisible"),
        pytest.param(b"q 7 Tr " + _MARK + b" Q", b"", b"", id="clip only"),
        pytest.param(b"1 g " + _MARK, b"", b"", id="white"),
        pytest.param(b"0.97 g " + _MARK, b"", b"", id="nearly white"),
        pytest.param(b"/Clear gs " + _MARK, b"", b"", id="transparent"),
        pytest.param(_MARK.replace(b"14 Tf", b"1 Tf"), b"", b"", id="tiny"),
        pytest.param(_MARK + b" q 300 0 0 100 80 680 cm /I Do Q", b"", b"", id="under an image"),
        pytest.param(_MARK + b" 1 g 80 680 300 100 re f", b"", b"", id="under a rectangle"),
        pytest.param(_MARK, b"/CropBox [0 0 595 600]", b"", id="outside the crop box"),
        pytest.param(_MARK.replace(b"100 700", b"100 2000"), b"", b"", id="outside the page"),
        pytest.param(b"/OC /L BDC " + _MARK + b" EMC", b"", _LAYER_OFF, id="layer off"),
        pytest.param(b"q 0 0 10 10 re W n " + _MARK + b" Q", b"", b"", id="clipped away"),
        pytest.param(b"q 3 Tr /X Do Q", b"", b"", id="invisible in a form"),
        pytest.param(
            b"BT /F 14 Tf 100 700 Td (TAY N) Tj ET 3 Tr " + _MARK, b"", b"", id="invisible over other text"
        ),
        pytest.param(
            b"BT /F 14 Tf 100 400 Td (ban sao y) Tj ET 3 Tr " + _MARK, b"", b"", id="the same words seen elsewhere"
        ),
        pytest.param(
            b"BT /F 14 Tf 100 700 Td (S) Tj 3 Tr (AO Y) Tj ET", b"", b"", id="one letter seen"
        ),
    ],
)  # fmt: skip
def test_a_mark_that_nobody_sees_is_none(content: bytes, page: bytes, catalogue: bytes) -> None:
    found = _page(content, page, catalogue)
    assert (found.copy_mark, found.unseen_mark) in {(None, "SAO Y"), (None, None)}
    assert "Noi dung" in found.text


@pytest.mark.parametrize(
    ("content", "page", "catalogue"),
    [
        pytest.param(_MARK, b"", b"", id="plain"),
        pytest.param(b"1 0 0 rg " + _MARK, b"", b"", id="red"),
        pytest.param(b"/X Do", b"", b"", id="in a form"),
        pytest.param(_MARK, b"/Rotate 90", b"", id="rotated"),
        pytest.param(_MARK, b"/Rotate 270 /CropBox [50 50 500 800]", b"", id="rotated and cropped"),
        pytest.param(_MARK.replace(b"14 Tf", b"7 Tf"), b"", b"", id="small"),
        pytest.param(b"0 g 80 680 300 100 re f 1 g " + _MARK, b"", b"", id="white on black"),
        pytest.param(b"q 300 0 0 100 80 680 cm /I Do Q " + _MARK, b"", b"", id="over an image"),
        pytest.param(b"/OC /L BDC " + _MARK + b" EMC", b"", _LAYER_OFF.replace(b"/OFF", b"/ON"), id="layer on"),
        pytest.param(b"BT /F 14 Tf 100 700 Td (SAO) Tj ( Y) Tj ET", b"", b"", id="in pieces"),
        pytest.param(b"BT /F 14 Tf 0 1 -1 0 300 300 Tm (SAO Y) Tj ET", b"", b"", id="upright"),
    ],
)  # fmt: skip
def test_a_mark_that_is_seen_counts(content: bytes, page: bytes, catalogue: bytes) -> None:
    found = _page(content, page, catalogue)
    assert (found.copy_mark, found.unseen_mark) == ("SAO Y", None)


@pytest.mark.parametrize("entry", [b"/F 2", b"/F 32", b"/F 4 /OC 8 0 R"], ids=["hidden", "no view", "layer off"])
def test_a_mark_in_an_annotation_that_is_not_shown_is_none(entry: bytes) -> None:
    appearance = stream(
        b"/Type /XObject /Subtype /Form /BBox [0 0 200 50] /Resources << /Font << /F 5 0 R >> >>",
        b"BT /F 14 Tf 10 10 Td (SAO Y) Tj ET",
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [100 600 300 650] /AP << /N 10 0 R >> %b >>"
    for given, mark in ((b"/F 4", "SAO Y"), (entry, None)):
        more = {9: field % given, 10: appearance}
        assert _page(b"", b"/Annots [9 0 R]", _LAYER_OFF, more).copy_mark == mark


def _with_text(pdf: bytes, text: bytes, mode: int = 3) -> bytes:
    """A document with more text on page 1, invisible unless another mode is given, put there before anybody signed."""
    update = Update(pdf)
    page = update.pages()[0]
    letter = update.add_stream(b"begincmap 1 beginbfchar <F3> <1ED1> endbfchar endcmap")
    font = update.add(with_entry(FONT, b"/Encoding /WinAnsiEncoding /ToUnicode %d 0 R" % letter))
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F %d 0 R >> >>" % font
    drawn = update.add_stream(b"%d Tr BT /F 12 Tf 100 20 Td (%b) Tj ET" % (mode, text), form)
    stamp = b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [0 0 595 842] /AP << /N %d 0 R >> >>" % drawn
    update.add_annotation(page, update.add(stamp))
    return update.finish()


@pytest.fixture(scope="module")
def builder() -> SampleBuilder:
    made = SampleBuilder()
    plain = (("C", "VN"), ("CN", "LE VAN MAU"), ("UID", "CCCD:000000000099"))
    made.pki.add(replace(CAST["person"], name="person-plain", subject=plain))
    return made


def _agency_alone(builder: SampleBuilder, text: bytes = b"", mode: int = 3, *later: str) -> Recipe:
    """A packet whose only file is an annex that the agency alone signed, with more text on it; then others signed."""
    drawn = draw_attachment()
    pdf = _with_text(drawn.pdf, text, mode)
    pdf = sign_sample(pdf, signed_by("agency", box=drawn.corner, lines=("1286/SNV-VP",)), builder.pki)
    for name in later:
        pdf = sign_sample(pdf, signed_by(name, at=AGENCY_SIGNED + timedelta(minutes=10)), builder.pki)
    return replace(GOOD, drop_document=True, annex=None, more_files=(("Phu luc.pdf", pdf),))


def test_a_hidden_mark_makes_no_copy_of_what_the_agency_alone_signed(builder: SampleBuilder) -> None:
    assert judged(builder.from_recipe(_agency_alone(builder)))[0] == "insufficient"
    assert judged(builder.from_recipe(_agency_alone(builder, b"SAO Y", 0)))[0] == "copy"
    report = report_on(builder.from_recipe(_agency_alone(builder, b"SAO Y")))
    assert report.document is not None
    assert report.document.value == "undetermined"
    assert "lớp chữ ẩn" in " ".join(f.message_vi for f in report.document.reasons)


@pytest.mark.parametrize("text", [b"LE VAN MAU", b"LE VAN) Tj 0 -14 Td (MAU", b"Le Van Mau"])
def test_a_hidden_name_makes_nobody_the_competent_person(builder: SampleBuilder, text: bytes) -> None:
    seen = judged(builder.from_recipe(_agency_alone(builder, text, 0, "person-plain")))
    hidden = judged(builder.from_recipe(_agency_alone(builder, text, 3, "person-plain")))
    assert (seen[0], hidden[0]) == ("original", "undetermined")


@pytest.mark.parametrize(
    ("mode", "first", "value"),
    [
        pytest.param(0, b"BT /F 12 Tf 99 99 Td (Danh sach) Tj ET", "original", id="seen, after another text"),
        pytest.param(3, b"BT /F 12 Tf 99 99 Td (Danh sach) Tj ET", "undetermined", id="hidden"),
        pytest.param(0, b"0 0 99 99 re f", "undetermined", id="seen, after a scan"),
    ],
)
def test_a_number_on_an_annex_does_not_make_it_the_document(
    builder: SampleBuilder, mode: int, first: bytes, value: str
) -> None:
    """The first file, unsigned, may be the document; the second one is signed by both and has the number on it."""
    pdf = _with_text(draw_attachment().pdf, b"S\xf3: 1286/SNV-VP", mode)
    for name in ("person", "agency"):
        pdf = sign_sample(pdf, signed_by(name), builder.pki)
    resources = b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"
    other = one_page(resources, {4: stream(b"", first), 5: FONT})
    recipe = replace(GOOD, drop_document=True, annex=None, more_files=(("a.pdf", other), ("b.pdf", pdf)))
    assert judged(builder.from_recipe(recipe))[0] == value
