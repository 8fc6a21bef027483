"""Where a signed file is made, until it stands whole under the name of its target."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from vn_edoc._files import new_file
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.signature.evidence import write_whole
from vn_edoc.signature.sources import Opened, Source

__all__ = ["Output"]

_SMALL = 16 * 1024 * 1024


class Output:
    """The result while it is being made: in memory when small, else a hidden file beside the target."""

    def __init__(self, opened: Opened, source: Source, target: str | Path | BinaryIO) -> None:
        self._path: Path | None = None
        self._part: Path | None = None
        if isinstance(target, str | Path):
            self._path = Path(target)
            if isinstance(source, str | Path) and _same_file(Path(source), self._path):
                raise UsageError(
                    "the target is the source file: the input is never overwritten",
                    "tệp đích trùng tệp nguồn: không ghi đè tệp nguồn",
                    field="target",
                    value=str(target),
                )
        elif not hasattr(target, "write"):
            raise UsageError(
                f"a path or a binary file is needed, not {type(target).__name__}",
                f"cần đường dẫn hoặc tệp nhị phân, không phải {type(target).__name__}",
                field="target",
            )
        self._file: Any = None if self._path is not None else target
        self.stream: BinaryIO = io.BytesIO()
        self._big = opened.size > _SMALL

    def __enter__(self) -> Output:
        if self._big and self._path is None:
            self.stream = _temporary()
        elif self._big and self._path is not None:
            self._part = self._path.parent / f".vn-edoc.{os.urandom(8).hex()}.part"
            try:
                self.stream = new_file(self._part)
            except BaseException as error:
                with contextlib.suppress(OSError):
                    self._part.unlink(missing_ok=True)
                if isinstance(error, OSError):
                    raise _unwritable(error) from error
                raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            # What is left to flush need not fit: without a commit it is thrown away.
            with contextlib.suppress(OSError):
                self.stream.close()
        finally:
            if self._part is not None:
                self._part.unlink(missing_ok=True)

    def commit(self) -> tuple[str, int]:
        """Put the result in its place; its SHA-256 and size."""
        size = self.stream.seek(0, 2)
        self.stream.seek(0)
        hasher = hashlib.sha256()
        try:
            if self._part is not None and self._path is not None:
                while chunk := self.stream.read(1 << 20):
                    hasher.update(chunk)
                self.stream.close()
                self._part.replace(self._path)
                self._part = None
            elif self._path is not None:
                data = self.stream.read()
                hasher.update(data)
                write_whole(self._path, data)
            else:
                while chunk := self.stream.read(1 << 20):
                    hasher.update(chunk)
                    self._file.write(chunk)
        except OSError as error:
            raise _unwritable(error) from error
        return hasher.hexdigest(), size


def _temporary() -> BinaryIO:
    return tempfile.TemporaryFile()


def _unwritable(error: OSError) -> SourceError:
    return SourceError(f"the target cannot be written: {error}", f"không ghi được tệp đích: {error}", field="target")


def _same_file(a: Path, b: Path) -> bool:
    try:
        return a.samefile(b)
    except OSError:
        return False
