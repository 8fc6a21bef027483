"""Reading and writing packets against the raw work that cannot be avoided, and against a data-binding package.

The floors are those of the project: reading at most 1.3 times a bare lxml parse plus base64 decoding, writing at most
1.3 times base64 encoding plus writing the file, a 10 KB status packet to the model in under 5 times a bare parse.

Reading is measured twice. "read, give bytes" is what the raw work does as well: the packet is read, its attachment
checked to its end and handed out; message and findings are made when somebody asks for them, and nobody does. "read,
look at all" asks for message, findings, and the content as bytes or hashed: the raw work has nothing of the kind. Small
packets are taken in turn from many different ones, so that nothing is remembered of the last.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from xml.parsers import expat

import pybase64
from lxml import etree

import vn_edoc
from benchmarks.harness import Row, compare
from vn_edoc.envelope import DocumentMessage, Organization, SignerInfo, StatusCode, StatusMessage
from vn_edoc.findings import VIETNAM

__all__ = ["run"]

_SIZES = ((20 * 1024 * 1024, "20 MB", 1), (1024 * 1024, "1 MB", 4), (10 * 1024, "10 KB", 50))
"""Size of the attachment, and how many packets are read in turn."""
_CONTENT = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}ContentTransferEncoded"


def message(number: int = 125) -> DocumentMessage:
    """A document as systems send it."""
    return DocumentMessage.new(
        sender=Organization(organ_id="H29.12", organ_name="Sở Nội vụ", email="vanthu@example.vn"),
        receivers=[Organization(organ_id=f"H29.{n}", organ_name=f"Ủy ban nhân dân {n}") for n in range(20, 23)],
        number=number,
        notation="SNV-VP",
        date=date(2026, 3, 5),
        place="Thành phố Hồ Chí Minh",
        type_name="Công văn",
        subject="V/v triển khai kết nối, liên thông phần mềm quản lý văn bản",
        signer=SignerInfo(full_name="Nguyễn Văn A", position="Giám đốc"),
        sent_at=datetime(2026, 3, 5, 9, 0, tzinfo=VIETNAM),
    )


def _lxml(path: Path) -> bytes:
    root = etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()
    return pybase64.b64decode(next(root.iter(_CONTENT)).text or "", validate=True)


def _expat(path: Path) -> bytes:
    pieces: list[str] = []
    inside = False

    def start(name: str, attributes: object) -> None:
        nonlocal inside
        inside = name.endswith("ContentTransferEncoded")

    def text(piece: str) -> None:
        if inside:
            pieces.append(piece)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 20
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    with path.open("rb") as file:
        parser.ParseFile(file)
    return pybase64.b64decode("".join(pieces).strip(), validate=True)


def _standard(path: Path) -> bytes:
    root = ElementTree.parse(path).getroot()
    return pybase64.b64decode(next(root.iter(_CONTENT)).text or "", validate=True)


def _ours(path: Path) -> bytes:
    with vn_edoc.read(path) as packet:
        return packet.attachments[0].read()


def _ours_whole(path: Path) -> bytes:
    with vn_edoc.read(path) as packet:
        assert packet.message is not None
        assert not packet.findings
        return packet.attachments[0].read()


def _ours_hashed(path: Path) -> str:
    with vn_edoc.read(path) as packet:
        assert packet.message is not None
        assert not packet.findings
        found = packet.attachments[0].sha256
    assert found is not None
    return found


def _in_turn(call: Callable[[Path], object], packets: list[Path]) -> Callable[[], object]:
    following = cycle(packets)
    return lambda: call(next(following))


def _write(document: DocumentMessage, target: Path, source: Path, hashed: bool) -> None:
    # Both write a new file: replacing an old one makes file systems flush, which would drown the difference.
    target.unlink(missing_ok=True)
    written = vn_edoc.write(document, target, [source])
    if hashed:
        assert written.sha256


def _build_and_write(target: Path, source: Path) -> None:
    _write(message(), target, source, False)


def _file_calls(source: Path, head: bytes, tail: bytes, path: Path) -> None:
    """What no writer can do without that reads a file and lets another appear whole or not at all."""
    path.unlink(missing_ok=True)
    draft = f"{path}.tmp"
    descriptor = os.open(source, os.O_RDONLY)
    content = os.read(descriptor, os.fstat(descriptor).st_size)
    os.close(descriptor)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    for piece in (head, pybase64.b64encode(content), tail):
        os.write(descriptor, piece)
    os.close(descriptor)
    Path(draft).replace(path)


def _raw_write(source: Path, head: bytes, tail: bytes, path: Path, hashed: bool) -> None:
    path.unlink(missing_ok=True)
    encoded = pybase64.b64encode(source.read_bytes())
    if hashed:
        hashlib.sha256(encoded)
    with path.open("wb") as file:
        file.write(head)
        file.write(encoded)
        file.write(tail)


def _status() -> bytes:
    """A status packet of 10 KB."""
    described = "Văn thư: đã tiếp nhận văn bản điện tử, vào sổ văn bản đến của đơn vị. " * 100
    status = StatusMessage.reply(
        to=message(),
        code=StatusCode.ACCEPTED,
        sender="H29.20",
        description=described[:6200],
        at=datetime(2026, 3, 5, 10, 30, tzinfo=VIETNAM),
    )
    out = io.BytesIO()
    vn_edoc.write(status, out)
    return out.getvalue()


@dataclass
class _Any:
    class Meta:
        name = "edXML"
        namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

    values: list[object] = field(default_factory=list, metadata={"type": "Wildcard", "namespace": "##any"})


def _xsdata() -> Callable[[bytes], object] | None:
    try:
        from xsdata.formats.dataclass.context import XmlContext
        from xsdata.formats.dataclass.parsers import XmlParser
    except ImportError:
        return None
    parser = XmlParser(context=XmlContext())
    return lambda data: parser.from_bytes(data, _Any)


def _rows(folder: Path) -> Iterator[Row]:
    document = message()
    for size, label, many in _SIZES:
        content = bytes(range(256)) * (size // 256)
        source = folder / f"{size}.pdf"
        source.write_bytes(content)
        packets = [folder / f"{size}-{number}.edxml" for number in range(many)]
        for number, packet in enumerate(packets):
            vn_edoc.write(message(100 + number), packet, [source])
        time.sleep(0.2)
        yield from _reading(packets, label)
        before, _, after = packets[0].read_bytes().partition(pybase64.b64encode(content))
        yield from _writing(document, source, folder / "out.edxml", before, after, label)
    status = _status()

    def model() -> None:
        with vn_edoc.read(status) as packet:
            assert packet.message is not None

    what = "status packet of 10 KB to the model"
    yield compare("envelope", what, model, "bare lxml parse", lambda: etree.fromstring(status), 1 / 5)
    bound = _xsdata()
    if bound is not None:
        yield compare("envelope", what, model, "xsdata, untyped", lambda: bound(status), 0)


def _reading(packets: list[Path], label: str) -> Iterator[Row]:
    peers: tuple[tuple[str, Callable[[Path], bytes], float], ...] = (
        ("lxml parse + pybase64", _lxml, 1 / 1.3),
        ("expat + pybase64", _expat, 1 / 1.3),
        ("standard library + pybase64", _standard, 0),
    )
    for name, peer, floor in peers:
        theirs = _in_turn(peer, packets)
        yield compare("envelope", f"read, give bytes: {label}", _in_turn(_ours, packets), name, theirs, floor)
    theirs = _in_turn(_lxml, packets)
    what = f"read, look at all, give bytes: {label}"
    yield compare("envelope", what, _in_turn(_ours_whole, packets), "lxml parse + pybase64", theirs, 1 / 1.3)
    what = f"read, look at all, hash: {label}"
    yield compare("envelope", what, _in_turn(_ours_hashed, packets), "lxml parse + pybase64", theirs, 1 / 1.3)


def _writing(
    document: DocumentMessage, source: Path, target: Path, before: bytes, after: bytes, label: str
) -> Iterator[Row]:
    raw = partial(_raw_write, source, before, after, target)
    ours = partial(_write, document, target, source)
    what = f"write: {label}"
    yield compare("envelope", what, partial(ours, False), "pybase64 + file write", partial(raw, False), 1 / 1.3)
    what, build = f"build and write: {label}", partial(_build_and_write, target, source)
    yield compare("envelope", what, build, "pybase64 + file write", partial(raw, False), 1 / 1.3)
    what, calls = f"only the file calls of a write: {label}", partial(_file_calls, source, before, after, target)
    yield compare("envelope", what, calls, "pybase64 + file write", partial(raw, False), 0)
    what = f"write, ask for the hash: {label}"
    yield compare("envelope", what, partial(ours, True), "the same + sha256", partial(raw, True), 0)


def run() -> list[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as folder:
        return list(_rows(Path(folder)))
