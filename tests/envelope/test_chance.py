"""Honest packets are judged alike, whatever chance has put into them: a check that meets random octets decides nothing.

A few numbers of one seed are run always, many of a fresh seed in the long runs. A failure names seed and number:
``SEED=…`` in the environment repeats it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import vn_edoc
from tests.envelope.chance import Chance, Files
from tests.envelope.packets import zipped
from tests.signature.cast import EVIDENCE, TRUST, Stamper, signer
from vn_edoc.envelope import AttachmentSource, Packet, convert
from vn_edoc.envelope.comparison import changes
from vn_edoc.envelope.markup import escape
from vn_edoc.envelope.redaction import redact
from vn_edoc.signature import PacketSealer, PacketVerification, sign_packet, sign_xml, verify_packet, verify_xml

_SEED = int(os.environ.get("SEED", "0"))
_FRESH = _SEED or int.from_bytes(os.urandom(4), "big")


def _runs(few: int, many: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("seed", "count"),
        [pytest.param(1, few, id="few"), pytest.param(_FRESH, many, id="many", marks=pytest.mark.soak)],
    )


def _chances(seed: int, count: int) -> Iterator[tuple[str, Chance]]:
    for number in range(count):
        yield f"SEED={seed}, number {number}", Chance(f"{seed}/{number}")


def _sources(files: Files) -> list[AttachmentSource]:
    return [AttachmentSource(content, name=name) for name, content in files]


def _written(chance: Chance, files: Files, **options: object) -> bytes:
    out = io.BytesIO()
    vn_edoc.write(chance.message(), out, _sources(files), **options)  # type: ignore[arg-type]
    return out.getvalue()


def _contents(packet: Packet) -> Files:
    return [(str(a.name), a.read()) for a in packet.attachments if a.name != "vn-edoc-seal.xml"]


def _told(packet: Packet) -> set[tuple[str, str]]:
    """Rules and severities; that white space stands in base64 is chance's own doing."""
    return {(f.rule, f.severity.value) for f in packet.findings if f.rule != "envelope.base64_form"}


_OF_STYLE = {"java": set(), "dotnet": {("envelope.content_id", "info")}}
_OF_SOAP = {("envelope.dialect", "info")}
_OF_MAIL = {("envelope.multipart", "info"), ("envelope.content_id", "warning"), ("envelope.manifest_type", "info")}


@_runs(4, 400)
@pytest.mark.parametrize("style", ["java", "dotnet"])
def test_packets_from_anywhere(style: str, seed: int, count: int, tmp_path: Path) -> None:
    path = tmp_path / "packet.edxml"
    for run, chance in _chances(seed, count):
        files, message = chance.files(), chance.message()
        out = io.BytesIO()
        assert vn_edoc.write(message, out, _sources(files), style=style).findings == (), run
        expected = _OF_STYLE[style] if files else set()
        for data in (out.getvalue(), chance.respaced(out.getvalue())):
            path.write_bytes(data)
            for source in (data, path, io.BytesIO(data)):
                with vn_edoc.read(source, mode="strict") as read:
                    assert (read.kind, read.dialect, _told(read)) == ("document", "vxp", expected), run
                    assert read.message == message and _contents(read) == files, run
                    assert list(changes(vn_edoc.read(out.getvalue()), read)) == [], run
        for other in _OF_STYLE:
            out = io.BytesIO()
            convert(vn_edoc.read(data), out, style=other)
            read = vn_edoc.read(out.getvalue())
            assert _told(read) == (_OF_STYLE[other] if files else set()) and _contents(read) == files, run
        assert vn_edoc.read(redact(read)[0]).kind == "document", run


@_runs(4, 400)
def test_packets_in_containers(seed: int, count: int) -> None:
    for run, chance in _chances(seed, count):
        files, message = chance.files(), chance.message()
        first, second = io.BytesIO(), io.BytesIO()
        vn_edoc.write(message, (first, second), _sources(files), dialect="soap-2803")
        packet, apart = first.getvalue(), chance.respaced(second.getvalue())
        read = vn_edoc.read(packet, attachments=apart or None)
        assert _told(read) == _OF_SOAP and read.message == message and _contents(read) == files, run
        entries = {"vanban.xml": packet} | ({"dinhkem.xml": apart} if files else {})
        read = vn_edoc.read(zipped(entries))
        assert _told(read) == {*_OF_SOAP, ("envelope.zip", "info")} and _contents(read) == files, run
        read = vn_edoc.read(chance.mail(packet, files))
        told = _told(read) - {("envelope.content_type", "warning")}
        assert told == _OF_SOAP | (_OF_MAIL if files else {("envelope.multipart", "info")}), run
        assert _contents(read) == files and read.message == message, run


def _judged(verification: PacketVerification) -> list[tuple[object, ...]]:
    return [
        (s.intact, s.trusted, s.changes.value, s.indication.value, s.sub_indication, s.level)
        for s in verification.signatures
    ]


_PASSED = (True, True, "none", "TOTAL-PASSED", None)


@_runs(1, 100)
@pytest.mark.parametrize("name", ["agency", "agency-ec", "person-ec"])
@pytest.mark.parametrize("form", ["seal", "header"])
def test_signed_packets(form: str, name: str, seed: int, count: int, tmp_path: Path) -> None:
    path = tmp_path / "packet.edxml"
    who = signer(name)
    for run, chance in _chances(seed, count):
        files = chance.files()
        data = _written(chance, files, style=chance.choice(("java", "dotnet")))
        path.write_bytes(chance.respaced(data))
        level = chance.choice(("B-B", "B-T"))
        options = {"digest": chance.choice(("sha256", "sha384", "sha512")), "form": form}
        if name == "agency":
            options["scheme"] = chance.choice(("pkcs1v15", "pss"))
        out = io.BytesIO()
        sign_packet(chance.choice((data, path)), out, who, level, timestamper=Stamper(), **options)  # type: ignore[arg-type]
        path.write_bytes(out.getvalue())
        for source in (out.getvalue(), path, io.BytesIO(out.getvalue())):
            verified = verify_packet(source, trust=TRUST, evidence=EVIDENCE)
            assert (verified.state, _judged(verified)) == ("verifies", [(*_PASSED, level)]), run
            assert {f.rule for f in verified.signatures[0].findings} <= {"R23"}, run
        assert _contents(vn_edoc.read(out.getvalue())) == files, run
        again = io.BytesIO()
        sign_packet(out.getvalue(), again, signer("deputy"), form=form)
        assert verify_packet(again.getvalue(), trust=TRUST, evidence=EVIDENCE).state == "verifies", run
        if form == "seal":
            rebuilt = io.BytesIO()
            convert(vn_edoc.read(out.getvalue()), rebuilt, style=chance.choice(("java", "dotnet")))
            verified = verify_packet(chance.respaced(rebuilt.getvalue()), trust=TRUST, evidence=EVIDENCE)
            assert (verified.state, _judged(verified)) == ("verifies", [(*_PASSED, level)]), run
        at_once = _written(chance, files, sealer=PacketSealer(who, form=form))  # type: ignore[arg-type]
        assert verify_packet(at_once).state == "verifies", run


_XML_NOTES = {"R23", "xmldsig.comment", "xmldsig.instruction", "xmldsig.position_not_covered"}


def _document(chance: Chance) -> bytes:
    between = ("", "\n", "<!--c-->", "<?pi x?>")
    texts = [chance.subject() for _ in range(chance.randrange(1, 8))]
    items = "".join(f"<m:i>{escape(text)}</m:i>{chance.choice(between)}" for text in texts)
    attribute = chance.choice(("", ' Id="d1"', ' xmlns="urn:z"'))
    declared = chance.choice(("", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n'))
    text = f'{declared}<m:d xmlns:m="urn:m"{attribute}><m:s Id="p1">{items}</m:s></m:d>{chance.choice(("", chr(10)))}'
    return text.encode()


@_runs(1, 50)
@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
@pytest.mark.parametrize("form", ["enveloped", "enveloping", "detached"])
def test_signed_xml(form: str, level: str, seed: int, count: int) -> None:
    for run, chance in _chances(seed, count):
        name = chance.choice(("agency", "agency-ec", "person-ec"))
        out = io.BytesIO()
        sign_xml(
            *(_document(chance), out, signer(name), level),
            form=form,
            ids=("p1",) if form == "detached" else (),
            digest=chance.choice(("sha256", "sha384", "sha512")),
            roles=chance.choice(((), (chance.subject(),))),
            timestamper=Stamper(),
            trust=TRUST,
            evidence=EVIDENCE,
        )
        (found,) = verify_xml(out.getvalue(), trust=TRUST, evidence=EVIDENCE).signatures
        judged = (found.intact, found.trusted, found.indication.value, found.sub_indication, found.level)
        assert judged == (True, True, "TOTAL-PASSED", None, level), run
        assert {f.rule for f in found.findings} <= _XML_NOTES, run
