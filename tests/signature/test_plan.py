"""The order of signing, and what signatures look like on the page."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest

from tests.signature.cast import EVIDENCE, TRUST, document, signer
from vn_edoc.errors import SigningError, UsageError
from vn_edoc.signature import (
    Appearance,
    SigningPlan,
    agency_on_attachment,
    agency_seal,
    asign_pdf,
    averify_pdf,
    competent_person,
    copy_mark,
    sign_pdf,
    verify_pdf,
)
from vn_edoc.testing import draw_attachment, seal_image, signature_image

NAME = "Nguyễn Văn Mẫu"


def bitmap(pdf: bytes, page: int = 0, scale: float = 1.0):
    document_ = pypdfium2.PdfDocument(pdf)
    document_.init_forms()
    return document_[page].render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")


def ink(picture, box, height: float, colour: str) -> int:
    left, bottom, right, top = box
    part = picture.crop((int(left), int(height - top), int(right), int(height - bottom)))
    raw = part.tobytes()
    pixels = [raw[i : i + 3] for i in range(0, len(raw), 3)]
    if colour == "red":
        return sum(r > b + 60 and r > g + 60 for r, g, b in pixels)
    if colour == "blue":
        return sum(b > r + 40 for r, _, b in pixels)
    return sum(r + g + b < 200 for r, g, b in pixels)


def test_leader_number_seal():
    drawn = document()
    plan = SigningPlan.standard(drawn.pdf, leader=NAME)
    files = [io.BytesIO() for _ in range(4)]
    plan.prepare(drawn.pdf, files[0])
    prepared = files[0].getvalue()
    leader = competent_person(signature_image(NAME), name=NAME)
    with pytest.raises(SigningError) as early:
        plan.sign("seal", prepared, io.BytesIO(), signer("agency"))
    assert early.value.field == "role"
    plan.sign("leader", prepared, files[1], signer("person"), appearance=leader)
    number = plan.number_and_date("12/BC-SNV", "Tây Ninh, ngày 05 tháng 11 năm 2026")
    plan.sign("number_date", files[1].getvalue(), files[2], signer("agency"), appearance=number)
    box = plan.fields[0].box
    seal = agency_seal(seal_image("SỞ NỘI VỤ"), box)
    plan.sign("seal", files[2].getvalue(), files[3], signer("agency"), appearance=seal)
    final = files[3].getvalue()
    assert plan.next(final) is None
    found = verify_pdf(final, trust=TRUST, evidence=EVIDENCE)
    assert [s.changes for s in found.signatures] == ["allowed", "allowed", "none"]
    assert [s.indication for s in found.signatures] == ["TOTAL-PASSED"] * 3
    picture = bitmap(final, plan.fields[0].page - 1)
    before = bitmap(drawn.pdf, plan.fields[0].page - 1)
    assert ink(picture, box, picture.height, "blue") > ink(before, box, picture.height, "blue") + 50
    assert ink(picture, plan.fields[2].box, picture.height, "red") > 200
    text = pypdfium2.PdfDocument(final)
    text.init_forms()
    assert ink(bitmap(final), plan.fields[1].box, picture.height, "black") > ink(
        bitmap(drawn.pdf), plan.fields[1].box, picture.height, "black"
    )


def test_a_plan_guards_its_order_and_its_file():
    plan = SigningPlan.standard(document().pdf, leader=NAME)
    with pytest.raises(SigningError):
        plan.next(document().pdf)
    out = io.BytesIO()
    sign_pdf(document().pdf, out, signer("person"))
    with pytest.raises(SigningError):
        plan.prepare(out.getvalue(), io.BytesIO())
    with pytest.raises(SigningError):
        SigningPlan.standard(document().pdf, leader="Không Có Người Này")
    with pytest.raises(UsageError):
        SigningPlan(())


def test_text_of_attachments_and_copies():
    drawn = draw_attachment()
    for appearance, words in (
        (agency_on_attachment("12/BC-SNV"), ["12/BC-SNV", "+07:00"]),
        (copy_mark("sao y", "Sở Nội vụ"), ["SAO Y", "Sở Nội vụ", "+07:00"]),
    ):
        out = io.BytesIO()
        sign_pdf(drawn.pdf, out, signer("agency"), appearance=appearance)
        document_ = pypdfium2.PdfDocument(out.getvalue())
        document_.init_forms()
        page = document_[0]
        assert ink(bitmap(out.getvalue()), appearance.box, 842, "black") > 20
        # Widgets are no page text: flatten a copy to read what they show.
        assert pypdfium2.raw.FPDFPage_Flatten(page, 0) != 0
        shown = document_[0].get_textpage().get_text_range()
        assert all(word in shown for word in words), shown
        assert appearance.box[0] > 300 and appearance.box[3] > 780


def test_images_that_do_not_fit():
    with pytest.raises(UsageError):
        competent_person(b"\xff\xd8\xff", name=NAME)
    with pytest.raises(UsageError):
        competent_person(seal_image("ĐỎ"), name=NAME)
    with pytest.raises(UsageError):
        agency_seal(signature_image(NAME), (0, 0, 100, 50))
    with pytest.raises(UsageError):
        copy_mark("bản chụp", "Sở Nội vụ")
    with pytest.raises(UsageError):
        sign_pdf(document().pdf, io.BytesIO(), signer("person"), appearance=Appearance())


def test_inside_a_loop_and_in_threads():
    async def both():
        out = io.BytesIO()
        await asign_pdf(document().pdf, out, signer("person"))
        return await asyncio.gather(*(averify_pdf(out.getvalue(), trust=TRUST, evidence=EVIDENCE) for _ in range(4)))

    assert all(v.signatures[0].indication == "TOTAL-PASSED" for v in asyncio.run(both()))

    async def inside():
        out = io.BytesIO()
        sign_pdf(document().pdf, out, signer("person"))
        return verify_pdf(out.getvalue(), trust=TRUST, evidence=EVIDENCE)

    assert asyncio.run(inside()).signatures[0].trusted is True
    out = io.BytesIO()
    sign_pdf(document().pdf, out, signer("person"))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: verify_pdf(out.getvalue(), trust=TRUST, evidence=EVIDENCE), range(12)))
    assert {r.signatures[0].indication for r in results} == {"TOTAL-PASSED"}
