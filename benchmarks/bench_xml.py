"""XML and packet signatures against the floor of the machine, python-xmlsec and signxml, in one run.

Floor of a document: parse, exclusive canonicalisation into SHA-256, one RSA-2048 signature. Floor of a packet: base64,
SHA-256 and writing on one side; reading, decoding and SHA-256 on the other.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pybase64
from lxml import etree

import vn_edoc
from benchmarks.harness import Row, compare
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Organization
from vn_edoc.signature import PacketSealer, sign_xml, verify_packet, verify_xml
from vn_edoc.signature.keys import SoftwareSigner
from vn_edoc.testing import ThrowawayPki

__all__ = ["run"]

_SIZES = (("10 KB", 10_000), ("1 MB", 1_000_000), ("50 MB", 50_000_000))
_PARSER = etree.XMLParser(huge_tree=True)


def run() -> list[Row]:
    """All rows of this area."""
    identity = ThrowawayPki()["agency"]
    signer = SoftwareSigner(identity.key, identity.certificate)
    rows: list[Row] = []
    for label, size in _SIZES:
        rows += _documents(label, size, identity, signer)
    return rows + _packets(signer)


def _document(size: int) -> bytes:
    body = base64.b64encode(os.urandom(size * 3 // 4)).decode()
    return f'<e:E xmlns:e="urn:e"><e:H>V/v kiểm thử</e:H><e:B>{body}</e:B></e:E>'.encode()


def _documents(label: str, size: int, identity: Any, signer: SoftwareSigner) -> list[Row]:
    data = _document(size)
    rounds = 3 if size > 10_000_000 else 7

    def sign() -> bytes:
        out = io.BytesIO()
        sign_xml(data, out, signer)
        return out.getvalue()

    signed = sign()

    def verify() -> None:
        assert verify_xml(signed).signatures[0].intact

    def floor() -> None:
        root = etree.fromstring(data, _PARSER)
        digest = hashlib.sha256(etree.tostring(root, method="c14n", exclusive=True)).digest()
        signer.sign(digest)

    rows = [
        compare("xml", f"sign {label} (XAdES B-B)", sign, "floor", floor, 1 / 1.1, rounds),
        compare("xml", f"verify {label}", verify, "floor", floor, 2.0 if size < 100_000 else 1.0, rounds),
    ]
    for name, peer_sign, peer_verify, least in (*_xmlsec(data, identity), *_signxml(data, identity)):
        rows.append(compare("xml", f"sign {label} (XAdES B-B)", sign, name, peer_sign, least, rounds))
        rows.append(compare("xml", f"verify {label}", verify, name, peer_verify, least, rounds))
    return rows


Peer = tuple[str, Callable[[], object], Callable[[], object], float]


def _xmlsec(data: bytes, identity: Any) -> list[Peer]:
    try:
        import xmlsec
    except ImportError:
        return []
    key = xmlsec.Key.from_memory(identity.key_pem(), xmlsec.KeyFormat.PEM)
    key.load_cert_from_memory(identity.pem, xmlsec.KeyFormat.PEM)

    def sign() -> bytes:
        root = etree.fromstring(data, _PARSER)
        template = xmlsec.template.create(root, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256, ns="ds")
        root.append(template)
        reference = xmlsec.template.add_reference(template, xmlsec.Transform.SHA256, uri="")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        context = xmlsec.SignatureContext()
        context.key = key
        context.sign(template)
        return bytes(etree.tostring(root))

    signed = sign()

    def verify() -> None:
        root = etree.fromstring(signed, _PARSER)
        context = xmlsec.SignatureContext()
        context.key = key
        context.verify(root[-1])

    return [("python-xmlsec, XMLDSig only", sign, verify, 1.0)]


def _signxml(data: bytes, identity: Any) -> list[Peer]:
    try:
        import signxml
        from signxml.xades import XAdESSigner, XAdESVerifier
    except ImportError:
        return []
    if len(data) > 9_000_000:
        return []  # "Text node too long": it cannot
    method = signxml.CanonicalizationMethod.CANONICAL_XML_1_0
    key, certificate = identity.key_pem(), identity.pem.decode()
    signer = XAdESSigner(c14n_algorithm=method)

    def sign() -> bytes:
        return bytes(etree.tostring(signer.sign(etree.fromstring(data), key=identity.key, cert=certificate)))

    signed = bytes(etree.tostring(signer.sign(etree.fromstring(data), key=key, cert=certificate)))
    config = signxml.SignatureConfiguration(expect_references=3)

    def verify() -> None:
        XAdESVerifier().verify(signed, x509_cert=certificate, expect_config=config)

    return [("signxml XAdES", sign, verify, 2.5)]


def _packets(signer: SoftwareSigner) -> list[Row]:
    content = os.urandom(20_000_000)
    message = DocumentMessage.new(
        sender=Organization(organ_id="000.00.12.H29", organ_name="Sở Nội vụ"),
        receivers=[Organization(organ_id="000.00.13.H29", organ_name="Sở Tài chính")],
        number=1,
        notation="QĐ-SNV",
        date=date(2026, 5, 4),
        type_name="Quyết định",
        subject="V/v đo tốc độ",
        signer="Nguyễn Văn Thử",
    )
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.pdf").write_bytes(b"%PDF-1.4\n" + content)

        def raw_write() -> None:
            with (folder / "in.pdf").open("rb") as source, (folder / "raw").open("wb") as target:
                digest = hashlib.sha256()
                while piece := source.read(768 * 1024):
                    digest.update(piece)
                    target.write(pybase64.b64encode(piece))

        def raw_read() -> None:
            digest = hashlib.sha256()
            with (folder / "raw").open("rb") as source:
                while piece := source.read(1024 * 1024):
                    digest.update(pybase64.b64decode(piece, validate=True))

        raw_write()
        for form in ("seal", "header"):
            target = folder / f"{form}.edxml"
            sealer = PacketSealer(signer, form=form)  # type: ignore[arg-type]

            def write(target: Path = target, sealer: PacketSealer = sealer) -> None:
                vn_edoc.write(message, target, attachments=[AttachmentSource(folder / "in.pdf")], sealer=sealer)

            def verify(target: Path = target) -> None:
                assert verify_packet(target).state == "verifies"

            write()
            rows.append(compare("xml", f"packet 20 MB: build, sign ({form}), write", write, "floor", raw_write, 0.5, 5))
            rows.append(compare("xml", f"packet 20 MB: parse, verify ({form})", verify, "floor", raw_read, 1 / 1.7, 5))
    return rows
