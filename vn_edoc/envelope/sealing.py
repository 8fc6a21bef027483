"""What the writer asks of someone who seals packets. The envelope knows no keys.

Two forms exist. The **seal** is one more attachment, :data:`SEAL_NAME`, made from the values of the fields and the
digests of the other attachments' contents. The **header form** is a signature element, put last into the header, over
the elements as they are written: each child of ``MessageHeader``, ``Bussiness``, the sender's ``TraceHeader``, the
manifest and each ``Attachment`` carries an ``Id``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.xml.ranges import Skeleton

__all__ = ["SEAL_NAME", "Draft", "DraftAttachment", "Sealer"]

SEAL_NAME = "vn-edoc-seal.xml"
"""Name of the attachment that is a packet's seal."""


@dataclass(frozen=True, slots=True)
class DraftAttachment:
    """An attachment that is about to be written."""

    name: str
    """``AttachmentName``."""
    content_id: str
    """Content id without ``cid:``."""
    size: int
    """Bytes of the content, before any wrapper; 0 for a header signature that asks for no digests: nothing has been
    read then."""
    digests: Mapping[str, bytes]
    """Digests of the content by the names of :attr:`Sealer.digests`."""
    content: Callable[[], Iterator[bytes]] | None = None
    """Gives the content once more, in pieces, for an archive time-stamp covers it;
    :class:`~vn_edoc.errors.SourceError` when it has changed since."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A packet before it is sealed."""

    message: DocumentMessage | StatusMessage
    """The message as given."""
    dialect: str
    """Dialect that is written."""
    attachments: tuple[DraftAttachment, ...]
    """The attachments in order, without the seal."""
    skeleton: Skeleton | None
    """In the header form the packet as it will be written but for the signature, with tokens for the contents: parse
    it with :func:`vn_edoc.xml.parse.parse`, and digest with :meth:`~vn_edoc.xml.ranges.Skeleton.pieces`."""


@runtime_checkable
class Sealer(Protocol):
    """Makes the seal or the header signature of a packet."""

    @property
    def form(self) -> Literal["seal", "header"]:
        """Which of the two it makes."""

    @property
    def digests(self) -> tuple[str, ...]:
        """Digest algorithms it needs of the contents, by their ``hashlib`` names."""

    def seal(self, draft: Draft) -> bytes:
        """The seal file (form ``seal``), or the signature element as UTF-8 without XML declaration (form ``header``).

        Raises :class:`~vn_edoc.errors.SigningError` when it cannot sign.
        """
