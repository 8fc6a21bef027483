"""The media type of a content from its first bytes, never from what the packet claims."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["HEAD", "ZIP_BASED", "sniff"]

HEAD = 4096
"""First bytes that :func:`sniff` looks at."""

ZIP_BASED = frozenset(
    {"zip", "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "xlsb", "pptx", "pptm", "ppsx", "odt", "ods", "odp", "odg"}
    | {"dotm", "ppsm", "potx", "potm", "xltm", "xlam", "ppam", "ots", "otp", "otg", "odb", "pages", "numbers", "key"}
    | {"bdoc", "ear", "ipa", "xpi", "cbz", "vsdm", "vstx"}
    | {"odf", "ott", "jar", "war", "apk", "epub", "asice", "asics", "sce", "scs", "kmz", "vsdx", "xps", "oxps", "3mf"}
)
"""Extensions of formats that are themselves ZIP archives."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"-----BEGIN PKCS7-----", "application/pkcs7-mime"),
    (b"-----BEGIN CMS-----", "application/pkcs7-mime"),
)
_OLE = {
    "doc": "application/msword",
    "dot": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
_OPENXML = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPENDOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "asice": "application/vnd.etsi.asic-e+zip",
    "asics": "application/vnd.etsi.asic-s+zip",
    "epub": "application/epub+zip",
}
_BINARY = bytes(c for c in range(32) if c < 9 or (c > 13 and c != 27))
"""Control characters that no text has. Two letters alone (``BM``, ``MZ``) may begin a text as well."""
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


def sniff(head: bytes, extension: str, entries: Sequence[str] = ()) -> str:
    """The media type. ``extension`` only decides among types with equal first bytes; ``entries`` are a ZIP's names."""
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(extension, entries)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _OLE.get(extension, "application/x-ole-storage")
    for magic, media_type in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or _text_type(head) == "application/octet-stream"):
            return media_type
    if head[:1] == b"\x30" and _SIGNED_DATA in head[:20]:
        return "application/pkcs7-mime"
    return _text_type(head)


def _zip_type(extension: str, entries: Sequence[str]) -> str:
    if "[Content_Types].xml" in entries:
        for start, media_type in _OPENXML.items():
            if any(name.startswith(start) for name in entries):
                return media_type
    if entries and entries[0] == "mimetype" and extension in _OPENDOCUMENT:
        return _OPENDOCUMENT[extension]
    return "application/zip"


def _text_type(head: bytes) -> str:
    if not head:
        return "application/x-empty"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith((b"<?xml", b"<edxml")):
        return "application/xml"
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain"
    if len(head.translate(None, _BINARY)) != len(head):
        return "application/octet-stream"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The end of the sample may cut a character.
        if error.start < len(head) - 4:
            return "application/octet-stream"
    return "text/plain"
