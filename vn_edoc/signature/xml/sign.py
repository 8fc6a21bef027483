"""Signing XML documents: enveloped, enveloping and detached within the document, XAdES B-B to B-LTA."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from lxml import etree

from vn_edoc.errors import NotConforming, UsageError
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.xml.build import IDENTIFIER, DataObject, DataReference, Draft, SigningOptions, begin
from vn_edoc.signature.xml.document import Document, Target
from vn_edoc.signature.xml.names import COUNTERSIGNED_TYPE, DS, ds, xades
from vn_edoc.signature.xml.opened import open_document
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.signature.xml.structure import read_octets
from vn_edoc.signature.xml.unsigned import unsigned_insertion
from vn_edoc.xml.c14n import Canonicalization, Piece
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.source import ByteSource
from vn_edoc.xml.splice import Insertion, spliced

__all__ = ["FORMS", "Prepared", "prepare"]

FORMS = ("enveloped", "enveloping", "detached", "countersignature")
"""Where the signature stands: in the signed document, around it, beside signed elements of the document, or in the
signature whose value it signs."""


class Prepared:
    """A document that is ready to be signed: its digests are taken, the place of the signature is known."""

    def __init__(
        self, source: ByteSource, form: str, ids: Sequence[str], options: SigningOptions, limits: Limits
    ) -> None:
        if form not in FORMS:
            raise UsageError(
                f"form must be one of {', '.join(FORMS)}",
                f"form phải là một trong {', '.join(FORMS)}",
                field="form",
                value=form,
            )
        if bool(ids) != (form == "detached") and form != "countersignature":
            raise UsageError(
                "ids name the signed elements of the detached form, or the signature to countersign",
                "ids nêu các phần tử được ký của dạng detached, hoặc chữ ký cần ký đối chứng",
                field="ids",
                value=tuple(ids),
            )
        self.form = form
        self.options = options
        self.identifier = "S-" + secrets.token_hex(8)
        self.objects: tuple[DataObject, ...] = ()
        self._data = source.at(0, source.size)
        self.document = _document(source, limits)
        self._root = self.document.root
        self._place = self._root
        if form == "enveloping":
            self._wrap()
        self.references = tuple(self._references(ids))

    def _references(self, ids: Sequence[str]) -> Iterable[DataReference]:
        if self.form == "enveloped":
            yield self._reference("", enveloped=True)
        elif self.form == "enveloping":
            yield self._reference(f"#{self.identifier}-o")
        elif self.form == "countersignature":
            value = self._countersigned(ids).find(ds("SignatureValue"))
            if value is None or value.get("Id") is None:
                raise NotConforming(
                    "the signature cannot be countersigned: its SignatureValue has no Id",
                    "không ký đối chứng được: SignatureValue của chữ ký không có Id",
                )
            yield self._reference("#" + str(value.get("Id")))._replace(type=COUNTERSIGNED_TYPE)
        else:
            for name in ids:
                if not IDENTIFIER.fullmatch(name):
                    raise UsageError(
                        f"no reference can name {name[:80]!r}: other software would look for something else",
                        f"không tham chiếu được định danh {name[:80]!r}: phần mềm khác sẽ tìm phần tử khác",
                        field="ids",
                        value=name,
                    )
                element = self._target("#" + name).element
                yield self._reference("#" + name, enveloped=element is self.document.root)

    def _countersigned(self, ids: Sequence[str]) -> etree._Element:
        """The signature to countersign: the one named, or the only one of the document."""
        if ids:
            found = [self._target("#" + name).element for name in ids]
        else:
            found = [
                e for e in self._root.iter(ds("Signature")) if next(e.iterancestors(ds("Signature")), None) is None
            ]
        properties = found[0].find(f"{ds('Object')}/{xades('QualifyingProperties')}") if len(found) == 1 else None
        if properties is None or found[0].tag != ds("Signature"):
            raise UsageError(
                "ids must name one XAdES signature of the document",
                "ids phải nêu đúng một chữ ký XAdES của tài liệu",
                field="ids",
                value=tuple(ids),
            )
        self._place = properties
        return found[0]

    def _target(self, uri: str) -> Target:
        try:
            return self.document.target(uri)
        except Refusal as refusal:
            raise UsageError(
                refusal.finding.message_en, refusal.finding.message_vi, field="ids", value=uri[1:]
            ) from None

    def _reference(self, uri: str, *, enveloped: bool = False) -> DataReference:
        document, target = self.document, self._target(uri)

        def octets() -> Iterable[Piece]:
            # Knows nothing of what holds it: a tree is to be given back at once, not when cycles are looked for.
            return document.pieces(target, Canonicalization.EXCLUSIVE)

        try:
            digest = document.digest(self.options.digest, target, Canonicalization.EXCLUSIVE)
        except Refusal as refusal:
            raise NotConforming(
                refusal.finding.message_en, refusal.finding.message_vi, findings=(refusal.finding,)
            ) from None
        return DataReference(uri, digest, "application/xml", octets, enveloped)

    def _wrap(self) -> None:
        """Put the root element into a ``ds:Object``."""
        # Not the canonical form of the root: that loses namespaces which only values use (QNames).
        expand = self.document.expand
        inner = etree.tostring(self.document.root, encoding="UTF-8", xml_declaration=False, with_tail=False)
        written = f'<ds:Object xmlns:ds="{DS}" Id="{self.identifier}-o">'.encode() + inner + b"</ds:Object>"
        element = read_octets(written)
        self.document = Document(element, expand, self.document.retains)
        self.document.index()
        pieces = self.document.pieces(Target(element, False, False), Canonicalization.EXCLUSIVE)
        self.objects = (DataObject(b"".join(expand(written)).decode(), b"".join(pieces)),)

    def sign(self, signer: Signer) -> Draft:
        """The signature, level B-B."""
        return begin(
            self.references,
            signer,
            self.options,
            identifier=self.identifier,
            objects=self.objects,
            countersigns=self.form == "countersignature",
        )

    def write(self, draft: Draft) -> bytes:
        """The signed document."""
        if self.form == "enveloping":
            return b'<?xml version="1.0" encoding="UTF-8"?>\n' + draft.to_bytes()
        insertion = Insertion(self._place, draft.markup())
        if self.form == "countersignature":
            markup = f"<xades:CounterSignature>{insertion.markup}</xades:CounterSignature>"
            insertion = unsigned_insertion(self._place, markup)
        return b"".join(spliced(Skeleton(self._data, "\0"), self._root, [insertion]))


def prepare(
    source: ByteSource,
    form: str = "enveloped",
    ids: Sequence[str] = (),
    options: SigningOptions | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Prepared:
    """Read a document and take its digests. :class:`~vn_edoc.errors.NotConforming` when it cannot be signed."""
    return Prepared(source, form, ids, options or SigningOptions(), limits)


def _document(source: ByteSource, limits: Limits) -> Document:
    try:
        return open_document(source, limits)
    except Refusal as refusal:
        raise NotConforming(
            f"the XML cannot be signed: {refusal.finding.message_en}",
            f"không ký được XML: {refusal.finding.message_vi}",
            findings=(refusal.finding,),
        ) from None
