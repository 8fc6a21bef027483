"""Octets that chance may write into an honest file: each is forced here, and changes nothing."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from random import Random

import pytest
from asn1crypto import cms, core, parser

from tests.signature.cast import EVIDENCE, TRUST, signer
from tests.signature.hand import last_startxref, packed_file, page_file, stream, update
from tests.signature.honest import write_honest
from tests.signature.test_attacks import minimal
from tests.signature.test_pdf import made
from vn_edoc.limits import Limits
from vn_edoc.signature import verify_cms, verify_pdf
from vn_edoc.signature.cms_build import build
from vn_edoc.signature.der import distinguished
from vn_edoc.signature.pyhanko_adapter.appended import odd_segments
from vn_edoc.signature.pyhanko_adapter.bounded import BoundedReader
from vn_edoc.signature.pyhanko_adapter.document import PdfDocument
from vn_edoc.signature.pyhanko_adapter.hidden import hidden_content
from vn_edoc.signature.pyhanko_adapter.unlisted import last_unlisted

WINDOW = 1 << 20


def outcome(result) -> tuple:
    return (
        str(result.indication), str(result.sub_indication), str(result.changes), str(result.level),
        sorted({f.rule for f in result.findings}),
    )  # fmt: skip


# --- a word of PDF within a text, at the end of what is read at once


def with_pages_at(shift: int) -> bytes:
    """A page tree with the word "stream" in a text; the window that is read from the first object ends ``shift`` octets
    behind the start of the tree."""
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /PieceInfo << /X (of a stream that ends far behind) >> >>"
    head = b"1 0 obj\n<< /Length %07d >>\nstream\n"
    tail = b"\nendstream\nendobj\n" + b"2 0 obj\n"
    size = WINDOW - shift - len(head % 0) - len(tail)
    filling = b"<< /Length %07d >>\nstream\n%s\nendstream" % (size, bytes(size))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"
    return minimal(filling, tree, page, b"<< /Type /Catalog /Pages 2 0 R >>", root=4)


@pytest.mark.parametrize("shift", [0, 20, 65, 70, 75, 80, 95, 120, 300])
def test_where_a_window_ends(shift):
    assert not BoundedReader(io.BytesIO(with_pages_at(shift)), Limits()).references().doubtful


def test_where_a_window_ends_in_a_file_signed_twice():
    judged = []
    for shift in (75, 4_000):
        pdf = made(made(with_pages_at(shift), "person"), "agency")
        judged.append([outcome(s) for s in verify_pdf(pdf, trust=TRUST, evidence=EVIDENCE).signatures])
    assert judged[0] == judged[1]
    assert judged[0][0][:3] == ("TOTAL-PASSED", "None", "allowed")


def test_numbers_on_both_sides_of_a_text():
    """With the text taken out they would be one number, and the reference lost."""
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R /Odd 3 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"[5(a)4 0 R 5<61>5 0 R]",
        b"(x)",
        b"(y)",
    )
    found = BoundedReader(io.BytesIO(pdf), Limits()).references()
    assert found.leading_to([4]) == found.leading_to([5]) == {3, 1}


@pytest.mark.parametrize(
    ("note", "plain"),
    [
        (b"%% Page 1\n", True),
        (b"%% Object stream: object 3, index 1; original object ID: 6\r\n", True),
        (b"% endobj\n", False),
        (b"% 5 0 obj\n", False),
        (b"% xref\n", False),
        (b"% /Contents 5 0 R\n", False),
        (b"% a\r/X 1\n", False),
        ("% trang đầu\n".encode(), False),
    ],
)
def test_comments_that_all_readers_end_alike(note, plain):
    alone = minimal(
        b"<< /Type /Catalog /Pages 2 0 R /X 3 0 R >>",
        b"<< /Type /Pages /Kids [] %s/Count 0 /More [ 3 0 R %s] >>" % (note, note),
        b"(x)",
    )
    inside = packed_file(b"/More [ 4 0 R %s] " % note)
    for pdf in (alone, inside):
        document = PdfDocument(io.BytesIO(pdf), Limits())
        assert bool(document.reader.references().doubtful) is not plain
        assert bool(odd_segments(document, [9], lambda: False)) is not plain


# --- before signing: what shows text


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"(a) Tj", True),
        (b"[(a) 5]TJ", True),
        (b"<61>'", True),
        (b'0 0 (a) %b\n"', True),
        (b"/A << /ActualText (it's here) >> BDC", False),
        (b"BI /W 1 /H 9 ID a'b Tj \"c EI", False),
        (b"/X'Y gs", False),
    ],
)
def test_what_shows_text(content, shown):
    resources = b"<< /XObject << /I 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % resources
    pdf = minimal(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(content + b"\nq 595 0 0 842 0 0 cm /I Do Q"),
        stream(
            b"\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        ),
    )
    document = PdfDocument(io.BytesIO(pdf), Limits())
    document.walk_pages()
    assert (("overlay", 1) in hidden_content(document)) is shown


# --- what no cross-reference leads to


def test_a_trailer_too_many_does_not_hide_an_object_behind_it():
    before = page_file()
    pdf = update(before + b"trailer\n<< /A 1 >>\n", {6: b"(a)"})
    behind = b"9 0 obj\n(x)\nendobj\nstartxref\n%d\n%%%%EOF\n" % last_startxref(pdf)
    assert last_unlisted(PdfDocument(io.BytesIO(pdf + behind), Limits()), len(before)) == len(pdf)


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_octets_before_the_header_are_told(before):
    """Whether places count from the file's first octet or from its header is read in both ways (ISO 32000-1, 7.5.4;
    ISO 32000-2, 7.5.2): nothing is concluded."""
    signed = made(page_file(), "person")
    found = verify_pdf(before + signed, trust=TRUST, evidence=EVIDENCE)
    (said,) = found.findings
    assert not found.signatures and said.rule == "pdf.unreadable"
    assert f"{len(before)} octets" in said.message_en and f"{len(before)} byte" in said.message_vi


# --- files of many writers


def test_honest_files_of_many_writers():
    for seed in range(60):
        pdf = write_honest(Random(seed))
        document = PdfDocument(io.BytesIO(pdf), Limits())
        references = document.reader.references()
        assert not references.doubtful and not references.opaque, seed
        start = pdf.index(b"1.7") + 4
        assert odd_segments(document, [start], lambda: False) == {}, seed
        assert last_unlisted(document, start) is None, seed


# --- CMS: lengths that need not be as long, octets in pieces


def longer(value: bytes, more: int) -> bytes:
    """A value whose own length is written in more octets than it needs, and so for all within."""
    _, constructed, _, head, content, _ = parser.parse(value)
    if constructed:
        parts, at = [], 0
        while at < len(content):
            size = parser.peek(content[at:])
            parts.append(longer(content[at : at + size], more))
            at += size
        content = b"".join(parts)
    width = max(1, (len(content).bit_length() + 7) // 8) + more
    return head[:1] + bytes((0x80 | width,)) + len(content).to_bytes(width, "big") + content


def in_pieces(content: bytes, size: int) -> bytes:
    parts = b"".join(bytes(core.OctetString(content[i : i + size]).dump()) for i in range(0, len(content), size))
    return b"\x24\x82" + len(parts).to_bytes(2, "big") + parts


CONTENT = "Quyết định số 12/QĐ-UBND".encode()


def attached(content: bytes = CONTENT) -> bytes:
    info = build(hashlib.sha256(content).digest(), signer("person"), content=content, signing_time=datetime.now(UTC))
    return bytes(info.dump())


def judged(der: bytes, content: bytes | None = None):
    (found,) = verify_cms(der, content, trust=TRUST, evidence=EVIDENCE).signatures
    return found


@pytest.mark.parametrize("more", [0, 1, 2])
def test_signed_attributes_with_long_lengths(more):
    der = attached()
    attributes = cms.ContentInfo.load(der)["content"]["signer_infos"][0]["signed_attrs"].dump()
    written = longer(attributes, more)
    assert distinguished(b"\x31" + written[1:]) == b"\x31" + attributes[1:]
    assert outcome(judged(replaced(der, attributes, written))) == outcome(judged(der))


@pytest.mark.parametrize("size", [1, 5, 1_000])
@pytest.mark.parametrize("what", ["content", "value"])
def test_octets_in_pieces_of_definite_length(what, size):
    der = attached()
    data = cms.ContentInfo.load(der)["content"]
    value = data["encap_content_info"]["content"] if what == "content" else data["signer_infos"][0]["signature"]
    whole = bytes(core.OctetString(value.native).dump())
    changed = replaced(der, whole, in_pieces(value.native, size))
    assert outcome(judged(changed)) == outcome(judged(der))
    assert verify_cms(changed).attached
    wrong = replaced(der, whole, in_pieces(value.native[:-1] + bytes((value.native[-1] ^ 1,)), size))
    assert judged(wrong).indication == "TOTAL-FAILED"


def replaced(der: bytes, old: bytes, new: bytes) -> bytes:
    """A value within another replaced, the lengths of what holds it corrected."""
    if der == old:
        return new
    _, constructed, _, head, content, _ = parser.parse(der)
    parts, at = [], 0
    while constructed and at < len(content):
        size = parser.peek(content[at:])
        part = content[at : at + size]
        parts.append(replaced(part, old, new) if old in part else part)
        at += size
    inside = b"".join(parts) if constructed else content
    width = max(1, (len(inside).bit_length() + 7) // 8)
    length = bytes((len(inside),)) if len(inside) < 128 else bytes((0x80 | width,)) + len(inside).to_bytes(width, "big")
    return head[:1] + length + inside


# --- CMS without signed attributes: a text that begins as a SET does


def bare(content: bytes) -> bytes:
    """A SignedData without signed attributes."""
    data = cms.ContentInfo.load(attached(content))
    signing = data["content"]["signer_infos"][0]
    fields = {name: signing[name] for name in ("version", "sid", "digest_algorithm", "signature_algorithm")}
    value = signer("person").sign(content)
    data["content"]["signer_infos"] = [cms.SignerInfo({**fields, "signature": value})]
    return bytes(data.dump(force=True))


@pytest.mark.parametrize(
    "content", [b"10".ljust(50, b"."), b"1N" + bytes(78), b"1\x03\x30\x01a", b"12".ljust(51, b".")]
)
def test_a_text_that_is_a_set_by_chance(content):
    assert outcome(judged(bare(content))) == outcome(judged(bare(b"A" + content)))


def test_signed_attributes_given_out_as_content():
    other = cms.ContentInfo.load(attached())["content"]["signer_infos"][0]
    attributes = b"\x31" + other["signed_attrs"].dump()[1:]
    found = judged(bare(attributes))
    assert found.indication == "TOTAL-FAILED" and "cms.structure" in {f.rule for f in found.findings}
