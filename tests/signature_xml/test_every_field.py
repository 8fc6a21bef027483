"""Every field of the model, taken from the model itself: changed, removed or added it is found out, by either form; and
a packet that a hub rebuilds in any of the ways hubs do keeps its seal."""

from __future__ import annotations

import base64
import copy
import io
import random
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import vn_edoc
from tests.signature.cast import signer
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Extension
from vn_edoc.envelope.elements import elements_of
from vn_edoc.envelope.fields import Part
from vn_edoc.errors import UsageError
from vn_edoc.findings import VIETNAM
from vn_edoc.signature import sign_packet, verify_packet
from vn_edoc.signature.packet.seal import is_seal_name

AXIS = {"id", "version", "mustUnderstand", "actor"}
"""Attributes of the trace list that SOAP has left, which nothing covers."""
FILES = (
    AttachmentSource(b"%PDF-1.4\n" + bytes(range(256)) * 50 + b"\n%%EOF\n", name="Quyết định số 12.pdf"),
    AttachmentSource(b"bang tinh" * 3000, name="phụ lục & bảng.txt"),
    AttachmentSource(b"", name="trống.doc"),
)


def filled(model: type[Part], number: int = 0) -> Part:
    """A part with a value in every field that the model has, lists with two."""
    values: dict[str, Any] = {}
    for serial, (name, about) in enumerate(elements_of(model).items()):

        def one(n: int, name: str = name, about: Any = about, serial: int = serial) -> Any:
            if about.part is not None:
                return filled(about.part, n)
            if about.enum is not None:
                return next(iter(about.enum))
            day = date(2026, 1, 1) + timedelta(days=serial + 40 * n)
            return {
                "text": f"{name} số {n} & <ế>",
                "int": 10 * serial + n,
                "bool": bool(n % 2),
                "date": day,
                "moment": datetime(2026, 5, 4, serial, n, tzinfo=VIETNAM),
            }[about.kind]

        values[name] = (one(number), one(number + 1)) if about.many or about.item else one(number)
    if not issubclass(model, Extension):
        text = Extension(name=f"Lạ{number}", text="giá trị", attributes=(("k", "1"),))
        values["extensions"] = (text,)
    return model(**values)


FULL = filled(DocumentMessage)


def names(model: type[Part]) -> Iterator[str]:
    for about in elements_of(model).values():
        yield about.item or about.name
        if about.part is not None:
            yield from names(about.part)


def written(message: Any, files: tuple[AttachmentSource, ...] = FILES, style: str = "java") -> bytes:
    out = io.BytesIO()
    vn_edoc.write(message, out, attachments=files, style=style, strict=False)
    return out.getvalue()


def signed(form: str) -> bytes:
    out = io.BytesIO()
    sign_packet(written(FULL), out, signer("agency"), form=form)
    return out.getvalue()


SEALED = signed("seal")
HEADED = signed("header")
with vn_edoc.read(SEALED) as _packet:
    SEAL = AttachmentSource(
        next(a.open().read() for a in _packet.attachments if is_seal_name(a.name)), "vn-edoc-seal.xml"
    )
    READ = _packet.message


def verdict(data: bytes) -> str:
    return verify_packet(data).state


def test_the_sample_has_every_field_of_the_model() -> None:
    tags = {etree.QName(e).localname for e in etree.fromstring(SEALED).iter() if isinstance(e.tag, str)}
    attributes = {a for e in etree.fromstring(SEALED).iter() if isinstance(e.tag, str) for a in e.attrib}
    missing = set(names(DocumentMessage)) - tags - attributes - {"BodyContent"}
    assert not missing
    assert READ.body_content == FULL.body_content
    assert verdict(SEALED) == verdict(HEADED) == "verifies"
    assert verify_packet(SEALED).signatures[0].changes == "allowed"  # its trace list has an entry of the axis


def other(value: Any) -> Iterator[Any]:
    """Other values of the same kind."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif re.fullmatch(r"\d{4}-\d\d-\d\d.*", value):
        yield value.replace("2026", "2025")
    else:
        yield from ("0", "1", "2", "01", "02", value + "x") if len(value) < 3 else (value + "x", value.upper())


Change = tuple[str, dict[str, Any]]


def changes(data: Any, whole: dict[str, Any], path: tuple[Any, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON form with one value changed, removed, doubled or added, and what that was."""

    def put(value: Any, at: tuple[Any, ...] = ()) -> dict[str, Any]:
        made = copy.deepcopy(whole)
        place: Any = made
        for step in (*path, *at)[:-1]:
            place = place[step]
        last = (*path, *at)[-1]
        if value is None:
            del place[last]
        else:
            place[last] = value
        return made

    shown = "/".join(map(str, path))
    if isinstance(data, dict):
        for key, value in data.items():
            if key in AXIS and path == ("TraceHeaderList",):
                continue
            yield f"{shown}/{key} removed", put(None, (key,))
            yield from changes(value, whole, (*path, key))
    elif isinstance(data, list):
        later = path == ("TraceHeaderList", "TraceHeader")
        for number, value in enumerate(data):
            if later and number:
                break  # what the axis appends
            if not (path and path[-1] == "attributes"):
                yield f"{shown}[{number}] removed", put(None, (number,))
                yield from changes(value, whole, (*path, number))
        if not later and path[-1] != "attributes":
            yield f"{shown} doubled", put([*data, data[0]])
    else:
        for value in other(data):
            yield f"{shown} changed to {value}", put(value)


def mutants() -> list[tuple[str, DocumentMessage]]:
    found = []
    seen = set()
    base = READ.to_dict()
    for what, data in changes(base, base):
        try:
            made = DocumentMessage.from_dict(data)
        except UsageError:
            continue
        where = what.partition(" changed")[0]
        if made == READ or ("changed" in what and where in seen):
            continue
        seen.add(where)
        found.append((what, made))
    return found


def test_the_seal_finds_out_every_change_of_every_field() -> None:
    """The packet is rebuilt from a message that differs in one value, with the seal beside it."""
    assert verdict(written(READ, (*FILES, SEAL))) == "verifies"
    made = mutants()
    changed = {w.partition(" changed")[0] for w, _ in made if " changed" in w}
    assert len(made) > 300 and len(changed) > 100
    for what, message in made:
        data = written(message, (*FILES, SEAL))
        with vn_edoc.read(data) as packet:
            if packet.message == READ:  # this style cannot carry the difference
                continue
        result = verify_packet(data)
        assert result.state == "fails", what
        (one,) = result.signatures
        assert one.changes == "forbidden" and one.indication == "TOTAL-FAILED", what


def test_the_seal_finds_out_every_change_of_the_files() -> None:
    first, *rest = FILES
    renamed = AttachmentSource(first.content, name="Quyết định số 13.pdf")
    for what, files in {
        "renamed": (renamed, *rest),
        "removed": tuple(rest),
        "added": (*FILES, AttachmentSource(b"x", name="thêm.txt")),
        "doubled": (*FILES, first),
        "other content": (AttachmentSource(first.content + b"\n", name=first.name), *rest),
        "contents exchanged": (
            AttachmentSource(FILES[1].content, name=first.name), AttachmentSource(first.content, name=FILES[1].name),
            FILES[2],
        ),
        "another seal's name": (*FILES, AttachmentSource(b"<x/>", name="vn-edoc-seal-2.xml")),
    }.items():  # fmt: skip
        assert verdict(written(READ, (*files, SEAL))) == "fails", what


def trees() -> Iterator[tuple[str, bytes]]:
    """The header-form packet with one element's text changed, or one element or attribute removed."""
    count = sum(1 for _ in etree.fromstring(HEADED).iter())
    for number in range(count):
        for act in ("changed", "removed", "doubled"):
            root = etree.fromstring(HEADED)
            element = list(root.iter())[number]
            above = [etree.QName(e).localname for e in (element, *element.iterancestors()) if isinstance(e.tag, str)]
            if element is root or {"Signature", "ContentTransferEncoded"} & set(above):
                continue
            traces = list(root.iter("{*}TraceHeader"))
            if any(t is element or t in element.iterancestors() for t in traces[1:]):
                continue
            if act == "changed":
                if len(element) or not (element.text or "").strip():
                    continue
                values = list(other(element.text))
                element.text = values[0] if values[0] != element.text else values[-1]
            elif act == "doubled":
                twin = copy.deepcopy(element)
                for inner in twin.iter():
                    inner.attrib.pop("Id", None)
                element.addnext(twin)
            else:
                element.getparent().remove(element)
            yield f"{'/'.join(reversed(above))} {act}", etree.tostring(root, encoding="UTF-8")


def test_the_header_form_finds_out_every_change_of_every_element() -> None:
    count = 0
    allowed = []
    for what, data in trees():
        if verdict(data) == "verifies":
            allowed.append(what)
        count += 1
    assert count > 400
    # A second trace entry is what the axis appends.
    assert allowed == ["edXML/edXMLEnvelope/edXMLHeader/TraceHeaderList/TraceHeader doubled"]


# A hub parses and rebuilds


class Hub:
    """Rebuilds a packet as software does that keeps values and contents only."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def coin(self) -> bool:
        return self.chance.random() < 0.5

    def rebuild(self, data: bytes) -> bytes:
        root = etree.fromstring(data)
        for element in list(root.iter()):
            if not isinstance(element.tag, str):
                continue
            element.attrib.pop("Id", None)
            if etree.QName(element).localname == "Signature":
                element.getparent().remove(element)
        for attachment in root.iter("{*}Attachment"):
            self.rewrap(attachment)
        # Whatever chance says, no two attachments get one identifier.
        ids = {
            str(e.text): f"cid:{uuid.UUID(int=number << 120 | self.chance.getrandbits(120))}"
            for number, e in enumerate(root.iter("{*}ContentId"))
        }
        for element in root.iter("{*}ContentId"):
            element.text = ids[str(element.text)]
        for element in root.iter("{*}Description"):
            if etree.QName(element.getparent()).localname in ("Attachment", "Reference"):
                element.text = "tệp"
        self.trace(root)
        for element in root.iter():
            if isinstance(element.tag, str) and etree.QName(element).localname != "TraceHeaderList":
                self.shuffle(element)
        return self.spell(root)

    def shuffle(self, element: etree._Element) -> None:
        if len(element) and not any((t or "").strip() for t in (element.text, *(c.tail for c in element))):
            children = list(element)
            self.chance.shuffle(children)
            element[:] = children

    def trace(self, root: etree._Element) -> None:
        holder = next(root.iter("{*}TraceHeaderList"))
        for name in AXIS:
            holder.attrib.pop(name, None)
        holder.set("version", "1.0")
        for last in list(holder.iter("{*}TraceHeader"))[-1:]:
            for _ in range(self.chance.randrange(3)):
                last.addnext(copy.deepcopy(last))

    def rewrap(self, attachment: etree._Element) -> None:
        """Another ZIP wrapper, or none, and base64 in lines."""
        content = next(attachment.iter("{*}ContentTransferEncoded"))
        name = next(attachment.iter("{*}AttachmentName")).text
        octets = base64.b64decode(content.text or "")
        if octets.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                octets = archive.read(archive.namelist()[0])
        if self.coin() or not octets:
            buffer = io.BytesIO()
            method = zipfile.ZIP_DEFLATED if self.coin() else zipfile.ZIP_STORED
            entry = zipfile.ZipInfo(f"{uuid.UUID(int=self.chance.getrandbits(128))}.{name.rpartition('.')[2]}")
            with zipfile.ZipFile(buffer, "w", method) as archive:
                archive.writestr(entry, octets, method)
            octets = buffer.getvalue()
            next(attachment.iter("{*}ContentType")).text = "application/zip"
        text = base64.b64encode(octets).decode()
        width = self.chance.choice([0, 64, 76])
        end = self.chance.choice(["\n", "\r\n"])
        content.text = text if not width else end.join(text[i : i + width] for i in range(0, len(text), width)) + end

    def spell(self, root: etree._Element) -> bytes:
        text = etree.tostring(root, encoding="unicode", pretty_print=self.coin())
        if self.coin():
            text = text.replace("edXML:", "p:").replace("xmlns:edXML=", "xmlns:p=")
        if self.coin():
            text = re.sub(r">([^<&]*ế[^<]*)<", lambda m: f">{m[1].replace('ế', '&#7871;')}<", text)
        if self.coin():
            text = re.sub(r">([^<>]*&amp;[^<>]*&lt;[^<>]*)<", self.cdata, text)
        head = self.chance.choice(
            ["", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n', "<?xml version='1.0'?>"]
        )
        return (head + text).encode()

    @staticmethod
    def cdata(match: re.Match[str]) -> str:
        plain = match[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#7871;", "ế").replace("&amp;", "&")
        return f"><![CDATA[{plain}]]><"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_rebuilt_packet_keeps_its_seal(chance: random.Random) -> None:
    made = Hub(chance).rebuild(SEALED)
    result = verify_packet(made)
    assert result.state == "verifies", [f.message_en for s in result.signatures for f in s.findings]
    assert result.signatures[0].changes == "allowed"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.data())
def test_a_change_on_the_way_is_found_out(chance: random.Random, data: st.DataObject) -> None:
    """A hub rebuilds and changes one value: the seal tells."""
    what, message = data.draw(st.sampled_from(MUTANTS))
    made = Hub(chance).rebuild(written(message, (*FILES, SEAL)))
    assert verdict(made) == "fails", what


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_a_hub_that_drops_unknown_elements_is_found_out(chance: random.Random) -> None:
    root = etree.fromstring(SEALED)
    for element in list(root.iter("{*}Lạ0", "{*}Lạ1")):
        element.getparent().remove(element)
    assert verdict(Hub(chance).rebuild(etree.tostring(root, encoding="UTF-8"))) == "fails"


def carried(message: DocumentMessage) -> bool:
    with vn_edoc.read(written(message)) as packet:
        return packet.message != READ


MUTANTS = [row for row in mutants() if carried(row[1])]


@pytest.mark.parametrize("style", ["java", "dotnet"])
def test_our_own_writer_rebuilds(style: str) -> None:
    assert verdict(written(READ, (*FILES, SEAL), style)) == "verifies"
