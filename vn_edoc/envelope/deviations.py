"""The words for deviations of single elements and values. What happens at many places is told once."""

from __future__ import annotations

import re
from datetime import date

from vn_edoc.envelope.elements import Element
from vn_edoc.envelope.notes import Notes
from vn_edoc.findings import Severity

__all__ = ["Deviations"]

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?", re.DOTALL | re.ASCII)
"""What is meant as a date, whether or not it exists."""


class Deviations:
    """Tells deviations of one packet."""

    def __init__(self, notes: Notes, namespace: str) -> None:
        self.notes = notes
        self._namespace = namespace

    def unknown(self, path: str) -> None:
        """An element that edXML does not know."""
        self.notes.group(
            "envelope.unknown_element",
            Severity.INFO,
            path,
            "Có {n} phần tử ngoài quy chuẩn, được giữ lại.",
            "Elements outside the regulation, which are kept: {n}.",
        )

    def unplaced(self, path: str) -> None:
        """An element of an attachment or of the manifest that edXML does not know: it is not written again."""
        self.notes.group(
            "envelope.unknown_element",
            Severity.WARNING,
            path,
            "Có {n} phần tử ngoài quy chuẩn ở tệp đính kèm hoặc danh mục; được giữ lại nhưng không ghi lại được.",
            "Unknown elements at attachments or in the manifest, kept but not written again: {n}.",
        )

    def misnamed(self, path: str, found: str, expected: str) -> None:
        """An element under another name or case."""
        self.notes.group(
            "envelope.element_name",
            Severity.WARNING,
            path,
            f"Tên phần tử viết khác quy chuẩn ({{n}} chỗ), ví dụ {found[:100]}; đúng là {expected}.",
            f"Element names differ from the regulation (places: {{n}}), such as {found[:100]} for {expected}.",
            found=found[:100],
            expected=expected,
        )

    def left_out(self, name: str) -> None:
        """A structural element that is not there."""
        self.notes.add(
            "envelope.left_out",
            Severity.WARNING,
            name,
            f"Gói tin không có phần tử {name}; nội dung bên trong vẫn được đọc.",
            f"The packet leaves {name} out; what belongs into it was read all the same.",
        )

    def misplaced(self, path: str, place: str) -> None:
        """An element in another place than its own."""
        self.notes.add(
            "envelope.misplaced",
            Severity.WARNING,
            path,
            f"Phần tử đặt sai chỗ; chỗ của nó là {place}.",
            f"The element stands in the wrong place; its own is {place}.",
            expected=place,
        )

    def order(self, path: str, name: str) -> None:
        """An order of elements that no known writer has."""
        self.notes.add(
            "envelope.order",
            Severity.WARNING,
            path,
            f"Thứ tự phần tử không theo quy chuẩn hay bộ SDK nào, từ {name[:80]}.",
            f"The order of elements is that of no regulation and no SDK, from {name[:80]} on.",
        )

    def doubled(self, path: str, name: str, *, same: bool) -> None:
        """An element that stands more than once."""
        self.notes.add(
            "envelope.duplicate_element",
            Severity.WARNING if same else Severity.ERROR,
            path,
            f"Phần tử {name} xuất hiện nhiều lần"
            + (" với cùng giá trị." if same else " với giá trị khác nhau: phần mềm khác nhau có thể đọc khác nhau."),
            f"{name} stands more than once"
            + (" with the same value." if same else " with different values: readers may differ on which one counts."),
        )

    def split(self, path: str) -> None:
        """A value with a comment, an instruction or a reference to an unknown entity inside."""
        self.notes.add(
            "envelope.split_value",
            Severity.ERROR,
            path,
            "Chú thích, chỉ thị xử lý hoặc thực thể lạ nằm giữa giá trị: phần mềm khác nhau có thể đọc khác nhau.",
            "A comment, an instruction or an unknown entity stands inside the value: readers may differ on it.",
        )

    def namespace(self, path: str, found: str) -> None:
        """Note an element outside the dialect's namespace."""
        self.notes.group(
            "envelope.namespace",
            Severity.WARNING,
            path,
            "Có {n} phần tử thiếu tiền tố hoặc sai không gian tên.",
            "Elements without their prefix, or in another namespace: {n}.",
            found=found[:200],
            expected=self._namespace,
        )

    def misfit(self, path: str, spec: Element, text: str, *, group: bool = False) -> None:
        """A value that is none of its type; ``group``: a text where elements are expected."""
        what = {
            "int": ("số nguyên", "a number"),
            "bool": ("0 hoặc 1", "0 or 1"),
            "date": ("ngày có thật", "a day that exists"),
            "moment": ("thời điểm", "a time"),
            "enum": ("mã trong danh mục", "a code of its list"),
        }.get(spec.kind, ("văn bản thuần", "plain text"))
        what = ("nhóm phần tử con", "a group of elements") if group else what
        if spec.kind == "date" and _DATE.fullmatch(text) is None:
            what = ("ngày viết theo dạng yyyy/MM/dd", "a date written as yyyy/MM/dd")
        grave = spec.field in {"promulgation_date", "doc_type", "status_code"}
        self.notes.add(
            "R47" if grave else "envelope.value",
            Severity.ERROR if grave else Severity.WARNING,
            path,
            f"{spec.name} ({spec.term}) không phải {what[0]}: {text[:80]!r}.",
            f"{spec.name} is not {what[1]}: {text[:80]!r}.",
            basis=("qd28:10.2", "nd30:Phụ lục VI") if grave else (),
            found=text[:200],
        )

    def empty(self, path: str) -> None:
        """An element without a value."""
        self.notes.group(
            "envelope.empty_element",
            Severity.INFO,
            path,
            "Có {n} phần tử rỗng.",
            "Empty elements: {n}.",
        )

    def filler(self, path: str, text: str) -> None:
        """A value that says nothing."""
        self.notes.group(
            "envelope.filler",
            Severity.WARNING,
            path,
            "Có {n} giá trị mẫu hoặc giá trị lấp chỗ trống.",
            "Fillers and values left over from a sample: {n}.",
            found=text[:100],
        )

    def blanks(self, path: str) -> None:
        """A value with superfluous blanks."""
        self.notes.group(
            "envelope.blanks",
            Severity.WARNING,
            path,
            "Có {n} giá trị thừa khoảng trắng hoặc xuống dòng.",
            "Values with superfluous blanks or line breaks: {n}.",
        )

    def date_form(self, path: str, text: str, value: date | None, note: str | None) -> None:
        """A date in another form."""
        ambiguous = note == "ambiguous"
        self.notes.add(
            "envelope.date_ambiguous" if ambiguous else "envelope.date_form",
            Severity.WARNING,
            path,
            f"Ngày {text[:60]!r} viết khác dạng quy định; đọc là {value}."
            + (" Ngày và tháng có thể bị đảo." if ambiguous else ""),
            f"The date {text[:60]!r} has another form than the dialect's; it was read as {value}."
            + (" Day and month could be exchanged." if ambiguous else ""),
            found=text[:60],
            read_as=None if value is None else value.isoformat(),
        )

    def read_as(self, path: str, text: str, value: str, severity: Severity = Severity.WARNING) -> None:
        """A code in another form."""
        self.notes.add(
            "envelope.code_form",
            severity,
            path,
            f"Mã {text[:40]!r} viết khác danh mục; đọc là {value}.",
            f"The code {text[:40]!r} is not as in its list; it was read as {value}.",
            found=text[:40],
            read_as=value,
        )
