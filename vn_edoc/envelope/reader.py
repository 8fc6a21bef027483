"""Reading a packet: one parser, facts gathered once, deviations as findings."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from vn_edoc.envelope import checks
from vn_edoc.envelope.attachments import Attachment, Content, ManifestReference
from vn_edoc.envelope.dialects import DIALECTS
from vn_edoc.envelope.dialects.base import ESB, QCVN, Dialect
from vn_edoc.envelope.grouping import Reader, build
from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage, TraceHeaderList
from vn_edoc.envelope.names import safe_name, unique
from vn_edoc.envelope.notes import Notes
from vn_edoc.envelope.packet import Message, Packet, Parts, SignatureState
from vn_edoc.envelope.structure import Structure, child, children, guess_producer, locate
from vn_edoc.errors import LimitExceeded, NotConforming, Unreadable, UsageError
from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.xml.base64run import Base64Run
from vn_edoc.xml.parse import local_name, lower_name, namespace_of, parse
from vn_edoc.xml.ranges import CutRange, Skeleton, cut
from vn_edoc.xml.source import ByteSource, Source, open_source

__all__ = ["read"]


def read(
    source: Source, mode: str = "tolerant", limits: Limits | None = None, attachments: Source | None = None
) -> Packet:
    """Read a packet from a path, bytes or a binary file.

    ``attachments`` is the second file of the SOAP dialects. ``mode`` is ``tolerant`` or ``strict``: strict raises
    :class:`~vn_edoc.errors.NotConforming` when there is a finding of severity error. The result holds its source open:
    use it in a ``with`` statement, or close it.

    Raises :class:`~vn_edoc.errors.Unreadable` with findings when no root element of a known dialect can be found, and
    :class:`~vn_edoc.errors.SourceError` when the source cannot be opened.
    """
    if mode not in ("tolerant", "strict"):
        raise UsageError(
            f"mode is 'tolerant' or 'strict', not {mode!r}",
            f"mode là 'tolerant' hoặc 'strict', không phải {mode!r}",
            field="mode",
            value=mode,
        )
    bounds = DEFAULT_LIMITS if limits is None else limits
    first = _open(source, bounds)
    second: ByteSource | None = None
    try:
        if attachments is not None:
            second = _open(attachments, bounds)
        packet = _Reading(bounds).packet(first, second)
        if mode == "strict":
            wrong = [f for f in packet.findings if f.severity.rank >= Severity.ERROR.rank]
            if wrong:
                raise NotConforming(
                    f"the packet does not conform: {wrong[0].message_en}",
                    f"gói tin không hợp chuẩn: {wrong[0].message_vi}",
                    findings=packet.findings,
                )
    except BaseException:
        first.close()
        if second is not None:
            second.close()
        raise
    return packet


def _open(source: Source, limits: Limits) -> ByteSource:
    try:
        return open_source(source, limits)
    except LimitExceeded as error:
        raise _unreadable(_limit(error)) from error


def _limit(error: LimitExceeded) -> Finding:
    return Finding(
        "xml.limit",
        Severity.ERROR,
        Location(),
        f"Vượt giới hạn: {error.message_vi}.",
        f"A bound is passed: {error.message_en}.",
        data={"bound": error.field},
    )


def _unreadable(*findings: Finding) -> Unreadable:
    last = findings[-1]
    return Unreadable(
        f"no packet can be read: {last.message_en}",
        f"không đọc được gói tin: {last.message_vi}",
        findings=findings,
    )


@dataclass(slots=True)
class _Raw:
    """One attachment element before it is decoded."""

    path: str
    name: str | None
    content_id: str | None
    media_type: str | None
    description: str | None
    run: Base64Run | None
    damage: str | None
    declared_size: str | None


class _Reading:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.notes = Notes(limits)
        self.deadline = time.monotonic() + limits.seconds

    def packet(self, source: ByteSource, second: ByteSource | None) -> Packet:
        parts, found = self.parsed(source)
        skeleton = parts.skeleton
        attachment_parts: Parts | None = None
        raws = self.raw_attachments(found, skeleton, source)
        if second is not None:
            attachment_parts, extra = self.parsed(second)
            if extra.kind != "attachments":
                self.notes.add(
                    "envelope.second_file",
                    Severity.ERROR,
                    None,
                    "Tệp thứ hai không phải tệp đính kèm của phương ngữ SOAP.",
                    "The second file is no attachment file of a SOAP dialect.",
                    kind=extra.kind,
                )
            raws += self.raw_attachments(extra, attachment_parts.skeleton, second)
        reader = Reader(self.dialect(found), skeleton, self.notes)
        message = self.message(found, reader)
        manifest = self.manifest(found, reader)
        if second is None and found.dialect in ("soap-2803", "soap-512") and found.kind == "document" and manifest:
            separate = not raws
        else:
            separate = False
        attachments, missing = self.attachments(raws, manifest, separate=separate)
        state = signature_state(found)
        self.structure_notes(found, state)
        checks.check_message(message, self.notes, read=True)
        return Packet(
            kind=found.kind,
            dialect=found.dialect,
            producer=guess_producer(found),
            message=message,
            attachments=attachments,
            findings=self.notes.findings(),
            manifest=manifest,
            missing=missing,
            signature_state=state,
            parts=parts,
            source=source,
            attachment_parts=attachment_parts,
            attachment_source=second,
        )

    def parsed(self, source: ByteSource) -> tuple[Parts, Structure]:
        try:
            skeleton = cut(source, self.limits)
        except LimitExceeded as error:
            raise _unreadable(_limit(error)) from error
        parsed = parse(skeleton.data, self.limits)
        if parsed.root is None:
            parsed = parse(skeleton.data, self.limits, repair=True)
        if parsed.root is None:
            raise _unreadable(*parsed.findings)
        found = locate(parsed.root)
        if found is None:
            name = local_name(parsed.root.tag)[:80]
            raise _unreadable(
                *parsed.findings,
                Finding(
                    "envelope.root",
                    Severity.ERROR,
                    Location(line=1),
                    f"Phần tử gốc {name!r} không thuộc phương ngữ edXML nào.",
                    f"The root element {name!r} is of no dialect of edXML.",
                ),
            )
        self.notes.extend(parsed.findings)
        return Parts(skeleton, parsed.root, parsed.exact), found

    def dialect(self, found: Structure) -> Dialect:
        """The dialect's declaration, with the namespace that the message really has where it is another of ours."""
        declared = DIALECTS.get(found.dialect) or DIALECTS["vxp"]
        speaks = found.message if found.message is not None else found.errors
        space = namespace_of(speaks.tag) if speaks is not None else declared.namespace
        if space == declared.namespace or space not in (QCVN, ESB):
            return declared
        if found.kind != "error_report":
            Reader(declared, Skeleton(b"", "\0"), self.notes).namespace(local_name(found.root.tag), space)
        return replace(declared, namespace=space)

    # The message

    def message(self, found: Structure, reader: Reader) -> Message | None:
        if found.kind == "attachments":
            return None
        if found.kind == "error_report":
            assert found.errors is not None
            values = reader.values(
                found.errors, ErrorReport, local_name(found.errors.tag), frozenset({"messageheader", "traceheaderlist"})
            )
            return build(ErrorReport, values)  # type: ignore[no-any-return]
        model = StatusMessage if found.kind == "status" else DocumentMessage
        values = {}
        if found.message is not None:
            values = reader.values(found.message, model, "MessageHeader")
        extensions = list(values.get("extensions", ()))
        if found.trace is not None:
            trace = reader.group(found.trace, TraceHeaderList, "TraceHeaderList")
            if model is DocumentMessage:
                values["trace"] = trace
            else:
                extensions.append(reader.extension(found.trace, "TraceHeaderList"))
        body = child(found.body, "content")
        if model is DocumentMessage and body is not None:
            text, _ = reader.text(body, "edXMLBody/Content")
            if text.strip():
                values["body_content"] = text.strip(" \t\r\n")
        for path, element in found.unknown:
            extensions.append(reader.extension(element, path))
            self.notes.group(
                "envelope.unknown_element",
                Severity.INFO,
                path,
                "Có {n} phần tử ngoài quy chuẩn, được giữ lại.",
                "There are {n} elements outside the regulation; they are kept.",
            )
        if extensions:
            values["extensions"] = tuple(extensions)
        return build(model, values)  # type: ignore[no-any-return]

    # Attachments

    def manifest(self, found: Structure, reader: Reader) -> tuple[ManifestReference, ...]:
        if found.manifest is None:
            return ()
        entries: list[ManifestReference] = []
        for element in children(found.manifest, "reference"):
            if len(entries) >= self.limits.attachments:
                break
            index = len(entries) + 1
            path = f"Manifest/Reference[{index}]"
            values = self.leaves(element, reader, path)
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

    def leaves(self, element: etree._Element, reader: Reader, path: str) -> dict[str, str]:
        """Texts of the children by lower-case name, the first of each."""
        values: dict[str, str] = {}
        for inner in element:
            name = lower_name(inner.tag)
            if name and name not in _CONTENT:
                text = reader.text(inner, f"{path}/{local_name(inner.tag)}")[0].strip(" \t\r\n")
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

    def raw_attachments(self, found: Structure, skeleton: Skeleton, source: ByteSource) -> list[_Raw]:
        reader = Reader(DIALECTS.get(found.dialect) or DIALECTS["vxp"], skeleton, self.notes)
        raws: list[_Raw] = []
        for element in found.attachments:
            if len(raws) >= self.limits.attachments:
                self.notes.add(
                    "xml.limit",
                    Severity.ERROR,
                    f"Attachment[{len(raws) + 1}]",
                    f"Gói tin có hơn {self.limits.attachments} tệp đính kèm; phần còn lại không đọc.",
                    f"The packet has more than {self.limits.attachments} attachments; the rest is not read.",
                    bound="attachments",
                )
                break
            path = f"Attachment[{len(raws) + 1}]"
            values = self.leaves(element, reader, path)
            attributes = {lower_name(k): str(v).strip() for k, v in element.attrib.items()}
            contents = list(children(element, *_CONTENT))
            run, damage = self.content(contents, skeleton, path)
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
                _Raw(
                    path=path,
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

    def content(
        self, contents: list[etree._Element], skeleton: Skeleton, path: str
    ) -> tuple[Base64Run | None, str | None]:
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

    def attachments(
        self, raws: list[_Raw], manifest: tuple[ManifestReference, ...], *, separate: bool
    ) -> tuple[tuple[Attachment, ...], tuple[ManifestReference, ...]]:
        pairs, missing = pair(raws, manifest)
        taken: set[str] = set()
        attachments = []
        for index, (raw, reference) in enumerate(zip(raws, pairs, strict=True), 1):
            name = raw.name or (reference.name if reference is not None else None)
            content = Content(raw.run, name, self.limits, damage=raw.damage, deadline=self.deadline)
            attachment = Attachment(
                index=index,
                name=name,
                safe=unique(safe_name(name, f"attachment-{index}"), taken),
                declared_media_type=raw.media_type,
                content_id=raw.content_id,
                description=raw.description,
                reference=reference,
                content=content,
            )
            attachments.append(attachment)
            checks.check_attachment(attachment, content, raw.declared_size, self.notes, has_manifest=bool(manifest))
        if separate:
            self.notes.add(
                "envelope.attachments_elsewhere",
                Severity.WARNING,
                "Manifest",
                "Tệp đính kèm nằm trong tệp thứ hai, chưa được cung cấp.",
                "The attachments are in a second file that was not given.",
                count=len(manifest),
            )
        else:
            for reference in missing:
                checks.missing_content(reference, self.notes)
        return tuple(attachments), missing

    # The structure

    def structure_notes(self, found: Structure, state: SignatureState) -> None:
        for path, _ in found.doubled:
            self.notes.add(
                "envelope.duplicate_element",
                Severity.ERROR,
                path,
                "Phần tử cấu trúc xuất hiện nhiều lần; chỉ phần tử đầu được đọc.",
                "A structural element stands more than once; only the first was read.",
            )
        if len(found.signatures) > 1:
            self.notes.add(
                "R64",
                Severity.WARNING,
                "edXMLHeader/Signature",
                "Phần đầu gói tin có nhiều phần tử chữ ký.",
                "The header holds several signature elements.",
                count=len(found.signatures),
            )
        if state in ("empty", "placeholder", "malformed"):
            words = {
                "empty": ("rỗng", "empty"),
                "placeholder": ("là mẫu của SDK, không phải chữ ký thật", "the SDK's placeholder, no real signature"),
                "malformed": ("không đúng cấu trúc", "not well formed as a signature"),
            }[state]
            self.notes.add(
                "R64",
                Severity.WARNING,
                "edXMLHeader/Signature",
                f"Phần tử chữ ký của gói tin {words[0]}.",
                f"The packet's signature element is {words[1]}.",
                state=state,
            )
        if found.dialect not in ("vxp", "unknown"):
            self.notes.add(
                "envelope.dialect",
                Severity.INFO,
                None,
                f"Gói tin theo phương ngữ {found.dialect}.",
                f"The packet is of the dialect {found.dialect}.",
                dialect=found.dialect,
            )
        if found.dialect == "unknown":
            self.notes.add(
                "envelope.structure",
                Severity.ERROR,
                local_name(found.root.tag)[:80],
                "Không nhận ra cấu trúc gói tin dưới phần tử gốc.",
                "The structure below the root element is not that of a packet.",
            )
        if found.kind == "document" and found.dialect == "vxp" and found.body is None:
            self.notes.add(
                "envelope.body",
                Severity.WARNING,
                "edXMLBody",
                "Gói tin văn bản không có edXMLBody.",
                "The document packet has no edXMLBody.",
            )


_CONTENT = frozenset({"contenttransferencoded", "attachmentdata", "value"})


def bare_id(text: str | None) -> str | None:
    """A content id without ``cid:``, angle brackets and blanks; ``None`` where nothing is left."""
    if text is None:
        return None
    bare = text.strip()
    if bare[:4].lower() == "cid:":
        bare = bare[4:].strip()
    return bare.removeprefix("<").removesuffix(">") or None


def pair(
    raws: list[_Raw], manifest: tuple[ManifestReference, ...]
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


def signature_state(found: Structure) -> SignatureState:
    """What stands in the place of the header signature."""
    if not found.signatures:
        return "absent"
    order: tuple[SignatureState, ...] = ("present", "malformed", "placeholder", "empty")
    return min((_state(s) for s in found.signatures), key=order.index)


def _state(signature: etree._Element) -> SignatureState:
    if not len(signature) and not (signature.text or "").strip():
        return "empty"
    value = certificate = None
    for element in signature.iter(etree.Element):
        name = local_name(element.tag)
        if name == "SignatureValue" and value is None:
            value = "".join((element.text or "").split())
        elif name == "X509Certificate" and certificate is None:
            certificate = "".join((element.text or "").split())
    if value is None and certificate is None:
        return "malformed"
    if certificate is not None and not _decodes(certificate):
        return "placeholder"
    return "present" if value and child(signature, "signedinfo") is not None else "malformed"


def _decodes(text: str) -> bool:
    """Whether a text is base64 of a DER sequence of that very length, as a certificate is."""
    run = Base64Run(open_source(text.encode("utf-8", "replace")), 0, len(text.encode("utf-8", "replace")))
    checked = run.check()
    if checked.damage is not None or checked.size < 4:
        return False
    head = next(run.decoded(), b"")
    if head[:1] != b"\x30":
        return False
    if head[1] < 0x80:
        return checked.size == head[1] + 2
    length = head[1] & 0x7F
    return 0 < length <= 4 and checked.size == int.from_bytes(head[2 : 2 + length], "big") + 2 + length
