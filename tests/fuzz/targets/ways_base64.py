"""Base64 in XML: decoded in any pieces, from anywhere, it is what the standard library makes of it; what is damaged is
told, and canonical octets are those of libxml2."""

from __future__ import annotations

import base64
import binascii
import io
import re
from random import Random

import pytest
from lxml import etree

from tests.fuzz.mutators import octets_mutated
from tests.fuzz.target import Target
from vn_edoc.xml.base64run import Base64Reader, Base64Run, is_base64_text
from vn_edoc.xml.source import open_source

_END = re.compile(rb"&#(?:0*(?:13|10|9)|x0*[dDaA9]);")
_WORDS = (
    *b"&#13; &#xD; &#10; &#x0A; &#9; &#0013; &#x000d; &# & ; = == A AA== AB== AAA= AAB= ==== - _ *".split(),
    *(b"\r\n", b"\r", b"\n", b" ", b"\t", b"\xc2\xa0", b"\0"),
)


def _seeds() -> list[bytes]:
    content = bytes(range(256))
    joints = (b"", b"\n", b"\r\n", b"&#13;\n", b" ", b"&#xD;", b"\t")
    texts = [base64.b64encode(content[:n]) for n in (0, 1, 2, 3, 57, 256)]
    return [joint.join(t[n : n + 20] for n in range(0, len(t), 20)) for t in texts for joint in joints]


def _plain(text: bytes) -> bytes | None:
    """What the standard library makes of it; ``None`` where it refuses, or takes more padding than there may be."""
    bare = _END.sub(b"", text).translate(None, b" \t\r\n")
    if b"=" in bare and (len(bare) % 4 or bare.endswith(b"===")):
        return None
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4 if b"=" not in bare else 0), validate=True)
    except (binascii.Error, ValueError):
        return None


def _one(data: bytes) -> None:
    run = Base64Run(open_source(data), 0, len(data))
    checked = run.check()
    expected = _plain(data)
    assert (checked.damage is None) == (expected is not None), (checked, expected)
    pieces = b"".join(run.decoded())
    for step in (4, 8, 12, 64):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("vn_edoc.xml.base64run._CHUNK", step)
            other = Base64Run(open_source(data), 0, len(data))
            again = other.check()
            if checked.damage is None:
                assert again == checked and b"".join(other.decoded()) == pieces
            assert again.damage is None or checked.damage is not None
            assert b"".join(other.canonical()) == b"".join(run.canonical())
    if expected is not None:
        assert pieces == expected and checked.size == len(expected)
        at = len(data) % (len(expected) + 1)
        assert b"".join(run.decoded(at)) == expected[at:]
        reader = io.BufferedReader(Base64Reader(run), 16)
        reader.seek(at)
        assert reader.read() == expected[at:]
        whole = base64.b64encode(expected)
        bare = _END.sub(b"", data).translate(None, b" \t\r\n")
        assert checked.loose_bits == (bare.rstrip(b"=") != whole.rstrip(b"="))
        assert checked.unpadded == (len(bare) % 4 != 0)
    if is_base64_text(data):
        tree = etree.fromstring(b"<a>" + data + b"</a>")
        assert b"<a>" + b"".join(run.canonical()) + b"</a>" == etree.tostring(tree, method="c14n")


def _mutate(data: bytes, chance: Random) -> bytes:
    return octets_mutated(data, chance, _WORDS)


TARGET = Target(_one, _seeds, _mutate, longest=2_000, words=_WORDS)
