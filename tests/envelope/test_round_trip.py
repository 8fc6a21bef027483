"""What is written reads back equal, in every dialect that writes; the JSON form as well."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.envelope.generated import documents, statuses
from vn_edoc.envelope import AttachmentSource, DocumentMessage, StatusMessage

FORMS = [("vxp", "java"), ("vxp", "dotnet"), ("soap-2803", "java")]
_quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def _there_and_back(
    message: DocumentMessage | StatusMessage, dialect: str, style: str, files: list[AttachmentSource]
) -> vn_edoc.Packet:
    first, second = io.BytesIO(), io.BytesIO()
    target = (first, second) if dialect == "soap-2803" else first
    result = vn_edoc.write(message, target, files, dialect=dialect, style=style)
    packet = vn_edoc.read(first.getvalue(), attachments=second.getvalue() if result.second else None)
    assert (packet.dialect, packet.sha256, packet.size) == (dialect, result.sha256, result.size)
    return packet


@pytest.mark.parametrize(("dialect", "style"), FORMS)
@_quick
@given(message=documents, contents=st.lists(st.binary(max_size=200), max_size=3))
def test_documents(dialect: str, style: str, message: DocumentMessage, contents: list[bytes]) -> None:
    names = ["a.pdf", "b.zip", "Phụ lục.docx"]
    files = [AttachmentSource(c, n) for c, n in zip(contents, names, strict=False)]
    packet = _there_and_back(message, dialect, style, files)
    assert packet.message == message
    assert [a.name for a in packet.attachments] == names[: len(contents)]
    assert [a.read() for a in packet.attachments] == contents
    assert not packet.missing
    assert packet.exact


@pytest.mark.parametrize(("dialect", "style"), FORMS)
@_quick
@given(message=statuses)
def test_statuses(dialect: str, style: str, message: StatusMessage) -> None:
    packet = _there_and_back(message, dialect, style, [])
    assert packet.kind == "status"
    assert packet.message == message


@_quick
@given(message=documents | statuses)
def test_json_form(message: DocumentMessage | StatusMessage) -> None:
    assert type(message).from_json(message.to_json()) == message
