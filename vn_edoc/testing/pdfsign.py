"""Signing sample PDFs with throwaway keys at any time, in the forms that are in use and in wrong ones.

It stands apart from the library's own signer, which refuses expired or revoked certificates and forbidden algorithms:
samples have to exist that a verifier must refuse, and a verifier should not be tried only on what its own house signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.cms import CmsForm, Digest, signed_data
from vn_edoc.testing.layout import Box, Sheet, load_face
from vn_edoc.testing.pdffile import Update, text_string, with_entry
from vn_edoc.testing.pki import ThrowawayPki

__all__ = ["PdfSigning", "add_evidence", "sign_sample", "stamp_document"]

_PLACEHOLDER = b"[0 ********** ********** **********]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSigning:
    """One signature in a PDF. The defaults are PAdES B-T with the whole chain and a SHA-256 time stamp."""

    by: str
    """Name of the signer in the cast."""
    at: datetime
    """The claimed time: ``/M``, and the signing-time attribute of the ``adbe`` form."""
    stamp_after: timedelta | None = timedelta(seconds=3)
    """genTime of the time stamp after ``at``; ``None``: no time stamp."""
    tsa: str = "tsa"
    """Name of the time-stamp authority."""
    imprint: Digest = "sha256"
    """Digest that the time stamp carries."""
    stamp_other: bool = False
    """The time stamp is of other bytes than this signature's value."""
    subfilter: Literal["pades", "adbe"] = "pades"
    """``ETSI.CAdES.detached``, or ``adbe.pkcs7.detached`` with the signing-time attribute as VGCA tools write it."""
    form: CmsForm = field(default_factory=CmsForm)
    """The CMS."""
    chain: Literal["all", "leaf", "none"] = "all"
    """Certificates inside: leaf and issuers, the leaf alone (as VGCA tools write it), none."""
    certify: Literal[1, 2, 3] | None = None
    """DocMDP level when this signature certifies the document."""
    box: Box | None = None
    """Where it is shown; ``None``: nowhere."""
    image: bytes | Callable[[], bytes] | None = None
    """PNG that is shown, or what draws it."""
    lines: tuple[str, ...] = ()
    """Text that is shown, 10 points."""
    name: str | None = None
    """Name of the field; ``SignatureN`` unless given."""
    reason: str | None = None
    """Reason."""
    location: str | None = None
    """Place."""
    attached: bool = False
    """The CMS carries the signed bytes in itself, which PDF forbids; it needs more room."""
    listed: bool = True
    """The interactive form lists the field."""
    contents_bytes: int = 12_288
    """Room for the CMS."""
    coverage: Literal["whole", "late_start", "wide_gap", "short"] = "whole"
    """What the byte range covers: all but the value, or wrongly: not the first bytes, less around the value, not the
    end."""


def sign_sample(pdf: bytes, signing: PdfSigning, pki: ThrowawayPki) -> bytes:
    """Add one signature to a PDF of this room by an incremental update."""
    update = Update(pdf)
    pades = signing.subfilter == "pades"
    moment = signing.at.astimezone(VIETNAM)
    entries = [b"/M (%b)" % f"D:{moment:%Y%m%d%H%M%S}+07'00'".encode()]
    for key, text in ((b"Reason", signing.reason), (b"Location", signing.location)):
        if text:
            entries.append(b"/%b %b" % (key, text_string(text)))
    if signing.certify is not None:
        entries.append(
            b"/Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams "
            b"<< /Type /TransformParams /P %d /V /1.2 >> >> ]" % signing.certify
        )
    kind = b"/ETSI.CAdES.detached" if pades else b"/adbe.pkcs7.detached"
    signature = _signature(update, b"/Sig", kind, entries, signing.contents_bytes)
    if signing.certify is not None:
        root = update.get(update.root)
        update.set(update.root, with_entry(root, b"/Perms << /DocMDP %d 0 R >>" % signature))
    _field(update, signature, signing)
    identity = pki[signing.by]
    embed = {"all": [identity.der, *identity.issuers_der], "leaf": [identity.der], "none": []}[signing.chain]
    form = signing.form
    if not pades and form.signing_time is None:
        form = replace(form, signing_time=moment)

    def stamp(value: bytes) -> bytes:
        assert signing.stamp_after is not None
        stamped = b"other" if signing.stamp_other else value
        digest = hashlib.new(signing.imprint, stamped, usedforsecurity=False).digest()
        return pki.timestamp(digest, signing.at + signing.stamp_after, algorithm=signing.imprint, tsa=signing.tsa)

    def seal(covered: bytes) -> bytes:
        return signed_data(
            covered,
            key=identity.key,
            certificate=identity.der,
            embed=embed,
            form=form,
            detached=not signing.attached,
            stamp=None if signing.stamp_after is None else stamp,
        )

    return _fill(update.finish(), signing.contents_bytes, seal, signing.coverage)


def stamp_document(pdf: bytes, at: datetime, pki: ThrowawayPki, *, tsa: str = "tsa") -> bytes:
    """Add a document time stamp (ETSI EN 319 142-1, 5.5)."""
    update = Update(pdf)
    signature = _signature(update, b"/DocTimeStamp", b"/ETSI.RFC3161", [], 8192)
    _field(update, signature, PdfSigning(by=tsa, at=at))
    return _fill(update.finish(), 8192, lambda covered: pki.timestamp(hashlib.sha256(covered).digest(), at, tsa=tsa))


def add_evidence(
    pdf: bytes, *, certificates: Iterable[bytes] = (), crls: Iterable[bytes] = (), ocsps: Iterable[bytes] = ()
) -> bytes:
    """Add a document security store (ETSI EN 319 142-1, 5.4.2) with certificates, CRLs and OCSP responses (DER)."""
    update = Update(pdf)
    rooms = []
    for key, items in ((b"Certs", certificates), (b"CRLs", crls), (b"OCSPs", ocsps)):
        numbers = b" ".join(b"%d 0 R" % update.add_stream(item) for item in items)
        if numbers:
            rooms.append(b"/%b [ %b ]" % (key, numbers))
    store = update.add(b"<< /Type /DSS %b >>" % b" ".join(rooms))
    update.set(update.root, with_entry(update.get(update.root), b"/DSS %d 0 R" % store))
    return update.finish()


def _signature(update: Update, kind: bytes, subfilter: bytes, entries: list[bytes], room: int) -> int:
    return update.add(
        b"<< /Type %b /Filter /Adobe.PPKLite /SubFilter %b\n%b\n/ByteRange %b\n/Contents <%b> >>"
        % (kind, subfilter, b"\n".join(entries), _PLACEHOLDER, b"0" * room * 2)
    )


def _field(update: Update, signature: int, signing: PdfSigning) -> None:
    box = signing.box
    pages = update.pages()
    page = pages[(box.page if box is not None else 1) - 1]
    count = sum(b"/FT /Sig" in body for _, body in update.objects()) + 1
    name = signing.name or f"Signature{count}"
    appearance = b""
    if box is not None and (signing.image is not None or signing.lines):
        appearance = b"/AP << /N %d 0 R >>" % update.embed_page(_appearance(box, signing))
    rectangle = b"[ 0 0 0 0 ]"
    if box is not None:
        rectangle = f"[ {box.x:.2f} {box.y:.2f} {box.x + box.width:.2f} {box.y + box.height:.2f} ]".encode()
    widget = update.add(
        b"<< /FT /Sig /Type /Annot /Subtype /Widget /F 132 /T %b /Rect %b /P %d 0 R /V %d 0 R %b >>"
        % (text_string(name), rectangle, page, signature, appearance)
    )
    update.add_annotation(page, widget)
    if signing.listed:
        update.add_field(widget)


def _appearance(box: Box, signing: PdfSigning) -> bytes:
    sheet = Sheet(load_face(), title="", size=(box.width, box.height), margins=(0, 0, 0, 0), numbered=False)
    if signing.image is not None:
        png = signing.image() if callable(signing.image) else signing.image
        sheet.image(png, 0, 0, box.width, box.height)
    for number, line in enumerate(signing.lines):
        sheet.string(box.width - sheet.measure(line, 10), box.height - 10 - number * 12, line, 10)
    return sheet.finish()


def _fill(pdf: bytes, room: int, seal: Callable[[bytes], bytes], coverage: str = "whole") -> bytes:
    """Write the byte range, then what ``seal`` says of the covered bytes."""
    hole = pdf.rindex(b"<" + b"0" * room * 2 + b">")
    end = hole + room * 2 + 2
    first, last, after, tail = 0, hole, end, len(pdf)
    if coverage == "late_start":
        first = 16
    elif coverage == "wide_gap":
        last -= 8
    elif coverage == "short":
        tail -= 64
    span = f"[{first} {last - first} {after} {tail - after}]".ljust(len(_PLACEHOLDER)).encode()
    where = pdf.rindex(_PLACEHOLDER)
    ranged = pdf[:where] + span + pdf[where + len(_PLACEHOLDER) :]
    value = seal(ranged[first:last] + ranged[after:tail])
    return ranged[:hole] + b"<" + value.hex().encode().ljust(room * 2, b"0") + b">" + ranged[end:]
