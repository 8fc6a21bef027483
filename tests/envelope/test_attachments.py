"""Attachments: names, wrappers, guards, lazy content checked again, saving."""

from __future__ import annotations

import hashlib
import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.envelope.packets import attachment, packet, reference, zipped
from vn_edoc._unicode import composed
from vn_edoc.envelope import AttachmentSource
from vn_edoc.envelope.names import safe_name, unique
from vn_edoc.envelope.values import parse_priority
from vn_edoc.errors import SourceError, Unreadable, UsageError
from vn_edoc.findings import visible

_UUID = "9a7c2d44-5c3b-4e0a-8c61-0b7d5e3f2a18"


def only(name: str | None, content: bytes | str, **limits: int) -> vn_edoc.Attachment:
    read = vn_edoc.read(packet(attachment(name, content)), limits=vn_edoc.Limits(**limits))  # type: ignore[arg-type]
    return read.attachments[0]


@pytest.mark.parametrize(
    "content",
    [bytes(3_000_000), b"0,0,0,0\r\n" * 350_000, bytes(1_048_577), bytes(2_000_000) + os.urandom(8000), bytes(50)],
    ids=["zeros", "table", "small", "mixed", "tiny"],
)
def test_what_packs_beyond_the_bound_is_written_so_that_it_can_be_read(content: bytes, tmp_path: Path) -> None:
    """A blank scan or a table of zeros packs as well as a bomb does."""
    path = tmp_path / "a.dat"
    path.write_bytes(content)
    message = vn_edoc.read(packet()).message
    for source in (content, path, lambda: io.BytesIO(content), lambda: _Unseekable(content)):
        out = io.BytesIO()
        vn_edoc.write(message, out, [AttachmentSource(source, name="a.dat")])  # type: ignore[arg-type]
        with vn_edoc.read(out.getvalue()) as read:
            assert (read.attachments[0].damage, read.attachments[0].wrapped) == (None, True)
            assert read.attachments[0].read() == content


class _Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("size", [1, 190_000, 200_000, 1_500_000, 3_000_000])
def test_a_wrapper_is_taken_off_whatever_the_packet_is_read_from(size: int, tmp_path: Path) -> None:
    """Of a file that was just written, and of one that belongs to somebody else, contents are decoded anew."""
    content = os.urandom(size)
    data = packet(attachment("a.dat", zipped({f"{_UUID}.dat": content}), kind="zip"), references=reference("a.dat"))
    path = tmp_path / "packet.edxml"
    path.write_bytes(data)
    with path.open("rb") as opened:
        for source in (data, io.BytesIO(data), path, opened):
            with vn_edoc.read(source) as read:
                assert [f.rule for f in read.findings] == []
                assert read.attachments[0].wrapped and read.attachments[0].read() == content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"BM.01 - Bao cao", "text/plain"),
        ("BM 02, biểu mẫu kèm theo".encode(), "text/plain"),
        (b"MZ-125; danh sach", "text/plain"),
        (b"\x1f\x8bAB", "application/octet-stream"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"BM\x36\x10\x0e\0\0\0\0\0", "image/bmp"),
        (b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable"),
    ],
)
def test_a_text_that_begins_with_the_letters_of_a_picture_or_a_program_is_a_text(content: bytes, kind: str) -> None:
    read = vn_edoc.read(packet(attachment("BM.01.txt", content, kind="text/plain")))
    assert read.attachments[0].media_type == kind
    told = any(f.rule == "envelope.executable" for f in read.findings)
    assert told is (kind == "application/vnd.microsoft.portable-executable")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a/b\\c.pdf", "c.pdf"),
        ("..", "x"),
        ("...", "x"),
        ("", "x"),
        (None, "x"),
        ("NUL", "_NUL"),
        ("con.pdf", "_con.pdf"),
        ("COM1.txt", "_COM1.txt"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00\x1b[31m.pdf", "a[31m.pdf"),
        ("phu\u0323 lu\u0323c.pdf", "phụ lục.pdf"),
        ("a．pdf", "a.pdf"),
        ("a\u2215b.pdf", "b.pdf"),
        (' a<>:"|?*.pdf. ', "a_______.pdf"),
        (".htaccess", "htaccess"),
        ("a\n b.pdf", "a b.pdf"),
    ],
)
def test_safe_names(name: str | None, safe: str) -> None:
    assert safe_name(name, "x") == safe


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_safe_names_are_always_one_component(text: str) -> None:
    safe = safe_name(text, "x")
    assert safe not in {"", ".", ".."} and not set(safe) & set('/\\<>:"|?*\0')
    assert safe == safe.strip(". ") and len(safe.encode()) <= 210
    assert safe_name(safe, "x") == safe


def test_long_names_keep_their_extension() -> None:
    safe = safe_name("ă" * 500 + ".pdf")
    assert safe.endswith(".pdf") and len(safe.encode()) <= 200


def test_equal_names_are_told_apart() -> None:
    taken: dict[str, int] = {}
    assert [unique(n, taken) for n in ("a.pdf", "A.PDF", "a.pdf")] == ["a.pdf", "A (2).PDF", "a (3).pdf"]


@pytest.mark.parametrize(
    ("name", "content", "size", "wrapped", "media_type"),
    [
        ("a.pdf", b"%PDF-1.4", 8, False, "application/pdf"),
        ("a.pdf", zipped({f"{_UUID}.pdf": b"%PDF-1.4"}), 8, True, "application/pdf"),
        ("A.PDF", zipped({"anything.bin": b"%PDF-1.4"}), 8, True, "application/pdf"),
        ("a.docx", zipped({f"{_UUID}.docx": b"PK\x03\x04rest"}), 8, True, "application/zip"),
        ("a.zip", zipped({f"{_UUID}.zip": b"PK\x03\x04rest"}), 8, True, "application/zip"),
        ("a.zip", zipped({"x.zip": b"12345678"}), None, False, "application/zip"),
        ("a", zipped({f"{_UUID}.unk": b"12345678"}), 8, True, "text/plain"),
        (None, zipped({"d/": b"", "d/x": b"12345678"}), 8, True, "text/plain"),
        ("a.txt", zipped({"x": b"1", "y": b"2"}), None, False, "application/zip"),
        ("a.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), None, False,
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 9, 17, False, "application/msword"),
    ],
)  # fmt: skip
def test_unwrapping_by_bytes_and_name(
    name: str | None, content: bytes, size: int | None, wrapped: bool, media_type: str
) -> None:
    found = only(name, content)
    assert (found.damage, found.wrapped, found.media_type) == (None, wrapped, media_type)
    assert found.size == (len(content) if size is None else size)
    with found.raw() as raw:
        assert raw.read() == content
    assert hashlib.sha256(found.read()).hexdigest() == found.sha256


def _encrypted() -> bytes:
    data = bytearray(zipped({"x": b"12345678"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    return bytes(data)


def _wrong_crc() -> bytes:
    data = bytearray(zipped({"x": b"12345678" * 100}))
    at = data.index(b"PK\x01\x02") + 16
    data[at : at + 4] = b"\0\0\0\0"
    return bytes(data)


def _method(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("x", b"12345678" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (zipped({"x": b"\0" * 60_000_000}), "ratio"),
        (zipped({f"{n}": b"" for n in range(1200)}), "entries"),
        (zipped({"x": b"12345678"})[:-22], "directory"),
        (b"PK\x03\x04" + b"x" * 100, "directory"),
        (b"PK\x03\x04" + b"\0" * 30 + b"PK\x05\x06" + b"\0" * 18, "empty_zip"),
        (_encrypted(), "encrypted"),
        (_wrong_crc(), "zip"),
        (_method(zipfile.ZIP_BZIP2), "method"),
        (_method(zipfile.ZIP_LZMA), "method"),
        (zipped({"x": os.urandom(400_000)})[:200_000] + zipped({"x": b"1"})[-22:], "directory"),
    ],
    ids=[
        "ratio",
        "entries",
        "directory cut off",
        "no directory",
        "empty",
        "encrypted",
        "wrong sum",
        "bzip2",
        "lzma",
        "another directory",
    ],
)
def test_guards_of_the_wrapper(content: bytes, damage: str) -> None:
    found = only("a.txt", content)
    assert found.damage == damage
    assert found.sha256 is found.size is found.media_type is None


def test_size_bound() -> None:
    assert only("a.txt", zipped({"x": os.urandom(5000)}), attachment_bytes=4000).damage == "size"
    assert only("a.pdf", os.urandom(5000), attachment_bytes=4000).damage == "size"


def test_nested_wrappers_are_taken_off_once() -> None:
    inner = zipped({"y.txt": b"x"})
    read = vn_edoc.read(packet(attachment("a.txt", zipped({f"{_UUID}.txt": inner}))))
    assert read.attachments[0].read() == inner
    assert "envelope.zip_wrapper" in {f.rule for f in read.findings}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 100, 262_143, 262_144, 300_000, 1_000_003])
@pytest.mark.parametrize("layout", ["line", "columns", "crlf", "references"])
def test_base64_of_any_length_and_layout(size: int, layout: str) -> None:
    import base64

    content = bytes(n * 7 % 251 for n in range(size)) if size < 1000 else (bytes(range(251)) * (size // 251 + 1))[:size]
    text = base64.b64encode(content).decode()
    if layout != "line":
        ends = {"columns": "\n", "crlf": "\r\n", "references": "&#xD;\n"}[layout]
        text = ends.join(text[n : n + 76] for n in range(0, len(text), 76))
    found = only("a.pdf", text)
    if not size:
        assert found.damage == "missing"
        return
    assert found.size == size and found.sha256 == hashlib.sha256(content).hexdigest()
    with found.open() as file:
        file.seek(size // 2)
        assert file.read() == content[size // 2 :]
        file.seek(0)
        assert file.read(10) == content[:10]
        file.seek(-1, os.SEEK_END)
        assert file.read() == content[-1:]


def test_content_that_changes_after_it_was_checked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.edxml"
    content = b"%PDF" + b"A" * 300_000
    path.write_bytes(packet(attachment("a.pdf", content), references=reference("a.pdf")))
    with vn_edoc.read(path) as read:
        changed = path.read_bytes()
        at = changed.index(b"QUFB", 1000)
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"QkJC")
        with pytest.raises(Unreadable):
            read.attachments[0].read()
        with pytest.raises(Unreadable):
            read.attachments[0].save(tmp_path)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["p.edxml"]
        with path.open("r+b") as file:
            file.truncate(len(changed) // 2)
        with pytest.raises((Unreadable, SourceError)):
            read.attachments[0].read()


def test_saving_stays_in_the_folder_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "evil.pdf").write_bytes(b"untouched")
    (folder / "evil.pdf").symlink_to(tmp_path / "evil.pdf")
    with vn_edoc.read(packet(attachment("../evil.pdf", b"%PDF-1"), references=reference("../evil.pdf"))) as read:
        first, second = read.attachments[0].save(folder), read.attachments[0].save(folder, "../../other.pdf")
        with pytest.raises(UsageError):
            read.attachments[0].save(tmp_path / "nowhere")
    assert (first, second) == (folder / "evil (2).pdf", folder / "other.pdf")
    assert (tmp_path / "evil.pdf").read_bytes() == b"untouched"


def test_sources_of_every_kind(tmp_path: Path) -> None:
    data = packet(attachment("a.pdf", b"%PDF" * 10_000), references=reference("a.pdf"))
    path = tmp_path / "p.edxml"
    path.write_bytes(data)
    reader, writer = os.pipe()
    os.write(writer, data[:60_000])
    os.close(writer)
    with path.open("rb") as file, os.fdopen(reader, "rb") as pipe:
        for source in (path, str(path), data, bytearray(data), memoryview(data), io.BytesIO(data), file, pipe):
            with vn_edoc.read(source) as read:
                assert read.attachments[0].size == 40_000
                assert read.attachments[0].read() == b"%PDF" * 10_000


def test_a_name_of_marks_alone_costs_no_more_than_others() -> None:
    marks = "\u0301\u0323" * 100_000
    name = safe_name(f"a{marks}.pdf")
    assert unicodedata.is_normalized("NFC", name)
    assert len(name.encode()) <= 255
    header = f"<edXML:Subject>{marks}</edXML:Subject>"
    with vn_edoc.read(packet(attachment(f"a{marks}.pdf", b"%PDF"), header=header)) as read:
        assert read.attachments[0].safe_name == name
        assert read.findings
    assert visible(marks) == marks
    assert parse_priority(marks) is None
    assert composed("e\u0323\u0302" * 1000) == "ệ" * 1000
