"""Changes of sample PDFs and packets, as attackers, careless tools and mail gateways make them.

Each is a step ``(bytes, pki) -> bytes`` of a :class:`~vn_edoc.testing.recipe.Recipe`. Those on PDFs work on files that
this room has drawn.
"""

from __future__ import annotations

import base64
import re
from datetime import timedelta

from vn_edoc.errors import UsageError
from vn_edoc.testing.document import Appendix, draw_attachment
from vn_edoc.testing.pdffile import Update, text_string, with_entry
from vn_edoc.testing.pdfsign import add_evidence, sign_sample, stamp_document
from vn_edoc.testing.pki import ThrowawayPki
from vn_edoc.testing.recipe import AGENCY_SIGNED, CRL_DAY, Step, signed_by

__all__ = [
    "add_annotation",
    "add_attachment",
    "add_empty_field",
    "add_hidden_layer",
    "add_javascript",
    "add_launch_action",
    "add_page",
    "add_text_field",
    "add_trace",
    "append_bytes",
    "archive",
    "copied_value",
    "cut_tail",
    "damage_base64",
    "drop_attachment",
    "drop_element",
    "embed_evidence",
    "empty_contents",
    "fill_text_field",
    "insert_before_envelope",
    "null_byte_range",
    "overlay_text",
    "replace_once",
    "resave",
    "set_page_size",
    "show_hidden_layer",
    "swap_annex",
    "tamper",
    "wrap_signature",
]

_OVERLAY = b"q 1 1 1 rg 80 560 420 40 re f 0 0 0 rg BT /F1 12 Tf 90 575 Td (99.000.000.000) Tj ET Q"


def tamper(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Change one digit inside the signed bytes: the page becomes a point wider."""
    return _replaced(pdf, b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 596")


def overlay_text(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Cover a part of page 1 and write over it, by an incremental update."""
    update = Update(pdf)
    page = update.pages()[0]
    body = update.get(page)
    old = re.search(rb"/Contents\s+(\d+ 0 R)", body)
    assert old is not None
    new = update.add_stream(_OVERLAY)
    update.set(page, body.replace(old.group(), b"/Contents [ %b %d 0 R ]" % (old.group(1), new)))
    return update.finish()


def add_annotation(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Put a free-text annotation over page 1 ("evil annotation attack")."""
    update = Update(pdf)
    shape = update.add_stream(
        b"1 1 1 rg 0 0 420 40 re f", b"/Type /XObject /Subtype /Form /BBox [ 0 0 420 40 ] /Resources << >>"
    )
    note = update.add(
        b"<< /Type /Annot /Subtype /FreeText /F 4 /Rect [ 80 560 500 600 ] /Contents %b /DA (/Helv 12 Tf) "
        b"/AP << /N %d 0 R >> >>" % (text_string("Nội dung khác"), shape)
    )
    update.add_annotation(update.pages()[0], note)
    return update.finish()


def add_page(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add a page at the end."""
    update = Update(pdf)
    tree_number = int(_group(rb"/Pages\s+(\d+) 0 R", update.get(update.root)))
    tree = update.get(tree_number)
    page = update.add(b"<< /Type /Page /Parent %d 0 R /MediaBox [ 0 0 595 842 ] /Resources << >> >>" % tree_number)
    kids = _group(rb"/Kids\s*\[(.*?)\]", tree)
    count = int(_group(rb"/Count\s+(\d+)", tree))
    tree = tree.replace(kids, kids.rstrip() + b" %d 0 R " % page)
    update.set(tree_number, re.sub(rb"/Count\s+\d+", b"/Count %d" % (count + 1), tree))
    return update.finish()


def add_javascript(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Have the file run a script when it is opened."""
    update = Update(pdf)
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\);) >>"
    update.set(update.root, with_entry(update.get(update.root), action))
    return update.finish()


def add_launch_action(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Have the file start a program when it is opened."""
    update = Update(pdf)
    action = b"/OpenAction << /S /Launch /F (calc.exe) >>"
    update.set(update.root, with_entry(update.get(update.root), action))
    return update.finish()


def add_hidden_layer(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add a layer of content that is switched off ("shadow attack: hide and replace", prepared before signing)."""
    update = Update(pdf)
    layer = update.add(b"<< /Type /OCG /Name %b >>" % text_string("Lớp ẩn"))
    properties = b"/OCProperties << /OCGs [ %d 0 R ] /D << /OFF [ %d 0 R ] /Order [ %d 0 R ] >> >>" % ((layer,) * 3)
    update.set(update.root, with_entry(update.get(update.root), properties))
    page = update.pages()[0]
    body = update.get(page)
    content = _group(rb"/Contents\s+(\d+ 0 R)", body)
    hidden = update.add_stream(b"/OC /Layer BDC " + _OVERLAY + b" EMC")
    body = body.replace(b"/Contents " + content, b"/Contents [ %b %d 0 R ]" % (content, hidden))
    body = body.replace(b"/Resources <<", b"/Resources << /Properties << /Layer %d 0 R >>" % layer, 1)
    update.set(page, body)
    return update.finish()


def show_hidden_layer(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Switch the hidden layer of :func:`add_hidden_layer` on after signing."""
    update = Update(pdf)
    root = update.get(update.root)
    update.set(update.root, re.sub(rb"/OFF \[ (\d+ 0 R) \]", rb"/ON [ \1 ]", root))
    return update.finish()


def null_byte_range(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Replace the last byte range by null ("universal signature forgery")."""
    begin = pdf.rindex(b"/ByteRange [") + len(b"/ByteRange ")
    end = pdf.index(b"]", begin) + 1
    return pdf[:begin] + b"null".ljust(end - begin) + pdf[end:]


def wrap_signature(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Move the signed tail behind other content and stretch the byte range over the hole ("signature wrapping")."""
    begin = pdf.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    end = pdf.index(b"]", begin)
    first, length, second, rest = (int(number) for number in pdf[begin:end].split())
    inserted = b"\n% other content\n" * 40
    span = b"%d %d %d %d" % (first, length, second + len(inserted), rest)
    head = pdf[:begin] + span.ljust(end - begin) + pdf[end:second]
    return head + inserted + pdf[second:]


def copied_value(name: str) -> Step:
    """Put the signature value of another document, signed by ``name``, into the last signature."""

    def step(pdf: bytes, pki: ThrowawayPki) -> bytes:
        other = sign_sample(draw_attachment().pdf, signed_by(name), pki)
        begin, end = _value(other)
        value = other[begin:end]
        begin, end = _value(pdf)
        return pdf[:begin] + value[: end - begin].ljust(end - begin, b"0") + pdf[end:]

    return step


def add_empty_field(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add a signature field that nobody signs."""
    update = Update(pdf)
    page = update.pages()[0]
    field = update.add(
        b"<< /FT /Sig /Type /Annot /Subtype /Widget /F 132 /T %b /Rect [ 0 0 0 0 ] /P %d 0 R >>"
        % (text_string("ChuaKy"), page)
    )
    update.add_annotation(page, field)
    update.add_field(field)
    return update.finish()


def add_text_field(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add a text field, as forms have it."""
    update = Update(pdf)
    page = update.pages()[0]
    field = update.add(
        b"<< /FT /Tx /Type /Annot /Subtype /Widget /F 4 /T %b /Rect [ 80 130 300 150 ] /P %d 0 R /V () "
        b"/DA (/Helv 11 Tf 0 g) >>" % (text_string("GhiChu"), page)
    )
    update.add_annotation(page, field)
    update.add_field(field)
    return update.finish()


def fill_text_field(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Fill the text field of :func:`add_text_field`."""
    update = Update(pdf)
    [(number, body)] = [(n, b) for n, b in update.objects() if b"/FT /Tx" in b]
    update.set(number, body.replace(b"/V ()", b"/V %b" % text_string("ghi sau khi ký")))
    return update.finish()


def empty_contents(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Overwrite the last signature's value with zeros ("universal signature forgery")."""
    begin, end = _value(pdf)
    return pdf[:begin] + b"0" * (end - begin) + pdf[end:]


def cut_tail(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Lose the last kilobyte, as broken transfers do."""
    return pdf[:-1024]


def append_bytes(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add a comment behind the end of the file, as some mail gateways do."""
    return pdf + b"% scanned by the mail gateway\n"


def resave(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Write the whole file anew, as "optimisers" do: the objects move, the signed bytes are gone."""
    import io

    import pypdfium2

    document, out = pypdfium2.PdfDocument(pdf), io.BytesIO()
    try:
        document.save(out)
    finally:
        document.close()
    return out.getvalue()


def set_page_size(width: int, height: int) -> Step:
    """The first page gets another size, in points, before anyone signs."""

    def step(pdf: bytes, pki: ThrowawayPki) -> bytes:
        found = re.search(rb"/MediaBox \[ 0 0 [\d. ]+\]", pdf)
        assert found is not None
        new = b"/MediaBox [ 0 0 %d %d" % (width, height)
        return pdf.replace(found.group(), new.ljust(len(found.group()) - 1) + b"]", 1)

    return step


def replace_once(old: bytes, new: bytes) -> Step:
    """Replace the first ``old`` by ``new``."""
    return lambda content, pki: _replaced(content, old, new)


def drop_element(name: str) -> Step:
    """Take the first element of that name out of a packet."""

    def step(packet: bytes, pki: ThrowawayPki) -> bytes:
        pattern = rb"\s*<((?:\w+:)?%b)\b[^>]*>.*?</\1>" % name.encode()
        changed, count = re.subn(pattern, b"", packet, count=1, flags=re.DOTALL)
        if not count:
            raise UsageError(f"the packet has no {name}", f"gói tin không có {name}", field="name", value=name)
        return changed

    return step


def embed_evidence(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Put certificates and CRLs of the day into the file (level B-LT)."""
    at = CRL_DAY
    crls = [pki.crl("state-ca", at), pki.crl("root", at)]
    return add_evidence(pdf, certificates=[pki["state-ca"].der, pki["root"].der], crls=crls)


def archive(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """Add an archive time stamp (level B-LTA)."""
    return stamp_document(pdf, CRL_DAY + timedelta(minutes=1), pki)


def drop_attachment(number: int) -> Step:
    """Take an attachment out, counted from 1; the manifest still names it."""

    def step(packet: bytes, pki: ThrowawayPki) -> bytes:
        found = list(re.finditer(rb"\s*<Attachment>.*?</Attachment>", packet, re.DOTALL))[number - 1]
        return packet[: found.start()] + packet[found.end() :]

    return step


def damage_base64(packet: bytes, pki: ThrowawayPki) -> bytes:
    """Put characters that are no base64 into the last attachment."""
    place = packet.rindex(b"ContentTransferEncoded", 0, packet.rindex(b"ContentTransferEncoded")) + 400
    return packet[:place] + b"#####" + packet[place:]


def double_id(packet: bytes, pki: ThrowawayPki) -> bytes:
    """Give a second element of the header the Id of a signed one: which of them is meant?"""
    found = re.search(rb' Id="([^"]+)"', packet)
    assert found is not None
    end = b"</edXML:MessageHeader>"
    return packet.replace(end, b'<edXML:Note Id="' + found[1] + b'"/>' + end, 1)


def add_trace(packet: bytes, pki: ThrowawayPki) -> bytes:
    """Append the entry of a node of the axis, as forwarding does."""
    entry = b"<edXML:TraceHeader><edXML:Timestamp>2026/10/15 10:45:05</edXML:Timestamp></edXML:TraceHeader>"
    end = packet.index(b"</edXML:TraceHeaderList>")
    return packet[:end] + entry + packet[end:]


def add_attachment(*, named: bool = True) -> Step:
    """Append one more attachment; the manifest names it as well, or does not."""

    def step(packet: bytes, pki: ThrowawayPki) -> bytes:
        name, content_id = "Phụ lục bổ sung.pdf".encode(), b"cid:00000000-0000-4000-8000-00000000ffff"
        attachment = (
            b"<Attachment><ContentId>%b</ContentId><AttachmentName>%b</AttachmentName><ContentType>application/pdf"
            b'</ContentType><edXML:ContentTransferEncoded xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">%b'
            b"</edXML:ContentTransferEncoded></Attachment>"
        ) % (content_id, name, base64.b64encode(draw_attachment().pdf))
        packet = _replaced(packet, b"</AttachmentEncoded>", attachment + b"</AttachmentEncoded>")
        if not named:
            return packet
        reference = (
            b"<edXML:Reference><edXML:ContentId>%b</edXML:ContentId><edXML:ContentType>application/pdf"
            b"</edXML:ContentType><edXML:AttachmentName>%b</edXML:AttachmentName></edXML:Reference>"
        ) % (content_id, name)
        return _replaced(packet, b"</edXML:edXMLManifest>", reference + b"</edXML:edXMLManifest>")

    return step


def swap_annex(packet: bytes, pki: ThrowawayPki) -> bytes:
    """Put another file, signed by the same agency at another time, in place of the second attachment."""
    drawn = draw_attachment(Appendix(title="BIỂU KHÁC"))
    lines = ("1286/SNV-VP", "15/10/2026 10:25:00 +07:00")
    signing = signed_by("agency", at=AGENCY_SIGNED + timedelta(minutes=5), box=drawn.corner, lines=lines)
    other = base64.b64encode(sign_sample(drawn.pdf, signing, pki))
    contents = list(re.finditer(rb"(ContentTransferEncoded[^>]*>)([A-Za-z0-9+/=]{100,})<", packet))
    start, end = contents[1].span(2)
    return packet[:start] + other + packet[end:]


def insert_before_envelope(text: bytes) -> Step:
    """Put text between the XML declaration and the root."""

    def step(packet: bytes, pki: ThrowawayPki) -> bytes:
        root = packet.index(b"<edXML")
        return packet[:root] + text + packet[root:]

    return step


def _replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    if old not in content:
        raise UsageError("nothing to replace", "không có gì để thay", field="old", value=old)
    return content.replace(old, new, 1)


def _value(pdf: bytes) -> tuple[int, int]:
    """Where the hexadecimal digits of the last signature value begin and end."""
    begin = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return begin, pdf.index(b">", begin)


def _group(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None
    return found.group(1)
