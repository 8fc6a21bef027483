"""``vn-edoc pack``: what is wrong with a description is told with its line; nothing overwrites what is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.envelope.packets import HEADER, TRACE, attachment, filled, packet, reference
from vn_edoc.cli import main
from vn_edoc.envelope import DocumentMessage, StatusMessage
from vn_edoc.envelope.template import template as template_of
from vn_edoc.envelope.template import unfilled
from vn_edoc.errors import UsageError

CHANGES = [
    ("Subject: V/v kiểm thử", 'Subject: "abc', "YAML sai cú pháp"),
    ("Subject: V/v kiểm thử", "Subject: V/v a: b", 'dấu ": "'),
    ("Subject: V/v kiểm thử", "Subjet: V/v", "có phải Subject?"),
    ("  OrganId: H29.12", "\tOrganId: H29.12", "thụt dòng bằng tab"),
    ("  OrganId: H29.12", "  OrganId: H29 12", "Mã định danh 'H29 12'"),
    ("  Priority: 0", "  Priority: 9", "phải là 0, 1, 2, 3 hoặc 4, không phải '9'"),
    ("PromulgationDate: 2026-03-05", "PromulgationDate: 2026-02-30", "ngày có thật"),
    (
        "  - OrganId: H29.20",
        "  - OrganIdd: H29.20",
        "To.0.OrganIdd: không có trường này; có phải OrganId?",
    ),
    ("  - OrganId: H29.20", "  - OrganId: H29 20", "MessageHeader/To/OrganId"),
    ("Timestamp: 2026-03-05T09:00:00+07:00", "Timestamp: sáng nay", "phải là thời điểm"),
    ("  OrganName: Sở Nội vụ", "  OrganName: [a]", "phải là văn bản"),
    ("Subject: V/v kiểm thử", "Subject: V/v\x00", "không cho phép ký tự U+0000"),
    ("  Type: 2", "  Type: hai", "phải là số nguyên, không phải 'hai'"),
]


@pytest.fixture
def template(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["pack", "--template"]) == 0
    return filled(capsys.readouterr().out)


_LEFT = ["To[1]/OrganName", "DocumentId", "Subject", "SignerInfo/Position", "SignerInfo/FullName"]


@pytest.mark.parametrize(
    ("model", "option", "fields"),
    [
        (DocumentMessage, "--template", _LEFT),
        (StatusMessage, "--status-template", ["ResponseFor/DocumentId"]),
    ],
)
def test_a_template_is_filled_in_before_it_is_packed(
    model: type[DocumentMessage | StatusMessage],
    option: str,
    fields: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["pack", option]) == 0
    text = capsys.readouterr().out
    # What is handed out is what the models give.
    assert text == template_of(model)
    description, packed = tmp_path / "d.yaml", tmp_path / "p.edxml"
    description.write_text(text, encoding="utf-8")
    assert main(["pack", str(description), "-o", str(packed), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["error"]
    assert ", ".join(fields) in told["message_vi"] and "mẫu" in told["message_vi"]
    assert told["field"] == fields[0] and told["rule"] == "pack.placeholder" and "line" in told["message_en"]
    assert not packed.exists()
    assert main(["pack", str(description), "-o", str(packed), "--draft"]) == 0
    description.write_text(filled(text), encoding="utf-8")
    assert main(["pack", str(description), "-o", str(packed)]) == 0


def test_one_field_that_is_left_is_enough() -> None:
    one = {"receivers": [{"organ_id": "G12"}, {"organ_id": "H29.20", "organ_name": "Ủy ban nhân dân phường Mẫu"}]}
    assert unfilled(DocumentMessage.from_dict(one)) == ["To[2]/OrganName"]
    assert unfilled(DocumentMessage.from_dict({"Subject": " V/v … "})) == ["Subject"]
    # Position and name are those of many; only together they are the example.
    assert not unfilled(DocumentMessage.from_dict({"SignerInfo": {"FullName": "Nguyễn Văn A"}}))
    signer = {"FullName": "Nguyễn Văn A", "Position": "Giám đốc"}
    assert unfilled(DocumentMessage.from_dict({"SignerInfo": signer})) == ["SignerInfo/Position", "SignerInfo/FullName"]
    assert not unfilled(DocumentMessage.from_dict({"Subject": "V/v … của sở", "From": {"OrganName": "Sở Nội vụ"}}))


@pytest.mark.parametrize(("found", "written", "words"), CHANGES)
def test_the_line_is_told(
    found: str, written: str, words: str, template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(template.replace(found, written), encoding="utf-8")
    line = next(n for n, text in enumerate(template.splitlines(), 1) if text.startswith(found) or f" {found}" in text)
    assert main(["pack", str(path), "-o", str(tmp_path / "p.edxml"), "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["error"]
    assert words in told["message_vi"] and "Input should" not in told["message_vi"]
    # A quote that is not closed ends where another one stands.
    if written != 'Subject: "abc':
        assert f"d.yaml, dòng {line}" in told["message_vi"] and f"line {line}" in told["message_en"]
    assert not (tmp_path / "p.edxml").exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("d.yaml", "Subject: !!bool x", "kiểu mà thẻ nêu"),
        ("d.yaml", "Subject: !!int ''", "kiểu mà thẻ nêu"),
        ("d.yaml", "Subject: !!timestamp x", "kiểu mà thẻ nêu"),
        ("d.yaml", "", "các cặp tên: giá trị"),
        ("d.yaml", "- a\n- b\n", "các cặp tên: giá trị"),
        ("d.yaml", "a: [1\n b", "dòng 2, cột 3"),
        ("d.yaml", "Subject: a\nFrom: {}\nSubject: b\n", "dòng 3, cột 1: 'Subject' xuất hiện hai lần"),
        ("d.json", '{"From": {"OrganId": "H29.12",}}', "dòng 1, cột 31"),
        ("d.json", '{"a": 1, "a": 2}', "'a'"),
    ],
)
def test_other_descriptions_are_refused(
    name: str, text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert main(["pack", str(path), "-o", str(tmp_path / "p.edxml")]) == 3
    assert words in capsys.readouterr().err


def test_the_path_leads_from_the_message_to_the_field() -> None:
    with pytest.raises(UsageError) as refused:
        DocumentMessage.from_dict({"To": [{"OrganId": "G12"}, {"OrganId": 7}]})
    assert refused.value.field == "DocumentMessage.To.1.OrganId"
    with pytest.raises(UsageError) as refused:
        DocumentMessage.from_dict({"TraceHeaderList": {"TraceHeader": [{"Timestamp": "2026-03-05T09:00:00"}]}})
    assert refused.value.field == "DocumentMessage.TraceHeaderList.TraceHeader.0.Timestamp"


def test_nothing_is_written_over_what_is_read(template: str, tmp_path: Path) -> None:
    description, file = tmp_path / "d.yaml", tmp_path / "a.pdf"
    description.write_text(template, encoding="utf-8")
    file.write_bytes(b"%PDF-1.4")
    received = tmp_path / "p.edxml"
    received.write_bytes(packet(attachment("a.pdf", b"%PDF-1.4"), references=reference("a.pdf")))
    linked = tmp_path / "link.edxml"
    linked.symlink_to(received)
    before = {path: path.read_bytes() for path in (description, file, received)}
    for command in (
        ["pack", description, "-o", description],
        ["pack", description, "-a", file, "-o", file],
        ["convert", received, "--to", "vxp", "-o", received],
        ["convert", received, "--to", "vxp", "-o", linked],
        ["redact", received, "-o", received],
        ["status", received, "--code", "03", "-o", received],
    ):
        assert main([str(word) for word in command]) == 3, command
    assert {path: path.read_bytes() for path in before} == before


def test_system_errors_are_told_in_vietnamese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = tmp_path / "p.edxml"
    whole.write_bytes(packet())
    for command, words in (
        (["inspect", tmp_path / "none"], "không có tệp hoặc thư mục này"),
        (["inspect", tmp_path], "đó là thư mục"),
        (["extract", whole, whole], "đã có tệp tên này"),
        (["convert", whole, "--to", "vxp", "-o", tmp_path / "no" / "p"], "không có tệp hoặc thư mục này"),
    ):
        assert main([str(word) for word in command]) == 3
        said = capsys.readouterr().err
        assert words in said and said.count("Errno") == 0


def test_redact_takes_out_what_stands_in_the_place_of_codes(tmp_path: Path) -> None:
    person = "Lê Thị Hoa"
    header = HEADER.replace("Công văn", f"Đơn của {person}").replace(
        "</edXML:Subject>",
        f"</edXML:Subject><edXML:ResponseFor><edXML:OrganId>{person}</edXML:OrganId>"
        f"<edXML:Code>gọi {person} 0912345678</edXML:Code></edXML:ResponseFor>",
    )
    trace = TRACE.replace("<edXML:Bussiness>", f'<edXML:Bussiness id="{person}">')
    names = [f"Hợp đồng.{person}", "Hợp đồng.0912345678", "Hợp đồng.PDF"]
    files = [
        attachment(n, b"%PDF-1.4", content_id=str(i), kind=f"application/pdf; name={person}")
        for i, n in enumerate(names)
    ]
    listed = "".join(reference(n, str(i)) for i, n in enumerate(names))
    source, target = tmp_path / "p.edxml", tmp_path / "r.edxml"
    source.write_bytes(packet(*files, header=header, trace=trace, references=listed))
    assert main(["redact", str(source), "-o", str(target)]) == 0
    text = target.read_text(encoding="utf-8")
    assert person not in text and "0912345678" not in text and "Hợp" not in text
    assert "H29.12,2025/03/05,12/SA-VP" in text and "Xxx xxxx.PDF" in text and "2025/03/05 09:00:00" in text
    plain = tmp_path / "plain.edxml"
    plain.write_bytes(packet())
    assert main(["redact", str(plain), "-o", str(target)]) == 0
    assert "<edXML:TypeName>Công văn<" in target.read_text(encoding="utf-8")


def test_json_of_what_was_written(tmp_path: Path, template: str, capsys: pytest.CaptureFixture[str]) -> None:
    description, file = tmp_path / "d.yaml", tmp_path / "a.pdf"
    description.write_text(template, encoding="utf-8")
    file.write_bytes(b"%PDF-1.4")
    target = tmp_path / "p.xml"
    arguments = ["pack", description, "-a", file, "-o", target, "--dialect", "soap-2803", "--json"]
    assert main([str(a) for a in arguments]) == 0
    told = json.loads(capsys.readouterr().out)["result"]
    for about, path in ((told, target), (told["second"], tmp_path / "p_attachments.xml")):
        octets = path.read_bytes()
        assert about["sha256"] == hashlib.sha256(octets).hexdigest() and about["size"] == len(octets)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["convert", "p", "--to", "bkav", "-o", "x"], "'bkav' không thuộc"),
        (["convert"], "thiếu 'PACKET'"),
        (["inspct"], "không có lệnh 'inspct'"),
        (["inspect", "--fo", "p"], "không có tùy chọn --fo"),
        (["status", "p", "--code"], "cần giá trị"),
    ],
)
def test_misuse_is_told_in_vietnamese_too(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 3
    assert words in capsys.readouterr().err
    # At the end it would be the value that is missing.
    assert main([*arguments[:1], "--json", *arguments[1:]]) == 3
    assert words in json.loads(capsys.readouterr().out)["error"]["message_vi"]
