"""Lawful packets as chance makes them: subjects, numbers, days, file names, contents and how they are carried."""

from __future__ import annotations

import base64
import random
import re
import uuid
from datetime import date, datetime, timedelta

from tests.envelope.packets import zipped
from vn_edoc.envelope import DocumentMessage, Organization
from vn_edoc.findings import VIETNAM

__all__ = ["Chance", "Files", "lines"]

Files = list[tuple[str, bytes]]
"""Names and contents."""

_TEXT = """triển khai kế hoạch quyết định ban hành thông báo về việc Ủy ban nhân dân tỉnh Đắk Lắk Tây Ninh chuyển đổi số
năm 2026 quý I/2026 (lần 2) & R&D “Một cửa” 'liên thông' "Đề án 06" «ABC» – — … 50% 1.000.000đ m² µg/m³ 25°C §3 A<B >5
#12 ]]> /CP-CT @ +84 * ~ ` ^ | \\ ; : ! ? = _ {x} [y] ₫ € © ® ™ ½ № → ✓ Ê Đê Ơ Ư Noël Ω"""
_WORDS = tuple(_TEXT.split())
_NUMBERS = ("01", "09", "10", "99", "100", "999", "1000", "99999")
_KINDS = (
    *(("QĐ-UBND", "Quyết định"), ("KH-SNV", "Kế hoạch"), ("VPCP-KSTT", "Công văn"), ("TB-SYT", "Thông báo")),
    *(("BC-STC", "Báo cáo"), ("CT-UBND", "Chỉ thị"), ("UBND-TH", "Công văn"), ("TTr-SXD", "Tờ trình")),
)
_AGENCIES = ("H29.12", "G12", "H53.09", "H53", "G09.13", "H37.DN.001")
_STEMS = (
    *("H29.12,2025", "Công văn số 12_QĐ", "000.00.12.H29", "a%20b", "a+b&c", "cid_x", "phụ lục", "12", "Con người"),
    *("x.pdf", "a.b.c", "'q'", "(1)", "Bảng #1 100%", "&amp;", "vn-edoc-seal-x", "image001", "BM.01", "MZ"),
)
_EXTENSIONS = ("pdf", "PDF", "docx", "txt", "jpg", "xml", "dat", "zip", "p7s", "csv", "", "7z", "doc", "tar.gz")
_EDGES = (0, 1, 2, 3, 100, 4096, 6144, 8192, 49_152, 65_536, 196_608, 262_144, 393_216)
"""Sizes of what the library reads at a time, and what base64 makes of them."""
_HEADS = {"pdf": b"%PDF-1.4\n", "PDF": b"%PDF-1.4\n", "jpg": b"\xff\xd8\xff"}


class Chance(random.Random):
    """A source of lawful packets."""

    def subject(self) -> str:
        """A subject of up to 500 characters."""
        words = (self.choice(_WORDS) for _ in range(self.randrange(1, 40)))
        return " ".join(words)[: self.choice((5, 60, 250, 500))].strip() or "Về việc thử"

    def moment(self, day: date) -> datetime:
        """A time of that day: its ends, its middle, any."""
        second = self.choice((0, 86_399, 43_200, self.randrange(86_400)))
        start = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
        return start + timedelta(seconds=second, microseconds=self.choice((0, 0, 999_999)))

    def message(self) -> DocumentMessage:
        """A document message without anything to be told of."""
        notation, type_name = self.choice(_KINDS)
        day = date(2021, 1, 1) + timedelta(self.randrange(2000))
        receivers = self.sample(_AGENCIES, self.randrange(1, 6))
        return DocumentMessage.new(
            sender=Organization(organ_id=self.choice(_AGENCIES), organ_name="Sở Nội vụ", email="a@example.vn"),
            receivers=[Organization(organ_id=code, organ_name=f"Nơi nhận {code}") for code in receivers],
            number=self.choice((*_NUMBERS, str(self.randrange(10, 99_999)))),
            notation=notation,
            date=day,
            place=self.choice(("Huế", "Tây Ninh", "Hà Nội")),
            type_name=type_name,
            subject=self.subject(),
            signer=self.choice(("Nguyễn Văn Mẫu", "Y Blôk Êban", "H'Hen Niê", "Trần Thị Thử")),
            sent_at=self.moment(day),
        )

    def content(self, extension: str) -> bytes:
        """Octets of a size near an edge: random ones, repeated ones, or a text cut anywhere."""
        size = max(1, self.choice(_EDGES) + self.randrange(-12, 13))
        made = self.choice(
            (
                lambda: self.randbytes(size),
                lambda: self.randbytes(size),
                lambda: (self.randbytes(37) * (size // 37 + 1))[:size],
                lambda: ("Nội dung ký tự đ " * (size // 20 + 1)).encode()[:size],
            )
        )()
        if extension == "docx":
            return zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": made})
        return _HEADS.get(extension, b"") + made

    def files(self) -> Files:
        """Mostly few files, at times as many as change the width of their number."""
        count = self.choice((0, 1, 1, 2, 3)) if self.random() < 0.97 else self.choice((9, 10, 11, 99, 100, 101))
        made = []
        for number in range(count):
            extension = self.choice(_EXTENSIONS)
            name = f"{self.choice(_STEMS)} {number}" + (f".{extension}" if extension else "")
            made.append((name, self.content(extension) if count < 5 else self.randbytes(self.randrange(4, 50))))
        return made

    def boundary(self) -> str:
        """A boundary as mail programs and SOAP stacks make them (RFC 2046 section 5.1.1)."""
        return self.choice(
            (
                f"----=_Part_{self.randrange(99)}_{self.randrange(10**9)}.{self.randrange(10**12)}",
                f"uuid:{uuid.UUID(int=self.getrandbits(128))}",
                f"=_{self.getrandbits(60):x}",
                *("MIME_boundary", "--", "b", "'()+_,-./:=?"),
            )
        )

    def respaced(self, packet: bytes) -> bytes:
        """The packet with its base64 broken into lines, and white space around it."""
        line_end = self.choice((b"\n", b"\r\n", b"&#xD;\n", b"\r\n    "))

        def one(found: re.Match[bytes]) -> bytes:
            text = lines(found[2], self.choice((64, 72, 76, 1000)), line_end) if self.random() < 0.7 else found[2]
            behind = self.choice((b"", line_end, line_end + b" " * 8, b" " * self.randrange(40)))
            return found[1] + self.choice((b"", line_end)) + text + behind + found[3]

        return _CONTENT.sub(one, packet)

    def mail(self, root: bytes, files: Files) -> bytes:
        """A multipart message of a packet and its files."""
        end = self.choice((b"\r\n", b"\n"))
        boundary = self.boundary()
        mark = b"--" + boundary.encode()
        top = 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/xml"; start="<root@x>";\n'
        top += f'\tboundary="{boundary}"'
        parts = [("Content-Type: text/xml; charset=UTF-8\nContent-ID: <root@x>", "8bit", root)]
        for number, (name, content) in enumerate(files):
            word = f"=?UTF-8?B?{base64.b64encode(name.encode()).decode()}?="
            header = f"Content-Type: application/octet-stream\nContent-ID: <{number}@x>\n"
            header += f'Content-Disposition: attachment;\n filename="{word}"'
            parts.append((header, self.choice(("binary", "base64")) if mark not in content else "base64", content))
        out = [top.encode().replace(b"\n", end), end, end]
        for header, encoding, content in parts:
            text = base64.encodebytes(content).replace(b"\n", end) if encoding == "base64" else content
            head = f"{header}\nContent-Transfer-Encoding: {encoding}\n\n".encode().replace(b"\n", end)
            out += [mark, end, head, text, end]
        return b"".join([*out, mark, b"--", self.choice((b"", end))])


_CONTENT = re.compile(rb"(<[^<>]*(?:ContentTransferEncoded|Value)[^<>]*>)([A-Za-z0-9+/=]+)(</)")


def lines(text: bytes, width: int, line_end: bytes) -> bytes:
    """A text in lines of a width."""
    return line_end.join(text[at : at + width] for at in range(0, len(text), width))
