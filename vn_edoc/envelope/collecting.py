"""Manifest entries and attachment elements, gathered before anything is decoded."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from vn_edoc.envelope.attachments import ManifestReference
from vn_edoc.envelope.grouping import Reader
from vn_edoc.envelope.structure import Structure, children
from vn_edoc.findings import Severity
from vn_edoc.limits import Limits
from vn_edoc.xml.base64run import Base64Run
from vn_edoc.xml.parse import local_name, lower_name
from vn_edoc.xml.ranges import CutRange
from vn_edoc.xml.source import open_source

if TYPE_CHECKING:
    from vn_edoc.envelope.containers import Includes
    from vn_edoc.envelope.elements import Kept
    from vn_edoc.envelope.parts import Extension

__all__ = ["CONTENT_NAMES", "LEAF_NAMES", "Collector", "RawAttachment", "pair"]

CONTENT_NAMES = frozenset({"contenttransferencoded", "attachmentdata", "value"})
"""Elements that hold base64."""
LEAF_NAMES = (
    *("ContentId", "ContentID", "AttachmentName", "Description", "ContentType", "FieldName", "MimeType", "Name"),
    *("name", "AttachmentType", "AttachmentSize", "ContentTransferEncoding", "ContentTransferEncoded"),
    *("AttachmentData", "Value", "value"),
)
"""Elements of attachments and of the manifest's entries, in any dialect."""
_SPARE = frozenset({"fieldname"})
"""Elements of the inline form that mean something to its writer alone."""
_RIGHT = {name.lower(): name for name in reversed(LEAF_NAMES)}


@dataclass(slots=True, eq=False, repr=False)
class RawAttachment:
    """One attachment element before it is decoded."""

    name: str | None
    content_id: str | None
    media_type: str | None
    description: str | None
    run: Base64Run | None
    """Where its base64 stands; ``None`` where there is none to decode."""
    damage: str | None
    """What is wrong with that place: a key of :data:`~vn_edoc.envelope.unwrapping.DAMAGES`."""
    declared_size: str | None
    """Size that the inline dialect states."""
    extensions: tuple[Extension, ...]
    """Elements that edXML does not know."""
    loose: bool = False
    """A part or entry of a container, whose own name says less than what the manifest calls it."""


class Collector:
    """Gathers from one file of a packet."""

    def __init__(self, found: Structure, reader: Reader, limits: Limits, includes: Includes | None = None) -> None:
        self.found = found
        self.includes = includes
        """Parts of mail to which contents may point."""
        self.reader = reader
        self.limits = limits
        self._marked: set[tuple[str, bool]] = set()
        """Where content ids stand, and whether with ``cid:``."""

    def manifest(self) -> tuple[ManifestReference, ...]:
        """The manifest's entries in order."""
        if self.found.manifest is None:
            return ()
        entries: list[ManifestReference] = []
        for element in children(self.found.manifest, "reference"):
            if len(entries) >= self.limits.attachments:
                self._too_many(f"Manifest/Reference[{len(entries) + 1}]", "mục trong danh mục", "manifest entries")
                break
            index = len(entries) + 1
            path = f"Manifest/Reference[{index}]"
            values, extensions = self.leaves(element, path)
            href = next((str(v) for k, v in element.attrib.items() if lower_name(k) == "href"), None)
            carried = values.get("contentid")
            if carried is not None and href and bare_id(carried) != bare_id(href):
                self.reader.told.doubled(f"{path}/@href", "ContentId", same=False)
            self._mark("Reference", carried)
            content_id = carried or href
            entries.append(
                ManifestReference(
                    index=index,
                    content_id=bare_id(content_id),
                    name=values.get("attachmentname") or values.get("name"),
                    content_type=values.get("contenttype"),
                    description=values.get("description"),
                    extensions=extensions,
                )
            )
        return tuple(entries)

    def _mark(self, place: str, content_id: str | None) -> None:
        if content_id is not None:
            self._marked.add((place, content_id[:4].lower() == "cid:"))

    def told_of_ids(self, raws: list[RawAttachment], pairs: list[ManifestReference | None]) -> None:
        """How attachments and the manifest's entries found each other, where not by equal ids."""
        if {("Reference", True), ("Attachment", False)} <= self._marked:
            self._cid("Reference")
        elif {("Reference", False), ("Attachment", True)} <= self._marked:
            self._cid("Attachment")
        for number, (raw, reference) in enumerate(zip(raws, pairs, strict=True), 1):
            if reference is not None and (raw.content_id is None or raw.content_id != reference.content_id):
                self.reader.notes.group(
                    "envelope.content_id",
                    Severity.WARNING,
                    f"Attachment[{number}]/ContentId",
                    "Có {n} tệp không có ContentId trùng với danh mục; đã ghép theo tên hoặc thứ tự.",
                    "Attachments without a ContentId of the manifest, matched by name or place: {n}.",
                )

    def _cid(self, place: str) -> None:
        self.reader.notes.add(
            "envelope.content_id",
            Severity.INFO,
            f"{place}/ContentId",
            f"ContentId chỉ có tiền tố cid: ở {place}.",
            f"ContentId carries cid: in {place} only.",
        )

    def _too_many(self, path: str, vi: str, en: str) -> None:
        self.reader.notes.add(
            "xml.limit",
            Severity.ERROR,
            path,
            f"Gói tin có hơn {self.limits.attachments} {vi}; phần còn lại không đọc.",
            f"The packet has more than {self.limits.attachments} {en}; the rest is not read.",
            bound="attachments",
        )

    def leaves(self, element: etree._Element, path: str) -> tuple[dict[str, str], tuple[Extension, ...]]:
        """Texts of the children by lower-case name, the first of each; and the children that edXML does not know."""
        values: dict[str, str] = {}
        extensions: list[Kept] = []
        told, tokens = self.reader.told, self.reader.skeleton.prefix
        for inner in element:
            name = lower_name(inner.tag)
            if not name:
                continue
            shown = local_name(inner.tag)
            if shown not in LEAF_NAMES:
                if name in _RIGHT:
                    told.misnamed(f"{path}/{shown}", shown, _RIGHT[name])
                else:
                    told.unplaced(f"{path}/{shown}")
            if name in _SPARE or name not in _RIGHT:
                extensions.append(self.reader.extension(inner, f"{path}/{shown}"))
                continue
            if name not in CONTENT_NAMES:
                carried = inner.text or ""
                if len(inner) or tokens in carried:
                    carried, _ = self.reader.text(inner, f"{path}/{shown}")
                text = carried.strip(" \t\r\n")
                if text != carried and text:
                    told.blanks(f"{path}/{shown}")
                if name in values and values[name] != text:
                    self.reader.notes.add(
                        "envelope.duplicate_element",
                        Severity.ERROR,
                        f"{path}/{local_name(inner.tag)}",
                        f"Phần tử {local_name(inner.tag)} xuất hiện nhiều lần với giá trị khác nhau.",
                        f"{local_name(inner.tag)} stands more than once with different values.",
                    )
                values.setdefault(name, text)
        return {name: text for name, text in values.items() if text}, _models(extensions)

    def attachments(self) -> list[RawAttachment]:
        """Attachment elements in order."""
        raws: list[RawAttachment] = []
        for element in self.found.attachments:
            if len(raws) >= self.limits.attachments:
                self._too_many(f"Attachment[{len(raws) + 1}]", "tệp đính kèm", "attachments")
                break
            path = f"Attachment[{len(raws) + 1}]"
            values, extensions = self.leaves(element, path)
            attributes = {lower_name(k): str(v).strip() for k, v in element.attrib.items()}
            self._mark("Attachment", values.get("contentid"))
            contents = list(children(element, *CONTENT_NAMES))
            run, damage = self.content(contents, path)
            name, other = values.get("attachmentname"), values.get("name")
            if name and other and name != other:
                self.reader.told.doubled(f"{path}/Name", "AttachmentName", same=False)
            encoding = values.get("contenttransferencoding") or attributes.get("content-transfer-encoding") or "base64"
            if encoding.lower() != "base64":
                self.reader.notes.add(
                    "envelope.transfer_encoding",
                    Severity.ERROR,
                    path,
                    f"Cách mã hóa nội dung {encoding[:40]!r} không phải base64.",
                    f"The content's encoding {encoding[:40]!r} is not base64.",
                )
            raws.append(
                RawAttachment(
                    name=name or other,
                    content_id=bare_id(values.get("contentid")),
                    media_type=values.get("contenttype")
                    or values.get("attachmenttype")
                    or attributes.get("content-type")
                    or values.get("mimetype"),
                    description=values.get("description"),
                    run=run,
                    damage=damage,
                    declared_size=values.get("attachmentsize"),
                    extensions=extensions,
                )
            )
        return raws

    def content(self, contents: list[etree._Element], path: str) -> tuple[Base64Run | None, str | None]:
        """The base64 of an attachment, and what is wrong with where it stands."""
        skeleton = self.reader.skeleton
        if not contents:
            return None, "missing"
        element = contents[0]
        if len(contents) > 1:
            self.reader.notes.add(
                "envelope.duplicate_element",
                Severity.ERROR,
                path,
                "Tệp đính kèm có nhiều phần nội dung; phần mềm khác nhau có thể đọc khác nhau.",
                "The attachment has several contents; readers may differ on which one counts.",
            )
            return None, "split"
        if len(element):
            included = None if self.includes is None else self.includes.find(element)
            return (None, "split") if included is None else included
        text = element.text
        part = skeleton.find(text)
        if isinstance(part, CutRange):
            return part.run, None if part.closed else "cut"
        if text is None or not text.strip():
            return None, "missing"
        if skeleton.length(text) > self.limits.xml_text_chars:
            # A long text that is put together of several pieces of markup.
            return None, "split"
        octets = skeleton.expand(text).encode("utf-8", "replace")
        return Base64Run(open_source(octets), 0, len(octets)), None


def _models(kept: list[Kept]) -> tuple[Extension, ...]:
    if not kept:
        return ()
    from vn_edoc.envelope.modelling import modelled

    return tuple(modelled(one) for one in kept)


def bare_id(text: str | None) -> str | None:
    """A content id without ``cid:``, angle brackets and blanks; ``None`` where nothing is left."""
    if text is None:
        return None
    bare = text.strip()
    if bare[:4].lower() == "cid:":
        bare = bare[4:].strip()
    return bare.removeprefix("<").removesuffix(">") or None


def _unquoted(content_id: str | None) -> str | None:
    if content_id is None or "%" not in content_id:
        return content_id
    from urllib.parse import unquote  # as slow as all else that reading a packet imports of the standard library

    return unquote(content_id)


def pair(
    raws: list[RawAttachment], manifest: tuple[ManifestReference, ...]
) -> tuple[list[ManifestReference | None], tuple[ManifestReference, ...]]:
    """The manifest's entry for each attachment: by content id, then by name, then by place."""
    pairs: list[ManifestReference | None] = [None] * len(raws)
    left = {reference.index: reference for reference in manifest}

    def settle(key: Any) -> None:
        by_key: dict[str | None, deque[ManifestReference]] = {}
        for reference in left.values():
            by_key.setdefault(key(reference), deque()).append(reference)
        for number, raw in enumerate(raws):
            wanted = key(raw)
            if pairs[number] is None and wanted is not None and by_key.get(wanted):
                pairs[number] = found = by_key[wanted].popleft()
                del left[found.index]

    settle(lambda x: _unquoted(x.content_id))
    settle(lambda x: x.name)
    for number, raw in enumerate(raws):
        loose = left.get(number + 1)
        if pairs[number] is not None or loose is None or (raw.content_id is not None and raw.name is not None):
            continue
        if loose.content_id is None or raw.content_id is None:
            pairs[number] = loose
            del left[number + 1]
    return pairs, tuple(left.values())
