"""Form: the page, the shown signatures, attachments, copies, capacity, secrecy."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from vn_edoc.testing import attacks
from vn_edoc.testing.images import seal_image, signature_image
from vn_edoc.testing.layout import MM, Box
from vn_edoc.testing.recipe import GOOD, Expected, signed_by
from vn_edoc.testing.variants.catalogue import declare, positive, void

PERSON, AGENCY = signed_by("person"), signed_by("agency")

# --- page and shown signatures ---
declare(
    "form",
    "not-a4",
    "Trang không phải khổ A4",
    "The page is not A4",
    positive("R53"),
    before_signing=(attacks.set_page_size(595, 770),),
)
declare(
    "form",
    "old-pdf",
    "Phiên bản PDF 1.3",
    "PDF version 1.3",
    positive("R53"),
    before_signing=(attacks.replace_once(b"%PDF-1.7", b"%PDF-1.3"),),
)
declare(
    "form",
    "not-shown",
    "Không hiển thị hình ảnh chữ ký, dấu",
    "Neither signature nor seal is shown",
    positive("R56", "R57"),
    shown=False,
)
declare(
    "form",
    "black-signature",
    "Hình ảnh chữ ký màu đen",
    "The signature image is black",
    positive("R56"),
    signatures=(replace(PERSON, image=partial(signature_image, colour=(10, 10, 10))), AGENCY),
)
declare(
    "form",
    "blue-seal",
    "Hình ảnh dấu màu xanh",
    "The seal is blue",
    positive("R57"),
    signatures=(PERSON, replace(AGENCY, image=partial(seal_image, colour=(20, 40, 200)))),
)
declare(
    "form",
    "misplaced-seal",
    "Dấu không trùm lên chữ ký",
    "The seal does not touch the signature",
    positive("R57"),
    signatures=(
        PERSON,
        replace(AGENCY, box=Box(1, 32 * MM, 40 * MM, 36 * MM, 36 * MM), image=seal_image),
    ),
)

# --- attachments ---
declare(
    "form",
    "no-annex",
    "Không có tệp gửi kèm",
    "There is no attachment",
    positive(),
    annex=None,
)
declare(
    "form",
    "annex-unsigned",
    "Tệp gửi kèm chưa được cơ quan ký số",
    "The attachment lacks the agency's signature",
    positive("R45"),
    annex_signature=None,
)
declare(
    "form",
    "annex-time-without-zone",
    "Thời gian ký hiển thị thiếu múi giờ",
    "The shown signing time lacks its zone",
    positive("R58"),
    annex_signature=replace(AGENCY, lines=("1286/SNV-VP", "15/10/2026 10:20:00")),
)

# --- capacity ---
declare(
    "form",
    "delegated-without-record",
    "Ký thừa ủy quyền không có văn bản ủy quyền",
    "Signed by delegation without a record of it",
    positive("R29"),
    document=replace(GOOD.document, authority="TUQ. GIÁM ĐỐC", title="CHÁNH VĂN PHÒNG"),
    context={"delegations": ["Phạm Thị Mẫu"]},
)
declare(
    "form",
    "delegated",
    "Ký thừa ủy quyền có văn bản ủy quyền",
    "Signed by delegation, and the record is there",
    positive(),
    document=replace(GOOD.document, authority="TUQ. GIÁM ĐỐC", title="CHÁNH VĂN PHÒNG"),
    context={"delegations": ["Nguyễn Văn Mẫu"]},
)
declare(
    "form",
    "decision",
    "Quyết định do phó giám đốc ký thay",
    "A decision signed by the deputy in place of the director",
    positive(),
    document=replace(
        GOOD.document,
        type_name="QUYẾT ĐỊNH",
        number="5",
        notation="QĐ-SNV",
        authority="KT. GIÁM ĐỐC",
        title="PHÓ GIÁM ĐỐC",
        signer="Trần Thị Thử Nghiệm",
        subject="ban hành Quy chế quản lý, sử dụng chữ ký số",
    ),
    signatures=(signed_by("deputy"), AGENCY),
)

# --- copies ---
_COPY: dict[str, Any] = {"scanned": True, "mark": "SAO Y", "signatures": (AGENCY,)}
_GOOD_COPY = Expected("copy", "replaces_paper", ())
declare("form", "sao-y", "Bản sao y điện tử", "An electronic true copy", _GOOD_COPY, **_COPY)
declare(
    "form",
    "sao-y-without-agency",
    "Bản sao y do cá nhân ký, thiếu cơ quan",
    "A true copy signed by a person only",
    void("R06"),
    **(_COPY | {"signatures": (PERSON,)}),
)
declare(
    "form",
    "sao-y-coarse",
    "Bản sao y quét 100 dpi",
    "A true copy scanned at 100 dpi",
    Expected("copy", "replaces_paper", ("R54",)),
    scan_dpi=100,
    **_COPY,
)
declare(
    "form",
    "sao-y-of-electronic",
    "Sao y từ văn bản điện tử sang điện tử",
    "A true copy of an electronic document, a form that does not exist",
    Expected("copy", "replaces_paper", ("R55",)),
    **(
        _COPY
        | {
            "signatures": (
                replace(PERSON, box=Box(1, 124 * MM, 111 * MM, 45 * MM, 20 * MM), image=signature_image),
                AGENCY,
            )
        }
    ),
)

# --- secrecy ---
for _mark in ("MẬT", "TỐI MẬT"):
    declare(
        "form",
        "secret" if _mark == "MẬT" else "top-secret",
        f"Văn bản có dấu {_mark}",
        "The document is marked as a state secret",
        Expected("insufficient", "out_of_scope", ("R01",)),
        document=replace(GOOD.document, secrecy=_mark),
    )

# --- what an examiner tries next to these ---
declare(
    "form",
    "a5",
    "Trang khổ A5",
    "The page is A5",
    positive("R53"),
    before_signing=(attacks.set_page_size(420, 595),),
)
declare(
    "form",
    "annex-of-another-agency",
    "Tệp gửi kèm chỉ do cơ quan khác ký số",
    "The attachment is signed by another agency alone",
    positive("R45"),
    annex_signature=signed_by("other-agency"),
)
declare(
    "form",
    "annex-by-person",
    "Tệp gửi kèm chỉ do cá nhân ký số",
    "The attachment is signed by a person alone",
    positive("R45"),
    annex_signature=PERSON,
)
declare(
    "form",
    "annex-of-revoked",
    "Chứng thư ký tệp gửi kèm đã bị thu hồi",
    "The certificate that signed the attachment was revoked",
    void("R18"),
    annex_signature=signed_by("agency-revoked"),
)
declare(
    "form",
    "deputy-who-is-head",
    "Ghi ký thay (KT.) nhưng người ký là cấp trưởng",
    "Signed for the head (KT.), by the head",
    positive("R29"),
    document=replace(GOOD.document, authority="KT. GIÁM ĐỐC", title="GIÁM ĐỐC"),
)
declare(
    "form",
    "wrong-symbol",
    "Ký hiệu là của loại văn bản khác",
    "The symbol is that of another type",
    positive("R51"),
    document=replace(GOOD.document, type_name="QUYẾT ĐỊNH", notation="TB-SNV"),
)
declare(
    "form",
    "scan-unsigned",
    "Bản quét có chữ ký tay, không ký số",
    "A scan with wet signatures and no digital one",
    void("R04"),
    scanned=True,
    signatures=(),
    annex=None,
)
declare(
    "form",
    "scan-signed",
    "Bản quét không có lớp chữ, không ghi hình thức sao, cá nhân và cơ quan ký số",
    "A scan without text and without the mark of a copy, signed by person and agency",
    positive(),
    scanned=True,
)
for _mark, _name in (("SAO LỤC", "sao-luc"), ("TRÍCH SAO", "trich-sao")):
    declare("form", _name, f"Bản {_mark.lower()} điện tử", f"An electronic copy: {_mark}", _GOOD_COPY,
            **_COPY | {"mark": _mark})  # fmt: skip
declare(
    "form",
    "sao-y-of-another-agency",
    "Bản sao y do cơ quan khác ký số",
    "A true copy signed by another agency",
    void("R81"),
    **_COPY | {"signatures": (signed_by("other-agency"),)},
)
