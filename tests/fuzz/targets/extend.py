"""Raising signatures: an exception of our own and nothing written, or a signature that holds, over what was signed.

The first bytes choose a signed document or packet, the level, what the authority answers, and where the rest goes in.
"""

from __future__ import annotations

import io
from random import Random

import vn_edoc
from tests.fuzz.mutators import octets_mutated
from tests.fuzz.target import Target
from tests.signature.cast import EVIDENCE, TRUST, Stamper, signer
from tests.signature_xml.test_packet import message
from vn_edoc.envelope import AttachmentSource
from vn_edoc.errors import TransportError, VnEdocError
from vn_edoc.limits import Limits
from vn_edoc.signature import extend_packet, extend_xml, sign_packet, sign_xml, verify_packet, verify_xml

CONTENT = b'<r xmlns="urn:r"><a Id="x">1</a></r>'
SERVICES = {"timestamper": Stamper(), "trust": TRUST, "evidence": EVIDENCE}
_BOUNDS = Limits(seconds=10, packet_bytes=4 << 20, xml_elements=5_000)
_LEVELS = ("B-T", "B-LT", "B-LTA", "B-B")


def _documents() -> list[bytes]:
    made = []
    for level in ("B-B", "B-T", "B-LT", "B-LTA"):
        out = io.BytesIO()
        sign_xml(CONTENT, out, signer("agency"), level, **({} if level == "B-B" else SERVICES))
        made.append(out.getvalue())
    return made


def _packets() -> list[bytes]:
    plain, made = io.BytesIO(), []
    vn_edoc.write(message(), plain, attachments=[AttachmentSource(b"%PDF-1.4", name="a.pdf")])
    for form in ("seal", "header"):
        out = io.BytesIO()
        sign_packet(plain.getvalue(), out, signer("agency"), form=form)
        made.append(out.getvalue())
    return made


DOCUMENTS, PACKETS = _documents(), _packets()


class Answering:
    """An authority that answers well, with garbage, with a token over something else, or not at all."""

    def __init__(self, mood: int, garbage: bytes) -> None:
        self.mood, self.garbage = mood, garbage

    def stamp(self, imprint: bytes, digest: str = "sha256") -> bytes:
        """As the mood is."""
        if self.mood < 4:
            return Stamper().stamp(imprint, digest)
        if self.mood == 4:
            return self.garbage
        if self.mood == 5:
            return Stamper().stamp(bytes(32), digest)
        if self.mood == 6:
            token = Stamper().stamp(imprint, digest)
            at = len(self.garbage) * 97 % len(token)
            return token[:at] + self.garbage + token[at + len(self.garbage) :]
        raise TransportError("no answer", "không trả lời")


def one(data: bytes) -> None:
    """Patch, raise, and look at what came out."""
    if len(data) < 7:
        return
    seed, level, mood, cut = data[0] % 6, _LEVELS[data[1] % 4], data[2] % 8, data[3] % 64
    packet = seed > 3
    signed = PACKETS[seed - 4] if packet else DOCUMENTS[seed]
    at = int.from_bytes(data[4:7], "big") % (len(signed) + 1)
    patched = signed[:at] + data[7:] + signed[at + cut :] if cut or data[7:] else signed
    extend, verify = (extend_packet, verify_packet) if packet else (extend_xml, verify_xml)
    out = io.BytesIO()
    services = {**SERVICES, "timestamper": Answering(mood, data[7:])}
    if data[2] & 64:
        services["trust"] = None
    try:
        extend(patched, out, level, limits=_BOUNDS, **services)  # type: ignore[operator]
    except VnEdocError as error:
        assert not out.getvalue(), "something was written"
        str(error), repr(error)
        return
    found = verify(out.getvalue(), trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)  # type: ignore[operator]
    before = verify(patched, trust=TRUST, evidence=EVIDENCE, limits=_BOUNDS)  # type: ignore[operator]
    assert [s.intact for s in found.signatures] == [s.intact for s in before.signatures]
    assert any(s.intact for s in found.signatures)
    for old, new in zip(before.signatures, found.signatures, strict=True):
        if old.intact and old.content is not None and new.content is not None:
            assert old.content.read() == new.content.read()
        assert not old.proven_at or (new.proven_at is not None and new.proven_at <= old.proven_at)


def _seeds() -> list[bytes]:
    chosen = [bytes((seed, level, mood, 0, 0, 0, 0)) for seed in range(6) for level in (1, 2) for mood in (0, 4)]
    return chosen + [bytes((seed, 2, 0, 0, 0, 4, at)) + b" <x/>" for seed in range(6) for at in (60, 180)]


def _mutate(data: bytes, chance: Random) -> bytes:
    """Another choice, or other octets to put in."""
    head = bytearray(data[:7].ljust(7, b"\0"))
    if chance.random() < 0.7:
        head[chance.randrange(7)] = chance.randrange(256)
    if chance.random() < 0.3:
        return bytes(head)
    return bytes(head) + octets_mutated(data[7:], chance, _WORDS)


_WORDS = (b"<!--c-->", b" Id='x'", b"<ds:Signature/>", b"&#13;", b"</r>", b"<xades:UnsignedProperties/>", b"AAAA", b"=")
TARGET = Target(one, _seeds, _mutate, longest=2_000, words=_WORDS, timeout=40)
