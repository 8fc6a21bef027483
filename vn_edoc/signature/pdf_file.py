"""What is told of a PDF as a whole: bounds, encryption, unsigned fields, active content, what recurs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vn_edoc.findings import Finding, Location, Severity
from vn_edoc.limits import Limits
from vn_edoc.signature.result import SignatureResult, SignerKind
from vn_edoc.signature.rules import finding

__all__ = ["about_file", "same_signer"]


def about_file(document: Any, entries: list[Any], empty: list[str], limits: Limits) -> list[Finding]:
    """What is to be told of the file itself; ``entries`` are its signatures, ``empty`` the names of unsigned fields."""
    from vn_edoc.signature.pyhanko_adapter.active import active_content

    found: list[Finding] = []
    say = found.append
    if len(entries) > limits.signatures:
        say(
            finding(
                "pdf.limit",
                f"Tệp có {len(entries)} chữ ký; chỉ kiểm tra {limits.signatures} chữ ký đầu.",
                f"The file has {len(entries)} signatures; only the first {limits.signatures} are verified.",
                signatures=len(entries),
            )
        )
    if document.encrypted:
        say(
            finding(
                "pdf.encrypted",
                "Tệp PDF được mã hóa.",
                "The PDF is encrypted.",
            )
        )
    if not document.form_is_tree:
        say(
            finding(
                "pdf.limit",
                "Các trường biểu mẫu (AcroForm) không tạo thành cây hoặc quá nhiều nên không duyệt.",
                "The form fields (AcroForm) are not a tree, or too many: they were not walked over.",
            )
        )
    for name in empty[:20]:
        say(
            finding(
                "R79",
                f"Trường chữ ký «{name}» chưa được ký.",
                f"The signature field “{name}” has not been signed.",
                where=Location(signature=name),
            )
        )
    active = active_content(document)
    if active:
        kinds = ", ".join(sorted(active))
        say(
            finding(
                "R80",
                f"Tệp PDF có nội dung động, ẩn hoặc tham chiếu ra ngoài: {kinds}.",
                f"The PDF has active, hidden or external content: {kinds}.",
                kinds=dict(active),
            )
        )
    counts = Counter(e.name for e in entries)
    for name in sorted(n for n, count in counts.items() if count > 1)[:20]:
        say(
            finding(
                "pdf.name_clash",
                f"Nhiều chữ ký dùng chung tên trường «{name}».",
                f"Several signatures share the field name “{name}”.",
                where=Location(signature=name),
            )
        )
    return found


def same_signer(results: list[SignatureResult]) -> list[Finding]:
    """R77: one certificate behind several signatures."""
    found: list[Finding] = []
    seen: dict[str, str] = {}
    for result in results:
        if result.signer is None:
            continue
        sha = result.signer.certificate_sha256
        if sha in seen:
            found.append(
                finding(
                    "R77",
                    f"Cùng một chứng thư số ký nhiều lần («{seen[sha]}» và «{result.name}»).",
                    f"The same certificate signed more than once (“{seen[sha]}” and “{result.name}”).",
                    # An office that numbers and seals in two steps signs twice by design.
                    severity=Severity.INFO if result.signer.kind is SignerKind.ORGANISATION else None,
                    where=Location(signature=result.name),
                    certificate=sha,
                )
            )
        seen.setdefault(sha, result.name)
    return found
