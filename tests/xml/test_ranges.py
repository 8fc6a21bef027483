"""Skeleton and ranges give what one parser of the whole gives: the same canonical octets, the same texts."""

from __future__ import annotations

import base64
import io
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from vn_edoc.errors import LimitExceeded, SourceError
from vn_edoc.limits import Limits
from vn_edoc.xml.base64run import _CHUNK, Base64Reader, Base64Run, is_base64_text
from vn_edoc.xml.parse import parse
from vn_edoc.xml.ranges import THRESHOLD, CutRange, cut
from vn_edoc.xml.source import open_source

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _run(chance: random.Random) -> bytes:
    text = bytes(chance.choices(_ALPHABET, k=4 * chance.randint(10, 4000)))
    blank = chance.choice([b"", b"\n", b"\r\n", b"\r", b" ", b"&#13;\n", b"&#xD;", b"&#10;", b"\t"])
    return blank.join(text[n : n + 76] for n in range(0, len(text), 76)) if blank else text


def document(chance: random.Random) -> bytes:
    def content(depth: int) -> bytes:
        pieces = []
        for _ in range(chance.randint(1, 4)):
            pick = chance.random()
            if pick < 0.35:
                pieces.append(_run(chance))
            elif pick < 0.5:
                pieces.append(chance.choice([b"a &amp; b>c", "tiếng Việt".encode(), b"\r\n", b"x=\"1\" 'y'"]))
            elif pick < 0.6:
                pieces.append(chance.choice([b"<!--%s-->", b"<?p %s?>"]) % chance.choice([b"x", b"<a>"]))
            elif pick < 0.65:
                hidden = chance.choice([b"<&>", _run(chance), b"<a>" + _run(chance) + b"</a>", b">" + _run(chance)])
                head, tail = chance.choice([(b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?p ", b"?>")])
                pieces.append(head + hidden + tail)
            elif depth < 4:
                name = chance.choice([b"a", b"n:b", b"c"])
                attribute = chance.choice([b"", b' k="1&gt;>2"', b' xmlns:m="urn:m" m:z=">"'])
                pieces.append(b"<%s%s>%s</%s>" % (name, attribute, content(depth + 1), name))
        return b"".join(pieces)

    return b'<?xml version="1.0"?>\n<r xmlns="urn:r" xmlns:n="urn:n">' + content(0) + b"</r>"


@pytest.mark.parametrize("exclusive", [True, False])
def test_canonical_octets_equal_those_of_the_whole_tree(exclusive: bool) -> None:
    chance, taken_out, inexact = random.Random(20260305), 0, 0
    for _ in range(400):
        data = document(chance)
        whole = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
        skeleton = cut(open_source(data))
        parsed = parse(skeleton.data)
        assert parsed.root is not None and parsed.exact
        if not skeleton.exact:
            # References in a comment, an instruction or a CDATA section are plain text: said, and never digested.
            assert re.search(rb"<(!--|!\[CDATA\[|\?p )(<a>|>)?[A-Za-z0-9+/\n]{60,}&#", data)
            inexact += 1
            continue
        taken_out += len(skeleton.ranges)
        for method in ({"exclusive": exclusive}, {"exclusive": exclusive, "with_comments": False}):
            mine = b"".join(skeleton.pieces(etree.tostring(parsed.root, method="c14n", **method)))  # type: ignore[call-overload]
            assert mine == etree.tostring(whole, method="c14n", **method)  # type: ignore[call-overload]
        for one, other in zip(parsed.root.iter(), whole.iter(), strict=True):
            assert skeleton.expand(one.text or "") == (other.text or "")
            assert skeleton.expand(one.tail or "") == (other.tail or "")
    assert taken_out > 100 and inexact


@pytest.mark.parametrize("shift", range(9))
def test_pieces_of_the_source_do_not_matter(shift: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tags, references and line ends may be cut anywhere by the size of a read."""
    chance = random.Random(shift)
    path = tmp_path / "x"
    for _ in range(20):
        data = document(chance)
        path.write_bytes(data)
        expected = cut(open_source(data))
        source = open_source(path)
        with monkeypatch.context() as small:
            small.setattr("vn_edoc.xml.ranges.CHUNK", 9001 + shift)
            small.setattr("vn_edoc.xml.base64run._CHUNK", 4001 + shift)
            mine = cut(source)
        assert [(r.start, r.end) for r in mine.ranges.values() if isinstance(r, CutRange)] == [
            (r.start, r.end) for r in expected.ranges.values() if isinstance(r, CutRange)
        ]
        for one, other in zip(mine.ranges.values(), expected.ranges.values(), strict=True):
            assert isinstance(one, CutRange) and isinstance(other, CutRange)
            assert b"".join(one.canonical()) == b"".join(other.canonical())
            with monkeypatch.context() as small:
                small.setattr("vn_edoc.xml.base64run._CHUNK", 4001 + shift)
                assert (one.run.check().damage is None) == (other.run.check().damage is None)
                decoded = b"".join(one.run.decoded())
            assert other.run.check().damage or decoded == b"".join(other.run.decoded())
        source.close()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.binary(max_size=2000),
    at=st.integers(0, 2000),
    step=st.integers(1, 77),
    blank=st.sampled_from(["", "\n", "\r\n", " ", "&#13;", "&#x0D;\n"]),
)
def test_decoding_from_anywhere(content: bytes, at: int, step: int, blank: str) -> None:
    text = base64.b64encode(content).decode()
    carried = blank.join(text[n : n + step] for n in range(0, len(text), step)).encode()
    run = Base64Run(open_source(carried), 0, len(carried))
    checked = run.check()
    assert (checked.damage, checked.size) == (None, len(content))
    assert b"".join(run.decoded(at)) == content[at:]
    reader = io.BufferedReader(Base64Reader(run), 64)
    reader.seek(at)
    assert reader.read() == content[at:]


@pytest.mark.parametrize("behind", ["\n", "\r\n    ", "&#xD;\n", " " * 3 * _CHUNK, ""])
@pytest.mark.parametrize("over", [0, 1, 2])
def test_white_space_behind_the_padding_may_fall_into_the_next_step(behind: str, over: int) -> None:
    """The last octets of a content end a step by chance: what follows decides whether that was the end."""
    for size in range(_CHUNK // 4 * 3 - 9, _CHUNK // 4 * 3 + 3):
        content = random.Random(size).randbytes(size)
        carried = b"x" * over + base64.b64encode(content) + behind.encode()
        run = Base64Run(open_source(carried), over, len(carried))
        checked = run.check()
        assert (checked.damage, checked.size, checked.unpadded, checked.loose_bits) == (None, size, False, False)
        assert b"".join(run.decoded()) == content
        assert b"".join(run.decoded(size - 2)) == content[-2:]
        assert Base64Run(open_source(carried + b"AAAA"), over, len(carried) + 4).check().damage in (
            None if size % 3 == 0 else "padding",
        )


@pytest.mark.parametrize("blank", [b"", b"\r\n"])
@pytest.mark.parametrize("keep", [True, False])
def test_decoding_begins_anywhere_whatever_the_first_check_took_at_a_time(keep: bool, blank: bytes) -> None:
    """A content that is kept is checked in one step, however long; of a source that may change it is decoded anew."""
    content = random.Random(5).randbytes(3 * _CHUNK)
    text = base64.b64encode(content)
    carried = blank.join(text[n : n + 76] for n in range(0, len(text), 76)) if blank else text
    run = Base64Run(open_source(io.BytesIO(carried)), 0, len(carried))
    assert run.check(keep=keep).size == len(content) and run.kept() is None
    for at in (0, 1, _CHUNK // 4 * 3 - 1, _CHUNK // 4 * 3, _CHUNK, 2 * _CHUNK + 7, len(content) - 1, len(content)):
        assert b"".join(run.decoded(at)) == content[at:]
        reader = io.BufferedReader(Base64Reader(run), 64)
        reader.seek(at)
        assert reader.read(100) == content[at : at + 100]


@pytest.mark.parametrize("zeros", range(8))
def test_a_reference_is_judged_alike_wherever_a_step_cuts_it(zeros: int) -> None:
    found = set()
    for before in range(_CHUNK - 16, _CHUNK + 4):
        carried = b"A" * before + b"&#x" + b"0" * zeros + b"D;" + b"A" * (-before % 4 + 4)
        found.add(Base64Run(open_source(b" " + carried + b" "), 1, len(carried) + 1).check().damage is None)
    assert found == {zeros < 6}


def test_a_second_check_feeds_its_sink_as_well() -> None:
    content = bytes(range(256)) * 3000
    carried = base64.b64encode(content)
    run = Base64Run(open_source(carried), 0, len(carried))
    first, second = bytearray(), bytearray()
    run.check()
    run.check(first.extend)
    run.check(second.extend)
    assert first == second == content


def test_a_long_text_that_is_no_base64_stays() -> None:
    text = b"A" * (THRESHOLD * 2) + b"*" + b"A" * THRESHOLD
    skeleton = cut(open_source(b"<a>" + text + b"</a>"))
    assert not skeleton.ranges and text in skeleton.data


def test_a_very_long_text_with_junk_makes_the_whole_inexact() -> None:
    text = bytearray(b"A" * 2_000_000)
    text[1_000_000] = ord("*")
    skeleton = cut(open_source(b"<a>" + bytes(text) + b"</a>"))
    assert len(skeleton.ranges) == 1 and not skeleton.exact


def test_bounds_of_the_skeleton() -> None:
    with pytest.raises(LimitExceeded):
        cut(open_source(b"<a>" + b"x* " * 5000 + b"</a>"), Limits(xml_skeleton_bytes=1000))


def test_a_source_that_shrinks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"A" * 10_000)
    source = open_source(path)
    path.write_bytes(b"A" * 10)
    with pytest.raises(SourceError):
        list(source.chunks())
    source.close()


def test_references_are_known_and_nothing_else() -> None:
    assert is_base64_text(b"AAAA&#13;\r\n&#xD;&#10;&#x0a;BB==")
    for text in (b"A&amp;", b"A&#65;", b"A*", b"A-_", b"&#13", "é".encode()):
        assert not is_base64_text(text)
