"""Whatever the bytes are, judging answers with a report."""

from __future__ import annotations

import io
import logging
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.limits import Limits

NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")
VERIFIER = vn_edoc.Verifier(limits=Limits(packet_bytes=64 * 1024 * 1024))
VALUES = {"original", "copy", "insufficient", "undetermined"}


def judged(source: bytes) -> vn_edoc.Report:
    report = VERIFIER.verify(source, at=NOW)
    assert report.document is None or report.document.value in VALUES
    assert report.to_json()
    assert report.to_text("vi")
    assert report.to_text("en")
    return report


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert not judged(data).accepted


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_anything_that_calls_itself_a_pdf(data: bytes) -> None:
    assert not judged(b"%PDF-1.7\n" + data).accepted


def test_the_samples_of_the_wild(shared: Path) -> None:
    for path in sorted((shared / "samples" / "edxml").rglob("*")):
        if path.suffix not in {".xml", ".txt"}:
            continue
        report = VERIFIER.verify(path, at=NOW)
        assert report.readable, path.name
        assert not report.accepted, path.name
        assert report.to_json() and report.to_text() and report.to_html(), path.name


@pytest.mark.parametrize("name", ["28-2018-qd-ttg", "30-2020-nd-cp"])
def test_real_files_that_were_rewritten(
    shared: Path, name: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from vn_edoc.signature import TrustStore

    verifier = vn_edoc.Verifier(trust=TrustStore.load(shared / "pki"))
    with caplog.at_level(logging.DEBUG):
        report = verifier.verify(shared / "signed" / f"pdf-congbao-{name}-recompressed.pdf", at=NOW)
    assert report.document is not None
    assert report.document.value == "insufficient"
    assert report.exchange is None
    cause = next(f for f in report.document.reasons if f.rule == "R71")
    assert "bị ghi lại sau khi ký" in cause.message_vi
    assert [s.signer.name for s in report.signatures if s.signer] == ["Cổng Thông tin điện tử Chính phủ"]
    assert "Cổng Thông tin điện tử Chính phủ" in report.to_text()
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
    assert not caplog.records


HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    "packet",
    [
        HEAD + b'<!DOCTYPE edXML [<!ENTITY a "aaaa">]><edXML>&a;</edXML>',
        HEAD + b'<!DOCTYPE edXML SYSTEM "http://127.0.0.1:1/x.dtd"><edXML/>',
        HEAD + b'<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/hostname">]><edXML>&x;</edXML>',
        HEAD + b"<edXML>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</edXML>",
        HEAD + b"<edXML>" + b"<a/>" * 400_000 + b"</edXML>",
        HEAD + b"<edXML><edXMLEnvelope><x>" + b"y" * (30 * 1024 * 1024) + b"</x></edXMLEnvelope></edXML>",
        HEAD + b'<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"',
        b"\x00" * 1000,
        b"PK\x03\x04" + b"\x00" * 100,
        "<edXML>\ud800</edXML>".encode("utf-16", "surrogatepass"),
    ],
    ids=["entity", "external dtd", "external entity", "deep", "many", "30 MB text", "cut", "zeros", "zip", "surrogate"],
)
def test_hostile_xml_ends_in_findings(packet: bytes) -> None:
    report = judged(packet)
    assert not report.accepted
    assert report.findings


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        VERIFIER.verify(tmp_path / "missing.edxml", at=NOW)


def test_wrong_arguments() -> None:
    with pytest.raises(UsageError):
        VERIFIER.verify(b"", at=datetime(2026, 1, 1))
    with pytest.raises(UsageError):
        VERIFIER.verify(12, at=NOW)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        VERIFIER.verify(io.StringIO("x"), at=NOW)  # type: ignore[arg-type]


def test_a_stream_and_its_bytes_are_the_same(shared: Path) -> None:
    data = (shared / "samples" / "edxml" / "01_java_sdk_new.xml").read_bytes()
    one = VERIFIER.verify(io.BytesIO(data), at=NOW).to_dict()
    two = VERIFIER.verify(data, at=NOW).to_dict()
    one["input"]["name"] = two["input"]["name"] = ""
    assert one == two


def test_too_big_is_said() -> None:
    report = vn_edoc.Verifier(limits=Limits(packet_bytes=100)).verify(b"x" * 101, at=NOW)
    assert not report.readable
    assert "100" in report.findings[0].message_en
