"""Saving a content under a name that is free: whole or not at all, and nothing is overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from vn_edoc._files import os_reason
from vn_edoc.errors import LimitExceeded, SourceError

__all__ = ["write_new"]


def write_new(folder: Path, name: str, content: BinaryIO) -> Path:
    """Save ``content`` in ``folder`` as ``name``, with a number where that is taken; the path it got.

    Raises :class:`~vn_edoc.errors.SourceError` when it cannot be written.
    """
    draft = folder / f".{os.urandom(12).hex()}.tmp"
    try:
        with draft.open("xb") as file:
            while piece := content.read(1024 * 1024):
                file.write(piece)
        return _named(draft, folder, name)
    except OSError as error:
        en, vi = os_reason(error)
        raise SourceError(
            f"cannot write {name!r} in {folder}: {en}", f"không ghi được {name!r} vào {folder}: {vi}"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _named(draft: Path, folder: Path, name: str) -> Path:
    for path in _candidates(folder, name):
        try:
            os.link(draft, path)
        except FileExistsError:
            continue
        except OSError:
            # A file system without links: the name is taken first, then the content put under it.
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
            except FileExistsError:
                continue
            try:
                draft.replace(path)
            except BaseException:
                with suppress(OSError):
                    path.unlink()
                raise
        return path
    raise LimitExceeded("too many files of that name", "quá nhiều tệp trùng tên", field="name", value=name)


def _candidates(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, dot, suffix = name.rpartition(".")
    for serial in range(2, 10_000):
        yield folder / (f"{stem} ({serial}).{suffix}" if dot and stem else f"{name} ({serial})")
