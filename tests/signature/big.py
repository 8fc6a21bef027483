"""Big PDFs of three kinds, written to disk piece by piece, and what judging them takes."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

KINDS = ("stream", "scans", "objects", "packed")
_MIB = 1024 * 1024


class _File:
    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.file.write(b"%PDF-1.7\n")
        self.places: dict[int, int] = {}
        self.random = random.Random(7)

    def put(self, number: int, body: bytes) -> None:
        self.places[number] = self.file.tell()
        self.file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, number: int, size: int, entries: bytes = b"") -> None:
        self.places[number] = self.file.tell()
        self.file.write(b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, size))
        while size > 0:
            self.file.write(self.random.randbytes(min(size, _MIB)))
            size -= _MIB
        self.file.write(b"\nendstream\nendobj\n")

    def table(self) -> None:
        start = self.file.tell()
        last = max(self.places)
        self.file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
        self.file.writelines(b"%010d 00000 n \n" % self.places[n] for n in range(1, last + 1))
        self.file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, start))
        self.file.close()


def _page(extra: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>" % extra


_IMAGE = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"


def _stream(out: _File, size: int) -> None:
    out.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    out.put(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    out.put(3, _page(b"/Resources << /XObject << /I 4 0 R >> >>"))
    out.stream(4, size, _IMAGE)
    out.table()


def _scans(out: _File, size: int) -> None:
    count = size // 102_400
    out.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(count))
    out.put(2, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count))
    for n in range(count):
        out.put(3 + 2 * n, _page(b"/Resources << /XObject << /I %d 0 R >> >>" % (4 + 2 * n)))
        out.stream(4 + 2 * n, 102_400, _IMAGE)
    out.table()


def _members(out: _File, count: int, size: int) -> list[tuple[int, bytes]]:
    """A tree of small objects that hangs on the catalogue."""
    heads = b" ".join(b"%d 0 R" % n for n in range(5, 5 + count, 100))
    members = [
        (1, b"<< /Type /Catalog /Pages 2 0 R /Things 4 0 R >>"),
        (2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
        (3, _page()),
        (4, b"[%s]" % heads),
    ]
    for n in range(count):
        kids = b" ".join(b"%d 0 R" % (5 + n + k) for k in range(1, 100) if n + k < count) if n % 100 == 0 else b""
        text = out.random.randbytes(size).translate(_LETTERS)
        members.append((5 + n, b"<< /Kids [%s] /Text (%s) >>" % (kids, text)))
    return members


_LETTERS = bytes(97 + n % 26 for n in range(256))


def _objects(out: _File, size: int) -> None:
    for number, body in _members(out, size // 2048, 1900):
        out.put(number, body)
    out.table()


def _packed(out: _File, size: int) -> None:
    members = _members(out, size // 2048, 3000)
    rows = {}
    holder = len(members) + 1
    for first in range(0, len(members), 100):
        head, body = b"", b""
        for place, (number, value) in enumerate(members[first : first + 100]):
            head += b"%d %d " % (number, len(body))
            body += value + b" "
            rows[number] = (2, holder, place)
        data = zlib.compress(head + body, 1)
        rows[holder] = (1, out.file.tell(), 0)
        entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (head.count(b" ") // 2, len(head))
        out.put(holder, b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))
        holder += 1
    start = out.file.tell()
    rows[holder] = (1, start, 0)
    table = bytes(7) + b"".join(
        bytes((kind,)) + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, place, index in (rows[n] for n in range(1, holder + 1))
    )
    entries = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Length %d" % (holder + 1, len(table))
    out.put(holder, b"<< %s >>\nstream\n%s\nendstream" % (entries, table))
    out.file.write(b"startxref\n%d\n%%%%EOF\n" % start)
    out.file.close()


_MAKERS: dict[str, Callable[[_File, int], None]] = {
    "stream": _stream,
    "scans": _scans,
    "objects": _objects,
    "packed": _packed,
}


def write_big(path: Path, kind: str, size: int) -> None:
    """About ``size`` bytes: one big stream, many page images, many small objects, or object streams."""
    _MAKERS[kind](_File(path), size)


_CHILD = """
import re, sys
from pathlib import Path
from tests.signature.cast import signer
from vn_edoc.limits import Limits
from vn_edoc.signature import sign_pdf, verify_pdf

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

source, signers = Path(sys.argv[1]), sys.argv[2].split(",")
if sys.argv[3] in ("sign", "both"):
    for number, name in enumerate(signers, 1):
        target = source.with_suffix(f".{number}.pdf")
        sign_pdf(source, target, signer(name), preflight="warn")
        source = target
if sys.argv[3] in ("verify", "both"):
    found = verify_pdf(source, limits=Limits(seconds=900))
    changes = [s.changes.value for s in found.signatures]
    assert changes == ["allowed"] * (len(signers) - 1) + ["none"], changes
    assert all(s.intact for s in found.signatures)
print(peak())
"""


def peak_of(action: str, path: Path, signers: tuple[str, ...]) -> int:
    """Peak memory in bytes of a whole process that does ``sign`` (once for each signer), ``verify`` or ``both``."""
    command = [sys.executable, "-c", _CHILD, str(path), ",".join(signers), action]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    return int(re.findall(r"\d+", done.stdout)[-1])
