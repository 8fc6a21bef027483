"""Reading a PDF for its signatures: every signature dictionary that a viewer could find, as plain facts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vn_edoc.limits import Limits
from vn_edoc.signature.pyhanko_adapter.bounded import BoundedReader, form_is_tree, resolved
from vn_edoc.signature.pyhanko_adapter.boxes import area, box_of, common, inherited, shown_box
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["FOREIGN", "PdfDocument", "SignatureEntry", "UnreadablePdf"]

FOREIGN = (misc.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError, OverflowError,
           AssertionError, RecursionError, NotImplementedError, MemoryError, OSError, UnicodeError,
           ArithmeticError, EOFError, struct.error, zlib.error)  # fmt: skip
"""What pyHanko has been seen to raise on hostile files."""


class UnreadablePdf(Exception):
    """The file is not a readable PDF. Never leaves the room."""

    locked = False
    """It is encrypted and asks for a password."""
    before = 0
    """Octets that stand before its header."""


_HEADER_WITHIN = 1024
"""Where readers look for the header of a file (ISO 32000-1, annex H.3, note 13)."""


def _unreadable(stream: BinaryIO, error: BaseException) -> UnreadablePdf:
    found = UnreadablePdf(f"{type(error).__name__}: {str(error)[:300]}")
    stream.seek(0)
    found.before = max(0, stream.read(_HEADER_WITHIN).find(b"%PDF-"))
    return found


def _locked() -> UnreadablePdf:
    error = UnreadablePdf("it is encrypted and asks for a password")
    error.locked = True
    return error


@dataclass(slots=True)
class SignatureEntry:
    """A signature dictionary as found. Values are ``None`` where they are missing or of the wrong kind."""

    name: str
    """Fully qualified field name."""
    timestamp: bool = False
    """Document time-stamp (``/Type /DocTimeStamp`` or SubFilter ``ETSI.RFC3161``)."""
    subfilter: str | None = None
    byte_range: tuple[int, ...] | None = None
    contents: bytes | None = field(default=None, repr=False)
    claimed: datetime | None = None
    """``/M``; naive where it has no zone."""
    reason: str | None = None
    revision: int | None = None
    """Revision, counted from 0, whose update last changed the dictionary."""
    docmdp: int | None = None
    locks: Callable[[str], bool] | None = None
    """FieldMDP: whether a field of that name is locked."""
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    places: list[tuple[int, float]] = field(default_factory=list)
    """Where it is visible: page, and share of what viewers show of it. A field may stand in several places."""
    in_form: bool = True
    """Reached through the AcroForm."""
    problem: str | None = None
    """English reason why the dictionary cannot be used."""
    native: Any = field(default=None, repr=False)


class PdfDocument:
    """An open PDF. Not thread-safe; made anew for each verification."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        """``stream`` is seekable. Raises :class:`UnreadablePdf`."""
        self.stream = stream
        self.limits = limits
        self.size = stream.seek(0, 2)
        with quiet():
            try:
                self.reader = BoundedReader(stream, limits)
                self.encrypted = bool(self.reader.encrypted)
                if self.encrypted and self.reader.decrypt(b"").status is AuthStatus.FAILED:
                    raise _locked()
                self.revisions = int(self.reader.xrefs.total_revisions)
                self.root = self.reader.root
                self.hybrid = bool(self.reader.xrefs.hybrid_xrefs_present)
            except FOREIGN as error:
                raise _unreadable(stream, error) from error
        self.pages: list[tuple[Any, Any]] = []
        """(reference, page dictionary), in order."""
        self.pages_complete = True
        self.form_is_tree = self.sound_form(self.root)
        """The fields of the form are a tree. Where they are not, nothing walks over them."""

    def sound_form(self, root: Any) -> bool:
        """Whether the form of the current or an earlier revision, given by its catalogue, is safe to walk over."""
        with quiet():
            try:
                return form_is_tree(root, self.limits)
            except FOREIGN:
                return False

    def release(self) -> None:
        """Let go of what was read; the document is of no use afterwards."""
        self.pages.clear()
        self.reader.release()

    # --- signatures -----------------------------------------------------------------------------------------

    def signatures(self) -> tuple[list[SignatureEntry], list[str]]:
        """All signature dictionaries in order of their revision, and the names of empty signature fields."""
        with quiet():
            self.walk_pages()
            widgets = self._page_widgets()
            found: dict[Any, SignatureEntry] = {}
            empty: list[str] = []
            for name, value, ref in self._form_fields():
                if value is None:
                    empty.append(name)
                    continue
                self._add(found, name, ref, widgets, in_form=True)
            for key, (page, annotation) in widgets.items():
                if _field_type(annotation) == "/Sig" and "/V" in annotation:
                    self._add(found, _partial_name(annotation) or f"annotation {key}", annotation, widgets,
                              in_form=False, page=page)  # fmt: skip
        entries = list(found.values())
        entries.sort(key=lambda e: (e.revision if e.revision is not None else 1 << 30, (e.byte_range or (0,) * 4)[-1]))
        return entries, empty

    def _form_fields(self) -> Iterator[tuple[str, Any, Any]]:
        if not self.form_is_tree:
            return
        try:
            fields = enumerate_sig_fields(self.reader)
            for count, (name, value, ref) in enumerate(fields):
                if count > 20 * self.limits.signatures + 20_000:
                    return
                yield str(name or ""), value, ref
        except FOREIGN:
            return

    def _add(
        self, found: dict[Any, SignatureEntry], name: str, ref: Any, widgets: dict[Any, Any], *, in_form: bool,
        page: int | None = None,
    ) -> None:  # fmt: skip
        entry = SignatureEntry(name, in_form=in_form)
        try:
            holder = ref.get_object()
            raw_value = holder.raw_get("/V")
            if not isinstance(raw_value, generic.IndirectObject):
                entry.problem = "the signature dictionary is not an indirect object"
                key: Any = ("direct", name, len(found))
            else:
                key = (raw_value.idnum, raw_value.generation)
            if key in found:
                return
            found[key] = entry
            self._place(entry, holder, ref, widgets, page)
            dictionary = raw_value.get_object()
            if not isinstance(dictionary, generic.DictionaryObject):
                entry.problem = "the field's value is not a signature dictionary"
                return
            self._read(entry, dictionary)
            if entry.problem is None:
                self._bind(entry, holder, raw_value)
        except FOREIGN as error:
            entry.problem = f"{type(error).__name__}: {str(error)[:200]}"
            found.setdefault(("broken", name, len(found)), entry)

    def _read(self, entry: SignatureEntry, dictionary: Any) -> None:
        subfilter = resolved(dictionary, "/SubFilter")
        entry.subfilter = str(subfilter)[1:] if isinstance(subfilter, generic.NameObject) else None
        entry.timestamp = resolved(dictionary, "/Type") == "/DocTimeStamp" or entry.subfilter == "ETSI.RFC3161"
        ranges = resolved(dictionary, "/ByteRange")
        if isinstance(ranges, generic.ArrayObject) and all(isinstance(n, int) for n in ranges) and len(ranges) <= 64:
            entry.byte_range = tuple(int(n) for n in ranges)
        reason = resolved(dictionary, "/Reason")
        entry.reason = str(reason)[:500] if isinstance(reason, str) else None
        moment = resolved(dictionary, "/M")
        if isinstance(moment, str):
            try:
                entry.claimed = generic.parse_pdf_date(moment, strict=False)
            except FOREIGN:
                entry.claimed = None
        try:
            contents = dictionary.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
        except KeyError:
            contents = None
        if isinstance(contents, generic.TextStringObject | generic.ByteStringObject):
            entry.contents = bytes(contents.original_bytes)

    def _bind(self, entry: SignatureEntry, holder: Any, value: Any) -> None:
        entry.revision = int(self.reader.xrefs.get_last_change(value.reference))
        native = EmbeddedPdfSignature.__new__(EmbeddedPdfSignature)
        # Only pyHanko's coverage test is used, which needs these; its constructor would parse the CMS as well.
        native.reader = self.reader
        native.sig_field = holder
        native.sig_object = value.get_object()
        native.byte_range = entry.byte_range
        native.pkcs7_content = entry.contents or b""
        native.signed_revision = entry.revision
        native._docmdp, native._fieldmdp = None, None
        native._docmdp_queried = native._fieldmdp_queried = False
        entry.native = native
        level = native.docmdp_level
        entry.docmdp = None if level is None else int(level.value)
        spec = native.fieldmdp
        if spec is not None:
            entry.locks = spec.is_locked

    def _place(self, entry: SignatureEntry, holder: Any, ref: Any, widgets: dict[Any, Any], page: int | None) -> None:
        """Pages and rectangles of the widgets that are visible; the first is told."""
        candidates = [holder]
        kids = resolved(holder, "/Kids")
        if isinstance(kids, generic.ArrayObject):
            candidates += [k.get_object() for k in list(kids)[: self.limits.pdf_objects]]
        for widget in candidates:
            box = box_of(resolved(widget, "/Rect"))
            if box is None or area(box) <= 0:
                continue
            where = widgets.get(_key(widget))
            number = where[0] if where is not None else page
            if entry.box is None:
                entry.box, entry.page = box, number
            if number is not None:
                shown = shown_box(self.pages[number - 1][1])
                entry.places.append((number, area(common(box, shown)) / area(shown)))

    def covers_revision(self, entry: SignatureEntry) -> bool | None:
        """Whether the byte range ends exactly where the signed revision ends, with all its cross-references and objects
        inside; ``None`` if time ran out."""
        if entry.native is None or entry.byte_range is None:
            return False
        with quiet():
            try:
                if entry.native.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
                    return False
                end = entry.byte_range[2] + entry.byte_range[3]
                reach = self.reader.references().reach
            except FOREIGN:
                return None if self.reader.late() else False
        # An object of the signed revision that stands, or ends, behind what was signed is whatever comes later.
        return all(last <= end for revision, last in reach.items() if revision <= (entry.revision or 0))

    def signature_fields(self, revision: int) -> frozenset[str]:
        """Names of the signature fields, filled or not, in a revision counted from 0."""
        with quiet():
            try:
                resolver = self.reader.get_historical_resolver(revision)
                if not self.sound_form(resolver.root):
                    return frozenset()
                return frozenset(str(name) for name, _, _ in enumerate_sig_fields(resolver))
            except FOREIGN:
                return frozenset()

    def has_validation_data(self, revision: int) -> bool:
        """Whether a revision, counted from 0, holds a document security store."""
        with quiet():
            try:
                return "/DSS" in self.reader.get_historical_resolver(revision).root
            except FOREIGN:
                return False

    def validation_data(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[bytes, ...]]:
        """Certificates, CRLs and OCSP responses of the document security store (ETSI EN 319 142-1, 5.4.2).

        What VRI says of them is not asked: they tell themselves whom they are for. What is junk is left out alone.
        """
        with quiet():
            try:
                store = resolved(self.root, "/DSS")
            except FOREIGN:
                store = None
            if not isinstance(store, generic.DictionaryObject):
                return (), (), ()
            lists = (self._streams(store, key) for key in ("/Certs", "/CRLs", "/OCSPs"))
            certificates, crls, ocsps = (tuple(dict.fromkeys(found)) for found in lists)
            return certificates, crls, ocsps

    def _streams(self, store: Any, key: str) -> Iterator[bytes]:
        try:
            listed = resolved(store, key)
        except FOREIGN:
            return
        if not isinstance(listed, generic.ArrayObject):
            return
        for place in range(min(len(listed), self.limits.certificates)):
            try:
                stream = listed[place]
                if isinstance(stream, generic.StreamObject):
                    yield bytes(stream.data)
            except FOREIGN:
                continue

    # --- pages ----------------------------------------------------------------------------------------------

    def walk_pages(self) -> None:
        if self.pages:
            return
        seen: set[Any] = set()
        stack: list[tuple[Any, int]] = []
        try:
            stack.append((self.root.raw_get("/Pages"), 0))
        except FOREIGN:
            self.pages_complete = False
            return
        while stack:
            node, depth = stack.pop()
            try:
                key = (node.idnum, node.generation) if isinstance(node, generic.IndirectObject) else id(node)
                if key in seen or depth > self.limits.pdf_depth or len(seen) > self.limits.pdf_objects:
                    self.pages_complete = False
                    continue
                seen.add(key)
                dictionary = node.get_object()
                kids = resolved(dictionary, "/Kids")
                if kids is None:
                    self.pages.append((node, dictionary))
                else:
                    stack += [(kid, depth + 1) for kid in reversed(list(kids))]
            except FOREIGN:
                self.pages_complete = False

    def _page_widgets(self) -> dict[Any, tuple[int, Any]]:
        """Widget annotations of all pages: key to (page from 1, dictionary)."""
        found: dict[Any, tuple[int, Any]] = {}
        for number, (_, page) in enumerate(self.pages, start=1):
            try:
                annotations = resolved(page, "/Annots")
                for reference in list(annotations or ())[:10_000]:
                    annotation = reference.get_object()
                    if (
                        isinstance(annotation, generic.DictionaryObject)
                        and resolved(annotation, "/Subtype") == "/Widget"
                    ):
                        found[_key(annotation)] = (number, annotation)
            except FOREIGN:
                continue
            if len(found) > self.limits.pdf_objects:
                break
        return found


def _key(dictionary: Any) -> Any:
    reference = getattr(dictionary, "container_ref", None)
    number = getattr(reference, "idnum", None)
    generation = getattr(reference, "generation", None)
    # A dictionary written straight into /Annots shares its container with its siblings.
    return (number, generation) if number is not None and _is_whole(dictionary) else id(dictionary)


def _is_whole(dictionary: Any) -> bool:
    try:
        return dictionary.container_ref.get_object() is dictionary
    except FOREIGN:
        return False


def _field_type(widget: Any) -> str | None:
    try:
        value = inherited(widget, "/FT")
        return None if value is None else str(value)
    except FOREIGN:
        return None


def _partial_name(widget: Any) -> str | None:
    try:
        value = inherited(widget, "/T")
        return None if value is None else str(value)
    except FOREIGN:
        return None
