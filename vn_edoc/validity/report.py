"""The report: two conclusions, every signature, every finding with its article, and what it takes to repeat it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM, Check, Finding, Severity, jsonable
from vn_edoc.signature.result import SignatureResult
from vn_edoc.validity.conclusions import DocumentConclusion, DocumentValue, ExchangeConclusion
from vn_edoc.validity.facts import FileFacts, Input, PacketFacts

if TYPE_CHECKING:
    from vn_edoc.envelope import DocumentMessage, ErrorReport, Organization, StatusMessage
    from vn_edoc.signature import Evidence

__all__ = ["SCHEMA", "Report"]

SCHEMA = "vn-edoc/report/1"
"""Name and version of the JSON form."""

_PRIVATE = frozenset({"private", "content"})


@dataclass(frozen=True, slots=True)
class Report:
    """What was found about one source. Judging never raises: also bytes that nobody can read end in a report."""

    kind: str
    """``packet``, ``pdf``, ``cms``, ``xml`` or ``unreadable``."""
    input: Input
    """What was judged."""
    checked_at: datetime
    """The moment of judging, +07:00."""
    document: DocumentConclusion | None
    """Value of the document itself; ``None`` for a status packet."""
    exchange: ExchangeConclusion | None
    """Value of sending it; ``None`` for a status packet and for a file without a packet."""
    findings: tuple[Finding, ...]
    """What deviates or is worth knowing, the gravest first."""
    checks: tuple[Check, ...]
    """Every rule of the pack and its outcome."""
    signatures: tuple[SignatureResult, ...]
    """Every signature: the document's first, then those of other files, then the packet's."""
    packet: PacketFacts | None = None
    """What the packet says of itself."""
    files: tuple[FileFacts, ...] = ()
    """The attached files."""
    main: str | None = None
    """Name of the file that was judged as the document itself."""
    signed_at: datetime | None = None
    """When the last required signature was made: proven, else claimed."""
    pack_version: str = ""
    """Version of the rule pack."""
    law_date: str = ""
    """The day whose law judged the document, ISO 8601."""
    trust: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Trust anchors used: their number and hashes."""
    notices: tuple[tuple[str, str], ...] = ()
    """Notices to every reader, Vietnamese and English."""
    message: DocumentMessage | StatusMessage | ErrorReport | None = field(default=None, repr=False)
    """The packet's message, for the answer to it; not part of the JSON form."""
    evidence: Evidence | None = field(default=None, repr=False)
    """What the verification rests on, to keep with the document and to verify again from (TT 15/2025/TT-BKHCN Điều
    6.2); not part of the JSON form."""
    receiver: str | None = field(default=None, repr=False)
    """The checking agency's own code, as the context gave it."""

    @property
    def readable(self) -> bool:
        """Whether the source could be read at all."""
        return self.kind != "unreadable"

    @property
    def accepted(self) -> bool:
        """Whether the document has the value of an original or a true copy."""
        return self.document is not None and self.document.value in {DocumentValue.ORIGINAL, DocumentValue.COPY}

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Findings of that severity or graver."""
        return tuple(f for f in self.findings if f.severity.rank >= severity.rank)

    @property
    def grounds(self) -> tuple[Finding, ...]:
        """Findings on which the receiver may refuse the document, each with its article."""
        from vn_edoc.validity.replies import grounds

        return grounds(self)

    def refusal(self, sender: Organization | str | None = None, at: datetime | None = None) -> StatusMessage | None:
        """The status 02 that refuses the document; ``None`` where there is no ground. ``sender`` defaults to the
        checking agency of the context, ``at`` to now."""
        from vn_edoc.validity.replies import refusal

        return refusal(self, sender, at)

    def acknowledgement(self, sender: Organization | str | None = None, at: datetime | None = None) -> StatusMessage:
        """The status 01 that tells the sender that the document has come."""
        from vn_edoc.validity.replies import acknowledgement

        return acknowledgement(self, sender, at)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """The JSON Schema (2020-12) of the JSON form."""
        text = (files("vn_edoc.validity") / "data" / "report.schema.json").read_text(encoding="utf-8")
        schema: dict[str, Any] = json.loads(text)
        return schema

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form. Enums are their values, times ISO 8601 with +07:00, personal numbers masked."""
        return {
            "schema": SCHEMA,
            "kind": self.kind,
            "input": jsonable(self.input),
            "checked_at": jsonable(self.checked_at.astimezone(VIETNAM)),
            "document": _conclusion(self.document),
            "exchange": _conclusion(self.exchange),
            "main": self.main,
            "signed_at": jsonable(self.signed_at),
            "law_date": self.law_date,
            "pack_version": self.pack_version,
            "trust": jsonable(self.trust),
            "notices": [{"message_vi": vi, "message_en": en} for vi, en in self.notices],
            "packet": jsonable(self.packet),
            "files": [_file(f) for f in self.files],
            "signatures": [_public(s) for s in self.signatures],
            "findings": [f.to_dict() for f in self.findings],
            "checks": [c.to_dict() for c in self.checks],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_text(self, lang: str = "vi") -> str:
        """The report as plain text in ``"vi"`` or ``"en"``, escaped against hostile content."""
        from vn_edoc.validity.render.text import render

        return render(self, _language(lang))

    def to_html(self, lang: str = "vi") -> str:
        """The report as one self-contained HTML page in ``"vi"`` or ``"en"``. Needs the extra ``report``."""
        from vn_edoc.validity.render.html import render

        return render(self, _language(lang))


def _language(lang: str) -> str:
    if lang not in {"vi", "en"}:
        raise UsageError(
            f"lang must be 'vi' or 'en', not {lang!r}",
            f"lang phải là 'vi' hoặc 'en', không phải {lang!r}",
            field="lang",
        )
    return lang


def _conclusion(conclusion: DocumentConclusion | ExchangeConclusion | None) -> dict[str, Any] | None:
    if conclusion is None:
        return None
    about: dict[str, Any] = {
        "value": conclusion.value.value,
        "label_vi": conclusion.value.label("vi"),
        "label_en": conclusion.value.label("en"),
        "reasons": [f.to_dict() for f in conclusion.reasons],
    }
    if isinstance(conclusion, ExchangeConclusion):
        about["paper_also"] = conclusion.paper_also
    return about


def _file(file: FileFacts) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "damaged": file.damaged,
        "signatures": len(file.signatures),
    }


def _public(value: Any) -> Any:
    """A signature's facts without what must never be printed: unmasked numbers and content."""
    if isinstance(value, Finding):
        return value.to_dict()
    fields = getattr(type(value), "__dataclass_fields__", None)
    if fields is None:
        return [_public(v) for v in value] if isinstance(value, tuple) else jsonable(value)
    about: dict[str, Any] = {}
    for name in fields:
        if name in _PRIVATE:
            continue
        about[name] = _public(getattr(value, name))
    return about
