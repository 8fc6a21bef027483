"""The report as a PDF (A4, Vietnamese serif). Needs the extra ``report``. The same report gives the same bytes."""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import visible
from vn_edoc.validity.conclusions import DocumentConclusion, ExchangeConclusion
from vn_edoc.validity.render.details import (
    entries,
    evidence_rows,
    file_of,
    open_checks,
    override_rows,
    repeat_rows,
    timeline_rows,
)
from vn_edoc.validity.render.words import TONE, heading_facts, reasons, seven_items, word
from vn_edoc.validity.report import Report
from vn_edoc.validity.thumbnails import thumbnails

__all__ = ["render"]

_FACES = {"VnEdocReport": "SourceSerifPro-Regular.ttf", "VnEdocReport-Bold": "SourceSerifPro-Bold.ttf"}
_MM = 72 / 25.4
_WIDTH = (210 - 25 - 15) * _MM
_LONGEST = 1500
"""Characters of one value: a table cell cannot be split over pages."""


@cache
def _fonts() -> None:
    spec = importlib.util.find_spec("font_source_serif_pro")
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFError, TTFont
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(
            "the PDF report needs the extra report: pip install 'vn-edoc[report]'",
            "báo cáo PDF cần phần mở rộng report: pip install 'vn-edoc[report]'",
            field="report",
        )
    try:
        for name, file in _FACES.items():
            pdfmetrics.registerFont(TTFont(name, str(Path(spec.origin).parent / "files" / file)))
    except (OSError, TTFError) as error:
        raise SourceError(
            f"cannot read the font: {error}", f"không đọc được phông chữ: {error}", field="font"
        ) from None


def render(report: Report, lang: str) -> bytes:
    """The report as PDF."""
    _fonts()
    from reportlab.platypus import SimpleDocTemplate

    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=(210 * _MM, 297 * _MM),
        leftMargin=25 * _MM,
        rightMargin=15 * _MM,
        topMargin=20 * _MM,
        bottomMargin=20 * _MM,
        title=word("title", lang),
        author="vn_edoc",
        lang=lang,
        invariant=1,
    )
    document.build(_story(report, lang), onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


_TONES = {"good": ("#0b6b3a", "#e7f5ec"), "bad": ("#a61b1b", "#fcebea"), "open": ("#8a5a00", "#fdf4df")}
"""Ink and ground, those of the HTML form."""


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont("VnEdocReport", 9)
    canvas.drawCentredString(105 * _MM, 12 * _MM, str(document.page))


@cache
def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName="VnEdocReport", fontSize=10.5, leading=14, splitLongWords=1)
    bold = "VnEdocReport-Bold"
    return {
        "body": body,
        "small": ParagraphStyle("small", body, fontSize=8.5, leading=11, textColor="#5a6675"),
        "label": ParagraphStyle("label", body, fontSize=9.5, textColor="#5a6675"),
        "title": ParagraphStyle("title", body, fontName=bold, fontSize=14, leading=18, alignment=1, spaceAfter=10),
        "value": ParagraphStyle("value", body, fontName=bold, fontSize=13, leading=18),
        "head": ParagraphStyle("head", body, fontName=bold, fontSize=12, spaceBefore=12, spaceAfter=4, keepWithNext=1),
        "entry": ParagraphStyle("entry", body, spaceBefore=3),
        "group": ParagraphStyle("group", body, fontName=bold, spaceBefore=6, spaceAfter=2, keepWithNext=1),
    }


def _p(text: str, style: str = "body") -> Any:
    from reportlab.platypus import Paragraph

    text = visible(text)
    return Paragraph(escape(text if len(text) <= _LONGEST else text[:_LONGEST] + "…"), _styles()[style])


def _rows(rows: list[tuple[str, str]], style: str = "body") -> Any:
    from reportlab.platypus import Table

    table = Table(
        [[_p(label, "label" if style == "body" else "small"), _p(value, style)] for label, value in rows],
        colWidths=[45 * _MM, _WIDTH - 45 * _MM],
    )
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.25, "#d7dde5")])
    return table


def _conclusion(title: str, conclusion: DocumentConclusion | ExchangeConclusion, lang: str) -> Any:
    """A box in the colour of the conclusion: what it is about, the conclusion, its reasons."""
    from reportlab.platypus import Table

    ink, ground = _TONES[TONE[conclusion.value]]
    lines = [_p(title, "small"), _p(conclusion.value.label(lang), "value")]
    lines += [_p(f"• {message} ({rule})") for rule, message in reasons(conclusion, lang)]
    # A row a line, so that a long list of reasons may go over to the next page.
    table = Table([[line] for line in lines], colWidths=[_WIDTH], spaceAfter=6)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), ground),
            ("LINEBEFORE", (0, 0), (0, -1), 3, ink),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )
    return table


def _story(report: Report, lang: str) -> list[Any]:
    from reportlab.platypus import KeepTogether

    story = [_p(word("title", lang), "title")]
    for key, conclusion in (("document", report.document), ("exchange", report.exchange)):
        if conclusion is not None:
            story.append(_conclusion(word(key, lang), conclusion, lang))
    if report.packet_kind == "status":
        story.append(_p(word("no_conclusion", lang)))
    if report.exchange is not None and report.exchange.paper_also:
        story.append(_p(word("paper_also", lang), "group"))
    for vi, en in report.notices:
        story.append(_p(f"{word('notice', lang)}: {en if lang == 'en' else vi}"))
    story += [_p(word("about", lang), "head"), _rows(heading_facts(report, lang))]
    # ``keepWithNext`` does not reach into what is kept together, so headings are kept with their first finding here.
    headings = [_p(word("to_do", lang), "head")]
    for action, found in entries(report, lang):
        headings.append(_p(f"{action.label(lang)} ({len(found)})", "group"))
        for entry in found:
            basis = f"{word('basis', lang)}: {entry.basis}" if entry.basis else ""
            details = [_p(text, "small") for text in (entry.where, basis) if text]
            story.append(KeepTogether([*headings, _p(f"{entry.rule}: {entry.message}", "entry"), *details]))
            headings = []
    if headings:
        story += [*headings, _p(word("no_findings", lang))]
    count = "" if report.stopped else f" ({len(report.signatures)})"
    story.append(_p(f"{word('signatures', lang)}{count}", "head"))
    if not report.signatures:
        story.append(_p(word("stopped" if report.stopped else "none", lang)))
    for number, (file, signature) in enumerate(report.signed, 1):
        items = seven_items(signature, lang)
        story.append(_p(f"{number}. {items.subject}: {items.validity}", "group"))
        story.append(_rows([(word("file", lang), file_of(file, lang)), *items.rows(lang)]))
        story.append(_rows(evidence_rows(report, signature, lang), "small"))
    story += _pictures(report, lang)
    if report.timeline:
        story.append(_p(word("timeline", lang), "head"))
        story.append(_rows([(when, f"{said} ({source})") for when, said, source in timeline_rows(report, lang)]))
    unanswered = open_checks(report)
    if unanswered:
        story.append(_p(word("not_evaluated", lang).capitalize(), "head"))
        english = lang == "en"
        story.append(
            _rows(
                [
                    (c.rule, f"{c.title_en if english else c.title_vi}: {c.reason_en if english else c.reason_vi}")
                    for c in unanswered
                ]
            )
        )
    if report.pack.overrides:
        story += [_p(word("overrides", lang), "head"), _rows(override_rows(report, lang))]
    return [*story, _p(word("repeat", lang), "head"), _rows(repeat_rows(report, lang), "small")]


def _pictures(report: Report, lang: str) -> list[Any]:
    from reportlab.graphics.shapes import Circle, Drawing, Image, Rect, String
    from reportlab.platypus import KeepTogether

    story: list[Any] = []
    tones = [{True: "good", False: "bad", None: "open"}[seven_items(s, lang).good] for _, s in report.signed]
    for picture in thumbnails(report.files, report.signed, report.limits):
        width = 70 * _MM
        height = width * picture.height / picture.width
        drawing = Drawing(width, height)
        drawing.add(Image(0, 0, width, height, _image(picture.png)))
        drawing.add(Rect(0, 0, width, height, strokeColor=_colour("#d7dde5"), fillColor=None))
        for mark in picture.marks:
            ink = _colour(_TONES[tones[mark.number - 1]][0])
            left, top = mark.left * width / 100, height - mark.top * height / 100
            deep = mark.height * height / 100
            drawing.add(Rect(left, top - deep, mark.width * width / 100, deep, strokeColor=ink, fillColor=None))
            drawing.add(Circle(left, top, 5, strokeColor=None, fillColor=ink))
            drawing.add(
                String(
                    left,
                    top - 2.5,
                    str(mark.number),
                    fontName="VnEdocReport-Bold",
                    fontSize=7,
                    textAnchor="middle",
                    fillColor=_colour("#ffffff"),
                )
            )
        caption = f"{picture.file}, {word('page', lang)} {picture.page}/{picture.pages}"
        head = [] if story else [_p(word("pages", lang), "head")]
        story.append(KeepTogether([*head, drawing, _p(caption, "small")]))
    return story


def _image(png: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(png))


def _colour(text: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(text)
