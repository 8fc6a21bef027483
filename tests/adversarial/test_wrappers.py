"""ZIP wrappers in which two readers find two contents: by the directory at the end, or by local headers in order."""

from __future__ import annotations

import base64
import io
import math
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from tests.adversarial.judging import judged, report_on
from vn_edoc.envelope.wrapper import look, unpack
from vn_edoc.limits import Limits
from vn_edoc.testing import SampleBuilder
from vn_edoc.testing.builder import Sample
from vn_edoc.testing.document import draw_attachment

_ENTRY = b"12345678-1234-1234-1234-123456789012.pdf"
_DEFLATED = zipfile.ZIP_DEFLATED


@pytest.fixture(scope="module")
def sample() -> Sample:
    return SampleBuilder().make("good")


class _Stream(io.RawIOBase):
    """A target that cannot seek, as Java's and .NET's writers treat theirs: sizes stand behind the content."""

    def __init__(self) -> None:
        self.octets = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.octets += bytes(data)  # type: ignore[arg-type]
        return len(bytes(data))  # type: ignore[arg-type]


def _zip(content: bytes, method: int = _DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(_ENTRY.decode(), content)
    return out.getvalue()


def _streamed(content: bytes) -> bytes:
    out = _Stream()
    with zipfile.ZipFile(out, "w", _DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr(_ENTRY.decode(), content)
    return out.octets


def _by_hand(
    content: bytes, tail: bytes = b"", local_size: int | None = None, beyond: bytes = b"", flushed: bool = False
) -> bytes:
    """One entry, with octets behind the end of its deflate stream, with other sizes in its local header, or with a
    stream that gives more than the sizes say. ``flushed``: the stream ends with blocks that give nothing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content + beyond)
    packed += (packer.flush(zlib.Z_SYNC_FLUSH) if flushed else b"") + packer.flush() + tail
    sizes = (zlib.crc32(content), len(packed), len(content))
    local = (0, local_size, local_size) if local_size is not None else sizes
    head = struct.pack("<4sHHHIIIIHH", b"PK\x03\x04", 20, 0, 8, 0, *local, len(_ENTRY), 0) + _ENTRY
    directory = (
        struct.pack("<4sHHHHIIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, *sizes, len(_ENTRY), *[0] * 6) + _ENTRY
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(head) + len(packed), 0)
    return head + packed + directory + end


def _first_entry() -> bytes:
    other = _zip(draw_attachment().pdf)
    return other[: other.rindex(b"PK\x01\x02")]


def _carried(sample: Sample, wrapped: bytes) -> bytes:
    found = re.search(rb"(ContentTransferEncoded[^>]*>)([A-Za-z0-9+/=]{100,})<", sample.packet)
    assert found is not None
    return sample.packet[: found.start(2)] + base64.b64encode(wrapped) + sample.packet[found.end(2) :]


@pytest.mark.parametrize(
    "wrap",
    [_zip, lambda content: _zip(content, zipfile.ZIP_STORED), _streamed, _by_hand],
    ids=["deflated", "stored", "streamed", "by-hand"],
)
def test_plain_wrappers_are_taken_off(sample: Sample, wrap: Callable[[bytes], bytes]) -> None:
    assert judged(sample, _carried(sample, wrap(sample.document))) == ("original", "replaces_paper")


def _with_checksum(content: bytes, wanted: bytes) -> bytes:
    """The content with a checksum of four chosen octets: by four more octets at its end."""
    # The last four octets of a message move its checksum linearly: solve for them bit by bit.
    target = int.from_bytes(wanted, "little")
    base = zlib.crc32(content + bytes(4))
    rows = [(zlib.crc32(content + (1 << bit).to_bytes(4, "little")) ^ base, 1 << bit) for bit in range(32)]
    pivots: dict[int, tuple[int, int]] = {}
    for value, tail in rows:
        while value and (top := value.bit_length()) in pivots:
            value, tail = value ^ pivots[top][0], tail ^ pivots[top][1]
        if value:
            pivots[value.bit_length()] = (value, tail)
    left, tail = target ^ base, 0
    while left:
        value, part = pivots[left.bit_length()]
        left, tail = left ^ value, tail ^ part
    return content + tail.to_bytes(4, "little")


@pytest.mark.parametrize("checksum", [b"<abc", b"\0<a\0", b"ab<!", b"\0\0\0<"], ids=repr)
@pytest.mark.parametrize("pack", [_zip, _streamed], ids=["sizes-before", "sizes-behind"])
def test_a_checksum_is_not_taken_for_the_beginning_of_a_page(checksum: bytes, pack: Callable[[bytes], bytes]) -> None:
    wrapped = pack(_with_checksum(b"%PDF-1.7 n\xe1\xbb\x99i dung", checksum))
    assert wrapped.count(checksum) >= 2
    assert look(io.BytesIO(wrapped), len(wrapped), Limits()).plain


@pytest.mark.parametrize(
    ("kind", "octets", "plain"),
    [
        (0x5455, b"\x03" + b"<abc" * 2, True),
        (0x000A, bytes(4) + struct.pack("<HH", 1, 24) + b"<!<?</<a" * 3, True),
        (0x7875, b"\x01\x04<abc\x04<abc", True),
        (0x7875, b"<script>location='x:y'</script>", False),
        (0xCAFE, b"", True),
        (0xCAFE, b"<svg onload=x>", False),
        (0x7855, b"<abc", True),
        (0x7855, b"<abc" * 2, False),
        (0x7075, b"\x01<a<<" + "Công văn.pdf".encode(), True),
        (0x7075, b"\x01ab<!" + "Công văn.pdf".encode(), True),
        (0x7075, b"\x01abc<" + "Quyết định ban hành kế hoạch thực hiện nhiệm vụ ".encode() * 5, True),
        (0x7075, b"\x01abcd<script>", False),
        (0x7075, b"\x01abcd" + b"a" * 1025, False),
        (0x7075, b"<abc", True),
        (0xCAFE, b"a" * 257, False),
    ],
)
def test_times_in_extra_fields_are_not_taken_for_a_page(kind: int, octets: bytes, plain: bool) -> None:
    entry = zipfile.ZipInfo(_ENTRY.decode())
    entry.extra = struct.pack("<HH", kind, len(octets)) + octets
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, b"%PDF-1.7")
    assert look(io.BytesIO(out.getvalue()), len(out.getvalue()), Limits()).plain is plain


@pytest.mark.parametrize("step", [4096, 256 * 1024])
def test_the_end_of_a_stream_may_stand_in_another_read(step: int) -> None:
    """Writers that flush end the stream with octets that give nothing: they fall anywhere."""
    limits = Limits()
    for size in range(step - 100, step):
        content = random.Random(size).randbytes(size)
        wrapped = _by_hand(content, flushed=True)
        file = io.BufferedReader(io.BytesIO(wrapped))  # type: ignore[arg-type]
        archive = look(file, len(wrapped), limits)
        pieces: list[bytes] = []
        assert archive.plain and unpack(file, archive.files[0], limits, pieces.append, math.inf) is None
        assert b"".join(pieces) == content


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda content: _by_hand(content, beyond=b"\n%PDF-1.7"), id="more-than-its-size"),
        pytest.param(lambda content: _zip(content).replace(_ENTRY, b"<script>" + _ENTRY[8:]), id="a-page-in-the-name"),
        pytest.param(lambda content: _zip(_with_checksum(content, b"%PDF")), id="other-format-in-the-checksum"),
        pytest.param(lambda content: _first_entry() + _zip(content), id="entry-before"),
        pytest.param(lambda content: b"%PDF-1.7\n" + _zip(content), id="other-format-before"),
        pytest.param(lambda content: _zip(content)[:-2] + b"\x09\x00%PDF-1.7\n", id="comment"),
        pytest.param(lambda content: _zip(content) + b"%PDF-1.7\n", id="other-format-behind"),
        pytest.param(
            lambda content: _zip(content).replace(_ENTRY, b"startxref " + _ENTRY[10:]), id="other-format-in-the-name"
        ),
        pytest.param(lambda content: _by_hand(content, local_size=5), id="two-sizes"),
        pytest.param(lambda content: _by_hand(content, tail=_first_entry()), id="behind-the-stream"),
    ],
)
def test_nothing_is_concluded_from_a_wrapper_with_two_contents(sample: Sample, wrap: Callable[[bytes], bytes]) -> None:
    report = report_on(sample, _carried(sample, wrap(sample.document)))
    assert report.document is not None
    assert report.document.value not in {"original", "copy"}
