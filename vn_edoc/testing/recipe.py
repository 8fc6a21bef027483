"""What a sample package is made of: one good recipe, and changes of it.

A :class:`Recipe` is a value; a variant is ``replace(good, …)`` in one respect, so that what follows has one cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.document import Appendix, DocumentSpec
from vn_edoc.testing.pdfsign import PdfSigning
from vn_edoc.testing.pki import ThrowawayPki

if TYPE_CHECKING:
    from vn_edoc.envelope import DocumentMessage

__all__ = [
    "AGENCY_SIGNED",
    "CRL_DAY",
    "GOOD",
    "JUDGED",
    "PERSON_SIGNED",
    "RECEIVED",
    "SEALED",
    "SENT",
    "Crl",
    "Expected",
    "Ocsp",
    "Recipe",
    "Step",
    "signed_by",
]

PERSON_SIGNED = datetime(2026, 10, 15, 10, 0, tzinfo=VIETNAM)
"""Thursday: the director signs."""
AGENCY_SIGNED = datetime(2026, 10, 15, 10, 20, tzinfo=VIETNAM)
"""The clerk signs for the agency."""
SEALED = datetime(2026, 10, 15, 10, 40, tzinfo=VIETNAM)
"""The packet is sealed, where it is."""
SENT = datetime(2026, 10, 15, 10, 45, tzinfo=VIETNAM)
"""It is sent."""
RECEIVED = datetime(2026, 10, 15, 10, 45, 20, tzinfo=VIETNAM)
"""It has come."""
CRL_DAY = datetime(2026, 10, 15, 12, 0, tzinfo=VIETNAM)
"""CRLs and OCSP responses are of this moment."""
JUDGED = datetime(2026, 10, 16, 9, 0, tzinfo=VIETNAM)
"""It is judged."""

Step = Callable[[bytes, ThrowawayPki], bytes]
"""A change of the bytes of a file."""

DocumentValue = Literal["original", "copy", "insufficient", "undetermined"]
ExchangeValue = Literal["replaces_paper", "reference_only", "out_of_scope", "undetermined"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a report on the sample has to say."""

    document: DocumentValue | None = "original"
    """``report.document.value``; ``None``: there is no such conclusion."""
    exchange: ExchangeValue | None = "replaces_paper"
    """``report.exchange.value``."""
    findings: tuple[str, ...] = ()
    """Rules that have a finding of any severity because of what was changed."""
    paper_also: bool = False
    """``report.exchange.paper_also``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocsp:
    """An OCSP response that lies beside the package."""

    about: str
    """Name of the certificate in the cast."""
    at: datetime = CRL_DAY
    """thisUpdate and producedAt."""
    status: Literal["good", "revoked", "unknown"] | None = None
    """What it says; ``None``: the truth."""
    responder: str | None = None
    """A false responder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crl:
    """A CRL that lies beside the package."""

    issuer: str = "state-ca"
    """Name of the issuer in the cast."""
    at: datetime = CRL_DAY
    """thisUpdate."""
    lasts: timedelta = timedelta(days=7)
    """Until nextUpdate."""
    signed_by: str | None = None
    """A false signer."""


def signed_by(name: str, **changes: Any) -> PdfSigning:
    """The signature of the good recipe's person or agency, or of another of the cast in the same role."""
    at = PERSON_SIGNED if name.startswith(("person", "deputy", "public-person", "rogue-person")) else AGENCY_SIGNED
    return replace(PdfSigning(by=name, at=at), **changes)


def _context() -> Mapping[str, Any]:
    return MappingProxyType(
        {
            "transport": "axis",
            "sent_at": SENT.isoformat(),
            "received_at": RECEIVED.isoformat(),
            "receiver_code": "H53.14",
            "paper_sent": False,
            "already_registered": False,
            "submitted_at": datetime(2026, 10, 15, 14, 0, tzinfo=VIETNAM).isoformat(),
            "tls_version": "1.3",
            "peer_authenticated": True,
            "status_history": [
                {"code": "01", "at": RECEIVED.isoformat(), "organ_id": "H53.14", "description": "Đã đến"},
                {
                    "code": "03",
                    "at": datetime(2026, 10, 15, 11, 5, tzinfo=VIETNAM).isoformat(),
                    "organ_id": "H53.14",
                    "description": "Đã tiếp nhận",
                },
            ],
        }
    )


_BINDING = MappingProxyType(
    {
        "agency_code": "H53.09",
        "other_code": "000.00.09.H53",
        "organisation": "SỞ NỘI VỤ",
        "parent_organisation": "ỦY BAN NHÂN DÂN TỈNH TÂY NINH",
        "mst": "9900000016",
        "mns": "9900001",
        "valid_from": "2025-07-01",
        "source": "mẫu thử nghiệm",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that goes into a sample. The defaults are the good package."""

    document: DocumentSpec = field(default_factory=DocumentSpec)
    """The document as drawn."""
    scanned: bool = False
    """The document is the scan of a stamped paper (an e-copy)."""
    scan_dpi: int = 200
    """Resolution of that scan."""
    mark: str | None = None
    """Hình thức sao in the corner, above the agency's name and the time: ``SAO Y``, ``SAO LỤC``, ``TRÍCH SAO``."""
    before_signing: tuple[Step, ...] = ()
    """Changes of the PDF before anyone signs."""
    signatures: tuple[PdfSigning, ...] = (signed_by("person"), signed_by("agency"))
    """Signatures in order of the file; where they are shown follows from the role unless they say so."""
    shown: bool = True
    """Signatures are seen on the page."""
    between: tuple[Step, ...] = ()
    """Changes of the PDF between the first signature and the next."""
    after_signing: tuple[Step, ...] = ()
    """Changes of the signed PDF."""
    annex: Appendix | None = field(default_factory=Appendix)
    """The separate attachment, ``None``: none."""
    annex_signature: PdfSigning | None = field(default_factory=lambda: signed_by("agency"))
    """The agency's signature on the attachment."""
    more_files: tuple[tuple[str, bytes], ...] = ()
    """Further attachments: name and content."""
    drop_document: bool = False
    """The document itself is left out of the packet."""
    message: tuple[Callable[[DocumentMessage], DocumentMessage], ...] = ()
    """Changes of the message before it is written."""
    sealed: Literal["seal", "header"] | None = None
    """The agency signs the packet itself, by a seal or in the header; ``None``: nobody does."""
    packet: tuple[Step, ...] = ()
    """Changes of the written (and sealed) packet."""
    context: Mapping[str, Any] = field(default_factory=_context)
    """The ``Context`` in JSON form."""
    bindings: tuple[Mapping[str, str], ...] = (_BINDING,)
    """Rows of ``bindings.csv``."""
    crls: tuple[Crl, ...] = (Crl(), Crl(issuer="root"))
    """CRLs beside the package."""
    ocsps: tuple[Ocsp, ...] = ()
    """OCSP responses beside the package."""
    certificates: tuple[str, ...] = ("state-ca",)
    """Certificates beside the package, names of the cast."""
    status: str | None = None
    """Make a status packet with this code about the document instead."""
    trust: tuple[str, ...] = ("root",)
    """Trust anchors beside the package, names of the cast; ``official/root`` says of which family the anchor is."""
    judged_at: datetime = JUDGED
    """The moment of judging."""

    def with_context(self, **changes: Any) -> Recipe:
        """The recipe with other values in its context; ``None`` takes a value away."""
        context = {key: value for key, value in (dict(self.context) | changes).items() if value is not None}
        return replace(self, context=MappingProxyType(context))


GOOD = Recipe()
"""The good recipe: signed by the director at 10:00 and by the agency at 10:20, sent over the axis at 10:45."""
