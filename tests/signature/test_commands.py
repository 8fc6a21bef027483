"""``vn-edoc sign`` and ``vn-edoc trust``, and the bounded fetcher."""

from __future__ import annotations

import base64
import hashlib
import io
import json

import pytest

from tests.signature.cast import EVIDENCE, PKI, TRUST, document
from vn_edoc.cli import main
from vn_edoc.errors import LimitExceeded, SigningError, TransportError, Unreadable, UsageError
from vn_edoc.limits import Limits
from vn_edoc.signature import (
    Evidence,
    HttpFetcher,
    HttpTimeStamper,
    MemoryFetcher,
    TrustStore,
    sign_cms,
    sign_pdf,
    verify_cms,
    verify_pdf,
)
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.signature.trust import pins
from vn_edoc.testing import PkiServer, signature_image
from vn_edoc.testing.tokens import timestamp_reply


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setenv("VN_EDOC_TRUST", str(tmp_path / "trust"))
    monkeypatch.setenv("VN_EDOC_PIN", "bi-mat")
    (tmp_path / "in.pdf").write_bytes(document().pdf)
    (tmp_path / "person.p12").write_bytes(PKI["person"].pkcs12(b"bi-mat"))
    (tmp_path / "root.crt").write_bytes(PKI["root"].pem)
    (tmp_path / "leaf.crt").write_bytes(PKI["person"].pem)
    (tmp_path / "sign.png").write_bytes(signature_image("Nguyễn Văn Mẫu"))
    return tmp_path


def run(capsys, *arguments) -> tuple[int, str]:
    code = main([str(a) for a in arguments])
    return code, capsys.readouterr().out


def test_sign_pdf_and_cms(office, capsys):
    out = office / "out.pdf"
    image = ["--image", office / "sign.png", "--name", "Nguyễn Văn Mẫu"]
    code, said = run(capsys, "sign", "pdf", office / "in.pdf", out, "--p12", office / "person.p12", *image)
    assert code == 0 and "Ký số thành công" in said
    (sig,) = verify_pdf(out, trust=TRUST, evidence=EVIDENCE).signatures
    assert sig.indication == "TOTAL-PASSED" and sig.page is not None
    p7s = office / "out.p7s"
    code, said = run(capsys, "sign", "cms", office / "in.pdf", p7s, "--p12", office / "person.p12", "--json")
    assert code == 0 and json.loads(said)["schema"] == "vn-edoc/sign/1"
    assert verify_cms(p7s, office / "in.pdf").signatures[0].intact is True


def test_wrong_password_and_combinations(office, capsys, monkeypatch):
    out = office / "out.pdf"
    monkeypatch.setenv("VN_EDOC_PIN", "sai")
    code, said = run(capsys, "sign", "pdf", office / "in.pdf", out, "--p12", office / "person.p12", "--json")
    assert code == 3 and json.loads(said)["error"]["type"] == "SigningError" and not out.exists()
    assert run(capsys, "sign", "pdf", office / "in.pdf", out)[0] == 3
    assert run(capsys, "sign", "pdf", office / "in.pdf", out, "--p12", office / "person.p12", "--password", "x")[0] == 3


def test_trust_commands(office, capsys):
    assert run(capsys, "trust", "check", office / "root.crt")[0] == 1
    assert run(capsys, "trust", "add", office / "root.crt")[0] == 3
    assert run(capsys, "trust", "add", office / "leaf.crt", "--unpinned")[0] == 3
    code, said = run(capsys, "trust", "add", office / "root.crt", "--unpinned")
    assert code == 0 and "NGOÀI DANH SÁCH GHIM" in said
    code, said = run(capsys, "trust", "list", "--json", "--pins")
    about = json.loads(said)
    assert [c["status"] for c in about["stored"]] == ["unpinned"] and len(about["pins"]) == len(pins())
    assert len(TrustStore.user().anchors) == 1


def test_pinned_certificates_are_taken(office, capsys, shared):
    folder = shared / "pki"
    code, _ = run(capsys, "trust", "add", folder / "vgca-rootcag2.crt", folder / "vgca-rootca-g1.crt")
    assert code == 0
    single = folder / "national-vnrca-g3.crt"
    assert run(capsys, "trust", "add", single)[0] == 3
    sha = next(p.sha256 for p in pins().values() if p.subject.startswith("CN=Vietnam National Root CA G3"))
    assert run(capsys, "trust", "add", single, "--confirm", sha)[0] == 0
    store = TrustStore.user()
    assert len(store.anchors) == 3
    assert {store.scheme(hashlib.sha256(a).hexdigest()) for a in store.anchors} == {"official", "national"}


# --- the network ----------------------------------------------------------------------------------------------------


def test_hostile_addresses_are_not_fetched():
    fetcher = HttpFetcher(["127.0.0.1", "localhost", "ca.gov.vn", "169.254.169.254", "[::1]"])
    for url in (
        "http://127.0.0.1/x", "http://localhost/x", "http://169.254.169.254/latest", "http://[::1]/x",
        "file:///etc/passwd", "ftp://ca.gov.vn/x", "http://user:pw@ca.gov.vn/x", "http://ca.gov.vn:22/x",
        "http://evil.example/x", "http://", "http://ca.gov.vn:99999/", "http://2130706433/",
    ):  # fmt: skip
        with pytest.raises(TransportError):
            fetcher.get(url)


def test_services_over_the_loopback():
    with PkiServer() as server:
        host = server.pki.base_url.partition("://")[2]
        fetcher = HttpFetcher([host], private_hosts=[host], limits=Limits(fetch_seconds=5, fetch_bytes=200_000))
        trust = TrustStore([server.pki["root"].der])
        person = server.pki["person"]
        signer = SoftwareSigner(person.key, person.certificate)
        out = io.BytesIO()
        stamper = HttpTimeStamper(f"{server.pki.base_url}/tsa", fetcher)
        sign_pdf(document().pdf, out, signer, "B-LTA", timestamper=stamper, trust=trust, fetcher=fetcher)
        found = verify_pdf(out.getvalue(), trust=trust)
        assert found.signatures[0].level == "B-LTA" and found.signatures[0].indication == "TOTAL-PASSED"
        address = f"{server.pki.base_url}/crl/root.crl"
        for fault in ("error", "hang", "redirect", "endless"):
            server.faults["/crl/root.crl"] = fault
            bounded = HttpFetcher([host], private_hosts=[host], limits=Limits(fetch_seconds=0.5, fetch_bytes=100_000))
            with pytest.raises((TransportError, LimitExceeded)):
                bounded.get(address)


def test_time_stamper_tries_again_and_gives_up():
    slept: list[float] = []
    asked = MemoryFetcher({})
    stamper = HttpTimeStamper("http://tsa.ca.gov.vn/", asked, attempts=3, pause=1, sleep=slept.append)
    with pytest.raises(SigningError):
        stamper.stamp(b"\x00" * 32)
    assert slept == [1, 2] and len(asked.asked) == 3
    for answer in (b"", b"\x30\x00", b"garbage" * 10):
        with pytest.raises(SigningError):
            HttpTimeStamper("u", MemoryFetcher({"u": answer}), attempts=1).stamp(b"\x00" * 32)
    with pytest.raises(SigningError):
        wrong = PKI.timestamp(b"\x01" * 32)
        HttpTimeStamper("u", MemoryFetcher({"u": timestamp_reply(wrong)})).stamp(b"\x00" * 32)
    with pytest.raises(UsageError):
        HttpTimeStamper("u", asked, attempts=0)


def test_evidence_of_odd_kinds(tmp_path):
    items = [PKI["root"].der, PKI.crl("root"), PKI.ocsp("person"), PKI.timestamp(b"\x00" * 32), PKI["person"].pem]
    found = Evidence.of(items)
    assert [len(x) for x in (found.certificates, found.crls, found.ocsps, found.tokens)] == [2, 1, 1, 1]
    found.save(tmp_path / "e.zip")
    assert Evidence.load(tmp_path / "e.zip") == found
    spoiled = bytearray((tmp_path / "e.zip").read_bytes())
    spoiled[60] ^= 255
    (tmp_path / "e.zip").write_bytes(bytes(spoiled))
    with pytest.raises(Unreadable):
        Evidence.load(tmp_path / "e.zip")
    with pytest.raises(Unreadable):
        Evidence.of([b"x"])


def test_verify_a_detached_signature(office, capsys):
    """The signed file is found beside the signature, or named; the signature is found beside the file."""
    data = office / "bao-cao.txt"
    data.write_bytes("Báo cáo\n".encode())
    key = SoftwareSigner(PKI["agency"].key, PKI["agency"].certificate, PKI["agency"].issuers[:-1])
    signature = office / "bao-cao.txt.p7s"
    sign_cms(data, signature, key)
    (office / "bao-cao.p7s").write_bytes(signature.read_bytes())
    (office / "noi-khac.p7s").write_bytes(signature.read_bytes())
    sign_cms(data, office / "kem.p7m", key, attached=True)
    armoured = base64.encodebytes(signature.read_bytes())
    (office / "pem.p7s").write_bytes(b"-----BEGIN PKCS7-----\n" + armoured + b"-----END PKCS7-----\n")
    for crl in ("root", "state-ca"):
        (office / f"{crl}.crl").write_bytes(PKI.crl(crl))
    given = ["--trust", office / "root.crt", "--evidence", office / "root.crl", "--evidence", office / "state-ca.crl"]

    def indication(*arguments) -> tuple[str, str]:
        main(["verify", *map(str, arguments), *map(str, given), "--json"])
        said = capsys.readouterr()
        (sig,) = json.loads(said.out)["signatures"]
        return sig["indication"], said.err

    for source in (signature, data, office / "bao-cao.p7s"):
        found, told = indication(source)
        assert found == "TOTAL-PASSED" and "bao-cao.txt" in told, source
    assert indication(office / "kem.p7m") == ("TOTAL-PASSED", "")
    assert indication(office / "noi-khac.p7s", "--content", data)[0] == "TOTAL-PASSED"
    assert indication(office / "pem.p7s", "--content", data)[0] == "TOTAL-PASSED"
    found, told = indication(office / "noi-khac.p7s")
    assert found == "INDETERMINATE" and "--content" in told
    other = office / "khac.txt"
    other.write_bytes(b"x")
    assert indication(signature, "--content", other)[0] == "TOTAL-FAILED"
    assert main(["verify", str(office / "in.pdf"), "--content", str(data)]) == 3
    assert "p7s" in capsys.readouterr().err
    (office / "in.pdf.p7s").write_bytes(signature.read_bytes())
    main(["verify", str(office / "in.pdf")])
    assert "in.pdf.p7s" in capsys.readouterr().err
