"""The quick way of verifying says what the general way says, or nothing; and it does say something of what we sign. The
quick way of signing writes what the general way writes."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.signature.cast import EVIDENCE, TRUST, signer
from vn_edoc.errors import VnEdocError
from vn_edoc.limits import Limits
from vn_edoc.signature import ProductionPlace, sign_xml, verify_xml
from vn_edoc.signature.judgement import make_settings
from vn_edoc.signature.xml import api
from vn_edoc.signature.xml import verify as general
from vn_edoc.signature.xml.build import SigningOptions
from vn_edoc.signature.xml.plain import sign_plain, verify_plain

AT = datetime.now(UTC)
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<e:E xmlns:e="urn:e" xmlns:u="urn:u" xml:lang="vi">'
    '<e:B Id="body" u:x="1"><e:x>giá trị &amp; &lt;một&gt;\t&#13;</e:x><e:y/></e:B><?sau pi?></e:E>\n'
).encode()


def signed(data: bytes = DOCUMENT, who: str = "agency", **options: Any) -> bytes:
    out = io.BytesIO()
    sign_xml(data, out, signer(who), **options)
    return out.getvalue()


def quick(data: bytes, limits: Limits | None = None) -> Any:
    judged = verify_plain(data, make_settings(TRUST, EVIDENCE, None, None, AT, limits))
    return None if judged is None else judged.result


def thorough(data: bytes, limits: Limits | None = None) -> Any:
    """All that the general way says of a document."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(general, "verify_plain", lambda data, settings: None)
        return verify_xml(data, trust=TRUST, evidence=EVIDENCE, at=AT, limits=limits)


def plain(value: Any) -> Any:
    """A result that can be compared: contents by their octets."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return (value.read(), value.size, value.sha256) if hasattr(value, "read") else value


def agree(data: bytes, limits: Limits | None = None) -> bool:
    """Whether the quick way said something, which then is what the general way says."""
    found = quick(data, limits)
    if found is None:
        return False
    whole = thorough(data, limits)
    assert whole.findings == ()
    (one,) = whole.signatures
    assert plain(found) == plain(one)
    assert one.intact is True
    return True


@pytest.mark.parametrize(
    ("who", "options"),
    [
        ("agency", {}),
        ("agency", {"scheme": "pss"}),
        ("agency", {"digest": "sha512"}),
        ("agency", {"digest": "sha3-256", "scheme": "pss"}),
        ("agency-ec", {}),
        ("agency-ec", {"digest": "sha384"}),
    ],
)
@pytest.mark.parametrize(
    "data", [DOCUMENT, b"<a/>", b"<a>\r\n</a>", b"\xef\xbb\xbf<a b='1'>x</a>\n<?p q?><!-- sau -->"]
)
def test_what_we_sign_is_verified_quickly(who: str, options: dict[str, Any], data: bytes) -> None:
    octets = signed(data, who, **options)
    # Something behind the root, as in the last document, is for the general way.
    assert agree(octets) is not octets.endswith(b"-->")


def test_both_ways_give_the_same_whole_result() -> None:
    data = signed()
    one = verify_xml(data, trust=TRUST, evidence=EVIDENCE, at=AT)
    other = thorough(data)
    assert plain(one.signatures) == plain(other.signatures)
    assert one.signatures[0].indication == "TOTAL-PASSED"
    assert one.signatures[0].content is not None
    assert one.signatures[0].content.read().startswith(b'<e:E xmlns:e="urn:e" xml:lang="vi"')
    assert set(one.evidence.certificates) == set(other.evidence.certificates)
    assert set(one.evidence.crls) == set(other.evidence.crls)


@pytest.mark.parametrize("other", ["form", "level", "role", "twice", "moved", "behind", "spaced", "counter"])
def test_other_forms_are_for_the_general_way(other: str) -> None:
    data = signed()
    start, end = data.index(b"<ds:Signature "), data.index(b"</ds:Signature>") + 15
    signature = data[start:end]
    octets = {
        "form": lambda: signed(form="enveloping"),
        "level": lambda: data.replace(
            b"</xades:SignedProperties>",
            b"</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
            b"</xades:UnsignedSignatureProperties></xades:UnsignedProperties>",
        ),
        "role": lambda: signed(roles=("Văn thư",)),
        "twice": lambda: signed(data),
        "moved": lambda: data[:start].replace(b"<e:y/>", signature + b"<e:y/>") + data[end:],
        "behind": lambda: data[:end] + b"<e:z/>" + data[end:],
        "spaced": lambda: data[:start] + signature.replace(b"><", b">\n<") + data[end:],
        "counter": lambda: data.replace(b'URI=""', b'URI="#body"'),
    }[other]()
    assert quick(octets) is None
    assert thorough(octets).signatures


def _hidden(head: bytes, tail: bytes) -> bytes:
    """A signature over a root without content, put where it is no element."""
    data = signed(b"<x></x>")
    start, end = data.index(b"<ds:Signature "), data.index(b"</ds:Signature>") + 15
    return head + data[start:end] + tail


@pytest.mark.parametrize(
    "data",
    [
        _hidden(b"<x></x><!--", b"</x-->"),
        _hidden(b"<x--/><!--", b"</x-->"),
        _hidden(b"<x></x><?p ", b"</x?>"),
        _hidden(b"<x><![CDATA[", b"</x]]>"),
        _hidden(b"<x><![CDATA[", b"]]></x>"),
        _hidden(b"<x><!--", b"--></x>"),
        _hidden(b"<x><?p ", b"?></x>"),
        _hidden(b"<x a='", b"'></x>"),
        _hidden(b"<x>", b"</y>"),
        _hidden(b"<x>", b""),
        _hidden(b"", b"</x>"),
        _hidden(b"", b""),
        _hidden(b"<!DOCTYPE x [ ", b"</x>"),
        _hidden(b"<y></y><x>", b"</x>"),
    ],
)
def test_a_signature_that_is_no_element_counts_nowhere(data: bytes) -> None:
    assert quick(data) is None
    assert not any(one.intact for one in verify_xml(data).signatures)


def _put(data: bytes, markup: bytes) -> bytes:
    return data.replace(b"<e:y/>", markup + b"<e:y/>")


@pytest.mark.parametrize("name", ["Id", "ID", "id", "xml:id", "w:Id", "Id\n ", "Id                        "])
@pytest.mark.parametrize("part", ["", "-p", "-v", "-r0"])
def test_an_identifier_of_the_signature_elsewhere_is_refused(name: str, part: str) -> None:
    wsu = b"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
    text = re.search(rb'<ds:Signature [^>]*Id="([^"]+)"', data := signed())
    assert text is not None
    twin = b'<e:z xmlns:w="%s" %s="%s"/>' % (wsu, name.encode(), text[1] + part.encode())
    octets = _put(data, twin)
    assert quick(octets) is None
    assert [f.rule for f in verify_xml(octets).findings] == ["xmldsig.duplicate_id"]


@pytest.mark.parametrize(
    "markup",
    [b"<!--c-->", b"a<!--c-->b", b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>', b"<e:z/>", b"z"],
)
def test_what_is_added_is_found(markup: bytes) -> None:
    octets = _put(signed(), markup)
    found = verify_xml(octets, trust=TRUST, evidence=EVIDENCE, at=AT)
    assert plain(found) == plain(thorough(octets))
    assert quick(octets) is None


@pytest.mark.parametrize(
    "bounds",
    [
        {"xml_depth": 3},
        {"xml_elements": 20},
        {"xml_attributes": 2},
        {"xml_name_bytes": 10},
        {"references": 1},
        {"signatures": 0},
        {"certificates": 0},
        {"xml_text_chars": 500},
        {"packet_bytes": 1000},
    ],
)
def test_bounds_hold_in_either_way(bounds: dict[str, int]) -> None:
    limits, data = Limits(**bounds), signed()
    found = verify_xml(data, trust=TRUST, evidence=EVIDENCE, at=AT, limits=limits)
    assert plain(found) == plain(thorough(data, limits))


def test_a_value_that_does_not_verify_is_told_by_the_general_way() -> None:
    data = bytearray(signed())
    at = data.index(b"</ds:SignatureValue>") - 20
    data[at] = ord("A") if data[at] != ord("A") else ord("B")
    assert quick(bytes(data)) is None
    (one,) = verify_xml(bytes(data)).signatures
    assert (one.intact, one.sub_indication) == (False, "SIG_CRYPTO_FAILURE")


SIGNED = signed()
OTHER = signed(b'<e:E xmlns:e="urn:e"><e:B Id="body">x</e:B></e:E>', "agency-ec")
_SNIPPETS = (
    *(bytes([octet]) for octet in b" \n\r\t\"'<>=/A\x00\xff"),
    *(b"<!--c-->", b"-->", b"<?p q?>", b"&#13;", b"&amp;", b"<![CDATA[x]]>", b"<e:y></e:y>"),
    *(b' Id="body"', b' x="1"', b' xmlns:ds="urn:x"'),
)


@settings(suppress_health_check=list(HealthCheck), max_examples=300, deadline=None)
@given(st.data())
def test_changed_octets_are_never_read_otherwise(data: st.DataObject) -> None:
    octets = data.draw(st.sampled_from([SIGNED, OTHER]))
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(octets)))
        cut = data.draw(st.sampled_from([0, 0, 0, 1, 2, 40]))
        octets = octets[:at] + data.draw(st.sampled_from(_SNIPPETS)) + octets[at + cut :]
    agree(octets)


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_never_read_otherwise(at: int, bit: int) -> None:
    octets = SIGNED[:at] + bytes([SIGNED[at] ^ 1 << bit]) + SIGNED[at + 1 :]
    agree(octets)


_names = st.sampled_from(["a", "p:a", "q:b", "b", "ds:Object", "x-y"])
_texts = st.sampled_from(["", "x", " ", "ạ", "&lt;", "&#13;", "\r\n", "<![CDATA[&]]>", "]]&gt;", "\t", "<?p?>"])


@st.composite
def _trees(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(_names)
    attributes = "".join(
        draw(st.lists(st.sampled_from([' x="1"', " y='&quot;'", ' p:z="\t"', ' xml:lang="vi"']), unique=True))
    )
    declared = "".join(draw(st.lists(st.sampled_from([' xmlns="urn:n"', ' xmlns:q="urn:q2"']), unique=True)))
    if depth == 0:
        declared = ' xmlns:p="urn:p" xmlns:q="urn:q" xmlns:ds="urn:not-ds"' + declared.replace(' xmlns:q="urn:q2"', "")
    inner = draw(_texts)
    if depth < 2:
        inner += "".join(draw(st.lists(_trees(depth=depth + 1), max_size=3)))
    return f"<{name}{declared}{attributes}>{inner}</{name}>" + (draw(_texts) if depth else "")


@settings(suppress_health_check=list(HealthCheck), max_examples=100, deadline=None)
@given(_trees(), st.sampled_from(["", '<?xml version="1.0"?>\n', "<?p q?>", "\ufeff"]))
def test_documents_of_every_kind_are_read_alike(text: str, prolog: str) -> None:
    assert agree(signed((prolog + text).encode()))


def _written(data: bytes, quickly: bool, **options: Any) -> bytes | tuple[str, str]:
    """The document that either way writes under one name, or what is said of it."""
    made: list[object] = []

    def kept(*arguments: Any) -> Any:
        made.append(sign_plain(*arguments) if quickly else None)
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "sign_plain", kept)
        patch.setattr("secrets.token_hex", lambda size: "0" * 2 * size)
        try:
            octets = signed(data, signed_at=AT, **options)
        except VnEdocError as error:
            return type(error).__name__, str(error)
    assert not quickly or made[0] is not None
    return octets


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("data", [DOCUMENT, b"<a></a>\n", b"\xef\xbb\xbf<a b='1'>x</a >", SIGNED])
def test_both_ways_write_the_same_octets(digest: str, data: bytes) -> None:
    octets = _written(data, quickly=True, digest=digest)
    assert isinstance(octets, bytes)
    assert octets == _written(data, quickly=False, digest=digest)
    assert octets.startswith(data[: data.rindex(b"<")])


@settings(suppress_health_check=list(HealthCheck), max_examples=60, deadline=None)
@given(_trees(), st.sampled_from(["", '<?xml version="1.0"?>\n', "<?p q?>", "\ufeff"]))
def test_documents_of_every_kind_are_signed_alike(text: str, prolog: str) -> None:
    data = (prolog + text).encode()
    assert _written(data, quickly=True) == _written(data, quickly=False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"<!DOCTYPE a><a></a>",
        b'<a Id="1"><b id="1"></b></a>',
        b'<a xmlns="relative"></a>',
        "<a>ạ</a>".encode("utf-16"),
        b'<?xml version="1.1"?><a></a>',
        b"\xff<a></a>",
        b"<a>" * 70 + b"</a>" * 70,
        b"<a/><!-- </a-->",
        b"<a></a><!-- sau -->",
        b"<a></a><?p </a?>",
        b"<a/>",
    ],
)
def test_what_the_quick_way_does_not_sign_is_for_the_general_one(data: bytes) -> None:
    assert sign_plain(data, signer("agency"), SigningOptions(signed_at=AT), Limits()) is None
    said = _written(data, quickly=False)
    assert isinstance(said, tuple) or verify_xml(said).signatures[0].intact


@pytest.mark.parametrize(
    "options",
    [{"roles": ("Văn thư",)}, {"place": ProductionPlace(city="Huế")}, {"commitments": ("origin",)}, {"digest": "sha1"}],
)
def test_what_the_form_has_no_place_for_is_written_in_the_general_way(options: dict[str, Any]) -> None:
    assert sign_plain(DOCUMENT, signer("agency"), SigningOptions(signed_at=AT, **options), Limits()) is None
    assert sign_plain(DOCUMENT, signer("agency-ec"), SigningOptions(signed_at=AT), Limits()) is None


@pytest.mark.parametrize("size", [10, 300_000])
def test_the_digest_of_the_output_is_told_when_asked_for(size: int) -> None:
    out = io.BytesIO()
    told = sign_xml(b"<a>" + b"x" * size + b"</a>", out, signer("agency"))
    assert told.sha256 == hashlib.sha256(out.getvalue()).hexdigest()
    assert told.size == len(out.getvalue())
