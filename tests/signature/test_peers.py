"""What we sign, judged by PDFBox with BouncyCastle, poppler's pdfsig, mutool and qpdf."""

from __future__ import annotations

import io
import subprocess

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from tests.signature.cast import EVIDENCE, PKI, TRUST, document
from tests.signature.test_pdf import made
from tests.signature.tools import need, pdfbox, pdfbox_sign
from vn_edoc.signature import verify_pdf


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """Files at each level, with each kind of key, with two and three signers."""
    folder = tmp_path_factory.mktemp("signed")
    plain = document().pdf
    for level in ("B-B", "B-T", "B-LT", "B-LTA"):
        for name, scheme in (("person", None), ("person", "pss"), ("person-ec", None)):
            (folder / f"{level}-{name}-{scheme}.pdf").write_bytes(made(plain, name, level, scheme=scheme))
        two = made(made(plain, "person", level, certify=2), "agency", level)
        (folder / f"{level}-two.pdf").write_bytes(two)
        (folder / f"{level}-three.pdf").write_bytes(made(two, "deputy", level))
    (folder / "adbe.pdf").write_bytes(made(plain, "person", "B-T", form="adbe"))
    (folder / "sha512.pdf").write_bytes(made(plain, "person", digest="sha512"))
    return folder


def test_pdfbox_and_bouncycastle(signed, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(PKI["root"].pem)
    files = sorted(signed.glob("*.pdf"))
    found = pdfbox(root, files)
    for path in files:
        verdicts = found[path.name]
        signers = 3 if "three" in path.name else 2 if "two" in path.name else 1
        assert len(verdicts) == signers * (2 if "LTA" in path.name else 1), path.name
        assert all(v == "VALID" and "chain=OK" in d and "chain=FAIL" not in d for v, d in verdicts), verdicts
        if "B-T" in path.name or "LT" in path.name or path.name == "adbe.pdf":
            assert all("tst[imprint=true sig=true" in d for _, d in verdicts)


def test_poppler(signed):
    pdfsig = need("pdfsig")
    for path in sorted(signed.glob("*.pdf")):
        said = subprocess.run([pdfsig, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        expected = 3 if "three" in path.name else 2 if "two" in path.name else 1
        assert said.count("Signature is Valid.") == expected, (path.name, said)


def test_mutool(signed):
    mutool = need("mutool")
    for path in sorted(signed.glob("B-[BT]-*.pdf")):
        said = subprocess.run([mutool, "sign", "-v", str(path)], capture_output=True, text=True, check=False).stdout
        if "pss" in path.name:  # mutool 1.21 cannot check RSASSA-PSS
            continue
        assert "unchanged since signing" in said, (path.name, said)


def test_qpdf(signed):
    qpdf = need("qpdf")
    for path in sorted(signed.glob("*three.pdf")):
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
