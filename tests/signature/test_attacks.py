"""Attacks on signed PDFs, each made here: never positive, never an exception, never a word on stderr.

Numbers are the rows of the project's table of attacks: 10 wrapping, 11 incremental saving, 12 universal forgery,
13 shadow and certification attacks, 14 ranges and CMS, 15 resource exhaustion, 16 active content, 19 weak algorithms,
20 time-stamps, 21 revocation, 22 key substitution.
"""

from __future__ import annotations

import io
import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signature.cast import EVIDENCE, PKI, TRUST, Stamper, document, signer
from tests.signature.test_pdf import made
from vn_edoc.errors import SigningError
from vn_edoc.limits import Limits
from vn_edoc.signature import Appearance, Evidence, TrustStore, preflight_pdf, sign_pdf, verify_pdf
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import ThrowawayPki


def judged(pdf: bytes, **options):
    options.setdefault("trust", TRUST)
    options.setdefault("evidence", EVIDENCE)
    return verify_pdf(pdf, **options)


def assert_not_positive(pdf: bytes, **options):
    found = judged(pdf, **options)
    for sig in found.signatures:
        assert sig.indication != "TOTAL-PASSED", (sig.name, sig.changes, sig.findings)
    return found


@pytest.fixture(scope="module")
def signed() -> bytes:
    return made(document().pdf, "person")


@pytest.fixture(scope="module")
def twice(signed) -> bytes:
    return made(signed, "agency")


def updated(pdf: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def made_unchecked(name: str) -> bytes:
    """Signed although our own checks refuse the certificate, as other software would."""
    from vn_edoc.signature.cms_build import build
    from vn_edoc.signature.pyhanko_adapter.writer import Placement, embed_signature

    out = io.BytesIO()

    def make(digest: bytes) -> bytes:
        return build(digest, signer(name)).dump()

    where = Placement("Signature1", signed_at=datetime.now(UTC))
    embed_signature(io.BytesIO(document().pdf), out, where, "sha256", 8192, make, None, Limits())
    return out.getvalue()


def byte_range(pdf: bytes, number: int = -1) -> tuple[int, int, tuple[int, ...]]:
    """Where the n-th ByteRange stands, and its numbers."""
    match = list(re.finditer(rb"/ByteRange\s*\[([\d\s]+)\]\s*", pdf))[number]
    return match.start(), match.end(), tuple(int(n) for n in match[1].split())


def with_range(pdf: bytes, numbers: str) -> bytes:
    start, end, _ = byte_range(pdf)
    text = f"/ByteRange [{numbers}]".encode()
    return pdf[:start] + text.ljust(end - start) + pdf[end:] if len(text) <= end - start else pdf


# --- 10, 12, 14: ranges, wrapping, forgery ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbers",
    ["", "0", "0 100", "0 0 0 0", "0 100 100 0", "5 {b} {c} {d}", "0 {b} {b1} {d}", "0 {b} {c} 99999999",
     "0 {b_less} {c} {d}", "0 {b} {c_more} {d_less}", "0 {b} {c} {d_less}", "-1 {b} {c} {d}", "0 {b} {c} {d} 0 0"],
)  # fmt: skip
def test_byte_ranges(signed, numbers):
    _, _, (_, b, c, d) = byte_range(signed)
    forged = with_range(signed, numbers.format(b=b, c=c, d=d, b1=b + 1, b_less=b - 40, c_more=c + 40, d_less=d - 40))
    assert forged != signed or numbers == "0 {b} {c} {d}"
    found = assert_not_positive(forged)
    assert all(s.intact is not True for s in found.signatures) and found.signatures


@pytest.mark.parametrize("what", [b"/ByteRange", b"/Contents"])
def test_universal_forgery_missing_keys(signed, what):
    spot = signed.rindex(what)
    forged = signed[:spot] + b"/" + b"X" * (len(what) - 1) + signed[spot + len(what) :]
    found = assert_not_positive(forged)
    assert all(s.intact is not True for s in found.signatures)


@pytest.mark.parametrize("value", [b"<>", b"<00>", b"null", b"(x)", b"<3080>"])
def test_universal_forgery_contents(signed, value):
    _, _, (_, b, c, _) = byte_range(signed)
    forged = signed[:b] + value.ljust(c - b) + signed[c:]
    found = assert_not_positive(forged)
    assert all(s.intact is not True for s in found.signatures)


def test_wrapping_moves_the_signed_part(signed):
    """The signed second part is moved to the end and new objects put in between; ByteRange still points at it."""
    _, _, (_, b, c, d) = byte_range(signed)
    injected = b"\n9999 0 obj\n<< /Type /Page >>\nendobj\n" + b" " * 64
    forged = signed[:c] + injected + signed[c:]
    forged = with_range(forged, f"0 {b} {c + len(injected)} {d}")
    found = assert_not_positive(forged)
    assert all(s.intact is not True for s in found.signatures)


def test_signature_of_one_file_put_in_another(signed):
    other = made(document().pdf, "person", reason="khác")
    _, _, (_, b, c, _) = byte_range(signed)
    _, _, (_, b2, c2, _) = byte_range(other)
    forged = other[:b2] + signed[b:c].ljust(c2 - b2)[: c2 - b2] + other[c2:]
    assert all(s.intact is not True for s in assert_not_positive(forged).signatures)


def test_range_that_leaves_the_tail_uncovered(signed):
    for tail in (b"\n% tail", b"\n5 0 obj\n<<>>\nendobj\n", b"A" * 4000, b"\nstartxref\n0\n%%EOF\n"):
        found = assert_not_positive(signed + tail)
        assert all(s.changes != "none" for s in found.signatures), tail
    assert judged(signed + b"\n\n").signatures[0].changes == "none"


# --- 11: incremental saving -------------------------------------------------------------------------------------


def _add_content(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"BT /F1 40 Tf 100 500 Td (9 000 000 000) Tj ET")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(stream)])
    writer.update_container(page)


def _delete_page(writer):
    pages = writer.root["/Pages"]
    pages["/Count"] = generic.NumberObject(0)
    pages["/Kids"] = generic.ArrayObject()
    writer.update_container(pages)


def _add_page(writer):
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Parent"): writer.root.raw_get("/Pages")}
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def _new_pages(writer):
    empty = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Kids"): generic.ArrayObject()})
    writer.root["/Pages"] = writer.add_object(empty)
    writer.update_root()


def _annotation(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (50, 50, 500, 800)]),
            pdf_name("/Contents"): generic.TextStringObject("đã sửa"),
        }
    )
    notes = list(page.get("/Annots") or ())
    page["/Annots"] = generic.ArrayObject([*notes, writer.add_object(note)])
    writer.update_container(page)


def _open_action(writer):
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("app.alert(1)")}
    )
    writer.update_root()


def _replace_font(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    fonts = page["/Resources"]["/Font"]
    name = next(iter(fonts))
    font = fonts[name]
    font["/BaseFont"] = pdf_name("/Helvetica")
    writer.update_container(font)


@pytest.mark.parametrize(
    "change", [_add_content, _delete_page, _add_page, _new_pages, _annotation, _open_action, _replace_font]
)
@pytest.mark.parametrize("certified", [None, 2, 3])
def test_edited_after_signing(change, certified):
    pdf = updated(made(document().pdf, "person", certify=certified), change)
    found = assert_not_positive(pdf)
    (sig,) = found.signatures
    assert sig.intact is True and sig.changes == "forbidden" and sig.indication == "TOTAL-FAILED"
    assert {"R11", "R12"} & {f.rule for f in sig.findings}


def test_edit_between_two_signatures(signed):
    """The agency signs an edited document: its own signature covers the edit, the leader's does not."""
    pdf = made(updated(signed, _add_content), "agency", preflight="off")
    leader, agency = judged(pdf).signatures
    assert leader.changes == "forbidden" and leader.indication == "TOTAL-FAILED"
    assert agency.changes == "none" and agency.indication == "TOTAL-PASSED"


def test_change_undone_by_a_later_revision_is_still_seen(signed):
    pdf = updated(signed, _add_content)

    def undo(writer):
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Contents"] = page["/Contents"].raw_get(0)
        writer.update_container(page)

    (sig,) = assert_not_positive(updated(pdf, undo)).signatures
    assert sig.changes == "forbidden"


# --- 13: shadow and certification attacks ------------------------------------------------------------------------


def with_text_field(pdf: bytes, shown: bytes = b"BT (1 000) Tj ET") -> bytes:
    def change(writer):
        form = generic.StreamObject(
            dict_data={
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 100, 20)]),
            },
            stream_data=shown,
        )
        field = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): generic.TextStringObject("so_tien"),
                pdf_name("/V"): generic.TextStringObject("1 000"),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 200, 120)]),
                pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)}),
            }
        )
        reference = writer.add_object(field)
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Annots"] = generic.ArrayObject([reference])
        writer.root["/AcroForm"] = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
        writer.update_container(page)
        writer.update_root()

    return updated(pdf, change)


def _field(writer):
    return writer.root["/AcroForm"]["/Fields"][0].get_object()


def _fill(writer):
    field = _field(writer)
    field["/V"] = generic.TextStringObject("9 000 000")
    writer.update_container(field)


def _swap_look(writer):
    """Shadow replace: the value stays, what is shown changes."""
    field = _field(writer)
    look = generic.StreamObject(dict_data=dict(field["/AP"]["/N"].items()), stream_data=b"BT (9 000 000) Tj ET")
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
    writer.update_container(field)


def _swap_look_in_place(writer):
    look = _field(writer)["/AP"]["/N"]
    look._data = look._encoded_data = b"BT (9 000 000) Tj ET"
    writer.update_container(look)


@pytest.mark.parametrize("change", [_fill, _swap_look, _swap_look_in_place])
@pytest.mark.parametrize("certified", [None, 2])
def test_shadow_replace_by_form_field(change, certified):
    base = with_text_field(document().pdf)
    pdf = updated(made(base, "person", certify=certified, preflight="off"), change)
    (sig,) = assert_not_positive(pdf).signatures
    assert sig.changes in ("suspicious", "forbidden")


def test_filling_together_with_a_second_signature_is_seen():
    base = made(with_text_field(document().pdf), "person", preflight="off")
    pdf = made(updated(base, _fill), "agency", preflight="off")
    leader, agency = judged(pdf).signatures
    assert leader.changes == "suspicious" and leader.indication == "INDETERMINATE"
    assert agency.indication == "TOTAL-PASSED"


def test_locked_field_may_not_change():
    base = made(with_text_field(document().pdf), "person", preflight="off", lock=("so_tien",))
    (sig,) = judged(updated(base, _fill)).signatures
    assert sig.changes == "forbidden" and "R12" in {f.rule for f in sig.findings}


def test_no_changes_certification_forbids_a_second_signature():
    base = made(document().pdf, "person", certify=1)
    pdf = made(base, "agency")
    leader, _ = judged(pdf).signatures
    assert leader.changes == "forbidden" and leader.indication == "TOTAL-FAILED"


def test_sneaky_signature_that_covers_the_page(signed):
    pdf = made(signed, "rogue-agency", appearance=Appearance(box=(0, 0, 595, 842), lines=("GIẢ",)))
    leader, rogue = judged(pdf).signatures
    assert leader.changes == "suspicious" and leader.indication == "INDETERMINATE"
    assert rogue.trusted is False and rogue.indication != "TOTAL-PASSED"


def test_sneaky_signature_of_a_stranger_however_small(signed):
    """Its own key, a box just over the amount: the page shows something else than what the leader signed."""
    pdf = made(signed, "rogue-agency", appearance=Appearance(box=(200, 500, 260, 515), lines=("9 tỷ",)))
    leader, rogue = judged(pdf).signatures
    assert leader.changes == "suspicious" and leader.indication == "INDETERMINATE"
    assert rogue.trusted is False
    good = made(signed, "agency", appearance=Appearance(box=(200, 500, 260, 515), lines=("12/BC",)))
    assert [s.indication for s in judged(good).signatures] == ["TOTAL-PASSED"] * 2
    invisible = made(signed, "rogue-agency")
    assert judged(invisible).signatures[0].indication == "TOTAL-PASSED"


def test_preflight_refuses_what_could_change_its_look():
    cases = {
        "field": with_text_field(document().pdf),
        "script": updated(document().pdf, _open_action),
        "layer": updated(document().pdf, _hidden_layer),
    }
    for name, pdf in cases.items():
        assert preflight_pdf(pdf), name
        out = io.BytesIO()
        with pytest.raises(SigningError):
            sign_pdf(pdf, out, signer("person"))
        assert not out.getvalue()
    assert not preflight_pdf(document().pdf)


def _hidden_layer(writer):
    layer = writer.add_object(
        generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.TextStringObject("x")}
        )
    )
    writer.root["/OCProperties"] = generic.DictionaryObject(
        {
            pdf_name("/OCGs"): generic.ArrayObject([layer]),
            pdf_name("/D"): generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([layer])}),
        }
    )
    writer.update_root()


# --- 15: resources; 16: active content ----------------------------------------------------------------------------


def minimal(*objects: bytes, root: int = 1, extra: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (len(objects) + 1, root, extra)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % xref


def bomb(size: int) -> bytes:
    body = zlib.compress(b"\x00" * size, 9)
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(body), body,
    )  # fmt: skip


HOSTILE = {
    "page tree loop": minimal(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"),
    "root loop": minimal(b"1 0 R"),
    "form loop": minimal(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /T (a) /Kids [3 0 R] /Parent 3 0 R >>",
    ),
    "value loop": minimal(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /T (a) /FT /Sig /V 3 0 R >>",
    ),
    "bomb": minimal(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        bomb(200_000_000),
    ),
    "deep arrays": minimal(b"<< /Type /Catalog /Pages " + b"[" * 5000 + b"]" * 5000 + b" >>"),
    "prev loop": minimal(b"<< /Type /Catalog >>", extra=b"/Prev 9"),
    "empty": b"",
    "header only": b"%PDF-1.7\n",
    "truncated": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog",
    "huge startxref": b"%PDF-1.4\nstartxref\n99999999999999999999\n%%EOF",
    "signature of wrong types": minimal(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /T (a) /FT /Sig /V 4 0 R >>",
        b"<< /Type /Sig /ByteRange (x) /Contents [1 2] /SubFilter 7 /M [] /Reason 5 /Reference 9 >>",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_end_in_findings(name, capfd):
    limits = Limits(pdf_stream_bytes=8 * 1024 * 1024)
    found = assert_not_positive(HOSTILE[name], limits=limits)
    assert all(s.intact is not True for s in found.signatures)
    assert capfd.readouterr() == ("", "")


def test_ten_thousand_signatures_are_counted_not_verified():
    fields = b" ".join(b"%d 0 R" % (n + 3) for n in range(10_000))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [" + fields + b"] >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
    ]
    objects += [b"<< /T (f%d) /FT /Sig /V %d 0 R >>" % (n, n + 10_003) for n in range(10_000)]
    objects += [b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <3000> >>"] * 10_000
    found = judged(minimal(*objects))
    assert len(found.signatures) == Limits().signatures
    assert "pdf.limit" in {f.rule for f in found.findings}


def test_active_content_is_told(signed):
    pdf = updated(document().pdf, _open_action)
    found = judged(made(pdf, "person", preflight="off"))
    told = [f for f in found.findings if f.rule == "R80"]
    assert told and told[0].data["kinds"] == {"javascript": 1}


# --- 19 to 21: algorithms, time-stamps, revocation ----------------------------------------------------------------


def test_weak_keys_and_chains():
    with pytest.raises(SigningError):
        sign_pdf(document().pdf, io.BytesIO(), signer("agency-rsa1024"))
    weak = made_unchecked("agency-rsa1024")
    (sig,) = judged(weak).signatures
    assert sig.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE" and "R21" in {f.rule for f in sig.findings}
    (sig,) = judged(made(document().pdf, "agency-sha1")).signatures
    assert "R22" in {f.rule for f in sig.findings}


def test_time_stamp_copied_from_another_signature(signed):
    stamped = made(document().pdf, "person", "B-T")
    assert judged(stamped).signatures[0].proven_at is not None

    class Copied:
        def stamp(self, imprint, digest="sha256"):
            return PKI.timestamp(b"\x00" * 32, algorithm=digest)

    (sig,) = judged(made(document().pdf, "person", "B-T", timestamper=Copied())).signatures
    assert sig.proven_at is None and sig.indication != "TOTAL-PASSED"


def test_document_time_stamp_proves_only_what_it_covers():
    pdf = made(document().pdf, "person", "B-LTA")
    later = made(pdf, "agency")
    first, second = judged(later).signatures
    assert first.proven_at is not None and second.proven_at is None


def test_revocation_told_by_the_wrong_people():
    pdf = made(document().pdf, "person")
    cases = {
        "forged list": Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca", signed_by="rogue-ca"))),
        "no list": Evidence(),
        "stale list": Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca", _days_ago(60)))),
        "forged ocsp": Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person", responder="rogue-ca"),)),
        "signer answers": Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person", responder="person"),)),
        "other ca answers": Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person", responder="public-ocsp"),)),
        "unknown": Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person", status="unknown"),)),
    }
    for name, evidence in cases.items():
        (sig,) = judged(pdf, evidence=evidence).signatures
        assert sig.indication == "INDETERMINATE" and sig.sub_indication == "TRY_LATER", name
        assert "R19" in {f.rule for f in sig.findings}, name
    good = Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person"),))
    assert judged(pdf, evidence=good).signatures[0].indication == "TOTAL-PASSED"
    bad = Evidence(crls=(PKI.crl("root"),), ocsps=(PKI.ocsp("person", status="revoked"),))
    assert judged(pdf, evidence=bad).signatures[0].indication != "TOTAL-PASSED"


def _days_ago(days: int):
    return datetime.now(UTC) - timedelta(days=days)


def test_expired_signer_needs_proof():
    """A PKI of 2019: the person's certificate ended in 2024, the time-stamp of 2021 keeps the signature alive."""
    pki = ThrowawayPki(epoch=datetime(2019, 1, 1, tzinfo=UTC))
    then = datetime(2021, 6, 1, tzinfo=UTC)
    options = {
        "trust": TrustStore([pki["root"].der]),
        "evidence": Evidence(crls=(pki.crl("root", then), pki.crl("state-ca", then))),
    }
    person = SoftwareSigner(pki["person"].key, pki["person"].certificate, pki["person"].issuers[:-1])

    class Then:
        def stamp(self, imprint, digest="sha256"):
            return pki.timestamp(imprint, then, algorithm=digest)

    bare, stamped = io.BytesIO(), io.BytesIO()
    sign_pdf(document().pdf, bare, person, signed_at=then)
    sign_pdf(document().pdf, stamped, person, "B-T", signed_at=then, timestamper=Then())
    (sig,) = judged(bare.getvalue(), **options).signatures
    assert sig.trusted is None and sig.sub_indication == "OUT_OF_BOUNDS_NO_POE"
    assert {"R82", "path.claimed_time"} <= {f.rule for f in sig.findings}
    (sig,) = judged(stamped.getvalue(), **options).signatures
    assert sig.trusted is True and sig.proven_at == sig.judged_at == then
    assert sig.indication == "TOTAL-PASSED", sig.findings
    without = judged(stamped.getvalue(), trust=options["trust"], evidence=Evidence(crls=(pki.crl("state-ca", then),)))
    assert without.signatures[0].sub_indication == "TRY_LATER"


def test_revoked_later_and_stamped_before():
    who = "person-revoked-later"
    revoked = PKI.epoch + PKI.profile(who).revoked
    before = revoked - timedelta(days=5)
    evidence = Evidence(crls=(PKI.crl("root"), PKI.crl("state-ca")))
    old = Evidence(crls=(PKI.crl("root", before), PKI.crl("state-ca", before)))
    pdf = made(document().pdf, who, "B-T", signed_at=before, timestamper=Stamper(before))
    (sig,) = judged(pdf, evidence=evidence | old).signatures
    assert sig.trusted is True and "R72" in {f.rule for f in sig.findings}, sig.findings
    bare = made(document().pdf, who, signed_at=before)
    (sig,) = judged(bare, evidence=evidence).signatures
    assert sig.trusted is None and sig.sub_indication == "REVOKED_NO_POE"
