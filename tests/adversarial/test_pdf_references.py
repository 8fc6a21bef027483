"""Any value of a PDF may stand behind a reference, and some writers put all of them there."""

from __future__ import annotations

import io

import pytest

from tests.adversarial.pdfs import pdf
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.signature import verify_pdf
from vn_edoc.signature.pyhanko_adapter.document import PdfDocument
from vn_edoc.signature.pyhanko_adapter.hidden import _first_text

_EVERYTHING_BEHIND_REFERENCES = pdf(
    {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Names 11 0 R /OCProperties 14 0 R /OpenAction 16 0 R >>",
        2: b"<< /Type /Pages /Kids 5 0 R /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox 4 0 R /Annots 7 0 R >>",
        4: b"[0 0 595 842]",
        5: b"[3 0 R]",
        6: b"<< /Fields 8 0 R >>",
        7: b"[9 0 R]",
        8: b"[9 0 R]",
        9: b"<< /Type /Annot /Subtype 18 0 R /FT 19 0 R /T (Cover) /Rect 10 0 R /V 20 0 R /P 3 0 R >>",
        10: b"[0 0 21 0 R 842]",
        11: b"<< /JavaScript 12 0 R /EmbeddedFiles 12 0 R >>",
        12: b"<< /Names [] >>",
        14: b"<< /OCGs 13 0 R /D 15 0 R >>",
        13: b"[12 0 R]",
        15: b"<< /OFF 13 0 R >>",
        16: b"<< /S 17 0 R /F (x) >>",
        17: b"/Launch",
        18: b"/Widget",
        19: b"/Sig",
        20: b"<< /Type /Sig /SubFilter 22 0 R /ByteRange [0 9 19 9] /Contents <00> >>",
        21: b"595",
        22: b"/ETSI.CAdES.detached",
    }
)


def test_pages_and_the_place_of_a_signature_are_found() -> None:
    document = PdfDocument(io.BytesIO(_EVERYTHING_BEHIND_REFERENCES), DEFAULT_LIMITS)
    entries, empty = document.signatures()
    assert (len(document.pages), document.pages_complete, empty) == (1, True, [])
    [entry] = entries
    assert (entry.page, entry.box, entry.subfilter) == (1, (0, 0, 595, 842), "ETSI.CAdES.detached")
    assert entry.places == [(1, 1.0)]  # a cover over the whole page: what came before it is in doubt


def test_active_and_hidden_content_is_found() -> None:
    [found] = [f for f in verify_pdf(_EVERYTHING_BEHIND_REFERENCES).findings if f.rule == "R80"]
    assert set(found.data["kinds"]) == {"javascript", "embedded_file", "hidden_layer", "launch"}


@pytest.mark.parametrize(
    ("content", "end"),
    [
        (b"(a) Tj x", 6),
        (b"(a]%) Tj\n0 g", 8),
        (b"(a)%c\r %d\n[(b)]TJ", 17),
        (b"(a]%) %c\n\x00%)\rTj ", 15),
        (b"(a) Tjx (b]%c) Tj'", None),
        (b"]%" * 200_000, None),
        (b"]" + b"%]\n" * 200_000, None),
        (b"]%" * 200_000 + b"\n'", 400_002),
    ],
)
def test_the_first_text_is_found_in_one_pass(content: bytes, end: int | None) -> None:
    assert _first_text(content) == end
