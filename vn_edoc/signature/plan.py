"""The order of signing in an office: leader, then number and date, then seal, without breaking an earlier signature.

Stamping a number on a signed file breaks the leader's signature. So all fields are made *before* the first signature:
one for the leader, one in which the clerk's signature shows number and date, one for the seal. Signing a prepared field
is a permitted change; anything else is refused here and found out by :func:`~vn_edoc.signature.pdf.verify_pdf`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from vn_edoc.errors import SigningError, UsageError
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.signature.appearance import MM, Appearance, Box, moved
from vn_edoc.signature.keys import Signer
from vn_edoc.signature.output import Output
from vn_edoc.signature.page_text import find_text
from vn_edoc.signature.pdf_sign import PdfSigning, sign_pdf
from vn_edoc.signature.sources import Source, open_source

__all__ = ["PlannedField", "SigningPlan"]

_RULE = "NĐ 30/2020/NĐ-CP, Điều 32"


@dataclass(frozen=True, slots=True)
class PlannedField:
    """One signature to come."""

    role: str
    """``leader``, ``number_date``, ``seal`` or another name; unique in the plan."""
    page: int
    """Page from 1."""
    box: Box
    """Rectangle in points."""

    @property
    def field(self) -> str:
        """Name of the signature field in the file."""
        return f"vnedoc-{self.role}"


class SigningPlan:
    """Fields in the order in which they are to be signed. Immutable."""

    def __init__(self, fields: Iterable[PlannedField]) -> None:
        """``UsageError`` for an empty plan, a role that occurs twice or an odd name."""
        self.fields = tuple(fields)
        roles = [f.role for f in self.fields]
        if not roles or len(set(roles)) != len(roles) or any(not r.replace("_", "").isalnum() for r in roles):
            raise UsageError(
                "a plan needs roles that are different words", "kế hoạch ký cần các vai trò khác nhau", field="fields"
            )

    @classmethod
    def standard(
        cls,
        source: Source,
        *,
        leader: str,
        number_after: str = "Số:",
        seal_mm: float = 36.0,
        limits: Limits = DEFAULT_LIMITS,
    ) -> SigningPlan:
        """Fields of a document laid out as NĐ 30/2020/NĐ-CP Phụ lục I: the leader above the printed name ``leader``,
        number and date on the line that begins with ``number_after`` on page 1, the seal over a third of the leader's
        image. ``SigningError`` where the name or the line is not found."""
        with open_source(source, limits.pdf_bytes) as opened:
            stream = opened.stream
            page, box = Appearance(page=-1, anchor=leader).locate(stream, limits)
            _, _, bottom, right, top = find_text(stream, number_after, 1)
        assert box is not None
        side = seal_mm * MM
        edge = box[0] + (box[2] - box[0]) / 3
        middle = (box[1] + box[3]) / 2
        line = (right + 2, bottom - 3, 210 * MM - 15 * MM, top + 3)
        return cls(
            (
                PlannedField("leader", page, box),
                PlannedField("number_date", 1, line),
                PlannedField("seal", page, (edge - side, middle - side / 2, edge, middle + side / 2)),
            )
        )

    def prepare(self, source: Source, target: str | Path | BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> None:
        """Write the document with all fields, empty. ``SigningError`` if it has been signed already."""
        from vn_edoc.signature.pyhanko_adapter.writer import field_names, prepare_fields

        with open_source(source, limits.pdf_bytes) as opened, Output(opened, source, target) as output:
            signed, empty = field_names(opened.stream, limits)
            if signed or empty & {f.field for f in self.fields}:
                raise SigningError(
                    "fields have to be prepared before the first signature",
                    "phải chuẩn bị các trường chữ ký trước chữ ký đầu tiên",
                    field="source",
                )
            prepare_fields(opened.stream, output.stream, [(f.field, f.page, f.box) for f in self.fields], limits)
            output.commit()

    def next(self, source: Source, *, limits: Limits = DEFAULT_LIMITS) -> PlannedField | None:
        """The field to be signed next, ``None`` when all are. ``SigningError`` if the file was not prepared for this
        plan, or an earlier signature does not hold any more."""
        from vn_edoc.signature.pdf import verify_pdf

        with open_source(source, limits.pdf_bytes) as opened:
            data = opened.stream.read()
        found = verify_pdf(data, limits=limits)
        signed = {s.name for s in found.signatures}
        missing = [f.role for f in self.fields if f.field not in signed | set(found.empty_fields)]
        if missing:
            raise SigningError(
                f"the document was not prepared for this plan: {', '.join(missing)}",
                f"tài liệu chưa được chuẩn bị theo kế hoạch này: {', '.join(missing)}",
                field="source",
            )
        for signature in found.signatures:
            if signature.intact is not True or signature.changes not in ("none", "allowed"):
                raise SigningError(
                    f"the earlier signature {signature.name!r} does not hold any more",
                    f"chữ ký trước «{signature.name}» không còn toàn vẹn",
                    field="source",
                    value=signature.name,
                )
        return next((f for f in self.fields if f.field not in signed), None)

    def sign(
        self,
        role: str,
        source: Source,
        target: str | Path | BinaryIO,
        signer: Signer,
        level: str = "B-B",
        *,
        appearance: Appearance | None = None,
        **options: Any,
    ) -> PdfSigning:
        """Sign the field of ``role``; it has to be the next one (the agency signs only what the leader has signed).

        ``appearance`` is put into the field's own place. ``options`` are those of
        :func:`~vn_edoc.signature.pdf_sign.sign_pdf`.
        """
        due = self.next(source)
        if due is None or due.role != role:
            raise SigningError(
                f"next to sign is {due.role if due else 'nobody'}, not {role}",
                f"bước ký tiếp theo là «{due.role if due else 'không còn'}», không phải «{role}»",
                field="role",
                value=role,
                rule=_RULE,
            )
        shown = moved(appearance, due.box, due.page) if appearance is not None else None
        return sign_pdf(source, target, signer, level, field=due.field, appearance=shown, **options)

    def number_and_date(self, number: str, place_and_date: str) -> Appearance:
        """What the ``number_date`` field shows: the number after "Số:", the place and date on the right."""
        due = next((f for f in self.fields if f.role == "number_date"), None)
        if due is None:
            raise UsageError("the plan has no number_date", "kế hoạch không có number_date", field="role")
        width = due.box[2] - due.box[0]
        return Appearance(box=due.box, page=due.page, pieces=((0.0, 4.0, number), (width * 0.42, 4.0, place_and_date)),
                          font_size=13.0)  # fmt: skip
