"""Facts that the rules judge, gathered once and never changed. No rule reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from vn_edoc._unicode import composed
from vn_edoc.findings import VIETNAM, Finding
from vn_edoc.validity.context import Context, PaperList

if TYPE_CHECKING:
    from datetime import date

    from vn_edoc.calendar import OfficeHours, WorkCalendar
    from vn_edoc.envelope import DocumentMessage, ErrorReport, StatusMessage
    from vn_edoc.identifiers import AgencyRegistry, BindingResult
    from vn_edoc.signature.evidence import Evidence
    from vn_edoc.signature.result import SignatureResult, SignedContent
    from vn_edoc.validity.appearance import Appearance
    from vn_edoc.validity.page import PageFacts

__all__ = ["URGENT_GRACE", "Facts", "FileFacts", "Input", "PacketFacts", "Party", "findings_of", "folded"]

URGENT_GRACE = timedelta(hours=1)
"""The law says "ngay" (at once) for urgent documents without a number; an hour is this library's reading."""


def findings_of(signature: SignatureResult) -> tuple[Finding, ...]:
    """What the verifier said of a signature and of the time stamps over it."""
    return (*signature.findings, *(f for stamp in signature.timestamps for f in stamp.findings))


def folded(text: str | None) -> str:
    """A name as it is compared: NFC, without case, one blank between words."""
    return " ".join(composed(text or "").casefold().split())


def _is_person(signature: SignatureResult) -> bool:
    return signature.signer is not None and signature.signer.kind == "person"


@dataclass(frozen=True, slots=True)
class Input:
    """The source that was judged."""

    name: str
    """File name, or ``bytes``."""
    size: int
    """Bytes."""
    sha256: str
    """SHA-256, lower-case hexadecimal."""


@dataclass(frozen=True, slots=True)
class Party:
    """An agency as the packet names it."""

    code: str
    """OrganId as carried."""
    name: str | None = None
    """OrganName."""


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """What the packet says of itself. Fields are ``None`` where the packet has none."""

    kind: str
    """``document``, ``status``, ``attachments``, ``error_report``."""
    dialect: str
    """Dialect of the packet."""
    producer: str | None
    """Who probably wrote it."""
    issuer: Party | None = None
    """From: cơ quan ban hành, gửi."""
    receivers: tuple[Party, ...] = ()
    """To: nơi nhận."""
    document_id: str | None = None
    """Mã định danh văn bản."""
    number: str | None = None
    """Số."""
    notation: str | None = None
    """Ký hiệu."""
    promulgated: date | None = None
    """Ngày ban hành."""
    type_name: str | None = None
    """Tên loại văn bản."""
    subject: str | None = None
    """Trích yếu."""
    signer: str | None = None
    """Họ tên người ký."""
    position: str | None = None
    """Chức vụ người ký."""
    competence: str | None = None
    """Quyền hạn ký."""
    priority: int | None = None
    """Độ khẩn, 0 to 4."""
    business: str | None = None
    """Loại nghiệp vụ: ``new``, ``recall``, ``update``, ``replace``."""
    paper: bool | None = None
    """Bussiness/Paper: a paper copy is sent too."""
    traced_at: datetime | None = None
    """Timestamp of the sender's own trace entry; a claim of the sender."""
    status_code: str | None = None
    """StatusCode of a status packet."""
    status_reason: str | None = None
    """Description of a status packet: diễn giải, lý do."""
    answers: str | None = None
    """Số, ký hiệu of the document that a status packet is about."""
    secrecy: str | None = None
    """Degree of secrecy that a field of the packet states, as written; QCVN 102 has none, older dialects do."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One attached file, or the file itself where it came alone."""

    name: str
    """Name that is safe to show."""
    media_type: str | None
    """Sniffed media type; ``None`` for damaged content."""
    size: int | None
    """Bytes of the unwrapped content; ``None`` for damaged content."""
    sha256: str | None
    """SHA-256 of the unwrapped content."""
    damaged: bool = False
    """The content could not be decoded."""
    signatures: tuple[SignatureResult, ...] = ()
    """Signatures inside the file, in the order they were made."""
    findings: tuple[Finding, ...] = ()
    """What the verifier says of the file as a whole."""
    page: PageFacts | None = None
    """What page 1 says, of the document as its agency signed it; ``None`` where it could not be read."""
    appearances: tuple[Appearance | None, ...] = ()
    """What is seen of each signature, in the order of :attr:`signatures`; empty where pages cannot be drawn."""
    content: SignedContent | None = field(default=None, repr=False, compare=False)
    """The judged bytes of a PDF, for pictures of its pages; ``None`` for other files and for state secrets."""

    @property
    def signable(self) -> bool:
        """Whether the file is of a kind that carries its signature inside (PDF, CMS)."""
        return self.media_type in {"application/pdf", "application/pkcs7-mime", "application/pkcs7-signature"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules may look at."""

    kind: str
    """``packet``, ``pdf``, ``cms``, ``xml``."""
    at: datetime
    """The moment of judging, aware."""
    context: Context
    """What the host system knows."""
    packet: PacketFacts | None = None
    """What the packet says, where the source is one."""
    message: DocumentMessage | StatusMessage | ErrorReport | None = field(default=None, repr=False)
    """The typed message of the packet, for the answer to it."""
    envelope: tuple[Finding, ...] = ()
    """Findings of the packet's reader."""
    files: tuple[FileFacts, ...] = ()
    """Attached files in the order of the packet."""
    main: FileFacts | None = None
    """The file that is the document itself."""
    main_assumed: bool = False
    """Several files could be the document and nothing told them apart: the first was taken."""
    packet_signatures: tuple[SignatureResult, ...] = ()
    """Signatures over the packet (seal or header form)."""
    bindings: Mapping[int, BindingResult] = field(default_factory=lambda: MappingProxyType({}))
    """Index of a signature of :attr:`main` to what the register of bindings says of its certificate."""
    packet_bindings: Mapping[int, BindingResult] = field(default_factory=lambda: MappingProxyType({}))
    """The same for :attr:`packet_signatures`; the agency is the packet's sender."""
    calendar: WorkCalendar | None = None
    """Working days as known for the deadline; ``None``: the official ones, as known at :attr:`known_at`."""
    known_at: datetime | date | None = None
    """What was officially known of working days then; ``None``: at the moment of judging."""
    hours: OfficeHours | None = None
    """The sender's office hours; ``None``: the usual ones."""
    urgent_grace: timedelta = URGENT_GRACE
    """How long after signing an urgent document still counts as sent at once."""
    refusal_within: timedelta | None = None
    """How long after receipt a refusal still counts as told in time, where the agency's pack says so."""
    pack_paper_lists: tuple[PaperList, ...] = ()
    """Lists of kinds also sent on paper that the agency's rule pack holds."""
    registry: AgencyRegistry | None = None
    """Agency codes as of their dates."""
    trust_given: bool = False
    """Whether trust anchors were supplied at all."""
    evidence: Evidence | None = field(default=None, repr=False)
    """Certificates, CRLs, OCSP responses and tokens that the verification rests on."""

    # Views that several rules share. They are computed, so that no two fields can disagree.

    @property
    def packet_kind(self) -> str | None:
        """Kind of the packet; ``None`` where the file came without one."""
        return self.packet.kind if self.packet is not None else None

    @property
    def is_document(self) -> bool:
        """A document or a lone signed file, as opposed to a status packet."""
        return self.packet_kind in {None, "document"}

    @property
    def signatures(self) -> tuple[SignatureResult, ...]:
        """Signatures on the document itself: time stamps are left out, and counter-signatures, which sign none of its
        content."""
        return tuple(s for s in self.main.signatures if s.countersigns is None) if self.main is not None else ()

    @property
    def main_unclear(self) -> bool:
        """Which file is the document was assumed, and another choice would have changed what is signed."""
        if not self.main_assumed:
            return False
        return len({bool(f.signatures) for f in self.files if f.signable or f.damaged}) > 1

    @property
    def signed_files(self) -> tuple[tuple[FileFacts | None, SignatureResult], ...]:
        """Every signature with the file it stands in, ``None`` for the packet's: the document's first, then those of
        other files, then the packet's."""
        own = () if self.main is None else tuple((self.main, s) for s in self.main.signatures)
        others = tuple((f, s) for f in self.files if f is not self.main for s in f.signatures)
        return (*own, *others, *((None, s) for s in self.packet_signatures))

    @property
    def all_signatures(self) -> tuple[SignatureResult, ...]:
        """All signatures in the order of :attr:`signed_files`."""
        return tuple(signature for _, signature in self.signed_files)

    @property
    def paper_lists(self) -> tuple[PaperList, ...]:
        """Lists of kinds also sent on paper: the host's and the rule pack's."""
        return (*self.context.paper_lists, *self.pack_paper_lists)

    @property
    def heard(self) -> tuple[Finding, ...]:
        """What readers and verifiers said: of the packet, of each file (named), of each signature and time stamp."""
        found = list(self.envelope)
        for file in self.files:
            inside = (*file.findings, *(f for s in file.signatures for f in findings_of(s)))
            found += [replace(f, where=replace(f.where, attachment=f.where.attachment or file.name)) for f in inside]
        # Anybody can countersign a packet's signature, well or badly: the verifier has told which do not hold.
        found += [f for s in self.packet_signatures if s.countersigns is None for f in findings_of(s)]
        return tuple(found)

    def of_kind(self, kind: str) -> tuple[SignatureResult, ...]:
        """Signatures on the document whose signer is a ``person``, an ``organisation``, a ``device`` or ``unknown``."""
        return tuple(s for s in self.signatures if s.signer is not None and s.signer.kind == kind)

    @property
    def issuing(self) -> tuple[int, ...]:
        """Indices of the issuing agency's signatures: those bound to it; where none is, every organisation's."""
        agencies = [
            i for i, s in enumerate(self.signatures) if s.signer is not None and s.signer.kind == "organisation"
        ]
        bound = [i for i in agencies if i in self.bindings and self.bindings[i].verdict == "bound"]
        return tuple(bound or agencies)

    @property
    def late(self) -> tuple[SignatureResult, ...]:
        """Signatures made after the issuing agency's last one: the agency has seen none of them."""
        return self.signatures[max(self.issuing) + 1 :] if self.issuing else ()

    @property
    def required(self) -> tuple[SignatureResult, ...]:
        """Signatures of the issuing side: all up to its agency's last one, and a later one of a person whom page 1
        names. What others add (the receiver's incoming stamp) does not change when the document was signed."""
        own = len(self.signatures) - len(self.late)
        return (*self.signatures[:own], *(s for s in self.late if _is_person(s) and self.names_on_page(s)))

    def names_on_page(self, signature: SignatureResult) -> bool:
        """Whether page 1, as the agency signed it, names the signer."""
        page = self.main.page if self.main is not None else None
        name = folded(signature.signer.name if signature.signer is not None else None)
        return bool(name) and page is not None and f" {name} " in f" {folded(page.text)} "

    def appearances_of(self, kind: str) -> tuple[Appearance | None, ...]:
        """What is seen of the document's signatures whose signer is of that kind."""
        seen = self.main.appearances if self.main is not None else ()
        return tuple(a for s, a in zip(self.signatures, seen, strict=False) if s.signer and s.signer.kind == kind)

    @property
    def copy_mark(self) -> str | None:
        """SAO Y, SAO LỤC or TRÍCH SAO on page 1."""
        return self.main.page.copy_mark if self.main is not None and self.main.page is not None else None

    @property
    def unseen_mark(self) -> str | None:
        """A mark of a copy that page 1 has in its text layer alone."""
        return self.main.page.unseen_mark if self.main is not None and self.main.page is not None else None

    @property
    def form_known(self) -> bool:
        """Whether page 1 could be read well enough to tell an original from a copy."""
        return self.main is not None and self.main.page is not None and self.main.page.has_text

    @property
    def signed_at(self) -> datetime | None:
        """When the last required signature was made: as its time stamp says, else as claimed. +07:00."""
        times = [moment for s in self.required if (moment := s.made_at) is not None]
        return max(times).astimezone(VIETNAM) if times else None

    @property
    def law_date(self) -> date:
        """The day whose law judges the document: of signing, else of promulgation, else of judging."""
        if self.signed_at is not None:
            return self.signed_at.date()
        promulgated = self.promulgated
        return promulgated if promulgated is not None else self.at.astimezone(VIETNAM).date()

    @property
    def promulgated(self) -> date | None:
        """Ngày ban hành of the packet, else of page 1."""
        if self.packet is not None and self.packet.promulgated is not None:
            return self.packet.promulgated
        return self.main.page.issued if self.main is not None and self.main.page is not None else None

    @property
    def issuer(self) -> Party | None:
        """The issuing agency: the packet's sender, else what the host says of a lone file."""
        if self.packet is not None:
            return self.packet.issuer
        if self.context.issuer_code is None:
            return None
        return Party(self.context.issuer_code, self.context.issuer_name)

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent: as the host knows, else as the sender's trace claims."""
        if self.context.sent_at is not None:
            return self.context.sent_at
        return self.packet.traced_at if self.packet is not None else None

    @property
    def urgent(self) -> bool:
        """A degree of urgency in the packet or on page 1."""
        if self.packet is not None and self.packet.priority is not None and self.packet.priority > 0:
            return True
        return self.main is not None and self.main.page is not None and self.main.page.urgency is not None
