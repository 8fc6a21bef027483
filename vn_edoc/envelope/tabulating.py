"""The table of all elements, made from the models:
``python -m vn_edoc.envelope.tabulating > vn_edoc/envelope/data/elements.tsv``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from vn_edoc.envelope.elements import elements_of
from vn_edoc.envelope.fields import Part
from vn_edoc.envelope.model import DocumentMessage, ErrorReport, StatusMessage

__all__ = ["table"]

_COLUMNS = ("group", "field", "element", "item", "kind", "of", "marks", "limit", "term")


def table() -> str:
    """The table as text: one row a field, groups in the order in which the messages come to them."""
    groups: dict[type[Part], None] = {}
    for message in (DocumentMessage, StatusMessage, ErrorReport):
        groups.update(dict.fromkeys(_groups(message)))
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for group in groups:
        for spec in elements_of(group).values():
            of = spec.part or spec.enum
            marks = [mark for mark in ("many", "attribute", "line") if getattr(spec, mark)]
            rows.append(
                (
                    group.__name__,
                    spec.field,
                    spec.name,
                    spec.item or "",
                    spec.kind,
                    "" if of is None else of.__name__,
                    " ".join(marks),
                    "" if spec.limit is None else str(spec.limit),
                    spec.term,
                )
            )
    return "".join("\t".join(row) + "\n" for row in rows)


def _groups(model: type[Part]) -> Iterator[type[Part]]:
    yield model
    for spec in elements_of(model).values():
        if spec.part is not None:
            yield from _groups(spec.part)


if __name__ == "__main__":
    sys.stdout.buffer.write(table().encode())
