"""Changes that keep to the form: elements of XML, values of DER with the lengths around them, objects of PDF with the
cross-references to them, members of ZIP archives."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from random import Random
from typing import NamedTuple

from tests.envelope.mutations import mutated
from tests.signature.hand import stream, update

__all__ = ["any_mutated", "der_mutated", "octets_mutated", "pdf_mutated", "xml_mutated"]

_ODD = (b"", b"\0", b"\xff", b"\r", b"\n", b" ", b"-1", b"0", b"2147483648", b"9" * 30, b"\xef\xbb\xbf", "ệ".encode())


def octets_mutated(data: bytes, chance: Random, words: tuple[bytes, ...] = ()) -> bytes:
    """One to four changes that know nothing of the form but ``words``."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out) + 1)
        length = chance.choice((1, 1, 2, 4, 16, 200))
        match chance.randrange(6):
            case 0 if out:
                out[at % len(out)] ^= 1 << chance.randrange(8)
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                out[at : at + chance.choice((0, length))] = chance.choice((*_ODD, *words))
            case 4:
                piece = out[at : at + length]
                del out[at : at + length]
                to = chance.randrange(len(out) + 1)
                out[to:to] = piece
            case _:
                out[at:at] = chance.randbytes(chance.choice((1, 2, 4, 8)))
    return bytes(out)


_BASE64 = re.compile(rb">([A-Za-z0-9+/\s]{4,}={0,2})\s*<")
_VALUE = re.compile(rb"""=(["'])([^"'<>]{0,300})\1""")
_SUBTREE = re.compile(rb"<([\w:]{1,40})(?: [^<>]*)?>.{0,8000}?</\1>", re.DOTALL)
_URIS = (
    *(b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2000/09/xmldsig#sha1", b"#xpointer(/)", b""),
    *(b"http://www.w3.org/2001/10/xml-exc-c14n#", b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"),
    *(b"http://www.w3.org/2000/09/xmldsig#enveloped-signature", b"http://www.w3.org/2000/09/xmldsig#base64", b"a:b"),
    *(b"http://www.w3.org/2006/12/xml-c14n11", b"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", b"../x"),
)


def xml_mutated(data: bytes, chance: Random) -> bytes:
    """Elements, attributes, or what stands in a base64 text."""
    if b"\xff\xfe" in data[:2] or b"<" not in data:
        return any_mutated(data, chance)
    match chance.randrange(8):
        case 0 | 1 if found := list(_BASE64.finditer(data)):
            one = chance.choice(found)
            try:
                inner = base64.b64decode(one[1])
            except (ValueError, binascii.Error):
                return mutated(data, chance)
            text = base64.b64encode(any_mutated(inner, chance))
            if chance.random() < 0.2:
                text = chance.choice((b"\n", b"\r\n", b" ", b"&#13;\n")).join((text[:40], text[40:]))
            return data[: one.start(1)] + text + data[one.end(1) :]
        case 2 if found := list(_VALUE.finditer(data)):
            one = chance.choice(found)
            value = chance.choice((*_URIS, *_ODD, chance.choice(found)[2], octets_mutated(one[2], chance)))
            return data[: one.start(2)] + value.replace(b"<", b"&lt;").replace(b'"', b"&quot;") + data[one.end(2) :]
        case 3 if found := list(_SUBTREE.finditer(data)):
            # One subtree in the place of another, or beside it.
            one, other = chance.choice(found), chance.choice(found)
            start = chance.choice((other.start(), other.end()))
            return data[:start] + one[0] + data[other.end() :]
    return mutated(data, chance)


class _Node(NamedTuple):
    tag: bytes
    content: bytes
    """What stands between the header and the children: all of a value without, the count of unused bits with them."""
    children: list[_Node] | None


_CONSTRUCTED, _OCTETS, _BITS = 0x20, 4, 3


def _der(data: bytes, depth: int = 0) -> list[_Node] | None:
    """The values that stand one after the other; ``None`` if it is no DER."""
    found, at = [], 0
    while at < len(data):
        start = at
        if data[at] & 31 == 31:
            at += 1
            while at < len(data) and data[at] & 128:
                at += 1
        at += 1
        tag = data[start:at]
        if at >= len(data):
            return None
        length = data[at]
        at += 1
        if length & 128:
            count = length & 127
            if not 0 < count < 5:
                return None
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        value = data[at : at + length]
        at += length
        if at > len(data):
            return None
        head, inner = b"", None
        if depth < 40 and (tag[0] & _CONSTRUCTED or (tag[0] == _OCTETS and len(value) > 2)):
            inner = _der(value, depth + 1)
        elif depth < 40 and tag[0] == _BITS and value[:1] == b"\0" and len(value) > 9:
            head, inner = b"\0", _der(value[1:], depth + 1)
        found.append(_Node(tag, head if inner is not None else value, inner))
    return found


def _encoded(nodes: list[_Node]) -> bytes:
    out = bytearray()
    for node in nodes:
        content = node.content if node.children is None else node.content + _encoded(node.children)
        length = len(content)
        if length < 128:
            head = bytes((length,))
        else:
            octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
            head = bytes((128 | len(octets),)) + octets
        out += node.tag + head + content
    return bytes(out)


def _places(nodes: list[_Node]) -> list[tuple[list[_Node], int]]:
    found = []
    for number, node in enumerate(nodes):
        found.append((nodes, number))
        if node.children is not None:
            found += _places(node.children)
    return found


_TIMES = (
    *(b"500101000000Z", b"20501231235959Z", b"99991231235959Z", b"00000101000000Z", b"20261301250061Z"),
    *(b"2601010000Z", b"20260101000000.123456Z", b"20260101000000+0700", b"", b"Z"),
)
_TAGS = (2, 3, 4, 5, 6, 12, 22, 23, 24, 48, 49, 128, 129, 134, 160, 161)
_NUMBERS = (b"", b"\0", b"\x7f", b"\x80", b"\xff" * 9, b"\0" * 3 + b"\1", b"\1" + b"\0" * 300)


def der_mutated(data: bytes, chance: Random) -> bytes:
    """Values changed, moved, doubled, taken away; the lengths around them are made to fit."""
    nodes = _der(data)
    if not nodes:
        return octets_mutated(data, chance)
    for _ in range(chance.randint(1, 3)):
        places = _places(nodes)
        if not places:
            break
        (siblings, number), (others, other) = chance.choice(places), chance.choice(places)
        node = siblings[number]
        match chance.randrange(9):
            case 0:
                del siblings[number]
            case 1:
                siblings.insert(number, node)
            case 2:
                siblings[number : number + 1] = _der(_encoded([others[other]])) or ()
            case 3:
                siblings[number] = node._replace(tag=bytes((chance.choice(_TAGS),)))
            case 4 if len(siblings) > 1:
                chance.shuffle(siblings)
            case 5 if node.children is None:
                odd = {2: _NUMBERS, 23: _TIMES, 24: _TIMES}.get(node.tag[0], (*_ODD, *_NUMBERS))
                siblings[number] = node._replace(content=chance.choice(odd))
            case 6:
                # A value of the same kind from elsewhere: another algorithm, name, time.
                same = [s[n] for s, n in places if s[n].tag == node.tag and s[n].children is None]
                if same and node.children is None:
                    siblings[number] = chance.choice(same)
            case 7 if node.children is not None:
                siblings[number : number + 1] = node.children
            case _:
                if node.children is None:
                    siblings[number] = node._replace(content=octets_mutated(node.content, chance))
    return _encoded(nodes)


_OBJECT = re.compile(rb"(?:^|[\r\n])(\d{1,6}) 0 obj\s(.*?)\s*endobj", re.DOTALL)
_STREAM = re.compile(rb"\A(.*?)/Length \d+(.*?)stream\r?\n(.*)\r?\nendstream\Z", re.DOTALL)
_CONTENTS = re.compile(rb"/Contents\s*<((?:[0-9a-fA-F]{2}){100,})>")
_TOKEN = re.compile(rb"/[\w.#+-]+|\d+ \d+ R|-?\d+\.?\d*|<<|>>|\[|\]|\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]*>")
_NAMES = (
    *b"/Annots /AcroForm /Fields /Kids /Parent /Contents /V /FT /Sig /Tx /T /Type /Subtype /Widget /AP /N".split(),
    *b"/Rect /F /P /DSS /VRI /Certs /OCSPs /CRLs /Length /Filter /FlateDecode /Predictor /DecodeParms /Perms".split(),
    *b"/DocMDP /FieldMDP /Lock /OpenAction /JS /AA /ByteRange /Encrypt /ObjStm /XRef /Prev /XRefStm /Extends".split(),
    *b"/Root /Names /OCGs /Catalog /Pages /Page /Font /Resources /MediaBox /CropBox /Rotate /NeedAppearances".split(),
    *b"null true [ ] << >> () <> ( -1 1e9 . # /#00 endobj endstream %x\n stream\n \0".split(b" "),
    *(b"0 0 R", b"1 0 R", b"999999 0 R", b"[" * 80, b"<<" * 80, b"9" * 20, b"4294967296"),
)


def _object_mutated(body: bytes, chance: Random) -> bytes:
    packed = _STREAM.match(body)
    if packed is not None and chance.random() < 0.6:
        data = packed[3]
        if b"/FlateDecode" in body:
            try:
                data = zlib.compress(_tokens_mutated(zlib.decompress(data), chance))
            except zlib.error:
                data = octets_mutated(data, chance)
        else:
            data = _tokens_mutated(data, chance)
        return stream(data, packed[1].removeprefix(b"<<") + packed[2].strip().removesuffix(b">>"))
    return _tokens_mutated(body, chance)


def _tokens_mutated(body: bytes, chance: Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        found = list(_TOKEN.finditer(body[:20_000]))
        if not found:
            return octets_mutated(body, chance)
        one, other = chance.choice(found), chance.choice(found)
        match chance.randrange(4):
            case 0:
                body = body[: one.start()] + chance.choice(_NAMES) + body[one.end() :]
            case 1:
                body = body[: one.start()] + other[0] + body[one.end() :]
            case 2:
                body = body[: one.start()] + body[one.end() :]
            case _:
                body = body[: one.end()] + b" " + chance.choice((other[0], chance.choice(_NAMES))) + body[one.end() :]
    return body


def _rewritten(objects: dict[int, bytes], root: int) -> bytes:
    """A file of these objects with a classic table."""
    out = bytearray(b"%PDF-1.7\n")
    table = b""
    for number, body in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n" + table
    return bytes(out) + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        max(objects) + 1,
        root,
        start,
    )


def pdf_mutated(data: bytes, chance: Random) -> bytes:
    """Objects changed in an update behind the file, or in the file itself with a new table; or the signature."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(data)}
    kind = chance.randrange(10)
    if not objects or kind == 0:
        return octets_mutated(data, chance, _NAMES)
    if kind < 3 and (signatures := list(_CONTENTS.finditer(data))):
        one = chance.choice(signatures)
        raw = bytes.fromhex(one[1].decode())
        length = int.from_bytes(raw[2:4], "big") + 4 if raw[1:2] == b"\x82" else len(raw)
        changed = der_mutated(raw[:length], chance).hex().encode()[: len(one[1])]
        return data[: one.start(1)] + changed.ljust(len(one[1]), b"0") + data[one.end(1) :]
    chosen = chance.sample(sorted(objects), min(len(objects), chance.choice((1, 1, 2, 3))))
    changes = {number: _object_mutated(objects[number], chance) for number in chosen}
    if chance.random() < 0.2:
        changes[max(objects) + 1] = _object_mutated(chance.choice(list(objects.values())), chance)
    if kind < 7:
        extra = chance.choice((b"", b"", b"", b"/Info 1 0 R", b"/Encrypt 5 0 R", b"/XRefStm 20", b"/ID [<00><00>]"))
        try:
            return update(data, changes, trailer=extra, table=chance.random() > 0.1)
        except (IndexError, ValueError):
            return octets_mutated(data, chance, _NAMES)
    root = next((n for n, body in objects.items() if b"/Catalog" in body), min(objects))
    return _rewritten(objects | changes, root)


def any_mutated(data: bytes, chance: Random) -> bytes:
    """As the form of the data asks for."""
    if b"%PDF-" in data[:1024]:
        return pdf_mutated(data, chance)
    if data[:1] in (b"\x30", b"\x31", b"\xa0"):
        return der_mutated(data, chance)
    if data.lstrip()[:1] == b"<":
        return xml_mutated(data, chance)
    return octets_mutated(data, chance, (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\r\n\r\n", b"\r\n--=_1", b"--"))
