"""Rule packs, registers, contexts, descriptions and folders made to exhaust or to crash whoever reads them."""

from __future__ import annotations

import io
import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from vn_edoc import read, verify, write
from vn_edoc.cli.pack import command as pack_command
from vn_edoc.cli.verify import command as verify_command
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Extension
from vn_edoc.errors import SourceError, Unreadable, UsageError, VnEdocError
from vn_edoc.identifiers import AgencyRegistry, Bindings
from vn_edoc.signature import Evidence, TrustStore, verify_cms, verify_pdf
from vn_edoc.signature.keys import PemSigner
from vn_edoc.testing import SampleBuilder, ThrowawayPki
from vn_edoc.validity import Context, RulePack

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")

_READERS: dict[str, Callable[[Path], object]] = {
    "packet": read,
    "verify": verify,
    "pdf": verify_pdf,
    "cms": verify_cms,
    "pack": RulePack.load,
    "bindings": Bindings.load,
    "registry": AgencyRegistry.load,
    "trust": TrustStore.load,
    "evidence": Evidence.load,
    "key": lambda path: PemSigner(path, path),
    "attachment": lambda path: write(
        DocumentMessage(subject="x"), io.BytesIO(), [AttachmentSource(path, name="a.pdf")], strict=False
    ),
}


@needs_pipes
@pytest.mark.parametrize("name", _READERS)
@pytest.mark.parametrize("suffix", ["", ".csv", ".xlsx", ".json"])
def test_a_named_pipe_is_waited_for_by_nobody(tmp_path: Path, name: str, suffix: str) -> None:
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)
    with pytest.raises((SourceError, Unreadable)):
        _READERS[name](pipe)


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="this system has no such device")
@pytest.mark.parametrize("name", _READERS)
def test_a_device_without_end_is_not_read(name: str) -> None:
    with pytest.raises((SourceError, Unreadable)):
        _READERS[name](Path("/dev/zero"))


@needs_pipes
def test_a_folder_of_anything_gives_the_certificates_in_it(tmp_path: Path) -> None:
    pki = ThrowawayPki()
    (tmp_path / "root.pem").write_bytes(pki["root"].pem)
    (tmp_path / "junk.der").write_bytes(b"\x30\x82\x00\x05abcde")
    (tmp_path / "folder.pem").mkdir()
    os.mkfifo(tmp_path / "pipe.pem")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "lost.pem").symlink_to(tmp_path / "nowhere")
    (tmp_path / "zero.pem").symlink_to("/dev/zero")
    assert len(TrustStore.load(tmp_path).anchors) == 1
    assert Evidence.load(tmp_path).certificates == (pki["root"].der,)


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 100_000) + " = 1",
        "[" + ".".join("a" * 100_000) + "]",
        "a = " + "[" * 100_000,
        "[urgent]\ngrace_minutes = " + "9" * 5000,
    ],
    ids=["dotted-key", "dotted-table", "deep", "long-number"],
)
def test_hostile_rule_packs_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(text)
    with pytest.raises(UsageError):
        RulePack.load(file)


@pytest.mark.parametrize("name", ["organisation", "mst", "agency_code", "source"])
def test_a_register_of_no_text_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "bindings.json"
    file.write_text(json.dumps([{"agency_code": "H53.09", "organisation": "Sở Nội vụ"} | {name: "\ud800"}]))
    with pytest.raises(UsageError):
        Bindings.load(file)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_times_that_some_zones_lack_are_no_context(moment: str) -> None:
    with pytest.raises(ValueError, match="every time zone"):
        Context(sent_at=moment)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="every time zone"):
        Context(status_history=({"code": "01", "at": moment},))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, f'{{"sent_at":{"9" * 5000}}}', '{"x":"\\ud800"}'])
def test_hostile_contexts_are_refused(tmp_path: Path, text: str) -> None:
    packet, context = tmp_path / "p.edxml", tmp_path / "context.json"
    packet.write_bytes(SampleBuilder().make("good").packet)
    context.write_text(text)
    outcome = CliRunner().invoke(verify_command, [str(packet), "--context", str(context)], standalone_mode=False)
    assert isinstance(outcome.exception, VnEdocError)


_LETTERS = "abcdefghijk"
_BOMB = 'a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x"]\n' + "".join(
    f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n" for before, one in itertools.pairwise(_LETTERS)
)
_MERGED = "a: &a {x: y}\n" + "".join(
    f"{one}: &{one} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n" for before, one in itertools.pairwise(_LETTERS)
)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        ("yaml", _BOMB + "Subject: *k\n"),
        ("yaml", _MERGED),
        ("yaml", "Subject: x\nextensions: &e\n- {name: a, children: *e}\n"),
        ("yaml", "&a\nSubject: *a\n"),
        ("yaml", "[" * 100_000),
        ("yaml", "Subject: x\nnull: 1\n"),
        ("yaml", "Subject: x\nFrom: {null: 1}\n"),
        ("yaml", '!!python/object/apply:os.system ["false"]'),
        ("yaml", "Subject: !!int abc\n"),
        ("yaml", "- a\n--- b\n"),
        ("yaml", ""),
        ("json", "[" * 200_000),
        ("json", '{"Subject": ' + "9" * 5000 + "}"),
        ("json", "{'Subject'}"),
    ],
)
def test_hostile_descriptions_are_refused(tmp_path: Path, suffix: str, text: str) -> None:
    file = tmp_path / f"packet.{suffix}"
    file.write_text(text)
    arguments = [str(file), "--output", str(tmp_path / "out.edxml")]
    outcome = CliRunner().invoke(pack_command, arguments, standalone_mode=False)
    assert isinstance(outcome.exception, UsageError)


def test_aliases_stay_allowed_where_they_save_typing(tmp_path: Path) -> None:
    file = tmp_path / "packet.yaml"
    file.write_text("From: &own {OrganId: H53.09}\nTo:\n- *own\n- <<: *own\n  OrganName: Sở\n")
    arguments = [str(file), "--output", str(tmp_path / "out.edxml"), "--draft"]
    assert CliRunner().invoke(pack_command, arguments, standalone_mode=False).exception is None
    message = read((tmp_path / "out.edxml").read_bytes()).message
    assert isinstance(message, DocumentMessage)
    assert [to.organ_id for to in message.receivers] == ["H53.09", "H53.09"]


def test_elements_nested_without_end_are_no_message() -> None:
    nested: dict[str, object] = {"name": "x"}
    for _ in range(5000):
        nested = {"name": "x", "children": [nested]}
    with pytest.raises(UsageError):
        DocumentMessage.from_dict({"subject": "x", "extensions": [nested]})
    made = Extension(name="x", text="t")
    with pytest.raises(UsageError):
        for _ in range(200):
            made = Extension(name="x", children=(made,))
