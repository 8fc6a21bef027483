"""The two places of a seal: one more attachment, or the last child of the header. The envelope knows no keys."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree

import vn_edoc
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Draft, Organization, Sealer
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.xml.parse import local_name, parse

MESSAGE = DocumentMessage.new(
    sender=Organization(organ_id="H29.12", organ_name="A"),
    receivers=[Organization(organ_id="G12", organ_name="B"), Organization(organ_id="H30", organ_name="C")],
    number=15,
    notation="A-B",
    date=date(2026, 1, 5),
    type_name="Công văn",
    subject="Thử",
    signer="Nguyễn Văn A",
)
FILES = [AttachmentSource(b"%PDF-1.4" * 5000, "a.pdf"), AttachmentSource(b"x" * 99, "b.txt")]


class Recorder:
    """A sealer without keys: it keeps the draft and the digests it could have signed."""

    def __init__(self, form: Literal["seal", "header"]) -> None:
        self._form = form
        self.draft: Draft | None = None
        self.digests_of_elements: dict[str, str] = {}

    @property
    def form(self) -> Literal["seal", "header"]:
        return self._form

    @property
    def digests(self) -> tuple[str, ...]:
        return ("sha256", "sha512")

    def seal(self, draft: Draft) -> bytes:
        self.draft = draft
        if draft.skeleton is not None:
            self.digests_of_elements = digests(draft.skeleton.data, draft.skeleton.pieces)
        return b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'


def digests(data: bytes, expand: object) -> dict[str, str]:
    """SHA-256 over the canonical form of every element with an Id."""
    root = parse(data).root
    assert root is not None
    found = {}
    for element in root.iter(etree.Element):
        if "Id" in element.attrib:
            digest = hashlib.sha256()
            for piece in expand(etree.tostring(element, method="c14n", exclusive=True)):  # type: ignore[operator]
                digest.update(piece)
            found[str(element.attrib["Id"])] = digest.hexdigest()
    return found


def test_seal_is_one_more_attachment() -> None:
    sealer, out = Recorder("seal"), io.BytesIO()
    assert isinstance(sealer, Sealer)
    vn_edoc.write(MESSAGE, out, FILES, sealer=sealer)
    assert sealer.draft is not None and sealer.draft.skeleton is None
    told = {a.name: (a.size, a.digests["sha256"].hex(), len(a.digests["sha512"])) for a in sealer.draft.attachments}
    with vn_edoc.read(out.getvalue()) as read:
        assert [a.name for a in read.attachments] == ["a.pdf", "b.txt", "vn-edoc-seal.xml"]
        assert {a.name: (a.size, a.sha256, 64) for a in list(read.attachments)[:2]} == told
        assert read.attachments[2].read().startswith(b"<ds:Signature")
        assert len(read.manifest) == 3 and read.message == MESSAGE


def test_header_form_covers_what_is_written() -> None:
    sealer, out = Recorder("header"), io.BytesIO()
    vn_edoc.write(MESSAGE, out, FILES, sealer=sealer)
    with vn_edoc.read(out.getvalue()) as read:
        assert read.exact and read.message == MESSAGE
        assert [f.rule for f in read.findings] == ["R64"]
        header = read.parts.root[0][0]
        assert local_name(header[-1].tag) == "Signature"
        made = digests(read.parts.skeleton.data, read.parts.skeleton.pieces)
    whole = digests(out.getvalue(), lambda octets: [octets])
    assert sealer.digests_of_elements == made == whole
    covered = {"From-1", "To-1", "To-2", "Bussiness-1", "TraceHeader-1", "Manifest-1", "Attachment-1", "Attachment-2"}
    assert covered <= set(made)


def test_a_source_that_changes_between_the_passes_is_refused() -> None:
    contents = iter([b"%PDF", b"one", b"two", b"three"])
    changing = AttachmentSource(lambda: io.BytesIO(next(contents)), "a.pdf")
    with pytest.raises(SourceError):
        vn_edoc.write(MESSAGE, io.BytesIO(), [changing], sealer=Recorder("seal"))


def test_a_small_file_that_changes_between_the_passes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF before")

    class Changing(Recorder):
        def seal(self, draft: Draft) -> bytes:
            path.write_bytes(b"%PDF after ")
            return super().seal(draft)

    with pytest.raises(SourceError):
        vn_edoc.write(MESSAGE, tmp_path / "p.edxml", [path], sealer=Changing("seal"))
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_seals_that_have_no_place_are_refused() -> None:
    with pytest.raises(UsageError):
        vn_edoc.write(MESSAGE, (io.BytesIO(), io.BytesIO()), FILES, "soap-2803", sealer=Recorder("header"))
