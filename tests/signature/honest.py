"""Honest PDF files of many writers' habits, drawn from a seed: whatever chance writes into them is in order.

Each habit is one that ISO 32000-1 allows: line ends, texts as literals or in hex, octets that are escaped or need not
be, tables of references or streams of them, objects alone or packed, lengths inside or in an object of their own.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from random import Random

__all__ = ["Habits", "draw_habits", "write_honest"]

_WORDS = (b"stream", b"endobj", b"endstream", b"1 0 obj", b"trailer", b"xref", b"startxref", b"<<", b">>", b"%%EOF",
          b"1 0 R", b"[", b"]", b"/Length 9", b"BT (x) Tj ET", b"<x")  # fmt: skip
"""What a text or a name may hold and means nothing there."""


@dataclass(slots=True)
class Habits:
    """How one writer writes."""

    line: bytes = b"\n"
    packed: bool = False
    """Objects in object streams, found through a cross-reference stream."""
    table_stream: bool = False
    hexadecimal: float = 0.0
    """Share of texts in hex."""
    raw: bool = False
    """Octets stand for themselves wherever they may."""
    balanced: bool = False
    """Brackets that close each other are not escaped."""
    tight: bool = False
    """No blank where none is needed."""
    lengths_apart: bool = False
    words: float = 0.1
    """Share of texts and names with a word of PDF in them."""
    ending: bytes = b"\n"
    """What follows the mark of the end."""
    first: int = 1
    """Lowest number of an object beside 0."""
    objects: int = 20
    pages: int = 1
    long_text: int = 60
    long_object: int = 0
    """Octets of filling in some objects."""
    binary: int = 500
    """Most octets of a stream."""
    header: bytes = b"%\xe2\xe3\xcf\xd3"
    extra: dict[str, str] = field(default_factory=dict)


def draw_habits(draw: Random) -> Habits:
    """Some writer."""
    packed = draw.random() < 0.4
    return Habits(
        line=draw.choice([b"\n", b"\n", b"\r\n", b"\r"]),
        packed=packed,
        table_stream=packed or draw.random() < 0.2,
        hexadecimal=draw.choice([0.0, 0.3, 1.0]),
        raw=draw.random() < 0.5,
        balanced=draw.random() < 0.5,
        tight=draw.random() < 0.5,
        lengths_apart=draw.random() < 0.3,
        words=draw.choice([0.0, 0.2, 0.6]),
        ending=draw.choice([b"\n", b"\r\n", b"", b"\r", b"\n\n", b" \n"]),
        first=draw.choice([1, 1, 1, 5, 90, 995, 9_990, 65_530, 99_995]),
        objects=draw.choice([4, 10, 10, 30, 100]),
        pages=draw.choice([1, 1, 2, 9, 11]),
        long_text=draw.choice([4, 40, 130, 300]),
        long_object=draw.choice([0] * 12 + [2_000, 2_000, 20_000]),
        binary=draw.choice([10, 500, 2_000, 2_000, 70_000]),
        header=draw.choice([b"%\xe2\xe3\xcf\xd3", b"%\xd0\xd4\xc5\xd8", b"%%binary \x80\x81", b""]),
    )


class _Writer:
    def __init__(self, draw: Random, habits: Habits) -> None:
        self.draw, self.habits = draw, habits
        self.blank = b"" if habits.tight else b" "

    # --- values

    def octets(self, most: int) -> bytes:
        data = self.draw.randbytes(self.draw.randint(0, most))
        if self.draw.random() < self.habits.words:
            at = self.draw.randint(0, len(data))
            data = data[:at] + self.draw.choice(_WORDS) + data[at:]
        return data

    def text(self, data: bytes | None = None) -> bytes:
        data = self.octets(self.habits.long_text) if data is None else data
        if self.draw.random() < self.habits.hexadecimal:
            written = data.hex().encode()
            written = written.upper() if self.draw.random() < 0.5 else written
            return b"<" + written + b">"
        return b"(" + self.literal(data) + b")"

    def literal(self, data: bytes) -> bytes:
        if self.habits.balanced and self.draw.random() < 0.3:
            middle = len(data) // 2
            return self.literal(data[:middle]) + b"(" + self.literal(data[middle:]) + b")"
        out = bytearray()
        for octet in data:
            one = bytes((octet,))
            if one in b"()\\":
                out += b"\\" + one
            elif one in b"\r\n\t" or (not self.habits.raw and not 32 <= octet < 127):
                out += {b"\r": b"\\r", b"\n": b"\\n", b"\t": b"\\t"}.get(one, b"\\%03o" % octet)
            else:
                out += one
        return bytes(out)

    def name(self) -> bytes:
        letters = bytes(self.draw.choice(b"ABCDEFabcdef0123456789-_.+@") for _ in range(self.draw.randint(1, 9)))
        if self.draw.random() < self.habits.words / 3:
            letters += self.draw.choice([b"stream", b"endobj", b"R", b"#20obj", b"#e9", b"#c3#a9", b"obj"])
        return b"/X" + letters

    def number(self) -> bytes:
        whole = self.draw.choice([0, 1, -1, 9, 10, 65535, 65536, 2**31 - 1, self.draw.randint(-(10**6), 10**6)])
        if self.draw.random() < 0.6:
            return b"%d" % whole
        return self.draw.choice([b"%d.", b"%d.0", b"%d.50", b"%d.00001"]) % whole

    def value(self, depth: int = 0) -> bytes:
        kind = self.draw.choice((0, 0, 0, 0, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 7) if depth < 4 else (0, 0, 0, 2, 3, 4))
        if kind == 0 or (kind == 5 and self.draw.random() < 0.5):
            return self.text()
        if kind == 2:
            return self.name()
        if kind == 3:
            return self.number()
        if kind == 4:
            return self.draw.choice([b"true", b"false", b"null"])
        if kind == 5:
            return b"%d 0 R" % self.draw.choice(self.known)
        if kind == 6:
            return self.dictionary({}, depth)
        return self.array([self.value(depth + 1) for _ in range(self.draw.randint(0, 5))])

    def own_value(self) -> bytes:
        """A value for an object of its own: none that refers to another."""
        while (value := self.value())[-2:] == b" R":
            pass
        return value

    def array(self, values: list[bytes]) -> bytes:
        return b"[" + self.joined(values) + b"]"

    def dictionary(self, fixed: dict[bytes, bytes], depth: int = 0) -> bytes:
        entries = dict(fixed)
        for _ in range(self.draw.randint(0, 5)):
            entries.setdefault(self.name(), self.value(depth + 1))
        return b"<<" + self.joined([part for pair in entries.items() for part in pair]) + b">>"

    def joined(self, parts: list[bytes]) -> bytes:
        out = b""
        for part in parts:
            needed = out and out[-1:] not in b"()<>[]" and part[:1] not in b"()<>[]/"
            out += (b" " if needed or not self.habits.tight else b"") + part
        return out + self.blank

    # --- objects and the file

    def run(self) -> bytes:
        habits, draw = self.habits, self.draw
        numbers = list(range(habits.first, habits.first + habits.objects + 2 * habits.pages + 8))
        self.known = numbers[4:-6]
        """Numbers that any object may refer to."""
        take = iter(numbers)
        root, pages, font, info = (next(take) for _ in range(4))
        self.bodies: dict[int, bytes] = {}
        self.streams: dict[int, tuple[bytes, dict[bytes, bytes]]] = {}
        kids = []
        for place in range(habits.pages):
            page, content = next(take), next(take)
            kids.append(b"%d 0 R" % page)
            shown = b"BT /F1 12 Tf 72 700 Td (Trang %d) Tj ET\n" % (place + 1)
            self.streams[content] = shown + b"%" + draw.randbytes(8).hex().encode() + b"\n", {}
            resources = self.dictionary({b"/Font": b"<</F1 %d 0 R>>" % font})
            self.bodies[page] = self.dictionary({
                b"/Type": b"/Page", b"/Parent": b"%d 0 R" % pages, b"/Contents": b"%d 0 R" % content,
                b"/Resources": resources, b"/MediaBox": b"[0 0 595 842]",
            })  # fmt: skip
        more = self.array([b"%d 0 R" % n for n in self.known[-20:]])
        self.bodies[root] = self.dictionary({b"/Type": b"/Catalog", b"/Pages": b"%d 0 R" % pages, b"/XMore": more})
        self.bodies[pages] = self.dictionary(
            {b"/Type": b"/Pages", b"/Kids": self.array(kids), b"/Count": b"%d" % habits.pages}
        )
        self.bodies[font] = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"
        self.bodies[info] = self.dictionary({b"/Title": self.text(), b"/Producer": self.text()})
        for _ in range(habits.objects):
            number = next(take)
            if number not in self.known:
                break
            if draw.random() < 0.3:
                data = self.octets(habits.binary)
                flat = draw.random() < 0.5
                self.streams[number] = (zlib.compress(data), {b"/Filter": b"/FlateDecode"}) if flat else (data, {})
            elif habits.long_object and draw.random() < 0.1:
                many = [self.value(3) for _ in range(habits.long_object // 20)]
                self.bodies[number] = self.array(many)
            else:
                self.bodies[number] = self.own_value()
        self.spare = [n for n in numbers if n not in self.bodies and n not in self.streams]
        return self.file(root, info)

    def stream(self, data: bytes, entries: dict[bytes, bytes], apart: bool) -> tuple[bytes, tuple[int, bytes] | None]:
        line = b"\r\n" if self.habits.line == b"\r" else self.habits.line
        length, more = b"%d" % len(data), None
        if apart:
            number = max([*self.bodies, *self.streams, *self.places, *self.known, *self.spare]) + 1
            self.spare.append(number)
            more = number, length
            length = b"%d 0 R" % number
        head = self.dictionary(entries | {b"/Length": length})
        between = self.draw.choice([line, b"", b"\n"])
        return head + self.draw.choice([line, b" ", b""]) + b"stream" + line + data + between + b"endstream", more

    def put(self, out: bytearray, number: int, body: bytes) -> None:
        self.places[number] = len(out)
        line = self.habits.line
        out += b"%d 0 obj" % number + self.draw.choice([line, b" ", b""] if body[:1] in b"<[(/" else [line, b" "])
        after = self.draw.choice([line, b" ", b""] if body[-1:] in b">])" else [line, b" "])
        out += body + after + b"endobj" + line

    def file(self, root: int, info: int) -> bytes:
        habits, draw = self.habits, self.draw
        line = habits.line
        out = bytearray(b"%PDF-1.7" + line + (habits.header + line if habits.header else b""))
        self.places: dict[int, int] = {}
        inside: dict[int, tuple[int, int]] = {}
        apart: list[tuple[int, bytes]] = []
        order = [*self.bodies, *self.streams]
        draw.shuffle(order)
        bundle: list[int] = []
        for number in order:
            if number in self.streams:
                data, entries = self.streams[number]
                body, more = self.stream(data, entries, habits.lengths_apart and draw.random() < 0.7)
                self.put(out, number, body)
                if more is not None:
                    apart.append(more)
            elif habits.packed and draw.random() < 0.8:
                bundle.append(number)
            else:
                self.put(out, number, self.bodies[number])
        for number, body in apart:
            self.put(out, number, body)
        while bundle:
            some, bundle = bundle[:100], bundle[100:]
            holder = max([*order, *self.places, *self.spare]) + 1
            self.spare.append(holder)
            head, data = b"", b""
            for number in some:
                head += b"%d %d " % (number, len(data))
                data += self.bodies[number] + draw.choice([b" ", b"\n"])
                inside[number] = holder, some.index(number)
            packed = zlib.compress(head + data)
            entries = {b"/Type": b"/ObjStm", b"/N": b"%d" % len(some), b"/First": b"%d" % len(head),
                       b"/Filter": b"/FlateDecode"}  # fmt: skip
            body, _ = self.stream(packed, entries, False)
            self.put(out, holder, body)
        ids = self.array([self.text(draw.randbytes(16)), self.text(draw.randbytes(16))])
        trailer = {b"/Root": b"%d 0 R" % root, b"/Info": b"%d 0 R" % info, b"/ID": ids}
        start = len(out)
        if habits.table_stream:
            self.cross_reference_stream(out, inside, trailer)
        else:
            self.table(out, trailer)
        out += b"startxref" + line + b"%d" % start + line + b"%%EOF" + habits.ending
        return bytes(out)

    def table(self, out: bytearray, trailer: dict[bytes, bytes]) -> None:
        line = self.habits.line
        out += b"xref" + line
        end = b"\r\n" if line == b"\r\n" else b" " + line
        listed = sorted({0, *self.places})
        runs: list[list[int]] = []
        for number in listed:
            if runs and runs[-1][-1] == number - 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        for run in runs:
            out += b"%d %d" % (run[0], len(run)) + line
            for number in run:
                out += b"%010d %05d %s" % ((self.places[number], 0, b"n") if number else (0, 65535, b"f")) + end
        out += b"trailer" + line + b"<<" + self.joined(
            [part for pair in ({b"/Size": b"%d" % (max(listed) + 1)} | trailer).items() for part in pair]
        ) + b">>" + line  # fmt: skip

    def cross_reference_stream(
        self, out: bytearray, inside: dict[int, tuple[int, int]], trailer: dict[bytes, bytes]
    ) -> None:
        number = max([*self.places, *self.spare, *self.known]) + 1
        rows = {n: (1, place, 0) for n, place in self.places.items()} | {n: (2, h, i) for n, (h, i) in inside.items()}
        rows[0] = (0, 0, 65535)
        if self.draw.random() < 0.7:
            rows[number] = (1, len(out), 0)
        width = max(1, (max(a for _, a, _ in rows.values()).bit_length() + 7) // 8)
        data = b"".join(bytes((k,)) + a.to_bytes(width, "big") + b.to_bytes(2, "big") for k, a, b in
                        (rows[n] for n in sorted(rows)))  # fmt: skip
        index: list[int] = []
        for n in sorted(rows):
            if index and sum(index[-2:]) == n:
                index[-1] += 1
            else:
                index += [n, 1]
        entries = trailer | {
            b"/Type": b"/XRef", b"/Size": b"%d" % (number + 1), b"/W": b"[1 %d 2]" % width,
            b"/Index": self.array([b"%d" % n for n in index]), b"/Length": b"%d" % len(data),
        }  # fmt: skip
        line = b"\r\n" if self.habits.line == b"\r" else self.habits.line
        out += b"%d 0 obj" % number + line + b"<<" + self.joined([p for pair in entries.items() for p in pair]) + b">>"
        out += line + b"stream" + line + data + line + b"endstream" + line + b"endobj" + line


def write_honest(draw: Random, habits: Habits | None = None) -> bytes:
    """A file; without ``habits`` of some writer."""
    return _Writer(draw, draw_habits(draw) if habits is None else habits).run()
