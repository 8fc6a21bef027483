"""Signing XML documents: enveloped, enveloping and detached within the document, XAdES B-B to B-LTA."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from xml.parsers import expat

from lxml import etree

from vn_edoc.errors import NotConforming, UsageError
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.xml.algorithms import new_digest
from vn_edoc.signature.xml.build import DataObject, DataReference, Draft, SigningOptions, begin
from vn_edoc.signature.xml.document import Document, Target
from vn_edoc.signature.xml.names import DS
from vn_edoc.signature.xml.opened import open_document
from vn_edoc.signature.xml.problems import Refusal
from vn_edoc.xml.c14n import Canonicalization, Piece
from vn_edoc.xml.source import ByteSource

__all__ = ["FORMS", "Prepared", "insert_into_root", "prepare"]

FORMS = ("enveloped", "enveloping", "detached")
"""Where the signature stands: in the signed document, around it, or beside signed elements of the document."""


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
        if bool(ids) != (form == "detached"):
            raise UsageError(
                "ids name the signed elements of the detached form, and of no other",
                "ids nêu các phần tử được ký của dạng detached, không dùng cho dạng khác",
                field="ids",
                value=tuple(ids),
            )
        self.form = form
        self.options = options
        self.identifier = "S-" + secrets.token_hex(8)
        self.objects: tuple[DataObject, ...] = ()
        self._data = source.at(0, source.size)
        self.document = _document(source, limits)
        if form == "enveloping":
            self._wrap()
        self.references = tuple(self._references(ids))

    def _references(self, ids: Sequence[str]) -> Iterable[DataReference]:
        if self.form == "enveloped":
            yield self._reference("", enveloped=True)
        elif self.form == "enveloping":
            yield self._reference(f"#{self.identifier}-o")
        else:
            for name in ids:
                element = self._target("#" + name).element
                yield self._reference("#" + name, enveloped=element is self.document.root)

    def _target(self, uri: str) -> Target:
        try:
            return self.document.target(uri)
        except Refusal as refusal:
            raise UsageError(
                refusal.finding.message_en, refusal.finding.message_vi, field="ids", value=uri[1:]
            ) from None

    def _reference(self, uri: str, *, enveloped: bool = False) -> DataReference:
        target = self._target(uri)
        digest = new_digest(self.options.digest)

        def octets() -> Iterable[Piece]:
            return self.document.pieces(target, Canonicalization.EXCLUSIVE)

        try:
            for piece in octets():
                digest.update(piece)
        except Refusal as refusal:
            raise NotConforming(
                refusal.finding.message_en, refusal.finding.message_vi, findings=(refusal.finding,)
            ) from None
        return DataReference(uri, digest.digest(), "application/xml", octets, enveloped)

    def _wrap(self) -> None:
        """Put the root element into a ``ds:Object``."""
        # Not the canonical form of the root: that loses namespaces which only values use (QNames).
        expand = self.document.expand
        inner = etree.tostring(self.document.root, encoding="UTF-8", xml_declaration=False, with_tail=False)
        written = f'<ds:Object xmlns:ds="{DS}" Id="{self.identifier}-o">'.encode() + inner + b"</ds:Object>"
        element = etree.fromstring(written, _PARSER)
        self.document = Document(element, expand, self.document.retains)
        self.document.index()
        pieces = self.document.pieces(Target(element, False, False), Canonicalization.EXCLUSIVE)
        self.objects = (DataObject(b"".join(expand(written)).decode(), b"".join(pieces)),)

    def sign(self, signer: Signer) -> Draft:
        """The signature, level B-B."""
        return begin(self.references, signer, self.options, identifier=self.identifier, objects=self.objects)

    def write(self, draft: Draft) -> bytes:
        """The signed document."""
        if self.form == "enveloping":
            return b'<?xml version="1.0" encoding="UTF-8"?>\n' + draft.to_bytes()
        return insert_into_root(self._data, self.document.root, draft.to_bytes())


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)


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


def insert_into_root(data: bytes, root: etree._Element, signature: bytes) -> bytes:
    """The document with ``signature`` as the last child of its root; every other byte stays as it is."""
    if root.getnext() is None:
        position = data.rfind(b"<")
        if data.startswith(b"</", position):
            return b"".join((data[:position], signature, data[position:]))
    position, name = _root_end(data)
    if data.startswith(b"</", position):
        return b"".join((data[:position], signature, data[position:]))
    # An empty root element: open it.
    slash = data.index(b"/>", position)
    return b"".join((data[:slash], b">", signature, b"</", name, b">", data[slash + 2 :]))


def _root_end(data: bytes) -> tuple[int, bytes]:
    """Byte offset of the root's end tag (of its start tag, if it is an empty-element tag) and the root's name."""
    found: list[tuple[int, str]] = []
    depth = 0
    parser = expat.ParserCreate()

    def start(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 0:
            found.append((parser.CurrentByteIndex, name))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return found[0][0], found[0][1].encode()
