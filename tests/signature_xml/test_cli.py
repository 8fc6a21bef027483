"""``vn-edoc sign packet | xml``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.signature.cast import PKI
from tests.signature_xml.test_packet import PLAIN
from tests.signature_xml.test_xml import DOCUMENT
from vn_edoc.cli import main
from vn_edoc.signature import verify_packet, verify_xml


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
