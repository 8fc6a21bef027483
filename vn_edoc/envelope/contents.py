"""What is asked of attachments: that they are all there and whole (R44), well named, and what they claim to be."""

from __future__ import annotations

from typing import Any

from vn_edoc.envelope.attachments import Attachment, ManifestReference
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.unwrapping import DAMAGES, Content
from vn_edoc.findings import Severity

__all__ = ["check_attachment", "missing_content"]

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_ZIP_TYPES = frozenset({"application/zip", "application/x-zip-compressed", "application/x-zip", "zip"})


def missing_content(reference: ManifestReference, notes: Notes) -> None:
    """An entry of the manifest without an attachment."""
    shown = reference.name or reference.content_id or str(reference.index)
    notes.add(
        "R44",
        _ERROR,
        f"Manifest/Reference[{reference.index}]",
        f"Gói tin thiếu tệp {shown[:120]!r} nêu trong danh mục.",
        f"The packet lacks {shown[:120]!r}, which its manifest names.",
        basis=("qd28:9.1", "qd28:10.1"),
        missing=True,
    )


def check_attachment(
    attachment: Attachment, content: Content, declared_size: str | None, notes: Notes, *, has_manifest: bool
) -> None:
    """All checks of one attachment."""
    path, shown = f"Attachment[{attachment.index}]", attachment.safe_name

    def say(rule: str, severity: Severity, vi: str, en: str, basis: tuple[str, ...] = (), **data: Any) -> None:
        notes.add(rule, severity, path, vi, en, basis=basis, attachment=shown, **data)

    if attachment.damage is not None:
        vi, en = DAMAGES[attachment.damage]
        place = {} if content.run is None else {"offset": content.run.check().offset}
        say(
            "R44",
            _ERROR,
            f"Tệp đính kèm không đọc được: {vi}.",
            f"The attachment cannot be read: {en}.",
            ("qd28:9.1", "qd28:10.1"),
            damage=attachment.damage,
            **place,
        )
    if attachment.reference is None and has_manifest:
        say(
            "envelope.not_in_manifest",
            _WARNING,
            "Tệp đính kèm không có trong danh mục (edXMLManifest).",
            "The manifest does not name the attachment.",
        )
    if attachment.name is None:
        say("envelope.name", _WARNING, "Tệp đính kèm không có tên.", "The attachment has no name.")
    elif attachment.safe_name != attachment.name:
        say(
            "envelope.name",
            _WARNING,
            f"Tên tệp không an toàn hoặc bị trùng; khi lưu dùng tên {shown!r}.",
            f"The file name is unsafe or taken; {shown!r} is used for saving.",
            found=attachment.name[:500],
        )
    if attachment.name is not None and len(attachment.name) > 500:
        say("R47", _WARNING, "Tên tệp dài quá 500 ký tự.", "The file name has more than 500 characters.")
    reference = attachment.reference
    if reference is not None and reference.name and attachment.name and reference.name != attachment.name:
        say(
            "envelope.manifest_name",
            _WARNING,
            "Tên tệp trong danh mục khác với tên ở tệp đính kèm.",
            "The manifest gives another name than the attachment.",
            manifest=reference.name[:500],
        )
    listed = reference.content_type if reference is not None else None
    declared = attachment.declared_media_type
    if listed and declared and listed.lower() != declared.lower():
        say(
            "envelope.manifest_type",
            _INFO,
            "Kiểu nội dung trong danh mục khác với ở tệp đính kèm.",
            "The manifest gives another media type than the attachment.",
            manifest=listed[:100],
            attachment_type=declared[:100],
        )
    if content.entry is not None and declared and declared.lower() not in _ZIP_TYPES:
        say(
            "envelope.media_type",
            _INFO,
            f"Nội dung nằm trong lớp ZIP nhưng kiểu khai báo là {declared[:60]}.",
            f"The content is in a ZIP wrapper, but the declared type is {declared[:60]}.",
            declared=declared[:100],
        )
    _content_form(content, declared_size, say)
    if content.media_type in ("application/vnd.microsoft.portable-executable", "application/x-elf"):
        say("envelope.executable", _WARNING, "Tệp đính kèm là chương trình.", "The attachment is a program.")


def _content_form(content: Content, declared_size: str | None, say: Any) -> None:
    if content.run is not None and content.damage is None:
        checked = content.run.check()
        if checked.blank or checked.references:
            say(
                "envelope.base64_form",
                _INFO,
                "base64 có khoảng trắng hoặc xuống dòng.",
                "White space or line breaks stand in the base64.",
            )
        if checked.unpadded:
            say(
                "envelope.base64_form",
                _WARNING,
                "base64 thiếu dấu = ở cuối.",
                "The padding at the end of the base64 is missing.",
            )
        if checked.loose_bits:
            say(
                "envelope.base64_form",
                _WARNING,
                "base64 có bit thừa ở ký tự cuối.",
                "The last character of the base64 carries bits that decode to nothing.",
            )
    if content.zip_note == "many":
        say(
            "envelope.zip_wrapper",
            _WARNING,
            "Nội dung là tệp ZIP có nhiều tệp nhưng tên tệp không phải ZIP; giữ nguyên.",
            "The content is a ZIP of several files under another name; it was left as it is.",
        )
    elif content.zip_note == "nested":
        say(
            "envelope.zip_wrapper",
            _WARNING,
            "Bên trong lớp ZIP còn một lớp ZIP; chỉ mở một lớp.",
            "There is a ZIP inside the ZIP wrapper; only one is taken off.",
        )
    elif content.zip_note == "ambiguous":
        say(
            "envelope.zip_ambiguous",
            _WARNING,
            "Lớp ZIP không liền mạch hoặc hai mục lục mâu thuẫn; phần mềm khác có thể mở ra nội dung khác.",
            "The ZIP wrapper has gaps, or its two directories disagree: another reader may find another content in it.",
        )
    if declared_size is not None and content.size is not None and declared_size != str(content.size):
        say(
            "envelope.declared_size",
            _WARNING,
            "Dung lượng khai báo khác với dung lượng thật.",
            "The declared size is not the real one.",
            declared=declared_size[:40],
            size=content.size,
        )
