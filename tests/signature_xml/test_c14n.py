"""Canonicalisation against the W3C and Santuario octets, libxml2's command line tool, and a second implementation."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.signature_xml.reference_c14n import reference
from vn_edoc.xml.c14n import Canonicalization, canonical, canonical_pieces, join_base

IETF = {"ietf": "http://www.ietf.org"}


def c14n11(shared: Path) -> Path:
    return shared / "vectors/santuario/org/w3c/www/interop/c14n11"


def test_dot_segments(shared: Path) -> None:
    folder = c14n11(shared) / "appendixa"
    inputs = (folder / "inputs.txt").read_text().split("\n")
    outputs = (folder / "outputs.txt").read_text().split("\n")
    assert len(inputs) == len(outputs) == 65
    for given_path, expected in zip(inputs, outputs, strict=True):
        # The same algorithm runs inside of a join; an authority keeps the path as it is.
        if given_path.startswith("//"):
            continue
        if given_path.startswith("/"):
            assert join_base("s:", given_path) == "s:" + expected
        elif given_path:
            assert join_base("", given_path) == expected


SUBTREES = [
    # file, subtrees whose octets stand one after the other, part left out, expected octets
    *(
        ("xmlbase-prop", [name], None, f"xmlbase-prop-{n}")
        for n, name in enumerate(["e1", "e11", "e111", "e21", "e3"], 2)
    ),
    ("xmlbase-prop", ["c14n11XmlBaseDoc1"], "e2", "xmlbase-prop-1"),
    ("xmlid", ["e1"], None, "xmlid-1"),
    ("xmlid", ["e11", "e12"], None, "xmlid-2"),
    *(("xmllang", names, None, f"xmllang-{n}") for n, names in enumerate([["e1"], ["e2"], ["e11"], ["e11", "e12"]], 1)),
    *(
        ("xmlspace", names, None, f"xmlspace-{n}")
        for n, names in enumerate([["e1"], ["e2"], ["e11"], ["e11", "e12"]], 1)
    ),
]


@pytest.mark.parametrize(("file", "names", "without", "expected"), SUBTREES, ids=[row[3] for row in SUBTREES])
def test_w3c_c14n11_subtrees(shared: Path, file: str, names: list[str], without: str | None, expected: str) -> None:
    folder = c14n11(shared)
    root = etree.parse(str(folder / f"{file}-input.xml")).getroot()

    def one(name: str) -> etree._Element:
        return root.xpath(f"//ietf:{name}", namespaces=IETF)[0]

    left_out = one(without) if without else None
    found = b"".join(canonical(one(name), Canonicalization.INCLUSIVE_11, without=left_out) for name in names)
    assert found == (folder / f"{expected}.output").read_bytes()


def test_two_parts_left_out(shared: Path) -> None:
    folder = c14n11(shared)
    text = (folder / "xmlbase-prop-input.xml").read_text()
    root = etree.fromstring(re.sub(r"<ietf:e1 .*?</ietf:e1>", "", text, flags=re.S).encode())
    found = canonical(root, Canonicalization.INCLUSIVE_11, without=root.find("ietf:e2", IETF))
    assert found == (folder / "xmlbase-prop-7.output").read_bytes()


def references_with_octets(folder: Path) -> list[tuple[etree._Element, list[str], bytes]]:
    """References by Id or XPointer of a signature, their transforms, and the octets that go with them."""
    file = next(p for p in (folder / "signature.xml", folder / "exc-signature.xml") if p.exists())
    root = etree.parse(str(file)).getroot()
    out = []
    for number, reference_element in enumerate(root.iter("{*}Reference")):
        steps = [t.get("Algorithm") for t in reference_element.iter("{*}Transform")]
        prefixes = [e.get("PrefixList") for e in reference_element.iter("{*}InclusiveNamespaces")]
        uri = reference_element.get("URI")
        match = re.fullmatch(r"#xpointer\(id\('(.*)'\)\)", uri)
        if match is None or any("xpath" in s.lower() for s in steps):
            continue
        target = root.xpath("//*[@Id=$i]", i=match[1])[0]
        out.append((target, [*steps, *prefixes], (folder / f"c14n-{number}.txt").read_bytes()))
    return out


def test_exclusive_interop_octets(shared: Path) -> None:
    rows = references_with_octets(shared / "vectors/santuario/interop/c14n/Y1")
    assert len(rows) == 4
    for target, (algorithm, *prefixes), expected in rows:
        listed = prefixes[0].split() if prefixes else ()
        assert canonical(target, Canonicalization(algorithm), prefixes=listed) == expected


@pytest.mark.parametrize(
    "folder", ["santuario/interop/c14n/Y5", "santuario/interop/c14n/Y4", "xmlsec/merlin-c14n-three"]
)
def test_subtree_octets_of_the_namespace_suite(shared: Path, folder: str) -> None:
    """The references of these suites that are whole subtrees (``ancestor-or-self::bar:Something``)."""
    base = shared / "vectors" / folder
    root = etree.parse(str(base / "signature.xml")).getroot()
    target = root.find("{http://example.org/bar}Something")
    seen = 0
    for number, element in enumerate(root.iter("{*}Reference")):
        expression = " ".join("".join(x.itertext()) for x in element.iter("{*}XPath")).split()
        if expression != ["ancestor-or-self::bar:Something"]:
            continue
        steps = [t.get("Algorithm") for t in element.iter("{*}Transform")][1:]
        prefixes = [e.get("PrefixList") for e in element.iter("{*}InclusiveNamespaces")]
        method = Canonicalization(steps[0]) if steps else Canonicalization.INCLUSIVE
        found = canonical(target, method, prefixes=prefixes[0].split() if prefixes else ())
        assert found == (base / f"c14n-{number}.txt").read_bytes()
        seen += 1
    assert seen >= 3


PROLOG = (
    b'<?xml version="1.0"?>\n\n<?xml-stylesheet   href="doc.xsl"\n   type="text/xsl"   ?>\n\n'
    b"<doc>Hello, world!<!-- Comment 1 --></doc>\n\n<?pi-without-data     ?>\n\n"
    b"<!-- Comment 2 -->\n\n<!-- Comment 3 -->"
)
NAMESPACES = (
    b'<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = "elem3"   id="elem3"   />\n'
    b'   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I\'m"\n'
    b'      xmlns:b="http://www.ietf.org"\n      xmlns:a="http://www.w3.org"\n      xmlns="http://example.org"/>\n'
    b'   <e6 xmlns="" xmlns:a="http://www.w3.org">\n      <e7 xmlns="http://www.ietf.org">\n'
    b'         <e8 xmlns="" xmlns:a="http://www.w3.org">\n            <e9 xmlns="" xmlns:a="http://www.ietf.org"/>\n'
    b"         </e8>\n      </e7>\n   </e6>\n</doc>"
)
REFERENCES = (
    b"<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n"
    b'   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>\n'
    b"   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>"
)
SPEC_EXAMPLES = [PROLOG, NAMESPACES, REFERENCES]


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
@pytest.mark.parametrize(
    ("option", "method"),
    [("--c14n", Canonicalization.INCLUSIVE_COMMENTS), ("--exc-c14n", Canonicalization.EXCLUSIVE_COMMENTS)],
)
def test_documents_as_xmllint(tmp_path: Path, option: str, method: Canonicalization) -> None:
    for example in SPEC_EXAMPLES:
        file = tmp_path / "in.xml"
        file.write_bytes(example)
        judge = subprocess.run(["xmllint", option, str(file)], capture_output=True, check=True).stdout
        assert canonical(etree.fromstring(example), method, document=True) == judge.removesuffix(b"\n")


# Trees that make namespaces, xml: attributes, comments and instructions meet.

NAMES = st.sampled_from(["a", "p:b", "q:c", "d"])
DECLARATIONS = st.dictionaries(
    st.sampled_from(["", "p", "q", "r"]), st.sampled_from(["urn:1", "urn:2", "urn:3"]), max_size=3
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["x", "p:x", "q:y", "xml:lang", "xml:space", "xml:base", "xml:id"]),
    st.sampled_from(["v", 'a&b<"\t\n\r', "../x/", "http://h/y", "default"]),
    max_size=3,
)
TEXT = st.sampled_from(["", "t", "a&b<c>]]>", "x\r\ny", "\u1ec7", "  "])


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(NAMES)
    declared = draw(DECLARATIONS)
    if depth == 0:
        declared = {"p": "urn:1", "q": "urn:2"} | declared
    shown = "".join(f' xmlns{":" + k if k else ""}="{v}"' for k, v in declared.items())
    if not declared.get("") and draw(st.booleans()) and depth:
        shown += ' xmlns=""'
        shown = shown if shown.count('xmlns="') == 1 else shown.replace(' xmlns=""', "")
    escape = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
    attributes = draw(ATTRIBUTES)
    same = {"p": declared.get("p", "urn:1"), "q": declared.get("q", "urn:2")}
    if {"p:x"} <= set(attributes) and same["p"] == same["q"]:
        attributes.pop("p:x")
    shown += "".join(f' {k}="{v.translate(escape)}"' for k, v in attributes.items() if k != "xml:id")
    inner = draw(TEXT).replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    if depth < 3:
        for child in draw(st.lists(st.deferred(lambda: trees(depth + 1)), max_size=3)):
            inner += child + draw(st.sampled_from(["", "tail", "<!-- c -->", "<?pi data?>"]))
    return f"<{name}{shown}>{inner}</{name}>"


@settings(max_examples=200, deadline=None)
@given(
    trees(),
    st.sampled_from(
        [
            Canonicalization.INCLUSIVE,
            Canonicalization.INCLUSIVE_COMMENTS,
            Canonicalization.EXCLUSIVE,
            Canonicalization.EXCLUSIVE_COMMENTS,
        ]
    ),
    st.data(),
)
def test_every_subtree_as_the_second_implementation(text: str, method: Canonicalization, data: st.DataObject) -> None:
    root = etree.fromstring(text)
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    node = data.draw(st.sampled_from(elements))
    prefixes = data.draw(st.sampled_from([(), ("p",), ("#default", "r")])) if method.exclusive else ()
    inner = [e for e in node.iter() if isinstance(e.tag, str) and e is not node]
    without = data.draw(st.sampled_from([None, *inner]))
    before = etree.tostring(root)
    assert canonical(node, method, prefixes=prefixes, without=without) == reference(node, method, prefixes, without)
    assert etree.tostring(root) == before


def test_the_pieces_are_the_whole() -> None:
    root = etree.fromstring("<r xmlns='urn:r'>a<s>b</s>c</r>")
    assert b"".join(canonical_pieces(root, Canonicalization.EXCLUSIVE, without=root[0])) == b'<r xmlns="urn:r">ac</r>'
    with pytest.raises(ValueError):
        canonical(root, Canonicalization.EXCLUSIVE, without=root)


@pytest.mark.parametrize("method", list(Canonicalization))
@pytest.mark.parametrize("comments", [None, False, True])
def test_the_pieces_of_a_document_are_the_whole(method: Canonicalization, comments: bool | None) -> None:
    root = etree.fromstring("<?p q?><!--a--><r xmlns='urn:r' b='1'><s xml:lang='vi'><!--c-->b</s></r><?s?><!--d-->")
    for node in (root, root[0]):
        pieces = canonical_pieces(node, method, document=True, comments=comments)
        assert canonical(node, method, document=True, comments=comments) == b"".join(pieces)


def test_relative_namespaces_have_no_canonical_form() -> None:
    root = etree.fromstring('<r><s xmlns:x="relative" x:a="1"/></r>')
    for method in Canonicalization:
        with pytest.raises(ValueError):
            canonical(root[0], method)


def test_inherited_default_namespace_of_a_deep_subtree() -> None:
    """What lxml hands to libxml2 loses it two levels down."""
    root = etree.fromstring('<a xmlns="urn:a"><b><c><d/></c></b></a>')
    assert canonical(root[0], Canonicalization.INCLUSIVE) == b'<b xmlns="urn:a"><c><d></d></c></b>'
