"""Content that is not base64 on one line, with the same face: parts of mail, files unpacked from a ZIP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from vn_edoc.xml.base64run import Base64Checked, Base64Run

__all__ = ["MailRun", "PlainRun"]


class PlainRun(Base64Run):
    """Octets from ``start`` to ``end`` of a source, not encoded."""

    def check(
        self, sink: Callable[[bytes], object] | None = None, *, deadline: float | None = None, keep: bool = False
    ) -> Base64Checked:
        """Give all octets to ``sink``; with ``keep`` they are kept for :meth:`kept`. Only the time can run out."""
        size, damage = self.end - self.start, None
        if keep:
            self._kept = self.source.at(self.start, size)
        if sink is not None:
            position = 0
            for piece in (self._kept,) if self._kept is not None else self.source.chunks(self.start, self.end):
                if deadline is not None and time.monotonic() > deadline:
                    size, damage = position, "time"
                    break
                sink(piece)
                position += len(piece)
        if self._checked is None:
            self._checked = Base64Checked(
                size, damage, None if damage is None else self.start + size, False, False, False, False
            )
        return self._checked

    def decoded(self, offset: int = 0) -> Iterator[bytes]:
        return self.source.chunks(self.start + offset, self.start + self.check().size)

    def canonical(self) -> Iterator[bytes]:
        return self.decoded()


class MailRun(Base64Run):
    """Base64 of a part of mail, where lines are broken by rule."""

    def check(
        self, sink: Callable[[bytes], object] | None = None, *, deadline: float | None = None, keep: bool = False
    ) -> Base64Checked:
        return super().check(sink, deadline=deadline, keep=keep)._replace(blank=False)
