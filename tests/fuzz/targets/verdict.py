"""The whole judgement of packets and of lone files, and every form of the report on it."""

from __future__ import annotations

import io
import json
from functools import cache

import jsonschema

import vn_edoc
from tests.fuzz.mutators import any_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, PKI, TRUST, signer
from tests.signature.hand import page_file
from tests.signature.test_cms import made as made_cms
from tests.signature.test_pdf import made as made_pdf
from tests.signature_xml.test_packet import message
from vn_edoc.envelope import AttachmentSource
from vn_edoc.identifiers import Bindings
from vn_edoc.limits import Limits

_AT = PKI.now()
_BOUNDS = Limits(
    seconds=10,
    packet_bytes=4 << 20,
    pdf_bytes=4 << 20,
    pdf_stream_bytes=4 << 20,
    pdf_objects=20_000,
    xml_elements=5_000,
    thumbnails=1,
)
_BINDINGS = Bindings.from_rows([{"agency_code": "000.00.12.H29", "certificate_sha256": PKI["agency"].sha256}])
_VERIFIER = vn_edoc.Verifier(TRUST, EVIDENCE, bindings=_BINDINGS, limits=_BOUNDS)
_CONTEXT = vn_edoc.Context(receiver_code="000.00.13.H29", transport="axis")
_SCHEMA = jsonschema.Draft202012Validator(vn_edoc.Report.json_schema())


@cache
def _document() -> bytes:
    return made_pdf(made_pdf(page_file(), "person"), "agency", "B-T")


@cache
def _seeds() -> tuple[bytes, ...]:
    plain, sealed = io.BytesIO(), io.BytesIO()
    vn_edoc.write(message(), plain, [AttachmentSource(_document(), name="12_QĐ-SNV.signed.pdf")])
    vn_edoc.sign_packet(plain.getvalue(), sealed, signer("agency"), form="seal")
    return plain.getvalue(), sealed.getvalue(), _document(), page_file(), made_cms(attached=True), made_cms()


def _one(data: bytes) -> None:
    report = _VERIFIER.verify(data, at=_AT, context=_CONTEXT)
    _SCHEMA.validate(json.loads(report.to_json()))
    assert report.to_text("vi") and report.to_text("en") and report.to_html("vi")
    assert report.to_sarif() and report.to_junit() and report.to_etsi()
    assert report.grounds is not None and report.actions is not None
    if report.packet_kind == "document":
        report.refusal(at=_AT)
    assert not any(f.rule == "verify.internal" for f in report.findings)
    if len(data) % 4 == 0:
        again = _VERIFIER.verify(data, at=_AT, context=_CONTEXT)
        assert again.to_json() == report.to_json(), "judged twice, told differently"
    if report.document is not None and report.document.value in ("original", "copy"):
        told = [s.intact for s in report.signatures]
        assert told and all(told), "of value without a signature that holds"


TARGET = Target(_one, _seeds, any_mutated, longest=150_000, timeout=60)
