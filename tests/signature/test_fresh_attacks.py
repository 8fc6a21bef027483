"""More attacks on signed PDFs, written by hand, each a variant of a row of the project's table of attacks that the
code was not written against: none is ever positive. (Rows as in ``test_attacks``.)"""

from __future__ import annotations

import re

import pytest

from tests.signature.hand import (
    OTHER,
    SHOWN,
    body_of,
    cross_reference_stream,
    last_startxref,
    last_trailer,
    packed,
    packed_file,
    page_file,
    stream,
    update,
    with_entry,
)
from tests.signature.test_attacks import assert_not_positive, byte_range, judged, minimal
from tests.signature.test_pdf import made

ROOT, PAGES, PAGE, CONTENT, FONT = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def signed() -> bytes:
    return made(page_file(), "person")


def number_of(pdf: bytes, mark: bytes) -> int:
    """Number of the last object that holds ``mark``."""
    return max(
        int(m[1]) for m in re.finditer(rb"(?:^|[\r\n])(\d+) 0 obj\s((?:(?!endobj).)*)endobj", pdf, re.DOTALL)
        if mark in m[2]
    )  # fmt: skip


def signature_number(pdf: bytes) -> int:
    return number_of(pdf, b"/ByteRange")


def field_number(pdf: bytes) -> int:
    return number_of(pdf, b"/FT")


def assert_changed(pdf: bytes, *allowed: str) -> None:
    found = assert_not_positive(pdf)
    assert found.signatures and all(s.changes in ("forbidden", *allowed) for s in found.signatures), [
        (s.changes, s.findings) for s in found.signatures
    ]


def test_the_files_by_hand_are_good():
    for pdf in (page_file(), packed_file()):
        once = made(pdf, "person")
        assert judged(once).signatures[0].indication == "TOTAL-PASSED"
        first, second = judged(made(once, "agency")).signatures
        assert first.changes == "allowed" and first.indication == second.indication == "TOTAL-PASSED", first.findings


# --- 10: wrapping ---------------------------------------------------------------------------------------------------


def test_signature_dictionary_rewritten_in_an_update(signed):
    """Same value, same range, another dictionary: the reason shown is no longer the signed one."""
    number = signature_number(signed)
    body = with_entry(body_of(signed, number), b"/Reason (doi y)")
    assert_changed(update(signed, {number: body}))
    without = re.sub(rb"/Reference\s*\[.*?\]\s*>>\s*\]", b"", body_of(signed, number), flags=re.DOTALL)
    assert_changed(update(signed, {number: without}))


def test_signature_dictionary_cloned(signed):
    """A second field whose dictionary copies the first one's value and range."""
    field, clone = 90, 91
    form_holder = body_of(signed, field_number(signed))
    objects = {
        clone: body_of(signed, signature_number(signed)),
        field: re.sub(rb"/V \d+ 0 R", b"/V %d 0 R" % clone, form_holder).replace(b"Signature1", b"Signature2"),
    }
    form = number_of(signed, b"/Fields")
    objects[form] = re.sub(rb"(/Fields\s*\[[^\]]*)\]", rb"\1 %d 0 R ]" % field, body_of(signed, form))
    found = assert_not_positive(update(signed, objects))
    assert len(found.signatures) == 2 and all(s.indication == "TOTAL-FAILED" for s in found.signatures)


def test_range_and_value_through_references(signed):
    number = signature_number(signed)
    body = body_of(signed, number)
    value = re.search(rb"<[0-9a-fA-F]{100,}>", body)
    span = re.search(rb"/ByteRange\s*(\[[^\]]*\])", body)
    assert value is not None and span is not None
    changed = body.replace(value[0], b"92 0 R").replace(span[1], b"93 0 R")
    assert_changed(update(signed, {number: changed, 92: value[0], 93: span[1]}), "unknown")


def test_two_ranges_in_one_dictionary(signed):
    """The one that is read first holds; another reader takes the last one."""
    start, end, (_, b, c, d) = byte_range(signed)
    twice = signed[:start] + (b"/ByteRange [0 %d %d %d]/ByteRange[]" % (b, c, d)).ljust(end - start) + signed[end:]
    assert all(s.intact is False for s in assert_not_positive(twice[: len(signed)]).signatures)


# --- 11: incremental saving -----------------------------------------------------------------------------------------

EDITS = {
    "inherited media box": lambda p: {PAGES: body_of(p, PAGES).replace(b"[0 0 595 842]", b"[0 600 595 842]")},
    "crop box": lambda p: {PAGE: with_entry(body_of(p, PAGE), b"/CropBox [0 0 10 10]")},
    "turned page": lambda p: {PAGE: with_entry(body_of(p, PAGE), b"/Rotate 90")},
    "user unit": lambda p: {PAGE: with_entry(body_of(p, PAGE), b"/UserUnit 9")},
    "content stream": lambda p: {CONTENT: stream(OTHER)},
    "font encoding": lambda p: {FONT: with_entry(body_of(p, FONT), b"/Encoding << /Differences [49 /nine] >>")},
    "page replaced": lambda p: {PAGE: body_of(p, PAGE).replace(b"4 0 R", b"80 0 R"), 80: stream(OTHER)},
    "page labels": lambda p: {ROOT: with_entry(body_of(p, ROOT), b"/PageLabels << /Nums [0 << /P (x) >>] >>")},
    "viewer": lambda p: {ROOT: with_entry(body_of(p, ROOT), b"/ViewerPreferences << /HideToolbar true >>")},
    "layers": lambda p: {ROOT: with_entry(body_of(p, ROOT), b"/OCProperties << /OCGs [] /D << >> >>")},
    "outlines": lambda p: {ROOT: with_entry(body_of(p, ROOT), b"/Outlines << /Count 0 >>")},
    "named script": lambda p: {
        ROOT: with_entry(body_of(p, ROOT), b"/Names << /JavaScript << /Names [(a) 80 0 R] >> >>"),
        80: b"<< /S /JavaScript /JS (app.alert(1)) >>",
    },
    "page action": lambda p: {PAGE: with_entry(body_of(p, PAGE), b"/AA << /O << /S /URI /URI (http://x) >> >>")},
    "appearances wanted": lambda p: {
        number_of(p, b"/Fields"): with_entry(body_of(p, number_of(p, b"/Fields")), b"/NeedAppearances true")
    },
    "form by script": lambda p: {
        number_of(p, b"/Fields"): with_entry(body_of(p, number_of(p, b"/Fields")), b"/XFA []")
    },
    "form dropped": lambda p: {ROOT: re.sub(rb"/AcroForm\s*(<<.*?>>|\d+ 0 R)", b"", body_of(p, ROOT), flags=re.S)},
    "fields emptied": lambda p: {number_of(p, b"/Fields"): b"<< /Fields [] >>"},
    "signature image moved": lambda p: {
        field_number(p): re.sub(rb"/Rect\s*\[.*?\]", b"/Rect [0 0 595 842]", body_of(p, field_number(p)), flags=re.S)
    },
    "stamp": lambda p: {
        PAGE: with_entry(body_of(p, PAGE).replace(b"/Annots", b"/Old"), b"/Annots [80 0 R]"),
        80: b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 500 800] /AP << /N 81 0 R >> >>",
        81: stream(OTHER, b"/Type /XObject /Subtype /Form /BBox [0 0 500 800]"),
    },
    "widget of no field": lambda p: {
        PAGE: with_entry(body_of(p, PAGE).replace(b"/Annots", b"/Old"), b"/Annots [80 0 R]"),
        80: b"<< /Type /Annot /Subtype /Widget /Rect [0 0 500 800] /AP << /N 81 0 R >> >>",
        81: stream(OTHER, b"/Type /XObject /Subtype /Form /BBox [0 0 500 800]"),
    },
}


@pytest.mark.parametrize("name", sorted(EDITS))
@pytest.mark.parametrize("certified", [None, 3])
def test_edits(name, certified):
    pdf = made(page_file(), "person", certify=certified)
    assert_changed(update(pdf, EDITS[name](pdf)), "suspicious")


def test_other_catalogue(signed):
    """The trailer points to a new catalogue; no object of the signed file is touched."""
    root = body_of(signed, ROOT).replace(b"/Pages 2 0 R", b"/Pages 81 0 R")
    objects = {80: root, 81: body_of(signed, PAGES).replace(b"3 0 R", b"82 0 R")}
    objects[82] = body_of(signed, PAGE).replace(b"4 0 R", b"83 0 R")
    objects[83] = stream(OTHER)
    assert_changed(update(signed, objects, root=80))
    assert judged(update(signed, {80: body_of(signed, ROOT)}, root=80)).signatures[0].changes == "allowed"


def test_objects_without_a_table(signed):
    """Some readers take the last object of a number that they see, whatever the tables say."""
    assert_changed(update(signed, {CONTENT: stream(OTHER)}, table=False), "suspicious")
    loose = signed + b"4 0 obj\n" + stream(OTHER) + b"\nendobj\n"
    assert_changed(loose, "suspicious")
    assert_changed(loose + signed[signed.rindex(b"trailer") :], "suspicious")


def test_content_set_free(signed):
    assert_changed(update(signed, {}, free=(CONTENT,)))


def test_only_the_trailer_changes(signed):
    """Nothing but another catalogue in the trailer: the page tree of the signed file is no longer the one shown."""
    empty = b"<< /Type /Pages /Kids [] /Count 0 >>"
    pdf = made(page_file(b"", b"", b"<< /Type /Catalog /Pages 7 0 R /AcroForm 9 0 R >>", empty), "person")
    assert number_of(pdf, b"/Fields") == 9
    assert_changed(update(pdf, {}, root=6))


def test_validation_data_only(signed):
    """What is allowed: a document security store, alone."""
    pdf = update(signed, {ROOT: with_entry(body_of(signed, ROOT), b"/DSS 80 0 R"), 80: b"<< /Certs [] >>"})
    (sig,) = judged(pdf).signatures
    assert sig.changes == "allowed" and sig.indication == "TOTAL-PASSED"


def test_validation_data_with_a_passenger(signed):
    """The same, and the page's content besides."""
    objects = {ROOT: with_entry(body_of(signed, ROOT), b"/DSS 80 0 R"), 80: b"<< /Certs [] >>", CONTENT: stream(OTHER)}
    assert_changed(update(signed, objects))


# --- 12: universal forgery ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /adbe.pkcs7.sha1"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /adbe.x509.rsa_sha1"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /ETSI.RFC3161"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /adbe.pkcs7.s4"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b""),
        (rb"/Type\s*/Sig\b", b"/Type /DocTimeStamp"),
        (rb"/ByteRange\s*\[[^\]]*\]", b"/ByteRange null"),
        (rb"/ByteRange\s*\[[^\]]*\]", b"/ByteRange [0 1.5 (x) /y]"),
        (rb"/Contents\s*<[^>]*>", b"/Contents <00>"),
        (rb"/Contents\s*<[^>]*>", b"/Contents null"),
    ],
)
def test_dictionary_of_another_kind(signed, entry):
    number = signature_number(signed)
    body = re.sub(*entry, body_of(signed, number), count=1)
    found = assert_not_positive(update(signed, {number: body}))
    assert all(s.indication == "TOTAL-FAILED" or s.changes != "none" for s in found.signatures)


@pytest.mark.parametrize("value", [b"null", b"(x)", b"<< /Type /Sig >>", b"999 0 R", b"[]"])
def test_field_value_of_another_kind(signed, value):
    number = field_number(signed)
    body = re.sub(rb"/V \d+ 0 R", b"/V " + value, body_of(signed, number))
    assert_not_positive(update(signed, {number: body}))


# --- 13: shadow attacks: prepared before signing, used afterwards -----------------------------------------------------


def test_reference_to_what_is_not_there_yet():
    """The signed page names a second content stream that does not exist; the update only adds an object."""
    pdf = made(page_file(contents=b"[4 0 R 70 0 R]"), "person", preflight="off")
    assert_changed(update(pdf, {70: stream(OTHER)}))
    behind = made(page_file(b"/Names 70 0 R"), "person", preflight="off")
    script = b"<< /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>"
    assert_changed(update(behind, {70: script}))


def test_object_set_free_before_signing_and_used_again():
    base = page_file(contents=b"[4 0 R 6 0 R]")
    freed = update(base, {}, free=(6,), size=7)
    pdf = made(freed, "person", preflight="off")
    assert_changed(update(pdf, {6: stream(OTHER)}))


def test_object_stream_replaced():
    """No object that is told as changed: the stream that holds the page is another one now."""
    pdf = made(packed_file(), "person")
    members = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents 80 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    }
    out = bytearray(pdf)
    places = {}
    for number, body in ((6, packed(members)), (80, stream(OTHER))):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    for inside in ({}, {5: (6, 3)}):
        changed = cross_reference_stream(bytes(out), places, inside, 82, b"/Prev %d" % last_startxref(pdf))
        assert_changed(changed, "unknown")


def test_stream_that_reaches_behind_the_end():
    """The last object of the signed file is a stream whose length points behind the end of the file; what is appended
    becomes its content."""
    base = bytearray(b"%PDF-1.7\n")
    places = {}
    plain = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R 6 0 R] /Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream(SHOWN),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    }
    for number, body in plain.items():
        places[number] = len(base)
        base += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    for length in (b"90000", b"7 0 R"):
        out = bytearray(base)
        table = dict(places)
        table[7] = len(out)
        out += b"7 0 obj\n90000\nendobj\n"
        table[6] = len(out)
        out += b"6 0 obj\n<< /Length %s >>\nstream\n" % length
        start = len(out)
        out += b"xref\n0 8\n0000000000 65535 f \n"
        out += b"".join(b"%010d 00000 n \n" % table[n] for n in range(1, 8))
        out += b"trailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
        pdf = made(bytes(out), "person", preflight="off")
        filled = pdf + b"\n" + OTHER
        stream_start = table[6] + len(b"6 0 obj\n<< /Length %s >>\nstream\n" % length)
        filled += b" " * (stream_start + 90000 - len(filled)) + b"\nendstream\nendobj\n"
        later = made(filled + b"startxref\n%d\n%%%%EOF\n" % last_startxref(pdf), "agency", preflight="off")
        assert judged(later).signatures[0].changes == "forbidden"


def test_place_behind_the_end():
    """The signed table says that an object stands where nothing stands yet."""
    base = page_file(contents=b"[4 0 R 6 0 R]")
    pdf = made(update(base, {}, places={6: 60_000}, size=7), "person", preflight="off")
    object6 = b"6 0 obj\n" + stream(OTHER) + b"\nendobj\n"
    filled = pdf + b"\n" * (60_000 - len(pdf)) + object6
    later = update(filled, {80: b"(x)"}, previous=last_startxref(pdf))
    assert_changed(later)


def test_field_with_another_face_prepared():
    """A field that holds two looks: the update only says which one is shown."""
    look = stream(SHOWN, b"/Type /XObject /Subtype /Form /BBox [0 0 100 20]")
    other = stream(OTHER, b"/Type /XObject /Subtype /Form /BBox [0 0 100 20]")
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Btn /T (so_tien) /V /A /AS /A /Rect [72 600 172 620] "
        b"/AP << /N << /A 7 0 R /B 8 0 R >> >> /P 3 0 R >>"
    )
    base = page_file(b"/AcroForm << /Fields [6 0 R] >>", b"/Annots [6 0 R]", field, look, other)
    pdf = made(base, "person", preflight="off")
    flipped = body_of(pdf, 6).replace(b"/AS /A", b"/AS /B")
    assert_changed(update(pdf, {6: flipped}), "suspicious")
    assert_changed(update(pdf, {6: flipped.replace(b"/V /A", b"/V /B")}), "suspicious")


# --- cross-references: two readers, two files -----------------------------------------------------------------------


def test_hybrid(signed):
    """The table says one thing, the stream beside it another."""
    out = bytearray(signed)
    place = len(out)
    out += b"4 0 obj\n" + stream(OTHER) + b"\nendobj\n"
    start = len(out)
    side = cross_reference_stream(bytes(out), {4: place}, {}, 80)[:]
    side = side[: side.rindex(b"startxref")]
    table = len(side)
    tail = b"xref\n0 0\ntrailer\n<< /Size 81 /Root 1 0 R /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
    assert_changed(side + tail % (last_startxref(signed), start, table), "suspicious")


def test_previous_tables_in_a_loop(signed):
    pdf = update(signed, {80: b"(x)"})
    mine = last_startxref(pdf)
    looped = re.sub(rb"/Prev \d+ (?!.*/Prev)", b"/Prev %d " % mine, pdf, flags=re.DOTALL)
    assert_not_positive(looped)


def test_previous_table_left_out(signed):
    """The update names an older table, or none: the signed revision is cut out of the history."""
    first = last_startxref(page_file())
    objects = {n: body_of(signed, n) for n in range(1, int(last_trailer(signed, b"Size"))) if n != 6}
    assert_not_positive(update(signed, objects | {CONTENT: stream(OTHER)}, previous=first))
    alone = update(signed, objects | {CONTENT: stream(OTHER)})
    assert_not_positive(re.sub(rb"/Prev \d+ (?=[^/]*>>\s*startxref\s+\d+\s+%%EOF\s*$)", b"", alone))


def test_two_trailers(signed):
    start = signed.rindex(b"trailer")
    assert_changed(
        signed + b"trailer\n<< /Size 9 /Root 2 0 R >>\n" + signed[signed.rindex(b"startxref") :], "suspicious"
    )
    assert_changed(signed + signed[start:], "suspicious")


def test_start_of_the_table_nowhere(signed):
    spot = signed.rindex(b"startxref")
    for place in (b"0", b"7", b"99999999", b"-5", b"x"):
        assert_not_positive(signed[:spot] + b"startxref\n" + place + b"\n%%EOF\n")
        assert_not_positive(signed + b"startxref\n" + place + b"\n%%EOF\n")


def test_one_number_twice_in_the_file(signed):
    """A second object 4 stands in the update, and the table tells of another object only."""
    out = signed + b"4 0 obj\n" + stream(OTHER) + b"\nendobj\n"
    assert_changed(update(out, {80: b"(x)"}, previous=last_startxref(signed)))
    same = update(signed, {CONTENT: body_of(signed, CONTENT)})
    assert judged(same).signatures[0].changes in ("allowed", "suspicious", "forbidden")


def test_junk_before_and_after(signed):
    for junk in (b"\n", b"%junk\n", b"\x00" * 100, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"):
        found = assert_not_positive(junk + signed)
        assert all(s.intact is not True for s in found.signatures)
    for junk in (b"A", b"%PDF-1.4\n", b"4 0 obj\n<<>>\nendobj", page_file()):
        found = assert_not_positive(signed + junk)
        assert all(s.changes != "none" for s in found.signatures)


def test_linearised_file_is_signed_and_updated(tmp_path):
    import subprocess

    from tests.signature.tools import need

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(page_file())
    subprocess.run([need("qpdf"), "--linearize", str(source), str(target)], check=True)
    linear = target.read_bytes()
    assert b"/Linearized" in linear
    once = made(linear, "person")
    (sig,) = judged(once).signatures
    assert sig.changes == "none" and sig.indication == "TOTAL-PASSED"
    first, second = judged(made(once, "agency")).signatures
    assert first.changes == "allowed" and first.indication == second.indication == "TOTAL-PASSED"
    changed = update(once, {number_of(once, b"/Type /Font"): b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"},
                     root=int(last_trailer(once, b"Root")))  # fmt: skip
    assert_changed(changed, "suspicious", "unknown")


def test_certification_and_its_permissions_removed():
    pdf = made(page_file(), "person", certify=1)
    root = re.sub(rb"/Perms\s*(<<.*?>>|\d+ 0 R)", b"", body_of(pdf, ROOT), flags=re.DOTALL)
    assert root != body_of(pdf, ROOT)
    assert_changed(update(pdf, {ROOT: root}))


def test_minimal_is_what_it_says():
    assert judged(minimal(b"<< /Type /Catalog >>")).signatures == ()
