"""Signed samples, judged by PDFBox with BouncyCastle, poppler, qpdf, OpenSSL and pyHanko."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.testing.judges import run
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM
from vn_edoc.testing import ThrowawayPki, draw_attachment, draw_document, seal_image, signature_image
from vn_edoc.testing.cms import CmsForm, signed_data
from vn_edoc.testing.pdffile import Update
from vn_edoc.testing.pdfsign import PdfSigning, add_evidence, sign_sample, stamp_document

PERSON = datetime(2026, 10, 15, 10, 0, tzinfo=VIETNAM)
AGENCY = PERSON + timedelta(minutes=20)
JARS = ("pdfbox2", "fontbox2", "commons-logging", "bcprov", "bcpkix", "bcutil")


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki()


@pytest.fixture(scope="module")
def signed(pki: ThrowawayPki) -> bytes:
    drawn = draw_document()
    person = PdfSigning(by="person", at=PERSON, box=drawn.signature, image=signature_image(), reason="Ký duyệt")
    agency = PdfSigning(by="agency", at=AGENCY, box=drawn.seal, image=seal_image(), location="Tây Ninh")
    return sign_sample(sign_sample(drawn.pdf, person, pki), agency, pki)


def pdfbox(shared: Path, tmp_path: Path, pki: ThrowawayPki, *files: bytes) -> list[str]:
    folder = Path("/usr/share/java")
    jars = [folder / f"{jar}.jar" for jar in JARS]
    if not all(jar.exists() for jar in jars):
        pytest.skip("PDFBox and BouncyCastle are not installed")
    (tmp_path / "root.pem").write_bytes(pki["root"].pem)
    paths = []
    for number, pdf in enumerate(files):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(pdf)
    source = shared / "tools" / "java" / "PdfPeer.java"
    done = run("java", "-cp", ":".join(map(str, jars)), source, tmp_path / "root.pem", *paths)
    return done.stdout.splitlines()


def pyhanko(pdf: bytes, pki: ThrowawayPki, moment: datetime | None = None) -> list[tuple[bool, bool, bool, str]]:
    """Intact, valid and trusted of each signature, and what pyHanko says of later changes."""
    roots = [asn1_x509.Certificate.load(pki["root"].der)]
    others = [asn1_x509.Certificate.load(pki["state-ca"].der)]
    verdicts = []
    for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, other_certs=others, moment=moment)
        status = validate_pdf_signature(signature, context)
        level = status.modification_level
        verdicts.append((status.intact, status.valid, status.trusted, level.name if level else "NONE"))
    return verdicts


def test_pdfbox_accepts_each_form_and_refuses_what_is_wrong_on_purpose(
    shared: Path, tmp_path: Path, pki: ThrowawayPki, signed: bytes
) -> None:
    plain = draw_document().pdf
    forms = {
        "adbe": PdfSigning(by="agency", at=AGENCY, subfilter="adbe"),
        "no stamp": PdfSigning(by="agency", at=AGENCY, stamp_after=None),
        "pss": PdfSigning(by="agency", at=AGENCY, form=CmsForm(scheme="pss")),
        "sha512": PdfSigning(by="agency", at=AGENCY, form=CmsForm(digest="sha512")),
        "ec": PdfSigning(by="agency-ec", at=AGENCY, form=CmsForm(digest="sha384")),
        "certified": PdfSigning(by="person", at=PERSON, certify=2),
        "sha1 imprint": PdfSigning(by="agency", at=AGENCY, imprint="sha1"),
    }
    files = [sign_sample(plain, form, pki) for form in forms.values()]
    ltv = add_evidence(signed, certificates=[pki["state-ca"].der], crls=[pki.crl(at=AGENCY)])
    wrong = [
        sign_sample(plain, PdfSigning(by="agency", at=AGENCY, form=form), pki)
        for form in (CmsForm(break_signature=True), CmsForm(message_digest=bytes(32)))
    ]
    archived = stamp_document(ltv, AGENCY + timedelta(hours=1), pki)
    *lines, broken, other = pdfbox(shared, tmp_path, pki, *files, signed, archived, *wrong)
    assert "\tVALID\t" not in broken and "\tVALID\t" not in other
    assert len(lines) == len(forms) + 2 + 3
    for line in lines:
        assert "\tVALID\t" in line and "gap=true" in line
        assert "chain=OK" in line and "chain=FAIL" not in line
    assert [("tst[" in line) for line in lines[: len(forms)]] == [name != "no stamp" for name in forms]


def test_poppler_and_qpdf_accept_them(tmp_path: Path, pki: ThrowawayPki, signed: bytes) -> None:
    (tmp_path / "s.pdf").write_bytes(signed)
    assert run("qpdf", "--check", tmp_path / "s.pdf").returncode == 0
    said = run("pdfsig", "-no-ocsp", tmp_path / "s.pdf").stdout
    assert said.count("Signature is Valid") == 2
    assert said.count("Total document signed") == 1 and said.count("Not total document signed") == 1
    assert "Signer Certificate Common Name: Nguyễn Văn Mẫu" in said
    (tmp_path / "t.pdf").write_bytes(signed.replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 596", 1))
    assert "Digest Mismatch" in run("pdfsig", "-no-ocsp", tmp_path / "t.pdf").stdout


def test_pyhanko_sees_nothing_but_a_later_signature(pki: ThrowawayPki, signed: bytes) -> None:
    assert pyhanko(signed, pki) == [(True, True, True, "FORM_FILLING"), (True, True, True, "NONE")]
    plain = draw_document().pdf
    certified = sign_sample(plain, PdfSigning(by="person", at=PERSON, certify=2), pki)
    both = sign_sample(certified, PdfSigning(by="agency", at=AGENCY), pki)
    assert [v[:3] for v in pyhanko(both, pki)] == [(True, True, True)] * 2


@pytest.mark.parametrize("name", ["agency-expired", "agency-future", "rogue-agency", "agency-self-signed"])
def test_bad_certificates_sign_without_complaint_and_are_not_trusted(pki: ThrowawayPki, name: str) -> None:
    pdf = sign_sample(draw_document().pdf, PdfSigning(by=name, at=AGENCY, stamp_after=None), pki)
    [(intact, valid, trusted, _)] = pyhanko(pdf, pki, AGENCY)
    assert (intact, valid, trusted) == (True, True, False)


def test_signatures_are_seen_where_the_decree_wants_them(tmp_path: Path, pki: ThrowawayPki, signed: bytes) -> None:
    plain, drawn = tmp_path / "plain", tmp_path / "signed"
    (tmp_path / "p.pdf").write_bytes(draw_document().pdf)
    (tmp_path / "s.pdf").write_bytes(signed)
    run("pdftoppm", "-r", "72", "-png", tmp_path / "p.pdf", plain)
    run("pdftoppm", "-r", "72", "-png", tmp_path / "s.pdf", drawn)
    from PIL import Image, ImageChops

    with Image.open(f"{plain}-1.png") as before, Image.open(f"{drawn}-1.png") as after:
        changed = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
        height = after.height
    spec = draw_document()
    assert changed is not None and spec.seal is not None and spec.signature is not None
    assert spec.seal.x - 2 <= changed[0] and changed[2] <= spec.signature.x + spec.signature.width + 2
    assert spec.seal.y - 2 <= height - changed[3] and height - changed[1] <= spec.seal.y + spec.seal.height + 2


def test_an_attachment_shows_number_and_time_at_the_top_right(tmp_path: Path, pki: ThrowawayPki) -> None:
    drawn = draw_attachment()
    shown = ("1286/SNV-VP", "15/10/2026 10:20:00 +07:00")
    pdf = sign_sample(drawn.pdf, PdfSigning(by="agency", at=AGENCY, box=drawn.corner, lines=shown), pki)
    (tmp_path / "a.pdf").write_bytes(pdf)
    text = run("pdftotext", "-x", "380", "-y", "0", "-W", "200", "-H", "58", tmp_path / "a.pdf", "-").stdout
    assert text.split("\n")[:2] == list(shown)
    assert re.search(r"SourceSerifPro\S*\s+TrueType\s+WinAnsi\s+yes", run("pdffonts", tmp_path / "a.pdf").stdout)


def test_openssl_reads_the_cms(tmp_path: Path, pki: ThrowawayPki) -> None:
    identity = pki["agency"]
    pki.write(tmp_path, ["agency"])
    content, chain = "Nội dung".encode(), [identity.der, *identity.issuers_der]
    (tmp_path / "data").write_bytes(content)
    for detached in (True, False):
        made = signed_data(content, key=identity.key, certificate=identity.der, embed=chain, detached=detached)
        (tmp_path / "s.p7s").write_bytes(made)
        content_options = ("-content", tmp_path / "data") if detached else ()
        verdict = run(
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any",
            "-CAfile", tmp_path / "root.crt", "-in", tmp_path / "s.p7s",
            *content_options, "-attime", str(int(AGENCY.timestamp())), "-out", tmp_path / "out",
        )  # fmt: skip
        assert verdict.returncode == 0, verdict.stderr
        assert (tmp_path / "out").read_bytes() == content
    bare = signed_data(
        content, key=identity.key, certificate=identity.der, embed=chain,
        form=CmsForm(signing_certificate=False),
    )  # fmt: skip
    (tmp_path / "s.p7s").write_bytes(bare)
    refused = run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-CAfile",
        tmp_path / "root.crt", "-in", tmp_path / "s.p7s",
        "-content", tmp_path / "data", "-out", tmp_path / "out",
    )  # fmt: skip
    assert refused.returncode != 0


def test_same_signing_same_bytes(pki: ThrowawayPki) -> None:
    drawn = draw_document()
    signing = PdfSigning(by="agency", at=AGENCY, box=drawn.seal, image=seal_image())
    once = sign_sample(drawn.pdf, signing, pki)
    assert sign_sample(drawn.pdf, signing, pki) == once
    assert once.startswith(drawn.pdf)


def test_files_of_other_makers_are_refused() -> None:
    with pytest.raises(UsageError):
        Update(b"%PDF-1.7\nnothing here")
