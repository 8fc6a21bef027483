"""The ways on which objects are reached: those pyHanko finds, found without reading everything."""

from __future__ import annotations

import io
import time

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from tests.signature.cast import document
from tests.signature.test_attacks import minimal
from tests.signature.test_pdf import made
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_pdf
from vn_edoc.signature.pyhanko_adapter.bounded import BoundedReader


def known_ways(pdf: bytes, revision: int):
    """By pyHanko, which reads everything."""
    resolver = HistoricalResolver(PdfFileReader(io.BytesIO(pdf), strict=False), revision)
    resolver._load_reverse_xref_cache()
    return {ref: paths for ref, paths in resolver._indirect_object_access_cache.items() if paths}


def assert_same_ways(pdf: bytes) -> int:
    reader = BoundedReader(io.BytesIO(pdf), Limits())
    compared = 0
    for revision in range(reader.xrefs.total_revisions):
        expected = known_ways(pdf, revision)
        resolver = reader.get_historical_resolver(revision)
        for ref, paths in expected.items():
            assert resolver.usages(generic.Reference(ref.idnum, ref.generation)) == paths, (revision, ref)
            compared += 1
        together = BoundedReader(io.BytesIO(pdf), Limits()).get_historical_resolver(revision)
        together.seek_ways(expected)
        assert {ref: together.usages(ref) for ref in expected} == expected
    return compared


def test_own_files():
    pdf = made(made(made(document().pdf, "person", "B-LTA"), "agency", certify=None), "deputy", form="adbe")
    assert assert_same_ways(pdf) > 50


def test_files_of_others(shared):
    files = sorted((shared / "signed").glob("*.pdf"))
    compared = sum(assert_same_ways(path.read_bytes()) for path in files if path.stat().st_size < 4_000_000)
    assert compared > 50


ODD = [
    b"<< /A (endobj stream 5 0 R \\) \\( ) /B 5 0 R >>",
    b"<< /A <656e646f626a> % endobj 4 0 R\n /B 5 0 R >>",
    b"[ (a (b (c (d endobj 4 0 R) ) ) ) 5 0 R ]",
    b"<< /A /endobj /B 5 0 R >>",
    b"<</A<</B[5 0 R]>>/C(>>)>>",
    b"<< /S << /T [ [ 5 0 R ] ] >> /Parent 4 0 R >>",
    b"<< /Length 6 /X 5 0 R >>\nstream\n4 0 R \nendstream",
    b"<< /Length 4 0 R /X 5 0 R >>\nstream\n4 0 R \nendstream",
]


@pytest.mark.parametrize("body", ODD)
def test_odd_objects(body):
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R /Odd 3 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", body, b"6", b"(x)"
    )
    assert assert_same_ways(pdf) >= 3


def test_an_object_that_hides_its_end_from_another():
    """The table says that object 4 starts within a text of object 3; what follows the text still belongs to 3."""
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R /Odd 3 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /A (x endobj\n4 0 obj\n(y) endobj\n) /B 5 0 R >>",
        b"(z)",
        b"(five)",
    )
    inner = pdf.index(b"4 0 obj")
    outer = pdf.rindex(b"4 0 obj")
    pdf = pdf.replace(b"%010d 00000 n" % outer, b"%010d 00000 n" % inner)
    resolver = BoundedReader(io.BytesIO(pdf), Limits()).get_historical_resolver(0)
    assert {str(way) for way in resolver.usages(generic.Reference(5, 0))} == {".Root.Odd.B"}


def shared_twice(depth: int) -> bytes:
    """Each object names the next one twice: 2**depth ways to the last, which is the first page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R /Deep 4 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
    objects += [b"[%d 0 R %d 0 R]" % (n, n) for n in range(5, 4 + depth)]
    return minimal(*objects, b"[3 0 R 3 0 R]")


def test_many_ways_end_in_time():
    """pyHanko would follow 2**60 ways."""
    pdf = made(made(shared_twice(60), "person"), "agency")
    started = time.monotonic()
    first, second = verify_pdf(pdf).signatures
    assert time.monotonic() - started < 60
    assert first.changes == "unknown" and second.changes == "none"
    assert first.intact is True and second.intact is True


def test_long_lists_are_followed():
    """An outline of 1,200 entries, each of which names the next one: pyHanko gives up for want of recursion."""
    count = 1200
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /First 5 0 R /Last %d 0 R >>" % (4 + count),
    ]
    for n in range(5, 5 + count):
        following = b"/Next %d 0 R" % (n + 1) if n < 4 + count else b""
        objects.append(b"<< /Parent 4 0 R %s /Dest [3 0 R /Fit] >>" % following)
    pdf = made(made(minimal(*objects), "person"), "agency")
    first, second = verify_pdf(pdf).signatures
    assert first.changes == "allowed" and second.changes == "none", first.findings


def test_references_are_counted_once_for_many_signatures(monkeypatch):
    from vn_edoc.signature.pyhanko_adapter.references import References

    made_of = []
    begin = References.__init__
    monkeypatch.setattr(References, "__init__", lambda self, *a: (made_of.append(1), begin(self, *a))[1])
    pdf = document().pdf
    for name in ("person", "agency", "deputy"):
        pdf = made(pdf, name)
    assert len(verify_pdf(pdf).signatures) == 3 and made_of == [1]


def test_update_by_pyhanko_is_still_read():
    pdf = made(document().pdf, "person")
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("x")}))
    writer.write(out)
    assert verify_pdf(out.getvalue()).signatures[0].changes == "allowed"
