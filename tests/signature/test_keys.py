"""Keys on tokens and at services, behind the one seam."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import textwrap
import unicodedata
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from tests.signature.cast import EVIDENCE, PKI, TRUST, document
from tests.signature.tools import mutool_says, need, pdfbox
from vn_edoc.errors import SigningError
from vn_edoc.signature import CallbackSigner, CscSigner, Signer, sign_pdf, verify_pdf

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


def judged(signer, **options):
    out = io.BytesIO()
    sign_pdf(document().pdf, out, signer, **options)
    (sig,) = verify_pdf(out.getvalue(), trust=TRUST, evidence=EVIDENCE).signatures
    return sig


def sign_value(name: str):
    key = PKI[name].key

    def sign(value: bytes, digest: str, scheme: str) -> bytes:
        prehashed = Prehashed({"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest])
        if scheme == "ecdsa":
            return key.sign(value, ec.ECDSA(prehashed))
        return key.sign(value, padding.PKCS1v15(), prehashed)

    return sign


@pytest.mark.parametrize("name", ["person", "person-ec"])
def test_callback(name):
    remote = CallbackSigner(sign_value(name), PKI[name].der, chain=[PKI["state-ca"].der])
    assert isinstance(remote, Signer)
    assert judged(remote).indication == "TOTAL-PASSED"


def test_callback_that_fails_or_signs_with_another_key():
    def dead(*_):
        raise ConnectionError("no signal")

    for function in (dead, lambda *_: b"", lambda *_: b"x" * 256, sign_value("agency")):
        with pytest.raises(SigningError):
            judged(CallbackSigner(function, PKI["person"].der))


class Csc:
    """A remote signing service of the CSC kind, in memory."""

    def __init__(self, name: str, **changes) -> None:
        self.name, self.changes, self.asked = name, changes, []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> bytes:
        assert headers["Authorization"] == "Bearer token"
        self.asked.append(url.rpartition("csc/v1/")[2])
        given = json.loads(body)
        if url.endswith("credentials/info"):
            chain = [PKI[self.name].der, PKI["state-ca"].der]
            answer = {
                "key": {"status": "enabled", "algo": ["1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"]},
                "cert": {"certificates": [base64.b64encode(c).decode() for c in chain]},
            }
        else:
            assert given["SAD"] == "sad:" + given["hash"][0]
            scheme = "ecdsa" if given["signAlgo"].startswith("1.2.840.10045") else "pkcs1v15"
            value = sign_value(self.name)(base64.b64decode(given["hash"][0]), "sha256", scheme)
            answer = {"signatures": [base64.b64encode(value).decode()]}
        return json.dumps(answer | self.changes).encode()

    def signer(self) -> CscSigner:
        return CscSigner(
            "https://ky-so.example.vn/csc/v1", "cred", token="token", post=self,
            authorize=lambda credential, value: f"sad:{value}",
        )  # fmt: skip


@pytest.mark.parametrize("name", ["person", "person-ec"])
def test_csc(name):
    service = Csc(name)
    assert judged(service.signer()).indication == "TOTAL-PASSED"
    assert service.asked == ["credentials/info", "signatures/signHash"]


@pytest.mark.parametrize(
    "changes", [{"error": "invalid_request"}, {"cert": {}}, {"key": {"status": "disabled", "algo": []}}, {"cert": None}]
)
def test_csc_refusals(changes):
    with pytest.raises(SigningError):
        Csc("person", **changes).signer()


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory):
    """A SoftHSM token with two keys under Vietnamese labels; the module reads its configuration once per process."""
    pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
    util = need("softhsm2-util")
    if not MODULE.exists():
        pytest.skip("the SoftHSM module is not installed")
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    environment = {**os.environ, "SOFTHSM2_CONF": str(conf)}

    def run(*command: str) -> None:
        subprocess.run([util, *command], check=True, capture_output=True, env=environment)

    run("--init-token", "--free", "--label", "Thiết bị thử", "--pin", "1234", "--so-pin", "5678")
    for number, name in ((1, "person"), (2, "person-ec")):
        key = folder / f"{name}.key"
        key.write_bytes(PKI[name].key_pem())
        label = f"Khóa của {name}"
        run("--import", str(key), "--token", "Thiết bị thử", "--label", label, "--id", f"0{number}", "--pin", "1234")
        (folder / f"{name}.crt").write_bytes(PKI[name].der)
    (folder / "in.pdf").write_bytes(document().pdf)
    for name in ("root", "state-ca", "tsa"):
        (folder / f"{name}.cer").write_bytes(PKI[name].der)
    (folder / "tsa.key").write_bytes(PKI["tsa"].key_pem())
    for name in ("root", "state-ca"):
        (folder / f"{name}.crl").write_bytes(PKI.crl(name))
    return folder, environment


def in_child(softhsm, code: str) -> str:
    folder, environment = softhsm
    script = textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=Path.cwd(),
        env={**environment, "FOLDER": str(folder), "MODULE": str(MODULE), "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pkcs11(softhsm):
    folder, _ = softhsm
    label = unicodedata.normalize("NFD", "Khóa của person")
    said = in_child(
        softhsm,
        f"""
        import os, pathlib
        from vn_edoc.errors import SigningError
        folder = pathlib.Path(os.environ["FOLDER"])
        from vn_edoc.signature import Pkcs11Signer, sign_cms, sign_pdf
        from datetime import UTC, datetime
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from vn_edoc.signature import Evidence, TrustStore
        from vn_edoc.testing.tokens import timestamp_token
        read = lambda name: (folder / name).read_bytes()
        class Stamper:
            key = load_pem_private_key(read("tsa.key"), None)
            def stamp(self, imprint, digest="sha256"):
                own = {{"key": self.key, "certificate": read("tsa.cer"), "nonce": None, "embed": None}}
                return timestamp_token(imprint, datetime.now(UTC), algorithm=digest, **own)
        TRUST = TrustStore([read("root.cer")])
        EVIDENCE = Evidence(certificates=(read("state-ca.cer"),), crls=(read("root.crl"), read("state-ca.crl")))
        module = os.environ["MODULE"]
        def open_key(name, label, **more):
            given = (folder / f"{{name}}.crt").read_bytes()
            return Pkcs11Signer(module, "1234", token="Thiết bị thử", label=label, certificate=given,
                                chain=[(folder / "state-ca.cer").read_bytes()], **more)
        with open_key("person", {label!r}) as key:
            for scheme in ("pkcs1v15", "pss"):
                sign_pdf(folder / "in.pdf", folder / f"out-{{scheme}}.pdf", key, scheme=scheme)
            sign_cms(folder / "in.pdf", folder / "in.p7s", key)
        with open_key("person-ec", "Khóa của person-ec") as ec, open_key("person", {label!r}) as rsa:
            sign_pdf(folder / "in.pdf", folder / "out-ecdsa.pdf", ec)
            sign_cms(folder / "in.pdf", folder / "in-ec.p7s", ec)
            given = {{"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE}}
            kinds = {{"rsa": [(rsa, None)] * 3, "pss": [(rsa, "pss")] * 3, "ec": [(ec, None)] * 3,
                     "mixed": [(rsa, None), (ec, None), (rsa, "pss")]}}
            for level in ("B-B", "B-T", "B-LT", "B-LTA"):
                for kind, order in kinds.items():
                    before = folder / "in.pdf"
                    for number, (key, scheme) in enumerate(order, start=1):
                        after = folder / f"{{level}}-{{kind}}-{{number}}.pdf"
                        sign_pdf(before, after, key, level, scheme=scheme, **(given if level != "B-B" else {{}}))
                        before = after
        for wrong in (
            lambda: Pkcs11Signer(module, "0000", token="Thiết bị thử", label="x"),
            lambda: Pkcs11Signer(module, "1234", token="không có"),
            lambda: Pkcs11Signer("/nowhere.so", "1234"),
            lambda: open_key("person", "không có khóa này"),
            lambda: Pkcs11Signer(module, "1234", token="Thiết bị thử", label={label!r}),
        ):
            try:
                wrong()
            except SigningError as error:
                print("refused", error.field)
        """,
    )
    assert said.split("\n")[:5] == ["refused pin", "refused token", "refused module", "refused label",
                                    "refused certificate"]  # fmt: skip
    for scheme in ("pkcs1v15", "pss", "ecdsa"):
        (sig,) = verify_pdf(folder / f"out-{scheme}.pdf", trust=TRUST, evidence=EVIDENCE).signatures
        assert sig.intact is True and sig.algorithms.signature.replace("rsa-", "") == scheme


def test_pkcs11_judged_by_others(softhsm, tmp_path):
    """What the token signed, at each level, with one, two and three signers who sign alike or each in another way:
    PDFBox with BouncyCastle, pdfsig, mutool (which does not know RSASSA-PSS), openssl."""
    folder, _ = softhsm
    files = sorted(folder.glob("B-*.pdf"))
    if not files:
        pytest.skip("test_pkcs11 did not sign")
    assert len(files) == 4 * 4 * 3
    root, chain = tmp_path / "root.pem", tmp_path / "chain.pem"
    root.write_bytes(PKI["root"].pem)
    chain.write_bytes(PKI["root"].pem + PKI["state-ca"].pem)
    judged, pdfsig = pdfbox(root, files), need("pdfsig")
    for path in files:
        signers = int(path.stem[-1])
        verdicts = judged[path.name]
        assert len(verdicts) == signers * (2 if "LTA" in path.name else 1), (path.name, verdicts)
        assert all(v == "VALID" and "chain=OK" in d for v, d in verdicts), (path.name, verdicts)
        said = subprocess.run([pdfsig, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid.") == signers, (path.name, said)
        if "pss" not in path.name and "mixed-3" not in path.name:
            parts = mutool_says(path)
            assert len(parts) == signers, (path.name, parts)
            assert all("unchanged since signing" in part or "signature is valid" in part for part in parts), parts
    for name in ("in.p7s", "in-ec.p7s"):
        command = [need("openssl"), "cms", "-verify", "-inform", "DER", "-binary", "-cades", "-purpose", "any"]
        command += ["-in", str(folder / name), "-content", str(folder / "in.pdf"), "-CAfile", str(chain)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0 and done.stdout == (folder / "in.pdf").read_bytes(), done.stderr
        spoiled = tmp_path / "spoiled.pdf"
        spoiled.write_bytes((folder / "in.pdf").read_bytes() + b"x")
        command[command.index("-content") + 1] = str(spoiled)
        assert subprocess.run(command, capture_output=True, check=False).returncode != 0
