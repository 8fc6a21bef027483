"""What each revision changed, by pyHanko's whitelist rules, read more strictly than DocMDP.

Every revision is compared with the one just before it, once for the whole file: a signature's verdict is the worst of
all revisions after it. (pyHanko compares every later revision with every signed one, so its cost grows with the square
of the number of signatures.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)

from vn_edoc.signature.pyhanko_adapter.document import FOREIGN, PdfDocument
from vn_edoc.signature.pyhanko_adapter.quiet import quiet
from vn_edoc.signature.pyhanko_adapter.streams import resolved

__all__ = ["RevisionChange", "revision_changes"]


class _OnlyTouched:
    """A rule on fields that names no field which the revision did not touch.

    pyHanko's rules name every field that has an appearance: a form with a text field could never be signed twice.
    What a revision did not touch needs no permission, so nothing else changes.
    """

    def apply(self, context: Any) -> Iterable[Any]:
        touched = context.new.explicit_refs_in_revision()
        return (found for found in super().apply(context) if found[1].updated_ref in touched)  # type: ignore[misc]


class _FilledSignature(_OnlyTouched, SigFieldModificationRule):
    pass


class _FilledField(_OnlyTouched, GenericFieldModificationRule):
    pass


_LTA = ModificationLevel.LTA_UPDATES
# A visible signature added after a certification one is how Vietnamese offices work (R12 says so); everything else is
# pyHanko's own list.
_POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(_LTA),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
        MetadataUpdateRule().as_qualified(_LTA),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(allow_new_visible_after_certify=True),
            _FilledSignature(),
            _FilledField(),
        ]
    ),
)


@dataclass(frozen=True, slots=True)
class RevisionChange:
    """What one revision did to the file before it."""

    level: str
    """``maintenance`` (validation data, metadata), ``form`` (fields filled or signed), ``annotations``, ``content`` or
    ``unknown`` (it could not be analysed)."""
    fields: frozenset[str] = frozenset()
    """Form fields that were changed."""
    detail: str = ""
    """English detail for ``content`` and ``unknown``."""


def revision_changes(document: PdfDocument, first: int, late: Callable[[], bool]) -> dict[int, RevisionChange]:
    """Changes of each revision from ``first`` (counted from 0) on, as far as time allows."""
    found: dict[int, RevisionChange] = {}
    document.reader.late = late
    with quiet():
        for revision in range(max(first, 1), document.revisions):
            if late():
                break
            found[revision] = _compare(document, revision)
            document.reader.forget(revision - 1)
    return found


def _compare(document: PdfDocument, revision: int) -> RevisionChange:
    try:
        reader: Any = document.reader
        old = reader.get_historical_resolver(revision - 1)
        new = reader.get_historical_resolver(revision)
        if not (document.sound_form(old.root) and document.sound_form(new.root)):
            return RevisionChange("unknown", detail="the form fields are not a tree")
        touched = new.explicit_refs_in_revision()
        old.seek_ways(touched)
        gap = _prepared_gap(reader, old, touched, revision)
        if gap:
            return RevisionChange("content", detail=gap)
        doubtful = sorted(reader.references().doubtful & {r.idnum for r in touched})
        if doubtful:
            detail = f"object {doubtful[0]} is named by an object that readers may read in different ways"
            return RevisionChange("unknown", detail=detail)
        result = _POLICY.apply(old, new)
        redrawn = _redrawn(old.root, new.root)
    except SuspiciousModification as error:
        return RevisionChange("content", detail=str(error)[:400])
    except FOREIGN as error:
        return RevisionChange("unknown", detail=f"{type(error).__name__}: {str(error)[:300]}")
    level = result.modification_level
    name = {
        ModificationLevel.NONE: "maintenance",
        ModificationLevel.LTA_UPDATES: "maintenance",
        ModificationLevel.FORM_FILLING: "form",
        ModificationLevel.ANNOTATIONS: "annotations",
    }.get(level, "content")
    fields = frozenset(str(f) for f in result.changed_form_fields)
    if redrawn:
        return RevisionChange("form", fields | {"NeedAppearances"})
    return RevisionChange(name, fields)


def _redrawn(old: Any, new: Any) -> bool:
    """Whether readers draw the fields of the form from their values, which may show something else: that they shall is
    new, or the letters for it are."""
    before, after = (resolved(root, "/AcroForm") for root in (old, new))
    if not _drawn_from_values(after):
        return False
    return not _drawn_from_values(before) or any(_told(before, key) != _told(after, key) for key in ("/DA", "/DR"))


def _drawn_from_values(form: Any) -> bool:
    return isinstance(form, generic.DictionaryObject) and bool(resolved(form, "/NeedAppearances", False))


def _told(value: Any, key: str, depth: int = 0) -> Any:
    """What stands under a key, as far down as fonts are named, in a form that can be compared."""
    found = resolved(value, key)
    if not isinstance(found, generic.DictionaryObject) or depth > 1:
        return repr(found.raw_object if isinstance(found, generic.DecryptedObjectProxy) else found)
    return {
        name: (raw.idnum, raw.generation)
        if isinstance(raw := found.raw_get(name), generic.IndirectObject) and depth
        else _told(found, name, depth + 1)
        for name in found
    }


def _prepared_gap(reader: Any, old: Any, touched: set[Any], revision: int) -> str:
    """What pyHanko's rules do not look at: an update that gives a meaning to what the signed revision left open."""
    for reference in touched:
        if reader.xrefs.get_historical_ref(reference, revision - 1) is None and old.usages(reference):
            return f"object {reference.idnum} was referred to, and did not exist, when the file was signed"
    packed: set[int] = set()
    for earlier in range(revision):
        for part in reader.parts(earlier):
            packed |= part.obj_streams_used
    replaced = sorted(packed & {r.idnum for r in touched})
    if replaced:
        return f"the object stream {replaced[0]}, which holds objects of an earlier revision, was replaced"
    return ""
