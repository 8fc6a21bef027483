"""Writing: whole or not at all, wrong input named, builders, the schemas that are shipped."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

import vn_edoc
from tests.envelope.generated import documents, statuses
from tests.envelope.test_sealing import FILES, MESSAGE
from vn_edoc.envelope import (
    AttachmentSource,
    BusinessType,
    DocumentMessage,
    Organization,
    Receiver,
    ReceiverChange,
    StaffInfo,
    StatusCode,
    StatusMessage,
    duplicates,
    schemas,
)
from vn_edoc.envelope.fields import Part
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import VIETNAM


def test_a_path_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "p.edxml"
    target.write_bytes(b"before")

    def fails() -> io.BytesIO:
        raise OSError("gone")

    with pytest.raises(SourceError):
        vn_edoc.write(MESSAGE, target, [AttachmentSource(fails, "a.pdf")])  # type: ignore[arg-type]
    with pytest.raises(SourceError):
        vn_edoc.write(MESSAGE, target, [tmp_path / "none.pdf"])
    assert [p.name for p in tmp_path.iterdir()] == ["p.edxml"] and target.read_bytes() == b"before"
    result = vn_edoc.write(MESSAGE, target, FILES)
    assert target.stat().st_size == result.size
    with pytest.raises(SourceError):
        vn_edoc.write(MESSAGE, tmp_path / "no" / "p.edxml")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sender": None}, "MessageHeader/From/OrganId"),
        ({"receivers": ()}, "MessageHeader/To"),
        ({"subject": None}, "MessageHeader/Subject"),
        ({"code": None}, "MessageHeader/Code/CodeNumber"),
        ({"sender": Organization(organ_id="??", organ_name="x")}, "MessageHeader/From/OrganId"),
    ],
)
def test_wrong_messages_name_the_field(changes: dict[str, object], field: str) -> None:
    message = MESSAGE.changed(**changes)
    with pytest.raises(UsageError) as told:
        vn_edoc.write(message, io.BytesIO())
    assert told.value.field == field and told.value.rule in {"R47", "R48"}
    assert vn_edoc.write(message, io.BytesIO(), strict=False).findings


def test_wrong_arguments() -> None:
    out = io.BytesIO()
    for call in (
        lambda: vn_edoc.write(MESSAGE, out, dialect="bkav"),
        lambda: vn_edoc.write(MESSAGE, out, style="perl"),
        lambda: vn_edoc.write("x", out),  # type: ignore[arg-type]
        lambda: vn_edoc.write(MESSAGE, out, [3]),
        lambda: vn_edoc.write(MESSAGE, out, 3),  # type: ignore[arg-type]
        lambda: vn_edoc.write(MESSAGE, out, FILES, "soap-2803"),
        lambda: vn_edoc.write(MESSAGE, out, [AttachmentSource(b"x", "a\x00.pdf")]),
        lambda: vn_edoc.write(MESSAGE, out, [AttachmentSource(b"x")]),
        lambda: vn_edoc.write(MESSAGE, out, [AttachmentSource(b"x", "a", content_id="1")] * 2),
        lambda: Organization(organ_id="\x01"),
        lambda: Organization(wrong="x"),
        lambda: DocumentMessage.from_json("{"),
        lambda: DocumentMessage.from_json('{"Subject": 1}'),
    ):
        with pytest.raises(UsageError):
            call()


def test_builders() -> None:
    at = datetime(2026, 1, 6, 8, 0, tzinfo=VIETNAM)
    recall = DocumentMessage.recall(of=MESSAGE, reason="Gửi nhầm", sent_at=at)
    assert (recall.business_type, recall.target_id) == (BusinessType.RECALL, MESSAGE.document_id)
    update = MESSAGE.update(
        of="H29.12,2026/01/04,9/A-B",
        reason="Thêm nơi nhận",
        receivers=[Receiver(organ_id="H31", receiver_type=ReceiverChange.ADD)],
        sent_at=at,
    )
    assert update.business.update_info is not None and update.business.update_info.document_receiver is True
    replacement = MESSAGE.replace(replaced=[MESSAGE], reason="Thay thế", sent_at=at)
    assert replacement.business.replacements[0].organ_ids == ("G12", "H30")
    for message in (recall, update, replacement):
        out = io.BytesIO()
        vn_edoc.write(message, out)
        assert vn_edoc.read(out.getvalue()).message == message
    with pytest.raises(UsageError):
        MESSAGE.replace(replaced=[], reason="x")

    reply = StatusMessage.reply(to=MESSAGE, code="03", sender="G12", at=at)
    assert reply.sender == MESSAGE.receivers[0] and reply.response_for is not None
    assert reply.response_for.organ_id == "H29.12" and reply.response_for.code == "15/A-B"
    back = StatusMessage.reply(to=MESSAGE, code=StatusCode.RECALL, at=at)
    assert back.sender == MESSAGE.sender and back.response_for is not None and back.response_for.organ_id == "G12"
    wrongs: list[dict[str, Any]] = [{"code": "02", "sender": "G12"}, {"code": "07", "sender": "G12"}]
    for wrong in (*wrongs, {"code": "03"}, {"code": "03", "sender": "X"}):
        with pytest.raises(UsageError):
            StatusMessage.reply(to=MESSAGE, **wrong)


def test_duplicates() -> None:
    other = MESSAGE.changed(document_id="another")
    third = MESSAGE.changed(document_id="third", code=None)
    assert [f.where.path for f in duplicates([MESSAGE, other, third])] == ["[2]/Code"]
    assert len(duplicates([MESSAGE, MESSAGE])) == 2
    assert {f.rule for f in duplicates([MESSAGE, MESSAGE])} == {"R50"}


_FORMS = [("vxp", "java"), ("vxp", "dotnet"), ("soap-2803", "java")]


def without_extensions(part: Part) -> Any:
    """A part with nothing in it but what has a place of its own: the schemas know no other elements."""

    def bare(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(bare(v) for v in value)
        return without_extensions(value) if isinstance(value, Part) else value

    return part.changed(**{name: () if name == "extensions" else bare(value) for name, value in part.__dict__.items()})


@pytest.mark.parametrize(("dialect", "style"), _FORMS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=documents | statuses)
def test_what_is_written_is_valid_by_its_schema(dialect: str, style: str, message: Part) -> None:
    kind = "document" if isinstance(message, DocumentMessage) else "status"
    first, second = io.BytesIO(), io.BytesIO()
    files = FILES if kind == "document" else []
    target = first if dialect == "vxp" else (first, second)
    vn_edoc.write(without_extensions(message), target, files, dialect, style)
    etree.XMLSchema(file=schemas.path(dialect, style, kind)).assertValid(etree.fromstring(first.getvalue()))
    if second.getvalue():
        apart = etree.XMLSchema(file=schemas.path(dialect, style, "attachments"))
        apart.assertValid(etree.fromstring(second.getvalue()))


_STATUS = StatusMessage.reply(
    to=MESSAGE,
    code="03",
    sender="G12",
    at=datetime(2026, 1, 6, 8, 0, tzinfo=VIETNAM),
    staff=StaffInfo(staff="Lê Văn B"),
)
_DAMAGE = {
    "document": (
        ("<edXML:Priority>0<", "<edXML:Priority>khẩn<"),
        ("edXML:CodeNumber>", "edXML:Number>"),
        ("2026/01/05<", "2026-01-05<"),
        ("05/01/2026<", "2026-01-05<"),
    ),
    "status": (
        ("StatusCode>03<", "StatusCode>07<"),
        ("edXML:StatusCode>", "edXML:Status>"),
        ("2026/01/05<", "2026-01-05<"),
        ("05/01/2026<", "2026-01-05<"),
        ("2026/01/06 08:00:00<", "2026-01-06T08:00:00+07:00<"),
        ("06/01/2026 08:00:00<", "2026-01-06T08:00:00+07:00<"),
        ("edXML:From>", "edXML:To>"),
    ),
    "attachments": (
        ("<Value>", "<Value><X/>"),
        ("ContentID>", "ContentId>"),
        ("edXMLAttachment>", "Attachment>"),
        ("<Attach>", "<Attach><X/>"),
    ),
}
"""What no writer of the form may write; of a pair whose first part is absent the form has no such place."""


@pytest.mark.parametrize(
    ("dialect", "style", "kind"),
    [*((d, s, k) for d, s in _FORMS for k in ("document", "status")), ("soap-2803", "java", "attachments")],
)
def test_xmllint_agrees(dialect: str, style: str, kind: str, tmp_path: Path) -> None:
    """The libxml2 tool, as a partner would call it, takes what is written and refuses it once it is damaged."""
    tool = shutil.which("xmllint")
    if tool is None:
        pytest.skip("xmllint is not installed")
    written = tmp_path / "p.xml"
    vn_edoc.write(_STATUS if kind == "status" else MESSAGE, written, [] if kind == "status" else FILES, dialect, style)
    checked = written.with_name("p_attachments.xml") if kind == "attachments" else written
    schema = str(schemas.path(dialect, style, kind))

    def lint() -> tuple[int, str]:
        command = [tool, "--nonet", "--noout", "--schema", schema, str(checked)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        return done.returncode, done.stderr

    assert lint()[0] == 0, lint()
    text = checked.read_text("utf-8")
    damages = [(old, new) for old, new in _DAMAGE[kind] if old in text]
    assert len(damages) >= 3
    for old, new in damages:
        checked.write_text(text.replace(old, new), "utf-8")
        # 3: well-formed, and not valid.
        assert lint()[0] == 3, old


def test_shipped_schemas_are_those_of_the_tables() -> None:
    shipped = schemas.shipped()
    assert shipped == schemas.made()
    assert "edxml-vxp-java-document.xsd" in shipped and "document-message.schema.json" in shipped
    for name, data in shipped.items():
        if name.endswith(".json"):
            assert json.loads(data)["$schema"]


def test_dates_of_builders_are_dates() -> None:
    assert MESSAGE.promulgation_info is not None and MESSAGE.promulgation_info.promulgation_date == date(2026, 1, 5)
