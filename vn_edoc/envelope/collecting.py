"""Manifest entries and attachment elements, gathered before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

__all__ = ["Collector", "RawAttachment", "pair"]

_CONTENT = frozenset({"contenttransferencoded", "attachmentdata", "value"})
"""Elements that hold base64."""


@dataclass(slots=True)
class RawAttachment:
    """One attachment element before it is decoded."""

    name: str | None
    content_id: str | None
    media_type: str | None
    description: str | None
    run: Base64Run | None
    """Where its base64 stands; ``None`` where there is none to decode."""
    damage: str | None
    """What is wrong with that place: a key of :data:`~vn_edoc.envelope.attachments.DAMAGES`."""
    declared_size: str | None
    """Size that the inline dialect states."""


class Collector:
    """Gathers from one file of a packet."""

    def __init__(self, found: Structure, reader: Reader, limits: Limits) -> None:
        self.found = found
        self.reader = reader
        self.limits = limits
        self.notes = reader.notes

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
            values = self.leaves(element, path)
            href = next((str(v) for k, v in element.attrib.items() if lower_name(k) == "href"), None)
            content_id = values.get("contentid") or href
            entries.append(
                ManifestReference(
                    index=index,
                    content_id=bare_id(content_id),
                    name=values.get("attachmentname") or values.get("name"),
                    content_type=values.get("contenttype"),
                    description=values.get("description"),
                )
            )
        return tuple(entries)

    def _too_many(self, path: str, vi: str, en: str) -> None:
        self.notes.add(
            "xml.limit",
            Severity.ERROR,
            path,
            f"Gói tin có hơn {self.limits.attachments} {vi}; phần còn lại không đọc.",
            f"The packet has more than {self.limits.attachments} {en}; the rest is not read.",
            bound="attachments",
        )

    def leaves(self, element: etree._Element, path: str) -> dict[str, str]:
        """Texts of the children by lower-case name, the first of each."""
        values: dict[str, str] = {}
        for inner in element:
            name = lower_name(inner.tag)
            if name and name not in _CONTENT:
                text = self.reader.text(inner, f"{path}/{local_name(inner.tag)}")[0].strip(" \t\r\n")
                if name in values and values[name] != text:
                    self.notes.add(
                        "envelope.duplicate_element",
                        Severity.ERROR,
                        f"{path}/{local_name(inner.tag)}",
                        f"Phần tử {local_name(inner.tag)} xuất hiện nhiều lần với giá trị khác nhau.",
                        f"{local_name(inner.tag)} stands more than once with different values.",
                    )
                values.setdefault(name, text)
        return {name: text for name, text in values.items() if text}

    def attachments(self) -> list[RawAttachment]:
        """Attachment elements in order."""
        raws: list[RawAttachment] = []
        for element in self.found.attachments:
            if len(raws) >= self.limits.attachments:
                self._too_many(f"Attachment[{len(raws) + 1}]", "tệp đính kèm", "attachments")
                break
            path = f"Attachment[{len(raws) + 1}]"
            values = self.leaves(element, path)
            attributes = {lower_name(k): str(v).strip() for k, v in element.attrib.items()}
            contents = list(children(element, *_CONTENT))
            run, damage = self.content(contents, path)
            encoding = values.get("contenttransferencoding") or attributes.get("content-transfer-encoding") or "base64"
            if encoding.lower() != "base64":
                self.notes.add(
                    "envelope.transfer_encoding",
                    Severity.ERROR,
                    path,
                    f"Cách mã hóa nội dung {encoding[:40]!r} không phải base64.",
                    f"The content's encoding {encoding[:40]!r} is not base64.",
                )
            raws.append(
                RawAttachment(
                    name=values.get("attachmentname") or values.get("name"),
                    content_id=bare_id(values.get("contentid")),
                    media_type=values.get("contenttype")
                    or values.get("attachmenttype")
                    or attributes.get("content-type")
                    or values.get("mimetype"),
                    description=values.get("description"),
                    run=run,
                    damage=damage,
                    declared_size=values.get("attachmentsize"),
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
            self.notes.add(
                "envelope.duplicate_element",
                Severity.ERROR,
                path,
                "Tệp đính kèm có nhiều phần nội dung; phần mềm khác nhau có thể đọc khác nhau.",
                "The attachment has several contents; readers may differ on which one counts.",
            )
            return None, "split"
        if len(element):
            return None, "split"
        text = element.text
        part = skeleton.find(text)
        if isinstance(part, CutRange):
            return part.run, None if part.closed else "cut"
        if text is None or not text.strip():
            return None, "missing"
        octets = skeleton.expand(text).encode("utf-8", "replace")
        return Base64Run(open_source(octets), 0, len(octets)), None


def bare_id(text: str | None) -> str | None:
    """A content id without ``cid:``, angle brackets and blanks; ``None`` where nothing is left."""
    if text is None:
        return None
    bare = text.strip()
    if bare[:4].lower() == "cid:":
        bare = bare[4:].strip()
    return bare.removeprefix("<").removesuffix(">") or None


def pair(
    raws: list[RawAttachment], manifest: tuple[ManifestReference, ...]
) -> tuple[list[ManifestReference | None], tuple[ManifestReference, ...]]:
    """The manifest's entry for each attachment: by content id, then by name, then by place."""
    pairs: list[ManifestReference | None] = [None] * len(raws)
    left = list(manifest)

    def settle(key: Any) -> None:
        by_key: dict[str, list[ManifestReference]] = {}
        for reference in left:
            by_key.setdefault(key(reference), []).append(reference)
        for number, raw in enumerate(raws):
            wanted = key(raw)
            if pairs[number] is None and wanted is not None and by_key.get(wanted):
                pairs[number] = found = by_key[wanted].pop(0)
                left.remove(found)

    settle(lambda x: x.content_id)
    settle(lambda x: x.name)
    open_places = [n for n, r in enumerate(raws) if pairs[n] is None and (r.content_id is None or r.name is None)]
    for number in open_places:
        loose = next(
            (r for r in left if r.index == number + 1 and (r.content_id is None or raws[number].content_id is None)),
            None,
        )
        if loose is not None:
            pairs[number] = loose
            left.remove(loose)
    return pairs, tuple(left)
