"""Rules on form: names, numbers and marks on page 1, paper size, separate attachments. They never void a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vn_edoc.findings import Location, Severity
from vn_edoc.validity.facts import Facts, FileFacts, folded
from vn_edoc.validity.pack import checks
from vn_edoc.validity.rules.common import letters, name_of, numeral
from vn_edoc.validity.verdict import PASSED, Issue, Verdict, fail, not_applicable, not_evaluated

if TYPE_CHECKING:
    from vn_edoc.validity.appearance import Appearance
    from vn_edoc.validity.page import PageFacts

__all__: list[str] = []

_A4_MM = (210.0, 297.0)
_TOLERANCE_MM = 3.0
_LEGACY_FONTS = ("vntime", "vnarial", "vncourier", "vnarabia", "vnaristote", "vnavant", "vni-", "vnhelv", "vnuniverse")
"""How the names of fonts of TCVN 5712 (.VnTime …) and VNI (VNI-Times …) begin."""
_SCAN_DPI = 200
_INK_SHARE = 0.2
"""Of the coloured dots in a signature's box; the seal over the signature colours a part of it."""
_SCAN_SHARE = 0.5
"""An image over half the page is the page's scan; a smaller one is a seal, a signature or a picture."""


@checks("R45")
def separate_attachments_signed(facts: Facts) -> Verdict:
    others = [f for f in facts.files if f is not facts.main and f.signable and not f.damaged]
    if not facts.is_document or not others:
        return not_applicable(
            "không có tệp đính kèm riêng dạng PDF hoặc CMS", "there is no separate attachment that is a PDF or CMS"
        )
    issues = [
        Issue(
            f"Tệp đính kèm {f.name} chưa có chữ ký số của cơ quan.",
            f"The attachment {f.name} does not carry the agency's signature.",
            Location(attachment=f.name),
            Severity.ERROR,
        )
        for f in others
        if not _by_agency(f)
    ]
    issues += [_of_a_stranger(f) for f in others if _by_agency(f) and not _of_the_issuer(f, facts)]
    for file in others:
        issues += _form_of_attachment(file, facts)
    return fail(*issues) if issues else PASSED


def _by_agency(file: FileFacts) -> list[int]:
    """Places of the agencies' signatures among those of the file."""
    return [n for n, s in enumerate(file.signatures) if s.signer is not None and s.signer.kind == "organisation"]


def _of_the_issuer(file: FileFacts, facts: Facts) -> bool:
    """Whether one of the agencies that signed the file is, by its name, the one that signed the document."""
    main = facts.main.signatures if facts.main is not None else ()
    issuer = facts.issuer.name if facts.issuer is not None else None
    own = {folded(s.signer.name) for s in main if s.signer is not None and s.signer.kind == "organisation"}
    own |= {folded(issuer)} if issuer else set()
    return not own or any(folded(name_of(file.signatures[n])) in own for n in _by_agency(file))


def _of_a_stranger(file: FileFacts) -> Issue:
    names = ", ".join(name_of(file.signatures[n]) for n in _by_agency(file))
    return Issue(
        f"Tệp đính kèm {file.name} do cơ quan khác ký số ({names}), không có chữ ký số của cơ quan ban hành.",
        f"The attachment {file.name} is signed by another body ({names}), not by the issuing agency.",
        Location(attachment=file.name),
        Severity.WARNING,
        {"signers": names},
    )


def _form_of_attachment(file: FileFacts, facts: Facts) -> list[Issue]:
    """NĐ 30/2020/NĐ-CP Phụ lục I, II.8b: top right of page 1, no image, number and symbol, time. Only what was seen."""
    own = _by_agency(file)
    if not own or len(file.appearances) != len(file.signatures):
        return []
    where = Location(attachment=file.name, page=1)
    seen = [a for n in own if (a := file.appearances[n]) is not None]
    if not seen:
        return [
            Issue(
                f"Chữ ký số của cơ quan trên tệp đính kèm {file.name} không hiển thị số, ký hiệu và thời gian ký.",
                f"The agency's signature on the attachment {file.name} shows no number, symbol and time.",
                where,
            )
        ]
    issues = []
    page = file.page
    if not any(_top_right(a, page) for a in seen):
        issues.append(
            Issue(
                f"Chữ ký số của cơ quan trên tệp đính kèm {file.name} không ở góc trên bên phải trang đầu.",
                f"The agency's signature on the attachment {file.name} is not at the top right of page 1.",
                where,
            )
        )
    if page is not None and page.has_text and not page.shown_times:
        issues.append(
            Issue(
                f"Tệp đính kèm {file.name} không hiển thị thời gian ký của cơ quan.",
                f"The attachment {file.name} does not show when the agency signed.",
                where,
            )
        )
    code = f"{numeral(facts.packet.number)}/{facts.packet.notation}" if facts.packet is not None else ""
    if page is not None and page.has_text and len(code) > 1 and letters(code) not in letters(page.text):
        issues.append(
            Issue(
                f"Tệp đính kèm {file.name} không hiển thị số và ký hiệu văn bản.",
                f"The attachment {file.name} does not show the document's number and symbol.",
                where,
            )
        )
    return issues


def _top_right(seen: Appearance, page: PageFacts | None) -> bool:
    """The middle of the appearance lies in the right half and the upper third of page 1; unknown sizes count as met."""
    if seen.page != 1:
        return False
    if page is None or page.width_mm is None or page.height_mm is None:
        return True
    across, up = seen.centre_mm
    return across >= page.width_mm / 2 and up >= page.height_mm * 2 / 3


@checks("R53")
def page_is_a4(facts: Facts) -> Verdict:
    if not facts.is_document or facts.main is None or facts.main.media_type != "application/pdf":
        return not_applicable("không phải văn bản PDF", "not a PDF document")
    page = facts.main.page
    if page is None or page.width_mm is None or page.height_mm is None:
        return not_evaluated("không đọc được trang đầu của văn bản", "page 1 of the document could not be read")
    issues = []
    where = Location(attachment=facts.main.name, page=1)
    if page.pdf_version is not None and tuple(map(int, page.pdf_version.split("."))) < (1, 4):
        issues.append(
            Issue(
                f"Phiên bản PDF {page.pdf_version} thấp hơn 1.4.",
                f"PDF version {page.pdf_version} is below 1.4.",
                where,
            )
        )
    short, long = sorted((page.width_mm, page.height_mm))
    if abs(short - _A4_MM[0]) > _TOLERANCE_MM or abs(long - _A4_MM[1]) > _TOLERANCE_MM:
        issues.append(
            Issue(
                f"Khổ giấy trang đầu {page.width_mm:g} x {page.height_mm:g} mm, không phải A4.",
                f"Page 1 measures {page.width_mm:g} x {page.height_mm:g} mm, not A4.",
                where,
                data={"width_mm": page.width_mm, "height_mm": page.height_mm},
            )
        )
    legacy = [name for name in page.fonts if name.casefold().lstrip(".").startswith(_LEGACY_FONTS)]
    if legacy:
        issues.append(
            Issue(
                f"Phông chữ trang đầu không theo bộ mã Unicode (TCVN 6909:2001): {', '.join(legacy)}.",
                f"Fonts of page 1 are of a legacy encoding, not Unicode (TCVN 6909:2001): {', '.join(legacy)}.",
                where,
                data={"fonts": legacy},
            )
        )
    return fail(*issues) if issues else PASSED


@checks("R54")
def copy_is_a_good_scan(facts: Facts) -> Verdict:
    if facts.main is None or facts.main.page is None or facts.copy_mark is None:
        return not_applicable("không thấy hình thức sao trên trang đầu", "page 1 carries no mark of a copy")
    scans = [image for image in facts.main.page.images if image.share >= _SCAN_SHARE]
    if not scans:
        return not_evaluated("trang đầu của bản sao không phải ảnh quét", "page 1 of the copy is no scan")
    scan = max(scans, key=lambda image: image.share)
    where = Location(attachment=facts.main.name, page=1)
    issues = []
    if scan.dpi < _SCAN_DPI:
        issues.append(
            Issue(
                f"Ảnh quét của bản sao có độ phân giải {scan.dpi} dpi, thấp hơn {_SCAN_DPI} dpi.",
                f"The copy was scanned at {scan.dpi} dpi, below {_SCAN_DPI} dpi.",
                where,
                data={"dpi": scan.dpi},
            )
        )
    if not scan.colour:
        issues.append(Issue("Ảnh quét của bản sao không phải ảnh màu.", "The copy's scan is not in colour.", where))
    if not facts.main.page.shown_times:
        issues.append(
            Issue(
                "Bản sao không hiển thị thời gian ký của cơ quan sao.",
                "The copy does not show when the copying agency signed.",
                where,
            )
        )
    return fail(*issues) if issues else PASSED


_NOT_DRAWN = not_evaluated("không vẽ được trang để xem hình ảnh chữ ký", "the page could not be drawn")


@checks("R56")
def signature_image_is_blue(facts: Facts) -> Verdict:
    if not facts.is_document or not facts.of_kind("person"):
        return not_applicable("không có chữ ký số của người có thẩm quyền", "there is no person's signature")
    if facts.main is None or not facts.main.appearances:
        return _NOT_DRAWN
    seen = [a for a in facts.appearances_of("person") if a is not None]
    where = Location(attachment=facts.main.name)
    if not seen:
        return fail(
            Issue(
                "Không hiển thị hình ảnh chữ ký của người có thẩm quyền.",
                "The competent person's signature image is not shown.",
                where,
            )
        )
    if any(a.blue >= _INK_SHARE for a in seen):
        return PASSED
    return fail(
        Issue(
            "Hình ảnh chữ ký của người có thẩm quyền không phải màu xanh.",
            "The competent person's signature image is not blue.",
            Location(attachment=facts.main.name, page=seen[0].page),
        )
    )


@checks("R57")
def seal_is_red_and_in_place(facts: Facts) -> Verdict:
    if not facts.is_document or not facts.of_kind("organisation") or facts.copy_mark is not None:
        return not_applicable("không phải chữ ký số của cơ quan trên văn bản", "no agency's signature on a document")
    if facts.main is None or not facts.main.appearances:
        return _NOT_DRAWN
    seals = [a for a in facts.appearances_of("organisation") if a is not None]
    if not seals:
        return fail(
            Issue(
                "Không hiển thị hình ảnh dấu của cơ quan, tổ chức.",
                "The agency's seal is not shown.",
                Location(attachment=facts.main.name),
            )
        )
    where = Location(attachment=facts.main.name, page=seals[0].page)
    issues = []
    if not any(a.red >= _INK_SHARE for a in seals):
        issues.append(Issue("Hình ảnh dấu không phải màu đỏ.", "The seal's image is not red.", where))
    persons = [a for a in facts.appearances_of("person") if a is not None]
    if persons and not any(_over_a_third(seal, person) for seal in seals for person in persons):
        issues.append(
            Issue(
                "Hình ảnh dấu không trùm khoảng 1/3 hình ảnh chữ ký về bên trái.",
                "The seal does not lie over about a third of the signature image, on its left.",
                where,
            )
        )
    return fail(*issues) if issues else PASSED


def _over_a_third(seal: Appearance, person: Appearance) -> bool:
    """The seal covers between a sixth and two thirds of the image's width, from its left; the law says "khoảng"."""
    if seal.page != person.page:
        return False
    overlap = min(seal.box[2], person.box[2]) - max(seal.box[0], person.box[0])
    beside = min(seal.box[3], person.box[3]) > max(seal.box[1], person.box[1])
    share = overlap / max(person.box[2] - person.box[0], 1.0)
    return beside and seal.box[0] < person.box[0] and 1 / 6 <= share <= 2 / 3


@checks("R58")
def shown_time_has_zone(facts: Facts) -> Verdict:
    shown = [(f, t) for f in facts.files if f.page is not None for t in f.page.shown_times]
    if not facts.is_document or not shown:
        return not_applicable("không có thời gian ký hiển thị trên trang đầu", "page 1 shows no signing time")
    wrong = [(f, t) for f, t in shown if not t.endswith("+07:00")]
    if not wrong:
        return PASSED
    return fail(
        *(
            Issue(
                f"Thời gian ký hiển thị {t} không có múi giờ +07:00.",
                f"The shown signing time {t} lacks the zone +07:00.",
                Location(attachment=f.name, page=1),
            )
            for f, t in wrong
        )
    )


@checks("R55")
def copy_form_exists(facts: Facts) -> Verdict:
    if facts.copy_mark != "SAO Y":
        return not_applicable("không phải bản sao y", "not a sao y")
    if facts.of_kind("person"):
        return fail(
            Issue(
                "Văn bản mang dấu SAO Y nhưng có chữ ký số của người có thẩm quyền: pháp luật không có hình thức sao y "
                "từ văn bản điện tử sang văn bản điện tử.",
                "The document is marked SAO Y yet carries a person's digital signature: the law knows no sao y from "
                "electronic to electronic.",
            )
        )
    return PASSED
