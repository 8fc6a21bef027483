"""``sign_xml``: one call from a document to a signed document."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from vn_edoc.envelope.hashing import Digest
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import Finding
from vn_edoc.limits import Limits
from vn_edoc.signature.evidence import Evidence, write_whole
from vn_edoc.signature.fetch import Fetcher
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.result import Level
from vn_edoc.signature.timestamps import TimeStamper
from vn_edoc.signature.trust import TrustStore
from vn_edoc.signature.xml.build import ProductionPlace
from vn_edoc.signature.xml.extend import SigningRequest, make_request, raise_level
from vn_edoc.signature.xml.opened import SMALL
from vn_edoc.signature.xml.plain import sign_plain
from vn_edoc.signature.xml.sign import prepare
from vn_edoc.xml.source import ByteSource, Source, open_source

__all__ = ["Target", "XmlSigning", "asign_xml", "deliver", "sign_xml"]

Target = str | PathLike[str] | BinaryIO
"""Where a result goes: a path, which appears whole or not at all, or a binary file."""


@dataclass(frozen=True, slots=True)
class XmlSigning:
    """What was written."""

    id: str
    """``Id`` of the signature."""
    level: Level
    """Level reached."""
    signed_at: datetime
    """Signing time as written, +07:00."""
    size: int
    """Size of the output in bytes."""
    digest: Digest = field(repr=False)
    """The digest of the output: made from the octets that were written, whatever becomes of the file."""
    findings: tuple[Finding, ...] = ()
    """What was found about the certificate and did not forbid signing."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the output, lower-case hexadecimal."""
        return self.digest.hexdigest()


def sign_xml(
    source: Source,
    target: Target,
    signer: Signer,
    level: str = "B-B",
    *,
    form: str = "enveloped",
    ids: Sequence[str] = (),
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
) -> XmlSigning:
    """Sign an XML document with XAdES (ETSI EN 319 132-1), exclusive canonicalisation, explicit transforms.

    ``form``: ``enveloped`` (the signature becomes the last child of the root), ``enveloping`` (the document becomes an
    object of the signature), ``detached`` (signs the elements of ``ids``, and stands last in the root) or
    ``countersignature`` (signs the value of the signature that ``ids`` names, or of the only one, and stands among its
    unsigned properties). A second signature is made by signing the result again; an enveloped one covers the first.
    ``level`` from B-T on needs ``timestamper``; B-LT and B-LTA need ``trust`` and revocation data in ``evidence`` or
    through ``fetcher``.

    Nothing of the source is rewritten: only the signature is inserted. Raises
    :class:`~vn_edoc.errors.NotConforming` for a document that cannot be signed (a DOCTYPE, another encoding than
    UTF-8, an identifier used twice), :class:`~vn_edoc.errors.UsageError` for wrong arguments,
    :class:`~vn_edoc.errors.SigningError` when certificate, key or services forbid signing,
    :class:`~vn_edoc.errors.SourceError` for files.
    """
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
    opened = open_source(source, request.settings.limits)
    try:
        made = _signed_plain(opened, request) if form == "enveloped" and not ids else None
        if made is None:
            prepared = prepare(opened, form, ids, request.options, request.settings.limits)
            draft = prepared.sign(signer)
            raise_level(draft, request, data)
            made = draft.id, prepared.write(draft)
    finally:
        opened.close()
    identifier, signed = made
    deliver(signed, target)
    moment = request.options.signed_at
    assert moment is not None
    return XmlSigning(identifier, request.level, moment, len(signed), Digest([signed]), findings)


def _signed_plain(opened: ByteSource, request: SigningRequest) -> tuple[str, bytes] | None:
    """A small document with an enveloped signature of level B-B; ``None`` if another way has to be taken."""
    limits = request.settings.limits
    if request.level is not Level.B or opened.size > min(SMALL, limits.xml_text_chars):
        return None
    return sign_plain(opened.at(0, opened.size), request.signer, request.options, limits)


async def asign_xml(source: Source, target: Target, signer: Signer, level: str = "B-B", **options: Any) -> XmlSigning:
    """:func:`sign_xml` in a thread of its own, for async hosts."""
    return await asyncio.to_thread(sign_xml, source, target, signer, level, **options)


def deliver(data: bytes, target: Target) -> None:
    """Write a result; :class:`~vn_edoc.errors.SourceError` if that fails."""
    write = getattr(target, "write", None)
    if isinstance(target, str) or (write is None and isinstance(target, PathLike)):
        write_whole(Path(target), data)
        return
    if not callable(write):
        raise UsageError(
            f"target is a path or a binary file, not {type(target).__name__}",
            f"target là đường dẫn hoặc tệp nhị phân, không phải {type(target).__name__}",
            field="target",
        )
    try:
        write(data)
    except (OSError, TypeError, ValueError) as error:
        raise SourceError(f"cannot write: {error}", f"không ghi được: {error}", field="target") from error
