"""PDFs whose signature's place holds whatever CMS a test wants to put there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from asn1crypto import cms, x509

from vn_edoc.signature import Evidence, TrustStore, verify_pdf
from vn_edoc.signature.result import SignatureResult
from vn_edoc.testing import ThrowawayPki, draw_document
from vn_edoc.testing.cms import CmsForm, signed_data
from vn_edoc.testing.pdffile import Update
from vn_edoc.testing.pdfsign import PdfSigning, _field, _fill, _signature
from vn_edoc.testing.recipe import CRL_DAY

__all__ = ["agency_cms", "judged_pdf", "resigned", "sealed_pdf", "with_key"]

_ROOM = 16_384


@cache
def _drawn() -> bytes:
    return draw_document().pdf


def sealed_pdf(
    seal: Callable[[bytes], bytes], subfilter: bytes = b"/ETSI.CAdES.detached", pdf: bytes | None = None
) -> bytes:
    """A document signed by whatever ``seal`` makes of the covered octets."""
    update = Update(_drawn() if pdf is None else pdf)
    signature = _signature(update, b"/Sig", subfilter, [b"/M (D:20261105090000+07'00')"], _ROOM)
    _field(update, signature, PdfSigning(by="agency", at=CRL_DAY))
    return _fill(update.finish(), _ROOM, seal)


def agency_cms(pki: ThrowawayPki, covered: bytes, form: CmsForm | None = None, **how: Any) -> Any:
    """The agency's SignedData over ``covered`` as asn1crypto object, to be bent."""
    agency = pki["agency"]
    made = signed_data(
        covered, key=agency.key, certificate=agency.der, embed=[agency.der, *agency.issuers_der], form=form, **how
    )
    return cms.ContentInfo.load(made)


def resigned(signer: Any, sign: Callable[[bytes], bytes], algorithm: Any = None) -> None:
    """Give a SignerInfo whose attributes were bent a fresh signature over them."""
    if algorithm is not None:
        signer["signature_algorithm"] = algorithm
    signer["signature"] = sign(b"\x31" + bytes(signer["signed_attrs"].dump(force=True))[1:])


def with_key(pki: ThrowawayPki, spki: Any) -> bytes:
    """The agency's certificate (DER) rewritten to another key: as if a CA had certified it."""
    certificate = x509.Certificate.load(pki["agency"].der).copy()
    certificate["tbs_certificate"]["subject_public_key_info"] = spki
    return bytes(certificate.dump(force=True))


def judged_pdf(pki: ThrowawayPki, pdf: bytes) -> SignatureResult:
    """The only signature, judged with everything that is needed to pass."""
    evidence = Evidence(crls=(pki.crl("root", CRL_DAY), pki.crl("state-ca", CRL_DAY)))
    (found,) = verify_pdf(pdf, trust=TrustStore([pki["root"].der]), evidence=evidence, at=CRL_DAY).signatures
    return found
