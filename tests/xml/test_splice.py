"""Markup put into documents that stay what they were."""

from __future__ import annotations

import pytest
from lxml import etree

from vn_edoc.errors import NotConforming
from vn_edoc.xml.ranges import Skeleton
from vn_edoc.xml.splice import Insertion, spliced


@pytest.mark.parametrize(
    "data",
    [
        "<r><a/></r>",
        "<r><a /></r>",
        "<r><a></a></r>",
        "<r><a/><b/></r>",
        "<r><b><a/></b></r>",
        "<r><a x='/>' y=\"'/>\"/></r>",
        "<r><a x='/>'>t<c/></a></r>",
        "<r><b x='>'/><a/>t</r>",
        "\ufeff<r><!-- <a> --><a/><![CDATA[<a/>]]></r>",
        "<r>ế<p:a xmlns:p='urn:p'/></r><!-- </r> -->",
        "<a/>",
        "<a></a>",
        "<a/><?x </a>?>",
    ],
)
def test_markup_becomes_the_last_child(data: str) -> None:
    octets = data.encode()
    root = etree.fromstring(octets)
    place = next(root.iter("{*}a"))
    before = etree.tostring(root, method="c14n")
    made = b"".join(spliced(Skeleton(octets, "\0"), root, [Insertion(place, "<n>ế</n>")]))
    after = etree.fromstring(made)
    new = next(after.iter("n"))
    assert etree.QName(new.getparent()).localname == "a" and new.getnext() is None and new.text == "ế"
    new.getparent().remove(new)
    assert etree.tostring(after, method="c14n") == before


def test_names_of_later_editions_are_refused() -> None:
    octets = "<r><\U00010000/><a/></r>".encode()
    root = etree.fromstring(octets)
    with pytest.raises(NotConforming):
        list(spliced(Skeleton(octets, "\0"), root, [Insertion(root[1], "<n/>")]))
