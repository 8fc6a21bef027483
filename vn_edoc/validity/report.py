"""The report: two conclusions, every signature, every finding with its article, and what it takes to repeat it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vn_edoc import __version__
from vn_edoc._data import data_text
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM, Check, Finding, Outcome, Severity, jsonable
from vn_edoc.limits import DEFAULT_LIMITS, Limits
from vn_edoc.validity.conclusions import DocumentConclusion, DocumentValue, ExchangeConclusion
from vn_edoc.validity.context import Context
from vn_edoc.validity.facts import FileFacts, Input, PacketFacts
from vn_edoc.validity.revocation import RevocationSource
from vn_edoc.validity.timeline import Event
from vn_edoc.validity.todo import Action, grouped

if TYPE_CHECKING:
    import os

    from vn_edoc.envelope import DocumentMessage, ErrorReport, Organization, StatusMessage
    from vn_edoc.signature import Evidence
    from vn_edoc.signature.result import SignatureResult
    from vn_edoc.validity.pack import Override, RulePack

__all__ = ["SCHEMA", "PackUsed", "Report", "printable"]

SCHEMA = "vn-edoc/report/1"
"""Name and version of the JSON form."""

_PRIVATE = frozenset({"private", "content"})


@dataclass(frozen=True, slots=True)
class PackUsed:
    """The rule pack that judged, and all that an agency has changed in it."""

    version: str
    """Version of the bundled pack."""
    name: str = ""
    """Name of the agency's pack; empty for the bundled one."""
    source: str = ""
    """The act that set it."""
    sha256: str = ""
    """SHA-256 of the agency's file."""
    overrides: tuple[Override, ...] = ()
    """What it does otherwise."""

    @classmethod
    def of(cls, pack: RulePack) -> PackUsed:
        """What a report says of ``pack``."""
        return cls(pack.version, pack.name, pack.source, pack.sha256, pack.overrides)


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
    signature_files: tuple[str | None, ...] = ()
    """Name of the file that each signature stands in, in the order of :attr:`signatures`; ``None`` for the packet's."""
    packet: PacketFacts | None = None
    """What the packet says of itself."""
    files: tuple[FileFacts, ...] = ()
    """The attached files."""
    main: str | None = None
    """Name of the file that was judged as the document itself."""
    signed_at: datetime | None = None
    """When the last required signature was made: proven, else claimed."""
    timeline: tuple[Event, ...] = ()
    """What happened to the document, the earliest first."""
    revocation: tuple[RevocationSource, ...] = ()
    """CRLs and OCSP responses that the statuses rest on."""
    pack_version: str = ""
    """Version of the rule pack."""
    pack: PackUsed = field(default_factory=lambda: PackUsed(""))
    """The rule pack and its overrides."""
    known_at: str | None = None
    """What was officially known of working days then, ISO 8601; ``None``: at the moment of judging."""
    context: Context = field(default_factory=Context)
    """What the host system knew."""
    law_date: str = ""
    """The day whose law judged the document, ISO 8601."""
    trust: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """``anchors``: SHA-256 of the trust anchors; ``bindings``: SHA-256 of the rows, where a register was given."""
    notices: tuple[tuple[str, str], ...] = ()
    """Notices to every reader, Vietnamese and English."""
    message: DocumentMessage | StatusMessage | ErrorReport | None = field(default=None, repr=False)
    """The packet's message, for the answer to it; not part of the JSON form."""
    evidence: Evidence | None = field(default=None, repr=False)
    """What the verification rests on, to keep with the document and to verify again from (TT 15/2025/TT-BKHCN Điều
    6.2); not part of the JSON form."""
    receiver: str | None = field(default=None, repr=False)
    """The checking agency's own code, as the context gave it."""
    enclosed: bool = field(default=False, repr=False)
    """The packet stood in a container (MIME multipart, ZIP): it is shown, and nothing is concluded from it. In the JSON
    form its finding and its notice tell."""
    limits: Limits = field(default=DEFAULT_LIMITS, repr=False)
    """Bounds that also hold for rendering."""

    @property
    def readable(self) -> bool:
        """Whether the source could be read at all."""
        return self.kind != "unreadable"

    @property
    def packet_kind(self) -> str | None:
        """Kind of the packet; ``None`` where the source is none."""
        return self.packet.kind if self.packet is not None else None

    @property
    def stopped(self) -> bool:
        """Whether a state secret ended the check (R01) before any signature was looked at."""
        return any(c.rule == "R01" and c.outcome is Outcome.FAIL for c in self.checks)

    @property
    def accepted(self) -> bool:
        """Whether the document has the value of an original or a true copy."""
        return self.document is not None and self.document.value in {DocumentValue.ORIGINAL, DocumentValue.COPY}

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Findings of that severity or graver."""
        return tuple(f for f in self.findings if f.severity.rank >= severity.rank)

    @property
    def actions(self) -> list[tuple[Action, list[Finding]]]:
        """The findings by what to do about them, the most pressing first."""
        return grouped(self.findings, self.checks)

    @property
    def signed(self) -> tuple[tuple[str | None, SignatureResult], ...]:
        """Every signature with the name of its file, ``None`` for the packet's."""
        return tuple(zip(self.signature_files, self.signatures, strict=True))

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
        text = data_text("vn_edoc.validity", "report.schema.json")
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
            "pack": jsonable(self.pack),
            "library_version": __version__,
            "known_at": self.known_at,
            "context": self.context.model_dump(mode="json", exclude_defaults=True),
            "trust": jsonable(self.trust),
            "notices": [{"message_vi": vi, "message_en": en} for vi, en in self.notices],
            "packet": jsonable(self.packet),
            "files": [_file(f) for f in self.files],
            "signatures": [{"file": name, **_public(s)} for name, s in self.signed],
            "timeline": [jsonable(e) for e in self.timeline],
            "revocation": [jsonable(s) for s in self.revocation],
            "actions": [
                {"action": action.value, "rules": list(dict.fromkeys(f.rule for f in found))}
                for action, found in self.actions
            ],
            "findings": [f.to_dict() for f in self.findings],
            "checks": [c.to_dict() for c in self.checks],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as JSON text; control, direction and half characters of hostile content are written as escapes."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return printable(text)

    def to_text(self, lang: str = "vi") -> str:
        """The report as plain text in ``"vi"`` or ``"en"``, escaped against hostile content."""
        from vn_edoc.validity.render.text import render

        return render(self, _language(lang))

    def to_html(self, lang: str = "vi") -> str:
        """The report as one self-contained HTML page in ``"vi"`` or ``"en"``. Needs the extra ``report``."""
        from vn_edoc.validity.render.html import render

        return render(self, _language(lang))

    def to_pdf(self, lang: str = "vi") -> bytes:
        """The report as PDF in ``"vi"`` or ``"en"``; sign it with :func:`vn_edoc.sign_pdf` where the file needs the
        checking agency's signature. Needs the extra ``report``."""
        from vn_edoc.validity.render.pdf import render

        return render(self, _language(lang))

    def save_evidence(self, path: str | os.PathLike[str]) -> bool:
        """Write the evidence bundle with this result in it (TT 15/2025/TT-BKHCN Điều 6.2: certificates, CRLs, result):
        ``Evidence.load`` takes it again. ``False`` where there is none to keep (a state secret, an unreadable source);
        ``SourceError`` if it cannot be written."""
        if self.evidence is None:
            return False
        replace(self.evidence, result_json=self.to_json()).save(Path(path))
        return True

    def to_sarif(self, lang: str = "en") -> str:
        """The findings as SARIF 2.1.0 for test pipelines."""
        from vn_edoc.validity.render.pipeline import sarif

        return sarif([(self.input.name, self.to_dict())], _language(lang))

    def to_junit(self, lang: str = "en") -> str:
        """The rules as JUnit XML for test pipelines: errors and fatal findings fail."""
        from vn_edoc.validity.render.pipeline import junit

        return junit([(self.input.name, self.to_dict())], _language(lang))

    def to_etsi(self) -> str:
        """The signature part as ETSI TS 119 102-2 validation report, XML."""
        from vn_edoc.validity.render.etsi import render

        return render(self)


_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What JSON allows as it is, and a terminal or editor obeys: C1 controls, directions, half characters."""


def printable(text: str) -> str:
    """JSON text in which what a terminal or editor obeys stands as escapes."""
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


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
