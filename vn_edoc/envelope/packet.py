"""A packet as it was read: the message, its attachments, and the facts that checks and rules need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NamedTuple, Self, TypeAlias

from lxml import etree

from vn_edoc.envelope.attachments import Attachment, ManifestReference
from vn_edoc.envelope.structure import Structure, guess_producer
from vn_edoc.findings import Finding
from vn_edoc.xml.parse import local_name
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.source import ByteSource

if TYPE_CHECKING:
    from vn_edoc.envelope.elements import Values
    from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage
    from vn_edoc.envelope.telling import Telling

__all__ = ["Message", "Packet", "SignatureState"]

Message: TypeAlias = "DocumentMessage | StatusMessage | ErrorReport"
"""The messages that a packet may hold."""

SignatureState: TypeAlias = Literal["absent", "empty", "placeholder", "malformed", "present"]
"""What stands in the place of the header signature: nothing, an empty element, the SDK's dummy (its certificate cannot
be decoded), something that is no signature, or a signature that can be verified."""


class Parts(NamedTuple):
    """The parsed skeleton, for those who verify signatures over it."""

    skeleton: Skeleton
    """The bytes that were parsed, and the ranges taken out of them."""
    root: etree._Element
    """Root of the tree."""
    exact: bool
    """The tree is the packet as it stands: well-formed, UTF-8, nothing repaired. Only then may it be digested."""


@dataclass(frozen=True, eq=False, repr=False)
class Packet:
    """What :func:`vn_edoc.read` returns. A context manager: it holds its source open for the attachments."""

    kind: str
    """``document``, ``status``, ``attachments`` or ``error_report``."""
    dialect: str
    """``vxp``, ``bkav``, ``inline``, ``soap-2803``, ``soap-512`` or ``unknown``: the structure, certain."""
    attachments: Sequence[Attachment]
    """Attached files in the order of the packet."""
    manifest: tuple[ManifestReference, ...]
    """The manifest's entries in order."""
    missing: tuple[ManifestReference, ...]
    """Entries of the manifest for which the packet has no attachment."""
    signature_state: SignatureState
    """What stands in the place of the header signature."""
    structure: Structure
    """Where things stand in the tree."""
    parts: Parts
    """The parsed tree, for signatures."""
    source: ByteSource
    """The bytes it was read from."""
    telling: Telling
    """Makes the values of the message, and the findings."""
    attachment_parts: Parts | None = None
    """The parsed tree of the second file, where attachments came separately."""
    attachment_source: ByteSource | None = None
    """The bytes of the second file."""

    @cached_property
    def message(self) -> Message | None:
        """The message, a frozen model; ``None`` for a file of attachments. Made on first use."""
        values = self.values
        if values is None:
            return None
        from vn_edoc.envelope.modelling import modelled

        made: Message = modelled(values)
        return made

    @property
    def values(self) -> Values | None:
        """The values of the message without its model: fields as attributes, and ``to_dict()``, as the model has them.
        For programs that only look, and that pydantic would keep waiting. Made on first use."""
        return self.telling.values

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What deviates or is noteworthy, the gravest first. Made on first use."""
        return self.telling.findings

    @cached_property
    def producer(self) -> str | None:
        """``java-sdk``, ``dotnet-sdk``, ``hub``, ``spec`` or ``None``: who probably wrote it, a guess."""
        return guess_producer(self.structure)

    @property
    def size(self) -> int:
        """Bytes of the packet as carried (of its first file)."""
        return self.source.size

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the packet as carried, lower-case hexadecimal: what VXP calls ``hash-file``. Read on first use."""
        import hashlib  # reading needs none

        digest = hashlib.sha256()
        for piece in self.source.chunks():
            digest.update(piece)
        return digest.hexdigest()

    @property
    def exact(self) -> bool:
        """Nothing was repaired: the tree that was read is the packet. What is not exact is shown, never verified."""
        files = (self.parts,) if self.attachment_parts is None else (self.parts, self.attachment_parts)
        return all(p.exact and p.skeleton.exact for p in files)

    @cached_property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """Every text of the header as carried, outer blanks and all, by its path of element names as they stand."""
        found: dict[str, list[str]] = {}
        _texts(self.parts.root, "", found)
        return {path: tuple(texts) for path, texts in found.items()}

    @property
    def organ_ids(self) -> tuple[tuple[str, str], ...]:
        """Every agency code of the packet as carried, with its path, in document order."""
        return tuple(
            (path, text)
            for path, texts in self.carried.items()
            if path.rpartition("/")[2].lower() == "organid"
            for text in texts
        )

    def attachment(self, name: str) -> Attachment | None:
        """The first attachment with that name (as carried, or safe)."""
        return next((a for a in self.attachments if name in (a.name, a.safe_name)), None)

    def __repr__(self) -> str:
        # What a packet says must not slip into logs and tracebacks.
        return (
            f"<Packet {self.kind} {self.dialect}, {len(self.attachments)} attachments, {len(self.findings)} findings>"
        )

    def close(self) -> None:
        """Give back the source. Attachments cannot be opened afterwards."""
        self.source.close()
        if self.attachment_source is not None:
            self.attachment_source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_CONTENT = frozenset({"contenttransferencoded", "attachmentdata", "attachmentencoded", "edxmlattachments", "signature"})


def _texts(element: etree._Element, path: str, found: dict[str, list[str]]) -> None:
    for child in element:
        name = local_name(child.tag)
        if not name or name.lower() in _CONTENT:
            continue
        here = f"{path}/{name}" if path else name
        if len(child):
            _texts(child, here, found)
        else:
            found.setdefault(here, []).append(child.text or "")
