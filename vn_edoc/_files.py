"""Files that somebody names, or that lie in a folder somebody names: read up to a bound, and never waited for."""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False  # see vn_edoc._data
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["open_file", "read_file"]

_OPENING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


def open_file(path: str | os.PathLike[str], *, buffering: int = -1) -> BinaryIO:
    """A regular file, opened for reading. ``OSError`` for all else: a pipe would be waited for, a device has no end."""
    try:
        descriptor = os.open(path, _OPENING)
    except ValueError as error:  # a name with a null character
        raise OSError(errno.EINVAL, str(error)) from None
    stream: BinaryIO = os.fdopen(descriptor, "rb", buffering)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
    return stream


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The octets of a regular file of at most ``limit`` bytes; ``OSError`` for all else."""
    with open_file(path) as stream:
        octets = stream.read(limit + 1)
    if len(octets) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit} bytes", os.fspath(path))
    return octets
