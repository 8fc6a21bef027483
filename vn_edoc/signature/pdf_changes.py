"""What came after each signature of a PDF, under a policy stricter than DocMDP (R10, R11, R12).

Allowed after a signature: further signatures, document time-stamps, validation data, metadata. Filling a form field is
permitted by DocMDP P=2 but changes what a reader sees, so it is *suspicious*; anything else is *forbidden*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from vn_edoc.findings import Location, Severity
from vn_edoc.signature.pdf_structure import tail_after
from vn_edoc.signature.pyhanko_adapter.appended import odd_segments
from vn_edoc.signature.pyhanko_adapter.changes import RevisionChange, revision_changes
from vn_edoc.signature.pyhanko_adapter.document import PdfDocument
from vn_edoc.signature.pyhanko_adapter.unlisted import last_unlisted
from vn_edoc.signature.result import Changes, Indication, SignatureResult, SubIndication
from vn_edoc.signature.rules import finding

__all__ = ["classify", "doubt_late_images"]

_ORDER = [Changes.NONE, Changes.ALLOWED, Changes.UNKNOWN, Changes.SUSPICIOUS, Changes.FORBIDDEN]
_LARGE = 0.15
"""Share of the page above which a later signature's image could hide content."""
_TOGETHER = 0.4
"""The same for all later signatures together: the images of many signers stand on one page."""


def _worse(a: Changes, b: Changes) -> Changes:
    return max(a, b, key=_ORDER.index)


def classify(document: PdfDocument, work: list[Any], stream: BinaryIO, late: Callable[[], bool]) -> None:
    """Set ``changes`` of every signature and add its findings."""
    sound = [i for i in work if i.span is not None and i.entry.revision is not None]
    partial = [i for i in sound if i.span.end != document.size]
    if partial and not late():
        first = min(i.entry.revision for i in partial) + 1
        changes = revision_changes(document, first, late)
    else:
        changes = {}
    signed_in: dict[int, set[str]] = {}
    for item in sound:
        signed_in.setdefault(item.entry.revision, set()).add(item.entry.name)
    tail = _file_tail(stream, document.size) if partial else "nothing"
    stray = last_unlisted(document, min(i.span.end for i in partial)) if partial and not late() else None
    odd = odd_segments(document, [i.span.end for i in partial], late) if partial else {}
    for item in sound:
        if item.span.end == document.size:
            item.changes = Changes.NONE
            continue
        loose = stray is not None and stray >= item.span.end
        _after(document, item, changes, signed_in, sound, "objects" if loose else tail)
        if tail == "nothing":
            _ambiguous(item, odd)


def _ambiguous(item: Any, odd: dict[int, str]) -> None:
    """What was appended in a form that readers may read in different ways."""
    why = next((reason for start, reason in sorted(odd.items()) if start >= item.span.end), None)
    if why is None:
        return
    item.changes = _worse(item.changes, Changes.SUSPICIOUS)
    item.findings.append(
        finding(
            "pdf.ambiguous",
            "Phần thêm vào sau khi ký không đúng chuẩn PDF, các phần mềm có thể hiểu và hiển thị khác nhau.",
            f"What was added after signing is not plain PDF, and readers may read and show it differently: {why}",
            where=item.where,
        )
    )


def _file_tail(stream: BinaryIO, size: int) -> str:
    """What follows the last end-of-file mark: a place that our reader ignores and another might not."""
    start = max(0, size - 65536)
    stream.seek(start)
    window = stream.read(size - start)
    mark = window.rfind(b"%%EOF")
    return "objects" if mark < 0 else tail_after(stream, start + mark + 5, size)


def _after(
    document: PdfDocument,
    item: Any,
    changes: dict[int, RevisionChange],
    signed_in: dict[int, set[str]],
    sound: list[Any],
    tail: str,
) -> None:
    covers = document.covers_revision(item.entry)
    if covers is None:
        item.changes = _judge_revision(item, item.entry.revision + 1, RevisionChange("unknown", detail="time"), set())
        return
    if not covers:
        item.changes = Changes.FORBIDDEN
        item.findings.append(
            finding(
                "R10",
                "Chữ ký không bao phủ trọn một phiên bản của tệp.",
                "The signature does not cover a whole revision of the file.",
                where=item.where,
            )
        )
        return
    outcome = Changes.NONE
    own = item.entry.revision
    for revision in range(own + 1, document.revisions):
        change = changes.get(revision, RevisionChange("unknown", detail="not analysed"))
        outcome = _worse(outcome, _judge_revision(item, revision, change, signed_in.get(revision, set())))
        if outcome is Changes.FORBIDDEN:
            break
    outcome = _worse(outcome, _late_images(item, sound))
    outcome = _worse(outcome, _certified(document, item, sound))
    if tail != "nothing":
        outcome = _worse(outcome, Changes.FORBIDDEN if tail == "objects" else Changes.SUSPICIOUS)
        item.findings.append(
            finding(
                "pdf.extra_data",
                "Sau phần đã ký còn dữ liệu mà bảng tham chiếu của tệp không dẫn tới.",
                "Behind what was signed there are data that the file's cross-references do not lead to.",
                where=item.where,
                severity=Severity.FATAL if tail == "objects" else None,
            )
        )
    if own == document.revisions - 1 and outcome is Changes.NONE and tail == "nothing":
        item.changes = Changes.NONE
        return
    if document.hybrid:
        outcome = _worse(outcome, Changes.SUSPICIOUS)
        item.findings.append(
            finding(
                "pdf.hybrid",
                "Tệp có hai bảng tham chiếu (hybrid); phần mềm khác có thể hiển thị khác.",
                "The file has hybrid cross-references: other software may show something else.",
                where=item.where,
            )
        )
    item.changes = outcome


def _judge_revision(item: Any, revision: int, change: RevisionChange, signed: set[str]) -> Changes:
    """One later revision, seen from one signature."""
    permission = item.entry.docmdp
    if change.level == "unknown":
        item.findings.append(
            finding(
                "R11",
                f"Không phân tích được thay đổi ở phiên bản {revision + 1} sau khi ký.",
                f"What revision {revision + 1} changed after signing cannot be analysed: {change.detail}",
                where=item.where,
                severity=Severity.WARNING,
                revision=revision + 1,
            )
        )
        return Changes.UNKNOWN
    if change.level in ("content", "annotations"):
        item.findings.append(
            finding(
                "R11" if permission is None else "R12",
                f"Nội dung tệp bị thay đổi sau khi ký (phiên bản {revision + 1}).",
                f"The content was changed after signing (revision {revision + 1}): {change.detail}",
                where=item.where,
                revision=revision + 1,
            )
        )
        return Changes.FORBIDDEN
    if change.level == "maintenance":
        return Changes.ALLOWED
    locked = sorted(f for f in change.fields if item.entry.locks is not None and item.entry.locks(f))
    if permission == 1 or locked:
        item.findings.append(
            finding(
                "R12",
                f"Thay đổi ở phiên bản {revision + 1} trái với quyền mà chữ ký trước đã khóa.",
                f"The changes of revision {revision + 1} break what the earlier signature had locked.",
                where=item.where,
                revision=revision + 1,
                fields=locked,
            )
        )
        return Changes.FORBIDDEN
    filled = sorted(f for f in change.fields if f not in signed)
    if filled or not signed:
        item.findings.append(
            finding(
                "pdf.form_filled",
                f"Trường biểu mẫu được điền hoặc đổi hình sau khi ký: {', '.join(filled) or '(không rõ)'}.",
                f"Form fields were filled or redrawn after signing: {', '.join(filled) or '(unnamed)'}.",
                where=item.where,
                revision=revision + 1,
                fields=filled,
            )
        )
        return Changes.SUSPICIOUS
    return Changes.ALLOWED


def _late_images(item: Any, sound: list[Any]) -> Changes:
    """Later signatures whose images, one or all together, cover much of a page could hide or replace what was
    signed."""
    shares: dict[int, float] = {}
    names: dict[int, list[str]] = {}
    large = False
    for other in sound:
        entry = other.entry
        if entry.revision is None or entry.revision <= item.entry.revision:
            continue
        for page in {page for page, _ in entry.places}:
            share = sum(part for at, part in entry.places if at == page)
            large = large or share > _LARGE
            shares[page] = shares.get(page, 0.0) + share
            names.setdefault(page, []).append(entry.name)
    page = max(shares, key=lambda p: shares[p], default=0)
    if not large and shares.get(page, 0.0) <= _TOGETHER:
        return Changes.NONE
    item.findings.append(
        finding(
            "pdf.late_image",
            f"Hình của chữ ký sau («{', '.join(names[page])}») che {shares[page]:.0%} trang {page}, "
            "có thể che nội dung đã ký.",
            f"The image of the later signature “{', '.join(names[page])}” covers {shares[page]:.0%} of page {page} and "
            "could hide signed content.",
            where=item.where,
            share=round(shares[page], 3),
        )
    )
    return Changes.SUSPICIOUS


def _certified(document: PdfDocument, item: Any, sound: list[Any]) -> Changes:
    """R12 as a warning: a new visible signature field after a certification signature, as office tools make it."""
    if item.entry.docmdp is None:
        return Changes.NONE
    prepared = document.signature_fields(item.entry.revision)
    late = [
        o.entry.name
        for o in sound
        if o.entry.revision is not None
        and o.entry.revision > item.entry.revision
        and o.entry.box is not None
        and o.entry.name not in prepared
    ]
    if not late:
        return Changes.NONE
    item.findings.append(
        finding(
            "R12",
            f"Sau chữ ký chứng nhận có thêm trường chữ ký hiển thị mới: {', '.join(late)}.",
            f"New visible signature fields were added after the certification signature: {', '.join(late)}.",
            where=item.where,
            severity=Severity.WARNING,
            fields=late,
        )
    )
    return Changes.ALLOWED


def doubt_late_images(results: list[SignatureResult]) -> list[SignatureResult]:
    """A later visible signature draws on the page. If it is itself broken or leads to no trust anchor, what it draws is
    anybody's, and the earlier signatures no longer vouch for what is seen (the "sneaky signature" attack)."""
    judged = list(results)
    for number, earlier in enumerate(judged):
        doubtful = [
            later.name
            for later in results
            if later.box is not None
            and (later.revision or 0) > (earlier.revision or 0)
            and (later.intact is not True or later.trusted is False)
        ]
        if not doubtful or earlier.changes not in (Changes.NONE, Changes.ALLOWED):
            continue
        passed = earlier.indication is Indication.TOTAL_PASSED
        said = finding(
            "pdf.late_image",
            f"Chữ ký hiển thị thêm vào sau không hợp lệ hoặc không tin cậy ({', '.join(doubtful)}); hình của nó có thể "
            "che nội dung đã ký.",
            f"A visible signature added later is broken or not trusted ({', '.join(doubtful)}); its image could hide "
            "signed content.",
            where=Location(signature=earlier.name, page=earlier.page),
            signatures=doubtful,
        )
        judged[number] = replace(
            earlier,
            changes=Changes.SUSPICIOUS,
            indication=Indication.INDETERMINATE if passed else earlier.indication,
            sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE if passed else earlier.sub_indication,
            findings=(*earlier.findings, said),
        )
    return judged
