"""Updates that our reader takes for nothing and another reader for a change of the page.

Every update here turns the first page upside down, or shows something else on it, in PDFium or some other reader.
"""

from __future__ import annotations

import re
import zlib
from functools import cache

import pytest

from tests.adversarial.pdfs import stream
from vn_edoc.signature import Evidence, TrustStore, verify_pdf
from vn_edoc.signature.pyhanko_adapter.grammar import Odd, read_value
from vn_edoc.testing import ThrowawayPki, draw_document
from vn_edoc.testing.pdffile import Update, with_entry
from vn_edoc.testing.pdfsign import PdfSigning, add_evidence, sign_sample, stamp_document
from vn_edoc.testing.recipe import CRL_DAY


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


@pytest.fixture(scope="module")
def signed(pki: ThrowawayPki) -> bytes:
    return _signed(pki, _drawn())


@cache
def _drawn() -> bytes:
    return draw_document().pdf


def _signed(pki: ThrowawayPki, pdf: bytes) -> bytes:
    return sign_sample(pdf, PdfSigning(by="agency", at=CRL_DAY), pki)


def _judged(pki: ThrowawayPki, pdf: bytes) -> tuple[str, str]:
    evidence = Evidence(crls=(pki.crl("root", CRL_DAY), pki.crl("state-ca", CRL_DAY)))
    found = verify_pdf(pdf, trust=TrustStore([pki["root"].der]), evidence=evidence, at=CRL_DAY)
    if not found.readable:
        return "unreadable", "none"
    return found.signatures[0].changes, found.signatures[0].indication


def _page(pdf: bytes) -> tuple[int, bytes]:
    update = Update(pdf)
    number = update.pages()[0]
    return number, update.get(number)


_NEW_PAGES = {
    "second value": lambda page: page[:-2] + b"/Rotate 180 >>",
    "second value by another spelling": lambda page: page[:-2] + b"/Rotat#65 180 >>",
    "second value between zero octets": lambda page: page[:-2] + b"/Rotate\x00180\x00>>",
    "comment that ends at a carriage return": lambda page: page[:-2] + b"%x\r/Rotate 180 %y\n>>",
    "bracket and a word": lambda page: page[:-2] + b">x /Rotate 180 >>",
    "single bracket": lambda page: page[:-2] + b"> /Rotate 180 >>",
    "second dictionary": lambda page: page + b" << /Rotate 180 >>",
    "second content": lambda page: page[:-2] + b"/Contents 1 0 R >>",
    "nested second value": lambda page: page.replace(b"/ProcSet", b"/ProcSet [/PDF] /ProcSet", 1),
    "keyword": lambda page: page[:-2] + b"/X nothing /Rotate 180 >>",
}


@pytest.mark.parametrize("name", _NEW_PAGES)
def test_a_page_that_readers_read_differently(pki: ThrowawayPki, signed: bytes, name: str) -> None:
    number, page = _page(signed)
    update = Update(signed)
    update.set(number, _NEW_PAGES[name](page))
    changes, indication = _judged(pki, update.finish())
    assert changes not in {"none", "allowed"}
    assert indication != "TOTAL-PASSED"


def _appended(pdf: bytes, objects: bytes, table: bytes, trailer: bytes = b"") -> bytes:
    update = Update(pdf)
    start = len(pdf) + len(objects)
    return (
        pdf + objects + table
        + b"trailer\n<< /Size 99 /Root %d 0 R /Prev %d %b >>\nstartxref\n%d\n%%%%EOF\n"
        % (update.root, update._previous, trailer, start)
    )  # fmt: skip


def test_tables_and_trailers_that_readers_read_differently(pki: ThrowawayPki, signed: bytes) -> None:
    number, page = _page(signed)
    there = signed.rindex(b"\n%d 0 obj" % number) + 1
    again = b"%010d 00000 n \n" % there
    other = b"%d 0 obj\n%b\nendobj\n" % (number, page.replace(b"/Rotate 0", b"/Rotate 180"))
    turned = b"%010d 00000 n \n" % len(signed)
    root = Update(signed).root
    cases = {
        "two entries": (other, b"xref\n%d 1\n%b%d 1\n%b" % (number, again, number, turned), b""),
        "two entries, turned": (other, b"xref\n%d 1\n%b%d 1\n%b" % (number, turned, number, again), b""),
        "two roots": (b"", b"xref\n%d 1\n%b" % (number, again), b"/Root %d 0 R" % root),
        "comment in the trailer": (b"", b"xref\n%d 1\n%b" % (number, again), b"%x\r/Root 1 0 R %\n"),
        "short entries": (b"", b"xref\n%d 1\n%b" % (number, again.replace(b" 00000 ", b" 0 ")), b""),
        "words between": (b"hello\n", b"xref\n%d 1\n%b" % (number, again), b""),
    }
    for name, (objects, table, trailer) in cases.items():
        assert _judged(pki, _appended(signed, objects, table, trailer))[1] != "TOTAL-PASSED", name
    plain = _appended(signed, b"", b"xref\n%d 1\n%b" % (number, again))
    assert _judged(pki, plain) == ("allowed", "TOTAL-PASSED")
    # As MuPDF writes it.
    assert _judged(pki, plain.replace(again + b"trailer", again + b"\ntrailer")) == ("allowed", "TOTAL-PASSED")


def _packed(pdf: bytes, members: bytes, first: int, count: int, rows: list[tuple[int, int, int, int]],
            index: bytes, more: bytes = b"", again: bytes = b"") -> bytes:  # fmt: skip
    """An update by an object stream, number 90, and a cross-reference stream, number 91."""
    update = Update(pdf)
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode %b" % (count, first, more)
    holder = b"90 0 obj\n%b\nendobj\n" % stream(entries, zlib.compress(members))
    place = len(pdf) + len(holder)
    listed = {**{row[0]: row[1:] for row in rows}, 90: (1, len(pdf), 0), 91: (1, place, 0)}
    data = b"".join(bytes([k]) + a.to_bytes(4, "big") + bytes([b]) for _, (k, a, b) in sorted(listed.items())) + again
    xref = b"/Type /XRef /Size 99 /W [1 4 1] /Index %b /Root %d 0 R /Prev %d" % (index, update.root, update._previous)
    return pdf + holder + b"91 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(xref, data), place)


def test_object_streams_that_readers_read_differently(pki: ThrowawayPki, signed: bytes) -> None:
    number, page = _page(signed)
    turned = page.replace(b"/Rotate 0", b"/Rotate 180")
    row = [(number, 2, 90, 0)]
    index = b"[%d 1 90 2]" % number
    head = b"%d 0 " % number
    plain = _packed(signed, head + page, len(head), 1, row, index)
    assert _judged(pki, plain) == ("allowed", "TOTAL-PASSED")
    twice = b"%d 0 %d %d " % (number, number, len(page) + 1)
    cases = {
        "second value": (head + page[:-2] + b"/Rotate 180 >>", len(head), 1),
        "comment": (head + page[:-2] + b"%x\r/Rotate 180 %\n>>", len(head), 1),
        "second dictionary": (head + page + b" " + turned, len(head), 1),
        "number twice": (twice + page + b" " + turned, len(twice), 2),
        "comment in the head": (head + b"%x\r" + page, len(head) + 3, 1),
    }
    for name, (members, first, count) in cases.items():
        assert _judged(pki, _packed(signed, members, first, count, row, index))[1] != "TOTAL-PASSED", name
    second = bytes([2]) + (90).to_bytes(4, "big") + bytes([1])
    both = _packed(
        signed, twice + page + b" " + turned, len(twice), 2, row, b"[%d 1 90 2 %d 1]" % (number, number), again=second
    )
    assert _judged(pki, both)[1] != "TOTAL-PASSED"
    double = _packed(signed, head + page, len(head), 1, row, b"[%d 1 90 2 %d 1]" % (number, number), again=second)
    assert _judged(pki, double)[1] != "TOTAL-PASSED"
    lengthy = _packed(signed, head + page, len(head), 1, row, index, b"/DL 7 /DL 8")
    assert _judged(pki, lengthy)[1] != "TOTAL-PASSED"


@pytest.mark.parametrize(
    "hidden",
    [b"/Contents %d 0 R", b"%%x\r/Contents %d 0 R %%y\n", b">x /Contents %d 0 R"],
    ids=["second value", "comment", "bracket"],
)
def test_what_a_prepared_page_shows_elsewhere_is_not_changed_later(pki: ThrowawayPki, hidden: bytes) -> None:
    """The page has two contents when it is signed; afterwards the one that our reader does not see is replaced."""
    update = Update(_drawn())
    number = update.pages()[0]
    content = int(re.findall(rb"/Contents (\d+) 0 R", update.get(number))[0])
    second = update.add(update.get(content))
    update.set(number, update.get(number)[:-2] + hidden % second + b">>")
    signed = _signed(pki, update.finish())
    assert _judged(pki, signed)[0] == "none"
    later = Update(signed)
    later.set(second, stream(b"", b"BT ET"))
    assert _judged(pki, later.finish())[1] != "TOTAL-PASSED"


def test_updates_in_plain_form_are_what_they_were(pki: ThrowawayPki, signed: bytes) -> None:
    pdf = add_evidence(signed, certificates=[pki["state-ca"].der], crls=[pki.crl("state-ca", CRL_DAY)])
    pdf = stamp_document(pdf, CRL_DAY, pki)
    assert _judged(pki, pdf) == ("allowed", "TOTAL-PASSED")
    commented = pdf.replace(b"startxref", b"%made by some library\r\nstartxref")
    tail = commented[len(pdf) :]
    assert tail
    update = Update(signed)
    update.set(update.root, with_entry(update.get(update.root), b"/Version /1.7"))
    last = update.finish()
    place = last.rindex(b"startxref")
    assert _judged(pki, last[:place] + b"%a library, 1.0\r\n" + last[place:])[1] == "TOTAL-PASSED"


@pytest.mark.parametrize(
    "text",
    [b"[1 R]", b"<< /A 1 /A 2 >>", b"<< /A /#41 /#41 1 >>", b"[1 0 R 2", b"(a(b)", b"<4Z>", b"--1", b"1e5",
     b"<< 1 2 >>", b"<< /A >>", b"[ >> ]", b"%c\r1", b"%<<\n1", b"%%EOF\n1", b"%PDF-1.7\n1", b"%1 0 obj\n1",
     b"tru", b"nullx", b"[" * 99 + b"]" * 99, b"", b"R", b"<<"],
)  # fmt: skip
def test_what_is_not_plain(text: bytes) -> None:
    with pytest.raises(Odd):
        read_value(text, 0)


@pytest.mark.parametrize(
    "text",
    [b"<</A 1/B[1 0 R 2]/C(x\\)(y)\\()/D<</E<41 4>>>>>", b"/", b"-.5", b"+1.", b"\n12 0 R", b"[null true/false]", b"<>",
     b"(\x80%/<<)", b"%c\n1", b"<< /A#20B /C#2FD >>", b"[[][<<>>]()]", b"<< /P 5 0 R /S /P >>"],
)  # fmt: skip
def test_what_is_plain(text: bytes) -> None:
    assert read_value(text + b"\nendobj", 0).end == len(text)
