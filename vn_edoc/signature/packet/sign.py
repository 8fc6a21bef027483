"""``sign_packet``: a seal or a header signature put into a packet that stays, byte for byte, what it was."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.dialects.base import AttachmentNames
from vn_edoc.envelope.hashing import AsideDigest
from vn_edoc.envelope.model import DocumentMessage
from vn_edoc.envelope.outgoing import AttachmentSource, Outgoing
from vn_edoc.envelope.packet import Packet
from vn_edoc.envelope.reader import read
from vn_edoc.envelope.sealing import SEAL_NAME
from vn_edoc.envelope.structure import Structure, locate
from vn_edoc.errors import NotConforming, SourceError, UsageError
from vn_edoc.findings import Finding
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.packet.beside import AMBIGUOUS, SPLIT, found_by_some
from vn_edoc.signature.packet.header import sign_skeleton, signable
from vn_edoc.signature.packet.seal import (
    SealedFile,
    is_seal,
    is_seal_name,
    make_seal,
    misnamed,
)
from vn_edoc.signature.packet.verify import own_signatures
from vn_edoc.signature.result import Level
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.api import Target
from vn_edoc.signature.xml.build import ProductionPlace, escape
from vn_edoc.signature.xml.extend import SigningRequest, make_request
from vn_edoc.signature.xml.structure import read_octets
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.source import Source
from vn_edoc.xml.splice import Insertion, element_tags, inserted, name_end, spliced

__all__ = ["PacketSigning", "asign_packet", "attachment_names", "put_packet", "sign_packet", "signable_structure"]

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class PacketSigning:
    """What was written."""

    form: str
    """``seal`` or ``header``."""
    name: str
    """Name of the seal's attachment, or ``Id`` of the header signature."""
    level: Level
    """Level reached."""
    signed_at: datetime
    """Signing time as written, +07:00."""
    size: int
    """Size of the output in bytes."""
    sha256: str
    """SHA-256 of the output, lower-case hex."""
    findings: tuple[Finding, ...] = ()
    """What was found about the certificate and did not forbid signing."""


def sign_packet(
    source: Source,
    target: Target,
    signer: Signer,
    level: str = "B-B",
    *,
    form: str = "seal",
    digest: str = "sha256",
    scheme: str | None = None,
    signed_at: datetime | None = None,
    roles: Sequence[str] = (),
    place: ProductionPlace | None = None,
    commitments: Sequence[str] = (),
    timestamper: TimeStamper | None = None,
    trust: TrustStore | None = None,
    evidence: Evidence | None = None,
    fetcher: Fetcher | None = None,
    limits: Limits | None = None,
) -> PacketSigning:
    """Sign an edXML packet and write the signed one to ``target``.

    ``form="seal"`` adds one attachment, ``vn-edoc-seal.xml``, an ordinary XAdES file over the packet's values and the
    contents of its attachments; it outlives a hub that parses and rebuilds the packet. ``form="header"`` puts an XML
    signature into the header, over elements by ``Id``. Several agencies may seal one packet after another. Everything
    else stays byte for byte. The other arguments are those of :func:`~vn_edoc.signature.xml.api.sign_xml`.

    Raises :class:`~vn_edoc.errors.NotConforming` for a packet that cannot be signed as it stands (repaired, damaged
    attachments, a dialect without room for it), :class:`~vn_edoc.errors.Unreadable` for what is no packet,
    :class:`~vn_edoc.errors.UsageError`, :class:`~vn_edoc.errors.SigningError`, :class:`~vn_edoc.errors.SourceError`.
    """
    if form not in ("seal", "header"):
        raise UsageError("form is 'seal' or 'header'", "form là 'seal' hoặc 'header'", field="form", value=form)
    request = make_request(
        signer,
        level,
        digest=digest,
        scheme=scheme,
        signed_at=signed_at,
        roles=roles,
        place=place,
        commitments=commitments,
        timestamper=timestamper,
        trust=trust,
        evidence=evidence,
        fetcher=fetcher,
        limits=limits,
    )
    data, findings = request.check()
    with read(source, limits=request.settings.limits) as packet:
        found = signable_structure(packet)
        if form == "seal":
            _unharmed(packet, request)
            name, insertions = _sealed(packet, found, request, data)
            pieces = spliced(packet.parts.skeleton, found.root, insertions)
        else:
            skeleton = _identified(packet.parts.skeleton, found)
            signature = sign_skeleton(skeleton, request, data, request.settings.limits)
            name = str(read_octets(signature).get("Id"))
            assert found.header is not None
            pieces = spliced(skeleton, found.root, [Insertion(found.header, signature.decode())])
        sha256, size = put_packet(target, pieces)
    moment = request.options.signed_at
    assert moment is not None
    return PacketSigning(form, name, request.level, moment, size, sha256, findings)


async def asign_packet(
    source: Source, target: Target, signer: Signer, level: str = "B-B", **options: Any
) -> PacketSigning:
    """:func:`sign_packet` in a thread of its own, for async hosts."""
    return await asyncio.to_thread(sign_packet, source, target, signer, level, **options)


def _refuse(packet: Packet, en: str, vi: str) -> NotConforming:
    return NotConforming(f"the packet cannot be signed: {en}", f"không ký được gói tin: {vi}", findings=packet.findings)


def signable_structure(packet: Packet) -> Structure:
    """Where things stand in a packet that can be signed; :class:`NotConforming` for another."""
    found = locate(packet.parts.root)
    if found is None or not packet.exact:
        raise _refuse(packet, "it is not well-formed UTF-8 XML", "gói tin không phải XML UTF-8 đúng cú pháp")
    if found.header is None or found.header is found.root or packet.attachment_source is not None:
        raise _refuse(packet, "its dialect has no header of its own", "phương ngữ không có phần đầu riêng")
    told = next((f for f in packet.findings if f.rule == SPLIT or f.rule in AMBIGUOUS), None)
    if told is not None:
        raise _refuse(
            packet,
            f"readers may take it differently: {told.message_en}",
            f"các phần mềm có thể đọc khác nhau: {told.message_vi}",
        )
    damaged = next((a for a in packet.attachments if a.damaged), None)
    if damaged is not None:
        raise _refuse(packet, f"{damaged.safe_name} is damaged", f"tệp {damaged.safe_name} bị hỏng")
    return found


# The seal


def _unharmed(packet: Packet, request: SigningRequest) -> None:
    """A signature in the header covers the manifest, into which a seal goes."""
    held = [s for s in own_signatures(packet, request.settings) if s.seal is None and s.judged.result.intact]
    if held:
        raise _refuse(
            packet,
            f"a seal would break the header signature {held[0].name}: seal first, sign the header then",
            f"dấu niêm phong sẽ làm hỏng chữ ký {held[0].name} trong phần đầu: cần niêm phong trước, ký phần đầu sau",
        )


def _sealed(packet: Packet, found: Structure, request: SigningRequest, data: Evidence) -> tuple[str, list[Insertion]]:
    if not isinstance(packet.message, DocumentMessage):
        raise _refuse(
            packet, "only a document packet can carry a seal", "chỉ gói tin văn bản mới mang được dấu niêm phong"
        )
    if packet.dialect.startswith("soap"):
        raise _refuse(
            packet, "its attachments travel in a second file", "tệp đính kèm của phương ngữ này nằm ở tệp thứ hai"
        )
    nameless = next((a for a in packet.attachments if not a.name), None)
    if nameless is not None:
        raise _refuse(
            packet,
            f"attachment {nameless.index} has no name, and a seal tells attachments apart by their names",
            f"tệp đính kèm thứ {nameless.index} không có tên, mà dấu niêm phong phân biệt tệp theo tên",
        )
    false = next(
        (a for a in packet.attachments if is_seal_name(a.name) and not _holds_seal(a, request.settings.limits)), None
    )
    if false is not None:
        raise _refuse(
            packet,
            f"{false.safe_name} has the name of a seal and is none",
            f"tệp {false.safe_name} mang tên dấu niêm phong nhưng không phải dấu niêm phong",
        )
    other = next((a for a in packet.attachments if misnamed(a)), None)
    if other is not None:
        raise _refuse(
            packet,
            f"the manifest names {other.safe_name} otherwise",
            f"danh mục ghi tên khác cho tệp {other.safe_name}",
        )
    files = [_file(a, request.options.digest) for a in packet.attachments if not is_seal_name(a.name)]
    manifest = [entry.name for entry in packet.manifest if entry.name and not is_seal_name(entry.name)]
    seal = make_seal(packet.message, manifest, files, request, data, found_by_some(packet, found))
    taken = {(a.name or "").casefold() for a in packet.attachments}
    name, number = SEAL_NAME, 1
    while name.casefold() in taken:
        number += 1
        name = SEAL_NAME.replace(".xml", f"-{number}.xml")
    # A wrapped file is what every deployed reader takes, whatever the extension.
    outgoing = Outgoing(AttachmentSource(seal, name=name), attachment_names(wraps=True))
    return name, _seal_insertions(found, outgoing)


def _holds_seal(attachment: Attachment, limits: Limits) -> bool:
    with attachment.open() as stream:
        return is_seal(iter(lambda: stream.read(_PIECE), b""), limits)


def attachment_names(*, wraps: bool) -> AttachmentNames:
    """How a seal's content is carried: inside a ZIP wrapper or bare."""
    return AttachmentNames(
        container=("AttachmentEncoded",), item="Attachment", fields=(), cid=True, prefixed_content=True, wraps=wraps,
        bare_type=False,
    )  # fmt: skip


def _file(attachment: Attachment, digest: str) -> SealedFile:
    def octets() -> Iterator[bytes]:
        with attachment.open() as stream:
            while piece := stream.read(_PIECE):
                yield piece

    if digest == "sha256" and attachment.sha256 is not None:
        computed = bytes.fromhex(attachment.sha256)
    else:
        running = new_digest(digest)
        for piece in octets():
            running.update(piece)
        computed = running.digest()
    media_type = attachment.media_type or "application/octet-stream"
    return SealedFile(attachment.name or attachment.safe_name, media_type, computed, octets)


def _seal_insertions(found: Structure, outgoing: Outgoing) -> list[Insertion]:
    entry = outgoing.rendered
    content = b"".join(outgoing.base64()).decode()
    fields = (
        ("ContentId", "cid:" + entry.content_id),
        ("AttachmentName", entry.name),
        ("Description", "Dấu niêm phong điện tử của gói tin"),
        ("ContentType", entry.content_type),
    )
    out: list[Insertion] = []
    body = found.body
    if found.manifest is not None:
        p = _prefix(found.manifest)
        inner = "".join(f"<{p}{tag}>{escape(text)}</{p}{tag}>" for tag, text in fields)
        out.append(Insertion(found.manifest, f"<{p}Reference>{inner}</{p}Reference>"))
    elif body is not None:
        p = _prefix(body)
        inner = "".join(f"<{p}{tag}>{escape(text)}</{p}{tag}>" for tag, text in fields)
        manifest = f'<{p}edXMLManifest version="1.0"><{p}Reference>{inner}</{p}Reference></{p}edXMLManifest>'
        out.append(Insertion(body, manifest))
    holder = found.attachments[0].getparent() if found.attachments else None
    p = _prefix(found.root if holder is None else found.attachments[0])
    inner = "".join(f"<{p}{tag}>{escape(text)}</{p}{tag}>" for tag, text in fields)
    attachment = (
        f"<{p}Attachment>{inner}<{p}ContentTransferEncoded>{content}</{p}ContentTransferEncoded></{p}Attachment>"
    )
    if holder is None:
        out.append(Insertion(found.root, f"<{p}AttachmentEncoded>{attachment}</{p}AttachmentEncoded>"))
    else:
        out.append(Insertion(holder, attachment))
    return out


def _prefix(element: etree._Element) -> str:
    return f"{element.prefix}:" if element.prefix else ""


# The header form


def _identified(skeleton: Skeleton, found: Structure) -> Skeleton:
    """The skeleton with an ``Id`` on every element that is to be signed."""
    stem = "e" + secrets.token_hex(4)
    tags = element_tags(skeleton.data, found.root)
    cuts: list[tuple[int, bytes]] = []
    for number, element in enumerate(signable(found), 1):
        if element.get("Id") is None:
            start, _ = tags[element]
            cuts.append((name_end(skeleton.data, start), f' Id="{stem}-{number}"'.encode()))
    out = Skeleton(inserted(skeleton.data, cuts), skeleton.prefix)
    out.ranges.update(skeleton.ranges)
    return out


# Writing


def put_packet(target: Target, pieces: Iterator[bytes]) -> tuple[str, int]:
    """SHA-256 and size of what was written; a path appears whole or not at all."""
    if not isinstance(target, str | os.PathLike):
        return _pour(pieces, _put_into(target))
    path = Path(target)
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            result = _pour(pieces, file.write)
        draft.replace(path)
    except OSError as error:
        raise SourceError(
            f"cannot write {path.name!r}: {error}", f"không ghi được {path.name!r}: {error}", field="target"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return result


def _put_into(target: BinaryIO) -> Callable[[bytes], object]:
    if not callable(getattr(target, "write", None)):
        raise UsageError(
            f"target is a path or a binary file, not {type(target).__name__}",
            f"target là đường dẫn hoặc tệp nhị phân, không phải {type(target).__name__}",
            field="target",
        )
    return target.write


def _pour(pieces: Iterator[bytes], put: Callable[[bytes], object]) -> tuple[str, int]:
    try:
        with AsideDigest() as digest:
            for piece in pieces:
                digest.feed(piece)
                put(piece)
            return digest.digest().hexdigest(), digest.size
    except (OSError, TypeError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise SourceError(f"cannot write: {error}", f"không ghi được: {error}", field="target") from error
