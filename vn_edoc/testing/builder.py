"""Builds sample packages: packet, trust anchor, CRLs, bindings, context and what a report on them has to say."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vn_edoc.findings import VIETNAM
from vn_edoc.testing.document import Appendix, DocumentSpec, Drawn, draw_attachment, draw_document
from vn_edoc.testing.images import draw_scan, seal_image, signature_image
from vn_edoc.testing.pdfsign import PdfSigning, sign_sample
from vn_edoc.testing.pki import ThrowawayPki
from vn_edoc.testing.recipe import SEALED, SENT, Expected, Recipe
from vn_edoc.testing.variants import VARIANTS, Variant, variant

if TYPE_CHECKING:
    from vn_edoc.envelope import DocumentMessage
    from vn_edoc.identifiers import Bindings
    from vn_edoc.signature import Evidence, TrustStore
    from vn_edoc.validity import Context

__all__ = ["Sample", "SampleBuilder"]

_FAMILIES = {"national-root": "national/"}
"""Folder of an anchor that names its family; the others are the user's own, or name it: ``official/root``."""
_SCHEMA = "vn-edoc/sample/1"
_DOCUMENT_NAME = "{number}-{notation}.signed.pdf"
_AGENCY = "Sở Nội vụ"
_TITLES = {"PHÓ GIÁM ĐỐC": "Phó Giám đốc", "CHÁNH VĂN PHÒNG": "Chánh Văn phòng"}
_ANNEX_NAME = "Phụ lục.signed.pdf"


@dataclass(frozen=True, slots=True)
class Sample:
    """A package with everything that a verifier may be given beside it."""

    name: str
    """Name of the variant."""
    about_vi: str
    """What it is, in Vietnamese."""
    about_en: str
    """What it is, in English."""
    packet: bytes
    """The edXML packet."""
    files: Mapping[str, bytes]
    """The attachments by name, as they went into the packet."""
    trust: Mapping[str, bytes]
    """Trust anchors by file name, PEM."""
    evidence: Mapping[str, bytes]
    """CRLs and issuer certificates by file name, DER."""
    context: Mapping[str, Any]
    """The ``Context`` in JSON form."""
    bindings: tuple[Mapping[str, str], ...]
    """Rows agency code and certificate subject."""
    judged_at: datetime
    """The moment of judging that the expectation holds for."""
    expected: Expected
    """What a report has to say."""

    @property
    def document(self) -> bytes:
        """The document itself, the first attachment."""
        return next(iter(self.files.values()))

    def context_object(self) -> Context:
        """The context as the verifier takes it."""
        from vn_edoc.validity import Context

        return Context.model_validate(dict(self.context))

    def bindings_object(self) -> Bindings:
        """The rows as the verifier takes them."""
        from vn_edoc.identifiers import Bindings

        return Bindings.from_rows(self.bindings)

    def trust_object(self) -> TrustStore:
        """The trust anchors as the verifier takes them."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        from vn_edoc.signature import TrustScheme, TrustStore

        schemes = {}
        for name, content in self.trust.items():
            family = name.rpartition("/")[0]
            if family:
                certificate = x509.load_pem_x509_certificate(content)
                schemes[certificate.fingerprint(hashes.SHA256()).hex()] = TrustScheme(family)
        return TrustStore(self.trust.values(), schemes=schemes)

    def evidence_object(self) -> Evidence:
        """CRLs and certificates as the verifier takes them."""
        from vn_edoc.signature import Evidence

        return Evidence.of(self.evidence.values())

    def expected_json(self) -> dict[str, Any]:
        """The expectation in JSON form."""
        return {
            "schema": _SCHEMA,
            "name": self.name,
            "about_vi": self.about_vi,
            "about_en": self.about_en,
            "at": self.judged_at.astimezone(VIETNAM).isoformat(),
            "document": self.expected.document,
            "exchange": self.expected.exchange,
            "paper_also": self.expected.paper_also,
            "findings": list(self.expected.findings),
        }

    def write(self, folder: Path) -> Path:
        """Write ``packet.edxml``, ``trust/``, ``evidence/``, ``bindings.csv``, ``context.json`` and ``expected.json``
        into ``folder``; the path of the packet is returned."""
        for name in ("trust", "evidence"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file, content in getattr(self, name).items():
                target = folder / name / file
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content)
        columns = sorted({key for row in self.bindings for key in row} or {"agency_code"})
        table = io.StringIO()
        writer = csv.DictWriter(table, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.bindings)
        (folder / "bindings.csv").write_text(table.getvalue(), encoding="utf-8")
        for file, value in (("context.json", dict(self.context)), ("expected.json", self.expected_json())):
            text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
            (folder / file).write_text(text, encoding="utf-8")
        (folder / "packet.edxml").write_bytes(self.packet)
        return folder / "packet.edxml"


class SampleBuilder:
    """Makes the samples of the catalogue, and samples of your own recipes, with one PKI."""

    def __init__(self, pki: ThrowawayPki | None = None) -> None:
        self.pki = pki or ThrowawayPki()
        """The PKI that signs."""
        self._signed: dict[tuple[bytes, PdfSigning], bytes] = {}

    @staticmethod
    def catalogue() -> tuple[Variant, ...]:
        """All variants, the good one first."""
        return tuple(VARIANTS.values())

    def make(self, name: str = "good") -> Sample:
        """The sample of a variant; ``UsageError`` for a name that the catalogue has not."""
        chosen = variant(name)
        return self.from_recipe(chosen.recipe(), chosen.name, chosen.expected, chosen.about_vi, chosen.about_en)

    def make_all(self, names: Iterable[str] | None = None) -> Iterator[Sample]:
        """The samples of ``names``, or of the whole catalogue, one by one."""
        for name in VARIANTS if names is None else names:
            yield self.make(name)

    def write(self, folder: Path, names: Iterable[str] | None = None) -> list[Path]:
        """Write samples into folders of their names below ``folder``; the paths of the packets are returned."""
        return [sample.write(folder / sample.name) for sample in self.make_all(names)]

    def from_recipe(
        self,
        recipe: Recipe,
        name: str = "own",
        expected: Expected | None = None,
        about_vi: str = "",
        about_en: str = "",
    ) -> Sample:
        """A sample of a recipe."""
        files = dict(self._files(recipe)) if recipe.status is None else {}
        packet = self._packet(recipe, files)
        if recipe.sealed is not None:
            packet = self._seal(packet, recipe.sealed)
        for step in recipe.packet:
            packet = step(packet, self.pki)
        crls = {
            f"{crl.issuer}-{number}.crl": self.pki.crl(crl.issuer, crl.at, lasts=crl.lasts, signed_by=crl.signed_by)
            for number, crl in enumerate(recipe.crls, 1)
        }
        ocsps = {
            f"{ocsp.about}-{number}.ors": self.pki.ocsp(
                ocsp.about, ocsp.at, status=ocsp.status, responder=ocsp.responder, lasts=timedelta(days=7)
            )
            for number, ocsp in enumerate(recipe.ocsps, 1)
        }
        return Sample(
            name=name,
            about_vi=about_vi,
            about_en=about_en,
            packet=packet,
            files=files,
            trust={f"{_FAMILIES.get(a, '')}{a}.crt": self.pki[a.rpartition("/")[2]].pem for a in recipe.trust},
            evidence={**{f"{name}.cer": self.pki[name].der for name in recipe.certificates}, **crls, **ocsps},
            context=recipe.context,
            bindings=recipe.bindings,
            judged_at=recipe.judged_at,
            expected=expected or Expected(),
        )

    # --- the files -----------------------------------------------------------------------------------------

    def _files(self, recipe: Recipe) -> Iterator[tuple[str, bytes]]:
        spec = recipe.document
        if not recipe.drop_document:
            yield _DOCUMENT_NAME.format(number=spec.number, notation=spec.notation), self._document(recipe)
        if recipe.annex is not None:
            drawn = _annex(recipe.annex)
            pdf = drawn.pdf
            if recipe.annex_signature is not None:
                lines = recipe.annex_signature.lines or (spec.code, _shown(recipe.annex_signature.at))
                signing = replace(recipe.annex_signature, box=drawn.corner, lines=lines)
                pdf = self._sign(pdf, signing)
            yield _ANNEX_NAME, pdf
        yield from recipe.more_files

    def _document(self, recipe: Recipe) -> bytes:
        drawn = _scan(recipe.document, recipe.scan_dpi) if recipe.scanned else _document(recipe.document)
        pdf = drawn.pdf
        for step in recipe.before_signing:
            pdf = step(pdf, self.pki)
        for number, signing in enumerate(recipe.signatures):
            if number == 1:
                for step in recipe.between:
                    pdf = step(pdf, self.pki)
            pdf = self._sign(pdf, _shown_at(signing, drawn, recipe))
        for step in recipe.after_signing:
            pdf = step(pdf, self.pki)
        return pdf

    def _sign(self, pdf: bytes, signing: PdfSigning) -> bytes:
        """Most samples share their first signature and their annex, so each is made once."""
        slot = (hashlib.sha256(pdf).digest(), signing)
        if slot not in self._signed:
            self._signed[slot] = sign_sample(pdf, signing, self.pki)
        return self._signed[slot]

    # --- the packet ----------------------------------------------------------------------------------------

    def _packet(self, recipe: Recipe, files: Mapping[str, bytes]) -> bytes:
        from vn_edoc.envelope import AttachmentSource, StatusMessage, write

        message = self._message(recipe)
        for change in recipe.message:
            message = change(message)
        if recipe.status is not None:
            refusal = "Tệp văn bản bị sửa sau khi ký số (khoản 4 Điều 5 Quyết định số 28/2018/QĐ-TTg)"
            at = datetime.fromisoformat(recipe.context["received_at"]) + timedelta(minutes=20)
            reason = refusal if recipe.status == "02" else None
            reply = StatusMessage.reply(to=message, code=recipe.status, sender="H53.14", description=reason, at=at)
            out = io.BytesIO()
            write(reply, out)
            return out.getvalue()
        sources = [
            AttachmentSource(content, name=name, content_id=f"00000000-0000-4000-8000-{number:012d}")
            for number, (name, content) in enumerate(files.items(), 1)
        ]
        out = io.BytesIO()
        # Bad samples lack something on purpose, so the writer is told to write all the same.
        write(message, out, sources, strict=False)
        return out.getvalue()

    def _seal(self, packet: bytes, form: str) -> bytes:
        from vn_edoc.signature import sign_packet
        from vn_edoc.signature.keys import SoftwareSigner

        agency = self.pki["agency"]
        signer = SoftwareSigner(agency.key, agency.certificate, agency.issuers)
        out = io.BytesIO()
        sign_packet(io.BytesIO(packet), out, signer, form=form, signed_at=SEALED)
        return out.getvalue()

    @staticmethod
    def _message(recipe: Recipe) -> DocumentMessage:
        from vn_edoc.envelope import DocumentMessage, Organization, OtherInfo, Priority, SignerInfo, StaffInfo

        spec = recipe.document
        priority = {None: 0, "KHẨN": 1, "THƯỢNG KHẨN": 2, "HỎA TỐC": 3}[spec.urgency]
        place = "Tây Ninh"
        return DocumentMessage.new(
            sender=Organization(
                organ_id="H53.09",
                organ_name=_AGENCY,
                organization_in_charge="Ủy ban nhân dân tỉnh Tây Ninh",
                organ_add=f"Số 1 đường Mẫu, {place}",
                email="vanthu.sonoivu@example.vn",
            ),
            receivers=(
                Organization(organ_id="H53", organ_name="Ủy ban nhân dân tỉnh Tây Ninh"),
                Organization(
                    organ_id="H53.14",
                    organ_name="Sở Tư pháp",
                    organization_in_charge="Ủy ban nhân dân tỉnh Tây Ninh",
                ),
            ),
            number=spec.number.zfill(2),
            notation=spec.notation,
            date=spec.day,
            place=spec.place,
            type_name="Công văn" if spec.type_name is None else spec.type_name.capitalize(),
            subject=spec.subject,
            signer=SignerInfo(
                competence=None if spec.authority is None else spec.authority.split(".")[0] + ".",
                position=_TITLES.get(spec.title) or spec.title.capitalize(),
                full_name=spec.signer,
            ),
            other_info=OtherInfo(priority=Priority(priority), promulgation_amount=2, page_amount=1),
            to_places=(*spec.recipients, f"Lưu: VT, {spec.drafting_unit}"),
            staff=StaffInfo(department="Văn phòng", staff="Lê Văn Mẫu", email="vanthu.sonoivu@example.vn"),
            sent_at=datetime.fromisoformat(recipe.context.get("sent_at", SENT.isoformat())),
        )


# Most samples share their drawings.


@functools.lru_cache(maxsize=64)
def _document(spec: DocumentSpec) -> Drawn:
    return draw_document(spec)


@functools.lru_cache(maxsize=8)
def _annex(appendix: Appendix) -> Drawn:
    return draw_attachment(appendix)


@functools.lru_cache(maxsize=8)
def _scan(spec: DocumentSpec, dpi: int) -> Drawn:
    return draw_scan(_document(spec), dpi=dpi)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S} +07:00"


def _shown_at(signing: PdfSigning, drawn: Drawn, recipe: Recipe) -> PdfSigning:
    """The signature with the place and image of its role (NĐ 30/2020/NĐ-CP Phụ lục I), unless it has its own."""
    if signing.box is not None or not recipe.shown:
        return signing
    if recipe.mark is not None:
        lines = signing.lines or (recipe.mark, _AGENCY, _shown(signing.at))
        return replace(signing, box=drawn.corner, lines=lines)
    if "person" in signing.by or signing.by == "deputy":
        return replace(signing, box=drawn.signature, image=signing.image or signature_image)
    return replace(signing, box=drawn.seal, image=signing.image or seal_image)
