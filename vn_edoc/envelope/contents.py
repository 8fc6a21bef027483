"""What is asked of attachments: that they are all there and whole (R44), well named, and what they claim to be."""

from __future__ import annotations

import re
from typing import Any

from vn_edoc.envelope.attachments import Attachment, ManifestReference
from vn_edoc.envelope.names import extension, why_unsafe
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.unwrapping import DAMAGES, Content
from vn_edoc.findings import Severity
from vn_edoc.xml.base64run import Base64Run

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
        offset = None if content.run is None else content.run.check().offset
        place = {} if content.run is None else {"offset": offset}
        if attachment.damage == "junk" and content.run is not None and offset is not None:
            vi, en = _junk(content.run, offset)
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
        vi, en = why_unsafe(attachment.name)
        say(
            "envelope.name",
            _WARNING,
            f"Tên tệp {vi}; khi lưu dùng tên {shown!r}.",
            f"The file name {en}; {shown!r} is used for saving.",
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
    _type_against_name(attachment, content, say)
    if content.media_type in ("application/vnd.microsoft.portable-executable", "application/x-elf"):
        say("envelope.executable", _WARNING, "Tệp đính kèm là chương trình.", "The attachment is a program.")


_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\s&#;]")
_LOOKED_AT = 512 * 1024


def _junk(run: Base64Run, offset: int) -> tuple[str, str]:
    """What does not belong into base64, and where, in Vietnamese and English."""
    vi, en = DAMAGES["junk"]
    head = run.source.at(run.start, min(64, run.end - run.start)).lstrip()
    if head[:5].lower() == b"data:":
        return f"{vi}: nội dung ghi dạng data URI (data:…;base64,…)", f"{en}: it is a data URI (data:…;base64,…)"
    found = _FOREIGN.search(run.source.at(offset, min(_LOOKED_AT, run.end - offset)))
    if found is None:
        return vi, en
    at = offset + found.start() - run.start + 1
    char = run.source.at(offset + found.start(), 4).decode("utf-8", "ignore")[:1] or f"0x{found[0].hex()}"
    vi, en = f"{vi} ({char!r}, ký tự thứ {at})", f"{en} ({char!r}, character {at})"
    if char in "-_":
        return f"{vi}; có thể là bảng chữ base64url", f"{en}; it may be base64url"
    return vi, en


_CLEAR = {
    "pdf": frozenset({"application/pdf"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "png": frozenset({"image/png"}),
}
"""Types that contents of a name must have."""
_TOLD_APART = frozenset(
    {"application/gzip", "application/vnd.rar", "application/x-7z-compressed", "application/x-ole-storage"}
    | {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/tiff", "application/rtf", "text/html"}
    | {"application/xml", "application/pkcs7-mime"}
)
"""Types that first bytes tell beyond doubt."""
_TWICE = (b"JVBERi0", b"UEsDB", b"0M8R4KGx", b"/9j/", b"iVBORw0KGgo")
"""How base64 of PDF, ZIP, OLE, JPEG and PNG begins."""


def _type_against_name(attachment: Attachment, content: Content, say: Any) -> None:
    """A content that is plainly of another type than the name says."""
    kind, suffix = content.media_type, extension(attachment.name)
    if kind == "text/plain" and suffix not in ("txt", "b64", "csv") and content.head.lstrip().startswith(_TWICE):
        say(
            "envelope.base64_twice",
            _WARNING,
            "Nội dung sau khi giải mã vẫn là base64: tệp đã bị mã hóa base64 hai lần.",
            "The decoded content is base64 once more: the file was encoded twice.",
        )
    elif suffix in _CLEAR and kind in _TOLD_APART and kind not in _CLEAR[suffix]:
        say(
            "envelope.content_type",
            _WARNING,
            f"Nội dung là {kind}, không phải như phần mở rộng .{suffix} của tên tệp.",
            f"The content is {kind}, other than the extension .{suffix} of its name says.",
            found=kind,
        )


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
