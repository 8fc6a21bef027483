"""``vn-edoc sign packet | xml``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.signature.cast import PKI
from tests.signature_xml.test_packet import PLAIN
from tests.signature_xml.test_xml import DOCUMENT
from vn_edoc.cli import main
from vn_edoc.signature import TrustStore, sign_packet, sign_xml, verify_packet, verify_xml
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import PkiServer


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (tmp_path / "agency.p12").write_bytes(PKI["agency"].pkcs12(b"test"))
    monkeypatch.setenv("VN_EDOC_PIN", "test")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return ["--p12", str(tmp_path / "agency.p12")]


@pytest.mark.parametrize("form", ["seal", "header"])
def test_packet(tmp_path: Path, key: list[str], form: str, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "in.edxml", tmp_path / "out.edxml"
    source.write_bytes(PLAIN)
    arguments = ["sign", "packet", str(source), str(target), "--form", form, "--role", "Văn thư", "--json", *key]
    assert main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["signed"]["form"] == form and told["signed"]["level"] == "B-B"
    assert verify_packet(target).state == "verifies"


def test_xml(tmp_path: Path, key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "in.xml", tmp_path / "out.xml"
    source.write_bytes(DOCUMENT)
    assert main(["sign", "xml", str(source), str(target), "--pss", "--place", "Hà Nội", *key]) == 0
    assert "Ký số thành công" in capsys.readouterr().out
    assert verify_xml(target).signatures[0].intact is True
    assert main(["sign", "xml", str(source), str(target), "--form", "detached", "--id", "none", "--json", *key]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "ids"


def test_extend(tmp_path: Path, key: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A packet and a document are raised by the same command, with a time-stamp and revocation data over HTTP."""
    with PkiServer() as server:
        agency, base = server.pki["agency"], server.pki.base_url
        made = SoftwareSigner(agency.key, agency.certificate, agency.issuers[:-1])
        (tmp_path / "root.crt").write_bytes(server.pki["root"].der)
        sign_packet(PLAIN, tmp_path / "in.edxml", made)
        sign_xml(DOCUMENT, tmp_path / "in.xml", made)
        host = base.partition("://")[2]
        services = ["--tsa", f"{base}/tsa", "--allow", host, "--private", host, "--trust", str(tmp_path / "root.crt")]
        trust = TrustStore([server.pki["root"].der])
        for name, verify in (("edxml", verify_packet), ("xml", verify_xml)):
            source, target = str(tmp_path / f"in.{name}"), tmp_path / f"out.{name}"
            assert main(["sign", "extend", source, str(target), "--level", "B-LT", "--json", *services]) == 0
            told = json.loads(capsys.readouterr().out)["signed"]
            assert told["level"] == "B-LT"
            assert told["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
            assert main(["sign", "extend", str(target), str(target), *services]) == 0
            assert "Nâng mức chữ ký thành công" in capsys.readouterr().out
            (one,) = verify(target, trust=trust).signatures
            assert (one.level, one.indication) == ("B-LTA", "TOTAL-PASSED")
    before = target.read_bytes()
    assert main(["sign", "extend", str(target), str(target), "--level", "B-T", "--json", *services]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "level"
    assert target.read_bytes() == before
