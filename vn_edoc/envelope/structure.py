"""Where things stand in a packet: kind, dialect, probable producer, and the elements that matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from vn_edoc.envelope.dialects.base import ESB, QCVN, SOAP, XLINK, XMLDSIG
from vn_edoc.xml.parse import local_name, lower_name, namespace_of

__all__ = ["Structure", "child", "children", "guess_producer", "locate"]

_HEADER_PARTS = ("messageheader", "status", "traceheaderlist", "errorlist", "signature", "digitalsignature")
_CONTAINERS = ("attachmentencoded", "edxmlattachments", "attachments")
_OURS_ALONE = ("code", "statuscode", "promulgationinfo", "subject")
_BESIDE = frozenset({"edxmlbody", "edxmlheader", "edxmlmanifest", "manifest", "attachment", *_CONTAINERS})
"""What may stand beside the header's parts where a packet has no element around them."""


@dataclass(slots=True, eq=False, repr=False)
class Structure:
    """What was found, by its place."""

    kind: str
    dialect: str
    root: etree._Element
    header: etree._Element | None = None
    """``edXMLHeader`` or the SOAP header."""
    message: etree._Element | None = None
    """``MessageHeader`` or ``Status``."""
    trace: etree._Element | None = None
    """``TraceHeaderList``."""
    errors: etree._Element | None = None
    """The element that holds an ``ErrorList``, for an error report."""
    body: etree._Element | None = None
    manifest: etree._Element | None = None
    signatures: list[etree._Element] = field(default_factory=list)
    """``Signature`` and ``DigitalSignature`` elements in the header."""
    attachments: list[etree._Element] = field(default_factory=list)
    """Elements of one attachment each."""
    envelope: etree._Element | None = None
    """``edXMLEnvelope``; ``None`` where it was left out, and in other dialects."""
    unknown: list[tuple[str, etree._Element]] = field(default_factory=list)
    """Elements in the structure that edXML does not know, with their paths."""
    doubled: list[tuple[str, etree._Element]] = field(default_factory=list)
    """Structural elements that stand more than once, with their paths: the first one counts."""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Children with one of these lower-case local names."""
    for found in element:
        if lower_name(found.tag) in names:
            yield found


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first such child."""
    if element is not None:
        for found in element:
            if lower_name(found.tag) in names:
                return found
    return None


def locate(root: etree._Element) -> Structure | None:
    """Find the structure; ``None`` when the root is of no known dialect."""
    name = lower_name(root.tag)
    if name in ("edxml", "edxmlenvelope"):
        return _qcvn(root)
    if name == "envelope":
        return _soap(root)
    if name in ("report", "sendmessageresult"):
        holder = root if name == "report" else child(root, "report")
        holder = root if holder is None else holder
        if namespace_of(root.tag) != ESB and child(holder, "errorlist", "issuccess") is None:
            return None
        return Structure("error_report", "bkav", root, errors=holder)
    if name == "edxmldocument":
        return _attachment_file(root, "soap-2803", "edxmlattachment", "attachment")
    if name in ("document", "alldocument"):
        found = _attachment_file(root, "soap-512", "attachment")
        # The name is a common one: it takes an attachment or the namespace to be ours.
        return found if found.attachments or namespace_of(root.tag) == ESB else None
    return None


def _named(holder: etree._Element) -> list[tuple[str, etree._Element]]:
    """Children with their lower-case local names: lxml makes both anew each time they are asked for."""
    return [(lower_name(element.tag), element) for element in holder]


def _qcvn(root: etree._Element) -> Structure | None:
    outer = _named(root)
    envelope = root
    if lower_name(root.tag) != "edxmlenvelope":
        # A hand-made packet may have left the envelope out.
        envelope = next((e for name, e in outer if name == "edxmlenvelope"), root)
    found = Structure("document", "vxp", root)
    if envelope is not root or lower_name(root.tag) == "edxmlenvelope":
        found.envelope = envelope
    holders = [(root, outer)] if envelope is root else [(envelope, _named(envelope)), (root, outer)]
    for holder, inner in holders:
        path = local_name(holder.tag)
        for name, element in inner:
            if name == "edxmlheader":
                found.header = _first(found, found.header, element, path)
            elif name == "edxmlbody":
                found.body = _first(found, found.body, element, path)
            elif name in _CONTAINERS:
                _contain(found, element)
            elif name == "attachment":
                found.attachments.append(element)
            elif name and name != "edxmlenvelope" and name not in _HEADER_PARTS:
                found.unknown.append((f"{path}/{local_name(element.tag)}", element))
            elif name == "edxmlenvelope" and element is not envelope:
                found.doubled.append((f"{path}/{local_name(element.tag)}", element))
    if found.header is None and any(name in _HEADER_PARTS for name, _ in holders[0][1]):
        found.header = envelope
    for holder, inner in holders:
        if holder is not found.header:
            # What belongs into the header counts only there.
            found.unknown += [(_path(holder, e), e) for name, e in inner if name in _HEADER_PARTS]
    _header(found)
    if found.message is not None and lower_name(found.message.tag) == "status":
        found.dialect = "bkav"
    if found.body is not None:
        _body(found, ("edxmlmanifest", "manifest"), _CONTAINERS)
    if (
        found.dialect == "vxp"
        and found.manifest is None
        and not found.attachments
        and child(found.body, "content") is not None
    ):
        found.dialect = "inline"  # hand-made gateways alone write a text there
    if found.message is None and found.trace is None and not found.attachments and found.manifest is None:
        known = namespace_of(root.tag) in (QCVN, ESB, "")
        if not known:
            return None
        found.dialect = "unknown"
    return found


def _contain(found: Structure, holder: etree._Element) -> None:
    """Take the attachments of a container; how they hold their content tells the inline dialect."""
    items = []
    for name, element in _named(holder):
        if name in ("attachment", "edxmlattachment"):
            items.append(element)
        elif name:
            found.unknown.append((_path(holder, element), element))
    found.attachments.extend(items)
    if lower_name(holder.tag) == "edxmlattachments" or any(child(i, "attachmentdata") is not None for i in items):
        found.dialect = "inline"


def _body(found: Structure, manifests: tuple[str, ...], containers: tuple[str, ...]) -> None:
    """Manifest and attachments of the body."""
    assert found.body is not None
    for element in found.body:
        name = lower_name(element.tag)
        if name in manifests:
            found.manifest = _first(found, found.manifest, element, local_name(found.body.tag))
        elif name in containers:
            _contain(found, element)
        elif name == "edxmldocument":
            _collect(element, found, ("edxmlattachment", "attachment"), 0)
        elif name and name != "content" and not (name in _HEADER_PARTS and found.header is found.body):
            found.unknown.append((_path(found.body, element), element))


def _path(holder: etree._Element, element: etree._Element) -> str:
    return f"{local_name(holder.tag)}/{local_name(element.tag)}"


def _first(found: Structure, known: etree._Element | None, element: etree._Element, path: str) -> etree._Element:
    if known is None:
        return element
    found.doubled.append((f"{path}/{local_name(element.tag)}", element))
    return known


def _header(found: Structure) -> None:
    if found.header is None:
        return
    for element in found.header:
        name = lower_name(element.tag)
        path = f"{local_name(found.header.tag)}/{local_name(element.tag)}"
        if name in ("messageheader", "status"):
            known = found.message
            found.message = _first(found, known, element, path)
            if known is not None and child(known, "statuscode") is None and child(element, "statuscode") is not None:
                found.message = element  # a status code tells the kind, wherever it stands
        elif name == "traceheaderlist":
            found.trace = _first(found, found.trace, element, path)
        elif name in ("signature", "digitalsignature"):
            found.signatures.append(element)
        elif name == "errorlist":
            if len(element):
                found.errors = found.header
        elif name and name not in _BESIDE and found.header is not found.root:
            found.unknown.append((path, element))
    message = found.message
    if message is not None and (lower_name(message.tag) == "status" or child(message, "statuscode") is not None):
        found.kind = "status"
    elif found.message is None and found.errors is not None:
        found.kind = "error_report"


def _soap(root: etree._Element) -> Structure | None:
    header, body = child(root, "header"), child(root, "body")
    if header is None and body is None:
        return None
    found = Structure("document", "soap-2803", root, header=header, body=body)
    _header(found)
    if found.message is None and child(body, "status", "messageheader") is not None:
        # Some write the status into the body.
        found.header = body
        _header(found)
    if found.message is not None and not _is_ours(found.message):
        return None
    if body is not None:
        _body(found, ("manifest", "edxmlmanifest"), ("attachmentencoded", "attach"))
    if found.message is None and found.trace is None and found.errors is None and found.manifest is None:
        report = child(body, "report", "sendmessageresult", "senddocumentresponse")
        inner = child(report, "report")
        report = report if inner is None else inner
        if report is not None and (
            namespace_of(report.tag) == ESB or child(report, "errorlist", "issuccess", "success") is not None
        ):
            return Structure("error_report", "bkav", root, errors=report)
        if namespace_of(root.tag) != SOAP or not _speaks_edoc(root):
            return None
        found.dialect = "unknown"
        return found
    if _is_512(found):
        found.dialect = "soap-512"
    return found


def _is_ours(message: etree._Element) -> bool:
    """Whether a ``MessageHeader`` is edXML's: ebXML has one too. A wrong namespace is forgiven where it tells of a
    document."""
    if namespace_of(message.tag) in (ESB, QCVN, ""):
        return True
    return child(message, "from", "responsefor") is not None and child(message, *_OURS_ALONE) is not None


def _speaks_edoc(root: etree._Element) -> bool:
    return any(namespace_of(e.tag) in (ESB, QCVN) for e in root.iter(etree.Element))


def _is_512(found: Structure) -> bool:
    """What stands in another element in each of the two dialects decides; only then what 512 alone has, which a packet
    that was converted from it still carries."""
    message = found.message
    if message is not None:
        issued = child(message, "promulgationinfo")
        if child(message, "author", "type") is not None or child(issued, "date") is not None:
            return True
        if child(message, "signerinfo", "documenttype") is not None or child(issued, "promulgationdate") is not None:
            return False
        names = {lower_name(a) for a in message.attrib}
        if names & {"originalbodyrequested", "immediateresponserequired"}:
            return True
        if child(child(message, "otherinfo"), "secret") is not None:
            return True
    if found.trace is not None and child(child(found.trace, "traceheader"), "sender", "receiver") is not None:
        return True
    if found.message is None and found.errors is not None:
        errors = child(found.errors, "errorlist")
        return errors is not None and any(lower_name(a) == "highestseverity" for a in errors.attrib)
    return False


def _attachment_file(root: etree._Element, dialect: str, *names: str) -> Structure:
    found = Structure("attachments", dialect, root)
    _collect(root, found, names, 0)
    return found


def _collect(element: etree._Element, found: Structure, names: tuple[str, ...], depth: int) -> None:
    for inner in element:
        name = lower_name(inner.tag)
        if name in names:
            found.attachments.append(inner)
        elif name in ("document", "attach", "edxmldocument", "attachments") and depth < 4:
            _collect(inner, found, names, depth + 1)
        elif name:
            found.unknown.append((f"{local_name(element.tag)}/{local_name(inner.tag)}", inner))


def guess_producer(found: Structure) -> str | None:
    """Who probably wrote it, from what each known writer alone does; ``None`` where nothing tells."""
    if found.dialect == "bkav":
        return "hub"
    if found.dialect != "vxp" or found.message is None:
        return None
    if _from_hub(found):
        return "hub"
    if _from_dotnet(found):
        return "dotnet-sdk"
    return _by_order(found)


def _from_hub(found: Structure) -> bool:
    traces = list(children(found.trace, "traceheader")) if found.trace is not None else []
    for number, trace in enumerate(traces):
        organ = child(trace, "organid")
        text = (organ.text or "").strip() if organ is not None else ""
        if number > 0 and (not text or text.endswith(".W00")):
            return True
    assert found.message is not None
    for receiver in children(found.message, "to"):
        marker = child(receiver, "organizationincharge")
        if marker is not None and "TLTVBQG_CDMDD_QD20" in (marker.text or ""):
            return True
    return False


def _from_dotnet(found: Structure) -> bool:
    prefixes = set(found.root.nsmap.values())
    signs = 0
    signs += "http://www.w3.org/2001/XMLSchema" in prefixes
    signs += any(local_name(s.tag) == "DigitalSignature" for s in found.signatures)
    signs += found.trace is not None and "mustUnderstand" in found.trace.attrib
    reference = child(found.manifest, "reference")
    signs += reference is not None and any(namespace_of(a) == XLINK for a in reference.attrib)
    for attachment in found.attachments[:1]:
        first = next((lower_name(e.tag) for e in attachment if isinstance(e.tag, str)), "")
        signs += first == "contenttype"
    return signs >= 2


def _by_order(found: Structure) -> str | None:
    assert found.message is not None
    names = [local_name(e.tag) for e in found.message if isinstance(e.tag, str)]
    if found.kind == "status":
        answered = child(found.message, "responsefor")
        inner = [local_name(e.tag) for e in answered] if answered is not None else []
        if "DocumentId" in inner and "PromulgationDate" in inner:
            return "java-sdk" if inner.index("DocumentId") < inner.index("PromulgationDate") else "spec"
        return None
    if "DocumentId" in names and "Code" in names:
        if names.index("DocumentId") < names.index("Code"):
            return "java-sdk"
        if any(namespace_of(s.tag) == XMLDSIG for s in found.signatures) or names[-1] == "DocumentId":
            return "spec"
    return None
