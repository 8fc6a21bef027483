"""Writing signatures, validation data and document time-stamps into a PDF, always as incremental updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from vn_edoc.errors import SigningError, VnEdocError
from vn_edoc.limits import Limits
from vn_edoc.signature.certificates import parse_certificate
from vn_edoc.signature.pyhanko_adapter.bounded import BoundedReader, resolved
from vn_edoc.signature.pyhanko_adapter.document import FOREIGN
from vn_edoc.signature.pyhanko_adapter.quiet import quiet

__all__ = ["Placement", "add_validation_data", "embed_signature", "embed_timestamp", "prepare_fields"]

SUBFILTERS = {"pades": SigSeedSubFilter.PADES, "adbe": SigSeedSubFilter.ADOBE_PKCS7_DETACHED}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a signature goes and what its dictionary says."""

    field: str
    """Field name; an empty field of that name is used, else one is made."""
    page: int = 1
    """Page from 1."""
    box: tuple[float, float, float, float] | None = None
    """Rectangle in points; ``None`` makes it invisible."""
    subfilter: str = "pades"
    """``pades`` (ETSI.CAdES.detached) or ``adbe`` (adbe.pkcs7.detached)."""
    certify: int | None = None
    """DocMDP permission of a certification signature."""
    lock: tuple[str, ...] = ()
    """Names of form fields that this signature locks (FieldMDP)."""
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    signed_at: datetime | None = None


@contextmanager
def _writer(stream: BinaryIO, limits: Limits) -> Iterator[Any]:
    try:
        writer = IncrementalPdfFileWriter.from_reader(BoundedReader(stream, limits))
        if writer.prev.encrypted:
            raise SigningError(
                "an encrypted PDF cannot be signed here",
                "không ký được tệp PDF đang mã hóa",
                field="source",
            )
    except FOREIGN as error:
        raise SigningError(
            f"the PDF cannot be read: {type(error).__name__}: {str(error)[:200]}",
            "không đọc được tệp PDF",
            field="source",
        ) from error
    try:
        yield writer
    finally:
        prev: Any = writer.prev
        prev.release()


def field_names(stream: BinaryIO, limits: Limits) -> tuple[set[str], set[str]]:
    """Names of the signed and of the empty signature fields."""
    with quiet(), _writer(stream, limits) as writer:
        try:
            fields = [(str(n), v is not None) for n, v, _ in enumerate_sig_fields(writer.prev)]
        except FOREIGN as error:
            raise _failed(error) from error
    return {n for n, filled in fields if filled}, {n for n, filled in fields if not filled}


def embed_signature(
    source: BinaryIO,
    output: BinaryIO,
    placement: Placement,
    digest: str,
    reserved: int,
    make: Callable[[bytes], bytes],
    draw: Callable[[Any, Any], Any] | None,
    limits: Limits,
) -> None:
    """Write ``source`` with one more signature to ``output`` (empty, readable and seekable).

    ``make`` gives the DER CMS for the digest of the byte range. ``draw(writer, box)`` gives a reference to the
    appearance's form XObject.
    """
    with quiet(), _writer(source, limits) as writer:
        try:
            spec = SigFieldSpec(
                sig_field_name=placement.field,
                on_page=placement.page - 1,
                box=placement.box,  # type: ignore[arg-type]
            )
            steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(placement.field, writer)
            reference = next(steps)
            if draw is not None:
                _appearance(writer, reference.get_object(), draw)
            signature = SignatureObject(
                timestamp=placement.signed_at,
                subfilter=SUBFILTERS[placement.subfilter],
                name=placement.name,
                location=placement.location,
                reason=placement.reason,
                bytes_reserved=2 * reserved,
            )
            lock = None
            if placement.lock:
                lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=list(placement.lock))
            steps.send(
                SigObjSetup(
                    sig_placeholder=signature,
                    mdp_setup=SigMDPSetup(
                        md_algorithm=digest,
                        certify=placement.certify is not None,
                        field_lock=lock,
                        docmdp_perms=MDPPerm(placement.certify) if placement.certify is not None else None,
                    ),
                )
            )
            prepared, _ = steps.send(SigIOSetup(md_algorithm=digest, output=output))
            der = make(prepared.document_digest)
            if len(der) > reserved:
                raise SigningError(
                    f"the signature needs {len(der)} bytes, {reserved} were reserved",
                    f"chữ ký cần {len(der)} byte, chỉ dành trước {reserved} byte",
                    field="reserve",
                    value=len(der),
                )
            steps.send(der)
        except VnEdocError:
            raise
        except FOREIGN as error:
            raise _failed(error) from error


def _appearance(writer: Any, field: Any, draw: Callable[[Any, Any], Any]) -> None:
    annotation = field
    kids = resolved(field, "/Kids")
    if kids is not None and len(kids):
        annotation = kids[0].get_object()
    box = [float(n) for n in annotation["/Rect"]]
    form = draw(writer, box)
    annotation[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): form})
    writer.update_container(annotation)


def embed_timestamp(
    stream: BinaryIO, field: str, digest: str, reserved: int, make: Callable[[bytes], bytes], limits: Limits
) -> None:
    """Add a document time-stamp to the PDF in ``stream``, in place."""
    with quiet(), _writer(stream, limits) as writer:
        try:
            steps = PdfCMSEmbedder().write_cms(field, writer)
            next(steps)
            steps.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * reserved)))
            prepared, _ = steps.send(SigIOSetup(md_algorithm=digest, in_place=True))
            der = make(prepared.document_digest)
            if len(der) > reserved:
                raise SigningError(
                    f"the time-stamp needs {len(der)} bytes, {reserved} were reserved",
                    f"dấu thời gian cần {len(der)} byte, chỉ dành trước {reserved} byte",
                    field="reserve",
                )
            steps.send(der)
        except VnEdocError:
            raise
        except FOREIGN as error:
            raise _failed(error) from error


def add_validation_data(
    stream: BinaryIO,
    contents: bytes | None,
    certificates: Iterable[bytes],
    crls: Iterable[bytes],
    ocsps: Iterable[bytes],
    limits: Limits,
) -> None:
    """Add certificates, CRLs and OCSP responses to the document security store, in place.

    ``contents`` is the signature's ``/Contents`` as in the file, for its VRI entry.
    """
    with quiet(), _writer(stream, limits) as writer:
        try:
            DocumentSecurityStore.supply_dss_in_writer(
                writer,
                contents,
                certs=[parse_certificate(c) for c in certificates],
                crls=[asn1_crl.CertificateList.load(c) for c in crls],
                ocsps=[asn1_ocsp.OCSPResponse.load(o) for o in ocsps],
            )
            writer.write_in_place()
        except VnEdocError:
            raise
        except FOREIGN as error:
            raise _failed(error) from error


def prepare_fields(
    source: BinaryIO,
    output: BinaryIO,
    fields: Iterable[tuple[str, int, tuple[float, float, float, float] | None]],
    limits: Limits,
) -> None:
    """Write ``source`` with empty signature fields (name, page from 1, rectangle) to ``output``."""
    from pyhanko.sign.fields import append_signature_field

    with quiet(), _writer(source, limits) as writer:
        try:
            for name, page, box in fields:
                append_signature_field(
                    writer,
                    SigFieldSpec(sig_field_name=name, on_page=page - 1, box=box),  # type: ignore[arg-type]
                )
            writer.write(output)
        except FOREIGN as error:
            raise _failed(error) from error


def _failed(error: BaseException) -> SigningError:
    return SigningError(
        f"the PDF cannot be signed: {type(error).__name__}: {str(error)[:300]}",
        f"không ký được tệp PDF: {str(error)[:300]}",
        field="source",
    )
