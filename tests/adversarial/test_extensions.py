"""What stands in a model without a typed place is written as XML that others can read, or refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree

from vn_edoc import read, write
from vn_edoc.envelope import AttachmentSource, DocumentMessage, Extension
from vn_edoc.errors import UsageError
from vn_edoc.testing import SampleBuilder

_OWN = "urn:example:own"


@pytest.fixture(scope="module")
def message() -> DocumentMessage:
    made = read(SampleBuilder().make("good").packet).message
    assert isinstance(made, DocumentMessage)
    return made


def written(message: DocumentMessage, *extensions: Extension) -> bytes:
    out = io.BytesIO()
    assert message.sender is not None
    changed = message.changed(sender=message.sender.changed(extensions=extensions))
    write(changed, out, (AttachmentSource(b"%PDF-1.4", name="a.pdf"),), strict=False)
    return out.getvalue()


def test_one_attribute_name_twice_is_no_extension() -> None:
    with pytest.raises(UsageError):
        Extension(name="x", attributes=(("a", "1"), ("a", "2")))
    with pytest.raises(UsageError):
        Extension(name="x", attributes=(("a", "1"), ("{}a", "2")))


@pytest.mark.parametrize(
    "extensions",
    [
        [{"name": "@a", "text": "1"}, {"name": "@a", "text": "2"}],
        [{"name": "@a", "text": "1", "namespace": _OWN}, {"name": "@a", "text": "2", "namespace": _OWN}],
        [{"name": "@xmlns", "text": "urn:x"}],
        [{"name": "x", "attributes": (("xmlns", "urn:x"),)}],
        [{"name": "x", "attributes": (("{http://www.w3.org/2000/xmlns/}a", "urn:x"),)}],
        [{"name": "x", "namespace": "http://www.w3.org/XML/1998/namespace"}],
        [{"name": "x²"}],
        [{"name": "÷"}],
        [{"name": "a:b"}],
        [{"name": "x", "children": (Extension(name="y z"),)}],
    ],
)
def test_what_no_xml_can_hold_is_refused(message: DocumentMessage, extensions: list[dict[str, Any]]) -> None:
    with pytest.raises(UsageError):
        written(message, *(Extension(**({"text": "t"} | e)) for e in extensions))


def test_attributes_of_several_namespaces_are_written(message: DocumentMessage) -> None:
    kept = Extension(name="số", text="t", attributes=(("a", "1"), (f"{{{_OWN}}}a", "2"), ("{urn:b}a", "3")))
    root = etree.fromstring(written(message, kept, Extension(name="@a", text="1")))
    (found,) = root.iter("{*}số")
    assert dict(found.attrib) == {"a": "1", f"{{{_OWN}}}a": "2", "{urn:b}a": "3"}


def test_a_packet_s_attribute_in_its_own_namespace_does_not_meet_its_namesake(message: DocumentMessage) -> None:
    packet = written(message).replace(b"<edXML:From>", b'<edXML:From a="1" edXML:a="2">', 1)
    again = read(packet).message
    assert isinstance(again, DocumentMessage)
    with pytest.raises(UsageError):
        write(again, io.BytesIO(), (AttachmentSource(b"%PDF-1.4", name="a.pdf"),), strict=False)
