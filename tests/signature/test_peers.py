"""What we sign, judged by PDFBox with BouncyCastle, poppler's pdfsig, mutool and qpdf."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from tests.signature.cast import EVIDENCE, PKI, TRUST, document
from tests.signature.test_pdf import made
from tests.signature.tools import mutool_says, need, pdfbox, pdfbox_sign
from vn_edoc.signature import verify_pdf

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
KINDS = {
    "rsa": (("person", "agency", "deputy"), None),
    "pss": (("person", "agency", "deputy"), "pss"),
    "ec": (("person-ec", "agency-ec", "deputy-ec"), None),
}


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """Files at each level, with each kind of key, with one, two and three signers who all sign that way; the first of
    the RSA signers certifies where others follow, as office tools do."""
    folder = tmp_path_factory.mktemp("signed")
    plain = document().pdf
    for level in LEVELS:
        for kind, (names, scheme) in KINDS.items():
            pdf = plain
            for number, name in enumerate(names, start=1):
                pdf = made(pdf, name, level, scheme=scheme)
                (folder / f"{level}-{kind}-{number}.pdf").write_bytes(pdf)
        certified = made(made(plain, "person", level, certify=2), "agency", level)
        (folder / f"{level}-certified-2.pdf").write_bytes(certified)
    (folder / "B-T-adbe-1.pdf").write_bytes(made(plain, "person", "B-T", form="adbe"))
    (folder / "B-B-sha512-1.pdf").write_bytes(made(plain, "person", digest="sha512"))
    return folder


def told(path: Path) -> tuple[str, str, int]:
    """Level, kind of key and number of signers, by the file's name."""
    level, kind, number = re.fullmatch(r"(B-\w+)-(\w+)-(\d)", path.stem).groups()
    return level, kind, int(number)


def test_pdfbox_and_bouncycastle(signed, tmp_path):
    """One process judges all files."""
    root = tmp_path / "root.pem"
    root.write_bytes(PKI["root"].pem)
    files = sorted(signed.glob("*.pdf"))
    assert len(files) == len(LEVELS) * (3 * len(KINDS) + 1) + 2
    found = pdfbox(root, files)
    for path in files:
        level, _, number = told(path)
        verdicts = found[path.name]
        assert len(verdicts) == number * (2 if level == "B-LTA" else 1), path.name
        assert all(v == "VALID" and "chain=OK" in d and "chain=FAIL" not in d for v, d in verdicts), verdicts
        if level != "B-B":
            assert all("tst[imprint=true sig=true" in d for _, d in verdicts)


def test_poppler(signed):
    pdfsig = need("pdfsig")
    for path in sorted(signed.glob("*.pdf")):
        said = subprocess.run([pdfsig, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid.") == told(path)[2], (path.name, said)


def test_mutool(signed):
    """mutool 1.21 cannot check RSASSA-PSS; of the others it finds every signature valid. Whatever follows a signature
    (another one, validation data, a time-stamp) is an "edit" to it."""
    for path in sorted(signed.glob("*.pdf")):
        level, kind, number = told(path)
        if kind == "pss":
            continue
        said = mutool_says(path)
        assert len(said) == number, (path.name, said)
        last = "unchanged since signing" if level in ("B-B", "B-T") else "is valid but there have been edits"
        assert last in said[-1] and all("is valid but there have been edits" in s for s in said[:-1]), (path.name, said)


def test_the_judges_see_a_changed_octet(signed, tmp_path):
    """Else their approval would be worth nothing."""
    root = tmp_path / "root.pem"
    root.write_bytes(PKI["root"].pem)
    spoiled = []
    for kind in KINDS:
        pdf = bytearray((signed / f"B-LTA-{kind}-3.pdf").read_bytes())
        pdf[pdf.index(b"/MediaBox") + 1] ^= 0x20
        spoiled.append(tmp_path / f"B-LTA-{kind}-3.pdf")
        spoiled[-1].write_bytes(pdf)
    found = pdfbox(root, spoiled)
    pdfsig = need("pdfsig")
    for path in spoiled:
        assert all(v == "INVALID" for v, _ in found[path.name]) and len(found[path.name]) == 6
        said = subprocess.run([pdfsig, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid." not in said and said.count("Digest Mismatch.") == 3, said
        if told(path)[1] != "pss":
            assert all("is valid" not in part and "unchanged" not in part for part in mutool_says(path))


def test_qpdf(signed):
    qpdf = need("qpdf")
    for path in sorted(signed.glob("*-3.pdf")):
        done = subprocess.run([qpdf, "--check", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_what_pdfbox_and_pyhanko_sign_is_accepted(tmp_path):
    source, target, key = tmp_path / "in.pdf", tmp_path / "out.pdf", tmp_path / "key.p12"
    source.write_bytes(document().pdf)
    key.write_bytes(PKI["agency"].pkcs12(b"x"))
    first = made(document().pdf, "person")
    source.write_bytes(first)
    pdfbox_sign(key, "x", source, target)
    found = verify_pdf(target, trust=TRUST, evidence=EVIDENCE)
    person, agency = found.signatures
    assert person.changes == "allowed" and person.indication == "TOTAL-PASSED", person.findings
    assert agency.intact is True and agency.level is None and agency.indication == "TOTAL-PASSED", agency.findings
    assert "R30" in {f.rule for f in agency.findings}

    peer = signers.SimpleSigner.load_pkcs12_data(key.read_bytes(), other_certs=[], passphrase=b"x")
    meta = signers.PdfSignatureMetadata(field_name="S", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    theirs = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(first)), meta, signer=peer).getvalue()
    person, agency = verify_pdf(theirs, trust=TRUST, evidence=EVIDENCE).signatures
    assert person.changes == "allowed" and agency.level == "B-B" and agency.indication == "TOTAL-PASSED"
