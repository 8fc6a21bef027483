"""The work of ``vn-edoc pack``: from a description and files to a packet."""

from __future__ import annotations

from pathlib import Path

from vn_edoc.cli.descriptions import Description, load
from vn_edoc.cli.output import print_json
from vn_edoc.cli.packets import keep_apart, result_object, say_findings, say_written, target_of
from vn_edoc.envelope import AttachmentSource, DocumentMessage, StatusMessage, write
from vn_edoc.envelope.template import unfilled
from vn_edoc.errors import UsageError

__all__ = ["pack"]


def pack(
    path: Path,
    output: Path,
    attach: tuple[Path, ...],
    dialect: str,
    style: str,
    *,
    draft: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Write the packet that the description in ``path`` tells of, and say what was written."""
    described = load(path)
    try:
        message, files = _described(described)
        if not draft:
            _refuse_placeholders(message)
        keep_apart(output, path, *attach, *(f.content for f in files))
        target = target_of(output, as_json=as_json)
        chosen = style if dialect == "vxp" else "java"
        result = write(message, target, [*files, *attach], dialect, chosen, strict=not draft)
    except UsageError as error:
        raise described.located(error) from None
    if as_json:
        print_json({"path": output, "result": result_object(result)}, "vn-edoc/pack/1")
    else:
        say_written(output, result)
        say_findings(result.findings, lang, err=str(output) == "-")


def _refuse_placeholders(message: DocumentMessage | StatusMessage) -> None:
    left = unfilled(message)
    if left:
        fields = ", ".join(left)
        raise UsageError(
            f"{fields}: still the template's example; fill it in (--draft writes it all the same)",
            f"{fields}: còn nguyên giá trị ví dụ của mẫu; hãy điền (--draft vẫn ghi)",
            field=left[0],
            rule="pack.placeholder",
        )


def _described(description: Description) -> tuple[DocumentMessage | StatusMessage, list[AttachmentSource]]:
    data = dict(description.data)
    given = data.pop("attachments", None) or []
    if not isinstance(given, list):
        raise UsageError("attachments is a list", "attachments phải là danh sách", field="attachments")
    files = [_file(one, description.path.parent) for one in given]
    model = StatusMessage if "StatusCode" in data or "status_code" in data else DocumentMessage
    return model.from_dict(data), files


def _file(given: object, folder: Path) -> AttachmentSource:
    if isinstance(given, str):
        return AttachmentSource(folder / given)
    if isinstance(given, dict) and isinstance(given.get("path"), str):
        rest = {k: v for k, v in given.items() if k != "path"}
        if set(rest) <= {"name", "description", "content_id"}:
            return AttachmentSource(folder / given["path"], **rest)
    raise UsageError(
        "an attachment is a path, or a mapping with path, name, description",
        "tệp đính kèm là đường dẫn, hoặc ánh xạ gồm path, name, description",
        field="attachments",
        value=given,
    )
