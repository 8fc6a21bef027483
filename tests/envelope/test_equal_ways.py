"""The short ways of reading and writing give what the long ones give."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import pickle
import random
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vn_edoc
from tests.envelope.mutations import mutated
from tests.envelope.packets import attachment, packet, reference, zipped
from vn_edoc.envelope import (
    AttachmentSource,
    Code,
    DocumentMessage,
    DocumentType,
    ErrorReport,
    Organization,
    StatusMessage,
    elements,
    fields,
    hashing,
    keys,
    names,
    parts,
)
from vn_edoc.envelope.elements import elements_of
from vn_edoc.envelope.fields import Part
from vn_edoc.envelope.notes import Notes
from vn_edoc.errors import Unreadable
from vn_edoc.limits import DEFAULT_LIMITS
from vn_edoc.xml.base64run import is_base64_text
from vn_edoc.xml.parse import parse

_MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def long_ways(patch: pytest.MonkeyPatch) -> None:
    """Close every short way."""
    patch.setattr(names, "_is_safe", lambda name: False)
    patch.setattr(keys, "_made_of_its_own", lambda *_: False)
    patch.setattr(keys, "_remembered", keys._doubts)
    patch.setattr(keys, "_UNDOUBTED", re.compile("(?!)"))
    patch.setattr("vn_edoc.envelope.reader._KEPT", -1)
    patch.setattr("vn_edoc.xml.ranges.CHUNK", 9001)
    for model in [DocumentMessage, StatusMessage, ErrorReport, *vars(parts).values()]:
        if isinstance(model, type) and issubclass(model, Part):
            for spec in elements_of(model).values():
                patch.setattr(spec, "plain", False)
            if model.__name__ in elements._groups():
                for spec in elements_of(elements.group_named(model.__name__)).values():
                    patch.setattr(spec, "plain", False)


def long_name(name: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_is_safe", lambda name: False)
        return names.safe_name(name, "x")


@_MANY
@given(
    st.text(st.sampled_from("aZ9_ .-()&+,\u0300é\u1ebf٣\u2024\uff0e\u200b\u202e/\\:\tCONLPT1²"), max_size=12)
    | st.text(max_size=60)
    | st.from_regex(r"\w{1,9}[ .\-(]\w{1,9}\.pdf", fullmatch=True)
    | st.sampled_from(
        ["con", "NUL.txt", "aux .pdf", "COM1", "lpt².x", "a" * 50 + ".pdf", "ế" * 50, "e\u0302\u0301.pdf"]
    )
)
def test_safe_names(name: str) -> None:
    assert names.safe_name(name, "x") == long_name(name)


@_MANY
@given(st.text(st.sampled_from("AZaz09+/==\r\n &#13;x&#xD;*-_é"), max_size=40))
def test_base64_texts(text: str) -> None:
    octets = text.encode()
    bare = octets
    for known in (b"&#13;", b"&#xD;", b"&#10;", b"&#9;"):
        bare = bare.replace(known, b"")
    plain = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n")
    if b"&" in bare:
        assert not is_base64_text(octets) or b"&#" in bare
    else:
        assert is_base64_text(octets) == (set(bare) <= plain)


_ORGANS = st.sampled_from(
    [
        *("H29.12", "G12", "000.00.12.H29", "0100109106", "0100109106001", "0100109106-001", "H37.DN.001"),
        *("vxp.saas.03", "02.29.W00", "Z01ABC,D", "h29.12", "28.22.H17", "x"),
    ]
)
_NUMBERS = st.sampled_from(["1", "01", "15", "007", "125", "0", "99999999999", "999999999999", "15a", "٣", "1/2"])
_NOTATIONS = st.sampled_from(
    "SNV-VP|QĐ-UBND|qd-ubnd|CV|CV-VP|NQ/TW|2018/QĐ-TTg|2018/XX-YY|UBND|QD-UBND|ÐA-X|QĐ-TT\u0301|SNV VP|#1|QĐ-UBND#2|KH"
    f"|{'a' * 118}|TB-{'A' * 112}".split("|")
) | st.text(st.sampled_from("QĐTBVPx/-.& \u2013"), min_size=1, max_size=9).filter(str.strip)
_TYPES = st.sampled_from([None, "Công văn", "Quyết định", "Thông báo", "quyết định", "QĐ", "Khác", "x" * 201])


def told(message: DocumentMessage, day: date | None) -> list[object]:
    notes = Notes(DEFAULT_LIMITS)
    keys.check_number(message, notes)
    keys.check_document_id(message, day, notes)
    return [f.to_dict() for f in notes.findings()]


@_MANY
@given(
    organ=_ORGANS,
    number=_NUMBERS,
    notation=_NOTATIONS,
    kind=_TYPES,
    day=st.sampled_from([date(2026, 3, 5), date(999, 1, 2), date(2015, 12, 31)]) | st.none(),
    other=st.sampled_from(["", "x", " ", ",", "\u0301"]),
    sep=st.sampled_from("/-"),
)
def test_numbers_and_ids(
    organ: str, number: str, notation: str, kind: str | None, day: date | None, other: str, sep: str
) -> None:
    shown = day or date(2026, 3, 5)
    made = f"{organ},{shown.year:04d}{sep}{shown.month:02d}{sep}{shown.day:02d},{number}/{notation}{other}"
    message = DocumentMessage(
        sender=Organization(organ_id=organ),
        code=Code(code_number=number, code_notation=notation),
        document_type=DocumentType(type_name=kind),
        document_id=made,
    )
    short = told(message, day)
    with pytest.MonkeyPatch.context() as patch:
        long_ways(patch)
        assert told(message, day) == short


def told_of(source: object) -> list[object]:
    try:
        with vn_edoc.read(source) as read:  # type: ignore[arg-type]
            contents = [None if a.damaged else hashlib.sha256(a.read()).hexdigest() for a in read.attachments]
            assert contents == [a.sha256 for a in read.attachments]
            files = [(a.name, a.safe_name, a.size, a.sha256, a.media_type, a.damage) for a in read.attachments]
            message = None if read.message is None else read.message.to_dict()
            return [read.kind, read.dialect, read.producer, message, files, [f.to_dict() for f in read.findings]]
    except Unreadable as error:
        return [[f.to_dict() for f in error.findings]]


def test_packets_read_either_way(shared: Path, tmp_path: Path) -> None:
    """Every sample and mutations of it: the same message, files and findings, from memory and from a file."""
    chance = random.Random(20260305)
    samples = sorted((shared / "samples" / "edxml").glob("*.xml"))
    assert samples
    path = tmp_path / "p.edxml"
    for sample in samples:
        data = sample.read_bytes()
        for octets in (data, *(mutated(data, chance) for _ in range(12))):
            short = told_of(octets)
            path.write_bytes(octets)
            assert told_of(path) == short
            with pytest.MonkeyPatch.context() as patch:
                long_ways(patch)
                assert told_of(path) == short


def test_kept_contents_are_given_while_the_file_stands_still(tmp_path: Path) -> None:
    path = tmp_path / "p.edxml"
    files = (
        attachment("a.pdf", b"%PDF" + b"A" * 9000),
        attachment("b.txt", zipped({"x.txt": b"B" * 9000}), content_id="2"),
    )
    path.write_bytes(packet(*files, references=reference("a.pdf") + reference("b.txt", "2")))
    time.sleep(0.15)
    with vn_edoc.read(path) as read:
        first, second = read.attachments
        assert first.read() is first.read() and second.read() is second.read()
        with second.open() as file:
            assert (file.seek(-3, os.SEEK_END), file.read(), file.writable()) == (8997, b"BBB", False)
    with pytest.raises(Unreadable):
        first.read()


@pytest.mark.parametrize("settled", [True, False])
def test_kept_contents_of_a_changed_file_are_refused(tmp_path: Path, settled: bool) -> None:
    path = tmp_path / "p.edxml"
    path.write_bytes(packet(attachment("a.pdf", b"%PDF" + b"A" * 9000), references=reference("a.pdf")))
    if settled:
        time.sleep(0.15)
    with vn_edoc.read(path) as read:
        with path.open("r+b") as file:
            file.seek(path.read_bytes().index(b"QUFB", 1000))
            file.write(b"QkJC")
        with pytest.raises(Unreadable):
            read.attachments[0].read()
        with pytest.raises(Unreadable):
            read.attachments[0].open().read()


def _deep(levels: int, closed: bool) -> bytes:
    return b"<a>" * levels + (b"</a>" * levels if closed else b"")


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("levels", [63, 64, 65, 66, 200])
def test_depth_is_bounded_exactly(levels: int, closed: bool) -> None:
    parsed = parse(_deep(levels, closed), repair=True)
    assert ("xml.limit" in {f.rule for f in parsed.findings}) == (levels > DEFAULT_LIMITS.xml_depth)


@pytest.mark.parametrize("size", [10, 300_000, 5_000_000, 23_000_000])
def test_the_digest_is_that_of_what_was_written(tmp_path: Path, size: int) -> None:
    """Also when somebody changes the file before the digest is asked for."""
    path, message = tmp_path / "p.edxml", DocumentMessage(subject="x")
    result = vn_edoc.write(message, path, [AttachmentSource(b"%PDF" + b"A" * size, "a.pdf")], strict=False)
    written = path.read_bytes()
    path.write_bytes(b"another")
    assert (result.size, result.sha256) == (len(written), hashlib.sha256(written).hexdigest())
    assert pickle.loads(pickle.dumps(result)) == result and result.sha256[:8] not in repr(result)


def test_octets_that_wait_to_be_hashed_are_bounded() -> None:
    before = sum(hashing._waiting.values())
    made = [hashing.Digest([b"%d" % n, b"A" * 500_000]) for n in range(80)]
    assert sum(hashing._waiting.values()) <= hashing._WAITING_BYTES < 80 * 500_000
    with hashing.AsideDigest(waits=True) as running:
        for _ in range(6):
            running.feed(b"B" * 1_000_000)
        assert sum(hashing._waiting.values()) <= hashing._WAITING_BYTES
        made.append(running.digest())
    assert made[-1].hexdigest() == hashlib.sha256(b"B" * 6_000_000).hexdigest()
    for number in range(80):
        assert made[number].hexdigest() == hashlib.sha256(b"%d" % number + b"A" * 500_000).hexdigest()
    made.append(hashing.Digest([b"never asked for"]))
    del made
    gc.collect()
    assert sum(hashing._waiting.values()) <= before


def test_the_digest_of_a_kept_content_is_that_of_what_was_read(tmp_path: Path) -> None:
    path, contents = tmp_path / "p.edxml", (b"%PDF" + b"A" * 9000, b"B" * 9000)
    files = attachment("a.pdf", contents[0]), attachment("b.txt", zipped({"x.txt": contents[1]}), content_id="2")
    data = packet(*files, references=reference("a.pdf") + reference("b.txt", "2"))
    for source in (data, path):
        path.write_bytes(data)
        with vn_edoc.read(source) as read:
            path.write_bytes(b"another")
            assert [a.sha256 for a in read.attachments] == [hashlib.sha256(c).hexdigest() for c in contents]


@_MANY
@given(st.text(st.sampled_from("a ệ\u0301\t\n\r\x0b\x1c\x85\xa0\xad\u2028\ud800\ufffe\U0001f600"), max_size=6))
def test_text_of_printable_characters_is_that_of_all_others(text: str) -> None:
    def long() -> object:
        class Unprintable(str):
            __slots__ = ()

            def isprintable(self) -> bool:
                return False

        return fields._text(Unprintable(text))

    def told(call: Callable[[], object]) -> object:
        try:
            return call()
        except ValueError as error:
            return str(error)

    assert told(lambda: fields._text(text)) == told(long)


@pytest.mark.parametrize("how", ["fields", "dict", "json"])
def test_what_says_nothing_is_absent_however_it_is_given(how: str) -> None:
    """At every depth, by field name and element name, in groups, lists of groups and lists of texts."""
    data: dict[str, object] = {
        "Subject": " null ",
        "content": "x",
        "To": [{"OrganId": "H30"}, {"OrganId": ""}, {}],
        "SignerInfo": {"FullName": "\t"},
        "TraceHeaderList": {"Bussiness": {"StaffInfo": {"Staff": "NULL"}}, "TraceHeader": [{"OrganId": " "}]},
        "ToPlaces": ["a", "", "Null", " b "],
        "extensions": [{"name": "A", "text": "null", "children": [{"name": "B", "text": " "}]}],
    }
    made = {
        "fields": lambda: DocumentMessage(**data),  # type: ignore[arg-type]
        "dict": lambda: DocumentMessage.from_dict(data),
        "json": lambda: DocumentMessage.model_validate_json(json.dumps(data)),
    }[how]()
    child = parts.Extension(name="B")
    assert made == DocumentMessage(
        content="x",
        receivers=(Organization(organ_id="H30"),),
        to_places=("a", "b"),
        extensions=(parts.Extension(name="A", text="null", children=(child,)),),
    )
    assert child.text is None and (made.subject, made.signer_info, made.trace) == (None, None, None)
