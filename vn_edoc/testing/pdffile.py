"""Incremental updates of the PDFs that this room draws.

Their shape is known (classic cross-reference tables, no object streams), so objects are handled as text. It is no
general PDF writer: a file of another maker is refused or comes out wrong.
"""

from __future__ import annotations

import re

from vn_edoc.errors import UsageError

__all__ = ["Update", "text_string", "with_entry"]

_OBJECT = re.compile(rb"(?:^|(?<=[\r\n]))(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)", re.DOTALL)
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


class Update:
    """One incremental update: objects are added and changed, :meth:`finish` appends them to the untouched bytes."""

    def __init__(self, pdf: bytes) -> None:
        trailers = _TRAILER.findall(pdf)
        if not trailers:
            raise UsageError("not a PDF of this room", "không phải PDF do bộ mẫu này vẽ", field="pdf")
        self._pdf = pdf
        self._objects: dict[int, bytes] = {int(number): body.strip() for number, body in _OBJECT.findall(pdf)}
        entries, self._previous = trailers[-1][0], int(trailers[-1][1])
        self._carried = b"\n".join(
            found.group()
            for key in (b"Info", b"ID")
            if (found := re.search(rb"/%b\s*(\[.*?\]|\d+ 0 R)" % key, entries, re.S))
        )
        self.root = int(_find(rb"/Root\s+(\d+) 0 R", entries))
        """Number of the catalogue."""
        self._next = int(_find(rb"/Size\s+(\d+)", entries))
        self._changed: dict[int, bytes] = {}

    def get(self, number: int) -> bytes:
        """The body of an object as it now is."""
        return self._changed[number] if number in self._changed else self._objects[number]

    def objects(self) -> list[tuple[int, bytes]]:
        """All objects as they now are."""
        return sorted((self._objects | self._changed).items())

    def add(self, body: bytes = b"null") -> int:
        """A new object; its number is returned."""
        number, self._next = self._next, self._next + 1
        self._changed[number] = body
        return number

    def set(self, number: int, body: bytes) -> None:
        """Give an object a new body."""
        self._changed[number] = body

    def add_stream(self, data: bytes, entries: bytes = b"") -> int:
        """A new stream object without filter."""
        return self.add(b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data))

    def pages(self) -> list[int]:
        """Numbers of the page objects in order (a flat page tree)."""
        tree = self.get(int(_find(rb"/Pages\s+(\d+) 0 R", self.get(self.root))))
        return [int(number) for number in _REFERENCE.findall(_find(rb"/Kids\s*\[(.*?)\]", tree))]

    def add_annotation(self, page: int, annotation: int) -> None:
        """Put an annotation on a page object."""
        body = self.get(page)
        found = re.search(rb"/Annots\s*\[(.*?)\]", body, re.DOTALL)
        listed = found.group(1).strip() if found else b""
        entry = b"/Annots [ %b %d 0 R ]" % (listed, annotation)
        self.set(page, body.replace(found.group(), entry) if found else with_entry(body, entry))

    def add_field(self, field: int) -> None:
        """List a signature field in the interactive form, which is made where there is none."""
        root = self.get(self.root)
        found = re.search(rb"/AcroForm\s+(\d+) 0 R", root)
        listed = _find(rb"/Fields\s*\[(.*?)\]", self.get(int(found.group(1)))).strip() if found else b""
        body = b"<< /Fields [ %b %d 0 R ] /SigFlags 3 >>" % (listed, field)
        if found:
            self.set(int(found.group(1)), body)
        else:
            self.set(self.root, with_entry(root, b"/AcroForm %d 0 R" % self.add(body)))

    def embed_page(self, pdf: bytes) -> int:
        """The first page of another PDF of this room as a form XObject of this one."""
        other = Update(pdf)
        numbers = {number: self.add() for number in sorted(other._objects)}

        def moved(body: bytes) -> bytes:
            head, mark, stream = body.partition(b"stream")
            return _REFERENCE.sub(lambda m: b"%d 0 R" % numbers[int(m.group(1))], head) + mark + stream

        for number, new in numbers.items():
            self.set(new, moved(other.get(number)))
        page = moved(other.get(other.pages()[0]))
        box = _find(rb"/MediaBox\s*(\[.*?\])", page)
        resources = page[page.index(b"/Resources") :].partition(b"/Rotate")[0]
        content = int(_find(rb"/Contents\s+(\d+) 0 R", page))
        form = b"/Type /XObject /Subtype /Form /BBox %b %b" % (box, resources)
        self.set(content, self.get(content).replace(b"<<", b"<< " + form, 1))
        return content

    def finish(self) -> bytes:
        """The file with this update at its end."""
        out = bytearray(self._pdf)
        if not out.endswith(b"\n"):
            out += b"\n"
        rows = []
        for number, body in sorted(self._changed.items()):
            rows.append((number, len(out)))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n"
        for number, offset in rows:
            out += b"%d 1\n%010d 00000 n \n" % (number, offset)
        out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d\n%b >>\nstartxref\n%d\n%%%%EOF\n" % (
            self._next,
            self.root,
            self._previous,
            self._carried,
            start,
        )
        return bytes(out)


def with_entry(body: bytes, entry: bytes) -> bytes:
    """A dictionary with one more entry."""
    head, mark, _ = body.rpartition(b">>")
    if not mark:
        raise UsageError("not a dictionary", "không phải từ điển PDF", field="body")
    return head + entry + b"\n>>"


def text_string(text: str) -> bytes:
    """A PDF text string (UTF-16BE, hexadecimal)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def _find(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise UsageError("not a PDF of this room", "không phải PDF do bộ mẫu này vẽ", field="pdf", value=pattern)
    return found.group(1)
