"""Sources that are no ordinary file, and names that are no text."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from vn_edoc import verify
from vn_edoc.errors import SourceError
from vn_edoc.testing import SampleBuilder

_PDF = b"%PDF-1.7\n%%EOF"


class _Raw(io.RawIOBase):
    """Gives at most a thousand bytes at once, as a socket does."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._content.read(min(len(view), 1000))
        view[: len(piece)] = piece
        return len(piece)


def test_a_raw_stream_is_read_to_its_end() -> None:
    packet = SampleBuilder().make("good").packet
    report = verify(_Raw(packet))  # type: ignore[arg-type]
    assert (report.kind, report.input.size) == ("packet", len(packet))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError) as refused:
        verify(tmp_path / "pipe")
    assert refused.value.message_vi.endswith("không phải tệp thông thường")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        verify(tmp_path)
    assert refused.value.message_vi.endswith("đó là thư mục")


@pytest.mark.skipif(os.name != "posix", reason="file names are text here")
def test_a_name_that_is_no_text_can_be_reported(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.pdf")
    try:
        path.write_bytes(_PDF)
    except OSError:
        pytest.skip("the file system takes no such name")
    report = verify(path)
    for text in (report.to_json(), report.to_text("vi"), report.to_html("vi")):
        assert text.encode("utf-8")
