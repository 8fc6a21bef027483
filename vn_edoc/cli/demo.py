"""``vn-edoc demo``: build sample packages with a throwaway PKI and run the main job on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vn_edoc.cli.output import json_option, lang_option, print_json, say, write_text

if TYPE_CHECKING:
    from vn_edoc.testing import Sample
    from vn_edoc.validity import Report

__all__ = ["command"]

SAMPLES = ("good", "tampered-pdf", "agency-signature-missing", "another-agency", "sent-late")
"""The good package and four bad ones, each differing from it in one respect."""


@click.command(
    "demo",
    help="Tạo gói tin mẫu bằng hạ tầng khóa thử nghiệm, kiểm tra, ghi báo cáo HTML; dòng cuối là đường dẫn.\n\n"
    "Build sample packages with a throwaway PKI, judge them, write HTML reports; the last line is the report's path.",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("vn-edoc-demo"))
@lang_option
@json_option
def command(folder: Path, lang: str, as_json: bool) -> int:
    from vn_edoc.testing import SampleBuilder

    builder = SampleBuilder()
    judged: list[tuple[Sample, Report, Path]] = []
    for name in SAMPLES:
        sample = builder.make(name)
        sample.write(folder / name)
        report = _judge(sample)
        page = folder / name / "report.html"
        write_text(page, report.to_html(lang))
        write_text(folder / name / "report.json", report.to_json())
        judged.append((sample, report, page))
    as_expected = all(_as_expected(sample, report) for sample, report, _ in judged)
    if as_json:
        print_json({"samples": [_about(*one) for one in judged], "as_expected": as_expected}, "vn-edoc/demo/1")
        return 0 if as_expected else 1
    say(judged[0][1].to_text(lang))
    for sample, report, _ in judged:
        document = report.document.value.label(lang) if report.document else "-"
        exchange = report.exchange.value.label(lang) if report.exchange else "-"
        say(f"{sample.name:<26} {document:<26} {exchange}")
        say(f"{'':<26} {sample.about_en if lang == 'en' else sample.about_vi}")
    say()
    say(str(judged[0][2].resolve()))
    return 0 if as_expected else 1


def _judge(sample: Sample) -> Report:
    from vn_edoc.validity import Verifier

    verifier = Verifier(
        trust=sample.trust_object(), evidence=sample.evidence_object(), bindings=sample.bindings_object()
    )
    return verifier.verify(sample.packet, at=sample.judged_at, context=sample.context_object())


def _as_expected(sample: Sample, report: Report) -> bool:
    document = None if report.document is None else report.document.value.value
    exchange = None if report.exchange is None else report.exchange.value.value
    return (document, exchange) == (sample.expected.document, sample.expected.exchange)


def _about(sample: Sample, report: Report, page: Path) -> dict[str, Any]:
    return {
        "name": sample.name,
        "about_vi": sample.about_vi,
        "about_en": sample.about_en,
        "document": report.document.value if report.document else None,
        "exchange": report.exchange.value if report.exchange else None,
        "as_expected": _as_expected(sample, report),
        "report": str(page.resolve()),
    }
