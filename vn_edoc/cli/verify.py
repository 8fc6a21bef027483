"""``vn-edoc verify``: one packet, PDF, CMS or signed XML in, one legal report out; or a folder of them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from vn_edoc._files import open_file, os_reason, read_file
from vn_edoc._json import StandsTwice, without_doubles
from vn_edoc.cli.output import FILE, json_option, lang_option, say, write_bytes, write_text
from vn_edoc.errors import SourceError, UsageError
from vn_edoc.findings import VIETNAM, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from vn_edoc.validity import Context, Report, Verifier

__all__ = ["command", "exit_code"]

_EXIT = {"original": 0, "copy": 0, "insufficient": 1, "undetermined": 2}
_EXIT_EXCHANGE = {"replaces_paper": 0, "reference_only": 1, "out_of_scope": 1, "undetermined": 2}
_UNREADABLE = 3
_CONTEXT_BYTES = 16 * 1024 * 1024


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """ISO 8601; without a zone it is Vietnam time, as officials write it."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r}: cần ISO 8601, ví dụ 2026-10-15T10:45:00+07:00 / ISO 8601 is needed", ctx, param
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM)


@click.command(
    "verify",
    help="Kiểm tra giá trị pháp lý của gói tin edXML hoặc tệp đã ký số, nêu điều luật của từng kết luận.\n\n"
    "Judge an edXML packet or a signed file; every line cites its article. A folder: every packet and signed file "
    "in it, on all cores, one summary table (--json: one line of JSON each).\n\n"
    "Exit: 0 original or copy, 1 insufficient, 2 undetermined, 3 unreadable. A status packet: 0, 1 with errors, "
    "2 in a container (MIME, ZIP). "
    "A folder: the gravest of 3, 1, 2, 0.",
)
@click.argument("source", type=FILE)
@click.option("--content", type=FILE, help="Tệp được ký bằng chữ ký rời .p7s. / The file that a .p7s signs.")
@click.option("--trust", "trust", type=FILE, multiple=True, help="Chứng thư gốc tin cậy: tệp hoặc thư mục. / Anchors.")
@click.option("--evidence", type=FILE, multiple=True, help="CRL, OCSP, chứng thư hoặc gói chứng cứ. / Evidence.")
@click.option("--bindings", type=FILE, help="Bảng gắn kết mã cơ quan - chứng thư (CSV, JSON). / Bindings.")
@click.option("--pack", type=FILE, help="Bộ quy tắc riêng của cơ quan (TOML). / The agency's own rule pack.")
@click.option("--context", "context_file", type=FILE, help="Bối cảnh gửi, nhận (JSON). / Context of the exchange.")
@click.option(
    "--via",
    type=click.Choice(["axis", "lgsp", "document_system", "email", "messenger", "portable", "other"]),
    help="Kênh gửi, nhận. / Channel.",
)
@click.option("--sent", callback=_moment, help="Thời điểm gửi, ISO 8601. / Sent at.")
@click.option("--received", callback=_moment, help="Thời điểm nhận, ISO 8601. / Received at.")
@click.option("--own-code", help="Mã định danh của bên nhận. / The receiver's own code.")
@click.option("--at", callback=_moment, help="Thời điểm đánh giá (mặc định: bây giờ). / Moment of judging.")
@click.option(
    "--require", type=click.Choice(["replaces_paper"]), help="Mã thoát theo giá trị gửi, nhận. / Exit by the exchange."
)
@click.option(
    "--save-evidence", type=FILE, help="Lưu gói chứng cứ (thư mục: mỗi tệp một gói). / Keep the evidence bundle."
)
@click.option(
    "--html", "html_file", type=FILE, help="Ghi báo cáo HTML (thư mục: mỗi tệp một). / Write the HTML report."
)
@click.option("--pdf", "pdf_file", type=FILE, help="Ghi báo cáo PDF. / Write the PDF report.")
@click.option("--sarif", "sarif_file", type=FILE, help="Ghi SARIF 2.1.0. / Write SARIF.")
@click.option("--junit", "junit_file", type=FILE, help="Ghi JUnit XML. / Write JUnit XML.")
@click.option("--etsi", "etsi_file", type=FILE, help="Ghi báo cáo chữ ký ETSI TS 119 102-2. / Write the ETSI report.")
@click.option("--workers", type=click.IntRange(1), help="Số tiến trình cho thư mục. / Processes for a folder.")
@lang_option
@json_option
def command(
    source: Path,
    content: Path | None,
    trust: tuple[Path, ...],
    evidence: tuple[Path, ...],
    bindings: Path | None,
    pack: Path | None,
    context_file: Path | None,
    via: str | None,
    sent: datetime | None,
    received: datetime | None,
    own_code: str | None,
    at: datetime | None,
    require: str | None,
    save_evidence: Path | None,
    html_file: Path | None,
    pdf_file: Path | None,
    sarif_file: Path | None,
    junit_file: Path | None,
    etsi_file: Path | None,
    workers: int | None,
    lang: str,
    as_json: bool,
) -> int:
    given = {"transport": via, "sent_at": sent, "received_at": received, "receiver_code": own_code}
    context = _context(context_file, {k: v for k, v in given.items() if v is not None})
    make = partial(_verifier, trust, evidence, bindings, pack)
    if source.is_dir():
        from vn_edoc.cli import verify_folder

        if pdf_file is not None or etsi_file is not None:
            raise UsageError("--pdf and --etsi are for one file", "--pdf và --etsi chỉ dùng cho một tệp", field="pdf")
        exit_of = partial(exit_of_values, require=require)
        folder = verify_folder.Folder(
            source,
            make,
            at,
            context,
            html_file,
            save_evidence,
            sarif_file,
            junit_file,
            workers,
            lang,
            as_json,
        )
        return verify_folder.run(folder, exit_of)
    source, content = _paired(source, content)
    verifier = make()
    report = verifier.verify(source, at=at, context=context, content=content)
    if verifier.evidence is not None and verifier.evidence.result_json is not None:
        _compare(verifier.evidence.result_json, report)
    if html_file is not None:
        write_text(html_file, report.to_html(lang))
    if pdf_file is not None:
        write_bytes(pdf_file, report.to_pdf(lang))
    for file, form in ((sarif_file, report.to_sarif), (junit_file, report.to_junit)):
        if file is not None:
            write_text(file, form(lang))
    if etsi_file is not None:
        write_text(etsi_file, report.to_etsi())
    if save_evidence is not None:
        report.save_evidence(save_evidence)
    click.echo(report.to_json() if as_json else report.to_text(lang), nl=as_json)
    return exit_code(report, require)


def _compare(kept: str, report: Report) -> None:
    """Tell on the error stream how a result that the bundle keeps stands to this one."""
    import json

    text = report.to_json()
    now = json.loads(text)
    try:
        then = json.loads(kept)
        sha256, moment, version = then["input"]["sha256"], then["checked_at"], then["library_version"]
        before = _values(then)
        differing = [key for key in now if then.get(key) != now[key]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        say("Kết quả lưu trong gói chứng cứ bị hỏng. / The result kept in the bundle is damaged.", err=True)
        return
    after = _values(now)
    if sha256 != report.input.sha256:
        said = "Gói chứng cứ lưu kết quả của tệp khác. / The bundle keeps the result of another file."
    elif kept == text:
        said = "Trùng từng byte với kết quả đã lưu. / The same as the kept result, byte for byte."
    elif moment != now["checked_at"]:
        said = f"Kết quả đã lưu / kept result: {before}; lần này / now: {after}."
    elif version != now["library_version"]:
        same_vi, same_en = ("trùng", "the same") if before == after else ("KHÁC", "NOT the same")
        said = (
            f"Kết quả đã lưu do phiên bản {version} của thư viện lập; kết luận {same_vi} ({before}; lần này {after}). "
            f"/ The kept result was made by version {version}; the conclusions are {same_en}."
        )
    else:
        said = (
            f"KHÁC với kết quả đã lưu cho cùng thời điểm ({before}; lần này {after}). "
            f"/ NOT the result that was kept for the same moment. {', '.join(differing)}"
        )
    say(said, err=True)


def _values(report: dict[str, Any]) -> str:
    """The two conclusions of a report in its JSON form."""
    found = [report[key]["value"] for key in ("document", "exchange") if report[key] is not None]
    return ", ".join(found) or "-"


def _paired(source: Path, content: Path | None) -> tuple[Path, Path | None]:
    """A detached signature and its file, told as either of them: ``A.p7s`` lies beside ``A``, or beside the one other
    file of that stem. What was found is said on the error stream."""
    if content is not None or not source.is_file():
        return source, content
    beside = source.with_name(source.name + ".p7s")
    if source.suffix.lower() != ".p7s":
        if beside.is_file() and not _carries_signatures(source):
            click.echo(f"Chữ ký rời / Detached signature: {beside.name}", err=True)
            return beside, source
        if beside.is_file():
            vi, en = "Bên cạnh có chữ ký rời, kiểm tra riêng bằng", "A detached signature lies beside; judge it by"
            click.echo(f"{vi} / {en}: vn-edoc verify {beside.name}", err=True)
        return source, None
    if not _detached(source):
        return source, None
    named = source.with_suffix("")
    found = [named] if named.is_file() else [f for f in _same_stem(source) if f.is_file()]
    if len(found) == 1:
        click.echo(f"Tệp được ký / Signed file: {found[0].name}", err=True)
        return source, found[0]
    vi, en = "Chữ ký rời: chỉ ra tệp được ký bằng", "A detached signature: name the signed file by"
    click.echo(f"{vi} / {en} --content", err=True)
    return source, None


def _same_stem(source: Path) -> list[Path]:
    return [f for f in sorted(source.parent.iterdir()) if f.stem == source.stem and f.suffix.lower() != ".p7s"]


def _detached(source: Path) -> bool:
    """Whether a CMS file holds no content, as far as its first part tells; ``True`` where it cannot be told."""
    from vn_edoc.signature.cms import is_detached

    return is_detached(source)


def _carries_signatures(source: Path) -> bool:
    """Whether a file is of a kind that can hold signatures itself: PDF, XML, CMS."""
    with open_file(source) as stream:
        head = stream.read(1024)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return b"%PDF-" in head or head[:1] == b"\x30" or text.startswith((b"<", b"-----BEGIN"))


def exit_code(report: Report, require: str | None = None) -> int:
    """The exit code of a report, as the command documents it."""
    document = None if report.document is None else report.document.value.value
    exchange = None if report.exchange is None else report.exchange.value.value
    errors = len(report.at_least(Severity.ERROR))
    return exit_of_values(report.readable, document, exchange, errors, report.enclosed, require=require)


def exit_of_values(
    readable: bool,
    document: str | None,
    exchange: str | None,
    errors: int,
    enclosed: bool = False,
    *,
    require: str | None = None,
) -> int:
    """The exit code for the values of a report."""
    if not readable:
        return _UNREADABLE
    if document is None:
        return 1 if errors else 2 if enclosed else 0
    if require == "replaces_paper":
        return _UNREADABLE if exchange is None else _EXIT_EXCHANGE[exchange]
    return _EXIT[document]


def _context(file: Path | None, given: dict[str, Any]) -> Context:
    import json

    from pydantic import ValidationError

    from vn_edoc.validity import Context

    base: dict[str, Any] = {}
    if file is not None:
        try:
            base = json.loads(read_file(file, _CONTEXT_BYTES), object_pairs_hook=without_doubles)
        except OSError as error:
            en, vi = os_reason(error)
            raise SourceError(f"cannot read {file}: {en}", f"không đọc được {file}: {vi}", field="context") from error
        except StandsTwice as error:
            raise UsageError(f"{file}: {error.en}", f"{file}: {error.vi}", field="context") from None
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{file} is no JSON: {error}", f"{file} không phải JSON", field="context") from error
        if not isinstance(base, dict):
            raise UsageError(f"{file} holds no JSON object", f"{file} không chứa đối tượng JSON", field="context")
    try:
        return Context.model_validate({**base, **given})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        vi = _FAULTS.get(first["type"], first["msg"])
        raise UsageError(
            f"context field {where}: {first['msg']}", f"bối cảnh, trường {where}: {vi}", field=where
        ) from None


_FAULTS = {
    "bool_type": "phải là true hoặc false",
    "enum": "không phải giá trị cho phép: axis, lgsp, document_system, email, messenger, portable, other",
    "extra_forbidden": "không có trường này",
    "missing": "còn thiếu",
    "model_type": "phải là đối tượng JSON",
    "string_pattern_mismatch": "không đúng dạng",
    "string_type": "phải là chuỗi",
    "tuple_type": "phải là danh sách",
    "value_error": "thời điểm phải theo ISO 8601 kèm múi giờ, ví dụ 2026-10-15T10:45:00+07:00",
}
"""Vietnamese for the faults that pydantic finds in a context, by its names of them."""


def _verifier(
    trust: tuple[Path, ...], evidence: tuple[Path, ...], bindings: Path | None, pack: Path | None
) -> Verifier:
    from vn_edoc.signature import TrustStore
    from vn_edoc.validity import RulePack, Verifier

    found = known = None
    if evidence:
        from vn_edoc.signature import Evidence

        found = Evidence.load(*evidence)
    if bindings is not None:
        from vn_edoc.identifiers import Bindings

        known = Bindings.load(bindings)
    return Verifier(
        trust=TrustStore.load(*trust) if trust else TrustStore.user(),
        evidence=found,
        bindings=known,
        pack=RulePack.load(pack) if pack is not None else None,
    )
