"""What an attachment holds: decoded, with the ZIP wrapper taken off, checked to its end and hashed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, cast

from vn_edoc.envelope import wrapper
from vn_edoc.envelope.names import extension
from vn_edoc.envelope.sniff import HEAD, ZIP_BASED, sniff
from vn_edoc.limits import Limits
from vn_edoc.xml.base64run import Base64Reader, Base64Run

if TYPE_CHECKING:
    import hashlib

__all__ = ["DAMAGES", "Content", "in_memory", "new_sha256"]

_PIECE = 256 * 1024

DAMAGES: dict[str, tuple[str, str]] = {
    "missing": ("không có nội dung", "there is no content"),
    "junk": ("base64 có ký tự lạ", "the base64 holds characters that do not belong there"),
    "padding": ("base64 có dấu = giữa nội dung", "the base64 is padded before its end"),
    "cut": ("base64 bị cắt cụt", "the base64 is cut short"),
    "split": ("nội dung bị chen chú thích hoặc thẻ", "comments or tags stand inside the content"),
    "part": ("phần MIME bị cắt cụt", "its MIME part is cut short"),
    "part_missing": ("không có phần MIME mà nó trỏ tới", "the MIME part that it points to is not there"),
    "headers": ("phần đầu của phần MIME quá dài", "the headers of its MIME part are too long"),
    "encoding": ("cách mã hóa phần MIME không hỗ trợ", "the transfer encoding of its MIME part is not supported"),
    "time": ("hết thời gian cho phép", "the time allowed ran out"),
    "size": ("vượt giới hạn dung lượng", "it is larger than the bound"),
    "ratio": ("tỷ lệ nén vượt giới hạn", "it unpacks beyond the bound"),
    "entries": ("tệp ZIP có quá nhiều mục", "the ZIP has more entries than the bound"),
    "directory": ("không đọc được mục lục ZIP", "the ZIP has no readable directory"),
    "empty_zip": ("tệp ZIP không có tệp nào", "the ZIP holds no file"),
    "method": ("phương pháp nén không hỗ trợ", "the ZIP uses another compression method"),
    "encrypted": ("tệp ZIP bị mã hóa", "the ZIP is encrypted"),
    "zip": ("dữ liệu ZIP hỏng", "the ZIP data are damaged"),
}
"""Kinds of damage, with their Vietnamese and English words."""


class Content:
    """Decoded content of an attachment, with the ZIP wrapper taken off where there is one."""

    __slots__ = (
        "_digest",
        "_room",
        "_sha256",
        "_unpacked",
        "damage",
        "entry",
        "head",
        "limits",
        "media_type",
        "raw_size",
        "run",
        "size",
        "zip_note",
    )

    def __init__(
        self,
        run: Base64Run | None,
        name: str | None,
        limits: Limits,
        *,
        damage: str | None,
        deadline: float,
        room: int = 0,
        hashed: bool = True,
    ) -> None:
        """Check the content to its end. At most ``room`` bytes of it are kept decoded. Without ``hashed`` its SHA-256
        is made when it is asked for."""
        self.run = run
        self._room = room
        self._unpacked: bytes | None = None
        self.limits = limits
        self.entry: zipfile.ZipInfo | None = None
        self.zip_note: str | None = None
        """``many``: a ZIP with several files under a name that is none; ``nested``: a wrapper inside the wrapper;
        ``ambiguous``: a wrapper in which another reader may find another content."""
        self.damage: str | None = damage
        self.size: int | None = None
        self.raw_size: int | None = None
        self._sha256: str | None = None
        self._digest: _Digest | None = None
        self.media_type: str | None = None
        self.head = b""
        if run is None:
            self.damage = damage or "missing"
        else:
            self._check(run, name, deadline, hashed=hashed)

    @property
    def sha256(self) -> str | None:
        """SHA-256 of the content, lower-case hexadecimal; ``None`` if damaged. Of a content that is kept it is made
        when it is asked for."""
        digest = self._digest
        if digest is not None:
            self._sha256 = digest.hexdigest()
            self._digest = None
        if self._sha256 is None and self.size is not None and self.damage is None:
            whole = new_sha256()
            with self.open() as file:
                while piece := file.read(_PIECE):
                    whole.update(piece)
            self._sha256 = whole.hexdigest()
        return self._sha256

    def _check(self, run: Base64Run, name: str | None, deadline: float, *, hashed: bool) -> None:
        keep = (run.end - run.start) // 4 * 3 <= self._room
        digest = _Digest(self._room if keep else 0, hashed=hashed)
        checked = run.check(digest.feed, deadline=deadline, keep=keep)
        if keep:
            self._room -= checked.size
        self.head = digest.head
        self.raw_size = checked.size
        self.damage = self.damage or checked.damage
        if self.damage is None and checked.size == 0:
            self.damage = "missing"
        if self.damage is None and checked.size > self.limits.attachment_bytes:
            self.damage = "size"
        if self.damage is not None:
            return
        names: tuple[str, ...] = ()
        if wrapper.is_zip(digest.head):
            archive = wrapper.look(self._buffered(), checked.size, self.limits)
            names = tuple(i.filename for i in archive.files[:200])
            if wrapper.is_wrapper(name, archive):
                unwrapped = self._unwrap(archive, digest, name, deadline)
                if unwrapped is None:
                    return
                digest = unwrapped
                names = () if self.entry is not None else names
        self.size = digest.size
        self._digest = digest
        self.head = digest.head
        self.media_type = sniff(digest.head, extension(name), names)

    def _unwrap(self, archive: wrapper.Archive, raw: _Digest, name: str | None, deadline: float) -> _Digest | None:
        """Size and digest of what the wrapper holds; ``None`` when it cannot be had."""
        if archive.problem is not None or not archive.files:
            self.damage = archive.problem or "empty_zip"
            return None
        if len(archive.files) > 1:
            self.zip_note = "many"
            return raw
        if not archive.plain:
            self.zip_note = "ambiguous"
        digest = _Digest(keep=self._room)
        self.entry = archive.files[0]
        self.damage = wrapper.unpack(self._buffered(), self.entry, self.limits, digest.feed, deadline)
        if self.damage is not None:
            return None
        self._unpacked = digest.kept()
        self._room -= len(self._unpacked or b"")
        if self.zip_note is None and wrapper.is_zip(digest.head) and extension(name) not in ZIP_BASED:
            self.zip_note = "nested"
        return digest

    @property
    def room(self) -> int:
        """What is left of the room for kept contents."""
        return self._room

    def kept(self) -> bytes | None:
        """The content as it was hashed, where it was kept and the source is certain to be as it was."""
        if self.run is None or self.damage is not None:
            return None
        if self.entry is None:
            return self.run.kept()
        return self._unpacked if self._unpacked is not None and self.run.source.steady() else None

    def _buffered(self) -> io.BufferedReader:
        assert self.run is not None
        kept = self.run.kept()
        if kept is not None:
            return in_memory(kept)
        return io.BufferedReader(Base64Reader(self.run), 65536)

    def open_raw(self) -> io.BufferedReader:
        """As carried: decoded, not unwrapped, up to the damage if there is one."""
        if self.run is None:
            return in_memory(b"")
        return self._buffered()

    def open(self) -> io.RawIOBase | io.BufferedIOBase:
        """The content itself; only for what is not damaged."""
        if self.entry is None:
            return self._buffered()
        return cast("io.BufferedIOBase", zipfile.ZipFile(self._buffered()).open(self.entry))


def new_sha256() -> hashlib._Hash:
    """A new digest. What it takes is imported when something is hashed."""
    import hashlib

    return hashlib.sha256()


def in_memory(content: bytes) -> io.BufferedReader:
    """A content as a file to read."""
    return io.BufferedReader(cast("io.RawIOBase", io.BytesIO(content)))


class _Digest:
    """SHA-256, size and first bytes of what is fed to it. Up to ``keep`` bytes are kept, and hashed at the end."""

    __slots__ = ("_hash", "_keep", "_pieces", "_sha256", "head", "size")

    def __init__(self, keep: int = 0, *, hashed: bool = True) -> None:
        self._sha256: hashlib._Hash | None = None
        self._hash = hashed
        self._keep = keep
        self._pieces: list[bytes] = []
        self.head = b""
        self.size = 0

    def feed(self, piece: bytes) -> None:
        if self.size < HEAD:
            self.head += piece[: HEAD - self.size]
        self.size += len(piece)
        self._pieces.append(piece)
        if self.size > self._keep:
            if self._hash:
                self._sha256 = self._hashed()
            self._pieces.clear()

    def _hashed(self) -> hashlib._Hash:
        digest = new_sha256() if self._sha256 is None else self._sha256
        for piece in self._pieces:
            digest.update(piece)
        return digest

    def kept(self) -> bytes | None:
        """All that was fed; ``None`` where it was too much."""
        if self.size > self._keep:
            return None
        self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    def hexdigest(self) -> str | None:
        """The digest; ``None`` where neither it was wanted nor all was kept."""
        return self._hashed().hexdigest() if self._hash or self.size <= self._keep else None
