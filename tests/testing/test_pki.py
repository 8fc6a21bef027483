"""The throwaway PKI, judged by OpenSSL."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.testing.judges import openssl_verify, run
from vn_edoc.errors import UsageError
from vn_edoc.testing.keys import throwaway_key
from vn_edoc.testing.pki import ThrowawayPki
from vn_edoc.testing.profiles import CAST
from vn_edoc.testing.server import PkiServer, answer

SIGNED = datetime(2026, 10, 15, 3, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def pki() -> ThrowawayPki:
    return ThrowawayPki(now=lambda: SIGNED)


@pytest.fixture(scope="module")
def folder(pki: ThrowawayPki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pki")
    pki.write(path)
    return path


GOOD = (
    "person", "deputy", "person-ec", "agency", "agency-ec", "agency-renewed", "agency-2014", "agency-2019",
    "other-agency", "receiver", "device", "tsa", "ocsp",
)  # fmt: skip
BAD = {
    "agency-expired": "certificate has expired",
    "agency-future": "certificate is not yet valid",
    "agency-self-signed": "self-signed certificate",
    "agency-issued-by-person": "unable to get local issuer certificate",
    "rogue-agency": "unable to get local issuer certificate",
    "public-agency": "unable to get local issuer certificate",
    "tsa-expired": "certificate has expired",
}


@pytest.mark.parametrize("name", GOOD)
def test_openssl_builds_the_path_of_each_good_certificate(folder: Path, name: str) -> None:
    verdict = openssl_verify(folder, name, SIGNED, "-x509_strict")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize("name", BAD)
def test_openssl_refuses_each_bad_certificate_for_its_own_reason(folder: Path, name: str) -> None:
    verdict = openssl_verify(folder, name, SIGNED)
    assert verdict.returncode != 0
    assert BAD[name] in verdict.stderr


def test_a_certificate_issued_by_a_person_is_refused_with_its_whole_path(folder: Path) -> None:
    verdict = openssl_verify(folder, "agency-issued-by-person", SIGNED, "-untrusted", folder / "person.crt")
    assert "invalid CA certificate" in verdict.stderr


def test_weak_certificates_pass_only_where_weakness_is_allowed(folder: Path) -> None:
    strict = openssl_verify(folder, "agency-rsa1024", SIGNED, "-auth_level", "2")
    assert "EE certificate key too weak" in strict.stderr
    sha1 = run("openssl", "x509", "-in", folder / "agency-sha1.crt", "-noout", "-text")
    assert sha1.stdout.count("Signature Algorithm: sha1WithRSAEncryption") == 2
    for name in ("agency-rsa1024", "agency-sha1"):
        assert openssl_verify(folder, name, SIGNED, "-auth_level", "0").returncode == 0


def test_public_tree_stands_under_its_own_root(folder: Path) -> None:
    for name in ("public-agency", "public-person", "public-tsa"):
        verdict = run(
            "openssl", "verify", "-attime", str(int(SIGNED.timestamp())), "-CAfile", folder / "national-root.crt",
            "-untrusted", folder / "public-ca.crt", folder / f"{name}.crt",
        )  # fmt: skip
        assert verdict.returncode == 0, verdict.stderr


def test_subjects_have_the_form_of_real_certificates(folder: Path) -> None:
    text = run(
        "openssl", "x509", "-in", folder / "agency.crt", "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb"
    )
    assert text.stdout.strip() == (
        "subject=UID=MST:9900000016,UID=MNS:9900001,CN=SỞ NỘI VỤ,O=ỦY BAN NHÂN DÂN TỈNH TÂY NINH,L=Tây Ninh,C=VN"
    )
    person = run(
        "openssl", "x509", "-in", folder / "person.crt", "-noout", "-subject", "-nameopt", "sname,utf8,-esc_msb"
    )
    for part in ("CN=Nguyễn Văn Mẫu", "title=Giám đốc", "UID=CCCD:000099000017"):
        assert part in person.stdout.replace(" = ", "=")


@pytest.mark.parametrize(
    ("name", "revoked"),
    [("agency", False), ("agency-revoked", True), ("agency-suspended", True), ("agency-revoked-later", False)],
)
def test_openssl_reads_the_crl(pki: ThrowawayPki, folder: Path, tmp_path: Path, name: str, revoked: bool) -> None:
    (tmp_path / "ca.crl").write_bytes(pki.crl("state-ca", SIGNED))
    verdict = openssl_verify(folder, name, SIGNED, "-crl_check", "-CRLfile", tmp_path / "ca.crl")
    assert (verdict.returncode != 0) is revoked
    assert ("certificate revoked" in verdict.stderr) is revoked
    signature = run("openssl", "crl", "-in", tmp_path / "ca.crl", "-noout", "-CAfile", folder / "state-ca.crt")
    assert "verify OK" in signature.stderr + signature.stdout


def test_crl_is_dated_and_can_be_stale_or_false(pki: ThrowawayPki, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "old.crl").write_bytes(pki.crl(at=SIGNED - timedelta(days=30)))
    stale = openssl_verify(folder, "agency", SIGNED, "-crl_check", "-CRLfile", tmp_path / "old.crl")
    assert "CRL has expired" in stale.stderr
    (tmp_path / "false.crl").write_bytes(pki.crl(at=SIGNED, signed_by="rogue-ca"))
    false = openssl_verify(folder, "agency", SIGNED, "-crl_check", "-CRLfile", tmp_path / "false.crl")
    assert "unable to get certificate CRL" in false.stderr
    later = x509.load_der_x509_crl(pki.crl(at=SIGNED + timedelta(days=60)))
    serial = pki["agency-revoked-later"].certificate.serial_number
    entry = later.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None and entry.revocation_date_utc == datetime(2026, 11, 10, tzinfo=UTC)
    more = x509.load_der_x509_crl(pki.crl(at=SIGNED, revoked={"agency": SIGNED}))
    assert more.get_revoked_certificate_by_serial_number(pki["agency"].certificate.serial_number) is not None


@pytest.mark.parametrize(
    ("name", "word"), [("agency", "good"), ("agency-revoked", "revoked"), ("agency-revoked-later", "good")]
)
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_openssl_reads_the_ocsp_response(
    pki: ThrowawayPki, folder: Path, tmp_path: Path, name: str, word: str, algorithm: str
) -> None:
    request, response = tmp_path / "request", tmp_path / "response"
    made = run(
        "openssl", "ocsp", f"-{algorithm}", "-issuer", folder / "state-ca.crt", "-cert", folder / f"{name}.crt",
        "-reqout", request,
    )  # fmt: skip
    assert made.returncode == 0
    reply = answer(pki, "POST", "/ocsp", request.read_bytes(), SIGNED)
    assert (reply.status, reply.media_type) == (200, "application/ocsp-response")
    response.write_bytes(reply.body)
    # `-no_nonce` keeps OpenSSL from drawing a new one over that of the request; thisUpdate is compared with today,
    # so the allowed period is made wide.
    verdict = run(
        "openssl", "ocsp", "-reqin", request, "-respin", response, "-CAfile", folder / "chain.pem", "-no_nonce",
        "-issuer", folder / "state-ca.crt", f"-{algorithm}", "-cert", folder / f"{name}.crt",
        "-attime", str(int(SIGNED.timestamp())), "-validity_period", str(10**9),
    )  # fmt: skip
    assert "Response verify OK" in verdict.stderr, verdict.stderr
    assert f"{name}.crt: {word}" in verdict.stdout
    assert answer(pki, "GET", "/ocsp/" + base64.b64encode(request.read_bytes()).decode(), at=SIGNED) == reply


def test_ocsp_can_lie(pki: ThrowawayPki, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "response").write_bytes(pki.ocsp("agency", SIGNED, responder="rogue-agency", status="unknown"))
    verdict = run(
        "openssl", "ocsp", "-respin", tmp_path / "response", "-CAfile", folder / "chain.pem",
        "-issuer", folder / "state-ca.crt", "-cert", folder / "agency.crt", "-attime", str(int(SIGNED.timestamp())),
    )  # fmt: skip
    assert "Response Verify Failure" in verdict.stderr
    with pytest.raises(UsageError):
        pki.ocsp("root", SIGNED)


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_openssl_accepts_the_token(pki: ThrowawayPki, folder: Path, tmp_path: Path, digest: str) -> None:
    data, query, reply = tmp_path / "data", tmp_path / "query", tmp_path / "reply"
    data.write_bytes("Kính gửi".encode())
    assert run("openssl", "ts", "-query", "-data", data, f"-{digest}", "-cert", "-out", query).returncode == 0
    got = answer(pki, "POST", f"{pki.base_url}/tsa", query.read_bytes(), SIGNED)
    reply.write_bytes(got.body)
    when = ("-attime", str(int(SIGNED.timestamp())), "-CAfile", folder / "root.crt")
    verdict = run("openssl", "ts", "-verify", "-queryfile", query, "-in", reply, *when)
    assert "Verification: OK" in verdict.stdout + verdict.stderr, verdict.stderr
    shown = run("openssl", "ts", "-reply", "-in", reply, "-text").stdout
    assert "Time stamp: Oct 15 03:20:00 2026 GMT" in shown
    data.write_bytes(b"other")
    assert "OK" not in run("openssl", "ts", "-verify", "-data", data, "-in", reply, *when).stdout
    token = tmp_path / "token"
    token.write_bytes(pki.timestamp(hashlib.sha256(data.read_bytes()).digest(), SIGNED))
    bare = run("openssl", "ts", "-verify", "-data", data, "-in", token, "-token_in", *when)
    assert "Verification: OK" in bare.stdout + bare.stderr


@pytest.mark.parametrize(
    ("tsa", "wrong"),
    [
        ("tsa-wrong-purpose", "unsuitable certificate purpose"),
        ("tsa-expired", "certificate has expired"),
        ("rogue-tsa", "unable to get local issuer certificate"),
    ],
)
def test_openssl_refuses_the_token_of_a_bad_tsa(
    pki: ThrowawayPki, folder: Path, tmp_path: Path, tsa: str, wrong: str
) -> None:
    (tmp_path / "data").write_bytes(b"data")
    (tmp_path / "token").write_bytes(pki.timestamp(hashlib.sha256(b"data").digest(), SIGNED, tsa=tsa))
    verdict = run(
        "openssl", "ts", "-verify", "-data", tmp_path / "data", "-in", tmp_path / "token", "-token_in",
        "-attime", str(int(SIGNED.timestamp())), "-CAfile", folder / "root.crt",
    )  # fmt: skip
    assert wrong in verdict.stdout + verdict.stderr


def test_services_answer_nonsense_with_a_refusal(pki: ThrowawayPki) -> None:
    for body in (b"", b"\x30\x80", b"hello", bytes(1000)):
        assert answer(pki, "POST", "/tsa", body).body[:4] != b"\x30\x80"
        assert answer(pki, "POST", "/ocsp", body).status == 200
    assert answer(pki, "GET", "/ocsp/!!").status == 400
    for target in ("/", "/crl/agency.crl", "/crl/nobody.crl", "/crt/../agency.cer", "/tsa", "/crt/agency.key"):
        assert answer(pki, "GET", target).status == 404
    assert answer(pki, "POST", "/tsa/nobody").status == 404


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_services_never_raise(pki: ThrowawayPki, body: bytes) -> None:
    for target in ("/tsa", "/ocsp"):
        assert answer(pki, "POST", target, body, SIGNED).status == 200


def test_server_serves_on_loopback_and_stops(tmp_path: Path) -> None:
    with PkiServer(now=lambda: SIGNED) as server:
        pki = server.pki
        points = pki["agency"].certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        [name] = points[0].full_name or []
        assert name.value.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(name.value, timeout=10) as reply:
            assert reply.headers["Content-Type"] == "application/pkix-crl"
            assert reply.read() == pki.crl("state-ca", SIGNED)
        assert server.counts["/crl/state-ca.crl"] == 1
        server.faults["/crl/state-ca.crl"] = "error"
        with pytest.raises(urllib.error.HTTPError, match="500"):
            urllib.request.urlopen(name.value, timeout=10)
        server.faults["/crl/state-ca.crl"] = "hang"
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(name.value, timeout=0.2)
        server.faults["/crl/state-ca.crl"] = "endless"
        with urllib.request.urlopen(name.value, timeout=10) as reply:
            assert len(reply.read(1 << 21)) == 1 << 21
        big = urllib.request.Request(server.url + "/tsa", data=bytes(100_000))
        with pytest.raises((urllib.error.HTTPError, urllib.error.URLError)):
            urllib.request.urlopen(big, timeout=10)
    server.stop()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(server.url + "/crt/root.cer", timeout=2)


def test_seed_makes_the_same_pki_in_every_process() -> None:
    code = (
        "from vn_edoc.testing.pki import ThrowawayPki as P; from vn_edoc.testing.profiles import CAST;"
        "import hashlib, dataclasses, datetime as d;"
        "cast = {n: dataclasses.replace(p, key='rsa1024' if n == 'root' else 'ec256') for n, p in CAST.items()};"
        "p = P(seed=b'same', cast=cast); t = d.datetime(2026, 10, 15, tzinfo=d.timezone.utc);"
        "made = [p['agency-ec'].der, p.crl(at=t), p.ocsp('agency-ec', t), p.timestamp(bytes(32), t, tsa='agency-ec')];"
        "print(hashlib.sha256(b''.join(made)).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert throwaway_key("a", "ec256", seed=b"same").private_numbers() != throwaway_key("a", "ec256").private_numbers()


def test_keys_are_kept_and_told_apart() -> None:
    assert throwaway_key("a", "ec256") is throwaway_key("a", "ec256")
    assert throwaway_key("a", "ec256") is not throwaway_key("b", "ec256")
    for kind, bits in (("ec256", 256), ("ec384", 384), ("ec521", 521), ("rsa1024", 1024)):
        assert throwaway_key("bits", kind, seed=b"seed").key_size == bits  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        throwaway_key("a", "dsa")  # type: ignore[arg-type]


def test_cast_can_be_extended_but_not_redefined(pki: ThrowawayPki) -> None:
    from dataclasses import replace

    mine = replace(CAST["agency"], name="mine", key="ec256")
    assert pki.add(mine).certificate.subject == pki["agency"].certificate.subject
    assert pki.add(mine) is pki["mine"]
    with pytest.raises(UsageError):
        pki.add(replace(mine, name="agency"))
    with pytest.raises(UsageError):
        pki["nobody"]
    with pytest.raises(UsageError):
        pki.crl(at=datetime(2026, 1, 1))
    assert pki["agency-renewed"].key is pki["agency"].key
    assert pki["agency-renewed"].der != pki["agency"].der
