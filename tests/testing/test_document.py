"""Sample documents, judged by poppler and qpdf."""

from __future__ import annotations

import io
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.testing.judges import run
from vn_edoc.errors import UsageError
from vn_edoc.testing import (
    Appendix,
    DocumentSpec,
    Drawn,
    draw_attachment,
    draw_document,
    draw_scan,
    seal_image,
    signature_image,
)
from vn_edoc.testing.layout import MM, Sheet, Style, load_face

DECISION = DocumentSpec(
    type_name="QUYẾT ĐỊNH",
    number="5",
    notation="QĐ-SNV",
    day=date(2026, 2, 3),
    subject="ban hành Quy chế quản lý, sử dụng chữ ký số của Sở Nội vụ",
    authority="KT. GIÁM ĐỐC",
    title="PHÓ GIÁM ĐỐC",
    signer="Trần Thị Thử Nghiệm",
    urgency="HỎA TỐC",
    circulation="LƯU HÀNH NỘI BỘ",
    body=DocumentSpec().body * 6,
)


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    (tmp_path / "d.pdf").write_bytes(pdf)
    done = run("pdftotext", *options, tmp_path / "d.pdf", "-")
    assert done.returncode == 0 and not done.stderr
    return unicodedata.normalize("NFC", done.stdout)


def test_each_part_of_the_decree_is_there(tmp_path: Path) -> None:
    text = text_of(draw_document().pdf, tmp_path, "-layout")
    flat = " ".join(text.split())
    spec = DocumentSpec()
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN", "SỞ NỘI VỤ",
        "Số: 1286/SNV-VP", "Tây Ninh, ngày 15 tháng 10 năm 2026", "Kính gửi:", "- Sở Tư pháp.", "GIÁM ĐỐC",
        "Nguyễn Văn Mẫu", "Nơi nhận:", "- Như trên;", "- Lưu: VT, VP.", "./.",
    ):  # fmt: skip
        assert part in flat, part
    for sentence in spec.body.split("\n\n"):
        assert " ".join(sentence.split()) in flat
    assert "V/v rà soát việc gửi, nhận" in flat


def test_numbers_and_dates_are_padded_and_stamps_drawn(tmp_path: Path) -> None:
    drawn = draw_document(DECISION)
    flat = " ".join(text_of(drawn.pdf, tmp_path).split())
    for part in (
        "Số: 05/QĐ-SNV",
        "ngày 03 tháng 02 năm 2026",
        "HỎA TỐC",
        "LƯU HÀNH NỘI BỘ",
        "QUYẾT ĐỊNH",
        "KT. GIÁM ĐỐC",
    ):
        assert part in flat, part
    assert drawn.pages >= 2
    assert "Kính gửi" not in flat
    assert run("pdftotext", "-f", "2", "-l", "2", tmp_path / "d.pdf", "-").stdout.split()[0] == "2"
    assert run("pdftotext", "-l", "1", tmp_path / "d.pdf", "-").stdout.split()[0] != "1"


@pytest.mark.parametrize("drawn", [draw_document(), draw_document(DECISION), draw_attachment()])
def test_file_is_sound_a4_and_carries_its_fonts(drawn: Drawn, tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(drawn.pdf)
    assert run("qpdf", "--check", tmp_path / "d.pdf").returncode == 0
    info = run("pdfinfo", tmp_path / "d.pdf").stdout
    assert "(A4)" in info
    assert f"Pages:           {drawn.pages}" in info
    fonts = run("pdffonts", tmp_path / "d.pdf").stdout.splitlines()[2:]
    assert fonts
    for line in fonts:
        embedded, _, unicode_map = line.split()[-5:-2]
        assert (embedded, unicode_map) == ("yes", "yes"), line


@pytest.mark.parametrize("typeface", ["source-serif", "tinos"])
@pytest.mark.parametrize("style", ["regular", "bold", "italic", "bold-italic"])
def test_every_vietnamese_letter_can_be_set_and_read_back(typeface: str, style: Style, tmp_path: Path) -> None:
    if typeface == "tinos" and not Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf").exists():
        pytest.skip("Tinos is not installed")
    marks = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    letters = [unicodedata.normalize("NFC", vowel + mark) for vowel in "aăâeêioôơuưy" for mark in marks] + ["đ"]
    letters += [letter.upper() for letter in letters]
    sheet = Sheet(load_face(typeface), title="letters")  # type: ignore[arg-type]
    for row in range(0, len(letters), 12):
        sheet.paragraph(" ".join(f"th{letter}ng" for letter in letters[row : row + 12]), 13, style=style, indent=0)
    pdf = sheet.finish()
    assert text_of(pdf, tmp_path).split() == [f"th{letter}ng" for letter in letters]
    # A letter that the font lacks is drawn as .notdef, which reads back well all the same: look into the font, too.
    from fontTools.ttLib import TTFont

    from vn_edoc.testing.layout import font_file

    known = TTFont(font_file(style, typeface)).getBestCmap()  # type: ignore[arg-type]
    assert [letter for letter in letters if ord(letter) not in known] == []


def test_margins_are_those_of_the_decree(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(draw_document(DECISION).pdf)
    run("pdftoppm", "-r", "50.8", "-gray", tmp_path / "d.pdf", tmp_path / "p")
    for page in sorted(tmp_path.glob("p-*.pgm")):
        with Image.open(page) as image:
            ink = image.point(lambda grey: 255 if grey < 128 else 0).getbbox()
            assert ink is not None
            left, top, right, bottom = ink[0] / 2, ink[1] / 2, (image.width - ink[2]) / 2, (image.height - ink[3]) / 2
        assert 29.5 <= left <= 35 and right >= 14.5 and bottom >= 19.5
        assert right <= 20.5 or not page.name.endswith("1.pgm")
        assert top >= (19.5 if page.name.endswith("1.pgm") else 5)


def test_seal_covers_a_third_of_the_signature_on_its_left() -> None:
    drawn = draw_document()
    signature, seal = drawn.signature, drawn.seal
    assert signature is not None and seal is not None
    assert seal.x < signature.x
    assert seal.x + seal.width - signature.x == pytest.approx(signature.width / 3)
    assert seal.width == seal.height == pytest.approx(36 * MM)
    assert seal.y < signature.y + signature.height / 2 < seal.y + seal.height
    corner = draw_attachment().corner
    assert corner.page == 1 and corner.x + corner.width == pytest.approx((210 - 18) * MM)
    assert corner.y > 250 * MM


def test_attachment_leaves_the_reference_blank(tmp_path: Path) -> None:
    rows = (("TT", "Nội dung"), *((str(n), f"Dòng {n}") for n in range(1, 41)))
    drawn = draw_attachment(Appendix(rows=rows))
    assert drawn.pages == 2 and drawn.signature is None
    flat = " ".join(text_of(drawn.pdf, tmp_path).split())
    assert "(Kèm theo Công văn số / ngày tháng năm của" in flat
    assert "Dòng 40" in flat


def test_scan_is_one_colour_image_a_page(tmp_path: Path) -> None:
    scan = draw_scan(draw_document(DECISION))
    (tmp_path / "d.pdf").write_bytes(scan.pdf)
    rows = [line.split() for line in run("pdfimages", "-list", tmp_path / "d.pdf").stdout.splitlines()[2:]]
    assert len(rows) == scan.pages
    for row in rows:
        assert row[5] == "rgb" and row[12] == "200" and row[13] == "200"
    assert text_of(scan.pdf, tmp_path).strip() == ""


def test_images_are_transparent_and_of_their_colour() -> None:
    for png, channel, size in ((signature_image(), 2, (45, 20)), (seal_image(), 0, (36, 36))):
        with Image.open(io.BytesIO(png)) as image:
            assert image.format == "PNG" and image.mode == "RGBA"
            assert (image.width / 300 * 25.4, image.height / 300 * 25.4) == pytest.approx(size, abs=0.1)
            raw = image.tobytes()
            solid = [pixel for pixel in zip(*(raw[band::4] for band in range(4)), strict=True) if pixel[3] == 255]
            assert 0.02 < len(solid) / (image.width * image.height) < 0.6
            assert all(pixel[channel] == max(pixel[:3]) for pixel in solid)
    assert signature_image("a") != signature_image("b")


def test_same_input_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib; from vn_edoc.testing import *; d = draw_document();"
        "made = d.pdf + draw_attachment().pdf + draw_scan(d).pdf + seal_image() + signature_image();"
        "print(hashlib.sha256(made).hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert draw_document().pdf == draw_document().pdf


def test_wrong_input_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        draw_document(DocumentSpec(number="12a"))
    assert refused.value.field == "number"
    with pytest.raises(UsageError):
        draw_document(typeface="comic")  # type: ignore[arg-type]
