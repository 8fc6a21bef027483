"""The commands about packets, as a user calls them."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

import vn_edoc
from tests.envelope.packets import HEADER, attachment, filled, packet, reference
from tests.envelope.test_sealing import MESSAGE
from vn_edoc.cli import main
from vn_edoc.envelope import DocumentMessage, StatusCode, StatusMessage


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "sent.edxml"
    path.write_bytes(packet(attachment("../a.pdf", b"%PDF-1.4"), references=reference("../a.pdf")))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(a) for a in arguments])
    return code, capsys.readouterr().out


def test_inspect(capsys: pytest.CaptureFixture[str], sent: Path, tmp_path: Path) -> None:
    code, out = run(capsys, "inspect", sent)
    assert code == 0 and "Gói tin văn bản" in out and "12/SA-VP" in out and "Về việc thử" in out
    code, out = run(capsys, "inspect", sent, "--json")
    told = json.loads(out)
    assert told["schema"] == "vn-edoc/packet/1" and told["message"]["Subject"] == "Về việc thử"
    assert told["attachments"][0]["safe_name"] == "a.pdf"
    bad = tmp_path / "bad.edxml"
    bad.write_bytes(packet(header=HEADER.replace("Về việc thử", "x\u202ey")).replace(b"H29.12<", b"?\xc2\x9b<"))
    code, out = run(capsys, "inspect", bad)
    assert code == 1 and "\u202e" not in out and "\x9b" not in out
    assert run(capsys, "inspect", tmp_path / "none", "--json")[0] == 3


def test_extract(capsys: pytest.CaptureFixture[str], sent: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    assert run(capsys, "extract", sent, folder)[0] == 0
    assert [p.read_bytes() for p in folder.iterdir()] == [b"%PDF-1.4"]
    assert not (tmp_path / "a.pdf").exists()
    assert run(capsys, "extract", sent, folder, "--only", "x.pdf")[0] == 3
    damaged = tmp_path / "d.edxml"
    damaged.write_bytes(packet(attachment("a.pdf", "J*")))
    assert run(capsys, "extract", damaged, folder)[0] == 1


def test_pack_template_status_and_diff(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, template = run(capsys, "pack", "--template")
    assert code == 0
    description, packed = tmp_path / "d.yaml", tmp_path / "p.edxml"
    (tmp_path / "phu_luc.txt").write_text("nội dung", "utf-8")
    description.write_text(filled(template).replace("attachments: []", "attachments: [phu_luc.txt]"), "utf-8")
    assert run(capsys, "pack", description, "-o", packed)[0] == 0
    with vn_edoc.read(packed) as read:
        assert isinstance(read.message, DocumentMessage) and read.message.code is not None
        assert read.attachments[0].read().decode() == "nội dung"
        assert not read.findings
        as_json = tmp_path / "d.json"
        as_json.write_text(read.message.to_json(), "utf-8")
    assert run(capsys, "pack", as_json, "-a", tmp_path / "phu_luc.txt", "-o", tmp_path / "q.edxml")[0] == 0
    assert run(capsys, "diff", packed, tmp_path / "q.edxml")[0] == 0

    answer = tmp_path / "s.edxml"
    assert run(capsys, "status", packed, "--code", "3", "--at", "2026-03-05T10:00", "-o", answer)[0] == 0
    with vn_edoc.read(answer) as read:
        assert isinstance(read.message, StatusMessage) and read.message.status_code is StatusCode.ACCEPTED
        assert read.message.timestamp is not None and read.message.timestamp.isoformat() == "2026-03-05T10:00:00+07:00"
    assert run(capsys, "status", packed, "--code", "02", "-o", answer)[0] == 3
    assert run(capsys, "status", packed, "--code", "07", "-o", answer)[0] == 3
    code, template = run(capsys, "pack", "--status-template")
    description.write_text(filled(template), "utf-8")
    assert run(capsys, "pack", description, "-o", answer)[0] == 0


def test_pack_refuses_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    description = tmp_path / "d.yaml"
    for text in ("- a", "Subject: x", "Nonsense: 1", "a: [", "attachments: 3", "attachments: [{path: 3}]"):
        description.write_text(text, "utf-8")
        assert run(capsys, "pack", description, "-o", tmp_path / "p.edxml")[0] == 3
    assert not (tmp_path / "p.edxml").exists()
    description.write_text("Subject: x", "utf-8")
    assert run(capsys, "pack", description, "--draft", "-o", tmp_path / "p.edxml")[0] == 0


def test_diff_knows_what_the_axis_does(capsys: pytest.CaptureFixture[str], sent: Path, tmp_path: Path) -> None:
    more = "<edXML:TraceHeader><edXML:Timestamp>2025/03/05 09:10:00</edXML:Timestamp></edXML:TraceHeader>"
    more += "<edXML:Bussiness>"
    copied = (
        "<edXML:To><edXML:OrganId>000.00.00.G12</edXML:OrganId>"
        "<edXML:OrganizationInCharge>TLTVBQG_CDMDD_QD20</edXML:OrganizationInCharge></edXML:To><edXML:DocumentId>"
    )
    text = sent.read_text("utf-8").replace("<edXML:Bussiness>", more, 1).replace("<edXML:DocumentId>", copied, 1)
    received = tmp_path / "received.edxml"
    received.write_text(text, "utf-8")
    code, out = run(capsys, "diff", sent, received, "--json")
    changes = json.loads(out)["changes"]
    assert code == 0 and len(changes) == 2 and all(c["by_axis"] for c in changes)
    received.write_text(text.replace("Về việc thử", "Về việc khác").replace("DocType>0<", "DocType>1<"), "utf-8")
    code, out = run(capsys, "diff", sent, received)
    assert code == 1 and "Về việc khác" in out and "BussinessDocType" in out


def test_convert_tells_what_is_lost(capsys: pytest.CaptureFixture[str], shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "edxml"
    target = tmp_path / "c.edxml"
    first, second = folder / "17_soap_512_header.xml", folder / "18_soap_512_attachment.xml"
    code, out = run(capsys, "convert", first, "--attachments", second, "--to", "vxp", "-o", target, "--json")
    told = json.loads(out)
    assert code == 1 and told["lost"] is True
    with vn_edoc.read(target) as read, vn_edoc.read(first, attachments=second) as before:
        assert read.dialect == "vxp" and read.message == before.message
        assert [a.sha256 for a in read.attachments] == [a.sha256 for a in before.attachments]
    assert run(capsys, "convert", folder / "20_bkav_error_report.xml", "--to", "vxp", "-o", target)[0] == 3
    old = tmp_path / "old.xml"
    assert run(capsys, "convert", folder / "10_dotnet_sdk_new.xml", "--to", "soap-2803", "-o", old)[0] == 1
    with vn_edoc.read(old, attachments=tmp_path / "old_attachments.xml") as read:
        assert read.dialect == "soap-2803" and len(read.attachments) == 1


def test_redact_keeps_the_structure_and_nothing_else(
    capsys: pytest.CaptureFixture[str], shared: Path, tmp_path: Path
) -> None:
    for number, path in enumerate(sorted((shared / "samples" / "edxml").glob("*.xml"))):
        target = tmp_path / f"{number}.xml"
        assert run(capsys, "redact", path, "-o", target)[0] == 0
        text = target.read_text("utf-8")
        with vn_edoc.read(path) as before, vn_edoc.read(target) as after:
            assert (before.kind, before.dialect, before.producer) == (after.kind, after.dialect, after.producer)
            codes = [[f.data["found"] for f in p.findings if f.rule == "R48"] for p in (before, after)]
            assert codes[0] == codes[1]
            assert len(before.attachments) == len(after.attachments)
        for secret in ("Mẫu", "mẫu", "example.vn", "0240000", "Hoàng", "JVBER"):
            assert secret not in text, (path.name, secret)


@pytest.mark.parametrize("output", [".", "/", "", "out"])
def test_a_folder_is_no_place_for_a_packet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sent: Path, tmp_path: Path, output: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    for command in (["convert", sent, "--to", "vxp"], ["convert", sent, "--to", "soap-2803"], ["redact", sent]):
        assert main([*map(str, command), "-o", output, "--json"]) == 3
        assert json.loads(capsys.readouterr().out)["error"]["type"] == "SourceError"
    assert {p.name for p in tmp_path.iterdir()} == {"sent.edxml", "out"} and not list((tmp_path / "out").iterdir())


def test_standard_input_and_output(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, sent: Path, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["pack", "--template"]) == 0
    template = filled(capsysbinary.readouterr().out.decode()).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(template)))
    for command in (
        ["pack", "-"],
        ["convert", str(sent), "--to", "vxp"],
        ["status", str(sent), "--code", "03"],
        ["redact", str(sent)],
    ):
        assert main([*command, "-o", "-"]) == 0
        with vn_edoc.read(capsysbinary.readouterr().out) as read:
            assert read.exact and read.message is not None
    assert main(["redact", str(sent), "-o", "-", "--json"]) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["sent.edxml"]


def test_files_that_are_missing_are_told(capsys: pytest.CaptureFixture[str], shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "edxml"
    code, out = run(capsys, "extract", folder / "15_soap_2803_2014.xml", tmp_path / "out")
    assert code == 1 and "312_SK-VP.pdf" in out
    code, out = run(capsys, "extract", folder / "05_status_01_java_builder.xml", tmp_path / "out", "--lang", "en")
    assert code == 0 and "no attachments" in out


def test_the_second_file_is_told(capsys: pytest.CaptureFixture[str], sent: Path, tmp_path: Path) -> None:
    target = tmp_path / "gói tin.xml"
    code, out = run(capsys, "convert", sent, "--to", "soap-2803", "--style", "dotnet", "-o", target)
    apart = tmp_path / "gói tin_attachments.xml"
    assert code == 0 and apart.name in out and apart.exists()
    code, out = run(capsys, "diff", sent, target, "--received-attachments", apart, "--json")
    assert {c["path"] for c in json.loads(out)["changes"]} == {"dialect", "Attachment[a.pdf]/description"}


def test_redact_masks_attributes_that_are_not_known(sent: Path, tmp_path: Path) -> None:
    sent.write_bytes(sent.read_bytes().replace(b"<edXML:Subject>", '<edXML:Subject ghi="Mật Bà B">'.encode()))
    assert main(["redact", str(sent), "-o", str(tmp_path / "r.xml")]) == 0
    text = (tmp_path / "r.xml").read_text("utf-8")
    assert "Mật" not in text and 'ghi="Xxx Xx X"' in text and 'version="1.0"' in text
    # What stands in an instruction only looks like attributes.
    sent.write_bytes(sent.read_bytes().replace(b"<edXML:From>", '<?x ghi="Mật"?><edXML:From>'.encode()))
    assert main(["redact", str(sent), "-o", str(tmp_path / "r.xml")]) == 0
    assert "Mật" not in (tmp_path / "r.xml").read_text("utf-8")
    sent.write_bytes(sent.read_bytes().replace(b" ghi=", b" la:ghi="))
    assert main(["redact", str(sent), "-o", str(tmp_path / "r.xml")]) == 0
    assert "Mật" not in (tmp_path / "r.xml").read_text("utf-8")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("command", ["extract", "pack", "convert"])
def test_an_interruption_leaves_nothing_half_written(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    error: BaseException | type[BaseException],
    tmp_path: Path,
) -> None:
    """Ctrl-C, or a full disk, in the middle of a content."""
    big, out, source = tmp_path / "big.pdf", tmp_path / "out", tmp_path / "big.edxml"
    big.write_bytes(b"%PDF-1.4" + bytes(6_000_000))
    out.mkdir()
    vn_edoc.write(MESSAGE, source, [big])
    (tmp_path / "d.json").write_text(MESSAGE.to_json(), "utf-8")
    arguments = {
        "extract": ["extract", source, out],
        "pack": ["pack", tmp_path / "d.json", "-a", big, "-o", out / "p.edxml"],
        "convert": ["convert", source, "--to", "soap-2803", "-o", out / "p.xml"],
    }[command]
    written: list[int] = []
    write, real = os.write, Path.open

    def counted(size: int) -> int:
        written.append(size)
        if sum(written) > 3_000_000:
            assert any(p.stat().st_size for p in out.iterdir())
            raise error
        return size

    class Stops(io.BufferedWriter):
        def write(self, data: Any) -> int:
            return counted(super().write(data))

    monkeypatch.setattr(
        Path,
        "open",
        lambda path, mode="r", *more, **options: (
            Stops(io.FileIO(path, "xb")) if mode == "xb" else real(path, mode, *more, **options)
        ),
    )
    monkeypatch.setattr(os, "write", lambda place, data: counted(write(place, data)))
    code, _ = run(capsys, *arguments)
    assert code != 0 and sum(written) > 3_000_000 and not list(out.iterdir())
    monkeypatch.undo()
    assert run(capsys, *arguments)[0] == 0
    assert len(list(out.iterdir())) == (2 if command == "convert" else 1)


def test_redact_takes_out_what_no_xml_can_carry(sent: Path, tmp_path: Path) -> None:
    """A repaired tree holds control characters that were written as references."""
    damaged = sent.read_bytes().replace(b"</edXML:OrganName>", b"&#1;</edXML:OrganName>&#28;", 1)
    (tmp_path / "damaged.xml").write_bytes(damaged)
    assert main(["redact", str(tmp_path / "damaged.xml"), "-o", str(tmp_path / "r.xml")]) == 0
    assert "\ufffd</edXML:OrganName>" in (tmp_path / "r.xml").read_text("utf-8")
