"""Small packets for the tests, made of text so that every deviation can be put in by hand."""

from __future__ import annotations

import base64
import io
import zipfile

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

HEADER = """<edXML:From><edXML:OrganId>H29.12</edXML:OrganId><edXML:OrganName>Sở A</edXML:OrganName></edXML:From>
<edXML:To><edXML:OrganId>G12</edXML:OrganId><edXML:OrganName>Bộ B</edXML:OrganName></edXML:To>
<edXML:DocumentId>H29.12,2025/03/05,12/SA-VP</edXML:DocumentId>
<edXML:Code><edXML:CodeNumber>12</edXML:CodeNumber><edXML:CodeNotation>SA-VP</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:Place>Huế</edXML:Place><edXML:PromulgationDate>2025/03/05</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:DocumentType><edXML:Type>2</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
<edXML:Subject>Về việc thử</edXML:Subject>
<edXML:SignerInfo><edXML:FullName>Nguyễn Văn A</edXML:FullName></edXML:SignerInfo>
<edXML:OtherInfo><edXML:Priority>0</edXML:Priority></edXML:OtherInfo>"""
TRACE = """<edXML:TraceHeaderList><edXML:TraceHeader><edXML:OrganId>H29.12</edXML:OrganId>
<edXML:Timestamp>2025/03/05 09:00:00</edXML:Timestamp></edXML:TraceHeader>
<edXML:Bussiness><edXML:BussinessDocType>0</edXML:BussinessDocType></edXML:Bussiness></edXML:TraceHeaderList>"""


def packet(*attachments: str, header: str = HEADER, trace: str = TRACE, references: str = "", extra: str = "") -> bytes:
    """A VXP document packet."""
    contained = f"<AttachmentEncoded>{''.join(attachments)}</AttachmentEncoded>" if attachments else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="{QCVN}"><edXML:edXMLEnvelope xmlns:edXML="{QCVN}"><edXML:edXMLHeader>
<edXML:MessageHeader>{header}</edXML:MessageHeader>{trace}{extra}</edXML:edXMLHeader>
<edXML:edXMLBody><edXML:edXMLManifest version="1.0">{references}</edXML:edXMLManifest></edXML:edXMLBody>
</edXML:edXMLEnvelope>{contained}</edXML>""".encode()


def status(inner: str) -> bytes:
    """A VXP status packet."""
    return f"""<edXML xmlns="{QCVN}"><edXML:edXMLEnvelope xmlns:edXML="{QCVN}"><edXML:edXMLHeader>
<edXML:MessageHeader>{inner}</edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>""".encode()


def attachment(
    name: str | None, content: bytes | str, *, content_id: str | None = "1", kind: str = "application/pdf"
) -> str:
    """One attachment element; text is put in as it is, bytes in base64."""
    text = content if isinstance(content, str) else base64.b64encode(content).decode()
    identified = f"<ContentId>cid:{content_id}</ContentId>" if content_id else ""
    named = f"<AttachmentName>{name}</AttachmentName>" if name is not None else ""
    return (
        f"<Attachment>{identified}{named}<ContentType>{kind}</ContentType>"
        f"<ContentTransferEncoded>{text}</ContentTransferEncoded></Attachment>"
    )


def reference(name: str, content_id: str = "1") -> str:
    """One entry of the manifest."""
    return (
        f"<edXML:Reference><edXML:ContentId>cid:{content_id}</edXML:ContentId>"
        f"<edXML:AttachmentName>{name}</edXML:AttachmentName></edXML:Reference>"
    )


def zipped(entries: dict[str, bytes], **options: int) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:  # type: ignore[arg-type]
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def filled(template: str) -> str:
    """The template of a description with its placeholders filled in."""
    for example, own in (
        ("Ủy ban nhân dân phường Mẫu", "Ủy ban nhân dân phường Bến Thành"),
        ("H29.12,2026/03/05,125/SNV-VP", "H29.12,2026/03/05,126/SNV-VP"),
        ("CodeNumber: 125", "CodeNumber: 126"),
        ("Code: 125/SNV-VP", "Code: 126/SNV-VP"),
        ("V/v …", "V/v kiểm thử"),
        ("Nguyễn Văn A", "Trần Thị Mẫu"),
    ):
        template = template.replace(example, own)
    return template
