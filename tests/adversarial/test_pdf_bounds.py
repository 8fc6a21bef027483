"""PDFs of a few kilobytes that would keep a reader or renderer busy for hours, or fill the memory."""

from __future__ import annotations

import zlib

import pytest

from tests.adversarial.pdfs import FONT, one_page, stream
from vn_edoc import verify
from vn_edoc.validity.page import read_page

_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"


def _nested_forms(depth: int, times: int) -> bytes:
    objects = {
        4: stream(b"", b"/X Do"),
        5: FONT,
        10 + depth: stream(_FORM + b" /Resources << /Font << /F 5 0 R >> >>", b"BT /F 10 Tf (x) Tj ET"),
    }
    for i in range(depth):
        resources = b" /Resources << /XObject << /X %d 0 R >> >>" % (11 + i)
        objects[10 + i] = stream(_FORM + resources, b"/#58 Do " * times)
    return one_page(b"/Contents 4 0 R /Resources << /XObject << /X 10 0 R >> >>", objects)


def _page_of(content: bytes) -> bytes:
    packed = stream(b"/Filter /FlateDecode", zlib.compress(content, 9))
    return one_page(b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>", {4: packed, 5: FONT})


def _field_lattice(levels: int) -> bytes:
    """Every field is the child of two: two to the power of the levels are the ways down."""
    objects = {}
    for i in range(levels):
        kids = b"[%d 0 R %d 0 R]" % (12 + 2 * i, 13 + 2 * i)
        for j in (0, 1):
            objects[10 + 2 * i + j] = b"<< /T (%d) /Kids %s >>" % (j, kids)
    objects[10 + 2 * levels] = objects[11 + 2 * levels] = b"<< /T (z) /FT /Tx >>"
    return one_page(b"", objects, b"/AcroForm << /Fields [10 0 R 11 0 R] >>")


def _claiming_objects(index: bytes, widths: bytes) -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    entries = b"/Type /XRef /W [%s] /Index [%s] /Size 9 /Root 1 0 R /Filter /FlateDecode" % (widths, index)
    section = stream(entries, zlib.compress(b"\x01\x00\x00\x00\x09\x00"))
    return head + b"5 0 obj\n" + section + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)


def test_modest_nesting_is_still_drawn() -> None:
    page = read_page(_nested_forms(3, 2))
    assert page is not None
    assert "x" in page.text


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_nested_forms(10, 10), id="nested-forms"),
        pytest.param(_page_of(b"q 0 0 1 rg 0 0 9 9 re f Q " * 2_000_000), id="long-content"),
        pytest.param(_page_of(b"BT /F 10 Tf " + b"(xxxxxxxxxxxxxxxxxx) Tj " * 300_000 + b"ET"), id="long-text"),
    ],
)
def test_a_page_that_costs_too_much_is_not_drawn(content: bytes) -> None:
    assert read_page(content) is None
    report = verify(content)
    assert report.document is not None
    assert report.document.value == "insufficient"


def test_fields_that_are_no_tree_are_not_walked_over() -> None:
    report = verify(_field_lattice(60))
    assert {"R04", "pdf.limit"} <= {f.rule for f in report.findings}


@pytest.mark.parametrize(
    ("index", "widths"),
    [
        (b"0 100000000", b"1 4 1"),
        (b"0 1000000000000", b"0 0 0"),
        (b"0 900000000000 900000000000 -900000000000", b"0 0 0"),
    ],
)
def test_cross_references_to_more_objects_than_allowed_are_refused(index: bytes, widths: bytes) -> None:
    report = verify(_claiming_objects(index, widths))
    assert [f.rule for f in report.findings] == ["pdf.unreadable"]
