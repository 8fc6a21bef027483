"""Descriptions of messages to fill in, every field explained, and what of them was left unfilled.

They are made from the models and kept as data, so that handing one out needs none. After a change of a field make them
anew: ``python -m vn_edoc.envelope.template document > vn_edoc/envelope/data/document.template.yaml``, and the same for
``status`` (a test compares them).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from vn_edoc.envelope.elements import Element, elements_of
from vn_edoc.envelope.fields import Part
from vn_edoc.envelope.model import DocumentMessage, StatusMessage

__all__ = ["template", "unfilled"]

_EXAMPLES: dict[str, str] = {
    "From/OrganId": "H29.12",
    "From/OrganName": "Sở Nội vụ",
    "To/OrganId": "H29.20",
    "To/OrganName": "Ủy ban nhân dân phường Mẫu",
    "DocumentId": "H29.12,2026/03/05,125/SNV-VP",
    "Code/CodeNumber": "125",
    "Code/CodeNotation": "SNV-VP",
    "PromulgationInfo/Place": "Thành phố Hồ Chí Minh",
    "PromulgationInfo/PromulgationDate": "2026-03-05",
    "DocumentType/Type": "2",
    "DocumentType/TypeDetail": "0",
    "DocumentType/TypeName": "Công văn",
    "Subject": "V/v …",
    "SignerInfo/Position": "Giám đốc",
    "SignerInfo/FullName": "Nguyễn Văn A",
    "OtherInfo/Priority": "0",
    "TraceHeaderList/TraceHeader/OrganId": "H29.12",
    "TraceHeaderList/TraceHeader/Timestamp": "2026-03-05T09:00:00+07:00",
    "TraceHeaderList/Bussiness/BussinessDocType": "0",
    "TraceHeaderList/Bussiness/BussinessDocReason": "Văn bản điện tử mới",
    "ResponseFor/OrganId": "H29.12",
    "ResponseFor/Code": "125/SNV-VP",
    "ResponseFor/DocumentId": "H29.12,2026/03/05,125/SNV-VP",
    "StatusCode": '"03"',
    "Timestamp": "2026-03-05T10:30:00+07:00",
}
"""Fields that are filled in; all others are there as comments."""

_PLACEHOLDERS = (
    ("To/OrganName",),
    ("DocumentId",),
    ("Subject",),
    ("SignerInfo/Position", "SignerInfo/FullName"),
    ("ResponseFor/DocumentId",),
)
"""Examples that no message of anybody's own holds together, except once in a lifetime the document of that id."""


def unfilled(message: DocumentMessage | StatusMessage) -> list[str]:
    """Paths of the fields that still hold the template's example, such as ``To[1]/OrganName``."""
    data = message.to_dict()
    left: list[str] = []
    for together in _PLACEHOLDERS:
        found = [list(_holding(data, known.split("/"), _EXAMPLES[known])) for known in together]
        if all(found):
            left += [path for paths in found for path in paths]
    return left


def _holding(group: Any, steps: list[str], example: str) -> Iterator[str]:
    value = group.get(steps[0])
    if len(steps) == 1:
        if value == example:
            yield steps[0]
        return
    many = isinstance(value, list)
    for number, inner in enumerate(value if many else [value], 1):
        if isinstance(inner, dict):
            where = f"{steps[0]}[{number}]" if many else steps[0]
            yield from (f"{where}/{rest}" for rest in _holding(inner, steps[1:], example))


def template(model: type[DocumentMessage] | type[StatusMessage]) -> str:
    """YAML that :func:`vn_edoc.cli.pack.command` takes: required fields with examples, optional ones as comments."""
    title = "Gói tin văn bản / document packet" if model is DocumentMessage else "Gói tin trạng thái / status packet"
    lines = [f"# {title}. Bỏ dấu # ở trường cần dùng. / Uncomment what you need."]
    lines += _group(model, "", "", model is StatusMessage)
    if model is DocumentMessage:
        lines += [
            "",
            "# Tệp đính kèm: đường dẫn so với tệp này. / Files, relative to this one.",
            "attachments: []",
            "#  - 125-SNV-VP.signed.pdf",
            '#  - {path: phu_luc.xlsx, name: "Phụ lục.xlsx", description: "Phụ lục I"}',
        ]
    return "\n".join(lines) + "\n"


def _group(model: type[Part], path: str, indent: str, status: bool) -> Iterator[str]:
    for spec in elements_of(model).values():
        here = f"{path}/{spec.name}" if path else spec.name
        active = any(known == here or known.startswith(f"{here}/") for known in _EXAMPLES)
        if status and here == "ResponseFor":
            active = True
        elif not status and here.startswith("ResponseFor"):
            active = False
        mark = "" if active else "# "
        note = f"  # {_note(model, spec)}"
        if spec.part is None:
            value = _EXAMPLES.get(here, "") if active else ""
            value = f"[{value}]" if spec.item is not None else value
            yield f"{indent}{mark}{spec.name}: {value}".rstrip() + note
        elif active:
            many = spec.many or spec.item is not None
            yield f"{indent}{spec.name}:{note}"
            inner = list(_group(spec.part, here, indent + "  ", status))
            if many:
                first = next(n for n, line in enumerate(inner) if not line.lstrip().startswith("#"))
                rest = [f"  {line}" for n, line in enumerate(inner) if n != first]
                inner = [f"{indent}  - {inner[first].lstrip()}", *rest]
            yield from inner
        else:
            yield f"{indent}# {spec.name}:{note}"


def _note(model: type[Part], spec: Element) -> str:
    described: Any = model.model_fields[spec.field].description
    return str(described).replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.buffer.write(template(StatusMessage if sys.argv[1:] == ["status"] else DocumentMessage).encode())
