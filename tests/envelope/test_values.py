"""Values without models: the table of elements is that of the models, and values say what the model says."""

from __future__ import annotations

import copy
import io
import random
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pybase64
import pytest
from hypothesis import HealthCheck, given, settings

import vn_edoc
from tests.conftest import ROOT
from tests.envelope import generated
from tests.envelope.mutations import mutated
from tests.envelope.packets import attachment, packet, reference
from vn_edoc.envelope import DocumentMessage, ErrorReport, StatusMessage, checks
from vn_edoc.envelope.elements import Values, elements_of, equal, group_named
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.tabulating import table
from vn_edoc.errors import Unreadable
from vn_edoc.limits import DEFAULT_LIMITS

_MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_table_is_that_of_the_models() -> None:
    """``python -m vn_edoc.envelope.tabulating > vn_edoc/envelope/data/elements.tsv`` makes it anew."""
    assert (ROOT / "vn_edoc" / "envelope" / "data" / "elements.tsv").read_text(encoding="utf-8") == table()


@pytest.mark.parametrize("model", [DocumentMessage, StatusMessage, ErrorReport])
def test_a_group_has_the_elements_and_defaults_of_its_model(model: type[Any]) -> None:
    group = group_named(model.__name__)
    assert group.packet_kind == model.packet_kind

    def compare(group: type[Values], model: type[Any]) -> None:
        assert group.__name__ == model.__name__
        rows, expected = elements_of(group), elements_of(model)
        assert list(rows) == list(expected)
        for field, spec in rows.items():
            theirs = expected[field]
            assert getattr(group({}), field) == model.model_fields[field].default
            for about in set(type(spec).__slots__) - {"part"}:
                assert getattr(spec, about) == getattr(theirs, about), (field, about)
            assert (spec.part is None) == (theirs.part is None)
            if spec.part is not None and theirs.part is not None:
                compare(spec.part, theirs.part)

    compare(group, model)


def _same(read: vn_edoc.Packet) -> None:
    if read.values is None:
        assert read.message is None
        return
    assert read.message is not None
    assert read.values.to_dict() == read.message.to_dict()
    # What is told of the values is told of the model.
    of_values, of_model = Notes(DEFAULT_LIMITS), Notes(DEFAULT_LIMITS)
    checks.check_message(read.values, of_values, read_on=date(2026, 3, 5))
    checks.check_message(read.message, of_model, read_on=date(2026, 3, 5))
    assert of_values.findings() == of_model.findings()


def test_values_say_what_the_message_says(shared: Path) -> None:
    chance = random.Random(20260306)
    samples = sorted((shared / "samples" / "edxml").rglob("*.xml"))
    assert samples
    for sample in samples:
        data = sample.read_bytes()
        for octets in (data, *(mutated(data, chance) for _ in range(60))):
            try:
                read = vn_edoc.read(octets)
            except Unreadable:
                continue
            with read:
                _same(read)


@_MANY
@given(generated.documents | generated.statuses)
def test_values_of_generated_messages(message: DocumentMessage | StatusMessage) -> None:
    out = io.BytesIO()
    vn_edoc.write(message, out, strict=False)
    with vn_edoc.read(out.getvalue()) as read:
        assert read.values is not None and read.values.to_dict() == message.to_dict()
        _same(read)


_LONG = pybase64.b64encode(b"x" * 9000).decode()
"""A text that is taken out of the skeleton wherever it stands."""


@pytest.mark.parametrize("place", ["<Subject>", "<OrganName>", "<AttachmentName>", "</edXMLEnvelope>", "</Attachment>"])
def test_all_is_told_after_the_packet_was_closed(tmp_path: Path, place: str) -> None:
    data = packet(attachment("a.pdf", b"%PDF" + b"A" * 9000), references=reference("a.pdf")).decode()
    if place.startswith("</"):
        data = data.replace(place, f"<Odd>{_LONG}</Odd>{place}", 1)
    elif place in data:
        data = data.replace(place, place + _LONG, 1)
    else:
        data = data.replace("<edXML:", "<edXML:Subject>" + _LONG + "</edXML:Subject><edXML:", 1)
    path = tmp_path / "p.edxml"
    path.write_bytes(data.encode())
    with vn_edoc.read(path) as first:
        expected = (first.message, first.findings, first.manifest, repr(first))
    with vn_edoc.read(path) as second:
        pass
    path.unlink()
    assert (second.message, second.findings, second.manifest, repr(second)) == expected
    assert second.message is second.message and second.findings is second.findings


def test_the_day_of_reading_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    message = DocumentMessage.from_dict(
        {"PromulgationInfo": {"PromulgationDate": "2999-12-31"}, "Subject": "x", "extensions": []}
    )
    out = io.BytesIO()
    vn_edoc.write(message, out, strict=False)
    with vn_edoc.read(out.getvalue()) as read:
        monkeypatch.setattr(checks, "datetime", None)
        assert "envelope.future_date" in {f.rule for f in read.findings}


def test_two_threads_make_the_same(shared: Path) -> None:
    data = (shared / "samples" / "edxml" / "11_received_from_hub_2025.xml").read_bytes()
    with vn_edoc.read(data) as read:
        expected = (read.message, read.findings)
    for _ in range(20):
        with vn_edoc.read(data) as read:
            start, made = threading.Barrier(4), []

            def ask(read: vn_edoc.Packet = read, start: threading.Barrier = start, made: list[Any] = made) -> None:
                start.wait()
                made.append((read.message, read.findings))

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert made == [expected] * 4


def test_a_copied_packet_tells_the_same(shared: Path) -> None:
    data = (shared / "samples" / "edxml" / "02_java_sdk_update.xml").read_bytes()
    with vn_edoc.read(data) as read:
        first, second = copy.copy(read), copy.deepcopy(read)
        for other in (first, second):
            assert (other.message, other.findings) == (read.message, read.findings)


def test_an_attachment_file_has_no_values(shared: Path) -> None:
    data = (shared / "samples" / "edxml" / "16_soap_2803_2014_attachments.xml").read_bytes()
    with vn_edoc.read(data) as read:
        assert (read.kind, read.values, read.message) == ("attachments", None, None)


def test_equal_values() -> None:
    code = group_named("Code")
    assert equal(code({"code_number": "1"}), code({"code_number": "1", "code_notation": None}))
    assert not equal(code({"code_number": "1"}), code({"code_number": "2"}))
    assert not equal(code({}), group_named("SignerInfo")({}))
    assert equal((code({}),), (code({}),)) and not equal((code({}),), ())


@pytest.mark.parametrize("command", ["inspect", "inspect --json", "extract", "diff", "redact"])
def test_commands_that_look_at_a_packet_need_no_pydantic(shared: Path, tmp_path: Path, command: str) -> None:
    sample = str(shared / "samples" / "edxml" / "11_received_from_hub_2025.xml")
    more = {"extract": [str(tmp_path)], "diff": [sample], "redact": ["-o", str(tmp_path / "redacted.xml")]}
    line = [*command.split(), sample, *more.get(command, [])]
    code = (
        f"import sys\nfrom vn_edoc.cli import main\ncode = main({line!r})\n"
        "sys.exit(9 if [m for m in sys.modules if m.startswith('pydantic')] else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode in (0, 1) and done.stdout, done.stderr


def test_reading_without_looking_at_the_model_needs_no_pydantic(shared: Path) -> None:
    sample = shared / "samples" / "edxml" / "01_java_sdk_new.xml"
    code = (
        "import sys, vn_edoc\n"
        f"with vn_edoc.read({str(sample)!r}) as packet:\n"
        "    packet.findings, packet.values.to_dict(), [a.read() for a in packet.attachments]\n"
        "print([m for m in ('pydantic', 'pydantic_core') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
