"""SARIF, JUnit, ETSI and PDF forms, judged by others where others can."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import fields, is_dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.validity.judged import BUILDER, report, sample
from tests.validity.test_report import HOSTILE, hostile_report
from vn_edoc.cli.application import run
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import Limits
from vn_edoc.validity.todo import Action

VR = "{http://uri.etsi.org/19102/v1.2.1#}"


def test_sarif() -> None:
    bad = report("tampered-pdf")
    log = json.loads(bad.to_sarif())
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (only,) = log["runs"]
    assert len(only["results"]) == len(bad.findings)
    rules = only["tool"]["driver"]["rules"]
    for result, finding in zip(only["results"], bad.findings, strict=True):
        assert result["ruleId"] == finding.rule == rules[result["ruleIndex"]]["id"]
        assert (
            result["level"]
            == {"fatal": "error", "error": "error", "warning": "warning", "info": "note"}[finding.severity]
        )
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert only["artifacts"][place["index"]]["location"]["uri"] == place["uri"]
    assert only["artifacts"][0]["hashes"]["sha-256"] == bad.input.sha256


SARIF = ("good", "tampered-pdf", "no-signature", "secret", "doctype", "attachment-damaged", "status-03", "sealed")


def test_sarif_in_the_eyes_of_its_makers(tmp_path: Path) -> None:
    """The SARIF SDK of Microsoft: its schema of SARIF 2.1.0, and the errors its validator finds beyond the schema."""
    jsonschema: Any = pytest.importorskip("jsonschema")
    tool = _sarif_tool()
    schema = json.loads((tool.parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    judge = jsonschema.validators.validator_for(schema)(schema)
    for name in SARIF:
        for lang in ("vi", "en"):
            text = report(name).to_sarif(lang)
            assert not [e.message for e in judge.iter_errors(json.loads(text))]
            (tmp_path / f"{name}.{lang}.sarif").write_text(text, encoding="utf-8")
    (tmp_path / "hostile.sarif").write_text(hostile_report().to_sarif(), encoding="utf-8")
    command = [str(tool), "validate", str(tmp_path / "*.sarif"), "--kind", "Fail", "--level", "Error"]
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    run = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=False)
    assert run.returncode == 0 and "completed successfully" in run.stdout, run.stdout
    assert ": error " not in run.stdout and f"{len(SARIF) * 2 + 1} files scanned" in run.stdout

    broken = json.loads(report().to_sarif())
    broken["runs"][0]["results"][0]["ruleIndex"] = 999
    (tmp_path / "broken.sarif").write_text(json.dumps(broken), encoding="utf-8")
    command[2] = str(tmp_path / "broken.sarif")
    run = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120, check=False)
    assert ": error " in run.stdout, run.stdout


def _sarif_tool() -> Path:
    for folder in os.environ.get("NODE_PATH", "").split(":"):
        tool = Path(folder) / "@microsoft/sarif-multitool-linux/Sarif.Multitool"
        if folder and tool.is_file():
            return tool
    pytest.skip("@microsoft/sarif-multitool-linux on NODE_PATH is not there")


SARIF_NAMES = {
    "$schema version runs": ("$schema", "version", "runs"),
    "run": ("tool", "language", "artifacts", "results"),
    "driver": ("name", "version", "informationUri", "rules", "properties"),
    "rule": ("id", "shortDescription", "help", "defaultConfiguration", "properties"),
    "artifact": ("location", "length", "hashes"),
    "result": ("ruleId", "ruleIndex", "level", "message", "locations", "properties"),
    "location": ("physicalLocation", "logicalLocations"),
    "region": ("startLine", "byteOffset", "byteLength"),
}
"""Members that SARIF 2.1.0 (OASIS) names for the objects that are written."""


@pytest.mark.parametrize("name", ["good", "tampered-pdf", "no-signature", "secret", "doctype", "attachment-damaged"])
def test_sarif_has_only_members_of_the_standard(name: str) -> None:
    log = json.loads(report(name).to_sarif())
    assert set(log) == set(SARIF_NAMES["$schema version runs"])
    (only,) = log["runs"]
    assert set(only) <= set(SARIF_NAMES["run"])
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", only["language"])
    driver = only["tool"]["driver"]
    assert set(driver) <= set(SARIF_NAMES["driver"])
    assert len({r["id"] for r in driver["rules"]}) == len(driver["rules"])
    for rule in driver["rules"]:
        assert set(rule) <= set(SARIF_NAMES["rule"])
        assert rule.get("defaultConfiguration", {}).get("level", "none") in {"none", "note", "warning", "error"}
    for artifact in only["artifacts"]:
        assert set(artifact) <= set(SARIF_NAMES["artifact"]) and artifact["length"] >= -1
        assert re.fullmatch(r"[0-9a-f]{64}", artifact["hashes"]["sha-256"])
        assert re.fullmatch(r"[!-~]+", artifact["location"]["uri"])
    for result in only["results"]:
        assert set(result) <= set(SARIF_NAMES["result"])
        assert result["level"] in {"none", "note", "warning", "error"}
        assert 0 <= result["ruleIndex"] < len(driver["rules"]) and set(result["message"]) == {"text"}
        for location in result["locations"]:
            assert set(location) <= set(SARIF_NAMES["location"])
            region = location["physicalLocation"].get("region", {})
            assert set(region) <= set(SARIF_NAMES["region"])
            assert region.get("startLine", 1) >= 1 and region.get("byteLength", 0) >= 0


JUNIT = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name"/><xs:attribute name="time" type="xs:decimal"/>
    <xs:attribute name="tests" type="xs:nonNegativeInteger"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuite"><xs:complexType>
    <xs:sequence><xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name" use="required"/><xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger"/>
    <xs:attribute name="skipped" type="xs:nonNegativeInteger"/><xs:attribute name="time" type="xs:decimal"/>
    <xs:attribute name="timestamp" type="xs:dateTime"/>
  </xs:complexType></xs:element>
  <xs:element name="testcase"><xs:complexType>
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="skipped"><xs:complexType mixed="true">
        <xs:attribute name="message"/></xs:complexType></xs:element>
      <xs:element name="failure"><xs:complexType mixed="true">
        <xs:attribute name="type"/><xs:attribute name="message"/></xs:complexType></xs:element>
      <xs:element name="system-out" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="name" use="required"/><xs:attribute name="classname"/>
    <xs:attribute name="time" type="xs:decimal"/>
  </xs:complexType></xs:element>
</xs:schema>"""
"""What the servers that read JUnit XML agree on, as far as it is written here."""


@pytest.mark.parametrize("name", ["good", "tampered-pdf", "no-signature", "secret", "doctype", "sent-late"])
def test_junit_by_its_common_schema(name: str) -> None:
    schema = etree.XMLSchema(etree.fromstring(JUNIT))
    one = report(name)
    root = etree.fromstring(one.to_junit().encode())
    schema.assertValid(root)
    for failure in root.iter("failure"):
        assert str(failure.get("message")).startswith(("fatal: ", "error: "))


def test_junit() -> None:
    for name, fails in (("good", False), ("tampered-pdf", True), ("sent-late", True)):
        one = report(name)
        root = etree.fromstring(one.to_junit().encode())
        suite = root.find("testsuite")
        assert suite is not None
        cases = suite.findall("testcase")
        failed = {str(c.get("name")).split()[0] for c in cases if c.find("failure") is not None}
        assert failed == {f.rule for f in one.findings if f.severity in {"error", "fatal"}}
        assert bool(failed) is fails
        assert int(suite.get("tests", "")) == len(cases) >= len(one.checks)
        assert int(suite.get("failures", "")) == len(failed)


ETSI = (
    "good",
    "tampered-pdf",
    "no-signature",
    "document-missing",
    "agency-revoked",
    "sealed",
    "header-annex-swapped",
    "secret",
    "status-03",
)


@pytest.mark.parametrize("name", ETSI)
def test_etsi_report_in_the_eyes_of_another_reader(name: str) -> None:
    """The classes were generated by others from the ETSI schema; unknown, misplaced, doubled and missing names fail."""
    model: Any = pytest.importorskip("pyhanko.generated.etsi.ts_11910202")
    parsers: Any = pytest.importorskip("xsdata.formats.dataclass.parsers")
    config: Any = pytest.importorskip("xsdata.formats.dataclass.parsers.config")
    strict = config.ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True)
    one = report(name)
    read = parsers.XmlParser(config=strict).from_string(one.to_etsi(), model.ValidationReport)
    assert not _wanting(read)
    if not one.signatures:
        (only,) = read.signature_validation_report
        said = only.signature_validation_status.main_indication.rpartition(":")[2]
        assert said == ("indeterminate" if one.stopped else "noSignatureFound")
        return
    assert len(read.signature_validation_report) == len(one.signatures)
    objects = {o.id: o for o in read.signature_validation_objects.validation_object}
    for theirs, ours in zip(read.signature_validation_report, one.signatures, strict=True):
        status = theirs.signature_validation_status
        assert status.main_indication.rpartition(":")[2] == ours.indication.value.lower()
        said = [s.rpartition(":")[2] for s in status.sub_indication]
        assert said == ([ours.sub_indication.value] if ours.sub_indication is not None else [])
        (data,) = status.associated_validation_report_data
        signed = [r.sha256 for r in ours.references if r.sha256 is not None]
        if len(signed) == 1:
            assert theirs.signers_document.digest_alg_and_value.digest_value.value.hex() == signed[0]
        else:
            named = [objects[r.voreference[0]] for r in data.related_validation_object]
            assert {o.object_type.rpartition(":")[2] for o in named} == {"signedData"}
            given = [o.validation_object_representation.digest_alg_and_value.digest_value.value.hex() for o in named]
            assert given == list(dict.fromkeys(signed))
        proof = theirs.validation_time_info.best_signature_time.type_of_proof.rpartition(":")[2]
        assert proof == ("validation" if ours.proven_at is None or ours.stamped else "provided")
        revoked = [link.sha256 for link in ours.chain if link.revoked_at is not None]
        told = data.revocation_status_information
        assert (told is not None) is bool(revoked)
        assert told is None or told.validation_object_id.voreference == (f"C-{revoked[0].upper()}",)


def _wanting(value: Any) -> list[str]:
    """Names that the schema asks for and that a tree of its classes has not."""
    if not is_dataclass(value):
        return []
    lacking = []
    for one in fields(value):
        inner = getattr(value, one.name)
        many = inner if isinstance(inner, tuple | list) else [inner]
        # Where the schema has a choice, the classes have a sequence of all: its members are not asked for.
        least = 0 if "sequence" in one.metadata else one.metadata.get("min_occurs", 0)
        if (one.metadata.get("required") and inner is None) or len(many) < least:
            lacking.append(f"{type(value).__name__}.{one.name}")
        lacking += [name for item in many for name in _wanting(item)]
    return lacking


def test_a_receipt_is_a_proof_that_was_given() -> None:
    given = replace(report(), signatures=tuple(replace(s, timestamps=()) for s in report().signatures))
    proofs = [e.text for e in etree.fromstring(given.to_etsi().encode()).iter(f"{VR}TypeOfProof")]
    assert proofs == ["urn:etsi:019102:poetype:provided"] * len(given.signatures)
    without = replace(given, signatures=tuple(replace(s, proven_at=None) for s in given.signatures))
    times = [e.text for e in etree.fromstring(without.to_etsi().encode()).iter(f"{VR}POETime")]
    assert set(times) == {given.checked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_etsi_references_resolve() -> None:
    root = etree.fromstring(report().to_etsi().encode())
    known = {e.get("id") for e in root.iter(f"{VR}ValidationObject")}
    used = {e.get("VOReference") for e in root.iter() if e.get("VOReference")}
    assert used and used <= known


def test_xml_is_well_formed_for_xmllint(tmp_path: Path) -> None:
    if shutil.which("xmllint") is None:
        pytest.skip("xmllint is not installed")
    for name, text in (("etsi.xml", hostile_report().to_etsi()), ("junit.xml", hostile_report().to_junit())):
        (tmp_path / name).write_text(text, encoding="utf-8")
        subprocess.run(["xmllint", "--noout", str(tmp_path / name)], check=True)


def test_hostile_text_in_every_form() -> None:
    hostile = hostile_report()
    for text in (hostile.to_sarif(), hostile.to_junit(), hostile.to_etsi()):
        assert not set(text) & set("\u202e\u2066\x1b\x00")
    assert etree.fromstring(hostile.to_junit().encode()).find(".//script") is None
    assert hostile.to_pdf().startswith(b"%PDF-")
    assert "alert" in HOSTILE


def test_pdf_says_what_the_report_says() -> None:
    pdfium: Any = pytest.importorskip("pypdfium2")
    one = report("tampered-pdf")
    data = one.to_pdf()
    assert data == one.to_pdf()
    document = pdfium.PdfDocument(data)
    text = ""
    for page in document:
        width, height = page.get_size()
        assert (round(width), round(height)) == (595, 842)
        words = page.get_textpage()
        text += words.get_text_range() + " "
        words.close()
        page.close()
    document.close()
    flat = re.sub(r"\s+", " ", text)
    assert "KHÔNG ĐỦ ĐIỀU KIỆN" in flat and "Nguyễn Văn Mẫu" in flat and "Căn cứ để từ chối" in flat
    assert "/JavaScript" not in data.decode("latin-1")


def test_the_checking_agency_signs_the_report() -> None:
    from vn_edoc.signature import Pkcs12Signer, sign_pdf, verify_pdf

    signer = Pkcs12Signer(BUILDER.pki["agency"].pkcs12(b"test"), "test")
    out = io.BytesIO()
    when = sample().judged_at
    sign_pdf(report().to_pdf(), out, signer, signed_at=when)
    verified = verify_pdf(out.getvalue(), trust=sample().trust_object(), limits=Limits(), at=when)
    assert [(s.intact, s.trusted, s.changes) for s in verified.signatures] == [(True, True, "none")]


def test_command_writes_every_form(tmp_path: Path) -> None:
    sample().write(tmp_path)
    names = {form: tmp_path / f"out.{form}" for form in ("html", "pdf", "sarif", "junit", "etsi")}
    options = [part for form, file in names.items() for part in (f"--{form}", str(file))]
    run(["verify", str(tmp_path / "packet.edxml"), *options, "--trust", str(tmp_path / "trust")])
    assert all(file.stat().st_size > 500 for file in names.values())
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("a.edxml", "b.edxml"):
        (inbox / name).write_bytes(sample().packet)
    run(["verify", str(inbox), "--sarif", str(names["sarif"]), "--junit", str(names["junit"]), "--workers", "1"])
    assert len(json.loads(names["sarif"].read_text())["runs"][0]["artifacts"]) == 2
    assert len(etree.parse(str(names["junit"])).findall("testsuite")) == 2
    assert run(["verify", str(inbox), "--pdf", str(names["pdf"])]) == 3


def test_no_heading_of_findings_stands_alone_at_the_foot_of_a_page() -> None:
    pdfium: Any = pytest.importorskip("pypdfium2")
    labels = tuple(action.label(lang) for action in Action for lang in ("vi", "en"))
    one, last = report(), []
    for number in range(8, 24):
        more = (Finding("R28", Severity.WARNING, Location(), f"Dòng {n}", f"Line {n}") for n in range(number))
        shown = replace(one, findings=(*one.findings, *more))
        with pdfium.PdfDocument(shown.to_pdf()) as document:
            for page in document:
                text = page.get_textpage().get_text_bounded().split("\n")
                last.append([line.strip() for line in text if line.strip()][-1])
    assert len(last) >= 48
    assert not [line for line in last if line.startswith(labels)]
