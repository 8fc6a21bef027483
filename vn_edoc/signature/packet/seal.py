"""The seal: a XAdES signature file, one more attachment, over the packet's values and the other attachments' contents.

As in ASiC-E (ETSI EN 319 162-1), each attachment is a detached reference by its name to its unwrapped octets, so that
any verifier of XML signatures checks the seal with the extracted files beside it. The header's values stand in an
object of the signature. A hub may parse and rebuild the packet: values and unwrapped contents stay.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import unquote

from vn_edoc._unicode import composed
from vn_edoc.envelope.attachments import Attachment
from vn_edoc.envelope.model import DocumentMessage, StatusMessage
from vn_edoc.envelope.sealing import Draft as PacketDraft
from vn_edoc.errors import LimitExceeded, SigningError, UsageError
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.packet.presence import is_seal_name
from vn_edoc.signature.packet.values import render, values_of
from vn_edoc.signature.result import Level
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.build import DataObject, DataReference, ProductionPlace, begin
from vn_edoc.signature.xml.extend import SigningRequest, make_request, raise_level
from vn_edoc.signature.xml.names import DS, ds
from vn_edoc.signature.xml.opened import open_document
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.source import open_source

__all__ = [
    "SEAL_BYTES",
    "PacketSealer",
    "SealedFile",
    "is_seal",
    "is_seal_name",
    "make_seal",
    "misnamed",
    "name_of",
    "uri_of",
]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An attachment as a seal refers to it."""

    name: str
    """``AttachmentName``."""
    media_type: str
    """Media type of the content."""
    digest: bytes
    """Digest of the unwrapped content under the seal's digest algorithm."""
    octets: Callable[[], Iterable[bytes]] | None = None
    """Gives the content once more; needed for an archive time-stamp only."""


def uri_of(name: str) -> str:
    """The URI of an attachment: its name in NFC. Only ASCII characters that a path segment cannot hold are
    percent-encoded; letters stay as they are (RFC 3987), because Santuario decodes nothing but blanks."""
    return _UNSAFE.sub(lambda m: f"%{ord(m[0]):02X}", composed(name))


_UNSAFE = re.compile(r"""[\x00-\x20"#%/<>?\[\\\]^`{|}\x7f]""")


def name_of(uri: str) -> str:
    """The attachment name of a URI, in NFC."""
    return composed(unquote(uri))


def misnamed(attachment: Attachment) -> bool:
    """Whether the manifest gives the attachment's content id another name: a seal tells attachments apart by name."""
    listed = None if attachment.reference is None else attachment.reference.name
    return bool(listed and attachment.name) and name_of(uri_of(listed or "")) != name_of(uri_of(attachment.name or ""))


SEAL_BYTES = 16 * 1024 * 1024
"""The most that is read as a seal."""


def is_seal(pieces: Iterable[bytes], limits: Limits) -> bool:
    """Whether a file is a signature, and nothing else."""
    octets = bytearray()
    for piece in pieces:
        octets += piece
        if len(octets) > SEAL_BYTES:
            return False
    try:
        return bool(open_document(open_source(bytes(octets), limits), limits).root.tag == ds("Signature"))
    except (Refusal, LimitExceeded):
        return False


def make_seal(
    message: DocumentMessage | StatusMessage,
    manifest: Iterable[str],
    files: Sequence[SealedFile],
    request: SigningRequest,
    signer_data: Evidence,
    odd: Iterable[str] = (),
) -> bytes:
    """The seal file. ``manifest``: names in the packet's manifest, without seals. ``signer_data``: the signer's
    validation data, for B-LT and B-LTA. ``odd``: what only tolerant readers find of the packet."""
    names = [name_of(uri_of(file.name)) for file in files]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise UsageError(
            f"two attachments are named {min(doubled)!r}: a seal tells attachments apart by their names",
            f"có hai tệp đính kèm cùng tên {min(doubled)!r}: chữ ký phân biệt tệp theo tên",
            field="attachments",
            value=min(doubled),
        )
    if request.level is Level.LTA and any(file.octets is None for file in files):
        raise SigningError(
            "an archive time-stamp covers the attachments, whose contents are not at hand",
            "dấu thời gian lưu trữ bao trùm nội dung tệp đính kèm, mà nội dung hiện không có",
            field="attachments",
        )
    identifier = "S-" + secrets.token_hex(8)
    kind = "status" if isinstance(message, StatusMessage) else "document"
    inner = render(kind, values_of(message, manifest, odd))
    written = f'<ds:Object xmlns:ds="{DS}" Id="{identifier}-o">{inner}</ds:Object>'
    canonical = written.encode()
    running = new_digest(request.options.digest)
    running.update(canonical)
    references = [DataReference(f"#{identifier}-o", running.digest(), "application/xml", lambda: (canonical,))]
    references.extend(
        DataReference(uri_of(file.name), file.digest, file.media_type, file.octets or tuple) for file in files
    )
    draft = begin(
        references, request.signer, request.options, identifier=identifier, objects=(DataObject(written, canonical),)
    )
    raise_level(draft, request, signer_data)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + draft.to_bytes() + b"\n"


class PacketSealer:
    """Seals packets while they are written: give one to ``vn_edoc.write(..., sealer=...)``. Thread-safe."""

    def __init__(
        self,
        signer: Signer,
        level: str = "B-B",
        *,
        form: Literal["seal", "header"] = "seal",
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
    ) -> None:
        """The arguments are those of :func:`~vn_edoc.signature.packet.sign.sign_packet`. For a B-LTA seal the contents
        are read once more: an archive time-stamp covers them."""
        if form not in ("seal", "header"):
            raise UsageError("form is 'seal' or 'header'", "form là 'seal' hoặc 'header'", field="form", value=form)

        def request() -> SigningRequest:
            return make_request(
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

        request()
        self._form: Literal["seal", "header"] = form
        self._request = request
        self._digest = digest.replace("-", "_")

    @property
    def form(self) -> Literal["seal", "header"]:
        """``seal`` or ``header``."""
        return self._form

    @property
    def digests(self) -> tuple[str, ...]:
        """Digest of the contents, by its ``hashlib`` name; none for the header form, which digests them as written."""
        return (self._digest,) if self._form == "seal" else ()

    def seal(self, draft: PacketDraft) -> bytes:
        """See :meth:`vn_edoc.envelope.sealing.Sealer.seal`."""
        request = self._request()
        data, _ = request.check()
        if self._form == "header":
            from vn_edoc.signature.packet.header import sign_skeleton

            assert draft.skeleton is not None
            return sign_skeleton(draft.skeleton, request, data)
        bounds = request.settings.limits
        named = [f for f in draft.attachments if is_seal_name(f.name)]
        false = [f.name for f in named if f.content is not None and not is_seal(f.content(), bounds)]
        if false:
            raise UsageError(
                f"{false[0]!r} is the name of a seal, and the file is none",
                f"{false[0]!r} là tên của dấu niêm phong, mà tệp không phải dấu niêm phong",
                field="attachments",
                value=false[0],
            )
        files = [
            SealedFile(file.name, "application/octet-stream", file.digests[self._digest], file.content)
            for file in draft.attachments
            if not is_seal_name(file.name)
        ]
        return make_seal(draft.message, [file.name for file in files], files, request, data)
