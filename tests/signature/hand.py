"""PDFs and their updates written by hand, byte by byte: no library would write what attackers do."""

from __future__ import annotations

import re
import zlib

from tests.signature.test_attacks import minimal

SHOWN = b"BT /F1 24 Tf 72 700 Td (So tien 1 000) Tj ET"
OTHER = b"BT /F1 24 Tf 72 700 Td (So tien 9 999 999) Tj ET"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def page_file(extra_root: bytes = b"", extra_page: bytes = b"", *more: bytes, contents: bytes = b"4 0 R") -> bytes:
    """One page: 1 catalogue, 2 pages, 3 page, 4 content, 5 font, then more objects from 6 on."""
    return minimal(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % extra_root,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents %s /Resources << /Font << /F1 5 0 R >> >> %s >>"
        % (contents, extra_page),
        stream(SHOWN),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        *more,
    )


def last_startxref(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def last_trailer(pdf: bytes, key: bytes) -> bytes:
    return re.findall(rb"/%s\s+(\d+)" % key, pdf)[-1]


def body_of(pdf: bytes, number: int) -> bytes:
    """The last version of an object."""
    return re.findall(rb"(?:^|[\r\n])%d 0 obj\s(.*?)\s*endobj" % number, pdf, re.DOTALL)[-1]


def with_entry(body: bytes, entry: bytes) -> bytes:
    return body[: body.rindex(b">>")] + entry + b" >>"


def update(
    pdf: bytes,
    objects: dict[int, bytes],
    *,
    root: int | None = None,
    size: int | None = None,
    trailer: bytes = b"",
    free: tuple[int, ...] = (),
    table: bool = True,
    previous: int | None = None,
    places: dict[int, int] | None = None,
) -> bytes:
    """An incremental update with a classic table; ``places`` are objects of which only the table tells."""
    out = bytearray(pdf + (b"" if pdf.endswith(b"\n") else b"\n"))
    found = dict(places or {})
    for number, body in objects.items():
        found[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    count = max([*found, *free, int(last_trailer(pdf, b"Size")) - 1]) + 1 if size is None else size
    start = len(out)
    if table:
        out += b"xref\n0 1\n0000000000 65535 f \n"
        for number, place in sorted(found.items()):
            out += b"%d 1\n%010d 00000 n \n" % (number, place)
        for number in free:
            out += b"%d 1\n0000000000 00001 f \n" % number
    else:
        start = last_startxref(pdf)
    top = int(last_trailer(pdf, b"Root")) if root is None else root
    back = last_startxref(pdf) if previous is None else previous
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d %s >>\n" % (count, top, back, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def packed(members: dict[int, bytes]) -> bytes:
    """An object stream."""
    head, body = b"", b""
    for number, value in members.items():
        head += b"%d %d " % (number, len(body))
        body += value + b" "
    data = zlib.compress(head + body)
    return stream(data, b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(members), len(head)))


def packed_file(extra: bytes = b"") -> bytes:
    """The same page with catalogue, pages, page and font in an object stream (6), found by a cross-reference stream."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    members = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % extra,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    }
    for number, body in ((4, stream(SHOWN)), (6, packed(members))):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return cross_reference_stream(bytes(out), places, {n: (6, i) for i, n in enumerate(members)}, 7)


def cross_reference_stream(
    pdf: bytes, places: dict[int, int], inside: dict[int, tuple[int, int]], number: int, extra: bytes = b""
) -> bytes:
    """The file with a cross-reference stream as object ``number`` at its end."""
    start = len(pdf)
    rows = {n: (1, place, 0) for n, place in places.items()} | {n: (2, h, i) for n, (h, i) in inside.items()}
    rows[number] = (1, start, 0)
    if b"/Prev" not in extra:
        rows[0] = (0, 0, 255)
    listed = sorted(rows)
    index = b" ".join(b"%d 1" % n for n in listed)
    data = b"".join(
        bytes((kind,)) + a.to_bytes(4, "big") + b.to_bytes(1, "big") for kind, a, b in (rows[n] for n in listed)
    )
    entries = b"/Type /XRef /Size %d /W [1 4 1] /Index [%s] /Root 1 0 R %s" % (max(number, *listed) + 1, index, extra)
    body = b"%d 0 obj\n%s\nendobj\n" % (number, stream(data, entries))
    return pdf + body + b"startxref\n%d\n%%%%EOF\n" % start
