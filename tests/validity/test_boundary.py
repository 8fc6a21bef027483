"""Whatever the bytes are, judging answers with a report."""

from __future__ import annotations

import io
import json
import logging
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.limits import Limits

NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")
VERIFIER = vn_edoc.Verifier(limits=Limits(packet_bytes=64 * 1024 * 1024))
SCHEMA = jsonschema.Draft202012Validator(vn_edoc.Report.json_schema())
VALUES = {"original", "copy", "insufficient", "undetermined"}


def judged(source: bytes) -> vn_edoc.Report:
    report = VERIFIER.verify(source, at=NOW)
    assert report.document is None or report.document.value in VALUES
    SCHEMA.validate(json.loads(report.to_json()))
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
        SCHEMA.validate(json.loads(report.to_json()))
        assert report.to_text() and report.to_html(), path.name


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
    SCHEMA.validate(json.loads(report.to_json()))
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


def test_the_schema_is_one_and_refuses_other_things() -> None:
    schema = vn_edoc.Report.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    report = judged(b"nothing").to_dict()
    for broken in (
        {**report, "kind": "other"},
        {**report, "more": 1},
        {k: v for k, v in report.items() if k != "input"},
    ):
        assert not SCHEMA.is_valid(broken)


def test_answers_to_a_packet(shared: Path) -> None:
    verifier = vn_edoc.Verifier()
    context = vn_edoc.Context(receiver_code="000.00.00.H41")
    report = verifier.verify(shared / "samples" / "edxml" / "01_java_sdk_new.xml", at=NOW, context=context)
    assert {f.rule for f in report.grounds} == {"R04"}
    refused = report.refusal(at=NOW)
    assert refused is not None
    assert refused.status_code == "02"
    assert refused.sender is not None and refused.sender.organ_id == "000.00.00.H41"
    assert "khoản 1 Điều 4 Quyết định số 28/2018/QĐ-TTg" in str(refused.description)
    told = report.acknowledgement(at=NOW)
    assert told.status_code == "01"
    assert told.response_for is not None and told.response_for.organ_id == "000.00.00.G22"
    status = verifier.verify(shared / "samples" / "edxml" / "05_status_01_java_builder.xml", at=NOW)
    assert status.document is None and status.exchange is None
    with pytest.raises(UsageError):
        status.acknowledgement(at=NOW)
