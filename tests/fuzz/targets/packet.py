"""Packets, their containers and second files: a packet with findings, or an exception of our own."""

from __future__ import annotations

import io
from contextlib import suppress

import vn_edoc
from tests.conftest import shared_folder
from tests.envelope.packets import attachment, packet, reference, status, zipped
from tests.envelope.test_boundary import use
from tests.envelope.test_containers import FILE, SEEDS, SOAP
from tests.fuzz.mutators import xml_mutated
from tests.fuzz.target import Target
from tests.signature_xml.test_packet import message
from vn_edoc.envelope import AttachmentSource, redact
from vn_edoc.errors import VnEdocError

_SECOND = b"\0SECOND\0"
_BOUNDS = vn_edoc.Limits(
    seconds=5, packet_bytes=4 << 20, xml_skeleton_bytes=1 << 20, attachment_bytes=4 << 20, xml_elements=20_000
)


def _seeds() -> list[bytes]:
    made = [*SEEDS, SOAP + _SECOND + FILE, FILE]
    files = [AttachmentSource(b"bang tinh" * 1000, name="phụ lục & bảng.xlsx")]
    for style in ("java", "dotnet"):
        out = io.BytesIO()
        vn_edoc.write(message(), out, files, style=style)
        made.append(out.getvalue())
    first, second = io.BytesIO(), io.BytesIO()
    vn_edoc.write(message(), (first, second), files, dialect="soap-2803")
    made.append(first.getvalue() + _SECOND + second.getvalue())
    wrapped = attachment("a.pdf", zipped({"a.pdf": b"%PDF-1.4 A"})) + attachment("b.docx", b"B" * 99, content_id="2")
    made.append(packet(wrapped, references=reference("a.pdf") + reference("b.docx", "2")))
    made.append(status("<ResponseFor><OrganId>H29</OrganId></ResponseFor><StatusCode>01</StatusCode>"))
    folder = shared_folder() / "samples" / "edxml"
    made += [path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in {".xml", ".txt"}]
    return made


def _one(data: bytes) -> None:
    first, mark, second = data.partition(_SECOND)
    assert use(first, second if mark else None, limits=_BOUNDS) in {"read", "unreadable"}
    with suppress(VnEdocError):
        read = vn_edoc.read(first, limits=_BOUNDS)
        with read, vn_edoc.read(redact(read)[0], limits=_BOUNDS) as redacted:
            assert redacted.kind == read.kind


TARGET = Target(_one, _seeds, xml_mutated, longest=30_000, words=(_SECOND, b"edXML:", b"<![CDATA[", b"\r\n--=_1--"))
