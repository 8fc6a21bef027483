"""Files that somebody names, or that lie in a folder somebody names: read up to a bound, and never waited for."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False  # see vn_edoc._data
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["new_file", "not_regular", "open_file", "os_reason", "read_file", "read_small"]

_STEP = 1024 * 1024
_ALWAYS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _ALWAYS
_CREATING = os.O_RDWR | os.O_CREAT | os.O_EXCL | _ALWAYS


_REASONS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không được phép",
    errno.EISDIR: "đó là thư mục",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EEXIST: "đã có tệp tên này",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EROFS: "hệ thống tệp chỉ đọc",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EFBIG: "tệp quá lớn",
    errno.EMFILE: "đang mở quá nhiều tệp",
    errno.EIO: "lỗi vào ra",
}


_IRREGULAR = "not a regular file"


def os_reason(error: Exception) -> tuple[str, str]:
    """Why the system refused, in English and Vietnamese, without the path that most errors repeat."""
    en = getattr(error, "strerror", None) or str(error)
    if en == _IRREGULAR:
        return en, "không phải tệp thông thường"
    return en, _REASONS.get(getattr(error, "errno", None) or 0, en)


def not_regular(path: str | os.PathLike[str]) -> OSError:
    """The error for a pipe, a socket, a device or a folder where a file is needed."""
    return OSError(errno.EINVAL, _IRREGULAR, os.fspath(path))


def open_file(path: str | os.PathLike[str], *, buffering: int = -1) -> BinaryIO:
    """A regular file, opened for reading. ``OSError`` for all else: a pipe would be waited for, a device has no end."""
    try:
        descriptor = os.open(path, _OPENING)
    except ValueError as error:  # a name with a null character
        raise OSError(errno.EINVAL, str(error)) from None
    stream: BinaryIO = os.fdopen(descriptor, "rb", buffering)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        stream.close()
        raise not_regular(path)
    return stream


def new_file(path: str | os.PathLike[str]) -> BinaryIO:
    """A file that was not there, for its owner alone, to be written and read; ``OSError`` where there can be none.

    The caller knows the name before the file is there, so that Ctrl-C at any moment leaves none; ``tempfile`` tells
    the name afterwards.
    """
    return os.fdopen(os.open(path, _CREATING, 0o600), "w+b")


def read_small(path: str | os.PathLike[str], limit: int) -> bytes | None:
    """The octets of a regular file, ``None`` when it has more than ``limit``; ``OSError`` for all else."""
    try:
        descriptor = os.open(path, _OPENING)
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise not_regular(path)
        if found.st_size > limit:
            return None
        octets = os.read(descriptor, found.st_size + 1)
        if len(octets) == found.st_size and octets:
            return octets
        # It changes, or the system does not tell the size, as of what it makes itself (/proc).
        while len(octets) <= limit and (more := os.read(descriptor, min(limit + 1 - len(octets), _STEP))):
            octets += more
    finally:
        os.close(descriptor)
    return octets if len(octets) <= limit else None


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The octets of a regular file of at most ``limit`` bytes; ``OSError`` for all else."""
    octets = read_small(path, limit)
    if octets is None:
        raise OSError(errno.EFBIG, f"larger than {limit} bytes", os.fspath(path))
    return octets
